"""The server's connections: bounded in number and time, so that nobody keeps others out by holding many open.

waitress, which serves here, stops accepting where its one limit is reached, and knows no other deadline than that of a
connection on which nothing happens: who sends a byte now and then keeps it for ever. What it lacks stands here, on its
own classes for listeners and connections.
"""

from __future__ import annotations

import json
import socket
from collections.abc import MutableMapping
from time import monotonic
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from qa.http.errors import error_content
from qa.http.messages import MESSAGES, preferred_language
from qa.http.proxies import is_within
from qa.settings import Settings

Sockets = MutableMapping[int, Any]
LOOP_SECONDS = 1.0
"""How often connections are looked at: deadlines are kept that exactly."""
_HEADER_BYTES = 32_768
_OWN_SOCKETS = 100
"""Room that waitress, whose limit must never be reached, is given for listeners and triggers."""
_SPARE_SECONDS = 5.0
"""How long a client may take to fetch the error that ends its connection."""


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it waits for the request that it is at."""

    limits: Settings
    """Set by the listener's class."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.since = monotonic()
        """When it was opened, its last answer was given, or the first byte came of the request that it is at."""
        self._at_request = False
        self._answered = False
        self._ends: float | None = None
        super().__init__(*arguments, **named)

    @property
    def under_way(self) -> bool:
        """Say whether a request is being answered, or its answer sent."""
        return bool(self.requests or self.total_outbufs_len)

    def received(self, data: bytes) -> bool:
        """Take bytes of a request; the first ones start its clock, blank lines between requests do not stop it."""
        self._settle()
        if not self._at_request:
            self.since, self._at_request = monotonic(), True
        return bool(super().received(data))

    def service(self) -> None:
        """Answer a request, in a worker's thread."""
        super().service()
        self._answered = True
        if self.server.stopping:
            self.close_when_flushed = True
            self.server.pull_trigger()

    def _settle(self) -> None:
        """Begin to wait for the next request where the last one is answered."""
        if self._answered and self.request is None and not self.under_way:
            self.since, self._at_request, self._answered = monotonic(), False, False

    def check(self, now: float) -> None:
        """End it where it is over one of its deadlines."""
        self._settle()
        waited, limits = now - self.since, self.limits
        if self._ends is not None:
            late = now > self._ends
        elif self.under_way:
            # Its worker notices at its next word, as when the client leaves.
            late = waited > limits.request_seconds
        elif not self._at_request:
            late = waited > limits.idle_seconds
        else:
            headers_there = self.request is not None and self.request.headers_finished
            if waited > (limits.body_seconds if headers_there else limits.header_seconds):
                self.refuse(now)
            return
        if late:
            # At once: a client that reads nothing never lets waitress send, which it would do before it closes.
            self.handle_close()

    def refuse(self, now: float) -> None:
        """Answer 408 to a request that came too slowly, and close."""
        headers = self.request.headers if self.request is not None else {}
        body = error_bytes("too_slow", headers.get("ACCEPT_LANGUAGE", ""))
        lines = ("HTTP/1.1 408 Request Timeout", "Content-Type: application/json", f"Content-Length: {len(body)}",
                 "Connection: close", "", "")  # fmt: skip
        answer = "\r\n".join(lines).encode() + body
        with self.outbuf_lock:
            self.outbufs[-1].append(answer)
            self.total_outbufs_len += len(answer)
        self._ends = now + _SPARE_SECONDS
        self.close_when_flushed = True


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """A listener that makes room for newcomers: whoever holds most without asking anything loses what it holds longest."""

    limits: Settings
    stopping = False
    """Set once no connection is to be kept for a further request."""

    def handle_accept(self) -> None:
        """Take a new connection, where need be in place of one on which nothing is under way."""
        before = set(self.active_channels)
        super().handle_accept()
        for number in set(self.active_channels) - before:
            self._make_room(self.active_channels[number])

    def _make_room(self, new: Connection) -> None:
        everyone = [one for one in connections(self._map) if not one.will_close]
        mine = [one for one in everyone if one.addr[0] == new.addr[0]]
        # The connections of a proxy are those of many visitors.
        capped = self.limits.client_connections and not is_within(new.addr[0], self.limits.proxies)
        if capped and len(mine) > self.limits.client_connections:
            _close_idlest(mine, new)
        elif len(everyone) > self.limits.connections:
            held: dict[str, int] = {}
            for one in everyone:
                held[one.addr[0]] = held.get(one.addr[0], 0) + 1
            most = max(held[one.addr[0]] for one in everyone if one is not new)
            _close_idlest([one for one in everyone if held[one.addr[0]] == most], new)

    def maintenance(self, now: float) -> None:
        """Do nothing, in place of waitress' one deadline: `look_after` sees to all of them."""


def look_after(sockets: Sockets) -> None:
    """Look at every connection's deadlines.

    Between two rounds of the loop only: what is closed while a round gathers whom to wait for leaves its number there, and a
    newcomer that gets the same number would be closed with it.
    """
    present = monotonic()
    for connection in connections(sockets):
        connection.check(present)


def connections(sockets: Sockets) -> list[Connection]:
    """Return the connections among all that a loop waits for."""
    return [one for one in list(sockets.values()) if isinstance(one, Connection)]


def _close_idlest(among: list[Connection], new: Connection) -> None:
    """Close the one that waits longest, or the new one where on all others something is under way."""
    waiting = [one for one in among if one is not new and not one.under_way]
    min(waiting, key=lambda one: one.since, default=new).will_close = True


def listen(app: WSGIApplication, sockets: Sockets, settings: Settings) -> list[Listener]:
    """Open the listeners of a server, one for each address of its host, all with the same workers; raises OSError."""
    adjustments = Adjustments(
        host=settings.host,
        port=settings.port,
        threads=settings.workers,
        ident="wenbao",
        # The application itself looks whose headers are to be believed, where any are.
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
        # Twice the limit: a body that passes it, though not by far, gets the API's own error.
        max_request_body_size=2 * max(settings.max_body, settings.max_upload),
        max_request_header_size=_HEADER_BYTES,
        # Reading on while a request is served is how waitress notices that its client left.
        channel_request_lookahead=1,
        connection_limit=settings.connections + _OWN_SOCKETS,
        cleanup_interval=LOOP_SECONDS,
        asyncore_use_poll=True,  # select knows no socket beyond the 1,024th
    )
    connection = type("BoundedConnection", (Connection,), {"limits": settings})
    kind = type("BoundedListener", (Listener,), {"limits": settings, "channel_class": connection})
    workers = ThreadedTaskDispatcher()
    workers.set_thread_count(settings.workers)
    opened: list[Listener] = []
    try:
        for place in adjustments.listen:
            opened.append(kind(app, sockets, dispatcher=workers, adj=adjustments, sockinfo=place))
    except OSError:
        workers.shutdown()
        for one in list(sockets.values()):
            one.close()
        raise
    return opened


def check_address(settings: Settings) -> None:
    """See that the server's address can be had, before models are loaded for it; raises OSError."""
    for family, kind, number, _, address in socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    ):
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)


def error_bytes(code: str, accepted: str) -> bytes:
    """Return the body of an error that no application tells, in the language that an Accept-Language header asks for."""
    language = preferred_language(parse_accept_header(accepted, LanguageAccept))
    return json.dumps(error_content(code, MESSAGES.message(code).told(language)), ensure_ascii=False).encode()
