"""What is checked of every request: that its address is text, its body JSON of whole texts, its fields what the models want."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, request
from pydantic import ValidationError

from embeddings.errors import printable
from qa.http.errors import ApiError, error_reply, invalid_field

_OURS = ("dates_reversed", "one_end", "ends_reversed", "nothing_said")
REASONS = {
    "missing": "reason.missing",
    "string_too_short": "reason.empty",
    "extra_forbidden": "reason.unknown",
    "string_type": "reason.no_text",
    "int_parsing": "reason.no_integer",
    "int_type": "reason.no_integer",
    "date_from_datetime_parsing": "reason.no_date",
    "date_parsing": "reason.no_date",
    "date_type": "reason.no_date",
    "greater_than_equal": "reason.too_small",
    "less_than_equal": "reason.too_large",
    "string_too_long": "reason.too_long",
    "bool_type": "reason.no_boolean",
    # Raised by validators of our own models
    **{rule: f"reason.{rule}" for rule in _OURS},
}
"""What is told of each type of error that pydantic names."""
OTHER = "reason.other"


def add_address_check(app: Flask) -> None:
    """Refuse every request whose path or query is not text in UTF-8 before it reaches its route.

    Flask puts a question mark for what it cannot read, and something else would be searched for than was asked.
    """

    @app.before_request
    def _whole_address() -> None:
        # WSGI (PEP 3333) gives the path as bytes, each in one character.
        _check_bytes("path", request.environ.get("PATH_INFO", "").encode("latin-1"))
        for pair in request.query_string.split(b"&"):
            name, _, value = (unquote_to_bytes(part.replace(b"+", b" ")) for part in pair.partition(b"="))
            _check_bytes("query", name)
            _check_bytes(name.decode(), value)


def _check_bytes(field: str, sent: bytes) -> None:
    """Raise the error 422, naming the field, where bytes are not UTF-8, or half of a surrogate pair in it."""
    try:
        sent.decode()
    except UnicodeDecodeError:
        try:
            sent.decode(errors="surrogatepass")
        except UnicodeDecodeError:
            raise invalid_field(field, "reason.no_utf8") from None
        raise invalid_field(field, "reason.half_character") from None


def add_json_check(app: Flask, but: Container[str]) -> None:
    """Refuse every POST whose body is no JSON object before it reaches its route, except on the paths `but`."""

    @app.before_request
    def _json_only() -> None:
        if request.method != "POST" or request.routing_exception is not None or request.path in but:
            return
        if not request.is_json:
            raise ApiError(415, "unsupported_media_type")
        body = request.get_data()  # refuses a body over the limit with 413
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            raise ApiError(400, "invalid_json") from None
        if not isinstance(value, dict):
            raise ApiError(400, "invalid_json", text="invalid_json.no_object")
        check_strings(value)


def check_question(text: str, longest: int, field: str) -> None:
    """Raise the error 422 for a question of more than `longest` characters."""
    if len(text) > longest:
        raise ApiError(422, "question_too_long", field, longest=longest, length=len(text))


def check_strings(body: dict[str, Any]) -> None:
    """Raise the error 422, naming the field, where a string of a JSON body holds half of a surrogate pair.

    JSON can carry one (a browser may cut a text within 😀), but no database and no answer takes it.
    """
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        field, value = waiting.pop()
        if isinstance(value, str):
            if printable(value) != value:
                raise invalid_field(field, "reason.half_character")
        elif isinstance(value, list):
            waiting += ((f"{field}.{place}", one) for place, one in reversed([*enumerate(value)]))
        elif isinstance(value, dict):
            for key, one in reversed(value.items()):
                name = f"{field}.{printable(key)}" if field else printable(key)
                if printable(key) != key:
                    raise invalid_field(name, "reason.unknown")
                waiting.append((name, one))


def validation_error(error: ValidationError) -> Response:
    """Tell the first thing that is wrong with a request; status 422."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    if field == "question" and first["type"] in ("string_too_short", "missing"):
        return error_reply(ApiError(422, "question_empty", "question"))
    return error_reply(invalid_field(field, REASONS.get(first["type"], OTHER)))
