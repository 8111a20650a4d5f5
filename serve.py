"""The server: read the settings, load the archive and the models once, serve the chat and the API."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import click
from waitress import wasyncore

from embeddings.command_line import DONE, PATH, Command, option, run
from embeddings.errors import SettingsError, WenbaoError, described
from embeddings.messages import MESSAGES
from qa.http.connections import LOOP_SECONDS, accepted_language, check_address, connections, listen
from qa.http.errors import error_content
from qa.http.messages import MESSAGES as HTTP_MESSAGES
from qa.settings import Settings

log = logging.getLogger("wenbao")

_WORKERS_SECONDS = 1.0
_RETRY_SECONDS = "10"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns 0 after a stop, 1 where the archive or a model cannot be used."""
    return run(_serve, argv, "python serve.py")


@click.command("serve", cls=Command, help="help_serve")
@option("--host", help="help_host")
@option("--port", type=int, help="help_port")
@option("--archive", type=PATH, metavar="DIR", help="help_archive")
def _serve(host: str | None, port: int | None, archive: Path | None) -> int:
    # A service manager stops with SIGTERM, be it while models are loaded: as Ctrl-C, it is no failure.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Flask takes a second to import, too.
    from qa.http.request_log import configure_logging

    try:
        settings = Settings.load(host=host, port=port, archive=archive)
        configure_logging(settings)
        serve(settings)
    except KeyboardInterrupt:
        pass
    except (WenbaoError, OSError):
        raise  # told as they are
    except Exception as error:
        log.debug("cannot start", exc_info=True)
        raise SettingsError("cannot_start", reason=described(error)) from error
    return DONE


def serve(settings: Settings) -> None:
    """Load the archive and the models, say where the chat is, and serve until stopped."""
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.ingest.uploads import settle
    from embeddings.models.encoder import use_threads
    from embeddings.store.archive import Archive
    from qa.alerts.keeping import Keeper
    from qa.http.app import create_app
    from qa.pipeline import ask
    from qa.reading.loading import load_reader
    from qa.understanding import query_expansion

    try:
        check_address(settings)
    except OSError as error:
        raise _cannot_listen(settings, error) from error
    use_threads(settings.threads)
    archive = Archive.open(settings)
    reader = load_reader(archive, settings)
    # The first question should not wait for dictionaries and kernels.
    reader.warm_up()
    query_expansion.warm_up()
    if settings.admin_token:
        for failed in settle(archive).failed:
            log.warning("%s", MESSAGES.message("upload_not_read", error=failed))
    server = Server(create_app(archive, reader, settings), settings)
    extent = archive.extent()
    url = f"http://{settings.host}:{server.port}"
    print(MESSAGES.text("served", url=url, issues=extent.issues, articles=extent.articles), flush=True)
    keeper = Keeper(archive, partial(ask, archive, reader, min_confidence=settings.min_confidence))
    keeper.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    try:
        server.run()
    finally:
        keeper.stop()


class Server:
    """waitress as it is set up here: it holds its port from the start, and `stop` ends it from any thread or signal."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app, self._settings = app, settings
        # Re-entrant, because a signal may come in the very thread that closes.
        self._closing = threading.RLock()
        self._stops: float | None = None  # when what is still under way is cut off
        self._closed = False
        self._sockets: dict[int, Any] = {}  # all that the loop waits for, by file descriptor
        try:
            self._listeners = listen(self._answer, self._sockets, settings)
        except OSError as error:
            raise _cannot_listen(settings, error) from error

    @property
    def port(self) -> int:
        """The port it listens on, also where the settings leave the choice to the system (0)."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Serve until `stop` or a KeyboardInterrupt; what is under way is answered, then every connection is closed."""
        try:
            while not self._is_over():
                try:
                    wasyncore.loop(LOOP_SECONDS, use_poll=True, map=self._sockets, count=1)
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
        message = HTTP_MESSAGES.message("stopping").told(accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
        body = json.dumps(error_content("stopping", message), ensure_ascii=False).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("503 Service Unavailable", [*headers, ("Retry-After", _RETRY_SECONDS)])
        return [body]


def _cannot_listen(settings: Settings, error: OSError) -> SettingsError:
    return SettingsError("cannot_listen", address=f"{settings.host}:{settings.port}", reason=described(error))


def _leave(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, under which threads in the models' native code abort."""
    sys.stdout.flush()
    sys.stderr.flush()
    logging.shutdown()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
