"""Marks of jumps leave the text, and the halves that they join are found."""

import pytest

from embeddings.formats.jumps import Half, Jump, pair_halves, take_jumps


@pytest.mark.parametrize(
    ("text", "left", "jump"),
    [
        ("一期由(下转第3版)", "一期由", Jump(True, "3")),
        ("(上接第1版)水厂承建", "水厂承建", Jump(False, "1")),
        ("▼下转2版", "", Jump(True, "2")),
        ("▲上接第一版▲", "", Jump(False, "1")),
        ("水退了。（转二版）", "水退了。", Jump(True, "2")),
        ("（文接A1版）\n水退了。", "水退了。", Jump(False, "A1")),
        ("水退了。\n（下轉第二版）", "水退了。", Jump(True, "2")),
        ("水退了。下转A3版▶", "水退了。", Jump(True, "A3")),
        ("水退了（紧接第2版）", "水退了", Jump(True, "2")),
        ("（紧接第一版）水退了", "水退了", Jump(False, "1")),
        ("水退了。（下转第三版《水退以后》）", "水退了。", Jump(True, "3", "水退以后")),
        ("水退了。(下转\n第3版)", "水退了。", Jump(True, "3")),
        ("(接1版)水退了。\n人回来了。", "水退了。\n人回来了。", Jump(False, "1")),
    ],
)
def test_a_mark_leaves_the_text(text: str, left: str, jump: Jump) -> None:
    assert take_jumps(text) == (left, [jump], ())


@pytest.mark.parametrize(
    "text", ["他指着下转第3版的字样笑了。", "（相关报道见第3版）", "电话转接3号", "他转二中就读", "水退了。"]
)
def test_other_words_stay(text: str) -> None:
    assert take_jumps(text) == (text, [], ())


def half(place: int, title: str, page: str | None, *jumps: Jump) -> Half:
    return Half(place, title, page, list(jumps))


def test_halves_meet_by_the_pages_that_they_name_whatever_stands_between() -> None:
    halves = [
        half(0, "大堤加固开工", "1", Jump(True, "3")),
        half(1, "图书馆延时开放", "1", Jump(True, "2")),
        half(2, "图书馆", "2", Jump(False, "1")),
        half(3, "", "3", Jump(False, "1")),
    ]
    assert pair_halves(halves) == ({2: 1, 3: 0}, [])


def test_of_two_that_go_on_at_one_page_the_headline_decides() -> None:
    halves = [
        half(0, "大堤加固工程全线开工", "1", Jump(True, "3")),
        half(1, "图书馆延时开放", "1", Jump(True, "3")),
        half(2, "图书馆延时", "3", Jump(False, "1")),
        half(3, "大堤加固工程", "3", Jump(False, "1")),
    ]
    assert pair_halves(halves) == ({2: 1, 3: 0}, [])


def test_a_headline_printed_again_on_the_page_named_is_enough() -> None:
    halves = [half(0, "大堤加固开工", "1", Jump(True, "3")), half(1, "夜校开课", "3"), half(2, "大堤加固开工", "3")]
    assert pair_halves(halves) == ({2: 0}, [])


def test_a_half_goes_on_twice() -> None:
    halves = [
        half(0, "大堤", "1", Jump(True, "2")),
        half(1, "大堤", "2", Jump(False, "1"), Jump(True, "4")),
        half(2, "大堤", "4", Jump(False, "2")),
    ]
    assert pair_halves(halves) == ({1: 0, 2: 1}, [])


def test_halves_of_other_pages_stay_alone() -> None:
    first, second = half(0, "大堤加固开工", "1", Jump(True, "3")), half(1, "夜校开课", "4", Jump(False, "2"))
    assert pair_halves([first, second]) == ({}, [first, second])
