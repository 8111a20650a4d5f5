"""HTML as it is printed: decoded as its page declares, and read as lines, with the rows of tables as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from embeddings.errors import IssueError
from embeddings.formats.encodings import Decoded, decode
from embeddings.formats.tables import row_lines

MOST_BYTES = 16 * 2**20
"""A page of more bytes is no page of a newspaper."""
DEEPEST = 512
"""Elements within each other, as many as browsers take."""
_DECLARED = re.compile(
    rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})|<\?xml[^>]{0,100}?encoding=["']([\w-]{2,20})"""
)
_HEAD = 4096  # bytes of a page within which it declares its encoding
BLOCKS = frozenset(
    "p div br li tr td th h1 h2 h3 h4 h5 h6 ul ol dl dt dd table section article header footer main aside center blockquote pre"
    " figure figcaption hr form fieldset founder-content founder-title founder-author tbody thead caption address".split()
)
_UNPRINTED = frozenset(
    "script style noscript template iframe select option button textarea input svg video audio object embed map head".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CJK = r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’—…·]"
# A line break of the source is a blank between words of letters, and nothing between Chinese characters.
_SOURCE_BREAK = re.compile(rf"(?<={_CJK})[ \t]*[\r\n][ \t\r\n]*(?={_CJK})")
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_CELL = 80  # characters; a longer cell is text that a table sets in place

Skip = Callable[[LexborNode], bool]


def decode_markup(path: Path, raw: bytes, encoding: str | None = None) -> Decoded:
    """Decode a page: in the encoding named, else as UTF-8 where the bytes are such, else as it declares, else as is detected.

    UTF-8 stands before what is declared, for a page that was saved anew keeps its old declaration, and text of
    another encoding is hardly ever valid UTF-8. Raises IssueError where nothing fits.
    """
    if len(raw) > MOST_BYTES:
        raise IssueError("page_too_long", path, most=MOST_BYTES // 2**20)
    named = _DECLARED.search(raw[:_HEAD])
    if encoding is None and named is not None:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            with suppress(IssueError):
                return decode(path, raw, (named[1] or named[2]).decode("ascii"))
    return decode(path, raw, encoding)


def parse_markup(html: str) -> LexborNode:
    """Parse a page and return its root."""
    root = LexborHTMLParser(html).root
    if root is None:  # an empty document still has one
        raise ValueError("no root")
    return root


def lines_of(node: LexborNode, skip: Skip = lambda node: False, headings: bool = False) -> list[str]:
    """Return the printed lines of an element, without its scripts and what `skip` leaves out; a table's row is a line.

    With `headings`, they are marked as in Markdown: ## 要闻.
    """
    lines: list[str] = []
    pieces: list[str] = []

    def close(mark: str = "") -> None:
        text = tidy("".join(pieces))
        if text:
            lines.append(mark + text)
        pieces.clear()

    for child, enters in walk(node, skip):
        if child.tag == "-text":
            pieces.append(child.text_content or "")
        elif child.tag == "table" and enters and (rows := _data_rows(child)):
            close()
            lines += row_lines(rows)
        elif child.tag in BLOCKS:
            close("#" * int(child.tag[1]) + " " if headings and not enters and child.tag in _HEADINGS else "")
    close()
    return lines


def tidy(text: str) -> str:
    """Return a line with its blanks as print has them: none at the ends, one between words."""
    return _BLANKS.sub(" ", _SOURCE_BREAK.sub("", text)).strip(" \u3000\ufeff\u200b")


def text_of(node: LexborNode | None) -> str:
    """Return an element's lines as one, or nothing for no element."""
    return " ".join(lines_of(node)) if node is not None else ""


def _data_rows(table: LexborNode) -> list[list[str]]:
    """Return the cells of a table of figures; nothing for one that only sets text or pictures in place."""
    if table.css_first("table table") is not None:
        return []
    rows = [[text_of(cell) for cell in row.iter() if cell.tag in ("td", "th")] for row in table.css("tr")]
    rows = [row for row in rows if any(row)]
    full = len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return rows if full and all(len(cell) <= _CELL for row in rows for cell in row) else []


def walk(node: LexborNode, skip: Skip) -> Iterator[tuple[LexborNode, bool]]:
    """Yield what lies within an element in order of print, each element when it begins (True) and when it ends (False).

    Without recursion, whose depth an unclosed page would set; below `DEEPEST` nothing is read.
    """
    within = [(node, node.iter(include_text=True))]
    while within:
        parent, children = within[-1]
        child = next(children, None)
        if child is None:
            within.pop()
            if within:
                yield parent, False
            continue
        if child.tag == "-text":
            yield child, True
            continue
        style = child.attributes.get("style") or ""
        if child.tag in _UNPRINTED or _HIDDEN.search(style) or "hidden" in child.attributes or skip(child):
            continue
        yield child, True
        if len(within) < DEEPEST and not (child.tag == "table" and _data_rows(child)):
            within.append((child, child.iter(include_text=True)))
