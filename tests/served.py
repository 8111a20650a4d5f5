"""A real server over any archive, for tests that change it or need other settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from waitress import create_server

from embeddings.archive import Archive
from qa.api import create_app
from qa.extractor import SentenceExtractor
from qa.settings import Settings


@contextmanager
def served(archive: Archive, **settings: object) -> Iterator[str]:
    """Serve an archive while the block runs; gives the base URL."""
    chosen = Settings.load(archive=archive.folder, **settings)
    server = create_server(create_app(archive, SentenceExtractor(archive), chosen), host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
