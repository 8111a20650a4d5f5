"""Catalogues of schema 2, which knew one file for each issue: read as they lie, and brought up to date by the first writer."""

from __future__ import annotations

import sqlite3
from collections import Counter

from embeddings.records import Article
from embeddings.store.naming import choose_slug
from embeddings.store.records import same_letters
from embeddings.store.sqlite_reprints import note_all
from embeddings.store.sqlite_schema import PRINTED, create_indexes, create_printed_tables, seal_first

OLDER = "2"
# Views of a connection's own, which stand before the tables of the same name: whoever only reads needs to write nothing.
_VIEWS = {
    "papers": "SELECT paper, min(issue_id) AS slug FROM main.issues GROUP BY paper",
    "issues": """
        SELECT issue_id, paper, issue_date, NULL AS last_date, NULL AS edition, issue_number, pages, cn_number, warnings
        FROM main.issues
    """,
    "files": """
        SELECT rowid AS file_id, source_path AS path, fingerprint, '' AS reader, NULL AS encoding, '' AS options
        FROM main.issues
    """,
    "issue_files": "SELECT issue_id, rowid AS file_id FROM main.issues",
    "articles": """
        SELECT article_id, issue_id, ordinal, (SELECT o.rowid FROM main.issues o WHERE o.issue_id = a.issue_id) AS file_id,
               ordinal AS place, '' AS letters, title, kicker, subtitle, "column", byline, source,
               CAST(page AS TEXT) AS page, NULL AS page_name, NULL AS continued, url, body
        FROM main.articles a
    """,
}


def is_older(db: sqlite3.Connection) -> bool:
    """Say whether the catalogue is of schema 2, by now."""
    row = db.execute("SELECT value FROM main.meta WHERE key = 'schema'").fetchone()
    return row is not None and row[0] == OLDER


def show_as_new(db: sqlite3.Connection) -> None:
    """Let this connection read the tables of schema 2 as those of today."""
    for name, select in _VIEWS.items():
        db.execute(f"CREATE TEMP VIEW {name} AS {select}")


def show_no_more(db: sqlite3.Connection) -> None:
    """Let this connection read the tables themselves again."""
    for name in _VIEWS:
        db.execute(f"DROP VIEW IF EXISTS temp.{name}")


def upgrade(db: sqlite3.Connection) -> None:
    """Bring a catalogue of schema 2 up to date in place; every id, chunk and vector stays as it is."""
    show_no_more(db)
    db.execute("CREATE TABLE papers (paper TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE) WITHOUT ROWID")
    db.executemany("INSERT INTO papers VALUES (?, ?)", _slugs(db).items())
    create_printed_tables(db, "_3")
    db.execute(
        """
        INSERT INTO issues_3 SELECT issue_id, paper, issue_date, NULL, NULL, issue_number, pages, cn_number, warnings,
            (SELECT coalesce(max(ordinal), 0) + 1 FROM articles a WHERE a.issue_id = i.issue_id) FROM issues i
        """
    )
    db.execute(
        """
        INSERT OR IGNORE INTO files_3
        SELECT NULL, source_path, fingerprint, '', NULL, '' FROM issues ORDER BY issue_date, rowid
        """
    )
    db.execute(
        """
        INSERT INTO issue_files_3 SELECT issue_id, file_id, NULL, issue_number, pages, cn_number, m.title, m.body, warnings
        FROM issues i JOIN files_3 f ON f.path = i.source_path
        LEFT JOIN (SELECT issue_id, title, body FROM articles WHERE ordinal = 0) m USING (issue_id)
        """
    )
    db.create_function("letters_of", 2, lambda title, body: same_letters(Article(title, body)), deterministic=True)
    db.execute(
        """
        INSERT INTO articles_3 SELECT article_id, a.issue_id, ordinal, CASE WHEN ordinal > 0 THEN f.file_id END, ordinal,
            letters_of(title, body), title, kicker, subtitle, "column", byline, source, page, NULL, NULL, url, body
        FROM articles a JOIN issues i USING (issue_id) JOIN files_3 f ON f.path = i.source_path
        """
    )
    db.execute("DROP TABLE articles")
    db.execute("DROP TABLE issues")
    for table in PRINTED:
        db.execute(f"ALTER TABLE {table}_3 RENAME TO {table}")
    create_indexes(db)
    note_all(db)
    seal_first(db)


def _slugs(db: sqlite3.Connection) -> dict[str, str]:
    """Return a slug for each paper: that of most of its issue ids, which no paper with more issues has already."""
    counts: dict[str, Counter[str]] = {}
    for paper, issue_id in db.execute("SELECT paper, issue_id FROM issues ORDER BY issue_date, issue_id"):
        counts.setdefault(paper, Counter())[issue_id[: -len("-2024-05-06")]] += 1
    slugs: dict[str, str] = {}
    for paper, counted in sorted(counts.items(), key=lambda item: -item[1].total()):
        taken = set(slugs.values())
        slugs[paper] = next((slug for slug, _ in counted.most_common() if slug not in taken), None) or choose_slug(paper, taken)
    return slugs
