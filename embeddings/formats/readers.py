"""An issue file to an Issue: decoding, and the one place where a reader is chosen."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embeddings.errors import IssueError, WenbaoError, described, printable
from embeddings.formats.broadcast import is_broadcast, read_broadcast
from embeddings.formats.newspaper import is_newspaper, read_newspaper
from embeddings.formats.plain import read_plain
from embeddings.records import Issue

log = logging.getLogger(__name__)

Reader = Callable[[Path, str], Issue]

# The first reader whose test holds takes the file; the last takes anything with a date.
_READERS: tuple[tuple[Callable[[str], bool], Reader], ...] = (
    (is_broadcast, read_broadcast),
    (is_newspaper, read_newspaper),
    (lambda text: True, read_plain),
)
# Raise when a reader's result changes, so that the next sync reads unchanged files again.
READER_VERSION = "3"
SUFFIXES = (".md", ".markdown", ".txt")
# What ends a line or a page for a printer or for Unicode, but no sentence: the form feed in 开\f工.
_BREAKS = re.compile(r"[\v\f\x1c-\x1e\x85\u2028\u2029]")


def read_issue(path: Path) -> Issue:
    """Read an issue file; raises IssueError with the file, the line and the reason."""
    return parse_issue(path, read_bytes(path))


def parse_issue(path: Path, raw: bytes) -> Issue:
    """Parse the bytes of an issue file; `path` serves its name and its error messages.

    Raises IssueError, whatever a reader stumbles over.
    """
    if printable(path) != str(path):
        raise IssueError("name_encoding", path)
    if path.suffix.lower() not in SUFFIXES:
        raise IssueError("unknown_format", path, suffix=path.suffix or path.name, known=", ".join(SUFFIXES))
    text = _decode(path, raw)
    if not text.strip():
        raise IssueError("empty", path, 1)
    with blamed_on(path):
        reader = next(read for fits, read in _READERS if fits(text))
        return reader(path, text)


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


def find_issue_files(places: Iterable[Path]) -> list[Path]:
    """List the issue files among files and folders (searched through), in a stable order, each once.

    A file named outright is listed whatever its suffix, so that its error is reported.
    """
    found: dict[Path, None] = {}
    for place in places:
        if os.path.isdir(place):  # a name that is too long for the system is no folder, and its error is reported
            for path in sorted(place.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(place).parts)
                if not hidden and path.suffix.lower() in SUFFIXES and _may_be_file(path):
                    found[_resolved(path)] = None
        else:
            found[_resolved(place)] = None
    return list(found)


def _may_be_file(path: Path) -> bool:
    """Say whether a path is a file's; one that cannot be looked at may be, and its error is reported when it is read."""
    try:
        return path.is_file()
    except OSError:
        return True


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links that lead to each other
        return path.absolute()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises IssueError where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise IssueError("not_opened", path, detail=described(error)) from None


def _decode(path: Path, raw: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, or GB 18030; anything else is refused."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            line = raw.count(b"\n", 0, error.start) + 1
            raise IssueError("encoding", path, line) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise IssueError("not_text", path, line)
    return _BREAKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
