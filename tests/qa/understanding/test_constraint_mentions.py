from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.understanding.constraint_mentions import ConstraintMention, find_constraint_mentions
from qa.understanding.date_constraints import NO_DATES, parse_date_constraints

TODAY = date(2024, 3, 18)


def named_on_the_day(question: str) -> tuple[ConstraintMention, ...]:
    return find_constraint_mentions(question, parse_date_constraints(question, TODAY, date(2024, 3, 1), TODAY))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("3月17日早上卧虹水库还有多少水?", [("time", "3月17日")]),
        ("虹渡大桥什么时候能正式通车?", [("place", "虹渡大桥")]),
        ("去年灯笼巷的路灯坏了多少盏?", [("time", "去年"), ("place", "灯笼巷")]),
        ("大桥有多长?", []),  # a place, though none by name
        ("捡到两万三千元的环卫工人叫什么?", []),
        ("", []),
    ],
)
def test_times_and_places_are_named_in_the_words_of_the_question(question: str, named: list[tuple[str, str]]) -> None:
    assert [(part.sort, part.text) for part in named_on_the_day(question)] == named


def test_a_time_tells_the_days_it_means() -> None:
    (part,) = named_on_the_day("上个月下了多少雨?")
    assert part.days is not None
    assert (part.days.first, part.days.last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_only_times_that_are_asked_for_are_named() -> None:
    assert find_constraint_mentions("3月17日下了多少雨?", NO_DATES) == ()


_WORDS = st.sampled_from(["3月17日", "去年", "灯笼巷", "砚溪市", "的", "水库", "𠮷", " ", "?", "1"])


@given(st.lists(_WORDS, max_size=8).map("".join))
def test_each_part_and_what_surrounds_it_are_the_question(question: str) -> None:
    parts = named_on_the_day(question)
    assert all(part.before + part.text + part.after == question for part in parts)
    ends = [(len(part.before), len(part.before) + len(part.text)) for part in parts]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
