"""Questions to go on with are what else the article tells, and each is answered by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from embeddings.ingest.sync import sync
from embeddings.records import Passage
from embeddings.store.archive import Archive
from qa.answering.suggested_questions import MOST_ASKED, SUGGESTED, is_answer, suggest_questions, worth_asking
from qa.http.app import create_app
from qa.pipeline import ask
from qa.reading.calibration import LIKELY
from qa.reading.sentence_reader import SentenceReader
from qa.settings import Settings
from tests.support.doubles import ranked

BODY = (
    "砚溪市卧虹水库大坝全长八百六十米。水库管理处今年新聘巡渠员二十三名。放水期间灌溉农田约十四万亩。"
    "渠尾的三鹤村栽下柳树五千三百棵。灯笼巷换装路灯七十二盏。他们领到补贴九百元。"
)


@pytest.fixture
def passage() -> Passage:
    return ranked(BODY, title="卧虹水库放水").passage


def test_each_asks_for_words_of_the_article_and_holds_them_not(passage: Passage) -> None:
    found = list(suggest_questions(passage, ""))
    assert len(found) > 2
    assert len({words for _, words in found}) == len(found)
    for question, words in found:
        assert words in BODY
        assert words not in question
        assert question.endswith("？")


def test_what_was_asked_is_not_asked_again(passage: Passage) -> None:
    asked = "放水期间灌溉农田多少亩？"
    assert "十四万亩" in [words for _, words in suggest_questions(passage, "")]
    assert "十四万亩" not in [words for _, words in suggest_questions(passage, asked)]


def test_what_points_at_words_it_does_not_hold_is_left_out(passage: Passage) -> None:
    assert "九百元" not in [words for _, words in suggest_questions(passage, "")]


def test_they_are_the_same_each_time_and_few(passage: Passage) -> None:
    assert list(worth_asking(passage, "")) == list(worth_asking(passage, ""))
    assert len(list(worth_asking(ranked(BODY * 9).passage, ""))) <= MOST_ASKED


def test_an_article_without_numbers_offers_nothing() -> None:
    assert list(suggest_questions(ranked("市民在灯会上观灯。").passage, "")) == []


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", f"卧虹水库放水\n\n{BODY}", "灯会\n\n灯会来了八万人。")])
    return opened


def test_an_answer_proves_a_question_where_it_is_likely_of_that_article_and_those_words(archive: Archive) -> None:
    answer = ask(archive, SentenceReader(archive), "灯笼巷换装路灯多少盏？", min_confidence=0.0, today=date(2024, 3, 12))
    article_id = answer.citations[0].passage.article_id
    doubtful, answer = (
        replace(answer, findings=(replace(answer.findings[0], confidence=confidence),))
        for confidence in (LIKELY - 0.01, LIKELY)
    )
    assert is_answer(answer, article_id, "七十二盏")
    assert not is_answer(doubtful, article_id, "七十二盏")
    assert not is_answer(answer, article_id, "八十盏")
    assert not is_answer(answer, "another", "七十二盏")


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, SentenceReader(archive), Settings.load(archive=archive.folder)).test_client()


def test_the_route_offers_a_few_each_of_which_the_article_answers(archive: Archive, client: FlaskClient) -> None:
    article_id = next(line.article_id for line in archive.headlines() if line.title == "卧虹水库放水")
    reply = client.get("/api/further", query_string={"article_id": article_id, "asked": "灯笼巷换装路灯多少盏？"})
    questions = reply.json["questions"]
    assert 0 < len(questions) <= SUGGESTED
    for question in questions:
        answered = client.post("/api/ask", json={"question": question}).json
        assert answered["citations"][0]["article_id"] == article_id


def test_an_article_that_is_not_held_is_an_error(client: FlaskClient) -> None:
    reply = client.get("/api/further", query_string={"article_id": "yxrb-1999-01-01-01"})
    assert (reply.status_code, reply.json["error"]["code"]) == (404, "article_not_found")
