"""The trained reader: windows of passages through the network, spans that compete across passages, one confidence."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from embeddings.sentences import clause_spans, sentence_spans
from qa.confidence import Evidence, confidence
from qa.model import IMPOSSIBLE, Batch, Scores, SpanModel
from qa.question import Kind, Question, understand
from qa.read import Reading, Span, heading
from qa.retrieve import Ranked
from qa.windows import Window, Windower

WINDOW_TOKENS = 448
WINDOW_STRIDE = 224
SPANS_KEPT = 12
"""Of each window."""
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network says of one window."""

    gate: float
    """The first layers' log-odds that the answer is here."""
    spans: tuple[Marked, ...] = ()
    """The best spans, best first; none where the first layers thought reading on not worth it."""


class TrainedReader:
    """Reads what a search brings with the encoder's own layers, retrained to mark answers."""

    def __init__(self, model: SpanModel, windower: Windower, name: str, calibration: Mapping[str, float]) -> None:
        self._model, self._windower = model.eval(), windower
        self.name, self._calibration = name, calibration
        self.depth = 20
        # As for the encoder: two passes at once on the same cores are slower than one after the other.
        self._lock = threading.Lock()

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        """Return the spans of all passages, the likeliest first, and the passages by what was found in them."""
        passages = passages[: self.depth]
        owners, windows = self._windows(question, passages)
        spans: list[Span] = []
        value = dict.fromkeys(range(len(passages)), (0.0, -math.inf))
        for owner, window, seen in zip(owners, windows, self.look(windows), strict=True):
            ranked = passages[owner]
            best = 0.0
            for marked in seen.spans:
                evidence = Evidence(marked.odds, marked.share, seen.gate, ranked.score, passages[0].score)
                chance = confidence(evidence, self._calibration)
                spans.append(_span(question, ranked, window.first + marked.first, window.first + marked.last, chance))
                best = max(best, chance)
            value[owner] = max(value[owner], (best, seen.gate))
        order = sorted(value, key=lambda place: (value[place], -place), reverse=True)
        several = _LISTING.search(question.text) is not None
        return Reading(tuple(merge(spans, several=several)), tuple(passages[place] for place in order))

    def look(self, windows: Sequence[Window]) -> list[Seen]:
        """Run windows through the first layers, and those worth it through all; returns them in their own order."""
        with self._lock, torch.inference_mode():
            gates: dict[int, float] = {}
            states: dict[int, Tensor] = {}
            for places in _batches([len(window.ids) for window in windows]):
                batch = Batch.of([windows[place] for place in places], self._windower.pad)
                found, odds = self._model.glance(batch.ids, batch.mask)
                gates.update(zip(places, odds.tolist(), strict=True))
                states.update(zip(places, found, strict=True))
            worth = self._worth(gates)
            seen = {place: Seen(gate) for place, gate in gates.items()}
            for group in _batches([len(windows[place].ids) for place in worth]):
                places = [worth[number] for number in group]
                batch = Batch.of([windows[place] for place in places], self._windower.pad)
                length = batch.ids.shape[1]
                scores = self._model.finish(torch.stack([states[place][:length] for place in places]), batch)
                for place, marked in zip(places, _marked(scores), strict=True):
                    seen[place] = Seen(gates[place], marked)
        return [seen[place] for place in range(len(windows))]

    def warm_up(self) -> None:
        """Run the network once: its first pass chooses kernels."""
        question = self._windower.tokens("谁在哪里看报？")
        self.look([self._windower.window(question, self._windower.tokens("今日张三在某市看报。"))])
        understand("谁在哪里看报？")

    def _worth(self, gates: Mapping[int, float]) -> list[int]:
        """Return the windows to read on in: those whose gate is open, and always the best few."""
        order = sorted(gates, key=lambda place: -gates[place])
        least = int(self._calibration.get("read_least", len(order)))
        return [place for number, place in enumerate(order) if number < least or gates[place] > self._calibration["gate_open"]]

    def _windows(self, question: Question, passages: Sequence[Ranked]) -> tuple[list[int], list[Window]]:
        """Cut the passages into windows; returns each window's passage, and the windows."""
        asked, *cut = self._windower.batch(
            [question.text, *(text for ranked in passages for text in (heading(ranked.passage), ranked.passage.text))]
        )
        owners, windows = [], []
        for place in range(len(passages)):
            lead, text = cut[2 * place], cut[2 * place + 1]
            for window in self._windower.cover(asked, text, WINDOW_TOKENS, WINDOW_STRIDE, lead):
                owners.append(place)
                windows.append(window)
        return owners, windows


def merge(spans: Sequence[Span], *, several: bool) -> list[Span]:
    """Return spans, likeliest first, one of each article; with `several`, all of it that do not overlap a likelier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.confidence):
        rivals = [other for other in kept if other.passage.article_id == span.passage.article_id]
        if not (rivals if not several else [other for other in rivals if other.start < span.end and span.start < other.end]):
            kept.append(span)
    return kept


def _span(question: Question, ranked: Ranked, start: int, end: int, chance: float) -> Span:
    """Return the words from `start` to `end` of a passage as an answer, with the sentences that they stand in."""
    passage = ranked.passage
    body = passage.article.body
    start, end = start + passage.start, end + passage.start
    while start < end - 1 and body[start].isspace():
        start += 1
    while end > start + 1 and body[end - 1].isspace():
        end -= 1
    touched = [span for span in sentence_spans(body) if span[0] < end and start < span[1]] or [(start, end)]
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


def _marked(scores: Scores) -> list[tuple[Marked, ...]]:
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
