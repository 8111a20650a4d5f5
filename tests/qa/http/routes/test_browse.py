"""The calendar and the operator's overview: all issues by day, and who may see what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from embeddings.ingest.sync import sync
from embeddings.ingest.uploads import Upload, take_in
from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.sentence_reader import SentenceExtractor
from qa.settings import Settings
from tests.support.doubles import add

TOKEN = "令牌-7c1d"
ADMIN = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}


def make_issue(paper: str, issue_id: str, day: date, number: int | None, *bodies: str) -> Issue:
    return Issue(issue_id, paper, day, tuple(Article(body[:4], body) for body in bodies), issue_number=number)


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    opened = open_archive()
    add(
        opened,
        make_issue(
            "砚溪日报", "yxrb-2024-03-13", date(2024, 3, 13), 9317, "卧虹水库放水。", "水库水位回落。", "虹渡大桥合龙。"
        ),
        make_issue("砚溪日报", "yxrb-2024-03-12", date(2024, 3, 12), 9315, "虹渡大桥开工。"),
        make_issue("松烟晚报", "sywb-2024-03-13", date(2024, 3, 13), None, "春茶开园。"),
    )
    return opened


def serve(archive: Archive, **chosen: Any) -> FlaskClient:
    made = Settings.load(archive=archive.folder, **chosen)
    return create_app(archive, SentenceExtractor(archive), made).test_client()


def test_the_calendar_lists_every_issue_oldest_first(archive: Archive) -> None:
    days = serve(archive).get("/api/calendar").json["issues"]
    assert [day["issue_id"] for day in days] == ["yxrb-2024-03-12", "sywb-2024-03-13", "yxrb-2024-03-13"]
    assert days[2] == {
        "date": "2024-03-13", "issue_id": "yxrb-2024-03-13", "paper": "砚溪日报", "issue_number": 9317, "articles": 3,
        "matches": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "matches"),
    [("水库", [0, 0, 2]), ("卧虹水库放水", [0, 0, 1]), ("大桥", [1, 0, 1]), ("極光", [0, 0, 0]), ('水库" OR "春茶', [0, 0, 0])],
)
def test_a_search_counts_the_passages_that_hold_all_words(archive: Archive, words: str, matches: list[int]) -> None:
    days = serve(archive).get("/api/calendar", query_string={"q": words}).json["issues"]
    assert [day["matches"] for day in days] == matches


def test_a_search_of_marks_alone_matches_nothing(archive: Archive) -> None:
    response = serve(archive).get("/api/calendar?q=。")
    assert [day["matches"] for day in response.json["issues"]] == [0, 0, 0]


def test_the_calendar_of_one_day_lists_what_all_papers_printed_on_it(archive: Archive) -> None:
    client = serve(archive)
    assert [day["issue_id"] for day in client.get("/api/calendar?on=2024-03-13").json["issues"]] == [
        "sywb-2024-03-13", "yxrb-2024-03-13",
    ]  # fmt: skip
    assert client.get("/api/calendar?on=2024-03-14").json["issues"] == []


def test_an_empty_archive_has_an_empty_calendar(open_archive: Callable[..., Archive]) -> None:
    assert serve(open_archive()).get("/api/calendar").json == {"issues": []}


def test_a_calendar_of_too_many_words_is_refused(archive: Archive) -> None:
    response = serve(archive, max_question=10).get("/api/calendar?q=" + "水" * 11)
    assert (response.status_code, response.json["error"]["field"]) == (422, "q")


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [(None, ADMIN, 403), (TOKEN, {}, 401), (TOKEN, {"Authorization": "Bearer x"}, 401), (TOKEN, ADMIN, 200)],
)
def test_the_overview_is_the_operators_alone(archive: Archive, token: str | None, headers: dict[str, str], status: int) -> None:
    response = serve(archive, admin_token=token).get("/api/admin", headers=headers)
    assert response.status_code == status
    assert ("砚溪日报" in response.text) == (status == 200)
    if status == 200:
        assert response.headers["Cache-Control"] == "no-store"


def test_the_overview_tells_gaps_and_counts(archive: Archive) -> None:
    body = serve(archive, admin_token=TOKEN, max_upload=4096).get("/api/admin", headers=ADMIN).json
    assert [(issue["issue_id"], issue["articles"], issue["chunks"]) for issue in body["issues"]] == [
        ("yxrb-2024-03-13", 3, 3), ("sywb-2024-03-13", 1, 1), ("yxrb-2024-03-12", 1, 1),
    ]  # fmt: skip
    (gap,) = body["gaps"]
    assert (gap["paper"], gap["first"], gap["last"], gap["plausible"]) == ("砚溪日报", 9316, 9316, False)
    assert (body["max_upload"], body["feedback"], body["misplaced"]) == (4096, True, [])


def test_only_what_can_be_removed_is_called_removable(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    kept = write_issue("2024-03-12.md", "2024-03-12", "放水\n\n卧虹水库放水。")
    gone = write_issue("2024-03-13.md", "2024-03-13", "合龙\n\n虹渡大桥合龙。")
    sync(archive, [kept, gone])
    gone.unlink()
    take_in(archive, [Upload("2024-03-14.md", "---\npaper: 砚溪日报\ndate: 2024-03-14\n---\n# 茶\n\n开园。\n".encode())])
    client = serve(archive, admin_token=TOKEN)
    issues = client.get("/api/admin", headers=ADMIN).json["issues"]
    assert {issue["issue_date"]: issue["removable"] for issue in issues} == {
        "2024-03-12": False, "2024-03-13": True, "2024-03-14": True,
    }  # fmt: skip
    for issue in issues:
        status = client.delete(f"/api/issues/{issue['issue_id']}", headers=ADMIN).status_code
        assert (status == 204) == issue["removable"]
