"""Feedback: each word of it kept once, nothing of who sent it, within limits, and given to the operator alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from embeddings.store.archive import Archive
from qa.__main__ import main
from qa.http.app import create_app
from qa.http.routes.feedback import FeedbackFile, FeedbackFullError
from qa.settings import Settings
from tests.support.doubles import StubReader

TOKEN = "f3a9"
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
WHOLE = {
    "question": "卧虹水库何时放水？", "answer": "3月13日", "article_id": "yxrb-2024-03-12-01", "helpful": False,
    "words": "日期不对\n应是十四日",
}  # fmt: skip


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    return open_archive()


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


def serve(archive: Archive, **settings: Any) -> FlaskClient:
    chosen = Settings.load(archive=archive.folder, **{"admin_token": TOKEN, **settings})
    return create_app(archive, StubReader(), chosen).test_client()  # type: ignore[arg-type]


def lines(client: FlaskClient) -> list[dict[str, Any]]:
    response = client.get("/api/feedback", headers=ADMIN)
    assert response.status_code == 200
    return [json.loads(line) for line in response.data.decode().splitlines()]


def test_feedback_is_kept_with_its_time_and_nothing_of_the_sender(client: FlaskClient, archive: Archive) -> None:
    sent = {"User-Agent": "Lynx/2.8", "X-Forwarded-For": "203.0.113.7", "Referer": "http://x.example"}
    response = client.post("/api/feedback", json=WHOLE, headers=sent, environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    assert (response.status_code, response.data) == (204, b"")
    client.post("/api/feedback", json={"question": " 有吗？ ", "helpful": True})
    first, second = lines(client)
    at = datetime.fromisoformat(first.pop("at"))
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)
    assert first == WHOLE | {"rejected": None, "chosen": None}
    del second["at"]
    assert second == {
        "question": "有吗？",
        "answer": None,
        "article_id": None,
        "helpful": True,
        "rejected": None,
        "chosen": None,
        "words": None,
    }
    stored = (archive.folder / "feedback.jsonl").read_text(encoding="utf-8")
    assert len(stored.splitlines()) == 2
    assert not any(trace in stored for trace in ("Lynx", "203.0.113.7", "x.example"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": None}, "question"),
        ({"question": "水" * 501}, "question"),
        ({"question": "\ud800"}, "question"),
        ({"answer": "水" * 2001}, "answer"),
        ({"article_id": "x" * 201}, "article_id"),
        ({"words": "水" * 2001}, "words"),
        ({"helpful": "yes"}, "helpful"),
        ({"helpful": 1}, "helpful"),
        ({"email": "x@example.org"}, "email"),
    ],
    ids=ascii,
)
def test_what_does_not_fit_is_refused_and_not_kept(
    client: FlaskClient, archive: Archive, change: dict[str, Any], field: str
) -> None:
    response = client.post("/api/feedback", data=json.dumps(WHOLE | change), content_type="application/json")
    assert (response.status_code, response.json["error"]["field"]) == (422, field)
    assert not (archive.folder / "feedback.jsonl").exists()


def test_what_was_chosen_in_place_of_an_answer_is_kept(client: FlaskClient, archive: Archive) -> None:
    said = {"question": "何时放水？", "rejected": "3月13日", "chosen": None}
    assert client.post("/api/feedback", json=said).status_code == 204
    (line,) = (archive.folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert said.items() <= json.loads(line).items()
    refused = client.post("/api/feedback", json={"question": "何时放水？", "chosen": "3月13日"})
    assert refused.status_code == 422
    assert "rejected" in refused.json["error"]["message"]


def test_many_at_once_keep_every_line_whole(archive: Archive) -> None:
    entries = [{"question": f"{number}" * 300} for number in range(40)]
    threads = [threading.Thread(target=FeedbackFile(archive.folder).add, args=(entry,)) for entry in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [json.loads(line) for line in FeedbackFile(archive.folder).read().decode().splitlines()]
    assert sorted(kept, key=str) == sorted(entries, key=str)


def test_a_full_file_takes_no_more_and_keeps_what_it_has(tmp_path: Path) -> None:
    line = {"question": "水"}
    size = len((json.dumps(line, ensure_ascii=False) + "\n").encode())
    kept = FeedbackFile(tmp_path, max_bytes=2 * size)
    kept.add(line)
    kept.add(line)
    with pytest.raises(FeedbackFullError):
        kept.add(line)
    assert len(kept.read()) == 2 * size


def test_a_full_file_is_told(client: FlaskClient, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FeedbackFile, "add", lambda self, entry: (_ for _ in ()).throw(FeedbackFullError))
    response = client.post("/api/feedback", json=WHOLE)
    assert (response.status_code, response.json["error"]["code"]) == (503, "feedback_full")


def test_a_line_that_is_being_written_is_not_given_out(tmp_path: Path) -> None:
    kept = FeedbackFile(tmp_path)
    assert kept.read() == b""
    kept.add({"question": "水"})
    whole = kept.read()
    with (tmp_path / "feedback.jsonl").open("ab") as file:
        file.write(b'{"quest')
    assert kept.read() == whole
    assert list(tmp_path.glob("*.jsonl")) == [tmp_path / "feedback.jsonl"]


def test_only_the_admin_may_read_it_and_gets_a_file(client: FlaskClient, archive: Archive) -> None:
    client.post("/api/feedback", json=WHOLE)
    assert client.get("/api/feedback").status_code == 401
    assert serve(archive, admin_token=None).get("/api/feedback", headers=ADMIN).status_code == 403
    response = client.get("/api/feedback", headers=ADMIN)
    assert response.mimetype == "application/jsonl"
    assert response.headers["Content-Disposition"] == 'attachment; filename="feedback.jsonl"'
    assert response.headers["Cache-Control"] == "no-store"


def test_switched_off_there_is_no_such_address(archive: Archive) -> None:
    client = serve(archive, feedback=False)
    for response in (client.post("/api/feedback", json=WHOLE), client.get("/api/feedback", headers=ADMIN)):
        assert (response.status_code, response.json["error"]["code"]) == (404, "not_found")
    assert "/api/feedback" not in client.get("/api/openapi.json").json["paths"]


def test_reading_makes_no_file(client: FlaskClient, archive: Archive) -> None:
    before = sorted(archive.folder.iterdir())
    assert lines(client) == []
    assert sorted(archive.folder.iterdir()) == before


def test_the_command_prints_what_is_kept(client: FlaskClient, archive: Archive, capfdbinary: Any) -> None:
    client.post("/api/feedback", json=WHOLE)
    assert main(["feedback", "--archive", str(archive.folder)]) == 0
    printed = json.loads(capfdbinary.readouterr().out)
    assert printed | WHOLE == printed


def test_the_command_names_a_folder_that_is_no_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "--archive", str(tmp_path / "none")]) == 1
    assert str(tmp_path / "none") in capsys.readouterr().err
