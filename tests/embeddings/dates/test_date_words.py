"""The dates and times of day of a text are found whole, whatever day they mean."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.dates.date_words import Grain, Numeral, Written, find_date_words, find_written, told_from_print
from embeddings.dates.festivals import FESTIVALS

HOUR, DAY, WEEK, PART, MONTH, YEAR = Grain


def found(text: str) -> list[str]:
    return [text[words.start : words.end] for words in find_date_words(text)]


@pytest.mark.parametrize("festival", FESTIVALS)
@pytest.mark.parametrize("year", ["", "今年", "去年", "2024年"])
def test_every_festival_is_found_whole(festival: str, year: str) -> None:
    text = f"砚溪的灯会在{year}{festival}开放。"
    (words,) = find_date_words(text)
    assert text[words.start : words.end] == year + festival
    assert words.grains == ({DAY, YEAR} if year else {DAY})


@pytest.mark.parametrize("festival", FESTIVALS)
def test_every_festivals_holiday_is_found_whole(festival: str) -> None:
    assert found(f"在{festival}期间开放。") == [f"{festival}期间"]


@pytest.mark.parametrize(
    "text",
    ["十一名队员", "五一路", "国庆街", "清明上河图", "圣诞老人", "十一个人", "五一劳动奖章", "十一、加强领导"],
)
def test_a_name_that_means_something_else_is_no_festival(text: str) -> None:
    assert found(text) == []


# How a time of day is printed; what it is joined to stands in other tests.
CLOCKS = [
    *("8:30", "08:05", "17：00", "23:59:59", "9时", "9时30分", "10时许", "10时整", "0时", "24时", "9点半", "9点30", "8点一刻"),
    *("上午9时30分", "下午3点", "凌晨2时许", "早上8点", "晚上10点", "傍晚六点", "夜里11点半", "晚8时", "中午12时", "午后1时"),
    *(
        "下午三点半",
        "凌晨两时许",
        "上午九时三十分",
        "三点半",
        "两点钟",
        "九点整",
        "八时三十分",
        "二十点",
        "十二时",
        "二十三点四十五分",
    ),
    *("0—24时", "9-11时", "8点至10点", "9:00至17:00", "上午8时到晚上10时", "0时至24时"),
]


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_time_of_day_is_found_whole(clock: str) -> None:
    text = f"卧虹水库{clock}开闸。"
    (words,) = find_date_words(text)
    assert (text[words.start : words.end], words.grains, words.clock) == (clock, {HOUR}, 4)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "提出5点主张",
            "三点意见",
            "一时间",
            "同一时间",
            "第一时间",
            "同时",
            "3时间隔",
            "上升2.3点",
            "百分之二十点五",
            "比分21:19",
        ),
        *("25:61", "3小时", "30分钟", "时代", "第3点", "增长十点五个百分点", "以15:11获胜", "有一点", "10时代"),
    ],
)
def test_what_only_looks_like_an_hour_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # Dates that the day is not needed for.
        ("馆内星期三闭馆。", "星期三"),
        ("每周五上课。", "周五"),
        ("当天放水。", "当天"),
        ("次日复工。", "次日"),
        ("前晚起雾。", "前晚"),
        ("月底前装好。", "月底前"),
        ("15号上午开馆。", "15号上午"),
        ("1368年建城。", "1368年"),
        ("暑假期间开放。", "暑假期间"),
        ("今年寒假开放。", "今年寒假"),
        ("农历三月初五开犁。", "农历三月初五"),
        ("正月十五闹元灯。", "正月十五"),
        ("2022年春，大桥开工。", "2022年春"),
        ("2022年春夏之交开工。", "2022年春夏之交"),
        ("2024春节档上映。", "2024春节"),
        ("名单于27日前公布。", "27日前"),
        # Read against the day by embeddings.dates.mentions, and found all the same.
        ("第三季度产值增长。", "第三季度"),
        ("七夕放灯。", "七夕"),
        ("2021-01-19开馆。", "2021-01-19"),
        ("2021/1/19更新", "2021/1/19"),
        ("今年前三季度产值增长。", "今年前三季度"),
        ("去年底合龙。", "去年底"),
        ("前年的旱情", "前年"),
        ("国庆假期第三天放灯。", "国庆假期第三天"),
        ("“五一”小长假放灯。", "“五一”小长假"),
        ("2月30日放水。", "2月30日"),
        # Joined.
        ("3月14日（星期四）9:00至17:00停水。", "3月14日（星期四）9:00至17:00"),
        ("3月14日 星期四 上午9时停水。", "3月14日 星期四 上午9时"),
        ("周一至周五晚8时放灯。", "周一至周五晚8时"),
        ("1月18日8时至19日8时，", "1月18日8时至19日8时"),
        ("19日晚到今天凌晨，", "19日晚到今天凌晨"),
        ("昨晚8点多放灯。", "昨晚8点"),
        ("21日晚报道，", "21日晚"),
        ("去年12月到今年3月停水。", "去年12月到今年3月"),
        ("3月18日至22日停水。", "3月18日至22日"),
        ("2013—2021年栽树。", "2013—2021年"),
        ("8月底之前完工。", "8月底之前"),
        ("春节后开工。", "春节后"),
        # Other print.
        ("據２０２１年１月１９號下午３點半通報，", "２０２１年１月１９號下午３點半"),
        ("去年國慶節期間放燈。", "去年國慶節期間"),
        ("二〇二一年一月五日開館。", "二〇二一年一月五日"),
    ],
)
def test_a_date_is_found_whole(text: str, words: str) -> None:
    assert found(text) == [words]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "四月上旬",
            "3月中旬",
            "12月底",
            "2021年9月",
            "去年9月30日",
            "三月二十五日",
            "十二月",
            "本月5日",
            "5月1日",
            "5日",
            "5日至8日",
        ),
        *(
            "2022年春天",
            "2022年春季",
            "今年夏天",
            "明年初",
            "去年末",
            "2023年底",
            "前年",
            "二〇二二年",
            "月初",
            "年底",
            "上月末",
        ),
        *(
            "上周五",
            "下星期一",
            "本周日",
            "星期六",
            "周三",
            "周一至周五",
            "昨晨",
            "今晚",
            "明日",
            "前天",
            "当晚",
            "今天下午3时",
        ),
        *(
            "国庆假期前",
            "清明后",
            "春节前夕",
            "端午节期间",
            "元旦",
            "除夕",
            "中秋节前",
            "重阳节",
            "元宵节",
            "寒假",
            "5月1日（星期三）",
        ),
        *("2030年前", "17时前"),
    ],
)
def test_the_usual_forms_are_found_whole(words: str) -> None:
    assert found(f"工程于{words}。") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "神舟15号",
        "20号线",
        "17号院",
        "一周三次",
        "以前年度",
        "目前日产",
        "光明日报",
        "公元前221年",
        "不同年代",
        "本次年会",
        "讲解员",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["近日", "日前", "三天前", "近三年", "未来两周", "当年"])
def test_a_distance_from_another_day_names_no_unit(text: str) -> None:
    assert [words.grains for words in find_date_words(text)] == [frozenset()]


@pytest.mark.parametrize(
    ("text", "grains", "finest", "vague"),
    [
        ("2021年9月", {YEAR, MONTH}, MONTH, False),
        ("去年", {YEAR}, YEAR, True),
        ("去年9月", {YEAR, MONTH}, MONTH, False),
        ("上个月", {MONTH}, MONTH, False),
        ("本月5日", {MONTH, DAY}, DAY, False),
        ("今天", {DAY}, DAY, True),
        ("今天上午", {DAY}, DAY, False),
        ("周三上午", {DAY}, DAY, True),
        ("本周三", {WEEK, DAY}, DAY, False),
        ("上半年", {PART}, PART, False),
        ("3月5日8时", {MONTH, DAY, HOUR}, HOUR, False),
        ("近日", set(), None, False),
    ],
)
def test_words_tell_which_units_they_name(text: str, grains: set[Grain], finest: Grain | None, vague: bool) -> None:
    (words,) = find_date_words(text)
    assert (words.grains, words.finest, words.vague) == (grains, finest, vague)


def test_the_numbers_of_a_date_are_told_with_their_places() -> None:
    assert find_written("灯会2024年3月5日开，去年十二月收") == (
        Written(Numeral(2, 7, 2024, "年"), Numeral(7, 9, 3, "月"), Numeral(9, 11, 5, "日")),
        Written(None, Numeral(15, 18, 12, "月"), None),
    )
    assert find_written("2024-03-05") == (Written(Numeral(0, 4, 2024, ""), Numeral(5, 7, 3, ""), Numeral(8, 10, 5, "")),)
    assert find_written("农历三月初五，周三上午9时") == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2024年1—5月", [(2024, None, None), (None, 5, None)]),
        ("3月5日至7日", [(None, 3, 5), (None, None, 7)]),
        ("本月5日至7日", [(None, None, 5), (None, None, 7)]),
        ("2021—2035年", [(2035, None, None)]),
    ],
)
def test_of_what_runs_on_the_last_number_is_told(text: str, values: list[tuple[int | None, ...]]) -> None:
    numerals = [(written.year, written.month, written.day) for written in find_written(text)]
    assert [tuple(one.value if one else None for one in three) for three in numerals] == values


@pytest.mark.parametrize(
    ("words", "told"),
    [
        *(("去年底", (2, YEAR)), ("前年的", (2, YEAR)), ("上个月", (3, MONTH)), ("昨晚8时", (2, DAY)), ("大前天", (3, DAY))),
        *(("2024年", None), ("当年底", None), ("次日", None), ("在去年", None), ("春节", None), ("", None)),
    ],
)
def test_words_that_are_told_from_the_day_of_print_say_how_far(words: str, told: tuple[int, Grain] | None) -> None:
    assert told_from_print(words) == told


PIECES = """
    去年 今年 上 本 个 周 五 月 年 日 号 旬 初 底 前 后 的 至 到 - — 、 。 （ ） ( 第 上午 晚 9 时 点 半 : ： 30 分 十 二〇
    廿 国庆 节 春节 农历 腊月 “ ” 星期 一 2024 9999 0000 １ 號 國慶 放水 . / 假期 第三天 记者
""".split()


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text(st.characters()))
def test_no_text_is_too_strange(text: str) -> None:
    behind = 0
    for words in find_date_words(text):
        assert behind <= words.start < words.end <= len(text)
        assert words.clock is None or words.start <= words.clock < words.end
        behind = words.end
    find_written(text)


@pytest.mark.parametrize(
    "piece", ["年", "1", "月", "1月", "2021-", "十", "“", "周一至", "8:", "上午", "上午9时至", "前", "一点", "今天 "]
)
def test_the_time_taken_grows_with_the_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.perf_counter()
        find_date_words(text)
        return time.perf_counter() - started

    seconds(1_000)  # what is compiled and loaded once
    short = min(seconds(10_000) for _ in range(3))
    assert seconds(80_000) < 32 * short + 0.2  # 64 times as long where it grew with the square
