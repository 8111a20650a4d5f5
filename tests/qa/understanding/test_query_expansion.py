"""Other spellings of a question are asked beside it, and answer only where that is likelier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.answering.answer import Answer
from qa.http.routes.ask.models import AskOut
from qa.pipeline import ask
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.answer_kinds import Kind
from qa.understanding.question import Question
from tests.support.doubles import StubReader


class ByName(StubReader):
    """Finds the first sentence of the first passage, as likely as the first of these words in the question says."""

    def __init__(self, **likely: float) -> None:
        self.likely = likely
        self.read_as: list[Question] = []

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        self.read_as.append(question)
        confidence = next((value for word, value in self.likely.items() if word in question.put), 0.0)
        passage = passages[0].passage
        end = passage.article.body.index("。", passage.start) + 1
        return Reading((Span(passage, passage.start, end, passage.start, end, confidence),), tuple(passages))


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path], tmp_path: Path) -> Archive:
    names = tmp_path / "names.txt"
    names.write_text("砚溪市第一人民医院,市一院,东街医院,老医院", encoding="utf-8")
    opened = open_archive(names=names)
    articles = (
        "体检\n\n砚溪市第一人民医院开放体检。",
        "环卫工\n\n环卫工敖守义捡到现金。",
        "劳模\n\n劳模李丽获奖。劳模李莉获奖。",
    )
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


def asked(archive: Archive, question: str, **likely: float) -> Answer:
    return ask(archive, ByName(**likely), question, min_confidence=0.25)


def test_an_alias_is_asked_with_the_first_other_names_and_answered_where_that_is_likelier(archive: Archive) -> None:
    answer = asked(archive, "市一院开放什么？", 市一院=0.3, 砚溪市第一人民医院=0.9)
    assert AskOut.of(answer).also_asked == ["砚溪市第一人民医院开放什么？", "东街医院开放什么？"]
    assert answer.understood_as == "砚溪市第一人民医院开放什么？"
    assert answer.findings[0].text == "砚溪市第一人民医院开放体检。"
    assert answer.confidence == 0.9


@pytest.mark.parametrize("other", [0.8, 0.5, 0.0])
def test_the_plain_question_answers_unless_another_spelling_is_likelier(archive: Archive, other: float) -> None:
    answer = asked(archive, "市一院开放什么？", 市一院=0.8, 砚溪市第一人民医院=other)
    assert (answer.understood_as, answer.confidence) == ("市一院开放什么？", 0.8)


def test_another_spelling_asks_no_less_how_a_number_went_on(archive: Archive) -> None:
    reader = ByName()
    ask(archive, reader, "市一院的体检人数有什么变化？", min_confidence=0.25)
    assert [(question.text, question.series) for question in reader.read_as] == [
        ("市一院的体检人数是多少？", True),
        ("砚溪市第一人民医院的体检人数是多少？", True),
        ("东街医院的体检人数是多少？", True),
    ]


@pytest.mark.parametrize(
    ("question", "also"),
    [
        ("2024年2月CPI涨了多少？", ["2024年2月居民消费价格指数涨了多少？"]),
        ("制造业采购经理指数是多少？", ["制造业PMI是多少？"]),
        ("国家发改委说了什么？", ["国家发展改革委说了什么？", "国家发展和改革委员会说了什么？"]),
    ],
)
def test_what_print_shortens_is_asked_long_and_short(archive: Archive, question: str, also: list[str]) -> None:
    assert AskOut.of(asked(archive, question)).also_asked == also


def test_the_dictionary_goes_before_what_is_known_of_itself(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path], tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("CPI,虹渡物价指数", encoding="utf-8")
    opened = open_archive(names=names)
    sync(opened, [write_issue("a.md", "2024-03-12", "物价\n\n虹渡物价指数上涨。")])
    assert AskOut.of(asked(opened, "CPI怎样？")).also_asked == ["虹渡物价指数怎样？"]


def test_a_clear_homophone_answers_and_is_shown(archive: Archive) -> None:
    answer = asked(archive, "敖首义捡到什么？", 敖守义=0.9)
    assert answer.understood_as == "敖守义捡到什么？"
    assert answer.findings[0].text == "环卫工敖守义捡到现金。"
    assert AskOut.of(answer).did_you_mean == []


def test_an_english_question_is_searched_in_chinese_words_and_read_as_it_was_asked(archive: Archive) -> None:
    reader = ByName(hospital=0.9)
    answer = ask(archive, reader, "Where did the hospital open?", min_confidence=0.25)
    (chinese,) = AskOut.of(answer).also_asked
    assert "医院" in chinese
    assert answer.understood_as == "Where did the hospital open?"
    (read,) = reader.read_as
    assert (read.put, read.text, read.kind) == ("Where did the hospital open?", chinese, Kind.PLACE)


def test_several_homophones_are_offered_and_not_asked(archive: Archive) -> None:
    answer = asked(archive, "劳模李力做了什么？", 李丽=0.9, 李莉=0.9)
    out = AskOut.of(answer)
    assert not answer.answered
    assert out.also_asked == []
    assert sorted(out.did_you_mean) == ["劳模李丽做了什么？", "劳模李莉做了什么？"]


def test_neither_costs_anything_where_all_is_printed_as_asked(archive: Archive) -> None:
    answer = asked(archive, "敖守义捡到什么？", 敖守义=0.9)
    assert AskOut.of(answer).also_asked == AskOut.of(answer).did_you_mean == []
