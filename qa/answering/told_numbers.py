"""How print tells a number: what it counts, by which words of its clause, and whether it is a level, a change or a part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from embeddings.text.letters import fold
from embeddings.text.numbers import Measure, Number, numbers
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import clause_spans, sentence_spans

_BEHIND = re.compile(r"[多余]?(?P<words>[^\d\s]{0,6})")  # 多国 of 100多国
# 比前一天增加1825人, 新增3例, 多三百亩; 增加到8043人 and 最多30人 are levels.
_CHANGED = re.compile(
    r"(?:新增加?|增[加长多幅]?|减少?|下[降跌滑调]|上[升涨调]|回[落升]|提[高升]|降低?|扩大|缩小|(?<![最至更很不])[多少高低]|[涨跌])"
    r"(?:了|约|近|超过?|达)*$"
)
_PART = re.compile(r"其中")
# What is asked for is itself a change: 新增多少例, 比去年多了多少.
_CHANGE_ASKED = re.compile(
    r"新增|增[幅速]|[涨降跌]幅|(?:增加|减少|增长|下降|上升|上涨|下跌|提高|降低|回落|[多少高低涨跌降增减升快慢])了?(?:多少|几|百分之)"
)
_WORDS_BEFORE = 4  # search words in front of a number that say what it is a number of
# Words beside a number that say nothing of what it is: 总数已升至.
_SILENT = frozenset(
    """
    人数 数量 数字 总数 总量 总计 合计 共计 累计 一共 总共 达到 超过 突破 升至 增至 降至 上升 增加 增长 下降 减少 截至 目前
    最新 已经 至少 大约 左右 以上 多万 其中 造成 导致 上午 下午 当日 昨日 今日 昨天 今天 当天 日前 报告 表示 消息 公布 数据 显示
    同比 环比 前一天
    """.split()
)
_NO_NUMERAL = re.compile(r"^[^\d〇零一二三四五六七八九十百千万亿]")


class Role(StrEnum):
    """What a printed number is of that which it counts."""

    LEVEL = "level"
    CHANGE = "change"
    """By how much it rose or fell: 比前一天增加1825人."""
    PART = "part"
    """Of several of which the whole stands before: 其中5公里组4455人."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a printed number is worth, and what it counts."""

    value: Decimal | None
    """None where it cannot be told: 几十."""
    unit: str
    """With the words behind it: 人受伤; empty where there is none."""


@dataclass(frozen=True, slots=True)
class ToldNumber:
    """A number of a text, `text[start:end]`, as its clause tells it."""

    start: int
    end: int
    quantity: Quantity
    role: Role
    words: frozenset[str]
    """What it is a number of, in search words: 报名 of 报名人数升至8043人, 死亡 of 36人死亡."""


def quantity_of(text: str) -> Quantity | None:
    """Return what the number that ends a text is worth and counts; None where there is none."""
    text = fold(text)
    for number in numbers(text):
        behind = _BEHIND.fullmatch(text, number.end)
        if behind:
            return Quantity(number.value, _unit(number) + behind["words"])
    return None


def same_unit(unit: str, other: str) -> bool:
    """Say whether numbers count the same: 10.67亿 may be the 亿人 of the year before."""
    return unit == other or not unit or not other


def asks_for_change(question: str) -> bool:
    """Say whether a question asks by how much something changed."""
    return _CHANGE_ASKED.search(fold(question)) is not None


def told_numbers(body: str, start: int, end: int) -> Iterator[ToldNumber]:
    """Yield the numbers that the sentences within `body[start:end]` tell, in order."""
    for first, last in sentence_spans(body, start, end):
        sentence = fold(body[first:last])
        found = numbers(sentence)
        clauses = clause_spans(sentence, 0, len(sentence)) if found else []
        for place, number in enumerate(found):
            # A comma within 1,286 closes no clause.
            opened = max((clause for clause, _ in clauses if clause <= number.start), default=0)
            closed = min((clause for _, clause in clauses if clause >= number.end), default=len(sentence))
            if place:
                opened = max(opened, found[place - 1].end)
            if place + 1 < len(found):
                closed = min(closed, found[place + 1].start)
            before, behind = sentence[opened : number.start], sentence[number.end : closed]
            yield ToldNumber(
                first + number.start,
                first + number.end,
                Quantity(number.value, _unit(number)),
                _role(before, sentence[: number.start]),
                _words(number, before, behind),
            )


def told_as(body: str, quote: tuple[int, int], start: int, end: int) -> ToldNumber | None:
    """Return the first number that words of a quoted sentence hold, as its clause tells it; None where they hold none."""
    return next((one for one in told_numbers(body, *quote) if one.start < end and start < one.end), None)


def _unit(number: Number) -> str:
    """Return what a number counts, with that of which there is so much in each: 元/斤."""
    return number.unit.removeprefix("个") + (f"/{number.per}" if number.per else "")


def _role(before: str, sentence_before: str) -> Role:
    if _CHANGED.search(before):
        return Role.CHANGE
    return Role.PART if _PART.search(sentence_before) else Role.LEVEL


def _words(number: Number, before: str, behind: str) -> frozenset[str]:
    """Return what a number is of: people and things by the words behind it where there are any, else by those before."""
    # 36人死亡, but 用电量7222亿千瓦时同比增长.
    if number.measure in (None, Measure.PERSONS) and (words := _telling(behind)):
        return frozenset(words)
    return frozenset(_telling(before)[-_WORDS_BEFORE:])


def _telling(text: str) -> list[str]:
    return [word for word in search_words(text) if len(word) > 1 and word not in _SILENT and _NO_NUMERAL.match(word)]
