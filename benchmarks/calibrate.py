"""Fit the trained reader's ranking and confidence, choose its threshold, and print what each threshold costs.

    python -m benchmarks.calibrate --squad FILE.json... --questions FILE.jsonl... --once FILE.jsonl...
        --archive DIR [--limit N] [--write]

A span is right when its words are a gold answer's, or hold them or lie in them,
and it stands in a gold article. First the weights that rank spans: those under
which the right spans of each question are likeliest (a softmax over all its
spans). Then the line that turns the value of a question's best span into the
probability that it is right. Then the odds to be hoped for in passages not read
yet: as low as leaves the likeliest span of nearly all questions the same. The
tables come from questions left out of the first two fits, by five-fold
cross-validation. Questions whose own passages are hidden from them take the part
of those that the archive does not answer; those of `--once` are asked only as they
are, since other articles of the archive tell the same.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from benchmarks.fitting import fit_softmax
from embeddings.records import Filters
from embeddings.store.archive import Archive
from qa.reading.adapter import FACTS_FILE, SHIPPED
from qa.reading.calibration import (
    CONFIDENCE_FEATURES,
    RANK_FEATURES,
    Evidence,
    best_possible_value,
    confidence,
    confidence_features,
    rank_value,
)  # fmt: skip
from qa.reading.loading import load_reader
from qa.reading.matching import holds, same_words
from qa.reading.span_reader import STEPS, SpanReader, merge_adjacent
from qa.retrieval.hybrid_search import RankedPassage, retrieve
from qa.settings import Settings
from qa.training.evaluation import EvaluationQuestion, corpus_archive, place_of, read_questions, read_squad
from qa.understanding.comprehension import comprehend
from qa.understanding.question import Question

FOLDS = 5
SAME = 0.99
"""The share of questions whose likeliest span must be found though the reader stops early."""
Outcome = tuple[float, bool, bool]
"""The confidence in a question's likeliest span, whether it is right, and whether the archive answers the question."""


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the evidence of each span marked, and which of them are right."""

    answerable: bool
    spans: tuple[tuple[Evidence, bool], ...]
    behind: tuple[float, ...]
    """How far each stretch of passages lies behind the first, in the order of the search."""

    def best(self, weights: dict[str, float]) -> tuple[Evidence, bool]:
        """Return the span of the highest value."""
        return max(self.spans, key=lambda pair: rank_value(pair[0], weights))

    def first(self, weights: dict[str, float]) -> tuple[int, float]:
        """Return how many stretches the reader reads before it stops, and the value of the best span in them."""
        done, found = 0, -math.inf
        for step in STEPS:
            if done >= len(self.behind) or found > best_possible_value(self.behind[done], weights):
                break
            done = min(done + step, len(self.behind))
            # Scores fall along the search, so what lies no further behind than the last stretch read was read.
            reach = self.behind[done - 1]
            found = max((rank_value(one, weights) for one, _ in self.spans if one.score_gap <= reach), default=-math.inf)
        return done, found


def gather(
    archive: Archive, reader: SpanReader, examples: Sequence[EvaluationQuestion], *, once: bool = False
) -> Iterator[Read]:
    """Read every question once and, but for `once`, those that have an answer once more without the passages that hold it."""
    for example in tqdm(examples, leave=False):
        question, passages = _asked(archive, example, 2 * reader.depth)
        yield from _read(reader, example, question, passages)
        if example.places and not once:
            rest = [
                ranked
                for ranked in passages
                if place_of(ranked.passage) not in example.places
                and not any(holds(ranked.passage.text, answer) for answer in example.answers)
            ]
            yield from _read(reader, replace(example, places=frozenset(), answers=()), question, rest)


def _asked(archive: Archive, example: EvaluationQuestion, limit: int) -> tuple[Question, list[RankedPassage]]:
    """Return a question as it is understood, in Chinese words where it is English, and what is found for it."""
    today = example.today or archive.extent().last
    understood = comprehend(archive, example.question, Filters(), example.history, today)
    for other in understood.variants:
        if other.reads:
            passages = retrieve(archive, other.question.text, limit, understood.filters, other.days)
            return replace(other.question, text=other.reads), passages
    return understood.question, retrieve(archive, understood.question.text, limit, understood.filters, understood.days)


def _read(
    reader: SpanReader, example: EvaluationQuestion, question: Question, passages: Sequence[RankedPassage]
) -> Iterator[Read]:
    spans = []
    for evidence, span in reader.score_spans(question, passages):
        place = place_of(span.passage)
        spans.append((evidence, place in example.places and any(same_words(span.text, gold) for gold in example.answers)))
    if spans:
        stretches = merge_adjacent(passages[: reader.depth])
        behind = tuple(stretches[0].score - stretch.score for stretch in stretches)
        yield Read(bool(example.places), tuple(spans), behind)


def fit(reads: Sequence[Read], pieces: Sequence[str] = RANK_FEATURES) -> dict[str, float]:
    """Return the weights of ranking, by these pieces of evidence, and of confidence."""
    if unknown := set(pieces) - set(RANK_FEATURES):
        raise ValueError(f"no such evidence: {sorted(unknown)}")
    units = {f"rank.{name}": {f"rank.{name}": 1.0} for name in pieces}
    tables = [
        (
            [[rank_value(evidence, unit) for unit in units.values()] for evidence, _ in read.spans],
            [right for _, right in read.spans],
        )
        for read in reads
    ]
    weights = dict(zip(units, (round(slope, 4) for slope in fit_softmax(tables)), strict=True))
    best = [read.best(weights) for read in reads]
    features = np.array([list(confidence_features(evidence, weights).values()) for evidence, _ in best])
    deviation = features.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=2000).fit(features / deviation, [right for _, right in best])
    line = model.coef_[0] / deviation
    weights |= {f"chance.{name}": round(float(slope), 4) for name, slope in zip(CONFIDENCE_FEATURES, line, strict=True)}
    return weights | {"chance.intercept": round(float(model.intercept_[0]), 4)}


def stop(reads: Sequence[Read], weights: dict[str, float]) -> float:
    """Return the lowest odds to hope for under which the reader still finds what it would find in all passages."""
    chosen, whole = 10.0, [rank_value(read.best(weights)[0], weights) for read in reads]
    for odds in np.arange(10.0, -10.1, -0.25):
        tried = weights | {"stop.log_odds": float(odds)}
        if np.mean([read.first(tried)[1] >= best for read, best in zip(reads, whole, strict=True)]) < SAME:
            break
        chosen = float(odds)
    return chosen


def cross_fit(numbered: Sequence[tuple[str, Read]], pieces: Sequence[str] = RANK_FEATURES) -> dict[str, list[Outcome]]:
    """Return what comes of the questions of each corpus under weights fitted on others."""
    held: dict[str, list[Outcome]] = {name: [] for name, _ in numbered}
    for fold in range(FOLDS):
        weights = fit([read for place, (_, read) in enumerate(numbered) if place % FOLDS != fold], pieces)
        for name, read in numbered[fold::FOLDS]:
            evidence, right = read.best(weights)
            held[name].append((confidence(evidence, weights), right, read.answerable))
    return held


def steps(numbered: Sequence[tuple[str, Read]]) -> str:
    """Return what each piece of evidence gives, as Markdown: the share of questions whose likeliest span is right."""
    names = list(dict.fromkeys(name for name, _ in numbered))
    lines = ["| ranked by | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for pieces in (
        ("score_gap",),
        ("log_odds",),
        ("log_odds", "score_gap"),
        ("log_odds", "score_gap", "type_match"),
        ("log_odds", "share", "score_gap", "type_match"),
        ("log_odds", "share", "score_gap", "type_match", "term_coverage"),
        RANK_FEATURES,
    ):
        held = cross_fit(numbered, pieces)
        shares = [np.mean([right for _, right, answerable in held[name] if answerable]) for name in names]
        lines.append(f"| {', '.join(pieces)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def tables(held: Sequence[Outcome]) -> str:
    """Return the reliability table and the curve of answering against declining, as Markdown."""
    lines = ["| confidence | questions | mean confidence | right |", "|---|---|---|---|"]
    for tenth in range(10):
        part = [(chance, right) for chance, right, _ in held if min(int(10 * chance), 9) == tenth]
        if part:
            chances, rights = zip(*part, strict=True)
            lines.append(
                f"| {tenth / 10:.1f}-{(tenth + 1) / 10:.1f} | {len(part)} | {np.mean(chances):.2f} | {np.mean(rights):.2f} |"
            )
    lines += ["", "| threshold | answerable answered | of these right | unanswerable declined |", "|---|---|---|---|"]
    for threshold in sorted({*np.arange(0.05, 0.96, 0.05).round(2).tolist(), SpanReader.min_confidence}):
        can = [(chance >= threshold, right) for chance, right, answerable in held if answerable]
        given = [right for answered, right in can if answered]
        declined = [chance < threshold for chance, _, answerable in held if not answerable]
        shares = len(given) / max(len(can), 1), np.mean(given or [False]), np.mean(declined or [False])
        lines.append(f"| {threshold:.2f} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument(
        "--once", type=Path, nargs="*", default=[], help="questions that are not asked with their articles hidden"
    )
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--adapter", type=Path, default=SHIPPED)
    parser.add_argument("--limit", type=int, default=300, help="questions of each SQuAD-shaped file")
    parser.add_argument("--write", action="store_true", help="write the weights into the adapter's facts")
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive, adapter=arguments.adapter)
    corpora: dict[str, list[Read]] = {}
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            corpora[path.name] = list(gather(archive, _trained(archive, settings), examples[: arguments.limit]))
    for path in (*arguments.questions, *arguments.once):
        archive = Archive.open(settings)
        reads = gather(archive, _trained(archive, settings), read_questions(path, "dev"), once=path in arguments.once)
        corpora[path.name] = list(reads)
    numbered = [(name, read) for name, reads in corpora.items() for read in reads]
    random.Random(1).shuffle(numbered)
    print(steps(numbered))
    held = cross_fit(numbered)
    for name, part in held.items():
        print(f"\n{name}\n\n{tables(part)}")
    print(f"\nall\n\n{tables([one for part in held.values() for one in part])}")
    every = [read for _, read in numbered]
    weights = fit(every)
    weights["stop.log_odds"] = stop(every, weights)
    print(f"\n{weights}")
    print(f"stretches read: {np.mean([read.first(weights)[0] for read in every]):.1f}")
    if arguments.write:
        path = arguments.adapter / FACTS_FILE
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["calibration"] |= weights
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _trained(archive: Archive, settings: Settings) -> SpanReader:
    reader = load_reader(archive, settings)
    if not isinstance(reader, SpanReader):
        raise SystemExit(f"{settings.adapter}: no adapter that fits this archive's encoder")
    return reader


if __name__ == "__main__":
    main()
