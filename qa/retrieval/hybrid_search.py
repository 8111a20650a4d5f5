"""Question to ranked passages: meaning, words and named dates, fused into one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.dates.periods import shifted
from embeddings.records import Days, Filters, Passage, Precision
from embeddings.store.archive import Archive, Hit
from qa.retrieval.date_match import NEAREST, match_dates
from qa.retrieval.mastheads import find_mastheads
from qa.understanding.date_constraints import NO_DATES, DateConstraints, find_date_constraints
from qa.understanding.variants import QueryVariant

CANDIDATES = 50  # taken from each of the two searches
_MORE_CANDIDATES = 100  # the same where no network reads them
REPORTED_LATE = 45  # days behind those asked for in which a number of a series is still told
_MEANINGS = 2  # of days without a year, those that are searched by themselves
NEWEST = 0.3  # what being the newest is worth, of scores whose deviation is about 2: it only parts passages that are level
_YEAR_DAYS = 365
# Within longer spans lies so much that a search of the whole archive finds what there is.
_SEARCHED = frozenset({Precision.DAY, Precision.WEEK, Precision.TEN_DAYS, Precision.MONTH, Precision.FESTIVAL})


@dataclass(frozen=True, slots=True)
class Blend:
    """How much each part counts; fitted by `python -m benchmarks.blend` on questions over two years of broadcasts."""

    dense: float = 1.62
    lexical: float = 1.0
    dated: float = 1.65


FOREIGN = Blend(dense=5.0)
"""That of questions in English, whose Chinese words are a dictionary's guess: over three papers meaning alone found more
right articles than with words at their usual weight. Not fitted yet."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the score that ranks it and what it was made of."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    date_match: float = 0.0
    """How far it is of the days asked for, in [-2, 2]."""


def retrieve(
    archive: Archive, question: str, limit: int, filters: Filters = Filters(), asked: DateConstraints | None = None
) -> list[RankedPassage]:
    """Return the `limit` best passages, best first; days asked for steer the order, and are searched by themselves too.

    Where it is not said what days are asked for, they are read as on the day of the newest issue.
    """
    if asked is None:
        asked = find_date_constraints(archive, question, filters)
    ranked = rank(search(archive, question, filters, asked), asked=asked)
    return _behind_mastheads(archive, question, filters, asked, ranked)[:limit]


def retrieve_for(archive: Archive, variant: QueryVariant, limit: int, filters: Filters = Filters()) -> list[RankedPassage]:
    """Return the `limit` best passages for one way of asking, best first."""
    asked = variant.question
    hits = search(archive, asked.text, filters, variant.days, meaning=asked.put, related=variant.related)
    ranked = rank(hits, FOREIGN if asked.foreign else Blend(), variant.days)
    return _behind_mastheads(archive, asked.text, filters, variant.days, ranked)[:limit]


def _behind_mastheads(
    archive: Archive, question: str, filters: Filters, asked: DateConstraints, ranked: Sequence[RankedPassage]
) -> list[RankedPassage]:
    """Put the mastheads before what was found that print a fact asked for; no other question brings any."""
    best = ranked[0].score if ranked else 0.0
    mastheads = find_mastheads(archive, question, filters, asked)
    return [*(RankedPassage(passage, best, 0.0, 0.0, match_dates(asked, passage)) for passage in mastheads), *ranked]


def search(
    archive: Archive, question: str, filters: Filters, asked: DateConstraints,
    *, meaning: str = "", related: Sequence[str] = (),
) -> list[Hit]:  # fmt: skip
    """Return the candidates: those of the whole archive, and those of the days asked for."""
    hits = archive.search(question, CANDIDATES, filters, meaning=meaning, related=related)
    held = {hit.passage.chunk_id for hit in hits}
    for span in dict.fromkeys(span for days in asked.days for span in days.spans[:_MEANINGS]):
        if span.precision in _SEARCHED:
            days = _around(span)
            found = archive.search_days(question, days, CANDIDATES // 2, filters, meaning=meaning, related=related)
            hits += [hit for hit in found if hit.passage.chunk_id not in held]
            held.update(hit.passage.chunk_id for hit in found)
    return hits


def search_as_printed(archive: Archive, filters: Filters, asked: DateConstraints, printed: str) -> list[Passage]:
    """Return the passages nearest to words of print, of the days asked for and those soon behind them.

    Other days tell the next number of a series as the first was told, which is nearer than any question is.
    """
    spans = [days.spans[0] for days in asked.days]
    if spans:
        first, last = min(span.first for span in spans), max(span.last for span in spans)
        filters = filters.within(first, shifted(last, REPORTED_LATE) or last)
    return [hit.passage for hit in archive.search(printed, _MORE_CANDIDATES, filters)]


def rank(hits: Sequence[Hit], blend: Blend = Blend(), asked: DateConstraints = NO_DATES) -> list[RankedPassage]:
    """Order hits by the weighted sum of their parts, the scores standardised; ties keep the order of the archive."""
    parts = features(hits, asked)
    scores = parts @ np.array([blend.dense, blend.lexical, blend.dated])
    if asked.wants_newest:
        scores += NEWEST * _newness(hits)
    ranked = [
        RankedPassage(hit.passage, float(score), hit.dense, hit.lexical, float(match))
        for hit, score, match in zip(hits, scores, parts[:, 2], strict=True)
    ]
    return sorted(ranked, key=lambda found: (-found.score, found.passage.chunk_id))


def features(hits: Sequence[Hit], asked: DateConstraints) -> NDArray[np.float64]:
    """Return the parts of the score, of shape (hits, 3): meaning, words, days."""
    if not hits:
        return np.zeros((0, 3))
    dense = _standardise(np.array([hit.dense for hit in hits]))
    lexical = _standardise(np.array([hit.lexical for hit in hits]))
    return np.stack([dense, lexical, np.array([match_dates(asked, hit.passage) for hit in hits])], axis=1)


def _newness(hits: Sequence[Hit]) -> NDArray[np.float64]:
    """Return 1 for hits of the newest issue among them, and half as much for each year that others are older."""
    days = np.array([hit.passage.issue_date.toordinal() for hit in hits], dtype=np.float64)
    newness: NDArray[np.float64] = np.exp2((days - days.max(initial=0.0)) / _YEAR_DAYS)
    return newness


def _around(span: Days) -> Days:
    """Return a span with the days behind it in which it is reported."""
    return Days(span.first, shifted(span.last, NEAREST) or span.last, span.precision)


def _standardise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift to mean 0 and scale to deviation 1; values that are all the same become 0."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
