"""The tables of a SQLite catalogue, and every statement that changes them; each runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from embeddings.records import Article, Issue
from embeddings.store.records import Entry, Manifest
from embeddings.store.sqlite_issues import MASTHEAD_ORDINAL

SCHEMA_VERSION = "2"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE issues (
    issue_id TEXT PRIMARY KEY, paper TEXT NOT NULL, issue_date TEXT NOT NULL, issue_number INTEGER,
    pages INTEGER, cn_number TEXT, warnings TEXT NOT NULL DEFAULT '',
    source_path TEXT NOT NULL, fingerprint TEXT NOT NULL
);
CREATE INDEX issues_by_date ON issues (issue_date, issue_id);
CREATE INDEX issues_by_fingerprint ON issues (fingerprint);
CREATE INDEX issues_by_path ON issues (source_path);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, issue_id TEXT NOT NULL REFERENCES issues ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, title TEXT NOT NULL, kicker TEXT, subtitle TEXT, "column" TEXT,
    byline TEXT, source TEXT, page TEXT, url TEXT, body TEXT NOT NULL
);
CREATE INDEX articles_by_issue ON articles (issue_id, ordinal);
"""
# Keys are never used twice (AUTOINCREMENT, carried over by a rebuild), so a vector index that is
# older than the catalogue can miss a chunk but never point at another one.
_DERIVED = """
CREATE TABLE {chunks} (
    chunk_key INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (article_id, ordinal)
);
CREATE TABLE {days} (
    chunk_key INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, precision TEXT NOT NULL,
    PRIMARY KEY (chunk_key, first, last, precision)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE {words} USING fts5(title, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.%'");
"""


def create_tables(db: sqlite3.Connection, manifest: Manifest) -> None:
    """Make the tables of an empty catalogue with this manifest."""
    _execute_all(db, _SCHEMA + _DERIVED.format(chunks="chunks", words="words", days="days"))
    facts = {"schema": SCHEMA_VERSION, **manifest.facts(), "generation": "0"}
    db.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())


def advance(db: sqlite3.Connection) -> None:
    """Raise the generation: whoever searches sees that something changed."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def insert_issue(db: sqlite3.Connection, issue: Issue, entries: Sequence[Entry], source_path: str, fingerprint: str) -> None:
    """Store an issue with its masthead, its articles and all that is made of these."""
    db.execute(
        "INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (issue.issue_id, issue.paper, issue.issue_date.isoformat(), issue.issue_number, issue.pages, issue.cn_number,
         "\n".join(issue.warnings), source_path, fingerprint),
    )  # fmt: skip
    if issue.masthead is not None:
        _insert_article(db, issue, MASTHEAD_ORDINAL, issue.masthead)
    for ordinal, entry in enumerate(entries, start=1):
        _insert_article(db, issue, ordinal, entry.article)
        insert_chunks(db, issue.article_id(ordinal), entry)


def _insert_article(db: sqlite3.Connection, issue: Issue, ordinal: int, article: Article) -> None:
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (issue.article_id(ordinal), issue.issue_id, ordinal, article.title, article.kicker, article.subtitle, article.column,
         article.byline, article.source, article.page, article.url, article.body),
    )  # fmt: skip


def insert_chunks(db: sqlite3.Connection, article_id: str, entry: Entry, suffix: str = "") -> None:
    """Store the chunks of an article with their words, vectors and days, in the live tables or those beside them."""
    for chunk, (title, body), vector, days in zip(entry.chunks, entry.words, entry.vectors, entry.days, strict=True):
        key = db.execute(
            f'INSERT INTO chunks{suffix} (article_id, ordinal, start, "end", vector) VALUES (?, ?, ?, ?, ?)',
            (article_id, chunk.ordinal, chunk.start, chunk.end, vector.astype("<f4").tobytes()),
        ).lastrowid
        db.execute(f"INSERT INTO words{suffix} (rowid, title, body) VALUES (?, ?, ?)", (key, title, body))
        db.executemany(
            f"INSERT INTO days{suffix} VALUES (?, ?, ?, ?)",
            [(key, span.first.isoformat(), span.last.isoformat(), span.precision.value) for span in days],
        )


def delete_issues(db: sqlite3.Connection, issue_ids: Sequence[str]) -> None:
    """Delete issues with all that was made of them."""
    for issue_id in issue_ids:
        rows = db.execute("SELECT chunk_key FROM chunks JOIN articles USING (article_id) WHERE issue_id = ?", (issue_id,))
        keys = rows.fetchall()
        db.executemany("DELETE FROM words WHERE rowid = ?", keys)
        db.executemany("DELETE FROM days WHERE chunk_key = ?", keys)
        db.executemany("DELETE FROM chunks WHERE chunk_key = ?", keys)
        db.execute("DELETE FROM issues WHERE issue_id = ?", (issue_id,))  # its articles go with it


def start_rebuild(db: sqlite3.Connection) -> None:
    """Make empty tables beside the live ones, for chunks that are made anew."""
    for table in ("chunks_next", "words_next", "days_next"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    _execute_all(db, _DERIVED.format(chunks="chunks_next", words="words_next", days="days_next"))
    top = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    db.execute("INSERT INTO sqlite_sequence VALUES ('chunks_next', ?)", top)


def finish_rebuild(db: sqlite3.Connection, manifest: Manifest) -> None:
    """Put the tables made beside in the place of the live ones."""
    for table in ("chunks", "words", "days"):
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}_next RENAME TO {table}")
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", manifest.facts().items())
    advance(db)


def _execute_all(db: sqlite3.Connection, script: str) -> None:
    """Run several statements; sqlite3's own executescript would commit the caller's transaction first."""
    for statement in script.split(";\n"):
        db.execute(statement)
