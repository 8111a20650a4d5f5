"""Reprints in a SQLite catalogue: a signature for each article, and the pairs of articles that are one piece of news.

All of it is made of the articles and goes with them; an archive that was made before has none until it is rebuilt.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from embeddings.store.records import Printing
from embeddings.store.same_news import SIZE, Signature, Tokens, bands, same_news, signature, tokens
from embeddings.store.sqlite_issues import MASTHEAD_ORDINAL

_TABLES = """
CREATE TABLE IF NOT EXISTS sketches (
    sketch_key INTEGER PRIMARY KEY, signature BLOB NOT NULL,
    article_id TEXT NOT NULL UNIQUE REFERENCES articles ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE IF NOT EXISTS sketch_bands (
    hash INTEGER NOT NULL, sketch_key INTEGER NOT NULL REFERENCES sketches ON DELETE CASCADE, PRIMARY KEY (hash, sketch_key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sketch_bands_by_sketch ON sketch_bands (sketch_key);
CREATE TABLE IF NOT EXISTS reprints (
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE ON UPDATE CASCADE,
    other_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reprints_by_other ON reprints (other_id)
"""
_LOOKED_AT, _COMPARED = 96, 24  # articles whose signatures are compared, and whose texts: a daily bulletin has hundreds alike
_SHARED = 0.25  # of the numbers of two signatures that must agree before their texts are read
_tokens_of = lru_cache(128)(tokens)  # what comes in the same words every day is compared with the same few
_PRINTING = """
SELECT a.article_id, i.issue_id, i.paper, i.issue_date, CAST(a.page AS TEXT), a.title
FROM articles a JOIN issues i USING (issue_id)
"""


def ensure_tables(db: sqlite3.Connection) -> None:
    """Make the tables where they lack, inside the caller's transaction."""
    for statement in _TABLES.split(";\n"):
        db.execute(statement)


def note_article(db: sqlite3.Connection, article_id: str) -> None:
    """Make the signature of a stored article, in place of any that it had, and find what it is a reprint of."""
    db.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM reprints WHERE article_id = ? OR other_id = ?", (article_id, article_id))
    own = _read(db, article_id)
    made = signature(own) if own else None
    if own is None or made is None:
        return
    hashes = [value ^ band for band, value in bands(made)]
    for other_id in _alike(db, made, hashes):
        other = _read(db, other_id)
        if other and same_news(own, other):
            db.executemany("INSERT INTO reprints VALUES (?, ?)", ((article_id, other_id), (other_id, article_id)))
    key = db.execute(
        "INSERT INTO sketches (signature, article_id) VALUES (?, ?)", (made.astype("<u4").tobytes(), article_id)
    ).lastrowid
    db.executemany("INSERT OR IGNORE INTO sketch_bands VALUES (?, ?)", ((value, key) for value in hashes))


def note_all(db: sqlite3.Connection) -> None:
    """Make the signatures of all articles anew, and with them the pairs."""
    for table in ("reprints", "sketch_bands", "sketches"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    ensure_tables(db)
    for (article_id,) in db.execute("SELECT article_id FROM articles ORDER BY article_id").fetchall():
        note_article(db, article_id)


def printings(db: sqlite3.Connection, article_id: str) -> list[Printing]:
    """Return all printings of an article's news, itself among them, first print first; none where it has no reprint."""
    if not _is_made(db):
        return []
    found = db.execute(
        f"""
        WITH RECURSIVE same(article_id) AS (
            SELECT other_id FROM reprints WHERE article_id = ?
            UNION SELECT other_id FROM same JOIN reprints USING (article_id)
        )
        {_PRINTING} WHERE a.article_id IN same ORDER BY i.issue_date, i.issue_id, a.ordinal
        """,
        (article_id,),
    )
    return [_printing(row) for row in found]


def groups(db: sqlite3.Connection) -> list[list[Printing]]:
    """Return all news that was printed more than once, each with its printings, in the order of the first prints."""
    if not _is_made(db):
        return []
    rows = db.execute(f"{_PRINTING} WHERE a.article_id IN (SELECT article_id FROM reprints) ORDER BY 4, 2, a.ordinal")
    seen: set[str] = set()
    found: list[list[Printing]] = []
    for row in rows.fetchall():
        if row[0] not in seen:
            found.append(printings(db, row[0]))
            seen.update(one.article_id for one in found[-1])
    return found


def _is_made(db: sqlite3.Connection) -> bool:
    """Say whether the tables are there: read paths make none."""
    return db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'reprints'").fetchone() is not None


def _read(db: sqlite3.Connection, article_id: str) -> Tokens | None:
    """Return what of an article is compared; None of a masthead, which is alike every day."""
    row = db.execute(
        "SELECT body, issue_date FROM articles JOIN issues USING (issue_id) WHERE article_id = ? AND ordinal != ?",
        (article_id, MASTHEAD_ORDINAL),
    ).fetchone()
    return _tokens_of(row[0], date.fromisoformat(row[1])) if row else None


def _alike(db: sqlite3.Connection, made: Signature, hashes: Sequence[int]) -> list[str]:
    """Return the articles that share most bands with a signature, and enough of its numbers."""
    marks = ",".join("?" * len(hashes))
    rows = db.execute(
        f"SELECT article_id, signature FROM sketch_bands JOIN sketches USING (sketch_key) WHERE hash IN ({marks}) "
        "GROUP BY sketch_key ORDER BY count(*) DESC, sketch_key DESC LIMIT ?",
        (*hashes, _LOOKED_AT),
    )
    agreeing = [(int(np.count_nonzero(made == np.frombuffer(stored, dtype="<u4"))), other_id) for other_id, stored in rows]
    return [other_id for count, other_id in sorted(agreeing, reverse=True)[:_COMPARED] if count >= _SHARED * SIZE]


def _printing(row: Sequence[str]) -> Printing:
    article_id, issue_id, paper, day, page, title = row
    return Printing(article_id, issue_id, paper, date.fromisoformat(day), page, title)
