"""Printed pages, as lines with places, to issues: mastheads, folios, headlines over columns, paragraphs joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.file_places import paper_of_folders
from embeddings.formats.layout import HEADLINE, SCANNED_HEADLINE, reading_order
from embeddings.formats.margins import Margins, take_margins
from embeddings.formats.masthead import Masthead, find_date, make_issue_id, read_masthead
from embeddings.formats.page_articles import PageDraft, finish_article, split_headlines, take_page
from embeddings.formats.plain import read_plain
from embeddings.formats.reading import ReadingOptions
from embeddings.formats.text_lines import TextLine, joined_headlines, text_size, turned
from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind, Issue


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What stands on a page; `number` is its place in the file, from 1."""

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    scanned: bool = False


@dataclass(slots=True)
class _IssueDraft:
    """An issue in the making: what its pages say of it, and its articles."""

    facts: Masthead | None = None
    printed: list[str] = field(default_factory=list)
    imprint: list[str] = field(default_factory=list)
    drafts: list[PageDraft] = field(default_factory=list)


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
        issue.imprint += [margins.imprint] if margins.imprint else []
        take_page(issue.drafts, reading_order(margins.lines, size, least), margins)
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
        for one, two in (
            (held.issue_date, facts.issue_date),
            (held.paper, facts.paper if margins.masthead else None),
            (held.edition, facts.edition if margins.masthead else None),
        )
    )
    if other:
        current = _IssueDraft()
        issues.append(current)
    if current.facts is None or margins.masthead:
        current.facts = facts
        current.printed.insert(0, margins.printed)
    return current


def _finish(path: Path, draft: _IssueDraft, options: ReadingOptions) -> Issue:
    """Make an issue of what its pages print; raises IssueError where its day is nowhere."""
    facts = draft.facts
    issue_date: date | None = (facts and facts.issue_date) or find_date(path.stem)
    if issue_date is None:
        raise IssueError("masthead_date", path)
    paper = options.paper or (facts and facts.paper)
    warnings = facts.warnings if facts else ()
    last_date = facts.last_date if facts and facts.issue_date == issue_date else None
    if not paper:
        paper = paper_of_folders(path)
        warnings = (*warnings, MESSAGES.text("paper_of_folder", paper=paper))
    articles = tuple(finish_article(one) for one in draft.drafts if one.body.text)
    if not articles:
        raise IssueError("no_article", path)
    printed = "\n".join([*draft.printed, *draft.imprint])
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
        edition=facts.edition if facts else None,
        last_date=last_date,
    )


def _as_plain(path: Path, issues: Sequence[_IssueDraft], options: ReadingOptions) -> tuple[Issue, ...]:
    """Read pages without masthead as the same words in a plain file would be."""
    text = []
    for draft in (draft for issue in issues for draft in issue.drafts):
        kicker, title, subtitle = split_headlines(draft.heads)
        text += [f"# {_escaped(words)}" for words in (kicker, title, subtitle) if words]
        text += map(_escaped, draft.body.text.split("\n"))
    return read_plain(path, "\n\n".join(text), options.paper)


def _escaped(text: str) -> str:
    """Write printed text so that Markdown means nothing by it."""
    return re.sub(r"([\\`*_#<>$|\[\]])", r"\\\1", text)
