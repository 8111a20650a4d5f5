"""Selection, the last step to an answer: which spans are told, in which order, and whether any is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from embeddings.records import Extent, Filters
from embeddings.text.sentences import sentence_spans
from qa.answering.answer import Alternative, Answer, Finding, TimelineEntry, Timing
from qa.answering.side_by_side import SideBySide, answers_all, read_side_by_side
from qa.answering.timeline import DatedQuantity, SearchAgain, find_timeline
from qa.reading.imprint import read_imprint
from qa.reading.matching import holds, tokens
from qa.reading.printed_facts import read_printed_facts
from qa.reading.reader import Reader, Reading, Span
from qa.references.citation import Citation, check_quote
from qa.retrieval.candidates import Candidates, Found
from qa.retrieval.date_match import match_dates, mentions_other_dates
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.comprehension import Understood, elapsed_ms, without_search
from qa.understanding.date_constraints import DateConstraints, Firmness
from qa.understanding.out_of_scope import Notice
from qa.understanding.question import Question
from qa.understanding.variants import VariantRole

NEAR_PASSAGES = 3  # shown when nothing answers
ALTERNATIVES = 3  # shown at most beside an answer
ALTERNATIVE = 0.05  # what is less likely is not worth a look
RUNNER_UP = 0.8  # a further answer is shown where it is at least this likely, beside the first
NEWEST_SHARE = 0.5  # who asks how a number went on is told the newest where it is at least this likely, beside the likeliest
ALREADY_TOLD = 0.3  # what a span keeps of its confidence that the turn before was answered with, where something else is asked
OTHER_DAY = 0.5  # what a span keeps of its confidence where a day is asked for and its passage is of others
_OF_OTHER_DAYS = -1.0


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for one variant of a question, and the spans of it that would be told."""

    question: Question
    reading: Reading
    chosen: list[Span]


def answer_notice(reader: Reader, text: str, filters: Filters, notice: Notice) -> Answer:
    """Answer what is no question to an archive, without a search."""
    understood = without_search(text, filters)
    timing = Timing(understood.took, 0.0, 0.0, total=elapsed_ms(understood.started))
    nothing = Extent(0, 0, 0, None, None)
    return Answer(text, text, 0.0, (), (), (), understood, nothing, (), reader.name, timing, Reading((), ()), notice=notice)


def conclude(
    reader: Reader, understood: Understood, found: Found, top_k: int, min_confidence: float,
    search_again: SearchAgain | None = None,
) -> Answer:  # fmt: skip
    """Read the passages, then answer or abstain; what tells a series may be searched again in the words of print."""
    started = time.perf_counter()
    read = _read(reader, found, top_k, min_confidence)
    compared = _compare(reader, understood, found, read, min_confidence)
    took = elapsed_ms(started)
    told: list[DatedQuantity] = []
    if compared:
        read = _Read(read.question, compared.reading, list(compared.spans))
    else:
        told = find_timeline(
            read.question, understood.days, read.reading.spans, min_confidence, put=understood.text, search_again=search_again
        )
    # The newest of those that are likely; what is less likely stands behind.
    likely = (NEWEST_SHARE if read.question.series else RUNNER_UP) * read.reading.likeliest
    shown = sorted((moment.span for moment in reversed(told)), key=lambda span: span.confidence < likely) or read.chosen
    for span in shown:
        _check(span)
    findings, citations = cite(shown) if shown else ((), near(read.reading.passages))
    cited = {id(span): finding.citation for span, finding in zip(shown, findings, strict=False)}
    timeline = tuple(TimelineEntry(moment.day, moment.span.text, cited[id(moment.span)], moment.quantity) for moment in told)
    timing = Timing(understood.took, found.took, took, total=elapsed_ms(understood.started))
    confidence = compared.confidence if compared else read.reading.likeliest
    return Answer(
        understood.text, read.question.put, confidence, findings[:top_k], citations, timeline, understood,
        found.searched, found.missing_days, reader.name, timing, read.reading, alternatives_to(shown, read.reading.spans),
    )  # fmt: skip


def _compare(reader: Reader, understood: Understood, found: Found, main: _Read, min_confidence: float) -> SideBySide | None:
    """Return the answers about each of several things, unless the question as a whole is answered better."""
    compared = understood.compared
    if compared is None or (main.chosen and answers_all(compared, main.chosen[0])):
        return None

    def read(candidates: Candidates) -> Reading:
        variant = candidates.variant
        return discount_other_days(reader.read(variant.question, candidates.passages), variant.days)

    return read_side_by_side(compared, found.compared, read, min_confidence, alone=not main.chosen)


def _read(reader: Reader, found: Found, top_k: int, min_confidence: float) -> _Read:
    """Read the candidates of each variant and return the one that answers; the main one where none does."""

    def read(candidates: Candidates, question: Question) -> _Read:
        days = candidates.variant.days
        asked = candidates.variant.question.text
        printed = read_imprint(asked, candidates.passages) or read_printed_facts(asked, candidates.passages)
        if printed:
            reading = Reading(printed, candidates.passages)
        else:
            reading = discount_other_days(reader.read(question, candidates.passages), days)
            if told := candidates.variant.told:
                reading = discount_told(reading, told)
        return _Read(question, reading, choose(reading.spans, min_confidence, top_k, newest=days.wants_newest))

    main, *others = found.candidates
    best = read(main, main.variant.question)
    for candidates in others:
        variant = candidates.variant
        if variant.role is VariantRole.OTHER_READING:
            # However well it were answered, it is not likelier than what was read already.
            meant = main.variant.probability * best.reading.likeliest
            if variant.probability <= meant:
                continue
            other = read(candidates, variant.question)
            better = bool(other.chosen) and variant.probability * other.reading.likeliest > meant
        else:
            # Spelt otherwise, it asks no less how a number went on.
            question = replace(variant.question, series=main.variant.question.series)
            other = read(candidates, question)
            better = bool(other.chosen) and other.reading.likeliest > best.reading.likeliest
        if better:
            best = other
    return best


def discount_other_days(reading: Reading, asked: DateConstraints) -> Reading:
    """Return a reading that trusts spans of other days less, where days are named for certain."""
    if not asked.days:
        return reading
    firm = replace(asked, days=tuple(days for days in asked.days if days.firmness is not Firmness.LOOSE))

    def of_others(span: Span) -> bool:
        """Say whether a span's passage, or the words before it in its own sentence, are of other days than those asked for."""
        passage, leading = span.passage, span.passage.article.body[span.quote_start : span.start]
        return match_dates(firm, passage) <= _OF_OTHER_DAYS or mentions_other_dates(asked, leading, passage.issue_date)

    return reading.trusting_less(of_others, OTHER_DAY)


def discount_told(reading: Reading, told: str) -> Reading:
    """Return a reading that trusts spans less that say no more than what was told before."""
    said = tokens(told)
    return reading.trusting_less(lambda span: tokens(span.text) == said, ALREADY_TOLD)


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
        if not _is_told(span, chosen):
            chosen.append(span)
    return chosen[:top_k]


def _is_told(span: Span, told: Iterable[Span]) -> bool:
    """Say whether one of the spans told holds the words of this one, or lies in them."""
    return any(holds(other.text, span.text) or holds(span.text, other.text) for other in told)


def _check(span: Span) -> None:
    """Raise QuoteError where a span is not what is printed."""
    check_quote(span.passage, (span.quote_start, span.quote_end), (span.start, span.end))


def cite(spans: Sequence[Span]) -> tuple[tuple[Finding, ...], tuple[Citation, ...]]:
    """Give each quote a number; answers in the same quote share a citation."""
    citations: dict[tuple[str, int, int], Citation] = {}
    findings = []
    for span in spans:
        place = (span.passage.article_id, span.quote_start, span.quote_end)
        if place not in citations:
            citations[place] = _citation(span, len(citations) + 1)
        findings.append(_finding(span, citations[place].id))
    return tuple(findings), tuple(citations.values())


def _citation(span: Span, number: int) -> Citation:
    return Citation(number, span.passage, span.quote_start, span.quote_end, span.start, span.end)


def _finding(span: Span, citation: int) -> Finding:
    return Finding(span.text, span.confidence, citation, span.start, span.end)


def alternatives_to(shown: Sequence[Span], spans: Iterable[Span]) -> tuple[Alternative, ...]:
    """Return what was read beside the spans shown and says something else, each cited by its own quote."""
    if not shown:
        return ()
    told = list(shown)
    found: list[Alternative] = []
    for span in spans:
        if len(found) == ALTERNATIVES or span.confidence < ALTERNATIVE:
            break
        if _is_told(span, told):
            continue
        told.append(span)
        _check(span)
        number = len(found) + 1
        found.append(Alternative(_finding(span, number), _citation(span, number)))
    return tuple(found)


def near(passages: Sequence[RankedPassage], limit: int = NEAR_PASSAGES) -> tuple[Citation, ...]:
    """Cite the first sentence of the `limit` nearest passages that share a word with the question, marked as near."""
    found = []
    sharing = [ranked for ranked in passages if ranked.lexical > 0][:limit]
    for number, ranked in enumerate(sharing, start=1):
        passage = ranked.passage
        start, end = next(iter(sentence_spans(passage.article.body, passage.start, passage.end)), (passage.start, passage.end))
        found.append(Citation(number, passage, start, end, None, None, near=True))
    return tuple(found)
