"""Health, example questions and the documentation; the metrics have a module of their own."""

from __future__ import annotations

from flask.testing import FlaskClient

from embeddings.store.archive import Archive


def test_health_tells_what_the_archive_holds(client: FlaskClient, archive: Archive) -> None:
    assert client.get("/api/health").json == {
        "live": True, "ready": True, "issues": 3, "articles": 4, "chunks": 4, "from": "2024-03-12", "to": "2024-03-13",
        "papers": ["松烟晚报", "砚溪日报"], "generation": 3, "model": "toy", "reader": "words",
        "min_confidence": 0.2,
    }  # fmt: skip
    assert archive.searched_generation == 3


def test_without_a_file_no_question_is_offered(client: FlaskClient) -> None:
    assert client.get("/api/examples").json == {"questions": []}


def test_the_documentation_page_opens(client: FlaskClient) -> None:
    response = client.get("/api/docs", follow_redirects=True)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert 'new URL("openapi.json", window.location.href)' in response.text
    assert response.request.path == "/api/swagger"
    with client.get("/api/swagger/js/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
