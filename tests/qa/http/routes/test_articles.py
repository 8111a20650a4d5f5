"""GET /api/articles."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.api import BRIDGE, RESERVOIR, assert_error


def test_an_article_is_served_as_printed(client: FlaskClient) -> None:
    assert client.get("/api/articles/yxrb-2024-03-12-01").json == {
        "article_id": "yxrb-2024-03-12-01", "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12",
        "last_date": None, "edition": None, "page_name": None, "continued": None,
        "issue_number": 9316, "page": 2, "title": "卧虹水库明日开闸放水", "kicker": "一湖春水万家田",
        "subtitle": "——头一轮放水二十天", "column": "春耕", "byline": "记者 闵小禾 邬桐", "source": "《砚溪日报》",
        "kind": "news", "original_url": "https://yanxi.example/reservoir", "body": RESERVOIR, "mark": None,
            "corrected": False, "printed": [], "printed_date": None, "changes": [], "doubts": [],
        "other_parts": [],
    }  # fmt: skip


def test_a_marked_article_is_cut_in_three(client: FlaskClient) -> None:
    start = BRIDGE.index("昨日")
    mark = client.get(f"/api/articles/yxrb-2024-03-12-02?start={start}&end={start + 4}").json["mark"]
    assert mark == {"before": BRIDGE[:start], "quote": "昨日完工", "after": BRIDGE[start + 4 :]}
    whole = client.get(f"/api/articles/yxrb-2024-03-12-02?start=0&end={len(BRIDGE)}").json["mark"]
    assert whole == {"before": "", "quote": BRIDGE, "after": ""}


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/articles/yxrb-2024-03-12-99", 404, "article_not_found", "article_id"),
        ("/api/articles/%00", 404, "article_not_found", "article_id"),
        ("/api/articles/yxrb-2024-03-12-01?start=3", 422, "invalid_field", None),
        ("/api/articles/yxrb-2024-03-12-01?start=5&end=5", 422, "invalid_field", None),
        ("/api/articles/yxrb-2024-03-12-01?start=-1&end=5", 422, "invalid_field", "start"),
        ("/api/articles/yxrb-2024-03-12-01?start=0&end=9999", 422, "invalid_field", "end"),
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
    assert_error(client.get(path), status, code, field)
