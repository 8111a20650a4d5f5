"""Everyday words bring the words of print that stand in the archive, which weigh less than those of the question."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.understanding.related_words import read_lines, related_words


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = (
        "油坊\n\n北門油坊昨夜失愼，火熄於翌晨。",
        "用电\n\n全县用电量下降。",
        "死水\n\n死水微澜，死者为大。",
    )
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


@pytest.mark.parametrize(
    ("question", "related"),
    [
        ("油坊着火，第二天早上灭了吗？", ("失慎", "翌晨")),
        ("县里用了多少电？", ("用电量",)),
        ("全县用电量是多少？", ()),
        ("谁写的诗？", ()),
    ],
)
def test_words_of_print_come_for_everyday_words(archive: Archive, question: str, related: tuple[str, ...]) -> None:
    assert related_words(archive, question) == related


def test_a_related_word_finds_what_the_question_does_not_say_and_weighs_less(archive: Archive) -> None:
    alone = {hit.passage.article.title: hit.lexical for hit in archive.search("油坊着火")}
    beside = {hit.passage.article.title: hit.lexical for hit in archive.search("油坊着火", related=("用电量",))}
    own = {hit.passage.article.title: hit.lexical for hit in archive.search("用电量")}
    assert alone["用电"] == 0 < beside["用电"] < own["用电"]
    assert beside["油坊"] == alone["油坊"]


def test_each_line_of_the_table_says_something_new() -> None:
    lines = read_lines((files("qa.understanding") / "everyday_words.txt").read_text(encoding="utf-8"))
    assert [everyday for everyday, printed in lines if not everyday or not set(printed) - set(everyday)] == []
