"""A masthead says which paper and which day; the issue's id is made of both."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.formats.masthead import find_date, make_issue_id, read_masthead

pytestmark = pytest.mark.usefixtures("english")

DAY = date(2024, 5, 6)


def test_every_fact_of_a_masthead_is_read() -> None:
    masthead = read_masthead("砚溪日报\n2024年5月6日 星期一\n总第9370期 今日4版\n国内统一刊号:CN00-0916")
    assert (masthead.paper, masthead.issue_date) == ("砚溪日报", DAY)
    assert (masthead.issue_number, masthead.pages, masthead.cn_number) == (9370, 4, "CN00-0916")
    assert masthead.warnings == ()


def test_facts_that_are_not_printed_are_none() -> None:
    masthead = read_masthead("YAN XI RI BAO")
    assert (masthead.paper, masthead.issue_date, masthead.issue_number) == (None, None, None)
    assert (masthead.pages, masthead.cn_number, masthead.warnings) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("砚溪市新闻出版中心主管主办 砚溪日报社出版", "砚溪日报"),
        ("《云河晚报》\n砚溪日报社出版", "云河晚报"),
        ("澜陵都市报社", "澜陵都市报"),
        ("砚溪新闻联播", "砚溪新闻联播"),
        ("本社地址:书院路", None),
    ],
    ids=["publisher", "a line of its own comes first", "city paper", "broadcast", "none"],
)
def test_the_paper_is_named(text: str, paper: str | None) -> None:
    assert read_masthead(text).paper == paper


@pytest.mark.parametrize(
    ("printed", "warnings"),
    [
        ("星期一", ()),
        ("周一", ()),
        ("星期二", ("the masthead says 星期二, but 2024-05-06 was a Monday",)),
    ],
)
def test_a_weekday_that_does_not_fit_is_a_warning(printed: str, warnings: tuple[str, ...]) -> None:
    assert read_masthead(f"砚溪日报\n2024年5月6日 {printed}").warnings == warnings


def test_sunday_has_two_names() -> None:
    assert read_masthead("2024年5月5日 星期天").warnings == read_masthead("2024年5月5日 星期日").warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        *("二〇二四年五月六日", "2024年5月6日", "2024 年 05 月 06 日", "２０２４年５月６日", "2024-05-06"),
        *("2024.5.6", "2024/5/6", "yxrb_2024_05_06", "20240506"),
    ],
)
def test_a_day_is_found_however_it_is_written(text: str) -> None:
    assert find_date(f"第1234567890期 {text} 版") == DAY


@pytest.mark.parametrize(
    "text", ["", "2024年13月1日", "2024-02-30", "20241301", "1202405061", "12024-05-06", "2024年5月", "5月6日"]
)
def test_what_is_no_day_is_not_taken_for_one(text: str) -> None:
    assert find_date(text) is None


def test_a_number_that_is_no_day_hides_no_later_one() -> None:
    assert find_date("2024-13-40 2024-05-06") == DAY


@pytest.mark.parametrize(
    ("paper", "full", "issue_id"),
    [
        ("砚溪日报", False, "yxrb-2024-05-06"),
        ("砚溪日报", True, "yanxiribao-2024-05-06"),
        ("Yanxi 日报 2", False, "yanxirb2-2024-05-06"),
        ("……", False, "issue-2024-05-06"),
    ],
    ids=["initials", "syllables", "mixed", "no letters"],
)
def test_an_issue_is_named_by_its_papers_pinyin_and_its_date(paper: str, full: bool, issue_id: str) -> None:
    assert make_issue_id(paper, DAY, full) == issue_id


@given(st.text(), st.dates())
def test_an_id_is_ascii_and_ends_with_its_date(paper: str, day: date) -> None:
    issue_id = make_issue_id(paper, day)
    assert issue_id.isascii()
    assert issue_id.endswith(f"-{day.isoformat()}")
    assert " " not in issue_id


@given(st.dates())
def test_every_day_is_found_again(day: date) -> None:
    assert find_date(day.isoformat()) == find_date(f"{day.year:04}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("text", "number", "pages"),
    [
        ("总第1287号 今日四版", 1287, 4),
        ("省报刊登记证第037号\n第1214号", 1214, None),
        ("第一一八四六號 今日出紙八張", 11846, None),
        ("第七百九十四號 今日出紙一大張 (四版)", 794, 4),
    ],
    ids=["total", "a licence's number is no issue's", "digits", "numerals"],
)
def test_numbers_are_read_as_old_papers_print_them(text: str, number: int, pages: int | None) -> None:
    masthead = read_masthead(text)
    assert (masthead.issue_number, masthead.pages) == (number, pages)


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("國內統一刊號:CN00-0002", "CN00-0002"),
        ("国内统一连续出版物号：ＣＮ ００－０００２", "CN00-0002"),
        ("国内统一刊号 00-0002/G2", "CN00-0002/G2"),
        ("ISSN 1000-200X CN 00-0002", "CN00-0002"),
        ("ISSN 1000-200X", "ISSN 1000-200X"),
        ("内部准印证第046号", None),
    ],
)
def test_the_serial_number_is_read(text: str, serial: str | None) -> None:
    assert read_masthead(text).cn_number == serial


def test_of_several_days_the_issues_own_is_taken() -> None:
    masthead = read_masthead("砚溪日报\n1951年7月1日创刊 总第18022期\n广告登记证号 20050312\n二〇二四年五月六日 星期一")
    assert (masthead.issue_date, masthead.issue_number, masthead.warnings) == (DAY, 18022, ())
    # A day that stands alone gives way to one beside a weekday.
    assert read_masthead("砚溪日报\n2024年5月1日\n2024年5月6日 星期一").issue_date == DAY
