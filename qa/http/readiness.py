"""Whether an answer could be given: the archive is searched as for a question, and a passage of it is read."""

from __future__ import annotations

import logging

from embeddings.settings import CATALOGUE_FILE
from embeddings.store.archive import Archive

log = logging.getLogger(__name__)

_PROBE = "报纸"
"""What is searched for; its vector is computed once and kept."""


class Readiness:
    """Tries the way to an answer, each time anew; safe for any number of threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive, self._was_ready = archive, True

    def ready(self) -> bool:
        """Say whether questions can be answered; what hinders it is written to the log once."""
        try:
            fault = self._fault()
        except Exception as error:  # whatever fails here would fail a question
            if self._was_ready:
                log.exception("not ready")
            fault = repr(error)
        else:
            if fault and self._was_ready:
                log.error("not ready: %s", fault)
        self._was_ready = not fault
        return self._was_ready

    def _fault(self) -> str:
        # A file that was deleted can be read on while it is open, but a restart would not find it.
        if not (self._archive.folder / CATALOGUE_FILE).is_file():
            return "the catalogue is gone"
        chunks = self._archive.extent().chunks
        found = self._archive.search(_PROBE, 1)
        return "searches find nothing" if chunks and not found else ""
