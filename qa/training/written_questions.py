"""Questions written on passages of an archive, with the passages that deceive a search for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from embeddings.store.archive import Archive
from qa.reading.reader import heading
from qa.training.generation import wrong_passages
from qa.training.squad import DatasetError, Sample

_KEPT = 6  # wrong passages to a question


def read_asked(archive: Archive, path: Path) -> Iterator[Sample]:
    """Yield the questions of a JSONL file, each on the passage of the archive that it was written on.

    A line has question, answer (null: the passage does not say), article, from
    (where the passage begins in its body), date and title. Raises DatasetError
    with the line where one is bad, or where the archive prints something else.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            question, answer = entry["question"], entry["answer"]
            passage = archive.passage_at(entry["article"], entry["from"])
            place = entry["date"], entry["title"]
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(
                f"{path}:{number}: question, answer, article, from, date and title are wanted ({error!r})"
            ) from None
        if (
            passage is None
            or (passage.issue_date.isoformat(), passage.article.title) != place
            or passage.start != entry["from"]
        ):
            raise DatasetError(f"{path}:{number}: the archive prints no such passage; it was written on one read otherwise")
        start = passage.text.find(answer) if answer else -1
        if answer and start < 0:
            raise DatasetError(f"{path}:{number}: the passage does not hold {answer!r}")
        yield Sample(
            id=f"{passage.chunk_id}-{number}",
            question=question,
            context=passage.text,
            title=heading(passage),
            answers=(answer,) if answer else (),
            spans=((start, start + len(answer)),) if answer else (),
            wrong=wrong_passages(archive, question, passage, answer or None, kept=_KEPT, beside=False),
        )
