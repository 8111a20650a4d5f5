"""Places are found with and without their ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from embeddings.text.place_names import endings


@pytest.mark.parametrize(
    ("printed", "asked"),
    [("砚溪市", "砚溪"), ("砚溪", "砚溪市"), ("辽源市", "辽源"), ("辽源", "辽源市"), ("东辽县", "东辽"), ("安石", "安石镇")],
)
def test_a_place_is_found_with_and_without_its_ending(
    printed: str, asked: str, open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    sync(archive, [write_issue("a.md", "2024-03-12", f"快讯\n\n{printed}的春笋上市。", "水库\n\n水库今日放水。")])
    found = {hit.passage.article.title: hit.lexical for hit in archive.search(asked)}
    assert found["快讯"] > 0 == found["水库"]


def test_words_that_are_cut_into_their_parts_anyway_are_left_alone() -> None:
    assert list(endings(["辽源", "辽源市", "大桥", "开发", "开发区", "3.2", "who"])) == []
