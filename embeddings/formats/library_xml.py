"""XML as libraries deliver it: METS with the ALTO pages beside it, or an ALTO page alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.alto import TextReader, read_alto_file
from embeddings.formats.mets import Fetch, is_mets, listed_pages, read_mets
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.xml_trees import root_name
from embeddings.messages import MESSAGES

_MOST_BESIDE = 20  # METS files that are looked at for the one that lists a page


def is_library_xml(raw: bytes) -> bool:
    """Say whether a file is METS or ALTO."""
    return root_name(raw).lower() in ("mets", "alto")


def read_library_xml(path: Path, raw: bytes, options: ReadingOptions, read_decoded: TextReader) -> FileReading:
    """Read METS or ALTO; a page that a METS file beside it lists gives nothing by itself, for it is read with that file."""
    if not raw.strip():
        raise IssueError("empty", path, 1)
    if is_mets(raw):
        return read_mets(path, raw, options, _files_beside(path))
    if not is_library_xml(raw):
        raise IssueError("unknown_xml", path, 1, name=root_name(raw)[:40] or "–")
    listing = _listing(path)
    if listing is not None:
        return FileReading("alto", (), None, (MESSAGES.text("read_with_mets", name=listing.name),))
    return read_alto_file(path, raw, options, read_decoded)


def read_along(path: Path, raw: bytes) -> Iterator[bytes]:
    """Yield the pages that are read with a METS file, so that a change of one is a change of what it gives."""
    if path.suffix.lower() == ".xml" and is_mets(raw):
        fetch = _files_beside(path)
        yield from (fetch(place) or b"" for place in listed_pages(path, raw) if place)


def _files_beside(path: Path) -> Fetch:
    folder = path.parent

    def fetch(wanted: str) -> bytes | None:
        for place in (folder / wanted, folder / Path(wanted).name):
            if place.is_file() and place.resolve().is_relative_to(folder.resolve()):
                return place.read_bytes()
        return None

    return fetch


def _listing(path: Path) -> Path | None:
    """Return the METS file beside a page, or above it, that lists it."""
    for folder in (path.parent, path.parent.parent):
        found = [one for one in sorted(folder.glob("*.xml")) if "mets" in one.name.lower()] if folder.is_dir() else []
        for mets in found[:_MOST_BESIDE]:
            if mets != path and path.name.encode() in mets.read_bytes():
                return mets
    return None
