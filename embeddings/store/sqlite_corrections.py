"""The operator's corrections in a SQLite catalogue, and beside corrected articles what was printed; doubted characters too."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from embeddings.records import Article, ArticleKind, CorrectedField, Correction, Issue

_SCHEMA = """
CREATE TABLE corrections (
    correction_id INTEGER PRIMARY KEY AUTOINCREMENT, paper TEXT NOT NULL, issue_date TEXT NOT NULL, edition TEXT,
    headline TEXT NOT NULL, field TEXT NOT NULL, printed TEXT, corrected TEXT, before TEXT NOT NULL, after TEXT NOT NULL,
    start INTEGER NOT NULL, note TEXT, made_at TEXT, applied INTEGER NOT NULL
);
CREATE INDEX corrections_by_issue ON corrections (paper, issue_date);
CREATE TABLE printed_articles (
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, part INTEGER NOT NULL,
    title TEXT NOT NULL, kicker TEXT, subtitle TEXT, body TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (article_id, part)
) WITHOUT ROWID;
CREATE TABLE doubts (
    article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, spans TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE printed_days (
    issue_id TEXT PRIMARY KEY REFERENCES issues ON DELETE CASCADE, printed_date TEXT NOT NULL
) WITHOUT ROWID;
"""
_FIELDS = ", ".join(
    ("paper", "issue_date", "edition", "headline", "field", "printed", "corrected", "before", "after", "start", "note",
     "made_at", "correction_id", "applied")
)  # fmt: skip
_TEXTS = ("title", "kicker", "subtitle", "body")
_TOGETHER = 500  # ids in one statement


def has_tables(db: sqlite3.Connection) -> bool:
    """Say whether a catalogue has the tables; one that an earlier version made has none before it is first written to."""
    return db.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'corrections'").fetchone() is not None


def ensure_tables(db: sqlite3.Connection) -> None:
    """Make the tables where they lack, inside the caller's transaction."""
    if not has_tables(db):
        for statement in _SCHEMA.split(";\n"):
            db.execute(statement)


# Corrections


def corrections(db: sqlite3.Connection, paper: str | None, day: date | None) -> list[Correction]:
    """Return the corrections of a paper's issues of a day, as printed, in the order made; None leaves a side open."""
    if not has_tables(db):
        return []
    rows = db.execute(
        f"SELECT {_FIELDS} FROM corrections WHERE paper = coalesce(?, paper) AND issue_date = coalesce(?, issue_date) "
        "ORDER BY correction_id",
        (paper, day.isoformat() if day else None),
    )
    return [_correction(row) for row in rows]


def _correction(row: Sequence[object]) -> Correction:
    paper, day, edition, headline, field, printed, corrected, before, after, start, note, made, number, applied = row
    return Correction(
        str(paper), date.fromisoformat(str(day)), _text(edition), str(headline), CorrectedField(str(field)), _text(printed),
        _text(corrected), str(before), str(after), int(str(start)), _text(note),
        datetime.fromisoformat(str(made)) if made else None, int(str(number)), bool(applied),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def add_corrections(db: sqlite3.Connection, given: Iterable[Correction]) -> list[Correction]:
    """Store corrections and return them with their numbers."""
    stored = []
    for one in given:
        cursor = db.execute(
            f"INSERT INTO corrections ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            (one.paper, one.issue_date.isoformat(), one.edition, one.headline, one.field.value, one.printed, one.corrected,
             one.before, one.after, one.start, one.note, one.made_at.isoformat() if one.made_at else None, one.applied),
        )  # fmt: skip
        stored.append(replace(one, correction_id=cursor.lastrowid or 0))
    return stored


def delete_corrections(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete corrections by their numbers."""
    db.executemany("DELETE FROM corrections WHERE correction_id = ?", [(number,) for number in numbers])


def mark_corrections(db: sqlite3.Connection, applied: Mapping[int, bool]) -> None:
    """Note of corrections, by their numbers, whether they fit what is stored."""
    db.executemany(
        "UPDATE corrections SET applied = ? WHERE correction_id = ?", [(fits, number) for number, fits in applied.items()]
    )


def issues_printed_on(db: sqlite3.Connection, paper: str, day: date) -> list[str]:
    """Return the ids of the issues of a paper that are printed with this day, whatever day the operator put right."""
    if not has_tables(db):
        return []
    rows = db.execute(
        "SELECT issue_id FROM issues LEFT JOIN printed_days USING (issue_id) "
        "WHERE paper = ? AND coalesce(printed_date, issue_date) = ? ORDER BY issue_id",
        (paper, day.isoformat()),
    )
    return [row[0] for row in rows]


# What was printed, and what was doubted


def put_printed_day(db: sqlite3.Connection, issue: Issue) -> None:
    """Store the day that an issue prints, where it was corrected."""
    db.execute("DELETE FROM printed_days WHERE issue_id = ?", (issue.issue_id,))
    if issue.printed_date is not None:
        db.execute("INSERT INTO printed_days VALUES (?, ?)", (issue.issue_id, issue.printed_date.isoformat()))


def put_readings(db: sqlite3.Connection, article_id: str, article: Article) -> None:
    """Store what was printed for a corrected article, and the characters that were doubted."""
    db.execute("DELETE FROM doubts WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM printed_articles WHERE article_id = ?", (article_id,))
    if article.doubts:
        db.execute("INSERT INTO doubts VALUES (?, ?)", (article_id, json.dumps(article.doubts)))
    for part, printed in enumerate(article.printed):
        facts = {name: value for name, value in asdict(printed).items() if name not in (*_TEXTS, "printed")}
        texts = (printed.title, printed.kicker, printed.subtitle, printed.body)
        db.execute(
            "INSERT INTO printed_articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article_id, part, *texts, json.dumps(facts, ensure_ascii=False)),
        )


def with_readings(db: sqlite3.Connection, articles: Mapping[str, Article]) -> dict[str, Article]:
    """Return articles, given by their ids, with what was printed for them and what was doubted in them."""
    found = dict(articles)
    ids = list(articles) if has_tables(db) else []
    for first in range(0, len(ids), _TOGETHER):
        some = ids[first : first + _TOGETHER]
        among = f"article_id IN ({','.join('?' * len(some))})"
        for article_id, spans in db.execute(f"SELECT article_id, spans FROM doubts WHERE {among}", some):
            found[article_id] = replace(found[article_id], doubts=_spans(json.loads(spans)))
        texts = ", ".join(_TEXTS)
        sql = f"SELECT article_id, {texts}, facts FROM printed_articles WHERE {among} ORDER BY article_id, part"
        for article_id, *values, facts in db.execute(sql, some):
            article = found[article_id]
            found[article_id] = replace(article, printed=(*article.printed, _printed(values, json.loads(facts))))
    return found


def _printed(texts: Sequence[str], facts: dict[str, object]) -> Article:
    values = dict(zip(_TEXTS, texts, strict=True)) | facts
    return Article(**(values | {"kind": ArticleKind(facts["kind"]), "doubts": _spans(facts["doubts"])}))  # type: ignore[arg-type]


def _spans(pairs: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def articles_printed_with(db: sqlite3.Connection, texts: Sequence[str]) -> list[str]:
    """Return the ids of the corrected articles of which a printed reading holds each of these texts."""
    if not has_tables(db):
        return []
    held = " AND ".join([f"({' OR '.join(f'instr({name}, ?)' for name in _TEXTS)})"] * len(texts))
    values = [text for text in texts for _ in _TEXTS]
    return [row[0] for row in db.execute(f"SELECT DISTINCT article_id FROM printed_articles WHERE {held}", values)]


def printed_days(db: sqlite3.Connection, issue_ids: Iterable[str]) -> dict[str, date]:
    """Return the printed days of those among these issues whose day was corrected."""
    ids = list(dict.fromkeys(issue_ids)) if has_tables(db) else []
    found: dict[str, date] = {}
    for first in range(0, len(ids), _TOGETHER):
        some = ids[first : first + _TOGETHER]
        sql = f"SELECT issue_id, printed_date FROM printed_days WHERE issue_id IN ({','.join('?' * len(some))})"
        found |= {issue_id: date.fromisoformat(day) for issue_id, day in db.execute(sql, some)}
    return found
