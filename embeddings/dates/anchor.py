"""The scene on which words of time are read: the day they are read against, and what was told before them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from embeddings.dates.periods import gap
from embeddings.records import Days
from embeddings.text.numbers import DIGITS, whole

ONES = "一二三四五六七八九"
WEEKDAYS = "一二三四五六日天"
"""Monday first; Sunday has two names."""
ERAS = {
    "民国": 1911, "宣统": 1908, "光绪": 1874, "同治": 1861, "咸丰": 1850, "道光": 1820,
    "昭和": 1925, "大正": 1911, "明治": 1867,
}  # fmt: skip
"""The year before the first of each era in which papers were printed."""
LUNAR_ERAS = ("宣统", "光绪", "同治", "咸丰", "道光")
"""Eras whose months and days are those of the moon."""
_ROUND = str.maketrans("◯OoＯ", "0000")  # what OCR and typists put for 〇
_YEARS = {"去年": -1, "去岁": -1, "客岁": -1, "今岁": 0, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "前年": -2, "后年": 2}
_YEARS_ON = {"当年": 0, "同年": 0, "次年": 1, "翌年": 1}  # from the year spoken of
LEANING = "当同次翌"
"""What words begin with that count from a year, month or day told before them."""
_NEWS = 7  # days from the reference within which a day without a year is surely meant
_LISTED = 31  # days between what is listed over the end of a year: 12月30日、1月3日


@dataclass(slots=True)
class Anchor:
    """What has been read so far of a text, and the day it is read against."""

    reference: date
    year: int | None
    """The year of what names none; None: the nearest."""
    day: Days | None = None
    """The day named last, which 当日 takes up."""
    last: Days | None = None
    """The days named last, whatever their precision."""
    told: Days | None = None
    """Days that a year was named for, earlier in the same sentence."""
    beside: int | None = None
    """The year that stands right before the words, apart from them: 2021年（1月）."""
    ranged: bool = False
    """The words stand right behind `last`, with 至 between."""
    listed: bool = False
    """The words stand right behind `last`, with 、 between."""
    open_year: bool = False
    """The words just read name no year."""

    def in_year(self, match: re.Match[str], make: Callable[[int], Days | None]) -> Days | None:
        """Resolve words that may name a year."""
        if not (match["year"] or match["rel"]):
            return self.in_open_year(make)
        year = named_year(match, self)
        return None if year is None else make(year)

    def in_open_year(self, make: Callable[[int], Days | None]) -> Days | None:
        """Resolve words that name no year."""
        if self.beside is not None:
            return make(self.beside)
        self.open_year = True
        if self.last and (self.ranged or self.listed):
            behind = self._behind(self.last, make)
            if self.ranged or (behind and gap(behind, self.last.last) <= _LISTED):
                return behind
            return make(self.last.first.year)
        if self.year is not None:
            return make(self.year)
        years = (self.reference.year - 1, self.reference.year, self.reference.year + 1)
        found = [days for year in years if (days := make(year))]
        nearest = min(found, key=lambda days: gap(days, self.reference), default=None)
        if self.told and nearest and gap(nearest, self.reference) > _NEWS:
            return self._behind(self.told, make, years=1) or nearest
        return nearest

    def _behind(self, before: Days, make: Callable[[int], Days | None], years: int = 2) -> Days | None:
        """Return the first of the days in this year or the next that does not lie before others."""
        found = (make(before.first.year + more) for more in range(years))
        return next((days for days in found if days and days.first >= before.first), None)


def number(text: str) -> int:
    """Return the number below 1000 that is written in digits or below 100 in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    plain = text.replace("廿", "二十").replace("卅", "三十").replace("两", "二")
    tens, ten, ones = plain.rpartition("十")
    return (10 * int(tens.translate(DIGITS) or 1) if ten else 0) + int(ones.translate(DIGITS) or 0)


def year_number(text: str) -> int:
    """Return the year that is written digit by digit, spelt out or counted in an era: 二〇二一, 一千九百零六, 民国二十四."""
    for era, before in ERAS.items():
        if text.startswith(era):
            return before + (1 if text.endswith("元") else _counted(text.removeprefix(era)))
    if "千" in text:
        return int(whole(text) or 0)
    return int(text.translate(DIGITS).translate(_ROUND))


def _counted(text: str) -> int:
    """Return the year of an era, which 民国一百零五年 counts beyond a hundred."""
    hundreds, hundred, rest = text.rpartition("百")
    return (100 * number(hundreds or "一") if hundred else 0) + number(rest.lstrip("零"))


def named_year(match: re.Match[str], scene: Anchor) -> int | None:
    """Return the year that words name, or None where they lean on one that was not told."""
    if match["rel"]:
        if match["rel"] in _YEARS:
            return scene.reference.year + _YEARS[match["rel"]]
        return scene.last.first.year + _YEARS_ON[match["rel"]] if scene.last else None
    year = year_number(match["year"])
    if len(match["year"]) != 2:
        return year
    century = scene.reference.year - scene.reference.year % 100
    return min(
        (century - 100 + year, century + year, century + 100 + year), key=lambda found: abs(found - scene.reference.year)
    )
