"""The command line of questions: python -m qa ask|evaluate|train|tune|generate|feedback."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tqdm import tqdm

from embeddings.errors import ModelError, WenbaoError
from embeddings.records import Filters
from qa.settings import Settings
from qa.training.recipe import QueryEncoderRecipe, ReaderRecipe, Recipe

if TYPE_CHECKING:
    from qa.training.evaluation import Figures

R = TypeVar("R", bound=Recipe)


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
    evaluate.add_argument("--corpus", action="store_true", help="index all passages of a SQuAD-shaped file, retrieve, read")
    evaluate.add_argument("--gold-passage", action="store_true", help="read each question's own passage of a SQuAD-shaped file")
    evaluate.add_argument("--jsonl", action="store_true", help="the files are JSONL, whatever they are called")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    evaluate.add_argument("--split", choices=("dev", "test"), help="only the questions of this split of a JSONL file")
    evaluate.add_argument("--without-history", action="store_true", help="ask each question as if nothing was asked before it")
    evaluate.add_argument("--retrieval-only", action="store_true", help="do not read")
    evaluate.add_argument("--predictions", type=Path, metavar="OUT.json", help="write each question's answer here")
    # Without abbreviations: --decay would otherwise pass for --decay-start.
    train = commands.add_parser(
        "train", help="train the reader", formatter_class=argparse.ArgumentDefaultsHelpFormatter, allow_abbrev=False
    )
    train.set_defaults(run=_train)
    train.add_argument("file", nargs="+", metavar="FILE.json[:SHARE]", help="SQuAD-shaped set, and the share held out (0.1)")
    train.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="checkpoints and log; a run there is taken up again"
    )
    train.add_argument("--out", type=Path, metavar="DIR", help="where the adapter is written at the end (default: DIR/adapter)")
    train.add_argument(
        "--start",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="work folders of earlier runs; their mean is started from",
    )
    train.add_argument(
        "--teachers", type=Path, nargs="+", default=[], metavar="DIR", help="work folders of earlier runs to learn from as well"
    )
    train.add_argument("--name", default="wenbao-reader", help="what the API calls the reader")
    train.add_argument("--device", default="", help="torch's name of it; empty: a GPU where there is one")
    train.add_argument("--scored", type=int, default=400, metavar="N", help="batches between two scorings")
    train.add_argument("--sampled", type=int, default=150, metavar="N", help="held-out questions of each file that are scored")
    _add_recipe(train, ReaderRecipe)
    tune = commands.add_parser(
        "tune",
        help="train how questions are encoded",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        allow_abbrev=False,
    )
    tune.set_defaults(run=_tune)
    tune.add_argument("file", type=Path, nargs="+", metavar="FILE.jsonl", help="questions with date, title and answer")
    tune.add_argument(
        "--sets", nargs="*", default=[], metavar="FILE.json[:SHARE]", help="SQuAD-shaped sets, and the share held out"
    )
    tune.add_argument(
        "--contexts", type=int, default=450, metavar="N", help="passages of each set that are learnt from, at most"
    )
    tune.add_argument("--held", type=float, default=0.0, metavar="SHARE", help="of the articles of FILE.jsonl that is held out")
    tune.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="checkpoints and log; a run there is taken up again"
    )
    tune.add_argument("--out", type=Path, metavar="FILE.safetensors", help="default: DIR/questions.safetensors")
    _add_recipe(tune, QueryEncoderRecipe)
    generate = commands.add_parser("generate", help="make questions for training from an archive, by rule")
    generate.set_defaults(run=_generate)
    generate.add_argument("out", type=Path, metavar="OUT.json")
    generate.add_argument("--count", type=int, default=3000, metavar="N")
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument(
        "--without", type=Path, nargs="*", default=[], metavar="FILE.jsonl", help="leave the answering articles alone"
    )
    generate.add_argument(
        "--recurring", type=int, metavar="N",
        help="instead: up to N questions on each article for words that recur in it, to begin a training with",
    )  # fmt: skip
    generate.add_argument(
        "--texts", nargs="+", default=[], metavar="FILE.json[:SHARE]",
        help="with --recurring: ask of the passages of SQuAD-shaped sets, less the share held out, and not of the archive",
    )  # fmt: skip
    generate.add_argument(
        "--asked", type=Path, nargs="+", default=[], metavar="FILE.jsonl",
        help="instead: the questions of these files, each on the passage of the archive that it was written on",
    )  # fmt: skip
    feedback = commands.add_parser("feedback", help="print what visitors said of answers, one JSON object a line")
    feedback.set_defaults(run=_feedback)
    for command in (generate, train, tune, feedback):
        command.add_argument("--archive", type=Path, metavar="DIR", help="folder of the archive (default: WENBAO_ARCHIVE)")
    for command in (ask, evaluate):
        command.add_argument("--archive", type=Path, metavar="DIR", help="folder of the archive (default: WENBAO_ARCHIVE)")
        command.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _add_recipe(command: argparse.ArgumentParser, recipe: type[Recipe]) -> None:
    """Give a command an option for each setting of a training run."""
    for field in fields(recipe):
        option = f"--{field.name.replace('_', '-')}"
        command.add_argument(option, type=type(field.default), default=field.default, help=field.metadata["help"])


def _recipe(recipe: type[R], arguments: argparse.Namespace) -> R:
    return recipe(**{field.name: getattr(arguments, field.name) for field in fields(recipe)})


def _ask(settings: Settings, arguments: argparse.Namespace) -> int:
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.store.archive import Archive
    from qa.http.routes.ask.models import AskOut
    from qa.pipeline import ask
    from qa.reading.loading import least_confidence, load_reader
    from qa.understanding.out_of_scope import TOLD

    archive = Archive.open(settings)
    filters = Filters(arguments.first, arguments.last)
    reader = load_reader(archive, settings)
    answer = ask(archive, reader, arguments.question, filters=filters, min_confidence=least_confidence(settings, reader))
    if arguments.json:
        print(AskOut.of(answer).model_dump_json(by_alias=True, indent=2))
        return 0
    if answer.notice:
        print(TOLD[answer.notice])
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
    from embeddings.store.archive import Archive
    from qa.reading.loading import least_confidence, load_reader
    from qa.training.evaluation import Measured, Prediction, corpus_archive, measure, measure_gold, read_questions, read_squad

    results: dict[str, Measured] = {}
    predictions: dict[str, Prediction] = {}
    for path in arguments.file:
        lines = arguments.jsonl or path.suffix == ".jsonl"
        if lines:
            examples = read_questions(path, arguments.split)
            opened: AbstractContextManager[Archive] = nullcontext(Archive.open(settings))
        else:
            articles, examples = read_squad(path)
            # Reading asks the archive for its encoder alone.
            opened = corpus_archive([] if arguments.gold_passage else articles, settings)
        if not examples:
            print(f"{path}: no question{f' of the split {arguments.split}' if arguments.split else ''}", file=sys.stderr)
            continue
        examples = examples[: arguments.limit]
        if arguments.without_history:
            examples = [replace(example, history=()) for example in examples]
        with opened as archive, tqdm(total=len(examples), desc=path.name, disable=not sys.stderr.isatty()) as bar:
            reader = None if arguments.retrieval_only else load_reader(archive, settings)
            if reader is not None:
                reader.warm_up()
            least = 0.0 if reader is None else least_confidence(settings, reader)
            if arguments.gold_passage and reader is not None and not lines:
                figures, found = measure_gold(examples, reader, least, bar.update)
                measured = Measured(figures, {}, found)
            else:
                measured = measure(archive, examples, reader, least, bar.update)
        results[path.name] = measured
        predictions |= measured.predictions
    if arguments.predictions:
        arguments.predictions.write_text(json.dumps(predictions, ensure_ascii=False, indent=1), encoding="utf-8")
    if arguments.json:
        told = {
            name: {**asdict(one.figures), "kinds": {kind: asdict(figures) for kind, figures in one.kinds.items()}}
            for name, one in results.items()
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, one in results.items():
            print(name)
            print("\n".join(f"  {row:<18}{value:>8}" for row, value in one.figures.rows()))
            if len(one.kinds) > 1:
                print(_kind_table(one.kinds))
    return 0


def _kind_table(kinds: Mapping[str, Figures]) -> str:
    """Write a row for each kind of question, with a column for each figure that any of them has."""
    rows = {kind: dict(figures.rows()) for kind, figures in kinds.items()}
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = ["  " + "kind".ljust(14) + "".join(f"{name:>17}" for name in columns)]
    lines += ["  " + kind.ljust(14) + "".join(f"{row.get(name, ''):>17}" for name in columns) for kind, row in rows.items()]
    return "\n".join(lines)


def _train(settings: Settings, arguments: argparse.Namespace) -> int:
    from embeddings.models.encoder import DEFAULT_MODEL, load_encoder
    from qa.training.train_reader import train

    recipe = _recipe(ReaderRecipe, arguments)
    sets = [_with_share(given) for given in arguments.file]
    encoder = load_encoder(settings.model or DEFAULT_MODEL)
    train(
        encoder, sets, recipe, arguments.work,
        out=arguments.out or arguments.work / "adapter", start=arguments.start, teachers=arguments.teachers,
        name=arguments.name, device=arguments.device, scored=arguments.scored, sampled=arguments.sampled,
    )  # fmt: skip
    return 0


def _tune(settings: Settings, arguments: argparse.Namespace) -> int:
    from embeddings.models.encoder import SentenceEncoder
    from embeddings.store.archive import Archive
    from qa.training.train_query_encoder import corpus_of_archive, corpus_of_set, train

    archive = Archive.open(settings)
    encoder = archive.encoder
    if not isinstance(encoder, SentenceEncoder):
        raise ModelError(f"{settings.archive}: made with {encoder.name}, whose layers are not known")
    recipe = _recipe(QueryEncoderRecipe, arguments)
    corpora = {"archive": corpus_of_archive(archive, arguments.file, arguments.held)}
    for given in arguments.sets:
        path, share = _with_share(given)
        corpora[path.stem] = corpus_of_set(path, share, encoder, archive.manifest.split, arguments.contexts, recipe.seed)
    train(encoder, corpora, recipe, arguments.work, arguments.out or arguments.work / "questions.safetensors")
    return 0


def _with_share(given: str) -> tuple[Path, float]:
    """Read FILE.json[:SHARE]; a tenth is held out where nothing is said."""
    path, _, share = given.partition(":")
    return Path(path), float(share or 0.1)


def _generate(settings: Settings, arguments: argparse.Namespace) -> int:
    from embeddings.store.archive import Archive
    from qa.training.evaluation import read_questions
    from qa.training.generation import generate
    from qa.training.recurring_spans import recurring, texts_of_archive, texts_of_set
    from qa.training.squad import write_samples
    from qa.training.written_questions import read_written_questions

    without = frozenset(place for path in arguments.without for example in read_questions(path) for place in example.places)
    if arguments.asked:
        archive = Archive.open(settings)
        write_samples((sample for path in arguments.asked for sample in read_written_questions(archive, path)), arguments.out)
        return 0
    if arguments.recurring:
        sets = [_with_share(given) for given in arguments.texts]
        texts = [text for path, share in sets for text in texts_of_set(path, share)]
        texts = texts or list(texts_of_archive(Archive.open(settings), without))
        write_samples(
            recurring(tqdm(texts, disable=not sys.stderr.isatty()), arguments.recurring, arguments.seed), arguments.out
        )
        return 0
    made = generate(Archive.open(settings), arguments.count, arguments.seed, without)
    write_samples(tqdm(made, total=arguments.count, disable=not sys.stderr.isatty()), arguments.out)
    return 0


def _feedback(settings: Settings, arguments: argparse.Namespace) -> int:
    from embeddings.store.status import require_archive
    from qa.http.routes.feedback import FeedbackFile

    require_archive(settings)  # a mistyped folder should not pass for one without feedback
    sys.stdout.buffer.write(FeedbackFile(settings.archive).read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
