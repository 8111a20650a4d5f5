"""What an archive needs of a catalogue and of a vector index, whatever they are made of.

Another database or vector store is one more module that keeps these promises
and a line in backends.py; tests/embeddings/store/test_archive_contract.py checks
them through the archive.

The catalogue is the truth. The index is made from it, and may at any time be
older or newer than a reader's view of it: as a chunk key is never used twice,
that can hide a chunk from a search for a moment, but never show a wrong one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Protocol

from embeddings.messages import Message
from embeddings.records import Correction, Days, Extent, Filters, Issue, IssueSummary, Passage
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


class Catalogue(Protocol):
    """Issues, articles, chunks, search words and vectors: the durable truth of an archive.

    Any number of threads and processes may read while one writes. Each method
    alone sees one state; several do inside `consistent_view`. A changing method
    is one transaction: when it returns all of it is stored durably, and when it
    raises nothing is. Writers are kept apart by the archive's lock.

    Order, where not told otherwise: keys ascend, issues go by day and then by id,
    articles as they stand in their issue. An issue that is dated with several days
    is of each of them. Words are search words
    (embeddings.text.segmentation), never the syntax of a query language.
    """

    # What the archive is made of

    def manifest(self) -> Manifest:
        """Return what the archive was made with."""
        ...

    def facts(self) -> dict[str, str]:
        """Return the manifest with the schema and the generation, as the status shows them."""
        ...

    def generation(self) -> int:
        """Return the number that every change of what can be found raises by one; cheap, asked before each search."""
        ...

    def consistent_view(self) -> AbstractContextManager[None]:
        """Let this thread read one state inside the block, whatever is written meanwhile; a view in a view is the same."""
        ...

    def full_text_problems(self) -> list[Message]:
        """Return what is wrong with the index of words; opens a transaction of its own and writes nothing."""
        ...

    def problems(self, dimension: int) -> list[Message]:
        """Return what contradicts itself in the catalogue, vectors of another length than `dimension` among it; [] where whole.

        To be called in a consistent view. Raises ArchiveError where the damage keeps the check from going on.
        """
        ...

    def close(self) -> None:
        """Give back what this thread holds open; the next call opens it again."""
        ...

    # Issues and their files

    def papers(self) -> list[str]:
        """Return the names of the papers, in the order of code points."""
        ...

    def extent(self, filters: Filters) -> Extent:
        """Count what lies within the filters."""
        ...

    def summaries(self, limit: int, after: str | None = None) -> list[IssueSummary]:
        """List up to `limit` issues, newest first, behind the one with the id `after`; all of them for a limit of -1."""
        ...

    def issues_beside(self, day: date, paper: str | None = None) -> tuple[IssueSummary | None, IssueSummary | None]:
        """Return the last issue before a day and the first one behind it, of one paper if given."""
        ...

    def issue_days(self) -> list[IssueDay]:
        """Return all issues, oldest first."""
        ...

    def masthead_facts(self) -> list[MastheadFacts]:
        """Return what the mastheads of all issues say, oldest first."""
        ...

    def issues_of_day(self, day: date) -> list[IssueDay]:
        """Return the issues that all papers printed on one day, by id."""
        ...

    def issue_before(self, paper: str, day: date) -> IssueDay | None:
        """Return the last issue of a paper before a day, or None."""
        ...

    def issue_after(self, paper: str, day: date) -> IssueDay | None:
        """Return the first issue of a paper after a day, or None."""
        ...

    def issue(self, issue_id: str) -> Issue | None:
        """Return an issue with its articles, or None."""
        ...

    def issue_ids(self) -> list[str]:
        """Return the ids of all issues, in the order of code points."""
        ...

    def issue_id_of(self, paper: str, day: date, edition: str | None) -> str | None:
        """Return the id of the issue of a paper, its (first) day and its edition, or None where it is not held."""
        ...

    def slugs(self) -> dict[str, str]:
        """Return the slug of each paper that ever had an issue here; no two papers have the same, and none changes."""
        ...

    def stored_files(
        self, *, path: str | None = None, fingerprint: str | None = None, issue_id: str | None = None
    ) -> list[StoredFile]:
        """Return by path the files that lie there, have this fingerprint or hold this issue; all where nothing is given."""
        ...

    def held_articles(self, *, path: str | None = None, issue_id: str | None = None) -> list[HeldArticle]:
        """Return the articles that came from a file, or those of an issue, with their files, by issue and number."""
        ...

    def file_issues(self, path: str) -> list[Issue]:
        """Return the issues of a file as it alone tells them, its articles in their order in it, each under its number."""
        ...

    # Articles

    def issue_of(self, article_id: str) -> tuple[Issue, int] | None:
        """Return the issue that holds an article and the article's place in it, from 0, -1 for its masthead; or None.

        Raises DamagedError where it is not as it was stored; whatever returns many leaves it out.
        """
        ...

    def mastheads(self, filters: Filters, limit: int) -> list[Passage]:
        """Return the mastheads within the filters, newest first, each as one passage that no search brings."""
        ...

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order of code points, mastheads aside."""
        ...

    def printed_articles(self, article_ids: Sequence[str]) -> list[PrintedArticle]:
        """Return these articles, in this order; one that is not there is left out."""
        ...

    def headlines(self) -> list[Headline]:
        """Return the headlines of all articles, newest first."""
        ...

    def articles_printing(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield the ids of the articles, newest first, that hold each text to the letter in the body or in the headline.

        What was printed for a corrected article counts too.
        """
        ...

    def later_articles(self, article_id: str, words: Sequence[str]) -> list[PrintedArticle]:
        """Return what later issues of an article's paper print with most of these words and a name of the paper (本报).

        Best BM25 first, of the 40 best chunks at most. Opens a view of its own.
        """
        ...

    def printings(self, article_id: str) -> list[Printing]:
        """Return all printings of an article's news, itself among them, first print first; [] where it has no reprint."""
        ...

    def reprint_groups(self) -> list[list[Printing]]:
        """Return all news that was printed more than once, each with its printings, first print first."""
        ...

    # Chunks

    def keys(self, filters: Filters = Filters()) -> Keys:
        """Return the keys of all chunks within the filters, ascending."""
        ...

    def keys_of_days(self, days: Days, filters: Filters) -> Keys:
        """Return the keys of chunks printed on these days or speaking of days within them, ascending."""
        ...

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of these chunk keys; a key whose chunk is gone is left out."""
        ...

    def passage_at(self, article_id: str, offset: int = 0) -> Passage | None:
        """Return the last chunk of an article that begins at or before an offset of its body, or its first; None if gone."""
        ...

    def vectors(self, keys: Iterable[int], dimension: int) -> Iterator[tuple[Keys, Matrix]]:
        """Yield the unit vectors of these chunks in batches of (keys, vectors of shape (keys, dimension)).

        A chunk that is gone, or whose vector has another dimension, is left out.
        """
        ...

    # Search words

    def lexical_search(self, words: Sequence[str], limit: int, filters: Filters = Filters()) -> list[tuple[int, float]]:
        """Return (chunk key, BM25) of the `limit` best chunks holding any of the words, best first.

        BM25 (k1 1.2, b 0.75, a word in the headline counting twice) is above 0, more is better, and its
        frequencies are those of the whole archive, whatever the filters.
        """
        ...

    def lexical_scores(self, words: Sequence[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the same BM25 of those among these chunks that hold any of the words, by ascending key."""
        ...

    def chunks_holding(self, words: Sequence[str]) -> Keys:
        """Return the keys of the chunks that hold all of these words, ascending; none where no word is given."""
        ...

    def count_phrase(self, words: Sequence[str], most: int) -> int:
        """Count the chunks that hold these words side by side, up to `most`."""
        ...

    def matching_passages(self, words: Sequence[str]) -> dict[str, int]:
        """Count for each issue the passages that hold all of these words; issues without any are left out."""
        ...

    def words_beginning(self, start: str) -> dict[str, int]:
        """Return the words that begin so, and in how many chunks each stands."""
        ...

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each of these words stands, 0 included."""
        ...

    # Corrections by the operator. An article comes with what was printed for it, and is stored with it

    def corrections(self, paper: str | None = None, day: date | None = None) -> list[Correction]:
        """Return the corrections of a paper's issues of a day, as printed, in the order made; None leaves a side open."""
        ...

    def issues_printed_on(self, paper: str, day: date) -> list[str]:
        """Return the ids of the issues of a paper that are printed with this day, whatever day the operator put right."""
        ...

    def add_corrections(self, corrections: Iterable[Correction]) -> list[Correction]:
        """Store corrections and return them with their numbers, none of which was ever given before."""
        ...

    def delete_corrections(self, numbers: Iterable[int]) -> None:
        """Delete corrections by their numbers; one that is not there is passed over."""
        ...

    def mark_corrections(self, applied: Mapping[int, bool]) -> None:
        """Note of corrections, by their numbers, whether they fit what is stored."""
        ...

    # Changing

    def together(self) -> AbstractContextManager[None]:
        """Let all that this thread changes inside the block be one transaction: all of it is stored, or nothing."""
        ...

    def damaged_issues(self, issue_ids: Collection[str]) -> set[str]:
        """Return those of these issues whose facts are not as they were stored."""
        ...

    def damaged_articles(self, article_ids: Collection[str]) -> set[str]:
        """Return those of these articles that are not as they were stored."""
        ...

    def start_mending(self) -> None:
        """Make the indexes anew, before files are stored with `mend`."""
        ...

    def finish_mending(self) -> list[Message]:
        """Take away what is damaged and belongs to nothing any more; tell what is gone."""
        ...

    def store(self, source: SourceFile, parts: Sequence[FilePart], slugs: Mapping[str, str], *, mend: bool = False) -> Changes:
        """Store what a file holds in place of what it held before, each article under its number or under the next.

        No number is given twice in an issue. Articles of other files stay as they are; an issue has the facts that all of
        its files tell, and goes with the last of them. `slugs` are noted for papers that have none. An article without an
        entry keeps its chunks. Raises UnstorableError where something cannot be stored, such as more of an issue that is
        damaged, but with `mend`; nothing of it is stored then.
        """
        ...

    def note(self, source: SourceFile, path: str) -> None:
        """Note anew how the file that was read from `path` was read and where it lies; the generation stays."""
        ...

    def forget(self, paths: Sequence[str]) -> Changes:
        """Remove files with all that came of them; one that is not there is passed over."""
        ...

    def remove(self, issue_ids: Sequence[str]) -> None:
        """Remove issues with all that was made of them; an id that is not there is passed over.

        A file that holds other issues too loses its fingerprint, so that it is read again.
        """
        ...

    # Making everything derived anew, while readers go on with what there is

    def start_rebuild(self) -> None:
        """Begin a rebuild, throwing away what one that was cut off had made; readers see nothing of it."""
        ...

    def add_rebuilt(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Lay by what was made anew of articles, given as (article id, entry)."""
        ...

    def finish_rebuild(self, manifest: Manifest) -> None:
        """Put all that was laid by, and this manifest, in place of the old at once."""
        ...


class VectorIndex(Protocol):
    """The vectors of one generation of a catalogue, searched exactly by cosine (inner product of unit vectors).

    Any number of threads may search. An index that `follow` was called on goes on
    answering for those who still hold it.
    """

    @property
    def generation(self) -> int:
        """Return the generation of the catalogue that the index was last brought up to; -1 for one never filled."""
        ...

    @property
    def keys(self) -> Keys:
        """Return the keys of all chunks in the index, in no order."""
        ...

    def __len__(self) -> int:
        """Count the chunks in the index."""
        ...

    def search(self, query: Matrix, limit: int, among: Keys | None = None) -> list[tuple[int, float]]:
        """Return (chunk key, cosine) of the nearest chunks, nearest first, among these keys if given.

        `query` is a unit vector of shape (1, dimension).
        """
        ...

    def nearest(self, queries: Matrix) -> list[float]:
        """Return the cosine of each query with the chunk nearest to it; -1 in an empty index."""
        ...

    def cosines(self, query: Matrix, keys: Sequence[int]) -> dict[int, float]:
        """Return the cosine of a query with each of these chunks; a key unknown here is left out."""
        ...

    def follow(self, catalogue: Catalogue) -> VectorIndex:
        """Return an index of the catalogue's present generation, made from this one by what changed.

        Keys, vectors and generation are read in one consistent view, so that the generation tells the truth.
        """
        ...

    def save(self, folder: Path, model: str) -> None:
        """Keep the index for the next start, beside the catalogue where it is a file; whole or not at all."""
        ...


class Backend(Protocol):
    """Where the catalogue and the index of one archive are kept, and how they are opened."""

    def has_catalogue(self) -> bool:
        """Say whether a catalogue stands here, be it of another make; one whose making was cut off does not count."""
        ...

    def create_catalogue(self, manifest: Manifest) -> Catalogue:
        """Make an empty catalogue of generation 0."""
        ...

    def open_catalogue(self) -> Catalogue:
        """Open the catalogue; raises ArchiveError where it is missing, not ours, or of another schema."""
        ...

    def empty_index(self, dimension: int) -> VectorIndex:
        """Return an index that holds nothing."""
        ...

    def saved_index(self, manifest: Manifest) -> VectorIndex | None:
        """Return the index as it was last saved, or None where there is none that is whole and of this model."""
        ...
