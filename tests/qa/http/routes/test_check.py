"""The routes that check and cite."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from tests.qa.http.test_app import BRIDGE, DESIGN_CITATION, ISSUES, RESERVOIR, add, assert_error, serve
from tests.support.doubles import ToyEncoder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an archive that tests must not change."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("checking") / "archive")
    archive = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(archive, *ISSUES)
    return serve(archive)


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


# Citing


@pytest.mark.parametrize(
    ("style", "mimetype", "suffix", "begin"),
    [
        ("gbt7714", "text/plain", "txt", "闵小禾, 邬桐. 卧虹水库明日开闸放水[N]."),
        ("bibtex", "application/x-bibtex", "bib", "@article{yxrb-2024-03-12-01,"),
        ("ris", "application/x-research-info-systems", "ris", "TY  - NEWS\r\n"),
        ("csl", "application/vnd.citationstyles.csl+json", "json", "["),
    ],
)
def test_a_reference_is_a_file_of_its_kind(client: FlaskClient, style: str, mimetype: str, suffix: str, begin: str) -> None:
    response = client.get(f"/api/cite/yxrb-2024-03-12-01?format={style}")
    assert (response.status_code, response.mimetype, response.mimetype_params["charset"]) == (200, mimetype, "utf-8")
    assert response.headers["Content-Disposition"] == f"attachment; filename=yxrb-2024-03-12-01.{suffix}"
    assert response.data.decode().startswith(begin)


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "text/plain"),
        ("*/*", "text/plain"),
        ("text/html,*/*;q=0.8", "text/plain"),
        ("application/json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_a_client_that_takes_json_alone_gets_csl(client: FlaskClient, accept: str | None, mimetype: str) -> None:
    response = client.get("/api/cite/yxrb-2024-03-12-01", headers={"Accept": accept} if accept else {})
    assert response.mimetype == mimetype
    if "json" in mimetype:
        assert response.json[0]["title"] == "卧虹水库明日开闸放水"


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/cite/yxrb-2024-03-12-99", 404, "article_not_found", "article_id"),
        ("/api/cite/yxrb-2024-03-12-01?format=word", 422, "invalid_field", "format"),
        ("/api/cite/yxrb-2024-03-12-01?style=ris", 422, "invalid_field", "style"),
        ("/api/suggest", 422, "invalid_field", "q"),
        ("/api/suggest?q=%20", 422, "invalid_field", "q"),
        ("/api/suggest?q=x&limit=0", 422, "invalid_field", "limit"),
        ("/api/suggest?q=x&limit=51", 422, "invalid_field", "limit"),
        ("/api/suggest?q=" + "x" * 501, 422, "question_too_long", "q"),
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str) -> None:
    assert_error(client.get(path), status, code, field)


# Completing


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


def test_the_description_tells_the_kinds_of_a_reference(client: FlaskClient) -> None:
    described = json.loads(client.get("/api/openapi.json").data)["paths"]
    assert set(described["/api/cite/{article_id}"]["get"]["responses"]["200"]["content"]) == {
        "text/plain", "application/x-bibtex", "application/x-research-info-systems", "application/vnd.citationstyles.csl+json",
    }  # fmt: skip
    assert "404" in described["/api/cite/{article_id}"]["get"]["responses"]
    assert "422" in described["/api/verify"]["post"]["responses"]
