"""Addresses and methods that do not exist."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.api import assert_error


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/nothing", 404, "not_found", None),
        ("/articles/yxrb-2024-03-12-99", 404, "not_found", None),
        ("/static/nothing.js", 404, "not_found", None),
        ("/static/../serve.py", 404, "not_found", None),
        ("/static/%2e%2e/serve.py", 404, "not_found", None),
    ],
)
def test_an_address_under_which_nothing_stands_is_told(
    client: FlaskClient, path: str, status: int, code: str, field: str | None
) -> None:
    assert_error(client.get(path), status, code, field)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ask", {"POST", "OPTIONS"}),
        ("PUT", "/api/ask", {"POST", "OPTIONS"}),
        ("POST", "/api/health", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/api/articles/yxrb-2024-03-12-01", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_told_with_those_that_work(client: FlaskClient, method: str, path: str, allowed: set[str]) -> None:
    response = client.open(path, method=method)
    assert_error(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed
