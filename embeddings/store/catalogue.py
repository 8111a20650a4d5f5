"""The catalogue: SQLite holds issues, articles, chunks, search words and vectors, the durable truth."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArchiveError, described
from embeddings.records import Article, Days, Extent, Filters, Issue, IssueSummary, Passage, Precision
from embeddings.store.schema import SCHEMA_VERSION, Entry, advance, create_tables, delete_issues, insert_issue

Matrix = NDArray[np.float32]
Keys = NDArray[np.int64]
_LAST_CHAR = "\U0010ffff"

CATALOG_FILE = "catalog.sqlite"  # its name in the archive's folder
# A word in the headline, kicker or subtitle weighs this much of one in the text.
TITLE_WEIGHT = 2.0

_ARTICLE_FIELDS = 'title, body, kicker, subtitle, "column", byline, source, page, url'
_PASSAGE = f"""
SELECT c.chunk_key, c.ordinal, c.start, c."end", a.article_id, i.issue_id, i.paper, i.issue_date, i.issue_number,
       {", ".join("a." + name.strip() for name in _ARTICLE_FIELDS.split(","))}
FROM chunks c JOIN articles a USING (article_id) JOIN issues i USING (issue_id)
"""


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """What the catalogue knows of the file an issue came from."""

    issue_id: str
    paper: str
    source_path: str
    fingerprint: str


class Catalog:
    """The SQLite file of an archive; every thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @classmethod
    def create(cls, path: Path, manifest: dict[str, str]) -> Catalog:
        """Make an empty catalogue with this manifest."""
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = cls(path)
        with catalog.write() as db:
            create_tables(db, manifest)
        return catalog

    @classmethod
    def is_made(cls, path: Path) -> bool:
        """Say whether a catalogue stands here, be it of another make; a file that holds no table does not count."""
        if not path.exists():
            return False
        catalog = cls(path)
        try:
            return bool(catalog.db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        except sqlite3.DatabaseError:
            return True
        finally:
            catalog.close()

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open a catalogue; raises ArchiveError where it is missing, not ours, or of another schema."""
        if not path.is_file():
            raise ArchiveError("archive_missing", path)
        catalog = cls(path)
        try:
            schema = catalog.manifest().get("schema")
        except sqlite3.DatabaseError as error:
            raise ArchiveError("archive_unreadable", path, detail=described(error)) from None
        if schema != SCHEMA_VERSION:
            raise ArchiveError("archive_schema", path, schema=schema)
        return catalog

    @property
    def db(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA mmap_size = 1073741824")
            # A view on the search words' own index; it lives in memory, not in the catalogue.
            connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'words', 'row')")
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction: all of it is stored, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Run a block against one state of the catalogue, whatever is written meanwhile."""
        self.db.execute("BEGIN")
        try:
            yield self.db
        finally:
            self.db.execute("COMMIT")

    # What the archive is made of

    def manifest(self) -> dict[str, str]:
        """Return the facts the archive was made with: model, dimension, chunk settings, generation."""
        return dict(self.db.execute("SELECT key, value FROM meta"))

    def generation(self) -> int:
        """Return the number that every change of the catalogue raises."""
        return int(self.db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])

    def stored(
        self, *, path: str | None = None, fingerprint: str | None = None, issue_id: str | None = None
    ) -> list[StoredIssue]:
        """Return the issues that came from this path, have this fingerprint or bear this id; all where nothing is given."""
        column, value = next(
            (column, value)
            for column, value in (("source_path", path), ("fingerprint", fingerprint), ("issue_id", issue_id), ("'all'", "all"))
            if value is not None
        )
        rows = self.db.execute(
            f"SELECT issue_id, paper, source_path, fingerprint FROM issues WHERE {column} = ? ORDER BY issue_id", (value,)
        )
        return [StoredIssue(*row) for row in rows]

    def summaries(self, limit: int, after: str | None = None) -> list[IssueSummary]:
        """List issues, newest first, behind the one with the id `after`."""
        return self._summaries(
            """
            WHERE :after IS NULL OR (issue_date, issue_id) < (SELECT issue_date, issue_id FROM issues WHERE issue_id = :after)
            ORDER BY issue_date DESC, issue_id DESC LIMIT :limit
            """,
            after=after, limit=limit,
        )  # fmt: skip

    def beside(self, day: date, paper: str | None = None) -> tuple[IssueSummary | None, IssueSummary | None]:
        """Return the last issue before a day and the first one behind it, of one paper if given."""
        facts = {"day": day.isoformat(), "paper": paper}
        held = "(:paper IS NULL OR paper = :paper)"
        before = self._summaries(f"WHERE issue_date < :day AND {held} ORDER BY issue_date DESC, issue_id DESC LIMIT 1", **facts)
        after = self._summaries(f"WHERE issue_date > :day AND {held} ORDER BY issue_date, issue_id LIMIT 1", **facts)
        return next(iter(before), None), next(iter(after), None)

    def _summaries(self, which: str, **values: object) -> list[IssueSummary]:
        rows = self.db.execute(
            f"""
            SELECT issue_id, paper, issue_date, issue_number,
                   (SELECT count(*) FROM articles a WHERE a.issue_id = i.issue_id),
                   (SELECT count(*) FROM articles a JOIN chunks c USING (article_id) WHERE a.issue_id = i.issue_id)
            FROM issues i {which}
            """,
            values,
        )
        return [IssueSummary(row[0], row[1], date.fromisoformat(row[2]), *row[3:]) for row in rows]

    def papers(self) -> list[str]:
        """Return the names of the papers, in order."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT paper FROM issues ORDER BY paper")]

    def issue(self, issue_id: str) -> Issue | None:
        """Return an issue with its articles, or None."""
        row = self.db.execute(
            "SELECT paper, issue_date, issue_number, pages, cn_number, warnings FROM issues WHERE issue_id = ?", (issue_id,)
        ).fetchone()
        if row is None:
            return None
        articles = self.db.execute(f"SELECT {_ARTICLE_FIELDS} FROM articles WHERE issue_id = ? ORDER BY ordinal", (issue_id,))
        return Issue(
            issue_id, row[0], date.fromisoformat(row[1]), tuple(Article(*fields) for fields in articles),
            row[2], row[3], row[4], tuple(row[5].split("\n") if row[5] else ()),
        )  # fmt: skip

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in order."""
        return [row[0] for row in self.db.execute("SELECT article_id FROM articles ORDER BY article_id")]

    def issue_date(self, article_id: str) -> date:
        """Return the day that an article was printed on; raises KeyError where there is none of this id."""
        sql = "SELECT issue_date FROM issues JOIN articles USING (issue_id) WHERE article_id = ?"
        row = self.db.execute(sql, (article_id,)).fetchone()
        if row is None:
            raise KeyError(article_id)
        return date.fromisoformat(row[0])

    def article(self, article_id: str) -> Article:
        """Return an article; raises KeyError where there is none of this id."""
        row = self.db.execute(f"SELECT {_ARTICLE_FIELDS} FROM articles WHERE article_id = ?", (article_id,)).fetchone()
        if row is None:
            raise KeyError(article_id)
        return Article(*row)

    def issue_of(self, article_id: str) -> tuple[Issue, int] | None:
        """Return the issue that holds an article and the article's place in it, from 0; or None."""
        row = self.db.execute("SELECT issue_id, ordinal FROM articles WHERE article_id = ?", (article_id,)).fetchone()
        issue = self.issue(row[0]) if row else None
        return (issue, row[1] - 1) if issue else None

    def extent(self, filters: Filters) -> Extent:
        """Count what lies within the filters."""
        where, values = _where(filters)
        issues, first, last = self.db.execute(
            f"SELECT count(*), min(issue_date), max(issue_date) FROM issues i WHERE {where}", values
        ).fetchone()
        articles = self.db.execute(
            f"SELECT count(*) FROM articles a JOIN issues i USING (issue_id) WHERE {where}", values
        ).fetchone()[0]
        chunks = self.db.execute(
            f"SELECT count(*) FROM chunks c JOIN articles a USING (article_id) JOIN issues i USING (issue_id) WHERE {where}",
            values,
        ).fetchone()[0]
        return Extent(
            issues, articles, chunks, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
        )

    # Searching

    def match(
        self, words: Sequence[str], limit: int, filters: Filters, keys: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (chunk key, BM25) of the best chunks holding any of the words, or of those among `keys` that do.

        BM25 as SQLite's FTS5 computes it (k1 1.2, b 0.75), turned so that more is better.
        """
        if not words or (keys is not None and not keys):
            return []
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(word.replace('"', "") for word in words))
        score = f"bm25(words, {TITLE_WEIGHT}, 1.0)"
        where, values = _where(filters)
        if keys is not None:
            among = ",".join(map(str, keys))
            # The sign keeps FTS5 from matching all words anew for each key, some 0.6 ms a key over 40 thousand chunks.
            sql = f"SELECT rowid, -{score} FROM words WHERE words MATCH ? AND +rowid IN ({among})"
            return list(self.db.execute(sql, (query,)))
        if filters.empty:
            # ORDER BY rank lets FTS5 sort by itself, without a row of ours for every match.
            ranked = f"words MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)' ORDER BY rank LIMIT ?"
            sql = f"SELECT rowid, -rank FROM words WHERE {ranked}"
            return list(self.db.execute(sql, (query, limit)))
        sql = f"""
            SELECT words.rowid, -{score} AS found FROM words
            JOIN chunks c ON c.chunk_key = words.rowid JOIN articles a USING (article_id) JOIN issues i USING (issue_id)
            WHERE words MATCH ? AND {where} ORDER BY found DESC LIMIT ?
        """
        return list(self.db.execute(sql, (query, *values, limit)))

    def holding(self, words: Sequence[str]) -> Keys:
        """Return the keys of the chunks that hold all of these words, ascending."""
        query = " AND ".join(f'"{word}"' for word in (word.replace('"', "") for word in words) if word)
        rows = self.db.execute("SELECT rowid FROM words WHERE words MATCH ?", (query,)) if query else ()
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def beginning(self, start: str) -> dict[str, int]:
        """Return the words that begin so, and in how many chunks each stands."""
        rows = self.db.execute(
            "SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ?", (start, start + _LAST_CHAR)
        )
        return dict(rows)

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each of these words stands."""
        unique = list(dict.fromkeys(words))
        marks = ",".join("?" * len(unique))
        found = dict(self.db.execute(f"SELECT term, doc FROM temp.vocabulary WHERE term IN ({marks})", unique))
        return {word: found.get(word, 0) for word in unique}

    def keys(self, filters: Filters | None = None) -> Keys:
        """Return the keys of all chunks within the filters, ascending."""
        if filters is None or filters.empty:
            rows = self.db.execute("SELECT chunk_key FROM chunks INDEXED BY sqlite_autoindex_chunks_1")
        else:
            where, values = _where(filters)
            joined = "issues i JOIN articles a USING (issue_id) JOIN chunks c USING (article_id)"
            rows = self.db.execute(f"SELECT chunk_key FROM {joined} WHERE {where}", values)
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def keys_of_days(self, days: Days, filters: Filters) -> Keys:
        """Return the keys of chunks printed on these days or speaking of days within them, ascending."""
        where, values = _where(filters)
        span = days.first.isoformat(), days.last.isoformat()
        joined = "issues i JOIN articles a USING (issue_id) JOIN chunks c USING (article_id)"
        rows = self.db.execute(
            f"""
            SELECT chunk_key FROM {joined} WHERE {where} AND i.issue_date BETWEEN ? AND ? UNION
            SELECT chunk_key FROM {joined} WHERE {where}
            AND chunk_key IN (SELECT chunk_key FROM days WHERE first >= ? AND last <= ?)
            """,
            (*values, *span, *values, *span),
        )
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def vectors(self, keys: Iterable[int], dimension: int) -> Iterator[tuple[Keys, Matrix]]:
        """Yield the stored vectors of these keys in batches of (keys, vectors)."""
        for batch in _batches(keys, 8192):
            marks = ",".join(map(str, batch))
            rows = self.db.execute(
                f"SELECT chunk_key, vector FROM chunks WHERE chunk_key IN ({marks}) AND length(vector) = {4 * dimension}"
            ).fetchall()
            vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), dimension)
            yield np.array([row[0] for row in rows], dtype=np.int64), vectors

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of these chunk keys; a key whose chunk is gone is left out."""
        found = {}
        for batch in _batches(keys, 500):
            days = self._days(batch)
            for row in self.db.execute(f"{_PASSAGE} WHERE c.chunk_key IN ({','.join(map(str, batch))})"):
                key, ordinal, start, end, article_id, issue_id, paper, day, number, *fields = row
                found[key] = Passage(
                    f"{article_id}-{ordinal}", article_id, issue_id, paper, date.fromisoformat(day), number,
                    Article(*fields), start, end, tuple(days.get(key, ())),
                )  # fmt: skip
        return found

    def _days(self, keys: Sequence[int]) -> dict[int, list[Days]]:
        """Return the days that these chunks speak of, earliest first."""
        found: dict[int, list[Days]] = {}
        marks = ",".join(map(str, keys))
        # The primary key holds them in this order, so that none is sorted.
        sql = f"SELECT * FROM days WHERE chunk_key IN ({marks}) ORDER BY chunk_key, first, last, precision"
        for key, first, last, precision in self.db.execute(sql):
            span = Days(date.fromisoformat(first), date.fromisoformat(last), Precision(precision))
            found.setdefault(key, []).append(span)
        return found

    # Changing

    def replace(self, issue: Issue, entries: Sequence[Entry], source_path: str, fingerprint: str) -> bool:
        """Store an issue in place of any with its id or from its file, in one transaction; say whether one gave way."""
        with self.write() as db:
            olds = [
                row[0]
                for row in db.execute(
                    "SELECT issue_id FROM issues WHERE issue_id = ? OR source_path = ?", (issue.issue_id, source_path)
                )
            ]
            delete_issues(db, olds)
            insert_issue(db, issue, entries, source_path, fingerprint)
            advance(db)
        return bool(olds)

    def remove(self, issue_ids: Sequence[str]) -> None:
        """Remove issues with all that was made of them, in one transaction."""
        with self.write() as db:
            delete_issues(db, issue_ids)
            advance(db)

    def move(self, issue_id: str, source_path: str) -> None:
        """Note that the file of an issue, unchanged, now lies elsewhere."""
        with self.write() as db:
            db.execute("UPDATE issues SET source_path = ? WHERE issue_id = ?", (source_path, issue_id))


def _where(filters: Filters) -> tuple[str, list[str]]:
    """Write the filters as a condition on issues (alias i) and its values."""
    conditions: list[tuple[str, str | None]] = [
        ("i.issue_date >= ?", filters.first.isoformat() if filters.first else None),
        ("i.issue_date <= ?", filters.last.isoformat() if filters.last else None),
        ("i.issue_id = ?", filters.issue_id),
        ("i.paper = ?", filters.paper),
    ]
    chosen = [(text, value) for text, value in conditions if value is not None]
    return " AND ".join(text for text, _ in chosen) or "1", [value for _, value in chosen]


def _batches(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """Cut keys into lists of at most `size`."""
    batch: list[int] = []
    for key in keys:
        batch.append(int(key))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
