"""Who may change the archive over HTTP: whoever sends the admin token."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from flask import request
from pydantic import SecretStr

from qa.http.errors import ApiError

SCHEME = "admin"
SECURITY: list[dict[str, list[str]]] = [{SCHEME: []}]

Check = Callable[[], None]


def admin_check(token: SecretStr | None) -> Check:
    """Return the check that each route of the admin makes first; it raises the errors 401 and 403."""

    def check() -> None:
        if token is None:
            raise ApiError(403, "admin_off")
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        # Headers come as Latin-1 whatever was sent; the comparison takes as long for any token.
        same = hmac.compare_digest(given.strip().encode("latin-1"), token.get_secret_value().encode())
        if scheme.lower() != "bearer" or not same:
            challenge = {"WWW-Authenticate": 'Bearer realm="wenbao"'}
            raise ApiError(401, "unauthorized", headers=challenge)

    return check
