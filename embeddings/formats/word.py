"""The reader of DOCX: headings by style, else by size and weight; tables as rows; all of it then read as a text is."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.errors import IssueError, described
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.tables import row_lines
from embeddings.formats.zips import Budget, checked_members, open_zip
from embeddings.messages import MESSAGES
from embeddings.records import Issue
from embeddings.text.sentences import ends_a_sentence

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

TextReader = Callable[[Path, str, ReadingOptions], tuple[str, tuple[Issue, ...]]]
Element = Any
"""An element of lxml, which tells no types."""

_STYLE = re.compile(r"(?:heading|标题)\s*(?P<level>[1-9])", re.IGNORECASE)
_TITLES = ("title", "标题", "文章标题")
_LARGER = 1.2  # times the usual size
_HEADLINE = 50  # characters
_MOST_LEVELS = 6
_USUAL_SIZE = 10.5  # points; what Chinese Word sets where a document says nothing
_LONGEST_CELL = 120  # characters; longer text was laid into a table only to stand in columns
_DEEPEST = 64
_LEFT_OUT = ("txbxContent", "del", "moveFrom", "pPr", "rPr", "instrText", "Fallback")
_MARKED = re.compile(r"(?m)^(?=[#>])")


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph; `level` is that of its style, 0 where that makes it no heading."""

    text: str
    level: int = 0
    size: float = _USUAL_SIZE
    bold: bool = False


def read_word(path: Path, raw: bytes, options: ReadingOptions, read_decoded: TextReader) -> FileReading:
    """Read a Word document; where neither text nor name tells a day, that of its making is taken, which is a warning."""
    if not raw:
        raise IssueError("empty", path, 1)
    document = _opened(path, raw)
    lines = [line for line in _lines(document, document.element.body, _DEEPEST) if line.text]
    if not lines:
        raise IssueError("docx_without_text", path)
    text = "\n\n".join(_written(lines))
    try:
        return FileReading("docx", read_decoded(path, text, options)[1])
    except IssueError as error:
        facts = document.core_properties
        # The library's own template bears the day on which that was made.
        if error.code != "no_date" or facts.created is None or facts.author == "python-docx":
            raise
        day = facts.created.date()
        _, issues = read_decoded(path, f"---\ndate: {day}\n---\n{text}", options)
        return FileReading("docx", issues, None, (MESSAGES.text("day_of_document", day=day),))


def _opened(path: Path, raw: bytes) -> Document:
    """Open a document, once its zip file is known to be no bomb; raises IssueError."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml.etree import LxmlError
    except ImportError:
        raise IssueError("extra_missing", path, install='pip install "wenbao[docx]"') from None
    with open_zip(path, raw) as archive:
        checked_members(path, archive, Budget())
    try:
        return docx.Document(io.BytesIO(raw))
    except (OpcError, LxmlError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError) as error:
        raise IssueError("zip_damaged", path, detail=described(error)) from None


def _lines(document: Document, outer: Element, deepest: int) -> Iterator[_Line]:
    """Yield the paragraphs in an element, those of tables as rows, those of text boxes behind where they hang."""
    from docx.text.paragraph import Paragraph

    for element in outer.iterchildren("*") if deepest else ():
        name = _name(element)
        if name == "p":
            yield _line(Paragraph(element, document), element)
            for box in element.iter("{*}txbxContent"):
                if not any(_name(around) in ("Fallback", "txbxContent") for around in box.iterancestors()):
                    yield from _lines(document, box, deepest - 1)
        elif name == "tbl":
            rows = list(_rows(element))
            if max(map(len, rows), default=0) < 2 or any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
                for cell in element.iterfind("{*}tr/{*}tc"):
                    yield from _lines(document, cell, deepest - 1)
            else:
                yield from map(_Line, row_lines(rows))
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _lines(document, element, deepest - 1)


def _line(paragraph: Paragraph, element: Element) -> _Line:
    text = "\n".join(line for one in "".join(_pieces(element)).split("\n") if (line := one.strip(" \t\u3000\xa0")))
    styles: list[ParagraphStyle] = []
    style = paragraph.style
    while style is not None and len(styles) < _MOST_LEVELS:
        styles.append(style)
        style = style.base_style
    level = 0
    for name in ((one.name or "").strip().lower() for one in styles):
        numbered = _STYLE.fullmatch(name)
        level = level or (int(numbered["level"]) if numbered else -1 if name in _TITLES else 0)
    outline = element.find("{*}pPr/{*}outlineLvl")
    if outline is not None and not level:
        value = next(iter(outline.values()), "9")
        level = int(value) + 1 if value.isdecimal() and int(value) < _MOST_LEVELS else 0
    sizes: Counter[float] = Counter()
    bold = bool(paragraph.runs)
    usual = next((one.font.size.pt for one in styles if one.font.size is not None), _USUAL_SIZE)
    heavy = next((one.font.bold for one in styles if one.font.bold is not None), False)
    for run in paragraph.runs:
        if run.text.strip():
            sizes[run.font.size.pt if run.font.size is not None else usual] += len(run.text)
            bold = bold and bool(heavy if run.bold is None else run.bold)
    return _Line(text, level, sizes.most_common(1)[0][0] if sizes else usual, bold)


def _pieces(element: Element) -> Iterator[str]:
    """Yield the words of a paragraph, inserted ones too, struck out ones not."""
    for child in element.iterchildren("*"):
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "tab":
            yield " "
        elif name not in _LEFT_OUT:
            yield from _pieces(child)


def _written(lines: list[_Line]) -> Iterator[str]:
    """Write paragraphs as Markdown, with # before headings."""
    titled = any(line.level < 0 for line in lines)
    if any(line.level for line in lines):
        levels = [1 if line.level < 0 else min(line.level + titled, _MOST_LEVELS) if line.level else 0 for line in lines]
    else:
        levels = _levels_by_looks(lines)
    for line, level in zip(lines, levels, strict=True):
        text = " ".join(line.text.split("\n")) if level else _MARKED.sub(r"\\", line.text)
        yield f"{'#' * level} {text}" if level else text


def _levels_by_looks(lines: list[_Line]) -> list[int]:
    """Take short lines that are larger or heavier than most for headings, the largest of the highest level."""
    sizes: Counter[float] = Counter()
    heavy = 0
    for line in lines:
        sizes[line.size] += len(line.text)
        heavy += len(line.text) if line.bold else 0
    usual = sizes.most_common(1)[0][0]
    all_heavy = heavy * 2 > sum(sizes.values())

    def stands_out(line: _Line) -> bool:
        short = len(line.text) <= _HEADLINE and not ends_a_sentence(line.text)
        return short and (line.size >= _LARGER * usual or (line.bold and not all_heavy))

    ranks = {size: rank for rank, size in enumerate(sorted({line.size for line in lines if stands_out(line)}, reverse=True), 1)}
    return [min(ranks[line.size], _MOST_LEVELS) if stands_out(line) else 0 for line in lines]


def _rows(table: Element) -> Iterator[list[str]]:
    """Yield the cells of each row; one that is merged with that above has its text, one that spans columns stands in each."""
    above: list[str] = []
    for row in table.iterfind("{*}tr"):
        cells: list[str] = []
        for cell in row.iterfind("{*}tc"):
            text = " ".join(" ".join("".join(_pieces(one)) for one in cell.iterfind("{*}p")).split())
            merged, span = cell.find("{*}tcPr/{*}vMerge"), cell.find("{*}tcPr/{*}gridSpan")
            if merged is not None and "restart" not in merged.values() and len(cells) < len(above):
                text = above[len(cells)]
            width = next(iter(span.values()), "1") if span is not None else "1"
            cells += [text] * (min(int(width), _DEEPEST) if width.isdecimal() else 1)
        above = cells
        yield cells


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
