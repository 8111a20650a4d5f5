"""Printed pages, as lines with places, to issues: mastheads, folios, headlines over columns, paragraphs joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.layout import (
    HEADLINE,
    SCANNED_HEADLINE,
    PlacedLine,
    TextLine,
    joined_headlines,
    reading_order,
    text_size,
    turned,
)
from embeddings.formats.margins import Margins, take_margins
from embeddings.formats.masthead import Masthead, find_date, make_issue_id, read_masthead
from embeddings.formats.newspaper import read_credits
from embeddings.formats.plain import read_plain
from embeddings.formats.reading import ReadingOptions
from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind, Issue
from embeddings.text.sentences import ends_a_sentence

_BYLINE = re.compile(
    r"^[(（□■◎●]?\s*(?:本报|首席|特约|见习|实习|全媒体)*(?:记者|通讯员)|^(?:文/|图/|文图|摄影|作者|来源)[:：/\s]?"
)
_BYLINE_MOST = 40  # characters of a line of credits under a headline
_SUBTITLE = re.compile(r"^(?:—|──|--)")
_SUBHEAD = re.compile(r"^(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、．.\s]|[（(][一二三四五六七八九十\d]{1,3}[)）])")
_SENTENCE_MARK = re.compile(r"[。！？；]")
_WRAP = 1.5  # times its size; a line of a headline that ends so near its edge goes on in the next
_SAME = 0.88  # a line of letters less than this of another's size is of another part of the headline
_LEADING = 1.6  # times the size; a line further below begins a paragraph


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What stands on a page; `number` is its place in the file, from 1."""

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    scanned: bool = False


@dataclass(slots=True)
class _Text:
    """A text in the making, with the stretches of it that are doubted."""

    text: str = ""
    doubts: list[tuple[int, int]] = field(default_factory=list)

    def add(self, line: TextLine, gap: str) -> None:
        at = len(self.text) + len(gap)
        self.doubts += [(start + at, end + at) for start, end in line.doubts]
        self.text += gap + line.text


@dataclass(slots=True)
class _Draft:
    """An article in the making."""

    page: str | None
    page_name: str | None
    heads: list[PlacedLine] = field(default_factory=list)
    body: _Text = field(default_factory=_Text)
    last: PlacedLine | None = None


@dataclass(slots=True)
class _IssueDraft:
    """An issue in the making: what its pages say of it, and its articles."""

    facts: Masthead | None = None
    printed: list[str] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)


def read_pages(path: Path, pages: Iterable[PrintedPage], options: ReadingOptions) -> tuple[str, tuple[Issue, ...]]:
    """Read the issues that pages print, one page at a time; returns the reader's name too, and raises IssueError."""
    issues = [_IssueDraft()]
    sizes: list[tuple[float, int]] = []
    seen: set[str] = set()
    newspaper = False
    for page in pages:
        lines = list(page.lines)
        width, height = page.width, page.height
        if _is_vertical(lines):
            lines, width, height = turned(lines, page.width), page.height, page.width
        sizes = [*sizes[-20_000:], *((line.size, len(line.text)) for line in lines)]
        size = text_size(sizes)
        least = (SCANNED_HEADLINE if page.scanned else HEADLINE) * size
        if not page.scanned:
            lines = joined_headlines(lines, least)
        margins = take_margins(lines, width, height, size, seen)
        newspaper = newspaper or margins.newspaper
        issue = _issue_of(issues, margins)
        _take_page(issue, reading_order(margins.lines, size, least), margins)
    if not any(issue.drafts for issue in issues):
        raise IssueError("no_printed_text", path)
    if not newspaper:
        return "plain", _as_plain(path, issues, options)
    return "pages", tuple(_finish(path, issue, options) for issue in issues if issue.drafts)


def _is_vertical(lines: Sequence[TextLine]) -> bool:
    """Say whether most letters of a page stand in lines that run down."""
    down = sum(len(line.text) for line in lines if line.bottom - line.top > 1.5 * (line.right - line.left))
    return 2 * down > sum(len(line.text) for line in lines)


def _issue_of(issues: list[_IssueDraft], margins: Margins) -> _IssueDraft:
    """Return the issue that a page is of: a page that prints another day or paper begins another."""
    current = issues[-1]
    facts = read_masthead(margins.printed) if margins.printed else None
    if facts is None:
        return current
    held = current.facts
    other = held is not None and any(
        one is not None and two is not None and one != two
        for one, two in ((held.issue_date, facts.issue_date), (held.paper, facts.paper if margins.masthead else None))
    )
    if other:
        current = _IssueDraft()
        issues.append(current)
    if current.facts is None or margins.masthead:
        current.facts = facts
        current.printed.insert(0, margins.printed)
    return current


def _take_page(issue: _IssueDraft, placed: Sequence[PlacedLine], margins: Margins) -> None:
    """Add the lines of a page to the articles of an issue."""
    waiting: list[PlacedLine] = []
    first = True
    for index, one in enumerate(placed):
        following = placed[index + 1] if index + 1 < len(placed) else None
        draft = issue.drafts[-1] if issue.drafts else None
        opening = not waiting and (first or draft is None)
        if one.headline and not (draft is not None and not opening and _is_subhead(draft, one, following)):
            waiting.append(one)
            continue
        if not waiting and following is not None and following.headline and _announces(one, following):
            waiting.append(one)
            continue
        if waiting and _SUBTITLE.match(one.line.text) and not _SENTENCE_MARK.search(one.line.text):
            waiting.append(one)
            continue
        goes_on = draft is not None and not ends_a_sentence(draft.body.text)
        if waiting or draft is None or (first and not goes_on and any(later.headline for later in placed)):
            draft = _Draft(margins.page, margins.page_name, waiting)
            issue.drafts.append(draft)
            waiting = []
        _add_line(draft, one, new_page=first)
        first = False
    if waiting:
        # A headline at the foot of a page has its text on the next, or tells of a picture.
        issue.drafts.append(_Draft(margins.page, margins.page_name, waiting))


def _announces(one: PlacedLine, following: PlacedLine) -> bool:
    """Say whether a line of the text's size is the kicker of the headline under it."""
    line, below = one.line, following.line
    return (
        not _SENTENCE_MARK.search(line.text)
        and not one.full
        and 0 <= below.top - line.bottom + line.size / 4 < line.size * 2
        and (one.spanning or one.indented)
        and line.left >= below.left - line.size
    )


def _is_subhead(draft: _Draft, one: PlacedLine, following: PlacedLine | None) -> bool:
    """Say whether a larger line is a heading within its article, such as 一、加强领导."""
    head = max((head.line.size for head in draft.heads), default=0.0)
    return one.line.size < _SAME * head and bool(_SUBHEAD.match(one.line.text)) and following is not None


def _add_line(draft: _Draft, one: PlacedLine, new_page: bool) -> None:
    """Add a line to the text of an article: to its last paragraph, or as the first of another."""
    last, body = draft.last, draft.body
    draft.last = one
    if last is None:
        body.add(one.line, "")
        return
    same_column = one.line.top >= last.line.top and abs(one.left - last.left) < last.line.size
    apart = same_column and not new_page and one.line.top - last.line.bottom > _LEADING * last.line.size
    other_size = not _SAME < one.line.size / last.line.size < 1 / _SAME
    ended = not last.full and (ends_a_sentence(last.line.text) or _is_short(last))
    byline = body.text == last.line.text and len(body.text) <= _BYLINE_MOST and bool(_BYLINE.match(body.text))
    if one.indented or apart or ended or other_size or byline:
        body.add(one.line, "\n")
    else:
        body.add(one.line, _blank_between(body.text, one.line.text))


def _is_short(one: PlacedLine) -> bool:
    """Say whether a line stops long before the edge of its column: a signature, a line of a table."""
    return one.line.right - one.left < 0.7 * (one.right - one.left)


def _blank_between(before: str, after: str) -> str:
    """Return the blank at which a line was cut: between Latin words; Chinese and numbers need none."""
    return " " if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalnum() else ""


def _headlines(heads: Sequence[PlacedLine]) -> tuple[str | None, str | None, str | None]:
    """Tell kicker, headline and subtitle apart by size and place."""
    if not heads:
        return None, None, None
    plain = [head for head in heads if not _SUBTITLE.match(head.line.text)] or list(heads)
    largest = max(head.line.size for head in plain)
    first = next(index for index, head in enumerate(heads) if head in plain and head.line.size > _SAME * largest)
    end = first + 1
    while end < len(heads) and heads[end] in plain and heads[end].line.size > _SAME * largest:
        end += 1
    return _words(heads[:first]), _words(heads[first:end]), _words(heads[end:])


def _words(heads: Sequence[PlacedLine]) -> str | None:
    """Join the lines of a headline: one that ran to its edge without a blank, lines that stand by themselves with one."""
    text = ""
    for head, before in zip(heads, [None, *heads], strict=False):
        ran_on = before is not None and before.right - before.line.right < _WRAP * before.line.size and before is not head
        text += ("" if before is None or ran_on else " ") + head.line.text
    return text or None


def _finish_article(draft: _Draft) -> Article:
    """Make the article of a draft; without a headline its first line is one."""
    kicker, title, subtitle = _headlines(draft.heads)
    body, doubts = draft.body.text, draft.body.doubts
    if title is None:
        title, _, rest = body.partition("\n")
        if rest:
            cut = len(body) - len(rest)
            body, doubts = rest, [(start - cut, end - cut) for start, end in doubts if start >= cut]
    byline, source = read_credits(body)
    line = body.partition("\n")[0]
    if byline is None and len(line) <= _BYLINE_MOST and _BYLINE.match(line):
        byline = read_credits(f"({line.strip('()（）□■◎● ')})")[0] or line.strip("()（）□■◎● ")
    return Article(
        title, body, kicker, subtitle, byline=byline, source=source, page=draft.page, page_name=draft.page_name,
        **_doubted(doubts),
    )  # fmt: skip


def _doubted(doubts: Sequence[tuple[int, int]]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return what an article remembers of doubted letters, neighbours as one stretch."""
    merged: list[tuple[int, int]] = []
    for start, end in doubts:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return {"doubts": tuple(merged)} if merged and "doubts" in Article.__dataclass_fields__ else {}


def _finish(path: Path, draft: _IssueDraft, options: ReadingOptions) -> Issue:
    """Make an issue of what its pages print; raises IssueError where its day is nowhere."""
    facts = draft.facts
    issue_date: date | None = (facts and facts.issue_date) or find_date(path.stem)
    if issue_date is None:
        raise IssueError("masthead_date", path)
    paper = options.paper or (facts and facts.paper)
    warnings = facts.warnings if facts else ()
    if not paper:
        paper = path.resolve().parent.name
        warnings = (*warnings, MESSAGES.text("paper_guessed", paper=paper))
    articles = tuple(_finish_article(one) for one in draft.drafts if one.body.text)
    if not articles:
        raise IssueError("no_article", path)
    printed = "\n".join(draft.printed)
    return Issue(
        issue_id=make_issue_id(paper, issue_date),
        paper=paper,
        issue_date=issue_date,
        articles=articles,
        issue_number=facts.issue_number if facts else None,
        pages=facts.pages if facts else None,
        cn_number=facts.cn_number if facts else None,
        warnings=warnings,
        masthead=Article(MESSAGES.text("masthead_title", paper=paper), printed, kind=ArticleKind.MASTHEAD) if printed else None,
    )


def _as_plain(path: Path, issues: Sequence[_IssueDraft], options: ReadingOptions) -> tuple[Issue, ...]:
    """Read pages without masthead as the same words in a plain file would be."""
    text = []
    for draft in (draft for issue in issues for draft in issue.drafts):
        kicker, title, subtitle = _headlines(draft.heads)
        text += [f"# {_escaped(words)}" for words in (kicker, title, subtitle) if words]
        text += map(_escaped, draft.body.text.split("\n"))
    return (read_plain(path, "\n\n".join(text)),)


def _escaped(text: str) -> str:
    """Write printed text so that Markdown means nothing by it."""
    return re.sub(r"([\\`*_#<>$|\[\]])", r"\\\1", text)
