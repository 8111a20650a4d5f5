"""The lines of pages, in reading order, to articles: headlines by size and place, paragraphs joined over lines and columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from embeddings.formats.layout import PlacedLine
from embeddings.formats.margins import Margins
from embeddings.formats.newspaper import read_credits
from embeddings.formats.text_lines import TextLine
from embeddings.records import Article
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
class PageDraft:
    """An article in the making."""

    page: str | None
    page_name: str | None
    heads: list[PlacedLine] = field(default_factory=list)
    body: _Text = field(default_factory=_Text)
    last: PlacedLine | None = None


def take_page(drafts: list[PageDraft], placed: Sequence[PlacedLine], margins: Margins) -> None:
    """Add the lines of a page to the articles of its issue."""
    waiting: list[PlacedLine] = []
    first = True
    for index, one in enumerate(placed):
        following = placed[index + 1] if index + 1 < len(placed) else None
        draft = drafts[-1] if drafts else None
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
        goes_on = draft is not None and _runs_on(draft, one)
        if waiting or draft is None or (first and not goes_on and any(later.headline for later in placed)):
            draft = PageDraft(margins.page, margins.page_name, waiting)
            drafts.append(draft)
            waiting = []
        _add_line(draft, one, new_page=first)
        first = False
    if waiting:
        # A headline at the foot of a page has its text on the next, or tells of a picture.
        drafts.append(PageDraft(margins.page, margins.page_name, waiting))


def _runs_on(draft: PageDraft, one: PlacedLine) -> bool:
    """Say whether the text that a page begins with goes on with the last article of the page before."""
    broken_off = not ends_a_sentence(draft.body.text)
    return broken_off or (draft.last is not None and draft.last.full and not one.indented)


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


def _is_subhead(draft: PageDraft, one: PlacedLine, following: PlacedLine | None) -> bool:
    """Say whether a larger line is a heading within its article, such as 一、加强领导."""
    head = max((head.line.size for head in draft.heads), default=0.0)
    return one.line.size < _SAME * head and bool(_SUBHEAD.match(one.line.text)) and following is not None


def _add_line(draft: PageDraft, one: PlacedLine, new_page: bool) -> None:
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


def split_headlines(heads: Sequence[PlacedLine]) -> tuple[str | None, str | None, str | None]:
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


def finish_article(draft: PageDraft) -> Article:
    """Make the article of a draft; without a headline its first line is one."""
    kicker, title, subtitle = split_headlines(draft.heads)
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
        doubts=_doubted(doubts),
    )  # fmt: skip


def _doubted(doubts: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return what an article remembers of doubted letters, neighbours as one stretch."""
    merged: list[tuple[int, int]] = []
    for start, end in doubts:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
