"""How far passages are of the days asked for."""

from __future__ import annotations

from datetime import date

import pytest

from embeddings.dates.mentions import chunk_days
from embeddings.records import Article, Chunk, Passage
from qa.retrieval.date_match import match_dates, mentions_other_dates
from qa.understanding.date_constraints import NO_DATES, parse_date_constraints

FIRST, LAST = date(2022, 1, 1), date(2025, 6, 30)
TODAY = date(2025, 4, 25)


def passage(printed: str, body: str, headline: str = "题") -> Passage:
    day = date.fromisoformat(printed)
    (days,) = chunk_days(headline, body, [Chunk(1, 0, len(body))], day)
    return Passage("a", "a", "i", "砚溪日报", day, None, Article(headline, body), 0, len(body), days)


def fit(question: str, printed: str, body: str, headline: str = "题") -> float:
    return match_dates(parse_date_constraints(question, TODAY, FIRST, LAST), passage(printed, body, headline))


@pytest.mark.parametrize(
    ("question", "right", "sister"),
    [
        ("2024年8月用了多少电？", ("2024-09-21", "8月份用电量为96亿千瓦时。"), ("2024-08-22", "7月份用电量为93亿千瓦时。")),
        ("上个月用电量是多少？", ("2025-04-18", "3月份用电量为82亿千瓦时。"), ("2024-04-20", "3月份用电量为79亿千瓦时。")),
        ("2022年11月15日新增几例？", ("2022-11-16", "11月15日新增16例。"), ("2022-11-15", "11月14日新增17例。")),
        ("2022年10月20日的新闻说有几例？", ("2022-10-20", "10月19日有4例。"), ("2022-10-21", "10月20日有5例。")),
        ("去年的灯会卖出多少张票？", ("2024-02-20", "灯会卖出8张票。"), ("2025-02-12", "灯会卖出9张票。")),
        ("今年国庆前的3月13日水位多少？", ("2025-03-14", "3月13日水位正常。"), ("2024-03-14", "3月13日水位正常。")),
        ("3月13日水位多少？", ("2025-03-14", "3月13日水位正常。"), ("2023-03-14", "3月13日水位正常。")),
    ],
    ids=["month", "last month", "day", "day of print", "last year", "day and festival", "no year: the newest"],
)
def test_the_day_asked_for_is_told_from_its_sister(question: str, right: tuple[str, str], sister: tuple[str, str]) -> None:
    assert fit(question, *right) > fit(question, *sister)


@pytest.mark.parametrize(
    ("question", "headline", "sister"),
    [
        ("2024年8月末存款是多少？", "截至8月末全市存款3亿元", "9月末全市存款4亿元"),
        ("2024年8月物价涨了多少？", "8月份全市物价略涨", "9月份全市物价略涨"),
        ("2024年三季度用电量是多少？", "三季度全市用电量创新高", "四季度全市用电量创新高"),
    ],
)
def test_an_article_is_of_the_period_in_its_headline(question: str, headline: str, sister: str) -> None:
    told = "8月末存款3亿元，9月末4亿元。三季度和四季度用电量都创新高。"
    assert fit(question, "2024-10-15", told, headline) > fit(question, "2024-10-15", told, sister)


def test_what_a_headline_announces_is_not_what_the_article_is_of() -> None:
    told = "2024-09-20", "市政府9月20日公布新规。"
    assert fit("2024年9月20日公布了什么？", *told, "新规10月1日起施行") == fit("2024年9月20日公布了什么？", *told)


def test_a_year_is_told_rather_than_printed_in() -> None:
    told, older = ("2024-12-14", "2024年产粮1600斤。"), ("2024-04-27", "2023年产粮1557斤。")
    assert fit("2024年产了多少粮？", *told) > fit("2024年产了多少粮？", *older) > fit("2022年产了多少粮？", *older)


def test_a_question_that_names_no_day_knows_no_better_day() -> None:
    assert match_dates(NO_DATES, passage("2024-09-21", "8月份用电量为96亿千瓦时。")) == 0.0


def test_loose_words_count_less() -> None:
    told = "2024-03-06", "3月5日放水。"
    assert 0 < fit("2024年3月5日前后放水吗？", *told) < fit("2024年3月5日放水吗？", *told)


@pytest.mark.parametrize(
    ("question", "told", "others"),
    [
        ("2024年产了多少粮？", "2023年，全市产粮", True),
        ("2024年产了多少粮？", "全市产粮", False),
        ("2024年产了多少粮？", "2024年产粮1600斤，比2023年多", False),
        ("2024年8月末存款多少？", "截至9月末，存款", True),
        ("2024年8月末存款多少？", "截至8月末，存款", False),
        ("2024年10月5日选上的票数？", "10月6日公布的票数为", False),
        ("2024年10月5日的新闻里说存款多少？", "截至9月末，存款", False),
        ("存款多少？", "截至9月末，存款", False),
    ],
)
def test_words_before_an_answer_tell_its_period(question: str, told: str, others: bool) -> None:
    asked = parse_date_constraints(question, TODAY, FIRST, LAST)
    assert mentions_other_dates(asked, told, date(2024, 10, 7)) is others
