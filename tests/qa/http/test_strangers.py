"""What strangers try: too much of everything, wrong tokens, headers of proxies, frames and raw templates."""

from __future__ import annotations

import json
import logging
from base64 import b64encode

import pytest
from flask.testing import FlaskClient

from embeddings.settings import CATALOGUE_FILE
from embeddings.store.archive import Archive
from tests.support.api import WHEN, assert_error, serve

WRONG = {"Authorization": "Bearer wrong"}
PROXY = {"REMOTE_ADDR": "10.0.0.1"}


def feedback(client: FlaskClient, **more: object) -> int:
    sent = {"question": WHEN, "helpful": True}
    return client.post("/api/feedback", json=sent, **more).status_code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "body", "setting"),
    [
        ("/api/ask", {"question": WHEN}, "limit_ask"),
        ("/api/ask/stream", {"question": WHEN}, "limit_ask"),
        ("/api/verify", {"quote": "水库蓄水量为3860万立方米"}, "limit_verify"),
    ],
)
def test_a_client_that_asks_more_than_it_may_is_told_when_to_come_again(
    archive: Archive, path: str, body: dict[str, str], setting: str
) -> None:
    client = serve(archive, **{setting: "2/minute"})
    assert [client.post(path, json=body).status_code for _ in range(2)] == [200, 200]
    refused = client.post(path, json=body)
    assert_error(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Retry-After"] in refused.json["error"]["message"]
    assert client.post(path, json=body, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_a_limit_can_be_taken_off(archive: Archive) -> None:
    client = serve(archive, limit_ask="off")
    assert {client.post("/api/ask", json={"question": "你好"}).status_code for _ in range(20)} == {200}


def test_one_client_cannot_fill_the_feedback(archive: Archive) -> None:
    client = serve(archive)
    kept = [feedback(client) for _ in range(30)].count(204)
    assert kept <= 20  # two windows at most
    assert feedback(client, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}) == 204


def test_addresses_of_one_network_are_one_client(archive: Archive) -> None:
    client = serve(archive, limit_feedback="1/hour")
    addresses = ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::ffff:192.0.2.1", "192.0.2.1")
    answers = [feedback(client, environ_overrides={"REMOTE_ADDR": address}) for address in addresses]
    assert answers == [204, 429, 204, 204, 429]


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("192.0.2.1", 429),
        ("192.0.2.9, 192.0.2.1", 429),
        ("192.0.2.1, 10.0.0.2", 429),
        ("192.0.2.1:443", 429),
        ("192.0.2.9", 204),
    ],
)
def test_a_trusted_proxy_tells_who_asks(archive: Archive, forwarded: str, status: int) -> None:
    client = serve(archive, limit_feedback="1/hour", trusted_proxies="10.0.0.0/8")
    assert feedback(client, headers={"X-Forwarded-For": "192.0.2.1"}, environ_overrides=PROXY) == 204
    assert feedback(client, headers={"X-Forwarded-For": forwarded}, environ_overrides=PROXY) == status


def test_nobody_else_is_believed(archive: Archive) -> None:
    for trusted in ("", "10.0.0.0/8"):
        client = serve(archive, limit_feedback="1/hour", trusted_proxies=trusted)
        answers = [feedback(client, headers={"X-Forwarded-For": f"192.0.2.{number}"}) for number in (1, 2)]
        assert answers == [204, 429]


def test_wrong_tokens_are_logged_without_the_token_and_then_refused(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    client = serve(archive, admin_token="s3cret", limit_tokens="2/minute")
    assert [client.get("/api/admin", headers=WRONG).status_code for _ in range(3)] == [401, 401, 429]
    assert client.get("/api/admin", headers={"Authorization": "Bearer s3cret"}).status_code == 429
    assert "wrong token from 127.0.0.1: GET '/api/admin'" in caplog.text
    assert "Bearer" not in caplog.text


def test_a_request_without_a_token_is_no_attempt(archive: Archive) -> None:
    client = serve(archive, admin_token="s3cret", limit_tokens="1/minute")
    assert [client.get("/api/admin").status_code for _ in range(3)] == [401, 401, 401]
    assert client.get("/api/admin", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def basic(token: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'any:{token}'.encode()).decode()}"}


def test_a_reading_token_closes_all_that_tells_of_the_archive(archive: Archive) -> None:
    client = serve(archive, read_token="leseprobe", admin_token="s3cret")
    closed = ("/", "/api/issues", "/api/health", "/metrics", "/issues", "/static/style.css", "/api/openapi.json", "/nothing")
    for path in closed:
        refused = client.get(path)
        assert_error(refused, 401, "read_unauthorized")
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    for path in ("/api/health/live", "/api/health/ready", "/embed.js"):
        with client.get(path) as answer:
            assert answer.status_code == 200
    for headers in (basic("leseprobe"), {"Authorization": "Bearer leseprobe"}, {"Authorization": "Bearer s3cret"}):
        assert client.get("/api/issues", headers=headers).status_code == 200
    for sent in ("Basic ÿ", "Basic !!", "Basic", "Digest x", "Basic " + "A" * 999):
        assert_error(client.get("/api/issues", headers={"Authorization": sent}), 401, "read_unauthorized")
    refused = client.get("/api/issues", headers=WRONG)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="wenbao"')


def test_the_reading_token_is_not_the_admins_and_no_attempt_at_it(archive: Archive) -> None:
    client = serve(archive, read_token="leseprobe", admin_token="s3cret", limit_tokens="1/minute")
    for _ in range(3):
        assert_error(client.get("/api/admin", headers=basic("leseprobe")), 401, "unauthorized")
    assert client.get("/api/issues", headers=basic("leseprobe")).status_code == 200


@pytest.mark.parametrize("path", ["/api/swagger", "/api/openapi.json", "/admin", "/"])
def test_no_page_can_be_framed_by_a_stranger(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code == 200
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_whom_the_operator_names_may_frame_the_chat_alone(archive: Archive) -> None:
    client = serve(archive, embed_origins="https://yanxi.example")
    with client.get("/") as chat, client.get("/api/swagger") as described:
        assert "X-Frame-Options" not in chat.headers
        assert described.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["article.html", "index.html", "base.html", "../serve.py", "js/"])
def test_templates_are_not_served_raw(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_an_error_repeats_the_id_of_its_request(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client = serve(archive, trusted_proxies="10.0.0.1")
    sent = {"headers": {"X-Request-ID": "from-the-proxy"}}
    with client.get("/api/articles/none", **sent, environ_overrides=PROXY) as known:  # type: ignore[arg-type]
        assert known.json["error"]["request_id"] == "from-the-proxy"
    with client.get("/api/articles/none", **sent) as stranger:  # type: ignore[arg-type]
        assert stranger.json["error"]["request_id"] == stranger.headers["X-Request-ID"] != "from-the-proxy"
    assert 'request_id="from-the-proxy" client="10.0.0.1" method="GET" path="/api/articles/none" status=404' in caplog.text


@pytest.mark.parametrize("told", [False, True])
def test_what_was_asked_is_logged_only_where_the_operator_wants_it(
    archive: Archive, caplog: pytest.LogCaptureFixture, told: bool
) -> None:
    caplog.set_level(logging.INFO)
    client = serve(archive, log_questions=told)
    with client.post("/api/ask", json={"question": WHEN}), client.get("/api/search", query_string={"q": "引桥"}):
        pass
    assert (WHEN in caplog.text) is told
    assert ("引桥" in caplog.text) is told
    assert "/api/search" in caplog.text


def test_no_address_forges_a_line_of_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.get("/x%0A2024-01-01%20forged").close()
    assert [json.dumps("/x\n2024-01-01 forged") in line for line in caplog.messages if "forged" in line] == [True]
    assert "\n" not in "".join(caplog.messages)


def test_ready_is_false_where_no_answer_could_be_given(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve(archive)
    assert client.get("/api/health/ready").json == {"ready": True}
    catalogue = archive.folder / CATALOGUE_FILE
    hidden = catalogue.rename(catalogue.with_suffix(".away"))
    try:
        assert_error(client.get("/api/health/ready"), 503, "not_ready")
        health = client.get("/api/health")
        assert (health.status_code, health.json["live"], health.json["ready"], health.json["issues"]) == (200, True, False, 0)
        assert client.get("/api/health/live").json == {"live": True}
    finally:
        hidden.rename(catalogue)
    assert client.get("/api/health/ready").status_code == 200
    monkeypatch.setattr(archive, "search", lambda *given: [])
    assert client.get("/api/health/ready").status_code == 503
