"""POST /api/verify: where a quotation stands in print."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.api import BRIDGE, DESIGN_CITATION, RESERVOIR, assert_error


def verify(client: FlaskClient, quote: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/verify", json={"quote": quote, **more})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json
    return body


def test_a_printed_quotation_comes_with_its_citation(client: FlaskClient) -> None:
    quote = "水库蓄水量为3860万立方米。"
    body = verify(client, f" {quote}\n")
    assert set(body) == {"quote", "status", "places", "more", "searched", "took_ms"}
    assert (body["quote"], body["status"], body["more"], body["searched"]["issues"]) == (quote, "exact", False, 3)
    (place,) = body["places"]
    start = RESERVOIR.index(quote)
    assert place["segments"] == [
        {
            "start": start, "end": start + len(quote), "before": RESERVOIR[:start], "printed": quote,
            "difference": [{"op": "equal", "quoted": quote, "printed": quote}],
        }
    ]  # fmt: skip
    assert (place["status"], place["score"], place["field"]) == ("exact", 1, "body")
    assert place["after"] == RESERVOIR[start + len(quote) :]
    citation = place["citation"]
    assert set(citation) >= DESIGN_CITATION
    assert (citation["id"], citation["quote"], citation["near"]) == (1, quote, False)
    assert citation["url"] == f"/articles/yxrb-2024-03-12-01#c{start}-{start + len(quote)}"
    assert citation["gbt7714"] == "闵小禾, 邬桐. 卧虹水库明日开闸放水[N]. 砚溪日报, 2024-03-12(2)."


def test_the_words_between_the_parts_are_told_once(client: FlaskClient) -> None:
    (place,) = verify(client, "虹渡大桥连接墨池区……全长1286米")["places"]
    parts = "".join(segment["before"] + segment["printed"] for segment in place["segments"])
    assert parts + place["after"] == BRIDGE
    assert [segment["printed"] for segment in place["segments"]] == ["虹渡大桥连接墨池区", "全长1286米"]
    for segment in place["segments"]:
        assert BRIDGE[segment["start"] : segment["end"]] == segment["printed"]


def test_a_slip_is_near_with_the_difference(client: FlaskClient) -> None:
    body = verify(client, "引桥昨日完工，全长1268米")
    assert (body["status"], body["places"][0]["score"]) == ("near", 0.8462)
    steps = body["places"][0]["segments"][0]["difference"]
    assert "".join(step["quoted"] for step in steps) == "引桥昨日完工，全长1268米"
    assert "引桥😀昨日完工，全长1286米".endswith("".join(step["printed"] for step in steps)[-10:])
    assert body["places"][0]["citation"]["near"] is True


def test_a_headline_is_told_from_the_body(client: FlaskClient) -> None:
    (place,) = verify(client, "虹渡大桥引桥完工")["places"]
    assert (place["field"], place["segments"][0]["printed"], place["after"]) == ("title", "虹渡大桥引桥完工", "")
    assert place["citation"]["quote"] == BRIDGE[: BRIDGE.index("𠮷")]


def test_what_is_not_printed_is_absent(client: FlaskClient) -> None:
    body = verify(client, "珠穆朗玛峰海拔8848米")
    assert (body["status"], body["places"], body["more"]) == ("absent", [], False)


def test_a_limit_bounds_the_places(client: FlaskClient) -> None:
    body = verify(client, "砚溪日报", limit=1)
    assert body["status"] == "absent"
    assert verify(client, "放水二十天", limit=1)["more"] is False


@pytest.mark.parametrize(
    ("sent", "code", "field", "told"),
    [
        ({}, "invalid_field", "quote", "缺少"),
        ({"quote": None}, "invalid_field", "quote", "文字"),
        ({"quote": " 放水了 "}, "quote_too_short", "quote", "至少 4 个字，现有 3 个"),
        ({"quote": "水" * 2001}, "quote_too_long", "quote", "最多 2000 个字，现有 2001 个"),
        ({"quote": "水库放水", "limit": 0}, "invalid_field", "limit", "太小"),
        ({"quote": "水库放水", "limit": 51}, "invalid_field", "limit", "太大"),
        ({"quote": "水库放水", "paper": "x"}, "invalid_field", "paper", "没有这一项"),
    ],
    ids=ascii,
)
def test_a_bad_quotation_is_told(client: FlaskClient, sent: dict[str, Any], code: str, field: str, told: str) -> None:
    response = client.post("/api/verify", json=sent)
    assert_error(response, 422, code, field)
    assert told in response.json["error"]["message"]


def test_the_longest_quotation_is_checked(client: FlaskClient) -> None:
    assert verify(client, "水" * 2000)["status"] == "absent"
