"""The HTTP face: the contract of every route, and the one body of every error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from embeddings.ingest.sync import sync
from embeddings.records import Article, Issue
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.text.sentences import sentence_spans
from qa.http.app import create_app
from qa.reading.answer_types import best_span, shared_words
from qa.reading.reader import Reader, Reading, Span
from qa.retrieval.hybrid_search import Ranked
from qa.settings import Settings
from qa.understanding.comprehension import TURNS_READ
from qa.understanding.question import Question
from tests.support.doubles import StubReader, ToyEncoder, add

RESERVOIR = (
    "本报讯（记者 闵小禾 邬桐）卧虹水库将于3月13日上午9时开闸放水，流量为每秒12立方米。"
    "水库管理处主任郗春生介绍，截至3月11日8时，水库蓄水量为3860万立方米。\n头一轮放水二十天，由各村管水员开关闸口。"
)
BRIDGE = "虹渡大桥连接墨池区与南渡区，总投资8.9亿元。𠮷祥路引桥😀昨日完工，全长1286米。"
ISSUES = (
    Issue(
        "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12),
        (
            Article(
                "卧虹水库明日开闸放水", RESERVOIR, kicker="一湖春水万家田", subtitle="——头一轮放水二十天", column="春耕",
                byline="记者 闵小禾 邬桐", source="《砚溪日报》", page=2, url="https://yanxi.example/reservoir",
            ),
            Article("虹渡大桥引桥完工", BRIDGE),
        ),
        issue_number=9316, pages=4, cn_number="CN00-0916", warnings=("masthead says 星期一",),
    ),
    Issue(
        "yxrb-2024-03-13", "砚溪日报", date(2024, 3, 13),
        (Article("春笋大量上市", "眼下每天上市春笋约86吨，其中七成来自白芷县。"),), issue_number=9317,
    ),
    Issue(
        "sywb-2024-03-13", "松烟晚报", date(2024, 3, 13),
        (Article("<b>茶</b> & <script>alert(1)</script>", "茶臼村春茶昨日开园，<i>首日</i>收购鲜叶1200斤。"),),
    ),
)  # fmt: skip
WHEN = "卧虹水库什么时候开闸放水？"
UNKNOWN = "珠穆朗玛峰多高？"


class WordReader(StubReader):
    """Reads by shared words alone, so that no tuned weight moves what is tested here."""

    name = "words"

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        found: dict[tuple[str, int], Span] = {}
        for ranked in passages:
            passage = ranked.passage
            for start, end in sentence_spans(passage.article.body, passage.start, passage.end):
                text = passage.article.body[start:end]
                shared = shared_words(question, text)
                if not shared:
                    continue
                span = best_span(text, question) or (0, len(text))
                found.setdefault(
                    (passage.article_id, start),
                    Span(passage, start + span[0], start + span[1], start, end, len(shared) / len(question.words)),
                )
        return Reading(tuple(sorted(found.values(), key=lambda span: -span.confidence)), tuple(passages))


def serve(archive: Archive, reader: Reader | None = None, **settings: Any) -> FlaskClient:
    chosen = Settings.load(archive=archive.folder, **settings)
    return create_app(archive, reader or WordReader(), chosen).test_client()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The issues above; tests must not change it."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("api") / "archive")
    opened = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(opened, *ISSUES)
    return opened


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


def ask(client: FlaskClient, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json
    return body


def assert_error(response: TestResponse, status: int, code: str, field: str | None = None) -> None:
    """Every error has the one body, a message to show, and nothing of the inside."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    assert list(response.json) == ["error"]
    error = response.json["error"]
    assert set(error) == {"code", "message", "field"}
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"].strip()
    for inside in ("Traceback", ".py", "sqlite", str(Path.cwd())):
        assert inside not in response.text


# Asking

DESIGN_ANSWER = {
    "question", "understood_as", "answered", "confidence", "answer", "answers", "citations", "timeline", "searched", "took_ms",
}  # fmt: skip
DESIGN_CITATION = {
    "id", "chunk_id", "article_id", "issue_id", "paper", "issue_date", "issue_number", "page", "title", "kicker", "byline",
    "source", "before", "quote", "after", "quote_start", "quote_end", "answer_start", "answer_end", "event_dates", "url",
    "gbt7714",
}  # fmt: skip


def test_an_answer_has_the_keys_of_the_contract(client: FlaskClient) -> None:
    body = ask(client, WHEN)
    assert set(body) == DESIGN_ANSWER | {"reader", "dates", "filters", "notice", "also_asked", "did_you_mean"}
    assert set(body["answers"][0]) == {"text", "confidence", "certainty", "citation"}
    assert set(body["citations"][0]) == DESIGN_CITATION | {
        "subtitle",
        "column",
        "original_url",
        "quote_parts",
        "near",
        "related",
    }
    assert set(body["citations"][0]["quote_parts"]) == {"before", "answer", "after"}
    assert set(body["searched"]) == {"issues", "articles", "from", "to", "lacking"}
    assert set(body["took_ms"]) == {"understand", "retrieve", "read", "total"}


def test_an_answer_says_what_was_printed_where(client: FlaskClient) -> None:
    body = ask(client, WHEN)
    assert (body["question"], body["answered"], body["answer"], body["reader"]) == (WHEN, True, "3月13日上午9时", "words")
    assert body["answers"][0] == {
        "text": "3月13日上午9时",
        "confidence": body["confidence"],
        "certainty": "high",
        "citation": 1,
    }
    citation = body["citations"][0]
    start = RESERVOIR.index("本报讯")
    end = RESERVOIR.index("水库管理处主任")
    at = RESERVOIR.index("3月13日上午9时")
    expected = {
        "id": 1, "chunk_id": "yxrb-2024-03-12-01-1", "article_id": "yxrb-2024-03-12-01", "issue_id": "yxrb-2024-03-12",
        "paper": "砚溪日报", "issue_date": "2024-03-12", "issue_number": 9316, "page": 2, "title": "卧虹水库明日开闸放水",
        "kicker": "一湖春水万家田", "subtitle": "——头一轮放水二十天", "column": "春耕", "byline": "记者 闵小禾 邬桐",
        "source": "《砚溪日报》", "before": "", "quote": RESERVOIR[start:end], "after": RESERVOIR[end:],
        "quote_start": start, "quote_end": end, "answer_start": at, "answer_end": at + len("3月13日上午9时"),
        "event_dates": ["2024-03-13"], "url": f"/articles/yxrb-2024-03-12-01#c{start}-{end}",
        "original_url": "https://yanxi.example/reservoir", "near": False,
        "gbt7714": "闵小禾, 邬桐. 卧虹水库明日开闸放水[N]. 砚溪日报, 2024-03-12(2).",
    }  # fmt: skip
    assert {name: citation[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("question", "answer"),
    [(WHEN, "3月13日上午9时"), ("水库蓄水量是多少？", "3860万立方米"), ("引桥全长多少米？", "1286米")],
    ids=["first sentence", "second sentence", "behind an emoji and a character beyond the BMP"],
)
def test_every_quote_is_a_slice_of_the_body_as_served(client: FlaskClient, question: str, answer: str) -> None:
    body = ask(client, question)
    assert body["answer"] == answer
    for citation in body["citations"]:
        printed = client.get(f"/api/articles/{citation['article_id']}").json["body"]
        assert printed[citation["quote_start"] : citation["quote_end"]] == citation["quote"]
        parts = citation["quote_parts"]
        assert parts["before"] + parts["answer"] + parts["after"] == citation["quote"]
        assert parts["answer"] == printed[citation["answer_start"] : citation["answer_end"]]
        around = citation["before"] + citation["quote"] + citation["after"]
        first = citation["quote_start"] - len(citation["before"])
        assert printed[first : first + len(around)] == around
    first_quote = body["citations"][0]
    assert first_quote["quote_parts"]["answer"] == answer


def test_a_quote_in_the_middle_has_words_on_both_sides(client: FlaskClient) -> None:
    citation = ask(client, "水库蓄水量是多少？")["citations"][0]
    assert citation["before"] == RESERVOIR[: RESERVOIR.index("水库管理处")]
    assert citation["after"] == RESERVOIR[RESERVOIR.index("\n") :]


def test_an_unanswerable_question_gets_no_answer_and_near_passages(client: FlaskClient) -> None:
    body = ask(client, "白芷县县长的夫人叫什么名字，爱好哪种体育运动？")
    assert (body["answered"], body["answer"], body["answers"], body["timeline"]) == (False, None, [], [])
    assert body["searched"] == {"issues": 3, "articles": 4, "from": "2024-03-12", "to": "2024-03-13", "lacking": []}
    assert [citation["title"] for citation in body["citations"]] == ["春笋大量上市"]
    for citation in body["citations"]:
        assert citation["near"] is True
        assert (citation["answer_start"], citation["answer_end"], citation["quote_parts"]) == (None, None, None)


def test_a_question_that_shares_no_word_cites_nothing(client: FlaskClient) -> None:
    body = ask(client, UNKNOWN)
    assert (body["answered"], body["citations"]) == (False, [])


def test_an_empty_archive_says_that_nothing_was_searched(open_archive: Callable[..., Archive]) -> None:
    client = serve(open_archive())
    body = ask(client, WHEN)
    assert (body["answered"], body["citations"]) == (False, [])
    assert body["searched"] == {"issues": 0, "articles": 0, "from": None, "to": None, "lacking": []}
    assert client.get("/api/issues").json == {"issues": [], "total": 0}
    assert client.get("/api/search?q=水").json["passages"] == []


@pytest.mark.parametrize(
    ("filters", "issues"),
    [
        ({}, {"yxrb-2024-03-12", "yxrb-2024-03-13", "sywb-2024-03-13"}),
        (
            {"from": None, "to": None, "issue_id": None, "paper": None},
            {"yxrb-2024-03-12", "yxrb-2024-03-13", "sywb-2024-03-13"},
        ),
        ({"from": "2024-03-13"}, {"yxrb-2024-03-13", "sywb-2024-03-13"}),
        ({"to": "2024-03-12"}, {"yxrb-2024-03-12"}),
        ({"from": "2024-03-12", "to": "2024-03-12"}, {"yxrb-2024-03-12"}),
        ({"issue_id": "yxrb-2024-03-13"}, {"yxrb-2024-03-13"}),
        ({"paper": "松烟晚报"}, {"sywb-2024-03-13"}),
        ({"paper": "砚溪日报", "from": "2024-03-13"}, {"yxrb-2024-03-13"}),
        ({"paper": "没有的报"}, set()),
        ({"issue_id": "' OR 1=1 --"}, set()),
    ],
    ids=["none", "nulls", "from", "to", "one day", "issue", "paper", "paper and from", "unknown paper", "sql in an id"],
)
def test_filters_narrow_answer_and_search(client: FlaskClient, filters: dict[str, str], issues: set[str]) -> None:
    body = ask(client, "昨日上市开园放水", filters=filters, top_k=20)
    cited = {citation["issue_id"] for citation in body["citations"]}
    assert cited <= issues
    assert bool(cited) == bool(issues)
    assert body["searched"]["issues"] == len(issues)
    found = client.get("/api/search", query_string={"q": "昨日上市开园放水"} | {k: v for k, v in filters.items() if v})
    assert {passage["issue_id"] for passage in found.json["passages"]} == issues


def test_top_k_bounds_the_citations(client: FlaskClient) -> None:
    body = ask(client, "水库", top_k=1)
    assert body["answered"] is True
    assert len(body["answers"]) == len(body["citations"]) == 1
    assert len(ask(client, "水库", top_k=2)["citations"]) == 2


@pytest.mark.parametrize(
    "history",
    [
        [],
        [{"question": "虹渡大桥多长？", "answer": "1286米"}],
        [{"question": "珠峰多高？", "answer": ""}, {"question": "珠峰多高？", "answer": None}, {"question": "珠峰多高？"}],
        [{"question": "", "answer": ""}] * 50,
        [{"question": "水" * 501}, *([{"question": "珠峰多高？"}] * TURNS_READ)],
        [{"question": "珠峰多高？", "answer": "高" * 10_000}],
        [{"question": "珠峰多高？" + " " * 500}],
    ],
    ids=["none", "one turn", "turns without an answer", "many", "too old to be read", "a long answer", "blanks"],
)
def test_history_is_accepted(client: FlaskClient, history: list[dict[str, Any]]) -> None:
    assert ask(client, WHEN, history=history)["answer"] == "3月13日上午9时"


@pytest.mark.parametrize(
    "question",
    [
        "臥虹水庫什麼時候開閘放水？",
        "  卧虹水库什么时候开闸放水？\n",
        "卧虹水库，什么时候——开闸放水",
        "卧虹水库\u0000什么时候开闸放水？",
        '"卧虹水库" AND 什么时候开闸放水 OR 1=1 --',
    ],
    ids=["traditional", "blanks around", "no question mark", "nul within", "search syntax within"],
)
def test_spellings_of_a_question_find_the_same_answer(client: FlaskClient, question: str) -> None:
    assert ask(client, question)["citations"][0]["article_id"] == "yxrb-2024-03-12-01"


@pytest.mark.parametrize(
    "question",
    [
        "😀🎉",
        "👨‍👩‍👧‍👦",
        "\u0000",
        "\u0001\u0007\u001b[31m",
        "\u200b\u202e",
        '" OR 1=1 --',
        "NEAR(a b)",
        "*",
        "^",
        "title:春笋",
        "{title body}: x",
        "'; DROP TABLE issues; --",
        "(",
        "%_\\",
        "水" * 500,
        "?",
        "a" * 500,
        "٣ ½ ① Ⅷ",
    ],
    ids=ascii,
)
def test_any_text_is_a_question(client: FlaskClient, question: str) -> None:
    body = ask(client, question)
    assert body["question"] == question.strip()
    # What holds no words is met without a search.
    met = ("no_question", 0), (None, 3)
    assert (body["notice"], body["searched"]["issues"]) == met[any(map(str.isalnum, question))]
    assert client.get("/api/search", query_string={"q": question}).status_code == 200
    assert client.get("/api/issues").json["total"] == 3


# Errors of POST /api/ask


def question_with(**more: Any) -> str:
    return json.dumps({"question": WHEN, **more})


@pytest.mark.parametrize(
    ("sent", "status", "code", "field"),
    [
        ("", 400, "invalid_json", None),
        ("{", 400, "invalid_json", None),
        ("[]", 400, "invalid_json", None),
        ('"text"', 400, "invalid_json", None),
        ("null", 400, "invalid_json", None),
        (b'{"question": "\xff"}', 400, "invalid_json", None),
        ("[" * 30_000, 400, "invalid_json", None),
        ('{"top_k": ' + "1" * 5000 + "}", 400, "invalid_json", None),
        ("{}", 422, "question_empty", "question"),
        ('{"question": ""}', 422, "question_empty", "question"),
        ('{"question": " \\n\\u3000"}', 422, "question_empty", "question"),
        ('{"question": null}', 422, "invalid_field", "question"),
        ('{"question": 5}', 422, "invalid_field", "question"),
        ('{"question": ["x"]}', 422, "invalid_field", "question"),
        ('{"question": "\\ud800"}', 422, "invalid_field", "question"),
        (json.dumps({"question": "水" * 501}), 422, "question_too_long", "question"),
        (question_with(topk=3), 422, "invalid_field", "topk"),
        (question_with(top_k=0), 422, "invalid_field", "top_k"),
        (question_with(top_k=21), 422, "invalid_field", "top_k"),
        (question_with(top_k="many"), 422, "invalid_field", "top_k"),
        (question_with(top_k=float("nan")), 422, "invalid_field", "top_k"),
        (question_with(history="x"), 422, "invalid_field", "history"),
        (question_with(history=[{"answer": "x"}]), 422, "invalid_field", "history.0.question"),
        (question_with(history=[{"question": "水"}, {"question": "水" * 501}]), 422, "question_too_long", "history.1.question"),
        (question_with(filters={"paper": "砚" * 201}), 422, "invalid_field", "filters.paper"),
        (question_with(filters={"issue_id": "砚" * 201}), 422, "invalid_field", "filters.issue_id"),
        (question_with(filters=[]), 422, "invalid_field", "filters"),
        (question_with(filters={"form": "2024-03-12"}), 422, "invalid_field", "filters.form"),
        (question_with(filters={"from": "2024-02-30"}), 422, "invalid_field", "filters.from"),
        (question_with(filters={"to": "yesterday"}), 422, "invalid_field", "filters.to"),
        (question_with(filters={"paper": 1}), 422, "invalid_field", "filters.paper"),
        (question_with(filters={"from": "2024-03-13", "to": "2024-03-12"}), 422, "invalid_field", "filters"),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str | bytes) else None,
)
def test_a_bad_question_is_told(client: FlaskClient, sent: str | bytes, status: int, code: str, field: str | None) -> None:
    assert_error(client.post("/api/ask", data=sent, content_type="application/json"), status, code, field)


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("ask", question_with(filters={"paper": "\ud800"}), "filters.paper"),
        ("ask", question_with(filters={"issue_id": "砚\udc00"}), "filters.issue_id"),
        ("ask", question_with(filters={"from": "\ud800"}), "filters.from"),
        ("ask", question_with(history=[{"question": "水"}, {"question": "桥\ud83d建成了吗"}]), "history.1.question"),
        ("ask", question_with(history=[{"question": "水", "answer": "昨日\udc00"}]), "history.0.answer"),
        ("ask", question_with(history=[{"question": "水", "more": [{"a": "\udc00"}]}]), "history.0.more.0.a"),
        ("ask", question_with(**{"\ud800": "x"}), "\\ud800"),
        ("ask/stream", question_with(filters={"paper": "\ud800"}), "filters.paper"),
        ("verify", json.dumps({"quote": "今日放水\ud83d"}), "quote"),
        ("feedback", json.dumps({"question": "水", "helpful": True, "words": "好\ud83d"}), "words"),
    ],
    ids=ascii,
)
def test_half_a_character_anywhere_in_a_request_is_told_with_its_field(
    client: FlaskClient, path: str, sent: str, field: str
) -> None:
    response = client.post(f"/api/{path}", data=sent, content_type="application/json")
    assert_error(response, 422, "invalid_field", field)


def test_a_whole_character_beyond_the_first_plane_is_none_the_worse(client: FlaskClient) -> None:
    assert ask(client, WHEN, history=[{"question": "🌾", "answer": "🌾"}])["answered"] is True


def test_an_earlier_question_is_no_longer_than_a_question(client: FlaskClient) -> None:
    for path in ("ask", "ask/stream"):
        sent = {"question": WHEN, "history": [{"question": "水"}, {"question": "桥修好了路也通了呀" * 1333}]}
        assert_error(client.post(f"/api/{path}", json=sent), 422, "question_too_long", "history.1.question")


def test_the_longest_question_is_answered_and_one_character_more_is_not(client: FlaskClient) -> None:
    assert ask(client, WHEN + "？" * (500 - len(WHEN)))["answered"] is True
    response = client.post("/api/ask", json={"question": WHEN + "？" * (501 - len(WHEN))})
    assert_error(response, 422, "question_too_long", "question")
    assert "501" in response.json["error"]["message"]


@pytest.mark.parametrize("pattern", ["年", "张说", "万", "龘", "尉池安", "第1", "Li Wei ", "他"])
def test_the_worst_conversation_that_may_be_sent_is_answered(client: FlaskClient, pattern: str) -> None:
    run = pattern * 500
    history = [{"question": f"那{run[: 300 + size]}呢"[:500], "answer": run[:500]} for size in range(TURNS_READ)]
    for question in (f"那{run[:290]}呢", f"他{run[:490]}吗", f"who is {run[:490]}"):
        body = ask(client, question, history=history)
        assert body["question"] == question.strip()
        # What it is completed to is bounded, so that no chain of turns grows from one to the next.
        assert len(body["understood_as"]) <= 500


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_is_not_sent_as_json_is_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/api/ask", data=question_with(), content_type=content_type)
    assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "application/problem+json"])
def test_json_is_known_by_its_type(client: FlaskClient, content_type: str) -> None:
    assert client.post("/api/ask", data=question_with(), content_type=content_type).status_code == 200


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    history = [{"question": "水" * 500, "answer": "水" * 500}] * 30
    assert_error(client.post("/api/ask", json={"question": WHEN, "history": history}), 413, "too_large")


class Failing(StubReader):
    """A reader that fails, with what must not be shown."""

    name = "failing"

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        raise RuntimeError("/srv/secret/catalog.sqlite is locked")


class Astray(StubReader):
    """A reader whose offsets lie outside the body."""

    name = "astray"

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        return Reading((Span(passages[0].passage, 5, 100_000, 0, 100_000, 0.9),), tuple(passages))


@pytest.mark.parametrize("reader", [Failing(), Astray()], ids=["a reader that fails", "offsets outside the body"])
def test_a_failure_inside_shows_nothing_and_is_logged(
    archive: Archive, reader: Failing | Astray, caplog: pytest.LogCaptureFixture
) -> None:
    client = serve(archive, reader)
    response = client.post("/api/ask", json={"question": WHEN})
    assert_error(response, 500, "internal")
    for inside in ("secret", "QuoteError", "RuntimeError", "100000", "quote"):
        assert inside not in response.text
    assert "POST /api/ask failed" in caplog.text
    assert client.get("/api/health").status_code == 200


# Errors elsewhere


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/search", 422, "invalid_field", "q"),
        ("/api/search?q=", 422, "invalid_field", "q"),
        ("/api/search?q=x&k=0", 422, "invalid_field", "k"),
        ("/api/search?q=x&k=51", 422, "invalid_field", "k"),
        ("/api/search?q=x&k=ten", 422, "invalid_field", "k"),
        ("/api/search?q=x&frm=2024-03-12", 422, "invalid_field", "frm"),
        ("/api/search?q=x&from=2024-3-1", 422, "invalid_field", "from"),
        ("/api/search?q=x&from=2024-03-13&to=2024-03-12", 422, "invalid_field", None),
        ("/api/search?q=" + "x" * 501, 422, "question_too_long", "q"),
        ("/api/issues?limit=0", 422, "invalid_field", "limit"),
        ("/api/issues?limit=201", 422, "invalid_field", "limit"),
        ("/api/issues?limit=all", 422, "invalid_field", "limit"),
        ("/api/issues?page=2", 422, "invalid_field", "page"),
        ("/api/issues?after=yxrb-1999-01-01", 422, "invalid_field", "after"),
        ("/api/issues/yxrb-1999-01-01", 404, "issue_not_found", "issue_id"),
        ("/api/articles/yxrb-2024-03-12-99", 404, "article_not_found", "article_id"),
        ("/api/articles/%00", 404, "article_not_found", "article_id"),
        ("/api/articles/yxrb-2024-03-12-01?start=3", 422, "invalid_field", None),
        ("/api/articles/yxrb-2024-03-12-01?start=5&end=5", 422, "invalid_field", None),
        ("/api/articles/yxrb-2024-03-12-01?start=-1&end=5", 422, "invalid_field", "start"),
        ("/api/articles/yxrb-2024-03-12-01?start=0&end=9999", 422, "invalid_field", "end"),
        ("/api/nothing", 404, "not_found", None),
        ("/articles/yxrb-2024-03-12-99", 404, "not_found", None),
        ("/static/nothing.js", 404, "not_found", None),
        ("/static/../serve.py", 404, "not_found", None),
        ("/static/%2e%2e/serve.py", 404, "not_found", None),
    ],
)  # fmt: skip
def test_a_bad_address_or_argument_is_told(client: FlaskClient, path: str, status: int, code: str, field: str | None) -> None:
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


# Reading


def test_an_article_is_served_as_printed(client: FlaskClient) -> None:
    assert client.get("/api/articles/yxrb-2024-03-12-01").json == {
        "article_id": "yxrb-2024-03-12-01", "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12",
        "issue_number": 9316, "page": 2, "title": "卧虹水库明日开闸放水", "kicker": "一湖春水万家田",
        "subtitle": "——头一轮放水二十天", "column": "春耕", "byline": "记者 闵小禾 邬桐", "source": "《砚溪日报》",
        "original_url": "https://yanxi.example/reservoir", "body": RESERVOIR, "mark": None,
    }  # fmt: skip


def test_a_marked_article_is_cut_in_three(client: FlaskClient) -> None:
    start = BRIDGE.index("昨日")
    mark = client.get(f"/api/articles/yxrb-2024-03-12-02?start={start}&end={start + 4}").json["mark"]
    assert mark == {"before": BRIDGE[:start], "quote": "昨日完工", "after": BRIDGE[start + 4 :]}
    whole = client.get(f"/api/articles/yxrb-2024-03-12-02?start=0&end={len(BRIDGE)}").json["mark"]
    assert whole == {"before": "", "quote": BRIDGE, "after": ""}


def test_an_issue_lists_its_articles(client: FlaskClient) -> None:
    body = client.get("/api/issues/yxrb-2024-03-12").json
    assert [article.pop("article_id") for article in body["articles"]] == ["yxrb-2024-03-12-01", "yxrb-2024-03-12-02"]
    assert body == {
        "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12", "issue_number": 9316, "pages": 4,
        "cn_number": "CN00-0916", "warnings": ["masthead says 星期一"],
        "articles": [
            {
                "title": "卧虹水库明日开闸放水", "kicker": "一湖春水万家田", "column": "春耕", "byline": "记者 闵小禾 邬桐",
                "page": 2,
            },
            {"title": "虹渡大桥引桥完工", "kicker": None, "column": None, "byline": None, "page": None},
        ],
    }  # fmt: skip


def test_issues_are_listed_newest_first(client: FlaskClient) -> None:
    body = client.get("/api/issues").json
    assert body["total"] == 3
    assert body["issues"][2] == {
        "issue_id": "yxrb-2024-03-12", "paper": "砚溪日报", "issue_date": "2024-03-12", "issue_number": 9316, "articles": 2,
        "chunks": 2,
    }  # fmt: skip
    assert [issue["issue_id"] for issue in body["issues"]] == ["yxrb-2024-03-13", "sywb-2024-03-13", "yxrb-2024-03-12"]


@pytest.mark.parametrize("limit", [1, 3, 10, 200])
def test_pages_hold_every_issue_once(open_archive: Callable[..., Archive], limit: int) -> None:
    archive = open_archive()
    client = serve(archive)
    more = [Issue(f"yxrb-2024-04-0{day}", "砚溪日报", date(2024, 4, day), (Article("雨", "有雨。"),)) for day in range(1, 8)]
    add(archive, *ISSUES, *more)

    def pages() -> Iterator[list[str]]:
        after: dict[str, str] = {}
        while True:
            body = client.get("/api/issues", query_string={"limit": limit, **after}).json
            assert body["total"] == 10
            if not body["issues"]:
                return
            yield [issue["issue_id"] for issue in body["issues"]]
            after = {"after": body["issues"][-1]["issue_id"]}

    listed = list(pages())
    ids = [issue_id for page in listed for issue_id in page]
    assert len(ids) == len(set(ids)) == 10
    assert ids[:7] == [f"yxrb-2024-04-0{day}" for day in range(7, 0, -1)]
    assert [len(page) for page in listed[:-1]] == [limit] * (len(listed) - 1)


def test_a_search_returns_passages_best_first(client: FlaskClient) -> None:
    body = client.get("/api/search?q=春笋&k=2").json
    assert body["query"] == "春笋"
    assert len(body["passages"]) == 2
    best, second = body["passages"]
    assert best["score"] >= second["score"]
    text = ISSUES[1].articles[0].body
    assert best == {
        "chunk_id": "yxrb-2024-03-13-01-1", "article_id": "yxrb-2024-03-13-01", "issue_id": "yxrb-2024-03-13",
        "paper": "砚溪日报", "issue_date": "2024-03-13", "issue_number": 9317, "title": "春笋大量上市", "text": text,
        "start": 0, "end": len(text), "score": best["score"], "url": f"/articles/yxrb-2024-03-13-01#c0-{len(text)}",
        "stretches": [
            {"text": "眼下每天上市", "found": False}, {"text": "春笋", "found": True}, {"text": text[8:], "found": False},
        ],
    }  # fmt: skip


# Operating


def test_health_tells_what_the_archive_holds(client: FlaskClient, archive: Archive) -> None:
    assert client.get("/api/health").json == {
        "live": True, "ready": True, "issues": 3, "articles": 4, "chunks": 4, "from": "2024-03-12", "to": "2024-03-13",
        "papers": ["松烟晚报", "砚溪日报"], "generation": 3, "model": "toy", "reader": "words",
        "min_confidence": 0.2,
    }  # fmt: skip
    assert archive.searched_generation == 3


def test_a_new_issue_is_noticed_without_a_restart(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    add(archive, *ISSUES)
    client = serve(archive)
    question = "书院路口何时装红绿灯？"
    assert ask(client, question)["answered"] is False
    path = write_issue("2024-03-18.md", "2024-03-18", "书院路口添红绿灯\n\n书院路口将于3月25日装红绿灯。")
    # Another process, with an archive object of its own, adds the issue.
    report = sync(open_archive(), [path])
    assert report.added == ["yxrb-2024-03-18"]
    body = ask(client, question)
    assert (body["answered"], body["answer"]) == (True, "3月25日")
    assert body["citations"][0]["article_id"] == "yxrb-2024-03-18-01"
    assert body["searched"]["issues"] == 4
    assert client.get("/api/health").json["generation"] == 4
    open_archive().remove(["yxrb-2024-03-18"])
    assert ask(client, question)["answered"] is False
    assert client.get("/api/issues/yxrb-2024-03-18").status_code == 404


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/nothing", "/articles/yxrb-2024-03-12-01", "/static/style.css"])
def test_headers_keep_a_browser_safe(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_an_article_page_shows_markup_as_text(client: FlaskClient) -> None:
    page = client.get("/articles/sywb-2024-03-13-01").text
    assert "&lt;b&gt;茶&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;i&gt;首日&lt;/i&gt;" in page
    assert "<script>alert" not in page
    assert "<i>首日" not in page


def test_the_pages_are_served(client: FlaskClient) -> None:
    for path, kind in (("/", "text/html"), ("/static/js/chat/main.js", "text/javascript"), ("/static/style.css", "text/css")):
        with client.get(path) as response:
            assert (response.status_code, response.mimetype) == (200, kind)


def test_the_description_lists_every_route_of_the_api(client: FlaskClient) -> None:
    described = json.loads(client.get("/api/openapi.json").data)
    assert described["openapi"].startswith("3.")
    operations = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert operations == {
        ("post", "/api/ask"),
        ("post", "/api/ask/stream"),
        ("get", "/api/search"),
        ("get", "/api/further"),
        ("get", "/api/issues"),
        ("post", "/api/issues"),
        ("get", "/api/issues/{issue_id}"),
        ("delete", "/api/issues/{issue_id}"),
        ("get", "/api/articles/{article_id}"),
        ("get", "/api/health"),
        ("get", "/api/examples"),
        ("post", "/api/feedback"),
        ("get", "/api/feedback"),
        ("get", "/metrics"),
        ("post", "/api/verify"),
        ("get", "/api/cite/{article_id}"),
        ("get", "/api/suggest"),
        ("get", "/api/calendar"),
        ("get", "/api/admin"),
    }
    assert set(described["paths"]["/api/ask"]["post"]["responses"]) == {"200", "400", "404", "413", "415", "422", "503"}


def test_every_reference_of_the_description_resolves(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json

    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    found = set(references(described))
    assert "#/components/schemas/AskOut" in found
    for reference in found:
        node = described
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_the_documentation_page_opens(client: FlaskClient) -> None:
    response = client.get("/api/docs", follow_redirects=True)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert 'new URL("openapi.json", window.location.href)' in response.text
    assert response.request.path == "/api/swagger"
    with client.get("/api/swagger/js/swagger-ui-bundle.js") as script:
        assert script.status_code == 200


# Example questions


def test_without_a_file_no_question_is_offered(client: FlaskClient) -> None:
    assert client.get("/api/examples").json == {"questions": []}
