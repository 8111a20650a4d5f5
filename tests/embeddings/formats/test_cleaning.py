"""What was never printed goes from a text: tags, images, code, formulas, buttons, running heads; what was stays in its line."""

import pytest

from embeddings.formats.cleaning import clean
from embeddings.formats.formulas import without_formulas
from embeddings.formats.running_heads import without_running_heads
from embeddings.formats.tables import row_lines, without_drawn_tables, without_html_tables


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("<p>灯<b>亮</b>了。</p><p>水来了。</p>", ["灯亮了。", "水来了。"]),
        ("灯亮了。<br/>水来了。", ["灯亮了。", "水来了。"]),
        ("<h2>放水</h2>\n<div\nclass='a'>水来了。</div>", ["## 放水", "水来了。"]),
        ("占地3km<sup>2</sup>，有<span>&ldquo;三怪&rdquo;</span>&nbsp;&amp;", ["占地3km²，有“三怪” &"]),
        ("<script>if (a < b) {}</script>灯亮了。<!-- 广告\n位 -->", ["灯亮了。"]),
        ("![灯](a.png)灯亮了。\n![](data:image/png;base64,AAA=)\n![[b.jpg]]", ["灯亮了。"]),
        ("灯亮了。\nhttps://a.example/1.html\n<https://a.example/2>", ["灯亮了。"]),
        ("[灯](a.html)亮了，见[第三版](第三版)。", ["灯亮了，见[第三版](第三版)。"]),
        ("[查看原文](https://a.example/1.html)", ["原文链接：https://a.example/1.html"]),
        ("## [放水](https://a.example/1.html)\n\n水来了。", ["## 放水", "原文链接：https://a.example/1.html", "水来了。"]),
        ("灯亮了。\n```html\n<h1>a</h1>\n```\n水来了。", ["灯亮了。", "水来了。"]),
        ("```markdown\n# 放水\n\n水来了。\n```", ["# 放水", "水来了。"]),
        ("```\n水来了。\n```", ["水来了。"]),
        ("上一篇 下一篇\n放大 缩小 默认\n版面导航\n水来了。\n返回 打印 分享", ["水来了。"]),
        ("# 放水\n\n**水来了**，*田*里。\n> 引文", ["# 放水", "水来了，*田*里。", "引文"]),
        ("**放水**\n\n水来了。\n\n**三条渠**\n\n渠通了。", ["## 放水", "水来了。", "三条渠", "渠通了。"]),
        ('<center><img src="q.png"/><p>欢迎加入读者群</p></center>\n水来了。', ["水来了。"]),
        ('<center><img src="a.png"/><p>图为东渠放水。</p></center>', ["图为东渠放水。"]),
    ],
)
def test_what_is_not_printed_goes(text: str, printed: list[str]) -> None:
    assert lines(clean(text)) == printed


@pytest.mark.parametrize(
    "text", ["砚溪信息港 <http://www.yanxi.example>", "甲<乙，丙>丁。", "每份$5，合订本$60。", "3*4*5", "yx\\_ribao \\*"]
)
def test_what_print_has_of_these_marks_stays(text: str) -> None:
    assert clean(text) == text


def test_front_matter_and_the_places_of_lines_stay() -> None:
    text = "---\ntitle: <b>放水</b>\n---\n<!-- 甲\n乙 -->\n\n<div\n>\n水来了。"
    assert clean(text).split("\n")[:3] == text.split("\n")[:3]
    assert clean(text).split("\n").index("水来了。") == text.split("\n").index("水来了。")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("上午 $9 : 3 0$ ,全长 $1 2 8 6 \\mathrm { m }$ ,增长 $1 2 . 5 \\%$ 。", "上午9:30,全长1286m,增长12.5%。"),
        ("用电 $1 8 . 6$ 亿度，最低 $- 3 ^ { \\circ } \\mathrm { C }$ 。", "用电18.6亿度，最低-3°C。"),
        ("占地 $1 2 \\mathrm { k m } ^ { 2 }$ ，亩产 $3 \\sim 5 \\mathrm { t }$", "占地12km²，亩产3～5t"),
        ("约 \\(3 5 \\%\\) 的 $\\mathrm{CO_{2}}$", "约35%的CO₂"),
        ("由 $5 \\text{ 万元}$ 增至 $$ 1 8 $$ 元", "由5万元增至18元"),
        ("\\(记者 王苗\\)从$5到$6", "\\(记者 王苗\\)从$5到$6"),
        ("坏了的 ${{{ 4 2$ 。", "坏了的42。"),
    ],
)
def test_formulas_are_numbers_again(text: str, printed: str) -> None:
    assert without_formulas(text) == printed


ROWS = ["县区：云河县；计划(万亩)：12.6。", "县区：柳浦区；计划(万亩)：4.1。"]


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>县区</td><td>计划<b>(万亩)</b></td></tr><tr><td>云河县</td><td>12.6</td></tr>"
        "<tr><td>柳浦区</td><td>4.1</td></tr></table>",
        "| 县区 | 计划(万亩) |\n|:---|---:|\n| 云河县 | 12.6 |\n| 柳浦区 | 4.1 |",
        "县区      计划(万亩)\n云河县    12.6\n柳浦区    4.1",
        "县区\t计划(万亩)\n云河县\t12.6\n柳浦区\t4.1",
    ],
    ids=["HTML", "Markdown", "blanks", "tabs"],
)
def test_tables_become_rows_that_can_be_asked(text: str) -> None:
    assert lines(without_drawn_tables(without_html_tables(text))) == ROWS


def test_cells_that_span_rows_or_columns_stand_in_each() -> None:
    table = (
        "<table><tr><td colspan='2'>春耕表</td></tr><tr><th>县区</th><th>计划</th></tr>"
        "<tr><td rowspan=2>云河县</td><td>1</td></tr><tr><td>2</td></tr></table>"
    )
    assert lines(without_html_tables(table)) == ["春耕表", "县区：云河县；计划：1。", "县区：云河县；计划：2。"]


def test_a_table_without_names_has_its_cells_side_by_side() -> None:
    assert row_lines([["1", "2"], ["3", "4"]]) == ["1；2。", "3；4。"]


@pytest.mark.parametrize(
    "text", ["王 苗  李 丰\n赵 乐  钱 平", "红日  初升\n其道  大光\n河出  伏流", "第1版 要闻\n第2版 综合\n第3版 广告"]
)
def test_lines_with_blanks_that_hold_no_figures_are_no_table(text: str) -> None:
    assert without_drawn_tables(text) == text


HEAD = "砚溪日报\n2024年3月12日 星期二 今日4版\n\n# 放水\n\n水来了。\n\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("2 2024年3月12日 星期二 要闻 编辑:闵小禾 电话:0000-0000000", "第2版 要闻"),
        ("2024年3月12日 星期二 第03版：综合", "第03版 综合"),
        ("砚溪日报 2024年3月12日 星期二", ""),
        ("— 2 —", ""),
        ("第2页 共8页", ""),
    ],
)
def test_running_heads_and_folios_go_and_leave_their_page(line: str, left: str) -> None:
    text = f"{HEAD}{line}\n\n# 修灯\n\n灯亮了。"
    assert without_running_heads(text) == text.replace(line, left)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}2024年3月12日，渠水到了下游。\n",
        "# 放水\n\n2024年3月12日 第1版\n\n水来了。\n\n# 修灯\n\n2024年3月13日 第1版\n\n灯亮了。",
        f"{HEAD}作者：闵小禾 时间：2024年3月12日 第2版\n",
        f"{HEAD}12\n",
    ],
    ids=["a sentence", "days of their own", "facts of an article", "one number"],
)
def test_what_only_looks_like_a_running_head_stays(text: str) -> None:
    assert without_running_heads(text) == text


def test_lines_that_recur_beside_marks_of_pages_go() -> None:
    text = "水来了。\n\n砚溪史话 第1章\n<!-- page 2 -->\n\n灯亮了。\n\n砚溪史话 第2章\n<!-- page 3 -->\n\n桥通了。"
    assert lines(clean(text)) == ["水来了。", "灯亮了。", "桥通了。"]
