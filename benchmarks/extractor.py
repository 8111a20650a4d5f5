"""Fit the weights of the sentence extractor and choose its threshold, by passage-disjoint cross-validation.

    python -m benchmarks.extractor --squad FILE.json... --questions FILE.jsonl... --archive DIR --limit 200

A sentence is right when it holds a gold answer and stands in a gold article. The
weights come from a logistic regression over the sentences that the extractor
would read; the threshold table from questions left out of the fit, and from
questions without an answer.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from embeddings.store.archive import Archive
from qa.reading.matching import holds
from qa.reading.sentence_reader import SentenceReader, weights_for
from qa.retrieval.hybrid_search import retrieve
from qa.settings import Settings
from qa.training.evaluation import EvaluationQuestion, corpus_archive, place_of, read_questions, read_squad
from qa.understanding.question import understand

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the features of its sentences and which of them are right."""

    answerable: bool
    features: np.ndarray
    right: np.ndarray


def gather(archive: Archive, examples: Sequence[EvaluationQuestion]) -> Iterator[Read]:
    """Read every question once."""
    extractor = SentenceReader(archive)
    for example in tqdm(examples, leave=False):
        question = understand(example.question)
        found = extractor.candidates(question, retrieve(archive, question.text, 10))
        right = [
            place_of(one.passage) in example.places
            and any(holds(one.passage.article.body[one.start : one.end], answer) for answer in example.answers)
            for one in found
        ]
        if found:
            yield Read(bool(example.places), np.array([one.features.vector() for one in found]), np.array(right))


def fit(reads: Sequence[Read]) -> np.ndarray:
    """Return the weights with the intercept last; every question weighs the same."""
    features = np.concatenate([read.features for read in reads])
    right = np.concatenate([read.right for read in reads])
    weights = np.concatenate([np.full(len(read.right), 1 / len(read.right)) for read in reads])
    # The penalty should not depend on a feature's unit, so it is fitted on deviations and turned back.
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=2000).fit((features - mean) / deviation, right, sample_weight=weights)
    slopes = model.coef_[0] / deviation
    return np.append(slopes, model.intercept_[0] - slopes @ mean)


def best(read: Read, weights: np.ndarray) -> tuple[float, bool]:
    """Return the confidence of the best sentence, and whether it is right."""
    scores = read.features @ weights[:-1] + weights[-1]
    top = int(scores.argmax())
    return float(1 / (1 + np.exp(-scores[top]))), bool(read.right[top])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--limit", type=int, default=200)
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive)
    reads: list[Read] = []
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            reads += gather(archive, examples[: arguments.limit])
    for path in arguments.questions:
        with nullcontext(Archive.open(settings)) as archive:
            reads += gather(archive, read_questions(path, "dev"))
    random.Random(1).shuffle(reads)
    held: list[tuple[float, bool, bool]] = []
    for fold in range(FOLDS):
        weights = fit([read for place, read in enumerate(reads) if place % FOLDS != fold])
        held += [(*best(read, weights), read.answerable) for place, read in enumerate(reads) if place % FOLDS == fold]
    in_use = np.array(weights_for(archive.encoder))
    now = [best(read, in_use)[1] for read in reads if read.answerable]
    answerable = [(confidence, right) for confidence, right, can in held if can]
    hopeless = [confidence for confidence, _, can in held if not can]
    print(f"right sentence first: {np.mean(now):.3f} with the weights in use, {np.mean([r for _, r in answerable]):.3f} fitted")
    print("threshold  answered  right  unanswerable declined")
    for threshold in np.arange(0.1, 0.95, 0.05):
        given = [right for confidence, right in answerable if confidence >= threshold]
        declined = np.mean([confidence < threshold for confidence in hopeless]) if hopeless else float("nan")
        share, right = len(given) / len(answerable), np.mean(given or [False])
        print(f"     {threshold:.2f}     {share:.3f}  {right:.3f}                 {declined:.3f}")
    print("WEIGHTS =", tuple(round(float(weight), 2) for weight in fit(reads)))


if __name__ == "__main__":
    main()
