"""The routes that take a question: answered at once, answered step by step, or only searched."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel

from embeddings.records import Passage
from embeddings.store.archive import Archive
from embeddings.text.segmentation import search_words
from qa.answering.answer import Answer
from qa.answering.suggested_questions import OFFERED, proves, tried
from qa.http.errors import INTERNAL, ApiError, check_question, error_content
from qa.http.gate import Gate
from qa.http.metrics import Metrics
from qa.http.replies import ASKING, ERRORS, reply
from qa.http.request_models import AskIn, FurtherIn, SearchIn
from qa.http.response_models import (
    AskOut,
    DoneOut,
    ErrorOut,
    FurtherOut,
    PassageOut,
    PassagesOut,
    SearchedOut,
    SearchOut,
    TimingOut,
    UnderstoodOut,
)  # fmt: skip
from qa.pipeline import Request, Step, ask, steps
from qa.reading.calibration import LIKELY
from qa.reading.loading import least_confidence
from qa.reading.reader import Reader
from qa.retrieval.candidates import Found
from qa.retrieval.hybrid_search import retrieve
from qa.settings import Settings
from qa.understanding.comprehension import TURNS_READ, Understood

log = logging.getLogger(__name__)

_EVENTS = {
    "description": "The events `understood` (UnderstoodOut), `passages` (PassagesOut), `answer` (AskOut) and `done` (DoneOut); "
    "`error` (ErrorOut) in place of what could not be had. Lines that begin with a colon only keep the connection.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
# A proxy that gathers or compresses the events would keep them until the last.
_UNBUFFERED = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
_PULSE = ": waiting\n\n"
_GONE = 499  # as nginx logs a client that did not wait; nobody is left to read it


class Asker:
    """Takes questions through the gate and the steps to their answers, and counts them."""

    def __init__(self, archive: Archive, reader: Reader, settings: Settings, metrics: Metrics) -> None:
        self._archive, self._reader, self._settings, self._metrics = archive, reader, settings, metrics
        self._gate = Gate.of(settings)

    def enter(self, body: AskIn) -> ExitStack:
        """Let a question in until what is returned is closed.

        Raises the error 422 where it is too long, or one of the last turns before it, 503 where many wait.
        """
        check_question(body.question, self._settings.max_question, "question")
        for place, turn in list(enumerate(body.history))[-TURNS_READ:]:
            check_question(turn.question, self._settings.max_question, f"history.{place}.question")
        try:
            return self._gate.enter()
        except ApiError:
            self._metrics.count("refused")
            raise

    def steps(self, body: AskIn) -> Generator[Step | None, None, None]:
        """Yield each step as it is done, and None while it is waited for; to stop asking stops the work."""
        request = Request(
            body.question,
            least_confidence(self._settings, self._reader),
            tuple(turn.read() for turn in body.history[-TURNS_READ:]),
            body.filters.filters(),
            body.top_k,
        )
        try:
            for step in steps(self._archive, self._reader, request, self._gate):
                if isinstance(step, Answer):
                    self._metrics.observe(step)
                yield step
        except Exception:
            self._metrics.count("error")
            raise

    def further(self, passage: Passage, asked: str) -> list[str]:
        """Return a few questions to go on with; raises the error 503 where too many wait for the reader."""
        found: list[str] = []
        with self._gate.enter():
            for question, words in tried(passage, asked):
                answer = ask(self._archive, self._reader, question, min_confidence=LIKELY, queue=self._gate)
                if proves(answer, passage.article_id, words):
                    found.append(question)
                if len(found) == OFFERED:
                    break
        return found


def add_asking(app: OpenAPI, archive: Archive, reader: Reader, settings: Settings, metrics: Metrics) -> None:
    """Add POST /api/ask, POST /api/ask/stream and GET /api/search."""
    asker = Asker(archive, reader, settings, metrics)

    @app.post("/api/ask", summary="Ask a question", tags=[ASKING], responses={200: AskOut, **ERRORS, 503: ErrorOut})
    def _ask(body: AskIn) -> Response:
        gone = request.environ.get("waitress.client_disconnected", lambda: False)
        with asker.enter(body), closing(asker.steps(body)) as taken:
            for step in taken:
                if isinstance(step, Answer):
                    return reply(AskOut.of(step))
                if gone():
                    break
        return Response(status=_GONE)

    @app.post(
        "/api/ask/stream", summary="Ask a question, answered step by step", tags=[ASKING],
        responses={200: _EVENTS, **ERRORS, 503: ErrorOut},
    )  # fmt: skip
    def _stream(body: AskIn) -> Response:
        place = asker.enter(body)
        response = Response(_events(asker.steps(body), body.top_k), mimetype="text/event-stream", headers=_UNBUFFERED)
        # Called however the answer ends, even where the client left before the first event.
        response.call_on_close(place.close)
        return response

    @app.get(
        "/api/further", summary="Questions to go on with", tags=[ASKING], responses={200: FurtherOut, **ERRORS, 503: ErrorOut},
        description="What else an article tells: questions made of its words, each asked first, and answered from it.",
    )  # fmt: skip
    def _further(query: FurtherIn) -> Response:
        check_question(query.asked, settings.max_question, "asked")
        passage = archive.passage_at(query.article_id)
        if passage is None:
            raise ApiError(404, "article_not_found", f"没有 {query.article_id} 这一篇", "article_id")
        return reply(FurtherOut(questions=asker.further(passage, query.asked)))

    @app.get("/api/search", summary="Search passages", tags=[ASKING], responses={200: SearchOut, **ERRORS})
    def _search(query: SearchIn) -> Response:
        check_question(query.q, settings.max_question, "q")
        filters = query.filters()
        words = search_words(query.q)
        passages = [PassageOut.of(ranked, words) for ranked in retrieve(archive, query.q, query.k, filters)]
        return reply(SearchOut(query=query.q, passages=passages, searched=SearchedOut.of(archive.extent(filters))))


def _events(steps: Generator[Step | None], limit: int) -> Iterator[str]:
    """Write the steps as server-sent events (WHATWG HTML, section 9.2)."""
    with closing(steps):
        try:
            for step in steps:
                match step:
                    case None:
                        yield _PULSE
                    case Understood():
                        yield _event("understood", UnderstoodOut.of(step))
                    case Found():
                        yield _event("passages", PassagesOut.of(step, limit))
                    case Answer():
                        yield _event("answer", AskOut.of(step))
                        yield _event("done", DoneOut(took_ms=TimingOut.of(step.timing)))
        except Exception:
            # The status is sent already, so the error comes as an event.
            log.exception("POST /api/ask/stream failed")
            yield _event("error", ErrorOut.model_validate(error_content(*INTERNAL)))


def _event(name: str, model: BaseModel) -> str:
    return f"event: {name}\ndata: {model.model_dump_json(by_alias=True)}\n\n"
