"""Applying corrections to what was read of an issue: they find their place, or are kept and said not to fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from embeddings.ingest.corrections import apply_corrections, as_printed, corrected
from embeddings.records import Article, CorrectedField, Correction, Issue
from embeddings.text.spans import moved

TEA = Article("春荼开园", "茶臼村春荼昨日开园，首日收购鲜叶1200斤。", byline="记者 邬相", page="2", doubts=((4, 5), (12, 14)))
BRIDGE = Article("虹渡大桥引桥完工", "虹渡大桥连接墨池区与南渡区。\n水库放水\n卧虹水库开闸放水，流量为每秒12立方米。", page="3")
REST = Article("下半篇", "总投资8.9亿元。", page="4", doubts=((0, 3),))
ISSUE = Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (TEA, BRIDGE, REST))


def correction(
    field: CorrectedField, printed: str | None, right: str | None, headline: str = TEA.title, **more: object
) -> Correction:
    return replace(
        Correction(ISSUE.paper, ISSUE.issue_date, None, headline, field, printed, right), **more  # type: ignore[arg-type]
    )  # fmt: skip


WORDS = correction(CorrectedField.BODY, "荼", "茶", before="茶臼村春", after="昨日开园，首日收购鲜叶12", start=4)


def test_a_fact_is_corrected_and_what_was_printed_stays_beside_it() -> None:
    issue = corrected(ISSUE, [correction(CorrectedField.BYLINE, "记者 邬相", "记者 邬桐")])
    assert issue.articles[0].byline == "记者 邬桐"
    assert issue.articles[0].printed == (TEA,)
    assert issue.articles[1:] == ISSUE.articles[1:]
    assert as_printed(issue) == ISSUE


def test_words_are_corrected_at_their_place_and_their_doubt_goes() -> None:
    article = corrected(ISSUE, [WORDS]).articles[0]
    assert article.body == "茶臼村春茶昨日开园，首日收购鲜叶1200斤。"
    assert article.doubts == ((12, 14),)


def test_confirmed_words_lose_their_doubt_and_are_not_called_corrected() -> None:
    article = corrected(ISSUE, [replace(WORDS, corrected="荼")]).articles[0]
    assert (article.body, article.doubts, article.printed) == (TEA.body, ((12, 14),), ())


def test_corrections_follow_upon_each_other() -> None:
    title = correction(CorrectedField.TITLE, TEA.title, "春茶开园")
    more = replace(WORDS, printed="春茶", corrected="头茬春茶", before="茶臼村")
    outcome = apply_corrections(ISSUE, [title, WORDS, more])
    assert outcome.unfit == ()
    assert outcome.issue.articles[0].body.startswith("茶臼村头茬春茶昨日")
    assert outcome.issue.articles[0].doubts == ((14, 16),)
    assert as_printed(outcome.issue) == ISSUE


def read_again(**changed: str) -> Issue:
    return replace(ISSUE, articles=(REST, replace(TEA, **changed)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "issue",
    [
        read_again(),
        read_again(title="春荼、开园"),
        read_again(body="本报讯。茶臼村春荼昨日开园，首日收购鲜叶1200斤。"),
        read_again(body="各位：茶臼村春荼昨天开园了。"),
        read_again(title="春茶开园"),
    ],
    ids=["other order", "marks in the headline", "words before", "words behind", "another headline"],
)
def test_words_find_their_place_in_another_reading(issue: Issue) -> None:
    assert "春茶" in corrected(issue, [WORDS]).articles[1].body


@pytest.mark.parametrize(
    "issue",
    [
        read_again(body="茶臼村春茶昨日开园，首日收购鲜叶1200斤。"),
        read_again(body="荼是苦菜，荼也是茅花。"),
        read_again(title="春茶开园", body="茶臼村春荼昨天开园了。"),
        replace(ISSUE, articles=(REST,)),
    ],
    ids=["put right in print", "elsewhere twice", "another headline and text", "no such article"],
)
def test_words_that_fit_no_place_are_said_not_to(issue: Issue) -> None:
    outcome = apply_corrections(issue, [WORDS])
    assert (outcome.issue, outcome.applied, outcome.unfit) == (issue, (), (WORDS,))


def test_of_equal_places_the_one_where_it_stood_is_taken() -> None:
    article = Article("歌", "啦。啦。啦。")
    issue = replace(ISSUE, articles=(article,))
    one = correction(CorrectedField.BODY, "啦", "呀", "歌", before="。", after="。", start=2)
    assert corrected(issue, [one]).articles[0].body == "啦。呀。啦。"


def test_of_two_articles_with_one_headline_the_one_that_begins_so_is_taken() -> None:
    twins = (Article("简讯", "桥通了。", page="1"), Article("简讯", "路修好了。", page="1"))
    one = correction(CorrectedField.PAGE, "1", "2", "简讯", after="路修好了。")
    issue = replace(ISSUE, articles=twins)
    assert [article.page for article in corrected(issue, [one]).articles] == ["1", "2"]
    assert apply_corrections(issue, [replace(one, after="电到了。")]).unfit


def test_a_day_moves_the_whole_issue_and_its_id() -> None:
    issue = corrected(ISSUE, [correction(CorrectedField.DAY, "2024-03-12", "2024-03-13")])
    assert (issue.issue_id, issue.issue_date, issue.printed_date) == ("yxrb-2024-03-13", date(2024, 3, 13), date(2024, 3, 12))
    assert as_printed(issue) == ISSUE


def test_articles_are_joined_with_their_doubts_and_pages() -> None:
    joined = correction(CorrectedField.MERGE, REST.title, None, BRIDGE.title)
    issue = corrected(ISSUE, [joined])
    article = issue.articles[1]
    assert len(issue.articles) == 2
    assert article.body == f"{BRIDGE.body}\n下半篇\n总投资8.9亿元。"
    assert [article.body[start:end] for start, end in article.doubts] == ["总投资"]
    assert (article.page, article.continued, article.printed) == ("3", "4", (BRIDGE, REST))
    assert as_printed(issue) == ISSUE


CUT = BRIDGE.body.index("水库放水")
SPLIT = correction(
    CorrectedField.SPLIT, None, None, BRIDGE.title, before=BRIDGE.body[:CUT], after=BRIDGE.body[CUT : CUT + 16], start=CUT
)


def test_an_article_is_split_and_its_second_half_headed_by_its_first_line() -> None:
    issue = corrected(ISSUE, [SPLIT])
    assert [article.title for article in issue.articles] == [TEA.title, BRIDGE.title, "水库放水", REST.title]
    assert issue.articles[1].body == "虹渡大桥连接墨池区与南渡区。"
    assert issue.articles[2].body == "卧虹水库开闸放水，流量为每秒12立方米。"
    assert issue.articles[2].page == "3"
    assert as_printed(issue) == ISSUE


def test_a_half_is_corrected_by_itself_and_joined_again() -> None:
    byline = correction(CorrectedField.BYLINE, None, "记者 闵小禾", BRIDGE.title, after="卧虹水库开闸放水，流量为每秒12")
    issue = corrected(ISSUE, [SPLIT, byline])
    assert [article.byline for article in issue.articles] == [TEA.byline, None, "记者 闵小禾", None]
    again = correction(CorrectedField.MERGE, BRIDGE.title, None, BRIDGE.title, after="虹渡大桥连接墨池区与南渡区。")
    issue = corrected(ISSUE, [SPLIT, byline, again])
    assert issue.articles[1].body == BRIDGE.body
    assert as_printed(issue) == ISSUE


def test_spans_move_with_the_text() -> None:
    assert list(moved([(0, 2), (3, 5), (6, 8)], 3, 4, 3)) == [(0, 2), (8, 10)]
