"""The dates and times of day that stand in a text, as printed; which days they mean is told by `embeddings.dates.mentions`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from embeddings.dates.anchor import LEANING, number, year_number
from embeddings.dates.clock_times import PART_OF_DAY, TO
from embeddings.dates.patterns import find_printed, readable

_TO = re.compile(rf"(?:{PART_OF_DAY})?{TO}")  # the 晚到 of 19日晚到今天
_LONGEST_TO = 6  # characters
_PART_OF_DAY = re.compile(PART_OF_DAY)
_BEFORE = re.compile(r"[之以]?前(?![后往期所来夕方])")  # 3月底前
_AFTER = re.compile(r"后(?![勤来方])")  # 春节后
_UNITS = ("年", "月", "日", "号")
_BRACKETS = {"（": "）", "(": ")"}
_DAY = frozenset({"day", "near", "weekday", "festival", "lunar"})
_DATED = _DAY - {"weekday"}


class Grain(StrEnum):
    """A unit of time that words name, the finest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    PART = "part"
    """A part of a month, a part of a year or a season: 上旬, 三季度, 寒假."""
    MONTH = "month"
    YEAR = "year"


# The unit that is named by each named group of the patterns in embeddings.dates.patterns.
_GRAINS = {
    "hour": Grain.HOUR, "day": Grain.DAY, "near": Grain.DAY, "weekday": Grain.DAY, "festival": Grain.DAY, "week": Grain.WEEK,
    "lunar": Grain.DAY, "part": Grain.PART, "month": Grain.MONTH, "moon": Grain.MONTH, "year": Grain.YEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateWords:
    """Words of a text that tell one time, `text[start:end]`: 3月14日（星期四）9:00至17:00, 今年春节前, 周三."""

    start: int
    end: int
    grains: frozenset[Grain]
    """The units named; none where the words only tell a distance from another day: 近日, 三天前."""
    clock: int | None
    """Where the first time of day among them begins, or None."""
    vague: bool
    """They are a year or day told from the day of print and nothing more, or begin with a weekday: 去年, 今天, 周三上午."""

    @property
    def finest(self) -> Grain | None:
        """Return the finest unit named, or None."""
        return next((grain for grain in Grain if grain in self.grains), None)


@dataclass(frozen=True, slots=True)
class Numeral:
    """The number of a year, month or day with its unit, `text[start:end]`: 2024年, 三月, 5日."""

    start: int
    end: int
    value: int
    unit: str
    """年, 月, 日 or 号; nothing in 2024-03-05."""


@dataclass(frozen=True, slots=True)
class Written:
    """What of a date is written in numbers; None where the year, the month or the day is not."""

    year: Numeral | None
    month: Numeral | None
    day: Numeral | None


@dataclass(slots=True)
class _Run:
    """Words of time that are being joined."""

    start: int
    end: int
    named: frozenset[str]
    """The named groups of all its words."""
    last: frozenset[str]
    """Those of the point of time that it ends with."""
    clock: int | None
    near: bool
    """It is a year or day told from another and nothing more."""
    weekday: bool
    """It begins with a weekday."""


def find_date_words(text: str) -> tuple[DateWords, ...]:
    """Return the dates and times of day in a text, in order and apart from each other; offsets are code points into it.

    Needs no day of print, and takes time in step with the text's length. Never raises.
    """
    plain = readable(text)
    return tuple(_finished(plain, run) for run in _runs(plain))


def find_written(text: str) -> tuple[Written, ...]:
    """Return the dates of a text that are written in numbers, in order: for whoever puts other numbers in their place.

    Of months or years in a row (1—5月) the last is told, of days in a row both.
    """
    plain = readable(text)
    found = (written for match in find_printed(plain) for written in _written(plain, match))
    return tuple(written for written in found if written.year or written.month or written.day)


def _written(plain: str, match: re.Match[str]) -> Iterator[Written]:
    year, month, day, last = (_numeral(plain, match, name) for name in ("year", "month", "day", "to"))
    if last is None or day is not None:
        yield Written(year, month, day)
    if last is not None and day is not None:
        yield Written(None, None, last)
    elif last is not None and month is not None:
        yield Written(year, None, None)
        yield Written(None, last, None)
    elif last is not None:
        yield Written(last, None, None)


def told_from_print(words: str) -> tuple[int, Grain] | None:
    """Return where the year, month or day ends that words begin with and tell from the day of print, and which of the three.

    (2, year) for 去年底, (3, month) for 上个月, (2, day) for 昨天; None for 当年 and 次日, which count from another day.
    """
    match = next(find_printed(readable(words)), None)
    if match is None or match.start() or words[0] in LEANING:
        return None
    groups = match.groupdict()
    if groups.get("near"):
        return match.end("near"), Grain.DAY
    if not groups.get("rel"):
        return None
    return match.end("rel"), Grain.YEAR if "年" in match["rel"] else Grain.MONTH


def _numeral(plain: str, match: re.Match[str], name: str) -> Numeral | None:
    """Return the number in a named group of a pattern."""
    if not match.groupdict().get(name):
        return None
    start, end = match.span(name)
    value = year_number(match[name]) if name == "year" else number(match[name])
    unit = plain[end] if plain[end : end + 1] in _UNITS else ""
    return Numeral(start, end + len(unit), value, unit)


def _runs(plain: str) -> Iterator[_Run]:
    """Yield words of time, those that tell one time as one run: day and hour, day and weekday, from and to."""
    before: _Run | None = None
    for match in find_printed(plain):
        run = _run(match)
        if before is not None and _join(plain, before, run):
            continue
        if before is not None:
            yield before
        before = run
    if before is not None:
        yield before


def _run(match: re.Match[str]) -> _Run:
    """Return the words of one pattern."""
    groups = match.groupdict()
    named = {name for name in _GRAINS if groups.get(name)}
    if groups.get("rel"):  # 去年, 上个月
        named.add("year" if "年" in groups["rel"] else "month")
    end = match.end() - match[0].endswith("的")  # 前年的
    if groups.get("rel") == "当年" and named == {"year"}:  # those years, or the one just told
        named.clear()
    found = frozenset(named)
    near = named == {"near"} or bool(groups.get("rel") and named == {"year"})
    return _Run(match.start(), end, found, found, match.start() if "hour" in named else None, near, named == {"weekday"})


def _join(plain: str, run: _Run, words: _Run) -> bool:
    """Join words to the run before them where they go on telling the same time."""
    if not (run.named and words.named) or words.start - run.end > _LONGEST_TO:
        return False
    gap, end = plain[run.end : words.start], words.end
    if _TO.fullmatch(gap):
        run.last = words.last
    elif gap in ("", " ") and "hour" in words.named and run.last & _DAY and "hour" not in run.last:
        run.last |= words.last
    elif words.named == {"weekday"} and run.last & _DATED and not run.last & {"weekday", "hour"}:
        closing = _BRACKETS.get(gap)
        if closing is None and gap.strip():
            return False
        if closing is not None:
            if plain[end : end + 1] not in _BRACKETS.values():
                return False
            end += 1
        run.last |= words.last
    else:
        return False
    run.end, run.named, run.near = end, run.named | words.named, False
    if run.clock is None:
        run.clock = words.clock
    return True


def _finished(plain: str, run: _Run) -> DateWords:
    """Return the words of a run with what belongs to them behind it: 上午, 前, of a festival 后."""
    end = run.end
    if run.last & _DAY and "hour" not in run.last and (part := _PART_OF_DAY.match(plain, end)):
        end = part.end()
    if run.named and (before := _BEFORE.match(plain, end)):
        end = before.end()
    elif "festival" in run.last and (after := _AFTER.match(plain, end)):
        end = after.end()
    grains = frozenset(_GRAINS[name] for name in run.named)
    return DateWords(run.start, end, grains, run.clock, (run.near and end == run.end) or run.weekday)
