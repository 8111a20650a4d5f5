"""A name with one wrong homophone is asked as it is printed, or suggested."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import qa.understanding.homophones
from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.understanding.homophones import Corrections, corrections


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = (
        "环卫工\n\n环卫工敖守义捡到现金，冒雨等失主。",
        "水库\n\n主任郗春生介绍，水库今日放水。",
        "劳模\n\n劳模李丽获奖。劳模李莉获奖。",
        "市长\n\n市长周明华致辞。",
        "展会\n\n各式春笋上市，各市都有。",
        "班车\n\n班车隔天发车。",
    )
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("环卫工敖首义捡到什么？", "环卫工敖守义捡到什么？"), ("主任郗春声介绍了什么？", "主任郗春生介绍了什么？")],
)
def test_the_one_printed_name_that_sounds_the_same_is_meant(archive: Archive, asked: str, meant: str) -> None:
    assert corrections(archive, asked) == Corrections(clear=meant)


def test_several_are_for_the_asker_to_choose_from(archive: Archive) -> None:
    found = corrections(archive, "劳模李力做了什么？")
    assert found.clear is None
    assert sorted(found.several) == ["劳模李丽做了什么？", "劳模李莉做了什么？"]


@pytest.mark.parametrize(
    "question",
    [
        "环卫工敖守义捡到什么？",
        "环卫工敖首意捡到什么？",
        "劳模王建军做了什么？",
        "水库何时放水？",
        "Who is 3.2?",
        "",
        "😀",
    ],
    ids=["printed", "two characters", "unlike any", "no name", "English", "empty", "no word"],
)
def test_what_is_printed_or_like_nothing_printed_is_left_alone(archive: Archive, question: str) -> None:
    assert corrections(archive, question) == Corrections()


def test_words_that_are_no_names_are_not_offered(archive: Archive) -> None:
    assert archive.document_frequencies(["各式", "各市", "各是"]) == {"各式": 1, "各市": 1, "各是": 0}
    assert corrections(archive, "三期展览的主题各是什么？") == Corrections()


def test_each_of_something_is_no_name(archive: Archive) -> None:
    assert archive.document_frequencies(["隔天", "各天"]) == {"隔天": 1, "各天": 0}
    assert corrections(archive, "水库各天放水多少？") == Corrections()


def test_what_was_removed_is_no_longer_meant(archive: Archive) -> None:
    archive.remove(["yxrb-2024-03-12"])
    assert corrections(archive, "环卫工敖首义捡到什么？") == Corrections()


def test_few_names_of_a_question_are_looked_up_and_none_twice(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[list[str]] = []
    monkeypatch.setattr(qa.understanding.homophones, "printed_counts", lambda archive, names: looked_up.append(names) or {})
    corrections(archive, "劳模尉池安和" * 80)
    assert [names for names in looked_up if len(names) == 1] == [["尉池安"]]
    looked_up.clear()
    corrections(archive, "、".join(f"王{first}{last}" for first in "砚溪虹渡松烟" for last in "岳舟安芳"))
    assert len([names for names in looked_up if len(names) == 1]) == 6
