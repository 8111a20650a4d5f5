"""What the server counts: asks by outcome, the time of each step, and what the archive holds now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.question import Question
from tests.support.doubles import StubReader

Values = dict[tuple[str, str], float]


class Wavering(StubReader):
    """Answers, declines or fails, as the question wants it."""

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        if "坏" in question.text:
            raise RuntimeError("broken")
        passage = passages[0].passage
        confidence = 0.9 if "放水" in question.text else 0.1
        return Reading((Span(passage, 0, 2, 0, len(passage.article.body), confidence),), tuple(passages))


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", "水库\n\n水库开闸放水。", "大桥\n\n大桥合龙。")])
    return opened


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


def serve(archive: Archive, **settings: Any) -> FlaskClient:
    return create_app(archive, Wavering(), Settings.load(archive=archive.folder, **settings)).test_client()


def scrape(client: FlaskClient) -> Values:
    """Return each sample as (name, value of its one label or nothing)."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    samples = [sample for family in text_string_to_metric_families(response.text) for sample in family.samples]
    return {(sample.name, next(iter(sample.labels.values()), "")): sample.value for sample in samples if len(sample.labels) < 2}


def asks(values: Values) -> dict[str, float]:
    return {outcome: value for (name, outcome), value in values.items() if name == "wenbao_asks_total"}


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_asks_are_counted_by_their_outcome(client: FlaskClient, path: str) -> None:
    assert asks(scrape(client)) == {"answered": 0, "declined": 0, "met": 0, "error": 0, "refused": 0}
    for question in ("水库放水？", "何时放水？", "水库多深？", "水库坏了？", "你好"):
        with client.post(path, json={"question": question}) as response:
            assert response.data
    client.post(path, json={"question": ""})
    assert asks(scrape(client)) == {"answered": 2, "declined": 1, "met": 1, "error": 1, "refused": 0}


def test_each_step_is_timed_in_seconds(client: FlaskClient) -> None:
    took = client.post("/api/ask", json={"question": "水库放水？"}).json["took_ms"]
    values = scrape(client)
    for stage in ("understand", "retrieve", "read"):
        assert values["wenbao_stage_seconds_count", stage] == 1
        assert values["wenbao_stage_seconds_sum", stage] == pytest.approx(took[stage] / 1000, abs=0.0001)


def test_what_the_archive_holds_is_told_as_it_is_now(
    client: FlaskClient, open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    def held() -> list[float]:
        values = scrape(client)
        return [values[f"wenbao_{name}", ""] for name in ("issues", "articles", "chunks", "index_generation")]

    assert held() == [1, 2, 2, 1]
    sync(open_archive(), [write_issue("b.md", "2024-03-13", "春笋\n\n春笋上市。")])
    assert held() == [2, 3, 3, 2]


def test_the_process_is_watched(client: FlaskClient) -> None:
    values = scrape(client)
    assert values["process_resident_memory_bytes", ""] > 1e6
    assert values["process_start_time_seconds", ""] > 1e9


def test_two_applications_count_apart(archive: Archive) -> None:
    one, other = serve(archive), serve(archive)
    one.post("/api/ask", json={"question": "水库放水？"})
    assert asks(scrape(one))["answered"] == 1
    assert asks(scrape(other))["answered"] == 0


def test_no_words_of_a_question_are_told(client: FlaskClient) -> None:
    client.post("/api/ask", json={"question": "水库放水？"})
    assert "水库" not in client.get("/metrics").text
