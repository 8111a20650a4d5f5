"""The span that answers within a sentence: of the asked kind, unit and sort, nearest to the question's words."""

from __future__ import annotations

import re

from embeddings.dates.date_words import DateWords, Grain
from embeddings.text.numbers import Measure, leading_unit, numbers
from embeddings.text.segmentation import fold, search_words
from qa.reading.matching import holds
from qa.understanding.entities import (
    ORGANISATION_END,
    PLACE_END,
    TITLE,
    Span,
    answering_dates,
    find_causes,
    find_dates,
    find_names,
    find_numbers,
    find_people,
    find_quoted,
)  # fmt: skip
from qa.understanding.question import ASKED, Kind, Question

# What stands right before an answer of a kind more often than before other spans.
_LEADS = {
    Kind.NUMBER: re.compile(r"[到为达约至]$"),
    Kind.PERSON: TITLE,
    Kind.PLACE: re.compile(r"[在于到从自至抵往为]$"),
    Kind.ORGANISATION: re.compile(r"[由被向是为]$"),
}
_BONUS = 4  # characters that a lead makes a span nearer
# Behind these stands what a number was before: 由78班增加到96班.
_FORMER = re.compile(r"(?:[由从比]|原[来先]的?)$")
# How fine a time is asked for.
_GRAINS = tuple(
    (re.compile(asked), grain)
    for asked, grain in (
        (r"几点|几时", Grain.HOUR),
        (r"哪一?年|年份", Grain.YEAR),
        (r"哪个?月|几月", Grain.MONTH),
        (r"哪一?[天日]|几[日号]", Grain.DAY),
    )
)
# What an open question counts: 多少钱 asks for money, 多久 for a length of time.
_MEASURES = tuple(
    (re.compile(asked), frozenset(wanted))
    for asked, wanted in (
        (r"多少(?:钱|资金|投资)|[花耗]多少|奖金|票价|单价|工资|月薪|投资(?:额|是|多)", {Measure.MONEY}),
        (r"多(?:长|少)时间|多久|几个?(?:小时|分钟)|多少(?:个?小时|分钟)", {Measure.DURATION}),
        (r"多[长宽高深远厚](?!时)|(?:全|总)长|里程|距离", {Measure.LENGTH}),
        (r"多大面积|面积", {Measure.AREA}),
        (r"多大(?:岁数|年纪|年龄)|几岁|多少岁|年龄", {Measure.AGE}),
        (r"(?:多少|点)(?:立方米?)?水(?!稻|田|果|闸|泵|站|管)|[水流]量|库容", {Measure.VOLUME, "吨"}),
        (r"[几多少][度]|最[冷热]|气温|温度", {Measure.TEMPERATURE, Measure.DEGREES, Measure.ENERGY}),
        (r"多重|多少(?:公?斤|吨)|重量", {Measure.WEIGHT}),
        (r"百分之几|百分之多少|几成|占比|比例|比重|几个百分点", {Measure.SHARE}),
        (r"多少(?:度)?电|[发用]电量", {Measure.ENERGY, Measure.DEGREES}),
        (r"电话|热线|手机号", {Measure.PHONE}),
    )
)  # fmt: skip
# Units that print gives for one another.
_SAME_UNITS = tuple(
    frozenset(units.split()) for units in ("人 位 口 例", "天 日 工作日", "块 元", "家 户 所 座", "次 场 届", "台 部 架 辆")
)
_ASKED_SORT = re.compile(r"哪[一二两三几些]?[个座条家处支所片]?([\u4e00-\u9fff]{1,2})")
_SEVERAL = re.compile(r"哪(?:些|[两二三四五六几]|里些)")
_REPORTERS = re.compile(r"记者|作者|采写|通讯员|摄影")
_TOLD_BY_PATTERN = frozenset({Kind.NUMBER, Kind.DATE, Kind.PERSON, Kind.PLACE, Kind.ORGANISATION})
_FAR = 24  # characters beyond which a word says nothing of a span


def find_spans(sentence: str, question: Question) -> list[Span]:
    """Return the spans of the asked kind, in order; empty for kinds that a pattern cannot tell."""
    match question.kind:
        case Kind.NUMBER:
            return find_numbers(sentence, question.unit)
        case Kind.DATE:
            return find_dates(sentence)
        case Kind.PERSON:
            return find_people(sentence, reporters=_REPORTERS.search(question.text) is not None)
        case Kind.PLACE:
            return find_names(sentence, "ns", PLACE_END, several=_SEVERAL.search(question.text) is not None)
        case Kind.ORGANISATION:
            return find_names(sentence, "nt", ORGANISATION_END, several=_SEVERAL.search(question.text) is not None)
        case Kind.REASON:
            return find_causes(sentence)
        case Kind.OTHER:
            return find_quoted(sentence)
        case Kind.SAID | Kind.YES_NO:
            return []  # the sentence itself


def fits(text: str, question: Question) -> float:
    """Say whether words hold what the question asks for: 1 or -1, and 0 where its kind cannot be told by a pattern."""
    if question.kind not in _TOLD_BY_PATTERN:
        return 0.0
    spans = find_spans(text, question)
    return 1.0 if (_of_the_unit(text, spans, question) if question.kind is Kind.NUMBER else spans) else -1.0


def best_span(sentence: str, question: Question) -> Span | None:
    """Return the span of the asked kind that stands closest to the question's words, or None.

    A span that the question itself holds answers nothing, and neither does a
    number of another unit than the one asked.
    """
    dates: dict[Span, DateWords] = {}
    if question.kind is Kind.DATE:
        dates = {(words.start, words.end): words for words in answering_dates(sentence)}
    found = list(dates) if question.kind is Kind.DATE else find_spans(sentence, question)
    spans = [span for span in found if not holds(question.text, sentence[slice(*span)])]
    if question.kind is Kind.NUMBER:
        spans = _of_the_unit(sentence, spans, question)
    if question.kind is Kind.DATE:
        spans = _of_the_grain([dates[span] for span in spans], question)
    if not spans:
        return None
    places = _word_places(sentence, question)
    if question.kind is Kind.OTHER and not any(
        max(span[0] - place[1], place[0] - span[1]) <= 4 for span in spans for _, found in places for place in found
    ):
        return None
    sort = _ASKED_SORT.search(question.text)

    def cost(span: Span) -> float:
        nearest = [min(_distance(sentence, span, place, after) for place in found) for after, found in places]
        distance = sum(min(found, _FAR) for found in nearest) / len(nearest) if nearest else float(span[0])
        text = sentence[slice(*span)]
        lead = _LEADS.get(question.kind)
        fits = lead is not None and lead.search(sentence[: span[0]]) is not None
        sorts = sort is not None and text.endswith(sort[1])
        # Another date is the likelier answer.
        vague = span in dates and dates[span].vague
        former = question.kind is Kind.NUMBER and _FORMER.search(sentence[: span[0]]) is not None
        return distance - _BONUS * (fits + sorts) + 2 * _BONUS * former + _FAR * vague

    return min(spans, key=cost)


def shared_words(question: Question, text: str) -> frozenset[str]:
    """Return the question's search words that also stand in a text."""
    return frozenset(question.words) & frozenset(search_words(text))


def _of_the_unit(sentence: str, spans: list[Span], question: Question) -> list[Span]:
    """Keep the numbers of the unit that is asked; all where the question does not tell, those with a unit first."""
    known = {(number.start, number.end): number for number in numbers(sentence)}
    found = {span: known[span] for span in spans}
    unit, measured = leading_unit(question.unit or "")
    if unit:
        same = next((units for units in _SAME_UNITS if unit in units), frozenset())
        # 厘米 answers for 米, 平方米 does not.
        own = [span for span, number in found.items() if number.unit.endswith(unit) and number.measure is measured]
        if own or (own := [span for span, number in found.items() if number.unit in same]):
            return own
    wanted = next((wanted for asked, wanted in _MEASURES if asked.search(question.text)), None)
    if wanted:
        return [span for span, number in found.items() if number.measure in wanted or number.unit in wanted]
    if unit:
        return []
    return [span for span in spans if not sentence[span[1] - 1].isdigit()] or spans


def _of_the_grain(dates: list[DateWords], question: Question) -> list[Span]:
    """Keep the dates that name what the question asks for: a year for 哪一年; for 几点 their time of day alone."""
    asked = next((grain for pattern, grain in _GRAINS if pattern.search(question.text)), None)
    if asked is Grain.HOUR:
        return [(words.clock, words.end) for words in dates if words.clock is not None]
    return [(words.start, words.end) for words in dates if asked is None or asked in words.grains]


def _word_places(sentence: str, question: Question) -> list[tuple[bool, list[Span]]]:
    """Find the question's words in a sentence: for each, whether it stands behind the asking word, and its places."""
    plain = fold(sentence)
    if len(plain) != len(sentence):
        plain = sentence.lower()
    asked = fold(question.text)
    turn = ASKED.search(asked)
    found = []
    for word in question.words:
        places = [match.span() for match in re.finditer(re.escape(word), plain)] if len(word) > 1 or word.isdigit() else []
        if places:
            found.append((turn is not None and asked.find(word) >= turn.start(), places))
    return found


def _distance(sentence: str, span: Span, place: Span, after: bool = False) -> float:
    """Count the characters between a span and a word, more for each comma.

    Answers keep the order of the question more often than not, so a word on the other side than asked is farther.
    """
    if span[0] < place[1] and place[0] < span[1]:
        return 0
    before = place[1] <= span[0]
    between = sentence[place[1] : span[0]] if before else sentence[span[1] : place[0]]
    stops = sum(map(between.count, "，,、")) + 4 * sum(map(between.count, "；;"))
    return (1.5 if after is before else 1) * (len(between) + 3 * stops)
