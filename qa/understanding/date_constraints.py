"""The days that a question asks for: which, how firmly, and in which of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from embeddings.dates.anchor import LEANING
from embeddings.dates.date_words import Grain, told_from_print
from embeddings.dates.mentions import Mention
from embeddings.dates.periods import shifted
from embeddings.records import Days, Filters, Precision
from embeddings.store.archive import Archive
from qa.understanding.analysis import Analysis, analyse, cached_analysis


class Firmness(StrEnum):
    """How far the days of a question may be left."""

    LOOSE = "loose"
    """近期, 去年底, 1月前后: what lies near is meant as well."""
    PLAIN = "plain"
    """1月19日, 上个月: other days are worth less, but may answer."""
    SURE = "sure"
    """1月19日那天的报纸: only what was printed then is asked for."""


@dataclass(frozen=True, slots=True)
class DateConstraint:
    """Days that a question names in `question[start:end]`."""

    start: int
    end: int
    spans: tuple[Days, ...]
    """What the words may mean, the likeliest first: one span, or one for each of the archive's years."""
    firmness: Firmness
    printed: bool = False
    """The day of print is meant rather than what happened then: 1月19日的新闻联播, 4月12日报道."""


@dataclass(frozen=True, slots=True)
class DateConstraints:
    """All that a question says of time; offsets are code points into it."""

    days: tuple[DateConstraint, ...]
    newest: tuple[int, int] | None
    """Where it asks for the newest (最新, 目前), or None."""

    @property
    def wants_newest(self) -> bool:
        """Say whether newer print answers better: where days are named, those decide."""
        return self.newest is not None and not self.days


NO_DATES = DateConstraints((), None)

_THAT_DAY = r"(?:[那这]一?天|[当那]日|当天)?的?"
_NEWS = r"新闻(?:联播)?|报道|消息|播[出报]"
# A page of print is meant: 那天的报纸, 当天的砚溪日报, 那期, 的头版.
_PRINTED = re.compile(
    rf"{_THAT_DAY}"
    r"(?:[那这]一?期|[那这]?一?[份张]?(?:报纸|[\u4e00-\u9fff]{2,6}?[日晚早周][报刊](?![道告到名考销警]))|(?:头|[一二三四]|第\S{1,2})版)"
    r"|(?:[那这]一?天|[当那]日|当天)?的?报上|见报|出刊"
)
# What was reported then is meant, if less surely.
# 3月9日公布的, 那天的消息.
_REPORTED = re.compile(rf"{_THAT_DAY}(?:{_NEWS}|公[布告]|发布(?!会)|报[导上称告载]|通报)")
# What names the news behind a day, whole: 那天的新闻联播里说，.
_NEWS_OF_THE_DAY = re.compile(rf"{_THAT_DAY}(?:{_NEWS}|报纸|报上)[里中上时说称]*的?[，,]?")
# What makes the day behind it a guess: 大概.
_ABOUT = re.compile(r"大约|大概|大致|可能|好像|似乎|约|差不多")
# What does so behind it: 3月9日前后.
_ROUGHLY = re.compile(r"前后|左右|前夕|那阵|那段|那会|附近|上下")
# Words of time that end vaguely: 去年底.
_EDGE = re.compile(r"[初中底末]$|前[后夕]$")
_NAMED = frozenset({Precision.DAY, Precision.TEN_DAYS, Precision.MONTH})
# The newest is wanted: 最新的人数.
_NEWEST = re.compile(r"最新|目前|(?<!实)现在|当前|眼下|如今|至今|迄今|现今")


def find_date_constraints(
    archive: Archive, question: str, filters: Filters = Filters(), today: date | None = None
) -> DateConstraints:
    """Return the days that a question asks for, asked `today` of a part of the archive; None: the day of its newest issue."""
    extent = archive.extent(filters)
    today = today or extent.last
    return parse_date_constraints(question, today, extent.first, extent.last) if today else NO_DATES


@cached_analysis
def parse_date_constraints(question: str, today: date, first: date | None, last: date | None) -> DateConstraints:
    """Return the days that a question means, asked `today` of an archive with issues from `first` to `last`.

    What names no year is tried in each of the archive's years, the newest first, as
    far as it touches the archive; where it touches it in none, the nearest stays. 昨天
    and 上个月 are read against today, unless the archive ended before them: whoever asks
    a closed archive what was new yesterday means its own last days, so they are read
    against its last issue. It counts as closed only where yesterday is behind its end,
    for the paper of today may not be in yet. Never raises, whatever the question.
    """
    analysis = analyse(question)
    readings = [_read(analysis, today)]
    if first is not None and last is not None:
        readings += [_read(analysis, last)]
        if _has_open_year(analysis, today):
            readings += [_read(analysis, last, year) for year in range(last.year, first.year - 1, -1)]
    told = (mention for _, mention in sorted(readings[0].items()))
    named = next((one.days for one in told if not one.open_year and one.days.precision in _NAMED), None)
    asked: list[DateConstraint] = []
    for start in sorted({start for reading in readings for start in reading}):
        # 比赛当天 leans on a day that the question may be asking for; 2月29日至1月 is one span where the year has such a day.
        if question[start] in LEANING or (asked and start < asked[-1].end):
            continue
        mention = next(reading[start] for reading in readings if start in reading)
        now, *others = (reading[start].days if start in reading else None for reading in readings)
        spans = _spans(mention, now, others, today, first, last)
        if mention.open_year and named is not None:
            # 2025年7月15日公布的上半年增速 means the half year that had begun by then.
            spans = tuple(sorted((span for span in spans if span.first <= named.last), reverse=True)[:1]) or spans
        firmness = _firmness(question, mention)
        printed = firmness is Firmness.SURE or _REPORTED.match(question, mention.end) is not None
        asked.append(DateConstraint(start, mention.end, spans, firmness, printed))
    newest = _NEWEST.search(question)
    return DateConstraints(tuple(asked), newest.span() if newest else None)


def with_absolute_dates(question: str, asked: DateConstraints) -> str:
    """Return the question with 去年, 上个月 and 昨天 written as the year, month or day that they mean.

    Print names the day, so that what is searched should: a headline says 2023年服贸会.
    """
    for days in reversed(asked.days):
        words, span = question[days.start : days.end], days.spans[0]
        end, grain = told_from_print(words) or (0, None)
        rest = words[end:].removeprefix("份")
        told = f"{span.first.year}年"
        if grain is Grain.MONTH and not rest:
            told += f"{span.first.month}月"
        elif grain is Grain.DAY and not rest and words[-1] in "天日":  # 昨晚 is less than a day
            told += f"{span.first.month}月{span.first.day}日"
        elif grain is not Grain.YEAR:
            continue
        question = question[: days.start] + told + rest + question[days.end :]
    return question


def news_phrase_end(question: str, end: int) -> int | None:
    """Return where the words end that name the news behind a day, such as 那天的新闻联播里说, or None where there are none."""
    found = _NEWS_OF_THE_DAY.match(question, end)
    return found.end() if found else None


def _read(analysis: Analysis, reference: date, year: int | None = None) -> dict[int, Mention]:
    """Return the words of time by where they begin."""
    return {mention.start: mention for mention in analysis.days(reference, year)}


def _has_open_year(analysis: Analysis, today: date) -> bool:
    """Say whether words of time may mean another year's days: today may know none of 2月29日, which most years lack."""
    days = analysis.days(today)
    told = {place for mention in days for place in range(mention.start, mention.end)}
    return any(mention.open_year for mention in days) or not told.issuperset(analysis.time_words)


def _spans(
    mention: Mention, now: Days | None, others: Sequence[Days | None], today: date, first: date | None, last: date | None
) -> tuple[Days, ...]:
    """Choose among what words mean today and what they mean otherwise: at the archive's end, and in each of its years."""
    if first is None or last is None or not others:
        return (mention.days,)
    at_end, *by_year = others
    if mention.open_year:
        held = dict.fromkeys(days for days in by_year if days and days.first <= last and days.last >= first)
        if held:
            return tuple(held)
    yesterday = shifted(today, -1) or today
    closed = min(mention.days.first, yesterday) > last
    return (at_end if at_end and (closed or now is None) else mention.days,)


def _firmness(question: str, mention: Mention) -> Firmness:
    """Tell loose wording from plain and from what can only mean print."""
    if mention.days.precision is Precision.DAY and _PRINTED.match(question, mention.end):
        return Firmness.SURE
    words = question[mention.start : mention.end]
    about = _ABOUT.search(question[max(mention.start - 3, 0) : mention.start])
    loose = mention.days.precision is Precision.LOOSE or about or _EDGE.search(words) or _ROUGHLY.match(question, mention.end)
    return Firmness.LOOSE if loose else Firmness.PLAIN
