"""The days and places that a question names, in its own words, so that whoever asked can change or drop them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embeddings.records import Days
from qa.understanding.asked_days import AskedTimes
from qa.understanding.entities import PLACE_END, find_names

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


def named_parts(question: str, asked: AskedTimes) -> tuple[Part, ...]:
    """Return the times that are asked for and the places that the question names, in order."""
    spans: list[tuple[int, int, Sort, Days | None]] = []
    spans += [(days.start, days.end, "time", days.spans[0]) for days in asked.days]
    for start, end in find_names(question, "ns", PLACE_END):
        if end - start >= _SHORTEST_PLACE and not any(start < days.end and days.start < end for days in asked.days):
            spans.append((start, end, "place", None))
    return tuple(
        Part(sort, question[:start], question[start:end], question[end:], days)
        for start, end, sort, days in sorted(spans, key=lambda span: span[0])
    )
