"""A mended article keeps the number that it had; no number goes on to an article that has nothing to do with it."""

import pytest

from embeddings.ingest.placing import place_articles
from embeddings.records import Article
from embeddings.store.records import HeldArticle, same_letters

WATER = Article("放水", "卧虹水库今日开闸放水，水头走了六十八公里。")
LAMPS = Article("修灯", "灯笼巷的路灯全亮了，住户都说好。")
BRIDGE = Article("通车", "虹渡大桥九月通车，双向六车道。")


def held(*articles: Article) -> list[HeldArticle]:
    return [
        HeldArticle("yxrb-2024-05-06", ordinal, "a.md", same_letters(article), article)
        for ordinal, article in enumerate(articles, start=1)
    ]


@pytest.mark.parametrize(
    ("articles", "ordinals"),
    [
        ([WATER, LAMPS], [1, 2]),
        ([LAMPS, WATER], [2, 1]),
        ([BRIDGE, LAMPS], [None, 2]),
        ([Article("放　水", "卧虹水庫今日開閘放水,水頭走了六十八公里。")], [1]),
        ([Article("放水", "改写了全文，一字不同于前。")], [1]),
        ([Article("水库开闸", WATER.body)], [1]),
        ([Article("水库开闸", "卧虹水库今日开闸放水，水头走了六十九公里多。")], [1]),
        ([WATER, WATER], [1, None]),
        ([], []),
    ],
    ids=[
        *("the same", "moved", "another in its place", "set otherwise", "the same headline", "the same text"),
        *("much alike", "one too many", "none"),
    ],
)
def test_each_article_is_a_version_of_the_one_it_came_from_or_new(articles: list[Article], ordinals: list[int | None]) -> None:
    placed = place_articles(articles, held(WATER, LAMPS))
    assert [one.ordinal if one else None for one in placed] == ordinals


def test_a_surer_match_takes_a_number_before_a_mere_likeness() -> None:
    mended = Article("水库开闸", WATER.body + "完。")
    placed = place_articles([mended, WATER], held(WATER))
    assert [one.ordinal if one else None for one in placed] == [None, 1]
