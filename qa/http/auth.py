"""Who may change the archive over HTTP: whoever sends the admin token; and who may read it, where a token is set for that."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Collection

from flask import Flask, request
from pydantic import SecretStr

from qa.http.errors import ApiError
from qa.http.rate_limits import Limited, RateLimits
from qa.settings import Settings

log = logging.getLogger(__name__)

SCHEME = "admin"
SECURITY: list[dict[str, list[str]]] = [{SCHEME: []}]

Check = Callable[[], None]

_BEARER = 'Bearer realm="wenbao"'
# Whoever opens a page is asked by the browser, which then sends the token with all that the page fetches: no cookie is
# wanted, and no script.
_BASIC = 'Basic realm="wenbao", charset="UTF-8"'


def admin_check(settings: Settings, limits: RateLimits) -> Check:
    """Return the check that each route of the admin makes first; it raises the errors 401, 403 and 429."""
    token = settings.admin_token

    def check() -> None:
        if token is None:
            raise ApiError(403, "admin_off")
        # A browser that was let in to read sends that token along: it is the wrong one here, but no attempt.
        if not _is_known((token,), limits, others=(settings.read_token,)):
            raise ApiError(401, "unauthorized", headers={"WWW-Authenticate": _BEARER})

    return check


def add_reading_check(app: Flask, settings: Settings, limits: RateLimits, but: Collection[str]) -> None:
    """Ask the reading token, where one is set, of every request except on the paths `but`; the admin's does as well."""
    if settings.read_token is None:
        return
    tokens = [token for token in (settings.read_token, settings.admin_token) if token is not None]

    @app.before_request
    def _read_only_with_token() -> None:
        if request.path not in but and not _is_known(tokens, limits):
            # A script that sent a token of its own tells of it itself; the browser is to ask only who opens a page.
            challenge = _BEARER if _scheme() == "bearer" else _BASIC
            raise ApiError(401, "read_unauthorized", headers={"WWW-Authenticate": challenge})


def _is_known(tokens: Collection[SecretStr], limits: RateLimits, others: Collection[SecretStr | None] = ()) -> bool:
    """Say whether the request carries one of these tokens; one that is not of `others` either is logged and counted.

    Raises the error 429 where its client sent too many wrong ones, even with a right one: else guessing would cost nothing.
    """
    given = _sent_token()
    if not given:
        return False
    limits.check(Limited.TOKENS)
    if _is_one_of(given, tokens):
        return True
    if not _is_one_of(given, [other for other in others if other is not None]):
        log.warning("wrong token from %s: %s %r", request.remote_addr, request.method, request.path)
        limits.count(Limited.TOKENS)
    return False


def _is_one_of(given: bytes, tokens: Collection[SecretStr]) -> bool:
    # Each is compared, and each comparison takes as long for any token.
    return sum(hmac.compare_digest(given, token.get_secret_value().encode()) for token in tokens) > 0


def _scheme() -> str:
    return request.headers.get("Authorization", "").partition(" ")[0].lower()


def _sent_token() -> bytes:
    """Return the token of the request: a Bearer's, or the password of whatever name, as browsers ask for it."""
    if _scheme() == "basic":
        try:
            sent = request.authorization
        except ValueError:  # Werkzeug lets pass what is no base64 for its characters
            return b""
        return (sent.password or "").encode() if sent is not None else b""
    # Headers come as Latin-1 whatever was sent.
    given = request.headers.get("Authorization", "").partition(" ")[2].strip().encode("latin-1")
    return given if _scheme() == "bearer" else b""
