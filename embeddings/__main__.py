"""The command line of the archive: see `python -m embeddings --help`."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embeddings import report
from embeddings.command_line import (
    DONE,
    PATH,
    SOME_FAILED,
    WRONG_USAGE,
    Group,
    WrongUsage,
    option,
    print_json,
    read_field_map,
    run,
)
from embeddings.errors import ArchiveError, CorrectionError, printable
from embeddings.messages import MESSAGES
from embeddings.settings import ArchiveSettings

if TYPE_CHECKING:
    from embeddings.formats.reading import ReadingOptions
    from embeddings.store.backup import BackedUp


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when done, 1 when something failed, 2 on wrong usage."""
    return run(commands, argv, "python -m embeddings", interrupted="interrupted_kept")


@click.group(cls=Group, help="help_embeddings")
def commands() -> None:
    """Take the commands below."""


def _of_archive(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that every command has."""
    with_json = option("--json", "as_json", is_flag=True, help="help_json")(command)
    return option("--archive", type=PATH, metavar="DIR", help="help_archive")(with_json)


def _of_reading(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say how files are read."""
    for add in (
        option("--ignore", multiple=True, single=True, metavar="PATTERN", help="help_ignore"),
        option("--map", "field_map", metavar="FIELD=NAME,...", help="help_map"),
        option("--encoding", metavar="NAME", help="help_encoding"),
        option("--paper", metavar="NAME", help="help_paper"),
    ):
        command = add(command)
    return command


@commands.command("sync", help="help_sync")
@click.argument("places", nargs=-1, required=True, type=PATH, metavar="DIR|FILE...")
@option("--dry-run", is_flag=True, help="help_dry_run")
@option("--prune", is_flag=True, help="help_prune")
@option("--force", is_flag=True, help="help_force")
@_of_reading
@_of_archive
def _sync(
    archive: Path | None, places: tuple[Path, ...], prune: bool, force: bool, dry_run: bool, as_json: bool,
    paper: str | None, encoding: str | None, field_map: str | None, ignore: tuple[str, ...],
) -> int:  # fmt: skip
    settings, options = ArchiveSettings.load(archive=archive), _options(paper, encoding, field_map)
    if dry_run:
        return preview_once(settings, places, as_json=as_json, options=options, ignore=ignore)
    return sync_once(settings, places, prune=prune, force=force, as_json=as_json, options=options, ignore=ignore)


def _options(paper: str | None, encoding: str | None, field_map: str | None) -> ReadingOptions:
    """Return what the command line says of files; raises WrongUsage."""
    from embeddings.formats.reading import ReadingOptions

    try:
        return ReadingOptions(paper, encoding, read_field_map(field_map or ""))
    except ValueError as error:
        raise WrongUsage(MESSAGES.text("usage_map", pair=str(error))) from None


@commands.command("watch", help="help_watch")
@click.argument("places", nargs=-1, required=True, type=PATH, metavar="DIR...")
@option("--settle", type=click.FloatRange(min=0), metavar="SECONDS", help="help_settle")
@_of_reading
@_of_archive
def _watch(
    archive: Path | None, places: tuple[Path, ...], settle: float | None, as_json: bool,
    paper: str | None, encoding: str | None, field_map: str | None, ignore: tuple[str, ...],
) -> int:  # fmt: skip
    for place in places:
        if not place.is_dir():
            told = MESSAGES.message("not_a_folder", path=printable(place))
            print(MESSAGES.text("error", error=told), file=sys.stderr)
            return WRONG_USAGE
    # A service manager stops with SIGTERM, and a shell starts what runs behind it deaf to Ctrl-C: what is stored stays stored.
    before = {which: signal.signal(which, signal.default_int_handler) for which in (signal.SIGTERM, signal.SIGINT)}
    try:
        _watch_folders(
            ArchiveSettings.load(archive=archive), places, settle, as_json, _options(paper, encoding, field_map), ignore
        )
    except KeyboardInterrupt:
        _log(as_json, report.event("stopped"))
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
    return DONE


def _watch_folders(
    settings: ArchiveSettings, places: Sequence[Path], settle: float | None, as_json: bool, options: ReadingOptions,
    ignore: Sequence[str],
) -> None:  # fmt: skip
    """Sync what settles in folders, and tell each result in a line."""
    from embeddings.ingest.afterwards import ask_alerts
    from embeddings.ingest.arrivals import SETTLE_SECONDS
    from embeddings.ingest.sync import sync
    from embeddings.ingest.watching import watch
    from embeddings.models.encoder import use_threads
    from embeddings.store.archive import Archive

    use_threads(settings.threads)
    archive = Archive.open(settings, create=True)
    _log(as_json, report.event("watching", places=[printable(place) for place in places]))

    def tell(path: Path) -> None:
        _log(as_json, report.event("not_taken", path=printable(path)))

    def take(files: Sequence[Path]) -> Collection[Path]:
        try:
            done = sync(archive, files, options=options)
        except ArchiveError as error:  # another command writes, or the disk is full: all of them wait for their next try
            _log(as_json, report.event("error", reason=str(error)))
            return files
        for event in report.sync_events(done):
            _log(as_json, event)
        if done.changed and not ask_alerts(settings.archive):
            _log(as_json, report.event("error", reason=MESSAGES.text("alerts_not_asked")))
        failed = {error.path for error in done.failed}
        return [path for path in files if printable(path) in failed]

    watch(places, take, tell, SETTLE_SECONDS if settle is None else settle, ignore)


def _log(as_json: bool, event: dict[str, Any]) -> None:
    """Print one event of a watch as a line, at once: a journal reads it."""
    print(json.dumps(event, ensure_ascii=False) if as_json else report.event_text(event), flush=True)


def preview_once(
    settings: ArchiveSettings, places: Sequence[Path], *, as_json: bool, options: ReadingOptions, ignore: Sequence[str]
) -> int:
    """Tell what a sync would do, without doing it; returns 1 where a file would not be taken."""
    from embeddings.formats.folders import find_files
    from embeddings.ingest.preview import preview
    from embeddings.store.archive import Archive

    try:
        archive = Archive.open(settings)
    except ArchiveError as error:
        if error.code != "archive_missing":
            raise
        archive = None
    with report.sync_bar(len(find_files(places, ignore).readable), hidden=as_json) as bar:
        found = preview(archive, places, options, ignore, lambda path: bar.update())
    _print(as_json, report.preview_json(found), report.preview_text(found))
    return DONE if found.complete else SOME_FAILED


def sync_once(
    settings: ArchiveSettings, places: Sequence[Path], *, prune: bool, as_json: bool, options: ReadingOptions,
    ignore: Sequence[str] = (), force: bool = False,
) -> int:  # fmt: skip
    """Sync and report; returns 1 where a file failed or no reader took it."""
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.formats.folders import find_files
    from embeddings.ingest.afterwards import ask_alerts
    from embeddings.ingest.sync import sync
    from embeddings.models.encoder import use_threads
    from embeddings.store.archive import Archive

    started = time.monotonic()
    use_threads(settings.threads)
    archive = Archive.open(settings, create=True)
    chunks = 0
    with report.sync_bar(len(find_files(places, ignore).readable), hidden=as_json) as bar:

        def progress(path: Path, count: int) -> None:
            nonlocal chunks
            chunks += count
            bar.set_postfix_str(MESSAGES.text("chunks_done", name=printable(path.name), chunks=chunks), refresh=False)
            bar.update()

        done = sync(archive, places, prune=prune, force=force, progress=progress, options=options, ignore=ignore)
    seconds = time.monotonic() - started
    for note in report.sync_notes(done):
        print(note, file=sys.stderr)
    _print(as_json, report.sync_json(done, seconds), report.sync_text(done, seconds))
    if done.changed and not ask_alerts(settings.archive):
        print(MESSAGES.text("error", error=MESSAGES.message("alerts_not_asked")), file=sys.stderr)
    return DONE if done.complete else SOME_FAILED


@commands.command("remove", help="help_remove")
@click.argument("issue_ids", nargs=-1, required=True, metavar="ISSUE_ID...")
@_of_archive
def _remove(archive: Path | None, issue_ids: tuple[str, ...], as_json: bool) -> int:
    from embeddings.store.archive import Archive

    Archive.open(ArchiveSettings.load(archive=archive)).remove(issue_ids)
    _print(as_json, {"removed": issue_ids}, report.removed_text(issue_ids))
    return DONE


def _of_corrections(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that both commands of corrections have."""
    taken = option("--import", "imported", type=PATH, metavar="FILE.jsonl", help="help_correct_import")(command)
    written = option("--export", "exported", type=PATH, metavar="FILE.jsonl", help="help_correct_export")(taken)
    return option("--undo", multiple=True, type=int, metavar="ID", help="help_correct_undo")(written)


@commands.command("correct", help="help_correct")
@click.argument("article_id", required=False, metavar="[ARTICLE_ID]")
@option("--title", help="help_correct_title")
@option("--kicker", help="help_correct_kicker")
@option("--subtitle", help="help_correct_subtitle")
@option("--byline", help="help_correct_byline")
@option("--source", help="help_correct_source")
@option("--column", help="help_correct_column")
@option("--page", help="help_correct_page")
@option("--day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="help_correct_day")
@option("--body-file", type=PATH, metavar="FILE", help="help_correct_body")
@option("--replace", "words", multiple=True, metavar="OLD=NEW", help="help_correct_replace")
@option("--merge-next", "merge", is_flag=True, help="help_correct_merge")
@option("--split", type=int, metavar="OFFSET", help="help_correct_split")
@option("--split-title", help="help_correct_split_title")
@option("--note", help="help_correct_note")
@_of_corrections
@_of_archive
def _correct(
    archive: Path | None, article_id: str | None, day: datetime | None, body_file: Path | None, words: tuple[str, ...],
    merge: bool, split: int | None, split_title: str | None, note: str | None,
    undo: tuple[int, ...], exported: Path | None, imported: Path | None, as_json: bool, **facts: str | None,
) -> int:  # fmt: skip
    if article_id is None:
        return corrections_once(archive, undo, exported, imported, as_json=as_json)
    from embeddings.ingest.correcting import Wish, correct
    from embeddings.records import CorrectedField
    from embeddings.store.archive import Archive

    wish = Wish(
        {CorrectedField(name): value for name, value in facts.items() if value is not None},
        [_pair(text) for text in words], None if body_file is None else _text_of(body_file), day.date() if day else None,
        merge, split, split_title, note,
    )  # fmt: skip
    done = correct(Archive.open(ArchiveSettings.load(archive=archive)), article_id, wish)
    told = {"issue_id": done.issue_id, "corrections": [report.correction_json(one) for one in done.corrections]}
    _print(as_json, told, report.done_text(done))
    return DONE


@commands.command("corrections", help="help_corrections")
@_of_corrections
@_of_archive
def _corrections(
    archive: Path | None, undo: tuple[int, ...], exported: Path | None, imported: Path | None, as_json: bool
) -> int:
    return corrections_once(archive, undo, exported, imported, as_json=as_json)


def corrections_once(
    folder: Path | None, numbers: tuple[int, ...], exported: Path | None, imported: Path | None, *, as_json: bool
) -> int:
    """Undo, take in and write out corrections as asked for, or list them."""
    from embeddings.ingest.correcting import export_lines, import_lines, undo
    from embeddings.store.archive import Archive

    archive = Archive.open(ArchiveSettings.load(archive=folder))
    if numbers:
        undone = undo(archive, numbers)
        _print(as_json, {"undone": list(numbers)}, report.undone_text(undone))
    if imported is not None:
        taken = import_lines(archive, _text_of(imported).splitlines(), imported)
        _print(as_json, report.imported_json(taken), report.imported_text(taken))
    if exported is not None:
        lines = export_lines(archive)
        exported.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        told = MESSAGES.text("correction_exported", count=len(lines), path=printable(exported))
        _print(as_json, {"exported": len(lines)}, told)
    if not (numbers or imported or exported):
        held = archive.corrections()
        _print(as_json, {"corrections": [report.correction_json(one) for one in held]}, report.corrections_text(held))
    return DONE


def _pair(text: str) -> tuple[str, str]:
    """Read words and what is right, with a sign of equation between them."""
    old, sign, new = text.partition("=")
    if not (sign and old):
        raise CorrectionError("correction_pair", text=text)
    return old, new


def _text_of(path: Path) -> str:
    """Return what a file of the operator's holds."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CorrectionError("text_encoding", path) from None


@commands.command("status", help="help_status")
@_of_archive
def _status(archive: Path | None, as_json: bool) -> int:
    from embeddings.ingest.audit import audit
    from embeddings.store.status import archive_status

    settings = ArchiveSettings.load(archive=archive)
    found = archive_status(settings)
    status = report.status_json(settings.archive, found)
    findings = audit(found.masthead_facts)
    more = {"issue_ids": found.issue_ids, "audit": report.audit_json(findings)}
    _print(as_json, status | more, "\n".join([report.status_text(status), *report.audit_lines(findings)]))
    return DONE


@commands.command("reprints", help="help_reprints")
@_of_archive
def _reprints(archive: Path | None, as_json: bool) -> int:
    from embeddings.store.archive import Archive

    groups = Archive.open(ArchiveSettings.load(archive=archive)).reprint_groups()
    _print(as_json, report.reprints_json(groups), report.reprints_text(groups))
    return DONE


@commands.command("verify", help="help_verify")
@_of_archive
def _verify(archive: Path | None, as_json: bool) -> int:
    from embeddings.store.archive import Archive
    from embeddings.store.verification import verify

    problems = verify(Archive.open(ArchiveSettings.load(archive=archive)))
    _print(as_json, report.verify_json(problems), report.verify_text(problems))
    return SOME_FAILED if problems else DONE


@commands.command("rebuild", help="help_rebuild")
@option("--model", metavar="NAME", help="help_rebuild_model")
@option("--index-only", is_flag=True, help="help_index_only")
@_of_archive
def _rebuild(archive: Path | None, model: str | None, index_only: bool, as_json: bool) -> int:
    from embeddings.ingest.rebuild import rebuild
    from embeddings.models.encoder import load_encoder, use_threads
    from embeddings.store.archive import Archive

    settings = ArchiveSettings.load(archive=archive, model=model)
    use_threads(settings.threads)
    if index_only:
        opened = Archive.open(settings)
        opened.save_index()
        chunks = opened.extent().chunks
    else:
        with report.rebuild_bar(hidden=as_json) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done)

            # Naming a hub model here is the one command that may fetch it.
            chunks = rebuild(settings, lambda name: load_encoder(name, download=model is not None), progress)
    _print(as_json, {"chunks": chunks}, MESSAGES.text("rebuilt", chunks=chunks))
    return DONE


@commands.command("backup", help="help_backup")
@click.argument("target", type=PATH, metavar="FILE")
@_of_archive
def _backup(archive: Path | None, target: Path, as_json: bool) -> int:
    from embeddings.store.backup import back_up

    done = back_up(ArchiveSettings.load(archive=archive), target)
    return _told_of_backup("backup_made", target, done, as_json)


@commands.command("restore", help="help_restore")
@click.argument("source", type=PATH, metavar="FILE")
@option("--replace", is_flag=True, help="help_replace_archive")
@_of_archive
def _restore(archive: Path | None, source: Path, replace: bool, as_json: bool) -> int:
    from embeddings.store.backup import restore

    settings = ArchiveSettings.load(archive=archive)
    return _told_of_backup("backup_restored", settings.archive, restore(settings, source, replace=replace), as_json)


def _told_of_backup(key: str, path: Path, done: BackedUp, as_json: bool) -> int:
    """Tell what was backed up or restored; returns 1 where what is stored is damaged, and was before."""
    for problem in done.problems:
        print(MESSAGES.text("warning", warning=problem), file=sys.stderr)
    told = MESSAGES.text(key, path=printable(path), files=done.files, megabytes=done.size / 1e6)
    _print(
        as_json, {"path": printable(path), "files": done.files, "bytes": done.size, **report.verify_json(done.problems)}, told
    )
    return SOME_FAILED if done.problems else DONE


@commands.command("setup", help="help_setup")
@option("--model", metavar="NAME", help="help_setup_model")
@_of_archive
def _setup(archive: Path | None, model: str | None, as_json: bool) -> int:
    from embeddings.models.encoder import DEFAULT_MODEL, load_encoder

    settings = ArchiveSettings.load(archive=archive, model=model)
    # Set-up is when the network may be asked; what runs later finds the model on disk.
    encoder = load_encoder(settings.model or DEFAULT_MODEL, download=True)
    ready = MESSAGES.text("model_ready", name=encoder.name, dimension=encoder.dimension)
    _print(as_json, {"model": encoder.name, "dimension": encoder.dimension}, ready)
    return DONE


def _print(as_json: bool, result: dict[str, Any], text: str) -> None:
    """Print a result as it is asked for."""
    if as_json:
        print_json(result)
    else:
        print(text)


if __name__ == "__main__":
    sys.exit(main())
