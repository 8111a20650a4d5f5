"""The watch over folders: what has settled is synced, what failed is tried again, each result is told.

watchfiles wakes it, by the system's own notices or, with WATCHFILES_FORCE_POLLING=1,
by looking; a look around every minute finds what no notice came of, as on shares.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from embeddings.formats.folders import find_files
from embeddings.ingest.arrivals import SETTLE_SECONDS, Arrivals, stamps

_TICK_MS = 1000
_LOOK_AROUND = 60.0  # seconds

Take = Callable[[Sequence[Path]], Collection[Path]]
"""Takes files that have settled; returns those that failed."""
Tell = Callable[[Path], object]
"""Is told of each settled file that no reader takes, once."""


def watch(places: Sequence[Path], take: Take, tell: Tell, settle: float = SETTLE_SECONDS, ignore: Sequence[str] = ()) -> None:
    """Take files as they settle, beginning with those that are there, until a KeyboardInterrupt."""
    import watchfiles

    changes = watchfiles.watch(*places, step=200, rust_timeout=_TICK_MS, yield_on_timeout=True, watch_filter=None)
    follow(places, take, tell, changes, settle, ignore)


def follow(
    places: Sequence[Path], take: Take, tell: Tell, changes: Iterable[Collection[object]],
    settle: float = SETTLE_SECONDS, ignore: Sequence[str] = (), clock: Callable[[], float] = time.time,
) -> None:  # fmt: skip
    """Do the same for each of `changes`: what changed, or nothing where only time went by."""
    arrivals, others = Arrivals(settle), Arrivals(settle)
    told: set[Path] = set()
    looked = float("-inf")

    def look() -> None:
        nonlocal looked
        looked = clock()
        files = find_files(places, ignore)
        # A file under a name for the time of its copying is gone before it settles.
        strange = others.settled(stamps(files.others), looked)
        others.note(strange, (), looked)
        for path in strange:
            if path not in told:
                told.add(path)
                tell(path)
        found = arrivals.settled(stamps(files.readable), looked)
        if found:
            failed = take(found)
            arrivals.note(found, failed, clock())

    look()
    for changed in changes:
        if changed or arrivals.waiting or others.waiting or clock() - looked >= _LOOK_AROUND:
            look()
