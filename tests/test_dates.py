"""The days a text names are read against the day its issue was printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.dates import event_dates

PRINTED = date(2021, 1, 21)


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
        ("近日,年内,3.5元,2021年", []),
        ("", []),
    ],
    ids=[
        *("no year", "full", "full width", "the year before", "last year", "this year", "next year", "one day, three words"),
        *("relative", "each once, in order", "no such day", "no such leap day", "leap day", "nearest leap day"),
        *("no day", "empty"),
    ],
)
def test_days_are_read_against_the_issues_date(text: str, days: list[date]) -> None:
    assert event_dates(text, PRINTED) == tuple(days)


def test_a_day_early_in_the_year_may_lie_ahead_of_a_december_issue() -> None:
    assert event_dates("1月2日", date(2020, 12, 30)) == (date(2021, 1, 2),)


@pytest.mark.parametrize(("text", "printed"), [("明天", date.max), ("昨日", date(1, 1, 1)), ("前天", date(1, 1, 2))])
def test_a_day_beyond_the_calendar_is_left_out(text: str, printed: date) -> None:
    assert event_dates(text, printed) == ()


PIECES = "去年 今年 明年 年 月 日 号 昨日 明天 前天 0 9 12 31 2024 9999 0000 １ 放水".split()
MENTIONS = st.lists(st.sampled_from(PIECES)).map("".join)


@given(MENTIONS | st.text(), st.dates())
def test_no_text_and_no_day_are_too_strange(text: str, printed: date) -> None:
    days = event_dates(text, printed)
    assert len(set(days)) == len(days)
    assert all(isinstance(day, date) for day in days)


@given(st.dates(), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_written_in_full_is_that_day(day: date, printed: date) -> None:
    assert event_dates(f"{day.year:04}年{day.month}月{day.day}日", printed) == (day,)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_without_a_year_lies_within_half_a_year_or_is_a_leap_day(day: date, printed: date) -> None:
    for found in event_dates(f"{day.month}月{day.day}日", printed):
        assert (found.month, found.day) == (day.month, day.day)
        assert abs(found - printed).days <= 183 or (day.month, day.day) == (2, 29)
