"""Which headings of a text are headlines, which stand over several articles, and which belong to the article above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from embeddings.dates.patterns import FULL_DAYS, readable
from embeddings.formats.blocks import Block
from embeddings.formats.particulars import Particulars, find_day, is_paper_name, read_particulars
from embeddings.text.letters import letters_and_digits, simplified_in_place

_NUMERALS = "一二三四五六七八九十"
# What cuts one article: 摘要, 正文. Such a heading is no line of print.
_PARTS = re.compile(
    r"(?:内容|新闻|文章)?(?:摘要|提要|概要|简介)|导语|导读|编者按|(?:文章|新闻|详细|原始|HTML|html|完整)*(?:正文|全文|原文|内容|详情)|AI\s*摘要|summary|abstract|content|full\s*text",
    re.IGNORECASE,
)
_BRIEF = re.compile(r"摘要|提要|概要|简介|导语|导读|summary|abstract", re.IGNORECASE)
_NUMBERED_PART = re.compile(rf"(?:[（(]?[{_NUMERALS}]{{1,3}}[）)、.．:：]|第[{_NUMERALS}]{{1,3}}[章节、，]|其[{_NUMERALS}])")
_NUMBER = re.compile(r"(?P<number>\d{1,4})\s*[.、．)）]\s*(?=[^\d\s])")
# What a heading over several articles ends with: 本县新闻, 一周要闻.
_COLLECTION = re.compile(
    r"(?:新闻|要闻|快讯|汇总|简报|速览|日志|归档|存档|文摘|目录|头条|报道|合集|动态|综合|早报|晚报|日报|资讯|News|Digest)$"
)
_SUBTITLE = re.compile(r"^(?:—{1,2}|-{2}|──)")
_SENTENCE_MARK = re.compile(r"[。！？!?；;]")
_LINE = 40  # a line of more characters than this is text, whatever its punctuation
_COLUMN = 8  # a heading over others is a column's name up to so many characters
_EDGES = " \t\u3000【】[]《》:：·-—–|"


class Role(Enum):
    """What a heading is."""

    HEADLINE = auto()
    GROUP = auto()
    """It stands over articles: a day, a paper, a page, a column."""
    WITHIN = auto()
    """It belongs to the article above it."""


@dataclass(slots=True)
class Draft:
    """An article in the making."""

    title: str | None
    line: int
    blocks: list[Block] = field(default_factory=list)
    around: Particulars = field(default_factory=Particulars)
    """What headings and lines over it tell of it and of its neighbours."""
    group_day: date | None = None
    """The day that a heading over it names."""
    kickers: list[str] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    briefs: list[str] = field(default_factory=list)
    """Its summary, where a heading says that it is one."""


@dataclass(slots=True)
class _Heading:
    block: Block
    text: str
    told: Particulars
    """The day, paper and page that it names."""
    own: list[Block]
    """What stands between it and the next heading."""
    parent: _Heading | None
    children: list[_Heading] = field(default_factory=list)
    role: Role = Role.HEADLINE

    @property
    def part(self) -> bool:
        """Say whether it can only be a part of an article."""
        plain = simplified_in_place(self.text)
        return _PARTS.fullmatch(plain.strip(_EDGES)) is not None or self.counted

    @property
    def counted(self) -> bool:
        """Say whether it begins with 一、 or （二）."""
        return _NUMBERED_PART.match(self.text) is not None


def outline(blocks: Sequence[Block], title: str | None = None) -> list[Draft]:
    """Return the articles of a text in order; `title` is that of the whole text, of which headings can only be parts."""
    opening, headings = _headings(blocks)
    numbered = _are_numbered(headings)
    roots = [heading for heading in headings if heading.parent is None]
    for heading in headings:
        heading.role = _role(heading, heading.parent.children if heading.parent else roots, title)
        if numbered and heading.role is not Role.WITHIN:
            heading.text = _NUMBER.sub("", heading.text, count=1) if _NUMBER.match(heading.text) else heading.text
    return _Outliner(title).drafts(opening, headings)


def is_text(block: Block) -> bool:
    """Say whether a block holds running text."""
    return any(
        (len(line) > _LINE or _SENTENCE_MARK.search(line)) and read_particulars(line) is None for line in block.text.split("\n")
    )


def heading_particulars(text: str) -> Particulars:
    """Return the day, paper and page of a heading that names nothing else but them, or that a collection of a day bears."""
    inner = text.strip(_EDGES)
    line = read_particulars(inner)
    if line is not None and not line.title:
        return line
    plain = readable(inner)
    for pattern in FULL_DAYS:
        match = pattern.search(plain)
        if match and find_day(match[0]):
            rest = (inner[: match.start()] + " " + inner[match.end() :]).strip(_EDGES + "（）()，,")
            name = rest.strip(_EDGES)
            if not name or is_paper_name(name) or _COLLECTION.search(name) or len(letters_and_digits(name)) <= 2:
                named = is_paper_name(name) and len(name) <= 16
                return Particulars(day=find_day(match[0]), paper=name.strip("《》") if named else None)
            return Particulars()
    return Particulars(paper=inner.strip("《》")) if is_paper_name(inner) and len(inner) <= 12 else Particulars()


def _headings(blocks: Sequence[Block]) -> tuple[list[Block], list[_Heading]]:
    """Part what stands above the first heading from the headings, each with its parent and what stands below it."""
    opening: list[Block] = []
    headings: list[_Heading] = []
    above: list[_Heading] = []
    for block in blocks:
        if not block.level:
            (headings[-1].own if headings else opening).append(block)
            continue
        while above and above[-1].block.level >= block.level:
            above.pop()
        heading = _Heading(
            block, " ".join(block.text.split()), heading_particulars(block.text), [], above[-1] if above else None
        )
        if heading.parent is not None:
            heading.parent.children.append(heading)
        headings.append(heading)
        above.append(heading)
    return opening, headings


def _are_numbered(headings: Sequence[_Heading]) -> bool:
    """Say whether headlines are counted 1. 2. 3., so that the numbers are not theirs."""
    numbers = [int(match["number"]) for heading in headings if (match := _NUMBER.match(heading.text))]
    return bool(numbers) and numbers[0] == 1 and (len(numbers) > 1 or len(headings) < 3)


def _role(heading: _Heading, beside: Sequence[_Heading], title: str | None) -> Role:
    if heading.parent is not None and heading.parent.role is not Role.GROUP:
        return Role.WITHIN
    if heading.told:
        return Role.GROUP
    if title is not None and not (heading.own and _tells(heading)):
        return Role.WITHIN
    # 一、 counts the articles of a day where it stands before each of them.
    if heading.part and not (heading.counted and all(other.counted for other in beside)):
        return Role.WITHIN
    children = [child for child in heading.children if not child.part]
    if not children:
        return Role.HEADLINE
    if any(_tells(child) for child in children):
        return Role.GROUP
    if any(is_text(block) for block in heading.own):
        return Role.HEADLINE
    if len(heading.children) > len(children):  # one of its parts is 摘要 or 一、
        return Role.HEADLINE
    counted = len(children) > 1 and all(_NUMBER.match(child.text) for child in children)
    short = len(letters_and_digits(heading.text)) <= _COLUMN
    return Role.GROUP if counted or short or _COLLECTION.search(heading.text) or len(children) > _MANY else Role.HEADLINE


_MANY = 6  # headings within one article


def _tells(heading: _Heading) -> bool:
    """Say whether a line right below a heading tells of an article."""
    lines = [line for block in heading.own[:2] for line in block.text.split("\n")][:4]
    return any((told := read_particulars(line)) is not None and told for line in lines)


class _Outliner:
    """Walks through the headings of a text and gathers its articles."""

    def __init__(self, title: str | None) -> None:
        self._title = title
        self._done: list[Draft] = []
        self._current: Draft | None = None
        self._around: list[tuple[int, Particulars]] = []
        self._lines = Particulars()
        """What lines between articles tell of those below."""
        self._waiting: list[str] = []
        self._dated = False

    def drafts(self, opening: Sequence[Block], headings: Sequence[_Heading]) -> list[Draft]:
        rest = self._opening(opening)
        if self._title is not None:
            self._current = Draft(self._title, rest[0].line if rest else 1, around=self._lines)
            self._done.append(self._current)
            self._current.blocks += rest
        elif any(is_text(block) for block in rest) or (rest and not headings):
            self._current = Draft(None, rest[0].line, around=self._lines)
            self._done.append(self._current)
            self._take(rest)
        for heading in headings:
            if heading.role is Role.WITHIN and self._current is not None:
                self._part(heading)
            elif heading.role is Role.GROUP:
                self._group(heading)
            else:
                self._article(heading)
        return self._done

    def _opening(self, blocks: Sequence[Block]) -> list[Block]:
        """Read the lines above everything that tell of all, and return the rest."""
        rest = list(blocks)
        while rest:
            lines = rest[0].text.split("\n")
            kept = 0
            for line in lines:
                told = read_particulars(line) or (
                    Particulars(paper=line.strip("《》")) if is_paper_name(line) and len(line) <= 12 else None
                )
                if told is None or told.title or told.text:
                    break
                self._lines = self._lines.over(told)
                self._dated = self._dated or told.day is not None
                kept += 1
            if kept < len(lines):
                rest[0] = Block(0, "\n".join(lines[kept:]), rest[0].line + kept, rest[0].ruled)
                break
            rest.pop(0)
        return rest

    def _group(self, heading: _Heading) -> None:
        level = heading.block.level
        self._around = [pair for pair in self._around if pair[0] < level]
        told = heading.told
        if not told:
            told = Particulars(column=heading.text) if len(heading.children) > 1 else told
            if len(heading.children) <= 1:
                self._waiting.append(heading.text)
        if told.day or told.page:
            self._lines = Particulars(paper=self._lines.paper)
        self._around.append((level, told))
        self._current = None
        texts = [block for block in heading.own if is_text(block)]
        if texts:
            self._start(Draft(heading.text, heading.block.line), heading.own)
            return
        for block in heading.own:
            for line in block.text.split("\n"):
                if (found := read_particulars(line)) is not None and not found.title:
                    self._around[-1] = level, self._around[-1][1].over(found)

    def _article(self, heading: _Heading) -> None:
        self._around = [pair for pair in self._around if pair[0] < heading.block.level]
        parts = [child for child in heading.children if child.role is Role.WITHIN]
        if not heading.own and not any(child.own for child in parts):
            if _SUBTITLE.match(heading.text) and self._current is not None and not self._current.blocks:
                self._current.subtitles.append(heading.text)
            else:
                self._waiting.append(heading.text)
            return
        title, subtitles = heading.text, []
        if _SUBTITLE.match(title) and self._waiting:
            title, subtitles = self._waiting.pop(), [title]
        self._start(Draft(title, heading.block.line, kickers=self._waiting, subtitles=subtitles), heading.own)
        self._waiting = []

    def _start(self, draft: Draft, blocks: Sequence[Block]) -> None:
        around = Particulars()
        for _, told in self._around:
            around = told.over(around)
        draft.around = self._lines.over(around)
        draft.group_day = around.day
        self._current = draft
        self._done.append(draft)
        self._take(blocks)

    def _take(self, blocks: Sequence[Block]) -> None:
        """Give blocks to the current article, but for a line behind its text that tells of what stands below."""
        assert self._current is not None
        seen = False
        for block in blocks:
            told = read_particulars(block.text) if seen and "\n" not in block.text else None
            if (
                told is not None
                and (told.page or (told.day and (told.paper or self._dated or block.ruled)))
                and not told.byline
            ):
                self._lines = told.over(self._lines) if told.day is None else told
                continue
            seen = seen or is_text(block)
            self._current.blocks.append(block)

    def _part(self, heading: _Heading) -> None:
        draft = self._current
        assert draft is not None
        plain = simplified_in_place(heading.text).strip(_EDGES)
        if _PARTS.fullmatch(plain):
            if _BRIEF.search(plain):
                draft.briefs += [block.text for block in heading.own]
                return
        elif not draft.blocks and not draft.subtitles and _is_subtitle(heading):
            draft.subtitles.append(heading.text)
        elif letters_and_digits(heading.text) != letters_and_digits(draft.title or ""):
            draft.blocks.append(Block(0, heading.text, heading.block.line))
        self._take(heading.own)


def _is_subtitle(heading: _Heading) -> bool:
    """Say whether a heading right below a headline goes on with it, rather than parting its text."""
    if _SUBTITLE.match(heading.text):
        return True
    beside = heading.parent.children if heading.parent is not None else []
    return len(beside) == 1 and not heading.part
