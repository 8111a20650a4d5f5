"""Issues sent and deleted over HTTP: by the admin alone, read as a sync reads them, with nothing half done left behind."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

import embeddings.store.archive
from embeddings.dates.mentions import chunk_days
from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.ingest.sync import sync
from embeddings.ingest.uploads import Upload, settle, take_in
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.verification import verify
from qa.http.app import create_app
from qa.reading.sentence_reader import SentenceReader
from qa.settings import Settings
from tests.support.doubles import ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

TOKEN = "令牌-5f1c0d"
ADMIN = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}
WATER = "---\npaper: 砚溪日报\ndate: 2024-05-06\n---\n# 放水\n\n卧虹水库今日开闸放水。\n"
LAMPS = "---\npaper: 砚溪日报\ndate: 2024-05-07\n---\n# 修灯\n\n灯笼巷的路灯全亮了。\n"
BROKEN = "---\npaper: [砚溪日报\n---\n# 放水\n\n开闸。\n"


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    return open_archive()


def serve(archive: Archive, **chosen: Any) -> FlaskClient:
    made = Settings.load(archive=archive.folder, **{"admin_token": TOKEN, **chosen})
    return create_app(archive, SentenceReader(archive), made).test_client()


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


def upload(client: FlaskClient, *files: tuple[str, str | bytes], paper: str | None = None) -> TestResponse:
    parts = [(io.BytesIO(text.encode() if isinstance(text, str) else text), name) for name, text in files]
    query = {"wait": "true", **({"paper": paper} if paper else {})}
    return client.post("/api/issues", data={"files": parts}, query_string=query, headers=ADMIN)


def ids(client: FlaskClient) -> list[str]:
    return sorted(issue["issue_id"] for issue in client.get("/api/issues").json["issues"])


def kept(archive: Archive) -> dict[str, str]:
    """All files under the folder of uploads but the lock, hidden ones too."""
    folder = archive.folder / "uploads"
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


# Who may


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": ""},
        {"Authorization": TOKEN.encode().decode("latin-1")},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": ADMIN["Authorization"][:-1]},
        {"Authorization": ADMIN["Authorization"] + "x"},
        {"Authorization": ADMIN["Authorization"].replace("Bearer", "Basic")},
    ],
    ids=["none", "empty", "no scheme", "scheme alone", "empty token", "wrong", "cut", "longer", "other scheme"],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/issues?name=a.md"), ("DELETE", "/api/issues/yxrb-2024-05-06")])
def test_without_the_token_nothing_changes(
    archive: Archive, client: FlaskClient, sent: dict[str, str], method: str, path: str
) -> None:
    take_in(archive, [Upload("water.md", WATER.encode())])
    response = client.open(path, method=method, headers=sent, data=LAMPS, content_type="text/markdown")
    assert (response.status_code, response.json["error"]["code"]) == (401, "unauthorized")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert ids(client) == ["yxrb-2024-05-06"]


@pytest.mark.parametrize("headers", [{}, ADMIN, {"Authorization": "Bearer "}], ids=["no token", "a token", "an empty one"])
def test_where_no_token_is_set_nobody_may(archive: Archive, headers: dict[str, str]) -> None:
    client = serve(archive, admin_token=None)
    for method, path in (("POST", "/api/issues"), ("DELETE", "/api/issues/x")):
        response = client.open(path, method=method, headers=headers, data=b"x", content_type="text/markdown")
        assert (response.status_code, response.json["error"]["code"]) == (403, "admin_off")
        assert "WENBAO_ADMIN_TOKEN" in response.json["error"]["message"]


def test_the_token_is_neither_logged_nor_shown(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [upload(client, ("a.md", WATER)).text, upload(client, ("b.md", BROKEN)).text]
    shown.append(client.post("/api/issues", headers={"Authorization": ADMIN["Authorization"] + "x"}).text)
    shown.append(client.get("/api/openapi.json").text)
    shown.append(repr(Settings.load(admin_token=TOKEN)))
    assert not any(TOKEN in text for text in [*shown, caplog.text])


# What is taken


def test_a_file_is_read_kept_and_found_at_once(archive: Archive, client: FlaskClient) -> None:
    response = upload(client, ("五月六日.md", WATER))
    assert response.status_code == 201
    assert response.json == {
        "issues": [{"file": "五月六日.md", "issue_id": "yxrb-2024-05-06", "state": "added"}],
        "failed": [], "warnings": [], "articles": 1, "chunks": 1,
    }  # fmt: skip
    assert client.get("/api/search?q=卧虹水库").json["passages"][0]["issue_id"] == "yxrb-2024-05-06"
    assert kept(archive) == {"五月六日.md": WATER}
    assert verify(archive) == []


@pytest.mark.parametrize("kind", ["text/markdown; charset=utf-8", "text/plain", "application/octet-stream"])
def test_one_file_may_be_the_body_itself(archive: Archive, client: FlaskClient, kind: str) -> None:
    response = client.post("/api/issues?wait=true&name=a.md", data=WATER.encode(), content_type=kind, headers=ADMIN)
    assert (response.status_code, ids(client)) == (201, ["yxrb-2024-05-06"])
    assert kept(archive) == {"a.md": WATER}


def test_the_same_file_again_changes_nothing(archive: Archive, client: FlaskClient, toy: ToyEncoder) -> None:
    upload(client, ("a.md", WATER))
    generation, encoded = archive.stored_generation(), len(toy.texts)
    response = upload(client, ("a.md", WATER))
    assert response.status_code == 200
    assert response.json["issues"] == [{"file": "a.md", "issue_id": "yxrb-2024-05-06", "state": "unchanged"}]
    assert (archive.stored_generation(), len(toy.texts)) == (generation, encoded)


def test_a_corrected_file_replaces_its_issue(archive: Archive, client: FlaskClient) -> None:
    upload(client, ("a.md", WATER))
    corrected = WATER.replace("今日", "明日")
    response = upload(client, ("a.md", corrected))
    assert (response.status_code, response.json["issues"][0]["state"]) == (201, "replaced")
    assert ids(client) == ["yxrb-2024-05-06"]
    assert kept(archive) == {"a.md": corrected}


def test_a_file_without_a_paper_gets_the_one_that_is_sent(archive: Archive, client: FlaskClient) -> None:
    bare = "# 放水\n\n卧虹水库今日开闸放水。\n"
    refused = upload(client, ("2024-05-06.txt", bare))
    assert (refused.status_code, kept(archive)) == (422, {})
    assert "没有写明报名" in refused.json["failed"][0]["reason"]
    assert upload(client, ("2024-05-06.txt", bare), paper="砚溪日报").status_code == 201
    assert client.get("/api/issues/yxrb-2024-05-06").json["paper"] == "砚溪日报"
    assert kept(archive) == {"砚溪日报/2024-05-06.txt": bare}


def test_a_sync_of_the_folder_or_of_another_neither_removes_nor_doubles_an_upload(
    archive: Archive, client: FlaskClient, tmp_path: Path, write_issue: Callable[..., Path]
) -> None:
    upload(client, ("a.md", WATER))
    write_issue("b.md", "2024-05-08", "桥\n\n大桥通车。")
    for places in ([tmp_path / "issues"], [archive.folder / "uploads"], [tmp_path]):
        report = sync(archive, places, prune=True)
        assert (report.removed, report.replaced, report.failed) == ([], [], [])
    assert ids(client) == ["yxrb-2024-05-06", "yxrb-2024-05-08"]


def test_an_upload_of_what_a_folder_holds_is_not_kept_twice(archive: Archive, client: FlaskClient, tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text(WATER, encoding="utf-8")
    sync(archive, [own])
    response = upload(client, ("a.md", WATER))
    assert (response.status_code, response.json["issues"][0]["state"]) == (200, "unchanged")
    assert kept(archive) == {}
    assert [stored.path for stored in archive.stored_files()] == [str(own.resolve())]
    other = upload(client, ("a.md", WATER.replace("闸放水。", "闸，放水！")))
    assert other.status_code == 422
    (failed,) = other.json["failed"]
    assert "读入，两处请只留一处" in failed["reason"]
    assert (failed["code"], failed["values"]) == ("article_held", {"title": "放水", "other": str(own.resolve())})
    assert kept(archive) == {}


# What is refused


def test_good_files_are_taken_beside_bad_ones(archive: Archive, client: FlaskClient) -> None:
    response = upload(client, ("a.md", WATER), ("bad.md", BROKEN), ("c.exe", b"MZ"), ("d.md", LAMPS))
    assert response.status_code == 207
    assert [taken["issue_id"] for taken in response.json["issues"]] == ["yxrb-2024-05-06", "yxrb-2024-05-07"]
    bad, other = response.json["failed"]
    assert (bad["code"], other["code"]) == ("front_matter", "unknown_format")
    assert other["values"]["suffix"] == ".exe"
    assert (bad["file"], bad["line"], "YAML" in bad["reason"]) == ("bad.md", 3, True)
    assert (other["file"], other["line"], "读不了这种格式（.exe）" in other["reason"]) == ("c.exe", None, True)
    assert set(kept(archive)) == {"a.md", "d.md"}


def test_a_file_that_the_code_stumbles_over_is_no_fault_of_the_server(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def days(headline: str, *rest: Any) -> list[Any]:
        if "修灯" in headline:
            raise KeyError("灯")
        return chunk_days(headline, *rest)

    monkeypatch.setattr("embeddings.ingest.entries.chunk_days", days)
    caplog.set_level(logging.DEBUG, "embeddings.formats.readers")
    response = upload(client, ("a.md", WATER), ("b.md", LAMPS))
    assert (response.status_code, ids(client)) == (207, ["yxrb-2024-05-06"])
    (failed,) = response.json["failed"]
    assert (failed["file"], failed["code"], failed["values"]) == ("b.md", "stumbled", {"detail": "KeyError: '灯'"})
    assert set(kept(archive)) == {"a.md"}
    assert [record.exc_info is not None for record in caplog.records] == [True]


@pytest.mark.parametrize("number", ["②", "9" * 20])
def test_a_number_that_is_none_is_refused(archive: Archive, client: FlaskClient, number: str) -> None:
    response = upload(client, ("a.md", WATER.replace("---\n#", f"number: {number}\n---\n#")))
    assert (response.status_code, response.json["failed"][0]["code"]) == (422, "bad_number")
    assert (ids(client), kept(archive)) == ([], {})


def test_a_name_in_another_encoding_is_read_or_refused_but_no_error_of_the_server(
    archive: Archive, client: FlaskClient
) -> None:
    name = "放水.md".encode("gbk")
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n--x--\r\n' % (name, WATER.encode())
    kind = "multipart/form-data; boundary=x"
    response = client.post("/api/issues?wait=true", data=body, content_type=kind, headers=ADMIN)
    assert response.status_code in (201, 422)
    assert len(kept(archive)) == len(ids(client)) == (response.status_code == 201)
    report = take_in(archive, [Upload("\udcb7\udcc5.md", LAMPS.encode())])
    assert [(error.path, error.code) for error in report.failed] == [("\\xb7\\xc5.md", "bad_name")]


def test_where_nothing_is_taken_the_error_names_file_line_and_reason(archive: Archive, client: FlaskClient) -> None:
    response = upload(client, ("bad.md", BROKEN))
    assert response.status_code == 422
    error = response.json["error"]
    assert (set(error), error["code"], error["field"]) == (
        {"code", "message", "field", "request_id"},
        "upload_refused",
        "files",
    )
    assert "bad.md:3: " in error["message"]
    assert response.json["failed"][0]["line"] == 3
    assert str(archive.folder) not in response.text
    assert (ids(client), kept(archive)) == ([], {})


NO_NAMES = (
    "../a.md", "..\\a.md", "/etc/a.md", "x/a.md", ".a.md", "..", "a\u0000.md", "a\n.md", "\u202ea.md", " ", "a.md/",
    "水" * 70 + ".md",
)  # fmt: skip


@pytest.mark.parametrize("name", [*NO_NAMES, "a.exe", "a", "a.md.html"], ids=ascii)
def test_a_name_that_is_no_issue_files_is_refused(archive: Archive, name: str) -> None:
    assert_refused(archive, Upload(name, WATER.encode()))


@pytest.mark.parametrize("paper", NO_NAMES, ids=ascii)
def test_a_paper_that_would_lead_elsewhere_is_refused(archive: Archive, paper: str) -> None:
    assert_refused(archive, Upload("a.md", WATER.encode()), paper)


def assert_refused(archive: Archive, sent: Upload, paper: str | None = None) -> None:
    report = take_in(archive, [sent], ReadingOptions(paper))
    assert [error.path for error in report.failed] == [sent.name]
    assert report.taken == []
    assert archive.extent().issues == 0
    assert kept(archive) == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=30).map(lambda text: f"{text}.md"))
def test_no_name_leads_out_of_the_folder(archive: Archive, tmp_path: Path, name: str) -> None:
    take_in(archive, [Upload(name, WATER.encode())])
    inside = archive.folder / "uploads"
    assert [path for path in tmp_path.rglob("*.md") if path.parent != inside] == []


def test_the_name_of_another_issue_is_not_overwritten(archive: Archive, client: FlaskClient) -> None:
    upload(client, ("today.md", WATER))
    response = upload(client, ("today.md", LAMPS))
    assert response.status_code == 422
    assert "yxrb-2024-05-06" in response.json["failed"][0]["reason"]
    assert (ids(client), kept(archive)) == (["yxrb-2024-05-06"], {"today.md": WATER})


def test_a_name_is_a_files_or_a_folders_and_never_both(archive: Archive, client: FlaskClient) -> None:
    bare = "# 放水\n\n卧虹水库今日开闸放水。\n"
    upload(client, ("today.md", WATER))
    beneath_a_file = upload(client, ("2024-05-08.txt", bare), paper="today.md")
    assert upload(client, ("2024-05-09.txt", bare), paper="茶报.md").status_code == 201
    over_a_folder = upload(client, ("茶报.md", LAMPS))
    for response, name in ((beneath_a_file, "today.md"), (over_a_folder, "茶报.md")):
        assert response.status_code == 422
        assert f"{name} 既是文件名又是文件夹名" in response.json["failed"][0]["reason"]
    assert set(kept(archive)) == {"today.md", "茶报.md/2024-05-09.txt"}


def test_a_name_or_an_article_sent_twice_is_told_and_the_first_is_kept(archive: Archive, client: FlaskClient) -> None:
    response = upload(client, ("a.md", WATER), ("a.md", LAMPS), ("b.md", WATER.replace("闸放水。", "闸，放水！")))
    assert response.status_code == 207
    assert [failed["file"] for failed in response.json["failed"]] == ["a.md", "b.md"]
    assert "已从 a.md 读入" in response.json["failed"][1]["reason"]
    assert response.json["failed"][1]["values"]["other"] == "a.md"
    assert kept(archive) == {"a.md": WATER}


def test_a_second_article_of_a_day_is_never_refused(archive: Archive, client: FlaskClient) -> None:
    second = LAMPS.replace("05-07", "05-06")
    response = upload(client, ("a.md", WATER), ("b.md", second))
    assert (response.status_code, response.json["failed"]) == (201, [])
    issue = client.get("/api/issues/yxrb-2024-05-06").json
    assert [(line["article_id"], line["title"]) for line in issue["articles"]] == [
        ("yxrb-2024-05-06-01", "放水"), ("yxrb-2024-05-06-02", "修灯"),
    ]  # fmt: skip
    assert set(kept(archive)) == {"a.md", "b.md"}
    assert client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN).status_code == 204
    assert (ids(client), kept(archive)) == ([], {})


# What is told before


def test_a_dry_run_tells_what_each_file_is_read_as_and_keeps_nothing(
    archive: Archive, client: FlaskClient, toy: ToyEncoder
) -> None:
    parts = [(io.BytesIO(text.encode()), name) for name, text in (("a.md", WATER), ("bad.md", BROKEN), ("b.md", LAMPS))]
    query = {"dry_run": "true", "paper": "松烟晚报"}
    response = client.post("/api/issues", data={"files": parts}, query_string=query, headers=ADMIN)
    assert response.status_code == 200
    first, second = response.json["files"]
    assert first == {
        "file": "a.md", "state": "new", "reader": "plain", "encoding": "UTF-8", "warnings": [],
        "issues": [
            {
                "issue_id": "sywb-2024-05-06", "paper": "松烟晚报", "issue_date": "2024-05-06", "last_date": None,
                "edition": None, "issue_number": None, "pages": [], "articles": 1, "indexed": 1, "warnings": [],
                "headlines": [{"title": "放水", "page": None, "byline": None}],
            }
        ],
    }  # fmt: skip
    assert (second["file"], second["issues"][0]["issue_id"]) == ("b.md", "sywb-2024-05-07")
    assert [(failed["file"], failed["line"], failed["code"]) for failed in response.json["failed"]] == [
        ("bad.md", 3, "front_matter")
    ]
    assert str(archive.folder) not in response.text
    assert (ids(client), kept(archive), toy.texts) == ([], {}, [])
    upload(client, ("a.md", WATER))
    parts = [(io.BytesIO(WATER.encode()), "a.md")]
    again = client.post("/api/issues", data={"files": parts}, query_string={"dry_run": "true"}, headers=ADMIN)
    assert [file["state"] for file in again.json["files"]] == ["unchanged"]


def test_a_dry_run_wants_the_token_too(client: FlaskClient) -> None:
    response = client.post("/api/issues?name=a.md&dry_run=true", data=WATER.encode(), content_type="text/markdown")
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ({}, ReadingOptions()),
        ({"encoding": "big5"}, ReadingOptions(encoding="big5")),
        (
            {"map": "title=标题,date=日期", "paper": "松烟晚报"},
            ReadingOptions("松烟晚报", None, {"title": "标题", "date": "日期"}),
        ),
    ],
    ids=["nothing", "encoding", "map and paper"],
)
def test_what_is_said_of_files_reaches_the_readers(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], options: ReadingOptions
) -> None:
    asked = []

    def read(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        asked.append(options)
        return parse_file(path, raw)

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", read)
    parts = [(io.BytesIO(WATER.encode()), "a.md")]
    sent = client.post("/api/issues", data={"files": parts}, query_string={"wait": "true", **query}, headers=ADMIN)
    assert sent.status_code == 201
    assert asked == [options, options]  # before it is kept, and when it is


def test_a_field_map_that_is_none_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/issues?name=a.md&map=title", data=WATER.encode(), content_type="text/plain", headers=ADMIN)
    assert (response.status_code, response.json["error"]["field"]) == (422, "map")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"data": {}, "content_type": "multipart/form-data"}, 422, "no_files"),
        ({"data": {"file": (io.BytesIO(b"x"), "a.md")}}, 422, "no_files"),
        ({"data": {"files": (io.BytesIO(b""), "")}}, 422, "no_files"),
        ({"data": b"x", "content_type": "text/plain"}, 422, "invalid_field"),
        ({"data": b"x", "content_type": "application/pdf"}, 415, "unsupported_media_type"),
        ({"data": b"x"}, 415, "unsupported_media_type"),
        ({"data": b"x" * 5000, "content_type": "text/plain", "query_string": {"name": "a.md"}}, 413, "too_large"),
        ({"data": {"files": (io.BytesIO(b"x" * 5000), "a.md")}}, 413, "too_large"),
        ({"query_string": {"nmae": "a.md"}}, 422, "invalid_field"),
    ],
)
def test_a_request_without_usable_files_is_told(archive: Archive, sent: dict[str, Any], status: int, code: str) -> None:
    response = serve(archive, max_upload=4096).post("/api/issues", headers=ADMIN, **sent)
    assert (response.status_code, response.json["error"]["code"]) == (status, code)
    assert kept(archive) == {}


def test_an_upload_may_be_larger_than_a_question(archive: Archive) -> None:
    client = serve(archive, max_body=1024)
    assert upload(client, ("a.md", WATER + "又及。" * 1000)).status_code == 201
    assert client.post("/api/ask", json={"question": "水", "history": [{"question": "水" * 2000}]}).status_code == 413


# What goes wrong under way


@pytest.mark.parametrize("before", [None, WATER], ids=["a new file", "a corrected one"])
def test_a_failure_while_indexing_leaves_all_as_it_was(
    archive: Archive, client: FlaskClient, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before:
        upload(client, ("a.md", before))
    held = ids(client)

    def fail(texts: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(toy, "encode_passages", fail)
    response = upload(client, ("a.md", WATER.replace("今日", "明日")), ("b.md", LAMPS))
    assert (response.status_code, response.json["error"]["code"]) == (500, "internal")
    assert (ids(client), kept(archive)) == (held, {"a.md": before} if before else {})


def test_a_busy_archive_is_told_and_nothing_is_kept(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client, ("a.md", WATER))
    monkeypatch.setattr(embeddings.store.archive, "_LOCK_SECONDS", 0.05)
    with writer_lock(archive.folder):
        responses = [upload(client, ("b.md", LAMPS)), client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN)]
    for response in responses:
        assert (response.status_code, response.json["error"]["code"]) == (503, "archive_busy")
        assert int(response.headers["Retry-After"]) > 0
    assert (ids(client), kept(archive)) == (["yxrb-2024-05-06"], {"a.md": WATER})


def test_a_start_reads_what_a_killed_server_had_kept(archive: Archive) -> None:
    folder = archive.folder / "uploads"
    assert settle(archive).added == []
    folder.mkdir()
    (folder / "a.md").write_text(WATER, encoding="utf-8")
    (folder / ".b.md.part").write_text(LAMPS[:40], encoding="utf-8")
    (folder / "c.md").write_text(BROKEN, encoding="utf-8")
    report = settle(archive)
    assert report.added == ["yxrb-2024-05-06"]
    assert [type(error) for error in report.failed] == [IssueError]
    assert set(kept(archive)) == {"a.md", "c.md"}
    assert settle(archive).unchanged == [str((folder / "a.md").resolve())]


# Deleting


def test_deleting_leaves_no_trace(archive: Archive, client: FlaskClient) -> None:
    upload(client, ("a.md", WATER), ("b.md", LAMPS))
    assert client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN).status_code == 204
    assert ids(client) == ["yxrb-2024-05-07"]
    assert kept(archive) == {"b.md": LAMPS}
    assert all(found["issue_id"] == "yxrb-2024-05-07" for found in client.get("/api/search?q=卧虹水库").json["passages"])
    assert settle(archive).added == []
    again = client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN)
    assert (again.status_code, again.json["error"]["code"]) == (404, "issue_not_found")


def test_an_issue_of_the_operators_own_folder_is_not_deleted(
    archive: Archive, client: FlaskClient, write_issue: Callable[..., Path]
) -> None:
    own = write_issue("own.md", "2024-05-06", "放水\n\n水库放水。")
    sync(archive, [own])
    response = client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN)
    error = response.json["error"]
    assert (response.status_code, error["code"], error["field"]) == (409, "issue_not_uploaded", "issue_id")
    assert str(own) in error["message"]
    assert "sync --prune" in error["message"]
    assert own.exists()
    assert ids(client) == ["yxrb-2024-05-06"]
    # What no file would bring back may go.
    own.unlink()
    assert client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN).status_code == 204
    assert ids(client) == []


def test_a_failed_deletion_keeps_the_file(archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(client, ("a.md", WATER), paper="砚溪日报")

    def fail(issue_ids: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(archive, "forget", fail)
    assert client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN).status_code == 500
    assert (ids(client), kept(archive)) == (["yxrb-2024-05-06"], {"砚溪日报/a.md": WATER})


def test_issues_that_share_an_uploaded_file_go_together_or_not_at_all(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_days(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        issues = tuple(parse_file(path, text.encode()).issues[0] for text in (WATER, LAMPS))
        return FileReading("year", issues, "UTF-8")

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", two_days)
    report = upload(client, ("year.md", WATER)).json
    assert [(taken["file"], taken["issue_id"]) for taken in report["issues"]] == [
        ("year.md", "yxrb-2024-05-06"), ("year.md", "yxrb-2024-05-07"),
    ]  # fmt: skip
    held = client.get("/api/admin", headers=ADMIN).json["issues"]
    assert [(line["removable"], line["together"]) for line in held] == [(True, 1), (True, 1)]
    refused = client.delete("/api/issues/yxrb-2024-05-06", headers=ADMIN)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "issue_shares_file")
    assert len(ids(client)) == 2
    assert client.delete("/api/issues/yxrb-2024-05-06?together=true", headers=ADMIN).status_code == 204
    assert (ids(client), kept(archive)) == ([], {})


def test_a_list_of_articles_is_taken_without_issues_and_may_be_sent_again(client: FlaskClient, archive: Archive) -> None:
    links = "<li><a href='content_1.htm'>放水</a></li><li><a href='content_2.htm'>修灯</a></li>"
    page = f"<html><body>第01版<ul>{links}</ul></body></html>"
    for text in (page, page.replace("修灯", "灯笼巷修灯"), page):
        answer = upload(client, ("node_2.htm", text))
        assert (answer.status_code, answer.json["issues"], answer.json["failed"]) == (200, [], [])
        assert kept(archive) == {"node_2.htm": text}
    assert ids(client) == []
