"""The pipeline: the one place where the steps from a question to its answer stand."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from embeddings.records import Filters
from embeddings.store.archive import Archive
from qa.answering.answer import Answer
from qa.answering.reprints import group_reprints
from qa.answering.selection import answer_notice, conclude
from qa.reading.reader import Reader, Reading
from qa.references.corrections import find_later_reports
from qa.retrieval.candidates import Found, find
from qa.retrieval.hybrid_search import RankedPassage, search_as_printed
from qa.understanding.comprehension import Understood, comprehending, elapsed_ms
from qa.understanding.out_of_scope import detect_out_of_scope
from qa.understanding.query_rewriting import Turn
from qa.understanding.question import Question

Step = Understood | Found | Answer


def never() -> bool:
    """Say that whoever asks waits for the answer."""
    return False


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
    is_gone: Callable[[], bool] = never
    """Whether whoever asked has left, so that no answer is wanted any more; looked at between two pieces of work."""


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


class _AskerLeftError(Exception):
    """Nobody waits for the answer any more."""


class _WhileWanted:
    """A reader that begins to read nothing more once whoever asked has left: a question may be read several times over."""

    def __init__(self, reader: Reader, is_gone: Callable[[], bool]) -> None:
        self.name, self.depth, self.min_confidence = reader.name, reader.depth, reader.min_confidence
        self._reader, self._is_gone = reader, is_gone

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        """Read as the reader does, or raise where nobody waits for it."""
        if self._is_gone():
            raise _AskerLeftError
        return self._reader.read(question, passages)

    def warm_up(self) -> None:
        """Load what the reader needs."""
        self._reader.warm_up()


def steps(
    archive: Archive, reader: Reader, request: Request, queue: ReaderQueue = NO_QUEUE
) -> Generator[Step | None, None, None]:
    """Yield what is understood, what is found and the answer, each as it is done; to stop iterating stops the work.

    None comes in between, so that a caller may do something else. Where whoever asked has left, the steps end
    without an answer.
    """
    with suppress(_AskerLeftError), closing(_steps(archive, reader, request, queue)) as taken:
        for step in taken:
            yield step
            if request.is_gone():
                return


def _steps(archive: Archive, reader: Reader, request: Request, queue: ReaderQueue) -> Generator[Step | None, None, None]:
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
            _WhileWanted(reader, request.is_gone), understood, found, request.top_k, request.min_confidence,
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
