"""A damaged article is refused, all else is served; a catalogue that cannot be read is told in the one body of errors."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from tests.support.api import ISSUES, WHEN, ask, assert_error, serve
from tests.support.doubles import ToyEncoder, add


@pytest.fixture
def damaged(tmp_path: Path) -> Archive:
    """An archive in which the article on the reservoir has another day in its text than was stored."""
    settings = ArchiveSettings.load(archive=tmp_path / "archive")
    archive = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(archive, *ISSUES)
    with sqlite3.connect(tmp_path / "archive" / "catalog.sqlite") as db:
        db.execute("UPDATE articles SET body = replace(body, '3月13日', '3月12日')")
    db.close()
    return archive


def test_a_damaged_article_is_refused_and_the_others_are_served(damaged: Archive) -> None:
    client = serve(damaged)
    assert_error(client.get("/api/articles/yxrb-2024-03-12-01"), 503, "damaged")
    assert client.get("/api/articles/yxrb-2024-03-12-02").status_code == 200
    assert client.get("/api/articles/yxrb-2024-03-13-01").status_code == 200
    shown = client.get("/api/issues/yxrb-2024-03-12").json
    assert [one["article_id"] for one in shown["articles"]] == ["yxrb-2024-03-12-02"]


def test_an_answer_cites_no_damaged_article(damaged: Archive) -> None:
    answer = ask(serve(damaged), WHEN)
    assert all(one["article_id"] != "yxrb-2024-03-12-01" for one in answer["citations"])
    assert "3月12日上午9时" not in str(answer)


def test_a_catalogue_that_cannot_be_read_is_told_without_its_insides(
    damaged: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").write_bytes(b"no database" * 99)

    def fails(*arguments: object, **more: object) -> None:
        db = sqlite3.connect(tmp_path / "other")
        try:
            db.execute("SELECT * FROM sqlite_schema")
        finally:
            db.close()

    monkeypatch.setattr(damaged, "article", fails)
    assert_error(serve(damaged).get("/api/articles/yxrb-2024-03-13-01"), 503, "damaged")
