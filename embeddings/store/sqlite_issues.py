"""Reading issues and articles from a SQLite catalogue: their days, files, headlines and texts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from embeddings.records import Article, ArticleKind, Extent, Filters, Issue, IssueSummary, Passage
from embeddings.store import sqlite_corrections, sqlite_seals
from embeddings.store.print_order import Printed, in_print_order
from embeddings.store.records import Headline, IssueDay, MastheadFacts, PrintedArticle

_FIELDS = (
    "title", "body", "kicker", "subtitle", '"column"', "byline", "source", "page", "url", "page_name", "continued",
)  # fmt: skip
ARTICLE_FIELDS, PREFIXED_FIELDS = (", ".join(alias + name for name in _FIELDS) for alias in ("", "a."))
LAST_DAY = "coalesce(i.last_date, i.issue_date)"
"""The last day that an issue is dated with: its only one, but for a weekly's."""
# The masthead of an issue stands before its first article, and has no chunks: it is looked up, not searched for.
MASTHEAD_ORDINAL = 0
_NEWS = f"a.ordinal > {MASTHEAD_ORDINAL}"
_LINE = f"""
SELECT i.issue_id, i.paper, i.issue_date, i.issue_number, count(a.ordinal), i.last_date, i.edition
FROM issues i LEFT JOIN articles a ON a.issue_id = i.issue_id AND {_NEWS}
"""


def where(filters: Filters) -> tuple[str, list[str]]:
    """Write filters as a condition on issues (alias i) and its values."""
    conditions: list[tuple[str, str | None]] = [
        (f"{LAST_DAY} >= ?", filters.first.isoformat() if filters.first else None),
        ("i.issue_date <= ?", filters.last.isoformat() if filters.last else None),
        ("i.issue_id = ?", filters.issue_id),
        ("i.paper = ?", filters.paper),
    ]
    chosen = [(text, value) for text, value in conditions if value is not None]
    return " AND ".join(text for text, _ in chosen) or "1", [value for _, value in chosen]


def papers(db: sqlite3.Connection) -> list[str]:
    """Return the names of the papers, in order."""
    return [row[0] for row in db.execute("SELECT DISTINCT paper FROM issues ORDER BY paper")]


def extent(db: sqlite3.Connection, filters: Filters) -> Extent:
    """Count what lies within the filters."""
    condition, values = where(filters)
    issues, first, last = db.execute(
        f"SELECT count(*), min(issue_date), max({LAST_DAY}) FROM issues i WHERE {condition}", values
    ).fetchone()
    articles = db.execute(
        f"SELECT count(*) FROM articles a JOIN issues i USING (issue_id) WHERE {_NEWS} AND {condition}", values
    ).fetchone()[0]
    chunks = db.execute(
        f"SELECT count(*) FROM chunks c JOIN articles a USING (article_id) JOIN issues i USING (issue_id) WHERE {condition}",
        values,
    ).fetchone()[0]
    return Extent(
        issues, articles, chunks, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
    )


# Issues by their days


def summaries(db: sqlite3.Connection, limit: int, after: str | None) -> list[IssueSummary]:
    """List issues, newest first, behind the one with the id `after`."""
    return _summaries(
        db,
        """
        WHERE :after IS NULL OR (issue_date, issue_id) < (SELECT issue_date, issue_id FROM issues WHERE issue_id = :after)
        ORDER BY issue_date DESC, issue_id DESC LIMIT :limit
        """,
        after=after, limit=limit,
    )  # fmt: skip


def issues_beside(db: sqlite3.Connection, day: date, paper: str | None) -> tuple[IssueSummary | None, IssueSummary | None]:
    """Return the last issue before a day and the first one behind it, of one paper if given."""
    facts = {"day": day.isoformat(), "paper": paper}
    held = "(:paper IS NULL OR paper = :paper)"
    before = _summaries(db, f"WHERE {LAST_DAY} < :day AND {held} ORDER BY issue_date DESC, issue_id DESC LIMIT 1", **facts)
    after = _summaries(db, f"WHERE issue_date > :day AND {held} ORDER BY issue_date, issue_id LIMIT 1", **facts)
    return next(iter(before), None), next(iter(after), None)


def _summaries(db: sqlite3.Connection, which: str, **values: object) -> list[IssueSummary]:
    rows = db.execute(
        f"""
        SELECT issue_id, paper, issue_date, issue_number,
               (SELECT count(*) FROM articles a WHERE a.issue_id = i.issue_id AND {_NEWS}),
               (SELECT count(*) FROM articles a JOIN chunks c USING (article_id) WHERE a.issue_id = i.issue_id),
               last_date, edition
        FROM issues i {which}
        """,
        values,
    )
    return [
        IssueSummary(issue_id, paper, date.fromisoformat(day), number, articles, chunks, day_or_none(last), edition)
        for issue_id, paper, day, number, articles, chunks, last, edition in rows
    ]


def issue_days(db: sqlite3.Connection) -> list[IssueDay]:
    """Return all issues, oldest first."""
    return _days(db, "GROUP BY i.issue_id ORDER BY i.issue_date, i.issue_id")


def masthead_facts(db: sqlite3.Connection) -> list[MastheadFacts]:
    """Return what the mastheads of all issues say, oldest first."""
    rows = db.execute(
        "SELECT i.issue_id, i.paper, i.issue_date, i.issue_number, coalesce(a.body, '') FROM issues i "
        f"LEFT JOIN articles a ON a.issue_id = i.issue_id AND a.ordinal = {MASTHEAD_ORDINAL} ORDER BY i.issue_date, i.issue_id"
    )
    return [MastheadFacts(row[0], row[1], date.fromisoformat(row[2]), row[3], row[4]) for row in rows]


def issues_of_day(db: sqlite3.Connection, day: date) -> list[IssueDay]:
    """Return the issues that all papers printed on one day."""
    rest = f"WHERE i.issue_date <= ? AND {LAST_DAY} >= ? GROUP BY i.issue_id ORDER BY i.issue_id"
    return _days(db, rest, day.isoformat(), day.isoformat())


def issue_before(db: sqlite3.Connection, paper: str, day: date) -> IssueDay | None:
    """Return the last issue of a paper before a day, or None."""
    rest = f"WHERE i.paper = ? AND {LAST_DAY} < ? GROUP BY i.issue_id ORDER BY i.issue_date DESC LIMIT 1"
    return next(iter(_days(db, rest, paper, day.isoformat())), None)


def issue_after(db: sqlite3.Connection, paper: str, day: date) -> IssueDay | None:
    """Return the first issue of a paper after a day, or None."""
    rest = "WHERE i.paper = ? AND i.issue_date > ? GROUP BY i.issue_id ORDER BY i.issue_date LIMIT 1"
    return next(iter(_days(db, rest, paper, day.isoformat())), None)


def _days(db: sqlite3.Connection, rest: str, *values: str) -> list[IssueDay]:
    rows = db.execute(_LINE + rest, values)
    return [
        IssueDay(issue_id, paper, date.fromisoformat(day), number, articles, day_or_none(last), edition)
        for issue_id, paper, day, number, articles, last, edition in rows
    ]


def day_or_none(text: str | None) -> date | None:
    """Return a stored day."""
    return date.fromisoformat(text) if text else None


# Issues and articles by their ids


def issue_ids(db: sqlite3.Connection) -> list[str]:
    """Return the ids of all issues, in order."""
    return [row[0] for row in db.execute("SELECT issue_id FROM issues ORDER BY issue_id")]


def ids_of_issue(db: sqlite3.Connection, paper: str, day: date, edition: str | None) -> list[str]:
    """Return the id of the issue of a paper, day and edition; several only where one of them is damaged."""
    sql = "SELECT issue_id FROM issues WHERE paper = ? AND issue_date = ? AND edition IS ? ORDER BY issue_id"
    return [row[0] for row in db.execute(sql, (paper, day.isoformat(), edition))]


def ids_within(db: sqlite3.Connection, issue_id: str) -> list[str]:
    """Return the ids of an issue's articles, its masthead among them."""
    return [row[0] for row in db.execute("SELECT article_id FROM articles WHERE issue_id = ?", (issue_id,))]


def slugs(db: sqlite3.Connection) -> dict[str, str]:
    """Return the slug of each paper that ever had an issue here; where it was damaged, that of the ids of its issues."""
    held = dict(db.execute("SELECT paper, slug FROM papers").fetchall())
    for paper in sqlite_seals.broken_among(db, "papers", list(held)):
        del held[str(paper)]
    rows = db.execute("SELECT paper, issue_date, min(issue_id) FROM issues GROUP BY paper").fetchall()
    for paper, day, issue_id in rows:
        slug, found, _ = str(issue_id).partition(f"-{day}")
        if found and paper not in held and slug not in held.values():
            held[paper] = slug
    return held


def issue(db: sqlite3.Connection, issue_id: str) -> Issue | None:
    """Return an issue with its articles, or None."""
    row = db.execute(
        "SELECT paper, issue_date, issue_number, pages, cn_number, warnings, edition, last_date FROM issues WHERE issue_id = ?",
        (issue_id,),
    ).fetchone()
    if row is None:
        return None
    printed = db.execute(
        f"""
        SELECT path, place, ordinal, {ARTICLE_FIELDS} FROM articles LEFT JOIN files USING (file_id)
        WHERE issue_id = ? ORDER BY ordinal
        """,
        (issue_id,),
    ).fetchall()
    masthead = next((as_article(ordinal, fields) for _, _, ordinal, *fields in printed if ordinal == MASTHEAD_ORDINAL), None)
    found = {f"{issue_id}-{ordinal:02d}": as_article(ordinal, fields) for _, _, ordinal, *fields in printed if ordinal}
    articles = sqlite_corrections.with_readings(db, found)
    placed = in_print_order(
        [
            Printed(path or "", place, ordinal, articles[f"{issue_id}-{ordinal:02d}"])
            for path, place, ordinal, *_ in printed
            if ordinal
        ]
    )
    ordinals = tuple(one.ordinal for one in placed)
    return Issue(
        issue_id, row[0], date.fromisoformat(row[1]), tuple(one.article for one in placed),
        row[2], row[3], row[4], tuple(row[5].split("\n") if row[5] else ()), masthead, row[6], day_or_none(row[7]),
        () if ordinals == tuple(range(1, len(ordinals) + 1)) else ordinals,
        printed_date=sqlite_corrections.printed_days(db, [issue_id]).get(issue_id),
    )  # fmt: skip


def as_article(ordinal: int, fields: Sequence[Any]) -> Article:
    """Make an article of its ordinal and ARTICLE_FIELDS; the ordinal tells its kind."""
    kind = ArticleKind.MASTHEAD if ordinal == MASTHEAD_ORDINAL else ArticleKind.NEWS
    return replace(Article(*fields), kind=kind)


def issue_of(db: sqlite3.Connection, article_id: str) -> tuple[Issue, int] | None:
    """Return the issue that holds an article and the article's place in it, from 0; or None."""
    row = db.execute("SELECT issue_id, ordinal FROM articles WHERE article_id = ?", (article_id,)).fetchone()
    found = issue(db, row[0]) if row else None
    if found is None or row[1] == MASTHEAD_ORDINAL:
        return (found, -1) if found else None
    return found, found.ordinals.index(row[1]) if found.ordinals else row[1] - 1


def mastheads(db: sqlite3.Connection, filters: Filters, limit: int) -> list[Passage]:
    """Return the mastheads within the filters, newest first, each as one passage."""
    condition, values = where(filters)
    rows = db.execute(
        f"""
        SELECT a.article_id, i.issue_id, i.paper, i.issue_date, i.issue_number, i.last_date, i.edition, {PREFIXED_FIELDS}
        FROM issues i JOIN articles a USING (issue_id)
        WHERE a.ordinal = {MASTHEAD_ORDINAL} AND {condition} ORDER BY i.issue_date DESC, i.issue_id DESC LIMIT ?
        """,
        (*values, limit),
    )
    found = ((*row[:7], as_article(MASTHEAD_ORDINAL, row[7:])) for row in rows)
    return [
        Passage(
            f"{article_id}-1", article_id, issue_id, paper, date.fromisoformat(day), number, article, 0, len(article.body),
            last_date=day_or_none(last), edition=edition,
        )
        for article_id, issue_id, paper, day, number, last, edition, article in found
    ]  # fmt: skip


def masthead_of(db: sqlite3.Connection, article_id: str) -> Passage | None:
    """Return the masthead of this article id as a passage; None where that names none."""
    row = db.execute("SELECT issue_id FROM articles WHERE article_id = ? AND ordinal = 0", (article_id,)).fetchone()
    return next(iter(mastheads(db, Filters(issue_id=row[0]), 1)), None) if row else None


def article_ids(db: sqlite3.Connection) -> list[str]:
    """Return the ids of all articles, in order, mastheads aside."""
    return [row[0] for row in db.execute(f"SELECT article_id FROM articles a WHERE {_NEWS} ORDER BY article_id")]


def printed_articles(db: sqlite3.Connection, article_ids: Sequence[str]) -> list[PrintedArticle]:
    """Return these articles, in this order; one that is not there is left out."""
    sql = f"SELECT issue_date, ordinal, {ARTICLE_FIELDS} FROM articles JOIN issues USING (issue_id) WHERE article_id = ?"
    rows = {article_id: db.execute(sql, (article_id,)).fetchone() for article_id in article_ids}
    articles = {article_id: as_article(row[1], row[2:]) for article_id, row in rows.items() if row}
    return [
        PrintedArticle(article_id, date.fromisoformat(rows[article_id][0]), article)
        for article_id, article in sqlite_corrections.with_readings(db, articles).items()
    ]


# What is printed where


def headlines(db: sqlite3.Connection) -> list[Headline]:
    """Return the headlines of all articles, newest first."""
    rows = db.execute(
        f"SELECT a.article_id, i.issue_date, a.title, a.byline FROM issues i JOIN articles a USING (issue_id) WHERE {_NEWS} "
        "ORDER BY i.issue_date DESC, i.issue_id DESC, a.ordinal"
    )
    return [Headline(row[0], date.fromisoformat(row[1]), row[2], row[3]) for row in rows]


def articles_printing(db: sqlite3.Connection, texts: Sequence[str]) -> Iterator[str]:
    """Yield the ids of the articles, newest first and mastheads last, that hold each of these texts in the body or headline.

    What was printed for a corrected article counts too.
    SQLite goes through the bodies itself, as no index of words knows the parts of
    words: 50 to 80 ms for 20,873 articles of 6.8 million characters, in
    proportion to the archive, and less for whoever stops early.
    """
    held = "(instr(a.body, ?) OR instr(a.title, ?) OR instr(a.subtitle, ?) OR instr(a.kicker, ?))"
    # In a statement of its own: within this one it would nest deeper than SQLite takes.
    printed = json.dumps(sqlite_corrections.articles_printed_with(db, texts))
    condition = f"({' AND '.join([held] * len(texts))} OR a.article_id IN (SELECT value FROM json_each(?)))"
    values = [*(text for text in texts for _ in range(4)), printed]
    # A masthead prints the paper's name and the day, as every article may: it comes behind them.
    for kind in (_NEWS, f"a.ordinal = {MASTHEAD_ORDINAL}"):
        rows = db.execute(
            # CROSS keeps SQLite to this order of tables: the newest comes first, without sorting all.
            f"SELECT a.article_id FROM issues i CROSS JOIN articles a USING (issue_id) WHERE {kind} AND {condition} "
            "ORDER BY i.issue_date DESC, i.issue_id DESC, a.ordinal",
            values,
        )
        for row in rows:
            yield row[0]
