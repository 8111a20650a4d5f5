"""Answers step by step over a real server: each event at once, work stopped for who left, and none kept waiting for ever."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

import qa.http.gate
import qa.pipeline
import qa.understanding.query_rewriting
from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.http.errors import ApiError
from qa.http.gate import Gate
from qa.reading.reader import Reader, Reading, Span
from qa.retrieval.candidates import Found
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.comprehension import Understood
from qa.understanding.question import Question
from tests.support.doubles import StubReader
from tests.support.served import LIMIT_SECONDS, running

BODY = "卧虹水库将于3月13日上午9时开闸放水。"
WHEN = "2024年3月12日说卧虹水库什么时候开闸放水？"

Event = tuple[str, dict[str, Any]]


class SlowReader(StubReader):
    """Finds the same words whatever is asked, once it may; `reading` tells that it has begun."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reading, self.may = threading.Semaphore(0), threading.Event()

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        self.asked.append(question.text)
        self.reading.release()
        assert self.may.wait(LIMIT_SECONDS)
        start = BODY.index("3月13日")
        passage = next(ranked.passage for ranked in passages if ranked.passage.article.body == BODY)
        return Reading((Span(passage, start, start + 5, 0, len(BODY), 0.9),), tuple(passages))

    def has_begun(self) -> bool:
        return self.reading.acquire(timeout=LIMIT_SECONDS)


class Failing(StubReader):
    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        raise RuntimeError("/srv/secret/catalog.sqlite is locked")


@pytest.fixture
def reader() -> Iterator[SlowReader]:
    slow = SlowReader()
    yield slow
    slow.may.set()


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", f"水库\n\n{BODY}", "大桥\n\n虹渡大桥合龙。")])
    return opened


@pytest.fixture(autouse=True)
def _quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.http.gate, "PULSE_SECONDS", 0.05)


class Client:
    """A browser's half of the API: one connection for each question."""

    def __init__(self, address: str) -> None:
        self._address = address

    def send(self, path: str, **body: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self._address, timeout=LIMIT_SECONDS)
        connection.request("POST", path, json.dumps({"question": WHEN, **body}), {"Content-Type": "application/json"})
        return connection

    @contextmanager
    def stream(self, **body: Any) -> Iterator[http.client.HTTPResponse]:
        connection = self.send("/api/ask/stream", **body)
        with connection.getresponse() as response:
            yield response
        connection.close()

    def get(self, path: str) -> str:
        connection = http.client.HTTPConnection(self._address, timeout=LIMIT_SECONDS)
        connection.request("GET", path)
        with connection.getresponse() as response:
            text = response.read().decode()
        connection.close()
        return text


@contextmanager
def serving(archive: Archive, reader: Reader, **settings: Any) -> Iterator[Client]:
    """Serve with the server of serve.py, so that its buffering and its limits are those of operation."""
    chosen = Settings.load(archive=archive.folder, workers=4, **settings)
    with running(create_app(archive, reader, chosen), chosen) as base:
        yield Client(urlsplit(base).netloc)


def plain(archive: Archive, reader: Reader, **settings: Any) -> FlaskClient:
    return create_app(archive, reader, Settings.load(archive=archive.folder, **settings)).test_client()


def next_event(response: http.client.HTTPResponse) -> Event:
    """Read up to the end of the next event, as it comes in."""
    lines: dict[str, str] = {}
    while True:
        line = response.readline().decode().rstrip("\n")
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            lines[name] = value
        elif lines:
            return lines["event"], json.loads(lines["data"])


def events(text: str) -> list[Event]:
    parts = [part.split("\n") for part in text.strip().split("\n\n") if not part.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False


# What is sent


def test_the_answer_is_that_of_the_plain_route(archive: Archive, reader: SlowReader) -> None:
    reader.may.set()
    client = plain(archive, reader)
    whole = client.post("/api/ask", json={"question": WHEN}).json
    sent = events(client.post("/api/ask/stream", json={"question": WHEN}).text)
    assert [name for name, _ in sent] == ["understood", "passages", "answer", "done"]
    answer = sent[2][1]
    took = answer.pop("took_ms")
    whole.pop("took_ms")
    assert answer == whole
    assert answer["answer"] == "3月13日"
    assert sent[3][1] == {"took_ms": took}
    assert set(took) == {"understand", "retrieve", "read", "total"}


def test_first_it_tells_how_the_question_is_understood(archive: Archive, reader: SlowReader) -> None:
    reader.may.set()
    asked = {"question": f" {WHEN} ", "filters": {"from": "2024-03-01", "paper": "砚溪日报"}}
    name, understood = events(plain(archive, reader).post("/api/ask/stream", json=asked).text)[0]
    assert (name, understood) == (
        "understood",
        {
            "question": WHEN, "understood_as": WHEN, "also_asked": [], "did_you_mean": [], "kind": "date",
            "dates": [
                {"from": "2024-03-12", "to": "2024-03-12", "words": "2024年3月12日", "firmness": "plain", "others": []},
            ],
            "parts": [
                {
                    "sort": "time", "before": "", "text": "2024年3月12日", "after": "说卧虹水库什么时候开闸放水？",
                    "from": "2024-03-12", "to": "2024-03-12",
                },
            ],
            "filters": {"from": "2024-03-01", "to": None, "issue_id": None, "paper": "砚溪日报"},
        },
    )  # fmt: skip


def test_passages_are_near_citations_and_tell_what_was_searched(archive: Archive, reader: SlowReader) -> None:
    reader.may.set()
    client = plain(archive, reader)
    found = events(client.post("/api/ask/stream", json={"question": "水库和大桥", "top_k": 5}).text)[1][1]
    assert {passage["article_id"] for passage in found["passages"]} == {"yxrb-2024-03-12-01", "yxrb-2024-03-12-02"}
    assert all(passage["near"] and passage["quote_parts"] is None for passage in found["passages"])
    assert found["searched"] == {"issues": 1, "articles": 2, "from": "2024-03-12", "to": "2024-03-12", "lacking": []}
    fewer = events(client.post("/api/ask/stream", json={"question": "水库和大桥", "top_k": 1}).text)[1][1]
    assert fewer["passages"] == found["passages"][:1]


def test_passages_arrive_before_the_reader_is_done(archive: Archive, reader: SlowReader) -> None:
    with serving(archive, reader) as client, client.stream() as response:
        assert next_event(response)[0] == "understood"
        name, found = next_event(response)
        assert name == "passages"
        assert found["passages"][0]["quote"] == BODY
        assert not reader.may.is_set()
        reader.may.set()
        assert [next_event(response)[0], next_event(response)[0]] == ["answer", "done"]
        assert response.read() == b""


def test_no_proxy_is_to_keep_or_compress_the_events(archive: Archive, reader: SlowReader) -> None:
    reader.may.set()
    with serving(archive, reader) as client, client.stream() as response:
        headers = response.headers
        response.read()
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["X-Accel-Buffering"] == "no"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Content-Encoding"] is None
    assert headers["Content-Length"] is None
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_what_fails_under_way_is_an_event_that_shows_nothing(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    client = plain(archive, Failing(), readers=1, max_waiting=0)
    for _ in range(2):  # the second finds its place at the reader free
        with client.post("/api/ask/stream", json={"question": WHEN}) as response:
            sent = events(response.text)
        assert [name for name, _ in sent] == ["understood", "passages", "error"]
        assert set(sent[2][1]["error"]) == {"code", "message", "field", "request_id"}
        assert sent[2][1]["error"]["code"] == "internal"
        assert "secret" not in response.text
    assert "catalog.sqlite is locked" in caplog.text


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {"question": ""}}, 422, "question_empty"),
        ({"json": {"question": "水" * 501}}, 422, "question_too_long"),
        ({"json": {"question": WHEN, "top_k": 0}}, 422, "invalid_field"),
        ({"data": "{", "content_type": "application/json"}, 400, "invalid_json"),
        ({"data": "question=x"}, 415, "unsupported_media_type"),
    ],
)
def test_a_bad_question_is_refused_before_any_event(
    archive: Archive, reader: SlowReader, sent: dict[str, Any], status: int, code: str
) -> None:
    response = plain(archive, reader).post("/api/ask/stream", **sent)
    assert (response.status_code, response.json["error"]["code"]) == (status, code)


# Who leaves, and who comes too many


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions whose passages are found, so that they are read next, or wait for it."""
    questions: list[str] = []
    find = qa.pipeline.find

    def find_and_note(archive: Archive, understood: Understood, limit: int) -> Found:
        questions.append(understood.text)
        return find(archive, understood, limit)

    monkeypatch.setattr(qa.pipeline, "find", find_and_note)
    return questions


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_question_whose_asker_left_is_not_read_and_gives_its_place_back(
    archive: Archive, reader: SlowReader, found: list[str], path: str
) -> None:
    def is_let_in() -> bool:
        with client.stream(question="丙？") as response:
            return response.status == 200

    with serving(archive, reader, readers=1, max_waiting=1) as client, client.stream(question="甲？") as first:
        assert reader.has_begun()
        leaving = client.send(path, question="乙？")
        assert eventually(lambda: "乙？" in found)
        assert not is_let_in()
        leaving.close()
        assert eventually(is_let_in)
        assert not reader.may.is_set()
        reader.may.set()
        assert b"event: done" in first.read()
    assert "乙？" not in reader.asked


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_question_whose_asker_left_is_not_understood_to_the_end(
    archive: Archive, reader: SlowReader, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    completed: list[str] = []
    complete_one = qa.understanding.query_rewriting._complete
    monkeypatch.setattr(
        qa.understanding.query_rewriting,
        "_complete",
        lambda question, *rest: completed.append(question) or complete_one(question, *rest),
    )
    history = [{"question": f"{what}呢？"} for what in ("大桥", "水位", "高度")]
    sent = {"question": "长度呢？", "history": history}
    client = plain(archive, reader, readers=1, max_waiting=0)
    gone = {"waitress.client_disconnected": lambda: True}
    with client.post(path, json=sent, environ_overrides=gone, buffered=False) as response:
        if path == "/api/ask":
            assert response.status_code == 499
        else:
            assert next(response.iter_encoded()) == b": waiting\n\n"
    assert completed == ["大桥呢？"]
    reader.may.set()
    assert client.post("/api/ask", json={"question": WHEN}).status_code == 200


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_question_whose_asker_left_while_it_was_read_is_read_no_more(archive: Archive, reader: SlowReader, path: str) -> None:
    reader.may.set()
    client = plain(archive, reader, readers=1, max_waiting=0)
    both = {"question": "虹渡大桥和卧虹水库分别是什么时候开工的？"}
    assert client.post(path, json=both, buffered=True).status_code == 200
    assert len(reader.asked) > 1
    reader.asked.clear()
    leaves = {"waitress.client_disconnected": lambda: bool(reader.asked)}
    text = client.post(path, json=both, environ_overrides=leaves, buffered=True).text
    assert len(reader.asked) == 1
    assert "event: answer" not in text
    assert "citations" not in text
    assert client.post("/api/ask", json={"question": WHEN}).status_code == 200


def test_a_stream_that_nobody_read_gives_its_place_back(archive: Archive, reader: SlowReader) -> None:
    reader.may.set()
    client = plain(archive, reader, readers=1, max_waiting=0)
    client.post("/api/ask/stream", json={"question": WHEN}, buffered=False).close()
    assert client.post("/api/ask", json={"question": WHEN}).status_code == 200


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_one_question_too_many_is_told_to_come_again(archive: Archive, reader: SlowReader, found: list[str], path: str) -> None:
    with serving(archive, reader, readers=1, max_waiting=1) as client, client.stream(question="甲？") as first:
        assert reader.has_begun()
        with client.stream(question="乙？") as second:
            assert eventually(lambda: "乙？" in found)
            with closing(client.send(path, question="丙？")) as third:
                refused = third.getresponse()
                error = json.loads(refused.read())["error"]
            assert (refused.status, error["code"], error["field"]) == (503, "busy", None)
            assert int(refused.headers["Retry-After"]) > 0
            # Whoever only reads is served meanwhile.
            assert json.loads(client.get("/api/health"))["live"] is True
            assert 'wenbao_asks_total{outcome="refused"} 1.0' in client.get("/metrics")
            reader.may.set()
            for response in (first, second):
                assert b"event: done" in response.read()
        with client.stream(question="丁？") as again:
            assert again.status == 200
            assert b"event: done" in again.read()


@pytest.mark.parametrize(
    ("workers", "readers", "max_waiting", "let_in"), [(32, 2, 24, 26), (8, 2, 24, 7), (2, 1, 5, 1), (1, 2, 5, 2)]
)
def test_questions_leave_a_worker_free_where_there_are_enough(
    workers: int, readers: int, max_waiting: int, let_in: int
) -> None:
    gate = Gate.of(Settings.load(workers=workers, readers=readers, max_waiting=max_waiting))
    for _ in range(let_in):
        gate.enter()
    with pytest.raises(ApiError):
        gate.enter()


def test_seats_go_to_who_came_first_whoever_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(readers=1, waiting=9)
    order: list[int] = []
    with gate.enter() as seated:
        assert list(seated.wait()) == []
        places = [gate.enter() for _ in range(5)]

        def sit(number: int) -> None:
            for _ in places[number].wait():
                pass  # each pulse is a chance to lose one's turn
            order.append(number)
            places[number].free()

        threads = [threading.Thread(target=sit, args=(number,)) for number in (3, 1, 4, 0, 2)]
        for thread in threads:
            thread.start()
        assert eventually(lambda: len(gate._line) == 5)
        time.sleep(0.2)  # several pulses
        seated.free()
        for thread in threads:
            thread.join(LIMIT_SECONDS)
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_waiting_holds_nobody_back() -> None:
    gate = Gate(readers=1, waiting=2)
    first, second, third = gate.enter(), gate.enter(), gate.enter()
    list(first.wait())
    given_up = second.wait()
    assert next(given_up) is None
    given_up.close()
    first.free()
    assert list(third.wait()) == []


def test_past_the_declared_wait_a_question_is_told_to_come_again() -> None:
    gate = Gate(readers=1, waiting=5, longest=0.1)
    first, second = gate.enter(), gate.enter()
    list(first.wait())
    with pytest.raises(ApiError) as refused:
        list(second.wait())
    assert (refused.value.status, int(refused.value.headers["Retry-After"]) > 0) == (503, True)


def test_a_question_that_would_wait_too_long_is_refused_at_once() -> None:
    gate = Gate(readers=2, waiting=50, longest=10)
    list(gate.wait())
    gate.free(4.0)  # seconds that a question takes
    inside = [gate.enter() for _ in range(4)]  # the last is answered after 8 s
    gate.enter()
    with pytest.raises(ApiError) as refused:
        gate.enter()
    assert int(refused.value.headers["Retry-After"]) >= 2
    for place in inside:
        place.close()
    gate.enter()


def test_a_place_given_back_twice_is_one_place() -> None:
    gate = Gate(readers=1, waiting=0)
    place = gate.enter()
    place.close()
    place.close()
    gate.enter()
    with pytest.raises(ApiError):
        gate.enter()
