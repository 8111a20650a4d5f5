"""Mending a SQLite catalogue from the files that it was read from; each statement runs inside the writer's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from embeddings.messages import MESSAGES, Message
from embeddings.records import Issue
from embeddings.store import sqlite_reprints, sqlite_seals
from embeddings.store.records import FilePart, SourceFile
from embeddings.store.sqlite_files import delete_chunks, settle_issue

_NUMBERS_KEPT = 10_000  # numbers of articles that went, which an issue may have given; a flipped bit makes them more
_TOLD = ("issues", "articles", "corrections")
"""The kinds of which it is told that one is gone; the others are made anew, or are no loss."""
_ORPHANS = (
    ("words", "rowid NOT IN (SELECT chunk_key FROM chunks)"),
    ("days", "chunk_key NOT IN (SELECT chunk_key FROM chunks)"),
    ("doubts", "article_id NOT IN (SELECT article_id FROM articles)"),
    ("printed_articles", "article_id NOT IN (SELECT article_id FROM articles)"),
    ("printed_days", "issue_id NOT IN (SELECT issue_id FROM issues)"),
)


def mend_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes anew by which rows are found, and the index of words where it does not fit the words."""
    db.execute("REINDEX")
    try:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        db.execute("INSERT INTO words (words) VALUES ('rebuild')")


def make_way(db: sqlite3.Connection, source: SourceFile, parts: Sequence[FilePart], slugs: Mapping[str, str]) -> None:
    """Take away what is damaged where a file's content is to stand, so that none of it is sealed as it lies."""
    names = [row[0] for row in db.execute("SELECT paper FROM papers")]
    for name in sqlite_seals.broken_among(db, "papers", names):
        # Of these two one was damaged; the slug is that of the ids of the paper's issues.
        db.executemany(
            "DELETE FROM papers WHERE paper = ? AND (paper = ? OR slug = ?)",
            [(name, paper, slug) for paper, slug in slugs.items()],
        )
    for part in parts:
        _mend_issue(db, part.issue, source.path)
    rows = db.execute("SELECT article_id FROM articles JOIN files USING (file_id) WHERE path = ?", (source.path,)).fetchall()
    own = [row[0] for row in rows]
    for article_id in sqlite_seals.broken_among(db, "articles", own) | sqlite_seals.broken_among(db, "readings", own):
        delete_chunks(db, str(article_id))
        db.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))


def _mend_issue(db: sqlite3.Connection, issue: Issue, path: str) -> None:
    """Give a damaged issue its paper and day back; its other files are to be read again, for what they tell of it."""
    own = (issue.issue_id,)
    if not sqlite_seals.broken_among(db, "issues", own):
        return
    db.execute("DELETE FROM issue_files WHERE issue_id = ? AND file_id NOT IN (SELECT file_id FROM files)", own)
    db.execute(
        "UPDATE files SET fingerprint = '' WHERE path != ? AND file_id IN (SELECT file_id FROM issue_files WHERE issue_id = ?)",
        (path, *own),
    )
    facts = (issue.paper, issue.issue_date.isoformat(), issue.edition)
    db.execute("INSERT OR IGNORE INTO issues (issue_id, paper, issue_date, edition) VALUES (?, ?, ?, ?)", (*own, *facts))
    top = db.execute("SELECT coalesce(max(ordinal), 0) + 1 FROM articles WHERE issue_id = ?", own).fetchone()[0]
    db.execute(
        "UPDATE issues SET paper = ?, issue_date = ?, edition = ?, "
        "next_ordinal = CASE WHEN next_ordinal BETWEEN ? AND ? THEN next_ordinal ELSE ? END WHERE issue_id = ?",
        (*facts, top, top + _NUMBERS_KEPT, top, *own),
    )


def sweep(db: sqlite3.Connection) -> list[Message]:
    """Take away what belongs to nothing, and tell which issues, articles and corrections are gone; seals forget them."""
    lost = db.execute("SELECT article_id FROM chunks WHERE article_id NOT IN (SELECT article_id FROM articles)").fetchall()
    for (article_id,) in lost:
        delete_chunks(db, article_id)
    for table, orphaned in _ORPHANS:
        db.execute(f"DELETE FROM {table} WHERE {orphaned}")
    for file_id in list(sqlite_seals.broken(db, "files")):
        if not db.execute("SELECT 1 FROM articles WHERE file_id = ?", (file_id,)).fetchone():
            touched = db.execute("SELECT issue_id FROM issue_files WHERE file_id = ?", (file_id,)).fetchall()
            db.execute("DELETE FROM files WHERE file_id = ?", (file_id,))
            for (issue_id,) in touched:
                settle_issue(db, issue_id)
    for issue_id in list(sqlite_seals.broken(db, "issues")):
        held = "SELECT 1 FROM articles WHERE issue_id = ?1 UNION SELECT 1 FROM issue_files WHERE issue_id = ?1"
        if not db.execute(held, (issue_id,)).fetchone():
            db.execute("DELETE FROM issues WHERE issue_id = ?", (issue_id,))
    if any(True for kind in ("sketches", "reprints") for _ in sqlite_seals.broken(db, kind)):
        sqlite_reprints.note_all(db)
    return [
        MESSAGES.message(f"gone_{kind}", name=name)
        for kind, name in sqlite_seals.forget_gone(db)
        if kind in _TOLD
    ]  # fmt: skip
