"""The frozen records that pass between modules; nothing local is imported here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class Precision(StrEnum):
    """How fine words of time are: the unit that they name, or that none is named (近日)."""

    DAY = "day"
    WEEK = "week"
    TEN_DAYS = "ten-days"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"
    FESTIVAL = "festival"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A span of days, both ends within it, and how fine the words were that named it."""

    first: date
    last: date
    precision: Precision


class ArticleKind(StrEnum):
    """What a printed text is."""

    NEWS = "news"
    """An article, whatever it tells."""
    MASTHEAD = "masthead"
    """What an issue prints of itself: the lines above its first headline (报头) and below its last article (版权)."""


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
    page: str | None = None
    """The page as printed, without 第 and 版 and leading noughts: 2, A02, 8-9; None where none is printed."""
    url: str | None = None
    page_name: str | None = None
    """The name that the page bears: 要闻."""
    continued: str | None = None
    """The page on which its rest stands, as printed: it goes on there (下转), or comes from there where its beginning was not
    in the same file (上接)."""
    kind: ArticleKind = ArticleKind.NEWS
    doubts: tuple[tuple[int, int], ...] = ()
    """The characters that whoever read the scan was not sure of: stretches of `body`, in order."""
    printed: tuple[Article, ...] = ()
    """What was printed, where the operator corrected it: one article, or all that were joined; () where nothing was."""


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
    masthead: Article | None = None
    """The masthead and imprint as a text of its own; it is none of the articles and counted with none."""
    edition: str | None = None
    """What tells it from others of its paper and day: 号外."""
    last_date: date | None = None
    """The last day of an issue that is dated with several, such as a weekly's; `issue_date` is the first."""

    ordinals: tuple[int, ...] = ()
    """The numbers that its articles bear for good in an archive; empty where they are counted from 1 without a gap."""
    printed_date: date | None = None
    """The day that is printed, where the operator corrected it."""

    def article_id(self, ordinal: int) -> str:
        """Name the article that bears a number; 0 names the masthead."""
        return f"{self.issue_id}-{ordinal:02d}"

    def ordinal_at(self, place: int) -> int:
        """Return the number that the article at a place, from 0, bears for good; 0 for the masthead, at -1."""
        if place < 0:
            return 0
        return self.ordinals[place] if self.ordinals else place + 1

    def id_at(self, place: int) -> str:
        """Return the id of the article at a place, from 0, or of the masthead, at -1."""
        return self.article_id(self.ordinal_at(place))

    def text_at(self, place: int) -> Article:
        """Return the article at a place, from 0, or the masthead, which stands before the first, at -1."""
        if place >= 0:
            return self.articles[place]
        if self.masthead is None:
            raise IndexError(place)
        return self.masthead


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
    days: tuple[Days, ...] = ()
    """The days that it speaks of, read against the issue's date, earliest first."""
    last_date: date | None = None
    """The last day of an issue that is dated with several; `issue_date` is the first."""
    edition: str | None = None
    """What tells its issue from others of its paper and day: 号外."""
    printed_date: date | None = None
    """The day that its issue prints, where the operator corrected it."""

    @property
    def text(self) -> str:
        """Return the words of the passage as printed."""
        return self.article.body[self.start : self.end]


class CorrectedField(StrEnum):
    """What a correction by the operator changes."""

    TITLE = "title"
    KICKER = "kicker"
    SUBTITLE = "subtitle"
    BYLINE = "byline"
    SOURCE = "source"
    COLUMN = "column"
    PAGE = "page"
    BODY = "body"
    """Some words of the text."""
    DAY = "day"
    """The day of the whole issue."""
    MERGE = "merge"
    """Where an article ends: it goes on with another of the issue."""
    SPLIT = "split"
    """Where an article ends: what follows in it is another."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction by the operator, told so that it finds its place again in another reading of the same issue."""

    paper: str
    issue_date: date
    """The day as printed."""
    edition: str | None
    headline: str
    """The printed headline of the article; its letters are compared."""
    field: CorrectedField
    printed: str | None
    """What stands there before; of MERGE the headline of the article that is joined."""
    corrected: str | None
    """What is right; None where there should be nothing. Of SPLIT the headline of the second article, if not its first line."""
    before: str = ""
    """The words before the place; of a fact, which has no place in the text, the first words of the text stand in `after`."""
    after: str = ""
    start: int = 0
    """Where the place was in the text; it only tells equal places apart."""
    note: str | None = None
    made_at: datetime | None = None
    correction_id: int = 0
    applied: bool = False
    """Whether it fits what is stored."""


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

    def within(self, first: date, last: date) -> Filters:
        """Narrow them to some days, of which those that they leave out stay left out."""
        return replace(self, first=max(first, self.first or first), last=min(last, self.last or last))


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """One line of the list of issues."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int
    chunks: int
    last_date: date | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of the archive a search looked through."""

    issues: int
    articles: int
    chunks: int
    first: date | None
    last: date | None
