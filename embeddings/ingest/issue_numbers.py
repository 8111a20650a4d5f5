"""The running numbers of a paper (总第N期): which are missing between the issues held, and which cannot be right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """What bears a number: an issue as a calendar or an audit has it."""

    @property
    def issue_id(self) -> str:
        """Its id."""
        ...

    @property
    def paper(self) -> str:
        """Its paper."""
        ...

    @property
    def issue_date(self) -> date:
        """Its day."""
        ...

    @property
    def issue_number(self) -> int | None:
        """Its number, None where none is known."""
        ...


Issue = TypeVar("Issue", bound=Numbered)
_OF_A_YEAR = 400  # numbers that begin anew each year stay below


@dataclass(frozen=True, slots=True)
class Gap(Generic[Issue]):
    """Numbers that no issue held bears, between two that do."""

    paper: str
    first: int
    last: int
    before: Issue
    after: Issue

    @property
    def plausible(self) -> bool:
        """Say whether a paper that prints one issue a day could have printed so many; if not, a number was misread."""
        return self.last - self.first + 2 <= (self.after.issue_date - self.before.issue_date).days


@dataclass(frozen=True, slots=True)
class Numbering(Generic[Issue]):
    """What is odd about the numbers of an archive."""

    gaps: tuple[Gap[Issue], ...]
    misplaced: tuple[Issue, ...]
    """Issues whose number does not rise with the days: printed or read wrongly."""


def check_numbers(issues: Iterable[Issue]) -> Numbering[Issue]:
    """Compare the numbers of each paper with the order of its days; issues without a number are passed over.

    Editions of one day may share their number, and a paper may count anew each year.
    """
    papers: dict[str, list[tuple[int, Issue]]] = {}
    for issue in sorted(issues, key=lambda issue: (issue.issue_date, issue.issue_id)):
        if issue.issue_number is not None:
            papers.setdefault(issue.paper, []).append((issue.issue_number, issue))
    gaps: list[Gap[Issue]] = []
    misplaced: list[Issue] = []
    for paper, numbered in sorted(papers.items()):
        for series in _series(numbered):
            rising = set(_longest_rise([number for number, _ in series]))
            misplaced += [issue for place, (_, issue) in enumerate(series) if place not in rising]
            sound = [entry for place, entry in enumerate(series) if place in rising]
            for (held, before), (next_held, after) in pairwise(sound):
                if next_held > held + 1:
                    gaps.append(Gap(paper, held + 1, next_held - 1, before, after))
    return Numbering(tuple(gaps), tuple(misplaced))


def _series(numbered: Sequence[tuple[int, Issue]]) -> list[list[tuple[int, Issue]]]:
    """Cut the numbers of a paper where it counts anew with a year, and leave out a second edition of one number and day."""
    found: list[list[tuple[int, Issue]]] = []
    for number, issue in numbered:
        before_number, before = found[-1][-1] if found else (number, issue)
        anew = number < before_number <= _OF_A_YEAR and issue.issue_date.year > before.issue_date.year
        if not found or anew:
            found.append([(number, issue)])
        elif (number, issue.issue_date) != (before_number, before.issue_date):
            found[-1].append((number, issue))
    return found


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the places of the longest run of rising numbers, so that one misread number spoils no other (patience sorting)."""
    tails: list[int] = []  # the place at which the best run of each length ends
    previous: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left([numbers[tail] for tail in tails], number)
        previous.append(tails[length - 1] if length else None)
        tails[length : length + 1] = [place]
    run: list[int] = []
    step = tails[-1] if tails else None
    while step is not None:
        run.append(step)
        step = previous[step]
    return run[::-1]
