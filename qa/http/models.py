"""The JSON that several groups of routes take or give; OpenAPI is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from embeddings.records import Article, Extent, Filters, IssueSummary
from embeddings.store.records import IssueDay, Printing
from qa.references.citation import Citation
from qa.references.corrections import LaterReport, Relation
from qa.retrieval.coverage import MissingDay

Name = Annotated[str, StringConstraints(max_length=200)]
"""An id, the name of a paper or of a file."""
Typed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A question or a search, blanks around it trimmed."""
Page = int | str | None
"""A page as printed: a number, or what is none (A02, 8-9); null where none is printed."""

Day = date
"""A day, in a model that has a field called date."""


def page_of(printed: str | None) -> Page:
    """Return a printed page as JSON has it: in a number where it is one."""
    return int(printed) if printed and printed.isascii() and printed.isdigit() else printed


class Strict(BaseModel):
    """A request that refuses fields it does not know, so that a misspelt filter is not lost silently."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Strict):
    """What part of the archive to search."""

    model_config = ConfigDict(populate_by_name=True)

    first: date | None = Field(None, alias="from", description="first issue date, YYYY-MM-DD")
    last: date | None = Field(None, alias="to", description="last issue date, YYYY-MM-DD")
    issue_id: Name | None = None
    paper: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise PydanticCustomError("dates_reversed", "from lies behind to")
        return self

    def filters(self) -> Filters:
        """Return the filters as the archive takes them."""
        return Filters(self.first, self.last, self.issue_id, self.paper)


class ArticlePath(BaseModel):
    """The id of an article."""

    article_id: str


class IssuePath(BaseModel):
    """The id of an issue."""

    issue_id: str


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    field: str | None
    request_id: str | None = Field(None, description="the header X-Request-ID; the log names it in each line on this request")


class ErrorOut(BaseModel):
    """The one body of every error."""

    error: ErrorBody


class IssueLine(BaseModel):
    """An issue in a list."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int
    chunks: int
    last_date: date | None = Field(description="the last day of an issue that is dated with several; null for one day")
    edition: str | None = Field(description="what tells it from others of its paper and day: 号外")

    @classmethod
    def of(cls, summary: IssueSummary) -> Self:
        """Write one line of the list of issues."""
        return cls(
            issue_id=summary.issue_id,
            paper=summary.paper,
            issue_date=summary.issue_date,
            issue_number=summary.issue_number,
            articles=summary.articles,
            chunks=summary.chunks,
            last_date=summary.last_date,
            edition=summary.edition,
        )


class DayOut(BaseModel):
    """One issue in the calendar."""

    date: Day
    issue_id: str
    paper: str
    issue_number: int | None
    articles: int
    last_date: Day | None
    edition: str | None
    matches: int | None = Field(description="passages that hold all words of the search; null where none was asked for")

    @classmethod
    def of(cls, day: IssueDay, matches: int | None = None) -> Self:
        """Write an issue of the calendar."""
        return cls(
            date=day.issue_date,
            issue_id=day.issue_id,
            paper=day.paper,
            issue_number=day.issue_number,
            articles=day.articles,
            last_date=day.last_date,
            edition=day.edition,
            matches=matches,
        )


class QuoteParts(BaseModel):
    """A quote cut around the words that answer, so that a page need not count characters."""

    before: str
    answer: str
    after: str


class RelatedOut(BaseModel):
    """A later article that corrects one, or reports on; the quote is the sentence that refers to it."""

    relation: Relation
    article_id: str
    title: str
    issue_date: date
    page: Page
    quote: str
    url: str

    @classmethod
    def of(cls, related: LaterReport) -> Self:
        """Write a later article."""
        return cls(
            relation=related.relation,
            article_id=related.article_id,
            title=related.article.title,
            issue_date=related.issue_date,
            page=page_of(related.article.page),
            quote=related.quote,
            url=f"/articles/{related.article_id}#c{related.start}-{related.end}",
        )


class ReprintOut(BaseModel):
    """Another place where the same news was printed."""

    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    page: Page
    title: str
    url: str

    @classmethod
    def of(cls, printing: Printing) -> Self:
        """Write a reprint."""
        return cls(
            article_id=printing.article_id,
            issue_id=printing.issue_id,
            paper=printing.paper,
            issue_date=printing.issue_date,
            page=page_of(printing.page),
            title=printing.title,
            url=f"/articles/{printing.article_id}",
        )


_FACTS = ("title", "kicker", "subtitle", "column", "byline", "source", "page")


class PrintedOut(BaseModel):
    """What was printed, where the operator corrected it."""

    quote: str | None = Field(description="the printed words that the quote stands for; null where they are the same")
    facts: dict[str, str | None] = Field(description="headline, byline and the like as printed, those that were corrected")

    @classmethod
    def of(cls, article: Article, printed_date: date | None, quote: str | None) -> Self:
        """Write what was printed for a corrected article."""
        facts = {name: getattr(article.printed[0], name) for name in _FACTS} if article.printed else {}
        other = {name: value for name, value in facts.items() if value != getattr(article, name)}
        return cls(quote=quote, facts=other | ({"issue_date": printed_date.isoformat()} if printed_date else {}))


class CitationOut(BaseModel):
    """A quote and where it was printed."""

    id: int
    chunk_id: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    last_date: date | None = Field(description="the last day of an issue that is dated with several")
    edition: str | None
    issue_number: int | None
    page: Page
    page_name: str | None
    continued: Page = Field(description="the page that the article goes on on")
    title: str
    kicker: str | None
    subtitle: str | None
    column: str | None
    byline: str | None
    source: str | None
    before: str
    quote: str
    after: str
    quote_start: int
    quote_end: int
    answer_start: int | None
    answer_end: int | None
    quote_parts: QuoteParts | None
    event_dates: list[date]
    url: str
    original_url: str | None
    gbt7714: str
    near: bool
    corrected: bool = Field(description="whether the quote is of a text that the operator corrected")
    printed: PrintedOut | None = Field(
        description="what was printed, for a corrected article; with corrected: false the quote itself is the printed one"
    )
    related: list[RelatedOut] = Field(description="corrections of the article, and reports that follow it up")
    reprints: list[ReprintOut] = Field(description="where else the same news was printed; what is cited is the first print")

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """Write a citation."""
        passage, article = citation.passage, citation.passage.article
        start, end = citation.answer_start, citation.answer_end
        parts = None
        if start is not None and end is not None:
            body = article.body
            parts = QuoteParts(
                before=body[citation.quote_start : start], answer=body[start:end], after=body[end : citation.quote_end]
            )
        return cls(
            id=citation.id,
            chunk_id=passage.chunk_id,
            article_id=passage.article_id,
            issue_id=passage.issue_id,
            paper=passage.paper,
            issue_date=passage.issue_date,
            last_date=passage.last_date,
            edition=passage.edition,
            issue_number=passage.issue_number,
            page=page_of(article.page),
            page_name=article.page_name,
            continued=page_of(article.continued),
            title=article.title,
            kicker=article.kicker,
            subtitle=article.subtitle,
            column=article.column,
            byline=article.byline,
            source=article.source,
            before=citation.before,
            quote=citation.quote,
            after=citation.after,
            quote_start=citation.quote_start,
            quote_end=citation.quote_end,
            answer_start=start,
            answer_end=end,
            quote_parts=parts,
            event_dates=list(citation.event_dates),
            url=f"/articles/{passage.article_id}#"
            + ("printed" if citation.superseded else f"c{citation.quote_start}-{citation.quote_end}"),
            original_url=article.url,
            gbt7714=citation.gbt7714,
            near=citation.near,
            corrected=citation.corrected,
            printed=PrintedOut.of(
                article, passage.printed_date, citation.quote if citation.superseded else citation.printed_quote
            )
            if citation.corrected or citation.superseded
            else None,
            related=[RelatedOut.of(related) for related in citation.later_reports],
            reprints=[ReprintOut.of(printing) for printing in citation.reprints],
        )


class LackingOut(BaseModel):
    """A day named of which the archive has no issue, and the issues on both sides of it."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    day: date
    before: date | None
    before_issue_id: str | None
    after: date | None
    after_issue_id: str | None
    missing_issues: int | None = Field(
        alias="missing", description="issues between these two that are not held, by their numbers (总第)"
    )

    @classmethod
    def of(cls, lacking: MissingDay) -> Self:
        """Write a day that is lacking."""
        before, after = lacking.before, lacking.after
        return cls(
            day=lacking.day,
            before=before.issue_date if before else None,
            before_issue_id=before.issue_id if before else None,
            after=after.issue_date if after else None,
            after_issue_id=after.issue_id if after else None,
            missing_issues=lacking.missing,
        )


class SearchedOut(BaseModel):
    """What was looked through."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    issues: int
    articles: int
    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    missing_days: list[LackingOut] = Field(alias="lacking")

    @classmethod
    def of(cls, extent: Extent, missing_days: Sequence[MissingDay] = ()) -> Self:
        """Write an extent, and the days named that it does not hold."""
        return cls(
            issues=extent.issues,
            articles=extent.articles,
            first=extent.first,
            last=extent.last,
            missing_days=[LackingOut.of(day) for day in missing_days],
        )
