"""What a sync or an upload would do, told before: what each file is read as, without embedding or storing anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.folders import find_files
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.plan import FileState, Plan, PlannedIssue, Planner
from embeddings.store.archive import Archive

_HEADLINES = 3  # of each issue that are shown


@dataclass(frozen=True, slots=True)
class PreviewedHeadline:
    """One of the first headlines of an issue, with what stands by it."""

    title: str
    page: str | None
    byline: str | None


@dataclass(frozen=True, slots=True)
class PreviewedIssue:
    """What a file would give to one issue."""

    issue_id: str
    paper: str
    issue_date: date
    last_date: date | None
    edition: str | None
    issue_number: int | None
    pages: tuple[str, ...]
    """The pages that its articles stand on, as printed, in the order met."""
    articles: int
    indexed: int
    """Articles that would be embedded: the rest is held already."""
    headlines: tuple[PreviewedHeadline, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file is read as; of one that is unchanged or moved nothing is told, of one that fails only the error."""

    path: str
    state: FileState | None
    reader: str = ""
    encoding: str | None = None
    issues: tuple[PreviewedIssue, ...] = ()
    warnings: tuple[str, ...] = ()
    error: IssueError | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sync would do with each file."""

    files: tuple[FilePreview, ...]
    not_taken: tuple[str, ...] = ()
    """Files of the folders that no reader takes."""

    @property
    def complete(self) -> bool:
        """Say whether every file would be taken."""
        return not self.not_taken and all(file.error is None for file in self.files)


def preview(
    archive: Archive | None,
    places: Sequence[Path],
    options: ReadingOptions = ReadingOptions(),
    ignore: Sequence[str] = (),
    progress: Callable[[Path], object] = lambda path: None,
) -> Preview:
    """Tell what a sync of `places` would do; an archive that is not made yet is None."""
    found = find_files(places, ignore)
    planner = Planner(archive, options)
    files = []
    for path in found.readable:
        files.append(preview_file(planner, path))
        progress(path)
    own = archive.folder.resolve() if archive is not None else None
    others = tuple(str(path) for path in found.others if own is None or not path.is_relative_to(own))
    return Preview(tuple(files), others)


def preview_file(planner: Planner, path: Path, raw: bytes | None = None) -> FilePreview:
    """Tell what a file is read as, or why it is refused."""
    try:
        plan = planner.plan(path, raw)
    except IssueError as error:
        return FilePreview(str(path), None, error=error)
    return described_plan(plan)


def described_plan(plan: Plan) -> FilePreview:
    """Tell what a plan comes to."""
    source = plan.source
    issues = tuple(map(_issue, plan.issues))
    return FilePreview(source.path, plan.state, source.reader, source.encoding, issues, plan.warnings)


def _issue(planned: PlannedIssue) -> PreviewedIssue:
    issue = planned.issue
    first = issue.articles[:_HEADLINES]
    return PreviewedIssue(
        issue.issue_id,
        issue.paper,
        issue.issue_date,
        issue.last_date,
        issue.edition,
        issue.issue_number,
        tuple(dict.fromkeys(article.page for article in issue.articles if article.page)),
        len(issue.articles),
        planned.kept.count(False),
        tuple(PreviewedHeadline(article.title, article.page, article.byline) for article in first),
        issue.warnings,
    )
