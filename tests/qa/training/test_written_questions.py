"""Questions written on an archive's passages become samples; a line that fits no passage is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.__main__ import main
from qa.training.squad import DatasetError, Sample, read_samples, write_samples
from qa.training.written_questions import read_written_questions

pytestmark = pytest.mark.usefixtures("english")

BRIDGE = "砚溪大桥于3月12日上午通车，全桥主跨480米，工程总投资12亿元。"
OLD = "砚溪旧桥主跨260米，因年久失修于去年冬天拆除。"
LINE = {
    "question": "新桥中间一跨有多长？", "answer": "480米", "date": "2024-03-12", "title": "大桥通车",
    "article": "yxrb-2024-03-12-01", "from": 0,
}  # fmt: skip


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", f"大桥通车\n\n{BRIDGE}", f"旧桥拆除\n\n{OLD}")])
    return opened


def write(folder: Path, *lines: object) -> Path:
    path = folder / "asked.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_question_comes_with_its_passage_and_those_that_deceive(archive: Archive, tmp_path: Path) -> None:
    (sample,) = read_written_questions(archive, write(tmp_path, LINE))
    ((start, end),) = sample.spans
    assert (sample.context, sample.context[start:end], sample.answers) == (BRIDGE, "480米", ("480米",))
    assert sample.title == "2024年3月12日 大桥通车"
    assert [(other.title, other.context) for other in sample.hard_negatives] == [("2024年3月12日 旧桥拆除", OLD)]


def test_a_passage_that_holds_the_answer_does_not_deceive(archive: Archive, tmp_path: Path) -> None:
    (sample,) = read_written_questions(archive, write(tmp_path, LINE | {"question": "哪座桥今年通车？", "answer": "砚溪"}))
    assert sample.hard_negatives == ()


def test_what_the_passage_does_not_say_has_no_answer(archive: Archive, tmp_path: Path) -> None:
    (sample,) = read_written_questions(archive, write(tmp_path, LINE | {"question": "新桥有几座桥墩？", "answer": None}))
    assert (sample.answers, sample.spans, sample.context) == ((), (), BRIDGE)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE | {"title": "别的"}, "the archive prints no such passage"),
        (LINE | {"from": 5}, "the archive prints no such passage"),
        (LINE | {"article": "yxrb-2030-01-01-01"}, "the archive prints no such passage"),
        (LINE | {"answer": "481米"}, "the passage does not hold \"481米\""),
        ({"question": "谁？"}, "question, answer, article, from, date and title are wanted"),
    ],
    ids=["title", "place", "article", "answer", "fields"],
)  # fmt: skip
def test_a_bad_line_is_named(archive: Archive, tmp_path: Path, line: object, reason: str) -> None:
    path = write(tmp_path, LINE, line)
    with pytest.raises(DatasetError, match=reason) as caught:
        list(read_written_questions(archive, path))
    assert f"{path}:2" in str(caught.value)


def test_the_command_writes_them_as_a_set(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.store.archive.Archive.open", lambda settings: archive)
    out = tmp_path / "set.json"
    assert main(["generate", str(out), "--asked", str(write(tmp_path, LINE))]) == 0
    assert [sample.question for sample in read_samples(out)] == ["新桥中间一跨有多长？"]


def test_recurring_words_of_a_set_are_asked_by_the_command(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.store.archive.Archive.open", lambda settings: archive)
    context = "市财政安排了3.86亿元的专项资金，专门用于水库扩建工程。这项工程的总投资预计为3.86亿元，将分三年完成。"
    texts, out = tmp_path / "texts.json", tmp_path / "set.json"
    write_samples([Sample("a", "？", context, "", ("水库",), ((25, 27),))], texts)
    assert main(["generate", str(out), "--recurring", "3", "--texts", f"{texts}:0"]) == 0
    assert {sample.answers for sample in read_samples(out)} == {("3.86亿元",)}
