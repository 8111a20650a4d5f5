"""Articles that go on elsewhere are joined, whatever the format of their file."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from embeddings.formats.continuations import other_parts, with_continuations
from embeddings.formats.readers import parse_file
from embeddings.records import Article, Issue

FIRST = "云泽县渡口大桥昨日合龙，全长一千二百米，双向六车道，今年六月通车"
REST = "以后，两岸往来只要五分钟。县里还将修建三条连接线。"
LAMPS = "灯笼巷的三百盏路灯昨日换完，夜里亮到天明。"

DAY = [
    ("渡口大桥合龙", f"{FIRST}（下转第3版）", "1"),
    ("灯笼巷换灯", LAMPS, "2"),
    ("渡口大桥", f"▲（上接第1版）{REST}", "3"),
]
PLAIN = "".join(f"## 第{page}版\n\n### {title}\n\n{body}\n\n" for title, body, page in DAY)
JSON_LINES = "\n".join(
    json.dumps({"title": title, "body": body, "page": page, "date": "2024-05-06"}, ensure_ascii=False)
    for title, body, page in DAY
)
HTML = "".join(f"<h2>第{page}版</h2><h3>{title}</h3><p>{body}</p>" for title, body, page in DAY)


def zipped(*texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, text in enumerate(texts, start=1):
            archive.writestr(f"砚溪日报/2024-05-06_0{number}版.txt", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("2024-05-06.md", f"# 2024年5月6日\n\n{PLAIN}".encode()),
        ("day.jsonl", JSON_LINES.encode()),
        ("2024-05-06.html", f"<html><body><h1>2024年5月6日</h1>{HTML}</body></html>".encode()),
        ("day.zip", zipped(*(f"{title}\n2024年5月6日\n{body}" for title, body, _ in DAY))),
    ],
)
def test_halves_of_one_file_are_one_article(name: str, raw: bytes) -> None:
    (issue,) = parse_file(Path("砚溪日报") / name, raw).issues
    assert [(one.title, one.body, one.page, one.continued) for one in issue.articles] == [
        ("渡口大桥合龙", FIRST + REST, "1", "3"),
        ("灯笼巷换灯", LAMPS, "2", None),
    ]
    assert not any("上接" in warning or "下转" in warning for warning in issue.warnings)


def issue(*articles: Article) -> Issue:
    return Issue("yxrb-2024-05-06", "砚溪日报", date(2024, 5, 6), articles)


def test_a_rest_below_another_article_is_parted_from_it_with_the_doubts_of_each() -> None:
    first = Article("渡口大桥合龙", f"{FIRST}（下转第3版）", page="1", doubts=((0, 2),))
    below = Article("灯笼巷换灯", f"{LAMPS}\n（上接第1版）{REST}", page="3", doubts=((0, 3), (len(LAMPS) + 8, len(LAMPS) + 10)))
    bridge, lamps = with_continuations(issue(first, below)).articles
    assert (bridge.body, bridge.continued, lamps.body) == (FIRST + REST, "3", LAMPS)
    assert [bridge.body[start:end] for start, end in bridge.doubts] == ["云泽", "以后"]
    assert [lamps.body[start:end] for start, end in lamps.doubts] == ["灯笼巷"]


def test_a_rest_whose_first_line_stands_for_its_headline_keeps_that_line() -> None:
    (whole,) = with_continuations(
        issue(
            Article("渡口大桥合龙", f"{FIRST}▼下转3版", page="1"), Article(f"（上接第1版）{REST}", "桥面铺了沥青。", page="3")
        )
    ).articles
    assert whole.body == f"{FIRST}{REST}\n桥面铺了沥青。"


def test_a_byline_at_the_end_of_the_rest_is_that_of_the_article() -> None:
    first = Article("渡口大桥合龙", f"{FIRST}（下转A03版）", page="A01")
    (whole,) = with_continuations(issue(first, Article("渡口大桥", f"(上接A01版){REST}", page="A03", byline="林知远"))).articles
    assert (whole.byline, whole.page, whole.continued) == ("林知远", "A01", "A03")


def test_a_half_alone_names_the_page_of_the_other() -> None:
    alone = with_continuations(
        issue(Article("甲乙丙丁", "水退了。（下轉第三版）", page="1"), Article("夜校", "（上接第5版）夜校开课。", page="2"))
    )
    assert [(one.body, one.continued) for one in alone.articles] == [("水退了。", "3"), ("夜校开课。", "5")]
    assert alone.warnings == (
        "《甲乙丙丁》下转第3版，没有找到余下部分",
        "《夜校》上接第5版，没有找到前面部分",
    )


@pytest.mark.parametrize("mark", ["（详见第3版）", "（报道详见A03版）", "▶详见3版", "\n全文见第三版"])
def test_a_pointer_to_another_text_leaves_and_joins_nothing(mark: str) -> None:
    made = with_continuations(
        issue(Article(f"渡口大桥合龙{mark}", f"{LAMPS}{mark}", page="1"), Article("夜校", LAMPS, page="3"))
    )
    assert [(one.title, one.body, one.continued) for one in made.articles] == [
        ("渡口大桥合龙", LAMPS, None),
        ("夜校", LAMPS, None),
    ]


def test_a_pointer_within_a_sentence_is_text() -> None:
    text = "公告全文见第3版下方，读者详见第3版的说明后再报名。"
    assert with_continuations(issue(Article("公告", text))).articles[0].body == text


def test_halves_of_different_files_name_each_other() -> None:
    articles = (
        Article("渡口大桥合龙", FIRST, page="A01", continued="A03"),
        Article("夜校开课", LAMPS, page="A03"),
        Article("渡口大桥", REST, page="A03", continued="A1"),
        Article("水库放水", LAMPS, page="A03", continued="A1"),
        Article("来信", LAMPS, page="A04", continued="A1"),
    )
    assert [other_parts(articles, place) for place in range(-1, 5)] == [[], [2], [], [0], [0], []]
