"""Reading from a SQLite catalogue what is held of which file, and noting where files lie."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

from embeddings.records import Article, ArticleKind, Issue
from embeddings.store import sqlite_corrections, sqlite_seals
from embeddings.store.records import HeldArticle, SourceFile, StoredFile, same_letters
from embeddings.store.sqlite_issues import ARTICLE_FIELDS, MASTHEAD_ORDINAL, as_article, day_or_none


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
    # Of one without a file the row is damaged; its number is wanted still, for the file that has it.
    rows = db.execute(
        f"""
        SELECT article_id, issue_id, ordinal, coalesce(path, ''), letters, {ARTICLE_FIELDS}
        FROM articles LEFT JOIN files USING (file_id)
        WHERE ordinal != {MASTHEAD_ORDINAL} AND {condition} ORDER BY issue_id, ordinal
        """,
        (value,),
    ).fetchall()
    found = [
        _held_article(issue, number, file, letters, as_article(number, fields))
        for article_id, issue, ordinal, file, letters, *fields in rows
        for number in (_number(db, article_id, issue, ordinal),)
    ]
    articles = {f"{one.issue_id}-{one.ordinal:02d}": one.article for one in found}
    articles = sqlite_corrections.with_readings(db, articles)
    return [replace(one, article=articles[f"{one.issue_id}-{one.ordinal:02d}"]) for one in found]


def file_issues(db: sqlite3.Connection, path: str) -> list[Issue]:
    """Return the issues of a file as it alone tells them, its articles in their order in it, under their numbers."""
    rows = db.execute(
        """
        SELECT issue_id, paper, issue_date, edition, o.last_date, o.issue_number, o.pages, o.cn_number, masthead_title,
               masthead, o.warnings
        FROM issue_files o JOIN issues USING (issue_id) JOIN files USING (file_id) WHERE path = ? ORDER BY issue_id
        """,
        (path,),
    ).fetchall()
    places = dict(
        db.execute("SELECT article_id, place FROM articles JOIN files USING (file_id) WHERE path = ?", (path,)).fetchall()
    )
    held = held_articles(db, path, None)
    printed = sqlite_corrections.printed_days(db, [row[0] for row in rows])
    issues = []
    for issue_id, paper, day, edition, last, number, pages, cn, title, masthead, warnings in rows:
        own = [one for one in held if one.issue_id == issue_id]
        own.sort(key=lambda one: places[f"{one.issue_id}-{one.ordinal:02d}"])
        issues.append(
            Issue(
                issue_id, paper, date.fromisoformat(day), tuple(one.article for one in own), number, pages, cn,
                tuple(warnings.split("\n") if warnings else ()),
                None if masthead is None else Article(title, masthead, kind=ArticleKind.MASTHEAD),
                edition, day_or_none(last), tuple(one.ordinal for one in own), printed_date=printed.get(issue_id),
            )
        )  # fmt: skip
    return issues


def _number(db: sqlite3.Connection, article_id: str, issue_id: str, ordinal: int) -> int:
    """Return the number of an article: where it is not that of its id, one of them is damaged, and the seal tells which."""
    end = article_id.removeprefix(f"{issue_id}-")
    if article_id == f"{issue_id}-{ordinal:02d}" or not end.isdecimal():
        return ordinal
    return int(end) if sqlite_seals.has_seals(db) and sqlite_seals.seals_of(db, "articles", [article_id]) else ordinal


def _held_article(issue_id: str, ordinal: int, path: str, letters: str, article: Article) -> HeldArticle:
    # An archive of schema 2 has not noted the letters.
    return HeldArticle(issue_id, ordinal, path, letters or same_letters(article), article)


def note(db: sqlite3.Connection, source: SourceFile, path: str) -> None:
    """Note anew how the file that was read from `path` was read and where it lies."""
    db.execute(
        "UPDATE files SET path = ?, fingerprint = ?, reader = ?, encoding = ?, options = ? WHERE path = ?",
        (source.path, source.fingerprint, source.reader, source.encoding, source.options, path),
    )
