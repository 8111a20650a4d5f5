"""The days and places that a question names, in its own words, so that whoever asked can change or drop them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embeddings.records import Days
from qa.understanding.date_constraints import DateConstraints
from qa.understanding.entities import PLACE_END, find_names

ConstraintType = Literal["time", "place"]
_SHORTEST_PLACE = 3  # 大桥 and 山区 are places, though none by name


@dataclass(frozen=True, slots=True)
class ConstraintMention:
    """Words of a question that name a time or a place, between what stands before and after them."""

    sort: ConstraintType
    before: str
    text: str
    after: str
    days: Days | None = None
    """The days meant, for a time."""


def find_constraint_mentions(question: str, asked: DateConstraints) -> tuple[ConstraintMention, ...]:
    """Return the times that are asked for and the places that the question names, in order."""
    spans: list[tuple[int, int, ConstraintType, Days | None]] = []
    spans += [(days.start, days.end, "time", days.spans[0]) for days in asked.days]
    for start, end in find_names(question, "ns", PLACE_END):
        if end - start >= _SHORTEST_PLACE and not any(start < days.end and days.start < end for days in asked.days):
            spans.append((start, end, "place", None))
    return tuple(
        ConstraintMention(sort, question[:start], question[start:end], question[end:], days)
        for start, end, sort, days in sorted(spans, key=lambda span: span[0])
    )
