"""GET /api/calendar: all issues by day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from embeddings.store.archive import Archive
from tests.support.api import serve


def test_the_calendar_lists_every_issue_oldest_first(numbered_archive: Archive) -> None:
    days = serve(numbered_archive).get("/api/calendar").json["issues"]
    assert [day["issue_id"] for day in days] == ["yxrb-2024-03-12", "sywb-2024-03-13", "yxrb-2024-03-13"]
    assert days[2] == {
        "date": "2024-03-13", "issue_id": "yxrb-2024-03-13", "paper": "砚溪日报", "issue_number": 9317, "articles": 3,
        "matches": None, "last_date": None, "edition": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "matches"),
    [("水库", [0, 0, 2]), ("卧虹水库放水", [0, 0, 1]), ("大桥", [1, 0, 1]), ("極光", [0, 0, 0]), ('水库" OR "春茶', [0, 0, 0])],
)
def test_a_search_counts_the_passages_that_hold_all_words(numbered_archive: Archive, words: str, matches: list[int]) -> None:
    days = serve(numbered_archive).get("/api/calendar", query_string={"q": words}).json["issues"]
    assert [day["matches"] for day in days] == matches


def test_a_search_of_marks_alone_matches_nothing(numbered_archive: Archive) -> None:
    response = serve(numbered_archive).get("/api/calendar?q=。")
    assert [day["matches"] for day in response.json["issues"]] == [0, 0, 0]


def test_the_calendar_of_one_day_lists_what_all_papers_printed_on_it(numbered_archive: Archive) -> None:
    client = serve(numbered_archive)
    assert [day["issue_id"] for day in client.get("/api/calendar?on=2024-03-13").json["issues"]] == [
        "sywb-2024-03-13", "yxrb-2024-03-13",
    ]  # fmt: skip
    assert client.get("/api/calendar?on=2024-03-14").json["issues"] == []


def test_an_empty_archive_has_an_empty_calendar(open_archive: Callable[..., Archive]) -> None:
    assert serve(open_archive()).get("/api/calendar").json == {"issues": []}


def test_a_calendar_of_too_many_words_is_refused(numbered_archive: Archive) -> None:
    response = serve(numbered_archive, max_question=10).get("/api/calendar?q=" + "水" * 11)
    assert (response.status_code, response.json["error"]["field"]) == (422, "q")
