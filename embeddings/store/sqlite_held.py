"""Reading from a SQLite catalogue what is held of which file, and noting where files lie."""

from __future__ import annotations

import sqlite3

from embeddings.records import Article
from embeddings.store.records import HeldArticle, SourceFile, StoredFile, same_letters
from embeddings.store.sqlite_issues import ARTICLE_FIELDS, MASTHEAD_ORDINAL, as_article


def stored_files(db: sqlite3.Connection, path: str | None, fingerprint: str | None, issue_id: str | None) -> list[StoredFile]:
    """Return by path the files that lie there, have this fingerprint or hold this issue; all where nothing is given."""
    if path is not None:
        condition, value = "f.path = ?", path
    elif fingerprint is not None:
        condition, value = "f.fingerprint = ?", fingerprint
    elif issue_id is not None:
        condition, value = "f.file_id IN (SELECT file_id FROM issue_files WHERE issue_id = ?)", issue_id
    else:
        condition, value = "? = 'all'", "all"
    rows = db.execute(
        f"""
        SELECT path, fingerprint, reader, encoding, options, issue_id FROM files f LEFT JOIN issue_files USING (file_id)
        WHERE {condition} ORDER BY path, issue_id
        """,
        (value,),
    )
    found: dict[SourceFile, list[str]] = {}
    for *facts, held in rows:
        found.setdefault(SourceFile(*facts), []).extend([held] if held else [])
    return [StoredFile(source, tuple(issue_ids)) for source, issue_ids in found.items()]


def held_articles(db: sqlite3.Connection, path: str | None, issue_id: str | None) -> list[HeldArticle]:
    """Return the articles that came from a file, or those of an issue, with their files, by issue and number."""
    condition, value = ("path = ?", path) if path is not None else ("issue_id = ?", issue_id)
    rows = db.execute(
        f"""
        SELECT issue_id, ordinal, path, letters, {ARTICLE_FIELDS} FROM articles JOIN files USING (file_id)
        WHERE ordinal != {MASTHEAD_ORDINAL} AND {condition} ORDER BY issue_id, ordinal
        """,
        (value,),
    )
    return [_held_article(*row[:4], as_article(row[1], row[4:])) for row in rows]


def _held_article(issue_id: str, ordinal: int, path: str, letters: str, article: Article) -> HeldArticle:
    # An archive of schema 2 has not noted the letters.
    return HeldArticle(issue_id, ordinal, path, letters or same_letters(article), article)


def note(db: sqlite3.Connection, source: SourceFile, path: str) -> None:
    """Note anew how the file that was read from `path` was read and where it lies."""
    db.execute(
        "UPDATE files SET path = ?, fingerprint = ?, reader = ?, encoding = ?, options = ? WHERE path = ?",
        (source.path, source.fingerprint, source.reader, source.encoding, source.options, path),
    )
