"""The way of a question through HTTP: checked, let in at the gate, passed through the steps, counted."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from embeddings.records import Passage
from qa.answering.answer import Answer
from qa.answering.suggested_questions import SUGGESTED, is_answer, worth_asking
from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.gate import Place
from qa.http.rate_limits import Limited
from qa.http.routes.ask.models import AskIn
from qa.http.validation import check_question
from qa.pipeline import Request, Step, ask, steps
from qa.reading.calibration import LIKELY
from qa.reading.loading import min_confidence_of

Item = TypeVar("Item")


class Asker:
    """Takes questions through the gate and the steps to their answers, and counts them."""

    def __init__(self, context: Context) -> None:
        self._archive, self._reader, self._settings = context.archive, context.reader, context.settings
        self._metrics, self._gate, self._limits = context.metrics, context.gate, context.limits

    def enter(self, body: AskIn) -> Place:
        """Let a question in until what is returned is closed.

        Raises the error 422 where it is too long, or one of the last turns before it, 429 where its client asked
        as much as it may, 503 where many wait.
        """
        self._limits.count(Limited.ASK)
        check_question(body.question, self._settings.max_question, "question")
        for number, turn in self._read(list(enumerate(body.history))):
            check_question(turn.question, self._settings.max_question, f"history.{number}.question")
        try:
            return self._gate.enter()
        except ApiError:
            self._metrics.count("refused")
            raise

    def steps(self, body: AskIn, place: Place, is_gone: Callable[[], bool]) -> Generator[Step | None, None, None]:
        """Pass on each step of the pipeline as it is done, and None while it is waited for.

        To stop asking stops the work, and so does a client that `is_gone`. Raises the error 503 where the declared
        wait is over before the reader was free.
        """
        request = Request(
            body.question,
            min_confidence_of(self._settings, self._reader),
            tuple(turn.read(self._settings.max_told) for turn in self._read(body.history)),
            body.filters.filters(),
            body.top_k,
            is_gone=is_gone,
        )
        try:
            for step in steps(self._archive, self._reader, request, place):
                if isinstance(step, Answer):
                    self._metrics.observe(step)
                yield step
        except ApiError:
            self._metrics.count("refused")
            raise
        except Exception:
            self._metrics.count("error")
            raise

    def _read(self, turns: Sequence[Item]) -> Sequence[Item]:
        """Return the last of some turns: however many come with a question, no more of them cost anything."""
        return turns[max(0, len(turns) - self._settings.max_turns) :]

    def suggest_questions(self, passage: Passage, answered: str, is_gone: Callable[[], bool]) -> list[str]:
        """Return a few questions to go on with after one that a passage answered; or raise the error 429 or 503.

        Those that were found before the client `is_gone` are all.
        """
        self._limits.count(Limited.ASK)
        found: list[str] = []
        with self._gate.enter() as place:
            for question, words in worth_asking(passage, answered):
                if is_gone():
                    break
                answer = ask(self._archive, self._reader, question, min_confidence=LIKELY, queue=place)
                if is_answer(answer, passage.article_id, words):
                    found.append(question)
                if len(found) == SUGGESTED:
                    break
        return found
