"""The days that issues are dated with: with their year, as mastheads, headings and file names print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lunar_python import Lunar

from embeddings.dates.anchor import LUNAR_ERAS, WEEKDAYS, number, year_number
from embeddings.dates.patterns import FULL_DAYS, LAST_DAY, MOON_DAY, WEEKDAY, readable
from embeddings.dates.periods import day_of

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MOON_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LONGEST = 62  # days that one issue is dated with; a double month is the longest
# Days of something else than the issue: its founding, its licence, what it announces.
_BEFORE_OTHERS = re.compile(
    r"(?:创刊|创办|始创|创建|复刊|改版|改刊|试刊|成立|下期|上期|次期|截至|有效期|登记|许可|批准|准印|证号|代号|农历|夏历|阴历|旧历|电话|热线|邮编|编号)[^\n。；]{0,14}$"
)
_BEHIND_OTHERS = re.compile(
    r"^\s*[(（]?(?:星期[一二三四五六日天]\s*)?[)）]?(?:创刊|创办|始创|复刊|改版|改刊|试刊|登记|批准|注册|成立|止|前|以前)"
)


@dataclass(frozen=True, slots=True)
class PrintedDays:
    """The day, or the days from first to last, that stand at `text[start:end]`."""

    first: date
    last: date
    start: int
    end: int


def printed_days(text: str) -> Iterator[PrintedDays]:
    """Yield the days with their year in a text, the surest forms first; days of its founding or of a licence are left out.

    Months of the Qing's eras are the moon's, unless the weekday printed in the text fits the sun's alone.
    """
    plain = readable(text)
    for pattern in (*FULL_DAYS, MOON_DAY):
        for match in pattern.finditer(plain):
            before = plain[plain.rfind("\n", 0, match.start()) + 1 : match.start()]
            if _BEFORE_OTHERS.search(before) or _BEHIND_OTHERS.match(plain[match.end() : match.end() + 12]):
                continue
            first = _moon_day(match, plain) if pattern is MOON_DAY else _sun_day(match)
            if first is not None:
                last, end = _last(plain, match.end(), first)
                yield PrintedDays(first, last, match.start(), end)


def _sun_day(match: re.Match[str]) -> date | None:
    if match["year"].startswith(LUNAR_ERAS):
        return None
    month = _MONTHS.get(match["month"].lower()) or number(match["month"])
    days = day_of(year_number(match["year"]), month, number(match["day"]))
    return days.first if days else None  # a number may only look like a date


def _moon_day(match: re.Match[str], plain: str) -> date | None:
    """Return the day of an era that counts by the moon; None for the other eras."""
    if not match["year"].startswith(LUNAR_ERAS):
        return None
    year, leap = year_number(match["year"]), match["month"].startswith("闰")
    name = match["month"].removeprefix("闰")
    month, day = _MOON_MONTHS.get(name) or number(name), number(match["day"].removeprefix("初"))
    try:
        solar = Lunar.fromYmd(year, -month if leap else month, day).getSolar()
        moon = date(solar.getYear(), solar.getMonth(), solar.getDay())
    except Exception:  # lunar_python raises nothing narrower for a month or day that the year has not
        return None
    weekday = WEEKDAY.search(plain)
    sun = None if leap or name in _MOON_MONTHS else day_of(year, month, day)
    if weekday and sun:
        told = WEEKDAYS.index(weekday["weekday"].replace("天", "日"))
        if moon.weekday() != told == sun.first.weekday():
            return sun.first
    return moon


def _last(plain: str, start: int, first: date) -> tuple[date, int]:
    """Return the last of the days that begin before `start`, and where they end; `first` for a single day."""
    match = LAST_DAY.match(plain, start)
    # 2024-01-05-12 names a file's twelfth page.
    if match is None or (match["year"] is None and re.search(r"[-_/]\d+$|\d{8}$", plain[max(start - 8, 0) : start])):
        return first, start
    month = number(match["month"]) if match["month"] else first.month
    year = year_number(match["year"]) if match["year"] else first.year + (month < first.month)
    days = day_of(year, month, number(match["day"]))
    if days is None or not 0 < (days.first - first).days <= _LONGEST:
        return first, start
    return days.first, match.end()
