"""What is refused before it reaches a route: what is no JSON, too large, or half a character."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.support.api import WHEN, assert_error


def question_with(**more: object) -> str:
    return json.dumps({"question": WHEN, **more})


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("ask", question_with(filters={"paper": "\ud800"}), "filters.paper"),
        ("ask", question_with(filters={"issue_id": "砚\udc00"}), "filters.issue_id"),
        ("ask", question_with(filters={"from": "\ud800"}), "filters.from"),
        ("ask", question_with(history=[{"question": "水"}, {"question": "桥\ud83d建成了吗"}]), "history.1.question"),
        ("ask", question_with(history=[{"question": "水", "answer": "昨日\udc00"}]), "history.0.answer"),
        ("ask", question_with(history=[{"question": "水", "more": [{"a": "\udc00"}]}]), "history.0.more.0.a"),
        ("ask", question_with(**{"\ud800": "x"}), "\\ud800"),
        ("ask/stream", question_with(filters={"paper": "\ud800"}), "filters.paper"),
        ("verify", json.dumps({"quote": "今日放水\ud83d"}), "quote"),
        ("feedback", json.dumps({"question": "水", "helpful": True, "words": "好\ud83d"}), "words"),
    ],
    ids=ascii,
)
def test_half_a_character_anywhere_in_a_request_is_told_with_its_field(
    client: FlaskClient, path: str, sent: str, field: str
) -> None:
    response = client.post(f"/api/{path}", data=sent, content_type="application/json")
    assert_error(response, 422, "invalid_field", field)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/search?q=%ED%A0%80", "q"),
        ("/api/search?q=水%ED%B0%80库", "q"),
        ("/api/search?q=水&paper=%ED%A0%80", "paper"),
        ("/api/search?%ED%A0%80=水", "query"),
        ("/api/suggest?q=%FF", "q"),
        ("/api/search?q=%BF%E2", "q"),  # 库 in GBK, as some shells send it
    ],
)
def test_an_address_that_is_no_text_is_told_with_its_field(client: FlaskClient, address: str, field: str) -> None:
    assert_error(client.get(address), 422, "invalid_field", field)


@pytest.mark.parametrize("path", [b"/api/articles/\xed\xa0\x80", b"/issues/x\xed\xbf\xbf", b"/nothing/\xff"])
def test_a_path_that_is_no_text_is_refused(client: FlaskClient, path: bytes) -> None:
    # As a server hands it on; the client of the tests would mend it.
    response = client.get("/", environ_overrides={"PATH_INFO": path.decode("latin-1")})
    assert_error(response, 422, "invalid_field", "path")


def test_any_text_may_stand_in_an_address(client: FlaskClient) -> None:
    assert client.get("/api/search?q=%F0%9F%98%80+水&paper=%E7%A0%9A").status_code == 200
    assert client.get("/api/search?q=水=库&&").status_code == 200


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_is_not_sent_as_json_is_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/api/ask", data=question_with(), content_type=content_type)
    assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "application/problem+json"])
def test_json_is_known_by_its_type(client: FlaskClient, content_type: str) -> None:
    assert client.post("/api/ask", data=question_with(), content_type=content_type).status_code == 200


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    history = [{"question": "水" * 500, "answer": "水" * 500}] * 30
    assert_error(client.post("/api/ask", json={"question": WHEN, "history": history}), 413, "too_large")
