"""The frozen records that pass between modules; nothing local is imported here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One article as printed; offsets everywhere are code points into `body`."""

    title: str
    body: str
    kicker: str | None = None
    subtitle: str | None = None
    column: str | None = None
    """The bulletin or column that the item was part of (栏目), such as 国内联播快讯."""
    byline: str | None = None
    source: str | None = None
    page: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a paper on one day."""

    issue_id: str
    paper: str
    issue_date: date
    articles: tuple[Article, ...]
    issue_number: int | None = None
    pages: int | None = None
    cn_number: str | None = None
    """The national serial number (国内统一刊号), such as CN22-0010."""
    warnings: tuple[str, ...] = field(default=())

    def article_id(self, ordinal: int) -> str:
        """Name the article that stands at `ordinal`, counted from 1."""
        return f"{self.issue_id}-{ordinal:02d}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one article: `body[start:end]`."""

    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found by a search, with everything needed to quote and cite it."""

    chunk_id: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the words of the passage as printed."""
        return self.article.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Filters:
    """What part of the archive to search; None leaves a side open."""

    first: date | None = None
    last: date | None = None
    issue_id: str | None = None
    paper: str | None = None

    @property
    def empty(self) -> bool:
        """Say whether the whole archive is meant."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """One line of the list of issues."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of the archive a search looked through."""

    issues: int
    articles: int
    chunks: int
    first: date | None
    last: date | None
