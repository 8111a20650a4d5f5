"""Real servers in the background, for tests in a browser and over the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.http.server import Server
from qa.reading.sentence_reader import SentenceReader
from qa.settings import Settings

LIMIT_SECONDS = 60
"""How long a test waits for what must happen; only a test that fails takes as long."""


@contextmanager
def running(app: WSGIApplication, settings: Settings) -> Iterator[str]:
    """Serve an application with the server of serve.py, on a free port, while the block runs; gives the base URL."""
    server = Server(app, settings.model_copy(update={"port": 0, "workers": min(settings.workers, 8)}))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join(LIMIT_SECONDS)
    assert not thread.is_alive(), "the server did not stop"


@contextmanager
def served(archive: Archive, **settings: object) -> Iterator[str]:
    """Serve an archive that a test changes, or with other settings; gives the base URL."""
    chosen = Settings.load(archive=archive.folder, **settings)
    with running(create_app(archive, SentenceReader(archive), chosen), chosen) as base:
        yield base
