"""Seals in a SQLite catalogue: a digest of each thing that is stored, by which damage is told from what was written.

Whatever a transaction changes is sealed before it ends: triggers of the writer's own connection note it, so that no
statement is forgotten. A seal that no longer fits its rows tells of a flipped bit, or of a change by another hand.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

Name = str | int
Touched = set[tuple[str, Name]]
_TABLE = """
CREATE TABLE IF NOT EXISTS seals (
    kind TEXT NOT NULL, name NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID
"""
_DIGEST_BYTES = 8  # one in 2^64 damages would pass
_TOGETHER = 500  # names in one statement


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of seal covers."""

    names: str
    """The names of all that have a seal of this kind."""
    rows: tuple[str, ...]
    """All that the seal of one covers, in a fixed order."""
    tables: tuple[tuple[str, str], ...]
    """The tables whose changes break it, each with the column or expression that holds the name."""


_KINDS = {
    "meta": _Kind(
        "SELECT 'meta'",
        (
            "SELECT * FROM main.meta WHERE :name = 'meta' ORDER BY key",
            "SELECT * FROM main.sqlite_sequence WHERE :name = 'meta' AND name IN ('chunks', 'files', 'corrections') "
            "ORDER BY name",
            "SELECT type, name, tbl_name, sql FROM main.sqlite_schema "
            "WHERE :name = 'meta' AND name NOT LIKE '%~_next%' ESCAPE '~' "
            "ORDER BY type, name",
        ),
        (("meta", "'meta'"),),
    ),
    "papers": _Kind(
        "SELECT paper FROM main.papers", ("SELECT * FROM main.papers WHERE paper = :name",), (("papers", "{}.paper"),)
    ),
    "files": _Kind(
        "SELECT file_id FROM main.files", ("SELECT * FROM main.files WHERE file_id = :name",), (("files", "{}.file_id"),)
    ),
    "issues": _Kind(
        "SELECT issue_id FROM main.issues UNION SELECT issue_id FROM main.issue_files "
        "UNION SELECT issue_id FROM main.printed_days",
        (
            "SELECT * FROM main.issues WHERE issue_id = :name",
            "SELECT * FROM main.issue_files WHERE issue_id = :name ORDER BY file_id",
            "SELECT * FROM main.printed_days WHERE issue_id = :name",
        ),
        (("issues", "{}.issue_id"), ("issue_files", "{}.issue_id"), ("printed_days", "{}.issue_id")),
    ),
    "articles": _Kind(
        "SELECT article_id FROM main.articles",
        ("SELECT * FROM main.articles WHERE article_id = :name",),
        (("articles", "{}.article_id"),),
    ),
    "readings": _Kind(
        "SELECT article_id FROM main.printed_articles UNION SELECT article_id FROM main.doubts",
        (
            "SELECT * FROM main.printed_articles WHERE article_id = :name ORDER BY part",
            "SELECT * FROM main.doubts WHERE article_id = :name",
        ),
        (("printed_articles", "{}.article_id"), ("doubts", "{}.article_id")),
    ),
    "chunks": _Kind(
        "SELECT chunk_key FROM main.chunks UNION SELECT chunk_key FROM main.days",
        (
            'SELECT chunk_key, article_id, ordinal, start, "end" FROM main.chunks WHERE chunk_key = :name',
            "SELECT * FROM main.days WHERE chunk_key = :name ORDER BY chunk_key, first, last, precision",
        ),
        (("chunks", "{}.chunk_key"), ("days", "{}.chunk_key")),
    ),
    "vectors": _Kind(
        "SELECT chunk_key FROM main.chunks",
        ("SELECT vector FROM main.chunks WHERE chunk_key = :name",),
        (("chunks", "{}.chunk_key"),),
    ),
    "words": _Kind(
        "SELECT chunk_key FROM main.chunks UNION SELECT rowid FROM main.words",
        ("SELECT title, body FROM main.words WHERE rowid = :name",),
        (("chunks", "{}.chunk_key"),),
    ),
    "corrections": _Kind(
        "SELECT correction_id FROM main.corrections",
        ("SELECT * FROM main.corrections WHERE correction_id = :name",),
        (("corrections", "{}.correction_id"),),
    ),
    "sketches": _Kind(
        "SELECT sketch_key FROM main.sketches UNION SELECT sketch_key FROM main.sketch_bands",
        (
            "SELECT * FROM main.sketches WHERE sketch_key = :name",
            "SELECT hash FROM main.sketch_bands WHERE sketch_key = :name ORDER BY hash",
        ),
        (("sketches", "{}.sketch_key"), ("sketch_bands", "{}.sketch_key")),
    ),
    "reprints": _Kind(
        "SELECT article_id FROM main.reprints",
        ("SELECT * FROM main.reprints WHERE article_id = :name ORDER BY other_id",),
        (("reprints", "{}.article_id"),),
    ),
}  # fmt: skip
KINDS = tuple(_KINDS)
DERIVED = ("chunks", "vectors", "words", "sketches", "reprints")
"""The kinds of what is made of articles, which a rebuild makes anew."""


def digest(rows: Iterable[Sequence[object]]) -> bytes:
    """Return a digest of rows; every value counts with its type."""
    parts: list[bytes] = []
    for row in rows:
        for value in row:
            if value is None:
                parts.append(b"n")
            elif isinstance(value, (bytes, str)):
                raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
                parts.append(b"%c%d:" % (b"b" if isinstance(value, bytes) else b"s", len(raw)) + raw)
            else:
                parts.append(f"{value!r};".encode())
        parts.append(b"|")
    return hashlib.blake2b(b"".join(parts), digest_size=_DIGEST_BYTES).digest()


def has_seals(db: sqlite3.Connection) -> bool:
    """Say whether a catalogue is sealed; one that an earlier version made is not before it is first written to."""
    return db.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'seals'").fetchone() is not None


def ensure_table(db: sqlite3.Connection) -> None:
    """Make the table of seals where it lacks, inside the caller's transaction."""
    db.execute(_TABLE)


def note_changes(db: sqlite3.Connection, touched: Touched) -> None:
    """Have this connection note in `touched` all that its statements change, from now on."""
    db.create_function("touched", 2, lambda kind, name: touched.add((kind, name)))
    for kind, about in _KINDS.items():
        for table, name in about.tables:
            for event, rows in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
                body = "; ".join(f"SELECT touched('{kind}', {name.format(row)})" for row in rows)
                db.execute(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS seal_{kind}_{table}_{event} "
                    f"AFTER {event} ON main.{table} BEGIN {body}; END"
                )


def seal(db: sqlite3.Connection, touched: Touched) -> None:
    """Seal what was changed, inside the caller's transaction."""
    if touched:
        touched.add(("meta", "meta"))  # with the numbers that were given
    for kind, name in touched:
        rows = _rows(db, kind, name)
        if rows:
            db.execute("INSERT OR REPLACE INTO main.seals VALUES (?, ?, ?)", (kind, name, digest(rows)))
        else:
            db.execute("DELETE FROM main.seals WHERE kind = ? AND name = ?", (kind, name))
    touched.clear()


def seal_all(db: sqlite3.Connection, kinds: Collection[str] = KINDS) -> None:
    """Seal all things of these kinds as they lie, inside the caller's transaction."""
    for kind in kinds:
        db.execute("DELETE FROM main.seals WHERE kind = ?", (kind,))
        names = [row[0] for row in db.execute(_KINDS[kind].names).fetchall()]
        sealed = ((kind, name, digest(rows)) for name in names if (rows := _rows(db, kind, name)))
        db.executemany("INSERT OR REPLACE INTO main.seals VALUES (?, ?, ?)", sealed)


def broken(db: sqlite3.Connection, kind: str) -> Iterator[Name]:
    """Yield the names of all things of a kind that are not as they were sealed, those among them that are gone."""
    seals = dict(db.execute("SELECT name, digest FROM main.seals WHERE kind = ?", (kind,)).fetchall())
    for (name,) in db.execute(_KINDS[kind].names).fetchall():
        rows = _rows(db, kind, name)
        if rows and digest(rows) != seals.pop(name, None):
            yield name
    yield from seals


def forget_gone(db: sqlite3.Connection) -> list[tuple[str, Name]]:
    """Delete the seals of things that are gone, inside the caller's transaction, and return their kinds and names."""
    gone = []
    for kind, about in _KINDS.items():
        held = {row[0] for row in db.execute(about.names)}
        sealed = [row[0] for row in db.execute("SELECT name FROM main.seals WHERE kind = ?", (kind,))]
        gone += [(kind, name) for name in sealed if name not in held]
    gone += db.execute(f"SELECT kind, name FROM main.seals WHERE kind NOT IN ({','.join('?' * len(KINDS))})", KINDS).fetchall()
    db.executemany("DELETE FROM main.seals WHERE kind = ? AND name = ?", gone)
    return gone


def broken_among(db: sqlite3.Connection, kind: str, names: Collection[Name]) -> set[Name]:
    """Return those of these things that are not as they were sealed; none in a catalogue without seals."""
    if not names or not has_seals(db):
        return set()
    seals = seals_of(db, kind, names)
    found = set()
    for name in names:
        rows = _rows(db, kind, name)
        if (digest(rows) if rows else None) != seals.get(name):
            found.add(name)
    return found


def seals_of(db: sqlite3.Connection, kind: str, names: Collection[Name]) -> dict[Name, bytes]:
    """Return the seals of things by their names."""
    found: dict[Name, bytes] = {}
    ordered = list(names)
    for first in range(0, len(ordered), _TOGETHER):
        some = ordered[first : first + _TOGETHER]
        sql = f"SELECT name, digest FROM main.seals WHERE kind = ? AND name IN ({','.join('?' * len(some))})"
        found |= dict(db.execute(sql, (kind, *some)))
    return found


def _rows(db: sqlite3.Connection, kind: str, name: Name) -> list[Sequence[object]]:
    return [row for sql in _KINDS[kind].rows for row in db.execute(sql, {"name": name})]
