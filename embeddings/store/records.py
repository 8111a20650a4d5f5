"""What is given to an archive and what comes out of it beside issues, articles and passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from embeddings.records import Article, Chunk, Days, Passage
from embeddings.text.chunks import split_article

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

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Manifest:
        """Read the manifest among the facts that a catalogue keeps."""
        return cls(facts["model"], int(facts["dimension"]), int(facts["chunk_size"]), int(facts["chunk_overlap"]))

    def facts(self) -> dict[str, str]:
        """Return the manifest as a catalogue keeps it."""
        return {name: str(value) for name, value in asdict(self).items()}

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
class StoredIssue:
    """What an archive knows of the file an issue came from."""

    issue_id: str
    paper: str
    source_path: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class IssueDay:
    """One issue as a calendar shows it."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int


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
class Hit:
    """A passage found by a search, with both of its raw scores."""

    passage: Passage
    dense: float
    """The cosine of question and passage, in [-1, 1]."""
    lexical: float
    """BM25 of the question's words in the passage; 0 when it shares none."""
