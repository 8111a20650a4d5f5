"""Files that arrive in a folder: which have settled, which are still being written, which failed and are tried again.

Pure but for `stamps`: stamps of files and the time go in, the files to take come out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Stamp = tuple[int, int]
"""The size of a file, and when it was last changed, in nanoseconds."""

SETTLE_SECONDS = 5.0
"""How long a file must be left alone before it is taken: copying over a network pauses for seconds."""
_RETRIES, _LONGER = 4, 4  # times that a file that failed is tried again unchanged, each after so many times the wait before


@dataclass(slots=True)
class _Arrival:
    """A file, as it was last seen."""

    stamp: Stamp
    since: float
    taken: bool = False
    tries: int = 0
    """How often it failed as it is now."""
    again: float | None = None
    """When it is tried again; None where it is not."""


class Arrivals:
    """Tells which files of a folder are to be taken now."""

    def __init__(self, settle: float = SETTLE_SECONDS) -> None:
        self._settle = settle
        self._files: dict[Path, _Arrival] = {}

    @property
    def waiting(self) -> bool:
        """Say whether a file has still to settle, or is to be tried again."""
        return any(not one.taken or one.again is not None for one in self._files.values())

    def settled(self, stamps: Mapping[Path, Stamp], now: float) -> list[Path]:
        """Return the files that are to be taken: left alone long enough and not taken as they are, or due for another try.

        `now` is the time by the clock that files are stamped with, in seconds.
        """
        for path in self._files.keys() - stamps.keys():
            del self._files[path]
        found = []
        for path, stamp in stamps.items():
            one = self._files.get(path)
            if one is None or one.stamp != stamp:
                # What was there long before it was first seen has settled already; one stamped in the future has not.
                since = min(now, stamp[1] / 1e9) if one is None else now
                one = self._files[path] = _Arrival(stamp, since)
            due = one.again is not None and one.again <= now
            if due or (not one.taken and now - one.since >= self._settle):
                found.append(path)
        return found

    def note(self, taken: Iterable[Path], failed: Iterable[Path], now: float) -> None:
        """Remember what became of files; one that failed is tried again, each time later, until it changes."""
        bad = set(failed)
        for path in taken:
            one = self._files.get(path)
            if one is None:
                continue
            one.taken, one.again = True, None
            if path in bad:
                one.tries += 1
                if one.tries <= _RETRIES:
                    one.again = now + self._settle * _LONGER**one.tries


def stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """Return the stamps of files; one that is gone meanwhile is left out."""
    found: dict[Path, Stamp] = {}
    for path in paths:
        try:
            seen = os.stat(path)
        except OSError:
            continue
        found[path] = seen.st_size, seen.st_mtime_ns
    return found
