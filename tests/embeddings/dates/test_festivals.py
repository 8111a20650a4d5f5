"""Festivals fall on the days of both calendars, and their holidays on the days decreed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.dates.festivals import FESTIVALS, festival, festival_day, holiday


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("春节", 1957, "1957-01-31"),
        ("春节", 2021, "2021-02-12"),
        ("除夕", 2021, "2021-02-11"),
        ("除夕", 2025, "2025-01-28"),
        ("元宵", 2021, "2021-02-26"),
        ("清明", 2021, "2021-04-04"),
        ("清明", 2023, "2023-04-05"),
        ("端午", 2020, "2020-06-25"),
        ("中秋", 2020, "2020-10-01"),
        ("重阳", 2021, "2021-10-14"),
        ("腊八", 2021, "2021-01-20"),
        ("国庆", 2021, "2021-10-01"),
    ],
)
def test_a_festival_falls_on_its_day(name: str, year: int, day: str) -> None:
    assert festival_day(name, year) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("国庆", 2019, "2019-10-01", "2019-10-07"),
        ("国庆", 2020, "2020-10-01", "2020-10-08"),
        ("中秋", 2025, "2025-10-01", "2025-10-08"),
        ("元旦", 2023, "2022-12-31", "2023-01-02"),
        ("春节", 2024, "2024-02-10", "2024-02-17"),
        ("春节", 1995, "1995-01-30", "1995-02-06"),
        ("重阳", 2021, "2021-10-14", "2021-10-14"),
    ],
    ids=["one festival", "two on one day", "two in one", "over the year's end", "long", "no decree known", "no day off"],
)
def test_a_holiday_is_the_days_off(name: str, year: int, first: str, last: str) -> None:
    found = holiday(name, year)
    assert found is not None
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_year_without_the_month_has_no_such_festival() -> None:
    assert festival_day("腊八", 9) is None
    assert holiday("腊八", 9) is None


@pytest.mark.parametrize(("year", "first", "last"), [(2024, "2024-01-26", "2024-03-05"), (2025, "2025-01-14", "2025-02-22")])
def test_a_season_has_all_its_days(year: int, first: str, last: str) -> None:
    found = festival("春运", year)
    assert found is not None
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert festival_day("春运", year) == found.first
    assert holiday("春运", year) == found


@settings(deadline=None)  # a lunar year is computed when it is first met
@given(st.sampled_from(FESTIVALS), st.integers(-10, 10_010))
def test_no_year_is_too_strange(name: str, year: int) -> None:
    day, days = festival_day(name, year), holiday(name, year)
    assert (day is None) == (days is None)
    assert day is None or days is None or days.first <= day <= days.last
