"""What is given to an archive and what comes out of it beside issues, articles and passages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArchiveError
from embeddings.records import Article, Chunk, Days, Issue, Passage
from embeddings.text.chunks import split_article
from embeddings.text.letters import fold, letters_and_digits

Matrix = NDArray[np.float32]
Keys = NDArray[np.int64]
"""Chunk keys: each names one chunk for good and is never given to another, not even by a rebuild."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive was made with."""

    model: str
    dimension: int
    chunk_size: int
    chunk_overlap: int
    lineage: str = ""
    """Another after a restore in this one's place: its chunks may have the keys of others."""

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Manifest:
        """Read the manifest among the facts that a catalogue keeps; raises ArchiveError where one lacks or is damaged."""
        for name in ("dimension", "chunk_size", "chunk_overlap"):
            if not facts.get(name, "").isdecimal():
                raise ArchiveError("archive_manifest", name=name, value=facts.get(name, ""))
        if not facts.get("model"):
            raise ArchiveError("archive_manifest", name="model", value="")
        return cls(
            facts["model"], int(facts["dimension"]), int(facts["chunk_size"]), int(facts["chunk_overlap"]),
            facts.get("lineage", ""),
        )  # fmt: skip

    def facts(self) -> dict[str, str]:
        """Return the manifest as a catalogue keeps it."""
        return {name: str(value) for name, value in asdict(self).items() if name != "lineage" or value}

    def split(self, article: Article) -> list[Chunk]:
        """Cut an article into chunks as this archive does."""
        return split_article(article.body, self.chunk_size, self.chunk_overlap)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of an issue, ready to be stored."""

    article: Article
    chunks: Sequence[Chunk]
    words: Sequence[tuple[str, str]]
    """For each chunk its search words as (headline words, text words), joined by blanks."""
    vectors: Matrix
    """Unit vectors of shape (chunks, dimension)."""
    days: Sequence[Sequence[Days]]
    """For each chunk the days that it speaks of, each once."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that articles come from."""

    path: str
    fingerprint: str
    """What tells its content, as it was read, from any other; empty where it is to be read again."""
    reader: str = ""
    """The name of the reader that took it; empty in archives that did not note it."""
    encoding: str | None = None
    options: str = ""
    """What the operator said of it (ReadingOptions), written down by the sync; empty for nothing."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that an archive holds articles of, and their issues."""

    source: SourceFile
    issue_ids: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return where it lies."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class FilePart:
    """What a file holds of one issue, ready to be stored."""

    issue: Issue
    """Its facts and masthead as this file tells them, with the articles of this file alone."""
    entries: Sequence[Entry | None]
    """What is made of each article; None where the archive has it, under the article's number, and it stays."""
    ordinals: Sequence[int | None]
    """The number in the issue that each article keeps; None for one that is new and gets the next."""

    @classmethod
    def new(cls, issue: Issue, entries: Sequence[Entry]) -> FilePart:
        """Make a part of articles that are all new."""
        return cls(issue, entries, [None] * len(entries))


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """An article of an issue as it is held, and the file that it came from."""

    issue_id: str
    ordinal: int
    path: str
    letters: str
    """What it shares with every other print of its headline and text (`same_letters`)."""
    article: Article

    @property
    def article_id(self) -> str:
        """Return its id."""
        return f"{self.issue_id}-{self.ordinal:02d}"


@dataclass(slots=True)
class Changes:
    """What became of the issues that a change touched, by their ids, and the contradictions found in them."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Say whether the archive is another one than before."""
        return bool(self.added or self.replaced or self.removed)


def same_letters(article: Article) -> str:
    """Return what two prints of one article share: a digest of the letters of headline and text, however they are set."""
    digest = hashlib.blake2b(digest_size=12)
    for text in (article.title, article.body):
        digest.update(letters_and_digits(fold(text)).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class IssueDay:
    """One issue as a calendar shows it."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int
    last_date: date | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class MastheadFacts:
    """What the masthead of one issue says, for an audit."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    masthead: str = ""
    """Its text; empty where none is kept."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and byline of one article."""

    article_id: str
    issue_date: date
    title: str
    byline: str | None


@dataclass(frozen=True, slots=True)
class PrintedArticle:
    """An article with its id and the day that it was printed on."""

    article_id: str
    issue_date: date
    article: Article


@dataclass(frozen=True, slots=True)
class Printing:
    """One of the places where a piece of news was printed."""

    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    page: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search, with both of its raw scores."""

    passage: Passage
    dense: float
    """The cosine of question and passage, in [-1, 1]."""
    lexical: float
    """BM25 of the question's words in the passage; 0 when it shares none."""
