"""An OCR'd issue becomes articles: headings told apart, columns joined, credits read."""

import re
from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.continuations import with_continuations
from embeddings.formats.newspaper import is_newspaper, join_columns, read_credits, read_newspaper
from embeddings.formats.readers import read_file
from embeddings.records import Article, ArticleKind, Issue
from embeddings.text.sentences import ends_a_sentence
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.usefixtures("english")

ISSUES = EXAMPLES / "issues"
MASTHEAD = """\
晴D微风

YAN XI RI BAO

2024年5月6日 星期一
甲辰年三月廿八

总第9370期 今日4版

国内统一刊号:CN00-0916 E-mail:yx\\_ribao@yanxi.example

砚溪市新闻出版中心主管主办 砚溪日报社出版

新闻热线:0460-5550118

砚溪信息港 <http://www.yanxi.example>
"""
TEXT = "本报讯 昨日,灯笼巷的石阶修好了。"


def read(body: str, masthead: str = MASTHEAD) -> Issue:
    return read_newspaper(Path("issue.md"), f"{masthead}\n\n{body}\n")


def read_one(body: str) -> Article:
    (article,) = read(body).articles
    return article


@pytest.fixture(scope="module")
def examples() -> dict[str, tuple[Article, ...]]:
    return {path.stem.removeprefix("yxrb-"): read_file(path).issues[0].articles for path in sorted(ISSUES.glob("*.md"))}


# The example issues


def test_every_example_holds_its_articles_and_no_slogan(examples: dict[str, tuple[Article, ...]]) -> None:
    assert {day: len(articles) for day, articles in examples.items()} == {
        "2024-03-12": 10,
        "2024-03-13": 10,
        "2024-03-14": 10,
        "2024-03-18": 11,
    }
    printed = {text for articles in examples.values() for a in articles for text in (a.title, a.kicker, a.subtitle)}
    assert not printed & {"一湖春水万家田", "——抓好春灌春播，守住全年丰收"}


@pytest.mark.parametrize(
    ("day", "ordinal", "expected"),
    [
        ("2024-03-12", 1, {"kicker": "闻岳舟在松烟县调研春耕备耕工作时强调", "subtitle": None}),
        ("2024-03-12", 1, {"byline": "闵小禾", "source": "《砚溪日报》"}),
        ("2024-03-12", 2, {"kicker": "全长1286米 双向六车道", "title": "虹渡大桥主桥只剩最后一段 预计本周合龙"}),
        ("2024-03-12", 4, {"column": "民生直通车", "title": "36路公交车延伸到松烟新城 每天多开18班"}),
        ("2024-03-12", 5, {"subtitle": "——退休教师佘文澜向市博物馆捐赠家藏文物侧记", "title": "一方古砚 半生牵挂"}),
        ("2024-03-12", 7, {"title": "停水通知", "byline": None, "kicker": None}),
        ("2024-03-12", 8, {"source": "云河社澜陵3月10日电", "byline": None}),
        ("2024-03-12", 9, {"column": "读者来信", "title": "灯笼巷的路灯什么时候能亮"}),
        ("2024-03-12", 10, {"byline": "卫讯", "source": None}),
        ("2024-03-13", 1, {"kicker": "计划投资2.6亿元 惠及居民一万三千户", "title": "我市今年改造老旧小区四十二个"}),
        ("2024-03-13", 2, {"column": "春灌进行时", "byline": "闵小禾 田埂"}),
        ("2024-03-13", 5, {"byline": "阮知夏 柴小篱"}),
        ("2024-03-13", 6, {"byline": "尚青", "source": "《砚溪日报》"}),
        ("2024-03-13", 8, {"byline": "本报评论员", "column": "砚边时评", "title": "好事要办到心坎上"}),
        ("2024-03-14", 1, {"kicker": "历时三十个月 两岸今朝牵手", "subtitle": "——预计国庆节前正式通车"}),
        ("2024-03-14", 2, {"kicker": "卧虹水库开闸首日见闻", "title": "渠水进田 心里踏实"}),
        ("2024-03-14", 4, {"title": "更正", "kicker": None, "byline": None}),
        ("2024-03-14", 8, {"byline": "步青简", "source": "《云河晚报》"}),
        ("2024-03-18", 1, {"kicker": "首届洗砚湖市民环湖跑昨日举行", "subtitle": "——志愿者拾净沿途每一个水杯"}),
        ("2024-03-18", 2, {"kicker": "一场春雨添水二百六十五万方", "title": "卧虹水库调减放水流量"}),
        ("2024-03-18", 6, {"subtitle": "——市博物馆春季特展首日见闻", "title": "一方砚里看砚溪"}),
        ("2024-03-18", 11, {"source": "云河社望汀3月15日电"}),
    ],
)
def test_the_examples_headlines_and_credits(
    examples: dict[str, tuple[Article, ...]], day: str, ordinal: int, expected: dict[str, str | None]
) -> None:
    article = examples[day][ordinal - 1]
    assert {name: getattr(article, name) for name in expected} == expected


def test_no_example_paragraph_ends_in_mid_sentence(examples: dict[str, tuple[Article, ...]]) -> None:
    lines = [line for articles in examples.values() for article in articles for line in article.body.split("\n")]
    unended = [line[-15:] for line in lines if not ends_a_sentence(re.sub(r"[(（][^()（）]*[)）]$", "", line))]
    # What remains are the lines that sign a notice, and the letter that closes with its writer's name.
    assert unended == [
        "有限公司 2024年3月11日",
        "临时灯?读者 冉有信 3月8日",
        "市图书馆 2024年3月12日",
        "警察支队 2024年3月15日",
    ]


def test_an_example_keeps_every_character_of_its_text(examples: dict[str, tuple[Article, ...]]) -> None:
    printed = (ISSUES / "yxrb-2024-03-14.md").read_text(encoding="utf-8").replace("\n", "")
    for article in examples["2024-03-14"]:
        assert article.body.replace("\n", "") in printed


# The issue


def test_the_masthead_becomes_the_issue() -> None:
    issue = read(f"# 石阶修好了\n\n{TEXT}")
    assert (issue.issue_id, issue.paper, issue.issue_date) == ("yxrb-2024-05-06", "砚溪日报", date(2024, 5, 6))
    assert (issue.issue_number, issue.pages, issue.cn_number, issue.warnings) == (9370, 4, "CN00-0916", ())


def test_a_date_missing_from_the_masthead_is_taken_from_the_file_name() -> None:
    masthead = "总第9370期\n\n砚溪日报社出版"
    issue = read_newspaper(Path("yxrb-2024-05-07.md"), f"{masthead}\n\n# 石阶修好了\n\n{TEXT}")
    assert issue.issue_date == date(2024, 5, 7)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("总第9370期\n\n砚溪日报社出版\n\n# 石阶修好了\n\n本报讯 修好了。", 1, "the masthead has no date"),
        ("总第9370期 2024年5月6日\n\n# 石阶修好了\n\n本报讯 修好了。", 1, "does not name the paper"),
        ("总第9370期 2024年5月6日\n\n砚溪日报社出版\n\n# 石阶修好了\n", 5, "no article found"),
        ("总第9370期 2024年5月6日\n\n砚溪日报社出版", 3, "no article found"),
    ],
    ids=["no date", "no paper", "headline without text", "masthead alone"],
)
def test_an_issue_that_lacks_something_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(IssueError, match=reason) as refused:
        read_newspaper(Path("issue.md"), text)
    assert (refused.value.path, refused.value.line) == ("issue.md", line)


@pytest.mark.parametrize("mark", ["总第8期", "国内统一刊号 CN00-0001", "今日 8 版", "国内统一连续出版物号"])
def test_a_masthead_mark_tells_a_newspaper(mark: str) -> None:
    assert is_newspaper(f"某某日报\n{mark}\n")
    assert not is_newspaper("\n" * 45 + mark)


def test_the_paper_that_the_operator_names_wins_over_print() -> None:
    assert read_newspaper(Path("issue.md"), f"{MASTHEAD}\n# 路灯亮了\n\n{TEXT}\n", "松烟晚报").paper == "松烟晚报"


def test_front_matter_wins_over_the_masthead_and_their_days_are_compared() -> None:
    text = f"---\npaper: 松烟晚报\ndate: 2024-05-07\n---\n{MASTHEAD}\n# 路灯亮了\n\n{TEXT}\n"
    issue = read_newspaper(Path("issue.md"), text)
    assert (issue.paper, issue.issue_date) == ("松烟晚报", date(2024, 5, 7))
    assert issue.warnings == ("the issue is read as of 2024-05-07, but the masthead says 2024-05-06",)


def test_a_file_name_of_another_day_is_a_warning() -> None:
    issue = read_newspaper(Path("yxrb-2024-05-09.md"), f"{MASTHEAD}\n# 路灯亮了\n\n{TEXT}\n")
    assert issue.issue_date == date(2024, 5, 6)
    assert issue.warnings == ("the issue is read as of 2024-05-06, but the file name says 2024-05-09",)


def test_a_weekly_is_dated_with_its_days() -> None:
    masthead = "松烟周刊\n\n2024年9月2日—9月8日\n\n总第77期 本期8版"
    issue = read_newspaper(Path("2024-09-05.md"), f"{masthead}\n\n# 路灯亮了\n\n{TEXT}\n")
    assert (issue.issue_date, issue.last_date, issue.pages) == (date(2024, 9, 2), date(2024, 9, 8), 8)
    assert issue.warnings == ()


def test_an_extra_edition_is_told_apart() -> None:
    issue = read_newspaper(Path("issue.md"), f"砚溪晚报 号外\n\n2024年4月2日\n\n总第1201期\n\n# 隧道贯通\n\n{TEXT}\n")
    assert (issue.paper, issue.edition) == ("砚溪晚报", "号外")


def test_an_imprint_alone_makes_a_newspaper_and_hides_no_article() -> None:
    text = f"砚溪日报\n\n2024年5月6日 星期一\n\n# 路灯亮了\n\n{TEXT}\n\n国内统一刊号:CN00-0916"
    assert is_newspaper(text)
    issue = read_newspaper(Path("issue.md"), text)
    assert (issue.paper, issue.issue_date) == ("砚溪日报", date(2024, 5, 6))
    assert [article.title for article in issue.articles] == ["路灯亮了"]


# Headings


def test_a_heading_without_text_is_the_kicker_of_the_next() -> None:
    article = read_one(f"## 三十级台阶 一夜换新\n\n## 灯笼巷的石阶昨日修好\n\n{TEXT}")
    assert (article.kicker, article.title, article.body) == ("三十级台阶 一夜换新", "灯笼巷的石阶昨日修好", TEXT)


def test_a_larger_column_name_gives_way_to_the_headline_under_it() -> None:
    article = read_one(f"# 民生直通车\n\n## 灯笼巷的石阶今日已经修好了\n\n{TEXT}")
    assert (article.column, article.kicker, article.title) == ("民生直通车", None, "灯笼巷的石阶今日已经修好了")


def test_a_smaller_heading_under_the_headline_is_its_subtitle() -> None:
    article = read_one(f"# 灯笼巷的石阶今日已经修好了\n\n## 居民夜里出门不再担心摔跤\n\n{TEXT}")
    assert (article.title, article.subtitle, article.kicker) == (
        "灯笼巷的石阶今日已经修好了",
        "居民夜里出门不再担心摔跤",
        None,
    )


@pytest.mark.parametrize("dash", ["——", "—", "--", "──"])
@pytest.mark.parametrize("mark", ["", "## "], ids=["as a line", "as a heading"])
def test_a_line_with_a_dash_is_the_subtitle(mark: str, dash: str) -> None:
    article = read_one(f"## 巷子里的灯\n\n{mark}{dash}记灯笼巷的修灯人\n\n{TEXT}")
    assert (article.title, article.subtitle, article.body) == ("巷子里的灯", f"{dash}记灯笼巷的修灯人", TEXT)


def test_a_line_behind_a_full_text_announces_the_next_headline() -> None:
    first, second = read(f"# 石阶修好了\n\n{TEXT}\n\n闻岳舟在灯笼巷调研时强调\n\n# 路灯要亮起来\n\n{TEXT}").articles
    assert (first.title, first.body) == ("石阶修好了", TEXT)
    assert (second.kicker, second.title) == ("闻岳舟在灯笼巷调研时强调", "路灯要亮起来")


def test_a_line_that_ends_a_broken_sentence_announces_nothing() -> None:
    broken = "本报讯 昨日,灯笼巷的石阶\n修好了,还加装了两盏\n\n脚灯和扶手"
    first, second = read(f"# 石阶修好了\n\n{broken}\n\n# 路灯亮了\n\n{TEXT}").articles
    assert first.body == "本报讯 昨日,灯笼巷的石阶修好了,还加装了两盏脚灯和扶手"
    assert second.kicker is None


def test_the_line_above_the_first_heading_is_its_kicker_and_no_masthead_line_is() -> None:
    article = read_one(f"闻岳舟在灯笼巷调研时强调\n\n# 路灯要亮起来\n\n{TEXT}")
    assert (article.kicker, article.title) == ("闻岳舟在灯笼巷调研时强调", "路灯要亮起来")
    assert read_one(f"# 路灯要亮起来\n\n{TEXT}").kicker is None


def test_a_first_headline_printed_as_a_plain_line_still_heads_its_text() -> None:
    first, second = read(f"灯笼巷的石阶修好了\n\n{TEXT}\n\n# 路灯亮了\n\n{TEXT}").articles
    assert (first.title, first.body, second.title) == ("灯笼巷的石阶修好了", TEXT, "路灯亮了")


def test_a_slogan_with_a_subtitle_and_no_text_is_no_article_and_no_kicker() -> None:
    article = read_one(f"## 一盏灯一条心\n\n——把小事办好\n\n# 路灯要亮起来\n\n{TEXT}")
    assert (article.title, article.kicker, article.subtitle) == ("路灯要亮起来", None, None)


def test_a_headline_with_a_subtitle_over_a_smaller_heading_is_no_slogan() -> None:
    article = read_one(f"# 路灯亮了以后的灯笼巷里\n\n——一条老巷的夜晚\n\n## 石阶\n\n{TEXT}")
    assert (article.title, article.subtitle) == ("路灯亮了以后的灯笼巷里", "——一条老巷的夜晚 石阶")


def test_page_markers_number_the_pages_and_enter_no_text() -> None:
    turned = "本报讯 昨日,路灯\n\n## 03版：民生\n\n亮了起来。"
    first, second, third = read(f"# 石阶修好了\n\n{TEXT}\n\n第2版\n\n# 路灯亮了\n\n{turned}\n\n# 渠水来了\n\n{TEXT}").articles
    assert (first.page, second.page, third.page) == (None, "2", "3")
    assert second.body == "本报讯 昨日,路灯亮了起来。"


def test_of_headings_of_one_size_the_headline_is_what_the_text_opens_with() -> None:
    text = "本报讯 灯笼巷的石阶昨日修好,三十级全部换新。"
    above = read_one(f"## 夜路好走 不再摸黑\n\n## 灯笼巷的石阶昨日修好\n\n{text}")
    below = read_one(f"## 灯笼巷的石阶昨日修好\n\n## 夜路好走 不再摸黑\n\n{text}")
    assert (above.kicker, above.title, above.subtitle) == ("夜路好走 不再摸黑", "灯笼巷的石阶昨日修好", None)
    assert (below.kicker, below.title, below.subtitle) == (None, "灯笼巷的石阶昨日修好", "夜路好走 不再摸黑")


def test_a_smaller_heading_stands_below_a_notice_and_a_short_headline() -> None:
    notice = read_one(f"# 停水通告\n\n## 九月四日起分区冲洗总管两天\n\n{TEXT}")
    assert (notice.title, notice.subtitle) == ("停水通告", "九月四日起分区冲洗总管两天")


@pytest.mark.parametrize("column", ["校园之窗", "读者来信", "砚边时评", "【灯下夜话】", "聚焦3·15"])
@pytest.mark.parametrize("mark", ["", "## "], ids=["as a line", "as a heading"])
def test_a_columns_name_is_no_part_of_the_headline(column: str, mark: str) -> None:
    _, article = read(f"# 路灯亮了\n\n{TEXT}\n\n{mark}{column}\n\n## 石阶修好以后的灯笼巷\n\n{TEXT}").articles
    assert (article.column, article.kicker) == (column.strip("【】"), None)
    assert (article.title, article.subtitle) == ("石阶修好以后的灯笼巷", None)


def test_the_lines_of_a_list_announce_nothing() -> None:
    prices = "今日菜价如下。\n\n一、白菜 每斤二分\n\n二、萝卜 每斤一分\n\n管事柴小篱 账房邬桐"
    first, second = read(f"# 菜价\n\n{prices}\n\n# 路灯要亮起来\n\n{TEXT}").articles
    assert second.kicker is None
    assert first.body.endswith("管事柴小篱 账房邬桐")


def test_a_line_with_a_sign_announces_the_headline_whatever_stands_before() -> None:
    text = "渠水昨日流到三鶴村、農家老少都到渠邊觀看、有人下水試深淺、說水不甚涼、秧田當日灌足、"
    first, second = read(f"# 渠水来了\n\n{text}\n\n▲石階三十級 ▲一夜換新\n\n# 燈籠巷修路\n\n{TEXT}").articles
    assert first.body == text
    assert second.kicker == "▲石階三十級 ▲一夜換新"


# Pages


def test_a_page_named_behind_the_masthead_is_the_first_articles() -> None:
    first, second = read(f"第01版：要闻\n\n# 石阶修好了\n\n{TEXT}\n\nB04 文化\n\n# 路灯亮了\n\n{TEXT}").articles
    assert (first.page, first.page_name, second.page, second.page_name) == ("1", "要闻", "B04", "文化")
    in_it = read(f"# 石阶修好了\n\n{TEXT}", MASTHEAD.replace("星期一", "星期一 第01版：要闻"))
    assert (in_it.articles[0].page, in_it.articles[0].page_name) == ("1", "要闻")


def test_behind_a_mark_that_cannot_be_read_the_page_before_is_not_taken() -> None:
    pages = [article.page for article in read(f"第2版\n\n# 石阶修好了\n\n{TEXT}\n\n第□版\n\n# 路灯亮了\n\n{TEXT}").articles]
    assert pages == ["2", None]


def test_running_heads_and_editors_leave_the_text() -> None:
    head = "2 2024年5月6日 星期一 民生 编辑:何映秋 电话:0000-0000000"
    issue = read(f"# 石阶修好了\n\n{TEXT}\n\n本版责编 葛青 版式 小暑 校对 文竹\n\n{head}\n\n# 路灯亮了\n\n{TEXT}")
    first, second = issue.articles
    assert (first.body, second.page, second.page_name) == (TEXT, "2", "民生")
    assert issue.masthead is not None
    assert "本版责编 葛青 版式 小暑 校对 文竹" in issue.masthead.body


# Articles that go on elsewhere


def test_the_halves_of_an_article_are_one_with_both_pages() -> None:
    issue = read(
        "第1版\n\n# 灯笼巷改造全面开工\n\n本报讯 昨日开工。工程由(下转第3版)\n\n"
        f"# 渠水来了\n\n{TEXT}\n\n第3版\n\n# 灯笼巷改造\n\n▲上接第1版\n\n砚溪建设公司承建。\n\n# 夜校开课\n\n{TEXT}"
    )
    assert [article.title for article in issue.articles] == ["灯笼巷改造全面开工", "渠水来了", "夜校开课"]
    joined = issue.articles[0]
    assert (joined.page, joined.continued) == ("1", "3")
    assert joined.body == "本报讯 昨日开工。工程由砚溪建设公司承建。"
    assert issue.warnings == ()


def test_a_half_without_a_headline_is_joined_and_leaves_the_article_before_it() -> None:
    first, second = read(
        f"第1版\n\n# 灯笼巷改造\n\n本报讯 昨日开工。\n\n（下转二版）\n\n第2版\n\n# 夜校开课\n\n{TEXT}\n\n（上接一版）十月完工。"
    ).articles
    assert (first.body, first.continued) == ("本报讯 昨日开工。\n十月完工。", "2")
    assert second.body == TEXT


def test_a_half_that_finds_no_other_keeps_its_text_and_is_a_warning() -> None:
    issue = with_continuations(
        read("第1版\n\n# 灯笼巷改造\n\n本报讯 昨日开工。(下转第3版)\n\n第2版\n\n# 夜校\n\n(上接第4版)夜校开课。")
    )
    assert [article.body for article in issue.articles] == ["本报讯 昨日开工。", "夜校开课。"]
    assert issue.warnings == (
        "“灯笼巷改造” goes on at page 3, and its rest was not found",
        "“夜校” comes from page 4, and its beginning was not found",
    )


# Columns


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["昨日,水库带来的", "清水流进田里。", "农户笑了。"], "昨日,水库带来的清水流进田里。\n农户笑了。"),
        (["昨日,水库,", "水渠,", "田里都满了。"], "昨日,水库,水渠,田里都满了。"),
        (["他说,“渠尾的田", "一样要保。”", "众人鼓掌。"], "他说,“渠尾的田一样要保。”\n众人鼓掌。"),
        (["记者登录, via the Yanxi", "Library 网站查到。"], "记者登录, via the Yanxi Library 网站查到。"),
        (["共有人员,186", "人在现场。"], "共有人员,186人在现场。"),
        (["第一段完。", "第二段完!", "第三段完?"], "第一段完。\n第二段完!\n第三段完?"),
        (["停水一天。", "砚溪市自来水有限公司 2024年5月6日"], "停水一天。\n砚溪市自来水有限公司 2024年5月6日"),
        (["一、加强领导", "各村都要排班。"], "一、加强领导\n各村都要排班。"),
        (["他回答得很干脆……", "大家都笑了。"], "他回答得很干脆……\n大家都笑了。"),
        ([], ""),
    ],
    ids=[
        *("a cut sentence", "cut twice", "a cut quotation", "Latin words", "a cut number", "whole paragraphs"),
        *("a signature", "a sub-headline", "an ellipsis", "nothing"),
    ],
)
def test_a_broken_column_is_joined_and_a_whole_paragraph_is_not(lines: list[str], joined: str) -> None:
    assert join_columns(lines) == joined


def test_a_column_break_over_a_blank_line_is_joined_in_the_article() -> None:
    article = read_one("# 水库放水\n\n本报讯 昨日,卧虹水库带来的\n\n清水流进三鹤村。\n\n农户笑了,说不凉。")
    assert article.body == "本报讯 昨日,卧虹水库带来的清水流进三鹤村。\n农户笑了,说不凉。"


# Credits


@pytest.mark.parametrize(
    ("body", "byline", "source"),
    [
        ("本报讯(记者闵小禾)今日放水。", "闵小禾", None),
        ("本报讯（记者 闵小禾 田埂）今日放水。", "闵小禾 田埂", None),
        ("本报讯(记者 阮知夏 通讯员 柴小篱)今日放水。", "阮知夏 柴小篱", None),
        ("本报讯(见习记者 田埂)今日放水。", "田埂", None),
        ("今日放水。(卫讯)", "卫讯", None),
        ("今日放水。（闵小禾 田埂）", "闵小禾 田埂", None),
        ("今日放水。(本报评论员)", "本报评论员", None),
        ("今日放水。(待续)", None, None),
        ("今日放水。(见图)", None, None),
        ("今日放水。(转自《云河晚报》)", None, "《云河晚报》"),
        ("今日放水。(卫讯)(转自《云河晚报》)", "卫讯", "《云河晚报》"),
        ("今日放水。(云河社澜陵3月10日电)", None, "云河社澜陵3月10日电"),
        ("云河社澜陵3月10日电(记者 步青简)今日放水。", "步青简", "云河社澜陵3月10日电"),
        ("《砚溪日报》讯(记者 尚青)今日放水。", "尚青", "《砚溪日报》"),
        ("今日放水,记者到了现场。", None, None),
    ],
    ids=[
        *("run together", "full width", "two trades", "a learner", "an unnamed desk", "two names", "a commentator"),
        *("to be continued", "see picture", "reprint", "desk and reprint", "wire behind", "wire before", "dispatch", "none"),
    ],
)
def test_credits_are_read_where_they_are_printed(body: str, byline: str | None, source: str | None) -> None:
    assert read_credits(body) == (byline, source)


@pytest.mark.parametrize(
    ("lines", "byline"),
    [
        ("本报记者 阮知夏", "阮知夏"),
        ("□ 阮知夏 柴小篱", "阮知夏 柴小篱"),
        ("文/阮知夏\n\n图/柴小篱", "阮知夏 柴小篱"),
    ],
    ids=["reporter", "square", "words and pictures"],
)
def test_a_credit_on_a_line_of_its_own_is_a_byline_and_stays_in_the_body(lines: str, byline: str) -> None:
    article = read_one(f"# 灯笼巷的夜晚\n\n{lines}\n\n{TEXT}")
    assert (article.title, article.subtitle, article.byline) == ("灯笼巷的夜晚", None, byline)
    assert article.body == "\n".join([*lines.split("\n\n"), TEXT])


def test_a_signature_under_a_notice_stays_in_its_body() -> None:
    first, second = read(f"# 停水通知\n\n明日停水。\n\n砚溪市自来水有限公司\n\n# 路灯亮了\n\n{TEXT}").articles
    assert first.body == "明日停水。\n砚溪市自来水有限公司"
    assert second.kicker is None


# Masthead and imprint


def test_the_masthead_is_a_text_of_its_own_and_none_of_the_articles() -> None:
    issue = read(f"# 路灯亮了\n\n{TEXT}")
    assert issue.masthead is not None
    assert (issue.masthead.kind, issue.masthead.title) == (ArticleKind.MASTHEAD, "Masthead of 砚溪日报")
    assert issue.masthead.body.startswith("晴D微风\nYAN XI RI BAO\n2024年5月6日 星期一\n")
    assert issue.masthead.body.endswith("\n新闻热线:0460-5550118\n砚溪信息港 <http://www.yanxi.example>")
    assert [article.kind for article in issue.articles] == [ArticleKind.NEWS]


def test_the_imprint_under_the_last_article_joins_the_masthead_and_leaves_the_article() -> None:
    issue = read(f"# 路灯亮了\n\n{TEXT}\n\n本报地址:砚溪市书院路8号 邮编:460000\n\n电话:0460-5550120")
    assert issue.masthead is not None
    assert issue.masthead.body.endswith("\n本报地址:砚溪市书院路8号 邮编:460000\n电话:0460-5550120")
    assert [article.body for article in issue.articles] == [TEXT]


def test_the_telephone_that_closes_a_notice_is_no_imprint() -> None:
    issue = read(f"# 停水通知\n\n{TEXT}\n\n电话:0460-5550130")
    assert issue.articles[-1].body == f"{TEXT}\n电话:0460-5550130"


def test_what_alone_stands_under_a_headline_is_no_imprint() -> None:
    prices = "鸡蛋零售每斤三角 白菜零售每斤二分 萝卜零售每斤一分五厘 豆角零售每斤四分 粉条零售每斤二角八分"
    issue = read(f"# 今日菜价\n\n{prices}\n\n本报地址:砚溪市书院路8号")
    assert [article.body for article in issue.articles] == [prices]
    assert issue.masthead is not None
    assert issue.masthead.body.endswith("\n本报地址:砚溪市书院路8号")


def test_an_old_masthead_in_chinese_numerals_and_traditional_characters_is_read() -> None:
    masthead = (
        "SONG YAN NUNG PAO\n\n松煙農報\n\n中華民國二十五年三月四日 星期三\n\n第一百另三號 今日出紙一大張 (四版)\n\n社址:後街"
    )
    text = f"{masthead}\n\n# 蠶種運到\n\n昨日蠶種運到、農家爭購。\n"
    assert is_newspaper(text)
    issue = read_newspaper(Path("1936-03-04.md"), text)
    assert (issue.paper, issue.issue_date, issue.issue_number, issue.pages) == ("松煙農報", date(1936, 3, 4), 103, 4)
    assert issue.masthead is not None
    assert issue.masthead.body == masthead.replace("\n\n", "\n")
    assert [article.title for article in issue.articles] == ["蠶種運到"]
