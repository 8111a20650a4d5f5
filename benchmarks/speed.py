"""Time the trained reader on five passages against the same network run plainly, and compare their answers.

    python -m benchmarks.speed SQUAD.json [--limit N]

Plainly: all windows in one padded batch through every layer in 32-bit torch.
Both read the five best passages of each question, turn about, in one process.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from qa.reading.loading import load_reader
from qa.reading.network import Batch
from qa.reading.reader import Reading
from qa.reading.span_reader import ScoredSpan, SpanReader, best_spans, merge
from qa.reading.windows import Window
from qa.retrieval.hybrid_search import RankedPassage, retrieve
from qa.settings import Settings
from qa.training.evaluation import corpus_archive, read_squad
from qa.understanding.question import Question, understand

PASSAGES = 5


class Plain(SpanReader):
    """The same network without what makes it quick."""

    def score_windows(self, windows: Sequence[Window]) -> list[tuple[ScoredSpan, ...]]:
        """Run all windows in one batch."""
        with torch.inference_mode():
            return best_spans(self.model(Batch.of(windows, self.windower.pad)))

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        """Read all passages."""
        spans = [span for _, span in self.score_spans(question, passages)]
        return Reading(tuple(merge(spans, several=False)), tuple(passages))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    arguments = parser.parse_args()
    settings = Settings.load()
    articles, examples = read_squad(arguments.file)
    with corpus_archive(articles, settings) as archive:
        reader = load_reader(archive, settings)
        if not isinstance(reader, SpanReader):
            raise SystemExit("no adapter that fits the encoder")
        plain = Plain(reader.model, reader.windower, reader.name, reader.calibration)
        times: dict[str, list[float]] = {"reader": [], "plain": []}
        same = []
        for example in tqdm(examples[: arguments.limit], leave=False):
            question = understand(example.question)
            passages = retrieve(archive, question.text, PASSAGES)
            answers = []
            for name, one in (("reader", reader), ("plain", plain)):
                started = time.perf_counter()
                spans = one.read(question, passages).spans
                times[name].append(time.perf_counter() - started)
                answers.append((spans[0].passage.article_id, spans[0].start, spans[0].end) if spans else None)
            same.append(answers[0] == answers[1])
    ratios = [ours / theirs for ours, theirs in zip(times["reader"], times["plain"], strict=True)]
    print(f"questions            {len(same)}")
    print(f"median time, plain   {1000 * statistics.median(times['plain']):.0f} ms")
    print(f"median time, reader  {1000 * statistics.median(times['reader']):.0f} ms")
    print(f"median ratio         {statistics.median(ratios):.2f}")
    print(f"same answer          {sum(same) / len(same):.3f}")


if __name__ == "__main__":
    main()
