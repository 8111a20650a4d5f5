"""Saved pages of electronic newspapers and news sites become articles with their facts; what is around them does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from opencc import OpenCC

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file, read_file
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.records import Article

DAY = date(2024, 3, 12)
BODY = "虹渡大桥主桥昨日合龙，总投资三亿二千万元。"
REST = "大桥全长一千二百米，预定九月底通车。"

FOUNDER = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>虹渡大桥主桥合龙--砚溪日报数字报</title></head><body><form>
<!--enpproperty <articleid>20441</articleid><date>2024-03-12 00:00:00.0</date><author>本报记者 林知远</author>
<title>虹渡大桥主桥合龙</title><keyword></keyword><subtitle>预计九月底通车</subtitle><introtitle>全长一千二百米</introtitle>
<siteid>2</siteid><nodename>第01版:要闻</nodename>/enpproperty-->
<table><tr><td>第01版：要闻</td><td><a href="node_3.htm">下一版</a></td></tr>
<tr><td><a href="content_20440.htm">上一篇</a> <a href="content_20442.htm">下一篇</a> 放大 缩小 默认</td></tr>
<tr><td class="font02">全长一千二百米</td></tr>
<tr><td class="font01">虹渡大桥主桥合龙</td></tr><tr><td class="font02">预计九月底通车</td></tr>
<tr><td><div id="ozoom" style="ZOOM:100%"><founder-content><!--enpcontent--><P>　　{BODY}</P><P>　　{REST}</P>
<!--/enpcontent--></founder-content></div></td></tr>
<tr><td>版权所有 未经授权 禁止转载 建议使用1024分辨率</td></tr></table></form></body></html>"""

PEOPLE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>虹渡大桥主桥合龙</title>
<link rel="canonical" href="http://paper.example/yxrb/html/2024-03/12/nw.D110000yxrb_20240312_2-09.htm"></head><body>
<div class="swiper-slide"><a href="nbs.D110000yxrb_01.htm">01版：要闻</a></div>
<div class="swiper-slide"><a href="nbs.D110000yxrb_09.htm">09版：民生</a></div>
<div class="article"><h3>全长一千二百米</h3><h1>虹渡大桥<br>主桥合龙</h1><h2>——预计九月底通车</h2>
<p class="sec">林知远 <span class="date">《砚溪日报》（2024年03月12日 第 09 版）</span></p>
<div id="ozoom"><p>　　{BODY}</p><p>　　{REST}</p></div></div><div class="footer">ICP备00000000号</div></body></html>"""

SITE = f"""<html><head><title>虹渡大桥主桥合龙_砚溪新闻网</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="砚溪日报电子版">
<meta property="article:published_time" content="2024-03-12T06:30:00+08:00"></head><body>
<div class="nav"><a href="/">首页</a> <a href="/yw/">要闻</a></div><h1>虹渡大桥主桥合龙</h1>
<div>2024-03-12 06:30 来源：砚溪日报 作者：林知远 编辑：何映秋</div>
<div class="wrap"><div class="left"><p>{BODY}</p><p>{REST}</p>
<p>市民走上桥面，拍照留念，迟迟不愿离去。记者看到，桥面已经铺好沥青。</p></div>
<div class="related"><a href="/2024/03/11/2.html">相关：渡口街早市迁址，摊主都搬进了新大棚</a></div></div></body></html>"""

LD_JSON = """<html><head><title>x</title><script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{
"@type":
["NewsArticle"], "headline": "虹渡大桥主桥合龙", "datePublished": "2024-03-12T06:30:00+08:00", "author": [{"name": "林知远"},
{"name": "何映秋"}], "publisher": {"name": "砚溪日报"}, "articleSection": "要闻", "printPage": "A02",
"articleBody": "BODY\\nREST"}]}</script></head><body><div id="app"></div></body></html>""".replace("BODY", BODY).replace(
    "REST", REST
)


def read(
    html: str, name: str = "content_20441.htm", encoding: str = "utf-8", options: ReadingOptions = ReadingOptions()
) -> FileReading:
    return parse_file(Path("archive") / name, html.encode(encoding), options)


def article(reading: FileReading) -> Article:
    (issue,) = reading.issues
    (found,) = issue.articles
    return found


def test_an_article_of_a_founder_site_has_the_facts_of_its_property_block() -> None:
    reading = read(FOUNDER, encoding="gb18030")
    found = article(reading)
    assert (reading.reader, reading.encoding) == ("epaper", "GB 18030")
    assert (reading.issues[0].paper, reading.issues[0].issue_date, reading.issues[0].warnings) == ("砚溪日报", DAY, ())
    assert (found.kicker, found.title, found.subtitle) == ("全长一千二百米", "虹渡大桥主桥合龙", "预计九月底通车")
    assert (found.page, found.page_name, found.byline) == ("1", "要闻", "林知远")
    assert found.body == f"{BODY}\n{REST}"


def test_what_a_page_declares_is_not_believed_where_its_bytes_are_utf8() -> None:
    assert article(read(FOUNDER, encoding="utf-8")).title == "虹渡大桥主桥合龙"


def test_big5_pages_are_read_as_they_declare() -> None:
    page = OpenCC("s2t").convert(FOUNDER.replace("gb2312", "big5"))
    reading = read(page, encoding="big5")
    assert (reading.encoding, article(reading).title, reading.issues[0].paper) == ("Big5", "虹渡大橋主橋合龍", "硯溪日報")


def test_an_article_after_the_model_of_peoples_daily_has_page_and_paper_of_its_imprint() -> None:
    found = article(read(PEOPLE))
    assert (found.kicker, found.title, found.subtitle) == ("全长一千二百米", "虹渡大桥 主桥合龙", "——预计九月底通车")
    assert (found.page, found.page_name, found.url) == (
        "9",
        "民生",
        "http://paper.example/yxrb/html/2024-03/12/nw.D110000yxrb_20240312_2-09.htm",
    )
    assert found.body == f"{BODY}\n{REST}"
    assert (read(PEOPLE).issues[0].paper, found.byline) == ("砚溪日报", "林知远")


def test_a_news_site_is_read_by_its_meta_data_and_the_part_where_most_text_stands() -> None:
    reading = read(SITE, "t20240312_1.html")
    found = article(reading)
    assert (found.title, found.byline, found.source) == ("虹渡大桥主桥合龙", "林知远", "砚溪日报")
    assert (reading.issues[0].paper, reading.issues[0].issue_date) == ("砚溪日报", DAY)
    assert found.body.startswith(BODY)
    assert "早市" not in found.body
    assert "首页" not in found.body


def test_a_page_that_brings_its_article_as_data_is_read_from_them() -> None:
    found = article(read(LD_JSON))
    assert (found.title, found.body, found.page, found.column) == ("虹渡大桥主桥合龙", f"{BODY}\n{REST}", "A02", "要闻")
    assert found.byline == "林知远 何映秋"


def test_the_paper_and_encoding_that_the_operator_names_win() -> None:
    reading = read(FOUNDER, encoding="gb18030", options=ReadingOptions(paper="砚溪晚报", encoding="gb18030"))
    assert reading.issues[0].paper == "砚溪晚报"


def test_a_table_of_figures_is_read_in_rows_and_one_that_sets_a_picture_in_place_as_its_caption() -> None:
    table = "<table><tr><td>县区</td><td>完成(万亩)</td></tr><tr><td>云泽县</td><td>8.3</td></tr></table>"
    picture = '<table><tr><td><img src="../../../res/1.jpg"></td></tr><tr><td>合龙现场。何映秋 摄</td></tr></table>'
    found = article(read(PEOPLE.replace(f"<p>　　{REST}</p>", table + picture)))
    assert found.body.split("\n") == [BODY, "县区：云泽县；完成(万亩)：8.3。", "合龙现场。何映秋 摄"]


def test_a_list_of_a_pages_articles_is_no_article_and_tells_the_page_of_those_beside_it(tmp_path: Path) -> None:
    (tmp_path / "node_3.htm").write_text(
        '<html><body>第A02版：民生 <a href="node_4.htm">下一版</a><ul><li><a href="content_7.htm">虹渡大桥主桥合龙</a></li>'
        '<li><a href="content_8.htm">图书馆延长开放</a></li></ul></body></html>',
        encoding="utf-8",
    )
    page = FOUNDER.replace("第01版:要闻", "").replace("第01版：要闻", "")
    (tmp_path / "content_7.htm").write_text(page, encoding="utf-8")
    listed = read_file(tmp_path / "node_3.htm")
    assert listed.issues == ()
    assert listed.warnings
    assert (article(read_file(tmp_path / "content_7.htm")).page, article(read_file(tmp_path / "content_7.htm")).page_name) == (
        "A02",
        "民生",
    )


def test_a_page_with_a_picture_alone_is_left_out_with_a_warning() -> None:
    reading = read(FOUNDER.replace(BODY, "").replace(REST, ""))
    assert reading.issues == ()
    assert "虹渡大桥主桥合龙" in reading.warnings[0]


def test_several_articles_of_a_page_stay_apart() -> None:
    page = f"""<html><head><title>砚溪日报 2024年3月12日</title></head><body>
    <article><h2>虹渡大桥主桥合龙</h2><p>{BODY}</p></article>
    <article><h2>图书馆延长开放</h2><p>县图书馆自四月一日起延长开放到晚上九时。</p></article></body></html>"""
    (issue,) = read(page, "day.html").issues
    assert [found.title for found in issue.articles] == ["虹渡大桥主桥合龙", "图书馆延长开放"]
    assert (issue.paper, issue.issue_date) == ("砚溪日报", DAY)


def test_an_issue_saved_as_html_is_read_as_its_text_would_be() -> None:
    page = f"""<html><head><title>扫描</title></head><body><p>砚溪日报</p>
    <p>2024年3月12日 星期二 总第9316期 今日4版 国内统一刊号:CN00-0916</p>
    <p>砚溪日报社出版</p><h2>虹渡大桥主桥合龙</h2><p>{BODY}</p><h2>图书馆延长开放</h2><p>县图书馆自四月一日起延长开放到晚上九时。</p></body></html>"""
    reading = read(page, "issue.html")
    assert (reading.reader, [found.title for found in reading.issues[0].articles]) == (
        "newspaper",
        ["虹渡大桥主桥合龙", "图书馆延长开放"],
    )


def test_a_day_that_the_address_contradicts_is_a_warning() -> None:
    assert len(read(FOUNDER, "2024-03-15_虹渡大桥.html").issues[0].warnings) == 1


def test_a_paper_guessed_from_the_folder_is_a_warning() -> None:
    page = FOUNDER.replace("--砚溪日报数字报", "")
    issue = read(page).issues[0]
    assert (issue.paper, len(issue.warnings)) == ("archive", 1)


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<html><head><title></title></head><body><article><p>没有标题的一段文字。</p></article></body></html>", "page_title"),
        (SITE.replace("2024-03-12", ""), "page_date"),
        ("  \n", "empty"),
    ],
)
def test_a_page_without_what_an_article_needs_is_refused(html: str, code: str) -> None:
    with pytest.raises(IssueError) as caught:
        read(html, "a.html")
    assert caught.value.code == code


def test_an_unclosed_page_ends() -> None:
    found = article(read(PEOPLE.replace(BODY, "<b>" * 3000 + BODY)))
    assert found.body.startswith(REST)


def test_a_label_within_a_pages_data_and_a_source_below_the_text_are_fields() -> None:
    head = (
        '<title>渡口大桥合龙</title><meta name="author" content="作者：林知远"><meta name="publishdate" content="2024-03-12">'
    )
    text = "<p>渡口大桥昨日合龙，全长九百米，桥上双向四车道，年底通车。</p>" * 3
    below = "<p>本文来源：松烟晚报</p><p>责任编辑：何映秋</p>"
    page = f'<html><head>{head}</head><body><h1>渡口大桥合龙</h1><div id="endText">{text}{below}</div></body></html>'
    found = article(parse_file(Path("砚溪新闻/1.html"), page.encode()))
    assert (found.byline, found.source) == ("林知远", "松烟晚报")
    assert found.body.endswith("年底通车。")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("林知远/松烟晚报", ("林知远", "松烟晚报")),
        ("松烟社", (None, "松烟社")),
        ("砚溪新闻记者 林知远", ("林知远", None)),
        ("要闻", (None, None)),
    ],
)
def test_who_stands_above_the_day_wrote_or_sent_the_article(line: str, found: tuple[str | None, str | None]) -> None:
    text = "<p>渡口大桥昨日合龙，全长九百米，桥上双向四车道，年底通车。</p>" * 3
    about = f"<div><p>{line}</p><p>2024-03-12 09:10</p></div>"
    page = f'<title>渡口大桥合龙</title><h1>渡口大桥合龙</h1>{about}<div id="endText">{text}</div>'
    read_article = article(parse_file(Path("砚溪新闻/1.html"), page.encode()))
    assert (read_article.byline, read_article.source) == found
