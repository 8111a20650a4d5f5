"""A file to the issues that it holds: the one place where a reader is chosen."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from embeddings.errors import IssueError, WenbaoError, described, printable
from embeddings.formats.broadcast import is_broadcast, read_broadcast
from embeddings.formats.cleaning import clean
from embeddings.formats.continuations import with_continuations
from embeddings.formats.encodings import decode
from embeddings.formats.feeds import is_feed, read_feed
from embeddings.formats.library_xml import read_library_xml
from embeddings.formats.newspaper import is_newspaper, read_newspaper
from embeddings.formats.ocr import PICTURES, read_picture_file
from embeddings.formats.pdf import read_pdf
from embeddings.formats.plain import read_plain
from embeddings.formats.reading import FileReading, FormatReader, ReadingOptions, TextReader
from embeddings.formats.records import read_json, read_json_lines, read_table
from embeddings.formats.signatures import check_suffix
from embeddings.formats.web_page import read_web_page
from embeddings.formats.word import read_word
from embeddings.formats.zips import read_zip
from embeddings.records import Issue

log = logging.getLogger(__name__)


def _one(read: Callable[[Path, str, str | None], Issue]) -> TextReader:
    return lambda path, text, options: (read(path, text, options.paper),)


# The first reader whose test holds takes the text; the last takes anything with a date.
_TEXTS: tuple[tuple[str, Callable[[str], bool], TextReader], ...] = (
    ("broadcast", is_broadcast, _one(read_broadcast)),
    ("newspaper", is_newspaper, _one(read_newspaper)),
    ("plain", lambda text: True, lambda path, text, options: read_plain(path, text, options.paper)),
)
# Raise when a reader's result changes, so that the next sync reads unchanged files again.
READER_VERSION = "5"
# What ends a line or a page for a printer or for Unicode, but no sentence: the form feed in 开\f工.
_BREAKS = re.compile(r"[\v\f\x1c-\x1e\x85\u2028\u2029]")


def read_text(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read a Markdown or plain text file."""
    decoded = decode(path, raw, options.encoding)
    name, issues = read_decoded(path, decoded.text, options)
    return FileReading(name, issues, decoded.encoding, decoded.warnings)


def read_decoded(path: Path, text: str, options: ReadingOptions) -> tuple[str, tuple[Issue, ...]]:
    """Read the issues of a text, and tell the reader that took it; other formats give theirs here once they have it."""
    text = _BREAKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise IssueError("empty", path, 1)
    if not is_broadcast(text):  # whose HTML tells its parts
        text = clean(text)
    name, _, reader = next(one for one in _TEXTS if one[1](text))
    return name, reader(path, text, options)


def read_html(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read a saved web page: an article of an electronic newspaper or a news site, or a document with issues in it."""
    found = read_web_page(path, raw, options)
    if isinstance(found, FileReading):
        return found
    name, issues = read_decoded(path, found.text, options)
    return FileReading(name, issues, found.encoding)


def read_xml(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read an XML file: a feed of articles, or what libraries deliver."""
    return read_feed(path, raw, options) if is_feed(raw) else read_library_xml(path, raw, options, read_decoded)


_FORMATS: dict[str, FormatReader] = {
    **dict.fromkeys((".md", ".markdown", ".txt"), read_text),
    ".json": read_json,
    **dict.fromkeys((".jsonl", ".ndjson"), read_json_lines),
    **dict.fromkeys((".csv", ".tsv"), read_table),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), read_html),
    **dict.fromkeys((".xml", ".rss", ".atom"), read_xml),
    ".docx": lambda path, raw, options: read_word(path, raw, options, read_decoded),
    ".zip": lambda path, raw, options: read_zip(path, raw, options, _parse_halves, SUFFIXES),
    ".pdf": read_pdf,
    **dict.fromkeys(PICTURES, read_picture_file),
}
"""The reader of each suffix."""
SUFFIXES: tuple[str, ...] = tuple(_FORMATS)


def read_file(path: Path, options: ReadingOptions = ReadingOptions()) -> FileReading:
    """Read what issues a file holds; raises IssueError with the file, the line and the reason."""
    return parse_file(path, read_bytes(path), options)


def parse_file(path: Path, raw: bytes, options: ReadingOptions = ReadingOptions()) -> FileReading:
    """Parse the bytes of a file; `path` serves its name and its error messages.

    Articles that go on elsewhere in it are joined, whatever its format. Raises IssueError, whatever a reader stumbles over.
    """
    reading = _parse_halves(path, raw, options)
    with blamed_on(path):
        return replace(reading, issues=tuple(map(with_continuations, reading.issues)))


def _parse_halves(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Parse the bytes of a file with the marks of jumps in its articles; the rest of one may be in another file of its zip."""
    check_name(path)
    reader = _FORMATS.get(path.suffix.lower())
    if reader is None:
        raise IssueError("unknown_format", path, suffix=path.suffix or path.name, known=", ".join(SUFFIXES))
    check_suffix(path, raw)
    with blamed_on(path):
        return reader(path, raw, options)


def check_name(path: Path) -> None:
    """Raise IssueError for a file whose name is not UTF-8, which no archive can hold."""
    if printable(path) != str(path):
        raise IssueError("name_encoding", path)


@contextmanager
def blamed_on(path: Path) -> Iterator[None]:
    """Raise whatever a block stumbles over as the IssueError of the file it works on; want of memory is no file's fault."""
    try:
        yield
    except (WenbaoError, MemoryError):
        raise
    except Exception as error:
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(": ")
        log.debug("%s: %s", printable(path), detail, exc_info=True)
        raise IssueError("stumbled", path, detail=detail) from error


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises IssueError where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise IssueError("not_opened", path, detail=described(error)) from None
