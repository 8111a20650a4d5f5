"""What the verifier learns from: the spans that the reader itself marks in a batch of training windows, right and wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from qa.reading.matching import same_words
from qa.reading.network import MarkedBatch, Scores, SpanModel
from qa.reading.span_reader import best_spans
from qa.reading.windows import MarkedWindow, Windower
from qa.training.window_sampler import LabelledWindow

TRIED = 3
"""Spans of a window that are looked at, the likeliest first: as many are verified of a question when it is asked."""


@dataclass(frozen=True, slots=True)
class JudgedWindow:
    """A marked window, and whether the words marked in it are what was asked."""

    window: MarkedWindow
    right: bool


def judged_windows(
    windows: Sequence[LabelledWindow], scores: Scores, windower: Windower, share: float, drawn: random.Random
) -> list[JudgedWindow]:
    """Return a `share` of what can be judged in a batch: its answers, and the likeliest wrong span of each window.

    Words that tell the answer's own (`qa.reading.matching`) count as right; others that overlap it
    are left out, since where an answer begins and ends is no matter of right and wrong.
    """
    found = []
    for labelled, marked in zip(windows, best_spans(scores), strict=True):
        source = labelled.source
        spans = [(labelled.window.first + one.first, labelled.window.first + one.last) for one in marked[:TRIED]]
        candidates = [(source.span, True)] if source.span else []
        candidates += list(_wrong(labelled, spans))[:1]
        for span, right in candidates:
            if drawn.random() < share and (window := windower.marked(source.question, source.context, *span, source.title)):
                found.append(JudgedWindow(window, right))
    return found


def _wrong(labelled: LabelledWindow, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the spans of a window that are not its answer."""
    source = labelled.source
    for start, end in spans:
        if source.span is None or (
            not (start < source.span[1] and source.span[0] < end)
            and not same_words(source.text[start:end] or " ", source.text[slice(*source.span)])
        ):
            yield (start, end), False


def verification_loss(model: SpanModel, judged: Sequence[JudgedWindow], pad: int, device: torch.device) -> Tensor:
    """Return the mean binary cross-entropy of judged windows."""
    logits = model.verify(MarkedBatch.of([one.window for one in judged], pad, device))
    return functional.binary_cross_entropy_with_logits(
        logits, torch.tensor([float(one.right) for one in judged], device=device)
    )
