"""The tables of a SQLite catalogue; each statement runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3

from embeddings.store import sqlite_corrections, sqlite_reprints, sqlite_seals
from embeddings.store.records import Manifest

SCHEMA_VERSION = "4"
UNSEALED = "3"
"""The schema of archives that were made before anything was sealed; all else is as today."""

# A slug is given once and stays with its paper when the last issue of it goes, so that no other paper gets it.
# `next_ordinal` only rises: the number of an article that is gone is given to no other.
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (paper TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE) WITHOUT ROWID;
"""
_ISSUES = """
CREATE TABLE {issues} (
    issue_id TEXT PRIMARY KEY, paper TEXT NOT NULL, issue_date TEXT NOT NULL, last_date TEXT, edition TEXT,
    issue_number INTEGER, pages INTEGER, cn_number TEXT, warnings TEXT NOT NULL DEFAULT '',
    next_ordinal INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE {files} (
    file_id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
    reader TEXT NOT NULL, encoding TEXT, options TEXT NOT NULL DEFAULT ''
);
CREATE TABLE {issue_files} (
    issue_id TEXT NOT NULL REFERENCES {issues} ON DELETE CASCADE, file_id INTEGER NOT NULL REFERENCES {files} ON DELETE CASCADE,
    last_date TEXT, issue_number INTEGER, pages INTEGER, cn_number TEXT,
    masthead_title TEXT, masthead TEXT, warnings TEXT NOT NULL DEFAULT '', PRIMARY KEY (issue_id, file_id)
) WITHOUT ROWID;
CREATE TABLE {articles} (
    article_id TEXT PRIMARY KEY, issue_id TEXT NOT NULL REFERENCES {issues} ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, file_id INTEGER REFERENCES {files}, place INTEGER NOT NULL, letters TEXT NOT NULL,
    title TEXT NOT NULL, kicker TEXT, subtitle TEXT, "column" TEXT, byline TEXT, source TEXT,
    page TEXT, page_name TEXT, continued TEXT, url TEXT, body TEXT NOT NULL
);
"""
_INDEXES = """
CREATE INDEX issues_by_date ON issues (issue_date, issue_id);
CREATE INDEX issues_by_paper ON issues (paper, issue_date);
CREATE INDEX files_by_fingerprint ON files (fingerprint);
CREATE INDEX issues_of_file ON issue_files (file_id);
CREATE INDEX articles_by_issue ON articles (issue_id, ordinal);
CREATE INDEX articles_by_file ON articles (file_id);
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
PRINTED = ("issues", "files", "issue_files", "articles")
"""The tables of what files hold; the others are made from them, or tell what the archive is made with."""


def create_tables(db: sqlite3.Connection, manifest: Manifest) -> None:
    """Make the tables of an empty catalogue with this manifest."""
    execute_all(db, _SCHEMA)
    create_printed_tables(db)
    create_indexes(db)
    execute_all(db, _DERIVED.format(chunks="chunks", words="words", days="days"))
    facts = {"schema": SCHEMA_VERSION, **manifest.facts(), "generation": "0"}
    db.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
    seal_first(db)


def seal_first(db: sqlite3.Connection) -> None:
    """Seal a catalogue for the first time, and note that it is; earlier versions leave it alone from now on."""
    ensure_side_tables(db)
    sqlite_seals.ensure_table(db)
    db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (SCHEMA_VERSION,))
    sqlite_seals.seal_all(db)


def ensure_side_tables(db: sqlite3.Connection) -> None:
    """Make the tables that earlier catalogues lack, where they lack."""
    sqlite_corrections.ensure_tables(db)
    sqlite_reprints.ensure_tables(db)


def create_printed_tables(db: sqlite3.Connection, suffix: str = "") -> None:
    """Make the tables of what files hold, under their names or under others beside them."""
    execute_all(db, _ISSUES.format(**{table: table + suffix for table in PRINTED}))


def create_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes of the tables of what files hold."""
    execute_all(db, _INDEXES)


def advance(db: sqlite3.Connection) -> None:
    """Raise the generation: whoever searches sees that something changed."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def start_rebuild(db: sqlite3.Connection) -> None:
    """Make empty tables beside the live ones, for chunks that are made anew."""
    for table in ("chunks_next", "words_next", "days_next"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    execute_all(db, _DERIVED.format(chunks="chunks_next", words="words_next", days="days_next"))
    top = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    db.execute("INSERT INTO sqlite_sequence VALUES ('chunks_next', ?)", top)


def finish_rebuild(db: sqlite3.Connection, manifest: Manifest) -> None:
    """Put the tables made beside in the place of the live ones."""
    for table in ("chunks", "words", "days"):
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}_next RENAME TO {table}")
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", manifest.facts().items())
    sqlite_reprints.note_all(db)
    advance(db)
    sqlite_seals.seal_all(db, ("meta", *sqlite_seals.DERIVED))


def execute_all(db: sqlite3.Connection, script: str) -> None:
    """Run several statements; sqlite3's own executescript would commit the caller's transaction first."""
    for statement in script.split(";\n"):
        db.execute(statement)
