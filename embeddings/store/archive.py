"""Archive: the one door to the catalogue and its index; no module outside this package knows either."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path

import filelock

from embeddings.errors import ArchiveError, ModelError, described
from embeddings.messages import MESSAGES, Message
from embeddings.models.encoder import DEFAULT_MODEL, Encoder, load_encoder, passage_text
from embeddings.records import Correction, Days, Extent, Filters, Issue, IssueSummary, Passage
from embeddings.settings import ArchiveSettings
from embeddings.store.backends import choose_backend
from embeddings.store.naming import IssueNames
from embeddings.store.passage_search import search_passages, search_passages_of_days
from embeddings.store.protocols import Backend, Catalogue, VectorIndex
from embeddings.store.records import (
    Changes,
    FilePart,
    Headline,
    HeldArticle,
    Hit,
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
from embeddings.text.aliases import NO_NAMES, read_names
from embeddings.text.letters import fold
from embeddings.text.numerals import in_digits, twins
from embeddings.text.place_names import endings
from embeddings.text.segmentation import search_words

log = logging.getLogger(__name__)

_LOCK_FILE = "writer.lock"
_LOCK_SECONDS, _SAY_SECONDS = 60, 2  # until a writer gives up, and until it says that it waits
_EXTENTS_KEPT = 256
_QUESTIONS_KEPT = 256
_ARTICLES_TOGETHER = 256

EncoderLoader = Callable[[str], Encoder]


class Archive:
    """An archive opened for searching, or for changing by one writer at a time.

    Any number of threads may search while one process writes; each search sees
    one generation of the catalogue, and a new generation is noticed by itself.
    """

    def __init__(self, settings: ArchiveSettings, backend: Backend, catalogue: Catalogue, load: EncoderLoader) -> None:
        self.folder, self._backend, self._catalogue, self._load = settings.archive, backend, catalogue, load
        self.names = read_names(settings.names) if settings.names else NO_NAMES
        self._encoder: tuple[str, Encoder] | None = None
        self._encoder_lock = threading.Lock()
        self._extents: dict[tuple[int, Filters], Extent] = {}
        self._refresh_lock = threading.Lock()
        with catalogue.consistent_view():
            manifest = catalogue.manifest()
            saved = backend.saved_index(manifest)
            index = (backend.empty_index(manifest.dimension) if saved is None else saved).follow(catalogue)
        # Kept and replaced together, so that no search meets a new model with an old index.
        self._state = manifest, index
        self._question_vectors = lru_cache(_QUESTIONS_KEPT)(self._encode_questions)

    @classmethod
    def open(cls, settings: ArchiveSettings, load: EncoderLoader = load_encoder, *, create: bool = False) -> Archive:
        """Open the archive of the settings; `load` gives an encoder by its name.

        With `create`, an archive that is missing is made. Raises ArchiveError where
        there is none, ModelError where it was made with another model or other chunk
        settings than those asked for, NamesError where the dictionary of names is bad.
        """
        backend = choose_backend(settings)
        # A making that was cut off leaves a file without tables; two that start together wait for each other.
        if create and not backend.has_catalogue():
            encoder = load(settings.model or DEFAULT_MODEL)
            with writer_lock(settings.archive):
                if backend.has_catalogue():
                    return cls.open(settings, load)
                manifest = Manifest(encoder.name, encoder.dimension, settings.chunk_size, settings.chunk_overlap)
                return cls(settings, backend, backend.create_catalogue(manifest), load)
        catalogue = backend.open_catalogue()
        _check_settings(settings, catalogue.manifest())
        return cls(settings, backend, catalogue, load)

    def close(self) -> None:
        """Give back what this thread holds open of the catalogue; the next call opens it again."""
        self._catalogue.close()

    # What it was made with, and how new it is

    @property
    def manifest(self) -> Manifest:
        """Return what the archive that searches see was made with."""
        return self._state[0]

    @property
    def encoder(self) -> Encoder:
        """Return the encoder that the manifest names, loaded on first use: status and an idle sync need none."""
        return self._encoder_of(self.manifest)

    def _encoder_of(self, manifest: Manifest) -> Encoder:
        with self._encoder_lock:
            if self._encoder is None or self._encoder[0] != manifest.model:
                encoder = self._load(manifest.model)
                if encoder.dimension != manifest.dimension:
                    command = _rebuild_command(self.folder, encoder.name)
                    raise ModelError(
                        "archive_dimension", self.folder,
                        made=manifest.dimension, model=encoder.name, given=encoder.dimension, command=command,
                    )  # fmt: skip
                self._encoder = manifest.model, encoder
            return self._encoder[1]

    @property
    def searched_generation(self) -> int:
        """Return the generation of the catalogue that searches see; they go on to the stored one when next asked."""
        return self._state[1].generation

    def stored_generation(self) -> int:
        """Return the generation that the catalogue has by now, read anew each time."""
        return self._catalogue.generation()

    def __len__(self) -> int:
        """Count the chunks that searches see."""
        return len(self._state[1])

    def refresh(self) -> VectorIndex:
        """Return the index of the catalogue's present generation, following it where it moved on.

        An archive that was made anew with another model brings its encoder along.
        """
        return self._current()[1]

    def _current(self) -> tuple[Manifest, VectorIndex]:
        if self.searched_generation != self.stored_generation():
            with self._refresh_lock:
                old, index = self._state
                # In one view: a rebuild between the two would leave a model with the vectors of another.
                with self._catalogue.consistent_view():
                    manifest = self._catalogue.manifest()
                    same = (manifest.model, manifest.lineage) == (old.model, old.lineage)
                    start = index if same else self._backend.empty_index(manifest.dimension)
                    self._state = manifest, start.follow(self._catalogue)
        return self._state

    # Searching

    def question_vector(self, question: str) -> Matrix:
        """Return the vector of a question, of shape (1, dimension); the search and the reader ask for the same one."""
        return self._question_vectors(self.manifest, question)

    def _encode_questions(self, manifest: Manifest, *questions: str) -> Matrix:
        return self._encoder_of(manifest).encode_queries(questions)

    def search(
        self, question: str, limit: int = 50, filters: Filters = Filters(), *, meaning: str = "", related: Sequence[str] = ()
    ) -> list[Hit]:
        """Return the passages nearest in meaning and those sharing words, up to `limit` of each, unranked.

        Every hit carries both scores, whichever search found it. The words are those of the question, the meaning is that
        of `meaning` where it is given, and `related` words count beside its own, for less.
        """
        # In one view: a rebuild between index and passages would leave none of the index's chunks.
        with self._catalogue.consistent_view():
            manifest, index = self._current()
            query = self._question_vectors(manifest, meaning or question)
            return search_passages(self._catalogue, index, query, self._words_of(question), limit, filters, related)

    def search_days(
        self, question: str, days: Days, limit: int, filters: Filters = Filters(),
        *, meaning: str = "", related: Sequence[str] = (),
    ) -> list[Hit]:  # fmt: skip
        """Return the same of the passages that were printed on these days or speak of a day or more within them."""
        with self._catalogue.consistent_view():
            manifest, index = self._current()
            query = self._question_vectors(manifest, meaning or question)
            words = self._words_of(question)
            return search_passages_of_days(self._catalogue, index, query, words, days, limit, filters, related)

    def nearness(self, questions: Sequence[str]) -> list[float]:
        """Return the cosine of each question and the passage nearest to it; -1 in an empty archive."""
        manifest, index = self._current()
        return index.nearest(self._question_vectors(manifest, *questions))

    def as_printed(self, question: str) -> str:
        """Return a question with its numbers in digits, where the archive prints these."""
        return in_digits(question, lambda word: bool(self.document_frequencies([word])[word]))

    def _words_of(self, question: str) -> list[str]:
        """Return the search words of a question, its numbers and places in both spellings: print has either."""
        words = search_words(question)
        return [*words, *endings(words), *self.names.words(question), *twins(fold(question))]

    # Words as they are printed

    def lexical_search(self, words: Sequence[str], limit: int, filters: Filters = Filters()) -> list[tuple[int, float]]:
        """Return (chunk key, BM25) of the `limit` best chunks holding any of the words, best first."""
        return self._catalogue.lexical_search(words, limit, filters)

    def chunks_holding(self, words: Sequence[str]) -> Keys:
        """Return the keys of the chunks that hold all of these words, ascending."""
        return self._catalogue.chunks_holding(words)

    def count_phrase(self, words: Sequence[str], most: int) -> int:
        """Count the chunks that hold these words side by side, up to `most`."""
        return self._catalogue.count_phrase(words, most)

    def matching_passages(self, words: Sequence[str]) -> dict[str, int]:
        """Count for each issue the passages that hold all of these words; issues without any are left out."""
        return self._catalogue.matching_passages(words)

    def words_beginning(self, start: str) -> dict[str, int]:
        """Return the words that begin so, and in how many chunks each stands."""
        return self._catalogue.words_beginning(start)

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each of these words stands, 0 included."""
        return self._catalogue.document_frequencies(words)

    # Chunks by their keys

    def keys(self) -> Keys:
        """Return the keys of all chunks, ascending."""
        return self._catalogue.keys()

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of these chunk keys; a key whose chunk is gone is left out."""
        return self._catalogue.passages(keys)

    def vectors(self, keys: Iterable[int]) -> Iterator[tuple[Keys, Matrix]]:
        """Yield the vectors of these chunks in batches of (keys, vectors of shape (keys, dimension))."""
        return self._catalogue.vectors(keys, self.manifest.dimension)

    def passage_at(self, article_id: str, offset: int = 0) -> Passage | None:
        """Return the last chunk of an article that begins at or before an offset of its body, or its first; None if gone."""
        return self._catalogue.passage_at(article_id, offset)

    # Articles

    def article(self, article_id: str) -> tuple[Issue, int] | None:
        """Return the issue that holds an article and the article's place in it, from 0, -1 for its masthead; or None."""
        return self._catalogue.issue_of(article_id)

    def mastheads(self, filters: Filters = Filters(), limit: int = 1) -> list[Passage]:
        """Return the mastheads of the newest issues within the filters, each as one passage; no search brings them."""
        return self._catalogue.mastheads(filters, limit)

    def headlines(self) -> list[Headline]:
        """Return the headlines of all articles, newest first."""
        return self._catalogue.headlines()

    def articles_printing(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield the ids of the articles, newest first, that hold each text to the letter in the body or in the headline.

        What was printed for a corrected article counts too.
        """
        return self._catalogue.articles_printing(texts)

    def later_articles(self, article_id: str, words: Sequence[str]) -> list[PrintedArticle]:
        """Return what later issues of an article's paper print with most of these words and a name of the paper (本报)."""
        return self._catalogue.later_articles(article_id, words)

    def printed_articles(self) -> Iterator[PrintedArticle]:
        """Yield all articles with their ids and days, in the order of ids, mastheads aside."""
        ids = self._catalogue.article_ids()
        for first in range(0, len(ids), _ARTICLES_TOGETHER):
            yield from self._catalogue.printed_articles(ids[first : first + _ARTICLES_TOGETHER])

    def printings(self, article_id: str) -> list[Printing]:
        """Return all printings of an article's news, itself among them, first print first; [] where it has no reprint."""
        return self._catalogue.printings(article_id)

    def reprint_groups(self) -> list[list[Printing]]:
        """Return all news that was printed more than once, each with its printings, first print first."""
        return self._catalogue.reprint_groups()

    # Issues

    def extent(self, filters: Filters = Filters()) -> Extent:
        """Count what lies within the filters, once for each generation."""
        key = (self.stored_generation(), filters)
        found = self._extents.get(key)
        if found is None:
            if len(self._extents) >= _EXTENTS_KEPT:
                self._extents.clear()
            self._extents[key] = found = self._catalogue.extent(filters)
        return found

    def papers(self) -> list[str]:
        """Return the names of the papers, in order."""
        return self._catalogue.papers()

    def issue(self, issue_id: str) -> Issue | None:
        """Return an issue, or None."""
        return self._catalogue.issue(issue_id)

    def issues(self, limit: int = 50, after: str | None = None) -> list[IssueSummary]:
        """List issues, newest first, behind the one with the id `after`."""
        return self._catalogue.summaries(limit, after)

    def issues_beside(self, day: date, paper: str | None = None) -> tuple[IssueSummary | None, IssueSummary | None]:
        """Return the last issue before a day and the first one behind it, of one paper if given."""
        return self._catalogue.issues_beside(day, paper)

    def issue_days(self) -> list[IssueDay]:
        """Return all issues as a calendar shows them, oldest first."""
        return self._catalogue.issue_days()

    def masthead_facts(self) -> list[MastheadFacts]:
        """Return what the mastheads of all issues say, oldest first."""
        return self._catalogue.masthead_facts()

    def issues_of_day(self, day: date) -> list[IssueDay]:
        """Return the issues that all papers printed on one day, by id."""
        return self._catalogue.issues_of_day(day)

    def issue_before(self, paper: str, day: date) -> IssueDay | None:
        """Return the last issue of a paper before a day, or None."""
        return self._catalogue.issue_before(paper, day)

    def issue_after(self, paper: str, day: date) -> IssueDay | None:
        """Return the first issue of a paper after a day, or None."""
        return self._catalogue.issue_after(paper, day)

    def issue_ids(self) -> list[str]:
        """Return the ids of all issues, in order."""
        return self._catalogue.issue_ids()

    def stored_files(
        self, *, path: str | None = None, fingerprint: str | None = None, issue_id: str | None = None
    ) -> list[StoredFile]:
        """Return by path the files that lie there, have this fingerprint or hold this issue; all if nothing is given."""
        return self._catalogue.stored_files(path=path, fingerprint=fingerprint, issue_id=issue_id)

    def held_articles(self, *, path: str | None = None, issue_id: str | None = None) -> list[HeldArticle]:
        """Return the articles that came from a file, or those of an issue, with their files, by issue and number."""
        return self._catalogue.held_articles(path=path, issue_id=issue_id)

    def file_issues(self, path: str) -> list[Issue]:
        """Return the issues of a file as it alone tells them, its articles in their order in it, each under its number."""
        return self._catalogue.file_issues(path)

    def issue_names(self) -> IssueNames:
        """Return what names the issues of one run."""
        return IssueNames(self._catalogue)

    # Corrections by the operator

    def corrections(self, paper: str | None = None, day: date | None = None) -> list[Correction]:
        """Return the corrections of a paper's issues of a day, as printed, in the order made; None leaves a side open."""
        return self._catalogue.corrections(paper, day)

    def issues_printed_on(self, paper: str, day: date) -> list[str]:
        """Return the ids of the issues of a paper that are printed with this day, whatever day the operator put right."""
        return self._catalogue.issues_printed_on(paper, day)

    def vectors_of_texts(self, issue_id: str) -> dict[str, Matrix]:
        """Return the vectors of an issue's chunks by what the encoder saw of each, so that none is encoded again."""
        keys = self._catalogue.keys(Filters(issue_id=issue_id)).tolist()
        passages = self._catalogue.passages(keys)
        found: dict[str, Matrix] = {}
        for batch, vectors in self.vectors(keys):
            for key, vector in zip(batch.tolist(), vectors, strict=True):
                passage = passages[key]
                found[passage_text(passage.article, passage.start, passage.end)] = vector
        return found

    # Changing; whoever calls any but `remove` holds the writer lock and saves the index in the end

    def damaged_articles(self, article_ids: Collection[str]) -> set[str]:
        """Return those of these articles that are not as they were stored."""
        return self._catalogue.damaged_articles(article_ids)

    def start_mending(self) -> None:
        """Make the indexes of the catalogue anew, before files are stored with `mend`."""
        self._catalogue.start_mending()

    def finish_mending(self) -> list[Message]:
        """Take away what is damaged and belongs to nothing any more; tell what is gone."""
        return self._catalogue.finish_mending()

    def store(
        self, source: SourceFile, parts: Sequence[FilePart], slugs: Mapping[str, str] | None = None, *, mend: bool = False
    ) -> Changes:
        """Store what a file holds in place of what it held before, whole or not at all; say what became of its issues.

        `slugs` are those of the run's `issue_names`; papers without one get theirs here. With `mend` the file is read
        anew with all its articles, and what is damaged is put in order by it.
        """
        names = self.issue_names()
        own = {part.issue.paper: names.slug(part.issue.paper) for part in parts}
        given = own if slugs is None else {paper: slugs[paper] for paper in own}
        return self._catalogue.store(source, parts, given, mend=mend)

    def note(self, source: SourceFile, path: str | None = None) -> None:
        """Note anew how a file was read and, where it lay at `path` before, where it lies; nothing it holds changed."""
        self._catalogue.note(source, path or source.path)

    def forget(self, paths: Sequence[str]) -> Changes:
        """Remove files with all that came of them; say what became of their issues."""
        return self._catalogue.forget(paths)

    def together(self) -> AbstractContextManager[None]:
        """Let all that is changed inside the block be one transaction: all of it is stored, or nothing."""
        return self._catalogue.together()

    def add_corrections(self, corrections: Iterable[Correction]) -> list[Correction]:
        """Store corrections and return them with their numbers; the issues stay as they are."""
        return self._catalogue.add_corrections(corrections)

    def delete_corrections(self, numbers: Iterable[int]) -> None:
        """Delete corrections by their numbers; the issues stay as they are."""
        self._catalogue.delete_corrections(numbers)

    def mark_corrections(self, applied: Mapping[int, bool]) -> None:
        """Note of corrections, by their numbers, whether they fit what is stored."""
        self._catalogue.mark_corrections(applied)

    def discard(self, issue_ids: Sequence[str]) -> None:
        """Remove issues with all that was made of them; an id that is not there is passed over."""
        self._catalogue.remove(issue_ids)

    def lacks_snapshot(self) -> bool:
        """Say whether the index that is kept for the next start is lost or damaged."""
        return self._backend.saved_index(self.manifest) is None

    def save_index(self) -> None:
        """Keep the index of the present generation for the next start."""
        manifest, index = self._current()
        index.save(self.folder, manifest.model)

    def remove(self, issue_ids: Sequence[str]) -> None:
        """Remove issues; raises ArchiveError naming those that are not there, and then removes none."""
        held = set(self.issue_ids())
        missing = [issue_id for issue_id in issue_ids if issue_id not in held]
        if missing:
            raise ArchiveError("not_in_archive", ids=", ".join(missing))
        with writer_lock(self.folder):
            self.discard(issue_ids)
            self.save_index()


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the archive's writer lock; raises ArchiveError where another writer keeps it."""
    if folder.exists() and not folder.is_dir():
        raise ArchiveError("archive_not_folder", folder)
    lock = filelock.FileLock(folder / _LOCK_FILE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _wait_for(lock, folder)
    except OSError as error:
        if isinstance(error, filelock.Timeout):
            raise ArchiveError("archive_busy", folder) from None
        raise ArchiveError("archive_not_written", folder, detail=described(error)) from error
    try:
        yield
    finally:
        lock.release()


def _wait_for(lock: filelock.BaseFileLock, folder: Path) -> None:
    """Take a lock, and say where that takes long; raises filelock.Timeout."""
    try:
        lock.acquire(timeout=min(_SAY_SECONDS, _LOCK_SECONDS))
    except filelock.Timeout:
        log.warning("%s: %s", folder, MESSAGES.message("archive_waiting", seconds=_LOCK_SECONDS))
        lock.acquire(timeout=max(0, _LOCK_SECONDS - _SAY_SECONDS))


def _check_settings(settings: ArchiveSettings, manifest: Manifest) -> None:
    """Refuse settings, where they are given, that the archive was not made with; the message mends it."""
    model = str(Path(settings.model).resolve()) if Path(settings.model).is_dir() and settings.model else settings.model
    asked = {"model": model, "chunk_size": settings.chunk_size, "chunk_overlap": settings.chunk_overlap}
    made = asdict(manifest)
    wrong = {
        name: value
        for name, value in asked.items()
        if name in settings.model_fields_set and value != "" and value != made[name]
    }
    if wrong:
        raise ModelError(
            "archive_settings", settings.archive,
            made=", ".join(f"{name}={made[name]!r}" for name in wrong),
            asked=", ".join(f"{name}={value!r}" for name, value in wrong.items()),
            command=_rebuild_command(settings.archive, model),
        )  # fmt: skip


def _rebuild_command(folder: Path, model: str) -> str:
    chosen = f' --model "{model}"' if model and model != DEFAULT_MODEL else ""
    return f"python -m embeddings rebuild --archive {folder}{chosen}"
