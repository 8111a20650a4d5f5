"""The days and places that a question names, in its own words, so that whoever asked can change or drop them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from embeddings.dates import mentions
from embeddings.records import Days
from qa.finders import PLACE_END, find_names

Sort = Literal["time", "place"]
_SHORTEST_PLACE = 3  # 大桥 and 山区 are places, though none by name


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a question that name a time or a place, between what stands before and after them."""

    sort: Sort
    before: str
    text: str
    after: str
    days: Days | None = None
    """The days meant, for a time."""


def named_parts(question: str, reference: date | None) -> tuple[Part, ...]:
    """Return the times and places that a question names, in order; times need the day they are read against."""
    spans: list[tuple[int, int, Sort, Days | None]] = []
    if reference is not None:
        spans += [(mention.start, mention.end, "time", mention.days) for mention in mentions(question, reference)]
    times = [(start, end) for start, end, _, _ in spans]
    for start, end in find_names(question, "ns", PLACE_END):
        if end - start >= _SHORTEST_PLACE and not any(start < last and first < end for first, last in times):
            spans.append((start, end, "place", None))
    return tuple(
        Part(sort, question[:start], question[start:end], question[end:], days)
        for start, end, sort, days in sorted(spans, key=lambda span: span[0])
    )
