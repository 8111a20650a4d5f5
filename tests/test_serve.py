"""The server: its settings, its one line of greeting, its refusals and its end."""

from __future__ import annotations

import gc
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from waitress import wasyncore

import qa.http.server
import serve
from embeddings.ingest.sync import sync
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from qa.http.server import Server
from qa.settings import Settings
from tests.support.paths import ROOT
from tests.support.served import LIMIT_SECONDS


@pytest.fixture(autouse=True)
def _as_found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave signals as they were, and no variable of the caller's in the way."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WENBAO_{name.upper()}", raising=False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive of one issue, opened by the server with the toy encoder whatever its settings say."""
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", "水库\n\n水库开闸放水。", "大桥\n\n大桥合龙。")])

    def open_toy(settings: ArchiveSettings) -> Archive:
        assert settings.archive == opened.folder
        return opened

    monkeypatch.setattr(Archive, "open", open_toy)
    return opened


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the server was made with; it ends at once."""
    kept: dict[str, Any] = {}

    class Ended:
        def __init__(self, app: object, settings: Settings) -> None:
            kept.update(host=settings.host, port=settings.port, workers=settings.workers)
            self.port = settings.port or 4321

        def run(self) -> None:
            pass

    monkeypatch.setattr(qa.http.server, "Server", Ended)
    return kept


def test_it_greets_with_its_address_and_what_it_holds(
    archive: Archive, made: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve.main(["--archive", str(archive.folder), "--port", "0"]) == 0
    assert capsys.readouterr().out == "问报：http://127.0.0.1:4321（1 期，2 篇）\n"


def test_it_greets_in_the_chosen_language(archive: Archive, made: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main(["--archive", str(archive.folder), "--port", "0", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "Wenbao: http://127.0.0.1:4321 (issues: 1, articles: 2)\n"


def test_settings_come_from_the_environment(archive: Archive, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"ARCHIVE": str(archive.folder), "HOST": "0.0.0.0", "PORT": "8123", "WORKERS": "3"}
    for name, value in given.items():
        monkeypatch.setenv(f"WENBAO_{name}", value)
    assert serve.main([]) == 0
    assert (made["host"], made["port"], made["workers"]) == ("0.0.0.0", 8123, 3)


def test_flags_beat_the_environment(archive: Archive, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ARCHIVE": "elsewhere", "HOST": "0.0.0.0", "PORT": "8123"}.items():
        monkeypatch.setenv(f"WENBAO_{name}", value)
    assert serve.main(["--archive", str(archive.folder), "--host", "127.0.0.2", "--port", "0"]) == 0
    assert (made["host"], made["port"], made["workers"]) == ("127.0.0.2", 0, 32)


def test_the_models_get_as_many_threads_as_set(archive: Archive, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", wanted.append)
    assert serve.main(["--archive", str(archive.folder)]) == 0
    monkeypatch.setenv("WENBAO_THREADS", "2")
    assert serve.main(["--archive", str(archive.folder)]) == 0
    assert wanted == [2]


@pytest.mark.parametrize(("token", "issues"), [("s3cret", 2), ("", 1)], ids=["an admin", "no admin"])
def test_uploads_that_a_kill_left_unread_are_read_at_the_start(
    archive: Archive,
    made: dict[str, Any],
    write_issue: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    issues: int,
) -> None:
    (archive.folder / "uploads").mkdir()
    write_issue("b.md", "2024-03-13", "春笋\n\n春笋上市。").rename(archive.folder / "uploads" / "b.md")
    monkeypatch.setenv("WENBAO_ADMIN_TOKEN", token)
    assert serve.main(["--archive", str(archive.folder)]) == 0
    assert archive.extent().issues == issues


def test_a_missing_archive_is_told_with_the_command_that_makes_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main(["--archive", str(tmp_path / "none")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert str(tmp_path / "none") in told.err
    assert "python -m embeddings sync DIR" in told.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "http"), ("PORT", "70000"), ("WORKERS", "0"), ("MIN_CONFIDENCE", "2"), ("MAX_BODY", "1")]
)
def test_a_bad_setting_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"WENBAO_{name}", value)
    assert serve.main([]) == 1
    assert f"WENBAO_{name}='{value}'" in capsys.readouterr().err


def test_a_missing_file_of_examples_is_named(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENBAO_EXAMPLES", str(tmp_path / "none.jsonl"))
    assert serve.main(["--archive", str(archive.folder), "--port", "0"]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_a_port_in_use_is_named_before_models_are_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve.main(["--archive", str(tmp_path / "none"), "--port", str(port)]) == 1
    assert capsys.readouterr().err == f"错误：不能在 127.0.0.1:{port} 监听：这个端口已被占用：请用 --port 另选一个\n"


def test_a_host_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main(["--archive", str(tmp_path / "none"), "--host", "no-such-host.invalid"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "no-such-host.invalid:8000" in line


def test_whatever_keeps_it_from_starting_is_one_line(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("tensor of another shape")

    monkeypatch.setattr("qa.reading.loading.load_reader", fail)
    assert serve.main(["--archive", str(archive.folder), "--port", "0"]) == 1
    assert capsys.readouterr().err == "错误：启动不了：RuntimeError\n"


def test_an_interruption_while_models_are_loaded_is_no_failure(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("qa.reading.loading.load_reader", interrupted)
    assert serve.main(["--archive", str(archive.folder), "--port", "0"]) == 0


@pytest.mark.parametrize("flags", [["--port", "http"], ["--nothing"], ["issues"]])
def test_wrong_usage_ends_with_2(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main(flags) == 2
    assert "用法：python serve.py" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_in_order(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, number: signal.Signals
) -> None:
    answered: list[int] = []

    class Signalled(Server):
        def run(self) -> None:
            def visit() -> None:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=LIMIT_SECONDS) as reply:
                        answered.append(reply.status)
                finally:
                    os.kill(os.getpid(), number)

            threading.Thread(target=visit, daemon=True).start()
            super().run()

    monkeypatch.setattr(qa.http.server, "Server", Signalled)
    # A test run that a shell put into the background was told to ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    assert serve.main(["--archive", str(archive.folder), "--port", "0"]) == 0
    assert answered == [200]
    gc.collect()


@pytest.fixture
def server() -> Server:
    def greet(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    return Server(greet, Settings.load(port=0, workers=1))


def test_a_server_stopped_just_before_it_selects_ends_in_order(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    selecting, stopped = threading.Event(), threading.Event()

    def held(*arguments: Any) -> Any:
        selecting.set()
        assert stopped.wait(LIMIT_SECONDS)
        return select.select(*arguments)

    monkeypatch.setattr(wasyncore, "select", SimpleNamespace(select=held))
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        assert selecting.wait(LIMIT_SECONDS)
        server.stop()
        stopped.set()
        assert end.result(LIMIT_SECONDS) is None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_a_server_may_be_stopped_again_and_after_its_end(server: Server) -> None:
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        server.stop()
        server.stop()
        assert end.result(LIMIT_SECONDS) is None
    server.stop()


def test_a_server_that_stops_closes_the_connections_left_open(server: Server) -> None:
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT_SECONDS)) as client:
            client.request("GET", "/")
            assert client.getresponse().read() == b"ok"
            server.stop()
            assert end.result(LIMIT_SECONDS) is None
            assert client.sock.recv(1) == b""


class SlowApp:
    """Answers once it may; `begun` tells that a request is under way."""

    def __init__(self) -> None:
        self.begun, self.may = threading.Event(), threading.Event()

    def __call__(self, environ: object, start_response: Callable[..., object]) -> list[bytes]:
        self.begun.set()
        self.may.wait(LIMIT_SECONDS)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def get(port: int) -> http.client.HTTPConnection:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    client.request("GET", "/", headers={"Accept-Language": "en"})
    return client


def test_told_to_stop_it_answers_what_is_under_way_and_refuses_what_is_new() -> None:
    app = SlowApp()
    server = Server(app, Settings.load(port=0, workers=2))
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        with closing(get(server.port)) as early:
            assert app.begun.wait(LIMIT_SECONDS)
            server.stop()
            with closing(get(server.port)) as late:
                refused = late.getresponse()
                assert (refused.status, json.load(refused)["error"]["code"]) == (503, "stopping")
                assert int(refused.headers["Retry-After"]) > 0
                assert late.sock is None or late.sock.recv(1) == b""  # closed
            app.may.set()
            answered = early.getresponse()
            assert (answered.status, answered.read()) == (200, b"ok")
        assert end.result(LIMIT_SECONDS) is None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_what_takes_too_long_is_cut_off_when_it_stops() -> None:
    app = SlowApp()
    server = Server(app, Settings.load(port=0, workers=1, stop_seconds=0.2))
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        with closing(get(server.port)) as client:
            assert app.begun.wait(LIMIT_SECONDS)
            server.stop()
            assert end.result(LIMIT_SECONDS) is None
            app.may.set()
            with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
                client.getresponse()


def test_a_name_with_several_addresses_is_served_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def addresses(host: str, port: int, *rest: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.1", "127.0.0.2")]

    monkeypatch.setattr("waitress.adjustments.socket.getaddrinfo", addresses)
    server = Server(lambda environ, start_response: [], Settings.load(host="paper.example", port=0, workers=1))
    assert server.port > 0
    with ThreadPoolExecutor() as threads:
        end = threads.submit(server.run)
        server.stop()
        assert end.result(LIMIT_SECONDS) is None


def test_the_server_greets_answers_and_stops(example_archive: Archive) -> None:
    process = subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0", "--archive", str(example_archive.folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        address = re.fullmatch(r"问报：(http://127\.0\.0\.1:\d+)（4 期，\d+ 篇）\n", greeting)
        assert address, greeting
        with urllib.request.urlopen(f"{address[1]}/api/health", timeout=LIMIT_SECONDS) as reply:
            assert json.load(reply)["issues"] == 4
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LIMIT_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
