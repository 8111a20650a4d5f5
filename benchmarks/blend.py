"""Fit how meaning, words and named dates are blended, and print the recall of the blend and of its parts.

    python -m benchmarks.blend --squad FILE.json... --questions FILE.jsonl... --archive DIR

SQuAD-shaped files are indexed whole, each paragraph an article; question files
are asked of a built archive. Each question is searched once, and its candidates
are ranked anew for every blend. Weights are fitted on the `dev` lines of the
question files, so that the first right passage is the likeliest (a softmax over
each question's candidates), and every corpus is ranked with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.fitting import fit_softmax
from embeddings.records import Filters
from embeddings.store.archive import Archive, Hit
from qa.retrieval.hybrid_search import Blend, features, rank, search
from qa.settings import Settings
from qa.training.evaluation import EvaluationQuestion, corpus_archive, place_of, read_questions, read_squad
from qa.understanding.date_constraints import DateConstraints, find_date_constraints

BLENDS = {
    "in use": Blend(),
    "meaning alone": Blend(1, 0, 0),
    "words alone": Blend(0, 1, 0),
    "equal, no dates": Blend(1, 1, 0),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates."""

    example: EvaluationQuestion
    asked: DateConstraints
    hits: list[Hit]


def gather(archive: Archive, examples: Sequence[EvaluationQuestion]) -> list[Asked]:
    """Search every answerable question that stands alone once."""
    answerable = [example for example in examples if example.places and not example.history]
    found = []
    for example in tqdm(answerable, leave=False):
        asked = find_date_constraints(archive, example.question, today=example.today)
        found.append(Asked(example, asked, search(archive, example.question, Filters(), asked)))
    return found


def fit(asked: Sequence[Asked]) -> Blend:
    """Return the weights under which the right candidates of each question are likeliest."""
    tables = [
        (features(one.hits, one.asked).tolist(), [place_of(hit.passage) in one.example.places for hit in one.hits])
        for one in asked
    ]
    return Blend(*(round(weight, 2) for weight in fit_softmax(tables)))


def recall(asked: Sequence[Asked], blend: Blend) -> tuple[float, float, float, float]:
    """Return recall@1, @5, @10 and MRR over articles."""
    ranks = []
    for item in asked:
        places = [place_of(ranked.passage) for ranked in rank(item.hits, blend, item.asked)]
        order = list(dict.fromkeys(places))[:10]
        ranks.append(next((place for place, found in enumerate(order, start=1) if found in item.example.places), 0))
    found = np.array(ranks)
    return (
        float((found == 1).mean()),
        float(((found > 0) & (found <= 5)).mean()),
        float((found > 0).mean()),
        float(np.mean([1 / rank if rank else 0 for rank in ranks])),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive)
    corpora: dict[str, list[Asked]] = {}
    fitted_on: list[Asked] = []
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            corpora[path.name] = gather(archive, examples[: arguments.limit])
    for path in arguments.questions:
        archive = Archive.open(settings)
        fitted_on += gather(archive, read_questions(path, "dev")[: arguments.limit])
        corpora[f"{path.name}, test"] = gather(archive, read_questions(path, "test")[: arguments.limit])
    blends = dict(BLENDS)
    if fitted_on:
        corpora["all dev lines"] = fitted_on
        blends["fitted"] = fit(fitted_on)
        print("fitted on the dev lines:", blends["fitted"])
    for name, asked in corpora.items():
        if not asked:
            continue
        print(f"\n{name}: {len(asked)} questions\n{'blend':<18}{'weights':<22}  r@1    r@5   r@10    MRR")
        for title, blend in blends.items():
            weights = " ".join(f"{weight:.2f}" for weight in astuple(blend))
            print(f"{title:<18}{weights:<22}" + "  ".join(f"{figure:.3f}" for figure in recall(asked, blend)))


if __name__ == "__main__":
    main()
