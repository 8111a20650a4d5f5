"""Any other dated file becomes an issue: front matter, first heading, file name or first lines date it."""

from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.bylines import is_people, people
from embeddings.formats.plain import read_plain
from embeddings.formats.readers import parse_file
from embeddings.records import Article, Issue

pytestmark = pytest.mark.usefixtures("english")

DAY = date(2024, 5, 6)


def read(text: str, path: str = "砚溪晚报/2024-05-06.md") -> Issue:
    (issue,) = read_plain(Path(path), text)
    return issue


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("---\ndate: 2024-05-06\n---\n# 2020-01-01\n\n渠水来了。", "2021-01-01.md"),
        ("---\n日期: 2024年5月6日\n---\n# 放水\n\n渠水来了。", "a.md"),
        ("---\nissue_date: 2024-05-06 08:00:00\n---\n# 放水\n\n渠水来了。", "a.md"),
        ("# 砚溪晚报 2024年5月6日\n\n# 放水\n\n渠水来了。", "2021-01-01.md"),
        ("# 放水\n\n渠水来了。2020年1月1日动工。", "20240506.md"),
        ("# 放水\n\n2024.5.6 渠水来了。", "a.md"),
    ],
    ids=["front matter", "Chinese key", "time of day", "first heading", "file name", "first lines"],
)
def test_the_date_is_found_in_order_of_trust(text: str, path: str) -> None:
    assert read(text, path).issue_date == DAY


def test_front_matter_names_the_paper_and_the_number() -> None:
    issue = read("---\n报名: 云河周报\n期号: 12\ndate: 2024-05-06\n---\n# 放水\n\n渠水来了。")
    assert (issue.issue_id, issue.paper, issue.issue_number) == ("yhzb-2024-05-06", "云河周报", 12)


def test_the_folder_names_the_paper_where_nothing_else_does() -> None:
    issue = read("# 放水\n\n渠水来了。")
    assert (issue.issue_id, issue.paper, issue.issue_number) == ("yxwb-2024-05-06", "砚溪晚报", None)


def test_each_heading_with_text_is_an_article() -> None:
    issue = read("# 放水\n\n渠水来了。\n农户笑了。\n\n田里满了。\n\n# 修灯\n\n灯亮了。(尚青)")
    assert issue.articles == (
        Article(title="放水", body="渠水来了。\n农户笑了。\n田里满了。"),
        Article(title="修灯", body="灯亮了。(尚青)", byline="尚青"),
    )


def test_a_heading_over_several_articles_is_their_column_unless_it_is_the_date() -> None:
    articles = read("# 砚溪晚报 2024年5月6日\n\n## 民生\n\n### 修灯\n\n灯亮了。\n\n### 放水\n\n水来了。").articles
    assert [(one.title, one.column, one.kicker) for one in articles] == [("修灯", "民生", None), ("放水", "民生", None)]


def test_a_heading_without_text_is_the_next_ones_kicker() -> None:
    first, second = read("## 民生\n\n## 修灯\n\n灯亮了。\n\n## 放水\n\n水来了。").articles
    assert (first.title, first.kicker) == ("修灯", "民生")
    assert (second.title, second.kicker) == ("放水", None)


def test_a_text_without_headings_takes_its_first_line_as_headline() -> None:
    (article,) = read("渠水来了\n农户笑了。\n\n田里满了。", "2024-05-06.txt").articles
    assert (article.title, article.body) == ("渠水来了", "农户笑了。\n田里满了。")


def test_a_single_line_is_headline_and_text() -> None:
    (article,) = read("渠水来了。", "2024-05-06.txt").articles
    assert (article.title, article.body) == ("渠水来了。", "渠水来了。")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("---\ntitle: [\n---\n# 放水\n\n水来了。", 3, "the front matter is not valid YAML"),
        ("---\npaper: 晚报\ndate: a: b\n---\n# 放水\n\n水来了。", 3, "the front matter is not valid YAML"),
        ("---\ndate: 2024-13-01\n---\n# 放水\n\n水来了。", 1, "the front matter is not valid YAML"),
        ("---\ndate: 2024-05-06\nnumber: 十二\n---\n# 放水\n\n水来了。", 1, 'the issue number "十二"'),
        ("# 放水\n\n水来了。", 1, "no date found"),
        ("---\ndate: 2024-05-06\n---\n# 放水\n\n## 修灯\n", 1, "no text found"),
    ],
    ids=["open list", "two colons", "no such month", "number in words", "no date", "no text"],
)
def test_a_file_that_lacks_something_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(IssueError, match=reason) as refused:
        read(text, "notes.md")
    assert (refused.value.path, refused.value.line) == ("notes.md", line)


def kept(article: Article) -> dict[str, str]:
    """Return what is told of an article beside its kind."""
    fields = ("title", "kicker", "subtitle", "column", "byline", "source", "page", "page_name", "url", "body")
    return {name: value for name in fields if (value := getattr(article, name))}


def several(text: str, path: str = "砚溪晚报/1985.txt", paper: str | None = None) -> list[tuple[str, str, str]]:
    return [
        (str(one.issue_date), one.paper, article.title)
        for one in read_plain(Path(path), text, paper)
        for article in one.articles
    ]


def test_lines_below_a_headline_tell_of_the_article_and_are_none_of_its_text() -> None:
    text = (
        "### 石拱桥修好　　工期九个月\n尚青梧\n2024-05-06\n第1版(要闻)\n专栏：水乡纪事\n\n"
        "　　石拱桥修好\n    工期九个月\n    尚青梧\n    【本报讯】石拱桥昨日修好。"
    )
    (article,) = read(text).articles
    assert kept(article) == {
        "title": "石拱桥修好 工期九个月",
        "column": "水乡纪事",
        "byline": "尚青梧",
        "page": "1",
        "page_name": "要闻",
        "body": "【本报讯】石拱桥昨日修好。",
    }


def test_front_matter_tells_of_the_one_article_under_it() -> None:
    text = (
        "---\ntitle: 石拱桥: 修好了\nauthors:\n- name: 尚青梧\n- 闵小禾\ndate: 2024-05-06T08:00:00+08:00\npage: 第02版(要闻)\n"
        "source: 云河日报\ncategories: [水乡纪事]\nurl: https://a.example/1.html\n---\n\n## 工期九个月\n\n石拱桥昨日修好。"
    )
    (article,) = read(text).articles
    assert kept(article) == {
        "title": "石拱桥: 修好了",
        "column": "水乡纪事",
        "byline": "尚青梧 闵小禾",
        "source": "云河日报",
        "page": "2",
        "page_name": "要闻",
        "url": "https://a.example/1.html",
        "body": "工期九个月\n石拱桥昨日修好。",
    }


def test_front_matter_in_toml_is_read() -> None:
    issue = read('+++\ntitle = "石拱桥修好"\ndate = 2024-05-06\npaper = "云河日报"\n+++\n石拱桥昨日修好。', "a.md")
    assert (issue.paper, issue.issue_date, issue.articles[0].title) == ("云河日报", DAY, "石拱桥修好")


def test_sub_headlines_and_parts_belong_to_the_article_above_them() -> None:
    text = (
        "# 石拱桥修好\n\n石拱桥昨日修好。\n\n## 工期九个月\n\n去年八月开工。\n\n## 一、用料\n\n用石三千方。\n\n"
        "# 夜校开课\n\n## 摘要\n\n夜校开课。\n\n## 正文\n\n夜校昨晚开课，学员六十人。\n"
    )
    assert [kept(one) for one in read(text).articles] == [
        {"title": "石拱桥修好", "body": "石拱桥昨日修好。\n工期九个月\n去年八月开工。\n一、用料\n用石三千方。"},
        {"title": "夜校开课", "body": "夜校开课。\n夜校昨晚开课，学员六十人。"},
    ]


def test_numbers_that_count_headlines_are_none_of_theirs() -> None:
    text = "# 本县新闻 - 2024年5月6日\n\n新闻数量：2条\n\n## 1. 修灯\n\n来源：云河日报\n\n灯亮了。\n\n## 2. 放水\n\n水来了。"
    issue = read(text, "存档/a.md")
    assert [(one.title, one.source) for one in issue.articles] == [("修灯", "云河日报"), ("放水", None)]


def test_the_days_of_a_year_in_one_file_are_issues() -> None:
    expected = [("1985-03-12", "砚溪晚报", "修灯"), ("1985-03-12", "砚溪晚报", "放水"), ("1985-03-19", "砚溪晚报", "夜校开课")]
    headings = "# 1985年3月12日\n\n## 修灯\n\n灯亮了。\n\n## 放水\n\n水来了。\n\n# 1985年3月19日\n\n## 夜校开课\n\n开课了。"
    assert several(headings) == expected


@pytest.mark.parametrize(
    "text",
    [
        "修灯\n1985年3月12日\n\n灯昨晚亮了。\n又一句。\n\n放水\n1985年3月13日 第2版\n\n水昨日来了。",
        "1985年3月12日\n修灯\n\n灯昨晚亮了。\n又一句。\n\n1985年3月13日 第2版\n放水\n水昨日来了。",
        "标题：修灯\n日期：1985-03-12\n正文：灯昨晚亮了。\n又一句。\n\n标题：放水\n日期：1985-03-13\n版面：第2版\n正文：\n水昨日来了。",
        "日期：1985-03-12\n标题：修灯\n\n灯昨晚亮了。\n又一句。\n\n---\n\n日期：1985-03-13\n版次：2\n标题：放水\n\n水昨日来了。",
        "修灯\n1985年3月12日\n灯昨晚亮了。\n又一句。\n\n======\n\n放水\n1985年3月13日\n第2版\n水昨日来了。",
        "## 修灯\n\n1985年3月12日\n\n灯昨晚亮了。\n又一句。\n\n## 放水\n\n1985年3月13日 第2版\n\n水昨日来了。",
        "Title: 修灯\nPubDate: Tue, 12 Mar 1985 07:49:53 GMT\nDescription: 灯昨晚亮了。\n又一句。\n\n"
        "Title: 放水\nPubDate: Wed, 13 Mar 1985 07:00:00 +0800\nPage: 2\nDescription: 水昨日来了。",
    ],
    ids=["headline first", "day first", "labels", "labels, day first", "rules", "headings", "feed"],
)
def test_articles_of_several_days_in_one_text_are_told_apart(text: str) -> None:
    one, other = read_plain(Path("砚溪晚报/1985.txt"), text)
    assert [(str(issue.issue_date), issue.articles) for issue in (one, other)] == [
        ("1985-03-12", (Article(title="修灯", body="灯昨晚亮了。\n又一句。"),)),
        ("1985-03-13", (Article(title="放水", body="水昨日来了。", page="2"),)),
    ]


def test_a_day_that_opens_the_line_of_a_headline_is_its_day() -> None:
    text = "1985-03-12 修灯记\n灯亮了。\n\n1985-03-13 放水记\n水来了。"
    assert several(text) == [("1985-03-12", "砚溪晚报", "修灯记"), ("1985-03-13", "砚溪晚报", "放水记")]


def test_several_posts_in_one_file_each_have_their_own_front_matter() -> None:
    text = (
        "---\ntitle: 修灯\ndate: 1985-03-12\nauthor: 尚青梧\n---\n灯亮了。\n\n---\ntitle: 放水\ndate: 1985-03-13\n---\n水来了。"
    )
    assert several(text) == [("1985-03-12", "砚溪晚报", "修灯"), ("1985-03-13", "砚溪晚报", "放水")]
    one, other = read_plain(Path("砚溪晚报/1985.md"), text)
    assert (one.articles[0].byline, other.articles[0].byline) == ("尚青梧", None)


def test_the_time_of_publication_does_not_move_an_article_off_the_day_over_it() -> None:
    text = "# 本县新闻 - 2024年5月6日\n\n## 修灯\n\n时间：Sun, 05 May 2024 23:10:00 GMT\n\n灯亮了。\n\n## 放水\n\n水来了。"
    assert [day for day, _, _ in several(text, "砚溪晚报/a.md")] == ["2024-05-06", "2024-05-06"]


def test_a_page_is_as_printed_or_that_of_the_file_name() -> None:
    text = "第1版：要闻\n\n# 修灯\n\n灯亮了。\n\nA02版\n\n# 放水\n\n水来了。\n\n# 夜校\n\n第8-9版\n\n开课了。"
    assert [(one.page, one.page_name) for one in read(text).articles] == [("1", "要闻"), ("A02", None), ("8-9", None)]
    assert read("# 修灯\n\n灯亮了。", "砚溪晚报/2024-05-06/A02.md").articles[0].page == "A02"
    assert read("# 修灯\n\n灯亮了。").articles[0].page is None


def test_a_page_of_an_electronic_paper_saved_as_text() -> None:
    text = (
        "云河日报\n2024年05月06日 星期一\n第02版：综合\n\n石拱桥修好\n——工期九个月\n尚青梧\n\n本报讯 石拱桥昨日修好。\n\n"
        "版权所有 云河日报社 未经授权不得转载"
    )
    issue = read(text, "存档/a.txt")
    assert (issue.paper, issue.issue_date, issue.warnings) == ("云河日报", DAY, ())
    (article,) = issue.articles
    assert kept(article) == {
        "title": "石拱桥修好",
        "subtitle": "——工期九个月",
        "byline": "尚青梧",
        "page": "2",
        "page_name": "综合",
        "body": "本报讯 石拱桥昨日修好。",
    }


def test_old_papers_name_day_and_page_in_one_line() -> None:
    issue = read("雲河報 日期：1924年5月6日 版次(卷期)：第1版(第12號)\n\n本館告白\n\n天下事甚多矣。", "a.txt")
    assert (issue.paper, issue.issue_date, issue.issue_number) == ("雲河報", date(1924, 5, 6), 12)
    assert (issue.articles[0].title, issue.articles[0].page) == ("本館告白", "1")
    issue = read("民國十三年五月六日 雲河報 第二版\n\n本館告白\n\n天下事甚多矣。", "a.txt")
    assert (issue.paper, issue.issue_date, issue.articles[0].page) == ("雲河報", date(1924, 5, 6), "2")


def test_a_paper_guessed_from_the_folder_is_a_warning_and_one_named_is_none() -> None:
    text = "# 放水\n\n渠水来了。"
    assert [warning for warning in read(text).warnings if "folder" in warning]
    (named,) = read_plain(Path("砚溪晚报/2024-05-06.md"), text, "云河日报")
    assert (named.paper, named.warnings) == ("云河日报", ())
    (named,) = read_plain(Path("a/2024-05-06.md"), f"---\npaper: 甲报\n---\n{text}", "云河日报")
    assert named.paper == "云河日报"
    assert read(text, "砚溪晚报/2024-05-06/a.md").paper == "砚溪晚报"


def test_days_that_disagree_are_a_warning() -> None:
    body = "# 放水\n\n渠水来了。"
    issue = read(f"---\npaper: 甲报\ndate: 2024-05-06\n---\n{body}", "2024-05-07.md")
    assert (issue.issue_date, issue.warnings) == (
        DAY,
        ("the issue is read as of 2024-05-06, but the file name says 2024-05-07",),
    )
    assert read(f"---\npaper: 甲报\ndate: 2024-05-06\n---\n{body}", "2024-05-06.md").warnings == ()


def test_the_day_of_a_change_does_not_win_over_headline_and_file_name() -> None:
    facts = "paper: 甲报\ntitle: 2024-05-06\ndate: 2024-09-30T13:39:07.555Z\ndateCreated: 2024-05-07T18:06:54.737Z"
    issue = read(
        f"---\n{facts}\n---\n## 1. 放水\n\n渠水来了。\n\n## 2. 修灯\n\n灯亮了。\n\n### 全镇通电\n\n共三百盏。",
        "wiki_2024-05-06.md",
    )
    assert (issue.issue_date, [one.title for one in issue.articles]) == (DAY, ["放水", "修灯"])
    assert issue.warnings == ("the issue is read as of 2024-05-06, but the front matter says 2024-09-30",)
    assert issue.articles[1].body == "灯亮了。\n全镇通电\n共三百盏。"


def test_labelled_lines_below_a_text_tell_of_it_and_a_signature_stays() -> None:
    article = read("# 放水\n\n渠水来了。\n\n云河水利局\n2024年5月1日\n\n来源：云河日报\n责任编辑：闵小禾").articles[0]
    assert (article.source, article.body) == ("云河日报", "渠水来了。\n云河水利局\n2024年5月1日")


def test_a_notice_that_tells_its_own_time_keeps_it() -> None:
    article = read("# 放水通知\n\n时间：5月8日上午\n地点：东渠。").articles[0]
    assert article.body == "时间：5月8日上午\n地点：东渠。"


def test_the_file_name_has_the_headline_where_the_text_has_none() -> None:
    article = read("石拱桥昨日修好，工期九个月。\n\n用石三千方。", "砚溪晚报/2024-05-06_石拱桥修好.txt").articles[0]
    assert (article.title, article.body) == ("石拱桥修好", "石拱桥昨日修好，工期九个月。\n用石三千方。")


def test_a_title_of_the_whole_year_above_the_first_day_hides_no_article() -> None:
    text = (
        "南屿日报 1978年合订本\n\n1978年1月3日 第1版\n渔业公司完成任务\n本报讯 去年捕鱼一万二千担。\n\n"
        "1978年1月9日 第2版\n盐场抢修海堤\n本报讯 堤长三百米。\n"
    )
    issues = read_plain(Path("南屿日报/1978.txt"), text)
    assert [(one.issue_date, one.articles[0].title, one.articles[0].page) for one in issues] == [
        (date(1978, 1, 3), "渔业公司完成任务", "1"),
        (date(1978, 1, 9), "盐场抢修海堤", "2"),
    ]


def test_days_that_open_headlines_part_articles_without_blank_lines() -> None:
    text = "1978-01-03 渔业公司完成任务\n去年捕鱼一万二千担。\n1978-01-09 盐场抢修海堤\n堤长三百米。\n"
    issues = read_plain(Path("南屿日报/1978.txt"), text)
    assert [one.articles[0].title for one in issues] == ["渔业公司完成任务", "盐场抢修海堤"]
    assert [one.articles[0].body for one in issues] == ["去年捕鱼一万二千担。", "堤长三百米。"]


def test_a_page_without_headings_is_parted_where_reports_open() -> None:
    text = (
        "砚溪晚报 2024年5月6日 星期一 A02 要闻\n\n渡口大桥合龙\n\n本报讯（记者 林知远）大桥昨日合龙。\n总投资三亿元。\n\n"
        "学生剧团赴省演出\n本报记者 何映秋\n剧团昨日赴省。\n"
    )
    issue = read(text, "砚溪晚报/A02.txt")
    assert [(one.title, one.byline, one.page, one.page_name) for one in issue.articles] == [
        ("渡口大桥合龙", "林知远", "A02", "要闻"),
        ("学生剧团赴省演出", "何映秋", "A02", "要闻"),
    ]
    assert (issue.paper, issue.issue_date, issue.warnings) == ("砚溪晚报", DAY, ())


def test_a_line_of_the_republic_with_a_page_is_no_headline() -> None:
    text = "海墘時報\n中華民國一百年八月二十日 星期六 A05 地方新聞\n\n東港漁會改選\n東港區漁會昨日改選。\n"
    (article,) = read(text, "a/A05.txt").articles
    assert (article.title, article.page, article.page_name) == ("東港漁會改選", "A05", "地方新聞")


def test_a_folder_named_by_a_month_gives_no_paper() -> None:
    issue = read("# 放水\n\n渠水来了。", "岭东日报/1962年03月/1962-03-14.md")
    assert issue.paper == "岭东日报"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("記者陳怡如／東港報導", "陳怡如"),
        ("记者林知远／东港报道", "林知远"),
        ("【記者陳怡如東港報導】", "陳怡如"),
        ("〔記者陳怡如／東港報導〕", "陳怡如"),
        ("本報記者陳怡如", "陳怡如"),
        ("本報記者 陳怡如", "陳怡如"),
        ("记者欧阳文青东港报道", "欧阳文青"),
    ],
)
def test_a_line_of_who_reports_from_where_names_the_person(line: str, names: str) -> None:
    assert (is_people(line), people(line)) == (True, names)


@pytest.mark.parametrize("title", ["第12号台风登陆", "渡口街第5号告示", "第3期夜校开班"])
def test_a_numbered_headline_is_no_masthead(title: str) -> None:
    (issue,) = parse_file(Path("砚溪日报/2024-03-12_1.md"), f"# {title}\n\n卧虹水库今日开闸放水。\n".encode()).issues
    assert [article.title for article in issue.articles] == [title]
