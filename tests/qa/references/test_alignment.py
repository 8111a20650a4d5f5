"""A quotation beside the print: what counts as the same, and what the difference is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.letters import fold
from qa.references.alignment import Letters, difference, find_exact, find_folded, find_nearest, split_quotation

PRINTED = "虹渡大桥连接墨池区与南渡区，总投资8.9亿元。全长1,286米，昨日气温-5℃。"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("全长１，２８６米。", "全长1286米"),
        ("（记者 邬桐）", "(记者邬桐)"),
        ("臥虹水庫", "卧虹水库"),
        ("ABC 面积86㎡", "abc面积86m2"),
        ("“放水”——头一轮", "放水，头一轮"),
        ("增长3.8%", "增长３．８％"),
        ("——5万亩", "5万亩"),
    ],
    ids=[
        "width and thousands",
        "brackets and blanks",
        "Traditional",
        "case and square",
        "quotes and dashes",
        "decimals",
        "dash",
    ],
)
def test_spellings_of_the_same_words_have_the_same_letters(one: str, other: str) -> None:
    assert Letters(one).text == Letters(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.8亿", "38亿"),
        ("5%", "5"),
        ("-5℃", "5℃"),
        ("12、13日", "1213日"),
        ("9:30", "930"),
        ("2021-1-16", "2021116"),
        ("库", "厍"),
    ],
)
def test_another_number_or_character_is_another_word(one: str, other: str) -> None:
    assert Letters(one).text != Letters(other).text


@given(st.text() | st.text(st.sampled_from("臺灣①㎡½…，。3.8%-−ＡＢé\u0301😀𠮷\r\n")))
def test_every_letter_is_found_again_in_the_print(text: str) -> None:
    letters = Letters(text)
    spans = letters.aligned.places
    assert letters.aligned.text == letters.text
    assert list(spans) == sorted(spans)
    for char, (start, end) in zip(letters.text, spans, strict=True):
        assert char in fold(text[start:end]).replace("−", "-").replace("–", "-")


@pytest.mark.parametrize(
    ("quote", "parts"),
    [
        ("虹渡大桥……昨日完工", ["虹渡大桥", "昨日完工"]),
        ("虹渡大桥...昨日完工", ["虹渡大桥", "昨日完工"]),
        ("虹渡大桥 [……] 昨日完工", ["虹渡大桥", "昨日完工"]),
        ("（……）虹渡大桥。。。昨日完工⋯⋯", ["虹渡大桥", "昨日完工"]),
        ("虹渡大桥…桥…昨日完工", ["虹渡大桥", "昨日完工"]),
        ("虹渡大桥，昨日完工。", ["虹渡大桥，昨日完工。"]),
        ("……？！", ["……？！"]),
    ],
)
def test_a_quotation_is_split_where_it_leaves_words_out(quote: str, parts: list[str]) -> None:
    assert split_quotation(quote) == parts


def test_parts_stand_in_order_and_do_not_overlap() -> None:
    found = find_exact(["南渡区", "昨日"], PRINTED)
    assert found is not None
    assert [PRINTED[start:end] for start, end in found.spans] == ["南渡区", "昨日"]
    assert find_exact(["昨日", "南渡区"], PRINTED) is None
    assert find_exact(["墨池区与南", "南渡区"], PRINTED) is None


def test_a_folded_match_gives_the_print_with_its_marks() -> None:
    found = find_folded([Letters("“與南渡區 总投资８．９亿元。”")], Letters(PRINTED))
    assert found is not None
    assert [PRINTED[start:end] for start, end in found.spans] == ["与南渡区，总投资8.9亿元。"]


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ("连接墨地区与南渡区，总投资8.9亿元", "连接墨池区与南渡区，总投资8.9亿元"),
        ("连接墨池区和城南的南渡区，总投资8.9亿元", "连接墨池区与南渡区，总投资8.9亿元"),
        ("墨池区南渡区，总资8.9亿元。", "墨池区与南渡区，总投资8.9亿元。"),
    ],
    ids=["another character", "words put in", "words left out"],
)
def test_the_nearest_stretch_begins_and_ends_where_the_quotation_does(quote: str, printed: str) -> None:
    found = find_nearest([Letters(quote)], Letters(PRINTED))
    assert found is not None
    assert [PRINTED[start:end] for start, end in found.spans] == [printed]
    assert 0.5 < found.score < 1


@pytest.mark.parametrize(
    ("quote", "near"),
    [
        ("南渡区厍", False),
        ("与南渡区厍", True),
        ("与南土区厍", False),
        ("连接墨地土与", False),
        ("接墨池区南北渡土区", True),
        ("接墨士土区北北渡土区", False),
    ],
)
def test_the_shorter_a_quotation_the_less_may_differ(quote: str, near: bool) -> None:
    assert (find_nearest([Letters(quote)], Letters(PRINTED)) is not None) == near


def test_every_part_is_near_by_itself() -> None:
    parts = [Letters("虹渡大桥连接墨地区与南渡区"), Letters("全长1286米")]
    found = find_nearest(parts, Letters(PRINTED))
    assert found is not None
    assert found.score == pytest.approx(1 - 1 / 20)  # one of the 13 + 7 letters
    assert find_nearest([parts[0], Letters("总长四公里")], Letters(PRINTED)) is None


def test_a_headline_within_a_long_quotation_is_not_near() -> None:
    assert find_nearest([Letters(PRINTED)], Letters("总投资8.9亿元")) is None


def test_the_difference_tells_the_words_of_both() -> None:
    steps = difference("每秒12立方米，昨日放水", "每秒21立方米,今日开闸放水")
    assert [(step.kind, step.quoted, step.printed) for step in steps if step.kind != "equal"] == [
        ("insert", "", "2"), ("delete", "2", ""), ("replace", "，昨", ",今"), ("insert", "", "开闸")
    ]  # fmt: skip


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_words_of_a_difference_are_both_texts_to_the_letter(quoted: str, printed: str) -> None:
    steps = difference(quoted, printed)
    assert "".join(step.quoted for step in steps) == quoted
    assert "".join(step.printed for step in steps) == printed
    assert all((step.quoted == step.printed) == (step.kind == "equal") for step in steps)


@given(
    st.text(st.sampled_from("水库放今日的，。12"), min_size=1, max_size=12),
    st.text(st.sampled_from("水库放今日的，。12"), max_size=40),
)
def test_what_is_printed_is_found_whatever_stands_around(quote: str, around: str) -> None:
    parts = [Letters(quote)]
    if parts[0].text:
        text = f"{around}砚{quote}溪{around}"
        found = find_folded(parts, Letters(text))
        assert found is not None
        nearest = find_nearest(parts, Letters(text))
        assert nearest is not None
        assert nearest.score == 1
