"""The questions chosen_examples to a first-time visitor are those that the archive answers shortly, surely and rightly."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.settings import SettingsError
from embeddings.store.archive import Archive
from qa.answering.example_questions import ExampleChooser, ExampleQuestion, load_example_questions
from qa.pipeline import ask
from qa.reading.calibration import LIKELY
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.question import Question
from tests.support.doubles import StubReader

pytestmark = pytest.mark.usefixtures("english")

BODY = "虹渡大桥全长1286米，总投资8.9亿元，由砚溪路桥建设有限公司承建，连接墨池区与南渡区，国庆节前正式通车。"
SAID = {
    "全长多少？": ("1286米", 0.9),
    "总投资多少？": ("1286米", 0.9),
    "谁承建？": ("由砚溪路桥建设有限公司承建，连接墨池区与南渡区，国庆节前", 0.9),
    "连接哪里？": ("墨池区与南渡区", 0.4),
    "何时通车？": ("国庆节前", 0.6),
}


class KnowingReader(StubReader):
    """Marks what the table above says of a question, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        self.asked += 1
        said = SAID.get(question.text)
        if said is None or not passages:
            return Reading((), tuple(passages))
        passage = passages[0].passage
        start = passage.article.body.index(said[0])
        end = start + len(said[0])
        return Reading((Span(passage, start, end, 0, len(passage.article.body), said[1]),), tuple(passages))


def examples_of(archive: Archive, reader: KnowingReader, examples: Sequence[ExampleQuestion]) -> ExampleChooser:
    return ExampleChooser(archive, partial(ask, archive, reader, min_confidence=LIKELY), examples)


def chosen_examples(examples: ExampleChooser) -> list[str]:
    examples.shown()
    examples.settle()
    return examples.shown()


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("2024-03-12.md", "2024-03-12", f"大桥\n\n{BODY}")])
    return opened


def test_only_short_likely_and_right_answers_are_offered(archive: Archive) -> None:
    told = {"全长多少？": "1286米", "总投资多少？": "8.9亿元", "谁承建？": "砚溪路桥建设有限公司", "连接哪里？": None}
    examples = [*(ExampleQuestion(question, answer) for question, answer in told.items()), ExampleQuestion("何时通车？", None)]
    assert chosen_examples(examples_of(archive, KnowingReader(), [ExampleQuestion("闻所未闻？", "有"), *examples])) == [
        "全长多少？",
        "何时通车？",
    ]


def test_no_more_are_asked_than_are_offered(archive: Archive) -> None:
    reader = KnowingReader()
    assert len(chosen_examples(examples_of(archive, reader, [ExampleQuestion("全长多少？", None)] * 9))) == 4
    assert reader.asked == 4


def test_they_are_chosen_anew_when_the_archive_changed(archive: Archive, write_issue: Callable[..., Path]) -> None:
    reader = KnowingReader()
    examples = examples_of(archive, reader, [ExampleQuestion("全长多少？", None)])
    assert chosen_examples(examples) == chosen_examples(examples) == ["全长多少？"]
    assert reader.asked == 1
    archive.remove(["yxrb-2024-03-12"])
    assert examples.shown() == ["全长多少？"]  # nobody waits for the new choice
    assert chosen_examples(examples) == []


def test_a_file_tells_questions_with_their_answers(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = [{"question": "甲？", "answer": "有"}, {"question": "乙？", "answer": None}, {"question": "丙？"}]
    path.write_text("\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert load_example_questions(path) == [ExampleQuestion("甲？", "有"), ExampleQuestion("丙？", None)]


@pytest.mark.parametrize("line", ["{", "[]", "5", '{"answer": "x"}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "有吗？"}\n' + line, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"questions\.jsonl:2"):
        load_example_questions(path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes('{"question": "有吗？"}'.encode("gb18030"))
    with pytest.raises(SettingsError, match=r"questions\.jsonl: not UTF-8"):
        load_example_questions(path)
