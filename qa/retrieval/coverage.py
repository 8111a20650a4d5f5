"""What a search could not look through: the days named that the archive has no issue of, and the numbers missing there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from embeddings.records import Filters, IssueSummary, Precision
from embeddings.store.archive import Archive
from qa.understanding.date_constraints import DateConstraints


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day without an issue, and the issues on both sides of it."""

    day: date
    before: IssueSummary | None
    after: IssueSummary | None

    @property
    def missing(self) -> int | None:
        """Count the issues that by their numbers (总第) lie between and are not held; None where that cannot be told."""
        sides = self.before, self.after
        numbers = [side.issue_number for side in sides if side and side.issue_number is not None]
        same = self.before and self.after and self.before.paper == self.after.paper
        return max(numbers[1] - numbers[0] - 1, 0) if same and len(numbers) == 2 else None


def missing_days(archive: Archive, filters: Filters, asked: DateConstraints) -> tuple[MissingDay, ...]:
    """Return the days named of which the archive holds no issue, in order of mention."""
    days = [days.spans[0].first for days in asked.days if days.spans[0].precision is Precision.DAY]
    found = []
    for day in dict.fromkeys(days):
        if not archive.extent(Filters(day, day, paper=filters.paper)).issues:
            before, after = archive.issues_beside(day, filters.paper)
            found.append(MissingDay(day, before, after))
    return tuple(found)
