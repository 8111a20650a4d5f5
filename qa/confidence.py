"""One probability for a span: what the network says of it, weighed together with what the search says of its passage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a span; each is a number without unit."""

    odds: float
    """Log-odds of the span against "not here"."""
    share: float
    """The span's probability among all spans of its window."""
    gate: float
    """The first layers' log-odds that its window holds the answer."""
    score: float
    """The search's score of its passage."""
    best: float
    """The search's score of the passage it ranked first."""

    def features(self) -> dict[str, float]:
        """Return what is weighed, by name."""
        # Beyond ten the odds only say how far the network exaggerates.
        return {
            "odds": max(-10.0, min(10.0, self.odds)),
            "share": self.share,
            "gate": max(-10.0, min(10.0, self.gate)),
            "score": self.score,
            "behind": self.best - self.score,
        }


def confidence(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return the probability that a span answers: logistic regression with these weights, `intercept` among them."""
    value = weights.get("intercept", 0.0) + sum(weights.get(name, 0.0) * part for name, part in evidence.features().items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
