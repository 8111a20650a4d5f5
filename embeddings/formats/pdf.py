"""PDF files: the letters of their text layer as lines, page by page; pages without one go to OCR."""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import IssueError
from embeddings.formats.ocr import INSTALL_OCR, has_ocr, read_picture
from embeddings.formats.printed_pages import PrintedPage, read_pages
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.text_lines import TextLine

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MOST_PAGES = 2000
"""A file of more pages is refused: it is to be split."""
MOST_LETTERS = 200_000
"""A page of more letters is no page of a newspaper; the densest have twenty thousand."""
DPI = 200
"""Dots per inch at which a page without text layer is drawn for OCR."""
MOST_DOTS = 40_000_000
"""A page is drawn with no more, whatever size it claims; a broadsheet at 200 dpi has fifteen million."""
_LEAST_LETTERS = 20  # a page with fewer may be a scan
_SCAN = 0.2  # of the page; pictures that cover more of a page without text are print
_SHAPES = 200  # as many lines and curves on a page without text are letters that were drawn
_GAP = 0.8  # times the size; letters further apart are of two columns
_HANGING = "，。、；：！？”’》）」』"  # their right half is empty, and may hang over the edge of a column
_BLANK = 0.25  # times the size; words of Latin letters further apart have a blank between them


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


def read_pdf(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read the issues of a PDF; raises IssueError with the page where one is at fault."""
    if not raw.strip():
        raise IssueError("empty", path)
    if b"%PDF-" not in raw[:1024]:
        raise IssueError("not_as_named", path, suffix=".pdf")
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise IssueError("extra_missing", path, install='pip install "wenbao[pdf]"') from None
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise IssueError("pdf_locked" if locked else "pdf_broken", path) from None
    try:
        count = len(document)
        if count == 0:
            raise IssueError("pdf_broken", path)
        if count > MOST_PAGES:
            raise IssueError("too_many_pages", path, count=count, most=MOST_PAGES)
        reader, issues = read_pages(path, _pages(path, document, count), options)
    finally:
        document.close()
    return FileReading(f"pdf {reader}", issues)


def _pages(path: Path, document: pdfium.PdfDocument, count: int) -> Iterator[PrintedPage]:
    """Yield the pages of a document, each freed before the next is opened."""
    import pypdfium2 as pdfium

    for number in range(1, count + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            raise IssueError("page_broken", path, page=number) from None
        try:
            width, height = page.get_size()
            letters = _letters(path, page, number, height)
            if not _is_scan(page, letters):
                yield PrintedPage(number, width, height, tuple(lines_of(letters)))
            elif not has_ocr():
                raise IssueError("scan_without_ocr", path, page=number, install=INSTALL_OCR)
            else:
                scale = min(DPI / 72, (MOST_DOTS / max(width * height, 1)) ** 0.5)
                picture = page.render(scale=scale, grayscale=True).to_pil()
                yield read_picture(picture, number)
        finally:
            page.close()


def _is_scan(page: pdfium.PdfPage, letters: Sequence[_Letter]) -> bool:
    """Say whether a page is a picture of print: no text that can be read, but pictures, or shapes that may be letters."""
    import pypdfium2.raw as raw

    printed = [letter.text for letter in letters if not letter.text.isspace()]
    unreadable = [text for text in printed if text == "\ufffd" or "\ue000" <= text <= "\uf8ff"]
    if len(printed) >= _LEAST_LETTERS:
        return 2 * len(unreadable) > len(printed)
    width, height = page.get_size()
    shapes, covered = 0, 0.0
    for shape in page.get_objects(max_depth=3):
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            covered += abs((right - left) * (top - bottom))
        shapes += shape.type == raw.FPDF_PAGEOBJ_PATH
    return covered > _SCAN * width * height or shapes > _SHAPES


def _letters(path: Path, page: pdfium.PdfPage, number: int, height: float) -> list[_Letter]:
    """Return the letters of a page in the order of the file, with places from its top left corner."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MOST_LETTERS:
            raise IssueError("page_too_full", path, page=number, count=count, most=MOST_LETTERS)
        text = textpage.raw
        edges = [ctypes.c_double() for _ in range(4)]
        _, _, bottom, top = edges
        pointers = [ctypes.byref(edge) for edge in edges]
        loose = raw.FS_RECTF()
        letters: list[_Letter] = []
        high = 0
        for index in range(count):
            code = raw.FPDFText_GetUnicode(text, index)
            if 0xD800 <= code < 0xDC00:  # half of a rare character; the other half follows
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                if not high:
                    continue
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            if code in (0, 0xFFFE, 0xFFFF) or (code < 32 and code != 9):
                continue
            if not raw.FPDFText_GetCharBox(text, index, *pointers):
                continue
            raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(loose))
            wide, tall = loose.right - loose.left, loose.top - loose.bottom
            letter = "-" if code == 2 else chr(code)
            full = code >= 0x2E80
            size = max(wide, top.value - bottom.value) if full else tall
            letters.append(_Letter(letter, loose.left, height - loose.top, loose.right, height - loose.bottom, size or tall))
        return letters
    finally:
        textpage.close()


def lines_of(letters: Sequence[_Letter]) -> list[TextLine]:
    """Join letters that follow each other in a row, or down a column of vertical print, to lines."""
    lines: list[TextLine] = []
    run: list[_Letter] = []

    def close() -> None:
        if any(not letter.text.isspace() for letter in run):
            lines.append(_line(run))
        run.clear()

    for place, letter in enumerate(letters):
        if run and not _follows(run, letter, letters[place + 1] if place + 1 < len(letters) else None):
            close()
        if letter.text.isspace() and not run:
            continue
        run.append(letter)
    close()
    return lines


def _follows(run: Sequence[_Letter], letter: _Letter, following: _Letter | None) -> bool:
    """Say whether a letter goes on with a line: right behind the last, or right below it.

    Two letters below each other are the last of one line and the first of the next, unless a third follows below.
    """
    last = next((one for one in reversed(run) if not one.text.isspace()), run[-1])
    size = max(last.size, letter.size)
    if letter.text.isspace():
        return True
    if min(last.size, letter.size) < 0.6 * size and (last.text >= "\u2e80") == (letter.text >= "\u2e80"):
        return False
    if _down(run):
        return abs(letter.left - last.left) < size / 2 and -size / 2 < letter.top - last.bottom < _GAP * size
    level = min(last.bottom, letter.bottom) - max(last.top, letter.top) > 0.4 * min(
        last.bottom - last.top, letter.bottom - letter.top
    )
    if level and -size / 2 < letter.left - last.right < _GAP * size:
        return True
    return len(run) == 1 and _below(last, letter) and (following is None or _below(letter, following))


def _below(one: _Letter, other: _Letter) -> bool:
    size = min(one.size, other.size)
    level = abs(one.left + one.right - other.left - other.right) < size / 2
    return level and max(one.size, other.size) < 1.2 * size and -size / 3 < other.top - one.bottom < size / 2


def _down(run: Sequence[_Letter]) -> bool:
    return len(run) > 1 and run[1].top > run[0].top + run[0].size / 2


def _line(run: Sequence[_Letter]) -> TextLine:
    """Make the line of a run of letters, blanks put where the file only leaves room for them."""
    text = ""
    before: _Letter | None = None
    for letter in run:
        apart = before is not None and not _down(run) and letter.left - before.right > _BLANK * letter.size
        latin = apart and before is not None and before.text.isascii() and letter.text.isascii()
        if latin and not text.endswith(" ") and not letter.text.isspace():
            text += " "
        text += letter.text
        before = letter
    printed = [letter for letter in run if not letter.text.isspace()]
    size = statistics.median([letter.size for letter in printed if letter.text >= "\u2e80"] or [one.size for one in printed])
    top, bottom = min(letter.top for letter in printed), max(letter.bottom for letter in printed)
    if not _down(run):
        # Fonts leave more or less room above and below their letters.
        middle, half = (top + bottom) / 2, min(bottom - top, 1.1 * size) / 2
        top, bottom = middle - half, middle + half
    return TextLine(
        " ".join(text.split()),
        min(letter.left for letter in printed),
        top,
        max(letter.right for letter in printed) - (size / 2 if printed[-1].text in _HANGING and not _down(run) else 0),
        bottom,
        size,
    )
