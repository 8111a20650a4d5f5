"""The same number on several days: which of the spans found belong together, in order of their days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from embeddings.dates.mentions import mentions
from embeddings.dates.periods import shifted
from embeddings.text.letters import fold
from embeddings.text.numbers import numbers
from qa.reading.reader import Span
from qa.retrieval.date_match import match_dates
from qa.understanding.answer_kinds import Kind
from qa.understanding.date_constraints import DateConstraints
from qa.understanding.question import Question

_ALIKE = 60  # of 100: headlines of the same news differ in their numbers and little else
_SHARE, _SERIES_SHARE = 0.5, 0.25  # of the likeliest span's confidence, for a number to be told beside it
_SISTER_SHARE = 0.1  # the same for what a series tells under the headline of the likeliest
_TOGETHER, _AT_LEAST = 0.5, 3  # of the least confidence, with which so many numbers of a series bear each other out
_AWAY = -0.5  # a passage less timely than this is of other days than those asked for
_REPORTED_LATE = 45  # days behind the last day asked for in which its number is still told
_BEHIND = re.compile(r"[多余]?(?P<words>[^\d\s]{0,6})")  # 多国 of 100多国


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a printed number is worth, and what it counts."""

    value: Decimal | None
    """None where it cannot be told: 几十."""
    unit: str
    """With the words behind it: 人受伤; empty where there is none."""


@dataclass(frozen=True, slots=True)
class DatedQuantity:
    """A number that was told, and the day it is of."""

    day: date
    span: Span
    quantity: Quantity


def find_timeline(
    question: Question, asked: DateConstraints, spans: Sequence[Span], min_confidence: float
) -> list[DatedQuantity]:
    """Return what was told of one number on several days, oldest first; nothing where that is not asked.

    A question that names days has its answer on them, unless it asks how the number went on. Numbers
    that differ stand side by side; of one article there is one.
    """
    if question.kind is not Kind.NUMBER or not spans or (asked.days and not question.series):
        return []
    # 这几次报告各是多少 names the reports too: its numbers may stand behind other words.
    best = _likeliest_of_its_unit(spans) if question.series else spans[0]
    counted = quantity_of(best.text) if best else None
    together = best is not None and question.series and best.confidence >= _TOGETHER * min_confidence
    if best is None or counted is None or not (together or best.confidence >= min_confidence):
        return []
    share = _SERIES_SHARE if question.series else _SHARE
    found: dict[tuple[date, str], DatedQuantity] = {}
    articles = set()
    for span in spans:
        sister = _same_news(best, span)
        least = _SISTER_SHARE if question.series and sister else share
        likely = span.confidence >= least * best.confidence
        quantity = quantity_of(span.text)
        if not likely or span.passage.article_id in articles or quantity is None or not _alike(quantity.unit, counted.unit):
            continue
        if match_dates(asked, span.passage) < _AWAY or not (question.series or sister):
            continue
        moment = DatedQuantity(_day(span), span, quantity)
        if _in_time(asked, moment.day):
            articles.add(span.passage.article_id)
            found.setdefault((moment.day, fold(span.text)), moment)
    told = sorted(found.values(), key=lambda moment: (moment.day, moment.span.passage.issue_date))
    if question.series and len({moment.day for moment in told}) == 1:
        # The day that all reports name is that of the event: its numbers are of the days they were printed on.
        told = [replace(moment, day=moment.span.passage.issue_date) for moment in told]
    enough = 2 if best.confidence >= min_confidence else _AT_LEAST
    return told if len({moment.day for moment in told}) >= enough else []


def _likeliest_of_its_unit(spans: Sequence[Span]) -> Span | None:
    """Return the likeliest span that counts what the spans together most likely count: one 22年 is outweighed by many rates."""
    units: dict[str, list[Span]] = {}
    for span in spans:
        quantity = quantity_of(span.text)
        if quantity is not None:
            units.setdefault(quantity.unit, []).append(span)
    best = max(units.values(), key=lambda alike: sum(span.confidence for span in alike), default=[])
    return max(best, key=lambda span: span.confidence, default=None)


def quantity_of(text: str) -> Quantity | None:
    """Return what the number that ends a text is worth and counts; None where there is none."""
    text = fold(text)
    for number in numbers(text):
        behind = _BEHIND.fullmatch(text, number.end)
        if behind:
            per = f"/{number.per}" if number.per else ""
            return Quantity(number.value, number.unit.removeprefix("个") + per + behind["words"])
    return None


def _in_time(asked: DateConstraints, day: date) -> bool:
    """Say whether a day lies within all days asked for together, or soon behind them."""
    spans = [days.spans[0] for days in asked.days]
    if not spans:
        return True
    last = max(span.last for span in spans)
    return min(span.first for span in spans) <= day <= (shifted(last, _REPORTED_LATE) or last)


def _alike(unit: str, other: str) -> bool:
    """Say whether numbers count the same: 10.67亿 may be the 亿人 of the year before."""
    return unit == other or not unit or not other


def _same_news(one: Span, other: Span) -> bool:
    """Say whether two articles bear the same headline but for its numbers."""
    first, second = (_without_numbers(fold(span.passage.article.title)) for span in (one, other))
    return bool(first) and fuzz.ratio(first, second) >= _ALIKE


def _without_numbers(text: str) -> str:
    """Leave the numerals out of a text; their units stay."""
    ends = [0, *(number.unit_start for number in numbers(text))]
    starts = [*(number.start for number in numbers(text)), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _day(span: Span) -> date:
    """Return the day that a number is of: the one its sentence names, of several the last before it, else the issue's."""
    passage = span.passage
    named = [
        mention
        for mention in mentions(passage.article.body[: span.quote_end], passage.issue_date)
        if mention.start >= span.quote_start and mention.days.first == mention.days.last
    ]
    before = [mention.days.first for mention in named if mention.end <= span.start]
    if len({mention.days.first for mention in named}) == 1:
        return named[0].days.first
    return before[-1] if before else passage.issue_date
