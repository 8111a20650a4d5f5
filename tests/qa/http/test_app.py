"""The application as a whole: its description, the headers of every answer, and failures inside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from flask.testing import FlaskClient

from embeddings.store.archive import Archive
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.question import Question
from tests.support.api import WHEN, assert_error, serve
from tests.support.doubles import StubReader


def test_the_description_lists_every_route_of_the_api(client: FlaskClient) -> None:
    described = json.loads(client.get("/api/openapi.json").data)
    assert described["openapi"].startswith("3.")
    operations = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert operations == {
        ("post", "/api/ask"),
        ("post", "/api/ask/stream"),
        ("get", "/api/search"),
        ("get", "/api/further"),
        ("get", "/api/issues"),
        ("post", "/api/issues"),
        ("get", "/api/uploads"),
        ("get", "/api/uploads/{upload_id}"),
        ("get", "/api/issues/{issue_id}"),
        ("delete", "/api/issues/{issue_id}"),
        ("get", "/api/articles/{article_id}"),
        ("get", "/api/health"),
        ("get", "/api/health/live"),
        ("get", "/api/health/ready"),
        ("get", "/api/examples"),
        ("post", "/api/feedback"),
        ("get", "/api/feedback"),
        ("get", "/metrics"),
        ("post", "/api/verify"),
        ("get", "/api/cite/{article_id}"),
        ("get", "/api/suggest"),
        ("get", "/api/calendar"),
        ("get", "/api/admin"),
        ("get", "/api/corrections"),
        ("post", "/api/corrections"),
        ("get", "/api/corrections/export"),
        ("post", "/api/corrections/import"),
        ("delete", "/api/corrections/{correction_id}"),
        ("get", "/api/alerts"),
        ("post", "/api/alerts"),
        ("delete", "/api/alerts/{alert_id}"),
        ("post", "/api/alerts/{alert_id}/seen"),
        ("get", "/api/alerts/feed.atom"),
    }
    assert set(described["paths"]["/api/ask"]["post"]["responses"]) == {"200", "400", "404", "413", "415", "422", "429", "503"}


def test_every_reference_of_the_description_resolves(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json

    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    found = set(references(described))
    assert "#/components/schemas/AskOut" in found
    for reference in found:
        node = described
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/nothing", "/articles/yxrb-2024-03-12-01", "/static/style.css"])
def test_headers_keep_a_browser_safe(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


class Failing(StubReader):
    """A reader that fails, with what must not be shown."""

    name = "failing"

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        raise RuntimeError("/srv/secret/catalog.sqlite is locked")


class Astray(StubReader):
    """A reader whose offsets lie outside the body."""

    name = "astray"

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        return Reading((Span(passages[0].passage, 5, 100_000, 0, 100_000, 0.9),), tuple(passages))


@pytest.mark.parametrize("reader", [Failing(), Astray()], ids=["a reader that fails", "offsets outside the body"])
def test_a_failure_inside_shows_nothing_and_is_logged(
    archive: Archive, reader: Failing | Astray, caplog: pytest.LogCaptureFixture
) -> None:
    client = serve(archive, reader)
    response = client.post("/api/ask", json={"question": WHEN})
    assert_error(response, 500, "internal")
    for inside in ("secret", "QuoteError", "RuntimeError", "100000", "quote"):
        assert inside not in response.text
    assert "POST /api/ask failed" in caplog.text
    assert client.get("/api/health").status_code == 200
