"""Files that arrive: taken when they have settled, tried again when they failed, never taken twice as they are."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from embeddings.ingest.arrivals import Arrivals
from embeddings.ingest.watching import follow

A, B = Path("a.md"), Path("b.md")


def stamp(size: int, seconds: float) -> tuple[int, int]:
    return size, int(seconds * 1e9)


def test_a_file_is_taken_when_it_was_left_alone_long_enough() -> None:
    arrivals = Arrivals(settle=5)
    assert arrivals.settled({A: stamp(10, 100)}, 101) == []
    assert arrivals.settled({A: stamp(20, 104)}, 106) == []  # it grew
    assert arrivals.settled({A: stamp(20, 104)}, 110) == []
    assert arrivals.waiting
    assert arrivals.settled({A: stamp(20, 104)}, 111) == [A]
    arrivals.note([A], [], 112)
    assert not arrivals.waiting
    assert arrivals.settled({A: stamp(20, 104)}, 500) == []


def test_what_was_there_long_before_is_taken_at_once_and_what_is_stamped_ahead_waits() -> None:
    arrivals = Arrivals(settle=5)
    assert arrivals.settled({A: stamp(10, 10), B: stamp(10, 900)}, 100) == [A]
    arrivals.note([A], [], 100)
    assert arrivals.settled({A: stamp(10, 10), B: stamp(10, 900)}, 105) == [B]


def test_a_file_that_changes_is_taken_again_once_it_settles() -> None:
    arrivals = Arrivals(settle=5)
    assert arrivals.settled({A: stamp(10, 10)}, 100) == [A]
    arrivals.note([A], [], 100)
    assert arrivals.settled({A: stamp(30, 101)}, 102) == []
    assert arrivals.settled({A: stamp(30, 101)}, 107) == [A]


def test_a_file_that_failed_is_tried_again_each_time_later_and_in_the_end_left() -> None:
    arrivals, now, tried = Arrivals(settle=5), 100.0, []
    while now < 20_000:
        if arrivals.settled({A: stamp(10, 10)}, now):
            tried.append(now)
            arrivals.note([A], [A], now)
        now += 1
    assert tried == [100, 120, 200, 520, 1800]
    assert not arrivals.waiting
    assert arrivals.settled({A: stamp(11, now)}, now) == []
    assert arrivals.settled({A: stamp(11, now)}, now + 5) == [A]  # mended


def test_a_file_that_is_gone_is_waited_for_no_longer() -> None:
    arrivals = Arrivals(settle=5)
    arrivals.settled({A: stamp(10, 100)}, 101)
    arrivals.settled({}, 102)
    assert not arrivals.waiting


def test_a_watch_takes_a_half_written_file_when_it_is_whole(tmp_path: Path) -> None:
    now, taken = [1e10], []
    path = tmp_path / "issue.md"
    path.write_text("半", encoding="utf-8")

    def take(files: Sequence[Path]) -> Collection[Path]:
        texts = [file.read_text(encoding="utf-8") for file in files]
        taken.extend(texts)
        return [file for file, text in zip(files, texts, strict=True) if text != "半截写完"]

    def changes() -> Iterator[set[str]]:
        path.write_text("半截写完", encoding="utf-8")
        yield {"issue.md"}
        for _ in range(10):
            now[0] += 1
            yield set()

    follow([tmp_path], take, lambda path: None, changes(), settle=5, clock=lambda: now[0])
    assert taken == ["半", "半截写完"]


def test_a_watch_names_each_file_that_no_reader_takes_once_when_it_has_settled(tmp_path: Path) -> None:
    now, told = [1e10], []
    (tmp_path / "there.xyz").write_bytes(b"x")

    def changes() -> Iterator[set[str]]:
        late, copying = tmp_path / "late.xyz", tmp_path / "issue.part"
        for path in (late, copying):
            path.write_bytes(b"x")
            os.utime(path, (now[0], now[0]))
        (tmp_path / "meant.jpg").write_bytes(b"x")
        yield {"late.xyz"}
        copying.unlink()
        for _ in range(6):
            now[0] += 1
            yield set()
        late.write_bytes(b"more")
        yield {"late.xyz"}
        now[0] += 60
        yield set()

    follow([tmp_path], lambda files: [], told.append, changes(), 5, ["*.jpg"], clock=lambda: now[0])
    assert [path.name for path in told] == ["there.xyz", "late.xyz"]
