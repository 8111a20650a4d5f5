"""What the commands of the archive report, as text in the chosen language and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from embeddings.errors import printable
from embeddings.messages import MESSAGES, Message

if TYPE_CHECKING:
    from embeddings.ingest.audit import Finding
    from embeddings.ingest.correcting import Done, Imported
    from embeddings.ingest.preview import FilePreview, Preview
    from embeddings.ingest.sync import SyncReport
    from embeddings.records import Correction
    from embeddings.store.records import Printing
    from embeddings.store.status import ArchiveStatus

_NAMED = 20  # files that no reader takes; a script reads the rest in the JSON


_AUDITED = 20  # findings of the audit that a status prints; its JSON has all


def sync_bar(total: int, *, hidden: bool) -> tqdm[Any]:
    """Return the bar of a sync, a step for each file; none where nobody watches."""
    unit = MESSAGES.text("issue_unit")
    return tqdm(total=total, unit=unit, desc=MESSAGES.text("sync_bar"), disable=hidden or not sys.stderr.isatty())


def rebuild_bar(*, hidden: bool) -> tqdm[Any]:
    """Return the bar of a rebuild, a step for each article."""
    unit = MESSAGES.text("article_unit")
    return tqdm(unit=unit, desc=MESSAGES.text("rebuild_bar"), disable=hidden or not sys.stderr.isatty())


def sync_notes(report: SyncReport) -> Iterator[str]:
    """Yield what a sync met: warnings, then the files that failed."""
    for warning in report.warnings:
        yield MESSAGES.text("warning", warning=warning)
    for error in report.failed:
        yield MESSAGES.text("failed", error=error)
    if report.not_taken:
        yield not_taken_text(report.not_taken)


def not_taken_text(paths: Sequence[str]) -> str:
    """Tell which files no reader takes, the first of them by name."""
    names = MESSAGES.text("list_separator").join(map(printable, paths[:_NAMED]))
    rest = MESSAGES.text("not_taken_rest") if len(paths) > _NAMED else ""
    return MESSAGES.text("not_taken", count=len(paths), names=names + rest)


def preview_text(found: Preview) -> str:
    """Tell what a sync would do, file by file."""
    lines = [line for file in found.files for line in _file_lines(file)]
    if found.not_taken:
        lines.append(not_taken_text(found.not_taken))
    articles = sum(issue.articles for file in found.files for issue in file.issues)
    failed = sum(file.error is not None for file in found.files)
    return "\n".join([*lines, MESSAGES.text("preview_done", files=len(found.files), articles=articles, failed=failed)])


def _file_lines(file: FilePreview) -> Iterator[str]:
    if file.error is not None or file.state is None:
        yield MESSAGES.text("failed", error=file.error)
        return
    state = MESSAGES.text(f"state_{file.state.value}")
    read = filter(None, (file.reader, file.encoding, state))
    yield MESSAGES.text("preview_file", path=printable(file.path), read=MESSAGES.text("list_separator").join(read))
    for issue in file.issues:
        last = f" - {issue.last_date.isoformat()}" if issue.last_date else ""
        number = MESSAGES.text("preview_number", number=issue.issue_number) if issue.issue_number is not None else ""
        separator = MESSAGES.text("list_separator")
        pages = MESSAGES.text("preview_pages", pages=separator.join(issue.pages)) if issue.pages else ""
        facts = (issue.paper, issue.issue_date.isoformat() + last, issue.edition, number, pages)
        shown = MESSAGES.text("headline_separator").join(headline.title for headline in issue.headlines)
        yield MESSAGES.text("preview_issue", facts=" ".join(filter(None, facts)), articles=issue.articles, headlines=shown)
    for warning in (*file.warnings, *(warning for issue in file.issues for warning in issue.warnings)):
        yield "  " + MESSAGES.text("warning", warning=warning)


def preview_json(found: Preview) -> dict[str, object]:
    """Return what a sync would do, file by file."""
    return {"files": [_file_json(file) for file in found.files], "not_taken": [printable(path) for path in found.not_taken]}


def _file_json(file: FilePreview) -> dict[str, object]:
    error = file.error
    issues = [
        asdict(issue)
        | {"issue_date": issue.issue_date.isoformat(), "last_date": issue.last_date and issue.last_date.isoformat()}
        for issue in file.issues
    ]
    return {
        "path": printable(file.path),
        "state": file.state,
        "reader": file.reader,
        "encoding": file.encoding,
        "issues": issues,
        "warnings": list(file.warnings),
        "error": error and {"line": error.line, "code": error.code, "reason": error.reason},
    }


def sync_text(report: SyncReport, seconds: float) -> str:
    """Tell what a sync did."""
    done = MESSAGES.text(
        "sync_done", added=len(report.added), replaced=len(report.replaced), unchanged=len(report.unchanged),
        removed=len(report.removed), failed=len(report.failed), articles=report.articles, chunks=report.chunks,
        seconds=seconds,
    )  # fmt: skip
    done += MESSAGES.text("sync_speed", speed=report.chunks / seconds) if report.chunks >= seconds else ""
    count = len(report.without_articles)
    return done + (MESSAGES.text("sync_without_articles", count=count) if count else "")


def sync_json(report: SyncReport, seconds: float) -> dict[str, object]:
    """Return what a sync did."""
    fields = ("added", "replaced", "unchanged", "removed", "not_taken", "without_articles", "warnings", "articles", "chunks")
    failed = [{"path": error.path, "line": error.line, "reason": error.reason} for error in report.failed]
    return {name: getattr(report, name) for name in fields} | {"failed": failed, "seconds": round(seconds, 3)}


def event(name: str, **values: object) -> dict[str, Any]:
    """Return one event of a watch, with the time."""
    return {"at": datetime.now().astimezone().isoformat(timespec="seconds"), "event": name, **values}


def sync_events(report: SyncReport) -> Iterator[dict[str, Any]]:
    """Yield what a sync did as events: each issue, each warning, each file that failed."""
    for name in ("added", "replaced", "removed"):
        for issue_id in getattr(report, name):
            yield event(name, issue_id=issue_id)
    for warning in report.warnings:
        yield event("warning", warning=str(warning))
    for error in report.failed:
        yield event("failed", path=error.path, line=error.line, reason=error.reason)


def event_text(event: dict[str, Any]) -> str:
    """Tell one event of a watch in a line."""
    values = {name: " ".join(value) if isinstance(value, list) else value for name, value in event.items()}
    told = MESSAGES.text(f"event_{event['event']}", **values)
    return f"{event['at']} {told}"


def printing_text(printing: Printing) -> str:
    """Tell one place where a piece of news was printed."""
    key = "printing" if printing.page is None else "printing_on_page"
    return MESSAGES.text(
        key, paper=printing.paper, day=printing.issue_date, page=printing.page, title=printing.title,
        article_id=printing.article_id,
    )  # fmt: skip


def reprints_text(groups: Sequence[Sequence[Printing]]) -> str:
    """Tell which news was printed more than once: the first print, and the others under it."""
    lines: list[str] = []
    for first, *others in groups:
        lines += [printing_text(first), *(f"    {MESSAGES.text('see_also', printing=printing_text(one))}" for one in others)]
    return "\n".join(lines) or MESSAGES.text("reprints_none")


def reprints_json(groups: Sequence[Sequence[Printing]]) -> dict[str, object]:
    """Return which news was printed more than once, first prints first."""
    return {
        "groups": [[{**asdict(one), "issue_date": one.issue_date.isoformat()} for one in printings] for printings in groups]
    }


def correction_json(one: Correction) -> dict[str, object]:
    """Return one correction."""
    facts = asdict(one)
    made = one.made_at.isoformat() if one.made_at else None
    return facts | {"issue_date": one.issue_date.isoformat(), "field": one.field.value, "made_at": made}


def corrections_text(corrections: Sequence[Correction]) -> str:
    """List corrections, a line each."""
    return "\n".join(map(_correction_line, corrections)) or MESSAGES.text("correction_none")


def _correction_line(one: Correction) -> str:
    def shown(words: str | None) -> str:
        return (words or "–").replace("\n", " ")

    return MESSAGES.text(
        "correction_shown", number=one.correction_id, paper=one.paper, day=one.issue_date, headline=one.headline,
        field=MESSAGES.message(f"field_{one.field.value}"), printed=shown(one.printed), corrected=shown(one.corrected),
        note=MESSAGES.text("correction_note", note=one.note) if one.note else "",
        unfit="" if one.applied else MESSAGES.text("correction_not_applied"),
    )  # fmt: skip


def done_text(done: Done) -> str:
    """Tell which corrections were made."""
    numbers = " ".join(str(one.correction_id) for one in done.corrections)
    return MESSAGES.text("correction_done", count=len(done.corrections), numbers=numbers, issue_id=done.issue_id or "")


def undone_text(done: Done) -> str:
    """Tell which corrections were undone."""
    return MESSAGES.text("correction_undone", numbers=" ".join(str(one.correction_id) for one in done.corrections))


def imported_text(done: Imported) -> str:
    """Tell what became of imported corrections."""
    return MESSAGES.text("correction_imported", added=done.added, known=done.known, unfit=len(done.unfit))


def imported_json(done: Imported) -> dict[str, object]:
    """Return what became of imported corrections."""
    return {"added": done.added, "known": done.known, "unfit": [correction_json(one) for one in done.unfit]}


def removed_text(issue_ids: Sequence[str]) -> str:
    """Tell which issues were removed."""
    return MESSAGES.text("removed", count=len(issue_ids), ids=" ".join(issue_ids))


def status_json(folder: Path, status: ArchiveStatus) -> dict[str, Any]:
    """Return what an archive holds and how it was made, but for the list of its issues."""
    extent = status.extent
    return {
        "archive": printable(folder),
        "papers": status.papers,
        "files": status.files,
        "issues": extent.issues,
        "articles": extent.articles,
        "chunks": extent.chunks,
        "from": extent.first.isoformat() if extent.first else None,
        "to": extent.last.isoformat() if extent.last else None,
        "bytes": status.size,
        **status.facts,
    }


def audit_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what is odd about the mastheads of an archive, up to a page of it."""
    for finding in findings[:_AUDITED]:
        yield MESSAGES.text("warning", warning=finding.message)
    if len(findings) > _AUDITED:
        yield MESSAGES.text("audit_more", count=len(findings) - _AUDITED)


def audit_json(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Return what is odd about the mastheads of an archive."""
    return [
        {"fault": one.fault.value, "paper": one.paper, "issue_ids": one.issue_ids, "text": str(one.message)} for one in findings
    ]


def status_text(status: dict[str, Any]) -> str:
    """Tell what an archive holds and how it was made."""
    papers = MESSAGES.text("list_separator").join(status["papers"]) or MESSAGES.text("status_no_paper")
    lines = (
        MESSAGES.message("status_papers", archive=status["archive"], papers=papers),
        MESSAGES.message(
            "status_extent", files=status["files"], issues=status["issues"], articles=status["articles"],
            chunks=status["chunks"],            first=status["from"] or "—", last=status["to"] or "—",
        ),
        MESSAGES.message(
            "status_made", model=status["model"], dimension=status["dimension"], generation=status["generation"],
            megabytes=status["bytes"] / 1e6,
        ),
    )  # fmt: skip
    return "\n".join(map(str, lines))


def verify_text(problems: Sequence[Message]) -> str:
    """Tell what is wrong with an archive, or that nothing is."""
    return "\n".join(map(str, problems)) or MESSAGES.text("verified")


def verify_json(problems: Sequence[Message]) -> dict[str, object]:
    """Return what is wrong with an archive."""
    return {"ok": not problems, "problems": [str(problem) for problem in problems]}
