"""The gate before the reader: a few questions are read side by side, a bounded number wait, the rest are turned away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Semaphore

from qa.http.errors import ApiError
from qa.settings import Settings

PULSE_SECONDS = 1.0
RETRY_SECONDS = 2


class Gate:
    """Counts the questions under way; safe for any number of threads."""

    def __init__(self, readers: int, waiting: int) -> None:
        self._seats, self._places = Semaphore(readers), Semaphore(readers + waiting)

    @classmethod
    def of(cls, settings: Settings) -> Gate:
        """Make the gate of a server: questions never take its last worker, which must be free to refuse more."""
        return cls(settings.readers, max(0, min(settings.max_waiting, settings.workers - settings.readers - 1)))

    def enter(self) -> ExitStack:
        """Let a question in until what is returned is closed, once or more; raises the error 503 where too many wait."""
        if not self._places.acquire(blocking=False):
            retry = {"Retry-After": str(RETRY_SECONDS)}
            raise ApiError(503, "busy", headers=retry)
        place = ExitStack()
        place.callback(self._places.release)
        return place

    def wait(self) -> Iterator[None]:
        """Wait for a seat at the reader, yielding every second, so that a caller may give up; then free it with `free`."""
        while not self._seats.acquire(timeout=PULSE_SECONDS):
            yield

    def free(self) -> None:
        """Give the seat to the next."""
        self._seats.release()
