"""The thread of a server that asks the alerts again whenever the archive changed, whoever changed it."""

from __future__ import annotations

import logging
import threading

from embeddings.store.archive import Archive
from qa.alerts.asking import Ask, run_alerts

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0


class Keeper:
    """Looks every few seconds whether the archive is of another generation."""

    def __init__(self, archive: Archive, ask: Ask, every: float = _LOOK_SECONDS) -> None:
        self._archive, self._ask, self._every = archive, ask, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End without waiting for a question under way: what it would find is found by the next start."""
        self._stopped.set()

    def _keep(self) -> None:
        failed: int | None = None  # the generation that could not be asked, so that its error is logged once
        while not self._stopped.wait(self._every):
            try:
                generation = self._archive.stored_generation()
                if generation == failed:
                    continue
                failed = generation
                for evidence in run_alerts(self._archive, self._ask):
                    log.info("%s: %s (%s)", evidence.question, evidence.answer, evidence.article_id)
                failed = None
            except Exception:
                log.exception("alerts were not asked")
