"""Missing and misread running numbers (总第)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from embeddings.ingest.issue_numbers import check_numbers
from embeddings.store.records import IssueDay

FIRST = date(2024, 3, 1)


def issues(*numbered: tuple[int, int | None], paper: str = "砚溪日报") -> list[IssueDay]:
    """Issues by (day of March 2024, number)."""
    return [IssueDay(f"yxrb-2024-03-{day:02d}", paper, date(2024, 3, day), number, 4) for day, number in numbered]


def gaps(held: list[IssueDay]) -> list[tuple[str, int, int]]:
    return [(gap.paper, gap.first, gap.last) for gap in check_numbers(held).gaps]


def test_numbers_in_a_row_have_no_gap() -> None:
    found = check_numbers(issues((12, 9316), (13, 9317), (18, 9318)))
    assert (found.gaps, found.misplaced) == ((), ())


def test_a_gap_names_the_numbers_and_the_issues_on_both_sides() -> None:
    (gap,) = check_numbers(issues((14, 9318), (18, 9322), (12, 9316), (13, 9317))).gaps
    assert (gap.first, gap.last) == (9319, 9321)
    assert (gap.before.issue_id, gap.after.issue_id) == ("yxrb-2024-03-14", "yxrb-2024-03-18")
    assert gap.plausible


def test_papers_are_numbered_each_by_itself() -> None:
    held = issues((1, 10), (2, 11), (4, 13)) + issues((1, 500), (3, 502), paper="松烟晚报")
    assert gaps(held) == [("松烟晚报", 501, 501), ("砚溪日报", 12, 12)]


def test_issues_without_a_number_are_passed_over() -> None:
    assert gaps(issues((1, 10), (2, None), (3, 11))) == []


def test_one_misread_number_spoils_no_other() -> None:
    found = check_numbers(issues((1, 10), (2, 911), (3, 12), (4, 13), (5, 2), (6, 15)))
    assert [issue.issue_id for issue in found.misplaced] == ["yxrb-2024-03-02", "yxrb-2024-03-05"]
    assert [(gap.first, gap.last) for gap in found.gaps] == [(11, 11), (14, 14)]


def test_a_number_printed_twice_is_told() -> None:
    found = check_numbers(issues((1, 10), (2, 10), (3, 11)))
    assert len(found.misplaced) == 1
    assert found.gaps == ()


def test_more_numbers_missing_than_days_passed_is_doubtful() -> None:
    (gap,) = check_numbers(issues((1, 10), (3, 93))).gaps
    assert not gap.plausible


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(1, 9999))
def test_gaps_are_just_the_numbers_not_held(days: set[int], base: int) -> None:
    held = [IssueDay(f"i{day}", "砚溪日报", FIRST + timedelta(day), base + day, 1) for day in days]
    found = check_numbers(held)
    missing = {number for gap in found.gaps for number in range(gap.first, gap.last + 1)}
    assert missing == {base + day for day in range(min(days), max(days)) if day not in days}
    assert all(gap.plausible for gap in found.gaps)
    assert found.misplaced == ()
