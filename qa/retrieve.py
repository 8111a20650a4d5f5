"""Question to ranked passages: meaning and words, fused into one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.archive import Archive, Hit
from embeddings.records import Filters, Passage

# Chosen by `python -m benchmarks.blend` on questions over encyclopedia and news passages.
DENSE_SHARE = 0.5
CANDIDATES = 50  # taken from each of the two searches


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with the score that ranks it and the two it was made of."""

    passage: Passage
    score: float
    dense: float
    lexical: float


def retrieve(archive: Archive, question: str, limit: int, filters: Filters = Filters()) -> list[Ranked]:
    """Return the `limit` best passages, best first."""
    return rank(archive.search(question, CANDIDATES, filters))[:limit]


def rank(hits: Sequence[Hit], dense_share: float = DENSE_SHARE) -> list[Ranked]:
    """Order hits by a weighted sum of their standardised scores; ties keep the order of the archive."""
    if not hits:
        return []
    dense = _standardise(np.array([hit.dense for hit in hits]))
    lexical = _standardise(np.array([hit.lexical for hit in hits]))
    scores = dense_share * dense + (1 - dense_share) * lexical
    ranked = [Ranked(hit.passage, float(score), hit.dense, hit.lexical) for hit, score in zip(hits, scores, strict=True)]
    return sorted(ranked, key=lambda found: (-found.score, found.passage.chunk_id))


def _standardise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift to mean 0 and scale to deviation 1; values that are all the same become 0."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
