"""Print which words of print stand for which everyday words of questions: candidates for qa/understanding/everyday_words.txt.

Each question with a known article teaches pairs: a word of it that the article lacks, and a word of the sentence that
answers which it lacks itself. Pairs that come together far more often than by chance are printed, for a person to choose from.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.text.letters import fold
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import sentence_spans
from qa.training.evaluation import EvaluationQuestion, read_questions

_LEAST = 3  # questions that teach a pair
_OFFERED = 8  # words of print for an everyday word
Taught = tuple[frozenset[str], frozenset[str]]
"""What a question says and its article does not, and what its answering sentence says and the question does not."""


def taught(archive: Archive, examples: list[EvaluationQuestion]) -> Iterator[Taught]:
    """Yield what each question teaches; a question whose article or answer is not found teaches nothing."""
    bodies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for summary in archive.issues(limit=1_000_000):
        issue = archive.issue(summary.issue_id)
        for article in issue.articles if issue else ():
            bodies[str(summary.issue_date), fold(article.title)].append(article.body)
    for example in examples:
        asked = frozenset(search_words(example.question))
        for day, title in example.places:
            for body in bodies[day, fold(title)]:
                place = min((at for answer in example.answers if (at := body.find(answer)) >= 0), default=None)
                if place is not None:
                    sentence = next(body[start:end] for start, end in sentence_spans(body) if place < end)
                    yield asked - frozenset(search_words(body + title)), frozenset(search_words(sentence)) - asked


def pairs(lessons: list[Taught]) -> dict[str, list[tuple[float, str, int]]]:
    """Return for each everyday word the words of print that come with it, with their worth and how often, best first."""
    said, printed, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for everyday, words in lessons:
        said.update(everyday)
        printed.update(words)
        both.update((one, other) for one in everyday for other in words)
    found: dict[str, list[tuple[float, str, int]]] = defaultdict(list)
    for (one, other), count in both.items():
        chance = said[one] * printed[other] / len(lessons)
        if count >= _LEAST and count > 2 * chance:
            found[one].append((math.sqrt(count) * math.log(count / chance), other, count))
    return {one: sorted(words, reverse=True)[:_OFFERED] for one, words in found.items()}


def main() -> None:
    """Print the pairs, those that come most often first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="+", type=Path, help="JSON Lines, each beside the archive it is asked of")
    parser.add_argument("--archive", nargs="+", type=Path, required=True, help="an archive for each file of questions")
    parser.add_argument("--split", help="take only lines of this split")
    given = parser.parse_args()
    lessons: list[Taught] = []
    for path, folder in zip(given.questions, given.archive, strict=True):
        lessons += taught(Archive.open(ArchiveSettings.load(archive=folder)), read_questions(path, given.split))
    for one, words in sorted(pairs(lessons).items(), key=lambda entry: -sum(count for _, _, count in entry[1])):
        print(one, "=", *(f"{other}:{count}" for _, other, count in words))


if __name__ == "__main__":
    main()
