"""The answers about several things or days that are asked for at once: which stand side by side, each with its citation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.text.letters import fold
from embeddings.text.numbers import numbers
from qa.reading.matching import holds
from qa.reading.reader import Reading, Span
from qa.retrieval.candidates import Candidates
from qa.understanding.answer_kinds import Kind
from qa.understanding.comparison import Form
from qa.understanding.comprehension import Compared

OTHER_THING = 0.5  # what a span keeps of its confidence where the sentence tells it of the other thing
_ONE_QUOTE = 0.6  # of the likeliest of its thing, from which a span is told that shares its sentence with the other's

ReadPart = Callable[[Candidates], Reading]
"""What reads the passages found for the question about one thing."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One answer for each thing, in the order in which they are named."""

    spans: tuple[Span, ...]
    reading: Reading
    """All that was read for them, the answers first."""

    @property
    def confidence(self) -> float:
        """Return that of the least likely of them."""
        return min(span.confidence for span in self.spans)


def answers_all(compared: Compared, span: Span) -> bool:
    """Say whether an answer to the whole question is enough: its sentence names all things, and tells of each where asked.

    By how much one is more than the other is one answer.
    """
    if compared.form is Form.DIFFERENCE:
        return True
    quote = span.quote
    if not all(holds(quote, thing) for thing in compared.things):
        return False
    if compared.form is not Form.EACH:
        return True
    asks_numbers = all(variant.question.kind is Kind.NUMBER for variant in compared.variants)
    told = fold(span.text)
    return len(numbers(told)) >= len(compared.things) if asks_numbers else all(holds(told, thing) for thing in compared.things)


def read_side_by_side(
    compared: Compared, found: Sequence[Candidates], read: ReadPart, min_confidence: float, *, alone: bool
) -> SideBySide | None:
    """Read about each of several things; None where an answer is lacking, unless one `alone` may be told."""
    readings = []
    for place, candidates in enumerate(found):
        others = [thing for at, thing in enumerate(compared.things) if at != place]
        readings.append(discount_other_things(read(candidates), compared.things[place], others))
    likely = [[span for span in reading.spans if span.confidence >= min_confidence] for reading in readings]
    told = [spans for spans in likely if spans]
    if not told or (len(told) < len(likely) and not (alone and compared.form is Form.EACH)):
        return None
    spans = _of_one_quote(told) or tuple(spans[0] for spans in told)
    all_spans = [*spans, *(span for reading in readings for span in reading.spans if span not in spans)]
    passages = {ranked.passage.chunk_id: ranked for reading in readings for ranked in reading.passages}
    shown = [span.passage.chunk_id for span in spans]
    order = sorted(passages.values(), key=lambda ranked: ranked.passage.chunk_id not in shown)
    return SideBySide(spans, Reading(tuple(all_spans), tuple(order)))


def discount_other_things(reading: Reading, thing: str, others: Sequence[str]) -> Reading:
    """Return a reading that trusts less what its sentence tells of another of the things: 5公里组的起点 is not 10公里组的."""

    def of_other(span: Span) -> bool:
        before = span.passage.article.body[span.quote_start : span.start]
        named = _last(before, thing)
        other = max((_last(before, one) for one in others), default=-1)
        if other < 0 and named < 0:
            return not holds(span.quote, thing) and any(holds(span.quote, one) for one in others)
        return other > named

    return reading.trusting_less(of_other, OTHER_THING)


def _last(text: str, words: str) -> int:
    """Return where words stand last in a text, whole numbers and all: 5公里组 is not in 15公里组; -1 where they do not."""
    text, words = fold(text), fold(words)
    place = text.rfind(words)
    while place > 0 and words[0].isdigit() and text[place - 1].isdigit():
        place = text.rfind(words, 0, place)
    return -1 if place == 0 and not text.startswith(words) else place


def _of_one_quote(told: Sequence[Sequence[Span]]) -> tuple[Span, ...] | None:
    """Return answers that stand in one sentence, one for each thing at different places, where they are nearly as likely."""
    for first in told[0]:
        row = [first]
        for spans in told[1:]:
            row += [span for span in spans if _quote(span) == _quote(first) and span.start not in {one.start for one in row}][
                :1
            ]
        likely = all(span.confidence >= _ONE_QUOTE * spans[0].confidence for span, spans in zip(row, told, strict=False))
        if len(row) == len(told) > 1 and likely:
            return tuple(row)
    return None


def _quote(span: Span) -> tuple[str, int, int]:
    return span.passage.article_id, span.quote_start, span.quote_end
