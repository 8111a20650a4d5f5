"""An issue file to an Issue: decoding, and the one place where a reader is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.broadcast import is_broadcast, read_broadcast
from embeddings.formats.newspaper import is_newspaper, read_newspaper
from embeddings.formats.plain import read_plain
from embeddings.records import Issue

Reader = Callable[[Path, str], Issue]

# The first reader whose test holds takes the file; the last takes anything with a date.
_READERS: tuple[tuple[Callable[[str], bool], Reader], ...] = (
    (is_broadcast, read_broadcast),
    (is_newspaper, read_newspaper),
    (lambda text: True, read_plain),
)
# Raise when a reader's result changes, so that the next sync reads unchanged files again.
READER_VERSION = "1"
SUFFIXES = (".md", ".markdown", ".txt")


def read_issue(path: Path) -> Issue:
    """Read an issue file; raises IssueError with the file, the line and the reason."""
    return parse_issue(path, read_bytes(path))


def parse_issue(path: Path, raw: bytes) -> Issue:
    """Parse the bytes of an issue file; `path` serves its name and its error messages."""
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise IssueError(
            path, f"{path.suffix or 'no suffix'} is not a format read here; use one of {known}",
            code="unknown_format", suffix=path.suffix or path.name, known=known,
        )  # fmt: skip
    text = _decode(path, raw)
    if not text.strip():
        raise IssueError(path, "the file is empty", 1, code="empty")
    reader = next(read for fits, read in _READERS if fits(text))
    return reader(path, text)


def find_issue_files(places: Iterable[Path]) -> list[Path]:
    """List the issue files among files and folders (searched through), in a stable order, each once.

    A file named outright is listed whatever its suffix, so that its error is reported.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            for path in sorted(place.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(place).parts)
                if path.is_file() and not hidden and path.suffix.lower() in SUFFIXES:
                    found[path.resolve()] = None
        else:
            found[place.resolve()] = None
    return list(found)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises IssueError where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        detail = str(error.strerror or error)
        raise IssueError(path, f"cannot be opened ({detail})", code="not_opened", detail=detail) from None


def _decode(path: Path, raw: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, or GB 18030; anything else is refused."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            line = raw.count(b"\n", 0, error.start) + 1
            raise IssueError(path, "neither UTF-8 nor GB 18030 text; save the file as UTF-8", line, code="encoding") from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise IssueError(path, "holds NUL bytes, so it is not a text file", line, code="not_text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
