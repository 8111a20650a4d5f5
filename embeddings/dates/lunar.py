"""The lunar day that a masthead prints beside the day: 农历甲辰年二月初三; the calendar is lunar_python's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lunar_python import Lunar, Solar

from embeddings.dates.anchor import ONES
from embeddings.text.letters import simplified_in_place

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MONTHS = {
    name: number for number, names in enumerate(("正 一 元", *"二三四五六七八九十", "十一 冬", "十二 腊"), start=1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_LUNAR_DAY = re.compile(
    rf"(?P<named>[农夏阴旧古]历)?\s*(?:(?P<year>[{_STEMS}][{_BRANCHES}])年?)?\s*(?P<leap>闰)?(?P<month>{_MONTH})月[大小]?\s*"
    rf"(?P<day>初[{ONES}十]|三十|[二廿]十?[{ONES}]?|十[{ONES}]?)"
)


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar."""

    year: str | None
    """By its stem and branch (甲辰); None where it is not printed."""
    month: int
    leap: bool
    day: int
    printed: str = ""
    """The words that tell it."""

    @property
    def name(self) -> str:
        """Return how print has it: 甲辰年二月初三."""
        lunar_month = next(name for name, number in _MONTHS.items() if number == self.month)
        ones = ("十", *ONES)
        tens, rest = divmod(self.day, 10)
        day = f"初{ones[rest] if self.day < 10 else '十'}" if self.day <= 10 else ""
        day = day or {20: "二十", 30: "三十"}.get(self.day) or f"{('', '十', '廿')[tens]}{ones[rest]}"
        return f"{self.year}年{'闰' if self.leap else ''}{lunar_month}月{day}"


def find_lunar_day(text: str) -> LunarDay | None:
    """Return the first lunar day that a masthead names with calendar or year; 二月廿一春分 alone announces one to come."""
    for match in _LUNAR_DAY.finditer(simplified_in_place(text)):
        if match["named"] or match["year"]:
            return LunarDay(
                match["year"], _MONTHS[match["month"]], match["leap"] is not None, _day(match["day"]),
                text[slice(*match.span())].strip(),
            )  # fmt: skip
    return None


@lru_cache(4096)
def lunar_day(day: date) -> LunarDay:
    """Return the lunar day of a day."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = found.getMonth()  # below 0 where it is leap
    return LunarDay(found.getYearInGanZhi(), abs(month), month < 0, found.getDay())


def fits(printed: LunarDay, day: date) -> bool:
    """Say whether a printed lunar day is that of a day; some papers leave out 闰, and some let the year begin in spring."""
    found = lunar_day(day)
    if (printed.month, printed.day) != (found.month, found.day) or (printed.leap and not found.leap):
        return False
    solar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return printed.year in (None, found.year, solar.getYearInGanZhiByLiChun())


def solar_day(printed: LunarDay, year: int) -> date | None:
    """Return the day of a printed lunar day in or about a year of the sun, or None where that year has none such."""
    for lunar_year in (year, year - 1):
        try:
            found = Lunar.fromYmd(lunar_year, -printed.month if printed.leap else printed.month, printed.day)
        except Exception:  # lunar_python raises nothing narrower for a month or day that the year lacks
            continue
        solar = found.getSolar()
        if solar.getYear() == year and printed.year in (None, found.getYearInGanZhi()):
            return date(year, solar.getMonth(), solar.getDay())
    return None


def _day(name: str) -> int:
    """Return the number of a lunar day: 初三, 十五, 廿一, 二十一, 三十."""
    if name.startswith("初"):
        return 10 if name[1] == "十" else ONES.index(name[1]) + 1
    tens = {"十": 10, "廿": 20, "二": 20, "三": 30}[name[0]]
    return tens + (ONES.index(name[-1]) + 1 if len(name) > 1 and name[-1] in ONES else 0)
