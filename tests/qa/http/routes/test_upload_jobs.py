"""Uploads on their way: accepted at once, asked after, bounded in number, gone on with after a stop."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import embeddings.store.archive
import qa.http.upload_jobs
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.uploads import Upload
from embeddings.ingest.waiting_uploads import lay_by, waiting
from embeddings.models.encoder import Matrix
from embeddings.store.archive import Archive, writer_lock
from tests.qa.http.routes.test_upload import ADMIN, BROKEN, LAMPS, WATER, ids, kept, serve
from tests.support.api import assert_error
from tests.support.doubles import ToyEncoder
from tests.support.served import LIMIT_SECONDS

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    return open_archive()


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


class Held:
    """Holds an encoder's passages until they may go on."""

    def __init__(self) -> None:
        self.begun, self.may = threading.Event(), threading.Event()


@pytest.fixture
def held(toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    hold, encode = Held(), toy.encode_passages

    def slowly(texts: Sequence[str]) -> Matrix:
        hold.begun.set()
        assert hold.may.wait(LIMIT_SECONDS)
        return encode(texts)

    monkeypatch.setattr(toy, "encode_passages", slowly)
    yield hold
    hold.may.set()


def send(client: FlaskClient, *files: tuple[str, str]) -> TestResponse:
    parts = [(io.BytesIO(text.encode()), name) for name, text in files]
    return client.post("/api/issues", data={"files": parts}, headers=ADMIN)


def ended(client: FlaskClient, url: str) -> TestResponse:
    """Ask after an upload until it has ended."""
    for _ in range(LIMIT_SECONDS * 50):
        response = client.get(url, headers=ADMIN)
        if response.json["state"] not in ("queued", "running"):
            return response
        threading.Event().wait(0.02)
    raise AssertionError("it does not end")


def test_an_upload_is_accepted_at_once_and_taken_in_beside_the_questions(
    archive: Archive, client: FlaskClient, held: Held
) -> None:
    sent = send(client, ("a.md", WATER), ("bad.md", BROKEN))
    assert (sent.status_code, sent.headers["Location"]) == (202, sent.json["url"])
    assert held.begun.wait(LIMIT_SECONDS)
    running = client.get(sent.json["url"], headers=ADMIN).json
    assert (running["state"], running["files"], running["files_done"], running["report"]) == ("running", 2, 1, None)
    assert client.get("/api/search?q=水库").status_code == 200
    held.may.set()
    done = ended(client, sent.json["url"]).json
    assert (done["state"], done["files_done"], done["error"]) == ("done", 2, None)
    assert done["report"]["issues"] == [{"file": "a.md", "issue_id": "yxrb-2024-05-06", "state": "added"}]
    assert [failed["file"] for failed in done["report"]["failed"]] == ["bad.md"]
    assert (ids(client), kept(archive)) == (["yxrb-2024-05-06"], {"a.md": WATER})


def test_an_upload_of_which_nothing_is_taken_failed_and_says_why(archive: Archive, client: FlaskClient) -> None:
    job = ended(client, send(client, ("bad.md", BROKEN)).json["url"]).json
    assert (job["state"], job["error"]["code"], job["error"]["field"]) == ("failed", "upload_refused", "files")
    assert job["report"]["failed"][0]["line"] == 3
    assert kept(archive) == {}


def test_a_fault_of_the_server_is_told_without_its_inside(
    archive: Archive, client: FlaskClient, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(texts: object) -> None:
        raise RuntimeError("/srv/secret")

    monkeypatch.setattr(toy, "encode_passages", fail)
    response = ended(client, send(client, ("a.md", WATER)).json["url"])
    assert (response.json["state"], response.json["error"]["code"]) == ("failed", "internal")
    assert "secret" not in response.text
    assert (ids(client), kept(archive)) == ([], {})


def test_one_upload_too_many_is_told_to_come_again(archive: Archive, held: Held) -> None:
    client = serve(archive, max_uploads=1)
    first = send(client, ("a.md", WATER))
    assert held.begun.wait(LIMIT_SECONDS)
    second = send(client, ("b.md", LAMPS))
    assert [first.status_code, second.status_code, second.json["state"]] == [202, 202, "queued"]
    third = send(client, ("c.md", LAMPS))
    assert_error(third, 503, "uploads_full")
    assert int(third.headers["Retry-After"]) > 0
    listed = client.get("/api/uploads", headers=ADMIN).json["uploads"]
    assert [job["upload_id"] for job in listed] == [second.json["upload_id"], first.json["upload_id"]]
    held.may.set()
    assert ended(client, second.json["url"]).json["state"] == "done"
    assert ids(client) == ["yxrb-2024-05-06", "yxrb-2024-05-07"]


def test_an_upload_waits_for_another_writer(archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings.store.archive, "_LOCK_SECONDS", 0.05)
    monkeypatch.setattr(qa.http.upload_jobs, "_AGAIN_SECONDS", 0.01)
    with writer_lock(archive.folder):
        sent = send(client, ("a.md", WATER))
        threading.Event().wait(0.3)
        assert client.get(sent.json["url"], headers=ADMIN).json["state"] == "running"
    assert ended(client, sent.json["url"]).json["state"] == "done"


def test_what_a_stop_left_waiting_is_taken_in_at_the_next_start(archive: Archive) -> None:
    options = ReadingOptions("松烟晚报", "big5", {"title": "标题"})
    upload_id = lay_by(archive, [Upload("a.md", WATER.replace("paper: 砚溪日报\n", "").encode("big5", "ignore"))], options)
    half = archive.folder / "uploads" / ".waiting" / "0000.part"
    half.mkdir()
    client = serve(archive)
    assert ended(client, f"/api/uploads/{upload_id}").json["state"] == "done"
    assert ids(client) == ["sywb-2024-05-06"]
    assert not half.exists()
    assert waiting(archive) == {}


def test_without_the_token_nobody_asks_after_uploads(client: FlaskClient) -> None:
    for path in ("/api/uploads", "/api/uploads/x"):
        assert client.get(path).status_code == 401
    assert_error(client.get("/api/uploads/x", headers=ADMIN), 404, "upload_not_found", "upload_id")
