"""Choose how meaning and words are blended: recall and reciprocal rank for a range of shares, on several corpora.

    python -m benchmarks.blend --squad FILE.json... --questions FILE.jsonl... --archive DIR

SQuAD-shaped files are indexed whole, each paragraph an article; question files
are asked of a built archive. Each question is searched once, and its candidates
are ranked anew for every share.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from embeddings.archive import Archive, Hit
from qa.evaluate import Example, corpus_archive, read_jsonl, read_squad
from qa.retrieve import CANDIDATES, DENSE_SHARE, rank
from qa.settings import Settings

SHARES = tuple(step / 10 for step in range(11))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates."""

    example: Example
    hits: list[Hit]


def gather(archive: Archive, examples: Sequence[Example]) -> list[Asked]:
    """Search every answerable question once."""
    answerable = [example for example in examples if example.places]
    return [Asked(example, archive.search(example.question, CANDIDATES)) for example in tqdm(answerable, leave=False)]


def recall(asked: Sequence[Asked], share: float) -> tuple[float, float, float, float]:
    """Return recall@1, @5, @10 and MRR over articles for one dense share."""
    ranks = []
    for item in asked:
        places = [(ranked.passage.issue_date.isoformat(), ranked.passage.article.title) for ranked in rank(item.hits, share)]
        order = list(dict.fromkeys(places))[:10]
        ranks.append(next((place for place, found in enumerate(order, start=1) if found in item.example.places), 0))
    total = len(ranks)
    return (
        sum(r == 1 for r in ranks) / total,
        sum(1 <= r <= 5 for r in ranks) / total,
        sum(r > 0 for r in ranks) / total,
        sum(1 / r for r in ranks if r) / total,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    settings = Settings.load(archive=arguments.archive)
    corpora: dict[str, list[Asked]] = {}
    for path in arguments.squad:
        articles, examples = read_squad(path)
        with corpus_archive(articles, settings) as archive:
            corpora[path.name] = gather(archive, examples[: arguments.limit])
    for path in arguments.questions:
        with nullcontext(Archive.open(settings)) as archive:
            corpora[path.name] = gather(archive, read_jsonl(path, arguments.split)[: arguments.limit])
    for name, asked in corpora.items():
        print(f"\n{name}: {len(asked)} questions\n share    r@1    r@5   r@10    MRR")
        for share in (*SHARES, DENSE_SHARE):
            figures = "  ".join(f"{figure:.3f}" for figure in recall(asked, share))
            print(f"  {share:.2f}  {figures}{'   <- in use' if share == DENSE_SHARE else ''}")
    print("\nmean recall@1 over the corpora, each weighing the same")
    for share in SHARES:
        print(f"  {share:.2f}  {sum(recall(asked, share)[0] for asked in corpora.values()) / len(corpora):.3f}")


if __name__ == "__main__":
    main()
