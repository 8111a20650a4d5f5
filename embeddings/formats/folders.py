"""The files of folders: those that some reader takes, and those that none does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from embeddings.formats.readers import SUFFIXES
from embeddings.settings import CATALOGUE_FILE

_ABOUT = re.compile(r"(?i)(?:readme|licen[cs]e|changelog|contributing)(?:[._-][\w-]{2,7})?")
"""Names of files that tell of a folder and are no issue, with a language behind them."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """What lies at some places, in a stable order, each file once."""

    readable: tuple[Path, ...]
    """Those with a suffix that a reader takes, and those named outright, whatever theirs, so that their error is told."""
    others: tuple[Path, ...]
    """Those that no reader takes."""


def find_files(places: Iterable[Path], ignore: Sequence[str] = ()) -> FolderFiles:
    """List the files among files and folders (searched through).

    Left out are hidden ones, an archive's own, and those that a pattern names.

    A pattern such as *.jpg or 广告/* is compared with a file's name, with the names of the folders above it, and with
    its whole path below the place.
    """
    readable: dict[Path, None] = {}
    others: dict[Path, None] = {}
    for place in places:
        if not os.path.isdir(place):  # a name that is too long for the system is no folder, and its error is reported
            readable[_resolved(place)] = None
            continue
        for path in sorted(place.rglob("*")):
            below = path.relative_to(place)
            hidden = any(part.startswith(".") for part in below.parts)
            if not hidden and not _named_by(ignore, below) and _may_be_file(path) and not _of_an_archive(path):
                taken = path.suffix.lower() in SUFFIXES and not _ABOUT.fullmatch(path.stem)
                (readable if taken else others)[_resolved(path)] = None
    return FolderFiles(tuple(readable), tuple(path for path in others if path not in readable))


def _of_an_archive(path: Path) -> bool:
    """Say whether a file is an archive's own; what was uploaded to one lies in a folder below."""
    return path.with_name(CATALOGUE_FILE).exists()


def _named_by(patterns: Sequence[str], path: PurePath) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns for name in (*path.parts, path.as_posix()))


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
