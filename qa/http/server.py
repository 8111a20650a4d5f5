"""The server itself: waitress with bounded connections, ended from any thread or signal once what is under way is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress import wasyncore

from qa.http.connections import LOOP_SECONDS, connections, error_bytes, listen, look_after
from qa.settings import Settings

_WORKERS_SECONDS = 1.0
_RETRY_SECONDS = "10"


class Server:
    """waitress as it is set up here: it holds its port from the start, and `stop` ends it from any thread or signal.

    Raises OSError where nothing can listen at the address.
    """

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app, self._settings = app, settings
        # Re-entrant, because a signal may come in the very thread that closes.
        self._closing = threading.RLock()
        self._stops: float | None = None  # when what is still under way is cut off
        self._closed = False
        self._sockets: dict[int, Any] = {}  # all that the loop waits for, by file descriptor
        self._listeners = listen(self._answer, self._sockets, settings)

    @property
    def port(self) -> int:
        """The port it listens on, also where the settings leave the choice to the system (0)."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Serve until `stop` or a KeyboardInterrupt; what is under way is answered, then every connection is closed."""
        looked = monotonic()
        try:
            while not self._is_over():
                try:
                    wasyncore.loop(LOOP_SECONDS, use_poll=True, map=self._sockets, count=1)
                    if monotonic() - looked >= LOOP_SECONDS:
                        look_after(self._sockets)
                        looked = monotonic()
                except KeyboardInterrupt:
                    self.stop()
        finally:
            with self._closing:
                self._closed = True
                # Workers that are still busy end with the process; those that wait end now.
                self._listeners[0].task_dispatcher.shutdown(timeout=_WORKERS_SECONDS)
                wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Take no new requests, and have `run` return when those under way are answered, or their time is over.

        Called again, it has them cut off.
        """
        with self._closing:
            again = self._stops is not None
            self._stops = monotonic() + (0 if again else self._settings.stop_seconds)
            for one in self._listeners:
                one.stopping = True
            if not self._closed:
                self._listeners[0].trigger.pull_trigger()

    def _is_over(self) -> bool:
        if self._stops is None:
            return False
        return monotonic() >= self._stops or not any(one.under_way for one in connections(self._sockets))

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer by the application, or 503 while stopping."""
        if self._stops is None:
            return self._app(environ, start_response)
        body = error_bytes("stopping", environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("503 Service Unavailable", [*headers, ("Retry-After", _RETRY_SECONDS)])
        return [body]
