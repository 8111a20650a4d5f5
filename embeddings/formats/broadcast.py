"""The reader of broadcast transcripts in Markdown: a summary, then one item under each ### heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from embeddings.errors import IssueError
from embeddings.formats.masthead import find_date, make_issue_id
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue

_TITLE = re.compile(r"^#\s*《(?P<paper>[^》]+)》\s*[(（](?P<date>\d{8})[)）]\s*$", re.MULTILINE)
_ITEMS = re.compile(r"^##\s*详细新闻\s*$", re.MULTILINE)
_ITEM = re.compile(r"^###[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"\[查看原文\]\((?P<url>[^)\s]*)\)")
_STAMP = re.compile(r"^(?:---|\(更新时间戳.*\))\s*$", re.MULTILINE)
_BULLETIN = re.compile(r"快讯")
_SOURCE = re.compile(r"^(?P<source>[\u4e00-\u9fff]{2,8})消息[（(]")
_GREETING = re.compile(r"^[\u4e00-\u9fff]{2,8}消息[（(][^）)]*[）)]\s*[:：]?\s*$")
_DEEPEST = 512  # elements within each other, as many as browsers take; unclosed <b> of a damaged file make thousands
_BLOCKS = ("p", "div", "br", "li", "tr")
_MISSING = "undefined"  # what the transcript prints where an item's text could not be had


class _TooDeepError(ValueError):
    """HTML whose elements lie too many within each other."""


def is_broadcast(text: str) -> bool:
    """Say whether a file is a broadcast's transcript."""
    return _TITLE.search(text) is not None and _ITEMS.search(text) is not None


def read_broadcast(path: Path, text: str, paper: str | None = None) -> Issue:
    """Read a transcript; an item without text is left out and named in the issue's warnings.

    The `paper` that the operator names wins over the one that is printed.
    """
    heading, opening = _TITLE.search(text), _ITEMS.search(text)
    if heading is None or opening is None:
        raise IssueError("no_broadcast", path, 1)
    issue_date = find_date(heading["date"])
    if issue_date is None:
        line = text.count("\n", 0, heading.start()) + 1
        raise IssueError("bad_date", path, line, day=heading["date"])
    articles: list[Article] = []
    warnings: list[str] = []
    marks = list(_ITEM.finditer(text, opening.end()))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    for mark, end in zip(marks, ends, strict=True):
        line = text.count("\n", 0, mark.start()) + 1
        try:
            items = list(_read_item(mark[1], text[mark.end() : end]))
        except _TooDeepError:
            raise IssueError("too_deep", path, line, most=_DEEPEST) from None
        if not items:
            warnings.append(MESSAGES.text("item_left_out", line=line, title=mark[1]))
        articles += items
    if not articles:
        raise IssueError("no_text", path, text.count("\n", 0, opening.start()) + 1)
    paper = paper or heading["paper"]
    return Issue(
        issue_id=make_issue_id(paper, issue_date),
        paper=paper,
        issue_date=issue_date,
        articles=tuple(articles),
        warnings=tuple(warnings),
    )


def _read_item(title: str, raw: str) -> Iterator[Article]:
    """Yield the article of one item, or the several that a bulletin holds under bold sub-headlines."""
    link = _LINK.search(raw)
    url = link["url"] if link else None
    lines = list(_lines(_STAMP.sub("", _LINK.sub("", raw))))
    text = "".join(line for line, _ in lines)
    if title == _MISSING or text in ("", _MISSING):
        return
    source = _SOURCE.match(text)
    name = source["source"] if source else None
    if not _BULLETIN.search(title):
        yield Article(title=title, body="\n".join(line for line, _ in lines), source=name, url=url)
        return
    parts: list[tuple[str | None, list[str]]] = [(None, [])]
    for line, bold in lines:
        if bold:
            # Two bold lines in a row are one sub-headline that was printed on two.
            if parts[-1][0] is not None and not parts[-1][1]:
                parts[-1] = (f"{parts[-1][0]} {line}", [])
            else:
                parts.append((line, []))
        elif not _GREETING.match(line):
            parts[-1][1].append(line)
    for headline, body in parts:
        if body:
            yield Article(title=headline or title, body="\n".join(body), column=title, source=name, url=url)


def _lines(html: str) -> Iterator[tuple[str, bool]]:
    """Yield the printed lines of an item's HTML, and whether all of a line is bold."""
    for text_run in _runs(html):
        line = "".join(piece for piece, _ in text_run)
        line = re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip(" \u3000")
        if line:
            yield line, all(bold for piece, bold in text_run if piece.strip())


def _runs(html: str) -> Iterator[list[tuple[str, bool]]]:
    """Yield one list of (text, bold) pieces for each paragraph or line break."""
    body = LexborHTMLParser(html).body
    if body is None:
        return
    run: list[tuple[str, bool]] = []
    depth_bold = 0
    # Without recursion, which ends at a depth that whoever calls decides; each entry is an element whose children are read.
    within = [(body.iter(include_text=True), False, False)]
    while within:
        children, block, strong = within[-1]
        child = next(children, None)
        if child is None:
            within.pop()
            depth_bold -= strong
            if block and run:
                yield run
                run = []
            continue
        tag = child.tag
        if tag == "-text":
            pieces = (child.text_content or "").split("\n")
            for index, piece in enumerate(pieces):
                if index and run:
                    yield run
                    run = []
                if piece:
                    run.append((piece, depth_bold > 0))
            continue
        block, strong = tag in _BLOCKS, tag in ("strong", "b")
        if block and run:
            yield run
            run = []
        depth_bold += strong
        within.append((child.iter(include_text=True), block, strong))
        if len(within) > _DEEPEST:
            raise _TooDeepError
    if run:
        yield run
