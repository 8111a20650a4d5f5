"""Checking that a SQLite catalogue is whole: every chunk in its article, with its words and its vector."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection

import numpy as np

from embeddings.messages import MESSAGES, Message
from embeddings.records import Filters
from embeddings.store.sqlite_chunks import keys, vectors
from embeddings.store.sqlite_issues import MASTHEAD_ORDINAL
from embeddings.store.sqlite_seals import KINDS, broken, has_seals

log = logging.getLogger(__name__)

_TOLERANCE = 1e-3  # of a vector's length


def find_problems(db: sqlite3.Connection, dimension: int) -> list[Message]:
    """Return what is wrong; raises sqlite3.DatabaseError where a page is too damaged for SQLite's own check to go on."""
    problems: list[Message] = []
    # SQLite says each in a sentence of its own language.
    if damages := [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]:
        log.debug("PRAGMA integrity_check: %s", "; ".join(damages))
        problems.append(MESSAGES.message("verify_damaged", count=len(damages)))
    problems += [*_check_counts(db), *_check_offsets(db), *_check_sizes(db, dimension), *_check_lengths(db, dimension)]
    told = {one.values["chunk"] for one in problems if "chunk" in one.values}
    return [*problems, *_check_seals(db, told)]


def check_full_text(db: sqlite3.Connection) -> list[Message]:
    """Compare the index of words with the words; outside of a transaction, for FTS5's own check takes the writer's lock.

    Nothing is written. SQLite's integrity_check includes it from 3.44 on.
    """
    if not db.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'words'").fetchone():
        return []
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        return [MESSAGES.message("verify_words_index")]
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return []


def _check_seals(db: sqlite3.Connection, told: Collection[object]) -> list[Message]:
    """Name all that is not as it was stored, chunks aside of which that is told already."""
    if not has_seals(db):
        # Only a catalogue of an earlier version was never sealed.
        schema = db.execute("SELECT value FROM main.meta WHERE key = 'schema'").fetchone()
        return [] if schema and schema[0] in ("2", "3") else [MESSAGES.message("verify_no_seals")]
    found = []
    for kind in KINDS:
        for name in broken(db, kind):
            if kind in ("chunks", "vectors", "words"):
                if name in told or not _is_chunk(db, name, kind):
                    continue
                found.append(MESSAGES.message(f"verify_seal_{kind}", chunk=name, issue_id=_issue_of_chunk(db, name)))
            else:
                issue_id = str(name).rpartition("-")[0]
                found.append(MESSAGES.message(f"verify_seal_{kind}", name=name, issue_id=issue_id))
    return found


def _is_chunk(db: sqlite3.Connection, name: object, kind: str) -> bool:
    """Say whether a chunk is there, with its words where these are meant; where not, the counts have told it."""
    if not db.execute("SELECT 1 FROM chunks WHERE chunk_key = ?", (name,)).fetchone():
        return False
    return kind != "words" or db.execute("SELECT 1 FROM words WHERE rowid = ?", (name,)).fetchone() is not None


def _issue_of_chunk(db: sqlite3.Connection, key: object) -> str:
    row = db.execute("SELECT article_id FROM chunks WHERE chunk_key = ?", (key,)).fetchone()
    return str(row[0]).rpartition("-")[0] if row else ""


def _check_counts(db: sqlite3.Connection) -> list[Message]:
    """Compare the chunks with the search words and the articles they belong to."""
    problems = []
    for key, sql in (
        ("chunks_without_words", "SELECT count(*) FROM chunks WHERE chunk_key NOT IN (SELECT rowid FROM words)"),
        ("words_without_chunk", "SELECT count(*) FROM words WHERE rowid NOT IN (SELECT chunk_key FROM chunks)"),
        ("chunks_without_article", "SELECT count(*) FROM chunks WHERE article_id NOT IN (SELECT article_id FROM articles)"),
        (
            "articles_without_chunk",
            f"SELECT count(*) FROM articles WHERE ordinal != {MASTHEAD_ORDINAL} "
            "AND article_id NOT IN (SELECT article_id FROM chunks)",
        ),
        ("days_without_chunk", "SELECT count(*) FROM days WHERE chunk_key NOT IN (SELECT chunk_key FROM chunks)"),
        (
            "articles_without_file",
            f"SELECT count(*) FROM articles WHERE ordinal != {MASTHEAD_ORDINAL} "
            "AND (file_id IS NULL OR file_id NOT IN (SELECT file_id FROM files))",
        ),
        ("articles_without_issue", "SELECT count(*) FROM articles WHERE issue_id NOT IN (SELECT issue_id FROM issues)"),
    ):
        if count := db.execute(sql).fetchone()[0]:
            problems.append(MESSAGES.message(f"verify_{key}", count=count))
    return problems


def _check_offsets(db: sqlite3.Connection) -> list[Message]:
    """Check that every chunk is a slice of its article's body."""
    rows = db.execute(
        "SELECT chunk_key, article_id FROM chunks JOIN articles USING (article_id) "
        'WHERE start < 0 OR start >= "end" OR "end" > length(body)'
    )
    return [MESSAGES.message("verify_offsets", chunk=key, article_id=article_id) for key, article_id in rows]


def _check_sizes(db: sqlite3.Connection, dimension: int) -> list[Message]:
    """Check that every vector has as many numbers as the archive's."""
    size = 4 * dimension
    rows = db.execute("SELECT chunk_key, length(vector) FROM chunks WHERE length(vector) != ?", (size,))
    return [MESSAGES.message("verify_vector_bytes", chunk=key, found=length, wanted=size) for key, length in rows]


def _check_lengths(db: sqlite3.Connection, dimension: int) -> list[Message]:
    """Check that every vector is of unit length."""
    problems: list[Message] = []
    for batch, found in vectors(db, keys(db, Filters()).tolist(), dimension):
        with np.errstate(all="ignore"):  # a flipped bit makes numbers of any size
            wrong = batch[~(np.abs(np.linalg.norm(found, axis=1) - 1) < _TOLERANCE)]  # so that NaN is wrong too
        problems += [MESSAGES.message("verify_vector_length", chunk=key) for key in wrong.tolist()]
    return problems
