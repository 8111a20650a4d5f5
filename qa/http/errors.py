"""The one error body of the HTTP face."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from embeddings.errors import DamagedError, unreadable
from embeddings.messages import Message
from qa.http.messages import MESSAGES, preferred_language
from qa.http.request_log import request_id

log = logging.getLogger(__name__)

INTERNAL = "internal"
CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "not_ready",
}
"""The code of each HTTP status that no route chose one for."""
OTHER = "error"


class ApiError(Exception):
    """An error to be told to the caller, in the one body and the caller's language.

    `text` is the key of its message, where it is not the code; `values` fill the placeholders of that message.
    """

    def __init__(
        self, status: int, code: str, field: str | None = None, *, text: str | None = None,
        headers: Mapping[str, str] | None = None, **values: object,
    ) -> None:  # fmt: skip
        super().__init__(code)
        self.status, self.code, self.field, self.headers = status, code, field, headers or {}
        self.message: Message = MESSAGES.message(text or code, **values)


def invalid_field(field: str | None, reason: str, /, **values: Any) -> ApiError:
    """Return the error 422 of a field that is wrong, or of the whole request where `field` is None.

    `reason` is the key of what is told of it, `values` are those of its placeholders.
    """
    error = ApiError(422, "invalid_field", field, text=reason, **values)
    if field:
        error.message = MESSAGES.message("invalid_field", field=field, reason=error.message)
    return error


def request_language() -> str:
    """Return the language in which errors of the present request are told."""
    return preferred_language(request.accept_languages)


def error_content(
    code: str, message: str, field: str | None = None, number: str | None = None
) -> dict[str, dict[str, str | None]]:
    """Return the one body of an error, with the id of its request, `number` where that is over."""
    return {"error": {"code": code, "message": message, "field": field, "request_id": number or request_id()}}


def error_reply(error: ApiError) -> Response:
    """Return the response of one error."""
    response = jsonify(error_content(error.code, error.message.told(request_language()), error.field))
    response.status_code = error.status
    response.headers.extend(error.headers)
    response.vary.add("Accept-Language")
    return response


def http_error(error: HTTPException) -> Any:
    """Answer an error of HTTP itself, such as an address or a method that does not exist."""
    status = error.code or 500
    if status < 400:
        return error
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return error_reply(ApiError(status, CODES.get(status, OTHER), headers=kept))


def register(app: Flask) -> None:
    """Answer every error of the application in the one body; a 5xx tells nothing of the inside."""
    app.register_error_handler(ApiError, error_reply)
    app.register_error_handler(HTTPException, http_error)

    @app.errorhandler(DamagedError)
    def _damaged(error: DamagedError) -> Response:
        log.error("%s", error)
        return error_reply(ApiError(503, "damaged"))

    @app.errorhandler(sqlite3.DatabaseError)
    def _unreadable(error: sqlite3.DatabaseError) -> Response:
        if (told := unreadable(error)) is None:
            return _unforeseen(error)
        log.error("%s", told)
        return error_reply(ApiError(503, "damaged"))

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        log.exception("%s %s failed", request.method, request.path)
        return error_reply(ApiError(500, INTERNAL))
