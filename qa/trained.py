"""The trained reader: windows of passages through the network, spans that compete across passages, one confidence."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from embeddings.sentences import sentence_spans
from qa.confidence import Evidence, confidence
from qa.model import Batch, SpanModel
from qa.question import Question, understand
from qa.read import Reading, Span, heading
from qa.retrieve import Ranked
from qa.windows import Window, Windower

WINDOW_TOKENS = 448
WINDOW_STRIDE = 224
SPANS_KEPT = 12
"""Of each window."""
BATCH_TOKENS = 2560
_EXPLAINING = re.compile(r"怎么|怎样|如何|咋")
_LISTING = re.compile(r"哪些|哪几|哪两|哪三|分别|有什么")
_LISTED = 3.0
"""How far, in log-odds, a further item of a list may lie behind the first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network says of one window."""

    gate: float
    """The first layers' log-odds that the answer is here."""
    spans: tuple[tuple[int, int, float, float], ...] = ()
    """The best spans: first character of the window, the one behind the last, log-odds against "not here", probability."""


class TrainedReader:
    """Reads what a search brings with the encoder's own layers, retrained to mark answers."""

    def __init__(self, model: SpanModel, windower: Windower, name: str, calibration: dict[str, float]) -> None:
        self._model, self._windower = model.eval(), windower
        self.name, self._calibration = name, calibration
        self.depth = 20
        # As for the encoder: two passes at once on the same cores are slower than one after the other.
        self._lock = threading.Lock()

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        """Return the spans of all passages, the likeliest first, and the passages by what was found in them."""
        passages = passages[: self.depth]
        owners, windows = self._windows(question, passages)
        seen = self.look(windows)
        spans: list[Span] = []
        best: dict[int, float] = {}
        for owner, window, found in zip(owners, windows, seen, strict=True):
            ranked = passages[owner]
            chances = []
            for first, last, odds, probability in found.spans:
                evidence = Evidence(odds, probability, found.gate, ranked.score, passages[0].score)
                chance = confidence(evidence, self._calibration)
                start = ranked.passage.start + window.first
                spans.append(self._span(question, ranked, start + first, start + last, chance))
                chances.append(chance)
            best[owner] = max([best.get(owner, 0.0), *chances])
        order = sorted(range(len(passages)), key=lambda place: (-best.get(place, 0.0), place))
        return Reading(tuple(merge(spans)), tuple(passages[place] for place in order))

    def look(self, windows: Sequence[Window]) -> list[Seen]:
        """Run windows through the network, those of like length together; returns them in their own order."""
        order = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
        found: dict[int, Seen] = {}
        start = 0
        with self._lock, torch.inference_mode():
            while start < len(order):
                end = start + 1
                while end < len(order) and (end + 1 - start) * len(windows[order[end]].ids) <= BATCH_TOKENS:
                    end += 1
                places = order[start:end]
                found.update(zip(places, self._batch([windows[place] for place in places]), strict=True))
                start = end
        return [found[place] for place in range(len(windows))]

    def warm_up(self) -> None:
        """Run the network once: its first pass chooses kernels."""
        question = self._windower.tokens("谁在哪里看报？")
        self.look([self._windower.window(question, self._windower.tokens("今日张三在某市看报。"))])
        understand("谁在哪里看报？")

    def _windows(self, question: Question, passages: Sequence[Ranked]) -> tuple[list[int], list[Window]]:
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

    def _batch(self, windows: Sequence[Window]) -> list[Seen]:
        batch = Batch.of(windows, self._windower.pad)
        scores, gates = self._model(batch)
        spans = scores.spans()
        flat = spans.flatten(1)
        total = torch.logaddexp(flat.logsumexp(1), scores.null)
        tops, places = flat.topk(min(SPANS_KEPT, flat.shape[1]), dim=1)
        found = []
        for row in range(len(windows)):
            best = []
            for top, place in zip(tops[row].tolist(), places[row].tolist(), strict=True):
                first, last = divmod(place, spans.shape[2])
                if top > -1000:
                    odds = top - float(scores.null[row])
                    best.append((first, last + 1, odds, float(torch.exp(top - total[row]))))
            found.append(Seen(float(gates[row]), tuple(best)))
        return found

    def _span(self, question: Question, ranked: Ranked, start: int, end: int, chance: float) -> Span:
        """Return an answer with the sentences that it stands in."""
        passage = ranked.passage
        body = passage.article.body
        while start < end and body[start].isspace():
            start += 1
        while end > start + 1 and body[end - 1].isspace():
            end -= 1
        touched = [span for span in sentence_spans(body) if span[0] < end and start < span[1]] or [(start, end)]
        quote = min(touched[0][0], start), max(touched[-1][1], end)
        return Span(passage, start, end, *quote, chance)


def merge(spans: Sequence[Span]) -> list[Span]:
    """Return spans, likeliest first, without those that overlap a likelier one of the same article."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.confidence):
        if not any(
            other.passage.article_id == span.passage.article_id and other.start < span.end and span.start < other.end
            for other in kept
        ):
            kept.append(span)
    return kept
