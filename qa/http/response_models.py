"""The JSON that goes out, as pydantic models; OpenAPI is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from embeddings.errors import IssueError
from embeddings.ingest.uploads import State, UploadReport
from embeddings.records import Article, Extent, Issue, IssueSummary
from qa.answering.answer import Answer, Timing
from qa.answering.selection import near
from qa.reading.calibration import Certainty, certainty
from qa.references.citation import Citation
from qa.references.corrections import Related, Relation
from qa.references.highlight import highlight
from qa.retrieval.candidates import Found
from qa.retrieval.coverage import Lacking
from qa.retrieval.hybrid_search import Ranked
from qa.understanding.asked_days import AskedDays, Firmness
from qa.understanding.comprehension import Understood
from qa.understanding.out_of_scope import Notice
from qa.understanding.question import Kind
from qa.understanding.question_parts import Part, Sort


class AnswerOut(BaseModel):
    """One answer."""

    text: str
    confidence: float
    certainty: Certainty = Field(description="the confidence in a word, for a page to show")
    citation: int


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
    page: int | None
    quote: str
    url: str

    @classmethod
    def of(cls, related: Related) -> Self:
        """Write a later article."""
        return cls(
            relation=related.relation,
            article_id=related.article_id,
            title=related.article.title,
            issue_date=related.issue_date,
            page=related.article.page,
            quote=related.quote,
            url=f"/articles/{related.article_id}#c{related.start}-{related.end}",
        )


class CitationOut(BaseModel):
    """A quote and where it was printed."""

    id: int
    chunk_id: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    page: int | None
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
    related: list[RelatedOut] = Field(description="corrections of the article, and reports that follow it up")

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
            issue_number=passage.issue_number,
            page=article.page,
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
            url=f"/articles/{passage.article_id}#c{citation.quote_start}-{citation.quote_end}",
            original_url=article.url,
            gbt7714=citation.gbt7714,
            near=citation.near,
            related=[RelatedOut.of(related) for related in citation.related],
        )


class MomentOut(BaseModel):
    """One entry of a timeline."""

    date: date
    answer: str
    citation: int


class SpanOut(BaseModel):
    """A span of days."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class AskedDaysOut(SpanOut):
    """Days that a question names: the likeliest meaning, and what else its words may mean."""

    words: str
    firmness: Firmness
    others: list[SpanOut]

    @classmethod
    def all_of(cls, understood: Understood) -> list[Self]:
        """Write the days that a question names, in order of mention."""
        text = understood.question.text
        return [cls._of(text[days.start : days.end], days) for days in understood.days.days]

    @classmethod
    def _of(cls, words: str, days: AskedDays) -> Self:
        span, *others = days.spans
        rest = [SpanOut(first=other.first, last=other.last) for other in others]
        return cls(words=words, first=span.first, last=span.last, firmness=days.firmness, others=rest)


class FiltersOut(BaseModel):
    """What part of the archive is searched."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    issue_id: str | None
    paper: str | None

    @classmethod
    def of(cls, understood: Understood) -> Self:
        """Write the filters, with those that the wording of the question set."""
        filters = understood.filters
        return cls(first=filters.first, last=filters.last, issue_id=filters.issue_id, paper=filters.paper)


class LackingOut(BaseModel):
    """A day named of which the archive has no issue, and the issues on both sides of it."""

    day: date
    before: date | None
    before_issue_id: str | None
    after: date | None
    after_issue_id: str | None
    missing: int | None = Field(description="issues between these two that are not held, by their numbers (总第)")

    @classmethod
    def of(cls, lacking: Lacking) -> Self:
        """Write a day that is lacking."""
        before, after = lacking.before, lacking.after
        return cls(
            day=lacking.day,
            before=before.issue_date if before else None,
            before_issue_id=before.issue_id if before else None,
            after=after.issue_date if after else None,
            after_issue_id=after.issue_id if after else None,
            missing=lacking.missing,
        )


class SearchedOut(BaseModel):
    """What was looked through."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    issues: int
    articles: int
    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    lacking: list[LackingOut]

    @classmethod
    def of(cls, extent: Extent, lacking: Sequence[Lacking] = ()) -> Self:
        """Write an extent, and the days named that it does not hold."""
        return cls(
            issues=extent.issues,
            articles=extent.articles,
            first=extent.first,
            last=extent.last,
            lacking=[LackingOut.of(one) for one in lacking],
        )


class TimingOut(BaseModel):
    """Milliseconds that each step took."""

    understand: float
    retrieve: float
    read: float
    total: float

    @classmethod
    def of(cls, timing: Timing) -> Self:
        """Write the times."""
        return cls(
            understand=round(timing.understand, 1),
            retrieve=round(timing.retrieve, 1),
            read=round(timing.read, 1),
            total=round(timing.total, 1),
        )


class AskOut(BaseModel):
    """An answer with its citations, or the plain word that there is none."""

    question: str
    understood_as: str
    also_asked: list[str] = Field(description="other spellings of its names that were asked beside it")
    did_you_mean: list[str] = Field(description="spellings as printed of a name that is not, to choose from; not asked")
    dates: list[AskedDaysOut]
    filters: FiltersOut
    answered: bool
    confidence: float
    answer: str | None
    answers: list[AnswerOut]
    citations: list[CitationOut]
    timeline: list[MomentOut]
    notice: Notice | None = Field(description="why nothing was searched: what was sent is no question to an archive")
    searched: SearchedOut
    reader: str
    took_ms: TimingOut

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Write an answer."""
        best = answer.findings[0] if answer.findings else None
        return cls(
            question=answer.question,
            understood_as=answer.understood_as,
            also_asked=answer.understood.also_asked,
            did_you_mean=list(answer.understood.suggestions),
            dates=AskedDaysOut.all_of(answer.understood),
            filters=FiltersOut.of(answer.understood),
            answered=answer.answered,
            confidence=round(best.confidence if best else answer.confidence, 4),
            answer=best.text if best else None,
            answers=[
                AnswerOut(
                    text=found.text,
                    confidence=round(found.confidence, 4),
                    certainty=certainty(found.confidence),
                    citation=found.citation,
                )
                for found in answer.findings
            ],
            citations=[CitationOut.of(citation) for citation in answer.citations],
            timeline=[MomentOut(date=moment.day, answer=moment.text, citation=moment.citation) for moment in answer.timeline],
            notice=answer.notice,
            searched=SearchedOut.of(answer.searched, answer.lacking),
            reader=answer.reader,
            took_ms=TimingOut.of(answer.timing),
        )


class PartOut(BaseModel):
    """Words of the question that name a time or a place, between what stands before and after them."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    sort: Sort
    before: str
    text: str
    after: str
    first: date | None = Field(alias="from", description="the first of the days meant")
    last: date | None = Field(alias="to")

    @classmethod
    def of(cls, part: Part) -> Self:
        """Write a part of a question."""
        first, last = (part.days.first, part.days.last) if part.days else (None, None)
        return cls(sort=part.sort, before=part.before, text=part.text, after=part.after, first=first, last=last)


class UnderstoodOut(BaseModel):
    """The event `understood`: what is asked, before anything was searched."""

    question: str
    understood_as: str
    also_asked: list[str]
    did_you_mean: list[str]
    kind: Kind
    dates: list[AskedDaysOut]
    parts: list[PartOut]
    filters: FiltersOut

    @classmethod
    def of(cls, understood: Understood) -> Self:
        """Write a question that is understood."""
        return cls(
            question=understood.text,
            understood_as=understood.question.text,
            also_asked=understood.also_asked,
            did_you_mean=list(understood.suggestions),
            kind=understood.question.kind,
            dates=AskedDaysOut.all_of(understood),
            parts=[PartOut.of(part) for part in understood.parts],
            filters=FiltersOut.of(understood),
        )


class PassagesOut(BaseModel):
    """The event `passages`: where the answer is looked for, before any was read."""

    passages: list[CitationOut]
    searched: SearchedOut

    @classmethod
    def of(cls, found: Found, limit: int) -> Self:
        """Write the first `limit` passages found that share a word with the question, as near citations."""
        return cls(
            passages=[CitationOut.of(citation) for citation in near(found.passages, limit)],
            searched=SearchedOut.of(found.searched, found.lacking),
        )


class DoneOut(BaseModel):
    """The event `done`: nothing follows."""

    took_ms: TimingOut


class StretchOut(BaseModel):
    """A stretch of a passage, and whether it is one of the words searched."""

    text: str
    found: bool


class PassageOut(BaseModel):
    """A passage found by a search."""

    chunk_id: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    title: str
    text: str
    start: int
    end: int
    score: float
    url: str
    stretches: list[StretchOut] = Field(
        description="the text, cut around the words searched, so that a page need not look for them"
    )

    @classmethod
    def of(cls, ranked: Ranked, words: Sequence[str]) -> Self:
        """Write a passage found by these search words."""
        passage = ranked.passage
        return cls(
            chunk_id=passage.chunk_id,
            article_id=passage.article_id,
            issue_id=passage.issue_id,
            paper=passage.paper,
            issue_date=passage.issue_date,
            issue_number=passage.issue_number,
            title=passage.article.title,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=round(ranked.score, 4),
            url=f"/articles/{passage.article_id}#c{passage.start}-{passage.end}",
            stretches=[StretchOut(text=each.text, found=each.found) for each in highlight(passage.text, words)],
        )


class SearchOut(BaseModel):
    """Passages, best first."""

    query: str
    passages: list[PassageOut]
    searched: SearchedOut


class IssueLine(BaseModel):
    """An issue in a list."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    articles: int
    chunks: int

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
        )


class IssuesOut(BaseModel):
    """A page of issues, newest first."""

    issues: list[IssueLine]
    total: int


class ArticleLine(BaseModel):
    """An article in an issue's table of contents."""

    article_id: str
    title: str
    kicker: str | None
    column: str | None
    byline: str | None
    page: int | None


class IssueOut(BaseModel):
    """An issue with its table of contents."""

    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    pages: int | None
    cn_number: str | None
    warnings: list[str]
    articles: list[ArticleLine]

    @classmethod
    def of(cls, issue: Issue) -> Self:
        """Write an issue."""
        return cls(
            issue_id=issue.issue_id,
            paper=issue.paper,
            issue_date=issue.issue_date,
            issue_number=issue.issue_number,
            pages=issue.pages,
            cn_number=issue.cn_number,
            warnings=list(issue.warnings),
            articles=[
                ArticleLine(
                    article_id=issue.article_id(ordinal),
                    title=article.title,
                    kicker=article.kicker,
                    column=article.column,
                    byline=article.byline,
                    page=article.page,
                )
                for ordinal, article in enumerate(issue.articles, start=1)
            ],
        )


class MarkOut(BaseModel):
    """A body cut in three around a quote."""

    before: str
    quote: str
    after: str


class ArticleOut(BaseModel):
    """An article, its body as printed."""

    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    page: int | None
    title: str
    kicker: str | None
    subtitle: str | None
    column: str | None
    byline: str | None
    source: str | None
    original_url: str | None
    body: str
    mark: MarkOut | None = None

    @classmethod
    def of(cls, issue: Issue, place: int, mark: tuple[int, int] | None = None) -> Self:
        """Write the article at `place` of an issue, from 0, with a quote marked."""
        article: Article = issue.articles[place]
        body = article.body
        return cls(
            article_id=issue.article_id(place + 1),
            issue_id=issue.issue_id,
            paper=issue.paper,
            issue_date=issue.issue_date,
            issue_number=issue.issue_number,
            page=article.page,
            title=article.title,
            kicker=article.kicker,
            subtitle=article.subtitle,
            column=article.column,
            byline=article.byline,
            source=article.source,
            original_url=article.url,
            body=body,
            mark=MarkOut(before=body[: mark[0]], quote=body[mark[0] : mark[1]], after=body[mark[1] :]) if mark else None,
        )


class HealthOut(BaseModel):
    """Whether the server lives and can answer, and what the archive holds."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    live: bool
    ready: bool
    issues: int
    articles: int
    chunks: int
    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    papers: list[str]
    generation: int
    model: str
    reader: str
    min_confidence: float = Field(description="an answer less likely than this is not given")


class ExamplesOut(BaseModel):
    """Questions to begin with, each with a short and likely answer in the archive."""

    questions: list[str]


class FurtherOut(BaseModel):
    """Questions to go on with, each answered by the article."""

    questions: list[str]


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    field: str | None


class ErrorOut(BaseModel):
    """The one body of every error."""

    error: ErrorBody


class TakenOut(BaseModel):
    """An uploaded file that the archive holds."""

    file: str
    issue_id: str
    state: State


class FailedFileOut(BaseModel):
    """An uploaded file that could not be taken."""

    file: str
    line: int | None
    reason: str
    code: str = Field(description="names the reason, for who tells it in another language")
    values: dict[str, str] = Field(description="what the reason says of this file")

    @classmethod
    def of(cls, error: IssueError) -> Self:
        """Write the error of a file."""
        return cls(file=error.path, line=error.line, reason=error.reason, code=error.code, values=error.values)


class UploadOut(BaseModel):
    """What became of uploaded files."""

    issues: list[TakenOut]
    failed: list[FailedFileOut]
    warnings: list[str]
    articles: int
    chunks: int

    @classmethod
    def of(cls, report: UploadReport) -> Self:
        """Write the report of an upload."""
        return cls(
            issues=[TakenOut(file=taken.name, issue_id=taken.issue_id, state=taken.state) for taken in report.taken],
            failed=[FailedFileOut.of(error) for error in report.failed],
            warnings=report.warnings,
            articles=report.articles,
            chunks=report.chunks,
        )


class RefusedOut(ErrorOut):
    """The error of an upload of which nothing could be taken, and each file's reason."""

    failed: list[FailedFileOut]
