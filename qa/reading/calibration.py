"""What speaks for a span, weighed three times: among all spans, among those verified, and as the probability that it answers.

The weights are a flat table, kept with the adapter and fitted by
`python -m benchmarks.calibrate`: those named `rank.…` order spans, those named `verified.…` order the
likeliest anew once they are verified, those named
`chance.…` turn a span's value into a probability (Platt, 1999), and
`stop.log_odds` are the best odds to be hoped for in passages not read yet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

RANK_FEATURES = ("log_odds", "share", "score_gap", "type_match", "term_coverage", "date_match")
VERIFIED_FEATURES = ("value", "verdict")
CONFIDENCE_FEATURES = (
    "value", "verdict", "max_cosine", "cosine", "log_odds", "type_match", "term_coverage", "date_match",
)  # fmt: skip
UNCALIBRATED = {"rank.log_odds": 1.0, "chance.value": 1.0}
"""The network's own odds, until weights are fitted."""

Certainty = Literal["high", "middle", "low"]
# Shares of right answers by the table in the reader's card (qa/adapter/README.md): seven in eight hold from SURE on, two in
# three between it and LIKELY.
SURE, LIKELY = 0.8, 0.5


def certainty(confidence: float) -> Certainty:
    """Return the word for a calibrated confidence; from which one on an answer is given at all is the reader's to say."""
    if confidence >= SURE:
        return "high"
    return "middle" if confidence >= LIKELY else "low"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a span; each is a number without unit."""

    log_odds: float
    """Log-odds of the span against "not here"."""
    share: float
    """The span's probability among all spans of its window."""
    score_gap: float
    """How far the search's score of its passage lies behind that of the passage it ranked first."""
    type_match: float
    """1 where the words are of the kind that is asked for, -1 where they are not, 0 where no pattern can tell."""
    max_cosine: float
    """The cosine of the question and the passage nearest in meaning: low where nothing in the archive is like it."""
    term_coverage: float = 0.0
    """The share of the question's search words, by their letters, that stand in the text or its headline."""
    date_match: float = 0.0
    """How far its passage is of the days that the question asks for, in [-2, 2]; 0 where it asks for none."""
    cosine: float = 0.0
    """The cosine of the question and its passage."""
    verdict: float = 0.0
    """Log-odds of the verifier that it is what was asked; 0 where none looked."""


def term_coverage(words: Sequence[str], folded: str) -> float:
    """Return the share of search words, by their letters, that stand in a folded text; 1 where there are none."""
    letters = sum(map(len, words))
    return sum(len(word) for word in words if word in folded) / letters if letters else 1.0


def rank_value(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return what a span is worth against those of other passages."""
    features = {
        "log_odds": _bounded(evidence.log_odds),
        "share": evidence.share,
        "score_gap": evidence.score_gap,
        "type_match": evidence.type_match,
        "term_coverage": evidence.term_coverage,
        "date_match": evidence.date_match,
    }
    return sum(weights.get(f"rank.{name}", 0.0) * features[name] for name in RANK_FEATURES)


def _bounded(log_odds: float) -> float:
    """Return log-odds within bounds beyond which they only say how far the network exaggerates."""
    return max(-20.0, min(10.0, log_odds))


def verified_value(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return what a span is worth once it was verified: its rank value alone where no verifier was fitted."""
    value = weights.get("verified.value", 1.0) * rank_value(evidence, weights)
    return value + weights.get("verified.verdict", 0.0) * evidence.verdict


def best_possible_value(score_gap: float, weights: Mapping[str, float]) -> float:
    """Return what the best span of a passage not read yet could well be worth.

    `score_gap`: how far the search's score of the passage lies behind that of the first.
    """
    return rank_value(Evidence(weights.get("stop.log_odds", math.inf), 1.0, score_gap, 1.0, 0.0, 1.0), weights)


def confidence_features(evidence: Evidence, weights: Mapping[str, float]) -> dict[str, float]:
    """Return what makes a span likely to answer, each of CONFIDENCE_FEATURES by its name."""
    return {
        "value": verified_value(evidence, weights),
        "verdict": evidence.verdict,
        "max_cosine": evidence.max_cosine,
        "cosine": evidence.cosine,
        "log_odds": _bounded(evidence.log_odds),
        "type_match": evidence.type_match,
        "term_coverage": evidence.term_coverage,
        "date_match": evidence.date_match,
    }


def confidence(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return the probability that a span answers."""
    features = confidence_features(evidence, weights)
    logit = weights.get("chance.intercept", 0.0) + sum(
        weights.get(f"chance.{name}", 0.0) * features[name] for name in CONFIDENCE_FEATURES
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
