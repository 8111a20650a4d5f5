"""Questions over several things, asked as one question for each."""

from __future__ import annotations

from datetime import date

import pytest

from qa.understanding.comparison import Form, find_comparison
from qa.understanding.date_constraints import parse_date_constraints


def asked(question: str) -> tuple[Form, tuple[str, ...]] | None:
    days = parse_date_constraints(question, date(2025, 6, 1), date(2022, 1, 1), date(2025, 6, 1))
    found = find_comparison(question, days)
    return (found.form, found.questions) if found else None


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("10公里组和5公里组的起点分别设在哪里？", ("10公里组的起点设在哪里？", "5公里组的起点设在哪里？")),
        ("4月1日包菜和豆角各卖多少？", ("4月1日包菜卖多少？", "4月1日豆角卖多少？")),
        ("温玉衡和迟文达分别是什么职务", ("温玉衡是什么职务", "迟文达是什么职务")),
        ("市区和郊区最低气温分别是多少", ("市区最低气温是多少", "郊区最低气温是多少")),
        ("墨池区、南渡区和白芷县各有多少所学校？", ("墨池区有多少所学校？", "南渡区有多少所学校？", "白芷县有多少所学校？")),
        ("《渠水谣》和《砚边灯》的票房分别是多少", ("《渠水谣》的票房是多少", "《砚边灯》的票房是多少")),
        ("2023年和2024年粮食产量分别是多少？", ("2023年粮食产量是多少？", "2024年粮食产量是多少？")),
        ("3月12日和13日的报名人数各是多少？", ("3月12日的报名人数是多少？", "3月13日的报名人数是多少？")),
    ],
)
def test_one_answer_for_each_is_asked_by_one_question_for_each(question: str, parts: tuple[str, ...]) -> None:
    assert asked(question) == (Form.EACH, parts)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("石沟矿和东峪矿哪个产煤多？", ("石沟矿产煤多少？", "东峪矿产煤多少？")),
        ("环湖跑5公里组和10公里组哪个报名的人多？", ("环湖跑5公里组报名的人有多少？", "环湖跑10公里组报名的人有多少？")),
        ("墨池区和白芷县接种率哪个更高？", ("墨池区接种率是多少？", "白芷县接种率是多少？")),
        ("虹渡大桥和铁南大桥哪座更长？", ("虹渡大桥多长？", "铁南大桥多长？")),
        ("虹渡大桥长还是铁南大桥长？", ("虹渡大桥多长？", "铁南大桥多长？")),
        ("石沟矿还是东峪矿产煤多？", ("石沟矿产煤多少？", "东峪矿产煤多少？")),
    ],
)
def test_which_is_more_is_asked_by_how_much_each_is(question: str, parts: tuple[str, ...]) -> None:
    assert asked(question) == (Form.WHICH, parts)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("石沟矿比东峪矿多产煤多少吨？", ("石沟矿产煤多少吨？", "东峪矿产煤多少吨？")),
        ("墨池区的接种率比白芷县高多少？", ("墨池区的接种率是多少？", "白芷县的接种率是多少？")),
        ("2024年的报名人数比2023年多多少？", ("2024年的报名人数是多少？", "2023年的报名人数是多少？")),
        ("报名人数比去年同期多多少？", None),
        ("用电量比前一天多百分之几？", None),
    ],
)
def test_a_difference_is_asked_by_both_figures(question: str, parts: tuple[str, ...] | None) -> None:
    assert asked(question) == (parts and (Form.DIFFERENCE, parts))


@pytest.mark.parametrize(
    "question",
    [
        "大桥和引桥什么时候通车？",
        "各区县接种率是多少？",
        "两个区各有几个高风险区？",
        "鹭咀大桥两头分别在哪里？",
        "和田的玉器比赛谁赢了？",
        "环湖跑有多少人报名？",
        "谁和谁分别是什么职务？",
        "",
    ],
)
def test_other_questions_are_asked_as_they_are(question: str) -> None:
    assert asked(question) is None
