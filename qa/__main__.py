"""The command line of questions: python -m qa ask|evaluate|train|tune|generate|feedback|alerts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, fields, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from embeddings.command_line import DONE, PATH, Group, option, print_json, run
from embeddings.errors import ModelError, printable
from embeddings.messages import MESSAGES
from embeddings.records import Filters
from qa import report
from qa.settings import Settings
from qa.training.recipe import QueryEncoderRecipe, ReaderRecipe, Recipe

if TYPE_CHECKING:
    from embeddings.store.archive import Archive
    from qa.alerts.asking import Ask
    from qa.training.evaluation import EvaluationQuestion, Measured

_Command = Callable[..., int]
_Share = tuple[Path, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when done, 1 when something failed, 2 on wrong usage."""
    return run(commands, argv, "python -m qa")


@click.group(cls=Group, help="help_qa")
def commands() -> None:
    """Take the commands below."""


_archive = option("--archive", type=PATH, metavar="DIR", help="help_archive")
_json = option("--json", "as_json", is_flag=True, help="help_json")
_work = option("--work", type=PATH, required=True, metavar="DIR", help="help_work")


def _day(given: str) -> date:
    return date.fromisoformat(given)


def _with_share(given: str) -> _Share:
    """Read FILE.json[:SHARE]; a tenth is held out where nothing is said."""
    path, _, share = given.partition(":")
    return Path(path), float(share or 0.1)


def _fields_of(recipe: type[Recipe], key: str) -> Callable[[_Command], _Command]:
    """Add an option for each field of a recipe; its help stands in the messages as `key` and the field's name."""

    def added(command: _Command) -> _Command:
        for field in reversed(fields(recipe)):
            name, kind = f"--{field.name.replace('_', '-')}", type(field.default)
            help_key = f"{key}_{field.name}"
            command = option(name, type=kind, default=field.default, show_default=True, help=help_key)(command)
        return command

    return added


@commands.command("ask", help="help_ask")
@click.argument("question")
@option("--from", "first", type=_day, metavar="DAY", help="help_from")
@option("--to", "last", type=_day, metavar="DAY", help="help_to")
@_archive
@_json
def _ask(archive: Path | None, question: str, first: date | None, last: date | None, as_json: bool) -> int:
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.store.archive import Archive
    from qa.http.routes.ask.models import AskOut
    from qa.pipeline import ask
    from qa.reading.loading import load_reader

    settings = Settings.load(archive=archive)
    opened = Archive.open(settings)
    reader = load_reader(opened, settings)
    answer = ask(opened, reader, question, filters=Filters(first, last), min_confidence=settings.min_confidence)
    print(AskOut.of(answer).model_dump_json(by_alias=True, indent=2) if as_json else report.answer_text(answer))
    return DONE


@commands.command("evaluate", help="help_evaluate")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@option("--corpus", is_flag=True, help="help_corpus")
@option("--gold-passage", is_flag=True, help="help_gold_passage")
@option("--jsonl", is_flag=True, help="help_jsonl")
@option("--limit", type=int, metavar="N", help="help_limit")
@option("--split", type=click.Choice(("dev", "test")), help="help_split")
@option("--without-history", is_flag=True, help="help_without_history")
@option("--retrieval-only", is_flag=True, help="help_retrieval_only")
@option("--predictions", type=PATH, metavar="OUT.json", help="help_predictions")
@_archive
@_json
def _evaluate(
    archive: Path | None, files: tuple[Path, ...], corpus: bool, gold_passage: bool, jsonl: bool, limit: int | None,
    split: str | None, without_history: bool, retrieval_only: bool, predictions: Path | None, as_json: bool,
) -> int:  # fmt: skip
    from embeddings.store.archive import Archive
    from qa.training.evaluation import Prediction, corpus_archive, read_questions, read_squad

    settings = Settings.load(archive=archive)
    results: dict[str, Measured] = {}
    predicted: dict[str, Prediction] = {}
    for path in files:
        lines = jsonl or path.suffix == ".jsonl"
        if lines:
            examples = read_questions(path, split)
            opened: AbstractContextManager[Archive] = nullcontext(Archive.open(settings))
        else:
            articles, examples = read_squad(path)
            # Reading asks the archive for its encoder alone.
            opened = corpus_archive([] if gold_passage else articles, settings)
        if not examples:
            none = MESSAGES.text("questions_none_of_split", split=split) if split else MESSAGES.text("questions_none")
            print(f"{printable(path)}: {none}", file=sys.stderr)
            continue
        examples = examples[:limit]
        if without_history:
            examples = [replace(example, history=()) for example in examples]
        with opened as searched, tqdm(total=len(examples), desc=path.name, disable=not sys.stderr.isatty()) as bar:
            own_passages = gold_passage and not lines
            results[path.name] = _measured(
                searched, examples, settings, bar.update, read=not retrieval_only, gold_passage=own_passages
            )
        predicted |= results[path.name].predictions
    if predictions:
        predictions.write_text(json.dumps(predicted, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        print_json(report.figures_json(results))
    elif results:
        print(report.figures_text(results))
    return DONE


def _measured(
    archive: Any,
    examples: list[EvaluationQuestion],
    settings: Settings,
    progress: Callable[[], object],
    *,
    read: bool,
    gold_passage: bool,
) -> Measured:
    """Measure the questions of one file."""
    from qa.reading.loading import load_reader, min_confidence_of
    from qa.training.evaluation import Measured, measure, measure_gold

    if not read:
        return measure(archive, examples, None, 0.0, progress)
    reader = load_reader(archive, settings)
    reader.warm_up()
    least = min_confidence_of(settings, reader)
    if not gold_passage:
        return measure(archive, examples, reader, least, progress)
    figures, found = measure_gold(examples, reader, least, progress)
    return Measured(figures, {}, found)


@commands.command("train", help="help_train")
@click.argument("sets", nargs=-1, required=True, type=_with_share, metavar="FILE.json[:SHARE]...")
@_work
@option("--out", type=PATH, metavar="DIR", help="help_out")
@option("--start", type=PATH, multiple=True, metavar="DIR...", help="help_start")
@option("--teachers", type=PATH, multiple=True, metavar="DIR...", help="help_teachers")
@option("--name", default="wenbao-reader", show_default=True, help="help_name")
@option("--device", default="", help="help_device")
@option("--scored", type=int, default=400, show_default=True, metavar="N", help="help_scored")
@option("--sampled", type=int, default=150, show_default=True, metavar="N", help="help_sampled")
@_fields_of(ReaderRecipe, "reader_recipe")
@_archive
def _train(
    archive: Path | None, sets: tuple[_Share, ...], work: Path, out: Path | None, start: tuple[Path, ...],
    teachers: tuple[Path, ...], name: str, device: str, scored: int, sampled: int, **recipe: Any,
) -> int:  # fmt: skip
    from embeddings.models.encoder import DEFAULT_MODEL, load_encoder
    from qa.training.train_reader import train

    encoder = load_encoder(Settings.load(archive=archive).model or DEFAULT_MODEL)
    train(
        encoder, sets, ReaderRecipe(**recipe), work,
        out=out or work / "adapter", start=start, teachers=teachers, name=name, device=device, scored=scored, sampled=sampled,
    )  # fmt: skip
    return DONE


@commands.command("tune", help="help_tune")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE.jsonl...")
@option("--sets", type=_with_share, multiple=True, least=0, metavar="FILE.json[:SHARE]...", help="help_sets")
@option("--contexts", type=int, default=450, show_default=True, metavar="N", help="help_contexts")
@option("--held", type=float, default=0.0, show_default=True, metavar="SHARE", help="help_held")
@_work
@option("--out", type=PATH, metavar="FILE.safetensors", help="help_tune_out")
@option("--beside", type=PATH, multiple=True, least=0, metavar="DIR...", help="help_tune_beside")
@_fields_of(QueryEncoderRecipe, "query_encoder_recipe")
@_archive
def _tune(
    archive: Path | None, files: tuple[Path, ...], sets: tuple[_Share, ...], contexts: int, held: float,
    work: Path, out: Path | None, beside: tuple[Path, ...], **recipe: Any,
) -> int:  # fmt: skip
    from embeddings.models.encoder import SentenceEncoder
    from embeddings.store.archive import Archive
    from qa.training.train_query_encoder import corpus_of_archive, corpus_of_set, train

    settings = Settings.load(archive=archive)
    opened = Archive.open(settings)
    encoder = opened.encoder
    if not isinstance(encoder, SentenceEncoder):
        raise ModelError("model_layers", settings.archive, model=encoder.name)
    settled = QueryEncoderRecipe(**recipe)
    corpora = {"archive": corpus_of_archive(opened, files, held)}
    for folder in beside:
        corpora[folder.name] = corpus_of_archive(Archive.open(Settings.load(archive=folder)), files, held)
    for path, share in sets:
        corpora[path.stem] = corpus_of_set(path, share, encoder, opened.manifest.split, contexts, settled.seed)
    train(encoder, corpora, settled, work, out or work / "questions.safetensors")
    return DONE


@commands.command("generate", help="help_generate")
@click.argument("out", type=PATH, metavar="OUT.json")
@option("--count", type=int, default=3000, show_default=True, metavar="N", help="help_count")
@option("--seed", type=int, default=1, show_default=True, help="help_seed")
@option("--without", type=PATH, multiple=True, least=0, metavar="FILE.jsonl...", help="help_without")
@option("--recurring", type=int, metavar="N", help="help_recurring")
@option("--texts", type=_with_share, multiple=True, metavar="FILE.json[:SHARE]...", help="help_texts")
@option("--asked", type=PATH, multiple=True, metavar="FILE.jsonl...", help="help_asked")
@option("--issues", type=PATH, multiple=True, metavar="DIR...", help="help_issues")
@option("--split", metavar="NAME", help="help_generate_split")
@_archive
def _generate(
    archive: Path | None, out: Path, count: int, seed: int, without: tuple[Path, ...], recurring: int | None,
    texts: tuple[_Share, ...], asked: tuple[Path, ...], issues: tuple[Path, ...], split: str | None,
) -> int:  # fmt: skip
    from embeddings.store.archive import Archive
    from qa.training import recurring_spans
    from qa.training.evaluation import read_questions
    from qa.training.generation import generate
    from qa.training.squad import hold_out, read_samples, write_samples
    from qa.training.written_questions import index_articles, index_texts, read_issues, read_written_questions

    settings = Settings.load(archive=archive)
    avoided = frozenset(place for path in without for example in read_questions(path) for place in example.places)
    if asked:
        contexts = dict.fromkeys(sample.context for path, share in texts for sample in hold_out(read_samples(path), share)[0])
        articles = {**index_articles(read_issues(issues)), **index_texts(contexts)}
        read = [read_written_questions(articles, path, split) for path in asked]
        write_samples((sample for one in read for sample in one.samples), out)
        for missed in (line for one in read for line in one.missed):
            click.echo(MESSAGES.message("written_missed", file=missed.path, line=missed.number), err=True)
        return DONE
    if recurring:
        found = [text for path, share in texts for text in recurring_spans.texts_of_set(path, share)]
        found = found or list(recurring_spans.texts_of_archive(Archive.open(settings), avoided))
        bar = tqdm(found, disable=not sys.stderr.isatty())
        write_samples(recurring_spans.recurring(bar, recurring, seed), out)
        return DONE
    made = generate(Archive.open(settings), count, seed, avoided)
    write_samples(tqdm(made, total=count, disable=not sys.stderr.isatty()), out)
    return DONE


@commands.command("feedback", help="help_feedback")
@_archive
def _feedback(archive: Path | None) -> int:
    from embeddings.store.status import require_archive
    from qa.http.routes.feedback import FeedbackFile

    settings = Settings.load(archive=archive)
    require_archive(settings)  # a mistyped folder should not pass for one without feedback
    sys.stdout.buffer.write(FeedbackFile(settings.archive).read())
    return DONE


@commands.group("alerts", cls=Group, help="help_alerts")
def _alerts() -> None:
    """Take the commands below."""


@_alerts.command("add", help="help_alerts_add")
@click.argument("question")
@_archive
@_json
def _alerts_add(archive: Path | None, question: str, as_json: bool) -> int:
    from qa.alerts.asking import add_alert

    opened, asking = _asking(archive)
    alert = add_alert(opened, asking, question.strip())
    if as_json:
        print_json(asdict(alert))
    else:
        print(MESSAGES.text("alert_added", id=alert.id, question=alert.question))
    return DONE


@_alerts.command("list", help="help_alerts_list")
@_archive
@_json
def _alerts_list(archive: Path | None, as_json: bool) -> int:
    from embeddings.store.status import require_archive
    from qa.alerts.book import BookFile

    settings = Settings.load(archive=archive)
    require_archive(settings)
    book = BookFile(settings.archive).read()
    if as_json:
        kept = {"alerts": [asdict(one) for one in book.alerts], "evidence": [asdict(one) for one in book.evidence]}
        print_json(kept | {"feed_key": book.key if book.alerts else None})
    elif not book.alerts:
        print(MESSAGES.text("alerts_none"))
    else:
        for alert in book.alerts:
            print(MESSAGES.text("alert_line", id=alert.id, question=alert.question))
        print(MESSAGES.text("alerts_feed_key", key=book.key))
    return DONE


@_alerts.command("remove", help="help_alerts_remove")
@click.argument("alert_ids", nargs=-1, required=True, metavar="ID...")
@_archive
def _alerts_remove(archive: Path | None, alert_ids: tuple[str, ...]) -> int:
    from embeddings.store.archive import Archive
    from qa.alerts.asking import remove_alert
    from qa.errors import AlertsError

    opened = Archive.open(Settings.load(archive=archive))
    for alert_id in alert_ids:
        if not remove_alert(opened, alert_id):
            raise AlertsError("alert_missing", alert_id=alert_id)
        print(MESSAGES.text("alert_removed", id=alert_id))
    return DONE


@_alerts.command("run", help="help_alerts_run")
@_archive
@_json
def _alerts_run(archive: Path | None, as_json: bool) -> int:
    from qa.alerts.asking import run_alerts

    opened, asking = _asking(archive)
    found = run_alerts(opened, asking)
    if as_json:
        print_json([asdict(one) for one in found])
    elif not found:
        print(MESSAGES.text("alerts_nothing_new"))
    for one in () if as_json else found:
        print(MESSAGES.text("alert_found", **asdict(one) | {"day": one.issue_date}))
    return DONE


def _asking(folder: Path | None) -> tuple[Archive, Ask]:
    """Open an archive, and return what answers from it; the reader is loaded with the first question that is asked."""
    from embeddings.store.archive import Archive
    from qa.pipeline import ask
    from qa.reading.loading import load_reader

    settings = Settings.load(archive=folder)
    opened = Archive.open(settings)
    loaded = cache(partial(load_reader, opened, settings))
    return opened, lambda question: ask(opened, loaded(), question, min_confidence=settings.min_confidence)


if __name__ == "__main__":
    sys.exit(main())
