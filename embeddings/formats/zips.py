"""The reader of zip files: each member is read as a file of its own."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from embeddings.errors import IssueError, described
from embeddings.formats.encodings import decode
from embeddings.formats.gathering import merged
from embeddings.formats.mets import is_mets, read_mets
from embeddings.formats.reading import FileReading, FormatReader, ReadingOptions
from embeddings.messages import MESSAGES
from embeddings.records import Issue

MOST_BYTES = 1 << 30
"""Bytes that all members together may have, those of zip files within counted too."""
MOST_MEMBERS = 20_000
_MOST_OF_ONE = 1 << 28
_MOST_RATIO = 200  # text is packed to a twentieth, XML to a fortieth; a bomb to a thousandth
_RATIO_FROM = 1 << 20  # bytes; what is smaller fills no memory
_DEEPEST = 2  # zip files within each other, the outermost counted
_MOST_TOLD = 20
_LEFT = ("__MACOSX", "Thumbs.db", "desktop.ini")
_UTF_8_NAME = 0x800
_LOCKED = 0x1


@dataclass(slots=True)
class Budget:
    """What may still be unpacked."""

    bytes: int = MOST_BYTES
    members: int = MOST_MEMBERS


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    info: zipfile.ZipInfo


@dataclass(slots=True)
class _Found:
    """What the members gave."""

    issues: list[Issue]
    warnings: list[str]
    encodings: list[str]
    not_taken: list[str]


def read_zip(path: Path, raw: bytes, options: ReadingOptions, parse: FormatReader, suffixes: Collection[str]) -> FileReading:
    """Read the members of a zip file that have a suffix known; one that cannot be read is a warning with its name.

    Raises IssueError, and reads nothing, where a member lies outside the zip file or the whole would fill memory or disk.
    """
    if not raw:
        raise IssueError("empty", path, 1)
    found = _Found([], [], [], [])
    _read(path, raw, options, parse, suffixes, found, Budget(), _DEEPEST)
    if found.not_taken:
        names = ", ".join(found.not_taken[:_MOST_TOLD]) + (", …" if len(found.not_taken) > _MOST_TOLD else "")
        found.warnings.append(MESSAGES.text("zip_not_taken", count=len(found.not_taken), names=names))
    if not found.issues:
        raise IssueError("zip_nothing", path, detail=next(iter(found.warnings), "–"))
    warnings = found.warnings[:_MOST_TOLD]
    if len(found.warnings) > _MOST_TOLD:
        warnings.append(MESSAGES.text("zip_more", count=len(found.warnings) - _MOST_TOLD))
    encodings = ", ".join(dict.fromkeys(found.encodings)) or None
    return FileReading("zip", merged(found.issues), encodings, tuple(warnings))


def checked_members(path: Path, archive: zipfile.ZipFile, budget: Budget, encoding: str | None = None) -> list[_Member]:
    """Return the files in a zip file by name; raises IssueError for outside paths, locked members and bombs."""
    infos = archive.infolist()
    budget.members -= len(infos)
    if budget.members < 0:
        raise IssueError("zip_too_many", path, most=MOST_MEMBERS)
    members = [_Member(name, info) for name, info in zip(_names(infos, encoding), infos, strict=True) if not info.is_dir()]
    for name, info in ((member.name, member.info) for member in members):
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or ":" in name.partition("/")[0] or stat.S_ISLNK(info.external_attr >> 16):
            raise IssueError("zip_outside", path, name=name[:80])
        if info.flag_bits & _LOCKED:
            raise IssueError("protected", path)
        budget.bytes -= info.file_size
        packed_hard = info.file_size > _RATIO_FROM and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
        if packed_hard or info.file_size > _MOST_OF_ONE or budget.bytes < 0:
            raise IssueError("zip_bomb", path, name=name[:80], most=MOST_BYTES >> 20)
    return sorted(members, key=lambda member: member.name)


def open_zip(path: Path, raw: bytes) -> zipfile.ZipFile:
    """Open the bytes of a zip file; raises IssueError for one that is cut off or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise IssueError("zip_damaged", path, detail=described(error)) from None


def unpacked(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a member; raises IssueError where its bytes are damaged or packed in a way that is not known."""
    try:
        with archive.open(info) as file:
            return file.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise IssueError("zip_damaged", path, detail=described(error)) from None


def _read(
    path: Path,
    raw: bytes,
    options: ReadingOptions,
    parse: FormatReader,
    suffixes: Collection[str],
    found: _Found,
    budget: Budget,
    deepest: int,
) -> None:
    if deepest == 0:
        raise IssueError("zip_nested", path, most=_DEEPEST)
    with open_zip(path, raw) as archive:
        members = checked_members(path, archive, budget, options.encoding)
        infos = {member.name: member.info for member in members}
        used: set[str] = set()

        def beside(name: str) -> Callable[[str], bytes | None]:
            def fetch(wanted: str) -> bytes | None:
                folder = PurePosixPath(name).parent
                for inner in ((folder / wanted).as_posix(), (folder / PurePosixPath(wanted).name).as_posix()):
                    if inner in infos:
                        used.add(inner)
                        return unpacked(path, archive, infos[inner])
                return None

            return fetch

        for name, info in _mets_first(archive, members):
            place = Path(f"{path}!") / name
            suffix = place.suffix.lower()
            hidden = any(part.startswith(".") or part in _LEFT for part in PurePosixPath(name).parts)
            if hidden or name in used:
                continue
            if suffix not in suffixes:
                found.not_taken.append(name)
                continue
            if suffix == ".zip":
                try:
                    _read(place, unpacked(place, archive, info), options, parse, suffixes, found, budget, deepest - 1)
                except IssueError as error:
                    if error.code != "zip_damaged":  # what is a bomb within is one as a whole
                        raise
                    found.warnings.append(MESSAGES.text("zip_member", name=name, reason=error.message))
                continue
            try:
                inner = unpacked(place, archive, info)
                reading = read_mets(place, inner, options, beside(name)) if is_mets(inner) else parse(place, inner, options)
            except IssueError as error:
                where = f"{name}:{error.line}" if error.line is not None else name
                found.warnings.append(MESSAGES.text("zip_member", name=where, reason=error.message))
                continue
            found.issues += reading.issues
            found.encodings += [reading.encoding] if reading.encoding else []
            found.warnings += [MESSAGES.text("zip_member", name=name, reason=warning) for warning in reading.warnings]


def _mets_first(archive: zipfile.ZipFile, members: list[_Member]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield the members, those that may list pages among the others before the others."""
    for member in sorted(
        members, key=lambda member: not (member.name.lower().endswith(".xml") and "mets" in member.name.lower())
    ):
        yield member.name, member.info


def _names(infos: list[zipfile.ZipInfo], encoding: str | None) -> list[str]:
    """Return the members' names, those that say nothing of their encoding read in the one that all of them are in.

    Python reads them as those of DOS, from which the bytes can be had back.
    """
    raw = [None if info.flag_bits & _UTF_8_NAME else info.orig_filename.encode("cp437", "replace") for info in infos]
    told = b"\n".join(name for name in raw if name is not None)
    names = [info.orig_filename for info in infos]
    if not told.isascii():
        try:
            decoded = decode(Path(), told, encoding).text.split("\n")
        except IssueError:  # too few characters to be sure; most zip files of such names come from Chinese Windows
            decoded = told.decode("gb18030", "replace").split("\n")
        given = iter(decoded)
        names = [name if own is None else next(given) for name, own in zip(names, raw, strict=True)]
    return ["".join(letter if letter.isprintable() else "?" for letter in name.replace("\\", "/")) for name in names]
