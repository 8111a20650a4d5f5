"""What words of time mean on a given scene: a reader for each sort of them."""

from __future__ import annotations

import re

from embeddings.dates.anchor import WEEKDAYS, Anchor, named_year, number
from embeddings.dates.festivals import MARKED, festival, holiday
from embeddings.dates.periods import day_of, days_from, gap, months_of, part_of_month, shifted, week_of, weekend_of, year_of
from embeddings.records import Days, Precision

_HALF_MONTH_DAYS, _HALF_YEAR_MONTHS = 15, 6

_MONTHS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1}
_WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_UNITS = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "季度": 91, "年": 365}
_LATELY = {"近日": 7, "日前": 7, "连日来": 7, "前几天": 7, "前些天": 10}  # days back; anything else, a month
_MONTH_BACK = 30


def _join(first: Days | None, last: Days | None) -> Days | None:
    """Return the span from one to another, or None where that runs backwards."""
    if first is None or last is None or last.last < first.first:
        return None
    return Days(first.first, last.last, last.precision)


def read_full(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 2021-01-19."""
    return day_of(int(match["year"]), int(match["month"]), int(match["day"]))


def read_day(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 1月19日, 去年1月19日, 1月3日至5日."""
    month, day = number(match["month"]), number(match["day"])

    def make(year: int) -> Days | None:
        first = day_of(year, month, day)
        return _join(first, day_of(year, month, number(match["to"]))) if match["to"] else first

    return scene.in_year(match, make)


def read_month(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 3月, 10月下旬, 3月至5月."""
    month = number(match["month"])
    last = number(match["to"]) if match["to"] else month
    last += 12 if last < month else 0  # 12月至2月

    def make(year: int) -> Days | None:
        days = months_of(year, month, last)
        return part_of_month(days, match["part"]) if match["part"] else days

    return scene.in_year(match, make)


def read_near_month(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 上月, 本月下旬, 下个月5日."""
    word = match["rel"].removesuffix("月").removesuffix("个")
    base = scene.reference if word in _MONTHS else scene.last.first if scene.last else None
    if base is None:
        return None
    month = months_of(base.year, base.month + _MONTHS.get(word, 0))
    if month is None or match["part"]:
        return part_of_month(month, match["part"])
    if match["day"] is None:
        return month
    first = day_of(month.first.year, month.first.month, number(match["day"]))
    if match["to"] is None:
        return first
    return _join(first, day_of(month.first.year, month.first.month, number(match["to"])))


def read_bare_day(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 19日: of the month just named, or of the issue's or the one before, what lies ahead being half as likely."""
    day, reference = number(match["day"]), scene.reference
    if scene.last and (scene.ranged or scene.listed):
        base = scene.last.last
        months = [months_of(base.year, base.month + more) for more in range(2)]
        found = [days for month in months if month and (days := _day_in(month, day))]
        later = [days for days in found if days.first >= scene.last.first or not scene.ranged]
        return min(later, key=lambda days: gap(days, base), default=None)
    months = [months_of(reference.year, reference.month - less) for less in range(2)]
    found = [days for month in months if month and (days := _day_in(month, day))]
    first = min(
        found, key=lambda days: max(2 * (days.first - reference).days, (reference - days.first).days), default=None
    )  # fmt: skip
    if first is None or match["to"] is None:
        return first
    return _join(first, day_of(first.first.year, first.first.month, number(match["to"])))


def _day_in(month: Days, day: int) -> Days | None:
    return day_of(month.first.year, month.first.month, day)


def read_year(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 2021年, 去年底, 今年前三季度, 2019年至2021年."""
    year = named_year(match, scene)
    if year is None:
        return None
    if match["to"]:
        return year_of(year, int(match["to"]))
    return _part_of_year(year, match["part"], scene) if match["part"] else year_of(year)


def read_year_part(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 上半年 or 一季度 without a year; 年底 and 年初 are always of the present one."""
    part = match["part"]
    if part.startswith("年"):
        if scene.ranged and scene.last:  # 2020年5月至年底
            return _part_of_year(scene.last.last.year, part, scene)
        scene.open_year = True
        return _part_of_year(scene.reference.year if scene.year is None else scene.year, part, scene)
    return scene.in_open_year(lambda year: _part_of_year(year, part, scene))


def _part_of_year(year: int, part: str, scene: Anchor) -> Days | None:
    """Return the part of a year that words name: 上半年, 第三季度, 前两个月, 年底, 春天, 同期."""
    if part.endswith("半年"):
        first = 1 if part == "上半年" else 7
        return months_of(year, first, first + 5, Precision.HALF_YEAR)
    if "季度" in part or part == "首季":
        told = re.sub("[第前个首季度]", "", part) or "1"
        last = number(told)
        return months_of(year, 1 if part.startswith("前") else 3 * last - 2, 3 * last, Precision.QUARTER)
    if part.endswith("个月"):
        return months_of(year, 1, number(part[1:-2]))
    if part[0] in _SEASONS:
        return months_of(year, _SEASONS[part[0]], _SEASONS[part[0]] + 2, Precision.QUARTER)
    if part == "同期":
        same = scene.last or months_of(scene.reference.year, scene.reference.month)
        return _moved_months(same, 12 * (year - same.first.year)) if same else None
    first, last = {"初": (1, 2), "中": (6, 7)}.get(part[-1], (12, 12))
    return months_of(year, first, last)


def _moved_months(days: Days, months: int) -> Days | None:
    """Move a span by whole months; a day that the other month lacks becomes its last."""
    ends = []
    for end in (days.first, days.last):
        month = months_of(end.year, end.month + months)
        if month is None:
            return None
        following = shifted(end, 1)
        whole = end == days.last and (following is None or following.day == 1)
        ends.append(month.last if whole else month.first.replace(day=min(end.day, month.last.day)))
    return Days(ends[0], max(ends), days.precision)


def read_week(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 上周, 上周五, 本周末."""
    weeks = _WEEKS[match["week"]]
    if match["weekday"] == "末":
        return weekend_of(scene.reference, weeks)
    weekday = None if match["weekday"] is None else WEEKDAYS.index(match["weekday"])
    return week_of(scene.reference, weeks, None if weekday is None else min(weekday, 6))


def read_weekend(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 周末 as the weekend nearest."""
    found = [days for weeks in (-1, 0, 1) if (days := weekend_of(scene.reference, weeks))]
    return min(found, key=lambda days: gap(days, scene.reference), default=None)


def read_near_day(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 昨日, 后天."""
    word = match[0][:-1]
    return days_from(scene.reference, _DAYS[word], _DAYS[word], Precision.DAY)


def read_same_day(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 当日 and 次日 by the day named last; where none was, 当日 is the day of print."""
    if scene.day is None:
        return days_from(scene.reference, 0, 0, Precision.DAY) if match[0][0] == "当" else None
    if match[0][0] in "次翌":
        return days_from(scene.day.last, 1, 1, Precision.DAY)
    return scene.day


def read_stretch(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 近三天, 过去一年, 未来两周."""
    unit = match["unit"].removeprefix("个")
    days = _UNITS[unit] // 2 if match["count"] == "半" else _UNITS[unit] * number(match["count"])
    if not days:  # 未来0天
        return None
    first, last = (1, days) if match["ahead"] else (-days, 0)
    return days_from(scene.reference, first, last, Precision.LOOSE)


def read_ago(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 三天前, 两周前, 半年前, 十年前."""
    reference, unit = scene.reference, match["unit"].removeprefix("个")
    if match["count"] == "半":
        if unit == "年":
            return months_of(reference.year, reference.month - _HALF_YEAR_MONTHS)
        return days_from(reference, -_HALF_MONTH_DAYS, -_HALF_MONTH_DAYS, Precision.WEEK)
    count = number(match["count"])
    match unit:
        case "天":
            return days_from(reference, -count, -count, Precision.DAY)
        case "月":
            return months_of(reference.year, reference.month - count)
        case "年":
            return year_of(reference.year - count)
        case _:
            return week_of(reference, -count)


def says_festival(match: re.Match[str]) -> bool:
    """Say whether a festival is surely meant: 十一 alone may count, 今年十一, 十一假期 and “十一” do not."""
    marked = match["year"] or match["rel"] or match["feast"] or match["tail"] or match["quote"]
    return match["festival"] not in MARKED or bool(marked)


def read_festival(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 春节, 去年国庆假期, 中秋前夕, 春运第三天."""
    name, tail = match["festival"], match["tail"]
    nth = match["nth"] or ("1" if match["begin"] else None)
    if not says_festival(match):
        return None

    def make(year: int) -> Days | None:
        days = festival(name, year)
        if days is None:
            return None
        if (nth or match["close"]) and (off := holiday(name, year)):
            # 国庆假期第三天
            day = shifted(off.first, number(nth) - 1) if nth else off.last
            return Days(day, day, Precision.DAY) if day and off.first <= day <= off.last else None
        match tail:
            case "期间" | "假期" | "假日" | "长假" | "小长假" | "黄金周":
                return holiday(name, year)
            case "前夕":
                return days_from(days.first, -7, -1, Precision.FESTIVAL)
            case "前后":
                return days_from(days.first, -7, 7, Precision.FESTIVAL)
            case _:
                return days

    return scene.in_year(match, make)


def read_lately(match: re.Match[str], scene: Anchor) -> Days | None:
    """Read 近日, 日前, 最近."""
    return days_from(scene.reference, -_LATELY.get(match[0], _MONTH_BACK), 0, Precision.LOOSE)
