"""Bringing an archive in step with its files: add what is new, replace what changed, report the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.errors import IssueError, UnstorableError
from embeddings.formats.folders import find_files
from embeddings.formats.readers import blamed_on
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.audit import Fault, audit
from embeddings.ingest.correction_marks import mark_corrections
from embeddings.ingest.entries import Unencoded, encode, unencoded
from embeddings.ingest.plan import FileState, Plan, Planner
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.records import Changes, FilePart

_ENCODE_TOGETHER = 256  # chunks gathered over several files, so that the encoder's batches are full


@dataclass(slots=True)
class SyncReport:
    """What a sync did; paths and ids in the order met, an issue that several files changed once."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    """Issues that were held and are now others: with more, fewer or other articles, or other facts."""
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[IssueError] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)
    """Files of the folders that no reader takes."""
    without_articles: list[str] = field(default_factory=list)
    """Files read anew that hold no article of their own: lists of articles, pages that a METS file lists."""
    warnings: list[str] = field(default_factory=list)
    articles: int = 0
    """Articles that are new or were made anew."""
    chunks: int = 0

    @property
    def changed(self) -> bool:
        """Say whether the archive is another one than before."""
        return bool(self.added or self.replaced or self.removed)

    @property
    def complete(self) -> bool:
        """Say whether every file was taken."""
        return not self.failed and not self.not_taken

    def note(self, changes: Changes) -> None:
        """Add what became of issues; one that this run added stays an added one."""
        for issue_id in changes.removed:
            held = issue_id not in self.added
            self.added, self.replaced = ([one for one in ids if one != issue_id] for ids in (self.added, self.replaced))
            if held:
                self.removed.append(issue_id)
        for issue_id in changes.added:
            if issue_id in self.removed:  # it went with one file and came again with another
                self.removed.remove(issue_id)
                self.replaced.append(issue_id)
            else:
                self.added.append(issue_id)
        self.replaced += [one for one in changes.replaced if one not in self.added and one not in self.replaced]
        self.warnings += changes.warnings


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file that waits for the vectors of its new articles."""

    path: Path
    plan: Plan
    articles: list[Unencoded]
    """Those of which nothing is held, in the order of the plan."""

    def __len__(self) -> int:
        return sum(len(article.chunks) for article in self.articles)


def sync(
    archive: Archive,
    places: Sequence[Path],
    *,
    prune: bool = False,
    force: bool = False,
    progress: Callable[[Path, int], None] = lambda path, chunks: None,
    options: ReadingOptions = ReadingOptions(),
    ignore: Sequence[str] = (),
) -> SyncReport:
    """Add the files found at `places`, replace what changed ones hold; with `prune` remove what came of files that are gone.

    With `force` all files are read and encoded anew, which mends what was damaged in the archive.
    A file that cannot be read, for whatever reason, is reported and leaves the archive as it was. Each
    file is stored in one transaction, so a run that is cut off keeps what it had
    done; of a changed file only the articles that changed are encoded. `options` hold for every file, until others are
    given; files that a pattern of `ignore` names are left out. `progress` is called for every file done, with the chunks
    it gave.
    """
    report = SyncReport()
    found = find_files(places, ignore)
    own = archive.folder.resolve()
    report.not_taken += [str(path) for path in found.others if not path.is_relative_to(own)]
    with writer_lock(archive.folder):
        try:
            if force:
                archive.start_mending()
            planner = Planner(archive, options, anew=force)
            for group in _groups(_prepare(archive, planner, found.readable, report, progress)):
                _store(archive, planner, group, report, progress, mend=force)
            if force:
                report.warnings += map(str, archive.finish_mending())
            if prune:
                _prune(archive, places, found.readable, report)
            report.warnings += mark_corrections(archive, [*report.added, *report.replaced])
            report.warnings += _audited(archive, {*report.added, *report.replaced})
        finally:
            if report.changed or force or archive.lacks_snapshot():
                archive.save_index()
    return report


def _audited(archive: Archive, changed: Collection[str]) -> list[str]:
    """Return what is odd about the mastheads of new issues, beside their neighbours; that a weekday is, its reader told."""
    found = audit(archive.masthead_facts(), about=changed) if changed else []
    return [str(one.message) for one in found if one.fault is not Fault.WEEKDAY]


def _prepare(
    archive: Archive, planner: Planner, files: Iterable[Path], report: SyncReport, progress: Callable[[Path, int], None]
) -> Iterator[_Prepared]:
    """Yield the files that are new or changed, read and cut into chunks."""
    for path in files:
        try:
            plan = planner.plan(path)
            with blamed_on(path):
                articles = list(_unencoded(archive, plan))
        except IssueError as error:
            report.failed.append(error)
            progress(path, 0)
            continue
        report.warnings += [f"{path}: {warning}" for warning in plan.warnings]
        if plan.state in (FileState.NEW, FileState.CHANGED):
            report.warnings += [f"{path}: {warning}" for planned in plan.issues for warning in planned.issue.warnings]
            yield _Prepared(path, plan, articles)
            continue
        if plan.forgotten:
            report.note(archive.forget([str(path)]))
        if plan.moved_from is not None:
            archive.note(plan.source, plan.moved_from)
        report.unchanged.append(str(path))
        progress(path, 0)


def _unencoded(archive: Archive, plan: Plan) -> Iterator[Unencoded]:
    """Yield what is made of the articles that are not held, but their vectors."""
    for planned in plan.issues:
        for article, kept in zip(planned.issue.articles, planned.kept, strict=True):
            if not kept:
                yield unencoded(article, archive.manifest.split(article), planned.issue.issue_date, archive.names)


def _groups(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Gather files until their chunks fill the encoder's batches."""
    group: list[_Prepared] = []
    for item in prepared:
        group.append(item)
        if sum(map(len, group)) >= _ENCODE_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _store(
    archive: Archive,
    planner: Planner,
    group: Sequence[_Prepared],
    report: SyncReport,
    progress: Callable[[Path, int], None],
    *,
    mend: bool,
) -> None:
    """Encode the chunks of several files together and store each file."""
    waiting = [article for item in group for article in item.articles]
    entries = iter(encode(archive.encoder, waiting) if waiting else ())
    for item in group:
        parts = [
            FilePart(one.issue, [None if kept else next(entries) for kept in one.kept], one.ordinals)
            for one in item.plan.issues
        ]
        try:
            slugs = {part.issue.paper: planner.names.slug(part.issue.paper) for part in parts}
            changes = archive.store(item.plan.source, parts, slugs, mend=mend)
        except UnstorableError as error:
            report.failed.append(IssueError("not_stored", item.path, detail=error.message.values["detail"]))
            progress(item.path, 0)
            continue
        if changes.any:
            report.note(changes)
        elif not parts:
            report.without_articles.append(str(item.path))
        else:
            report.unchanged.append(str(item.path))
        report.articles += len(item.articles)
        report.chunks += len(item)
        progress(item.path, len(item))


def _prune(archive: Archive, places: Sequence[Path], files: Sequence[Path], report: SyncReport) -> None:
    """Remove what came of files that lay in one of the folders and are gone."""
    folders = [place.resolve() for place in places if os.path.isdir(place)]
    present = set(files)
    gone = []
    for stored in archive.stored_files():
        source = Path(stored.path)
        if source not in present and not source.exists() and any(source.is_relative_to(folder) for folder in folders):
            gone.append(stored.path)
    if gone:
        report.note(archive.forget(gone))
