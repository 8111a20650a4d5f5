"""The answer: spans and citations, and the decision to answer or to abstain."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.archive import Archive
from embeddings.dates import event_dates
from embeddings.records import Extent, Filters, Passage
from embeddings.sentences import sentence_spans
from qa.cite import gbt7714
from qa.parts import Part, named_parts
from qa.question import Question, understand
from qa.read import Reader, Reading, Span
from qa.retrieve import Ranked, retrieve
from qa.spans import holds

NEAR_PASSAGES = 3  # shown when nothing answers
RUNNER_UP = 0.8  # a further answer is shown where it is at least this likely, beside the first


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
    searched: Extent
    reader: str
    timing: Timing
    reading: Reading
    """All that the reader found, for those who measure it."""

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
    filters: Filters
    dates: tuple[date, ...]
    """The days it names; one without a year is the one nearest to the newest issue searched."""
    parts: tuple[Part, ...]
    """The times and places it names, in its own words."""
    started: float
    """When the step began, in seconds of the performance counter."""
    took: float
    """Milliseconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """The second step: the passages in which the answer is looked for, best first, before any was read."""

    passages: tuple[Ranked, ...]
    searched: Extent
    took: float
    """Milliseconds."""


def ask(
    archive: Archive, reader: Reader, text: str, *, filters: Filters = Filters(), top_k: int = 5, min_confidence: float
) -> Answer:
    """Answer a question from the archive, or abstain below `min_confidence`; cites `top_k` quotes at most."""
    understood = comprehend(archive, text, filters)
    found = find(archive, understood, max(top_k, reader.depth))
    return conclude(reader, understood, found, top_k, min_confidence)


def comprehend(archive: Archive, text: str, filters: Filters) -> Understood:
    """Take the first step to an answer: understand the question."""
    started = time.perf_counter()
    question = understand(text)
    took = _milliseconds(started)
    newest = archive.extent(filters).last
    dates = event_dates(question.text, newest) if newest else ()
    return Understood(text, question, filters, dates, named_parts(question.text, newest), started, took)


def find(archive: Archive, understood: Understood, limit: int) -> Found:
    """Take the second step: find the `limit` best passages."""
    started = time.perf_counter()
    passages = retrieve(archive, understood.question.text, limit, understood.filters)
    took = _milliseconds(started)
    return Found(tuple(passages), archive.extent(understood.filters), took)


def conclude(reader: Reader, understood: Understood, found: Found, top_k: int, min_confidence: float) -> Answer:
    """Take the last step: read the passages, then answer or abstain."""
    started = time.perf_counter()
    reading = reader.read(understood.question, found.passages)
    took = _milliseconds(started)
    chosen = choose(reading.spans, min_confidence, top_k)
    for span in chosen:
        check_quote(span.passage, (span.quote_start, span.quote_end), (span.start, span.end))
    findings, citations = cite(chosen) if chosen else ((), near(reading.passages))
    timing = Timing(understood.took, found.took, took, total=_milliseconds(understood.started))
    best = reading.spans[0].confidence if reading.spans else 0.0
    as_understood = understood.question.text
    return Answer(understood.text, as_understood, best, findings, citations, found.searched, reader.name, timing, reading)


def _milliseconds(since: float) -> float:
    return 1000 * (time.perf_counter() - since)


def choose(spans: Sequence[Span], min_confidence: float, top_k: int) -> list[Span]:
    """Return the spans to show: the likeliest, and those nearly as likely that say something else."""
    if not spans or spans[0].confidence < min_confidence:
        return []
    chosen: list[Span] = []
    for span in spans:
        likely = span.confidence >= max(min_confidence, RUNNER_UP * spans[0].confidence)
        if likely and not any(holds(other.text, span.text) or holds(span.text, other.text) for other in chosen):
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
