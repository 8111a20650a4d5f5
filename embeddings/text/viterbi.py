"""The Viterbi path of jieba's part-of-speech tagger as matrix operations, for texts of which jieba would take too long.

The algorithm is Viterbi's (1967, IEEE Transactions on Information Theory 13, 260-269), the model and all its tables are
those of `jieba.posseg`: 256 hidden states, each a place in a word and a tag. jieba weighs every state of a character against
every state of the one before it in a loop of Python: a millisecond for 年, ten for a character that it does not know, so
that a run of rare characters holds up a request for seconds. Here one matrix operation weighs them all. The path and its
likelihood are jieba's to the last bit, ties included, which the tests compare; tags, and archives that rest on them, are
the same with either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

State = tuple[str, str]
"""Where in a word a character stands (B, M, E or S), and the word's tag."""
_UNSEEN = -3.14e100  # as jieba writes the logarithm of what was never seen
_SWALLOWED = -1e90  # below it a probability is added without effect
_CHARACTERS_KEPT = 8_192

Indices = NDArray[np.intp]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Observed:
    """A character: the states it may be in, in order, and how likely each of them writes it."""

    possible: Indices
    emitted: Weights


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The way from the states of one character to those of the next."""

    onward: NDArray[np.bool_]
    """Which of the states before lead on."""
    before: Indices
    chosen: Indices
    emitted: Weights
    weights: Weights
    """Of shape (before, chosen)."""
    level: bool
    """All of the states write the character, or none was ever seen to."""
    greatest: Indices
    """For each of the states the greatest that leads to it, which is taken where all are as likely."""


class StatePath:
    """The best path through the hidden states; made of jieba's four tables, called in place of its `viterbi`."""

    def __init__(
        self,
        states: Mapping[str, Sequence[State]],
        start: Mapping[State, float],
        following: Mapping[State, Mapping[State, float]],
        emitted: Mapping[State, Mapping[str, float]],
    ) -> None:
        # In order, so that of states that are as likely the greatest is the last, which is the one that jieba takes.
        self._order = sorted(following)
        self._place = {state: place for place, state in enumerate(self._order)}
        self._states, self._emitted = states, emitted
        self._start = np.array([start[state] for state in self._order])
        self._weights = np.full((len(self._order), len(self._order)), -np.inf)
        for state, nexts in following.items():
            for other, weight in nexts.items():
                self._weights[self._place[state], self._place[other]] = weight
        self._leads = self._weights > -np.inf
        self._every = np.arange(len(self._order))
        self._observed = lru_cache(_CHARACTERS_KEPT)(self._observe)

    def __call__(self, text: str) -> tuple[float, list[State]]:
        """Return the logarithm of the likelihood of the best path, and its state at each character; the text is not empty."""
        first = self._observed(text[0])
        now, reached = first.possible, self._start[first.possible] + first.emitted
        known: dict[tuple[bytes, str], _Step] = {}  # a text of few characters takes few steps, over and over
        steps: list[tuple[Indices, Indices]] = []
        for char in text[1:]:
            # What the tagger does not know is all the same to it.
            key = now.tobytes(), char if char in self._states else ""
            step = known.get(key)
            if step is None:
                known[key] = step = self._step(now, char)
            reached = reached[step.onward]
            if step.level and reached[0] < _SWALLOWED and (reached == reached[0]).all():
                best, reached = step.greatest, np.full(len(step.chosen), reached[0] + step.emitted[0])
            else:
                # Added up in jieba's order: what was never seen swallows all else, and then the order of the states decides.
                weighed = (reached[:, None] + step.weights) + step.emitted
                best = len(step.before) - 1 - weighed[::-1].argmax(axis=0)
                reached = weighed[best, np.arange(len(step.chosen))]
            steps.append((step.chosen, step.before[best]))
            now = step.chosen
        last = len(now) - 1 - int(reached[::-1].argmax())
        state, path = int(now[last]), [int(now[last])]
        for chosen, before in reversed(steps):
            state = int(before[np.searchsorted(chosen, state)])
            path.append(state)
        return float(reached[last]), [self._order[place] for place in reversed(path)]

    def _step(self, now: Indices, char: str) -> _Step:
        observed = self._observed(char)
        leading = self._leads[now]
        expected, onward = np.asarray(leading.any(axis=0)), np.asarray(leading.any(axis=1))
        if not onward.any():
            onward = np.ones(len(now), dtype=np.bool_)
        fits = expected[observed.possible]
        if fits.any():
            chosen, emitted = observed.possible[fits], observed.emitted[fits]
        else:
            chosen = np.flatnonzero(expected) if expected.any() else self._every
            emitted = self._emissions(char, chosen)
        before = now[onward]
        weights = self._weights[np.ix_(before, chosen)]
        unseen = emitted == _UNSEEN
        greatest = len(before) - 1 - (weights > -np.inf)[::-1].argmax(axis=0)
        level = bool(unseen.all() or not unseen.any()) and bool(expected[chosen].all())
        return _Step(onward, before, chosen, emitted, weights, level, greatest)

    def _observe(self, char: str) -> _Observed:
        known = self._states.get(char)
        possible = np.array(sorted(self._place[state] for state in known)) if known else self._every
        return _Observed(possible, self._emissions(char, possible))

    def _emissions(self, char: str, places: Indices) -> Weights:
        return np.array([self._emitted[self._order[place]].get(char, _UNSEEN) for place in places])
