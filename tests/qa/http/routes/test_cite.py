"""GET /api/cite: a reference to an article, as a file of its kind."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.api import assert_error


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
    ],
)
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
    assert_error(client.get(path), status, code, field)


def test_the_description_tells_the_kinds_of_a_reference(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json["paths"]
    assert set(described["/api/cite/{article_id}"]["get"]["responses"]["200"]["content"]) == {
        "text/plain", "application/x-bibtex", "application/x-research-info-systems", "application/vnd.citationstyles.csl+json",
    }  # fmt: skip
    assert "404" in described["/api/cite/{article_id}"]["get"]["responses"]
    assert "422" in described["/api/verify"]["post"]["responses"]
