"""How far passages are of the days asked for."""

from __future__ import annotations

from datetime import date

import pytest

from embeddings.dates import chunk_days
from embeddings.records import Article, Chunk, Passage
from qa.timely import timeliness
from qa.times import NO_TIMES, asked_times

FIRST, LAST = date(2022, 1, 1), date(2025, 6, 30)
TODAY = date(2025, 4, 25)


def passage(printed: str, body: str) -> Passage:
    day = date.fromisoformat(printed)
    (days,) = chunk_days("", body, [Chunk(1, 0, len(body))], day)
    return Passage("a", "a", "i", "砚溪日报", day, None, Article("题", body), 0, len(body), days)


def fit(question: str, printed: str, body: str) -> float:
    return timeliness(asked_times(question, TODAY, FIRST, LAST), passage(printed, body))


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


def test_a_question_that_names_no_day_knows_no_better_day() -> None:
    assert timeliness(NO_TIMES, passage("2024-09-21", "8月份用电量为96亿千瓦时。")) == 0.0


def test_loose_words_count_less() -> None:
    told = "2024-03-06", "3月5日放水。"
    assert 0 < fit("2024年3月5日前后放水吗？", *told) < fit("2024年3月5日放水吗？", *told)
