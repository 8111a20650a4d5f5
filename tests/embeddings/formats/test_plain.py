"""Any other dated file becomes an issue: front matter, first heading, file name or first lines date it."""

from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.plain import read_plain
from embeddings.records import Article, Issue

pytestmark = pytest.mark.usefixtures("english")

DAY = date(2024, 5, 6)


def read(text: str, path: str = "砚溪晚报/2024-05-06.md") -> Issue:
    return read_plain(Path(path), text)


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
    issue = read("# 放水\n\n渠水来了。\n农户笑了。\n\n田里满了。\n\n## 修灯\n\n灯亮了。(尚青)")
    assert issue.articles == (
        Article(title="放水", body="渠水来了。\n农户笑了。\n田里满了。"),
        Article(title="修灯", body="灯亮了。(尚青)", byline="尚青"),
    )


def test_a_heading_without_text_is_the_next_ones_kicker_unless_it_is_the_date() -> None:
    first, second = read("# 砚溪晚报 2024年5月6日\n\n## 民生\n\n### 修灯\n\n灯亮了。\n\n### 放水\n\n水来了。").articles
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
