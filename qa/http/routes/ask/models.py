"""The JSON of a question and of what answers it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from embeddings.text.sentences import printed_clause
from qa.answering.answer import Alternative, Answer, Finding, TimelineEntry, Timing
from qa.answering.selection import near
from qa.http.models import CitationOut, FiltersIn, QuoteParts, SearchedOut, Strict, Typed
from qa.reading.calibration import Certainty, certainty
from qa.references.citation import Citation
from qa.retrieval.candidates import Found
from qa.understanding.answer_kinds import Kind
from qa.understanding.comprehension import Understood
from qa.understanding.constraint_mentions import ConstraintMention, ConstraintType
from qa.understanding.date_constraints import DateConstraint, Firmness
from qa.understanding.out_of_scope import Notice
from qa.understanding.query_rewriting import Turn


class TurnIn(BaseModel):
    """An earlier turn of the conversation."""

    question: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        description="no longer than the question itself may be"
    )
    answer: str | None = Field(None, description="as it was given; its beginning is read (WENBAO_MAX_TOLD)")

    def read(self, longest: int) -> Turn:
        """Return what is read of it, `longest` characters of its answer: what follows leans on a name or a day."""
        return Turn(self.question, self.answer[:longest] if self.answer else self.answer)


class AskIn(Strict):
    """A question."""

    question: Typed
    history: list[TurnIn] = Field(
        default_factory=list, description="earlier turns, oldest first; the last ones are read (WENBAO_MAX_TURNS)"
    )
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn())
    top_k: int = Field(5, ge=1, le=20, description="citations at most")


class SaidOut(BaseModel):
    """Words that answer, or may, and the clause that they are printed in."""

    text: str
    confidence: float
    certainty: Certainty = Field(description="the confidence in a word, for a page to show")
    clause_start: int = Field(description="where the clause that holds the words begins, in code points of the article's body")
    clause_end: int
    clause_parts: QuoteParts = Field(description="the clause, cut around the words")


class AnswerOut(SaidOut):
    """One answer."""

    citation: int

    @classmethod
    def of(cls, found: Finding, citation: Citation) -> Self:
        """Write an answer that stands in the citation."""
        return cls(citation=found.citation, **_said(found, citation))


class AlternativeOut(SaidOut):
    """What was read beside the answer and may be meant."""

    citation: CitationOut = Field(description="the quote it stands in; numbered among the alternatives")

    @classmethod
    def of(cls, other: Alternative) -> Self:
        """Write an alternative."""
        return cls(citation=CitationOut.of(other.citation), **_said(other.finding, other.citation))


def _said(found: Finding, citation: Citation) -> dict[str, Any]:
    """Return the fields of SaidOut for words that stand in the citation."""
    body, (start, end) = citation.passage.article.body, (found.start, found.end)
    first, last = printed_clause(body, (citation.quote_start, citation.quote_end), start, end)
    return {
        "text": found.text,
        "confidence": round(found.confidence, 4),
        "certainty": certainty(found.confidence),
        "clause_start": first,
        "clause_end": last,
        "clause_parts": QuoteParts(before=body[first:start], answer=body[start:end], after=body[end:last]),
    }


class MomentOut(BaseModel):
    """One entry of a timeline."""

    date: date
    answer: str
    citation: int
    value: float | None = Field(description="what the number is worth; null where it cannot be told (几十)")
    unit: str = Field(description="what it counts, with the words behind it; values of one unit can be compared")

    @classmethod
    def of(cls, entry: TimelineEntry) -> Self:
        """Write an entry."""
        value = None if entry.quantity.value is None else float(entry.quantity.value)
        return cls(date=entry.day, answer=entry.text, citation=entry.citation, value=value, unit=entry.quantity.unit)


class SpanOut(BaseModel):
    """A span of days."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class AskedDaysOut(SpanOut):
    """Days that a question names: the likeliest meaning, and what else its words may mean."""

    text: str = Field(alias="words")
    firmness: Firmness
    others: list[SpanOut]

    @classmethod
    def all_of(cls, understood: Understood) -> list[Self]:
        """Write the days that a question names, in order of mention."""
        text = understood.question.text
        return [cls._of(text[days.start : days.end], days) for days in understood.days.days]

    @classmethod
    def _of(cls, text: str, days: DateConstraint) -> Self:
        span, *others = days.spans
        rest = [SpanOut(first=other.first, last=other.last) for other in others]
        return cls(text=text, first=span.first, last=span.last, firmness=days.firmness, others=rest)


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
    alternatives: list[AlternativeOut] = Field(description="what else was read and may be meant, the likeliest first")
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
        cited = {citation.id: citation for citation in answer.citations}
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
            answers=[AnswerOut.of(found, cited[found.citation]) for found in answer.findings],
            alternatives=[AlternativeOut.of(other) for other in answer.alternatives],
            citations=[CitationOut.of(citation) for citation in answer.citations],
            timeline=[MomentOut.of(entry) for entry in answer.timeline],
            notice=answer.notice,
            searched=SearchedOut.of(answer.searched, answer.missing_days),
            reader=answer.reader,
            took_ms=TimingOut.of(answer.timing),
        )


class PartOut(BaseModel):
    """Words of the question that name a time or a place, between what stands before and after them."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    sort: ConstraintType
    before: str
    text: str
    after: str
    first: date | None = Field(alias="from", description="the first of the days meant")
    last: date | None = Field(alias="to")

    @classmethod
    def of(cls, part: ConstraintMention) -> Self:
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
            understood_as=understood.question.put,
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
            searched=SearchedOut.of(found.searched, found.missing_days),
        )


class DoneOut(BaseModel):
    """The event `done`: nothing follows."""

    took_ms: TimingOut


class FurtherIn(Strict):
    """An article that answered, and the question that it answered."""

    article_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    answered_question: str = Field("", alias="asked")


class FurtherOut(BaseModel):
    """Questions to go on with, each answered by the article."""

    questions: list[str]
