"""The lines of a printed page in reading order: columns, the headlines over them, and what runs on below.

By hand: what libraries order are the paragraphs of one text, not the articles of a newspaper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from embeddings.formats.text_lines import TextLine, in_row, joined_row, middle, sharing
from embeddings.text.sentences import ends_a_sentence

HEADLINE = 1.2
"""A line of letters so many times larger than those of the page's text is of a headline."""
SCANNED_HEADLINE = 1.3
"""The same of a scan, where the height of a line is measured less well."""
_GUTTER = 0.7  # times the text's size; a gap between columns is at least as wide
_INDENT = 1.2  # times the size; a line that begins so far in begins a paragraph
_RAGGED = 3.0  # times the size; a line that ends so far before its column's edge is the last of a paragraph
_LEADING = 1.1  # times the size; headlines with no more between them are of one article


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line in its turn, and how it stands in its column."""

    line: TextLine
    headline: bool
    indented: bool
    full: bool
    """Whether it runs to the edge of its column, so that the next line may go on with its sentence."""
    spanning: bool = False
    """Whether it stands over several columns."""
    left: float = 0.0
    right: float = 0.0
    """The edges of its column."""


def reading_order(lines: Sequence[TextLine], size: float, least: float) -> list[PlacedLine]:
    """Put the lines of a page into the order in which they are read.

    `size` is that of the page's text, `least` that of its smallest headline.
    """
    return _Order(size, least).region(list(lines), headed=False)


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of a page whose text has letters of one size."""

    size: float
    least: float
    """The size of the smallest headline."""

    def headline(self, line: TextLine) -> bool:
        return line.size >= self.least

    def region(self, lines: list[TextLine], headed: bool) -> list[PlacedLine]:
        """Order a part of the page; `headed` says whether one headline stands over all of it."""
        gutters = self._gutters(lines)
        if not gutters:
            return self._column(lines)
        bands = self._bands(lines, gutters)
        if bands:
            placed: list[PlacedLine] = []
            left, right = min(line.left for line in lines), max(line.right for line in lines)
            for head, below in bands:
                placed += [replace(one, spanning=True) for one in self._column(head, left, right)]
                headed = headed or any(map(self.headline, head))
                placed += self.region(below, headed)
            return placed
        clean = [gutter for gutter in gutters if not any(line.left < gutter < line.right for line in lines)]
        return self._columns(lines, clean or gutters, headed)

    def _gutters(self, lines: Sequence[TextLine]) -> list[float]:
        """Find the gaps between columns: those that lines beside each other leave, and few lines of text cross."""
        shared = sharing(lines, lines)
        together = sorted((line for line in lines if id(line) in shared), key=lambda line: line.left)
        gutters: list[float] = []
        edge = together[0].right if together else 0.0
        for line in together:
            if line.left - edge >= _GUTTER * self.size:
                gutters.append((edge + line.left) / 2)
            edge = max(edge, self._right_of(line, together))
        text = [line for line in lines if not self.headline(line)]
        beside = sum(not self.headline(line) for line in together)
        found = [at for at in gutters if 2 * sum(line.left < at < line.right for line in text) <= beside]
        if found or not together or len(text) == len(lines):
            return found
        # A headline that stands beside other columns hides the gap under it.
        plain = self._gutters(text)
        return [at for at in plain if any(line.left < at < line.right for line in together if self.headline(line))]

    def _right_of(self, line: TextLine, others: Sequence[TextLine]) -> float:
        """Return where a line ends; one that OCR drew a little longer than all others of its column ends with them."""
        column = [one.right for one in others if abs(one.left - line.left) < self.size and one is not line]
        longest = max(column, default=line.right)
        return longest if len(column) > 1 and 0 < line.right - longest < self.size else line.right

    def _bands(self, lines: list[TextLine], gutters: list[float]) -> list[tuple[list[TextLine], list[TextLine]]]:
        """Cut a region at what stands over several columns: each such head with what is below it, the first maybe headless."""
        rows = sorted(lines, key=lambda line: line.top)
        heads: list[list[TextLine]] = []
        open_head = False
        beside_text = sharing(lines, [line for line in lines if not self.headline(line)])
        for line in rows:
            crossing = any(line.left < at < line.right for at in gutters)
            standing = crossing or self.headline(line) or (open_head and self._under(heads[-1], line))
            if standing and id(line) not in beside_text:
                if not open_head or not self._over(heads[-1], line):
                    heads.append([])
                heads[-1].append(line)
                open_head = True
            else:
                open_head = False
        heads = [head for head in heads if self._stands_over(head, rows, gutters)]
        if not heads:
            return []
        taken = {id(line) for head in heads for line in head}
        tops = [min(line.top for line in head) for head in heads] + [float("inf")]
        rest = [line for line in lines if id(line) not in taken]
        bands = [
            (head, [x for x in rest if top <= middle(x) < end]) for head, top, end in zip(heads, tops, tops[1:], strict=False)
        ]
        above = [line for line in rest if middle(line) < tops[0]]
        return [([], above), *bands] if above else bands

    def _over(self, head: Sequence[TextLine], line: TextLine) -> bool:
        """Say whether a line stands below a head, not beside it."""
        return min(one.left for one in head) < line.right and line.left < max(one.right for one in head)

    def _under(self, head: Sequence[TextLine], line: TextLine) -> bool:
        """Say whether a line of the text's size stands close under a head: the byline of a headline over columns."""
        return line.top - max(one.bottom for one in head) < _LEADING * self.size * 2

    def _stands_over(self, head: Sequence[TextLine], rows: Sequence[TextLine], gutters: Sequence[float]) -> bool:
        """Say whether a head crosses a gap between columns, or stands alone over columns that begin under it."""
        left, right = min(line.left for line in head), max(line.right for line in head)
        if any(in_row(one, other) for one, other in pairwise(head)) or any(self._is_above(line, head[0]) for line in rows):
            return False
        if any(left < at < right for at in gutters):
            return True
        bottom = max(line.bottom for line in head)
        reach = bottom + 4 * self.size
        own = {self._place(edge, gutters) for edge in (left + self.size, right - self.size)}
        first: dict[int, TextLine] = {}  # the line with which the text of each other column begins
        for line in rows:
            if bottom - self.size / 2 <= line.top < reach and not self.headline(line):
                first.setdefault(self._place((line.left + line.right) / 2, gutters), line)
        # What has a headline of its own is not under this one.
        return any(place not in own and not self._has_headline(line, rows, head) for place, line in first.items())

    def _place(self, at: float, gutters: Sequence[float]) -> int:
        return sum(gutter < at for gutter in gutters)

    def _has_headline(self, line: TextLine, rows: Sequence[TextLine], head: Sequence[TextLine]) -> bool:
        """Say whether the next line above a line of text is a headline, other than the head that is looked at."""
        above = [
            one for one in rows if one.bottom <= line.top + self.size / 2 and one.left < line.right and line.left < one.right
        ]
        nearest = max(above, key=lambda one: one.bottom, default=None)
        return nearest is not None and self.headline(nearest) and nearest not in head

    def _is_above(self, line: TextLine, first: TextLine) -> bool:
        """Say whether a line is of the same headline as the one right below it."""
        near = line is not first and -first.size / 2 < first.top - line.bottom < _LEADING * min(line.size, first.size)
        return near and self.headline(line) and line.left < first.right and first.left < line.right

    def _columns(self, lines: list[TextLine], gutters: Sequence[float], headed: bool) -> list[PlacedLine]:
        """Order columns beside each other.

        Under a headline over all of them, what stands in each before its own first headline is of that article;
        but not where the article is over above, and the column before breaks off within a sentence.
        """
        parts: list[list[TextLine]] = [[] for _ in range(len(gutters) + 1)]
        for line in lines:
            # A headline belongs to the column in which it begins, all else to the one in which most of it stands.
            at = line.left + self.size / 2 if self.headline(line) else (line.left + line.right) / 2
            parts[self._place(at, gutters)].append(line)
        placed: list[PlacedLine] = []
        waiting: list[PlacedLine] = []
        for part in filter(None, parts):
            first = min((line.top for line in part if self.headline(line)), default=float("inf"))
            opening = self.region([line for line in part if middle(line) < first], headed)
            if waiting and opening and placed and _closed(placed[-1]) and not _closed(waiting[-1]):
                placed += waiting
                waiting = []
            placed += opening
            waiting += self.region([line for line in part if middle(line) >= first], False)
            if not headed:
                placed += waiting
                waiting = []
        return placed + waiting

    def _column(self, lines: list[TextLine], left: float | None = None, right: float | None = None) -> list[PlacedLine]:
        """Order the lines of one column from above, those of a row joined."""
        rows: list[list[TextLine]] = []
        for line in sorted(lines, key=lambda line: middle(line)):
            if rows and in_row(rows[-1][0], line):
                rows[-1].append(line)
            else:
                rows.append([line])
        joined = [joined_row(sorted(row, key=lambda line: line.left)) for row in rows]
        if left is None or right is None:
            left, right = min((x.left for x in joined), default=0.0), max((x.right for x in joined), default=0.0)
        return [
            PlacedLine(
                line,
                headline=self.headline(line),
                indented=line.left - left >= _INDENT * line.size,
                full=right - line.right < _RAGGED * line.size,
                left=left,
                right=right,
            )
            for line in joined
        ]


def _closed(placed: PlacedLine) -> bool:
    return ends_a_sentence(placed.line.text)
