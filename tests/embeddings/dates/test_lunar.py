"""The lunar day of a masthead: found, named, and compared with the day."""

from datetime import date, timedelta

import pytest

from embeddings.dates.lunar import find_lunar_day, fits, lunar_day, solar_day


@pytest.mark.parametrize(
    ("masthead", "day"),
    [
        ("2024年3月12日 星期二\n甲辰年二月初三 二月十一春分", date(2024, 3, 12)),
        ("2001年9月4日 星期二 农历辛巳年七月十七", date(2001, 9, 4)),
        ("農曆癸未年八月初七 五日後白露", date(2003, 9, 3)),
        ("一九五七年四月十七日　星期三　农历丁酉年三月十八", date(1957, 4, 17)),
        ("农历乙亥年腊月廿五", date(1996, 2, 13)),
        ("夏历闰二月十一", date(2023, 4, 1)),
        ("癸卯年闰二月十一日", date(2023, 4, 1)),
        ("农历二月二十日", date(2023, 3, 11)),
    ],
)
def test_a_printed_lunar_day_fits_its_day_alone(masthead: str, day: date) -> None:
    printed = find_lunar_day(masthead)
    assert printed is not None
    assert fits(printed, day)
    assert not fits(printed, day + timedelta(days=1))
    assert not fits(printed, day - timedelta(days=7))


@pytest.mark.parametrize("masthead", ["二月廿一春分", "2024年3月12日 星期二", "每月初五、二十派货郎担", "初一至初三门诊照常"])
def test_a_lunar_day_of_no_calendar_is_not_the_issues(masthead: str) -> None:
    assert find_lunar_day(masthead) is None


def test_the_name_of_every_lunar_day_is_read_as_that_day() -> None:
    day = date(2023, 1, 22)
    for _ in range(400):
        printed = find_lunar_day(lunar_day(day).name)
        assert printed is not None
        assert fits(printed, day), (day, printed)
        day += timedelta(days=1)


def test_a_lunar_day_leads_back_to_the_day() -> None:
    printed = find_lunar_day("甲辰年二月初四")
    assert printed is not None
    assert solar_day(printed, 2024) == date(2024, 3, 13)
    late = find_lunar_day("癸卯年腊月初一")
    assert late is not None
    assert solar_day(late, 2024) == date(2024, 1, 11)
    assert solar_day(late, 2020) is None
