"""Reading chunks from a SQLite catalogue: their keys, passages and vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from embeddings.records import Article, Days, Filters, Passage, Precision
from embeddings.store import sqlite_corrections
from embeddings.store.records import Keys, Matrix
from embeddings.store.sqlite_issues import LAST_DAY, PREFIXED_FIELDS, day_or_none, masthead_of, where

_PASSAGE = f"""
SELECT c.chunk_key, c.ordinal, c.start, c."end", a.article_id, i.issue_id, i.paper, i.issue_date, i.issue_number,
       i.last_date, i.edition,       {PREFIXED_FIELDS}
FROM chunks c JOIN articles a USING (article_id) JOIN issues i USING (issue_id)
"""
_JOINED = "issues i JOIN articles a USING (issue_id) JOIN chunks c USING (article_id)"


def keys(db: sqlite3.Connection, filters: Filters) -> Keys:
    """Return the keys of all chunks within the filters, ascending."""
    if filters.empty:
        return ascending(db.execute("SELECT chunk_key FROM chunks INDEXED BY sqlite_autoindex_chunks_1"))
    condition, values = where(filters)
    return ascending(db.execute(f"SELECT chunk_key FROM {_JOINED} WHERE {condition}", values))


def keys_of_days(db: sqlite3.Connection, days: Days, filters: Filters) -> Keys:
    """Return the keys of chunks printed on these days or speaking of days within them, ascending."""
    condition, values = where(filters)
    span = days.first.isoformat(), days.last.isoformat()
    return ascending(
        db.execute(
            f"""
            SELECT chunk_key FROM {_JOINED} WHERE {condition} AND {LAST_DAY} >= ? AND i.issue_date <= ? UNION
            SELECT chunk_key FROM {_JOINED} WHERE {condition}
            AND chunk_key IN (SELECT chunk_key FROM days WHERE first >= ? AND last <= ?)
            """,
            (*values, *span, *values, *span),
        )
    )


def ascending(rows: Iterable[tuple[int]]) -> Keys:
    """Return the keys of rows that hold one each, ascending."""
    return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))


def vectors(db: sqlite3.Connection, keys: Iterable[int], dimension: int) -> Iterator[tuple[Keys, Matrix]]:
    """Yield the stored vectors of these keys in batches of (keys, vectors)."""
    for batch in _batches(keys, 8192):
        marks = ",".join(map(str, batch))
        rows = db.execute(
            f"SELECT chunk_key, vector FROM chunks WHERE chunk_key IN ({marks}) AND length(vector) = {4 * dimension}"
        ).fetchall()
        found = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), dimension)
        yield np.array([row[0] for row in rows], dtype=np.int64), found


def owners(db: sqlite3.Connection, keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the article and the issue of each of these chunks, by their ids; a key whose chunk is gone is left out."""
    found: dict[int, tuple[str, str]] = {}
    sql = "SELECT chunk_key, article_id, issue_id FROM chunks JOIN articles USING (article_id) WHERE chunk_key IN "
    for batch in _batches(keys, 500):
        found |= {key: ids for key, *ids in db.execute(f"{sql} ({','.join(map(str, batch))})")}
    return found


def passages(db: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Passage]:
    """Return the passages of these chunk keys; a key whose chunk is gone is left out."""
    found = {}
    for batch in _batches(keys, 500):
        days = _days(db, batch)
        for row in db.execute(f"{_PASSAGE} WHERE c.chunk_key IN ({','.join(map(str, batch))})"):
            key, ordinal, start, end, article_id, issue_id, paper, day, number, last, edition, *fields = row
            found[key] = Passage(
                f"{article_id}-{ordinal}", article_id, issue_id, paper, date.fromisoformat(day), number,
                Article(*fields), start, end, tuple(days.get(key, ())), day_or_none(last), edition,
            )  # fmt: skip
        found |= _with_print(db, {key: found[key] for key in batch if key in found})
    return found


def _with_print(db: sqlite3.Connection, some: dict[int, Passage]) -> dict[int, Passage]:
    """Return passages with what was printed for their articles, where the operator corrected it."""
    articles = sqlite_corrections.with_readings(db, {passage.article_id: passage.article for passage in some.values()})
    printed = sqlite_corrections.printed_days(db, (passage.issue_id for passage in some.values()))
    return {
        key: replace(passage, article=articles[passage.article_id], printed_date=printed.get(passage.issue_id))
        for key, passage in some.items()
    }


def passage_at(db: sqlite3.Connection, article_id: str, offset: int) -> Passage | None:
    """Return the last chunk of an article that begins at or before an offset of its body, or else its first; None if gone.

    A masthead is its own only passage.
    """
    row = db.execute(
        "SELECT chunk_key FROM chunks WHERE article_id = ? AND (start <= ? OR ordinal = 1) ORDER BY ordinal DESC LIMIT 1",
        (article_id, offset),
    ).fetchone()
    return passages(db, [row[0]]).get(row[0]) if row else masthead_of(db, article_id)


def _days(db: sqlite3.Connection, keys: Sequence[int]) -> dict[int, list[Days]]:
    """Return the days that these chunks speak of, earliest first."""
    found: dict[int, list[Days]] = {}
    marks = ",".join(map(str, keys))
    # The primary key holds them in this order, so that none is sorted.
    sql = f"SELECT * FROM days WHERE chunk_key IN ({marks}) ORDER BY chunk_key, first, last, precision"
    for key, first, last, precision in db.execute(sql):
        span = Days(date.fromisoformat(first), date.fromisoformat(last), Precision(precision))
        found.setdefault(key, []).append(span)
    return found


def _batches(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """Cut keys into lists of at most `size`."""
    batch: list[int] = []
    for key in keys:
        batch.append(int(key))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
