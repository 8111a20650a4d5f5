"""GET /api/issues, whole and one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from tests.support.api import ISSUES, assert_error, serve
from tests.support.doubles import add


def test_an_issue_lists_its_articles(client: FlaskClient) -> None:
    body = client.get("/api/issues/yxrb-2024-03-12").json
    assert [article.pop("article_id") for article in body["articles"]] == ["yxrb-2024-03-12-01", "yxrb-2024-03-12-02"]
    assert body == {
        "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12", "issue_number": 9316, "pages": 4,
        "cn_number": "CN00-0916", "warnings": ["masthead says 星期一"], "last_date": None, "edition": None,
        "articles": [
            {
                "title": "卧虹水库明日开闸放水", "kicker": "一湖春水万家田", "column": "春耕", "byline": "记者 闵小禾 邬桐",
                "page": 2, "page_name": None, "continued": None,
            },
            {
                "title": "虹渡大桥引桥完工", "kicker": None, "column": None, "byline": None,
                "page": None, "page_name": None, "continued": None,
            },
        ],
    }  # fmt: skip


def test_issues_are_listed_newest_first(client: FlaskClient) -> None:
    body = client.get("/api/issues").json
    assert body["total"] == 3
    assert body["issues"][2] == {
        "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12", "issue_number": 9316, "articles": 2,
        "chunks": 2, "last_date": None, "edition": None,
    }  # fmt: skip
    assert [issue["issue_id"] for issue in body["issues"]] == ["yxrb-2024-03-13", "sywb-2024-03-13", "yxrb-2024-03-12"]


def test_what_a_weekly_and_an_extra_edition_print_of_themselves_is_told(open_archive: Callable[..., Archive]) -> None:
    archive = open_archive()
    bridge = Article("大桥通车", "虹渡大桥通车了。", page="A02", page_name="要闻", continued="3")
    weekly = Issue("yhzk-2024-03-18", "云河周刊", date(2024, 3, 18), (bridge,), last_date=date(2024, 3, 24))
    extra = Issue("yxrb-2024-03-12-hw", "砚溪日报", date(2024, 3, 12), (Article("雨", "有雨。"),), edition="号外")
    add(archive, weekly, extra)
    client = serve(archive)
    body = client.get("/api/issues/yhzk-2024-03-18").json
    assert (body["issue_date"], body["last_date"], body["edition"]) == ("2024-03-18", "2024-03-24", None)
    (line,) = body["articles"]
    assert (line["page"], line["page_name"], line["continued"]) == ("A02", "要闻", 3)
    listed = client.get("/api/issues").json["issues"]
    assert [(one["issue_id"], one["last_date"], one["edition"]) for one in listed] == [
        ("yhzk-2024-03-18", "2024-03-24", None), ("yxrb-2024-03-12-hw", None, "号外"),
    ]  # fmt: skip
    assert [one["issue_id"] for one in client.get("/api/calendar?on=2024-03-21").json["issues"]] == ["yhzk-2024-03-18"]
    page = client.get("/articles/yhzk-2024-03-18-01").text
    assert "要闻" in page
    assert "2024-03-18/2024-03-24(A02, 3)" in page
    assert "号外" in client.get("/issues/yxrb-2024-03-12-hw").text


@pytest.mark.parametrize("limit", [1, 3, 10, 200])
def test_pages_hold_every_issue_once(open_archive: Callable[..., Archive], limit: int) -> None:
    archive = open_archive()
    client = serve(archive)
    more = [Issue(f"yxrb-2024-04-0{day}", "砚溪日报", date(2024, 4, day), (Article("雨", "有雨。"),)) for day in range(1, 8)]
    add(archive, *ISSUES, *more)

    def pages() -> Iterator[list[str]]:
        after: dict[str, str] = {}
        while True:
            body = client.get("/api/issues", query_string={"limit": limit, **after}).json
            assert body["total"] == 10
            if not body["issues"]:
                return
            yield [issue["issue_id"] for issue in body["issues"]]
            after = {"after": body["issues"][-1]["issue_id"]}

    listed = list(pages())
    ids = [issue_id for page in listed for issue_id in page]
    assert len(ids) == len(set(ids)) == 10
    assert ids[:7] == [f"yxrb-2024-04-0{day}" for day in range(7, 0, -1)]
    assert [len(page) for page in listed[:-1]] == [limit] * (len(listed) - 1)


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/issues?limit=0", 422, "invalid_field", "limit"),
        ("/api/issues?limit=201", 422, "invalid_field", "limit"),
        ("/api/issues?limit=all", 422, "invalid_field", "limit"),
        ("/api/issues?page=2", 422, "invalid_field", "page"),
        ("/api/issues?after=yxrb-1999-01-01", 422, "invalid_field", "after"),
        ("/api/issues/yxrb-1999-01-01", 404, "issue_not_found", "issue_id"),
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
    assert_error(client.get(path), status, code, field)
