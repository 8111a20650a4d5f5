"""Records of JSON, JSON Lines and CSV become articles of their issues; what is no article is named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading, ReadingOptions

pytestmark = pytest.mark.usefixtures("english")

WATER = {
    "title": "渠水来了",
    "date": "2024-05-06",
    "paper": "砚溪日报",
    "page": "第02版：要闻",
    "author": "林知远",
    "content": "昨天上午，渠水到了。\n农户笑了。",
}
LAMPS = {"title": "灯会今晚开", "date": "2024-05-06", "paper": "砚溪日报", "page": "A03", "content": "灯会今晚开。"}
LATER = {"title": "大桥合龙", "date": "2024-05-07", "paper": "砚溪晚报", "content": "大桥合龙了。"}


def read(name: str, content: object, **options: object) -> FileReading:
    raw = content if isinstance(content, bytes) else content if isinstance(content, str) else json.dumps(content)
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return parse_file(Path("砚溪文库") / name, raw, ReadingOptions(**options))  # type: ignore[arg-type]


def table(*records: dict[str, str], delimiter: str = ",") -> str:
    names = list(records[0])
    rows = [names, *([f'"{record[name]}"' for name in names] for record in records)]
    return "\r\n".join(delimiter.join(row) for row in rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", [WATER, LAMPS, LATER]),
        ("a.json", {"count": 3, "articles": [WATER, LAMPS, LATER]}),
        ("a.jsonl", "\n".join(map(json.dumps, (WATER, LAMPS, LATER)))),
        ("a.ndjson", "\n".join(json.dumps({"_id": 1, "_source": one}) for one in (WATER, LAMPS, LATER)) + "\n\n"),
        ("a.csv", table(*({"page": "", "author": "", **one} for one in (WATER, LAMPS, LATER)))),
        ("a.csv", table(*({"page": "", "author": "", **one} for one in (WATER, LAMPS, LATER)), delimiter=";")),
        ("a.tsv", table(*({"page": "", "author": "", **one} for one in (WATER, LAMPS, LATER)), delimiter="\t")),
    ],
    ids=["list", "object", "lines", "wrapped lines", "CSV", "semicolons", "TSV"],
)
def test_records_are_gathered_into_issues(name: str, content: object) -> None:
    daily, evening = read(name, content).issues
    assert [(issue.paper, issue.issue_date, issue.issue_id) for issue in (daily, evening)] == [
        ("砚溪日报", date(2024, 5, 6), "yxrb-2024-05-06"),
        ("砚溪晚报", date(2024, 5, 7), "yxwb-2024-05-07"),
    ]
    water, lamps = daily.articles
    assert (water.title, water.body, water.byline) == ("渠水来了", "昨天上午，渠水到了。\n农户笑了。", "林知远")
    assert (water.page, water.page_name, lamps.page, lamps.page_name) == ("2", "要闻", "A03", None)
    assert [article.page for article in evening.articles] == [None]


def test_what_stands_around_articles_holds_for_them() -> None:
    pages = [
        {"page": 1, "articles": [{"标题": "甲", "正文": "水来了。"}]},
        {"page": "2", "articles": [{"标题": "乙", "正文": "灯亮了。"}]},
    ]
    (issue,) = read("a.json", {"报纸": "砚溪日报", "日期": "2024年5月6日", "title": "一天的报纸", "pages": pages}).issues
    assert (issue.paper, issue.issue_date) == ("砚溪日报", date(2024, 5, 6))
    assert [(article.title, article.page) for article in issue.articles] == [("甲", "1"), ("乙", "2")]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2024-05-06T23:30:00Z", date(2024, 5, 6)),
        ("Mon, 06 May 2024 08:00:00 +0800", date(2024, 5, 6)),
        ("二〇二四年五月六日", date(2024, 5, 6)),
        ("2024/5/6 08:00", date(2024, 5, 6)),
        (20240506, date(2024, 5, 6)),
        (1714953600, date(2024, 5, 6)),
        (1714953600000, date(2024, 5, 6)),
    ],
)
def test_days_are_read_as_programs_and_papers_write_them(printed: object, day: date) -> None:
    (issue,) = read("a.json", [{**WATER, "date": printed}]).issues
    assert issue.issue_date == day


def test_the_usual_names_are_guessed_and_told() -> None:
    reading = read(
        "a.json", [{"題名": "水來了", "見報日期": "2024-05-06", "報紙": "硯溪日報", "版次": "三", "全文": "水來了。", "id": 7}]
    )
    (article,) = reading.issues[0].articles
    assert (reading.issues[0].paper, article.title, article.page) == ("硯溪日報", "水來了", "3")
    assert reading.warnings == (
        "fields taken by their names: title=題名, body=全文, date=見報日期, paper=報紙, page=版次; name others with --map",
    )


def test_a_map_wins_over_the_names() -> None:
    record = {"headline": "水来了", "title": "编号七", "正文": "简介。", "全": "水来了，人笑了。", "日": "2024-05-06"}
    reading = read("a.json", [record], fields={"title": "headline", "text": "全", "date": "日"}, paper="砚溪日报")
    assert [(article.title, article.body) for article in reading.issues[0].articles] == [("水来了", "水来了，人笑了。")]
    assert (reading.issues[0].paper, reading.warnings) == ("砚溪日报", ())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "题"}, "no record has the field 题; its fields: title, date"),
        ({"heading": "title"}, "--map knows no field heading"),
    ],
)
def test_a_map_that_fits_nothing_is_refused(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(IssueError, match=reason):
        read("a.json", [WATER], fields=fields)


def test_a_record_without_day_or_text_is_named_and_the_others_go_in() -> None:
    lines = [json.dumps(one) for one in (WATER, {**LAMPS, "date": "不详"}, {**LAMPS, "content": " "}, LATER)]
    reading = read("a.jsonl", "\n".join(lines))
    assert [issue.issue_id for issue in reading.issues] == ["yxrb-2024-05-06", "yxwb-2024-05-07"]
    assert reading.warnings[1:] == (
        "line 2 left out: it has no day that can be read; its fields: title, date, paper, page, content",
        "line 3 left out: it has no text",
    )
    with pytest.raises(
        IssueError, match="none of its 1 records has a day and a text; the first: record 1 left out: it has no text"
    ):
        read("a.json", [{**LAMPS, "content": ""}])


def test_many_records_left_out_are_counted() -> None:
    reading = read("a.json", [WATER, *[{**LAMPS, "content": ""}] * 50])
    assert len(reading.warnings) == 22
    assert reading.warnings[-1] == "30 more records left out"


def test_without_days_of_their_own_records_are_of_the_day_in_the_files_name() -> None:
    record = {"title": "水来了", "content": "水来了。"}
    reading = read("2024-05-06.json", [record])
    assert reading.issues[0].issue_id == "yxwk-2024-05-06"
    assert reading.issues[0].warnings == ("no paper is named; 砚溪文库 was taken from the name of the folder",)


def test_html_of_a_body_is_read_as_its_lines() -> None:
    html = "<div><p>水来了&nbsp;&amp;灯亮了。</p><p>农户<b>笑</b>了。<br/>真的。</p><script>var a = 1;</script></div>"
    (article,) = read("a.json", [{**WATER, "content": html, "title": "<h1>水来了</h1>"}]).issues[0].articles
    assert (article.title, article.body) == ("水来了", "水来了\xa0&灯亮了。\n农户笑了。\n真的。")


def test_lists_and_names_within_a_record_are_read() -> None:
    record = {**WATER, "content": ["水来了。", "人笑了。"], "author": [{"name": "林知远"}, {"name": "闵小禾"}]}
    (article,) = read("a.json", [record]).issues[0].articles
    assert (article.body, article.byline) == ("水来了。\n人笑了。", "林知远 闵小禾")


def test_a_headline_repeated_above_the_text_is_taken_off() -> None:
    (article,) = read("a.json", [{**WATER, "content": "渠水来了\n昨天到的。"}]).issues[0].articles
    assert article.body == "昨天到的。"


def test_half_of_a_surrogate_pair_does_not_reach_the_archive() -> None:
    (article,) = (
        read("a.json", '[{"title": "水\\ud83d来", "date": "2024-05-06", "content": "水来\\ud83d了。"}]').issues[0].articles
    )
    assert (article.title, article.body) == ("水来", "水来了。")


def test_a_row_with_too_many_cells_is_left_out_not_cut() -> None:
    reading = read("a.csv", "title,date,body\n水来了,2024-05-06,水来了。\n灯亮了,2024-05-06,灯亮了,真的。\n")
    assert [article.title for article in reading.issues[0].articles] == ["水来了"]
    assert reading.warnings[1:] == ("line 3 left out: it has more cells than the first row has names",)


def test_a_row_of_several_lines_is_named_by_its_first() -> None:
    reading = read("a.csv", 'title,date,body\n水来了,2024-05-06,"水来了。\n真的。"\n灯亮了,,灯亮了。\n')
    assert reading.warnings[1:] == ("line 4 left out: it has no day that can be read; its fields: title, date, body",)


@pytest.mark.parametrize(
    ("name", "content", "code", "line"),
    [
        ("a.json", b"", "empty", 1),
        ("a.json", '[{"title": "水"},\n {"title": ', "json", 2),
        ("a.json", "[" * 100_000, "json", 1),
        ("a.json", "[1, 2]", "no_records", 1),
        ("a.json", f'[{{"date": {"9" * 5000}}}]', "json", 1),
        ("a.json", '[{"名": "水"}]', "no_text_field", None),
        ("a.jsonl", "", "empty", 1),
        ("a.jsonl", '{"title": "水"}\n{"title": ', "json", 2),
        ("a.csv", "", "empty", 1),
        ("a.csv", "title,date,body\n", "no_records", 1),
        ("a.csv", 'title,date,body\n水,2024-05-06,"水来', "csv", 2),
        ("a.csv", "甲,乙\n水,灯\n", "no_text_field", None),
    ],
)
def test_what_is_damaged_or_holds_nothing_is_refused_with_its_line(
    name: str, content: object, code: str, line: int | None
) -> None:
    with pytest.raises(IssueError) as refused:
        read(name, content)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_a_deep_nest_of_html_is_read() -> None:
    (article,) = read("a.json", [{**WATER, "content": "<b>" * 20_000 + "水来了。"}]).issues[0].articles
    assert article.body == "水来了。"


def test_tables_of_spreadsheets_in_gb_18030_are_read() -> None:
    reading = read("a.csv", "标题,日期,报纸,正文\n渠水来了,2024-05-06,砚溪日报,昨天上午渠水到了农户家。\n".encode("gb18030"))
    assert (reading.encoding, reading.issues[0].paper) == ("GB 18030", "砚溪日报")


def test_a_line_that_tells_paper_day_page_and_sender_is_read_into_its_fields() -> None:
    told = {
        "1": "硯溪日報 日期：1948-03-12 版次/卷期：02 版 松煙社砚边十一日電",
        "2": "硯溪日報_松煙版 日期：1948-03-12 版次/卷期：12 版 林知遠",
        "3": "日期：1948-03-13 版次/卷期：01 版 本報訊",
        "4": "硯溪日報 日期：1948-03-14 版次/卷期：03 版 續",
    }
    rows = [
        {"page": "71", "item_index": key, "title": f"渠水{key}", "publish": line, "text": f"渠水到{key}村。"}
        for key, line in told.items()
    ]
    found = {issue.articles[0].title: (issue, issue.articles[0]) for issue in read("a.csv", table(*rows)).issues}
    assert [
        (issue.paper, issue.issue_date.day, article.page, article.page_name, article.byline, article.source)
        for issue, article in (found[f"渠水{key}"] for key in told)
    ] == [
        ("硯溪日報", 12, "2", None, None, "松煙社砚边十一日電"),
        ("硯溪日報松煙版", 12, "12", None, "林知遠", None),
        ("砚溪文库", 13, "1", None, None, None),
        ("硯溪日報", 14, "3", None, None, None),
    ]


def test_a_source_that_tells_day_and_page_is_the_paper_alone() -> None:
    record = {"title": "渠水来了", "来源": "砚溪日报 2024年5月6日 第2版", "正文": "渠水到了。"}
    (issue,) = read("a.json", [record], paper="渠边文摘").issues
    assert (issue.issue_date, issue.articles[0].source, issue.articles[0].page) == (date(2024, 5, 6), "砚溪日报", "2")


def test_names_with_the_stage_of_their_preparation_are_known_and_the_cleaned_is_read() -> None:
    record = {"title_raw": "1.渠水来了", "title_clean": "渠水来了", "text_raw": "渠 水", "text_clean": "渠水到了。"}
    (issue,) = read("a.json", [{**record, "publish_date": "2024-05-06", "title_source": "raw"}]).issues
    assert (issue.articles[0].title, issue.articles[0].body) == ("渠水来了", "渠水到了。")


def test_an_article_in_parts_with_authors_and_days_in_lists_is_one_article() -> None:
    record = {
        "title": "在渠首开闸大会上的讲话",
        "parts": [
            {"type": "title", "text": "在渠首开闸大会上"},
            {"type": "title", "text": "的讲话"},
            {"type": "paragraph", "text": "渠水到了。"},
            {"type": "picture", "src": "1.jpg"},
            {"type": "paragraph", "content": "农户笑了。"},
        ],
        "authors": [{"name": "林知远"}, "何映秋"],
        "dates": [{"year": 1958, "month": 5, "day": 6}, {"year": 1958, "month": 5, "day": 7}],
        "comments": [],
    }
    (issue,) = read("a.json", record).issues
    (article,) = issue.articles
    assert (issue.issue_date, article.title, article.byline) == (date(1958, 5, 6), record["title"], "林知远 何映秋")
    assert article.body == "渠水到了。\n农户笑了。"


@pytest.mark.parametrize(
    "told",
    [
        {"year": "1958", "month": "5", "day": "6"},
        {"年": "1958年", "月": "05月", "日": "6日"},
        {"date": {"year": 1958, "month": 5, "day": 6}},
        {"date": {"$date": "1958-05-06T00:00:00Z"}},
        {"日期": "民國四十七年五月六日"},
    ],
)
def test_days_in_parts_are_put_together(told: dict[str, object]) -> None:
    (issue,) = read("a.json", [{"title": "渠水来了", "text": "渠水到了。", **told}]).issues
    assert issue.issue_date == date(1958, 5, 6)


def test_a_year_alone_is_no_day() -> None:
    with pytest.raises(IssueError, match="no day that can be read"):
        read("1958-05-06.json", {"title": "渠水来了", "parts": [{"text": "渠水到了。"}], "dates": [{"year": 1958}]})


def test_a_long_text_without_a_headline_is_named_by_its_first_words() -> None:
    body = "昨天上午渠水到了松烟村" + "，农户都来看水" * 20 + "。"
    (issue,) = read("a.json", [{"date": "2024-05-06", "text": body}]).issues
    assert (len(issue.articles[0].title), issue.articles[0].body) == (60, body)
