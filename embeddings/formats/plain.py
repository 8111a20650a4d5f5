"""The reader of any other Markdown or text file that has a date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import frontmatter

from embeddings.errors import IssueError
from embeddings.formats.blocks import Block, split_blocks
from embeddings.formats.masthead import find_date, make_issue_id
from embeddings.formats.newspaper import read_credits
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue
from embeddings.text.numerals import read_digits

_PAPER_KEYS = ("paper", "报纸", "报名")
_DATE_KEYS = ("date", "issue_date", "日期")
_NUMBER_KEYS = ("number", "issue_number", "期号")


def read_plain(path: Path, text: str) -> Issue:
    """Read a dated file: front matter, first heading, file name or first lines give the date, in this order.

    The paper is the one named in the front matter, or else the folder's name.
    """
    facts, content = _front_matter(path, text)
    blocks = split_blocks(content)
    headings = [block.text for block in blocks if block.level]
    issue_date = next(
        (
            found
            for place in (_fact(facts, _DATE_KEYS), headings[0] if headings else "", path.stem, content[:300])
            if (found := find_date(place))
        ),
        None,
    )
    if issue_date is None:
        raise IssueError("no_date", path, 1)
    articles = tuple(_articles(blocks, issue_date))
    if not articles:
        raise IssueError("no_text", path, 1)
    paper = _fact(facts, _PAPER_KEYS) or path.resolve().parent.name
    number = _fact(facts, _NUMBER_KEYS)
    issue_number = read_digits(number) if number else None
    if number and issue_number is None:
        raise IssueError("bad_number", path, 1, number=number[:40])
    return Issue(
        issue_id=make_issue_id(paper, issue_date),
        paper=paper,
        issue_date=issue_date,
        articles=articles,
        issue_number=issue_number,
    )


def _front_matter(path: Path, text: str) -> tuple[dict[str, object], str]:
    """Return the fields of the front matter that stand for themselves, and the text under it; raises IssueError."""
    try:
        facts, content = frontmatter.parse(text)
    except MemoryError:
        raise
    # YAML itself makes dates, and date: 2021-13-01 is none; what else its constructors raise is written nowhere: KeyError for
    # !!bool 水, AttributeError for !!timestamp 水, RecursionError where it is nested deeply.
    except Exception as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        # YAML may notice only at the end that something was left open.
        read = [words for words in map(str.strip, text.split("\n")[:line]) if words not in ("", "---")] if mark else []
        detail = MESSAGES.message("front_matter_line", text=read[-1][:60]) if read else type(error).__name__
        raise IssueError("front_matter", path, line, detail=detail) from None
    for key, value in facts.items():
        # Written out, a list of lists that name each other (&a, *a) fills any memory.
        if key in (*_PAPER_KEYS, *_DATE_KEYS, *_NUMBER_KEYS) and isinstance(value, (list, dict, set, tuple, bytes)):
            raise IssueError("front_matter", path, 1, detail=MESSAGES.message("front_matter_value", field=key))
    return facts, content


def _fact(facts: dict[str, object], keys: tuple[str, ...]) -> str:
    """Return the first of these fields of the front matter as text, or nothing."""
    return next((str(facts[key]).strip() for key in keys if facts.get(key) not in (None, "")), "")


def _articles(blocks: list[Block], issue_date: date) -> list[Article]:
    """Make an article of each heading with text; text before any heading takes its first line as headline."""
    articles: list[Article] = []
    title: str | None = None
    above: list[str] = []
    body: list[str] = []

    def close() -> None:
        nonlocal above
        if title is None and body:
            first, *rest = "\n".join(body).split("\n")
            found = Article(title=first, body="\n".join(rest) or first)
        elif title is not None and body:
            found = Article(title=title, body="\n".join(body), kicker=" ".join(above) or None)
            above = []
        else:
            if title is not None and find_date(title) != issue_date:
                above.append(title)
            return
        byline, source = read_credits(found.body)
        articles.append(Article(found.title, found.body, found.kicker, byline=byline, source=source))

    for block in blocks:
        if block.level:
            close()
            title, body = block.text, []
        else:
            body.append(block.text)
    close()
    return articles
