"""Questions written by hand or by a language model on passages of an archive, with hard negatives from the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.records import Passage
from embeddings.store.archive import Archive
from qa.errors import DatasetError
from qa.jsonl import JsonLine, read_json_lines
from qa.reading.reader import heading
from qa.training.generation import hard_negatives
from qa.training.squad import Sample

_NEGATIVES = 6  # hard negatives to a question


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A line of a file: a question, and the passage that it names."""

    line: JsonLine
    question: str
    answer: str | None
    """None where the passage does not say."""
    start: int
    """Where the passage begins in its article's body, in code points."""
    article: tuple[str, str]
    """The article's issue date and headline."""
    passage: Passage | None
    """None where the archive has no such passage."""

    @classmethod
    def parse(cls, line: JsonLine, archive: Archive) -> WrittenQuestion:
        """Read one line; raises KeyError or TypeError where a field is missing or of another type."""
        entry = line.fields
        passage = archive.passage_at(entry["article"], entry["from"])
        article = entry["date"], entry["title"]
        return cls(line, entry["question"], entry["answer"] or None, entry["from"], article, passage)


def read_written_questions(archive: Archive, path: Path) -> Iterator[Sample]:
    """Yield the questions of a file of JSON Lines, each on the passage of the archive that it was written on.

    A line has question, answer (null: the passage does not say), article, from
    (where the passage begins in its body), date and title. Raises DatasetError
    with the line where one is bad, or where the archive prints something else.
    """
    lines = read_json_lines(path, lambda line: WrittenQuestion.parse(line, archive), code="written_line", error=DatasetError)
    for written in lines:
        passage, answer = written.passage, written.answer
        if (
            passage is None
            or (passage.issue_date.isoformat(), passage.article.title) != written.article
            or passage.start != written.start
        ):
            raise DatasetError("written_passage", path, written.line.number)
        start = passage.text.find(answer) if answer else -1
        if answer and start < 0:
            raise DatasetError("written_answer", path, written.line.number, answer=answer)
        yield Sample(
            id=f"{passage.chunk_id}-{written.line.number}",
            question=written.question,
            context=passage.text,
            title=heading(passage),
            answers=(answer,) if answer else (),
            spans=((start, start + len(answer)),) if answer else (),
            hard_negatives=hard_negatives(archive, written.question, passage, answer, kept=_NEGATIVES, beside=False),
        )
