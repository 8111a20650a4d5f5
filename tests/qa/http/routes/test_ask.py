"""POST /api/ask: the contract of an answer, and what is no question."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import qa.understanding.comprehension
from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.understanding.comprehension import TURNS_READ
from qa.understanding.query_rewriting import Turn
from tests.support.api import DESIGN_CITATION, ISSUES, RESERVOIR, WHEN, ask, assert_error, serve
from tests.support.doubles import add

UNKNOWN = "珠穆朗玛峰多高？"
DESIGN_ANSWER = {
    "question", "understood_as", "answered", "confidence", "answer", "answers", "citations", "timeline", "searched", "took_ms",
}  # fmt: skip


def test_an_answer_has_the_keys_of_the_contract(client: FlaskClient) -> None:
    body = ask(client, WHEN)
    assert set(body) == DESIGN_ANSWER | {"reader", "dates", "filters", "notice", "also_asked", "did_you_mean", "alternatives"}
    assert set(body["answers"][0]) == {
        "text", "confidence", "certainty", "citation", "clause_start", "clause_end", "clause_parts"
    }  # fmt: skip
    assert set(body["citations"][0]) == DESIGN_CITATION | {
        "subtitle",
        "column",
        "last_date",
        "edition",
        "page_name",
        "continued",
        "original_url",
        "quote_parts",
        "near",
        "related",
        "reprints",
        "corrected",
        "printed",
    }
    assert set(body["citations"][0]["quote_parts"]) == {"before", "answer", "after"}
    assert set(body["searched"]) == {"issues", "articles", "from", "to", "lacking"}
    assert set(body["took_ms"]) == {"understand", "retrieve", "read", "total"}


def test_an_answer_says_what_was_printed_where(client: FlaskClient) -> None:
    body = ask(client, WHEN)
    assert (body["question"], body["answered"], body["answer"], body["reader"]) == (WHEN, True, "3月13日上午9时", "words")
    found = body["answers"][0]
    assert (found["text"], found["confidence"], found["certainty"], found["citation"]) == (
        "3月13日上午9时", body["confidence"], "high", 1
    )  # fmt: skip
    clause = RESERVOIR[found["clause_start"] : found["clause_end"]]
    assert clause == "".join(found["clause_parts"][part] for part in ("before", "answer", "after"))
    assert found["text"] in clause
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


# Errors


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


def test_a_whole_character_beyond_the_first_plane_is_none_the_worse(client: FlaskClient) -> None:
    assert ask(client, WHEN, history=[{"question": "🌾", "answer": "🌾"}])["answered"] is True


def test_an_earlier_question_is_no_longer_than_a_question(client: FlaskClient) -> None:
    for path in ("ask", "ask/stream"):
        sent = {"question": WHEN, "history": [{"question": "水"}, {"question": "桥修好了路也通了呀" * 1333}]}
        assert_error(client.post(f"/api/{path}", json=sent), 422, "question_too_long", "history.1.question")


def test_no_more_than_the_last_turns_are_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Turn] = []
    complete = qa.understanding.comprehension.completing

    def completing(text: str, turns: Sequence[Turn], *rest: Any) -> Any:
        read[:] = turns
        return complete(text, turns, *rest)

    monkeypatch.setattr(qa.understanding.comprehension, "completing", completing)
    history = [{"question": f"第{turn}座桥在哪里？", "answer": "墨池区南渡区"} for turn in range(300)]
    ask(serve(archive), WHEN, history=history)
    assert [turn.question for turn in read] == [turn["question"] for turn in history[-TURNS_READ:]]
    ask(serve(archive, max_turns=2, max_told=3), WHEN, history=history)
    assert read == [Turn("第298座桥在哪里？", "墨池区"), Turn("第299座桥在哪里？", "墨池区")]
    ask(serve(archive, max_turns=0), WHEN, history=history)
    assert read == []


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
