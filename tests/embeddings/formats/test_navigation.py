"""The buttons and notices around an article are told from its words."""

from __future__ import annotations

import pytest

from embeddings.formats.navigation import is_button_row, is_navigation, is_site_line


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


@pytest.mark.parametrize(
    "line",
    [
        "（责任编辑：何映秋 HN01）",
        "【编辑:何映秋】",
        "责任编辑：",
        "【1】【2】【3】",
        "（原题为《渡口街早市迁址》）",
        "原标题：渡口街早市迁址",
        "(本文来自砚溪新闻，更多资讯请下载“砚溪新闻”APP)",
        "举报邮箱：jubao@example.com",
        "赞 0 赏",
        "点击进入“渡口专题”>>",
    ],
)
def test_lines_of_a_site_below_a_text_are_told(line: str) -> None:
    assert is_site_line(line)


@pytest.mark.parametrize(
    "line", ["1", "编辑部昨日迁到渡口街。", "赞助商名单公布", "他下载了客户端，当晚报了名。", "原标题党被罚，网站致歉。"]
)
def test_sentences_that_speak_of_a_sites_things_are_text(line: str) -> None:
    assert not is_site_line(line)
