"""The issues by their days: all of them in one list, those around one, and how often words stand in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.store.catalogue import Catalog

_LINE = """
SELECT i.issue_id, i.paper, i.issue_date, i.issue_number, count(a.ordinal)
FROM issues i LEFT JOIN articles a USING (issue_id)
"""


@dataclass(frozen=True, slots=True)
class IssueDay:
    """One issue as a calendar shows it."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int


def issue_days(catalog: Catalog) -> list[IssueDay]:
    """Return all issues, oldest first."""
    return _days(catalog, "GROUP BY i.issue_id ORDER BY i.issue_date, i.issue_id")


def issues_of_day(catalog: Catalog, day: date) -> list[IssueDay]:
    """Return the issues that all papers printed on one day."""
    return _days(catalog, "WHERE i.issue_date = ? GROUP BY i.issue_id ORDER BY i.issue_id", day.isoformat())


def issue_before(catalog: Catalog, paper: str, day: date) -> IssueDay | None:
    """Return the last issue of a paper before a day, or None."""
    where = "WHERE i.paper = ? AND i.issue_date < ? GROUP BY i.issue_id ORDER BY i.issue_date DESC LIMIT 1"
    return next(iter(_days(catalog, where, paper, day.isoformat())), None)


def issue_after(catalog: Catalog, paper: str, day: date) -> IssueDay | None:
    """Return the first issue of a paper after a day, or None."""
    where = "WHERE i.paper = ? AND i.issue_date > ? GROUP BY i.issue_id ORDER BY i.issue_date LIMIT 1"
    return next(iter(_days(catalog, where, paper, day.isoformat())), None)


def matching_passages(catalog: Catalog, words: Sequence[str]) -> dict[str, int]:
    """Count for each issue the passages that hold every one of these search words; issues without any are left out."""
    if not words:
        return {}
    query = " AND ".join(f'"{word}"' for word in dict.fromkeys(word.replace('"', "") for word in words))
    rows = catalog.db.execute(
        "SELECT a.issue_id, count(*) FROM words JOIN chunks c ON c.chunk_key = words.rowid JOIN articles a USING (article_id) "
        "WHERE words MATCH ? GROUP BY a.issue_id",
        (query,),
    )
    return dict(rows)


def _days(catalog: Catalog, rest: str, *values: str) -> list[IssueDay]:
    rows = catalog.db.execute(_LINE + rest, values)
    return [IssueDay(row[0], row[1], date.fromisoformat(row[2]), row[3], row[4]) for row in rows]
