"""The command line of the archive: python -m embeddings sync|remove|watch|status|verify|rebuild|setup."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from embeddings.errors import WenbaoError, printable
from embeddings.settings import ArchiveSettings

DONE, SOME_FAILED, WRONG_USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when done, 1 when something failed, 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        settings = ArchiveSettings.load(archive=arguments.archive, model=getattr(arguments, "model", None))
        return int(arguments.run(settings, arguments))
    except WenbaoError as error:
        print(f"错误：{error}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("已中断；已完成的部分都已保存。", file=sys.stderr)
        return SOME_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embeddings", description="Keep a newspaper archive.")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument(
            "--archive", type=Path, metavar="DIR", help="folder of the archive (default: WENBAO_ARCHIVE, or archive)"
        )
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        return command

    command = add("sync", _sync, "add new issue files, replace changed ones, report")
    command.add_argument("places", nargs="+", type=Path, metavar="DIR|FILE")
    command.add_argument("--prune", action="store_true", help="also remove issues whose file is gone from the folders named")
    command = add("remove", _remove, "remove issues")
    command.add_argument("issue_ids", nargs="+", metavar="ISSUE_ID")
    command = add("watch", _watch, "sync a folder whenever a file in it settles")
    command.add_argument("places", nargs="+", type=Path, metavar="DIR")
    add("status", _status, "say what the archive holds")
    add("verify", _verify, "check that the archive is whole")
    command = add("rebuild", _rebuild, "make chunks, words, vectors and index anew from the stored articles")
    command.add_argument("--model", metavar="NAME", help="sentence-transformers folder or hub name to change to")
    command.add_argument("--index-only", action="store_true", help="only write the vector index again")
    command = add("setup", _setup, "unpack the default model, or fetch another")
    command.add_argument("--model", metavar="NAME", help="hub name of a sentence-transformers model to fetch")
    return parser


def _sync(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.formats.readers import find_issue_files
    from embeddings.ingest.sync import sync
    from embeddings.models.encoder import use_threads
    from embeddings.store.archive import Archive

    started = time.monotonic()
    use_threads(settings.threads)
    archive = Archive.open(settings, create=True)
    total = len(find_issue_files(arguments.places))
    chunks = 0
    with tqdm(total=total, unit="期", desc="同步", disable=arguments.json or not sys.stderr.isatty()) as bar:

        def progress(path: Path, count: int) -> None:
            nonlocal chunks
            chunks += count
            bar.set_postfix_str(f"{printable(path.name)} {chunks} 段", refresh=False)
            bar.update()

        report = sync(archive, arguments.places, prune=arguments.prune, progress=progress)
    seconds = time.monotonic() - started
    for warning in report.warnings:
        print(f"注意：{warning}", file=sys.stderr)
    for error in report.failed:
        print(f"失败：{error}", file=sys.stderr)
    if arguments.json:
        fields = ("added", "replaced", "unchanged", "removed", "warnings", "articles", "chunks")
        failed = [{"path": error.path, "line": error.line, "reason": error.reason} for error in report.failed]
        _print_json({name: getattr(report, name) for name in fields} | {"failed": failed, "seconds": round(seconds, 3)})
    else:
        speed = f"，每秒 {report.chunks / seconds:.0f} 段" if report.chunks else ""
        print(
            f"新增 {len(report.added)} 期，替换 {len(report.replaced)} 期，未变 {len(report.unchanged)} 期，"
            f"移除 {len(report.removed)} 期，失败 {len(report.failed)} 个文件；"
            f"收入 {report.articles} 篇 {report.chunks} 段，用时 {seconds:.1f} 秒{speed}"
        )
    return SOME_FAILED if report.failed else DONE


def _remove(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from embeddings.store.archive import Archive

    Archive.open(settings).remove(arguments.issue_ids)
    if arguments.json:
        _print_json({"removed": arguments.issue_ids})
    else:
        print(f"移除 {len(arguments.issue_ids)} 期：{' '.join(arguments.issue_ids)}")
    return DONE


def _watch(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from watchfiles import watch

    for place in arguments.places:
        if not place.is_dir():
            print(f"错误：{printable(place)} 不是文件夹", file=sys.stderr)
            return WRONG_USAGE
    arguments.prune = False
    _sync(settings, arguments)
    # Changes are reported when a second went by without another, so that a file being copied settles first.
    for _ in watch(*arguments.places, debounce=60_000, step=1000, raise_interrupt=False):
        _sync(settings, arguments)
    return DONE


def _status(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from embeddings.store.status import archive_status

    found = archive_status(settings)
    extent, size, facts = found.extent, found.size, found.facts
    status = {
        "archive": printable(settings.archive),
        "papers": found.papers,
        "issues": extent.issues,
        "articles": extent.articles,
        "chunks": extent.chunks,
        "from": extent.first.isoformat() if extent.first else None,
        "to": extent.last.isoformat() if extent.last else None,
        "bytes": size,
        **facts,
    }
    if arguments.json:
        _print_json(status | {"issue_ids": found.issue_ids})
    else:
        print(f"{status['archive']}：{'、'.join(found.papers) or '（空）'}")
        print(
            f"  {extent.issues} 期，{extent.articles} 篇，{extent.chunks} 段；{status['from'] or '—'} 至 {status['to'] or '—'}"
        )
        print(f"  模型 {facts['model']}（{facts['dimension']} 维），第 {facts['generation']} 代，{size / 1e6:.1f} MB")
    return DONE


def _verify(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from embeddings.store.archive import Archive
    from embeddings.store.verification import verify

    problems = verify(Archive.open(settings))
    if arguments.json:
        _print_json({"ok": not problems, "problems": problems})
    else:
        print("\n".join(problems) or "完好：目录、检索词、向量和快照都相符。")
    return SOME_FAILED if problems else DONE


def _rebuild(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from embeddings.ingest.rebuild import rebuild
    from embeddings.models.encoder import load_encoder, use_threads
    from embeddings.store.archive import Archive

    use_threads(settings.threads)
    if arguments.index_only:
        archive = Archive.open(settings)
        archive.save_index()
        chunks = archive.extent().chunks
    else:
        with tqdm(unit="篇", desc="重建", disable=arguments.json or not sys.stderr.isatty()) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done)

            # Naming a hub model here is the one command that may fetch it.
            chunks = rebuild(settings, lambda name: load_encoder(name, download=arguments.model is not None), progress)
    if arguments.json:
        _print_json({"chunks": chunks})
    else:
        print(f"重建完成：{chunks} 段")
    return DONE


def _setup(settings: ArchiveSettings, arguments: argparse.Namespace) -> int:
    from embeddings.models.encoder import DEFAULT_MODEL, load_encoder

    # Set-up is when the network may be asked; what runs later finds the model on disk.
    encoder = load_encoder(settings.model or DEFAULT_MODEL, download=True)
    if arguments.json:
        _print_json({"model": encoder.name, "dimension": encoder.dimension})
    else:
        print(f"模型已就绪：{encoder.name}（{encoder.dimension} 维）")
    return DONE


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
