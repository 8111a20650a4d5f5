"""GET /api/search."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.api import ISSUES, assert_error


def test_a_search_returns_passages_best_first(client: FlaskClient) -> None:
    body = client.get("/api/search?q=春笋&k=2").json
    assert body["query"] == "春笋"
    assert len(body["passages"]) == 2
    best, second = body["passages"]
    assert best["score"] >= second["score"]
    text = ISSUES[1].articles[0].body
    assert best == {
        "chunk_id": "yxrb-2024-03-13-01-1", "article_id": "yxrb-2024-03-13-01", "issue_id": "yxrb-2024-03-13",
        "paper": "砚溪日报", "issue_date": "2024-03-13", "issue_number": 9317, "title": "春笋大量上市", "text": text,
        "start": 0, "end": len(text), "score": best["score"], "url": f"/articles/yxrb-2024-03-13-01#c0-{len(text)}",
        "stretches": [
            {"text": "眼下每天上市", "found": False}, {"text": "春笋", "found": True}, {"text": text[8:], "found": False},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/search", 422, "invalid_field", "q"),
        ("/api/search?q=", 422, "invalid_field", "q"),
        ("/api/search?q=x&k=0", 422, "invalid_field", "k"),
        ("/api/search?q=x&k=51", 422, "invalid_field", "k"),
        ("/api/search?q=x&k=ten", 422, "invalid_field", "k"),
        ("/api/search?q=x&frm=2024-03-12", 422, "invalid_field", "frm"),
        ("/api/search?q=x&from=2024-3-1", 422, "invalid_field", "from"),
        ("/api/search?q=x&from=2024-03-13&to=2024-03-12", 422, "invalid_field", None),
        ("/api/search?q=" + "x" * 501, 422, "question_too_long", "q"),
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
    assert_error(client.get(path), status, code, field)
