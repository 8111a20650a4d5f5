"""English questions in Chinese words: what asks, names, numbers, and the words that the archive prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.understanding import pinyin_names
from qa.understanding.translation import in_chinese


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = (
        "新加坡\n\n新加坡总理来访。总理谈到水库。",
        "水库\n\n卧虹水库放水，票房与此无关。",
        "杭州\n\n杭州的水库也放水。",
        "海水\n\n以色列访问团潜水，看到海里的船。",
        "分享\n\n大家分享，贸易占比提高。",
    )
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("Who is the prime minister of Singapore?", "新加坡总理是谁？"),
        ("How much was the box office in 2023?", "票房2023年是多少？"),
        ("When did the reservoir in Hangzhou open?", "水库杭州是什么时候？"),
        ("Who visited the reservoir on 7 August 2024?", "访问水库2024年8月7日是谁？"),
        ("How many Israeli ships were met?", "以色列船有多少？"),
        ("What was the share of trade?", "贸易占比是多少？"),
        ("What was the share of trade when ships came?", "贸易船占比是多少？"),
        ("How long does the visit to Hangzhou last?", "访问杭州多长时间？"),
        ("How long is the ship?", "船全长是多少？"),
        ("Was the reservoir opened?", "水库吗？"),
        ("Where is the C919?", None),
        ("水库 who is it?", None),
        ("reservoir", None),
        ("", None),
    ],
    ids=[
        "of",
        "a year",
        "a name in pinyin",
        "a date",
        "of a country",
        "a term of the news",
        "when of what is asked",
        "a length of time",
        "a length",
        "yes or no",
        "no word known",
        "Chinese",
        "nothing asked",
        "empty",
    ],
)
def test_an_english_question_takes_the_words_that_are_printed(archive: Archive, question: str, chinese: str | None) -> None:
    assert in_chinese(archive, question) == chinese


def test_an_empty_archive_has_no_words(open_archive: Callable[..., Archive]) -> None:
    assert in_chinese(open_archive(), "Who is the prime minister of Singapore?") is None


def test_few_words_of_a_question_are_tried_as_pinyin(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(pinyin_names, "people", lambda archive, surname, given: tried.append(given) or [])
    monkeypatch.setattr(pinyin_names, "words", lambda archive, letters: tried.append(letters) or [])
    in_chinese(archive, "Who met " + " ".join(f"Qyx{letter}a" for letter in "abcdefghijklmnop"))
    assert len(tried) == 8
