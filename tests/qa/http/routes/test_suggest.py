"""GET /api/suggest: headlines and names completed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.api import assert_error


def test_completions_lead_to_what_is_printed(client: FlaskClient) -> None:
    assert client.get("/api/suggest?q=虹渡").json == {
        "query": "虹渡",
        "suggestions": [
            {
                "kind": "headline",
                "text": "虹渡大桥引桥完工",
                "count": 1,
                "article_id": "yxrb-2024-03-12-02",
                "date": "2024-03-12",
            }
        ],
    }
    assert client.get("/api/suggest?q=闵").json["suggestions"] == [
        {"kind": "name", "text": "闵小禾", "count": 1, "article_id": None, "date": "2024-03-12"}
    ]
    assert len(client.get("/api/suggest?q=水&limit=1").json["suggestions"]) == 1


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/suggest", 422, "invalid_field", "q"),
        ("/api/suggest?q=%20", 422, "invalid_field", "q"),
        ("/api/suggest?q=x&limit=0", 422, "invalid_field", "limit"),
        ("/api/suggest?q=x&limit=51", 422, "invalid_field", "limit"),
        ("/api/suggest?q=" + "x" * 501, 422, "question_too_long", "q"),
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
    assert_error(client.get(path), status, code, field)
