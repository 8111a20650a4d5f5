"""The routes for whoever runs the server or explores it: health, metrics, example questions, documentation."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Literal

from flask import Response, redirect
from flask_openapi3 import OpenAPI
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response as AnyResponse

from embeddings.records import Extent
from qa.answering.example_questions import ExampleChooser, load_example_questions
from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.models import ErrorOut
from qa.http.readiness import Readiness
from qa.http.replies import ASKING, OPERATING, reply
from qa.pipeline import ask
from qa.reading.calibration import LIKELY
from qa.reading.loading import min_confidence_of


class HealthOut(BaseModel):
    """Whether the server lives and can answer, and what the archive holds; nothing, where it cannot be read."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    live: bool
    ready: bool
    issues: int
    articles: int
    chunks: int
    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    papers: list[str]
    generation: int
    model: str
    reader: str
    min_confidence: float = Field(description="an answer less likely than this is not given")


class LiveOut(BaseModel):
    """That the server lives."""

    live: Literal[True]


class ReadyOut(BaseModel):
    """That questions can be answered."""

    ready: Literal[True]


class ExamplesOut(BaseModel):
    """Questions to begin with, each with a short and likely answer in the archive."""

    questions: list[str]


_NOTHING = Extent(0, 0, 0, None, None)
_PROMETHEUS = {"description": "Prometheus text format", "content": {"text/plain": {"schema": {"type": "string"}}}}


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/health with /live and /ready, GET /metrics, GET /api/examples and GET /api/docs."""
    archive, reader, settings = context.archive, context.reader, context.settings
    readiness = Readiness(archive)
    examples = ExampleChooser(
        archive,
        partial(ask, archive, reader, min_confidence=LIKELY),
        load_example_questions(settings.examples) if settings.examples else [],
    )

    @app.get("/metrics", summary="Counters and times", tags=[OPERATING], responses={200: _PROMETHEUS})
    def _metrics() -> Response:
        return Response(generate_latest(context.metrics.registry), content_type=CONTENT_TYPE_LATEST)

    @app.get("/api/health", summary="Live and ready", tags=[OPERATING], responses={200: HealthOut})
    def _health() -> Response:
        ready = readiness.ready()
        extent = archive.extent() if ready else _NOTHING
        return reply(
            HealthOut(
                live=True,
                ready=ready,
                issues=extent.issues,
                articles=extent.articles,
                chunks=extent.chunks,
                first=extent.first,
                last=extent.last,
                papers=archive.papers() if ready else [],
                generation=archive.searched_generation,
                model=archive.manifest.model,
                reader=reader.name,
                min_confidence=min_confidence_of(settings, reader),
            )
        )

    @app.get("/api/health/live", summary="Whether the process answers", tags=[OPERATING], responses={200: LiveOut})
    def _live() -> Response:
        return reply(LiveOut(live=True))

    @app.get(
        "/api/health/ready", summary="Whether questions can be answered", tags=[OPERATING],
        responses={200: ReadyOut, 503: ErrorOut},
    )  # fmt: skip
    def _ready() -> Response:
        if not readiness.ready():
            raise ApiError(503, "not_ready")
        return reply(ReadyOut(ready=True))

    @app.get("/api/examples", summary="Questions to begin with", tags=[ASKING], responses={200: ExamplesOut})
    def _examples() -> Response:
        return reply(ExamplesOut(questions=examples.shown()))

    @app.route("/api/docs")
    def _docs() -> AnyResponse:
        return redirect("/api/swagger")
