"""The audit of mastheads: what contradicts itself, what is missing, and what is none of it."""

from datetime import date, timedelta

from embeddings.ingest.audit import Fault, Finding, audit
from embeddings.store.records import MastheadFacts

TUESDAY = date(2024, 3, 12)


def issue(day: date, number: int | None = None, masthead: str = "", paper: str = "砚溪日报", mark: str = "") -> MastheadFacts:
    return MastheadFacts(f"yxrb-{day.isoformat()}{mark}", paper, day, number, masthead)


def daily(*numbers: int | None, first: date = TUESDAY, step: int = 1) -> list[MastheadFacts]:
    return [issue(first + timedelta(days=step * place), number) for place, number in enumerate(numbers)]


def faults(found: list[Finding]) -> list[Fault]:
    return [one.fault for one in found]


def test_a_masthead_that_agrees_with_itself_is_passed_over() -> None:
    sound = "2024年3月12日 星期二\n甲辰年二月初三 二月十一春分\n每周日出版星期刊"
    assert audit([issue(TUESDAY, 9316, sound), issue(TUESDAY + timedelta(days=1), 9317)]) == []


def test_a_weekday_and_a_lunar_day_of_another_day_name_that_day(english: None) -> None:
    found = audit([issue(TUESDAY, None, "2024年3月12日 星期三 农历甲辰年二月初四")])
    assert faults(found) == [Fault.WEEKDAY, Fault.LUNAR]
    assert str(found[0].message) == (
        "yxrb-2024-03-12: masthead says Wednesday, but 2024-03-12 was a Tuesday; weekday and lunar day both fit 2024-03-13: "
        "check the date"
    )
    assert "甲辰年二月初三" in str(found[1].message)


def test_a_lunar_day_alone_is_a_misprint_that_names_no_other_day() -> None:
    found = audit([issue(TUESDAY, None, "2024年3月12日 星期二 农历甲辰年二月初四")])
    assert faults(found) == [Fault.LUNAR]
    assert "2024-03-13" not in str(found[0].message)


def test_numbers_missing_between_two_issues_are_a_gap() -> None:
    (found,) = audit([*daily(10, 11), issue(TUESDAY + timedelta(days=5), 15)])
    assert found.fault is Fault.GAP
    assert found.issue_ids == ("yxrb-2024-03-13", "yxrb-2024-03-17")


def test_more_numbers_than_days_are_a_number_misread() -> None:
    assert faults(audit(daily(10, 93))) == [Fault.FAR]


def test_a_number_that_two_days_bear_is_told_with_both() -> None:
    (found,) = audit(daily(10, 11, 11, 12))
    assert found.fault is Fault.TWICE
    assert set(found.issue_ids) == {"yxrb-2024-03-13", "yxrb-2024-03-14"}


def test_a_number_out_of_order_is_told_once() -> None:
    assert faults(audit(daily(10, 11, 2, 13, 14))) == [Fault.ORDER, Fault.GAP]


def test_a_pause_longer_than_the_numbers_tell_is_odd() -> None:
    issues = [*daily(10, 11, 12, 13, 14), issue(TUESDAY + timedelta(days=40), 15)]
    assert faults(audit(issues)) == [Fault.PACE]
    assert faults(audit(daily(10, 11, 12, 13, 14, step=7))) == []


def test_editions_of_a_day_share_a_number_and_a_new_year_counts_anew() -> None:
    assert audit([*daily(10, 11), issue(TUESDAY + timedelta(days=1), 11, mark="-号外")]) == []
    weekly = [*daily(50, 51, 52, first=date(2023, 12, 12), step=7), *daily(1, 2, first=date(2024, 1, 2), step=7)]
    assert audit(weekly) == []


def test_a_hole_in_the_days_of_a_paper_without_numbers() -> None:
    issues = [*daily(*[None] * 9), *daily(*[None] * 9, first=TUESDAY + timedelta(days=40))]
    assert faults(audit(issues)) == [Fault.HOLE]


def test_only_what_concerns_the_issues_asked_for() -> None:
    issues = [*daily(10, 12), issue(TUESDAY + timedelta(days=3), 15), issue(TUESDAY, 1, "2024年3月12日 星期三", "松烟晚报")]
    assert len(audit(issues)) > 2
    found = audit(issues, about={"yxrb-2024-03-15"})
    assert [one.issue_ids for one in found] == [("yxrb-2024-03-13", "yxrb-2024-03-15")]
    assert audit(issues, about={"elsewhere"}) == []
