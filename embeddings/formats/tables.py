"""Tables as lines that can be asked: 县区：云泽县；计划(万亩)：12.6；完成(万亩)：8.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from embeddings.text.letters import BLANKS

Rows = list[list[str]]

_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
# All but a table's own tags are taken off before it is parsed, so that nothing in it lies deep.
_OTHER_TAG = re.compile(r"</?(?!(?:table|tbody|thead|tfoot|tr|td|th)\b)(?P<name>[a-z]\w*)\b[^<>]*>", re.IGNORECASE)
_INLINE = frozenset("a b strong i em u s span font sub sup small big code".split())
_LONGEST_CELL = 60  # characters; a longer cell is text that a table sets in place
_MOST_COLUMNS = 50
_MOST_SPAN = 50
_RULED = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{1,}:?[ \t]*\|)+(?:[ \t]*:?-{1,}:?)?[ \t]*")
_PIPE = re.compile(r"(?<!\\)\|")
_WIDE_GAP = re.compile(r"(?:[ \u3000]{2,}|\t[ \t\u3000]*|\u3000)")
_GAP = re.compile(BLANKS)
_SENTENCE_MARK = re.compile(r"[。！？!?；;]")
_NUMBER = re.compile(r"[-+−]?(?:\d[\d,.]*|[〇零一二三四五六七八九十百千万亿]+)[^\d\s]{0,6}")
_DIGIT = re.compile(r"\d")
_LEAST_ROWS = 3  # of a table that only blanks set in columns


def row_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write each row of a table as a line; where its first row names the columns, each value stands behind its column's name.

    A line closes with a full stop, for a column's reader joins what does not end as a sentence.
    """
    kept = [[" ".join(cell.split()) for cell in row] for row in rows]
    kept = [row for row in kept if any(row)]
    lines: list[str] = []
    while kept and len(kept) > 1 and len({cell for cell in kept[0] if cell}) == 1 and len(kept[1]) > 1:
        lines.append(next(cell for cell in kept.pop(0) if cell))  # one cell over all columns is the table's name
    if not kept:
        return lines
    names, *others = kept
    named = bool(others) and len(names) > 1 and not any(_NUMBER.fullmatch(name) for name in names if name)
    for row in others if named else kept:
        cells = [
            f"{names[place]}：{cell}" if named and place < len(names) and names[place] else cell
            for place, cell in enumerate(row)
            if cell
        ]
        line = "；".join(cells)
        lines.append(line if _SENTENCE_MARK.search(line[-1:]) or len(row) < 2 else f"{line}。")
    return lines


def without_html_tables(text: str) -> str:
    """Put rows in the place of HTML's tables; a table that only sets paragraphs in place is left to whoever takes tags off."""
    done, depth, start = 0, 0, 0
    pieces: list[str] = []
    for tag in _TABLE.finditer(text):
        if not tag[1]:
            depth += 1
            if depth == 1:
                start = tag.start()
            continue
        if depth == 0:
            continue
        depth -= 1
        if depth == 0:
            lines = _html_rows(text[start : tag.end()])
            if lines is not None:
                pieces += [text[done:start], _in_place(lines, text[start : tag.end()])]
                done = tag.end()
    return "".join([*pieces, text[done:]])


def _in_place(lines: list[str], replaced: str) -> str:
    """Return lines on as many lines as what they replace, where they do not need more, with a blank line on both sides."""
    return "\n\n" + "\n".join(lines) + "\n" * max(2, replaced.count("\n") - len(lines) - 1)


def _html_rows(html: str) -> list[str] | None:
    tree = LexborHTMLParser(_OTHER_TAG.sub(lambda tag: "" if tag["name"].lower() in _INLINE else " ", html))
    if tree.css_first("table table") is not None:
        return None
    rows = list(_spread(tree.css("tr")))
    long = any(len(cell) > _LONGEST_CELL for row in rows for cell in row)
    if not rows or long or max(map(len, rows)) < 2:
        return None
    return row_lines(rows)


def _spread(rows: list[LexborNode]) -> Iterator[list[str]]:
    """Yield the cells of each row; one that spans several rows or columns stands in each."""
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []

        def take_from_above(cells: list[str] = cells) -> None:
            while len(cells) in below:
                left, text = below.pop(len(cells))
                if left > 1:
                    below[len(cells)] = left - 1, text
                cells.append(text)

        for cell in row.iter():
            if cell.tag not in ("td", "th"):
                continue
            take_from_above()
            text = " ".join(cell.text(deep=True).split())
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for _ in range(min(across, _MOST_COLUMNS - len(cells))):
                if down > 1:
                    below[len(cells)] = down - 1, text
                cells.append(text)
        take_from_above()
        yield cells


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), _MOST_SPAN) if value.isascii() and value.isdecimal() and int(value[:4]) else 1


def without_drawn_tables(text: str) -> str:
    """Put rows in the place of tables that Markdown's | or blanks draw, line for line."""
    lines = text.split("\n")
    out: list[str] = []
    place = 0
    while place < len(lines):
        for find in _DRAWN:
            rows, end = find(lines, place)
            if rows:
                made = row_lines(rows)
                out += [*made, *[""] * (end - place - len(made))]
                place = end
                break
        else:
            out.append(lines[place])
            place += 1
    return "\n".join(out)


def _piped(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    """Return the rows of a Markdown table that begins at a line, and where it ends."""
    if "|" not in lines[start] or start + 1 >= len(lines) or not _RULED.fullmatch(lines[start + 1]):
        return [], start
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    rows = [_pipe_cells(line) for line in (lines[start], *lines[start + 2 : end])]
    if not any(rows[0]):  # a table without names has an empty first row
        rows = rows[1:]
    return rows, end


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]


def _aligned(gap: re.Pattern[str], least_columns: int) -> Callable[[Sequence[str], int], tuple[Rows, int]]:
    """Make a finder of tables whose columns a gap parts: a row of names, then rows of as many cells with figures."""

    def find(lines: Sequence[str], start: int) -> tuple[Rows, int]:
        names = _cells(gap, lines[start])
        if len(names) < least_columns or any(_DIGIT.search(name) for name in names):
            return [], start
        rows = [names]
        for line in lines[start + 1 :]:
            cells = _cells(gap, line)
            if len(cells) != len(names) or not all(_NUMBER.fullmatch(cell) or cell in _NOTHING for cell in cells[1:]):
                break
            rows.append(cells)
        return (rows, start + len(rows)) if len(rows) >= _LEAST_ROWS else ([], start)

    return find


_NOTHING = ("-", "—", "——", "/", "无", "…")
"""What stands in a cell that holds nothing."""


def _cells(gap: re.Pattern[str], line: str) -> list[str]:
    line = line.strip()
    if not line or len(line) > 200 or _SENTENCE_MARK.search(line) or line.startswith("#"):
        return []
    return [cell.strip() for cell in gap.split(line) if cell.strip()]


_DRAWN = (_piped, _aligned(_WIDE_GAP, 2), _aligned(_GAP, 3))
"""The drawn tables, the surest first: one whose columns single blanks part needs three."""
