"""Print what the gate of kinds turns away: gold answers, which it should keep, and other spans beside them, which it may not.

    python -m benchmarks.kinds FILE.jsonl... --issues DIR... [--sample N] [--shown N]

A line of a file has question, answer, date and title of the article that answers, as the files in benchmarks/questions and
benchmarks/training do; lines without an answer are left out, as are those whose split is "test". The articles are read from
their issue files, with no archive. The other spans are the numbers, dates, people, places, organisations, quoted names and
clauses within REACH characters of a gold answer that tell something else, of N questions drawn at random.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.text.sentences import clause_spans, sentence_spans
from qa.errors import DatasetError
from qa.jsonl import read_json_lines
from qa.reading.answer_types import is_candidate
from qa.reading.matching import same_words
from qa.training.written_questions import PrintedArticles, WrittenQuestion, index_articles, read_issues
from qa.understanding.answer_kinds import Kind
from qa.understanding.entities import (
    ORGANISATION_END,
    PLACE_END,
    Offsets,
    find_dates,
    find_names,
    find_numbers,
    find_people,
    find_quoted,
)  # fmt: skip
from qa.understanding.question import Question, understand

REACH = 200


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and where its answer stands."""

    question: Question
    body: str
    start: int
    end: int

    @property
    def answer(self) -> str:
        """Return the answer as printed."""
        return self.body[self.start : self.end]

    @property
    def row(self) -> str:
        """Return the row of the table that the question counts in: what it demands, or its kind where it demands nothing."""
        if self.question.kind is Kind.YES_NO:
            return Kind.YES_NO
        return "+".join(demand.name for demand in self.question.demands) or f"({self.question.kind})"


def read_golds(path: Path, articles: PrintedArticles) -> Iterator[Gold]:
    """Yield the answered questions of a file whose answer stands in an article, the first time behind the line's `from`."""
    for written in read_json_lines(path, WrittenQuestion.parse, code="questions_line", error=DatasetError):
        answer = written.answer
        if answer is None or written.split == "test":
            continue
        bodies = (whole.article.body for whole in articles.get(written.place, ()))
        places = ((body, body.find(answer, written.start or 0)) for body in bodies)
        body, start = next((place for place in places if place[1] >= 0), ("", -1))
        if start >= 0:
            yield Gold(understand(written.question), body, start, start + len(answer))


def others(gold: Gold) -> Iterator[Offsets]:
    """Yield the spans near a gold answer that a careless reader could take for it, in its article's body."""
    low = max(0, gold.start - REACH)
    text = gold.body[low : gold.end + REACH]
    found = {*find_numbers(text), *find_dates(text), *find_people(text), *find_quoted(text)}
    found |= {*find_names(text, "ns", PLACE_END), *find_names(text, "nt", ORGANISATION_END)}
    found |= {span for sentence in sentence_spans(text) for span in clause_spans(text, *sentence)}
    for start, end in sorted(found):
        if not same_words(text[start:end], gold.answer) and any(map(str.isalnum, text[start:end])):
            yield low + start, low + end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="JSONL files of questions")
    parser.add_argument("--issues", nargs="+", type=Path, required=True, help="folders of issue files")
    parser.add_argument("--sample", type=int, default=500, help="questions whose other spans are counted")
    parser.add_argument("--shown", type=int, default=50, help="gold answers turned away that are printed")
    arguments = parser.parse_args()
    articles = index_articles(read_issues(arguments.issues))
    golds = [gold for path in arguments.files for gold in read_golds(path, articles)]
    if not golds:
        raise SystemExit("no answer of these files stands in these issues")
    asked = Counter(gold.row for gold in golds)
    lost = [gold for gold in golds if not is_candidate(gold.body, gold.start, gold.end, gold.question)]
    lost_by = Counter(gold.row for gold in lost)
    beside: Counter[str] = Counter()
    gated: Counter[str] = Counter()
    for gold in random.Random(0).sample(golds, min(arguments.sample, len(golds))):
        for start, end in others(gold):
            beside[gold.row] += 1
            gated[gold.row] += not is_candidate(gold.body, start, end, gold.question)
    print(f"{'demand':30}{'gold':>7}{'turned away':>13}{'others':>8}{'turned away':>13}")
    for name, count in [*asked.most_common(), ("all", len(golds))]:
        away, seen, kept_out = (
            (len(lost), beside.total(), gated.total()) if name == "all" else (lost_by[name], beside[name], gated[name])
        )
        share = f"{kept_out / seen:.0%}" if seen else "-"
        print(f"{name:30}{count:7}{away:5}{away / count:8.2%}{seen:8}{kept_out:6}{share:>7}")
    for gold in lost[: arguments.shown]:
        print(f"  {gold.row}: {gold.question.text} | {gold.answer}")


if __name__ == "__main__":
    main()
