"""The days that an issue is dated with are found however they are printed, and other days of a masthead are not taken."""

from datetime import date

import pytest

from embeddings.dates.issue_days import printed_days


def days(text: str) -> list[tuple[date, date]]:
    return [(found.first, found.last) for found in printed_days(text)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二四年九月六日", date(2024, 9, 6)),
        ("二○○三年十月二十一日", date(2003, 10, 21)),
        ("二OO三年九月二日", date(2003, 9, 2)),
        ("2024年9月9号", date(2024, 9, 9)),
        ("民國三十五年五月十五日", date(1946, 5, 15)),
        ("中華民國卅五年五月十五號", date(1946, 5, 15)),
        ("民国三五年五月十五日", date(1946, 5, 15)),
        ("昭和十二年七月八日", date(1937, 7, 8)),
        ("西曆一千九百零六年五月一日", date(1906, 5, 1)),
        ("Friday, September 6, 2024", date(2024, 9, 6)),
        ("Fri, 06 Sep 2024 08:00:00 +0800", date(2024, 9, 6)),
    ],
)
def test_a_day_with_its_year_is_found(text: str, day: date) -> None:
    assert days(text) == [(day, day)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年11月4日—11月10日", date(2024, 11, 4), date(2024, 11, 10)),
        ("2024年9月2日至8日", date(2024, 9, 2), date(2024, 9, 8)),
        ("2024.9.2-9.8", date(2024, 9, 2), date(2024, 9, 8)),
        ("2024年9月2日（星期一）—9月8日（星期日）", date(2024, 9, 2), date(2024, 9, 8)),
        ("2024年12月30日—2025年1月5日", date(2024, 12, 30), date(2025, 1, 5)),
        ("2024年12月30日—1月5日", date(2024, 12, 30), date(2025, 1, 5)),
    ],
    ids=["months", "days", "points", "weekdays", "two years", "over the year's end"],
)
def test_a_weeks_range_keeps_both_ends(text: str, first: date, last: date) -> None:
    assert days(text)[0] == (first, last)


@pytest.mark.parametrize("text", ["2024-05-06-12", "2024年5月6日-12版", "2024年5月6日 第7版", "2024年5月6日—2031年5月6日"])
def test_a_page_or_a_far_day_ends_no_range(text: str) -> None:
    assert days(text)[0] == (date(2024, 5, 6), date(2024, 5, 6))


@pytest.mark.parametrize(
    "text",
    [
        "创刊于1951年7月1日",
        "1951年7月1日创刊",
        "创刊日期：1951-07-01",
        "1951年7月1日（星期日）复刊",
        "广告登记证号 20050312",
        "下期2024年9月13日出版",
        "农历二〇二四年九月六日",
        "有效期至2025年12月31日",
    ],
)
def test_other_days_of_a_masthead_are_not_the_issues(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("光緒三十二年四月初八日", date(1906, 5, 1)),
        ("光緒三十二年閏四月初八日", date(1906, 5, 30)),
        ("宣統元年正月十五", date(1909, 2, 5)),
        ("光緒三十二年五月十五日 星期五", date(1906, 7, 6)),
        ("光緒三十二年五月十五日 星期二", date(1906, 5, 15)),
    ],
    ids=["moon", "leap month", "first month", "weekday of the moon's", "weekday of the sun's"],
)
def test_the_qing_counted_by_the_moon_unless_the_weekday_says_otherwise(text: str, day: date) -> None:
    assert days(text) == [(day, day)]


def test_a_day_of_the_sun_beside_one_of_the_moon_comes_first() -> None:
    assert days("光緒三十二年閏四月初八日 西曆一千九百零六年五月三十日")[0] == (date(1906, 5, 30), date(1906, 5, 30))


@pytest.mark.parametrize("text", ["光緒三十二年四月三十五日", "光緒三十二年閏五月初八日"])
def test_a_day_that_the_moon_has_not_is_none(text: str) -> None:
    assert days(text) == []
