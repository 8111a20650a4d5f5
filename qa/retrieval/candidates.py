"""Retrieval, the second step to an answer: the passages in which it is looked for."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from embeddings.records import Extent
from embeddings.store.archive import Archive
from qa.retrieval.coverage import MissingDay, missing_days
from qa.retrieval.hybrid_search import RankedPassage, retrieve_for
from qa.understanding.comprehension import Understood, elapsed_ms
from qa.understanding.variants import QueryVariant


@dataclass(frozen=True, slots=True)
class Candidates:
    """One variant of a question and the passages found for it, best first."""

    variant: QueryVariant
    passages: tuple[RankedPassage, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the search brought, before any of it was read."""

    candidates: tuple[Candidates, ...]
    """Those of each variant, the main one first."""
    searched: Extent
    missing_days: tuple[MissingDay, ...]
    took: float
    """Milliseconds."""
    compared: tuple[Candidates, ...] = ()
    """Those of the questions about each of several things that are compared."""

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """Return those of the main variant."""
        return self.candidates[0].passages


def find(archive: Archive, understood: Understood, limit: int) -> Found:
    """Find the `limit` best passages for each variant of a question."""
    started = time.perf_counter()
    filters = understood.filters

    def candidates(variants: Iterable[QueryVariant]) -> tuple[Candidates, ...]:
        return tuple(Candidates(variant, tuple(retrieve_for(archive, variant, limit, filters))) for variant in variants)

    found = candidates(understood.variants)
    compared = candidates(understood.compared.variants) if understood.compared else ()
    missing = missing_days(archive, filters, understood.days)
    return Found(found, archive.extent(filters), missing, elapsed_ms(started), compared)
