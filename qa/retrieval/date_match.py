"""How far a passage is of the days that a question asks for, by its issue's date and by the days it speaks of."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from embeddings.dates.mentions import mentions
from embeddings.dates.periods import gap, shifted
from embeddings.records import Days, Passage, Precision
from qa.understanding.date_constraints import DateConstraint, DateConstraints, Firmness

NEAREST = 3  # days around a span that still are near to it
# Fits of a passage, in [-1, 1]; chosen on the dev lines of benchmarks/questions/understanding.jsonl.
_SAME, _BOTH, _TOLD, _PRINTED, _NEAR, _AWAY = 1.0, 0.8, 0.7, 0.5, -0.2, -1.0
_OTHER_PERIOD = 0.3
_OTHER_HEADLINE = -0.5  # 9月末外汇储备 where that of 8月末 is asked for, which it tells as well
_REPORTED_LATE = {
    Precision.TEN_DAYS: 10,
    Precision.MONTH: 31,
    Precision.QUARTER: 45,
    Precision.HALF_YEAR: 45,
}  # days behind a span
_OLDER = 0.15  # what each older year costs where the question names none
_WEIGHT = 2.0  # of days in full or months, beside a year
_LONG = frozenset({Precision.YEAR, Precision.LOOSE})
_SHORT = frozenset({Precision.DAY, Precision.FESTIVAL, Precision.TEN_DAYS})
_TITLED = 4096  # headlines whose periods are kept in memory


def match_dates(asked: DateConstraints, passage: Passage) -> float:
    """Return how far a passage is of the days asked for, in [-2, 2]; 0 where none are."""
    if not asked.days:
        return 0.0
    return sum(_fit(days, passage) for days in asked.days) / len(asked.days)


def mentions_other_dates(asked: DateConstraints, told: str, printed: date) -> bool:
    """Say whether words that lead to an answer name periods, and none that was asked for: 2023年为1557亿斤 is not of 2024.

    A day of print that is asked for says nothing of what was told then.
    """
    periods = [days.spans for days in asked.days if not days.printed and days.spans[0].precision is not Precision.LOOSE]
    named = _named(told, printed) if periods else ()
    # A vote is counted the day after.
    slack = {span: NEAREST if span.precision in _SHORT else 0 for spans in periods for span in spans}
    return bool(named) and not any(_touch(span, days, apart) for span, apart in slack.items() for days in named)


def _named(text: str, printed: date) -> tuple[Days, ...]:
    """Return the periods that a text names for certain."""
    return tuple(one.days for one in mentions(text, printed) if one.days.precision is not Precision.LOOSE)


def _touch(one: Days, other: Days, slack: int = 0) -> bool:
    """Say whether two spans share a day, or lie no more than so many days apart."""
    return gap(other, one.first) <= slack or gap(one, other.first) <= slack


def _fit(asked: DateConstraint, passage: Passage) -> float:
    """Return how far a passage is of the likeliest meaning that it is of."""
    best = max(fit(span, asked.printed, passage) - _OLDER * place for place, span in enumerate(asked.spans))
    if asked.firmness is Firmness.LOOSE:
        best /= 2
    return best if asked.spans[0].precision in _LONG else _WEIGHT * best


def fit(span: Days, printed_meant: bool, passage: Passage) -> float:
    """Return how far a passage is of one span of days, in [-1, 1]."""
    printed = passage.issue_date <= span.last and span.first <= (passage.last_date or passage.issue_date)
    told = any(span.first <= days.first and days.last <= span.last for days in passage.days)
    if printed_meant:
        return _SAME if printed else _NEAR if told else _AWAY
    if span.precision is not Precision.LOOSE and _headed_otherwise(span, passage):
        return _OTHER_HEADLINE if printed or told else _AWAY
    if span.precision in _LONG:
        if told or not printed:
            return _SAME if told else _AWAY
        # What is printed early in a year often tells the figures of the year before.
        return _SAME - _OTHER_PERIOD * any(days.precision is Precision.YEAR for days in passage.days)
    late = shifted(span.last, _REPORTED_LATE.get(span.precision, NEAREST)) or span.last
    if any((days.first, days.last) == (span.first, span.last) for days in passage.days):
        # Who speaks of it long after compares another day with it.
        return _SAME if passage.issue_date <= late else _TOLD
    if printed or told:
        others = [days for days in passage.days if days.precision is span.precision]
        away = _OTHER_PERIOD if others and span.precision is not Precision.DAY else 0.0
        return (_BOTH if printed and told else _TOLD if told else _PRINTED) - away
    near = span.last < passage.issue_date <= late or gap(span, passage.issue_date) <= NEAREST
    return _NEAR if near else _AWAY


def _headed_otherwise(span: Days, passage: Passage) -> bool:
    """Say whether the headline names periods, and none that touches the span: the article is of those."""
    named = _periods(passage.article.title, passage.issue_date)
    return bool(named) and not any(_touch(span, days) for days in named)


@lru_cache(maxsize=_TITLED)
def _periods(headline: str, printed: date) -> tuple[Days, ...]:
    """Return the periods that a headline names for certain; what lies ahead of the print (10月1日起) is not what it is of."""
    return tuple(days for days in _named(headline, printed) if days.first <= printed)
