"""The fusion of meaning, words and named dates into one order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.records import Article, Filters, Passage
from embeddings.store.archive import Archive, Hit
from qa.retrieval.date_match import match_dates
from qa.retrieval.hybrid_search import Blend, rank, retrieve
from qa.understanding.date_constraints import parse_date_constraints


def hit(name: str, dense: float, lexical: float) -> Hit:
    return Hit(Passage(name, name, "i", "砚溪日报", date(2024, 3, 12), None, Article("题", "文。"), 0, 2), dense, lexical)


def order(*hits: Hit, blend: Blend = Blend(1, 1, 0)) -> str:
    return "".join(found.passage.chunk_id for found in rank(hits, blend))


def test_nothing_is_ranked_of_nothing() -> None:
    assert rank([]) == []


def test_both_scores_count_by_their_distance_from_the_mean() -> None:
    ranked = rank([hit("a", 0.8, 0.0), hit("b", 0.6, 4.0), hit("c", 0.4, 2.0)], Blend(0.5, 0.5, 1))
    assert [(found.passage.chunk_id, round(found.score, 3)) for found in ranked] == [("b", 0.612), ("a", 0.0), ("c", -0.612)]
    assert [(found.dense, found.lexical) for found in ranked] == [(0.6, 4.0), (0.8, 0.0), (0.4, 2.0)]


@pytest.mark.parametrize(
    ("blend", "expected"),
    [(Blend(1, 0, 0), "abc"), (Blend(0, 1, 0), "cba"), (Blend(0.9, 0.1, 0), "abc"), (Blend(0.1, 0.9, 0), "cba")],
    ids=["dense", "words", "more dense", "more words"],
)
def test_the_blend_decides_between_two_opposed_orders(blend: Blend, expected: str) -> None:
    assert order(hit("a", 0.9, 1.0), hit("b", 0.8, 2.0), hit("c", 0.7, 3.0), blend=blend) == expected


def dated(name: str, day: date, dense: float) -> Hit:
    return Hit(Passage(name, name, "i", "砚溪日报", day, None, Article("题", "文。"), 0, 2), dense, 1.0)


@pytest.mark.parametrize(
    ("question", "expected"), [("水位是多少？", "ab"), ("目前水位是多少？", "ba"), ("最新的水位是多少？", "ba")]
)
def test_of_passages_that_are_level_the_newest_ranks_first_where_it_is_asked_for(question: str, expected: str) -> None:
    asked = parse_date_constraints(question, date(2024, 6, 1), date(2022, 1, 1), date(2024, 5, 1))
    hits = [dated("a", date(2022, 3, 12), 0.8), dated("b", date(2024, 3, 12), 0.8)]
    assert "".join(found.passage.chunk_id for found in rank(hits, asked=asked)) == expected


def test_a_better_passage_stays_before_a_newer_one() -> None:
    asked = parse_date_constraints("目前水位是多少？", date(2024, 6, 1), date(2022, 1, 1), date(2024, 5, 1))
    hits = [dated("a", date(2022, 3, 12), 0.8), dated("b", date(2024, 3, 12), 0.5)]
    assert [found.passage.chunk_id for found in rank(hits, asked=asked)] == ["a", "b"]


def test_a_day_that_is_named_outweighs_what_is_newest() -> None:
    asked = parse_date_constraints("2022年3月12日最新水位是多少？", date(2024, 6, 1), date(2022, 1, 1), date(2024, 5, 1))
    hits = [dated("a", date(2022, 3, 12), 0.8), dated("b", date(2024, 3, 12), 0.8)]
    first, second = rank(hits, asked=asked)
    assert [found.passage.chunk_id for found in (first, second)] == ["a", "b"]
    assert first.date_match == match_dates(asked, first.passage) > second.date_match


def test_the_named_date_decides_between_sister_days(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    days = ("2023-03-12", "2024-03-12", "2025-03-12")
    sync(archive, [write_issue(f"{day}.md", day, "水情\n\n水库水位正常。") for day in days])
    for year in (2023, 2024, 2025):
        for question in (f"{year}年水库水位怎样？", f"{year}年3月水库水位怎样？", f"二〇{year - 2000:02}年"):
            if question.startswith("二"):
                question = question.translate(str.maketrans("0123456789", "〇一二三四五六七八九")) + "水库水位怎样？"
            assert retrieve(archive, question, 1)[0].passage.issue_date.year == year
    assert retrieve(archive, "3月12日水库水位怎样？", 1)[0].passage.issue_date.year == 2025


def test_a_passage_of_the_named_day_is_found_among_more_sisters_than_a_search_brings(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    months = [(year, month) for year in range(2015, 2026) for month in range(1, 13)]
    text = "水库水位正常，蓄水量比上月多。"
    sync(archive, [write_issue(f"{y}{m}.md", f"{y}-{m:02}-12", f"水情\n\n{text}") for y, m in months])
    found = retrieve(archive, "2019年8月12日水库蓄水量多少？", 1)[0].passage
    assert found.issue_date == date(2019, 8, 12)


def test_ties_stand_in_the_order_of_their_ids_whichever_search_found_them_first() -> None:
    one, other, third = hit("a", 0.5, 1.0), hit("b", 0.5, 1.0), hit("c", 0.9, 9.0)
    assert order(other, third, one) == order(one, other, third) == order(third, one, other) == "cab"


def test_scores_that_are_all_the_same_leave_the_other_to_decide() -> None:
    assert order(hit("a", 0.5, 1.0), hit("b", 0.5, 3.0), hit("c", 0.5, 2.0)) == "bca"
    assert order(hit("a", 0.1, 0.0), hit("b", 0.3, 0.0), hit("c", 0.2, 0.0)) == "bca"


def test_hits_that_differ_in_nothing_score_zero() -> None:
    assert [found.score for found in rank([hit("b", 0.5, 1.0), hit("a", 0.5, 1.0)])] == [0.0, 0.0]


def test_a_single_hit_scores_zero() -> None:
    assert [found.score for found in rank([hit("a", -0.2, 7.0)])] == [0.0]


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = ("春笋\n\n春笋大量上市。", "水库\n\n水库开闸放水。", "大桥\n\n虹渡大桥合龙。")
    sync(opened, [write_issue("a.md", "2024-03-12", *articles), write_issue("b.md", "2024-03-13", "水库\n\n水库调减流量。")])
    return opened


def test_the_passage_that_shares_the_words_comes_first(archive: Archive) -> None:
    assert [found.passage.chunk_id for found in retrieve(archive, "水库何时开闸？", 1)] == ["yxrb-2024-03-12-02-1"]


def test_no_more_passages_are_returned_than_asked(archive: Archive) -> None:
    assert len(retrieve(archive, "水库", 2)) == 2
    assert len(retrieve(archive, "水库", 50)) == 4


def test_filters_reach_the_search(archive: Archive) -> None:
    found = retrieve(archive, "水库", 10, Filters(first=date(2024, 3, 13)))
    assert [ranked.passage.issue_id for ranked in found] == ["yxrb-2024-03-13"]


def test_a_question_without_any_word_still_ranks_by_meaning(archive: Archive) -> None:
    found = retrieve(archive, "😀", 10)
    assert len(found) == 4
    assert {ranked.lexical for ranked in found} == {0.0}


@pytest.mark.parametrize(
    ("printed", "question"),
    [("87.33%", "百分之八十七点三三"), ("3.14亿人", "三亿一千四百万"), ("四十二个", "42"), ("2019", "二〇一九年")],
)
def test_a_number_is_found_however_print_writes_it(
    printed: str, question: str, open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    sync(archive, [write_issue("a.md", "2024-03-12", "水库\n\n开闸放水。", f"快讯\n\n{printed}，仅此而已。")])
    found = {one.passage.article.title: one.lexical > 0 for one in retrieve(archive, question, 2)}
    assert found == {"快讯": True, "水库": False}
