"""What is printed where: articles that hold a text to the letter, the chunk around a place, and all headlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.records import Passage
from embeddings.store.catalogue import Catalog

_LATER = 40  # chunks looked at for references to an article


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


def later_articles(catalog: Catalog, article_id: str, words: Sequence[str]) -> dict[str, date]:
    """Return the articles of later issues of the same paper that share most with these words and name the paper (本报).

    The index of words ranks them, so that only few are looked at; each comes with its issue's date.
    """
    shared = " OR ".join(f'"{word}"' for word in words if '"' not in word)
    if not shared:
        return {}
    rows = catalog.db.execute(
        """
        SELECT later.article_id, i.issue_date FROM articles a JOIN issues own USING (issue_id)
        CROSS JOIN words CROSS JOIN chunks c ON c.chunk_key = words.rowid
        JOIN articles later ON later.article_id = c.article_id JOIN issues i ON i.issue_id = later.issue_id
        WHERE a.article_id = ? AND words MATCH ? AND i.paper = own.paper AND i.issue_date > own.issue_date
        ORDER BY bm25(words), words.rowid LIMIT ?
        """,
        (article_id, f'body : ({shared}) AND body : ("本报" OR "本刊" OR "本台" OR "更正")', _LATER),
    )
    return {row[0]: date.fromisoformat(row[1]) for row in rows}
