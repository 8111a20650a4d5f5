"""The answer: spans and citations, and the decision to answer or to abstain."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from embeddings.dates.mentions import event_dates
from embeddings.records import Extent, Filters, Passage
from embeddings.store.archive import Archive
from embeddings.text.sentences import sentence_spans
from qa.answering.timeline import moments
from qa.reading.answer_types import holds
from qa.reading.reader import Reader, Reading, Span
from qa.references.corrections import Related, related
from qa.references.formats import gbt7714
from qa.retrieval.coverage import Lacking, lacking
from qa.retrieval.date_match import tells_of_others, timeliness
from qa.retrieval.hybrid_search import Ranked, retrieve, times_of
from qa.understanding.asked_days import NO_TIMES, AskedTimes, Firmness, absolute
from qa.understanding.out_of_scope import Notice, notice_of
from qa.understanding.query_expansion import Respelt, respell
from qa.understanding.query_rewriting import TUNED_MARGIN, Turn, complete
from qa.understanding.question import Question, understand
from qa.understanding.question_parts import Part, named_parts

NEAR_PASSAGES = 3  # shown when nothing answers
RUNNER_UP = 0.8  # a further answer is shown where it is at least this likely, beside the first


MOMENT = 0.5  # who asks how a number went on is told the newest where it is at least this likely, beside the likeliest
OTHER_DAY = 0.5  # what a span keeps of its confidence where a day is asked for and its passage is of others
_OF_OTHER_DAYS = -1.0


class QuoteError(RuntimeError):
    """A quote that is not what is printed: never let out."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with where it was printed; offsets are code points into the article's body."""

    id: int
    passage: Passage
    quote_start: int
    quote_end: int
    answer_start: int | None
    answer_end: int | None
    near: bool = False
    related: tuple[Related, ...] = ()
    """Later articles that correct the one it stands in, or report on."""

    @property
    def quote(self) -> str:
        """Return the printed words."""
        return self.passage.article.body[self.quote_start : self.quote_end]

    @property
    def before(self) -> str:
        """Return the words of the passage before the quote."""
        return self.passage.article.body[min(self.passage.start, self.quote_start) : self.quote_start]

    @property
    def after(self) -> str:
        """Return the words of the passage behind the quote."""
        return self.passage.article.body[self.quote_end : max(self.passage.end, self.quote_end)]

    @property
    def event_dates(self) -> tuple[date, ...]:
        """Return the days the quote speaks of, read against the issue's date."""
        return event_dates(self.passage.article.body, self.passage.issue_date, self.quote_start, self.quote_end)

    @property
    def gbt7714(self) -> str:
        """Return the reference by GB/T 7714."""
        return gbt7714(self.passage)


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer and the citation it stands in."""

    text: str
    confidence: float
    citation: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline: a day, the words told of it and the citation they stand in."""

    day: date
    text: str
    citation: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that each step took; the total holds what lay between them too, such as waiting for the reader."""

    understand: float
    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a question; `findings` is empty where the archive does not say."""

    question: str
    understood_as: str
    confidence: float
    """The probability that the best span answers, given or not."""
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    timeline: tuple[Moment, ...]
    """The same number on several days, oldest first."""
    understood: Understood
    searched: Extent
    lacking: tuple[Lacking, ...]
    """The days named that no issue searched is of."""
    reader: str
    timing: Timing
    reading: Reading
    """All that the reader found, for those who measure it."""
    notice: Notice | None = None
    """Why nothing was searched; None where something was."""

    @property
    def answered(self) -> bool:
        """Say whether the archive holds an answer."""
        return bool(self.findings)


@dataclass(frozen=True, slots=True)
class Understood:
    """The first step to an answer: what is asked, and of which part of the archive."""

    text: str
    """The question as it was put."""
    question: Question
    """The question that stands alone."""
    plain: Question | None
    """The question without what was taken from earlier turns, where it may stand without; None where nothing was taken."""
    filters: Filters
    """What was asked to be searched, less what the wording rules out: 1月19日那天的报纸."""
    asked: AskedTimes
    """The days it names."""
    parts: tuple[Part, ...]
    """The times and places it names, in its own words."""
    respelt: Respelt
    """What else its names may be spelt as."""
    started: float = field(compare=False)
    """When the step began, in seconds of the performance counter."""
    took: float = field(compare=False)
    """Milliseconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """The second step: the passages in which the answer is looked for, best first, before any was read."""

    passages: tuple[Ranked, ...]
    plain: tuple[Ranked, ...]
    """Those of the question without what was taken from earlier turns."""
    respelt: tuple[tuple[Ranked, ...], ...]
    """Those of each other spelling that is asked too."""
    searched: Extent
    lacking: tuple[Lacking, ...]
    took: float
    """Milliseconds."""


def ask(
    archive: Archive, reader: Reader, text: str, *, history: Sequence[Turn] = (), filters: Filters = Filters(),
    top_k: int = 5, min_confidence: float, today: date | None = None,
) -> Answer:  # fmt: skip
    """Answer a question from the archive, or abstain below `min_confidence`; cites `top_k` quotes at most.

    The quotes of a timeline are cited beside these. `today` is what 昨天 is read against; None: the clock's.
    """
    if notice := notice_of(text, first=not history):
        return meet(reader, text, filters, notice)
    understood = comprehend(archive, text, filters, history, today)
    found = find(archive, understood, max(top_k, reader.depth))
    return attach(archive, conclude(reader, understood, found, top_k, min_confidence))


def attach(archive: Archive, answer: Answer) -> Answer:
    """Return an answer with the corrections and follow-up reports that refer to what it quotes."""
    citations = []
    for citation in answer.citations if answer.answered else ():
        passage = citation.passage
        later = related(archive.catalog, passage.article_id, passage.article, passage.issue_date)
        citations.append(replace(citation, related=later))
    timing = replace(answer.timing, total=_milliseconds(answer.understood.started))
    return replace(answer, citations=tuple(citations), timing=timing) if citations else answer


def meet(reader: Reader, text: str, filters: Filters, notice: Notice) -> Answer:
    """Answer what is no question to an archive, without a search."""
    started = time.perf_counter()
    understood = Understood(text, understand(text), None, filters, NO_TIMES, (), Respelt(), started, _milliseconds(started))
    timing = Timing(understood.took, 0.0, 0.0, total=_milliseconds(started))
    nothing = Extent(0, 0, 0, None, None)
    return Answer(text, text, 0.0, (), (), (), understood, nothing, (), reader.name, timing, Reading((), ()), notice)


def comprehend(
    archive: Archive, text: str, filters: Filters, history: Sequence[Turn] = (), today: date | None = None
) -> Understood:
    """Take the first step to an answer: understand the question."""
    started = time.perf_counter()
    today = today or date.today()
    asked_before = [turn for turn in history if not notice_of(turn.question)]
    completed = complete(text.strip(), asked_before, today, archive.nearness, TUNED_MARGIN if archive.encoder.tuned else 0.0)
    told = absolute(completed.text, times_of(archive, completed.text, filters, today))
    question = understand(archive.as_printed(told))
    plain = understand(text) if completed.carried and not completed.leaning else None
    asked = times_of(archive, question.text, filters, today)
    searched = narrowed(archive, filters, asked)
    parts = named_parts(question.text, asked)
    respelt = respell(archive, question.text, filters, today)
    return Understood(text, question, plain, searched, asked, parts, respelt, started, _milliseconds(started))


def narrowed(archive: Archive, filters: Filters, asked: AskedTimes) -> Filters:
    """Return the filters with the day whose print is asked for beyond doubt, of several years the newest that has an issue."""
    sure = [days for days in asked.days if days.firmness is Firmness.SURE]
    if len(sure) != 1:
        return filters
    days = [
        replace(filters, first=max(span.first, filters.first or span.first), last=min(span.last, filters.last or span.last))
        for span in sure[0].spans
    ]
    return next((one for one in days if archive.extent(one).issues), days[0])


def find(archive: Archive, understood: Understood, limit: int) -> Found:
    """Take the second step: find the `limit` best passages."""
    started = time.perf_counter()
    filters, asked = understood.filters, understood.asked
    passages = retrieve(archive, understood.question.text, limit, filters, asked)
    plain = retrieve(archive, understood.plain.text, limit, filters, asked) if understood.plain else []
    respelt = tuple(tuple(retrieve(archive, one.question.text, limit, filters, one.times)) for one in understood.respelt.asked)
    took = _milliseconds(started)
    return Found(tuple(passages), tuple(plain), respelt, archive.extent(filters), lacking(archive, filters, asked), took)


def conclude(reader: Reader, understood: Understood, found: Found, top_k: int, min_confidence: float) -> Answer:
    """Take the last step: read the passages, then answer or abstain."""
    started = time.perf_counter()
    question, reading, chosen = _read(reader, understood, found, top_k, min_confidence)
    took = _milliseconds(started)
    told = moments(question, understood.asked, reading.spans, min_confidence)
    # The newest of those that are likely; what is less likely stands behind.
    likely = (MOMENT if question.series else RUNNER_UP) * reading.likeliest
    shown = sorted((moment.span for moment in reversed(told)), key=lambda span: span.confidence < likely) or chosen
    for span in shown:
        check_quote(span.passage, (span.quote_start, span.quote_end), (span.start, span.end))
    findings, citations = cite(shown) if shown else ((), near(reading.passages))
    cited = {id(span): finding.citation for span, finding in zip(shown, findings, strict=False)}
    timeline = tuple(Moment(moment.day, moment.span.text, cited[id(moment.span)]) for moment in told)
    timing = Timing(understood.took, found.took, took, total=_milliseconds(understood.started))
    return Answer(
        understood.text, question.text, reading.likeliest, findings[:top_k], citations, timeline, understood,
        found.searched, found.lacking, reader.name, timing, reading,
    )  # fmt: skip


def _read(
    reader: Reader, understood: Understood, found: Found, top_k: int, min_confidence: float
) -> tuple[Question, Reading, list[Span]]:
    """Return the question that is answered, what was read for it, and the spans to show.

    Where nothing answers the question completed from earlier turns, it is read as it was put. Another
    spelling answers only where that is likelier.
    """

    def read(question: Question, passages: Sequence[Ranked], asked: AskedTimes) -> tuple[Question, Reading, list[Span]]:
        reading = timed(reader.read(question, passages), asked)
        return question, reading, choose(reading.spans, min_confidence, top_k, newest=asked.wants_newest)

    best = read(understood.question, found.passages, understood.asked)
    if understood.plain and not best[2]:
        plain = read(understood.plain, found.plain, understood.asked)
        best = plain if plain[2] else best
    for other, passages in zip(understood.respelt.asked, found.respelt, strict=True):
        # Spelt otherwise, it asks no less how a number went on.
        respelt = replace(other.question, series=understood.question.series)
        _, reading, chosen = read(replace(respelt, text=other.reads), passages, other.times)
        if chosen and reading.likeliest > best[1].likeliest:
            best = respelt, reading, chosen
    return best


def timed(reading: Reading, asked: AskedTimes) -> Reading:
    """Return a reading that trusts spans of other days less, where days are named for certain."""
    if not asked.days:
        return reading
    firm = replace(asked, days=tuple(days for days in asked.days if days.firmness is not Firmness.LOOSE))

    def of_others(span: Span) -> bool:
        """Say whether a span's passage, or the words before it in its own sentence, are of other days than those asked for."""
        passage, leading = span.passage, span.passage.article.body[span.quote_start : span.start]
        return timeliness(firm, passage) <= _OF_OTHER_DAYS or tells_of_others(asked, leading, passage.issue_date)

    spans = [replace(span, confidence=OTHER_DAY * span.confidence) if of_others(span) else span for span in reading.spans]
    return replace(reading, spans=tuple(sorted(spans, key=lambda span: -span.confidence)))


def _milliseconds(since: float) -> float:
    return 1000 * (time.perf_counter() - since)


def choose(spans: Sequence[Span], min_confidence: float, top_k: int, *, newest: bool = False) -> list[Span]:
    """Return the spans to show: the likeliest, and those nearly as likely that say something else.

    With `newest`, those of newer issues come first.
    """
    if not spans or spans[0].confidence < min_confidence:
        return []
    least = max(min_confidence, RUNNER_UP * spans[0].confidence)
    likely = [span for span in spans if span.confidence >= least]
    if newest:
        likely.sort(key=lambda span: span.passage.issue_date, reverse=True)
    chosen: list[Span] = []
    for span in likely:
        if not any(holds(other.text, span.text) or holds(span.text, other.text) for other in chosen):
            chosen.append(span)
    return chosen[:top_k]


def cite(spans: Sequence[Span]) -> tuple[tuple[Finding, ...], tuple[Citation, ...]]:
    """Give each quote a number; answers in the same quote share a citation."""
    citations: dict[tuple[str, int, int], Citation] = {}
    findings = []
    for span in spans:
        place = (span.passage.article_id, span.quote_start, span.quote_end)
        if place not in citations:
            citations[place] = Citation(
                len(citations) + 1, span.passage, span.quote_start, span.quote_end, span.start, span.end
            )  # fmt: skip
        findings.append(Finding(span.text, span.confidence, citations[place].id))
    return tuple(findings), tuple(citations.values())


def near(passages: Sequence[Ranked], limit: int = NEAR_PASSAGES) -> tuple[Citation, ...]:
    """Cite the first sentence of the `limit` nearest passages that share a word with the question, marked as near."""
    found = []
    sharing = [ranked for ranked in passages if ranked.lexical > 0][:limit]
    for number, ranked in enumerate(sharing, start=1):
        passage = ranked.passage
        start, end = next(iter(sentence_spans(passage.article.body, passage.start, passage.end)), (passage.start, passage.end))
        found.append(Citation(number, passage, start, end, None, None, near=True))
    return tuple(found)


def check_quote(passage: Passage, quote: tuple[int, int], answer: tuple[int, int]) -> None:
    """Raise QuoteError unless the quote lies within the printed body and the answer within the quote."""
    length = len(passage.article.body)
    if not 0 <= quote[0] < quote[1] <= length:
        raise QuoteError(f"{passage.chunk_id}: quote {quote[0]}:{quote[1]} is not in a body of {length} characters")
    if not quote[0] <= answer[0] < answer[1] <= quote[1]:
        raise QuoteError(f"{passage.chunk_id}: answer {answer[0]}:{answer[1]} leaves its quote {quote[0]}:{quote[1]}")
