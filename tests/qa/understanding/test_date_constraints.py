"""A question's words of time are the days it means, as firmly as it says so."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from embeddings.records import Days, Precision
from qa.understanding.date_constraints import (
    DateConstraint,
    DateConstraints,
    Firmness,
    parse_date_constraints,
    with_absolute_dates,
)

TODAY = date(2026, 11, 23)  # a Monday
LIVE = (date(2024, 2, 1), date(2026, 11, 22))
CLOSED = (date(2022, 9, 24), date(2025, 7, 1))


def meant(question: str, archive: tuple[date, date] = LIVE) -> list[str]:
    """Return the spans of the only words of time in a question, as written days."""
    (asked,) = parse_date_constraints(question, TODAY, *archive).days
    return [f"{days.first}" if days.first == days.last else f"{days.first}..{days.last}" for days in asked.spans]


def firmness(question: str) -> Firmness:
    (asked,) = parse_date_constraints(question, TODAY, *LIVE).days
    return asked.firmness


def test_the_words_are_told_by_their_place_in_the_question() -> None:
    asked = parse_date_constraints("请问2025年1月19日新增几例?", TODAY, *LIVE)
    day = Days(date(2025, 1, 19), date(2025, 1, 19), Precision.DAY)
    assert asked == DateConstraints((DateConstraint(2, 12, (day,), Firmness.PLAIN),), None)


@pytest.mark.parametrize("question", ["卧虹水库哪天放水?", "比赛当天下雨了吗", "同年谁退役了", ""])
def test_a_question_that_names_no_day_asks_for_none(question: str) -> None:
    assert parse_date_constraints(question, TODAY, *LIVE) == DateConstraints((), None)


@pytest.mark.parametrize(
    ("question", "spans"),
    [
        ("1月19日新增几例", ["2026-01-19", "2025-01-19"]),
        ("12月30日放水吗", ["2025-12-30", "2024-12-30"]),
        ("2月29日放水吗", ["2024-02-29"]),
        ("一季度产值", ["2026-01-01..2026-03-31", "2025-01-01..2025-03-31", "2024-01-01..2024-03-31"]),
        ("春节期间游客多少", ["2026-02-15..2026-02-23", "2025-01-28..2025-02-04", "2024-02-10..2024-02-17"]),
        ("10月上旬", ["2026-10-01..2026-10-10", "2025-10-01..2025-10-10", "2024-10-01..2024-10-10"]),
        ("12月30日至1月3日", ["2025-12-30..2026-01-03", "2024-12-30..2025-01-03"]),
    ],
)
def test_what_names_no_year_is_tried_in_the_archives_years_newest_first(question: str, spans: list[str]) -> None:
    assert meant(question) == spans


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("2025年7月15日公布的上半年产值是多少？", date(2025, 1, 1)),
        ("2025年1月公布的四季度产值是多少？", date(2024, 10, 1)),
        ("上半年的产值，2025年7月的报道怎么说？", date(2025, 1, 1)),
    ],
)
def test_what_names_no_year_beside_a_day_is_the_last_that_had_begun_by_then(question: str, first: date) -> None:
    opened = [days.spans for days in parse_date_constraints(question, TODAY, *LIVE).days]
    (span,) = next(spans for spans in opened if spans[0].precision in (Precision.QUARTER, Precision.HALF_YEAR))
    assert span.first == first


def test_a_day_that_the_archive_holds_in_no_year_stays_the_nearest() -> None:
    assert meant("3月5日放水吗", (date(2026, 11, 1), date(2026, 11, 22))) == ["2027-03-05"]


@pytest.mark.parametrize(
    ("question", "live", "closed"),
    [
        ("昨天有什么新闻", "2026-11-22", "2025-06-30"),
        ("明天停水吗", "2026-11-24", "2025-07-02"),
        ("上周五谁来了", "2026-11-20", "2025-06-27"),
        ("上个月谁来了", "2026-10-01..2026-10-31", "2025-06-01..2025-06-30"),
        ("最近有什么展览", "2026-10-24..2026-11-23", "2025-06-01..2025-07-01"),
        ("今年国庆假期", "2026-10-01..2026-10-07", "2025-10-01..2025-10-08"),
        ("去年三月", "2025-03-01..2025-03-31", "2025-03-01..2025-03-31"),
        ("2026年1月19日", "2026-01-19", "2026-01-19"),
        ("19日新增几例", "2026-11-19", "2025-06-19"),
    ],
)
def test_a_closed_archive_is_asked_as_on_the_day_of_its_last_issue(question: str, live: str, closed: str) -> None:
    assert meant(question) == [live]
    assert meant(question, CLOSED) == [closed]


def test_an_archive_without_issues_reads_days_against_today() -> None:
    (asked,) = parse_date_constraints("1月19日新增几例", TODAY, None, None).days
    assert asked.spans == (Days(date(2027, 1, 19), date(2027, 1, 19), Precision.DAY),)


@pytest.mark.parametrize(
    "question",
    [
        "1月19日那天的报纸说了什么",
        "2025年1月19日当天的报纸",
        "3月5日那期",
        "2025-03-05那一期报纸登了谁",
        "3月5日的头版",
        "3月5日第二版是什么",
        "2025年1月19日的砚溪日报",
        "昨天的报纸",
        "3月5日报上说了什么",
    ],
)
def test_wording_that_can_only_mean_print_is_sure(question: str) -> None:
    assert firmness(question) is Firmness.SURE


@pytest.mark.parametrize(
    "question",
    ["近期有什么展览", "去年底通车了吗", "大约3月通车的桥", "3月5日前后放水吗", "3月5日左右", "3月底放水吗"],
)
def test_loose_wording_is_loose(question: str) -> None:
    assert firmness(question) is Firmness.LOOSE


@pytest.mark.parametrize(
    "question",
    ["1月19日那天下雨了吗", "1月19日的报道", "3月5日期间", "3月5日晚报名人数", "3月5日出版的书", "上个月", "2025年3月的报纸"],
)
def test_other_wording_is_plain(question: str) -> None:
    assert firmness(question) is Firmness.PLAIN


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("去年的灯会", "2025年的灯会"),
        ("昨天下雨了吗", "2026年11月22日下雨了吗"),
        ("上个月用了多少电", "2026年10月用了多少电"),
        ("去年三月和今年三月", "2025年三月和2026年三月"),
        ("上周五谁来了", "上周五谁来了"),
        ("2024年1月19日", "2024年1月19日"),
        ("最近有什么展览", "最近有什么展览"),
    ],
)
def test_words_that_lean_on_today_are_written_as_print_writes_them(question: str, told: str) -> None:
    assert with_absolute_dates(question, parse_date_constraints(question, TODAY, *LIVE)) == told


@pytest.mark.parametrize("question", ["3月13日的新闻", "2025年3月13日报道", "3月13日通报"])
def test_what_was_reported_on_a_day_is_of_its_print(question: str) -> None:
    (asked,) = parse_date_constraints(question, TODAY, *LIVE).days
    assert (asked.printed, asked.firmness) == (True, Firmness.PLAIN)


@pytest.mark.parametrize("words", ["最新", "目前", "现在"])
def test_who_asks_for_the_newest_is_heard(words: str) -> None:
    assert parse_date_constraints(f"大桥{words}进展", TODAY, *LIVE) == DateConstraints((), (2, 4))


@settings(deadline=None)  # a lunar year is computed when it is first met
@given(
    st.text()
    | st.lists(st.sampled_from("1月19日 2月29日 昨天 最近 去年 春节 那期 的报纸 前后 最新 至 、 大约".split())).map("".join),
    st.dates(),
    st.dates(),
    st.integers(0, 3000),
)
@example("2月29日至1月", date(2000, 1, 1), date(2001, 1, 1), 0)
def test_no_question_is_too_strange(question: str, today: date, first: date, length: int) -> None:
    last = date.fromordinal(min(first.toordinal() + length, date.max.toordinal()))
    behind = 0
    times = parse_date_constraints(question, today, first, last)
    assert with_absolute_dates(question, times) or not question
    for asked in times.days:
        assert behind <= asked.start < asked.end <= len(question)
        assert asked.spans
        assert len(set(asked.spans)) == len(asked.spans)
        behind = asked.end
