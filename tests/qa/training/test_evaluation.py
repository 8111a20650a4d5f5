"""Figures over questions with known answers, and the predictions that they count."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import embeddings.store.archive
from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from embeddings.text.sentences import sentence_spans
from qa.__main__ import main
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.training import evaluation
from qa.training.evaluation import EvaluationQuestion, Figures, Tally, measure_gold, read_questions, read_squad
from qa.training.squad import DatasetError
from qa.understanding.query_rewriting import Turn
from qa.understanding.question import Question
from tests.support.doubles import StubReader, ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

BODY = "砚溪大桥长六百米。大桥由宋知远设计，三月合龙。"
LENGTH, DESIGNER, PRICE = "大桥长多少？", "大桥由谁设计？", "大桥花了多少钱？"


class Told(StubReader):
    """Marks the words it is told for a question, with a confidence; finds nothing for others."""

    def __init__(self, **told: tuple[str, float]) -> None:
        self._told = dict(zip((LENGTH, DESIGNER, PRICE), told.values(), strict=False))

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        passage = passages[0].passage
        words, confidence = self._told.get(question.text, ("", 0.0))
        if not words:
            return Reading((), tuple(passages))
        start = passage.article.body.index(words)
        (quote,) = [span for span in sentence_spans(passage.article.body) if span[0] <= start < span[1]]
        return Reading((Span(passage, start, start + len(words), *quote, confidence),), tuple(passages))


def example(question: str, *answers: str, evidences: tuple[str, ...] = ()) -> EvaluationQuestion:
    places = frozenset({("2000-01-01", "#0")}) if answers else frozenset()
    return EvaluationQuestion(question, question, places, answers, evidences=evidences, context=BODY)


def gold(reader: Told, *examples: EvaluationQuestion, threshold: float = 0.5) -> tuple[Figures, dict[str, Any]]:
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
    monkeypatch.setattr(evaluation, "load_encoder", lambda *_: ToyEncoder())
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


def test_a_line_tells_its_history_its_day_and_its_sister(tmp_path: Path) -> None:
    line = {
        "question": "那2025年呢？", "date": "2025-06-07", "title": "灯会开幕", "answer": "9万", "kind": "follow_up",
        "today": "2025-06-08", "history": [{"question": "2024年灯会来了多少人？", "answer": "8万"}],
        "rival": {"date": "2024-06-07", "title": "灯会开幕", "answer": "8万"}, "answers": ["9万", "3万"],
        "timeline": [{"date": "2025-06-06", "title": "灯会预告", "answer": "1万"}],
    }  # fmt: skip
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    (found,) = read_questions(path)
    assert found.history == (Turn("2024年灯会来了多少人？", "8万"),)
    assert (found.today, found.items) == (date(2025, 6, 8), ("9万", "3万"))
    assert found.rivals == {("2024-06-07", "灯会开幕")}
    assert found.moments == {("2025-06-06", "灯会预告")}
    assert found.places == {("2025-06-07", "灯会开幕"), ("2025-06-06", "灯会预告")}


def test_figures_are_told_for_each_kind_and_history_can_be_left_out(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    archive = open_archive()
    monkeypatch.setattr(embeddings.store.archive, "load_encoder", lambda *_: ToyEncoder())
    monkeypatch.setattr(Archive, "open", lambda *_, **__: archive)
    sync(archive, [
        write_issue("a.md", "2024-03-12", "松烟县灯会\n\n松烟县灯会来了八万人。", "春笋\n\n春笋每斤四元。"),
        write_issue("b.md", "2024-03-13", "墨池区灯会\n\n墨池区灯会来了九万人。"),
    ])  # fmt: skip
    asked = {
        "question": "松烟县灯会来了多少人？",
        "date": "2024-03-12",
        "title": "松烟县灯会",
        "answer": "八万人",
        "kind": "dated",
    }
    turn = {"question": asked["question"], "answer": "八万人"}
    other = {
        "question": "那墨池区呢？", "date": "2024-03-13", "title": "墨池区灯会", "answer": "九万人", "kind": "follow_up",
        "history": [turn],
    }  # fmt: skip
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in (asked, other)), encoding="utf-8")
    assert main(["evaluate", str(path), "--retrieval-only"]) == 0
    rows = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert rows["dated"][1:3] == rows["follow_up"][1:3] == ["1", "1.000"]
    assert main(["evaluate", str(path), "--retrieval-only", "--without-history", "--json"]) == 0
    kinds = json.loads(capsys.readouterr().out)["q.jsonl"]["kinds"]
    assert set(kinds) == {"dated", "follow_up"}


class Counting(StubReader):
    """Marks the number of each passage, those of later days less likely."""

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        spans = []
        for ranked in passages:
            body = ranked.passage.article.body
            end = body.index("人受伤") + 1
            day = ranked.passage.issue_date.day
            spans.append(Span(ranked.passage, end - 2, end, 0, len(body), 0.9 - day / 100))
        return Reading(tuple(sorted(spans, key=lambda span: -span.confidence)), tuple(passages))


def test_the_articles_of_a_timeline_and_the_items_of_a_list_are_counted(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    for day, count in ((12, 3), (13, 5), (14, 8)):
        sync(archive, [write_issue(f"{day}.md", f"2024-03-{day}", f"山火致{count}人受伤\n\n砚溪山火已致{count}人受伤。")])
    places = frozenset((f"2024-03-{day}", f"山火致{count}人受伤") for day, count in ((12, 3), (13, 5), (15, 9)))
    question = "砚溪山火的受伤人数是怎么上升的？"
    asked = EvaluationQuestion(question, question, places, ("8人",), "timeline", moments=places, items=("8人", "9人"))
    found = evaluation.measure(archive, [asked], Counting(), 0.2).kinds["timeline"]
    assert (found.moments, found.items, found.right_words) == (pytest.approx(2 / 3), 0.5, 1.0)
