"""From a question to a cited answer, and its HTTP face.

The public face: `load_reader` gives the reader for an archive, and `ask` an `Answer` to a question;
`Settings` are those of archive and server together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answering.answer import Answer
    from qa.pipeline import ask
    from qa.reading.loading import load_reader
    from qa.settings import Settings

__all__ = ["Answer", "Settings", "ask", "load_reader"]

_MODULES = {
    "Answer": "qa.answering.answer",
    "Settings": "qa.settings",
    "ask": "qa.pipeline",
    "load_reader": "qa.reading.loading",
}


def __getattr__(name: str) -> Any:
    """Import what is exported on first use: the models' libraries take seconds, which --help need not wait for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
