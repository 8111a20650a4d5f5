"""The watch over folders: what has settled is synced, what failed is tried again, each result is told.

watchfiles wakes it, by the system's own notices or, with WATCHFILES_FORCE_POLLING=1,
by looking; a look around every minute finds what no notice came of, as on shares.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from embeddings.ingest.arrivals import SETTLE_SECONDS, Arrivals, stamps

_TICK_MS = 1000
_LOOK_AROUND = 60.0  # seconds

Take = Callable[[Sequence[Path]], Collection[Path]]
"""Takes files that have settled; returns those that failed."""


def watch(places: Sequence[Path], take: Take, settle: float = SETTLE_SECONDS, ignore: Sequence[str] = ()) -> None:
    """Take files as they settle, beginning with those that are there, until a KeyboardInterrupt."""
    import watchfiles

    changes = watchfiles.watch(*places, step=200, rust_timeout=_TICK_MS, yield_on_timeout=True, watch_filter=None)
    follow(places, take, changes, settle, ignore)


def follow(
    places: Sequence[Path], take: Take, changes: Iterable[Collection[object]], settle: float = SETTLE_SECONDS,
    ignore: Sequence[str] = (), clock: Callable[[], float] = time.time,
) -> None:  # fmt: skip
    """Do the same for each of `changes`: what changed, or nothing where only time went by."""
    arrivals = Arrivals(settle)
    looked = float("-inf")

    def look() -> None:
        nonlocal looked
        looked = clock()
        found = arrivals.settled(stamps(places, ignore), looked)
        if found:
            failed = take(found)
            arrivals.note(found, failed, clock())

    look()
    for changed in changes:
        if changed or arrivals.waiting or clock() - looked >= _LOOK_AROUND:
            look()
