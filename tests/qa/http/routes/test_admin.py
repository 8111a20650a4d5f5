"""GET /api/admin: what the operator watches over, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.ingest.uploads import Upload, take_in
from embeddings.store.archive import Archive
from tests.support.api import serve

TOKEN = "令牌-7c1d"
ADMIN = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [(None, ADMIN, 403), (TOKEN, {}, 401), (TOKEN, {"Authorization": "Bearer x"}, 401), (TOKEN, ADMIN, 200)],
)
def test_the_overview_is_the_operators_alone(
    numbered_archive: Archive, token: str | None, headers: dict[str, str], status: int
) -> None:
    response = serve(numbered_archive, admin_token=token).get("/api/admin", headers=headers)
    assert response.status_code == status
    assert ("砚溪日报" in response.text) == (status == 200)
    if status == 200:
        assert response.headers["Cache-Control"] == "no-store"


def test_the_overview_tells_gaps_and_counts(numbered_archive: Archive) -> None:
    body = serve(numbered_archive, admin_token=TOKEN, max_upload=4096).get("/api/admin", headers=ADMIN).json
    assert [(issue["issue_id"], issue["articles"], issue["chunks"]) for issue in body["issues"]] == [
        ("yxrb-2024-03-13", 3, 3), ("sywb-2024-03-13", 1, 1), ("yxrb-2024-03-12", 1, 1),
    ]  # fmt: skip
    (gap,) = body["gaps"]
    assert (gap["paper"], gap["first"], gap["last"], gap["plausible"]) == ("砚溪日报", 9316, 9316, False)
    assert (body["max_upload"], body["feedback"], body["misplaced"]) == (4096, True, [])


def test_only_what_can_be_removed_is_called_removable(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    kept = write_issue("2024-03-12.md", "2024-03-12", "放水\n\n卧虹水库放水。")
    gone = write_issue("2024-03-13.md", "2024-03-13", "合龙\n\n虹渡大桥合龙。")
    sync(archive, [kept, gone])
    gone.unlink()
    take_in(archive, [Upload("2024-03-14.md", "---\npaper: 砚溪日报\ndate: 2024-03-14\n---\n# 茶\n\n开园。\n".encode())])
    client = serve(archive, admin_token=TOKEN)
    issues = client.get("/api/admin", headers=ADMIN).json["issues"]
    assert {issue["issue_date"]: issue["removable"] for issue in issues} == {
        "2024-03-12": False, "2024-03-13": True, "2024-03-14": True,
    }  # fmt: skip
    for issue in issues:
        status = client.delete(f"/api/issues/{issue['issue_id']}", headers=ADMIN).status_code
        assert (status == 204) == issue["removable"]
