"""Which printed words a stretch of a corrected text stands for."""

from __future__ import annotations

import pytest

from embeddings.records import Article
from embeddings.text.readings import changes, printed_text, printed_words


@pytest.mark.parametrize(
    ("printed", "corrected", "stretch", "narrow", "wide"),
    [
        ("春荼开园。", "春茶开园。", "春茶", "春荼", "春荼"),
        ("春荼开园。", "春茶开园。", "开园", None, None),
        ("春荼荼开园。", "春茶开园。", "春茶开", "春荼荼开", "春荼荼开"),
        ("开园。", "昨日开园。", "昨日开园", "开园", "开园"),
        ("昨日日开园。", "昨日开园。", "昨日开园", "昨日日开园", "昨日日开园"),
        ("开园。误印。", "开园。", "开园。", None, "开园。误印。"),
        ("春荼昨日上午九时开园，收购鲜口。", "春茶昨日上午九时开园，收购鲜叶。", "收购鲜叶。", "收购鲜口。", "收购鲜口。"),
        ("春荼荼昨日上午九时开园，收购。", "春茶昨日上午九时开园，收购。", "收购。", None, None),
    ],
)
def test_printed_words_of_a_stretch(printed: str, corrected: str, stretch: str, narrow: str | None, wide: str | None) -> None:
    article = Article("茶", corrected, printed=(Article("茶", printed),))
    start = corrected.index(stretch)
    end = start + len(stretch)
    assert printed_words(article, start, end) == narrow
    assert printed_words(article, start, end, wide=True) == wide


def test_what_was_never_corrected_has_no_other_words() -> None:
    assert printed_words(Article("茶", "春茶开园。"), 0, 5) is None


def test_words_of_another_article_that_was_cut_off_are_not_taken_in() -> None:
    first, second = "桥通了。", "路修好了。" * 60
    article = Article("桥", first, printed=(Article("桥", first + second),))
    assert printed_words(article, 0, len(first), wide=True) is None


def test_joined_articles_are_one_text() -> None:
    assert printed_text((Article("上", "一。"), Article("下", "二。"))) == "一。\n下\n二。"


def test_long_texts_that_differ_throughout_are_one_change() -> None:
    printed, corrected = "甲" * 6000, "乙" * 6000
    (change,) = changes(f"首{printed}尾", f"首{corrected}尾")
    assert (change.start, change.end, change.printed_start, change.printed_end) == (1, 6001, 1, 6001)
