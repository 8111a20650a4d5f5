"""Lines of print with their places: sizes, rows, and a page turned so that vertical print is read like all other."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_STEP = 0.05  # sizes that differ by so much, as logarithms, are counted apart
_OVERLAP = 0.35  # of the lower line's height; lines that share more of it stand in one row


@dataclass(frozen=True, slots=True)
class TextLine:
    """A run of letters in one column; places count from the top left corner of the page, in any unit."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """The height of a letter."""
    doubts: tuple[tuple[int, int], ...] = ()
    """The stretches of `text` that whoever read it was not sure of; () for a text layer."""


def text_size(sizes: Iterable[tuple[float, int]]) -> float:
    """Return the size of most letters, given sizes and how many letters have each; 0 where there are none."""
    counts: Counter[int] = Counter()
    for size, letters in sizes:
        if size > 0:
            counts[round(math.log(size) / _STEP)] += letters
    if not counts:
        return 0.0
    # Scans measure one size a little large here and a little small there: neighbours are counted together.
    most = max(counts, key=lambda step: (sum(counts[step + by] for by in (-1, 0, 1)), counts[step]))
    return math.exp(most * _STEP)


def joined_headlines(lines: Sequence[TextLine], least: float) -> list[TextLine]:
    """Join what a file writes one behind the other as a headline with wide blanks: 打好春灌仗　　喝上放心水."""
    joined: list[TextLine] = []
    for line in lines:
        last = joined[-1] if joined else None
        large = last is not None and min(last.size, line.size) >= least and abs(last.size - line.size) < line.size / 10
        if last is not None and large and in_row(last, line) and 0 < line.left - last.right < 2.2 * line.size:
            joined[-1] = joined_row([last, line])
        else:
            joined.append(line)
    return joined


def turned(lines: Sequence[TextLine], width: float) -> list[TextLine]:
    """Turn a page of vertical lines, read from the right, so that it reads as one of horizontal lines."""
    return [replace(line, left=line.top, right=line.bottom, top=width - line.right, bottom=width - line.left) for line in lines]


def middle(line: TextLine) -> float:
    """Return the height at which the middle of a line stands."""
    return (line.top + line.bottom) / 2


def in_row(one: TextLine, other: TextLine) -> bool:
    """Say whether two lines stand beside each other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _OVERLAP * min(one.bottom - one.top, other.bottom - other.top)


def sharing(lines: Iterable[TextLine], others: Sequence[TextLine]) -> set[int]:
    """Return the ids of the lines that stand in a row with another of `others`."""
    found: set[int] = set()
    ordered = sorted(others, key=lambda line: line.top)
    tops = [line.top for line in ordered]
    tallest = max((line.bottom - line.top for line in ordered), default=0.0)
    for line in lines:
        near = ordered[bisect_left(tops, line.top - tallest) : bisect_right(tops, line.bottom)]
        if any(other is not line and in_row(line, other) for other in near):
            found.add(id(line))
    return found


def joined_row(row: Sequence[TextLine]) -> TextLine:
    """Join the lines of a row, with a blank where print leaves one."""
    text, doubts = "", []
    for line, before in zip(row, [None, *row], strict=False):
        gap = " " if before is not None and line.left - before.right > 0.5 * min(line.size, before.size) else ""
        at = len(text) + len(gap)
        doubts += [(start + at, end + at) for start, end in line.doubts]
        text += gap + line.text
    return TextLine(
        text,
        min(line.left for line in row),
        min(line.top for line in row),
        max(line.right for line in row),
        max(line.bottom for line in row),
        statistics.median(line.size for line in row),
        tuple(doubts),
    )
