"""Whose turn it is at the processor: one forward pass at a time, and a question's before those of an upload.

Written by hand because no lock of the standard library knows who is in a hurry.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

PATIENCE_SECONDS = 0.5
"""How long passages that are indexed give way to questions: an upload goes on, slowly, also under a load that never ends."""


class Turns:
    """Gives turns to any number of threads: first come, first served, those in a hurry before the patient ones."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._changed = threading.Condition()
        self._taken = False
        self._hurried: deque[object] = deque()
        self._patient: deque[object] = deque()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Have a turn for what somebody waits for: it comes after the one under way, and others in a hurry before it."""
        with self._turn(self._hurried):
            yield

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Have a turn for work in the background: after all who are in a hurry, for as long as patience lasts."""
        with self._turn(self._patient):
            yield

    @contextmanager
    def _turn(self, line: deque[object]) -> Iterator[None]:
        me = object()
        with self._changed:
            line.append(me)
            until = monotonic() + self._patience
            try:
                while not self._is_next(me, line):
                    left = until - monotonic()
                    if line is self._patient and left <= 0:
                        # Out of patience it goes to the front: behind a line that never empties it would wait for ever.
                        line.remove(me)
                        line = self._hurried
                        line.appendleft(me)
                    else:
                        self._changed.wait(left if line is self._patient else None)
                self._taken = True
            finally:
                line.remove(me)
                self._changed.notify_all()  # one who gives up may have stood before others
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _is_next(self, me: object, line: deque[object]) -> bool:
        if self._taken or line[0] is not me:
            return False
        return line is self._hurried or not self._hurried


TURNS = Turns()
"""Those of this process: all its models share the same cores, where two passes at once are slower than one after the other."""
