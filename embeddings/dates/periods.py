"""Periods of the calendar: a day, a week, a month or a part of it, a year or a part of it; None beyond the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from embeddings.records import Days, Precision

_MONTH_PARTS = {
    **dict.fromkeys(("上旬", "初"), (1, 10)),
    **dict.fromkeys(("中旬", "中"), (11, 20)),
    **dict.fromkeys(("下旬", "底", "末"), (21, 31)),
}
_WEEK = 7


def day_of(year: int, month: int, day: int) -> Days | None:
    """Return one day, or None where the calendar has none such (2月30日)."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Days(found, found, Precision.DAY)


def shifted(day: date, days: int) -> date | None:
    """Move a day, or return None beyond the calendar's ends."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def days_from(day: date, first: int, last: int, precision: Precision) -> Days | None:
    """Return the span between two distances from a day, cut at the calendar's ends."""
    start, end = shifted(day, first), shifted(day, last)
    if start is None and end is None:
        return None
    return Days(start or date.min, end or date.max, precision)


def week_of(day: date, weeks: int = 0, weekday: int | None = None) -> Days | None:
    """Return the week of a day, or the one so many weeks away; of it one day, Monday being 0, or its end as 周末."""
    monday = _WEEK * weeks - day.weekday()
    if weekday is not None:
        return days_from(day, monday + weekday, monday + weekday, Precision.DAY)
    return days_from(day, monday, monday + 6, Precision.WEEK)


def weekend_of(day: date, weeks: int = 0) -> Days | None:
    """Return the Saturday and Sunday of a day's week, or of the one so many weeks away."""
    saturday = _WEEK * weeks + 5 - day.weekday()
    return days_from(day, saturday, saturday + 1, Precision.WEEK)


def months_of(year: int, first: int, last: int | None = None, precision: Precision = Precision.MONTH) -> Days | None:
    """Return the months from `first` to `last`; months beyond December run into the next year, as those before January do."""
    start, end = year * 12 + first - 1, year * 12 + (first if last is None else last) - 1
    if not date.min.year * 12 <= start <= end <= date.max.year * 12 + 11:
        return None
    days_in_last = monthrange(end // 12, end % 12 + 1)[1]
    return Days(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, days_in_last), precision)


def part_of_month(month: Days | None, part: str) -> Days | None:
    """Return the ten-day period (旬) of a month, counting 初 as its first and 底 and 末 as its last.

    Of several months the last is meant: 四月到五月底 runs from the first of April.
    """
    if month is None:
        return None
    first, last = _MONTH_PARTS[part]
    end = month.last.replace(day=min(last, month.last.day))
    several = (month.first.year, month.first.month) != (end.year, end.month)
    return Days(month.first if several else end.replace(day=first), end, Precision.TEN_DAYS)


def year_of(year: int, last: int | None = None) -> Days | None:
    """Return a year, or the years up to `last`."""
    end = year if last is None else last
    if not date.min.year <= year <= end <= date.max.year:
        return None
    return Days(date(year, 1, 1), date(end, 12, 31), Precision.YEAR)


def gap(days: Days, day: date) -> int:
    """Count the days between a span and a day; 0 within."""
    return max((days.first - day).days, (day - days.last).days, 0)
