"""The running numbers of a paper (总第N期): which are missing between the issues held, and which cannot be right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.store.records import IssueDay


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that no issue held bears, between two that do."""

    paper: str
    first: int
    last: int
    before: IssueDay
    after: IssueDay

    @property
    def plausible(self) -> bool:
        """Say whether a paper that prints one issue a day could have printed so many; if not, a number was misread."""
        return self.last - self.first + 2 <= (self.after.issue_date - self.before.issue_date).days


@dataclass(frozen=True, slots=True)
class Numbering:
    """What is odd about the numbers of an archive."""

    gaps: tuple[Gap, ...]
    misplaced: tuple[IssueDay, ...]
    """Issues whose number does not rise with the days: printed or read wrongly."""


def check_numbers(issues: Iterable[IssueDay]) -> Numbering:
    """Compare the numbers of each paper with the order of its days; issues without a number are passed over."""
    papers: dict[str, list[tuple[int, IssueDay]]] = {}
    for issue in sorted(issues, key=lambda issue: (issue.issue_date, issue.issue_id)):
        if issue.issue_number is not None:
            papers.setdefault(issue.paper, []).append((issue.issue_number, issue))
    gaps: list[Gap] = []
    misplaced: list[IssueDay] = []
    for paper, numbered in sorted(papers.items()):
        rising = set(_longest_rise([number for number, _ in numbered]))
        misplaced += [issue for place, (_, issue) in enumerate(numbered) if place not in rising]
        sound = [entry for place, entry in enumerate(numbered) if place in rising]
        for (held, before), (next_held, after) in pairwise(sound):
            if next_held > held + 1:
                gaps.append(Gap(paper, held + 1, next_held - 1, before, after))
    return Numbering(tuple(gaps), tuple(misplaced))


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
