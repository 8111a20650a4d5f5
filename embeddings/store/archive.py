"""Archive: the one door to the catalogue and its index: add, remove, sync, search, verify."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import filelock

from embeddings.errors import ArchiveError, ModelError
from embeddings.models.encoder import DEFAULT_MODEL, Encoder, load_encoder
from embeddings.records import Article, Chunk, Days, Extent, Filters, Issue, IssueSummary, Passage
from embeddings.settings import ArchiveSettings
from embeddings.store.catalogue import CATALOG_FILE, Catalog
from embeddings.store.vector_index import Matrix, VectorIndex, allowed_keys, open_index
from embeddings.text.aliases import NO_NAMES, read_names
from embeddings.text.chunks import split_article
from embeddings.text.numerals import in_digits, twins
from embeddings.text.place_names import endings
from embeddings.text.segmentation import fold, search_words

_LOCK_FILE = "writer.lock"
_LOCK_SECONDS = 60
_COMMON_SHARE, _COMMON_LEAST = 0.1, 100  # of the chunks; in a small archive every word counts
_EXTENTS_KEPT = 256
_QUESTIONS_KEPT = 256

EncoderLoader = Callable[[str], Encoder]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive was made with."""

    model: str
    dimension: int
    chunk_size: int
    chunk_overlap: int

    @classmethod
    def of(cls, catalog: Catalog) -> Manifest:
        """Read the manifest of a catalogue."""
        facts = catalog.manifest()
        return cls(facts["model"], int(facts["dimension"]), int(facts["chunk_size"]), int(facts["chunk_overlap"]))

    def facts(self) -> dict[str, str]:
        """Return the manifest as the catalogue keeps it."""
        return {name: str(value) for name, value in asdict(self).items()}

    def split(self, article: Article) -> list[Chunk]:
        """Cut an article into chunks as this archive does."""
        return split_article(article.body, self.chunk_size, self.chunk_overlap)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search, with both of its raw scores."""

    passage: Passage
    dense: float
    """The cosine of question and passage, in [-1, 1]."""
    lexical: float
    """BM25 of the question's words in the passage; 0 when it shares none."""


class Archive:
    """An archive opened for searching, or for changing by one writer at a time.

    Any number of threads may search while one process writes; each search sees
    one generation of the catalogue, and a new generation is noticed by itself.
    """

    def __init__(self, settings: ArchiveSettings, catalog: Catalog, load: EncoderLoader) -> None:
        self.folder, self.catalog, self._load = settings.archive, catalog, load
        self.names = read_names(settings.names) if settings.names else NO_NAMES
        self._encoder: tuple[str, Encoder] | None = None
        self._encoder_lock = threading.Lock()
        self._extents: dict[tuple[int, Filters], Extent] = {}
        self._refresh_lock = threading.Lock()
        manifest = Manifest.of(catalog)
        # Kept and replaced together, so that no search meets a new model with an old index.
        self._state = manifest, open_index(self.folder, catalog, manifest.model, manifest.dimension)
        self._question_vectors = lru_cache(_QUESTIONS_KEPT)(self._encode_questions)

    @classmethod
    def open(cls, settings: ArchiveSettings, load: EncoderLoader = load_encoder, *, create: bool = False) -> Archive:
        """Open the archive of the settings; `load` gives an encoder by its name.

        With `create`, an archive that is missing is made. Raises ArchiveError where
        there is none, ModelError where it was made with another model or other chunk
        settings than those asked for, NamesError where the dictionary of names is bad.
        """
        path = settings.archive / CATALOG_FILE
        # A making that was cut off leaves a file without tables; two that start together wait for each other.
        if create and not Catalog.is_made(path):
            encoder = load(settings.model or DEFAULT_MODEL)
            with writer_lock(settings.archive):
                if Catalog.is_made(path):
                    return cls.open(settings, load)
                manifest = Manifest(encoder.name, encoder.dimension, settings.chunk_size, settings.chunk_overlap)
                return cls(settings, Catalog.create(path, manifest.facts()), load)
        catalog = Catalog.open(path)
        _check_settings(settings, Manifest.of(catalog))
        return cls(settings, catalog, load)

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
                    raise ModelError(
                        f"{self.folder}: made with vectors of {manifest.dimension} numbers, but {encoder.name} gives "
                        f"{encoder.dimension}; make it anew with: {_rebuild_command(self.folder, encoder.name)}"
                    )
                self._encoder = manifest.model, encoder
            return self._encoder[1]

    @property
    def generation(self) -> int:
        """Return the generation that searches see."""
        return self._state[1].generation

    def __len__(self) -> int:
        """Count the chunks that searches see."""
        return len(self._state[1])

    def refresh(self) -> VectorIndex:
        """Return the index of the catalogue's present generation, following it where it moved on.

        An archive that was made anew with another model brings its encoder along.
        """
        return self._current()[1]

    def _current(self) -> tuple[Manifest, VectorIndex]:
        if self.generation != self.catalog.generation():
            with self._refresh_lock:
                manifest = Manifest.of(self.catalog)
                old, index = self._state
                start = index if manifest.model == old.model else VectorIndex.empty(manifest.dimension)
                self._state = manifest, start.follow(self.catalog, manifest.dimension)
        return self._state

    def question_vector(self, question: str) -> Matrix:
        """Return the vector of a question, of shape (1, dimension); the search and the reader ask for the same one."""
        return self._question_vectors(self.manifest, question)

    def _encode_questions(self, manifest: Manifest, *questions: str) -> Matrix:
        return self._encoder_of(manifest).encode_queries(questions)

    def search(self, question: str, limit: int = 50, filters: Filters = Filters()) -> list[Hit]:
        """Return the passages nearest in meaning and those sharing words, up to `limit` of each, unranked.

        Every hit carries both scores, whichever search found it.
        """
        manifest, index = self._current()
        query = self._question_vectors(manifest, question)
        words = self._telling(self._words_of(question))
        dense = dict(index.search(query, limit, allowed_keys(self.catalog, filters)))
        return self._hits(index, query, words, filters, dense, dict(self.catalog.match(words, limit, filters)))

    def search_days(self, question: str, days: Days, limit: int, filters: Filters = Filters()) -> list[Hit]:
        """Return the same of the passages that were printed on these days or speak of a day or more within them."""
        manifest, index = self._current()
        query = self._question_vectors(manifest, question)
        words = self._telling(self._words_of(question))
        keys = self.catalog.keys_of_days(days, filters)
        best = sorted(self.catalog.match(words, limit, filters, keys.tolist()), key=lambda found: -found[1])[:limit]
        return self._hits(index, query, words, filters, dict(index.search(query, limit, keys)), dict(best))

    def _hits(
        self, index: VectorIndex, query: Matrix, words: Sequence[str], filters: Filters,
        dense: dict[int, float], lexical: dict[int, float],
    ) -> list[Hit]:  # fmt: skip
        """Return what either search found, with the score that it lacks."""
        keys = list(dict.fromkeys([*dense, *lexical]))
        dense |= index.cosines(query, [key for key in keys if key not in dense])
        lexical |= dict(self.catalog.match(words, 0, filters, [key for key in keys if key not in lexical]))
        passages = self.catalog.passages(keys)
        return [Hit(passages[key], dense[key], lexical.get(key, 0.0)) for key in keys if key in passages and key in dense]

    def nearness(self, questions: Sequence[str]) -> list[float]:
        """Return the cosine of each question and the passage nearest to it; -1 in an empty archive."""
        manifest, index = self._current()
        return index.nearest(self._question_vectors(manifest, *questions))

    def as_printed(self, question: str) -> str:
        """Return a question with its numbers in digits, where the archive prints these."""
        return in_digits(question, lambda word: bool(self.catalog.document_frequencies([word])[word]))

    def _words_of(self, question: str) -> list[str]:
        """Return the search words of a question, its numbers and places in both spellings: print has either."""
        words = search_words(question)
        return [*words, *endings(words), *self.names.words(question), *twins(fold(question))]

    def _telling(self, words: Sequence[str]) -> list[str]:
        """Leave out words that stand in more than a tenth of the chunks, unless all do: they cost time and tell nothing."""
        frequencies = self.catalog.document_frequencies(words)
        common = max(len(self) * _COMMON_SHARE, _COMMON_LEAST)
        return [word for word in words if frequencies[word] <= common] or list(words)

    def extent(self, filters: Filters = Filters()) -> Extent:
        """Count what lies within the filters, once for each generation."""
        key = (self.catalog.generation(), filters)
        found = self._extents.get(key)
        if found is None:
            if len(self._extents) >= _EXTENTS_KEPT:
                self._extents.clear()
            self._extents[key] = found = self.catalog.extent(filters)
        return found

    def issues(self, limit: int = 50, after: str | None = None) -> list[IssueSummary]:
        """List issues, newest first, behind the one with the id `after`."""
        return self.catalog.summaries(limit, after)

    def issue(self, issue_id: str) -> Issue | None:
        """Return an issue, or None."""
        return self.catalog.issue(issue_id)

    def article(self, article_id: str) -> tuple[Issue, int] | None:
        """Return the issue that holds an article and the article's place in it, from 0; or None."""
        return self.catalog.issue_of(article_id)

    def save_index(self) -> None:
        """Write the snapshot of the present generation beside the catalogue."""
        self.refresh().save(self.folder, self.manifest.model)

    def remove(self, issue_ids: Sequence[str]) -> None:
        """Remove issues; raises ArchiveError naming those that are not there, and then removes none."""
        missing = [issue_id for issue_id in issue_ids if not self.catalog.stored(issue_id=issue_id)]
        if missing:
            raise ArchiveError(f"not in the archive: {', '.join(missing)}; python -m embeddings status --json lists what is")
        with writer_lock(self.folder):
            self.catalog.remove(issue_ids)
            self.save_index()


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the archive's writer lock; raises ArchiveError where another writer keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / _LOCK_FILE, timeout=_LOCK_SECONDS):
            yield
    except filelock.Timeout:
        raise ArchiveError(f"{folder}: another command is changing this archive; try again when it is done") from None


def _check_settings(settings: ArchiveSettings, manifest: Manifest) -> None:
    """Refuse settings, where they are given, that the archive was not made with; the message mends it."""
    model = str(Path(settings.model).resolve()) if Path(settings.model).is_dir() and settings.model else settings.model
    asked = {"model": model, "chunk_size": settings.chunk_size, "chunk_overlap": settings.chunk_overlap}
    made = asdict(manifest)
    wrong = [
        f"{name} {made[name]!r}, not {value!r}"
        for name, value in asked.items()
        if name in settings.model_fields_set and value != "" and value != made[name]
    ]
    if wrong:
        raise ModelError(
            f"{settings.archive}: the archive was made with {'; '.join(wrong)}. Leave the setting out, "
            f"or make the archive anew with: {_rebuild_command(settings.archive, model)}"
        )


def _rebuild_command(folder: Path, model: str) -> str:
    chosen = f' --model "{model}"' if model and model != DEFAULT_MODEL else ""
    return f"python -m embeddings rebuild --archive {folder}{chosen}"
