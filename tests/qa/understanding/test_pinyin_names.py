"""Names in pinyin, found in the characters that the archive prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.understanding import pinyin_names


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = (
        "会见\n\n丁薛祥会见来宾。丁薛祥说，砚溪很好。尉迟安在座。",
        "砚溪\n\n砚溪水库放水，余兆丰到场。",
    )
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


@pytest.mark.parametrize(
    ("surname", "given", "printed"),
    [
        ("Ding", "Xuexiang", ["丁薛祥"]),
        ("Yu", "Zhaofeng", ["余兆丰"]),
        ("DING", "Xue-xiang", ["丁薛祥"]),
        ("Ding", "Hongmei", []),
        ("John", "Smith", []),
        ("Ding", "", []),
    ],
)
def test_a_person_is_found_by_pinyin(archive: Archive, surname: str, given: str, printed: list[str]) -> None:
    assert pinyin_names.people(archive, surname, given) == printed


@pytest.mark.parametrize(
    ("letters", "printed"),
    [("Yanxi", ["砚溪"]), ("shuiku", ["水库"]), ("Wu", []), ("Zzz", []), ("anananananananananananan", []), ("", [])],
)
def test_a_word_is_found_by_pinyin(archive: Archive, letters: str, printed: list[str]) -> None:
    assert pinyin_names.words(archive, letters) == printed
