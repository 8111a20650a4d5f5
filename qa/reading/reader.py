"""The seat of the reader: question and passages in, spans that answer and passages in a better order out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from embeddings.records import Passage
from embeddings.text.sentences import sentence_spans
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Span:
    """An answer found in an article: offsets are code points into its body."""

    passage: Passage
    start: int
    end: int
    quote_start: int
    quote_end: int
    confidence: float
    """The probability that this span answers, in [0, 1]."""

    @property
    def text(self) -> str:
        """Return the words that answer, as printed."""
        return self.passage.article.body[self.start : self.end]

    @property
    def quote(self) -> str:
        """Return the sentence or sentences they stand in, as printed."""
        return self.passage.article.body[self.quote_start : self.quote_end]


def quote_of(sentences: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return where the sentences begin and end that words of a body stand in; no less than the words."""
    touched = [span for span in sentences if span[0] < end and start < span[1]] or [(start, end)]
    return min(touched[0][0], start), max(touched[-1][1], end)


def printed_span(passage: Passage, found: tuple[int, int], confidence: float) -> Span:
    """Return words of an article as an answer, with the sentences that they stand in."""
    return Span(passage, *found, *quote_of(sentence_spans(passage.article.body), *found), confidence)


def heading(passage: Passage) -> str:
    """Return what the reader sees in front of a passage: the issue's date and its headlines; nothing without a headline."""
    day, article = passage.issue_date, passage.article
    headlines = " ".join(filter(None, (article.kicker, article.title, article.subtitle)))
    return f"{day.year}年{day.month}月{day.day}日 {headlines}" if headlines else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a question and its passages."""

    spans: tuple[Span, ...]
    """Those that may answer, the likeliest first; none where nothing does."""
    passages: tuple[RankedPassage, ...]
    """All passages, the likeliest to hold the answer first."""

    @property
    def likeliest(self) -> float:
        """Return the confidence of the likeliest span; 0 where there is none."""
        return self.spans[0].confidence if self.spans else 0.0

    def trusting_less(self, doubted: Callable[[Span], bool], share: float) -> Reading:
        """Return it with the spans that are doubted keeping a share of their confidence, in their new order."""
        spans = [replace(span, confidence=share * span.confidence) if doubted(span) else span for span in self.spans]
        return replace(self, spans=tuple(sorted(spans, key=lambda span: -span.confidence)))


class Reader(Protocol):
    """What finds the words that answer."""

    name: str
    depth: int
    """How many passages it wants to see."""
    min_confidence: float
    """An answer less likely than this is not given, unless a setting says otherwise; chosen on development questions."""

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        """Read the passages that a search brought, best first."""
        ...

    def warm_up(self) -> None:
        """Load all that the first question would otherwise wait for."""
        ...
