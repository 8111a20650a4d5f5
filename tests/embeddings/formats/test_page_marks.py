"""The page of what follows is read from marks of any form; a mark that cannot be read tells no page."""

import pytest

from embeddings.formats.page_marks import PageMark, page_text, read_page_mark, same_page


@pytest.mark.parametrize(
    ("line", "page", "name"),
    [
        ("第2版", "2", None),
        ("第01版：要闻", "1", "要闻"),
        ("A02版", "A02", None),
        ("第A04版：社会", "A04", "社会"),
        ("第三版", "3", None),
        ("第廿三版", "23", None),
        ("第二版 本埠新聞", "2", "本埠新聞"),
        ("第二张第三版", "3", None),
        ("B04 文化", "B04", "文化"),
        ("C1", "C1", None),
        ("05版", "5", None),
        ("02 要闻", "2", "要闻"),
        ("版次：07", "7", None),
        ("版面：A02 要闻", "A02", "要闻"),
        ("第8-9版", "8-9", None),
        ("第二、三版", "2-3", None),
        ("A4-A5版 专题", "A4-A5", "专题"),
        ("【第2版】", "2", None),
        ("要闻 第2版", "2", "要闻"),
        ("砚溪日报 第2版", "2", None),
        ("2 2024年3月12日 星期二 要闻 编辑:何映秋 电话:0000-0000000", "2", "要闻"),
        ("2024年3月12日 星期二 第5版 责编：王苗 版式：李四", "5", None),
        ("砚溪日报 2024年3月12日 星期二 A03 民生", "A03", "民生"),
    ],
)
def test_a_mark_tells_page_and_name(line: str, page: str, name: str | None) -> None:
    assert read_page_mark(line) == PageMark(page, name)


@pytest.mark.parametrize(("line", "name"), [("第□版", None), ("副刊版", "副刊"), ("中缝", None), ("<!-- page 2 -->", None)])
def test_a_mark_of_unknown_form_tells_no_page(line: str, name: str | None) -> None:
    assert read_page_mark(line) == PageMark(None, name)


@pytest.mark.parametrize(
    "line",
    [
        *("今日4版", "本期8版", "第一百另三期", "本报讯 第2版有误。", "全国出版", "九月三日", "农村版", "2024年3月12日 星期二"),
        *("砚溪市供水有限责任公司 2020年6月15日", "总第9316期 2024年3月12日 星期二 今日4版", "第一版《砚溪志》问世", ""),
    ],
)
def test_other_lines_are_no_marks(line: str) -> None:
    assert read_page_mark(line) is None


def test_pages_are_kept_as_printed_but_for_noughts_and_numerals() -> None:
    assert [page_text(page) for page in ("02", "三", "A02", "8—9", "十二", None)] == ["2", "3", "A02", "8-9", "12", None]


@pytest.mark.parametrize(
    ("one", "other", "same"), [("A1", "A01", True), ("3", "3-4", True), ("3", "13", False), ("A3", "B3", False)]
)
def test_pages_are_compared_by_their_numbers(one: str, other: str, same: bool) -> None:
    assert same_page(one, other) is same


def test_who_edited_a_page_is_no_part_of_its_name() -> None:
    assert read_page_mark("第1版 责任编辑 何映秋") == PageMark("1", None)
    assert read_page_mark("第2版 要闻 责编：何映秋") == PageMark("2", "要闻")
    assert read_page_mark("A07 热线回音") == PageMark("A07", "热线回音")
