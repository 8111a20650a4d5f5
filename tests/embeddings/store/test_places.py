"""What is printed where."""

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from embeddings.store.places import Headline, articles_printing, headlines, passage_at
from tests.support.doubles import add

BODY = "水库放水。" * 120 + "头一轮二十天。"


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    opened = open_archive()
    issues = (
        Issue("b", "砚溪日报", date(2024, 3, 12), (Article("放水", BODY, subtitle="——头一轮"), Article("修灯", "灯亮了。"))),
        Issue("a", "松烟晚报", date(2024, 3, 13), (Article("水库", "水库有水。", kicker="春耕", byline="邬桐"),)),
    )
    add(opened, *issues)
    return opened


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["水库"], ["a-01", "b-01"]),
        (["库放", "二十天"], ["b-01"]),
        (["头一轮", "灯"], []),
        (["春耕"], ["a-01"]),
        (["——头一轮"], ["b-01"]),
        (["%"], []),
        (["' OR 1 --"], []),
    ],
    ids=["newest first", "parts of words", "not in one", "kicker", "subtitle", "wildcard", "syntax"],
)
def test_articles_that_hold_all_texts_to_the_letter(archive: Archive, texts: list[str], ids: list[str]) -> None:
    assert list(articles_printing(archive.catalog, texts)) == ids


def test_the_chunk_around_a_place_holds_it(archive: Archive) -> None:
    for offset in range(0, len(BODY), 7):
        passage = passage_at(archive.catalog, "b-01", offset)
        assert passage is not None
        assert passage.start <= offset < passage.end
    assert passage_at(archive.catalog, "b-99", 0) is None


def test_headlines_are_listed_newest_first(archive: Archive) -> None:
    assert headlines(archive.catalog) == [
        Headline("a-01", date(2024, 3, 13), "水库", "邬桐"),
        Headline("b-01", date(2024, 3, 12), "放水", None),
        Headline("b-02", date(2024, 3, 12), "修灯", None),
    ]
