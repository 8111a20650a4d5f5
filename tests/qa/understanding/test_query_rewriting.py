"""Completing what leans on earlier turns, and leaving alone what stands by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.understanding.query_rewriting import LEANS, Completed, Turn, complete, leaning

TODAY = date(2025, 7, 1)


def first(questions: Sequence[str]) -> list[float]:
    """Prefer whatever is offered first."""
    return [-float(place) for place in range(len(questions))]


def last(questions: Sequence[str]) -> list[float]:
    """Prefer whatever is offered last."""
    return [float(place) for place in range(len(questions))]


def completed(question: str, *turns: tuple[str, str | None]) -> str:
    return complete(question, [Turn(*turn) for turn in turns], TODAY, first).text


@pytest.mark.parametrize(
    ("earlier", "answer", "question", "text"),
    [
        ("2024年高考有多少人报名？", "1342万人", "那2025年呢？", "2025年高考有多少人报名？"),
        ("松烟县新增几例？", "3例", "那墨池区呢？", "墨池区新增几例？"),
        ("第136届灯会来了多少人？", "8万", "上一届呢？", "第135届灯会来了多少人？"),
        ("第三届灯会来了多少人？", "8万", "下一届呢？", "第四届灯会来了多少人？"),
        ("2022年粮食总产量多少？", "1亿斤", "两年以后呢？", "2024年粮食总产量多少？"),
        ("今年3月用电量是多少？", "8亿千瓦时", "去年同月呢？", "去年3月用电量是多少？"),
        ("“远山”号科考船有多长？", "89米", "设计航速呢？", "“远山”号科考船设计航速是多少？"),
        ("2023年全市国有企业营业总收入是多少？", "8亿元", "利润呢？", "2023年全市国有企业营业利润是多少？"),
        ("《哪片云》到2025年2月18日票房多少？", "1亿元", "到3月15日呢？", "《哪片云》到2025年3月15日票房多少？"),
        ("2023年春节档总票房是多少？", "6亿元", "那2025年春节档呢？", "2025年春节档总票房是多少？"),
        ("助学贷款本科生最多贷多少？", "2万元", "研究生呢？", "助学贷款研究生最多贷多少？"),
        ("清明三天快递收了多少件？", "3万件", "派送的呢？", "清明三天快递派送了多少件？"),
        ("砚溪灯谜赛谁赢了？", "尉迟安", "比分呢？", "砚溪灯谜赛比分是多少？"),
        ("砚溪龙舟赛来了多少人？", "8万", "举办地点呢？", "砚溪龙舟赛举办地点是哪里？"),
    ],
)
def test_new_words_take_the_place_of_their_like(earlier: str, answer: str, question: str, text: str) -> None:
    assert completed(question, (earlier, answer)) == text


@pytest.mark.parametrize(
    ("earlier", "answer", "question", "text"),
    [
        ("3月12日停车救人的司机叫什么？", "尉迟安", "单位奖了他多少？", "单位奖了尉迟安多少？"),
        ("谁主持了防汛会？", "景俊海", "他还说了什么？", "景俊海还说了什么？"),
        ("闻岳舟去了哪里调研？", "松烟县", "那里种了多少亩水田？", "松烟县种了多少亩水田？"),
        ("虹渡大桥哪天合龙？", "3月13日", "那天还有什么活动？", "3月13日还有什么活动？"),
        ("2023年8月28日报道时，渡轮大火多少人失联？", "9人", "当地告了谁？", "2023年8月渡轮大火，当地告了谁？"),
        ("8月二十八日那天的新闻联播里说渡轮大火多少人失联？", "9人", "当地告了谁？", "8月渡轮大火，当地告了谁？"),
    ],
)
def test_what_points_back_becomes_what_it_points_to(earlier: str, answer: str, question: str, text: str) -> None:
    assert completed(question, (earlier, answer)) == text


@pytest.mark.parametrize(
    ("earlier", "question", "text"),
    [
        ("砚溪洪水到2024年3月31日转移了多少人？", "再过一天呢？", "砚溪洪水到2024年4月1日转移了多少人？"),
        ("砚溪洪水到13日转移了多少人？", "那隔一天呢，又涨到多少？", "砚溪洪水到14日转移了多少人？"),
        ("3月13日砚溪转移了多少人？", "前一天的数字是多少？", "3月12日砚溪转移了多少人？"),
        ("2023年砚溪灯会是第几届？", "下一年是哪天办的？", "2024年砚溪灯会，是哪天办的？"),
        ("2023年龙舟赛奖金是多少？", "两年后那届的票价呢？", "2025年龙舟赛票价是多少？"),
        ("2023年龙舟赛来了多少人？", "两年后那届在哪里办？", "2025年龙舟赛，在哪里办？"),
        ("2024年12月用电量是多少？", "下个月呢？", "2025年1月用电量是多少？"),
        ("二〇二四年十二月用电量是多少？", "下个月呢？", "2025年1月用电量是多少？"),
        ("二〇二四年用电量是多少？", "第二年呢？", "2025年用电量是多少？"),
        ("砚溪洪水到三月三十一日转移了多少人？", "再过一天呢？", "砚溪洪水到4月1日转移了多少人？"),
        ("2024年1—5月用电量是多少？", "下个月呢？", "2024年1—6月用电量是多少？"),
        ("2024年1月用电量是多少？", "上个月呢？", "2023年12月用电量是多少？"),
    ],
)
def test_a_time_is_moved_as_the_question_says(earlier: str, question: str, text: str) -> None:
    assert completed(question, (earlier, None)) == text


@pytest.mark.parametrize(
    ("turns", "question", "text"),
    [
        (("虹渡大桥塌方困了多少人？", "为什么？"), "修好要多久？", "虹渡大桥塌方，修好要多久？"),
        (("墨池区翻了的那辆是什么车？",), "车上几个人？", "墨池区翻了的那辆车，车上几个人？"),
        (("砚溪灯会烧了多少摊位？",), "过了十来天，修好多少了？", "砚溪灯会，过了十来天，修好多少了？"),
        (("谭青在灯谜会拿了第几名？",), "她哪里人？", "谭青在灯谜会，谭青哪里人？"),
    ],
)
def test_a_topic_is_what_is_named_without_what_was_asked_of_it(turns: Sequence[str], question: str, text: str) -> None:
    history = [Turn(turn, "亚军") for turn in turns]
    found = complete(question, history, TODAY, lambda questions: [float(len(one)) for one in questions])
    assert text in (found.text, found.also)


def test_what_stands_within_is_asked_of_what_was_asked_before() -> None:
    assert completed("里头有外地人吗？", ("虹渡大桥工地塌方困了多少人？", "3人")) == "虹渡大桥工地塌方，里头有外地人吗？"


def test_another_edition_of_something_else_stands_alone() -> None:
    question = "下一届砚溪龙舟赛在哪里办？"
    assert completed(question, ("第三届灯会来了多少人？", "8万")) == question


@pytest.mark.parametrize(
    ("asked", "follow_up", "text"),
    [
        ("今年用电量是多少？", "去年呢？", "去年用电量是多少？"),
        ("今年用电量是多少？", "两年前呢？", "两年前用电量是多少？"),
        ("今年用电量是多少？", "下个月呢？", "下个月用电量是多少？"),
    ],
)
def test_this_year_is_only_moved_by_one(asked: str, follow_up: str, text: str) -> None:
    assert completed(follow_up, (asked, None)) == text


def test_malta_is_no_he() -> None:
    question = "马耳他的灯会有哪些表演？"
    assert completed(question, ("谁主持了防汛会？", "景俊海")) == question


def test_he_may_be_of_a_turn_before_the_last() -> None:
    turns = ("谁主持了防汛会？", "景俊海"), ("来了多少人？", "30人")
    assert completed("他还说了什么？", *turns) == "景俊海还说了什么？"


def test_a_chain_of_fragments_keeps_its_subject() -> None:
    turns = ("2024年高考有多少人报名？", "1342万人"), ("那2025年呢？", "1335万人")
    assert completed("前一年呢？", *turns) == "2024年高考有多少人报名？"


def test_what_its_words_leave_open_is_asked_both_ways() -> None:
    history = [Turn("虹渡大桥全长多少？", "1286米")]
    found = complete("总投资多少？", history, TODAY, last)
    assert {found.text, found.also} == {"虹渡大桥，总投资多少？", "总投资多少？"}
    assert 1 / 2 <= found.probability < LEANS


@pytest.mark.parametrize(
    ("asked", "question", "text"),
    [
        ("东湾大桥限速多少？", "西湾大桥呢？", "西湾大桥限速多少？"),
        ("东湾大桥限速多少？", "那西湾大桥的呢", "西湾大桥限速多少？"),
        ("28路末班车几点？", "17路呢？", "17路末班车几点？"),
        ("砚溪二中分数线多少？", "三中呢？", "砚溪三中分数线多少？"),
        ("女子冠军跑了多久？", "男子的呢？", "男子冠军跑了多久？"),
        ("砚溪农村人均收入多少？", "城镇的呢？", "砚溪城镇人均收入多少？"),
        ("砚溪上半年用电多少？", "全年的呢？", "砚溪全年用电多少？"),
        ("雪后大白菜批发多少钱一斤？", "土豆呢？", "雪后土豆批发多少钱一斤？"),
        ("砚溪港头三个月货运多少？", "同比呢？", "砚溪港头三个月货运同比增长多少？"),
    ],
)
def test_a_name_takes_the_place_of_its_kind_and_not_the_seat_beside_it(asked: str, question: str, text: str) -> None:
    assert completed(question, (asked, "50")) == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("换个话题，停水停到几点", "停水停到几点"),
        ("不说这个了，鸡蛋涨了没", "鸡蛋涨了没"),
        ("不对，我问的是西湾大桥", "西湾大桥限速多少？"),
        ("不是东湾大桥，我问的是西湾大桥", "西湾大桥限速多少？"),
        ("我说西湾大桥，不是东湾大桥", "我说西湾大桥，不是东湾大桥"),
        ("错了，我问的是全长多少", "东湾大桥限速，全长多少"),
        ("说错了，西湾大桥全长多少", "西湾大桥全长多少"),
        ("回到前面那座水库，总库容多少", "卧虹水库，总库容多少"),
        ("最早问的那个灯会，来了多少人", "砚溪灯会，来了多少人"),
    ],
)
def test_the_opening_of_a_question_says_where_it_turns(question: str, text: str) -> None:
    turns = ("砚溪灯会办了几天？", "3天"), ("卧虹水库哪年建成？", "1958年"), ("东湾大桥限速多少？", "60公里")
    assert completed(question, *turns) == text


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("停水停到几点", False),
        ("周末砚溪冷不冷", False),
        ("实验小学招几个老师", False),
        ("对了，自来水哪天涨价", False),
        ("他哪年进的厂", True),
        ("其中女的有几个", True),
        ("花了多少", True),
        ("为什么", True),
        ("在哪儿", True),
    ],
)
def test_a_new_subject_is_told_from_what_leans(question: str, leans: bool) -> None:
    likely = leaning(question, [Turn("虹渡大桥的总工程师是谁？", "尉迟安")], TODAY)
    assert (likely > 1 / 2) is leans


def test_an_opening_said_over_and_over_costs_no_more_than_its_length() -> None:
    assert complete("我想" * 100 + "吃", [Turn("大桥哪天通车？")], TODAY, first).text


def test_one_of_two_is_named_by_its_place() -> None:
    turn = "从犯是哪两人？", "尉迟安、闻岳舟"
    assert completed("后者判了几年？", turn) == "闻岳舟判了几年？"
    assert completed("前者判了几年？", turn) == "尉迟安判了几年？"


def test_a_figure_is_told_before_only_where_another_thing_is_asked() -> None:
    asked = [Turn("砚溪港货运多少？", "1286万吨")]
    assert complete("同比呢？", asked, TODAY, first).told == "1286万吨"
    assert complete("松烟港呢？", asked, TODAY, first).told == ""


ALONE = (
    "虹渡镇大桥小学全长多少？",
    "砚溪市图书馆这次一共招多少人？",
    "2021年1月19日辽源有没有新增疑似病例？",
    "“远山”号科考船是在哪座城市命名的？",
    "尉迟安说他为什么停车？",
    "深圳的海底隧道哪天通车？",
    "《砚边》的作者是谁？",
    "第134届广交会现场成交了多少？",
    "2024年8月用电量是多少？",
)
TURNS = st.lists(
    st.builds(Turn, st.sampled_from([*ALONE, "那去年呢？", "他呢？"]) | st.text(), st.none() | st.text()), max_size=5
)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(ALONE), TURNS)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str, history: list[Turn]) -> None:
    found = complete(question, history, TODAY, last)
    assert (found.text, found.carried) == (question, ())


@settings(deadline=None, max_examples=25)
@given(st.text() | st.sampled_from(["他呢？", "那2月29日呢？", "下一届呢", "那里呢"]), TURNS, st.dates())
def test_nothing_that_is_asked_is_too_strange(question: str, history: list[Turn], today: date) -> None:
    assert complete(question, history, today, last).text or not question
    assert complete(question, [], today, last) == Completed(question)
