"""The buttons and notices around an article are told from its words."""

from __future__ import annotations

import pytest

from embeddings.formats.navigation import is_button_row, is_navigation


@pytest.mark.parametrize(
    "line",
    [
        "上一篇 下一篇",
        "【字体：放大 缩小 默认】",
        "放大缩小默认",
        "[上一篇] [下一篇]",
        "本期版面导航：",
        "大 中 小",
        "上一篇：渡口街早市迁址",
        "版面导航 标题导航",
    ],
)
def test_buttons_are_navigation(line: str) -> None:
    assert is_button_row(line)
    assert is_navigation(line)


@pytest.mark.parametrize("line", ["首页 > 要闻 > 正文", "版权所有 未经书面授权禁止转载", "Copyright © 2024 砚溪日报社"])
def test_notices_and_places_are_navigation(line: str) -> None:
    assert is_navigation(line)


@pytest.mark.parametrize(
    "line", ["评论", "大小", "中", "放大镜走进课堂", "该校版权所有的教材昨日首发，未经授权禁止转载。", "上一篇文章说过的话"]
)
def test_words_are_not(line: str) -> None:
    assert not is_navigation(line)
