"""Bringing an archive in step with issue files: add what is new, replace what changed, report the rest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from embeddings.dates.mentions import chunk_days
from embeddings.errors import IssueError, UnstorableError
from embeddings.formats.masthead import make_issue_id
from embeddings.formats.readers import READER_VERSION, blamed_on, find_issue_files, parse_file, read_bytes
from embeddings.models.encoder import Encoder, passage_text
from embeddings.records import Article, Chunk, Days, Issue
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.records import Entry
from embeddings.text.aliases import NO_NAMES, Names
from embeddings.text.segmentation import search_words

_ENCODE_TOGETHER = 256  # chunks gathered over several issues, so that the encoder's batches are full


@dataclass(slots=True)
class SyncReport:
    """What a sync did; paths and ids in the order met."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[IssueError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    articles: int = 0
    chunks: int = 0

    @property
    def changed(self) -> bool:
        """Say whether the archive is another one than before."""
        return bool(self.added or self.replaced or self.removed)


@dataclass(frozen=True, slots=True)
class _Unencoded:
    """An article of an issue, with all that is made of it but its vectors; the fields are those of an Entry."""

    article: Article
    chunks: Sequence[Chunk]
    words: list[tuple[str, str]]
    days: list[tuple[Days, ...]]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An issue that waits for its vectors."""

    path: Path
    fingerprint: str
    issue: Issue
    articles: list[_Unencoded]

    def __len__(self) -> int:
        return sum(len(article.chunks) for article in self.articles)


def sync(
    archive: Archive,
    places: Sequence[Path],
    *,
    prune: bool = False,
    progress: Callable[[Path, int], None] = lambda path, chunks: None,
) -> SyncReport:
    """Add the issue files found at `places`, replace changed ones; with `prune` remove those whose file is gone.

    A file that cannot be read, for whatever reason, is reported and leaves the archive as it was. Each
    issue is stored in one transaction, so a run that is cut off keeps what it had
    done. `progress` is called for every file done, with the chunks it gave.
    """
    report = SyncReport()
    files = find_issue_files(places)
    with writer_lock(archive.folder):
        try:
            for group in _groups(_prepare(archive, files, report, progress)):
                _store(archive, group, report, progress)
            if prune:
                _prune(archive, places, files, report)
        finally:
            if report.changed:
                archive.save_index()
    return report


def _prepare(
    archive: Archive, files: Iterable[Path], report: SyncReport, progress: Callable[[Path, int], None]
) -> Iterator[_Prepared]:
    """Yield the issues that are new or changed, read and cut into chunks."""
    taken: dict[str, tuple[str, Path]] = {}
    for path in files:
        try:
            prepared = _read(archive, path, taken)
        except IssueError as error:
            report.failed.append(error)
            progress(path, 0)
            continue
        if prepared is None:
            report.unchanged.append(str(path))
            progress(path, 0)
        else:
            taken[prepared.issue.issue_id] = prepared.issue.paper, path
            report.warnings += [f"{path}: {warning}" for warning in prepared.issue.warnings]
            yield prepared


def _read(archive: Archive, path: Path, taken: dict[str, tuple[str, Path]]) -> _Prepared | None:
    """Read a file, or return None where the archive already holds just this."""
    raw = read_bytes(path)
    fingerprint = fingerprint_of(raw)
    same = archive.stored_issues(fingerprint=fingerprint)
    if any(found.source_path == str(path) for found in same):
        return None
    (issue,) = parse_file(path, raw).issues
    holder = _holder(archive, issue, taken)
    if holder is not None and holder[0] != issue.paper:
        # Two papers whose initials are the same: the later one is spelt out.
        issue = replace(issue, issue_id=make_issue_id(issue.paper, issue.issue_date, full=True))
        holder = _holder(archive, issue, taken)
    # The name may date a file, so the same bytes elsewhere need not be the same issue.
    moved = next((found for found in same if found.issue_id == issue.issue_id), None)
    if moved is not None:
        if not _holds(Path(moved.source_path), fingerprint):
            archive.move(moved.issue_id, str(path))
        return None
    other = holder[1] if holder else None
    if other is not None and other != path and other.exists():
        raise IssueError("issue_held", path, issue_id=issue.issue_id, other=other)
    with blamed_on(path):
        articles = [
            _unencoded(article, archive.manifest.split(article), issue.issue_date, archive.names) for article in issue.articles
        ]
    return _Prepared(path, fingerprint, issue, articles)


def _holder(archive: Archive, issue: Issue, taken: dict[str, tuple[str, Path]]) -> tuple[str, Path] | None:
    """Return the paper and the file that already gave the issue of this id, in this run or before."""
    held = archive.stored_issues(issue_id=issue.issue_id)
    return taken.get(issue.issue_id) or next(((found.paper, Path(found.source_path)) for found in held), None)


def fingerprint_of(raw: bytes) -> str:
    """Return what tells a file's content, as this version reads it, from any other."""
    return hashlib.sha256(READER_VERSION.encode() + raw).hexdigest()


def _holds(path: Path, fingerprint: str) -> bool:
    """Say whether a file is still the one of this fingerprint."""
    try:
        return fingerprint_of(path.read_bytes()) == fingerprint
    except OSError:
        return False


def _groups(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Gather issues until their chunks fill the encoder's batches."""
    group: list[_Prepared] = []
    for item in prepared:
        group.append(item)
        if sum(map(len, group)) >= _ENCODE_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _store(archive: Archive, group: Sequence[_Prepared], report: SyncReport, progress: Callable[[Path, int], None]) -> None:
    """Encode the chunks of several issues together and store each issue."""
    entries = iter(_encode(archive.encoder, [article for item in group for article in item.articles]))
    for item in group:
        own = [next(entries) for _ in item.articles]
        try:
            replaced = archive.replace(item.issue, own, str(item.path), item.fingerprint)
        except UnstorableError as error:
            report.failed.append(IssueError("not_stored", item.path, detail=error.message.values["detail"]))
            progress(item.path, 0)
            continue
        (report.replaced if replaced else report.added).append(item.issue.issue_id)
        report.articles += len(own)
        report.chunks += len(item)
        progress(item.path, len(item))


def make_entries(
    encoder: Encoder, articles: Sequence[tuple[Article, Sequence[Chunk], date]], names: Names = NO_NAMES
) -> list[Entry]:
    """Make the words, vectors and days of articles that are cut into chunks, each with the day it was printed on."""
    return _encode(encoder, [_unencoded(article, chunks, printed, names) for article, chunks, printed in articles])


def _unencoded(article: Article, chunks: Sequence[Chunk], printed: date, names: Names) -> _Unencoded:
    """Make the words and days of an article."""

    def words_of(text: str) -> str:
        return " ".join([*search_words(text), *names.words(text)])

    headline = " ".join(filter(None, (article.kicker, article.title, article.subtitle, article.column)))
    title = words_of(headline)
    words = [(title, words_of(article.body[chunk.start : chunk.end])) for chunk in chunks]
    return _Unencoded(article, chunks, words, chunk_days(headline, article.body, chunks, printed))


def _encode(encoder: Encoder, articles: Sequence[_Unencoded]) -> list[Entry]:
    """Make the entries of articles, their chunks encoded together."""
    texts = [passage_text(one.article, chunk.start, chunk.end) for one in articles for chunk in one.chunks]
    vectors = encoder.encode_passages(texts)
    entries, row = [], 0
    for one in articles:
        own = vectors[row : row + len(one.chunks)]
        entries.append(Entry(one.article, one.chunks, one.words, own, one.days))
        row += len(one.chunks)
    return entries


def _prune(archive: Archive, places: Sequence[Path], files: Sequence[Path], report: SyncReport) -> None:
    """Remove the issues whose file lay in one of the folders and is gone."""
    folders = [place.resolve() for place in places if os.path.isdir(place)]
    present = set(files)
    for stored in archive.stored_issues():
        source = Path(stored.source_path)
        if source not in present and not source.exists() and any(source.is_relative_to(folder) for folder in folders):
            report.removed.append(stored.issue_id)
    if report.removed:
        archive.discard(report.removed)
