"""Dates, editions and large numbers of English questions in Chinese writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.understanding.english_dates import in_chinese_form


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("on 7 August 2024", "on 2024年8月7日"),
        ("on August 7th, 2024", "on 2024年8月7日"),
        ("on the 7th of Aug.", "on the 8月7日"),
        ("in June 2025", "in 2025年6月"),
        ("orders january 2025", "orders 2025年1月"),
        ("in March", "in 3月"),
        ("in May", "in 5月"),
        ("what may happen on the march", "what may happen on the march"),
        ("by mid-October 2022", "by 2022年10月中旬"),
        ("in late June", "in 6月下旬"),
        ("January-May 2023", "2023年1至5月"),
        ("in Q1 2024", "in 2024年第一季度"),
        ("in Q1-Q3 2024", "in 2024年前三季度"),
        ("in the third quarter of 2023", "in the 2023年第三季度"),
        ("in the first three quarters of 2023", "in 2023年前三季度"),
        ("in the first eight months of 2024", "in 2024年1至8月"),
        ("in the first half of 2024", "in the 2024年上半年"),
        ("the 20th Yanxi Expo", "the 第20届 Yanxi Expo"),
        ("the Third Lantern Fair", "the 第三届 Lantern Fair"),
        ("the third bridge", "the third bridge"),
        ("13.42 million people", "1342万 people"),
        ("1,500 billion yuan", "1.5万亿 yuan"),
        ("a 70-million-cubic-metre lake", "a 7000万 -cubic-metre lake"),
    ],
)
def test_dates_and_numbers_are_written_as_chinese_prints_them(english: str, chinese: str) -> None:
    assert " ".join(in_chinese_form(english).split()) == chinese


@given(st.text(alphabet="JanuryMchQqHh0123456789 -–,.thfirsondmlyeb"))
def test_no_text_is_too_odd(text: str) -> None:
    in_chinese_form(text)
