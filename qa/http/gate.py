"""The gate before the reader: a few questions are read side by side, a bounded number wait, the rest are turned away."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import AbstractContextManager
from threading import Condition
from time import monotonic
from types import TracebackType

from qa.http.errors import ApiError
from qa.settings import Settings

PULSE_SECONDS = 1.0
RETRY_SECONDS = 2
_NEWEST = 0.2
"""Weight of the last question in the mean of how long one keeps its seat."""


class Gate:
    """Seats questions at the reader, first come, first served; safe for any number of threads."""

    def __init__(self, readers: int, waiting: int, longest: float = math.inf) -> None:
        self._readers, self._places, self._longest = readers, readers + waiting, longest
        self._changed = Condition()
        self._seated = 0
        self._inside = 0
        self._tickets = 0
        self._line: list[int] = []
        self._seat_seconds = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Gate:
        """Make the gate of a server: questions never take its last worker, which must be free to refuse more."""
        waiting = max(0, min(settings.max_waiting, settings.workers - settings.readers - 1))
        return cls(settings.readers, waiting, settings.max_wait)

    @property
    def inside(self) -> int:
        """How many questions are let in, read or waiting."""
        return self._inside

    @property
    def waiting(self) -> int:
        """How many of those inside find no seat."""
        return max(0, self._inside - self._readers)

    def enter(self) -> Place:
        """Let a question in until what is returned is closed, once or more.

        Raises the error 503 where too many are inside, or where those would keep it waiting for longer than is declared.
        """
        with self._changed:
            if self._inside >= self._places:
                raise busy(self._expected(self._inside))
            if self._inside >= self._readers and self._expected(self._inside + 1) > self._longest:
                raise busy(self._expected(self._inside + 1) - self._longest)
            self._inside += 1
            return Place(self, self._ticket(), monotonic() + self._longest)

    def wait(self) -> Generator[None, None, None]:
        """Wait for a seat without a place: who comes so stands behind those inside, and waits as long as it takes."""
        with self._changed:
            ticket = self._ticket()
        return self.seat(ticket, math.inf)

    def seat(self, ticket: int, until: float) -> Generator[None, None, None]:
        """Wait for a seat, yielding every second, so that a caller may give up; then free it with `free`.

        Seats go by tickets, not by who asks first. Raises the error 503 where none came free `until` then.
        """
        with self._changed:
            self._line.append(ticket)
        try:
            while not self._seats(ticket, until):
                if monotonic() >= until:
                    raise busy(RETRY_SECONDS)
                yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _seats(self, ticket: int, until: float) -> bool:
        with self._changed:
            pulse = max(0.0, min(PULSE_SECONDS, until - monotonic()))
            free = self._changed.wait_for(lambda: self._seated < self._readers and min(self._line) == ticket, pulse)
            self._seated += free
            return free

    def free(self, seconds: float | None = None) -> None:
        """Give the seat to the next; `seconds` is how long it was kept, where that tells how long questions take."""
        with self._changed:
            self._seated -= 1
            if seconds is not None:
                self._seat_seconds += (seconds - self._seat_seconds) * (_NEWEST if self._seat_seconds else 1)
            self._changed.notify_all()

    def leave(self) -> None:
        """Give back a place."""
        with self._changed:
            self._inside -= 1

    def _ticket(self) -> int:
        self._tickets += 1
        return self._tickets

    def _expected(self, count: int) -> float:
        """Return the seconds after which so many questions will have been read."""
        return self._seat_seconds * count / self._readers


class Place(AbstractContextManager["Place"]):
    """A question's place inside the gate, with the ticket that says when its turn at the reader is."""

    def __init__(self, gate: Gate, ticket: int, until: float) -> None:
        self._gate, self._ticket, self._until = gate, ticket, until
        self._seated_at = 0.0
        self._open = True

    def wait(self) -> Generator[None, None, None]:
        """Wait for a seat at the reader, yielding every second; raises the error 503 after the declared wait."""
        yield from self._gate.seat(self._ticket, self._until)
        self._seated_at = monotonic()

    def free(self) -> None:
        """Give the seat to the next."""
        self._gate.free(monotonic() - self._seated_at)

    def close(self) -> None:
        """Leave the gate."""
        if self._open:
            self._open = False
            self._gate.leave()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def busy(seconds: float) -> ApiError:
    """Return the error 503 that says after how many seconds to come again."""
    return ApiError(503, "busy", headers={"Retry-After": str(max(RETRY_SECONDS, math.ceil(seconds)))})
