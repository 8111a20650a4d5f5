"""Training of how questions are encoded: the right passages, a run that is taken up again, and changes that are loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings.errors import ModelError
from embeddings.models.encoder import SentenceEncoder
from embeddings.models.question_adapter import asking, save_changes
from embeddings.records import Article, Issue
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from qa.training.loop import CHECKPOINT, LOG
from qa.training.recipe import QueryEncoderRecipe
from qa.training.squad import DatasetError, Sample, write_samples
from qa.training.train_query_encoder import (
    Corpus,
    QueryEncoder,
    TrainingQuestion,
    contrastive_loss,
    corpus_of_archive,
    corpus_of_set,
    recall,
    train,
)
from tests.support.doubles import add

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread", "english")]

DAY = date(2024, 5, 6)
TOWNS = ("砚溪", "松烟", "墨池", "竹简", "纸坊", "笔架")
QUICK = QueryEncoderRecipe(epochs=15, learning_rate=2e-2, rank=4, batch_size=3, temperature=0.05, interpolation=1.0)


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        yield


@pytest.fixture(scope="module")
def archive(tiny: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A town in each article, told in two passages, of which the second says how many lanterns it has."""
    made = Archive.open(ArchiveSettings.load(archive=tmp_path_factory.mktemp("tuned")), lambda name: tiny, create=True)
    articles = tuple(
        Article(title=f"{town}灯会", body=f"{town}今日开灯会，" + "人来人往。" * 60 + f"灯会上挂了{number}8{number}盏灯。")
        for number, town in enumerate(TOWNS, start=1)
    )
    add(made, Issue("yxrb-2024-05-06", "yxrb", DAY, articles))
    made.refresh()
    return made


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    lines = [
        {"question": f"{town}那边有几多灯？", "answer": f"{number}8{number}盏", "date": DAY.isoformat(), "title": f"{town}灯会"}
        for number, town in enumerate(TOWNS, start=1)
    ]
    lines.append({"question": "谁赢了？", "answer": None, "date": DAY.isoformat(), "title": "砚溪灯会"})
    path = tmp_path / "asked.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_what_holds_the_answer_is_right_and_its_neighbours_count_neither_way(archive: Archive, questions: Path) -> None:
    corpus = corpus_of_archive(archive, [questions], 0.0)
    assert (len(corpus.questions), len(corpus.held_out)) == (len(TOWNS), 0)
    for one in corpus.questions:
        (row,) = one.positives
        article = corpus.articles[row]
        assert set(one.ignored) == {other for other, its in enumerate(corpus.articles) if its == article and other != row}
        assert one.ignored


def test_articles_are_held_out_whole(archive: Archive, questions: Path) -> None:
    corpus = corpus_of_archive(archive, [questions], 0.5)
    asked, held = ({corpus.articles[one.positives[0]] for one in part} for part in (corpus.questions, corpus.held_out))
    assert asked
    assert held
    assert not asked & held


def test_a_set_brings_its_own_passages(archive: Archive, tiny: SentenceEncoder, tmp_path: Path) -> None:
    texts = [f"{town}有桥一座，长{number}7米。" for number, town in enumerate(TOWNS, start=1)]
    samples = [
        Sample(str(number), f"{town}的桥多长？", text, town, (f"{number}7米",), ((text.index(f"{number}7"), len(text) - 1),))
        for number, (town, text) in enumerate(zip(TOWNS, texts, strict=True), start=1)
    ]
    write_samples(samples, tmp_path / "set.json")
    corpus = corpus_of_set(tmp_path / "set.json", 0.4, tiny, archive.manifest.split, 3, seed=1)
    assert len(corpus.questions) == 3
    asked, held = ({corpus.articles[one.positives[0]] for one in part} for part in (corpus.questions, corpus.held_out))
    assert held
    assert not asked & held
    assert len(corpus.vectors) == len(corpus.articles)


def test_what_stands_aside_counts_neither_way() -> None:
    vectors = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]), dim=1)
    corpus = Corpus(vectors, (0, 1, 2), (), ())
    asked = torch.tensor([[0.6, 0.8]])
    with_it, without = (
        contrastive_loss(asked, corpus, [TrainingQuestion("？", (0,), aside)], 0.1).item() for aside in ((), (1,))
    )
    assert without == pytest.approx(np.log1p(np.exp((0.8 - 0.6) / 0.1)), abs=1e-4)
    assert with_it > without


def test_questions_learn_to_lie_near_what_answers_them(
    archive: Archive, tiny: SentenceEncoder, questions: Path, tmp_path: Path
) -> None:
    corpus = corpus_of_archive(archive, [questions], 0.0)
    before = tiny.encode_passages(["砚溪"])
    train(tiny, {"archive": corpus}, QUICK, tmp_path / "work", tmp_path / "out.safetensors")
    notes = [json.loads(line) for line in (tmp_path / "work" / LOG).read_text(encoding="utf-8").splitlines()]
    assert notes[-1]["step"] == 30
    assert (tiny.encode_passages(["砚溪"]) == before).all()
    changed = asking(tiny._model, tmp_path / "out.safetensors")
    assert changed is not None
    tuned = SentenceEncoder(tiny._model, "tuned", asking=changed)

    def found(encoder: SentenceEncoder) -> float:
        vectors = torch.from_numpy(encoder.encode_queries([one.text for one in corpus.questions]))
        return contrastive_loss(vectors, corpus, corpus.questions, QUICK.temperature).item()

    assert found(tuned) < 0.85 * found(tiny)
    assert (tuned.encode_passages(["砚溪"]) == before).all()


def test_a_run_that_was_cut_off_is_taken_up_again(
    archive: Archive, tiny: SentenceEncoder, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpora = {"archive": corpus_of_archive(archive, [questions], 0.0)}
    train(tiny, corpora, QUICK, tmp_path / "whole", tmp_path / "whole.safetensors")
    state = torch.load(tmp_path / "whole" / CHECKPOINT, weights_only=True)
    calls = 0

    def stop(*given: object) -> torch.Tensor:
        nonlocal calls
        calls += 1
        if calls > 6:
            raise KeyboardInterrupt
        return contrastive_loss(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("qa.training.train_query_encoder.contrastive_loss", stop)
    monkeypatch.setattr("qa.training.loop.SAVE_SECONDS", 0.0)
    torch.manual_seed(1)
    with pytest.raises(KeyboardInterrupt):
        train(tiny, corpora, QUICK, tmp_path / "cut", tmp_path / "cut.safetensors")
    assert not (tmp_path / "cut.safetensors").exists()
    monkeypatch.setattr("qa.training.train_query_encoder.contrastive_loss", contrastive_loss)
    train(tiny, corpora, QUICK, tmp_path / "cut", tmp_path / "cut.safetensors")
    again = torch.load(tmp_path / "cut" / CHECKPOINT, weights_only=True)
    assert again["step"] == state["step"]
    for name, value in again["learned"].items():
        assert torch.allclose(value, state["learned"][name], atol=1e-6), name


def test_without_a_question_there_is_nothing_to_learn(archive: Archive, tiny: SentenceEncoder, tmp_path: Path) -> None:
    empty = Corpus(torch.zeros(0, 32), (), (), ())
    with pytest.raises(DatasetError, match="no question to learn from"):
        train(tiny, {"archive": empty}, QUICK, tmp_path, tmp_path / "out.safetensors")


def test_recall_counts_articles(archive: Archive, tiny: SentenceEncoder, questions: Path) -> None:
    corpus = corpus_of_archive(archive, [questions], 1.0)
    scores = recall(QueryEncoder(tiny, 4), corpus)
    assert scores["recall@10"] == 1.0
    assert scores["recall@1"] <= 1.0


def test_changes_of_another_encoder_are_left_alone(tiny: SentenceEncoder, encoder: SentenceEncoder, tmp_path: Path) -> None:
    save_changes(tmp_path / "changes", tiny.backbone, QueryEncoder(tiny, 4).backbone)
    assert asking(encoder._model, tmp_path / "changes") is None
    assert asking(tiny._model, tmp_path / "none") is None


def test_a_file_that_is_cut_short_is_named(tiny: SentenceEncoder, tmp_path: Path) -> None:
    (tmp_path / "changes").write_bytes(b"cut")
    with pytest.raises(ModelError, match="changes: cannot be read"):
        asking(tiny._model, tmp_path / "changes")


def test_the_shipped_changes_are_of_the_default_model(encoder: SentenceEncoder) -> None:
    assert encoder.encode_queries(["虹渡大桥何时通车？"])[0] != pytest.approx(
        SentenceEncoder(encoder._model, "plain").encode_queries(["虹渡大桥何时通车？"])[0], abs=1e-3
    )
