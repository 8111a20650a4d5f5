"""The days of festivals, lunar and solar, and of the holidays around them; the lunar calendar is lunar_python's."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lunar_python import Lunar, Solar
from lunar_python.util import HolidayUtil

from embeddings.dates.periods import days_from
from embeddings.records import Days, Precision

# Month and day; by the sun.
_SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8), "植树节": (3, 12), "五一": (5, 1), "劳动节": (5, 1),
    "五四": (5, 4), "青年节": (5, 4), "六一": (6, 1), "儿童节": (6, 1), "七一": (7, 1), "建党节": (7, 1), "八一": (8, 1),
    "建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
# Month and day; by the moon, in the lunar year that begins in the year named.
_LUNAR = {
    "春节": (1, 1), "大年初一": (1, 1), "正月初一": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15),
    "重阳": (9, 9),
}  # fmt: skip
# The festival, and the days before and behind it: forty days of travel.
_SEASONS = {"春运": ("春节", -15, 24)}
FESTIVALS = (*_SOLAR, *_LUNAR, *_SEASONS, "清明", "除夕", "腊八")
COUNTED = frozenset("五一 十一 三八 五四 六一 七一 八一".split())
"""Names that are numbers as well: 十一名队员."""
MARKED = COUNTED | frozenset("国庆 清明 元宵 重阳 腊八 圣诞".split())
"""Names that are a number, a plain word or a person's as well: something must say that the festival is meant."""
# Where no decree is known: days before and behind the festival that its holiday takes in.
_HOLIDAYS = {"春节": (-1, 6), "国庆": (0, 6), "十一": (0, 6), "五一": (0, 4), "劳动节": (0, 4)}


@lru_cache(4096)
def festival_day(name: str, year: int) -> date | None:
    """Return the day of a festival in a year of the sun, of a season the first, or None where the calendar has none."""
    if name in _SEASONS:
        days = festival(name, year)
        return days.first if days else None
    if not date.min.year <= year <= date.max.year:
        return None
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    try:
        solar = _by_the_moon(name, year)
        return date(solar.getYear(), solar.getMonth(), solar.getDay())
    # 腊八 of the year 1 may fall before it, and the year 8 has no twelfth month; lunar_python raises nothing narrower.
    except Exception:
        return None


def _by_the_moon(name: str, year: int) -> Solar:
    """Return the day of a festival that no month of the sun fixes."""
    match name:
        case "清明":  # a solar term
            return Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
        case "除夕":  # the month before the Spring Festival has 29 days or 30
            return Lunar.fromYmd(year, 1, 1).getSolar().next(-1)
        case "腊八":  # it closes the lunar year before
            return Lunar.fromYmd(year - 1, 12, 8).getSolar()
        case _:
            return Lunar.fromYmd(year, *_LUNAR[name]).getSolar()


def festival(name: str, year: int) -> Days | None:
    """Return a festival's own days: one, but of a season that is named like one, all."""
    name, first, last = _SEASONS.get(name, (name, 0, 0))
    day = festival_day(name, year)
    return days_from(day, first, last, Precision.FESTIVAL) if day else None


@lru_cache(1024)
def holiday(name: str, year: int) -> Days | None:
    """Return the days off around a festival: as decreed from 2002 on, as is usual where no decree is known; all of a season."""
    if name in _SEASONS:
        return festival(name, year)
    day = festival_day(name, year)
    if day is None:
        return None
    off = [date.fromisoformat(found.getDay()) for found in _decreed(day) if not found.isWork()]
    if off:
        return Days(min(off), max(off), Precision.FESTIVAL)
    return days_from(day, *_HOLIDAYS.get(name, (0, 0)), Precision.FESTIVAL)


def _decreed(day: date) -> list[HolidayUtil.Holiday]:
    """Return the days of the holiday that holds a day; one holiday may take in two festivals."""
    found = HolidayUtil.getHoliday(day.isoformat())
    return HolidayUtil.getHolidaysByTarget(found.getTarget()) if found and not found.isWork() else []
