"""The trained reader: windows of passages through the network, spans that compete across passages, one confidence."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from embeddings.models.turns import TURNS
from embeddings.records import Passage
from embeddings.text.letters import fold, simplified_in_place
from embeddings.text.sentences import sentence_spans, whole_clauses
from qa.reading.answer_types import is_candidate, type_match
from qa.reading.attribution import asked_speech, speech_fit, speeches
from qa.reading.calibration import Evidence, best_possible_value, confidence, rank_value, term_coverage, verified_value
from qa.reading.causes import whole_reason
from qa.reading.lists import asked_count, asks_for_several, whole_list, whole_quotation
from qa.reading.network import IMPOSSIBLE, Batch, MarkedBatch, Scores, SpanModel
from qa.reading.reader import Reading, Span, heading, quote_of
from qa.reading.windows import Window, Windower
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.answer_kinds import Extent, Kind
from qa.understanding.question import Question, understand

WINDOW_TOKENS = 448
WINDOW_STRIDE = 224
SPANS_KEPT = 8
"""Of each window."""
KIND_WORTH = 0.25
"""Log-odds that words gain within a stretch by being of the kind asked for: more costs exact words, less costs right ones."""
FRAGMENT = 4
"""Characters: fewer explain nothing by themselves. To widen longer answers to why and how costs exact words."""
STRETCH_CHARACTERS = 560
"""About what a window of WINDOW_TOKENS holds beside the question and a headline."""
STEPS = (1, 2, 3, 5, 9)
"""Stretches read at a time."""
LISTED = sum(STEPS[:3])
"""Stretches read at least where several answers are asked for."""
BATCH_TOKENS = 1536
"""More at once gains nothing on two cores, and pads more."""
VERIFIED = 2
"""Spans that are verified, the likeliest first."""
VERIFIED_LISTED = 6
"""Those verified where several answers are asked for."""
_AROUND = 320
"""Characters on either side of a span in which the verifier's tokens lie."""
_EXPLAINING = re.compile(r"怎么|怎样|如何|咋")


@dataclass(frozen=True, slots=True)
class MergedPassage:
    """Passages of one article that stand side by side, read as one text: what answers is often told across them."""

    parts: tuple[RankedPassage, ...]
    """In the order of the article."""

    @property
    def start(self) -> int:
        """Return its first character in the article's body."""
        return self.parts[0].passage.start

    @property
    def end(self) -> int:
        """Return the one behind its last."""
        return self.parts[-1].passage.end

    @property
    def text(self) -> str:
        """Return its words as printed."""
        return self.parts[0].passage.article.body[self.start : self.end]

    @property
    def score(self) -> float:
        """Return the search's score of its best passage."""
        return max(part.score for part in self.parts)

    @property
    def cosine(self) -> float:
        """Return the cosine of the question and the passage of it that is nearest in meaning."""
        return max(part.dense for part in self.parts)

    @property
    def date_match(self) -> float:
        """Return how far the passage of it that fits best is of the days asked for."""
        return max(part.date_match for part in self.parts)

    def holding(self, start: int, end: int) -> Passage:
        """Return the passage that holds most of a span of the body."""
        shared = [min(end, part.passage.end) - max(start, part.passage.start) for part in self.parts]
        return self.parts[shared.index(max(shared))].passage


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that the network marks in a window."""

    first: int
    """Its first character, counted from the window's own."""
    last: int
    """The one behind its last."""
    log_odds: float
    """Log-odds against "not here"."""
    share: float
    """Its probability among all spans of the window and "not here"."""


_Weighed = tuple[Evidence, Passage, int, int]
"""What speaks for words, the passage that holds them, and where they begin and end in its article's body."""
Judged = tuple[Evidence, Span]
"""A span and what speaks for it."""


class SpanReader:
    """Reads what a search brings with the encoder's own layers, retrained to mark answers."""

    min_confidence = 0.3

    def __init__(self, model: SpanModel, windower: Windower, name: str, calibration: Mapping[str, float]) -> None:
        self.model, self.windower = model.eval(), windower
        self.name, self.calibration = name, calibration
        self.depth = sum(STEPS)

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        """Return the spans found, the likeliest first, and the passages by what was found in them.

        Passages are read in the order of the search, those side by side as one text, a few
        at a time, until what is left could hardly hold anything likelier.
        """
        passages = passages[: self.depth]
        stretches = merge_adjacent(passages)
        several = _asks_for_several(question)
        # How a number went on is told in many articles; what a list holds, in a few.
        least = self.depth if question.series else LISTED if several else 1
        weighed: list[Judged] = []
        done = 0
        for step in STEPS:
            rest = stretches[done:]
            if not rest or (done >= least and weighed and self._settled(weighed, stretches[0], rest[0])):
                break
            weighed += self._weigh(question, rest[:step], passages)
            done += step
        spans = [
            replace(span, confidence=confidence(evidence, self.calibration))
            for evidence, span in self.verify(question, weighed, VERIFIED_LISTED if several else VERIFIED)
        ]
        found: dict[str, float] = {}
        for span in spans:
            found[span.passage.chunk_id] = max(found.get(span.passage.chunk_id, 0.0), span.confidence)
        # Passages that were not read stand behind those that were, in the order of the search.
        order = sorted(passages, key=lambda ranked: -found.get(ranked.passage.chunk_id, 0.0))
        return Reading(tuple(merge(spans, several=several)), tuple(order))

    def score_spans(self, question: Question, passages: Sequence[RankedPassage], most: int | None = None) -> list[Judged]:
        """Return the spans that compete, of the first `most` stretches, with what speaks for them but the verifier."""
        passages = passages[: self.depth]
        return self._weigh(question, merge_adjacent(passages)[:most], passages)

    def verify(self, question: Question, weighed: Sequence[Judged], count: int) -> list[Judged]:
        """Return spans, the likeliest first, with the verifier's verdict on the first `count`.

        The others count as no better than the worst of those.
        """
        ranked = sorted(weighed, key=lambda one: -rank_value(one[0], self.calibration))
        if self.verifies and ranked:
            verdicts = self.score_marked(question, [span for _, span in ranked[:count]])
            verdicts += [min(verdicts)] * (len(ranked) - len(verdicts))
            ranked = [(replace(one[0], verdict=verdict), one[1]) for one, verdict in zip(ranked, verdicts, strict=True)]
        return sorted(ranked, key=lambda one: -verified_value(one[0], self.calibration))

    @property
    def verifies(self) -> bool:
        """Say whether the adapter brings a verifier that was fitted."""
        return "verified.verdict" in self.calibration

    def score_marked(self, question: Question, spans: Sequence[Span]) -> list[float]:
        """Return the verifier's log-odds that each span is what was asked."""
        around = [(max(0, span.start - _AROUND), span.end + _AROUND) for span in spans]
        texts = [question.put]
        for span, (first, last) in zip(spans, around, strict=True):
            texts += [heading(span.passage), span.passage.article.body[first:last]]
        asked, *cut = self.windower.batch([simplified_in_place(text) for text in texts])
        marked = [
            self.windower.marked(asked, text, span.start - first, span.end - first, lead)
            for span, (first, _), lead, text in zip(spans, around, cut[::2], cut[1::2], strict=True)
        ]
        seen = [window for window in marked if window is not None]
        if not seen:
            return [0.0] * len(spans)
        with TURNS.hurried(), torch.inference_mode():
            told = iter(self.model.verify(MarkedBatch.of(seen, self.windower.pad)).tolist())
        return [next(told) if window is not None else 0.0 for window in marked]

    def score_windows(self, windows: Sequence[Window]) -> list[tuple[ScoredSpan, ...]]:
        """Run windows through the network, those of like length together; returns the spans marked in each."""
        found: dict[int, tuple[ScoredSpan, ...]] = {}
        with TURNS.hurried(), torch.inference_mode():
            for places in _batches([len(window.ids) for window in windows]):
                scores = self.model(Batch.of([windows[place] for place in places], self.windower.pad))
                found.update(zip(places, best_spans(scores), strict=True))
        return [found[place] for place in range(len(windows))]

    def warm_up(self) -> None:
        """Run the network once: its first pass chooses kernels."""
        question = self.windower.tokens("谁在哪里看报？")
        self.score_windows([self.windower.window(question, self.windower.tokens("今日张三在某市看报。"))])
        understand("谁在哪里看报？")

    def _settled(self, weighed: Sequence[Judged], first: MergedPassage, following: MergedPassage) -> bool:
        """Say whether no stretch from the `following` one on could well hold a likelier span than those found."""
        found = max(rank_value(evidence, self.calibration) for evidence, _ in weighed)
        return found > best_possible_value(first.score - following.score, self.calibration)

    def _weigh(self, question: Question, part: Sequence[MergedPassage], passages: Sequence[RankedPassage]) -> list[Judged]:
        """Return the best span of each of some stretches, or all where several are asked for, weighed as among all passages.

        Within a stretch the network's own odds decide, as it learnt to mark words
        exactly; what is fitted to find the right passage would blunt them.
        """
        best = max((ranked.score for ranked in passages), default=0.0)
        max_cosine = max((ranked.dense for ranked in passages), default=0.0)
        # Found once for each article: a window marks many spans.
        articles = {stretch.parts[0].passage.article_id: stretch.parts[0].passage.article for stretch in part}
        sentences = {article_id: sentence_spans(article.body) for article_id, article in articles.items()}
        told = asked_speech(question)
        spoken = {article_id: speeches(article.body) for article_id, article in articles.items()} if told else {}
        shared = [term_coverage(question.words, fold(f"{heading(one.parts[0].passage)} {one.text}")) for one in part]
        owners, windows = self._windows(question, part)
        found: list[list[_Weighed]] = [[] for _ in part]
        for place, window, spans in zip(owners, windows, self.score_windows(windows), strict=True):
            stretch = part[place]
            first = stretch.start + window.first
            for marked in spans:
                start, end = first + marked.first, first + marked.last
                passage = stretch.holding(start, end)
                body = passage.article.body
                if not is_candidate(body, start, end, question):
                    continue
                kind = speech_fit(told, body, spoken[passage.article_id], start, end) if told else None
                if kind is None:
                    kind = type_match(body[start:end], question)
                score_gap = best - stretch.score
                evidence = Evidence(
                    marked.log_odds,
                    marked.share,
                    score_gap,
                    kind,
                    max_cosine,
                    shared[place],
                    stretch.date_match,
                    stretch.cosine,
                )
                found[place].append((evidence, passage, start, end))
        if _asks_for_several(question):
            kept = [one for ones in found for one in ones]
        else:
            kept = [max(ones, key=lambda one: one[0].log_odds + KIND_WORTH * one[0].type_match) for ones in found if ones]
        return [
            (
                evidence,
                _span(question, passage, start, end, sentences[passage.article_id]),
            )
            for evidence, passage, start, end in kept
        ]

    def _windows(self, question: Question, stretches: Sequence[MergedPassage]) -> tuple[list[int], list[Window]]:
        """Cut stretches into windows; returns the place of each window's stretch, and the windows."""
        texts = [question.put, *(text for one in stretches for text in (heading(one.parts[0].passage), one.text))]
        # Most of what the network learnt was in Simplified characters.
        asked, *cut = self.windower.batch([simplified_in_place(text) for text in texts])
        owners, windows = [], []
        for place, (lead, text) in enumerate(zip(cut[::2], cut[1::2], strict=True)):
            for window in self.windower.cover(asked, text, WINDOW_TOKENS, WINDOW_STRIDE, lead):
                owners.append(place)
                windows.append(window)
        return owners, windows


def _asks_for_several(question: Question) -> bool:
    return question.series or asks_for_several(question.text)


def merge_adjacent(passages: Sequence[RankedPassage]) -> list[MergedPassage]:
    """Join passages of one article that touch, as long as a window holds them; the best passage's stretch comes first."""
    found: list[list[RankedPassage]] = []
    for one in sorted(passages, key=lambda ranked: (ranked.passage.article_id, ranked.passage.start)):
        if found and _joins(found[-1], one.passage):
            found[-1].append(one)
        else:
            found.append([one])
    order = {one.passage.chunk_id: place for place, one in enumerate(passages)}
    return sorted(
        (MergedPassage(tuple(parts)) for parts in found),
        key=lambda stretch: min(order[part.passage.chunk_id] for part in stretch.parts),
    )


def _joins(parts: Sequence[RankedPassage], passage: Passage) -> bool:
    """Say whether a passage goes on where others end, blanks aside, and a window holds them all."""
    last = parts[-1].passage
    return (
        passage.article_id == last.article_id
        and not passage.article.body[last.end : passage.start].strip()
        and passage.end - parts[0].passage.start <= STRETCH_CHARACTERS
    )


def merge(spans: Sequence[Span], *, several: bool) -> list[Span]:
    """Return spans, likeliest first, one of each article; with `several`, all of it that do not overlap a likelier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.confidence):
        if not any(
            other.passage.article_id == span.passage.article_id
            and (not several or (other.start < span.end and span.start < other.end))
            for other in kept
        ):
            kept.append(span)
    return kept


def _span(question: Question, passage: Passage, start: int, end: int, sentences: Sequence[tuple[int, int]]) -> Span:
    """Return words of an article as an answer not judged yet, with the sentences of it that they stand in."""
    body = passage.article.body
    while start < end - 1 and body[start].isspace():
        start += 1
    while end > start + 1 and body[end - 1].isspace():
        end -= 1
    quote = quote_of(sentences, start, end)
    extent = question.expects.extent
    if extent is Extent.CLAUSE or (
        end - start < FRAGMENT and (extent is Extent.EXPLANATION or _EXPLAINING.search(question.put))
    ):
        start, end = _whole_clauses(body, quote, start, end)
    elif extent is Extent.EXPLANATION:
        start, end = whole_reason(body, quote, start, end)
    elif question.kind is not Kind.DATE and asks_for_several(question.text):  # 3月8日至15日 of 哪几天 is whole
        start, end = whole_list(body, quote, start, end, asked_count(question.text))
    return Span(passage, *whole_quotation(body, start, end), *quote, 0.0)


def _whole_clauses(body: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole clauses, without the mark that closes them."""
    first, last = whole_clauses(body, quote, start, end)
    while last > end and not body[last - 1].isalnum():
        last -= 1
    return first, last


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group places by like length into batches of about BATCH_TOKENS."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if not batches or (len(batches[-1]) + 1) * lengths[place] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(place)
    return batches


def best_spans(scores: Scores) -> list[tuple[ScoredSpan, ...]]:
    """Return the best spans of each window of a batch."""
    spans = scores.spans()
    flat = spans.flatten(1)
    total = torch.logaddexp(flat.logsumexp(1), scores.null)
    tops, places = flat.topk(min(SPANS_KEPT, flat.shape[1]), dim=1)
    found = []
    for row, (best, flats) in enumerate(zip(tops.tolist(), places.tolist(), strict=True)):
        null, whole = float(scores.null[row]), float(total[row])
        marked = []
        for score, flat_place in zip(best, flats, strict=True):
            first, last = divmod(flat_place, spans.shape[2])
            if score > IMPOSSIBLE:
                marked.append(ScoredSpan(first, last + 1, score - null, math.exp(score - whole)))
        found.append(tuple(marked))
    return found
