"""From an issue file to a searchable archive: reading, chunking, encoding, storing and searching.

The public face: `Archive` opens an archive by its `ArchiveSettings`, `sync` brings it in step with
issue files, `load_encoder` gives a sentence encoder by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.ingest.sync import sync
    from embeddings.models.encoder import load_encoder
    from embeddings.settings import ArchiveSettings
    from embeddings.store.archive import Archive

__all__ = ["Archive", "ArchiveSettings", "load_encoder", "sync"]

_MODULES = {
    "Archive": "embeddings.store.archive",
    "ArchiveSettings": "embeddings.settings",
    "load_encoder": "embeddings.models.encoder",
    "sync": "embeddings.ingest.sync",
}


def __getattr__(name: str) -> Any:
    """Import what is exported on first use: torch takes seconds, which whoever splits a text need not wait for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
