"""Spellings of one word fold to the same letters, and every folded letter leads back to the print."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings.text import letters
from embeddings.text.letters import (
    FoldedText,
    fold,
    fold_aligned,
    is_chinese,
    is_han,
    letters_and_digits,
    narrowing,
    simplified_in_place,
)

# What context does not change: no blanks between Chinese characters, no phrases, no final sigma.
PLAIN = st.characters(exclude_characters="\u03a3\t", exclude_categories=["Zs"])
ODD = "臺灣①㎡½ﬁİ…，。3.8%-ＡＢｶﾞ가각각é́ệ⼀豈😀𠮷\u0301\u3099\ud83d\r\n"
ODD_TEXTS = st.text(max_size=40) | st.text(st.sampled_from(ODD), max_size=40)
SLIPS = st.text(st.sampled_from("指挥部和王苗 　aAndND，臺１㎡é\u0301\n"), max_size=60)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("（记者）", "(记者)"),
        ("疫情防控指揮部", "疫情防控指挥部"),
        ("Yanxi DAILY", "yanxi daily"),
        ("３．８％", "3.8%"),
        ("鄕民囘縣裏，羣衆吿急", "乡民回县里,群众告急"),
        ("", ""),
    ],
    ids=["width", "brackets", "Traditional", "case", "percent", "variant forms", "empty"],
)
def test_spellings_of_one_word_meet(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("指挥部 and 卫健局", "指挥部和卫健局"),
        ("指挥部　AND  卫健局", "指挥部和卫健局"),
        ("王　苗", "王苗"),
        ("辽 源 市", "辽源市"),
        ("A and B", "a and b"),
        ("春笋 and B", "春笋 and b"),
        ("渠水进田 心里踏实", "渠水进田 心里踏实"),
    ],
)
def test_slips_of_ocr_are_folded_between_chinese_characters_alone(slip: str, meant: str) -> None:
    assert fold(slip) == meant


@given(ODD_TEXTS | SLIPS)
@example("王　苗 and 卫健局\u0301㎡")
def test_the_aligned_folding_is_the_folding(text: str) -> None:
    folded = fold_aligned(text)
    assert folded.text == fold(text)
    assert len(folded.places) == len(folded.text)


@given(ODD_TEXTS | SLIPS)
def test_places_lie_in_the_print_and_in_its_order(text: str) -> None:
    places = fold_aligned(text).places
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert list(places) == sorted(places)
    assert [end for _, end in places] == sorted(end for _, end in places)


@given(st.text(PLAIN, max_size=30) | st.text(st.sampled_from(ODD), max_size=30), st.data())
def test_the_print_of_a_folded_stretch_folds_to_what_holds_it(text: str, data: st.DataObject) -> None:
    folded = fold_aligned(text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        first, last = folded.span(start, end)
        assert folded.text[start:end] in fold(text[first:last])


@pytest.mark.parametrize(
    ("text", "sought", "printed"),
    [
        ("面積86㎡，共½", "m2", "㎡"),
        ("面積86㎡，共½", "共1⁄2", "共½"),
        ("記者 王　苗 報道", "王苗", "王　苗"),
        ("指揮部 and 衛健局", "部和卫", "部 and 衛"),
        ("指揮部 and 衛健局", "卫健局", "衛健局"),
        ("cafe\u0301開館", "é开", "e\u0301開"),
        ("İzmir開館", "开馆", "開館"),
        ("ガ\u3099ｶﾞ開館", "开", "開"),
        ("①②臺灣", "2台", "②臺"),
        ("ＡＢＣ", "bc", "ＢＣ"),
        ("ﬁ", "i", "ﬁ"),
        ("각국", "국", "국"),
        ("乾隆乾燥", "干燥", "乾燥"),
    ],
)
def test_a_folded_stretch_is_found_in_the_print(text: str, sought: str, printed: str) -> None:
    folded = fold_aligned(text)
    start = folded.text.index(sought)
    first, last = folded.span(start, start + len(sought))
    assert text[first:last] == printed


@pytest.mark.parametrize(
    ("before", "after", "sought", "printed"),
    [
        ("用手提電話打", "用手机打", "手机", "手提電話"),
        ("用手提電話打", "用手机打", "打", "打"),
        ("出門打的去", "出门乘计程车去", "去", "去"),
        ("出門打的去", "出门乘计程车去", "乘计程车", "打的"),
        ("門前", "的门前", "前", "前"),
        ("前面", "前的面", "的", "前"),
        ("前面", "前面的", "的", "面"),
    ],
)
def test_a_phrase_that_becomes_longer_or_shorter_moves_nothing_behind_it(
    before: str, after: str, sought: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other:
        def convert(self, text: str) -> str:
            return text.replace(before, after)

    monkeypatch.setattr(letters, "_simplifier", Other)
    folded = fold_aligned(before)
    assert folded.text == after
    start = after.index(sought)
    first, last = folded.span(start, start + len(sought))
    assert printed in before[first:last]
    assert sought != printed or before[first:last] == printed


def test_what_a_pattern_leaves_out_moves_no_offset() -> None:
    folded = fold_aligned("（記者 王桐）").only(re.compile(r"\w+"))
    assert folded == FoldedText("记者王桐", ((1, 2), (2, 3), (4, 5), (5, 6)))
    assert folded.span(1, 3) == (2, 5)


def test_only_marks_and_parts_of_hangul_join_the_character_before() -> None:
    # What NFKC composes is what decomposes, so that these pairs are all there are.
    pairs = {decomposed for code in range(0x110000) if len(decomposed := unicodedata.normalize("NFD", chr(code))) > 1}
    joined = {char for decomposed in pairs for char in decomposed[1:]}
    assert len(joined) > 100
    assert {char for char in joined if not letters._joins(char)} == set()


def test_narrowing_leaves_other_marks_wide() -> None:
    assert "３．８，５／６～７（Ａ）".translate(narrowing("0123456789./~")) == "3.8，5/6~7（Ａ）"


@pytest.mark.parametrize(
    ("text", "holds", "alone"),
    [
        ("砚溪", True, True),
        ("砚溪A", True, False),
        ("A", False, False),
        ("", False, False),
        ("㐂", True, True),
    ],
)
def test_chinese_characters_are_told_from_others(text: str, holds: bool, alone: bool) -> None:
    assert (is_chinese(text), is_han(text)) == (holds, alone)


def test_letters_and_digits_are_of_any_script() -> None:
    assert letters_and_digits("砚_溪，３.8 é①-я") == "砚溪３8é①я"


def test_simplified_characters_stand_where_the_traditional_ones_stood() -> None:
    text = "臺灣的圖書館😀\n在砚溪，開館於１９３６年。"
    folded = simplified_in_place(text)
    assert folded == "台湾的图书馆😀\n在砚溪，开馆于１９３６年。"
    assert len(folded) == len(text)


@given(st.text(st.characters()) | st.text(st.sampled_from("臺灣裏面\ud83d\udc4d後台\r\n")))
def test_no_text_changes_its_length(text: str) -> None:
    assert len(simplified_in_place(text)) == len(text)


def test_and_is_read_as_it_was_meant_where_it_stood() -> None:
    text = "指挥部 and 卫健局"
    folded = simplified_in_place(text)
    assert folded.split() == ["指挥部", "和", "卫健局"]
    assert folded.index("卫") == text.index("卫")


@given(st.text(st.sampled_from("指挥部和王苗 　aAndND，臺１\n"), max_size=60))
def test_folding_twice_is_folding_once_and_in_place_moves_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    in_place = simplified_in_place(text)
    assert len(in_place) == len(text)
    assert [place for place, char in enumerate(in_place) if char in "指挥部，"] == [
        place for place, char in enumerate(text) if char in "指挥部，"
    ]


def test_radicals_of_both_blocks_fold_to_the_characters_they_look_like() -> None:
    assert fold("⼈⺠⽇报⻋⻔⻓⻛⻢⾒") == "人民日报车门长风马见"
    assert fold_aligned("⺠⽣").text == "民生"
    assert simplified_in_place("3⽉12⽇ ⻄⻔⺟⼦") == "3月12日 西门母子"
    left = [chr(code) for code in range(0x2E80, 0x2FD6) if fold(chr(code)) == chr(code) and unicodedata.name(chr(code), "")]
    assert left == ["⺀"]  # the mark of repetition, which is no character
