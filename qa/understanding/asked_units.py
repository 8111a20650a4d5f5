"""Which of the numbers and dates in a sentence a question can mean: those of its unit, its measure, its grain."""

from __future__ import annotations

import re
from typing import Protocol

from embeddings.dates.date_words import Grain
from embeddings.text.numbers import Measure, leading_unit, numbers
from qa.understanding.asking_words import CLOCK_ASKED
from qa.understanding.entities import Offsets, candidate_dates

# What a question measures that names no unit: 多少钱 asks for money, 多久 for a length of time.
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
# Units that print gives for one another: 12位老人 answers 多少人.
_SAME_UNITS = tuple(
    frozenset(units.split()) for units in ("人 位 口 例", "天 日 工作日", "块 元", "家 户 所 座", "次 场 届", "台 部 架 辆")
)
# How fine a time is asked for: 几点开闸 for an hour.
_GRAINS = tuple(
    (re.compile(asked), grain)
    for asked, grain in (
        (rf"{CLOCK_ASKED}|几时|多早", Grain.HOUR),
        (r"哪一?年|年份", Grain.YEAR),
        (r"哪个?月|几月", Grain.MONTH),
        (r"哪一?[天日]|几[日号]", Grain.DAY),
    )
)


class Asked(Protocol):
    """What a question says of its answer, as far as those who look for spans need it."""

    @property
    def text(self) -> str:
        """Return the question."""
        ...

    @property
    def unit(self) -> str | None:
        """Return the words that begin with the unit of what it counts: 户企业."""
        ...


def of_asked_unit(sentence: str, spans: list[Offsets], asked: Asked) -> list[Offsets]:
    """Keep the numbers of the unit that is asked; all where the question does not tell, those with a unit first."""
    known = {(number.start, number.end): number for number in numbers(sentence)}
    found = {span: known[span] for span in spans}
    unit, measured = leading_unit(asked.unit or "")
    if unit:
        same = next((units for units in _SAME_UNITS if unit in units), frozenset())
        # 厘米 answers for 米, 平方米 does not.
        own = [span for span, number in found.items() if number.unit.endswith(unit) and number.measure is measured]
        if own or (own := [span for span, number in found.items() if number.unit in same]):
            return own
    wanted = next((wanted for pattern, wanted in _MEASURES if pattern.search(asked.text)), None)
    if wanted:
        return [span for span, number in found.items() if number.measure in wanted or number.unit in wanted]
    if unit:
        return []
    return [span for span in spans if not sentence[span[1] - 1].isdigit()] or spans


def of_asked_grain(sentence: str, spans: list[Offsets], asked: Asked) -> list[Offsets]:
    """Keep the dates that name what the question asks for: a year for 哪一年; for 几点 their time of day alone."""
    known = {(words.start, words.end): words for words in candidate_dates(sentence)}
    dates = [known[span] for span in spans]
    wanted = next((grain for pattern, grain in _GRAINS if pattern.search(asked.text)), None)
    if wanted is Grain.HOUR:
        return [(words.clock, words.end) for words in dates if words.clock is not None]
    return [(words.start, words.end) for words in dates if wanted is None or wanted in words.grains]


def printed_unit(number: str) -> str:
    """Return the unit of a number as it is printed, that of 百分之五 as %; empty where there is not one number."""
    read = numbers(number)
    if len(read) != 1:
        return ""
    printed = number[read[0].unit_start : read[0].end]
    return printed.removesuffix("多") or read[0].unit
