"""The trained reader: windows of passages through the network, spans that compete across passages, one confidence."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from embeddings.records import Passage
from embeddings.sentences import clause_spans, sentence_spans
from embeddings.words import simplified_in_place
from qa.confidence import Evidence, confidence, hope, value
from qa.model import IMPOSSIBLE, Batch, Scores, SpanModel
from qa.question import Kind, Question, understand
from qa.read import Reading, Span, heading
from qa.retrieve import Ranked
from qa.spans import fits
from qa.windows import Window, Windower

WINDOW_TOKENS = 448
WINDOW_STRIDE = 224
SPANS_KEPT = 8
"""Of each window."""
STEPS = (2, 3, 5, 10)
"""Passages read at a time."""
BATCH_TOKENS = 1536
"""More at once gains nothing on two cores, and pads more."""
_EXPLAINING = re.compile(r"怎么|怎样|如何|咋")
_LISTING = re.compile(r"哪些|哪几|哪[两三四五六七八九十]|分别")


@dataclass(frozen=True, slots=True)
class Marked:
    """A span that the network marks in a window."""

    first: int
    """Its first character, counted from the window's own."""
    last: int
    """The one behind its last."""
    odds: float
    """Log-odds against "not here"."""
    share: float
    """Its probability among all spans of the window and "not here"."""


class TrainedReader:
    """Reads what a search brings with the encoder's own layers, retrained to mark answers."""

    def __init__(self, model: SpanModel, windower: Windower, name: str, calibration: Mapping[str, float]) -> None:
        self.model, self.windower = model.eval(), windower
        self.name, self.calibration = name, calibration
        self.depth = sum(STEPS)
        # As for the encoder: two passes at once on the same cores are slower than one after the other.
        self._lock = threading.Lock()

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        """Return the spans found, the likeliest first, and the passages by what was found in them.

        Passages are read in the order of the search, a few at a time, until what is
        left could hardly hold anything likelier.
        """
        passages = passages[: self.depth]
        several = _LISTING.search(question.text) is not None
        weighed: list[tuple[Evidence, Span]] = []
        done = 0
        for step in STEPS:
            rest = passages[done:]
            if not rest or (weighed and not several and self._settled(weighed, passages[0], rest[0])):
                break
            weighed += self._weigh(question, rest[:step], passages)
            done += step
        found: dict[str, float] = {}
        for _, span in weighed:
            found[span.passage.chunk_id] = max(found.get(span.passage.chunk_id, 0.0), span.confidence)
        # Passages that were not read stand behind those that were, in the order of the search.
        order = sorted(passages, key=lambda ranked: -found.get(ranked.passage.chunk_id, 0.0))
        return Reading(tuple(merge([span for _, span in weighed], several=several)), tuple(order))

    def weigh(self, question: Question, passages: Sequence[Ranked]) -> list[tuple[Evidence, Span]]:
        """Return the spans marked in all passages, with what speaks for them."""
        passages = passages[: self.depth]
        return self._weigh(question, passages, passages)

    def look(self, windows: Sequence[Window]) -> list[tuple[Marked, ...]]:
        """Run windows through the network, those of like length together; returns the spans marked in each."""
        found: dict[int, tuple[Marked, ...]] = {}
        with self._lock, torch.inference_mode():
            for places in _batches([len(window.ids) for window in windows]):
                scores = self.model(Batch.of([windows[place] for place in places], self.windower.pad))
                found.update(zip(places, mark(scores), strict=True))
        return [found[place] for place in range(len(windows))]

    def warm_up(self) -> None:
        """Run the network once: its first pass chooses kernels."""
        question = self.windower.tokens("谁在哪里看报？")
        self.look([self.windower.window(question, self.windower.tokens("今日张三在某市看报。"))])
        understand("谁在哪里看报？")

    def _settled(self, weighed: Sequence[tuple[Evidence, Span]], first: Ranked, following: Ranked) -> bool:
        """Say whether no passage from the `following` one on could well hold a likelier span than those found."""
        found = max(value(evidence, self.calibration) for evidence, _ in weighed)
        return found > hope(first.score - following.score, self.calibration)

    def _weigh(self, question: Question, part: Sequence[Ranked], passages: Sequence[Ranked]) -> list[tuple[Evidence, Span]]:
        """Return the spans marked in a part of the passages, weighed as among all of them."""
        best = max((ranked.score for ranked in passages), default=0.0)
        closest = max((ranked.dense for ranked in passages), default=0.0)
        # Found once for each article: a window marks many spans.
        bodies = {ranked.passage.article_id: ranked.passage.article.body for ranked in part}
        sentences = {article_id: sentence_spans(body) for article_id, body in bodies.items()}
        owners, windows = self._windows(question, part)
        found = []
        for ranked, window, spans in zip(owners, windows, self.look(windows), strict=True):
            for marked in spans:
                place = window.first + marked.first, window.first + marked.last
                kind = fits(ranked.passage.text[slice(*place)], question)
                evidence = Evidence(marked.odds, marked.share, best - ranked.score, kind, closest)
                chance = confidence(evidence, self.calibration)
                found.append((evidence, _span(question, ranked.passage, place, sentences[ranked.passage.article_id], chance)))
        return found

    def _windows(self, question: Question, passages: Sequence[Ranked]) -> tuple[list[Ranked], list[Window]]:
        """Cut the passages into windows; returns each window's passage, and the windows."""
        texts = [question.text, *(text for ranked in passages for text in (heading(ranked.passage), ranked.passage.text))]
        # Most of what the network learnt was in Simplified characters.
        asked, *cut = self.windower.batch([simplified_in_place(text) for text in texts])
        owners, windows = [], []
        for ranked, lead, text in zip(passages, cut[::2], cut[1::2], strict=True):
            for window in self.windower.cover(asked, text, WINDOW_TOKENS, WINDOW_STRIDE, lead):
                owners.append(ranked)
                windows.append(window)
        return owners, windows


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


def _span(
    question: Question, passage: Passage, place: tuple[int, int], sentences: Sequence[tuple[int, int]], chance: float
) -> Span:
    """Return the words at a place of a passage as an answer, with the sentences of its article that they stand in."""
    body = passage.article.body
    start, end = place[0] + passage.start, place[1] + passage.start
    while start < end - 1 and body[start].isspace():
        start += 1
    while end > start + 1 and body[end - 1].isspace():
        end -= 1
    touched = [span for span in sentences if span[0] < end and start < span[1]] or [(start, end)]
    quote = min(touched[0][0], start), max(touched[-1][1], end)
    if question.kind is Kind.REASON or _EXPLAINING.search(question.text):
        start, end = _whole_clauses(body, quote, start, end)
    return Span(passage, start, end, *quote, chance)


def _whole_clauses(body: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole clauses, without the mark that closes them: half a clause explains nothing."""
    touched = [clause for clause in clause_spans(body, *quote) if clause[0] < end and start < clause[1]]
    if not touched:
        return start, end
    last = max(touched[-1][1], end)
    while last > end and not body[last - 1].isalnum():
        last -= 1
    return min(touched[0][0], start), last


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group places by like length into batches of about BATCH_TOKENS."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if not batches or (len(batches[-1]) + 1) * lengths[place] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(place)
    return batches


def mark(scores: Scores) -> list[tuple[Marked, ...]]:
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
                marked.append(Marked(first, last + 1, score - null, math.exp(score - whole)))
        found.append(tuple(marked))
    return found
