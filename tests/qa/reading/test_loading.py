"""Which reader answers, and that the API says so."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch

from embeddings.ingest.sync import sync
from embeddings.models.encoder import SentenceEncoder
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.adapter import FACTS_FILE, WEIGHTS_FILE, AdapterError, build, save_adapter
from qa.reading.calibration import UNCALIBRATED
from qa.reading.loading import load_reader, min_confidence_of
from qa.reading.reader import Reading
from qa.reading.sentence_reader import SentenceReader
from qa.reading.span_reader import SpanReader
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.question import Question
from tests.support.doubles import StubReader, tiny_encoder

pytestmark = pytest.mark.usefixtures("one_thread", "english")

CALIBRATION = {**UNCALIBRATED, "chance.intercept": 2.0}


def save(folder: Path, encoder: SentenceEncoder) -> Path:
    save_adapter(
        folder, build(encoder.backbone), encoder.backbone, name="tiny-reader", base_name="the tiny model",
        calibration=CALIBRATION,
    )  # fmt: skip
    return folder


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the adapter that comes with the package: empty."""
    folder = tmp_path / "shipped"
    monkeypatch.setattr("qa.reading.loading.SHIPPED", folder)
    return folder


@pytest.fixture
def archive(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path], tiny: SentenceEncoder, shipped: Path
) -> Archive:
    opened = open_archive(encoder=tiny)
    sync(opened, [write_issue("a.md", "2024-03-12", "水库\n\n水库3月13日放水。市民围观。", "大桥\n\n大桥合龙。")])
    return opened


def settings(archive: Archive, adapter: Path | None = None) -> Settings:
    return Settings.load(archive=archive.folder, adapter=adapter)


def asked(archive: Archive, chosen: Settings) -> dict[str, object]:
    """Ask through the API, as a visitor does."""
    client = create_app(archive, load_reader(archive, chosen), chosen).test_client()
    response = client.post("/api/ask", json={"question": "水库何时放水？"})
    assert response.status_code == 200
    body: dict[str, object] = response.json
    return body


def test_without_an_adapter_the_sentence_extractor_answers(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "wenbao"):
        reader = load_reader(archive, settings(archive))
    assert isinstance(reader, SentenceReader)
    assert "shipped: no adapter; the sentence extractor answers" in caplog.text
    assert asked(archive, settings(archive))["reader"] == SentenceReader.name


def test_the_shipped_adapter_answers_where_it_fits(archive: Archive, shipped: Path, tiny: SentenceEncoder) -> None:
    save(shipped, tiny)
    reader = load_reader(archive, settings(archive))
    assert isinstance(reader, SpanReader)
    assert (reader.name, reader.calibration) == ("tiny-reader", CALIBRATION)
    body = asked(archive, settings(archive))
    assert body["reader"] == "tiny-reader"
    assert body["answered"]  # the calibration above believes anything; it is a slice of the print all the same
    assert str(body["answer"]) in "水库3月13日放水。市民围观。大桥合龙。"


def test_an_adapter_that_was_asked_for_comes_before_the_shipped_one(
    archive: Archive, shipped: Path, tiny: SentenceEncoder, tmp_path: Path
) -> None:
    save(shipped, tiny)
    own = save(tmp_path / "own", tiny)
    facts = json.loads((own / FACTS_FILE).read_text(encoding="utf-8"))
    (own / FACTS_FILE).write_text(json.dumps({**facts, "name": "own-reader"}), encoding="utf-8")
    assert load_reader(archive, settings(archive, own)).name == "own-reader"


def test_an_adapter_is_asked_for_in_the_environment(
    archive: Archive, tiny: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENBAO_ADAPTER", str(save(tmp_path / "own", tiny)))
    assert load_reader(archive, settings(archive)).name == "tiny-reader"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """An adapter that was trained on another encoder of the same shape."""
    other = tiny_encoder(tmp_path / "other", seed=2)
    with torch.no_grad():  # fresh weights differ in their matrices alone, those of two trained models everywhere
        for value in other.backbone.parameters():
            value.add_(0.01)
    return save(tmp_path / "foreign", other)


def test_a_shipped_adapter_for_another_encoder_is_left_out(
    archive: Archive, foreign: Path, shipped: Path, tiny: SentenceEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    foreign.rename(shipped)
    with caplog.at_level(logging.WARNING, "wenbao"):
        assert isinstance(load_reader(archive, settings(archive)), SentenceReader)
    assert f"trained on the tiny model, not on {tiny.name}" in caplog.text


def test_a_shipped_adapter_is_left_out_where_the_encoder_has_no_layers(
    open_archive: Callable[..., Archive], shipped: Path, tiny: SentenceEncoder
) -> None:
    save(shipped, tiny)
    toy_archive = open_archive()
    assert isinstance(load_reader(toy_archive, settings(toy_archive)), SentenceReader)


def test_an_adapter_for_another_encoder_is_refused_where_it_was_asked_for(
    archive: Archive, foreign: Path, tiny: SentenceEncoder
) -> None:
    with pytest.raises(AdapterError) as refused:
        load_reader(archive, settings(archive, foreign))
    told = str(refused.value)
    assert str(foreign) in told
    assert f"trained on the tiny model, not on {tiny.name}" in told
    assert "leave WENBAO_ADAPTER out, or train one with: python -m qa train" in told


def test_a_folder_without_adapter_is_refused_where_it_was_asked_for(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match=r"none: no adapter; leave WENBAO_ADAPTER out"):
        load_reader(archive, settings(archive, tmp_path / "none"))


def test_a_damaged_adapter_is_refused_even_where_it_is_shipped(archive: Archive, shipped: Path, tiny: SentenceEncoder) -> None:
    (save(shipped, tiny) / WEIGHTS_FILE).write_bytes(b"cut")
    with pytest.raises(AdapterError, match=r"adapter\.safetensors: missing, or not"):
        load_reader(archive, settings(archive))


class Silent(StubReader):
    """Finds nothing."""

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        return Reading((), tuple(passages))


def test_the_reader_says_from_where_it_answers_unless_a_setting_does() -> None:
    reader = Silent()
    assert min_confidence_of(Settings(min_confidence=None), reader) == StubReader.min_confidence
    assert min_confidence_of(Settings(min_confidence=0.0), reader) == 0.0
