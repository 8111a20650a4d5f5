"""What is printed where: articles that hold a text to the letter, the chunk around a place, and all headlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.catalog import Catalog
from embeddings.records import Passage


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and byline of one article."""

    article_id: str
    issue_date: date
    title: str
    byline: str | None


def articles_printing(catalog: Catalog, texts: Sequence[str]) -> Iterator[str]:
    """Yield the ids of the articles, newest first, that hold each of these texts in the body or in a line of the headline.

    SQLite goes through the bodies itself, as no index of words knows the parts of
    words: 50 to 80 ms for 20,873 articles of 6.8 million characters, in
    proportion to the archive, and less for whoever stops early.
    """
    held = "(instr(a.body, ?) OR instr(a.title, ?) OR instr(a.subtitle, ?) OR instr(a.kicker, ?))"
    where = " AND ".join([held] * len(texts))
    rows = catalog.db.execute(
        # CROSS keeps SQLite to this order of tables: the newest comes first, without sorting all.
        f"SELECT a.article_id FROM issues i CROSS JOIN articles a USING (issue_id) WHERE {where} "
        "ORDER BY i.issue_date DESC, i.issue_id DESC, a.ordinal",
        [text for text in texts for _ in range(4)],
    )
    for row in rows:
        yield row[0]


def passage_at(catalog: Catalog, article_id: str, offset: int = 0) -> Passage | None:
    """Return the last chunk of an article that begins at or before an offset of its body, or else its first; None if gone."""
    row = catalog.db.execute(
        "SELECT chunk_key FROM chunks WHERE article_id = ? AND (start <= ? OR ordinal = 1) ORDER BY ordinal DESC LIMIT 1",
        (article_id, offset),
    ).fetchone()
    return catalog.passages([row[0]]).get(row[0]) if row else None


def headlines(catalog: Catalog) -> list[Headline]:
    """Return the headlines of all articles, newest first."""
    rows = catalog.db.execute(
        "SELECT a.article_id, i.issue_date, a.title, a.byline FROM issues i JOIN articles a USING (issue_id) "
        "ORDER BY i.issue_date DESC, i.issue_id DESC, a.ordinal"
    )
    return [Headline(row[0], date.fromisoformat(row[1]), row[2], row[3]) for row in rows]
