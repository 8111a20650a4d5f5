"""What a question asks for: its kind, what it counts, its words."""

from __future__ import annotations

import pytest

from qa.understanding.answer_kinds import Kind
from qa.understanding.question import understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("大橋什麼時候通車？", Kind.DATE),
        ("誰獲得了冠軍？", Kind.PERSON),
        ("終點站在哪裡？", Kind.PLACE),
        ("為什麼停水？", Kind.REASON),
    ],
)
def test_traditional_characters_ask_the_same(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("多少户企业停水？", "户"),
        ("昨天新增几例？", "例"),
        ("一共用了多少亿元？", "元"),
        ("种了多少万亩水田？", "亩"),
        ("今年下调几个百分点？", "个百分点"),
        ("第几届联赛？", "届"),
    ],
)
def test_what_is_counted_stands_behind_the_asking_word(text: str, unit: str) -> None:
    assert (understand(text).unit or "").startswith(unit)


@pytest.mark.parametrize("text", ["大桥多长？", "总额是多少？", "谁捐了钱？", "哪几户停水？"])
def test_where_nothing_counted_is_named_there_is_no_unit(text: str) -> None:
    assert understand(text).unit is None


def test_the_words_carry_the_subject_and_stand_once_in_order() -> None:
    words = understand("请问虹渡大桥的大桥主跨有多长？").words
    assert words == ("虹渡", "大桥", "主跨")


def test_the_text_is_kept_as_asked_without_blanks_around() -> None:
    assert understand(" 大橋幾時通車？\n").text == "大橋幾時通車？"


@pytest.mark.parametrize("text", ["", "？", "😀", "什么时候"])
def test_a_question_may_hold_no_word_at_all(text: str) -> None:
    assert understand(text).words == ()


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("市一院的体检人数有什么变化？", "市一院的体检人数是多少？"),
        ("这几年全市高考报名人数有什么变化？", "这几年全市高考报名人数是多少？"),
        ("卧虹水库的蓄水量发生了什么变化", "卧虹水库的蓄水量是多少？"),
        ("这几年的票房走势怎么样？", "这几年的票房是多少？"),
        ("灯会的客流人数是怎么涨上去的？要各个时间点的数", "灯会的客流人数是多少？"),
        ("灯会三天门票收入滚到多少了？历次数字", "灯会三天门票收入滚到多少了？"),
        ("报出来的受灾人数先后是多少？", "受灾人数是多少？"),
        ("受灾人数怎么一天天往上涨的？", "受灾人数是多少？"),
        ("灯会的游客一步步涨到了多少？", "灯会的游客涨到了多少？"),
        ("2023年2月到10月，每个月用了多少电？", "2023年2月到10月用了多少电？"),
        ("接种人数，几次报道各是多少？", "接种人数是多少？"),
    ],
)
def test_how_a_number_changed_is_asked_as_the_number(asked: str, understood: str) -> None:
    question = understand(asked)
    assert (question.text, question.kind, question.series) == (understood, Kind.NUMBER, True)


@pytest.mark.parametrize(
    "text",
    [
        "水库每年能多发多少电？",
        "灯会期间铁路平均每天送走多少人？",
        "砚溪先后派出多少支医疗队？",
        "补助涨到每人每年多少？",
        "每户每月最多扣多少钱？",
    ],
)
def test_a_rate_is_no_series(text: str) -> None:
    assert not understand(text).series
