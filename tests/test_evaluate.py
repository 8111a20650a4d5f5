"""Figures over questions with known answers, and the predictions that they count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import StubReader, ToyEncoder

from embeddings.sentences import sentence_spans
from qa import evaluate
from qa.__main__ import main
from qa.evaluate import Example, Figures, Tally, measure_gold, read_squad
from qa.mrc import DatasetError
from qa.question import Question
from qa.read import Reading, Span
from qa.retrieve import Ranked

BODY = "砚溪大桥长六百米。大桥由宋知远设计，三月合龙。"
LENGTH, DESIGNER, PRICE = "大桥长多少？", "大桥由谁设计？", "大桥花了多少钱？"


class Told(StubReader):
    """Marks the words it is told for a question, with a confidence; finds nothing for others."""

    def __init__(self, **told: tuple[str, float]) -> None:
        self._told = dict(zip((LENGTH, DESIGNER, PRICE), told.values(), strict=False))

    def read(self, question: Question, passages: Sequence[Ranked]) -> Reading:
        passage = passages[0].passage
        words, confidence = self._told.get(question.text, ("", 0.0))
        if not words:
            return Reading((), tuple(passages))
        start = passage.article.body.index(words)
        (quote,) = [span for span in sentence_spans(passage.article.body) if span[0] <= start < span[1]]
        return Reading((Span(passage, start, start + len(words), *quote, confidence),), tuple(passages))


def example(question: str, *answers: str, evidences: tuple[str, ...] = ()) -> Example:
    places = frozenset({("2000-01-01", "#0")}) if answers else frozenset()
    return Example(question, question, places, answers, evidences=evidences, context=BODY)


def gold(reader: Told, *examples: Example, threshold: float = 0.5) -> tuple[Figures, dict[str, Any]]:
    return measure_gold(examples, reader, threshold)


def test_the_likeliest_words_are_scored_even_where_they_were_held_back() -> None:
    figures, predictions = gold(
        Told(length=("六百米", 0.9), designer=("宋知远设计", 0.2)), example(LENGTH, "六百米"), example(DESIGNER, "宋知远")
    )
    assert (figures.em, figures.wrongly_declined, figures.right_words) == (0.5, 0.5, 0.5)
    assert figures.f1 == pytest.approx((1 + 2 * 3 / 8) / 2)
    assert predictions[DESIGNER] == {
        "answer": "宋知远设计", "quote": "大桥由宋知远设计，三月合龙。", "confidence": 0.2, "answered": False,
    }  # fmt: skip


def test_an_answer_of_several_references_counts_by_the_best() -> None:
    figures, _ = gold(Told(length=("六百米", 0.9)), example(LENGTH, "长六百米", "六百米", "六百"))
    assert (figures.em, figures.f1) == (1.0, 1.0)


def test_the_quote_is_scored_against_the_proving_sentence() -> None:
    proven = example(LENGTH, "六百米", evidences=("砚溪大桥长六百米。",))
    assert gold(Told(length=("六百米", 0.9)), proven)[0].evidence_f1 == 1.0
    assert gold(Told(length=("三月", 0.9)), proven)[0].evidence_f1 == pytest.approx(2 * 2 / (8 + 12))
    assert gold(Told(length=("三月", 0.9)), example(LENGTH, "六百米"))[0].evidence_f1 is None


def test_questions_without_an_answer_count_for_declining_alone() -> None:
    figures, predictions = gold(Told(length=("六百米", 0.9), designer=("", 0), price=("三月", 0.6)), example(PRICE))
    assert (figures.declined, figures.em, figures.f1, figures.wrongly_declined) == (0.0, None, None, None)
    assert predictions[PRICE]["answered"]
    figures, _ = gold(Told(length=("六百米", 0.9), designer=("", 0), price=("三月", 0.6)), example(PRICE), threshold=0.7)
    assert figures.declined == 1.0


def test_nothing_found_scores_nothing() -> None:
    figures, predictions = gold(Told(), example(LENGTH, "六百米"), threshold=0.0)
    assert (figures.em, figures.f1, figures.wrongly_declined) == (0.0, 0.0, 1.0)
    assert predictions[LENGTH] == {"answer": "", "quote": "", "confidence": 0.0, "answered": False}


def test_a_question_that_nothing_is_cited_for_counts_as_wrong() -> None:
    tally = Tally()
    tally.add_citation(example(LENGTH, "六百米"), ())
    tally.add_citation(example(PRICE), ())
    assert tally.figures(2).cited_first == 0.0


@pytest.fixture
def squad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of two passages, read by the sentence extractor over the toy encoder."""
    monkeypatch.setattr(evaluate, "load_encoder", lambda *_: ToyEncoder())
    other = "春笋大量上市，每斤四元。"

    def asked(question: str, *answers: str) -> dict[str, object]:
        return {"id": question, "question": question, "answers": [{"text": text, "answer_start": 0} for text in answers]}

    paragraphs = [
        {"context": BODY, "qas": [asked(LENGTH, "六百米"), asked(PRICE)]},
        {"context": other, "qas": [asked("春笋每斤多少元？", "四元")]},
    ]
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"title": "大桥", "paragraphs": paragraphs}]}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("way", ["--gold-passage", "--corpus"])
def test_a_set_is_read_in_its_own_passages_or_over_all(
    squad: Path, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main(["evaluate", str(squad), way, "--predictions", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["set.json"]
    assert (figures["questions"], figures["em"], figures["f1"]) == (3, 1.0, 1.0)
    assert (figures["recall_at_1"] is None) == (way == "--gold-passage")
    predictions = json.loads(out.read_text(encoding="utf-8"))
    assert set(predictions) == {LENGTH, PRICE, "春笋每斤多少元？"}
    assert predictions[LENGTH].keys() == {"answer", "quote", "confidence", "answered"}
    assert (predictions[LENGTH]["answer"], predictions[LENGTH]["quote"]) == ("六百米", "砚溪大桥长六百米。")


def test_only_so_many_questions_are_asked(squad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(squad), "--gold-passage", "--limit", "1"]) == 0
    printed = capsys.readouterr().out.split()
    assert printed[printed.index("questions") + 1] == "1"


def test_headlines_of_a_set_do_not_help_the_search(squad: Path) -> None:
    articles, examples = read_squad(squad)
    assert [article.title for article in articles] == ["", ""]
    assert [len(one.places) for one in examples] == [1, 0, 1]


def test_a_file_of_another_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"data": [{"title": "大桥"}]}', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"other\.json: not a SQuAD-shaped file"):
        read_squad(path)
