"""Connections over real sockets: held open or fed byte by byte, they keep nobody out, and end in time."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from qa.settings import Settings
from tests.support.served import LIMIT_SECONDS, running

CROWD = 200


def greet(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@contextmanager
def serving(**settings: Any) -> Iterator[tuple[str, int]]:
    chosen = Settings.load(workers=2, **settings)
    with running(greet, chosen) as base:
        address = urlsplit(base)
        assert address.hostname is not None
        assert address.port is not None
        yield address.hostname, address.port


def visit(address: tuple[str, int]) -> bytes:
    with closing(http.client.HTTPConnection(*address, timeout=LIMIT_SECONDS)) as client:
        client.request("GET", "/")
        return client.getresponse().read()


@contextmanager
def crowd(address: tuple[str, int], begin: bytes) -> Iterator[list[socket.socket]]:
    """Open connections that each send only the begin of a request."""
    with ExitStack() as opened:
        sockets = []
        for _ in range(CROWD):
            one = opened.enter_context(socket.create_connection(address, timeout=LIMIT_SECONDS))
            if begin:
                one.sendall(begin)
            sockets.append(one)
        yield sockets


def rest(one: socket.socket) -> bytes:
    """Read until the server closes."""
    found = b""
    try:
        while part := one.recv(4096):
            found += part
    except ConnectionResetError:
        pass
    return found


IDLE, HEADERS, BODY = b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"


@pytest.mark.parametrize("begin", [IDLE, HEADERS, BODY], ids=["idle", "headers", "body"])
@pytest.mark.parametrize("limits", [{"client_connections": 20}, {"connections": 20}], ids=["of a client", "of all"])
def test_who_holds_many_open_loses_its_oldest_and_a_visitor_is_served(begin: bytes, limits: dict[str, int]) -> None:
    with serving(**limits) as address, crowd(address, begin) as held:
        assert visit(address) == b"ok"
        assert rest(held[0]) == b""
        for one in held[-5:]:  # those opened last are still there
            one.settimeout(0.05)
            with pytest.raises(TimeoutError):
                one.recv(1)


@pytest.mark.parametrize(
    ("begin", "deadline"),
    [(IDLE, "idle_seconds"), (HEADERS, "header_seconds"), (BODY, "body_seconds")],
    ids=["idle", "headers", "body"],
)
def test_beneath_the_caps_deadlines_end_them(begin: bytes, deadline: str) -> None:
    limits: dict[str, Any] = {"client_connections": 0, "connections": 1000, deadline: 4.0}
    with serving(**limits) as address, crowd(address, begin) as held:
        assert visit(address) == b"ok"
        stop = threading.Event()

        def trickle() -> None:
            while begin and not stop.wait(0.2):
                for one in held:
                    with suppress(OSError):
                        one.sendall(b"a" if begin is HEADERS else b"")

        sender = threading.Thread(target=trickle)
        sender.start()
        answers = [rest(one) for one in held]
        stop.set()
        sender.join(LIMIT_SECONDS)
        assert visit(address) == b"ok"
    if begin is IDLE:
        assert set(answers) == {b""}
    if begin is BODY:  # what was sent is read to its end, so that the answer arrives
        head, _, body = answers[0].partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert json.loads(body)["error"]["code"] == "too_slow"


def test_blank_lines_do_not_keep_a_connection() -> None:
    with serving(header_seconds=1.0) as address, socket.create_connection(address, timeout=LIMIT_SECONDS) as one:
        ended = threading.Event()

        def lines() -> None:
            while not ended.wait(0.1):
                try:
                    one.sendall(b"\r\n")
                except OSError:
                    return

        sender = threading.Thread(target=lines)
        sender.start()
        rest(one)
        ended.set()
        sender.join(LIMIT_SECONDS)


def test_who_does_not_fetch_an_answer_is_cut_off() -> None:
    def flood(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(10**8))])
        return [b"x" * 10**8]

    with running(flood, Settings.load(workers=1, request_seconds=1.0)) as base:
        address = urlsplit(base)
        with socket.create_connection((address.hostname, address.port), timeout=LIMIT_SECONDS) as one:
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            threading.Event().wait(3)
            assert len(rest(one)) < 10**8


def test_a_connection_kept_alive_serves_one_request_after_another() -> None:
    with serving(idle_seconds=30) as address, closing(http.client.HTTPConnection(*address, timeout=LIMIT_SECONDS)) as client:
        for _ in range(3):
            client.request("POST", "/", b"x" * 100)
            assert client.getresponse().read() == b"ok"
