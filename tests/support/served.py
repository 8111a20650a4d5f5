"""Real servers in the background, for tests in a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from waitress import create_server

from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.sentence_reader import SentenceExtractor
from qa.settings import Settings


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """Serve an application while the block runs; gives the base URL."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8)

    def run() -> None:
        # Closed from here while it waits for its sockets, it may find one gone.
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)


@contextmanager
def served(archive: Archive, **settings: object) -> Iterator[str]:
    """Serve an archive that a test changes, or with other settings; gives the base URL."""
    chosen = Settings.load(archive=archive.folder, **settings)
    with running(create_app(archive, SentenceExtractor(archive), chosen)) as base:
        yield base
