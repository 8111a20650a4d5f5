"""Corrections over HTTP: made with the token, searched, quoted, listed, taken along, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from tests.support.api import ISSUES, ask, assert_error, serve
from tests.support.doubles import add

TOKEN = {"Authorization": "Bearer s3cret"}
RESERVOIR, BRIDGE = "yxrb-2024-03-12-01", "yxrb-2024-03-12-02"
PATH = "/api/corrections"


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    """An archive of the test's own, as it is changed."""
    opened = open_archive()
    add(opened, *ISSUES)
    return opened


@pytest.fixture
def desk(archive: Archive) -> FlaskClient:
    return serve(archive, admin_token="s3cret")


def correct(client: FlaskClient, article_id: str = RESERVOIR, **wish: Any) -> dict[str, Any]:
    response = client.post(PATH, json={"article_id": article_id, **wish}, headers=TOKEN)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json
    return body


def test_a_correction_is_made_searched_quoted_and_undone(desk: FlaskClient) -> None:
    done = correct(desk, replace=[{"old": "每秒12立方米", "new": "每秒21立方米"}], byline="记者 闵小禾 邬彤", note="看过原件")
    assert [one["field"] for one in done["corrections"]] == ["byline", "body"]
    article = desk.get(f"/api/articles/{RESERVOIR}").json
    assert article["corrected"]
    assert article["printed"][0]["byline"] == "记者 闵小禾 邬桐"
    assert "每秒12立方米" in article["printed"][0]["body"]
    assert [(one["printed"], one["corrected"]) for one in article["changes"]] == [("12", "21")]

    (cited,) = [one for one in ask(desk, "卧虹水库放水流量每秒多少立方米？")["citations"] if one["article_id"] == RESERVOIR][:1]
    assert cited["corrected"]
    assert "每秒21立方米" in cited["quote"]
    assert article["body"][cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    assert cited["printed"]["facts"] == {"byline": "记者 闵小禾 邬桐"}
    assert cited["printed"]["quote"] == cited["quote"].replace("21", "12")

    for quote, corrected in (("流量为每秒21立方米", True), ("流量为每秒12立方米", False)):
        checked = desk.post("/api/verify", json={"quote": quote}).json
        assert checked["status"] == "exact"
        citation = checked["places"][0]["citation"]
        assert (citation["article_id"], citation["corrected"]) == (RESERVOIR, corrected)
        assert quote in citation["quote"]
        assert citation["printed"]["quote"] == "流量为每秒12立方米"
    assert citation["url"] == f"/articles/{RESERVOIR}#printed"

    listed = desk.get(PATH, headers=TOKEN).json["corrections"]
    assert [(one["correction_id"], one["note"], one["applied"]) for one in listed] == [
        (1, "看过原件", True),
        (2, "看过原件", True),
    ]
    for one in listed:
        assert desk.delete(f"{PATH}/{one['correction_id']}", headers=TOKEN).status_code == 200
    article = desk.get(f"/api/articles/{RESERVOIR}").json
    assert (article["corrected"], article["printed"], article["byline"]) == (False, [], "记者 闵小禾 邬桐")
    assert "每秒12立方米" in article["body"]


def test_what_was_not_corrected_says_so(desk: FlaskClient) -> None:
    citation = ask(desk, "虹渡大桥总投资多少？")["citations"][0]
    assert (citation["corrected"], citation["printed"]) == (False, None)


def test_an_article_is_split_behind_the_text_that_is_sent(desk: FlaskClient) -> None:
    body = desk.get(f"/api/articles/{BRIDGE}").json["body"]
    cut = body.index("𠮷祥路")
    correct(desk, BRIDGE, split={"after": body[:cut], "title": "𠮷祥路引桥完工"})
    titles = [article["title"] for article in desk.get("/api/issues/yxrb-2024-03-12").json["articles"]]
    assert titles == ["卧虹水库明日开闸放水", "虹渡大桥引桥完工", "𠮷祥路引桥完工"]
    correct(desk, BRIDGE, merge_next=True)
    assert len(desk.get("/api/issues/yxrb-2024-03-12").json["articles"]) == 2
    response = desk.post(PATH, json={"article_id": BRIDGE, "split": {"after": "别的"}}, headers=TOKEN)
    assert_error(response, 422, "invalid_field", "split.after")


def test_a_corrected_day_gives_the_issue_another_id(desk: FlaskClient) -> None:
    assert correct(desk, day="2024-03-14")["issue_id"] == "yxrb-2024-03-14"
    article = desk.get("/api/articles/yxrb-2024-03-14-02").json
    assert (article["issue_date"], article["printed_date"], article["corrected"]) == ("2024-03-14", "2024-03-12", True)
    citation = ask(desk, "虹渡大桥总投资多少？")["citations"][0]
    assert (citation["corrected"], citation["printed"]) == (True, {"quote": None, "facts": {"issue_date": "2024-03-12"}})


def test_corrections_are_taken_along(desk: FlaskClient) -> None:
    correct(desk, title="卧虹水库开闸")
    exported = desk.get(f"{PATH}/export", headers=TOKEN)
    assert exported.mimetype == "application/jsonl"
    lines = [json.loads(line) for line in exported.text.splitlines()]
    desk.delete(f"{PATH}/1", headers=TOKEN)
    done = desk.post(f"{PATH}/import", json={"corrections": lines}, headers=TOKEN).json
    assert done == {"added": 1, "known": 0, "unfit": []}
    assert desk.get(f"/api/articles/{RESERVOIR}").json["title"] == "卧虹水库开闸"
    assert_error(desk.post(f"{PATH}/import", json={"corrections": [{}]}, headers=TOKEN), 422, "correction_refused")


def test_without_the_token_nothing_is_told_or_changed(desk: FlaskClient) -> None:
    for response in (
        desk.get(PATH), desk.post(PATH, json={"article_id": BRIDGE, "title": "x"}), desk.delete(f"{PATH}/1"),
        desk.get(f"{PATH}/export"), desk.post(f"{PATH}/import", json={"corrections": []}),
    ):  # fmt: skip
        assert_error(response, 401, "unauthorized")
    assert desk.get(f"/api/articles/{BRIDGE}").json["title"] == "虹渡大桥引桥完工"


def test_what_cannot_be_done_is_told(desk: FlaskClient) -> None:
    response = desk.post(PATH, json={"article_id": BRIDGE, "replace": [{"old": "无此", "new": "字"}]}, headers=TOKEN)
    assert_error(response, 422, "correction_refused")
    assert response.json["error"]["message"].startswith("没有更正：正文里“无此”有 0 处")
    assert_error(desk.post(PATH, json={"article_id": "x-01", "title": "x"}, headers=TOKEN), 404, "correction_refused")
    assert_error(desk.post(PATH, json={"article_id": BRIDGE, "headline": "x"}, headers=TOKEN), 422, "invalid_field", "headline")
    assert_error(desk.delete(f"{PATH}/9", headers=TOKEN), 404, "correction_refused")


def test_doubted_characters_are_told_and_shown(archive: Archive) -> None:
    article = Article("放水", "卧虹水库<开闸>放水。", doubts=((1, 2), (4, 7)))
    add(archive, Issue("yxrb-2024-03-20", "砚溪日报", date(2024, 3, 20), (article,)))
    client = serve(archive, admin_token="s3cret")
    doubts = client.get("/api/articles/yxrb-2024-03-20-01").json["doubts"]
    assert [(one["start"], one["text"]) for one in doubts] == [(1, "虹"), (4, "<开闸")]
    page = client.get("/articles/yxrb-2024-03-20-01").text
    assert page.count('class="doubted"') == 2
    assert ">&lt;开闸</span>&gt;放水。" in page
    correct(client, "yxrb-2024-03-20-01", replace=[{"old": "卧虹水库", "new": "卧虹水库"}])
    assert client.get("/articles/yxrb-2024-03-20-01").text.count('class="doubted"') == 1


def test_the_page_of_a_corrected_article_has_the_printed_form_beside_it(desk: FlaskClient) -> None:
    assert "as-printed" not in desk.get(f"/articles/{RESERVOIR}").text
    correct(desk, title="卧虹水库开闸", replace=[{"old": "每秒12立方米", "new": "每秒21立方米"}])
    page = desk.get(f"/articles/{RESERVOIR}").text
    assert "<h1>卧虹水库开闸</h1>" in page
    assert "<h2>卧虹水库明日开闸放水</h2>" in page
    assert "<li><del>12</del> → <ins>21</ins></li>" in page
