"""Extractive question answering sets in the shape of SQuAD 1.1 (Rajpurkar et al., 2016), as CMRC 2018 and DRCD have it too.

A file is read into samples whose answer spans are checked against the passage.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.errors import described
from embeddings.text.letters import FoldedText, fold_aligned
from qa.errors import DatasetError

CharSpan = tuple[int, int]
"""Start and end in code points, the end excluded."""


_NO_BLANK = re.compile(r"\S+")
_HARD_NEGATIVES = "wrong"
"""What a question's hard negatives are called in a file; SQuAD has no name for them."""


@dataclass(frozen=True, slots=True)
class HardNegative:
    """A passage that a search finds for a question though it does not hold the answer (Karpukhin et al., 2020)."""

    title: str
    context: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A question on a passage; all spans are code points of the passage."""

    id: str
    question: str
    context: str
    title: str
    answers: tuple[str, ...]
    """The short answers as the set gives them; none where the passage does not say."""
    spans: tuple[CharSpan, ...]
    """Where they stand in the passage; fewer than the answers where a set's labels are off beyond mending."""
    evidences: tuple[str, ...] = ()
    """The sentences that prove the answer, where the set names them (as ExpMRC does; Cui et al., 2021)."""
    hard_negatives: tuple[HardNegative, ...] = ()
    """Passages to learn "not here" from, where the set brings any."""


def read_samples(path: Path) -> list[Sample]:
    """Read a SQuAD-shaped file; answers that are numbers, or stand a little beside their mark, are mended.

    Raises DatasetError with the file's name where it has another shape.
    """
    samples = []
    try:
        for entry in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                context = paragraph["context"]
                for asked in paragraph["qas"]:
                    given = [(str(answer["text"]), answer.get("answer_start", 0)) for answer in asked.get("answers", ())]
                    found = [locate(context, text, start) for text, start in given if text.strip()]
                    samples.append(
                        Sample(
                            id=str(asked["id"]),
                            question=asked["question"],
                            context=context,
                            title=str(entry.get("title", "")),
                            answers=tuple(dict.fromkeys(text for text, _ in given)),
                            spans=tuple(dict.fromkeys(place for place in found if place)),
                            evidences=tuple(asked.get("evidences", ())),
                            hard_negatives=tuple(
                                HardNegative(other["title"], other["context"]) for other in asked.get(_HARD_NEGATIVES, ())
                            ),
                        )
                    )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError("questions_shape", path, detail=described(error)) from None
    return samples


def write_samples(samples: Iterable[Sample], path: Path) -> None:
    """Write samples as a SQuAD-shaped file, hard negatives beside the answers of each question."""
    data = [
        {
            "title": sample.title,
            "paragraphs": [
                {
                    "context": sample.context,
                    "qas": [
                        {
                            "id": sample.id,
                            "question": sample.question,
                            "answers": [
                                {"text": sample.context[start:end], "answer_start": start} for start, end in sample.spans
                            ],
                            "evidences": list(sample.evidences),
                            _HARD_NEGATIVES: [asdict(other) for other in sample.hard_negatives],
                        }
                    ],
                }
            ],
        }
        for sample in samples
    ]
    path.write_text(json.dumps({"data": data}, ensure_ascii=False), encoding="utf-8")


def locate(context: str, text: str, start: int) -> CharSpan | None:
    """Return where an answer stands: at its mark, else at the occurrence nearest to it, else None.

    Spelling and blanks may differ where the words themselves do not.
    """
    if context.startswith(text, start):
        return start, start + len(text)
    folded, wanted = _without_blanks(context), _without_blanks(text).text
    found, place = [], folded.text.find(wanted) if wanted else -1
    while place >= 0:
        found.append(folded.span(place, place + len(wanted)))
        place = folded.text.find(wanted, place + 1)
    return min(found, key=lambda span: abs(span[0] - start), default=None)


def hold_out(samples: Iterable[Sample], share: float, seed: str = "") -> tuple[list[Sample], list[Sample]]:
    """Split samples into those kept and a `share` held out, by title where there is one, never through a passage.

    The split depends on the texts and the seed alone, so files may be added or reordered.
    """
    kept: list[Sample] = []
    held: list[Sample] = []
    for sample in samples:
        digest = hashlib.sha256(f"{seed}{sample.title or sample.context}".encode()).digest()
        (held if int.from_bytes(digest[:4], "big") < share * 2**32 else kept).append(sample)
    # Some sets print one passage under two titles.
    passages = {sample.context for sample in held}
    return [sample for sample in kept if sample.context not in passages], held


def _without_blanks(text: str) -> FoldedText:
    return fold_aligned(text).only(_NO_BLANK)
