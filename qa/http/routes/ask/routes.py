"""The routes that take a question: answered at once, answered step by step, or asked on from an article."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel

from qa.answering.answer import Answer
from qa.http.context import Context
from qa.http.errors import INTERNAL, ApiError, error_content, request_language
from qa.http.models import ErrorOut
from qa.http.replies import ASKING, ERRORS, reply
from qa.http.request_log import request_id
from qa.http.routes.ask.asker import Asker
from qa.http.routes.ask.models import (
    AskIn,
    AskOut,
    DoneOut,
    FurtherIn,
    FurtherOut,
    PassagesOut,
    TimingOut,
    UnderstoodOut,
)  # fmt: skip
from qa.http.validation import check_question
from qa.pipeline import Step, never
from qa.retrieval.candidates import Found
from qa.understanding.comprehension import Understood

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


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add POST /api/ask, POST /api/ask/stream and GET /api/further."""
    archive, settings, asker = context.archive, context.settings, Asker(context)

    @app.post("/api/ask", summary="Ask a question", tags=[ASKING], responses={200: AskOut, **ERRORS, 503: ErrorOut})
    def _ask(body: AskIn) -> Response:
        with asker.enter(body) as place, closing(asker.steps(body, place, _disconnected())) as taken:
            for step in taken:
                if isinstance(step, Answer):
                    return reply(AskOut.of(step))
        return Response(status=_GONE)

    @app.post(
        "/api/ask/stream", summary="Ask a question, answered step by step", tags=[ASKING],
        responses={200: _EVENTS, **ERRORS, 503: ErrorOut},
    )  # fmt: skip
    def _stream(body: AskIn) -> Response:
        place = asker.enter(body)
        events = _events(asker.steps(body, place, _disconnected()), body.top_k, request_language(), request_id())
        response = Response(events, mimetype="text/event-stream", headers=_UNBUFFERED)
        # Called however the answer ends, even where the client left before the first event.
        response.call_on_close(place.close)
        return response

    @app.get(
        "/api/further", summary="Questions to go on with", tags=[ASKING], responses={200: FurtherOut, **ERRORS, 503: ErrorOut},
        description="What else an article tells: questions made of its words, each asked first, and answered from it.",
    )  # fmt: skip
    def _further(query: FurtherIn) -> Response:
        check_question(query.answered_question, settings.max_question, "asked")
        passage = archive.passage_at(query.article_id)
        if passage is None:
            raise ApiError(404, "article_not_found", "article_id", article_id=query.article_id)
        return reply(FurtherOut(questions=asker.suggest_questions(passage, query.answered_question, _disconnected())))


def _disconnected() -> Callable[[], bool]:
    """Return what tells whether the client of the present request has left, where the server knows: waitress does."""
    told: Callable[[], bool] = request.environ.get("waitress.client_disconnected", never)
    return told


def _events(steps: Generator[Step | None], limit: int, language: str, number: str | None) -> Iterator[str]:
    """Write the steps as server-sent events (WHATWG HTML, section 9.2), an error in this language and with this id."""
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
        # The status is sent already, so the error comes as an event.
        except ApiError as error:
            yield _failure(error, language, number)
        except Exception:
            log.exception("POST /api/ask/stream failed (request %s)", number)
            yield _failure(ApiError(500, INTERNAL), language, number)


def _failure(error: ApiError, language: str, number: str | None) -> str:
    return _event("error", ErrorOut.model_validate(error_content(error.code, error.message.told(language), number=number)))


def _event(name: str, model: BaseModel) -> str:
    return f"event: {name}\ndata: {model.model_dump_json(by_alias=True)}\n\n"
