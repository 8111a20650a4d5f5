"""The other spelling of numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.numerals import in_digits, twins


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("三亿二千万人", ["3.2"]),
        ("三亿一千四百万人次", ["3.14"]),
        ("两万三千元", ["2.3"]),
        ("二〇一九年", ["2019", "2019"]),
        ("百分之五", ["5%"]),
        ("百分之八十七点三三的票", ["87.33%"]),
        ("四百二十台", ["420"]),
        ("一千零五人", ["1005"]),
        ("改造42个小区", ["四十二"]),
        ("15户", ["十五"]),
        ("2024年12月10日9.5%", []),
        ("大桥通车", []),
    ],
)
def test_numbers_have_a_twin(text: str, words: list[str]) -> None:
    assert list(twins(text)) == words


@given(st.text() | st.text(alphabet="零〇一二两三四五六七八九十百千万亿点分之年0123456789%."))
def test_no_text_is_too_strange(text: str) -> None:
    assert all(word and " " not in word for word in twins(text))
    assert in_digits(text, lambda word: False) == text
    in_digits(text, lambda word: True)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("以百分之八十七点三三的得票率连任的是谁？", "以87.33%的得票率连任的是谁？"),
        ("二〇二三年卖出三亿二千万张票？", "2023年卖出3.2亿张票？"),
        ("哪家公司赚了两万三千元？", "哪家公司赚了2.3万元？"),
        ("三一重工在十一届三中全会那年有多少人？", "三一重工在十一届三中全会那年有多少人？"),
        ("大桥多长？", "大桥多长？"),
    ],
)
def test_a_question_is_told_in_digits(question: str, told: str) -> None:
    assert in_digits(question, lambda word: True) == told


def test_numbers_stay_as_asked_where_print_does_not_hold_their_digits() -> None:
    held = {"2023"}.__contains__
    assert in_digits("二〇二三年的百分之五是多少？", held) == "2023年的百分之五是多少？"
