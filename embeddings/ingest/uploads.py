"""Issue files that are sent instead of laid in a folder: kept beside the catalogue, read and indexed like all others.

They lie in the folder `uploads` of the archive, which is a folder of issues like
any other: a sync that meets them changes nothing, and no other folder's --prune
touches them. Their folder is changed under a lock of its own, so that file and
index move together.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from embeddings.errors import IssueError, NotUploadedError, SharedFileError, printable
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.plan import FileState, Plan, Planner, fingerprint_of
from embeddings.ingest.preview import FilePreview, described_plan
from embeddings.ingest.sync import SyncReport, sync
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
    """An uploaded file that the archive holds, once for each issue that it has articles of."""

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


def take_in(
    archive: Archive, uploads: Sequence[Upload], options: ReadingOptions = ReadingOptions(),
    progress: Callable[[int], None] = lambda chunks: None,
) -> UploadReport:  # fmt: skip
    """Keep uploaded files and index them as a sync does; of a file that cannot be taken nothing stays behind.

    `options` hold for all of them; a paper named there becomes the folder that they are kept in. `progress` is called for
    every file done, with the chunks it gave. Raises ArchiveError where another writer keeps the archive.
    """
    report = UploadReport()
    accepted: dict[Path, Upload] = {}
    with _uploads_lock(archive):
        for upload, place, plan in _checked(archive, uploads, options):
            if isinstance(plan, IssueError):
                report.failed.append(plan)
                progress(0)
            else:
                accepted[place] = upload
        if accepted:
            _keep(archive, accepted, options, report, progress)
    return report


def foresee(archive: Archive, uploads: Sequence[Upload], options: ReadingOptions = ReadingOptions()) -> list[FilePreview]:
    """Tell what taking these files in would do, under the names that they were sent with; nothing is kept or stored."""
    return [
        FilePreview(upload.name, None, error=plan)
        if isinstance(plan, IssueError)
        else replace(described_plan(plan), path=upload.name)
        for upload, _, plan in _checked(archive, uploads, options)
    ]


def withdraw(archive: Archive, issue_id: str, *, together: bool = False) -> bool:
    """Remove an issue and its uploaded files; say whether the archive held it.

    Raises NotUploadedError, and removes nothing, where a file of the issue lies elsewhere; SharedFileError where its
    files hold other issues too, which only go along where `together` says so.
    """
    with _uploads_lock(archive):
        files = archive.stored_files(issue_id=issue_id)
        if not files:
            return False
        elsewhere = next((file.path for file in files if not _is_removable(archive, file.path)), None)
        if elsewhere is not None:
            raise NotUploadedError(issue_id, elsewhere)
        others = sorted({other for file in files for other in file.issue_ids} - {issue_id})
        if others and not together:
            raise SharedFileError(issue_id, others)
        # The files go first: cut off in between, the issue is still there to be deleted, and no sync brings it back.
        raws = {place: place.read_bytes() for place in (Path(file.path) for file in files) if place.exists()}
        try:
            for place in raws:
                _discard(archive, place)
            with writer_lock(archive.folder):
                archive.forget([file.path for file in files])
                archive.save_index()
        except BaseException:
            for place, raw in raws.items():
                _write(place, raw)
            raise
    return True


def withdrawable(archive: Archive) -> dict[str, int]:
    """Return the issues that `withdraw` would remove, each with the count of others that would go along.

    They are the uploaded ones, and those whose files are gone.
    """
    files = archive.stored_files()
    kept = {issue_id for file in files if not _is_removable(archive, file.path) for issue_id in file.issue_ids}
    along: dict[str, set[str]] = {}
    for file in files:
        for issue_id in file.issue_ids:
            along.setdefault(issue_id, set()).update(file.issue_ids)
    return {issue_id: len(others) - 1 for issue_id, others in along.items() if issue_id not in kept}


def settle(archive: Archive) -> SyncReport:
    """Index the uploaded files that a server was killed over before it could."""
    folder = _folder(archive)
    if not folder.is_dir():
        return SyncReport()
    with _uploads_lock(archive):
        for partial in folder.rglob(".*.part"):
            partial.unlink()
        return sync(archive, [folder])


def _checked(
    archive: Archive, uploads: Sequence[Upload], options: ReadingOptions
) -> Iterator[tuple[Upload, Path, Plan | IssueError]]:
    """Yield each file with its place and what it changes, or why it is refused."""
    planner = Planner(archive, options)
    places: set[Path] = set()
    for upload in uploads:
        place = _folder(archive)
        try:
            place = _place(archive, upload.name, options.paper)
            if place in places:
                raise IssueError("name_twice", place)
            plan = _check(archive, planner, place, upload)
        except IssueError as error:
            yield upload, place, error.of(upload.name, f"{_folder(archive)}{os.sep}")
        else:
            places.add(place)
            yield upload, place, plan


def _keep(
    archive: Archive, accepted: dict[Path, Upload], options: ReadingOptions, report: UploadReport,
    progress: Callable[[int], None],
) -> None:  # fmt: skip
    """Lay accepted files into their places and sync them; what the archive does not hold afterwards is taken back."""
    before = {place: place.read_bytes() if place.exists() else None for place in accepted}
    refused = set(accepted)
    try:
        for place, upload in accepted.items():
            _write(place, upload.raw)
        done = sync(archive, list(accepted), options=options, progress=lambda path, chunks: progress(chunks))
        refused = {place for place in accepted if printable(place) in {error.path for error in done.failed}}
    finally:
        for place, upload in accepted.items():
            if not _is_read_from(archive, place, upload, refused=place in refused):
                _restore(archive, place, before[place])
    failed = {error.path: error for error in done.failed}
    states = dict.fromkeys(done.added, State.ADDED) | dict.fromkeys(done.replaced, State.REPLACED)
    for place, upload in accepted.items():
        error = failed.get(printable(place))
        if error is not None:
            report.failed.append(error.of(upload.name, f"{_folder(archive)}{os.sep}"))
            continue
        # Where the same file lies elsewhere already, the issues are those read from there.
        held = archive.stored_files(path=str(place)) or archive.stored_files(fingerprint=fingerprint_of(place, upload.raw))
        for issue_id in held[0].issue_ids:
            report.taken.append(Taken(upload.name, issue_id, states.get(issue_id, State.UNCHANGED)))
    report.warnings = [warning.replace(f"{_folder(archive)}{os.sep}", "") for warning in done.warnings]
    report.articles, report.chunks = done.articles, done.chunks


def _folder(archive: Archive) -> Path:
    return (archive.folder / FOLDER).resolve()


def _uploads_lock(archive: Archive) -> AbstractContextManager[None]:
    return writer_lock(_folder(archive))


def _place(archive: Archive, name: str, paper: str | None) -> Path:
    """Return where a file of this name is kept; raises IssueError for a name that cannot be a file's there."""
    parts = [unicodedata.normalize("NFC", part) for part in (paper, name) if part is not None]
    for part in parts:
        hidden = part.startswith(".") or any(letter in "/\\" or unicodedata.category(letter)[0] == "C" for letter in part)
        if hidden or not part.strip() or len(part.encode()) > _NAME_BYTES:
            raise IssueError("bad_name", name, name=part[:40])
    place = _folder(archive).joinpath(*parts)
    if place.is_dir() or place.parent.is_file():
        # A paper's folder is named as the paper, which a file may be called too.
        raise IssueError("name_clashes", name, name=(place.name if place.is_dir() else place.parent.name)[:40])
    return place


def _check(archive: Archive, planner: Planner, place: Path, upload: Upload) -> Plan:
    """Plan a file; raises IssueError where it cannot be read, or has the name of a file of other issues."""
    plan = planner.plan(place, upload.raw)
    if any(one.issue.paper == FOLDER for one in plan.issues):
        raise IssueError("no_paper", place, 1)
    own = {one.issue.issue_id for one in plan.issues}
    for stored in archive.stored_files(path=str(place)):
        # A list of articles has no issues, and may become another list.
        other = plan.forgotten or (plan.state is not FileState.UNCHANGED and own.isdisjoint(stored.issue_ids))
        if stored.issue_ids and other:
            raise IssueError("name_held", place, issue_id=", ".join(stored.issue_ids[:3]))
    return plan


def _is_removable(archive: Archive, path: str) -> bool:
    """Say whether a file was uploaded, or is gone, so that no sync would bring back what came of it."""
    return Path(path).is_relative_to(_folder(archive)) or not Path(path).exists()


def _is_read_from(archive: Archive, place: Path, upload: Upload, *, refused: bool) -> bool:
    """Say whether the archive holds just these bytes, read from this place."""
    held = archive.stored_files(path=str(place))
    # Without a fingerprint it is to be read again: an article of it was left out, as another file has it.
    known = {fingerprint_of(place, upload.raw), *(() if refused else ("",))}
    return bool(held) and held[0].source.fingerprint in known


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
