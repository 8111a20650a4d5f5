"""What errors tell: every text in both languages, and the language that a request prefers."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

import qa.http
from embeddings.messages import Messages
from embeddings.store.archive import Archive
from qa.http import errors, validation
from qa.http.messages import LANGUAGES, MESSAGES, en, preferred_language, zh
from qa.reading.reader import Reading
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.question import Question
from tests.support.api import WHEN, assert_error, serve
from tests.support.doubles import StubReader

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")  # letters and marks: 水 。 ：
TOKEN = {"Authorization": "Bearer s3cret"}
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Give each error that the code raises with a text of its own: where, the key of its text, the names of its values."""
    for path in sorted(Path(qa.http.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            values = {word.arg: word.value for word in node.keywords if word.arg not in ("field", "headers")}
            if node.func.id == "ApiError":
                key = values.pop("text", node.args[1])
            elif node.func.id == "invalid_field":
                key = node.args[1]
            else:
                continue
            if isinstance(key, ast.Constant):
                yield f"{path.name}:{node.lineno}", key.value, {name for name in values if name}


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    assert list(zh.TEXTS) == list(en.TEXTS)
    assert {key: placeholders(text) for key, text in zh.TEXTS.items()} == {
        key: placeholders(text) for key, text in en.TEXTS.items()
    }


def test_a_text_is_in_its_language() -> None:
    assert [text for text in en.TEXTS.values() if CHINESE.search(text)] == []
    assert [text for text in zh.TEXTS.values() if not CHINESE.search(text)] == []


def test_every_error_has_its_text_and_the_values_of_its_placeholders() -> None:
    found = list(raised())
    assert len(found) > 20
    wrong = [
        (where, key) for where, key, values in found if key not in zh.TEXTS or placeholders(zh.TEXTS[key]) != values
    ]  # fmt: skip
    assert wrong == []


def test_no_text_is_left_that_no_error_tells() -> None:
    told = {key for _, key, _ in raised()}
    told |= {*errors.CODES.values(), errors.INTERNAL, errors.OTHER, *validation.REASONS.values(), validation.OTHER}
    # These are made without ApiError: the text around a reason, that of an upload, whose body lists the files, and what the
    # server says below the application.
    told |= {"too_slow", "stopping"}
    assert set(zh.TEXTS) == told | {"invalid_field", "upload_refused", "upload_refused.between"}


def test_a_text_that_one_language_lacks_is_told_in_the_first() -> None:
    table = Messages(zh={"a": "水位 {level} 米", "b": "没有"}, en={"a": "level {level} m"})
    assert table.message("a", level=3).told("en") == "level 3 m"
    assert table.message("b").told("en") == "没有"
    assert table.message("a", level=table.message("b")).told("fr") == "水位 没有 米"
    with pytest.raises(KeyError, match="missing"):
        table.message("missing")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("en", "en"),
        ("EN-us", "en"),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", "en"),
        ("fr,en;q=0.3", "en"),
        ("zh-CN,en;q=0.8", "zh"),
        ("zh-Hant-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.4,zh;q=0.6", "zh"),
        ("zh,en", "zh"),
        ("en,zh", "zh"),
        ("en;q=0", "zh"),
        ("fr,de", "zh"),
        ("english", "zh"),
    ],
)
def test_english_is_for_whoever_prefers_it(header: str, language: str) -> None:
    assert LANGUAGES == tuple(MESSAGES.tables) == ("zh", "en")
    assert preferred_language(parse_accept_header(header, LanguageAccept)) == language


@pytest.mark.parametrize(
    ("path", "status", "code", "field", "chinese", "english"),
    [
        ("/api/nothing", 404, "not_found", None, "没有这个地址", "There is nothing at this address"),
        ("/nothing", 404, "not_found", None, "没有这个地址", "There is nothing at this address"),
        (
            "/api/ask", 405, "method_not_allowed", None,
            "这个地址不支持这种请求方法", "This address does not take requests of this method",
        ),
        ("/api/issues/x", 404, "issue_not_found", "issue_id", "没有 x 这一期", "There is no issue x"),
        ("/api/issues?after=x", 422, "invalid_field", "after", "after：没有 x 这一期", "after: there is no issue x"),
        ("/api/issues?limit=0", 422, "invalid_field", "limit", "limit：太小", "limit: is too small"),
        ("/api/search?q=x&frm=2", 422, "invalid_field", "frm", "frm：没有这一项", "frm: there is no such field"),
        (
            "/api/search?q=x&from=2024-03-13&to=2024-03-12", 422, "invalid_field", None,
            "起始日期晚于结束日期", "the first date lies after the last",
        ),
        (
            "/api/articles/yxrb-2024-03-12-01?start=3", 422, "invalid_field", None,
            "start 和 end 要一起给出", "start and end belong together",
        ),
        (
            "/api/articles/yxrb-2024-03-12-01?start=3&end=3", 422, "invalid_field", None,
            "end 要大于 start", "end must be greater than start",
        ),
        ("/api/cite/x?format=word", 422, "invalid_field", "format", "format：不合要求", "format: does not fit"),
    ],
)  # fmt: skip
def test_an_error_is_told_in_the_language_preferred(
    client: FlaskClient, path: str, status: int, code: str, field: str | None, chinese: str, english: str
) -> None:
    for headers, message in (({}, chinese), ({"Accept-Language": "zh-CN,en;q=0.8"}, chinese), (ENGLISH, english)):
        response = client.get(path, headers=headers)
        assert_error(response, status, code, field)
        assert response.json["error"]["message"] == message
        assert response.vary.as_set() == {"accept-language"}


def test_a_bad_question_is_told_in_english_too(client: FlaskClient) -> None:
    def told(sent: object) -> str:
        response = client.post("/api/ask", data=json.dumps(sent), content_type="application/json", headers=ENGLISH)
        return str(response.json["error"]["message"])

    assert told({"question": " "}) == "Please write a question"
    assert told({"question": "水" * 501}) == "The question is too long: 500 characters at most, not 501"
    assert told([]) == "The request should be a JSON object"
    assert told({"question": WHEN, "filters": {"from": "x"}}) == "filters.from: should be a date such as 2021-01-31"
    assert told({"question": "水\ud800"}) == "question: holds half a character (an unpaired surrogate)"


def test_an_upload_of_which_nothing_was_taken_is_told_in_both_languages(archive: Archive) -> None:
    client = serve(archive, admin_token="s3cret")
    for headers, begin, between in (
        ({}, "没有收入任何文件：x.md:1: ", "；y.md:1: "),
        (ENGLISH, "No file was taken: x.md:1: ", "; y.md:1: "),
    ):
        files = [(io.BytesIO("水".encode()), name) for name in ("x.md", "y.md")]
        response = client.post("/api/issues?wait=true", headers={**TOKEN, **headers}, data={"files": files})
        assert (response.status_code, response.json["error"]["code"]) == (422, "upload_refused")
        message = response.json["error"]["message"]
        assert message.startswith(begin)
        assert between in message
        assert bool(CHINESE.search(message)) == (not headers)


class Failing(StubReader):
    def read(self, question: Question, passages: list[RankedPassage]) -> Reading:  # type: ignore[override]
        raise RuntimeError("broken")


@pytest.mark.parametrize(
    ("headers", "message"),
    [({}, "服务器出错了，已记入日志"), (ENGLISH, "Something went wrong on the server; it is in the log")],
    ids=["zh", "en"],
)
def test_an_error_within_a_stream_is_told_in_the_language_of_its_request(
    archive: Archive, headers: dict[str, str], message: str
) -> None:
    response = serve(archive, Failing()).post("/api/ask/stream", json={"question": WHEN}, headers=headers)
    *_, last = response.text.strip().split("\n\n")
    name, data = last.split("\n")
    assert name == "event: error"
    number = response.headers["X-Request-ID"]
    assert json.loads(data.removeprefix("data: ")) == {
        "error": {"code": "internal", "message": message, "field": None, "request_id": number}
    }
