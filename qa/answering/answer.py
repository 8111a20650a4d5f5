"""The answer to a question, with all that was understood, searched and read for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from embeddings.records import Extent
from qa.answering.told_numbers import Quantity
from qa.reading.reader import Reading
from qa.references.citation import Citation
from qa.retrieval.coverage import MissingDay
from qa.understanding.comprehension import Understood
from qa.understanding.out_of_scope import Notice


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer and the citation it stands in; offsets are code points into the body of the article that is cited."""

    text: str
    confidence: float
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """What was read beside the answer and may be meant, with the quote it stands in."""

    finding: Finding
    citation: Citation


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a timeline: a day, the words told of it and the citation they stand in."""

    day: date
    text: str
    citation: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that each step took; the total holds what lay between them too, such as waiting for the reader."""

    understand: float
    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a question; `findings` is empty where the archive does not say."""

    question: str
    understood_as: str
    confidence: float
    """The probability that the best span answers, given or not."""
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    timeline: tuple[TimelineEntry, ...]
    """The same number on several days, oldest first."""
    understood: Understood
    searched: Extent
    missing_days: tuple[MissingDay, ...]
    """The days named that no issue searched is of."""
    reader: str
    timing: Timing
    reading: Reading
    """All that the reader found, for those who measure it."""
    alternatives: tuple[Alternative, ...] = ()
    """What else was read, the likeliest first, to choose from where the answer is not what was asked for."""
    notice: Notice | None = None
    """Why nothing was searched; None where something was."""

    @property
    def answered(self) -> bool:
        """Say whether the archive holds an answer."""
        return bool(self.findings)
