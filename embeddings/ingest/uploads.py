"""Issue files that are sent instead of laid in a folder: kept beside the catalogue, read and indexed like all others.

They lie in the folder `uploads` of the archive, which is a folder of issues like
any other: a sync that meets them changes nothing, and no other folder's --prune
touches them. Their folder is changed under a lock of its own, so that file and
index move together.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from embeddings.errors import IssueError, NotUploadedError, printable
from embeddings.formats.readers import parse_file
from embeddings.ingest.sync import SyncReport, fingerprint_of, sync
from embeddings.records import Issue
from embeddings.store.archive import Archive, writer_lock

FOLDER = "uploads"
_NAME_BYTES = 200  # file systems take 255; the file on its way carries a longer name


class State(StrEnum):
    """What became of an uploaded file's issue."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; neither its name nor its bytes are to be trusted."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """An uploaded file that the archive holds."""

    name: str
    issue_id: str
    state: State


@dataclass(slots=True)
class UploadReport:
    """What became of uploaded files; `failed` tells the names that were sent, not where they would have lain."""

    taken: list[Taken] = field(default_factory=list)
    failed: list[IssueError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    articles: int = 0
    chunks: int = 0


def take_in(archive: Archive, uploads: Sequence[Upload], paper: str | None = None) -> UploadReport:
    """Keep uploaded issue files and index them as a sync does; of a file that cannot be taken nothing stays behind.

    `paper` names the paper of files that name none, as a folder of that name
    would. Raises ArchiveError where another writer keeps the archive.
    """
    report = UploadReport()
    accepted: dict[Path, Upload] = {}
    with _uploads_lock(archive):
        for upload in uploads:
            try:
                place = _place(archive, upload.name, paper)
                if place in accepted:
                    raise IssueError("name_twice", place)
                _check(archive, place, upload)
            except IssueError as error:
                report.failed.append(error.of(upload.name))
            else:
                accepted[place] = upload
        if accepted:
            _keep(archive, accepted, report)
    return report


def withdraw(archive: Archive, issue_id: str) -> bool:
    """Remove an issue and its uploaded file; say whether the archive held it.

    Raises NotUploadedError, and removes nothing, where the issue's file lies elsewhere.
    """
    with _uploads_lock(archive):
        stored = next(iter(archive.stored_issues(issue_id=issue_id)), None)
        if stored is None:
            return False
        source = Path(stored.source_path)
        if not source.exists():
            archive.remove([issue_id])
            return True
        if not source.is_relative_to(_folder(archive)):
            raise NotUploadedError(issue_id, stored.source_path)
        # The file goes first: cut off in between, the issue is still there to be deleted, and no sync brings it back.
        raw = source.read_bytes()
        _discard(archive, source)
        try:
            archive.remove([issue_id])
        except BaseException:
            _write(source, raw)
            raise
    return True


def withdrawable(archive: Archive) -> set[str]:
    """Return the ids of the issues that `withdraw` would remove: uploaded ones, and those whose file is gone."""
    folder = _folder(archive)
    sources = {stored.issue_id: Path(stored.source_path) for stored in archive.stored_issues()}
    return {issue_id for issue_id, source in sources.items() if source.is_relative_to(folder) or not source.exists()}


def settle(archive: Archive) -> SyncReport:
    """Index the uploaded files that a server was killed over before it could."""
    folder = _folder(archive)
    if not folder.is_dir():
        return SyncReport()
    with _uploads_lock(archive):
        for partial in folder.rglob(".*.part"):
            partial.unlink()
        return sync(archive, [folder])


def _keep(archive: Archive, accepted: dict[Path, Upload], report: UploadReport) -> None:
    """Lay accepted files into their places and sync them; what the archive does not hold afterwards is taken back."""
    before = {place: place.read_bytes() if place.exists() else None for place in accepted}
    try:
        for place, upload in accepted.items():
            _write(place, upload.raw)
        done = sync(archive, list(accepted))
    finally:
        for place, upload in accepted.items():
            if not _is_read_from(archive, place, upload):
                _restore(archive, place, before[place])
    failed = {error.path: error for error in done.failed}
    states = dict.fromkeys(done.added, State.ADDED) | dict.fromkeys(done.replaced, State.REPLACED)
    for place, upload in accepted.items():
        error = failed.get(printable(place))
        if error is not None:
            report.failed.append(error.of(upload.name, f"{_folder(archive)}{os.sep}"))
            continue
        # Where the same file lies elsewhere already, the issue is the one read from there.
        held = archive.stored_issues(path=str(place)) or archive.stored_issues(fingerprint=fingerprint_of(upload.raw))
        issue_id = held[0].issue_id
        report.taken.append(Taken(upload.name, issue_id, states.get(issue_id, State.UNCHANGED)))
    report.warnings = [warning.replace(f"{_folder(archive)}{os.sep}", "") for warning in done.warnings]
    report.articles, report.chunks = done.articles, done.chunks


def _folder(archive: Archive) -> Path:
    return (archive.folder / FOLDER).resolve()


def _uploads_lock(archive: Archive) -> AbstractContextManager[None]:
    return writer_lock(_folder(archive))


def _place(archive: Archive, name: str, paper: str | None) -> Path:
    """Return where a file of this name is kept; raises IssueError for a name that is no plain file name."""
    parts = [unicodedata.normalize("NFC", part) for part in (paper, name) if part is not None]
    for part in parts:
        hidden = part.startswith(".") or any(letter in "/\\" or unicodedata.category(letter)[0] == "C" for letter in part)
        if hidden or not part.strip() or len(part.encode()) > _NAME_BYTES:
            raise IssueError("bad_name", name, name=part[:40])
    return _folder(archive).joinpath(*parts)


def _check(archive: Archive, place: Path, upload: Upload) -> None:
    """Raise IssueError for a file that cannot be read, or whose name is that of another issue's file."""
    (issue,) = parse_file(place, upload.raw).issues
    if issue.paper == FOLDER:
        raise IssueError("no_paper", place, 1)
    for stored in archive.stored_issues(path=str(place)):
        held = archive.issue(stored.issue_id)
        if held is not None and not _same_issue(held, issue):
            raise IssueError("name_held", place, issue_id=stored.issue_id)


def _same_issue(one: Issue, other: Issue) -> bool:
    return (one.paper, one.issue_date) == (other.paper, other.issue_date)


def _is_read_from(archive: Archive, place: Path, upload: Upload) -> bool:
    """Say whether the archive holds just these bytes, read from this place."""
    held = archive.stored_issues(path=str(place))
    return bool(held) and held[0].fingerprint == fingerprint_of(upload.raw)


def _write(place: Path, raw: bytes) -> None:
    """Write a file whole or not at all, and to the disk before the archive speaks of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.part")
    with partial.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, place)


def _restore(archive: Archive, place: Path, before: bytes | None) -> None:
    """Bring back what lay in a place before, be it nothing."""
    if before is None:
        place.with_name(f".{place.name}.part").unlink(missing_ok=True)
        _discard(archive, place)
    else:
        _write(place, before)


def _discard(archive: Archive, place: Path) -> None:
    """Delete a file, and the folder of its paper with the last one in it."""
    place.unlink(missing_ok=True)
    if place.parent != _folder(archive) and not any(place.parent.iterdir()):
        place.parent.rmdir()
