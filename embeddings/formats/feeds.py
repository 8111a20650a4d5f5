"""The reader of feeds (RSS, Atom) that bring articles with their texts; feedparser knows the many kinds of them."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz
from pathlib import Path
from typing import Any

import feedparser

from embeddings.errors import IssueError
from embeddings.formats.credits import read_credits
from embeddings.formats.file_places import paper_of_folders
from embeddings.formats.markup import lines_of, parse_markup, tidy
from embeddings.formats.masthead import find_date, make_issue_id
from embeddings.formats.navigation import is_navigation
from embeddings.formats.page_facts import without_digital
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue

MOST_BYTES = 64 * 2**20
"""A feed of more bytes is refused."""
_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)[\s>]")
_HEAD = 4096  # bytes within which the first element stands
_SENTENCE = re.compile(r"[。！？!?]")


def is_feed(raw: bytes) -> bool:
    """Say whether an XML file is a feed."""
    return _ROOT.search(raw.replace(b"\x00", b"")[:_HEAD]) is not None


def read_feed(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read the articles of a feed into the issues of their days, with what is left out as a warning."""
    if len(raw) > MOST_BYTES:
        raise IssueError("page_too_long", path, most=MOST_BYTES // 2**20)
    headers = {"content-type": f"text/xml; charset={options.encoding}"} if options.encoding else {}
    # Relative links stay as they are, and nothing is fetched: bytes are never taken for an address.
    feed = feedparser.parse(raw, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        detail = type(feed.get("bozo_exception")).__name__ if feed.get("bozo") else ""
        raise IssueError("feed_broken", path, detail=detail) if detail else IssueError("feed_empty", path, 1)
    paper = options.paper or without_digital(tidy(feed.feed.get("title") or ""))
    guesses: tuple[str, ...] = ()
    if not paper:
        paper = paper_of_folders(path)
        guesses = (MESSAGES.text("paper_of_folder", paper=paper),)
    days: dict[date, list[Article]] = {}
    left_out: list[str] = []
    for entry in feed.entries:
        day, article = _day(entry), _article(entry)
        if day is None or article is None:
            left_out.append(tidy(entry.get("title") or entry.get("link") or "?"))
        else:
            days.setdefault(day, []).append(article)
    if not days:
        raise IssueError("feed_empty", path, 1)
    warnings = (MESSAGES.text("feed_left_out", count=len(left_out), title=left_out[0]),) if left_out else ()
    issues = (
        Issue(make_issue_id(paper, day), paper, day, tuple(articles), warnings=guesses)
        for day, articles in sorted(days.items())
    )
    return FileReading("feed", tuple(issues), feed.get("encoding"), warnings)


def _day(entry: Any) -> date | None:
    """Return the day that an entry prints, in the time zone in which it prints it; feedparser's own is that of Greenwich."""
    for key in ("published", "created", "updated"):
        printed = entry.get(key) or ""
        parsed = entry.get(f"{key}_parsed")
        if found := find_date(printed):
            return found
        if printed and parsed:
            return _printed_day(printed) or date(*parsed[:3])
    return None


def _printed_day(printed: str) -> date | None:
    """Read a day as RFC 822 writes it: Tue, 12 Mar 2024 00:10:00 +0800."""
    fields = parsedate_tz(printed)
    try:
        return date(*fields[:3]) if fields else None
    except ValueError:
        return None


def _article(entry: Any) -> Article | None:
    """Return the article of an entry; None where it has a headline or a teaser alone."""
    texts = [content.get("value") or "" for content in entry.get("content") or ()] + [entry.get("summary") or ""]
    lines = [line for line in lines_of(parse_markup(max(texts, key=len))) if not is_navigation(line)]
    title = " ".join(lines_of(parse_markup(entry.get("title") or "")))
    if not title or not any(_SENTENCE.search(line) for line in lines):
        return None
    body = "\n".join(lines)
    byline, source = read_credits(body)
    told = entry.get("source") or {}
    return Article(
        title=title,
        body=body,
        byline=tidy(entry.get("author") or "") or byline,
        source=source or tidy(told.get("title") or "") or None,
        column=next((tidy(tag.get("term") or "") or None for tag in entry.get("tags") or ()), None),
        url=entry.get("link"),
    )
