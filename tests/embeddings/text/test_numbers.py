"""The numbers of a text, their values and their units."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.numbers import Measure, leading_unit, numbers, whole

PIECES = (
    *"0189０９零〇○一两二九十百千万亿半点几多余数第成个人名元米年℃%％‰-－−,，.．/每:：分秒日②㊿½²³٣۵௧Ⅷ㈢廿 a。",
    "百分之",
    "千分之",
    "零下",
    "小时",
    "分钟",
    "个半小时",
    "千瓦时",
    "1,286",
    "0460-5550118",
    "12345678901234567890123",
    "一二三四五六七八九一二三四五六七八九一二三",
)


@pytest.mark.parametrize(
    ("text", "words", "value", "unit", "measure"),
    [
        ("全长1,286米。", "1,286米", "1286", "米", Measure.LENGTH),
        ("全长１２８６．５米。", "１２８６．５米", "1286.5", "米", Measure.LENGTH),
        ("共三十二人。", "三十二人", "32", "人", Measure.PERSONS),
        ("招聘12名。", "12名", "12", "人", Measure.PERSONS),
        ("百分之三十五的人", "百分之三十五", "35", "%", Measure.SHARE),
        ("占35％。", "35％", "35", "%", Measure.SHARE),
        ("不到千分之四。", "千分之四", "4", "‰", Measure.SHARE),
        ("约七成。", "七成", "7", "成", Measure.SHARE),
        ("升0.3个百分点。", "0.3个百分点", "0.3", "百分点", Measure.SHARE),
        ("投资3.2亿元。", "3.2亿元", "320000000", "元", Measure.MONEY),
        ("投资1亿3千万元。", "1亿3千万元", "130000000", "元", Measure.MONEY),
        ("投资三点五万美元。", "三点五万美元", "35000", "美元", Measure.MONEY),
        ("三千多万元。", "三千多万元", "30000000", "元", Measure.MONEY),
        ("30余户。", "30余户", "30", "户", None),
        ("3年多。", "3年多", "3", "年", Measure.DURATION),
        ("一个半小时。", "一个半小时", "1.5", "小时", Measure.DURATION),
        ("半年。", "半年", "0.5", "年", Measure.DURATION),
        ("31分46秒。", "31分46秒", "1906", "秒", Measure.DURATION),
        ("2小时30分。", "2小时30分", "150", "分钟", Measure.DURATION),
        ("5公顷。", "5公顷", "5", "公顷", Measure.AREA),
        ("60周岁。", "60周岁", "60", "岁", Measure.AGE),
        ("两吨。", "两吨", "2", "吨", Measure.WEIGHT),
        ("120万千瓦。", "120万千瓦", "1200000", "千瓦", Measure.POWER),
        ("-3℃。", "-3℃", "-3", "℃", Measure.TEMPERATURE),
        ("零下三度。", "零下三度", "-3", "度", Measure.DEGREES),
        ("2元/斤。", "2元/斤", "2", "元", Measure.MONEY),
        ("值四萬五千餘圓。", "四萬五千餘圓", "45000", "元", Measure.MONEY),
        ("售八元二角五分。", "八元二角五分", "8.25", "元", Measure.MONEY),
        ("船票五角五分。", "五角五分", "0.55", "元", Measure.MONEY),
        ("實付叁佰貳拾伍圓正。", "叁佰貳拾伍圓", "325", "元", Measure.MONEY),
        ("计三百廿四人。", "三百廿四人", "324", "人", Measure.PERSONS),
        ("卅六畝。", "卅六畝", "36", "亩", Measure.AREA),
        ("水深二尺八寸。", "二尺八寸", "2.8", "尺", Measure.LENGTH),
        ("坝高五丈一尺。", "五丈一尺", "51", "尺", Measure.LENGTH),
        ("第三届。", "第三届", "3", "届", None),
        ("几十人。", "几十人", None, "人", Measure.PERSONS),
        ("数百人。", "数百人", None, "人", Measure.PERSONS),
        ("总数十万人。", "十万人", "100000", "人", Measure.PERSONS),
        ("十几万人。", "十几万人", None, "人", Measure.PERSONS),
        ("二三十人。", "二三十人", None, "人", Measure.PERSONS),
        ("12345678901234567890个。", "12345678901234567890个", "12345678901234567890", "个", None),
        ("热线0460-5550118。", "0460-5550118", None, "", Measure.PHONE),
        ("热线13805550118。", "13805550118", "13805550118", "", Measure.PHONE),
        ("三亿二千万", "三亿二千万", "320000000", "", None),
        ("三·", "三", "3", "", None),
    ],
)
def test_a_number_has_its_value_and_unit(text: str, words: str, value: str | None, unit: str, measure: Measure | None) -> None:
    (number,) = numbers(text)
    assert (text[number.start : number.end], number.unit, number.measure) == (words, unit, measure)
    assert number.value == (None if value is None else Decimal(value))


def test_the_numbers_of_a_sentence_stand_in_order_with_where_their_units_begin() -> None:
    text = "约30多户、二百人。"
    told = [(text[one.start : one.unit_start], text[one.unit_start : one.end], one.open) for one in numbers(text)]
    assert told == [("30多", "户", True), ("二百", "人", False)]


def test_a_rate_tells_of_what_each_has_so_much() -> None:
    assert [(one.unit, one.per) for one in numbers("2元/斤，12立方米每秒，8斤")] == [("元", "斤"), ("立方米", "秒"), ("斤", "")]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("一百十五", 115),
        ("一千零五", 1005),
        ("二百五", 250),
        ("三万五", 35_000),
        ("三万零五", 30_005),
        ("三亿五千万", 350_000_000),
        ("两万亿", 2_000_000_000_000),
        ("一二三", 123),
        ("二〇一九", 2019),
        ("一九八○", 1980),
        ("42", 42),
        ("5千万", 50_000_000),
        ("亿万", None),
        ("十百", None),
        ("二三十", None),
        ("万万", None),
        ("3.5", None),
    ],
)
def test_whole_numerals_are_read(numeral: str, value: int | None) -> None:
    assert whole(numeral) == value


@pytest.mark.parametrize("text", ["②", "㊿", "½", "m²", "٣٤", "Ⅷ", "", "大雁北飞"])
def test_other_signs_are_no_numbers(text: str) -> None:
    assert numbers(text) == ()


def test_the_unit_that_words_begin_with() -> None:
    assert leading_unit("户企业") == ("户", None)
    assert leading_unit("个小时") == ("小时", Measure.DURATION)
    assert leading_unit("大桥") == ("", None)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_read_numbers_lie_within_it_and_apart(text: str) -> None:
    end = 0
    for number in numbers(text):
        assert end <= number.start < number.unit_start <= number.end <= len(text)
        assert number.value is None or number.value.is_finite()
        end = number.end


@given(st.integers(1, 99_999_999), st.booleans())
def test_a_whole_number_is_read_as_written(value: int, grouped: bool) -> None:
    (number,) = numbers(f"共{value:,}个" if grouped else f"共{value}个")
    assert (number.value, number.unit) == (value, "个")


@pytest.mark.parametrize(
    "pattern",
    [
        *("万", "1", "十", "百分之", "零", "半", "几", "第", "1,111", "1.1", "1万", "三点", "三多", "多", "-1", "零下"),
        *("1小时", "1分", "111-", "个半", "千瓦", "数百", "1亿多", "三/每"),
    ],
)
def test_the_time_grows_with_the_length_alone(pattern: str) -> None:
    def seconds(times: int) -> float:
        def once() -> float:
            started = time.thread_time()
            numbers(pattern * times)
            return time.thread_time() - started

        return min(once() for _ in range(3))

    # Eight times as long takes about eight times as much; in quadratic time it would be 64 times as much.
    assert seconds(16_000) < 30 * seconds(2_000) + 0.01
