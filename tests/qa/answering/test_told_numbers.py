"""How print tells a number: its unit, its role and the words of what it is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.answering.told_numbers import Quantity, Role, asks_for_change, quantity_of, told_as, told_numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("三十二人", 32, "人"), ("百分之三十五", 35, "%"), ("3731万立方米", 37310000, "立方米"), ("1.2万个", 12000, ""),
        ("12人受伤", 12, "人受伤"), ("几十人", None, "人"), ("2元/斤", 2, "元/斤"),
    ],
)  # fmt: skip
def test_a_quantity_has_its_value_and_what_it_counts(text: str, value: int | None, unit: str) -> None:
    assert quantity_of(text) == Quantity(None if value is None else Decimal(value), unit)


def test_a_text_without_a_number_is_no_quantity() -> None:
    assert quantity_of("国庆节前") is None


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("截至12日，报名人数升至8043人", Role.LEVEL),
        ("报名人数增加到8043人", Role.LEVEL),
        ("比前一天增加1825人", Role.CHANGE),
        ("一下子增加了2343人", Role.CHANGE),
        ("当日新增37例", Role.CHANGE),
        ("比去年多三百亩", Role.CHANGE),
        ("最多300人", Role.LEVEL),
        ("共有报名者，其中5公里组4455人", Role.PART),
    ],
)
def test_a_number_is_a_level_a_change_or_a_part(sentence: str, role: Role) -> None:
    *_, number = told_numbers(sentence, 0, len(sentence))
    assert number.role is role


@pytest.mark.parametrize(
    ("sentence", "told", "word"),
    [
        ("山火已致36人死亡、18人失踪。", "36人", "死亡"),
        ("山火已致36人死亡、18人失踪。", "18人", "失踪"),
        ("遇难人数升至55人，仍有3人失踪。", "55人", "遇难"),
        ("水库蓄水量为3,860万立方米，比去年少。", "3,860万立方米", "蓄水量"),
    ],
)
def test_the_words_of_its_clause_say_what_a_number_is_of(sentence: str, told: str, word: str) -> None:
    start = sentence.index(told)
    number = told_as(sentence, (0, len(sentence)), start, start + len(told))
    assert number is not None
    assert word in number.words
    assert sentence[number.start : number.end] == told


@pytest.mark.parametrize(
    ("question", "change"),
    [
        ("每天新增多少例？", True),
        ("比去年多了多少？", True),
        ("用电量增长百分之几？", True),
        ("报名人数是怎么一天天上升的？", False),
        ("蓄水量是多少？", False),
    ],
)
def test_some_questions_ask_for_the_change(question: str, change: bool) -> None:
    assert asks_for_change(question) is change
