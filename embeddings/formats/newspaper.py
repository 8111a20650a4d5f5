"""The reader of OCR'd newspaper issues: masthead, unreliable headings, broken columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.blocks import Block, split_blocks
from embeddings.formats.masthead import NUMERAL, find_date, make_issue_id, read_masthead
from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind, Issue
from embeddings.text.letters import simplified_in_place
from embeddings.text.sentences import ends_a_sentence

# Looked for in simplified characters: 今日出紙一大張 and 零售每份二分 are of old papers.
_MASTHEAD_MARK = re.compile(
    rf"总第\s*{NUMERAL}\s*[期号]|国内统一(?:连续出版物号|刊号)|今日\s*{NUMERAL}\s*版|今日出纸|零售(?:每份|价)[:：\s]*{NUMERAL}"
)
# A line with one of these, or with a colon, belongs to the masthead: publisher, hotline, web address.
_MASTHEAD_LINE = re.compile(rf"{_MASTHEAD_MARK.pattern}|[:：]|www\.|主管|主办|出版|报社|\d{{4}}\s*年")
# What only an imprint says, at the end of an issue, and what may stand beside it.
_IMPRINT = re.compile(
    r"(?:责任|本版|值班)编辑|^责编|编委|总编|本报?社?(?:地址|电话|热线)|社址|编辑部|新闻热线|国内统一|邮发代号|承印|印刷|零售|定价|订价|广告经营许可|发行(?:部|热线|电话|投诉)"
)
_IMPRINT_BESIDE = re.compile(
    r"^(?:地址|电话|传真|邮编|邮政编码|邮箱|网址|E-?mail|https?://|www\.|校对|版式|美编|组版|照排)", re.IGNORECASE
)
_PAGE = re.compile(r"^第?\s*0?(\d{1,2})\s*版(?:[:：\s].{0,12})?$")
_SUBTITLE = re.compile(r"^(?:—{1,2}|-{2}|──)")
_CREDIT = re.compile(r"^[(（□■◎●]|^(?:本报|通讯员|记者|文/|图/|文图|摄影|据|转自|编辑|责编|来源)")
_SIGNATURE = re.compile(
    r"(?:局|办公室|委员会|公司|中心|学校|小学|中学|医院|政府|编辑部|小组|支队|大队|站|所|院|社|馆|队|会|\d日)$"
)
_OPENING = re.compile(r"^(?:本报讯|《[^《》]{2,12}》\s*讯)")
_SENTENCE_MARK = re.compile(r"[。！？!?；;]")
_IMPRINT_LINE = 120  # characters
_LINE = 40  # a line of more characters than this is text, whatever its punctuation
_SUBHEAD = 20  # a line within an article that stands by itself: 一、加强领导
_HEADLINE = 10  # a larger heading no longer than this may be a column's name

_NAMES = r"[\u4e00-\u9fff·、,，\s/]{2,40}"
_REPORTERS = re.compile(rf"[(（]\s*((?:本报)?(?:见习|实习|特约)?(?:记者|通讯员){_NAMES})[)）]")
_SIGNED = re.compile(
    r"[(（]\s*(?!待续|未完|见图|左图|右图|上图|下图|下转|上接|节选|有删节)"
    r"(本报[\u4e00-\u9fff]{2,8}|[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,3})\s*[)）]\s*$"
)
_REPRINT = re.compile(r"[(（]\s*(?:转自|转载自|摘自|来源[:：]|据)\s*([^()（）]{2,30})[)）]")
_WIRE = re.compile(
    r"[(（]?\s*(?:据)?([\u4e00-\u9fff]{2,6}社[\u4e00-\u9fff]{1,10}\d{1,2}月\d{1,2}日(?:专?电|讯|消息))\s*(?:[)）]|(?=[(（]))"
)
_DISPATCH = re.compile(r"^(《[^《》]{2,12}》)\s*讯")


@dataclass(slots=True)
class _Draft:
    """An article in the making: its headings and the blocks under them."""

    headings: list[Block]
    blocks: list[Block] = field(default_factory=list)
    page: int | None = None


def is_newspaper(text: str) -> bool:
    """Say whether a file opens with a newspaper's masthead."""
    return _MASTHEAD_MARK.search(simplified_in_place("\n".join(text.split("\n", 40)[:40]))) is not None


def read_newspaper(path: Path, text: str) -> Issue:
    """Read an OCR'd issue; raises IssueError where the paper, the date or every article is missing."""
    blocks = split_blocks(text)
    opening = _masthead_length(blocks)
    above = "\n".join(block.text for block in blocks[:opening])
    masthead = read_masthead(above)
    issue_date = masthead.issue_date or find_date(path.stem)
    if issue_date is None:
        raise IssueError("masthead_date", path, 1)
    if masthead.paper is None:
        raise IssueError("masthead_paper", path, 1)
    if masthead.overlong is not None:
        line = text.count("\n", 0, text.index(masthead.overlong)) + 1
        raise IssueError("masthead_number", path, line, number=masthead.overlong[:40])
    closing = len(blocks) - _imprint_length(blocks[opening:])
    articles = tuple(_finish(draft) for draft in _drafts(blocks[opening:closing]))
    if not articles:
        line = text.rstrip("\n").count("\n") + 1
        raise IssueError("no_article", path, line)
    return Issue(
        issue_id=make_issue_id(masthead.paper, issue_date),
        paper=masthead.paper,
        issue_date=issue_date,
        articles=articles,
        issue_number=masthead.issue_number,
        pages=masthead.pages,
        cn_number=masthead.cn_number,
        warnings=masthead.warnings,
        masthead=Article(
            title=MESSAGES.text("masthead_title", paper=masthead.paper),
            body="\n".join([above, *(block.text for block in blocks[closing:])]),
            kind=ArticleKind.MASTHEAD,
        ),
    )


def _masthead_length(blocks: Sequence[Block]) -> int:
    """Count the blocks of the masthead: up to its last line before the first heading or sentence.

    A line between the masthead and the first heading is that heading's kicker.
    """
    marks = [i for i, block in enumerate(blocks[:30]) if _MASTHEAD_MARK.search(simplified_in_place(block.text))]
    length = start = marks[0] if marks else 0
    for index in range(start, len(blocks)):
        if blocks[index].level or _SENTENCE_MARK.search(blocks[index].text):
            break
        if _MASTHEAD_LINE.search(simplified_in_place(blocks[index].text)):
            length = index + 1
    return length


def _imprint_length(blocks: Sequence[Block]) -> int:
    """Count the blocks at the end of an issue that are its imprint: 责任编辑:柴小篱 电话:5550120, 本报地址:书院路8号.

    An address or a telephone number alone closes a notice; it is of the imprint only beside a line that is.
    What alone stands under a headline is its article.
    """
    length = 0
    for count, block in enumerate(reversed(blocks), start=1):
        if block.level:
            return length - 1 if 0 < length == count - 1 else length
        lines = simplified_in_place(block.text).split("\n")
        if not all(len(line) <= _IMPRINT_LINE and _is_imprint(line) for line in lines):
            break
        if any(_IMPRINT.search(line) for line in lines):
            length = count
    return length


def _is_imprint(line: str) -> bool:
    return not _SENTENCE_MARK.search(line) and bool(_IMPRINT.search(line) or _IMPRINT_BESIDE.match(line))


def _drafts(blocks: Iterable[Block]) -> list[_Draft]:
    """Group headings and text into articles, and move each kicker to the article it announces."""
    drafts: list[_Draft] = []
    waiting: list[Block] = []  # headings and kickers that have no text of their own yet
    current: _Draft | None = None
    page: int | None = None

    def bodiless(draft: _Draft) -> bool:
        return not any(_is_text(block) for block in draft.blocks)

    for block in blocks:
        if marker := _PAGE.match(block.text):
            page = marker[1]
            continue
        if not block.level:
            if current is None and not waiting:
                waiting.append(block)  # a line above the first heading
                continue
            if current is None:
                current = _Draft(waiting, page=page)
                waiting = []
            current.blocks.append(block)
            continue
        if current is not None:
            kickers = _take_kickers(current)
            if not bodiless(current):
                drafts.append(current)
            elif block.level > current.headings[-1].level or not any(_SUBTITLE.match(line.text) for line in current.blocks):
                # A heading with nothing under it but lines announces what follows; one that
                # carries a subtitle of its own and no text is a slogan, complete in itself,
                # unless the next heading stands below it.
                waiting = [*current.headings, *current.blocks]
            waiting += kickers
            current = None
        waiting.append(block)
    if current is not None and not bodiless(current):
        drafts.append(current)
    return drafts


def _is_text(block: Block) -> bool:
    """Say whether a block is running text rather than a line of a headline."""
    return len(block.text) > _LINE or bool(_SENTENCE_MARK.search(block.text) or _OPENING.match(block.text))


def _take_kickers(draft: _Draft) -> list[Block]:
    """Take the lines off the end of an article that announce the next one."""
    kickers: list[Block] = []
    while draft.blocks:
        last = draft.blocks[-1]
        if _is_text(last) or _SUBTITLE.match(last.text) or _CREDIT.match(last.text) or _SIGNATURE.search(last.text):
            break
        before = draft.blocks[-2] if len(draft.blocks) > 1 else None
        # Behind a sentence that is not over, the line is that sentence's rest.
        if before is not None and _is_text(before) and not ends_a_sentence(before.text):
            break
        kickers.insert(0, draft.blocks.pop())
    return kickers


def _finish(draft: _Draft) -> Article:
    """Make the article of a draft: headline told from kicker and subtitle, paragraphs joined, credits read."""
    kickers, title, subtitles = _headlines(draft.headings)
    blocks = list(draft.blocks)
    credits: list[str] = []
    while blocks and not _is_text(blocks[0]):
        line = blocks.pop(0).text
        if _CREDIT.match(line):
            credits.append(line)
        else:
            subtitles.append(line)
    body = join_columns(line for block in blocks for line in block.text.split("\n"))
    byline, source = read_credits(body)
    if byline is None and credits:
        names = " ".join(line.strip("()（）□■◎● ") for line in credits)
        byline, more = read_credits(f"({names})")
        byline, source = byline or names, source or more
    return Article(
        title=title,
        body="\n".join([*credits, body]),
        kicker=" ".join(kickers) or None,
        subtitle=" ".join(subtitles) or None,
        byline=byline,
        source=source,
        page=draft.page,
    )


def _headlines(headings: Sequence[Block]) -> tuple[list[str], str, list[str]]:
    """Tell kickers, headline and subtitles apart among the headings over one article."""
    plain = [block for block in headings if not _SUBTITLE.match(block.text)] or list(headings)
    real = [block for block in plain if block.level] or plain
    top = min(block.level for block in real)
    chosen = [block for block in real if block.level == top][-1]
    if len(chosen.text) <= _HEADLINE:
        later = [block for block in real if block.line > chosen.line and len(block.text) > _HEADLINE]
        chosen = later[0] if later else chosen
    kickers = [block.text for block in plain if block.line < chosen.line]
    subtitles = [block.text for block in headings if block is not chosen and block.text not in kickers]
    return kickers, chosen.text, subtitles


def join_columns(lines: Iterable[str]) -> str:
    """Join lines that a column or page cut in mid-sentence; whole paragraphs keep lines of their own."""
    paragraphs: list[str] = []
    open_sentence = False
    for line in lines:
        if open_sentence:
            # Between two Latin words the cut stood at a space; Chinese needs none.
            gap = " " if paragraphs[-1][-1:].isascii() and paragraphs[-1][-1:].isalpha() and line[:1].isascii() else ""
            paragraphs[-1] += gap + line
        else:
            paragraphs.append(line)
        alone = not open_sentence and len(line) <= _SUBHEAD and not re.search(r"[，,。；;]", line)
        open_sentence = not ends_a_sentence(paragraphs[-1]) and not alone
    return "\n".join(paragraphs)


def read_credits(body: str) -> tuple[str | None, str | None]:
    """Return the byline and the source printed in a body, None where there is none."""
    reporters = _REPORTERS.search(body[:120]) or _REPORTERS.search(body[-80:])
    reprint = _REPRINT.search(body[-60:])
    tail = body[reprint.start() - len(body[-60:]) :] if reprint else ""
    wire = _WIRE.search(body[:60]) or _WIRE.search(body[-40:])
    dispatch = _DISPATCH.match(body)
    source = reprint[1] if reprint else wire[1] if wire else dispatch[1] if dispatch else None
    if reporters:
        byline = re.sub(r"\s+", " ", re.sub(r"(记者|通讯员)\s*", r"\1 ", reporters[1])).strip()
        return byline, source
    signed = _SIGNED.search(body.removesuffix(tail) if tail else body)
    return (signed[1] if signed else None), source
