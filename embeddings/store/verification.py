"""Checking that an archive is whole: every chunk in its article, every vector in its place."""

from __future__ import annotations

import sqlite3

import numpy as np

from embeddings.store.archive import Archive
from embeddings.store.vector_index import load_snapshot

_MEND_INDEX = "mend with: python -m embeddings rebuild --index-only"
_TOLERANCE = 1e-3  # of a vector's length


def verify(archive: Archive) -> list[str]:
    """Return what is wrong with an archive, an empty list where nothing is; writes nothing."""
    try:
        return _check(archive)
    except sqlite3.DatabaseError as error:  # a page too damaged for SQLite's own check to go on
        return [f"catalogue: {error}; restore it, or sync the issues into a new folder"]


def _check(archive: Archive) -> list[str]:
    """Go through all that the catalogue and the snapshot promise."""
    problems: list[str] = []
    catalog, manifest = archive.catalog, archive.manifest
    with catalog.read() as db:
        problems += [f"catalogue: {row[0]}" for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += _check_counts(db)
        problems += _check_offsets(db)
        problems += _check_vectors(db, manifest.dimension)
        keys = catalog.keys()
        for batch, vectors in catalog.vectors(keys.tolist(), manifest.dimension):
            lengths = np.linalg.norm(vectors, axis=1)
            wrong = batch[~(np.abs(lengths - 1) < _TOLERANCE)]  # so that NaN is wrong too
            problems += [f"chunk {key}: its vector is not of unit length" for key in wrong.tolist()]
        snapshot = load_snapshot(archive.folder, manifest.model, manifest.dimension)
        if snapshot is None:
            problems.append(f"vectors: no usable snapshot; {_MEND_INDEX}")
        elif snapshot.generation == catalog.generation() and not np.array_equal(np.sort(snapshot.keys), keys):
            problems.append(f"vectors: the snapshot holds other chunks than the catalogue; {_MEND_INDEX}")
    return problems


def _check_counts(db: sqlite3.Connection) -> list[str]:
    """Compare the chunks with the search words and the articles they belong to."""
    problems = []
    for text, sql in (
        ("chunks without search words", "SELECT count(*) FROM chunks WHERE chunk_key NOT IN (SELECT rowid FROM words)"),
        ("search words without a chunk", "SELECT count(*) FROM words WHERE rowid NOT IN (SELECT chunk_key FROM chunks)"),
        ("chunks without an article", "SELECT count(*) FROM chunks WHERE article_id NOT IN (SELECT article_id FROM articles)"),
        ("articles without a chunk", "SELECT count(*) FROM articles WHERE article_id NOT IN (SELECT article_id FROM chunks)"),
        ("days without a chunk", "SELECT count(*) FROM days WHERE chunk_key NOT IN (SELECT chunk_key FROM chunks)"),
        ("articles without an issue", "SELECT count(*) FROM articles WHERE issue_id NOT IN (SELECT issue_id FROM issues)"),
    ):
        if count := db.execute(sql).fetchone()[0]:
            problems.append(f"catalogue: {count} {text}; mend with: python -m embeddings rebuild")
    return problems


def _check_vectors(db: sqlite3.Connection, dimension: int) -> list[str]:
    """Check that every vector has the length of the archive's."""
    size = 4 * dimension
    rows = db.execute("SELECT chunk_key, length(vector) FROM chunks WHERE length(vector) != ?", (size,))
    return [f"chunk {key}: its vector has {length} bytes, not {size}" for key, length in rows]


def _check_offsets(db: sqlite3.Connection) -> list[str]:
    """Check that every chunk is a slice of its article's body."""
    rows = db.execute(
        "SELECT chunk_key, article_id FROM chunks JOIN articles USING (article_id) "
        'WHERE start < 0 OR start >= "end" OR "end" > length(body)'
    )
    return [f"chunk {key}: its offsets lie outside article {article_id}" for key, article_id in rows]
