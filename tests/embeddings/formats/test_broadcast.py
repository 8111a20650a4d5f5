"""A broadcast's transcript becomes one article an item, and one for each headline of a bulletin."""

from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.broadcast import is_broadcast, read_broadcast
from embeddings.records import Article, Issue

pytestmark = pytest.mark.usefixtures("english")

HEAD = "# 《砚溪新闻》 (20240506)\n\n## 新闻摘要\n\n1.水库放水；\n\n2.国内快讯：\n\n（1）桥通了；\n\n## 详细新闻\n"
WATER = "### 水库今日放水\n\n<p><strong>砚溪网消息</strong>（砚溪新闻）：卧虹水库今日放水。</p><p>渠尾先浇。</p>\n\n[查看原文](https://yanxi.example/1)\n"
BULLETIN = (
    "### 本地联播快讯\n\n<p>砚溪网消息（砚溪新闻）：</p>"
    "<p><strong>虹渡大桥昨日合龙</strong></p><p>大桥昨日合龙。</p><p>九月通车。</p>"
    "<p><strong>环湖跑报名</strong></p><p><strong>人数过六千</strong></p><p>报名人数超过六千。</p>\n"
)


def read(items: str, head: str = HEAD) -> Issue:
    return read_broadcast(Path("20240506.md"), head + items)


def test_an_item_becomes_an_article_with_its_lines_source_and_address() -> None:
    issue = read(WATER)
    assert (issue.issue_id, issue.paper, issue.issue_date, issue.warnings) == (
        "yxxw-2024-05-06",
        "砚溪新闻",
        date(2024, 5, 6),
        (),
    )
    assert issue.articles == (
        Article(
            title="水库今日放水",
            body="砚溪网消息（砚溪新闻）：卧虹水库今日放水。\n渠尾先浇。",
            source="砚溪网",
            url="https://yanxi.example/1",
        ),
    )


def test_the_summary_gives_no_article() -> None:
    assert [article.title for article in read(WATER + BULLETIN).articles] == [
        "水库今日放水",
        "虹渡大桥昨日合龙",
        "环湖跑报名 人数过六千",
    ]


def test_a_bulletin_is_cut_at_its_bold_sub_headlines() -> None:
    bridge, run = read(BULLETIN).articles
    assert bridge == Article(
        title="虹渡大桥昨日合龙", body="大桥昨日合龙。\n九月通车。", column="本地联播快讯", source="砚溪网"
    )
    assert (run.title, run.body, run.column) == ("环湖跑报名 人数过六千", "报名人数超过六千。", "本地联播快讯")


def test_a_bulletin_without_sub_headlines_stays_one_article() -> None:
    (article,) = read("### 国际快讯\n\n<p>桥通了。</p><p>灯亮了。</p>\n").articles
    assert (article.title, article.body, article.column) == ("国际快讯", "桥通了。\n灯亮了。", "国际快讯")


def test_bold_words_within_a_line_start_no_article() -> None:
    (article,) = read("### 本地快讯\n\n<p><strong>桥</strong>通了。</p><p>灯<b>亮</b>了。</p>\n").articles
    assert article.body == "桥通了。\n灯亮了。"


def test_an_ordinary_item_is_not_cut_at_bold_lines() -> None:
    (article,) = read("### 水库放水\n\n<p><strong>先尾后头</strong></p><p>渠尾先浇。</p>\n").articles
    assert article.body == "先尾后头\n渠尾先浇。"


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("<p>一行。<br>二行。<br/>三行。</p>", "一行。\n二行。\n三行。"),
        ("<div>一行。</div><div><p>二行。</p></div>", "一行。\n二行。"),
        ("<ul><li>一行。</li><li>二行。</li></ul>", "一行。\n二行。"),
        ("　　一行。\n\n　　二行。", "一行。\n二行。"),
        ("<p>水温&lt;20&deg;C&amp;多云&nbsp;&nbsp;有风。</p>", "水温<20°C&多云 有风。"),
        ("<p>一</p><p> </p><p>　</p><p>二</p>", "一\n二"),
        ("<p><span>水</span>库<a href='x'>放水</a>。</p>", "水库放水。"),
        ("<p>没有关上的<b>标记", "没有关上的标记"),
    ],
    ids=["breaks", "divisions", "list", "plain lines", "entities", "blank paragraphs", "inline", "unclosed"],
)
def test_html_becomes_the_printed_lines(html: str, body: str) -> None:
    (article,) = read(f"### 水库放水\n\n{html}\n").articles
    assert article.body == body


@pytest.mark.parametrize("empty", ["", "<p></p>", "undefined", "<p>undefined</p>", "[查看原文](https://yanxi.example/2)"])
def test_an_item_without_text_is_left_out_and_named_with_its_line(empty: str) -> None:
    issue = read(f"### 空的一条\n\n{empty}\n\n{WATER}")
    assert [article.title for article in issue.articles] == ["水库今日放水"]
    assert issue.warnings == ("line 12: item without text left out: 空的一条",)


def test_an_item_whose_title_is_lost_is_left_out() -> None:
    issue = read(f"### undefined\n\n<p>有字。</p>\n\n{WATER}")
    assert [article.title for article in issue.articles] == ["水库今日放水"]
    assert issue.warnings == ("line 12: item without text left out: undefined",)


def test_the_rule_and_time_stamp_at_the_end_are_no_text() -> None:
    (article,) = read("### 水库放水\n\n<p>放水了。</p>\n\n---\n\n(更新时间戳: 1714953600)\n").articles
    assert article.body == "放水了。"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("# 砚溪新闻\n\n## 详细新闻\n", 1, "a broadcast needs a first line"),
        ("\n\n# 《砚溪新闻》 (20240231)\n\n## 详细新闻\n\n### 甲\n\n乙。\n", 3, "20240231 is not a day"),
        (HEAD, 11, "no text found under any heading"),
        (HEAD + "### 甲\n\nundefined\n", 11, "no text found under any heading"),
    ],
    ids=["no date", "no such day", "no item", "no text"],
)
def test_a_transcript_that_lacks_something_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(IssueError, match=reason) as refused:
        read_broadcast(Path("20240506.md"), text)
    assert refused.value.line == line


def test_a_transcript_is_told_by_its_title_and_its_items() -> None:
    assert is_broadcast(HEAD)
    assert not is_broadcast(HEAD.replace("## 详细新闻", "## 其他"))
    assert not is_broadcast(HEAD.replace("《砚溪新闻》", "砚溪新闻"))
