"""Every statement that changes what a SQLite catalogue holds of files; each runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from embeddings.records import Article
from embeddings.store.issue_facts import IssueFacts, merge_facts
from embeddings.store.records import Changes, Entry, FilePart, SourceFile, same_letters
from embeddings.store.sqlite_corrections import put_printed_day, put_readings
from embeddings.store.sqlite_issues import MASTHEAD_ORDINAL
from embeddings.store.sqlite_reprints import note_article


def store_file(db: sqlite3.Connection, source: SourceFile, parts: Sequence[FilePart]) -> Changes:
    """Store what a file holds in place of what it held before; other files' articles stay as they are."""
    file_id = _file(db, source)
    content = _content(db, file_id)
    before = set(_issues_of(db, file_id))
    held = _held(db, file_id)
    changes = Changes()
    kept: set[tuple[str, int]] = set()
    new = set()
    for part in parts:
        if _make_issue(db, part, file_id):
            new.add(part.issue.issue_id)
        places = zip(part.issue.articles, part.entries, part.ordinals, strict=True)
        for place, (article, entry, ordinal) in enumerate(places, start=1):
            number = _next_ordinal(db, part.issue.issue_id) if ordinal is None else ordinal
            kept.add((part.issue.issue_id, number))
            _put_article(db, part.issue.issue_id, number, file_id, place, article)
            if entry is not None:
                article_id = part.issue.article_id(number)
                delete_chunks(db, article_id)
                insert_chunks(db, article_id, entry)
    for issue_id, number in sorted(kept):
        note_article(db, f"{issue_id}-{number:02d}")
    own = {part.issue.issue_id for part in parts}
    for issue_id, ordinal in held - kept:
        _delete_article(db, issue_id, ordinal)
    for issue_id in before - own:
        db.execute("DELETE FROM issue_files WHERE issue_id = ? AND file_id = ?", (issue_id, file_id))
    if before == own and all(entry is None for part in parts for entry in part.entries) and _content(db, file_id) == content:
        return changes  # read again, and found as it was
    for issue_id in sorted(before | own):
        gone, contradictions = settle_issue(db, issue_id)
        (changes.removed if gone else changes.added if issue_id in new else changes.replaced).append(issue_id)
        changes.warnings += contradictions
    return changes


def forget_files(db: sqlite3.Connection, paths: Iterable[str]) -> Changes:
    """Delete files with all that came of them; issues that have no other file go with them."""
    changes = Changes()
    touched: set[str] = set()
    for path in paths:
        row = db.execute("SELECT file_id FROM files WHERE path = ?", (path,)).fetchone()
        if row is not None:
            touched.update(_issues_of(db, row[0]))
            for issue_id, ordinal in _held(db, row[0]):
                _delete_article(db, issue_id, ordinal)
            db.execute("DELETE FROM files WHERE file_id = ?", row)
    for issue_id in sorted(touched):
        gone, contradictions = settle_issue(db, issue_id)
        (changes.removed if gone else changes.replaced).append(issue_id)
        changes.warnings += contradictions
    return changes


def delete_issues(db: sqlite3.Connection, issue_ids: Sequence[str]) -> None:
    """Delete issues with all that was made of them; a file that holds others too is to be read again."""
    for issue_id in issue_ids:
        rows = db.execute("SELECT file_id FROM issue_files WHERE issue_id = ?", (issue_id,)).fetchall()
        _delete_issue(db, issue_id)
        for file_id in rows:
            if _issues_of(db, *file_id):
                db.execute("UPDATE files SET fingerprint = '' WHERE file_id = ?", file_id)
            else:
                db.execute("DELETE FROM files WHERE file_id = ?", file_id)


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


def delete_chunks(db: sqlite3.Connection, article_id: str) -> None:
    """Delete the chunks of an article with their words, vectors and days."""
    keys = db.execute("SELECT chunk_key FROM chunks WHERE article_id = ?", (article_id,)).fetchall()
    db.executemany("DELETE FROM words WHERE rowid = ?", keys)
    db.executemany("DELETE FROM days WHERE chunk_key = ?", keys)
    db.executemany("DELETE FROM chunks WHERE chunk_key = ?", keys)


# Files


def _file(db: sqlite3.Connection, source: SourceFile) -> int:
    """Note a file, and return its key, which it keeps while it is known."""
    row = db.execute(
        """
        INSERT INTO files (path, fingerprint, reader, encoding, options) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE SET fingerprint = excluded.fingerprint, reader = excluded.reader,
            encoding = excluded.encoding, options = excluded.options
        RETURNING file_id
        """,
        (source.path, source.fingerprint, source.reader, source.encoding, source.options),
    ).fetchall()
    return int(row[0][0])


def _issues_of(db: sqlite3.Connection, file_id: int) -> list[str]:
    return [row[0] for row in db.execute("SELECT issue_id FROM issue_files WHERE file_id = ?", (file_id,))]


def _content(db: sqlite3.Connection, file_id: int) -> list[tuple[object, ...]]:
    """Return all that is stored of what a file holds, but what is made of its articles."""
    told = db.execute("SELECT * FROM issue_files WHERE file_id = ? ORDER BY issue_id", (file_id,)).fetchall()
    return [*told, *db.execute("SELECT * FROM articles WHERE file_id = ? ORDER BY article_id", (file_id,))]


def _held(db: sqlite3.Connection, file_id: int) -> set[tuple[str, int]]:
    return set(db.execute("SELECT issue_id, ordinal FROM articles WHERE file_id = ?", (file_id,)))


# Issues


def _make_issue(db: sqlite3.Connection, part: FilePart, file_id: int) -> bool:
    """Note an issue and what this file tells of it; say whether the issue is new."""
    issue = part.issue
    new = db.execute(
        "INSERT OR IGNORE INTO issues (issue_id, paper, issue_date, edition) VALUES (?, ?, ?, ?)",
        (issue.issue_id, issue.paper, issue.issue_date.isoformat(), issue.edition),
    ).rowcount
    put_printed_day(db, issue)
    masthead = issue.masthead
    db.execute(
        "INSERT OR REPLACE INTO issue_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (issue.issue_id, file_id, issue.last_date and issue.last_date.isoformat(), issue.issue_number, issue.pages,
         issue.cn_number, masthead and masthead.title, masthead and masthead.body, "\n".join(issue.warnings)),
    )  # fmt: skip
    return bool(new)


def settle_issue(db: sqlite3.Connection, issue_id: str) -> tuple[bool, tuple[str, ...]]:
    """Give an issue the facts and masthead that its files tell; say whether it went with its last one, and contradictions."""
    told = _told(db, issue_id)
    if not told:
        _delete_issue(db, issue_id)
        return True, ()
    facts, contradictions = merge_facts(told)
    db.execute(
        "UPDATE issues SET last_date = ?, issue_number = ?, pages = ?, cn_number = ?, warnings = ? WHERE issue_id = ?",
        (facts.last_date and facts.last_date.isoformat(), facts.issue_number, facts.pages, facts.cn_number,
         "\n".join(facts.warnings), issue_id),
    )  # fmt: skip
    if facts.masthead is None:
        _delete_article(db, issue_id, MASTHEAD_ORDINAL)
    else:
        _put_article(db, issue_id, MASTHEAD_ORDINAL, None, 0, facts.masthead)
    return False, contradictions


def _told(db: sqlite3.Connection, issue_id: str) -> list[IssueFacts]:
    """Return what each file tells of an issue, in the order in which the files came."""
    rows = db.execute(
        """
        SELECT path, last_date, issue_number, pages, cn_number, masthead_title, masthead, warnings
        FROM issue_files JOIN files USING (file_id) WHERE issue_id = ? ORDER BY file_id
        """,
        (issue_id,),
    )
    return [
        IssueFacts(
            path, date.fromisoformat(last) if last else None, number, pages, cn,
            None if body is None else Article(title, body), tuple(warnings.split("\n") if warnings else ()),
        )
        for path, last, number, pages, cn, title, body, warnings in rows
    ]  # fmt: skip


def _next_ordinal(db: sqlite3.Connection, issue_id: str) -> int:
    sql = "UPDATE issues SET next_ordinal = next_ordinal + 1 WHERE issue_id = ? RETURNING next_ordinal - 1"
    return int(db.execute(sql, (issue_id,)).fetchall()[0][0])


def _delete_issue(db: sqlite3.Connection, issue_id: str) -> None:
    for (ordinal,) in db.execute("SELECT ordinal FROM articles WHERE issue_id = ?", (issue_id,)).fetchall():
        _delete_article(db, issue_id, ordinal)
    db.execute("DELETE FROM issues WHERE issue_id = ?", (issue_id,))


# Articles


def _put_article(
    db: sqlite3.Connection, issue_id: str, ordinal: int, file_id: int | None, place: int, article: Article
) -> None:
    db.execute(
        """
        INSERT OR REPLACE INTO articles (article_id, issue_id, ordinal, file_id, place, letters, title, kicker, subtitle,
            "column", byline, source, page, page_name, continued, url, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (f"{issue_id}-{ordinal:02d}", issue_id, ordinal, file_id, place, same_letters(article), article.title, article.kicker,
         article.subtitle, article.column, article.byline, article.source, article.page, article.page_name, article.continued,
         article.url, article.body),
    )  # fmt: skip
    put_readings(db, f"{issue_id}-{ordinal:02d}", article)


def _delete_article(db: sqlite3.Connection, issue_id: str, ordinal: int) -> None:
    article_id = f"{issue_id}-{ordinal:02d}"
    delete_chunks(db, article_id)
    db.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))
