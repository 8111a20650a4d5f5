"""Backups of an archive in one file, made and restored while it is served: a zip with a manifest of its files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from embeddings.errors import ArchiveError, described
from embeddings.messages import Message
from embeddings.settings import CATALOGUE_FILE, ArchiveSettings
from embeddings.store.archive import writer_lock
from embeddings.store.sqlite_catalogue import READABLE, SqliteCatalogue

_MANIFEST, _FORMAT, _VERSION = "backup.json", "wenbao-backup", 1
_MANIFEST_BYTES = 64 * 2**20  # a quarter of a million uploads
_BLOCK = 2**20
_MADE_ANEW = ("vectors",)  # the snapshot of the index, which the catalogue has too
_PASSING = (".lock", ".part", ".partial")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, or what was restored of one."""

    files: int
    size: int
    problems: list[Message]
    """What is damaged in the archive, and so in the backup too."""


def back_up(settings: ArchiveSettings, target: Path) -> BackedUp:
    """Write a backup of the archive, whoever reads or changes it meanwhile, and read it again; whole or not at all.

    Raises ArchiveError where the file is there already or lies within the archive.
    """
    folder = settings.archive
    if target.exists():
        raise ArchiveError("backup_exists", target)
    if target.resolve().is_relative_to(folder.resolve()):
        raise ArchiveError("backup_inside", target)
    catalogue = SqliteCatalogue.open(folder / CATALOGUE_FILE)
    copy, partial = (target.with_name(f".{target.name}.{end}") for end in ("catalogue", "part"))
    try:
        copy.unlink(missing_ok=True)
        catalogue.copy_to(copy)
        facts, problems = _looked_at(copy)
        listed: list[dict[str, object]] = []
        with partial.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                # The catalogue first: a file that came meanwhile is read by the next start, none is missed.
                listed.append(_pack(packed, copy, CATALOGUE_FILE))
                listed += [_pack(packed, path, path.relative_to(folder).as_posix()) for path in _others(folder)]
                about = {
                    "format": _FORMAT, "version": _VERSION, "schema": facts["schema"], "generation": facts["generation"],
                    "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "files": listed,
                }  # fmt: skip
                packed.writestr(_MANIFEST, json.dumps(about, ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        with _opened(partial) as packed:
            for one in _manifest(packed, partial):
                _copy(packed, one, None, partial)
        os.replace(partial, target)
    except sqlite3.DatabaseError as error:
        raise ArchiveError("archive_unreadable", folder / CATALOGUE_FILE, detail=described(error)) from error
    finally:
        catalogue.close()
        for path in (partial, copy, *(copy.with_name(copy.name + end) for end in ("-wal", "-shm", "-journal"))):
            path.unlink(missing_ok=True)
    return BackedUp(len(listed), target.stat().st_size, problems)


def restore(settings: ArchiveSettings, source: Path, *, replace: bool = False) -> BackedUp:
    """Put the archive of a backup into the folder of the settings; with `replace` in the place of the one that is there.

    A server of that archive goes on with what was restored. All of it is unpacked and checked beside the archive first.
    Raises ArchiveError where an archive is there, or the file is no backup, damaged, or of a newer version.
    """
    folder = settings.archive
    if folder.exists() and not folder.is_dir():
        raise ArchiveError("archive_not_folder", folder)
    held = folder.is_dir() and any(folder.iterdir())
    if held and not replace:
        raise ArchiveError("restore_exists", folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.resolve().with_name(f".{folder.resolve().name}.restoring")
    with _opened(source) as packed:
        files = _manifest(packed, source)
        try:
            shutil.rmtree(beside, ignore_errors=True)
            for one in files:
                _copy(packed, one, beside, source)
            _, problems = _looked_at(beside / CATALOGUE_FILE)
            if held:
                with writer_lock(folder):
                    _put_in_place(beside, folder)
            else:
                if folder.is_dir():
                    folder.rmdir()
                os.replace(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return BackedUp(len(files), source.stat().st_size, problems)


def _put_in_place(beside: Path, folder: Path) -> None:
    """Make the files of an archive those that were unpacked beside it."""
    live = folder / CATALOGUE_FILE
    try:
        catalogue = SqliteCatalogue.open(live)
        generation = catalogue.generation()
    except ArchiveError:
        catalogue, generation = None, 0
    restored = SqliteCatalogue.open(beside / CATALOGUE_FILE)
    restored.begin_anew(generation, uuid.uuid4().hex)
    restored.close()
    if catalogue is not None:
        # SQLite's own: one transaction, after which every reader of the file sees the other catalogue.
        catalogue.become(beside / CATALOGUE_FILE)
        catalogue.close()
    else:  # one that cannot be opened is read by nobody
        for end in ("-wal", "-shm", "-journal"):
            live.with_name(live.name + end).unlink(missing_ok=True)
        os.replace(beside / CATALOGUE_FILE, live)
    kept = {path.relative_to(beside) for path in _others(beside)}
    for path in _others(folder):
        if path.relative_to(folder) not in kept:
            path.unlink()
    for name in kept:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(beside / name, folder / name)
    for made in _MADE_ANEW:
        for path in folder.glob(f"{made}*"):
            path.unlink(missing_ok=True)


def _looked_at(path: Path) -> tuple[dict[str, str], list[Message]]:
    """Return the facts of a catalogue that nobody else has, and what is damaged in it."""
    catalogue = SqliteCatalogue.open(path)
    try:
        words = catalogue.full_text_problems()
        with catalogue.consistent_view():
            return catalogue.facts(), [*catalogue.problems(catalogue.manifest().dimension), *words]
    finally:
        catalogue.close()


def _others(folder: Path) -> Iterator[Path]:
    """Yield the files of an archive beside its catalogue that are made by nothing else, such as uploads and alerts."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        own = str(name).startswith((CATALOGUE_FILE, *_MADE_ANEW)) or path.name.endswith(_PASSING)
        if path.is_file() and not path.is_symlink() and not own and not any(part.startswith(".") for part in name.parts):
            yield path


def _pack(packed: zipfile.ZipFile, path: Path, name: str) -> dict[str, object]:
    """Add a file to a backup, and say what it is."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, packed.open(zipfile.ZipInfo(name), "w", force_zip64=True) as written:
        # Of lines that are added while it is copied the last may be half there.
        left = _whole_lines(path) if path.suffix == ".jsonl" else None
        while block := file.read(_BLOCK if left is None else min(_BLOCK, left)):
            written.write(block)
            digest.update(block)
            size += len(block)
            left = None if left is None else left - len(block)
    return {"name": name, "bytes": size, "sha256": digest.hexdigest()}


def _whole_lines(path: Path) -> int:
    raw = path.read_bytes()
    return raw.rfind(b"\n") + 1


@dataclass(frozen=True, slots=True)
class _Listed:
    """A file as the manifest of a backup tells it."""

    name: str
    size: int
    sha256: str


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup; raises ArchiveError where it is none, or damaged."""
    try:
        with zipfile.ZipFile(source) as packed:
            yield packed
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError("backup_not_one", source) from error


def _manifest(packed: zipfile.ZipFile, source: Path) -> list[_Listed]:
    """Return the files of a backup; raises ArchiveError where it is none that this version can restore."""
    try:
        with packed.open(_MANIFEST) as file:
            about = json.loads(file.read(_MANIFEST_BYTES))
        if about["format"] != _FORMAT:
            raise ValueError
        version, schema = int(about["version"]), str(about["schema"])
        files = [_Listed(str(one["name"]), int(one["bytes"]), str(one["sha256"])) for one in about["files"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError("backup_not_one", source) from error
    if version > _VERSION or schema not in READABLE:
        raise ArchiveError("backup_newer", source, schema=schema)
    for one in files:
        parts = PurePosixPath(one.name).parts
        if not parts or any(part in ("/", "..") or part.startswith(".") or "\\" in part for part in parts):
            raise ArchiveError("backup_not_one", source)
    if CATALOGUE_FILE not in {one.name for one in files}:
        raise ArchiveError("backup_not_one", source)
    return files


def _copy(packed: zipfile.ZipFile, one: _Listed, folder: Path | None, source: Path) -> None:
    """Unpack a file of a backup, or only read it; raises ArchiveError where it is not what the manifest says."""
    digest, left = hashlib.sha256(), one.size
    try:
        with packed.open(one.name) as file, _written(folder, one.name) as written:
            while block := file.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    break
                digest.update(block)
                if written is not None:
                    written.write(block)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ArchiveError("backup_damaged", source, name=one.name) from error
    if left or digest.hexdigest() != one.sha256:
        raise ArchiveError("backup_damaged", source, name=one.name)


@contextmanager
def _written(folder: Path | None, name: str) -> Iterator[BinaryIO | None]:
    """Open a file to write to, to the disk in the end; None where nothing is to be written."""
    if folder is None:
        yield None
        return
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
