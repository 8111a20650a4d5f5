"""The days a text names are read against the day its issue was printed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.dates.festivals import FESTIVALS
from embeddings.dates.mentions import chunk_days, event_dates, mentions
from embeddings.dates.patterns import readable
from embeddings.dates.periods import months_of, part_of_month
from embeddings.records import Chunk, Days, Precision

PRINTED = date(2021, 1, 21)  # a Thursday
DAY, WEEK, TEN_DAYS, MONTH, QUARTER, HALF_YEAR, YEAR, FESTIVAL, LOOSE = Precision


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1月19日,累计确诊7例。", [date(2021, 1, 19)]),
        ("2020年12月3日开工", [date(2020, 12, 3)]),
        ("截至２０２１年１月１９日", [date(2021, 1, 19)]),
        ("12月30日", [date(2020, 12, 30)]),
        ("去年1月30日", [date(2020, 1, 30)]),
        ("今年12月30日", [date(2021, 12, 30)]),
        ("明年2月1日", [date(2022, 2, 1)]),
        ("昨日、昨天和昨晚", [date(2021, 1, 20)]),
        ("前天下雪,今日放晴,明天有风", [date(2021, 1, 19), date(2021, 1, 21), date(2021, 1, 22)]),
        ("1月20号,昨日,1月18日", [date(2021, 1, 20), date(2021, 1, 18)]),
        ("2月30日和13月1日", []),
        ("2019年2月29日", []),
        ("2020年2月29日", [date(2020, 2, 29)]),
        ("2月29日", [date(2020, 2, 29)]),
        ("1月3日至5日", [date(2021, 1, 3), date(2021, 1, 5)]),
        ("近日,年内,3.5元,2021年,上周,春节期间,10月下旬", []),
        ("", []),
    ],
    ids=[
        *("no year", "full", "full width", "the year before", "last year", "this year", "next year", "one day, three words"),
        *("relative", "each once, in order", "no such day", "no such leap day", "leap day", "nearest leap day"),
        *("both ends of a range", "no day", "empty"),
    ],
)
def test_days_are_read_against_the_issues_date(text: str, days: list[date]) -> None:
    assert event_dates(text, PRINTED) == tuple(days)


@pytest.mark.parametrize(
    ("sentence", "words", "first", "last", "precision"),
    [
        # Days
        ("1月19日，砚溪市累计接种7人。", "1月19日", "2021-01-19", "2021-01-19", DAY),
        ("石碑立于二〇一九年三月五日。", "二〇一九年三月五日", "2019-03-05", "2019-03-05", DAY),
        ("章程自二○二○年十二月三十一日起施行。", "二○二○年十二月三十一日", "2020-12-31", "2020-12-31", DAY),
        ("据２０２１年１月１９日通报，", "２０２１年１月１９日", "2021-01-19", "2021-01-19", DAY),
        ("公示期自2021-01-19起。", "2021-01-19", "2021-01-19", "2021-01-19", DAY),
        ("照片摄于2021.1.19。", "2021.1.19", "2021-01-19", "2021-01-19", DAY),
        ("（2021/1/19更新）", "2021/1/19", "2021-01-19", "2021-01-19", DAY),
        ("他98年7月3日进厂。", "98年7月3日", "1998-07-03", "1998-07-03", DAY),
        ("大桥今年9月1日通车。", "今年9月1日", "2021-09-01", "2021-09-01", DAY),
        ("本月19日举行。", "本月19日", "2021-01-19", "2021-01-19", DAY),
        ("上月25日动工。", "上月25日", "2020-12-25", "2020-12-25", DAY),
        ("下个月3日开课。", "下个月3日", "2021-02-03", "2021-02-03", DAY),
        ("大前天起雾。", "大前天", "2021-01-18", "2021-01-18", DAY),
        ("后天有雪。", "后天", "2021-01-23", "2021-01-23", DAY),
        ("三天前的集市", "三天前", "2021-01-18", "2021-01-18", DAY),
        ("上周五，市长到水库调研。", "上周五", "2021-01-15", "2021-01-15", DAY),
        ("本周三放水。", "本周三", "2021-01-20", "2021-01-20", DAY),
        ("下星期一开学。", "下星期一", "2021-01-25", "2021-01-25", DAY),
        ("上周日闭馆。", "上周日", "2021-01-17", "2021-01-17", DAY),
        ("截至今天，水库蓄水三万方。", "今天", "2021-01-21", "2021-01-21", DAY),
        ("渡口附近19日起雾。", "19日", "2021-01-19", "2021-01-19", DAY),
        ("19日前后有雪。", "19日", "2021-01-19", "2021-01-19", DAY),
        ("村民老多1月19日返乡。", "1月19日", "2021-01-19", "2021-01-19", DAY),
        # Days in a row
        ("1月18日至今天停水。", "1月18日至今天", "2021-01-18", "2021-01-21", DAY),
        ("灯会1月3日至5日举行。", "1月3日至5日", "2021-01-03", "2021-01-05", DAY),
        ("10月1日-7日放假。", "10月1日-7日", "2020-10-01", "2020-10-07", DAY),
        ("1月3—5日停水。", "1月3—5日", "2021-01-03", "2021-01-05", DAY),
        ("1月18、19日停水。", "1月18、19日", "2021-01-18", "2021-01-19", DAY),
        ("3日至5日停水。", "3日至5日", "2021-01-03", "2021-01-05", DAY),
        ("12月30日至1月3日休市。", "12月30日至1月3日", "2020-12-30", "2021-01-03", DAY),
        ("1月18日8时至19日8时，雨量27毫米。", "1月18日8时至19日", "2021-01-18", "2021-01-19", DAY),
        ("19日晚到今天凌晨，", "19日晚到今天", "2021-01-19", "2021-01-21", DAY),
        ("2020年12月31日至2021年1月2日", "2020年12月31日至2021年1月2日", "2020-12-31", "2021-01-02", DAY),
        # Weeks
        ("上周的集市", "上周", "2021-01-11", "2021-01-17", WEEK),
        ("下周恢复供水。", "下周", "2021-01-25", "2021-01-31", WEEK),
        ("上周末的集市", "上周末", "2021-01-16", "2021-01-17", WEEK),
        ("周末去赶集", "周末", "2021-01-23", "2021-01-24", WEEK),
        ("两周前", "两周前", "2021-01-04", "2021-01-10", WEEK),
        # Months and their parts
        ("去年三月的雨", "去年三月", "2020-03-01", "2020-03-31", MONTH),
        ("上个月的雨", "上个月", "2020-12-01", "2020-12-31", MONTH),
        ("本月的雨", "本月", "2021-01-01", "2021-01-31", MONTH),
        ("3月至5月禁渔。", "3月至5月", "2021-03-01", "2021-05-31", MONTH),
        ("去年1—11月份，", "去年1—11月份", "2020-01-01", "2020-11-30", MONTH),
        ("12月至2月是枯水期。", "12月至2月", "2020-12-01", "2021-02-28", MONTH),
        ("四月到五月底禁渔。", "四月到五月底", "2021-04-01", "2021-05-31", TEN_DAYS),
        ("2月到4月上旬禁渔。", "2月到4月上旬", "2021-02-01", "2021-04-10", TEN_DAYS),
        ("去年12月至2月末", "去年12月至2月末", "2020-12-01", "2021-02-28", TEN_DAYS),
        ("2020年1月至2月底", "2020年1月至2月底", "2020-01-01", "2020-02-29", TEN_DAYS),
        ("去年12月到今年3月", "去年12月到今年3月", "2020-12-01", "2021-03-31", MONTH),
        ("去年前11个月，", "去年前11个月", "2020-01-01", "2020-11-30", MONTH),
        ("10月下旬完工。", "10月下旬", "2020-10-21", "2020-10-31", TEN_DAYS),
        ("2025年10月上旬完工。", "2025年10月上旬", "2025-10-01", "2025-10-10", TEN_DAYS),
        ("1至11月一般贸易增长。", "1至11月", "2021-01-01", "2021-11-30", MONTH),
        ("6月三溪水库放水。", "6月", "2021-06-01", "2021-06-30", MONTH),
        ("6月上旬三溪水库放水。", "6月上旬", "2021-06-01", "2021-06-10", TEN_DAYS),
        ("3月中旬开河。", "3月中旬", "2021-03-11", "2021-03-20", TEN_DAYS),
        ("去年2月底，", "去年2月底", "2020-02-21", "2020-02-29", TEN_DAYS),
        ("上月初，", "上月初", "2020-12-01", "2020-12-10", TEN_DAYS),
        ("2月底之前完工。", "2月底", "2021-02-21", "2021-02-28", TEN_DAYS),
        ("3月之前完工。", "3月", "2021-03-01", "2021-03-31", MONTH),
        ("8月二十届三中全会", "8月", "2020-08-01", "2020-08-31", MONTH),
        ("2005年3月十届一次会议", "2005年3月", "2005-03-01", "2005-03-31", MONTH),
        # Years and their parts
        ("产量已超过去年。", "去年", "2020-01-01", "2020-12-31", YEAR),
        ("去年底，大桥合龙。", "去年底", "2020-12-01", "2020-12-31", MONTH),
        ("去年年底，大桥合龙。", "去年年底", "2020-12-01", "2020-12-31", MONTH),
        ("年初立项，", "年初", "2021-01-01", "2021-02-28", MONTH),
        ("今年一季度，产值增长。", "今年一季度", "2021-01-01", "2021-03-31", QUARTER),
        ("第三季度，产值增长。", "第三季度", "2020-07-01", "2020-09-30", QUARTER),
        ("去年前三季度，产值增长。", "去年前三季度", "2020-01-01", "2020-09-30", QUARTER),
        ("去年冬天的雪", "去年冬天", "2020-12-01", "2021-02-28", QUARTER),
        ("去年上半年，产值增长。", "去年上半年", "2020-01-01", "2020-06-30", HALF_YEAR),
        ("前年的旱情", "前年的", "2019-01-01", "2019-12-31", YEAR),
        ("2019年动工。", "2019年", "2019-01-01", "2019-12-31", YEAR),
        ("2019年至2021年", "2019年至2021年", "2019-01-01", "2021-12-31", YEAR),
        ("规划（2021—2035年）", "2021—2035年", "2021-01-01", "2035-12-31", YEAR),
        # Festivals
        ("今年春节期间，", "今年春节期间", "2021-02-11", "2021-02-17", FESTIVAL),
        ("今年春节假期第三天，", "今年春节假期第三天", "2021-02-13", "2021-02-13", DAY),
        ("今年春节假期最后一天，", "今年春节假期最后一天", "2021-02-17", "2021-02-17", DAY),
        ("2020年春运，", "2020年春运", "2020-01-10", "2020-02-18", FESTIVAL),
        ("2020年春运首日，", "2020年春运首日", "2020-01-10", "2020-01-10", DAY),
        ("2020年头三个月，", "2020年头三个月", "2020-01-01", "2020-03-31", MONTH),
        ("去年国庆假期，", "去年国庆假期", "2020-10-01", "2020-10-08", FESTIVAL),
        ("“五一”小长假", "“五一”小长假", "2021-05-01", "2021-05-05", FESTIVAL),
        ("去年中秋节，", "去年中秋节", "2020-10-01", "2020-10-01", FESTIVAL),
        ("砚溪的春节年俗", "春节", "2021-02-12", "2021-02-12", FESTIVAL),
        ("元旦当天，", "元旦当天", "2021-01-01", "2021-01-01", FESTIVAL),
        ("除夕夜的灯", "除夕", "2021-02-11", "2021-02-11", FESTIVAL),
        ("元宵节前夕，", "元宵节前夕", "2021-02-19", "2021-02-25", FESTIVAL),
        ("清明前后，", "清明前后", "2021-03-28", "2021-04-11", FESTIVAL),
        ("去年端午，", "去年端午", "2020-06-25", "2020-06-25", FESTIVAL),
        ("双十一的快递", "双十一", "2020-11-11", "2020-11-11", FESTIVAL),
        # No bounds
        ("近日，村民送来锦旗。", "近日", "2021-01-14", "2021-01-21", LOOSE),
        ("日前，村民送来锦旗。", "日前", "2021-01-14", "2021-01-21", LOOSE),
        ("最近，村民送来锦旗。", "最近", "2020-12-22", "2021-01-21", LOOSE),
        ("近三天，", "近三天", "2021-01-18", "2021-01-21", LOOSE),
        ("未来三天，", "未来三天", "2021-01-22", "2021-01-24", LOOSE),
        # Traditional print
        ("據２０２１年１月１９號通報，", "２０２１年１月１９號", "2021-01-19", "2021-01-19", DAY),
        ("去年國慶節期間，", "去年國慶節期間", "2020-10-01", "2020-10-08", FESTIVAL),
        # Old print
        ("中華民國二十四年五月三日", "民國二十四年五月三日", "1935-05-03", "1935-05-03", DAY),
        ("民国廿四年五月卅日", "民国廿四年五月卅日", "1935-05-30", "1935-05-30", DAY),
        ("民國元年所建", "民國元年", "1912-01-01", "1912-12-31", YEAR),
        ("民國一百零五年之後", "民國一百零五年", "2016-01-01", "2016-12-31", YEAR),
        ("光緒三十四年，", "光緒三十四年", "1908-01-01", "1908-12-31", YEAR),
        ("客歲大水", "客歲", "2020-01-01", "2020-12-31", YEAR),
        ("前晚失慎", "前晚", "2021-01-19", "2021-01-19", DAY),
    ],
)
def test_words_of_time_mean_these_days(sentence: str, words: str, first: str, last: str, precision: Precision) -> None:
    (found,) = mentions(sentence, PRINTED)
    assert sentence[found.start : found.end] == words
    assert found.days == Days(date.fromisoformat(first), date.fromisoformat(last), precision)


@pytest.mark.parametrize(
    "text",
    [
        "工期为19日",
        "5日内办结",
        "7日游",
        "连续3日",
        "第19日",
        "比分3-2",
        "第2021号",
        "电话2021-1190",
        "投资3.5亿元，增长1.19倍",
        "版本2021.1.19.2",
        "历时3个月",
        "3000年前的陶片",
        "公元前221年",
        "上世纪90年代",
        "农历三月初五",
        "庚子年十二月初九",
        "每周五闭馆",
        "说明天气转好",
        "至今天然气已通",
        "全部投产后年发电三万度",
        "不同年代的碑",
        "附近日照充足",
        "离家最近的渡口",
        "目前天气",
        "雨后天晴",
        "如今年轻人",
        "五一路、国庆街、清明上河图",
        "技术员邓清明",
        "十一名队员",
        "上周期的检修",
        "未来0天",
        "前0个月",
    ],
)
def test_what_only_looks_like_time_means_no_day(text: str) -> None:
    assert mentions(text, PRINTED) == ()


# Sister days: the same report on the next day, in nearly the same words.


@pytest.mark.parametrize(
    "report",
    [
        "昨日，砚溪市新增接种{new}人。",
        "{day}日0时至24时，砚溪市新增接种{new}人。",
        "截至{day}日24时，砚溪市新增接种{new}人。",
        "1月{day}日0—24时，砚溪市新增接种{new}人。",
        "砚溪市卫生局{next}日通报，1月{day}日新增接种{new}人。",
        "1月{day}日，接种点开放。当日新增接种{new}人。",
        "本报1月{day}日讯 当天新增接种{new}人。",
    ],
)
def test_the_same_report_of_two_days_speaks_of_each_its_own(report: str) -> None:
    for printed in (date(2021, 1, 20), date(2021, 1, 21)):
        text = report.format(day=printed.day - 1, next=printed.day, new=printed.day % 7)
        day = printed.replace(day=printed.day - 1)
        speaks_of = set(event_dates(text, printed))
        assert speaks_of in ({day}, {day, printed})
        assert day in speaks_of


@pytest.mark.parametrize(
    ("text", "printed", "day"),
    [
        ("31日，放水。", date(2021, 2, 2), date(2021, 1, 31)),
        ("28日，放水。", date(2021, 2, 2), date(2021, 1, 28)),
        ("3日，放水。", date(2021, 1, 30), date(2021, 1, 3)),
        ("25日开幕", date(2021, 1, 21), date(2021, 1, 25)),
        ("30日，放水。", date(2021, 1, 1), date(2020, 12, 30)),
        ("新华社砚溪十九日电", PRINTED, date(2021, 1, 19)),
    ],
)
def test_a_bare_day_is_of_the_issues_month_or_the_one_before(text: str, printed: date, day: date) -> None:
    assert event_dates(text, printed) == (day,)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2020年12月3日动工。记者19日获悉", ["2020-12-03", "2021-01-19"]),
        ("2019年3月5日立碑，4月1日竣工", ["2019-03-05", "2019-04-01"]),
        ("2019年3月5日立碑，1月20日重修", ["2019-03-05", "2021-01-20"]),
        ("2019年（3月5日）", ["2019-03-05"]),
        ("1月20日、1月18日和15日放水", ["2021-01-20", "2021-01-18", "2021-01-15"]),
        ("12月30日、1月3日和去年12月5日、9日放水", ["2020-12-30", "2021-01-03", "2020-12-05", "2020-12-09"]),
        ("2020年5月8日开工，次日停工", ["2020-05-08", "2020-05-09"]),
        ("五月八日晚大水，翌晨始退", ["2021-05-08", "2021-05-09"]),
        ("2018年夺冠，同年9月1日退役", ["2018-09-01"]),
        ("同年9月1日退役，次日返乡", []),
    ],
)
def test_words_lean_on_what_was_told_before_them(text: str, days: list[str]) -> None:
    assert event_dates(text, PRINTED) == tuple(map(date.fromisoformat, days))


def test_the_same_period_of_last_year_is_the_one_just_spoken_of() -> None:
    found = mentions("去年三季度产量翻番，比上年同期多收三成；1月15日的水位高于去年同期。", PRINTED)
    assert [(day.days.first, day.days.last) for day in found] == [
        (date(2020, 7, 1), date(2020, 9, 30)),
        (date(2020, 7, 1), date(2020, 9, 30)),
        (date(2021, 1, 15), date(2021, 1, 15)),
        (date(2020, 1, 15), date(2020, 1, 15)),
    ]


def test_a_day_early_in_the_year_may_lie_ahead_of_a_december_issue() -> None:
    assert event_dates("1月2日", date(2020, 12, 30)) == (date(2021, 1, 2),)


def test_a_year_can_be_given_to_what_names_none() -> None:
    found = mentions("1月19日，去年3月，国庆节", PRINTED, 2018)
    assert [(mention.days.first, mention.open_year) for mention in found] == [
        (date(2018, 1, 19), True),
        (date(2020, 3, 1), False),
        (date(2018, 10, 1), True),
    ]


@pytest.mark.parametrize(("text", "printed"), [("明天", date.max), ("昨日", date(1, 1, 1)), ("前天", date(1, 1, 2))])
def test_a_day_beyond_the_calendar_is_left_out(text: str, printed: date) -> None:
    assert event_dates(text, printed) == ()


def test_a_quote_is_read_with_what_stands_before_it() -> None:
    body = "1月15日，水库开闸。当日放水三万方，16日停。"
    assert event_dates(body, PRINTED, body.index("当日"), len(body)) == (date(2021, 1, 15), date(2021, 1, 16))
    assert event_dates(body, PRINTED, 0, body.index("当日")) == (date(2021, 1, 15),)


def test_each_chunk_has_its_own_days_and_those_of_the_headline() -> None:
    body = "去年底动工。昨日通车。昨日试灯。"
    december = Days(date(2020, 12, 1), date(2020, 12, 31), MONTH)
    told, yesterday = Days(date(2021, 1, 19), date(2021, 1, 19), DAY), Days(date(2021, 1, 20), date(2021, 1, 20), DAY)
    chunks = [Chunk(1, 0, 6), Chunk(2, 6, 16)]
    assert chunk_days("1月19日通车", body, chunks, PRINTED) == [(december, told), (told, yesterday)]


NUMERALS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


# Whatever the text and the day: texts are built as the grammar builds them, so that its readers are reached

DIGITS = ["0", "1", "2", "4", "9", "11", "12", "28", "29", "30", "31", "99", "１２", "②"]
NUMBERS = st.sampled_from([*DIGITS, *"一二两三五九十廿卅半〇", "十一", "十二", "二十九", "三十", "卅一", "十十", "一十十"])
TO = st.sampled_from("至 到 - — —— ~ 、 和 与 日至 月到".split())
NO = st.just("")
YEARS = st.sampled_from(
    "0000 0001 1900 1999 2000 2023 2024 9998 9999 二〇二四 一九九九 〇〇〇〇 民国十三 公元前221 98 庚子".split()
).map(lambda year: f"{year}年") | st.sampled_from("去年 今年 本年 明年 前年 后年 上年 当年 同年 次年 翌年".split())
NEAR_MONTHS = st.sampled_from("上月 上个月 上上月 本月 这个月 下个月 当月 同月".split())
MONTHS = st.builds("{}月{}".format, NUMBERS, NO | st.just("份")) | NEAR_MONTHS
MONTH_PARTS = st.sampled_from("上旬 中旬 下旬 初 底 末 中， 期间".split())
YEAR_PARTS = st.sampled_from(
    "上半年 下半年 一季度 第三季度 首季 前三季度 前两个季度 年初 初 年底 底 末 年中， 春天 冬季 同期".split()
) | st.builds("{}{}个月".format, st.sampled_from("前头"), NUMBERS)
RELATIVE = st.sampled_from(
    "昨日 今天 明天 前天 大后天 当日 当天 次日 翌日 同日 上周 下周 上周五 本周末 下下周日 周末 近日 日前 最近 前不久".split()
)
COUNTED = st.builds(
    "{}{}{}".format,
    st.sampled_from("过去 最近 近 未来 今后".split()),
    NUMBERS,
    st.sampled_from("天 日 周 年 个月 季度".split()),
)
AGO = st.builds("{}{}前".format, NUMBERS, st.sampled_from("天 周 个月 年 个星期".split()))
TAILS = st.sampled_from(
    ["", "节", "期间", "假期", "黄金周", "前夕", "前后", "当天", "首日", "最后一天", "号", "路"]
) | st.builds("{}第{}天".format, NO | st.just("假期"), NUMBERS)
FEASTS = st.builds("{}{}{}".format, NO | YEARS, st.sampled_from(FESTIVALS), TAILS)
DAYS = st.builds("{}{}".format, NUMBERS, st.sampled_from("日 号 日内 日游 日晚".split()))
WHOLE = st.builds("{}{}{}{}".format, NO | YEARS, NO | MONTHS, NO | MONTH_PARTS, NO | DAYS)
FULL = st.builds(
    lambda year, month, day, sign: sign.join((year, month, day)),
    YEARS.map(lambda year: year[:-1]),
    NUMBERS,
    NUMBERS,
    st.sampled_from("-./"),
)
NTH = st.integers(1, 12).flatmap(lambda month: st.sampled_from([str(month), in_chinese(month)]))
MONTHS_ON = st.builds("{}{}月{}{}月{}".format, NO | YEARS, NTH, TO, NTH, NO | MONTH_PARTS)
DAYS_ON = st.builds("{}{}月{}{}{}".format, NO | YEARS, NTH, NUMBERS, TO, DAYS)
WORDS = (
    WHOLE | MONTHS_ON | DAYS_ON | FULL | st.builds("{}{}".format, NO | YEARS, YEAR_PARTS) | RELATIVE | COUNTED | AGO | FEASTS
)
RANGES = st.builds("{}{}{}".format, WORDS, TO, WORDS)
BETWEEN = st.sampled_from(["", "，", "。", "（", "）", "放水", "第", "近", "“", "”", "\n", "號", "國慶"])
MENTIONS = st.lists(st.builds("{}{}".format, WORDS | RANGES, BETWEEN), max_size=4).map("".join)
EDGES = st.sampled_from(
    [
        date.min,
        date(1, 1, 2),
        date(1, 3, 1),
        date(2024, 2, 29),
        date(2023, 3, 31),
        date(2024, 12, 31),
        date(9999, 1, 1),
        date.max,
    ]
)


@settings(max_examples=400, deadline=None)  # a lunar year is computed when it is first met
@given(MENTIONS | st.text(), st.dates() | EDGES, st.none() | st.integers(1, 9999))
def test_no_text_and_no_day_are_too_strange(text: str, printed: date, year: int | None) -> None:
    behind = 0
    for mention in mentions(text, printed, year):
        assert behind <= mention.start < mention.end <= len(text)
        assert mention.days.first <= mention.days.last
        behind = mention.end


@given(st.integers(-30, 30), st.integers(0, 30), st.integers(1, 9999), st.sampled_from("上旬 初 中旬 中 下旬 底 末".split()))
def test_a_part_of_months_lies_in_the_last_and_begins_with_the_first_of_several(
    first: int, more: int, year: int, part: str
) -> None:
    months = months_of(year, first, first + more)
    found = part_of_month(months, part)
    if months is None:
        assert found is None
        return
    assert found is not None
    assert (found.last.year, found.last.month) == (months.last.year, months.last.month)
    assert found.last.day == {"上": 10, "初": 10, "中": 20}.get(part[0], months.last.day)
    start = {"上": 1, "初": 1, "中": 11}.get(part[0], 21)
    assert found.first == (months.first if more else months.first.replace(day=start))


@given(st.text(st.characters()) | st.text(st.sampled_from("據國慶１９日號\r\n\u2028ﬁ㍻①\ud83d")))
def test_what_the_patterns_read_is_as_long_as_what_is_printed(text: str) -> None:
    assert len(readable(text)) == len(text)


@settings(deadline=None)  # a lunar year is computed when it is first met
@given(MENTIONS | st.text(), st.dates() | EDGES)
def test_event_dates_are_named_once_each(text: str, printed: date) -> None:
    days = event_dates(text, printed)
    assert len(set(days)) == len(days)
    assert all(isinstance(day, date) for day in days)


@pytest.mark.parametrize("piece", ["12", "一十", "1月", "2021-", "十", "“", "2021年"])
def test_a_hundred_thousand_characters_are_read_to_their_end(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + "，昨日放水"
    last = mentions(text, PRINTED)[-1]
    assert (text[last.start : last.end], last.days.first) == ("昨日", date(2021, 1, 20))


@given(st.dates(), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_written_in_full_is_that_day(day: date, printed: date) -> None:
    assert event_dates(f"{day.year:04}年{day.month}月{day.day}日", printed) == (day,)
    assert event_dates(f"{day.year:04}-{day.month:02}-{day.day:02}", printed) == (day,)


@given(st.dates(), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_written_in_chinese_numerals_is_that_day(day: date, printed: date) -> None:
    year = "".join(NUMERALS[int(digit)] for digit in f"{day.year:04}")
    assert event_dates(f"{year}年{in_chinese(day.month)}月{in_chinese(day.day)}日", printed) == (day,)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_without_a_year_lies_within_half_a_year_or_is_a_leap_day(day: date, printed: date) -> None:
    for found in event_dates(f"{day.month}月{day.day}日", printed):
        assert (found.month, found.day) == (day.month, day.day)
        assert abs(found - printed).days <= 183 or (day.month, day.day) == (2, 29)
