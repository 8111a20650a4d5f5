"""Who says what in an article, and whose words a question asks for."""

from __future__ import annotations

import pytest

from qa.reading.attribution import AskedSpeech, asked_speech, speech_fit, speeches
from qa.understanding.entities import find_people
from qa.understanding.question import understand

BODY = (
    "市长闻岳舟到松烟县调研。他强调，水是春耕的命脉。“渠尾的田一样要保。”闻岳舟说。"
    "管理处主任郗春生介绍，水库少水。居民习桂香每天坐轮渡。她说，单程四十分钟，“等桥通了，骑车就到”。"
    "岑立桥告诉记者：“气温很要紧。夜里吊装。”众人散去。小说《名称》出版。"
)


def fit(question: str, words: str) -> float | None:
    asked = asked_speech(understand(question))
    assert asked is not None
    start = BODY.index(words)
    return speech_fit(asked, BODY, speeches(BODY), start, start + len(words))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("闻岳舟说了什么？", AskedSpeech(("闻岳舟",), "")),
        ("闻岳舟对用水怎么说？", AskedSpeech(("闻岳舟",), "")),
        ("水务局怎么评价水库？", AskedSpeech(("水务局",), "")),
        ("市长有什么看法？", AskedSpeech(("市长",), "")),
        ("谁说“等桥通了，骑车就到”？", AskedSpeech((), "等桥通了，骑车就到")),
        ("“夜里吊装”这话是谁说的？", AskedSpeech((), "夜里吊装")),
        ("谁说水库少水？", AskedSpeech((), "水库少水")),
        ("他还说了什么？", None),
        ("大桥是谁设计的？", None),
        ("大桥通车了吗？", None),
    ],
)
def test_whose_words_are_asked_for(question: str, asked: AskedSpeech | None) -> None:
    assert asked_speech(understand(question)) == asked


@pytest.mark.parametrize(
    ("question", "words", "expected"),
    [
        ("闻岳舟说了什么？", "水是春耕的命脉", 1.0),
        ("闻岳舟说了什么？", "渠尾的田一样要保", 1.0),
        ("闻岳舟说了什么？", "水库少水", None),
        ("习桂香怎么说？", "单程四十分钟", 1.0),
        ("习桂香怎么说？", "每天坐轮渡", None),
        ("岑立桥说了什么？", "夜里吊装", 1.0),
        ("岑立桥说了什么？", "众人散去", None),
        ("谁说“夜里吊装”？", "岑立桥", 1.0),
        ("谁说“夜里吊装”？", "闻岳舟", 0.0),
        ("谁说“轮船进港”？", "闻岳舟", None),
        ("水库少水是谁说的？", "郗春生", 1.0),
    ],
)
def test_a_span_fits_where_that_person_speaks(question: str, words: str, expected: float | None) -> None:
    assert fit(question, words) == expected


def test_a_noun_with_such_a_character_says_nothing() -> None:
    assert [BODY[speech.start : speech.end] for speech in speeches("小说《名称》出版，据传说明清就有职称。")] == []


def test_each_saying_ends_with_its_own_mark() -> None:
    body = "尉迟安说：“坝很稳。”众人散去。闻岳舟表示，水位在降。郗春生称：「还要再看」。桥通了。岑立桥认为“不急”。"
    assert [body[one.start : one.end] for one in speeches(body)] == ["坝很稳。", "水位在降。", "还要再看", "不急"]


def test_a_name_with_two_dots_is_one_name() -> None:
    sentence = "约翰·保罗·琼斯来到砚溪。"
    assert [sentence[start:end] for start, end in find_people(sentence)] == ["约翰·保罗·琼斯"]
