"""Fit the trained reader's confidence, choose its threshold, and print what each threshold costs.

    python -m benchmarks.calibrate --squad FILE.json... --questions FILE.jsonl... --archive DIR [--limit N] [--write]

A span is right when its words are a gold answer's, or hold them or lie in them,
and it stands in a gold article. The weights come from a logistic regression over
the best spans of each question; the tables from questions left out of the fit,
by five-fold cross-validation. Questions whose own passage is hidden from them
take the part of those that the archive does not answer.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from embeddings.archive import Archive
from qa.adapter import FACTS_FILE, SHIPPED
from qa.evaluate import Example, corpus_archive, place_of, read_jsonl, read_squad, same_words
from qa.load import load_reader
from qa.question import understand
from qa.retrieve import Ranked, retrieve
from qa.settings import Settings
from qa.trained import TrainedReader

FOLDS = 5
SPANS = 3  # of each question, as many as may be shown
NAMES = ("odds", "share", "gate", "score", "behind")


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the evidence of its best spans, and which of them are right."""

    answerable: bool
    evidence: np.ndarray
    """(spans, features)."""
    right: np.ndarray


def gather(archive: Archive, reader: TrainedReader, examples: Sequence[Example], hide: bool) -> Iterator[Read]:
    """Read every question once, and with `hide` once more without the passages that answer it."""
    for example in tqdm(examples, leave=False):
        question = understand(example.question)
        passages = retrieve(archive, question.text, 2 * reader.depth)
        yield from _read(reader, example, passages)
        if hide and example.places:
            rest = [
                ranked
                for ranked in passages
                if place_of(ranked.passage) not in example.places
                and not any(answer in ranked.passage.text for answer in example.answers)
            ]
            yield from _read(reader, replace(example, places=frozenset(), answers=()), rest)


def _read(reader: TrainedReader, example: Example, passages: Sequence[Ranked]) -> Iterator[Read]:
    found = reader.weigh(understand(example.question), passages)
    best = sorted(found, key=lambda pair: -pair[1].confidence)[:SPANS]
    if best:
        yield Read(
            bool(example.places),
            np.array([[evidence.features()[name] for name in NAMES] for evidence, _ in best]),
            np.array(
                [
                    place_of(span.passage) in example.places and any(same_words(span.text, gold) for gold in example.answers)
                    for _, span in best
                ]
            ),
        )


def fit(reads: Sequence[Read]) -> np.ndarray:
    """Return the weights with the intercept last; every question weighs the same."""
    features = np.concatenate([read.evidence for read in reads])
    right = np.concatenate([read.right for read in reads])
    weights = np.concatenate([np.full(len(read.right), 1 / len(read.right)) for read in reads])
    # The penalty should not depend on a feature's unit, so it is fitted on deviations and turned back.
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=2000).fit((features - mean) / deviation, right, sample_weight=weights)
    slopes = model.coef_[0] / deviation
    return np.append(slopes, model.intercept_[0] - slopes @ mean)


def best(read: Read, weights: np.ndarray) -> tuple[float, bool]:
    """Return the confidence of the likeliest span, and whether it is right."""
    scores = read.evidence @ weights[:-1] + weights[-1]
    top = int(scores.argmax())
    return float(1 / (1 + np.exp(-scores[top]))), bool(read.right[top])


def tables(held: Sequence[tuple[float, bool, bool]]) -> str:
    """Return the reliability table and the curve of answering against declining, as Markdown."""
    lines = ["| confidence | questions | mean confidence | right |", "|---|---|---|---|"]
    for low in np.arange(0, 1, 0.1):
        part = [(chance, right) for chance, right, _ in held if low <= chance < low + 0.1 + 1e-9 * (low > 0.85)]
        if part:
            chances, rights = zip(*part, strict=True)
            lines.append(f"| {low:.1f}-{low + 0.1:.1f} | {len(part)} | {np.mean(chances):.2f} | {np.mean(rights):.2f} |")
    lines += ["", "| threshold | answerable answered | of these right | unanswerable declined |", "|---|---|---|---|"]
    for threshold in np.arange(0.05, 0.96, 0.05):
        can = [(chance >= threshold, right) for chance, right, answerable in held if answerable]
        given = [right for answered, right in can if answered]
        declined = [chance < threshold for chance, _, answerable in held if not answerable]
        shares = len(given) / max(len(can), 1), np.mean(given or [0]), np.mean(declined or [0])
        lines.append(f"| {threshold:.2f} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--adapter", type=Path, default=SHIPPED)
    parser.add_argument("--limit", type=int, default=300, help="questions of each SQuAD-shaped file")
    parser.add_argument("--write", action="store_true", help="write the weights into the adapter's facts")
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive, adapter=arguments.adapter)
    reads: list[Read] = []
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            reads += gather(archive, _trained(archive, settings), examples[: arguments.limit], hide=True)
    for path in arguments.questions:
        archive = Archive.open(settings)
        reads += gather(archive, _trained(archive, settings), read_jsonl(path, "dev"), hide=True)
    random.Random(1).shuffle(reads)
    held: list[tuple[float, bool, bool]] = []
    for fold in range(FOLDS):
        weights = fit([read for place, read in enumerate(reads) if place % FOLDS != fold])
        held += [(*best(read, weights), read.answerable) for place, read in enumerate(reads) if place % FOLDS == fold]
    print(tables(held))
    calibration = dict(zip([*NAMES, "intercept"], (round(float(value), 4) for value in fit(reads)), strict=True))
    print(calibration)
    if arguments.write:
        path = arguments.adapter / FACTS_FILE
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["calibration"] |= calibration
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _trained(archive: Archive, settings: Settings) -> TrainedReader:
    reader = load_reader(archive, settings)
    if not isinstance(reader, TrainedReader):
        raise SystemExit(f"{settings.adapter}: no adapter that fits this archive's encoder")
    return reader


if __name__ == "__main__":
    main()
