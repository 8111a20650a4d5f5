"""An archive whose issues bear numbers, for the calendar and the overview of the admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from tests.support.doubles import add


def make_issue(paper: str, issue_id: str, day: date, number: int | None, *bodies: str) -> Issue:
    return Issue(issue_id, paper, day, tuple(Article(body[:4], body) for body in bodies), issue_number=number)


@pytest.fixture
def numbered_archive(open_archive: Callable[..., Archive]) -> Archive:
    """Two issues of a paper with one missing between them by their numbers, and one of another paper."""
    opened = open_archive()
    add(
        opened,
        make_issue(
            "砚溪日报", "yxrb-2024-03-13", date(2024, 3, 13), 9317, "卧虹水库放水。", "水库水位回落。", "虹渡大桥合龙。"
        ),
        make_issue("砚溪日报", "yxrb-2024-03-12", date(2024, 3, 12), 9315, "虹渡大桥开工。"),
        make_issue("松烟晚报", "sywb-2024-03-13", date(2024, 3, 13), None, "春茶开园。"),
    )
    return opened
