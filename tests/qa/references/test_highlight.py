"""The words of a search within a passage, as printed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.references.highlight import highlight


def found(text: str, *words: str) -> list[str]:
    return [stretch.text for stretch in highlight(text, words) if stretch.found]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("卧虹水库今日放水", ["水库", "放水"], ["水库", "放水"]),
        ("卧虹水库", ["水库", "卧虹", "卧虹水库"], ["卧虹水库"]),
        ("３０００亩", ["3000"], ["３０００"]),
        ("WENBAO 上线", ["wenbao"], ["WENBAO"]),
        ("砚溪圖書館", ["图书馆"], ["圖書館"]),
        ("放心。水渠", ["心水"], []),
        ("<b>水库</b>", ["水库"], ["水库"]),
        ("没有这个词", ["水库"], []),
        ("", ["水库"], []),
        ("标点。", ["。"], []),
        ("新館86㎡開放", ["m2开放"], ["㎡開放"]),
        ("Cafe\u0301開館", ["Café"], ["Cafe\u0301"]),
    ],
)
def test_words_are_found_however_they_are_spelt(text: str, words: list[str], expected: list[str]) -> None:
    assert found(text, *words) == expected


@given(st.text("水库放。<3 ３Ａa\n", max_size=30), st.lists(st.text("水库放3a", min_size=1, max_size=3), max_size=3))
def test_the_stretches_are_the_text_and_alternate(text: str, words: list[str]) -> None:
    stretches = highlight(text, words)
    assert "".join(stretch.text for stretch in stretches) == text
    assert all(stretch.text for stretch in stretches)
    kinds = [stretch.found for stretch in stretches]
    assert all(one != other for one, other in pairwise(kinds))
