"""The catalogue in SQLite: connections, transactions, and what the catalogue of an archive promises (protocols.py)."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from embeddings.errors import ArchiveError, DamagedError, UnstorableError, described
from embeddings.messages import MESSAGES, Message
from embeddings.records import Correction, Days, Extent, Filters, Issue, IssueSummary, Passage
from embeddings.store import (
    sqlite_chunks,
    sqlite_corrections,
    sqlite_files,
    sqlite_held,
    sqlite_hidden,
    sqlite_issues,
    sqlite_mending,
    sqlite_older,
    sqlite_reprints,
    sqlite_schema,
    sqlite_seals,
    sqlite_words,
)
from embeddings.store.records import (
    Changes,
    Entry,
    FilePart,
    Headline,
    HeldArticle,
    IssueDay,
    Keys,
    Manifest,
    MastheadFacts,
    Matrix,
    PrintedArticle,
    Printing,
    SourceFile,
    StoredFile,
)
from embeddings.store.sqlite_checks import check_full_text, find_problems

log = logging.getLogger(__name__)

READABLE = (sqlite_older.OLDER, sqlite_schema.UNSEALED, sqlite_schema.SCHEMA_VERSION)
"""The schemas that are read, oldest first."""
_BUSY_SECONDS = 60  # SQLite's own locks are held for a transaction
_SOUND_KEPT = 100_000  # things of one generation that were looked at and are sound


class SqliteCatalogue:
    """The SQLite file of an archive; every thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._hidden = sqlite_hidden.Hidden()
        self._sound: tuple[int, sqlite_seals.Touched] = (-1, set())

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> SqliteCatalogue:
        """Make an empty catalogue with this manifest, in a folder that is there."""
        catalogue = cls(path)
        with catalogue._write() as db:
            sqlite_schema.create_tables(db, manifest)
        return catalogue

    @classmethod
    def is_made(cls, path: Path) -> bool:
        """Say whether a catalogue stands here, be it of another make; a file that holds no table does not count."""
        if not path.exists():
            return False
        catalogue = cls(path)
        try:
            return bool(catalogue.db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        except sqlite3.DatabaseError:
            return True
        finally:
            catalogue.close()

    @classmethod
    def open(cls, path: Path) -> SqliteCatalogue:
        """Open a catalogue; raises ArchiveError where it is missing, not ours, or of another schema."""
        if path.parent.exists() and not path.parent.is_dir():
            raise ArchiveError("archive_not_folder", path.parent)
        if not path.is_file():
            raise ArchiveError("archive_missing", path)
        catalogue = cls(path)
        try:
            facts = catalogue.facts()
            schema = facts.get("schema")
            if schema not in READABLE:
                raise ArchiveError("archive_schema", path, schema=schema or "")
            Manifest.of(facts)
            catalogue.look_for_damage()
        except sqlite3.DatabaseError as error:
            raise ArchiveError("archive_unreadable", path, detail=described(error)) from None
        return catalogue

    def look_for_damage(self) -> None:
        """Find the issues that are damaged, which are shown to nobody from now on."""
        found = sqlite_hidden.find_hidden(self.db)
        for issue_id in found.issues:
            log.warning("%s", MESSAGES.message("issue_damaged", issue_id=issue_id))
        self._hidden = found

    @property
    def db(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._local.older and not connection.in_transaction:
            self._follow_upgrade(connection)
        if connection is None:
            connection = self._connect()
            self._local.older = self._is_older(connection)
            if self._local.older:
                sqlite_older.show_as_new(connection)
            self._local.hidden = sqlite_hidden.Hidden()
            self._local.touched = set()
            self._local.connection = connection
        if self._local.hidden != self._hidden and not connection.in_transaction and not self._local.older:
            sqlite_hidden.hide(connection, self._hidden)
            self._local.hidden = self._hidden
        return connection

    @property
    def whole(self) -> sqlite3.Connection:
        """Return this thread's connection, with what is hidden from readers: for who mends, and for who compares."""
        connection = self.db
        if self._local.hidden:
            sqlite_hidden.show_all(connection)
            self._local.hidden = sqlite_hidden.Hidden()
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            # Damage may leave bytes that are no text, which must not keep the rest from being read.
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA mmap_size = 1073741824")
            sqlite_words.open_vocabulary(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _is_older(connection: sqlite3.Connection) -> bool:
        try:
            return sqlite_older.is_older(connection)
        except sqlite3.OperationalError:  # no table yet
            return False

    def _follow_upgrade(self, connection: sqlite3.Connection) -> None:
        """Read the tables themselves where another thread or process has brought the catalogue up to date."""
        if not self._is_older(connection):
            sqlite_older.show_no_more(connection)
            self._local.older = False

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def _write(self, *, mend: bool = False) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction, or as part of the one that `together` began: all of it is stored, or nothing.

        Raises ArchiveError where the disk is full or cannot be written to, and where the manifest is damaged, but for
        who mends it: each transaction seals it with the numbers that it gives.
        """
        try:
            if self.db.in_transaction:
                yield self.db
                return
            db = self.whole
            db.execute("BEGIN IMMEDIATE")
            try:
                self._bring_up_to_date(db)
                if not mend and not self._local.touched and sqlite_seals.broken_among(db, "meta", ["meta"]):
                    raise ArchiveError("meta_damaged", self.path)
                yield db
                sqlite_seals.seal(db, self._local.touched)
                db.execute("COMMIT")
                self._local.older = False
            except BaseException:
                self._local.touched.clear()
                self._roll_back()
                raise
        except sqlite3.DatabaseError as error:
            if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InternalError)):
                raise  # a fault of ours, which the operator can do nothing about
            raise ArchiveError("archive_not_written", self.path, detail=described(error)) from error

    def _bring_up_to_date(self, db: sqlite3.Connection) -> None:
        """Make what an earlier version did not have, and have all that is changed noted."""
        if self._local.older:
            # Another may have been faster, before this thread had the lock.
            if self._is_older(db):
                sqlite_older.upgrade(db)
            else:
                sqlite_older.show_no_more(db)
        if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
            if self.facts().get("schema") == sqlite_schema.UNSEALED:
                sqlite_schema.seal_first(db)
            version = db.execute("PRAGMA schema_version").fetchone()
            sqlite_schema.ensure_side_tables(db)
            if db.execute("PRAGMA schema_version").fetchone() != version:
                self._local.touched.add(("meta", "meta"))  # with the tables that this version adds
            sqlite_seals.note_changes(db, self._local.touched)

    @contextmanager
    def consistent_view(self) -> Iterator[None]:
        """Let this thread read one state inside the block, whatever is written meanwhile; a view inside a view is the same."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            # Nothing was written; and the COMMIT of a view on a damaged file fails, which would hide why.
            self._roll_back()

    def _roll_back(self) -> None:
        """End this thread's transaction, where SQLite did not do so itself, as it does when the disk is full."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    # What the archive is made of

    def manifest(self) -> Manifest:
        """Return what the archive was made with."""
        return Manifest.of(self.facts())

    def facts(self) -> dict[str, str]:
        """Return the manifest with the schema and the generation."""
        return dict(self.db.execute("SELECT key, value FROM meta"))

    def generation(self) -> int:
        """Return the number that every change of the catalogue raises."""
        row = self.db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        if row is None or not str(row[0]).isdecimal():
            raise ArchiveError("archive_manifest", self.path, name="generation", value=row[0] if row else "")
        return int(row[0])

    def problems(self, dimension: int) -> list[Message]:
        """Return what is wrong with the catalogue; raises ArchiveError where the damage keeps the check from going on."""
        try:
            found = find_problems(self.whole, dimension)
        except sqlite3.DatabaseError as error:
            raise ArchiveError("verify_unreadable", detail=described(error)) from error
        return found

    def full_text_problems(self) -> list[Message]:
        """Return what is wrong with the index of words, where it can be checked: not where nothing may be written."""
        try:
            return check_full_text(self.whole)
        except sqlite3.OperationalError as error:
            log.debug("the index of words was not checked: %s", error)
            return []

    # Issues and their files

    def papers(self) -> list[str]:
        """Return the names of the papers, in order."""
        return sqlite_issues.papers(self.db)

    def extent(self, filters: Filters) -> Extent:
        """Count what lies within the filters."""
        return sqlite_issues.extent(self.db, filters)

    def summaries(self, limit: int, after: str | None = None) -> list[IssueSummary]:
        """List issues, newest first, behind the one with the id `after`."""
        return sqlite_issues.summaries(self.db, limit, after)

    def issues_beside(self, day: date, paper: str | None = None) -> tuple[IssueSummary | None, IssueSummary | None]:
        """Return the last issue before a day and the first one behind it, of one paper if given."""
        return sqlite_issues.issues_beside(self.db, day, paper)

    def issue_days(self) -> list[IssueDay]:
        """Return all issues, oldest first."""
        return sqlite_issues.issue_days(self.db)

    def masthead_facts(self) -> list[MastheadFacts]:
        """Return what the mastheads of all issues say, oldest first."""
        return sqlite_issues.masthead_facts(self.db)

    def issues_of_day(self, day: date) -> list[IssueDay]:
        """Return the issues that all papers printed on one day."""
        return sqlite_issues.issues_of_day(self.db, day)

    def issue_before(self, paper: str, day: date) -> IssueDay | None:
        """Return the last issue of a paper before a day, or None."""
        return sqlite_issues.issue_before(self.db, paper, day)

    def issue_after(self, paper: str, day: date) -> IssueDay | None:
        """Return the first issue of a paper after a day, or None."""
        return sqlite_issues.issue_after(self.db, paper, day)

    def issue(self, issue_id: str) -> Issue | None:
        """Return an issue with its articles, or None."""
        self._look_through(issue_id)
        found = sqlite_issues.issue(self.db, issue_id)
        return found and self._without_damaged(found)

    def issue_ids(self) -> list[str]:
        """Return the ids of all issues, in order."""
        return sqlite_issues.issue_ids(self.db)

    def issue_id_of(self, paper: str, day: date, edition: str | None) -> str | None:
        """Return the id of the issue of a paper, day and edition, or None where it is not held."""
        found = sqlite_issues.ids_of_issue(self.whole, paper, day, edition)
        damaged = self._damaged("issues", found)
        return next((issue_id for issue_id in found if issue_id not in damaged), None)

    def slugs(self) -> dict[str, str]:
        """Return the slug of each paper that ever had an issue here."""
        return sqlite_issues.slugs(self.db)

    def stored_files(
        self, *, path: str | None = None, fingerprint: str | None = None, issue_id: str | None = None
    ) -> list[StoredFile]:
        """Return by path the files that lie there, have this fingerprint or hold this issue; all where nothing is given."""
        return sqlite_held.stored_files(self.db, path, fingerprint, issue_id)

    def held_articles(self, *, path: str | None = None, issue_id: str | None = None) -> list[HeldArticle]:
        """Return the articles that came from a file, or those of an issue, with their files, by number."""
        return sqlite_held.held_articles(self.whole, path, issue_id)

    def file_issues(self, path: str) -> list[Issue]:
        """Return the issues of a file as it alone tells them, each article under its number."""
        return sqlite_held.file_issues(self.whole, path)

    # Articles

    def issue_of(self, article_id: str) -> tuple[Issue, int] | None:
        """Return the issue that holds an article and the article's place in it, from 0; or None."""
        self._refuse_damaged("articles", "article_damaged", article_id)
        self._refuse_damaged("readings", "article_damaged", article_id)
        self._look_through(article_id.rpartition("-")[0])
        found = sqlite_issues.issue_of(self.db, article_id)
        if found is None:
            return None
        issue, place = found
        sound = self._without_damaged(issue)
        ids = [sound.id_at(each) for each in range(len(sound.articles))]
        return sound, ids.index(article_id) if place >= 0 else place

    def mastheads(self, filters: Filters, limit: int) -> list[Passage]:
        """Return the mastheads within the filters, newest first, each as one passage."""
        return [one for one in sqlite_issues.mastheads(self.db, filters, limit) if not self._damaged_articles([one.article_id])]

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in order, mastheads aside."""
        return sqlite_issues.article_ids(self.db)

    def printed_articles(self, article_ids: Sequence[str]) -> list[PrintedArticle]:
        """Return these articles, in this order; one that is not there is left out."""
        damaged = self._damaged_articles(article_ids)
        return sqlite_issues.printed_articles(self.db, [one for one in article_ids if one not in damaged])

    def headlines(self) -> list[Headline]:
        """Return the headlines of all articles, newest first."""
        return sqlite_issues.headlines(self.db)

    def articles_printing(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield the ids of the articles, newest first, that hold each of these texts to the letter."""
        return sqlite_issues.articles_printing(self.db, texts)

    def later_articles(self, article_id: str, words: Sequence[str]) -> list[PrintedArticle]:
        """Return the articles of later issues of the same paper that share most with these words and name the paper (本报)."""
        with self.consistent_view():
            return self.printed_articles(sqlite_words.later_article_ids(self.db, article_id, words))

    def printings(self, article_id: str) -> list[Printing]:
        """Return all printings of an article's news, itself among them, first print first; [] where it has no reprint."""
        return sqlite_reprints.printings(self.db, article_id)

    def reprint_groups(self) -> list[list[Printing]]:
        """Return all news that was printed more than once, each with its printings, first print first."""
        return sqlite_reprints.groups(self.db)

    # Chunks

    def keys(self, filters: Filters = Filters()) -> Keys:
        """Return the keys of all chunks within the filters, ascending."""
        return sqlite_chunks.keys(self.db, filters)

    def keys_of_days(self, days: Days, filters: Filters) -> Keys:
        """Return the keys of chunks printed on these days or speaking of days within them, ascending."""
        return sqlite_chunks.keys_of_days(self.db, days, filters)

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of these chunk keys; a key whose chunk is gone is left out."""
        # All are looked at before one is read: what is damaged need not even be JSON, or a day.
        owners = sqlite_chunks.owners(self.db, keys)
        chunks = self._damaged("chunks", keys)
        articles = self._damaged_articles({article_id for article_id, _ in owners.values()})
        issues = self._damaged("issues", {issue_id for _, issue_id in owners.values()})
        sound = [
            key
            for key in keys
            if key in owners and key not in chunks and owners[key][0] not in articles and owners[key][1] not in issues
        ]
        return sqlite_chunks.passages(self.db, sound)

    def passage_at(self, article_id: str, offset: int = 0) -> Passage | None:
        """Return the last chunk of an article that begins at or before an offset of its body, or its first; None if gone."""
        self._refuse_damaged("articles", "article_damaged", article_id)
        found = sqlite_chunks.passage_at(self.db, article_id, offset)
        return None if found is None or self._damaged("issues", [found.issue_id]) else found

    def vectors(self, keys: Iterable[int], dimension: int) -> Iterator[tuple[Keys, Matrix]]:
        """Yield the stored vectors of these keys in batches of (keys, vectors)."""
        return sqlite_chunks.vectors(self.db, keys, dimension)

    # What is damaged is refused

    def _damaged_articles(self, article_ids: Collection[str]) -> set[str]:
        """Return those of these articles that are not as they were stored, and show them to nobody from now on."""
        damaged = self.damaged_articles(article_ids)
        if damaged - self._hidden.articles:
            for article_id in damaged - self._hidden.articles:
                log.warning("%s", MESSAGES.message("article_damaged", article_id=article_id))
            self._hidden |= sqlite_hidden.Hidden(articles=frozenset(damaged))
        return damaged

    def _damaged(self, kind: str, names: Collection[sqlite_seals.Name]) -> set[sqlite_seals.Name]:
        """Return those of these things that are not as they were stored; each is looked at once a generation."""
        # In one view: a writer between the reading of a row and of its seal would make it look damaged.
        with self.consistent_view():
            generation, sound = self._sound
            if generation != self.generation() or len(sound) > _SOUND_KEPT:
                generation, sound = self._sound = self.generation(), set()
                if self._hidden:
                    self._hidden = sqlite_hidden.still_hidden(self.db, self._hidden)
            # What this transaction changed is sealed at its end.
            known = sound | self._local.touched if self._local.touched else sound
            new = [name for name in names if (kind, name) not in known]
            damaged = sqlite_seals.broken_among(self.db, kind, new)
            if not self._local.touched:
                sound.update((kind, name) for name in new if name not in damaged)
        return damaged

    def _look_through(self, issue_id: str) -> None:
        """Look at all of an issue before it is read; raises DamagedError where it is damaged itself."""
        self._refuse_damaged("issues", "issue_damaged", issue_id)
        self._damaged_articles(sqlite_issues.ids_within(self.db, issue_id))

    def _refuse_damaged(self, kind: str, code: str, name: str) -> None:
        """Raise DamagedError where a thing is not as it was stored."""
        if self._damaged(kind, [name]):
            raise DamagedError(code, article_id=name, issue_id=name)

    def _without_damaged(self, issue: Issue) -> Issue:
        """Return an issue with the articles that are as they were stored, each under its number."""
        self._refuse_damaged("issues", "issue_damaged", issue.issue_id)
        ids = [issue.id_at(place) for place in range(len(issue.articles))]
        damaged = self._damaged_articles(ids)
        if not damaged:
            return issue
        sound = [place for place, article_id in enumerate(ids) if article_id not in damaged]
        numbers = issue.ordinals or tuple(range(1, len(ids) + 1))
        return replace(
            issue,
            articles=tuple(issue.articles[place] for place in sound),
            ordinals=tuple(numbers[place] for place in sound),
        )

    # Search words

    def lexical_search(self, words: Sequence[str], limit: int, filters: Filters = Filters()) -> list[tuple[int, float]]:
        """Return (chunk key, BM25) of the `limit` best chunks holding any of the words, best first."""
        return sqlite_words.lexical_search(self.db, words, limit, filters)

    def lexical_scores(self, words: Sequence[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the same BM25 of those among these chunks that hold any of the words, by ascending key."""
        return sqlite_words.lexical_scores(self.db, words, keys)

    def chunks_holding(self, words: Sequence[str]) -> Keys:
        """Return the keys of the chunks that hold all of these words, ascending."""
        return sqlite_words.chunks_holding(self.db, words)

    def count_phrase(self, words: Sequence[str], most: int) -> int:
        """Count the chunks that hold these words side by side, up to `most`."""
        return sqlite_words.count_phrase(self.db, words, most)

    def matching_passages(self, words: Sequence[str]) -> dict[str, int]:
        """Count for each issue the passages that hold all of these words; issues without any are left out."""
        return sqlite_words.matching_passages(self.db, words)

    def words_beginning(self, start: str) -> dict[str, int]:
        """Return the words that begin so, and in how many chunks each stands."""
        return sqlite_words.words_beginning(self.db, start)

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each of these words stands."""
        return sqlite_words.document_frequencies(self.db, words)

    # Corrections

    def corrections(self, paper: str | None = None, day: date | None = None) -> list[Correction]:
        """Return the corrections of a paper's issues of a day, as printed, in the order made."""
        return sqlite_corrections.corrections(self.db, paper, day)

    def issues_printed_on(self, paper: str, day: date) -> list[str]:
        """Return the ids of the issues of a paper that are printed with this day, whatever day the operator put right."""
        return sqlite_corrections.issues_printed_on(self.db, paper, day)

    def add_corrections(self, corrections: Iterable[Correction]) -> list[Correction]:
        """Store corrections, in one transaction, and return them with their numbers."""
        with self._write() as db:
            return sqlite_corrections.add_corrections(db, corrections)

    def delete_corrections(self, numbers: Iterable[int]) -> None:
        """Delete corrections by their numbers, in one transaction."""
        with self._write() as db:
            sqlite_corrections.delete_corrections(db, numbers)

    def mark_corrections(self, applied: Mapping[int, bool]) -> None:
        """Note of corrections, by their numbers, whether they fit what is stored."""
        with self._write() as db:
            damaged = self._damaged("corrections", applied)
            sqlite_corrections.mark_corrections(db, {one: fits for one, fits in applied.items() if one not in damaged})

    # Changing

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all that is changed inside the block be one transaction."""
        with self._write():
            yield

    def store(self, source: SourceFile, parts: Sequence[FilePart], slugs: Mapping[str, str], *, mend: bool = False) -> Changes:
        """Store what a file holds in place of what it held before, in one transaction; say what became of its issues."""
        with self._write() as db:
            if mend:
                sqlite_mending.make_way(db, source, parts, slugs)
            # What is damaged is not built upon, or it would be sealed as it lies.
            for issue_id in () if mend else self._damaged("issues", [part.issue.issue_id for part in parts]):
                raise UnstorableError("not_stored", detail=MESSAGES.message("issue_damaged", issue_id=issue_id))
            try:
                db.executemany("INSERT OR IGNORE INTO papers VALUES (?, ?)", slugs.items())
                changes = sqlite_files.store_file(db, source, parts)
            except (OverflowError, UnicodeError, sqlite3.DataError) as error:
                raise UnstorableError("not_stored", detail=described(error)) from error
            if changes.any:
                sqlite_schema.advance(db)
        return changes

    def note(self, source: SourceFile, path: str) -> None:
        """Note anew how the file that was read from `path` was read and where it lies; nothing that it holds changed."""
        with self._write() as db:
            sqlite_held.note(db, source, path)

    def forget(self, paths: Sequence[str]) -> Changes:
        """Remove files with all that came of them, in one transaction; say what became of their issues."""
        with self._write() as db:
            changes = sqlite_files.forget_files(db, paths)
            if changes.any:
                sqlite_schema.advance(db)
        return changes

    def remove(self, issue_ids: Sequence[str]) -> None:
        """Remove issues with all that was made of them, in one transaction."""
        with self._write() as db:
            sqlite_files.delete_issues(db, issue_ids)
            sqlite_schema.advance(db)

    def damaged_issues(self, issue_ids: Collection[str]) -> set[str]:
        """Return those of these issues whose facts are not as they were stored."""
        return {str(name) for name in self._damaged("issues", issue_ids)}

    def damaged_articles(self, article_ids: Collection[str]) -> set[str]:
        """Return those of these articles that are not as they were stored."""
        return {str(name) for kind in ("articles", "readings") for name in self._damaged(kind, article_ids)}

    def copy_to(self, path: Path) -> None:
        """Copy the catalogue as it is now into a new file, whoever reads or writes it meanwhile."""
        target = sqlite3.connect(path)
        try:
            self.whole.backup(target)
        finally:
            target.close()

    def become(self, path: Path) -> None:
        """Take the content of another catalogue's file, in one transaction; raises ArchiveError where it cannot be."""
        source = sqlite3.connect(path)
        try:
            source.backup(self.whole)
        except sqlite3.DatabaseError as error:
            raise ArchiveError("archive_not_written", self.path, detail=described(error)) from error
        finally:
            source.close()
            self.close()

    def begin_anew(self, generation: int, lineage: str) -> None:
        """Note that this catalogue takes the place of one of this generation, and that its chunk keys are others."""
        with self._write(mend=True) as db:
            newest = max(generation, self.generation()) + 1
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", (("generation", str(newest)), ("lineage", lineage)))

    def start_mending(self) -> None:
        """Make the indexes anew, before files are stored with `mend`."""
        with self._write(mend=True) as db:
            sqlite_mending.mend_indexes(db)

    def finish_mending(self) -> list[Message]:
        """Take away what is damaged and belongs to nothing any more; tell what is gone."""
        with self._write() as db:
            told = sqlite_mending.sweep(db)
            sqlite_schema.advance(db)
        self.look_for_damage()
        return told

    def start_rebuild(self) -> None:
        """Make empty tables beside the live ones; those that a rebuild cut off had made are dropped."""
        with self._write(mend=True) as db:
            sqlite_mending.mend_indexes(db)
            sqlite_schema.start_rebuild(db)

    def add_rebuilt(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Store articles, given as (article id, entry), in the tables beside the live ones, in one transaction."""
        with self._write(mend=True) as db:
            for article_id, entry in entries:
                sqlite_files.insert_chunks(db, article_id, entry, suffix="_next")

    def finish_rebuild(self, manifest: Manifest) -> None:
        """Put the tables made beside, and this manifest, in the place of the live ones, in one transaction."""
        with self._write(mend=True) as db:
            sqlite_schema.finish_rebuild(db, manifest)
