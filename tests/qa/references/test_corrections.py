"""Later articles that correct one or report on, found by the day and the headline that they name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.pipeline import ask
from qa.reading.reader import Reading, Span
from qa.references.corrections import Relation, find_later_reports
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.question import Question
from tests.support.doubles import StubReader

RACE = "yxrb-2024-03-13-01"
LAMPS = "yxrb-2024-03-13-02"
WRONG = "本报3月13日1版刊发的《环湖跑报名人数升至8043人》一文中，起点有误，应为望湖亭广场。"
AGAIN = "3月13日，本报刊登了《灯笼巷的路灯什么时候能亮》。"


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    race = "环湖跑报名人数升至8043人\n\n截至12日，报名人数升至8043人。起点设在体育馆。"
    sync(
        opened,
        [
            write_issue("a.md", "2024-03-12", f"早了\n\n{WRONG}"),
            write_issue("b.md", "2024-03-13", race, "灯笼巷的路灯什么时候能亮\n\n灯笼巷晚上没有灯。", "春笋上市\n\n春笋上市。"),
            write_issue("c.md", "2024-03-14", f"更正\n\n{WRONG}", "环湖跑截止\n\n本报讯 环湖跑报名人数过万。"),
            write_issue("d.md", "2024-03-18", f"灯笼巷的灯亮了\n\n{AGAIN}灯全亮了。"),
            write_issue("e.md", "2024-03-19", "再问路灯\n\n灯笼巷又黑了。本报3月13日曾报道灯笼巷的路灯不亮。"),
            write_issue("f.md", "2024-03-20", "外报\n\n" + WRONG, paper="松烟晚报"),
            write_issue(
                "g.md",
                "2024-03-21",
                "春笋\n\n本报3月13日1版《春笋下市》一文说春笋上市。",
                "他日\n\n本报3月15日曾报道春笋上市。",
            ),
        ],
    )
    return opened


def found(archive: Archive, article_id: str) -> list[tuple[Relation, date, str]]:
    stored = archive.article(article_id)
    assert stored is not None
    article = stored[0].articles[stored[1]]
    return [
        (one.relation, one.issue_date, one.quote) for one in find_later_reports(archive, article_id, article, date(2024, 3, 13))
    ]


def test_a_correction_is_found_by_day_and_headline(archive: Archive) -> None:
    assert found(archive, RACE) == [(Relation.CORRECTION, date(2024, 3, 14), WRONG)]


def test_reports_that_follow_it_up_come_in_order_of_their_days(archive: Archive) -> None:
    assert found(archive, LAMPS) == [
        (Relation.FOLLOW_UP, date(2024, 3, 18), AGAIN),
        (Relation.FOLLOW_UP, date(2024, 3, 19), "本报3月13日曾报道灯笼巷的路灯不亮。"),
    ]


def test_another_headline_or_another_day_is_another_article(archive: Archive) -> None:
    assert found(archive, "yxrb-2024-03-13-03") == []


class Marks(StubReader):
    """Finds one place, whatever is asked."""

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        passage = next(ranked.passage for ranked in passages if ranked.passage.article_id == RACE)
        start = passage.article.body.index("体育馆")
        return Reading((Span(passage, start, start + 3, start - 4, start + 4, 0.9),), tuple(passages))


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Marks(), Settings.load(archive=archive.folder)).test_client()


def test_a_citation_brings_the_correction_along(client: FlaskClient) -> None:
    (citation,) = client.post("/api/ask", json={"question": "环湖跑的起点设在哪里？"}).json["citations"]
    (correction,) = citation["related"]
    printed = client.get(f"/api/articles/{correction['article_id']}").json
    start, end = map(int, correction.pop("url").rpartition("#c")[2].split("-"))
    assert printed["body"][start:end] == WRONG
    assert correction == {
        "relation": "correction", "article_id": "yxrb-2024-03-14-01", "title": "更正", "issue_date": "2024-03-14", "page": None,
        "quote": WRONG,
    }  # fmt: skip


def test_near_passages_bring_nothing_along(archive: Archive) -> None:
    answer = ask(archive, Marks(), "环湖跑的起点设在哪里？", min_confidence=0.95)
    assert answer.citations
    assert not any(citation.later_reports for citation in answer.citations)


def test_the_page_of_an_article_shows_its_correction(client: FlaskClient) -> None:
    page = client.get(f"/articles/{RACE}").text
    assert 'data-t="related_correction">更正</strong>' in page
    assert f'<q lang="zh-CN">{WRONG}</q>' in page
    assert "related_" not in client.get("/articles/yxrb-2024-03-14-02").text
