"""The same number on several days: which of the numbers told belong together, one of each day, in order of their days."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from rapidfuzz import fuzz

from embeddings.dates.mentions import mentions
from embeddings.dates.periods import shifted
from embeddings.records import Passage
from embeddings.text.letters import fold
from embeddings.text.numbers import numbers
from embeddings.text.sentences import sentence_spans
from qa.answering.told_numbers import Quantity, Role, ToldNumber, asks_for_change, quantity_of, same_unit, told_as, told_numbers
from qa.reading.calibration import term_coverage
from qa.reading.reader import Span, heading
from qa.retrieval.date_match import match_dates
from qa.retrieval.hybrid_search import REPORTED_LATE
from qa.understanding.answer_kinds import Kind
from qa.understanding.date_constraints import DateConstraints
from qa.understanding.question import Question

_ALIKE = 60  # of 100: headlines of the same news differ in their numbers and little else
_SHARE, _SERIES_SHARE = 0.5, 0.25  # of the likeliest span's confidence, for a number to be told beside it
_SISTER_SHARE = 0.1  # the same for what a series tells under the headline of the likeliest
_TOGETHER, _AT_LEAST = 0.5, 3  # of the least confidence, with which so many numbers of a series bear each other out
_AWAY = -0.5  # a passage less timely than this is of other days than those asked for
# Of the weight of the commonest word beside the numbers of a series: those as common say what it counts, so that 遇难
# stands for 死亡 where print has both. Where print has the words of the question, others must be commoner.
_COMMON, _COMMON_BESIDE_ASKED = 0.25, 0.5
_PRINT_SHARE = 0.5  # of the likeliest span's confidence, what a number is trusted that is told in the words of the others
_SUBJECT = 0.8  # of the words of the subject that the likeliest passages hold, what another must hold
_RANGE = 4  # times the largest or smallest number read, beyond which one that is told in their words is of something else
_WANTED = 120  # characters of what is searched again
_RISING = re.compile(r"上升|增[加长至到]|涨|累计|总[数共]|一步步|冲过|滚到|突破|往上|升[到至]")
_FALLING = re.compile(r"下降|减少|跌|降|回落|往下")

SearchAgain = Callable[[str], Sequence[Passage]]
"""What finds the passages nearest to words of print."""


@dataclass(frozen=True, slots=True)
class DatedQuantity:
    """A number that was told, and the day it is of."""

    day: date
    span: Span
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class _Series:
    """What a series is of, as the likeliest of its numbers are told."""

    best: Span
    unit: str
    roles: frozenset[Role]
    words: Set[str]
    """The words of print beside its numbers: 报名, 遇难."""
    told: tuple[DatedQuantity, ...]

    def counts(self, number: ToldNumber) -> bool:
        """Say whether a number is told as those of the series are; of one without words nothing speaks against it."""
        return number.role in self.roles and (not (number.words and self.words) or bool(number.words & self.words))


def find_timeline(
    question: Question, asked: DateConstraints, spans: Sequence[Span], min_confidence: float,
    *, put: str = "", search_again: SearchAgain | None = None,
) -> list[DatedQuantity]:  # fmt: skip
    """Return what was told of one number on several days, oldest first; nothing where that is not asked.

    A question that names days has its answer on them, unless it asks how the number went on. Of each
    day there is one number, the likeliest. `put` is the question as it was put, and `search_again`
    finds more passages that tell a series in the words in which its first numbers are told.
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
    found: list[DatedQuantity] = []
    for span in spans:
        sister = _same_news(best, span)
        least = _SISTER_SHARE if question.series and sister else share
        quantity = quantity_of(span.text)
        if span.confidence < least * best.confidence or quantity is None or not same_unit(quantity.unit, counted.unit):
            continue
        if match_dates(asked, span.passage) < _AWAY or not (question.series or sister):
            continue
        moment = DatedQuantity(_day(span), span, quantity)
        if _in_time(asked, moment.day):
            found.append(moment)
    series = _series(question, put, best, counted.unit, found)
    told = list(series.told)
    if question.series and told:
        again = search_again(_as_printed(best)) if search_again else ()
        read = {span.passage.chunk_id: span.passage for span in spans}
        passages = {**read, **{passage.chunk_id: passage for passage in again}}
        told += _told_alike(question, asked, series, passages)
    if question.series and len({moment.day for moment in told}) == 1:
        # The day that all reports name is that of the event: its numbers are of the days they were printed on.
        told = [replace(moment, day=moment.span.passage.issue_date) for moment in told]
    told = _one_a_day(told, put if question.series else "")
    enough = 2 if best.confidence >= min_confidence else _AT_LEAST
    return told if len(told) >= enough else []


def _likeliest_of_its_unit(spans: Sequence[Span]) -> Span | None:
    """Return the likeliest span that counts what the spans together most likely count: one 22年 is outweighed by many rates."""
    units: dict[str, list[Span]] = {}
    for span in spans:
        quantity = quantity_of(span.text)
        if quantity is not None:
            units.setdefault(quantity.unit, []).append(span)
    best = max(units.values(), key=lambda alike: sum(span.confidence for span in alike), default=[])
    return max(best, key=lambda span: span.confidence, default=None)


def _series(question: Question, put: str, best: Span, unit: str, found: Sequence[DatedQuantity]) -> _Series:
    """Return what the likely numbers are of, and those of them that are: 增加1825人 is none of 8043人 and 6218人."""
    seen = [(moment, _told(moment.span)) for moment in found]
    roles, words = defaultdict[Role, float](float), defaultdict[str, float](float)
    for moment, number in seen:
        roles[number.role if number else Role.LEVEL] += moment.span.confidence
    allowed = _roles(f"{put} {question.text}", roles)
    for moment, number in seen:
        if number and number.role in allowed:
            for word in number.words:
                words[word] += moment.span.confidence
    asked = words.keys() & set(question.words)
    common = max(words.values(), default=0.0) * (_COMMON_BESIDE_ASKED if asked else _COMMON)
    series = _Series(best, unit, allowed, asked | {word for word, weight in words.items() if weight >= common}, ())
    told = (moment for moment, number in seen if number is None or series.counts(number))
    return replace(series, told=tuple(told))


def _roles(question: str, weights: Mapping[Role, float]) -> frozenset[Role]:
    """Return what the numbers of a series are: changes where these are asked for, else levels if any are told."""
    if asks_for_change(question):
        return frozenset({Role.CHANGE} if Role.CHANGE in weights else {Role.LEVEL})
    levels = {role for role in weights if role is not Role.CHANGE}
    if Role.LEVEL in levels and weights[Role.LEVEL] >= weights.get(Role.PART, 0.0):
        return frozenset({Role.LEVEL})
    return frozenset(levels | {Role.LEVEL})


def _told_alike(
    question: Question, asked: DateConstraints, series: _Series, passages: Mapping[str, Passage]
) -> Iterator[DatedQuantity]:
    """Yield the numbers of other passages that print tells as it does those of a series: no network is needed for them."""
    if not series.words:
        return
    subject = [word for word in question.words if word not in series.words]
    likeliest = [moment.span for moment in series.told if moment.span.confidence >= _SHARE * series.best.confidence]
    held = min((_share_held(subject, span.passage) for span in likeliest), default=1.0)
    values = [moment.quantity.value for moment in series.told if moment.quantity.value]
    if not values:
        return
    taken = {(moment.span.passage.article_id, moment.span.start) for moment in series.told}
    unit = next((number.quantity.unit for span in likeliest if (number := _told(span))), series.unit)
    for passage in passages.values():
        of_subject = bool(subject) and held > 0 and _share_held(subject, passage) >= _SUBJECT * held
        if not of_subject and not any(_alike_headlines(span.passage, passage) for span in likeliest):
            continue
        if match_dates(asked, passage) < _AWAY:
            continue
        body = passage.article.body
        for first, last in sentence_spans(body, passage.start, passage.end):
            for number in told_numbers(body, first, last):
                value = number.quantity.value
                if value is None or number.quantity.unit != unit or not series.counts(number) or not number.words:
                    continue
                if not min(values) / _RANGE <= value <= max(values) * _RANGE:
                    continue
                span = Span(passage, number.start, number.end, first, last, _PRINT_SHARE * series.best.confidence)
                moment = DatedQuantity(_day(span), span, number.quantity)
                if (passage.article_id, number.start) not in taken and _in_time(asked, moment.day):
                    taken.add((passage.article_id, number.start))
                    yield moment


def _one_a_day(told: Sequence[DatedQuantity], question: str) -> list[DatedQuantity]:
    """Return the likeliest number of each day, oldest first; of what is said to rise or fall, those that do together."""
    rises, falls = _RISING.search(question) is not None, _FALLING.search(question) is not None
    days = [list(moments) for _, moments in groupby(sorted(told, key=_place), key=lambda moment: moment.day)]
    if rises is falls:
        return [_likeliest(moments) for moments in days]
    # The chain of most weight: one early number that is too large gives way to all that lie below it.
    ended: list[tuple[float, DatedQuantity, int | None]] = []
    for moments in days:
        of_day = []
        for moment in moments:
            value = moment.quantity.value
            before = [
                place
                for place, (_, other, _) in enumerate(ended)
                if value is not None and other.quantity.value is not None
                and (other.quantity.value <= value if rises else other.quantity.value >= value)
            ]  # fmt: skip
            last = max(before, key=lambda place: ended[place][0], default=None)
            weight = moment.span.confidence + (ended[last][0] if last is not None else 0.0)
            if value is not None:
                of_day.append((weight, moment, last))
        ended += of_day
    place = max(range(len(ended)), key=lambda place: ended[place][0], default=None)
    chain: list[DatedQuantity] = []
    while place is not None:
        _, moment, place = ended[place]
        chain.append(moment)
    return chain[::-1]


def _place(moment: DatedQuantity) -> tuple[date, date, str, int]:
    passage = moment.span.passage
    return moment.day, passage.issue_date, passage.article_id, moment.span.start


def _likeliest(moments: Sequence[DatedQuantity]) -> DatedQuantity:
    """Return the likeliest of a day's numbers; of those as likely, what is printed first."""
    return max(moments, key=lambda moment: moment.span.confidence)


def _told(span: Span) -> ToldNumber | None:
    return told_as(span.passage.article.body, (span.quote_start, span.quote_end), span.start, span.end)


def _as_printed(span: Span) -> str:
    """Return the headline and sentence of a number without numerals: what tells it on other days is told alike."""
    return _without_numbers(fold(f"{span.passage.article.title} {span.quote}"))[:_WANTED]


def _share_held(words: Sequence[str], passage: Passage) -> float:
    """Return the share of words, by their letters, that a passage and its headlines hold; 1 of none."""
    return term_coverage(words, fold(f"{heading(passage)} {passage.text}"))


def _in_time(asked: DateConstraints, day: date) -> bool:
    """Say whether a day lies within all days asked for together, or soon behind them."""
    spans = [days.spans[0] for days in asked.days]
    if not spans:
        return True
    last = max(span.last for span in spans)
    return min(span.first for span in spans) <= day <= (shifted(last, REPORTED_LATE) or last)


def _same_news(one: Span, other: Span) -> bool:
    """Say whether two spans stand under the same headline but for its numbers."""
    return _alike_headlines(one.passage, other.passage)


def _alike_headlines(one: Passage, other: Passage) -> bool:
    first, second = (_without_numbers(fold(passage.article.title)) for passage in (one, other))
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
