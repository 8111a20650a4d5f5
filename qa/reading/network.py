"""The network that reads: the encoder's backbone with a head that scores whole spans, and "not here" among them.

A second head on the same layers verifies: it sees one span marked in its sentences and says whether
it is what was asked (read and verify; Hu et al., 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from qa.reading.windows import SLOTS, MarkedWindow, Window

PAIR_WIDTH = 64
VERIFIER_WIDTH = 128
MAX_ANSWER = 160
"""Characters: 99.9 in 100 answers of the training sets are shorter."""
_NEVER = -1e4
IMPOSSIBLE = _NEVER / 2
"""Scores below this belong to no span."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side: token arrays of shape (windows, tokens), character arrays of (windows, characters)."""

    ids: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    tokens: Tensor

    @classmethod
    def of(cls, windows: Sequence[Window], pad: int, device: torch.device | None = None) -> Batch:
        """Pad windows to the longest."""

        def stack(name: str, fill: int) -> Tensor:
            rows = [getattr(window, name) for window in windows]
            stacked = np.full((len(rows), max(map(len, rows))), fill, dtype=np.int64)
            for row, values in zip(stacked, rows, strict=True):
                row[: len(values)] = values
            return torch.from_numpy(stacked).to(device)

        lengths = torch.tensor([len(window.ids) for window in windows], device=device)
        ids = stack("ids", pad)
        mask = torch.arange(ids.shape[1], device=device)[None] < lengths[:, None]
        return cls(ids, mask, stack("starts", -1), stack("ends", -1), stack("tokens", 0))


@dataclass(frozen=True, slots=True)
class MarkedBatch:
    """Marked windows side by side: arrays of shape (windows, tokens)."""

    ids: Tensor
    mask: Tensor
    marked: Tensor
    """Whether a token belongs to the words that are judged."""

    @classmethod
    def of(cls, windows: Sequence[MarkedWindow], pad: int, device: torch.device | None = None) -> MarkedBatch:
        """Pad windows to the longest."""
        length = max(len(window.ids) for window in windows)
        ids = np.full((len(windows), length), pad, dtype=np.int64)
        mask, marked = np.zeros(ids.shape, dtype=bool), np.zeros(ids.shape, dtype=bool)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = True
            marked[row, window.first : window.last] = True
        return cls(*(torch.from_numpy(array).to(device) for array in (ids, mask, marked)))


@dataclass(frozen=True, slots=True)
class Scores:
    """Unnormalised log-probabilities of a batch of windows."""

    start: Tensor
    """(windows, characters); very low where no answer may begin."""
    end: Tensor
    pair: Tensor
    """(windows, characters, characters): what a start and an end add or take together."""
    null: Tensor
    """(windows,): that the window does not say."""
    evidence: Tensor
    """(windows, characters): log-odds that a character stands in a sentence that proves the answer."""

    def spans(self) -> Tensor:
        """Return the score of each span (windows, first character, last character); very low for what is none."""
        length = self.start.shape[1]
        band = torch.ones(length, length, dtype=torch.bool, device=self.start.device).triu().tril(MAX_ANSWER - 1)
        whole = self.start[:, :, None] + self.end[:, None, :] + self.pair
        return whole.masked_fill(~band, 2 * _NEVER)

    def choices(self) -> Tensor:
        """Return the scores of all spans and, last, of "not here": (windows, characters * characters + 1)."""
        return torch.cat([self.spans().flatten(1), self.null[:, None]], 1)


class SpanHead(nn.Module):
    """Scores of characters and of their pairs, from the states of the tokens they lie in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.start = nn.Linear(width, SLOTS)
        self.end = nn.Linear(width, SLOTS)
        self.pair_start = nn.Linear(width, PAIR_WIDTH)
        self.pair_end = nn.Linear(width, PAIR_WIDTH)
        self.null = nn.Linear(width, 1)
        self.evidence = nn.Linear(width, 1)

    def forward(self, states: Tensor, batch: Batch) -> Scores:
        """Score one batch from its states of shape (windows, tokens, width)."""

        def at(values: Tensor, places: Tensor) -> Tensor:
            return torch.where(places >= 0, values.gather(1, places.clamp(min=0)), _NEVER)

        def rows(values: Tensor) -> Tensor:
            return values.gather(1, batch.tokens[:, :, None].expand(-1, -1, values.shape[2]))

        first, last = rows(self.pair_start(states)), rows(self.pair_end(states))
        return Scores(
            start=at(self.start(states).flatten(1), batch.starts),
            end=at(self.end(states).flatten(1), batch.ends),
            pair=first @ last.transpose(1, 2) * PAIR_WIDTH**-0.5,
            null=self.null(states[:, 0]).squeeze(1),
            evidence=self.evidence(states).squeeze(2).gather(1, batch.tokens),
        )


class VerifierHead(nn.Module):
    """The log-odds that marked words are what was asked, from the states of the first token and of the words."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(2 * width, VERIFIER_WIDTH)
        self.outer = nn.Linear(VERIFIER_WIDTH, 1)

    def forward(self, states: Tensor, batch: MarkedBatch) -> Tensor:
        """Return log-odds of shape (windows,) from states of shape (windows, tokens, width)."""
        weight = batch.marked.to(states.dtype)
        words = (states * weight[:, :, None]).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)
        judged: Tensor = self.outer(functional.gelu(self.inner(torch.cat([states[:, 0], words], 1)))).squeeze(1)
        return judged


class SpanModel(nn.Module):
    """A BERT-shaped backbone and the heads on it."""

    def __init__(self, backbone: nn.Module, width: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = SpanHead(width)
        self.verifier = VerifierHead(width)

    def forward(self, batch: Batch) -> Scores:
        """Score one batch of windows."""
        states = self._states(batch)
        # Where the layers run in bfloat16, the scores of neighbouring spans would fall together in it.
        with torch.autocast(states.device.type, enabled=False):
            scores: Scores = self.head(states.float(), batch)
        return scores

    def verify(self, batch: MarkedBatch) -> Tensor:
        """Return the log-odds that the words marked in each window are what was asked, of shape (windows,)."""
        states = self._states(batch)
        with torch.autocast(states.device.type, enabled=False):
            judged: Tensor = self.verifier(states.float(), batch)
        return judged

    def _states(self, batch: Batch | MarkedBatch) -> Tensor:
        states: Tensor = self.backbone(input_ids=batch.ids, attention_mask=batch.mask.long()).last_hidden_state
        return states


def loss(scores: Scores, first: Tensor, last: Tensor, evidence: Tensor) -> Tensor:
    """Return the mean loss of windows whose answers are characters `first` to `last`, or -1 for "not here".

    The whole span is judged against all spans and "not here" at once; its start
    and end by themselves too, which steadies the beginning of training (the
    compound objective of Fajcik et al., 2021). `evidence` holds 1 and 0, or -1
    where nothing is known of a character.
    """
    here, length = first >= 0, scores.start.shape[1]
    null = scores.null[:, None]

    def chosen(choices: Tensor, place: Tensor) -> Tensor:
        return functional.cross_entropy(choices, torch.where(here, place, choices.shape[1] - 1))

    whole = chosen(scores.choices(), first * length + last)
    apart = chosen(torch.cat([scores.start, null], 1), first) + chosen(torch.cat([scores.end, null], 1), last)
    # Weighted, not picked out: to count what is picked, a GPU would have to be waited for.
    known = (evidence >= 0).float()
    proof = functional.binary_cross_entropy_with_logits(scores.evidence, evidence.clamp(min=0), known, reduction="sum")
    return whole + 0.5 * apart + 0.2 * proof / known.sum().clamp(min=1)


def distillation_loss(scores: Scores, teachers: Sequence[Scores]) -> Tensor:
    """Return the mean cross-entropy of windows against the mean of what teachers hold of each span (Hinton et al., 2015)."""
    goal = torch.stack([teacher.choices().softmax(1) for teacher in teachers]).mean(0)
    return -(goal * scores.choices().log_softmax(1)).sum(1).mean()
