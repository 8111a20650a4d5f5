"""The days that a text speaks of, read against the day its issue was printed."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(
    r"(?:(?P<year>\d{4}|去年|今年|明年)年?)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    r"|(?P<relative>前天|前日|昨天|昨日|昨晚|今天|今日|今晚|今晨|明天|明日)"
)
_RELATIVE = {"前": -2, "昨": -1, "今": 0, "明": 1}


def event_dates(text: str, issue_date: date) -> tuple[date, ...]:
    """Return the days named in a text, in order of mention, each once.

    A day without a year is the one nearest to the issue's date: 12月30日 in an
    issue of 2 January lies in the year before.
    """
    found: dict[date, None] = {}
    for match in _DAY.finditer(text):
        if match["relative"]:
            day = _shift(issue_date, _RELATIVE[match["relative"][0]])
        else:
            day = _resolve(match["year"], int(match["month"]), int(match["day"]), issue_date)
        if day is not None:
            found[day] = None
    return tuple(found)


def _shift(day: date, days: int) -> date | None:
    """Move a day, or return None beyond the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _resolve(year: str | None, month: int, day: int, issue_date: date) -> date | None:
    """Make a date of its printed parts, or None where no such day exists."""
    if year is None:
        years = [issue_date.year - 1, issue_date.year, issue_date.year + 1]
    else:
        shift = {"去年": -1, "今年": 0, "明年": 1}
        years = [issue_date.year + shift[year] if year in shift else int(year)]
    days = []
    for candidate in years:
        try:
            days.append(date(candidate, month, day))
        except ValueError:  # 2月30日, or 29 February of a common year
            continue
    return min(days, key=lambda found: abs(found - issue_date), default=None)
