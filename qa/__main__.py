"""The command line of questions: python -m qa ask|evaluate."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tqdm import tqdm

from embeddings.errors import WenbaoError
from embeddings.records import Filters
from qa.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when done, 1 when something failed, 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.load(archive=arguments.archive)
        return int(arguments.run(settings, arguments))
    except (WenbaoError, OSError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa", description="Ask a newspaper archive.")
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer one question")
    ask.set_defaults(run=_ask)
    ask.add_argument("question")
    ask.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="first issue date, YYYY-MM-DD")
    ask.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="last issue date, YYYY-MM-DD")
    evaluate = commands.add_parser("evaluate", help="figures over questions with known answers")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("file", type=Path, nargs="+", help="SQuAD-shaped JSON, or JSONL with date, title and answer")
    evaluate.add_argument("--corpus", action="store_true", help="index the passages of a SQuAD-shaped file (its only way yet)")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    evaluate.add_argument("--split", choices=("dev", "test"), help="only the questions of this split of a JSONL file")
    evaluate.add_argument("--retrieval-only", action="store_true", help="do not read")
    evaluate.add_argument("--predictions", type=Path, metavar="OUT.json", help="write each question's answer here")
    for command in (ask, evaluate):
        command.add_argument("--archive", type=Path, metavar="DIR", help="folder of the archive (default: WENBAO_ARCHIVE)")
        command.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _ask(settings: Settings, arguments: argparse.Namespace) -> int:
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.archive import Archive
    from qa.answer import ask
    from qa.read import SentenceExtractor
    from qa.schemas import AskOut

    archive = Archive.open(settings)
    filters = Filters(arguments.first, arguments.last)
    answer = ask(
        archive, SentenceExtractor(archive), arguments.question, filters=filters, min_confidence=settings.min_confidence
    )
    if arguments.json:
        print(AskOut.of(answer).model_dump_json(by_alias=True, indent=2))
        return 0
    if not answer.answered:
        searched = answer.searched
        print(f"所查报纸中没有找到答案（{searched.issues} 期，{searched.first} 至 {searched.last}）。")
        return 0
    for finding in answer.findings:
        citation = answer.citations[finding.citation - 1]
        print(f"{finding.text}\n    “{citation.quote}”\n    {citation.gbt7714}")
    return 0


def _evaluate(settings: Settings, arguments: argparse.Namespace) -> int:
    from embeddings.archive import Archive
    from qa.evaluate import Figures, corpus_archive, measure, read_jsonl, read_squad
    from qa.read import SentenceExtractor

    results: dict[str, Figures] = {}
    predictions: dict[str, dict[str, object]] = {}
    for path in arguments.file:
        if path.suffix == ".jsonl":
            examples = read_jsonl(path, arguments.split)
            opened: AbstractContextManager[Archive] = nullcontext(Archive.open(settings))
        else:
            articles, examples = read_squad(path)
            opened = corpus_archive(articles, settings)
        examples = examples[: arguments.limit]
        with opened as archive, tqdm(total=len(examples), desc=path.name, disable=not sys.stderr.isatty()) as bar:
            reader = None if arguments.retrieval_only else SentenceExtractor(archive)
            if reader is not None:
                reader.warm_up()
            figures, found = measure(archive, examples, reader, settings.min_confidence, bar.update)
        results[path.name] = figures
        predictions |= found
    if arguments.predictions:
        arguments.predictions.write_text(json.dumps(predictions, ensure_ascii=False, indent=1), encoding="utf-8")
    if arguments.json:
        print(json.dumps({name: asdict(figures) for name, figures in results.items()}, ensure_ascii=False, indent=2))
    else:
        for name, figures in results.items():
            print(name)
            print("\n".join(f"  {row:<18}{value:>8}" for row, value in figures.rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
