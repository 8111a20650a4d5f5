"""The server: read the settings, load the archive and the models once, serve the chat and the API."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import click
from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer

from embeddings.command_line import DONE, PATH, Command, option, run
from embeddings.messages import MESSAGES
from qa.settings import Settings

log = logging.getLogger("wenbao")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns 0 after a stop, 1 where the archive or a model cannot be used."""
    return run(_serve, argv, "python serve.py")


@click.command("serve", cls=Command, help="help_serve")
@option("--host", help="help_host")
@option("--port", type=int, help="help_port")
@option("--archive", type=PATH, metavar="DIR", help="help_archive")
def _serve(host: str | None, port: int | None, archive: Path | None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for library in ("sentence_transformers", "faiss"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # A service manager stops with SIGTERM: answer what is under way, as for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    serve(Settings.load(host=host, port=port, archive=archive))
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
    try:
        server.run()
    finally:
        keeper.stop()


class Server:
    """waitress as it is set up here: it holds its port from the start, and `stop` ends it from any thread."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._closing = threading.Lock()
        self._sockets: dict[int, Any] = {}  # all that waitress' loop waits for, by file descriptor; empty, the loop ends
        self._server = create_server(
            app,
            self._sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.workers,
            ident="wenbao",
            # Twice the limit: a body that passes it, though not by far, gets the API's own error.
            max_request_body_size=2 * max(settings.max_body, settings.max_upload),
            # Reading on while a request is served is how waitress notices that its client left.
            channel_request_lookahead=1,
        )
        # A host name may stand for several addresses, each with a listener.
        self._listener = next(each for each in self._sockets.values() if isinstance(each, BaseWSGIServer))

    @property
    def port(self) -> int:
        """The port it listens on, also where the settings leave the choice to the system (0)."""
        return int(self._listener.effective_port)

    def run(self) -> None:
        """Serve until `stop` or a KeyboardInterrupt; what is under way is answered, then every connection is closed."""
        try:
            self._server.run()  # returns after a KeyboardInterrupt
        finally:
            self._close()

    def stop(self) -> None:
        """Let the requests under way end, for 5 s at most, then have the thread of `run` close everything and return."""
        self._server.task_dispatcher.shutdown()
        # Only the loop's own thread may close: a socket closed between its listing and its selecting is a bad descriptor.
        # A worker that ends may wake the loop first; it waits here, so that it does not close the trigger while this pulls it.
        with self._closing:
            if self._sockets:
                self._listener.trigger.pull_trigger(self._close)

    def _close(self) -> None:
        with self._closing:
            wasyncore.close_all(self._sockets)


if __name__ == "__main__":
    sys.exit(main())
