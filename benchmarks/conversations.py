"""Fit how likely a question leans on the turns before it, and print how conversations are understood.

    python -m benchmarks.conversations benchmarks/conversations/*.jsonl [--split dev] [--archive DIR] [--show N]
    python -m benchmarks.conversations benchmarks/conversations/*.jsonl --fit
        [--follow-ups benchmarks/questions/understanding*.jsonl] [--questions FILE.jsonl...]

A line of a conversation says whether its last question leans (`leans`) and how it would
be put alone (`standalone`). Printed are the share of decisions that are right, of new
subjects that are carried over, of follow-ups of which nothing is carried over, and how
many of the words of `standalone` the completed question has. Without an archive the
first way of completing is taken; with one, that which print is nearest to. The words
that answer are measured by `python -m qa evaluate` over the same files.

`--fit` learns the weights of qa.understanding.leaning on the `train` lines, on the `dev`
follow-ups of `--follow-ups`, and on questions of `--questions` behind others drawn at
random, which are new subjects.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from embeddings.store.archive import Archive
from embeddings.text.segmentation import search_words
from qa.settings import Settings
from qa.understanding.openings import Move, find_opening
from qa.understanding.query_rewriting import Turn, complete, features_of, leaning

TODAY = date(2025, 7, 1)
DRAWN = 80
"""Questions drawn of each file of `--questions`."""
DRAWN_WEIGHT = 0.5
RIGHT = 0.5
Example = tuple[dict[str, float], bool, float]
"""The features of a question, whether it leans, and how much it counts."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns before a question, and what is to be understood of it."""

    history: tuple[Turn, ...]
    question: str
    leans: bool
    standalone: str
    kind: str
    split: str
    paper: str = ""


def read_conversations(paths: Sequence[Path]) -> Iterator[Conversation]:
    """Read the lines of conversations, and follow-ups of question files by their ids, -follow- and -alone-."""
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            identity = entry.get("id", "")
            if not entry.get("history") or not ("leans" in entry or "-follow-" in identity or "-alone-" in identity):
                continue
            history = tuple(Turn(turn["question"], turn.get("answer")) for turn in entry["history"])
            leans = entry.get("leans", "-follow-" in identity)
            standalone = entry.get("standalone", entry["question"])
            yield Conversation(
                history, entry["question"], leans, standalone, entry["kind"], entry.get("split", ""), entry.get("paper", "")
            )


def examples_of(conversations: Sequence[Conversation], weight: float = 1.0) -> Iterator[Example]:
    """Yield what is learnt from: what an opening decides by itself teaches nothing."""
    for one in conversations:
        if find_opening(one.question).move in {Move.NONE, Move.FURTHER}:
            yield features_of(one.question, one.history, TODAY), one.leans, weight


def drawn_at_random(paths: Sequence[Path]) -> Iterator[Conversation]:
    """Put questions of a file behind others of other articles of it."""
    drawn = random.Random(7)
    for path in sorted(paths):
        entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        entries = [entry for entry in entries if entry.get("split", "train") == "train"]
        for entry in drawn.sample(entries, min(DRAWN, len(entries))):
            other = drawn.choice(entries)
            if other.get("title") != entry.get("title") and find_opening(entry["question"]).move is Move.NONE:
                turn = Turn(other["question"], other.get("answer"))
                yield Conversation((turn,), entry["question"], False, entry["question"], "drawn", "train")


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights under which these questions lean as they do."""
    names = list(examples[0][0])
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2_000)
    rows = [[features[name] for name in names] for features, _, _ in examples]
    model.fit(rows, [leans for _, leans, _ in examples], sample_weight=[weight for *_, weight in examples])
    return {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}


def overlap(completed: str, wanted: str) -> float:
    """Return the F1 of the search words of a completed question against those of the one that stands alone."""
    mine, theirs = set(search_words(completed)), set(search_words(wanted))
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared else 0.0


def report(conversations: Sequence[Conversation], archive: Archive | None, show: int) -> None:
    """Print how each kind of last question is understood."""
    nearness = archive.nearness if archive else (lambda texts: [-float(place) for place in range(len(texts))])
    rows: Mapping[str, list[tuple[bool, bool, bool, float]]] = defaultdict(list)
    shown = 0
    for one in conversations:
        found = complete(one.question, one.history, TODAY, nearness)
        carried, score = bool(found.carried), overlap(found.text, one.standalone)
        row = carried == one.leans, carried and not one.leans, bool(found.also), score
        rows[one.kind].append(row)
        rows["all that lean" if one.leans else "all that stand alone"].append(row)
        rows["all"].append(row)
        if shown < show and (row[0] is False or score < RIGHT):
            shown += 1
            print(f"{one.kind}: {one.history[-1].question} / {one.question}\n    -> {found.text}\n    != {one.standalone}")
    print(f"{'kind':<22}lines  decided right  carried wrongly  asked both ways  words of the question alone")
    for kind, told in sorted(rows.items()):
        right, wrong, both, score = (float(np.mean([row[place] for row in told])) for place in range(4))
        print(f"{kind:<22}{len(told):5}  {right:13.3f}  {wrong:15.3f}  {both:15.3f}  {score:.3f}")
    likely = [leaning(one.question, one.history, TODAY) for one in conversations]
    print(
        "by their words alone:",
        f"{np.mean([(p >= RIGHT) == one.leans for p, one in zip(likely, conversations, strict=True)]):.3f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=Path, nargs="+")
    parser.add_argument("--split")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--paper", help="only the lines of this paper")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N that are not understood")
    parser.add_argument("--fit", action="store_true", help="learn the weights and print them")
    parser.add_argument("--follow-ups", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    conversations = list(read_conversations(arguments.conversations))
    if arguments.fit:
        taught = [one for one in conversations if one.split == "train"]
        taught += [one for one in read_conversations(arguments.follow_ups) if one.split == "dev"]
        examples = list(examples_of(taught))
        examples += examples_of(list(drawn_at_random(arguments.questions)), DRAWN_WEIGHT)
        print(json.dumps(fit(examples), indent=4))
        return
    chosen = [one for one in conversations if arguments.split in (None, one.split) and arguments.paper in (None, one.paper)]
    archive = Archive.open(Settings.load(archive=arguments.archive)) if arguments.archive else None
    report(chosen, archive, arguments.show)


if __name__ == "__main__":
    main()
