"""The pipeline: the one place where the steps from a question to its answer stand."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from embeddings.records import Filters
from embeddings.store.archive import Archive
from qa.answering.answer import Answer
from qa.answering.reprints import group_reprints
from qa.answering.selection import answer_notice, conclude
from qa.reading.reader import Reader
from qa.references.corrections import find_later_reports
from qa.retrieval.candidates import Found, find
from qa.retrieval.hybrid_search import search_as_printed
from qa.understanding.comprehension import Understood, comprehending, elapsed_ms
from qa.understanding.out_of_scope import detect_out_of_scope
from qa.understanding.query_rewriting import Turn

Step = Understood | Found | Answer


@dataclass(frozen=True, slots=True)
class Request:
    """A question, and how it is to be answered."""

    text: str
    min_confidence: float
    """An answer less likely than this is not given."""
    history: Sequence[Turn] = ()
    """Earlier turns, oldest first."""
    filters: Filters = Filters()
    top_k: int = 5
    """Quotes cited at most; those of a timeline are cited beside these."""
    today: date | None = None
    """What 昨天 is read against; None: the clock's day."""


class ReaderQueue(Protocol):
    """Where a question waits for its turn at the reader."""

    def wait(self) -> Iterator[None]:
        """Wait for the turn, yielding now and then so that a caller may give up."""
        ...

    def free(self) -> None:
        """Give the turn to the next."""
        ...


class _NoQueue:
    """The queue of whoever has the reader alone."""

    def wait(self) -> Iterator[None]:
        """Have the turn at once."""
        return iter(())

    def free(self) -> None:
        """Nobody waits."""


NO_QUEUE = _NoQueue()


def steps(
    archive: Archive, reader: Reader, request: Request, queue: ReaderQueue = NO_QUEUE
) -> Generator[Step | None, None, None]:
    """Yield what is understood, what is found and the answer, each as it is done; to stop iterating stops the work.

    None comes in between wherever a caller may look whether the answer is still wanted.
    """
    if notice := detect_out_of_scope(request.text, first=not request.history):
        met = answer_notice(reader, request.text, request.filters, notice)
        yield met.understood
        yield met
        return
    understood = yield from comprehending(archive, request.text, request.filters, request.history, request.today)
    yield understood
    found = find(archive, understood, max(request.top_k, reader.depth))
    yield found
    yield from queue.wait()
    try:
        answer = conclude(
            reader, understood, found, request.top_k, request.min_confidence,
            partial(search_as_printed, archive, understood.filters, understood.days),
        )  # fmt: skip
    finally:
        queue.free()
    yield with_corrections(archive, group_reprints(archive, answer))


def ask(
    archive: Archive, reader: Reader, text: str, *, min_confidence: float | None = None, history: Sequence[Turn] = (),
    filters: Filters = Filters(), top_k: int = 5, today: date | None = None, queue: ReaderQueue = NO_QUEUE,
) -> Answer:  # fmt: skip
    """Answer a question from the archive, or abstain below `min_confidence` (None: the reader's own threshold).

    Takes what `Request` describes, and returns the last of the steps.
    """
    least = reader.min_confidence if min_confidence is None else min_confidence
    *_, answer = steps(archive, reader, Request(text, least, history, filters, top_k, today), queue)
    assert isinstance(answer, Answer)  # the last step
    return answer


def with_corrections(archive: Archive, answer: Answer) -> Answer:
    """Return an answer with the corrections and follow-up reports that refer to what it quotes."""
    if not answer.answered:
        return answer
    citations = []
    for citation in answer.citations:
        passage = citation.passage
        later = find_later_reports(archive, passage.article_id, passage.article, passage.issue_date)
        citations.append(replace(citation, later_reports=later))
    timing = replace(answer.timing, total=elapsed_ms(answer.understood.started))
    return replace(answer, citations=tuple(citations), timing=timing)
