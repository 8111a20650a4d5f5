"""The one error body of the HTTP face."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from embeddings.errors import printable
from qa.http.routes.pages import missing_page, wants_page

log = logging.getLogger(__name__)

_MESSAGES = {
    400: ("bad_request", "请求无法理解"),
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
    413: ("too_large", "请求过大"),
    415: ("unsupported_media_type", "请用 application/json 发送请求"),
    429: ("too_many_requests", "请求太频繁，请稍后再试"),
    503: ("not_ready", "档案正在载入，请稍后再试"),
}
INTERNAL = ("internal", "服务器出错了，已记入日志")
_REASONS = {
    "missing": "缺少这一项",
    "string_too_short": "不能为空",
    "extra_forbidden": "没有这一项",
    "string_type": "应是文字",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "date_from_datetime_parsing": "应是 2021-01-31 这样的日期",
    "date_parsing": "应是 2021-01-31 这样的日期",
    "date_type": "应是 2021-01-31 这样的日期",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "string_too_long": "太长",
    "bool_type": "应是 true 或 false",
}
_RULES = {
    "from lies behind to": "起始日期晚于结束日期",
    "start and end belong together": "start 和 end 要一起给出",
    "end must lie behind start": "end 要大于 start",
}


class ApiError(Exception):
    """An error to be told to the caller, in the one body."""

    def __init__(
        self, status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field, self.headers = status, code, message, field, headers or {}


def check_question(text: str, longest: int, field: str) -> None:
    """Raise the error 422 for a question of more than `longest` characters."""
    if len(text) > longest:
        raise ApiError(422, "question_too_long", f"问题太长：最多 {longest} 个字，现有 {len(text)} 个", field)


def check_strings(body: dict[str, Any]) -> None:
    """Raise the error 422, naming the field, where a string of a JSON body holds half of a surrogate pair.

    JSON can carry one (a browser may cut a text within 😀), but no database and no answer takes it.
    """
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        field, value = waiting.pop()
        if isinstance(value, str):
            if printable(value) != value:
                raise ApiError(422, "invalid_field", f"{field}：有半个字符（不成对的代理码点）", field)
        elif isinstance(value, list):
            waiting += ((f"{field}.{place}", one) for place, one in reversed([*enumerate(value)]))
        elif isinstance(value, dict):
            for key, one in reversed(value.items()):
                name = f"{field}.{printable(key)}" if field else printable(key)
                if printable(key) != key:
                    raise ApiError(422, "invalid_field", f"{name}：没有这一项", name)
                waiting.append((name, one))


def error_content(code: str, message: str, field: str | None = None) -> dict[str, dict[str, str | None]]:
    """Return the one body of an error."""
    return {"error": {"code": code, "message": message, "field": field}}


def error_body(status: int, code: str, message: str, field: str | None = None) -> Response:
    """Return the response of one error."""
    response = jsonify(error_content(code, message, field))
    response.status_code = status
    return response


def validation_error(error: ValidationError) -> Response:
    """Tell the first thing that is wrong with a request; status 422."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    if field == "question" and first["type"] in ("string_too_short", "missing"):
        return error_body(422, "question_empty", "请写下要问的问题", "question")
    rule = str(first.get("ctx", {}).get("error", ""))
    reason = _RULES.get(rule) or _REASONS.get(first["type"], "不合要求")
    return error_body(422, "invalid_field", f"{field}：{reason}" if field else reason, field)


def register(app: Flask) -> None:
    """Answer every error of the application in the one body; a 5xx tells nothing of the inside."""

    @app.errorhandler(ApiError)
    def _told(error: ApiError) -> Response:
        response = error_body(error.status, error.code, error.message, error.field)
        response.headers.extend(error.headers)
        return response

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:
            return error
        if status == 404 and wants_page():
            return missing_page()
        code, message = _MESSAGES.get(status, ("error", "请求未能完成"))
        response = error_body(status, code, message)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        log.exception("%s %s failed", request.method, request.path)
        return error_body(500, *INTERNAL)
