"""Both searches join by chunk key, over whatever keeps the words and the vectors."""

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Days, Filters, Issue, Precision
from embeddings.store.archive import Archive
from tests.support.doubles import add


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    """120 articles of one day: each speaks of the reservoir, and every fortieth of lanterns too."""
    opened = open_archive()
    bodies = ["水库放水。" + ("灯笼亮了。" if place % 40 == 0 else "") for place in range(120)]
    add(opened, Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), tuple(Article("题", body) for body in bodies)))
    return opened


def lexical(archive: Archive, question: str) -> int:
    return sum(hit.lexical > 0 for hit in archive.search(question, 120))


def test_a_word_in_more_than_a_tenth_of_the_chunks_is_left_out_unless_there_is_no_other(archive: Archive) -> None:
    assert archive.document_frequencies(["水库", "灯笼"]) == {"水库": 120, "灯笼": 3}
    assert lexical(archive, "水库的灯笼") == 3
    assert lexical(archive, "水库") == 120


def test_a_search_of_days_gives_as_many_of_either_kind_and_the_scores_of_the_whole(archive: Archive) -> None:
    day = Days(date(2024, 3, 12), date(2024, 3, 12), Precision.DAY)
    whole = {hit.passage.chunk_id: hit for hit in archive.search("灯笼", 120)}
    hits = archive.search_days("灯笼", day, 2)
    assert 2 <= len(hits) <= 4
    assert sum(hit.lexical > 0 for hit in hits) >= 2
    for hit in hits:
        same = whole[hit.passage.chunk_id]
        assert (hit.dense, hit.lexical) == pytest.approx((same.dense, same.lexical), abs=1e-6)
    assert archive.search_days("灯笼", day, 2, Filters(paper="云河晚报")) == []
