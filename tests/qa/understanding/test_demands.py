"""What a question plainly demands, and which words of print are of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.understanding.demands import Told
from qa.understanding.question import understand


def asked(question: str) -> list[str]:
    return [demand.name for demand in understand(question).demands]


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("clock", ("几点开闸？", "閘門幾點鐘開？", "水到几点停", "得多早去排队", "What time do the gates open?")),
        ("year", ("大桥是哪一年修的？", "哪年通的车", "几几年发的大水", "In which year did the bridge open?")),
        ("day", ("哪天开闸？", "报名截止几号", "哪几天停水", "What date was the fair?")),
        ("money", ("修桥花了多少钱？", "一斤几块钱", "鸡蛋啥价", "How much did the bridge cost?")),
        ("share", ("百分之几的居民同意？", "涨了几成", "女队员占多大比例", "What percentage agreed?")),
        ("persons", ("来了几个人？", "家里几口", "伤了多少人", "How many people were hurt?")),
        ("length", ("渠有多长？", "闸门多宽", "How wide is the gate?")),
        ("area", ("水库多大面积", "种了多少亩")),
        ("weight", ("那条鱼多重", "收了多少吨粮")),
        ("rank", ("县队得了第几", "水产量排第几？")),
        ("phone", ("热线电话是多少？", "报修打哪个号")),
        ("post", ("闻岳舟是干啥的", "沈砚什么职务？", "What post does Wen hold?")),
        ("organisation", ("路灯归谁管", "哪家单位修的桥", "Which company built it?")),
        ("reason", ("为啥停水", "停水咋回事", "什么缘故没来", "Why was the water cut off?")),
    ],
)
def test_everyday_and_english_questions_make_the_demand(name: str, questions: tuple[str, ...]) -> None:
    for question in questions:
        assert name in asked(question), question


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("clock", "市长提了哪几点要求？"),
        ("clock", "市长提了几点建议？"),
        ("money", "队里拿了几块金牌？"),
        ("duration", "这几年修了哪些路？"),
        ("temperature", "水站一年发多少度电？"),
        ("persons", "来了多少人次？"),
    ],
)
def test_words_that_ask_for_something_else_do_not_make_it(name: str, question: str) -> None:
    assert name not in asked(question)


@pytest.mark.parametrize(
    ("question", "meets", "fails"),
    [
        ("几点开闸？", ["上午9时", "8:30", "下午三時"], ["两孔", "3月5日", "48人"]),
        ("哪一年修的？", ["1998年", "去年"], ["8时30分", "37%"]),
        ("哪天开的？", ["3月5日", "昨日", "周三"], ["1200元", "37%"]),
        ("花了多少钱？", ["8.9亿元", "三角五分钱", "免费"], ["37%", "1286米", "3月5日上午"]),
        ("占几成？", ["37%", "百分之三十五", "三成"], ["8.9亿元", "1286米"]),
        ("来了几个人？", ["二十三名", "无一人"], ["37%", "8.9亿元"]),
        ("打哪个号？", ["0460-5550118", "12345"], ["昨日", "两孔"]),
        ("谁修的？", ["沈砚", "路桥公司"], ["3月5日", "8.9亿元"]),
        ("归谁管？", ["水务局"], ["37%", "闻岳舟"]),
        ("为什么停水？", ["管道破裂"], ["37%", "3月5日上午"]),
    ],
)
def test_words_of_another_kind_do_not_meet_it(question: str, meets: list[str], fails: list[str]) -> None:
    for text in meets + fails:
        told = Told.of(text, 0, len(text))
        assert any(demand.met(told) for demand in understand(question).demands) is (text in meets), text


def test_an_english_question_demands_what_it_says_and_not_what_its_chinese_words_do() -> None:
    question = replace(understand("人 受伤"), foreign="How many people were hurt?")
    assert [demand.name for demand in question.demands] == ["persons"]


def test_a_unit_behind_the_words_counts_and_a_finer_demand_comes_before_a_number() -> None:
    told = Told.of("总投资8.9亿元。", 3, 6)
    assert (told.text, told.with_unit) == ("8.9", "8.9亿元。")
    assert asked("修桥花了多少钱？") == ["money"]
    assert asked("罚了多少？") == ["number"]
    assert asked("大桥怎么样？") == []
