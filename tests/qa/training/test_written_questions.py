"""Written questions become samples on the articles that print them; a line that fits none is told, a malformed one named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.__main__ import main
from qa.training.squad import DatasetError, Sample, read_samples, write_samples
from qa.training.written_questions import PrintedArticles, index_articles, index_texts, read_issues, read_written_questions

pytestmark = pytest.mark.usefixtures("english")

BRIDGE = "砚溪大桥于3月12日上午通车，全桥主跨480米，工程总投资12亿元。"
LATER = "夜里的灯由482盏换成520盏，引桥长480米。"
OLD = "砚溪旧桥主跨260米，因年久失修于去年冬天拆除。"
LINE = {"question": "新桥中间一跨有多长？", "answer": "480米", "date": "2024-03-12", "title": "大桥 通车"}


@pytest.fixture
def folder(write_issue: Callable[..., Path]) -> Path:
    return write_issue("a.md", "2024-03-12", f"大桥通车\n\n{BRIDGE}{LATER}", f"旧桥拆除\n\n{OLD}").parent


@pytest.fixture
def articles(folder: Path) -> PrintedArticles:
    return index_articles(read_issues([folder]))


def write(folder: Path, *lines: object) -> Path:
    path = folder / "asked.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def only(articles: PrintedArticles, path: Path, split: str | None = None) -> Sample:
    (sample,) = read_written_questions(articles, path, split).samples
    return sample


def test_a_question_stands_on_its_article_whatever_the_marks_in_its_headline(articles: PrintedArticles, tmp_path: Path) -> None:
    sample = only(articles, write(tmp_path, LINE))
    assert (sample.context, sample.answers) == (BRIDGE + LATER, ("480米",))
    assert sample.title == "2024年3月12日 大桥通车"


def test_of_two_places_the_one_meant_is_that_of_the_likelier_sentence(articles: PrintedArticles, tmp_path: Path) -> None:
    first = only(articles, write(tmp_path, LINE | {"question": "全桥主跨多少"}))
    second = only(articles, write(tmp_path, LINE | {"question": "引桥长多少"}))
    assert [sample.spans for sample in (first, second)] == [((19, 23),), ((53, 57),)]


def test_where_the_passage_is_told_the_answer_is_the_first_in_it(articles: PrintedArticles, tmp_path: Path) -> None:
    sample = only(articles, write(tmp_path, LINE | {"question": "全桥主跨多少", "from": len(BRIDGE)}))
    assert sample.context[: sample.spans[0][0]].endswith("引桥长")


def test_what_is_not_told_comes_with_the_stretch_that_deceives(articles: PrintedArticles, tmp_path: Path) -> None:
    sample = only(articles, write(tmp_path, LINE | {"question": "引桥的灯花了多少钱？", "answer": None}))
    assert (sample.answers, sample.spans) == ((), ())
    assert LATER in sample.context
    seen = only(articles, write(tmp_path, LINE | {"question": "引桥的灯花了多少钱？", "answer": None, "from": len(BRIDGE)}))
    assert seen.context == LATER


def test_a_passage_of_a_set_is_named_by_its_digest(tmp_path: Path) -> None:
    texts = index_texts([OLD])
    ((_, digest),) = texts
    sample = only(texts, write(tmp_path, {"question": "旧桥主跨多少？", "answer": "260米", "passage": digest}))
    assert (sample.context, sample.title) == (OLD, "")


@pytest.mark.parametrize(
    "line",
    [LINE | {"title": "别的"}, LINE | {"date": "2024-03-13"}, LINE | {"answer": "481米"}],
    ids=["title", "day", "answer"],
)
def test_a_line_that_no_issue_prints_is_told(articles: PrintedArticles, tmp_path: Path, line: object) -> None:
    made = read_written_questions(articles, write(tmp_path, LINE, line))
    assert [sample.question for sample in made.samples] == [LINE["question"]]
    assert [missed.number for missed in made.missed] == [2]


@pytest.mark.parametrize("line", [{"question": "谁？"}, LINE | {"from": -1}], ids=["fields", "place"])
def test_a_malformed_line_is_named(articles: PrintedArticles, tmp_path: Path, line: object) -> None:
    path = write(tmp_path, LINE, line)
    with pytest.raises(DatasetError, match="question, answer, date and title are wanted") as caught:
        read_written_questions(articles, path)
    assert f"{path}:2" in str(caught.value)


def test_the_command_writes_those_of_a_split_as_a_set(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "set.json"
    asked = write(tmp_path, LINE | {"split": "train"}, LINE | {"split": "dev"}, LINE | {"split": "train", "answer": "481米"})
    assert main(["generate", str(out), "--asked", str(asked), "--issues", str(folder), "--split", "train", "--lang", "en"]) == 0
    assert [sample.question for sample in read_samples(out)] == [LINE["question"]]
    assert "asked.jsonl:3: no issue prints this article" in capsys.readouterr().err


def test_recurring_words_of_a_set_are_asked_by_the_command(tmp_path: Path) -> None:
    context = "市财政安排了3.86亿元的专项资金，专门用于水库扩建工程。这项工程的总投资预计为3.86亿元，将分三年完成。"
    texts, out = tmp_path / "texts.json", tmp_path / "set.json"
    write_samples([Sample("a", "？", context, "", ("水库",), ((25, 27),))], texts)
    assert main(["generate", str(out), "--recurring", "3", "--texts", f"{texts}:0"]) == 0
    assert {sample.answers for sample in read_samples(out)} == {("3.86亿元",)}
