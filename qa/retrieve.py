"""Question to ranked passages: meaning, words and named dates, fused into one score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.archive import Archive, Hit
from embeddings.records import Filters, Passage

CANDIDATES = 50  # taken from each of the two searches
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月")


@dataclass(frozen=True, slots=True)
class Blend:
    """How much each part counts; fitted by `python -m benchmarks.blend` on questions over two years of broadcasts."""

    dense: float = 1.33
    lexical: float = 1.40
    dated: float = 1.43


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with the score that ranks it and the two it was made of."""

    passage: Passage
    score: float
    dense: float
    lexical: float


def retrieve(archive: Archive, question: str, limit: int, filters: Filters = Filters()) -> list[Ranked]:
    """Return the `limit` best passages, best first."""
    return rank(question, archive.search(question, CANDIDATES, filters))[:limit]


def rank(question: str, hits: Sequence[Hit], blend: Blend = Blend()) -> list[Ranked]:
    """Order hits by the weighted sum of their parts, the scores standardised; ties keep the order of the archive."""
    scores = features(question, hits) @ np.array([blend.dense, blend.lexical, blend.dated])
    ranked = [Ranked(hit.passage, float(score), hit.dense, hit.lexical) for hit, score in zip(hits, scores, strict=True)]
    return sorted(ranked, key=lambda found: (-found.score, found.passage.chunk_id))


def features(question: str, hits: Sequence[Hit]) -> NDArray[np.float64]:
    """Return the parts of the score, of shape (hits, 3): meaning, words, named dates."""
    if not hits:
        return np.zeros((0, 3))
    dense = _standardise(np.array([hit.dense for hit in hits]))
    lexical = _standardise(np.array([hit.lexical for hit in hits]))
    return np.stack([dense, lexical, np.array([agreement(question, hit.passage) for hit in hits])], axis=1)


def agreement(question: str, passage: Passage) -> float:
    """Return how far a passage is of the year and the month that a question names, in [-1.5, 1.5]; 0 if it names none.

    It is where the issue appeared then, or where the passage speaks of it.
    """
    years, months = _YEAR.findall(question), _MONTH.findall(question)
    if not years and not months:
        return 0.0
    printed = f"{passage.article.title}\n{passage.text}"
    value = 0.0
    if years:
        told = {str(passage.issue_date.year), *_YEAR.findall(printed)}
        value += 1.0 if told.intersection(years) else -1.0
    if months:
        told = {str(passage.issue_date.month), *_MONTH.findall(printed)}
        value += 0.5 if told.intersection(months) else -0.5
    return value


def _standardise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift to mean 0 and scale to deviation 1; values that are all the same become 0."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
