"""Which texts tell the same words, with numbers counted whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.matching import holds, same_words

OTHERS = [
    ("17例", "7例"),
    ("累计17例", "7例"),
    ("38亿元", "3.8亿元"),
    ("8亿元", "3.8亿元"),
    ("38亿元", "38"),
    ("12月3日", "2月3日"),
    ("3月13日", "3月1"),
    ("-3℃", "3℃"),
    ("最低气温-3℃", "3℃"),
    ("零下3度", "3度"),
    ("13%", "3%"),
    ("二十七例", "七例"),
    ("一百十五个", "五个"),
    ("1.7万", "7万"),
    ("1.5万", "5万"),
    ("2022年", "22年"),
    ("百分之七", "七"),
    ("7%", "7"),
    ("七成", "七"),
    ("100%", "1"),
    ("在一处", "100%"),
    ("7%", "0.07"),
    ("１７例", "７例"),
    ("13.8米", "3.8米"),
    ("3.8米", "38米"),
    ("7.5米", "7"),
    ("5,000人", "5"),
    ("5,000人", "000人"),
    ("几十人", "十人"),
    ("数百人", "百人"),
    ("十几户", "十户"),
    ("1亿3千万元", "3千万元"),
    ("18:30", "8:30"),
    ("0460-5550118", "5550118"),
]
TWINS = [
    ("累计7例", "7例"),
    ("7例", "7"),
    ("共3.8亿元", "3.8亿"),
    ("1,286", "1286"),
    ("1286米", "1,286米"),
    ("１２８６米", "1286米"),
    ("三亿二千万", "3.2亿"),
    ("三亿二千万人", "3.2亿"),
    ("二十七例", "27例"),
    ("两百人", "200人"),
    ("二〇二二年", "2022年"),
    ("百分之三十五", "35%"),
    ("七成", "70%"),
    ("三万五千元", "3.5万元"),
    ("2.50米", "2.5米"),
    ("30余户", "30多户"),
    ("12月3日", "3日"),
    ("二〇二四年3月14日（星期四）", "2024年3月14日"),
    ("第一中学", "一中"),
    ("3℃-5℃", "5℃"),
    ("3月-5月", "5月"),
    ("甲班-3人", "3人"),
    ("《砚溪日报》", "砚溪日报"),
    ("砚溪，大桥", "砚溪大桥"),
    ("閘門", "闸门"),
    ("ＡＢＣ", "abc"),
    ("04605550118", "0460-5550118"),
]


@pytest.mark.parametrize(("longer", "shorter"), OTHERS)
def test_a_number_is_not_told_by_a_part_of_it(longer: str, shorter: str) -> None:
    assert not same_words(longer, shorter)
    assert not same_words(shorter, longer)
    assert not holds(longer, shorter)


@pytest.mark.parametrize(("longer", "shorter"), TWINS)
def test_words_and_numbers_are_told_however_they_are_written(longer: str, shorter: str) -> None:
    assert same_words(longer, shorter)
    assert same_words(shorter, longer)
    assert holds(longer, shorter)


def test_no_words_are_held_by_all_and_are_the_same_as_none() -> None:
    assert holds("共7例", "")
    assert not same_words("共7例", "")
    assert not same_words("。", "！")


def test_a_text_holds_no_longer_one() -> None:
    assert not holds("7例", "累计7例")


@given(st.text())
def test_every_text_holds_itself(text: str) -> None:
    assert holds(text, text)
