"""The same number on several days: which of the spans found belong together, in order of their days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from embeddings.dates import event_dates
from embeddings.words import fold
from qa.question import Kind, Question
from qa.read import Span
from qa.timely import timeliness
from qa.times import AskedTimes

_ALIKE = 60  # of 100: headlines of the same news differ in their numbers and little else
_SHARE, _SERIES_SHARE = 0.5, 0.25  # of the likeliest span's confidence, for a number to be told beside it
_AWAY = -0.5  # a passage less timely than this is of other days than those asked for
_DIGITS = re.compile(r"[\d.,，%零〇一二两三四五六七八九十百千万亿]+")
_UNIT = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿半]\s*[多余几]?(?P<unit>[^\d\s]{0,6})$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A number and the day it is of: the one day that its sentence names, else that of its issue."""

    day: date
    span: Span


def moments(question: Question, asked: AskedTimes, spans: Sequence[Span], min_confidence: float) -> list[Moment]:
    """Return what was told of one number on several days, oldest first; nothing where that is not asked.

    A question that names days has its answer on them, unless it asks how the number went on. Numbers
    that differ stand side by side; of one article there is one.
    """
    if question.kind is not Kind.NUMBER or not spans or (asked.days and not question.series):
        return []
    best, unit = spans[0], _unit(spans[0].text)
    if unit is None or best.confidence < min_confidence:
        return []
    share = _SERIES_SHARE if question.series else _SHARE
    found: dict[tuple[date, str], Moment] = {}
    articles = set()
    for span in spans:
        likely = span.confidence >= share * best.confidence
        if not likely or span.passage.article_id in articles or _unit(span.text) != unit:
            continue
        if timeliness(asked, span.passage) < _AWAY or not (question.series or _same_news(best, span)):
            continue
        articles.add(span.passage.article_id)
        moment = Moment(_day(span), span)
        found.setdefault((moment.day, fold(span.text)), moment)
    told = sorted(found.values(), key=lambda moment: (moment.day, moment.span.passage.issue_date))
    return told if len({moment.day for moment in told}) > 1 else []


def _unit(text: str) -> str | None:
    """Return what a number counts; nothing where there is no number."""
    match = _UNIT.search(fold(text))
    return match["unit"].removeprefix("个").replace("名", "人") if match else None


def _same_news(one: Span, other: Span) -> bool:
    """Say whether two articles bear the same headline but for its numbers."""
    first, second = (_DIGITS.sub("", fold(span.passage.article.title)) for span in (one, other))
    return bool(first) and fuzz.ratio(first, second) >= _ALIKE


def _day(span: Span) -> date:
    passage = span.passage
    days = event_dates(passage.article.body, passage.issue_date, span.quote_start, span.quote_end)
    return days[0] if len(days) == 1 else passage.issue_date
