"""Fit the trained reader's ranking and confidence, choose its threshold, and print what each threshold costs.

    python -m benchmarks.calibrate --papers [FOLDER...] --squad FILE.json... --questions FILE.jsonl... --once FILE.jsonl...
        --archive DIR [--limit N] [--write]

A span is right when its words are a gold answer's, or hold them or lie in them,
and it stands in a gold article. First the weights that rank spans: those under
which the right spans of each question are likeliest (a softmax over all its
spans). Then those that rank the best of them anew once they are verified. Then the line that turns the value of a
question's best span into the probability that it is right. Then the odds to be hoped for in passages not read
yet: as low as leaves the likeliest span of nearly all questions the same.

Archives differ, and a reader must decline in a stranger's as well as in ours, so each corpus is a world
of its own, and the tables of each come from fits that left it out. Questions that are told nowhere, and those whose own
passages are hidden from them, are those that the archive does not answer; those of `--papers` and `--once` are asked only as
they are, since other articles of the archive may tell the same.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from benchmarks.fitting import fit_softmax
from benchmarks.papers import FOLDER, QUESTIONS, is_of, paper_archive
from embeddings.records import Filters, Passage
from embeddings.store.archive import Archive
from qa.reading.adapter import FACTS_FILE, SHIPPED
from qa.reading.calibration import (
    CONFIDENCE_FEATURES,
    RANK_FEATURES,
    VERIFIED_FEATURES,
    Evidence,
    best_possible_value,
    confidence,
    confidence_features,
    rank_value,
    verified_value,
)  # fmt: skip
from qa.reading.loading import load_reader
from qa.reading.matching import holds, same_words
from qa.reading.span_reader import STEPS, VERIFIED, Judged, SpanReader, merge_adjacent
from qa.retrieval.hybrid_search import RankedPassage, retrieve_for
from qa.settings import Settings
from qa.training.evaluation import EvaluationQuestion, corpus_archive, place_of, read_questions, read_squad
from qa.understanding.comprehension import comprehend
from qa.understanding.question import Question

STRETCHES = sum(STEPS[:2])
"""Stretches read of each question: the right article is nearly always among the first three, and time is dear."""
GATHERED = 4
"""Spans that are verified of each question, the likeliest by the weights before: more than are when it is asked."""
PENALTY = 1.0
"""Of the line's weights, each by the deviation of its feature."""
CONFIDENCE = ("value", "verdict", "log_odds", "type_match", "term_coverage", "date_match")
"""The evidence of confidence: what means the same in every archive, so no cosine."""
SAME = 0.99
"""The share of questions whose likeliest span must be found though the reader stops early."""
Outcome = tuple[float, bool, bool]
"""The confidence in a question's likeliest span, whether it is right, and whether the archive answers the question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span marked for a question."""

    evidence: Evidence
    right: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the spans marked for it."""

    world: str
    kind: str
    answerable: bool
    spans: tuple[Candidate, ...]
    behind: tuple[float, ...]
    """How far each stretch of passages lies behind the first, in the order of the search."""

    def verified(self, weights: dict[str, float]) -> list[Candidate]:
        """Return the spans that would be verified, the likeliest first."""
        return sorted(self.spans, key=lambda one: -rank_value(one.evidence, weights))[:VERIFIED]

    def best(self, weights: dict[str, float]) -> Candidate:
        """Return the span of the highest value once the likeliest are verified."""
        return max(self.verified(weights), key=lambda one: verified_value(one.evidence, weights))

    def first(self, weights: dict[str, float]) -> tuple[int, float]:
        """Return how many stretches the reader reads before it stops, and the rank value of the best span in them."""
        done, found = 0, -math.inf
        for step in STEPS:
            if done >= len(self.behind) or found > best_possible_value(self.behind[done], weights):
                break
            done = min(done + step, len(self.behind))
            # Scores fall along the search, so what lies no further behind than the last stretch read was read.
            reach = self.behind[done - 1]
            read = (rank_value(one.evidence, weights) for one in self.spans if one.evidence.score_gap <= reach)
            found = max(read, default=-math.inf)
        return done, found


def gather(
    archive: Archive, reader: SpanReader, examples: Sequence[EvaluationQuestion], world: str, *, once: bool = False
) -> Iterator[Read]:
    """Read every question once and, but for `once`, those that have an answer once more without the passages that hold it."""
    for example in tqdm(examples, leave=False):
        question, passages = _asked(archive, example, 2 * reader.depth)
        yield from _read(reader, example, question, passages, world)
        if example.places and not once:
            rest = [
                ranked
                for ranked in passages
                if not _answers(ranked.passage, example)
                and not any(holds(ranked.passage.text, answer) for answer in example.answers)
            ]
            yield from _read(reader, replace(example, places=frozenset(), answers=()), question, rest, world)


def _answers(passage: Passage, example: EvaluationQuestion) -> bool:
    return place_of(passage) in example.places or is_of(passage, example)


def _asked(archive: Archive, example: EvaluationQuestion, limit: int) -> tuple[Question, list[RankedPassage]]:
    """Return a question as it is understood, and what is found for it."""
    today = example.today or archive.extent().last
    understood = comprehend(archive, example.question, Filters(), example.history, today)
    return understood.question, retrieve_for(archive, understood.variants[0], limit, understood.filters)


def _read(
    reader: SpanReader, example: EvaluationQuestion, question: Question, passages: Sequence[RankedPassage], world: str
) -> Iterator[Read]:
    marked = sorted(reader.score_spans(question, passages, STRETCHES), key=lambda one: -rank_value(one[0], reader.calibration))
    verdicts = reader.score_marked(question, [span for _, span in marked[:GATHERED]])
    verdicts += [min(verdicts, default=0.0)] * (len(marked) - len(verdicts))
    spans = [_judged(one, verdict, example) for one, verdict in zip(marked, verdicts, strict=True)]
    if spans:
        stretches = merge_adjacent(passages[: reader.depth])[:STRETCHES]
        behind = tuple(stretches[0].score - stretch.score for stretch in stretches)
        yield Read(world, example.kind, bool(example.places), tuple(spans), behind)


def _judged(marked: Judged, verdict: float, example: EvaluationQuestion) -> Candidate:
    evidence, span = marked
    right = any(same_words(span.text, gold) for gold in example.answers) and _answers(span.passage, example)
    return Candidate(replace(evidence, verdict=verdict), right)


def fit(reads: Sequence[Read], pieces: Sequence[str] = RANK_FEATURES, judged: Sequence[str] = CONFIDENCE) -> dict[str, float]:
    """Return the weights of ranking, by these pieces of evidence, of ranking anew, and of confidence."""
    if unknown := set(pieces) - set(RANK_FEATURES) | set(judged) - set(CONFIDENCE_FEATURES):
        raise ValueError(f"no such evidence: {sorted(unknown)}")
    units = {f"rank.{name}": {f"rank.{name}": 1.0} for name in pieces}
    tables = [
        (
            [[rank_value(one.evidence, unit) for unit in units.values()] for one in read.spans],
            [one.right for one in read.spans],
        )
        for read in reads
    ]
    weights = _named(units, fit_softmax(tables))
    if "verdict" in judged:
        tried = [read.verified(weights) for read in reads]
        tables = [
            ([[rank_value(one.evidence, weights), one.evidence.verdict] for one in part], [one.right for one in part])
            for part in tried
        ]
        weights |= _named([f"verified.{name}" for name in VERIFIED_FEATURES], fit_softmax(tables))
    best = [read.best(weights) for read in reads]
    found = [confidence_features(one.evidence, weights) for one in best]
    features = np.array([[values[name] for name in judged] for values in found])
    deviation = features.std(axis=0) + 1e-9
    # Each world counts the same, however many questions it has.
    sizes = Counter(read.world for read in reads)
    share = [len(reads) / len(sizes) / sizes[read.world] for read in reads]
    model = LogisticRegression(C=1 / PENALTY, max_iter=2000)
    model.fit(features / deviation, [one.right for one in best], sample_weight=share)
    weights |= _named([f"chance.{name}" for name in judged], model.coef_[0] / deviation)
    return weights | {"chance.intercept": round(float(model.intercept_[0]), 4)}


def _named(names: Iterable[str], values: Iterable[float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def stop(reads: Sequence[Read], weights: dict[str, float]) -> float:
    """Return the lowest odds to hope for under which the reader still finds what it would find in all passages."""
    chosen, whole = 10.0, [max(rank_value(one.evidence, weights) for one in read.spans) for read in reads]
    for odds in np.arange(10.0, -10.1, -0.25):
        tried = weights | {"stop.log_odds": float(odds)}
        if np.mean([read.first(tried)[1] >= best for read, best in zip(reads, whole, strict=True)]) < SAME:
            break
        chosen = float(odds)
    return chosen


def cross_fit(
    reads: Sequence[Read], pieces: Sequence[str] = RANK_FEATURES, judged: Sequence[str] = CONFIDENCE
) -> dict[str, list[Outcome]]:
    """Return what comes of the questions of each world under weights fitted on the other worlds."""
    held: dict[str, list[Outcome]] = {}
    for world in dict.fromkeys(read.world for read in reads):
        weights = fit([read for read in reads if read.world != world], pieces, judged)
        best = [(read.best(weights), read) for read in reads if read.world == world]
        held[world] = [(confidence(one.evidence, weights), one.right, read.answerable) for one, read in best]
    return held


def steps(reads: Sequence[Read]) -> str:
    """Return what each piece of evidence gives, as Markdown: the share of questions whose likeliest span is right.

    The last column is over all worlds: answerable questions told rightly where nine of ten untold ones are declined.
    """
    names = list(dict.fromkeys(read.world for read in reads))
    lines = ["| ranked by | " + " | ".join([*names, "right at 90 declined"]) + " |", "|---" * (len(names) + 2) + "|"]
    for pieces, judged in (
        (("score_gap",), ("value",)),
        (("log_odds",), ("value",)),
        (("log_odds", "score_gap"), ("value",)),
        (("log_odds", "score_gap", "type_match"), ("value",)),
        (("log_odds", "share", "score_gap", "type_match", "term_coverage"), ("value",)),
        (RANK_FEATURES, ("value",)),
        (RANK_FEATURES, ("value", "max_cosine", "cosine", "term_coverage", "date_match")),
        (RANK_FEATURES, ("value", "verdict")),
        (RANK_FEATURES, CONFIDENCE),
    ):
        held = cross_fit(reads, pieces, judged)
        shares = [np.mean([right for _, right, answerable in held[name] if answerable]) for name in names]
        every = [one for part in held.values() for one in part]
        cells = [f"{share:.3f}" for share in shares] + [f"{right_at(every, 0.9):.3f}"]
        lines.append(f"| {', '.join(pieces)}; {', '.join(judged)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def right_at(held: Sequence[Outcome], declined: float) -> float:
    """Return the share of answerable questions told rightly where this share of the untold ones is declined."""
    untold = sorted(chance for chance, _, answerable in held if not answerable)
    threshold = untold[min(int(declined * len(untold)), len(untold) - 1)]
    return float(np.mean([right and chance > threshold for chance, right, answerable in held if answerable]))


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
    parser.add_argument(
        "--papers", type=Path, nargs="*", help="papers, an archive each; all of benchmarks/papers where none is named"
    )
    parser.add_argument("--archives", type=Path, help="where the archives of papers are kept")
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument(
        "--once", type=Path, nargs="*", default=[], help="questions that are not asked with their articles hidden"
    )
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--adapter", type=Path, default=SHIPPED)
    parser.add_argument("--limit", type=int, default=300, help="questions of each paper and SQuAD-shaped file")
    parser.add_argument("--write", action="store_true", help="write the weights into the adapter's facts")
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive, adapter=arguments.adapter)
    reads = list(_gathered(arguments, settings))
    print(steps(reads))
    held = cross_fit(reads)
    for name, part in held.items():
        print(f"\n{name}\n\n{tables(part)}")
    print(f"\nall\n\n{tables([one for part in held.values() for one in part])}")
    weights = fit(reads)
    weights["stop.log_odds"] = stop(reads, weights)
    print(f"\n{weights}")
    print(f"stretches read: {np.mean([read.first(weights)[0] for read in reads]):.1f}")
    if arguments.write:
        path = arguments.adapter / FACTS_FILE
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["calibration"] = weights
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _gathered(arguments: argparse.Namespace, settings: Settings) -> Iterator[Read]:
    """Read the questions of all corpora that are named."""
    folders = arguments.papers
    if folders is not None:
        for folder in folders or sorted(path.parent for path in FOLDER.glob(f"*/{QUESTIONS}")):
            with paper_archive(folder, settings, arguments.archives) as archive:
                questions = read_questions(folder / QUESTIONS, "dev")[: arguments.limit]
                yield from gather(archive, _trained(archive, settings), questions, folder.name, once=True)
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            yield from gather(archive, _trained(archive, settings), examples[: arguments.limit], path.stem)
    for path in (*arguments.questions, *arguments.once):
        archive = Archive.open(settings)
        once = path in arguments.once
        yield from gather(archive, _trained(archive, settings), read_questions(path, "dev"), path.stem, once=once)


def _trained(archive: Archive, settings: Settings) -> SpanReader:
    reader = load_reader(archive, settings)
    if not isinstance(reader, SpanReader):
        raise SystemExit(f"{settings.adapter}: no adapter that fits this archive's encoder")
    return reader


if __name__ == "__main__":
    main()
