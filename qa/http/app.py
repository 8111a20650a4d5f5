"""The HTTP face: create_app with its routes and validation."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from flask import Response, redirect, request
from flask_openapi3 import Info, OpenAPI, SecurityScheme

from embeddings.store.archive import Archive
from qa.answering.example_questions import Examples, load_examples
from qa.http import errors
from qa.http.auth import SCHEME, admin_check
from qa.http.errors import ApiError
from qa.http.metrics import Metrics, add_metrics
from qa.http.replies import ASKING, ERRORS, OPERATING, READING, reply
from qa.http.request_models import ArticlePath, IssuePath, PageIn, RangeIn
from qa.http.response_models import (
    ArticleOut,
    ErrorOut,
    ExamplesOut,
    HealthOut,
    IssueLine,
    IssueOut,
    IssuesOut,
)  # fmt: skip
from qa.http.routes.ask import add_asking
from qa.http.routes.browse import add_browsing
from qa.http.routes.check import add_checking
from qa.http.routes.feedback import add_feedback
from qa.http.routes.pages import WEB, add_pages
from qa.http.routes.upload import PATH as UPLOADS
from qa.http.routes.upload import add_uploads
from qa.pipeline import ask
from qa.reading.calibration import LIKELY
from qa.reading.loading import least_confidence
from qa.reading.reader import Reader
from qa.settings import Settings

_CSP = "default-src 'self'; base-uri 'none'; frame-ancestors {framers}; object-src 'none'; form-action 'self'"
# The documentation page of Swagger UI starts itself with an inline script and draws with data: images.
_DOCS_CSP = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
# What a visitor may be lured to click in a frame must not be the operator's.
_NEVER_FRAMED = ("/admin", "/api/")


def create_app(archive: Archive, reader: Reader, settings: Settings) -> OpenAPI:
    """Return the WSGI application over an open archive and a loaded reader."""
    app = OpenAPI(
        "wenbao",
        info=Info(title="Wenbao 问报", version="0.1.0", description="Cited, verbatim answers from a newspaper archive."),
        doc_prefix="/api",
        doc_url="/openapi.json",
        validation_error_callback=errors.validation_error,
        validation_error_model=ErrorOut,
        security_schemes={SCHEME: SecurityScheme(type="http", scheme="bearer", description="WENBAO_ADMIN_TOKEN")},
        static_folder=None,
        template_folder=str(WEB),
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    errors.register(app)
    _check_requests(app, settings)
    check = admin_check(settings.admin_token)
    metrics = Metrics(archive)
    add_asking(app, archive, reader, settings, metrics)
    _add_reading(app, archive)
    add_uploads(app, archive, check, settings)
    add_feedback(app, check, settings)
    add_metrics(app, metrics)
    add_checking(app, archive, settings)
    _add_operating(app, archive, reader, settings)
    add_browsing(app, archive, check, settings)
    add_pages(app, archive, settings)
    _add_docs(app)
    return app


def _check_requests(app: OpenAPI, settings: Settings) -> None:
    """Refuse what is no JSON before it reaches a route, and send the headers that keep a browser safe."""
    framers = " ".join(settings.embedders) or "'none'"

    @app.before_request
    def _json_only() -> None:
        if request.method != "POST" or request.routing_exception is not None or request.path == UPLOADS:
            return
        if not request.is_json:
            raise ApiError(415, "unsupported_media_type", "请用 application/json 发送请求")
        body = request.get_data()  # refuses a body over the limit with 413
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            raise ApiError(400, "invalid_json", "请求不是有效的 JSON") from None
        if not isinstance(value, dict):
            raise ApiError(400, "invalid_json", "请求应是一个 JSON 对象")
        errors.check_strings(value)

    @app.after_request
    def _headers(response: Response) -> Response:
        docs = request.path.startswith(("/api/swagger", "/api/docs"))
        policy = _CSP.format(framers="'none'" if request.path.startswith(_NEVER_FRAMED) else framers)
        response.headers.setdefault("Content-Security-Policy", _DOCS_CSP if docs else policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response


def _add_reading(app: OpenAPI, archive: Archive) -> None:
    @app.get("/api/issues", summary="List issues, newest first", tags=[READING], responses={200: IssuesOut, **ERRORS})
    def _issues(query: PageIn) -> Response:
        if query.after is not None and archive.issue(query.after) is None:
            raise ApiError(422, "invalid_field", f"after：没有 {query.after} 这一期", "after")
        lines = [IssueLine.of(summary) for summary in archive.issues(query.limit, query.after)]
        return reply(IssuesOut(issues=lines, total=archive.extent().issues))

    @app.get("/api/issues/<issue_id>", summary="An issue's contents", tags=[READING], responses={200: IssueOut, **ERRORS})
    def _issue(path: IssuePath) -> Response:
        issue = archive.issue(path.issue_id)
        if issue is None:
            raise ApiError(404, "issue_not_found", f"没有 {path.issue_id} 这一期", "issue_id")
        return reply(IssueOut.of(issue))

    @app.get("/api/articles/<article_id>", summary="An article", tags=[READING], responses={200: ArticleOut, **ERRORS})
    def _article(path: ArticlePath, query: RangeIn) -> Response:
        found = archive.article(path.article_id)
        if found is None:
            raise ApiError(404, "article_not_found", f"没有 {path.article_id} 这一篇", "article_id")
        issue, place = found
        mark = None
        if query.start is not None and query.end is not None:
            length = len(issue.articles[place].body)
            if query.end > length:
                raise ApiError(422, "invalid_field", f"end：正文只有 {length} 个字", "end")
            mark = (query.start, query.end)
        return reply(ArticleOut.of(issue, place, mark))


def _add_operating(app: OpenAPI, archive: Archive, reader: Reader, settings: Settings) -> None:
    examples = Examples(
        archive,
        partial(ask, archive, reader, min_confidence=LIKELY),
        load_examples(settings.examples) if settings.examples else [],
    )

    @app.get("/api/health", summary="Live and ready", tags=[OPERATING], responses={200: HealthOut})
    def _health() -> Response:
        archive.refresh()
        extent = archive.extent()
        return reply(
            HealthOut(
                live=True,
                ready=True,
                issues=extent.issues,
                articles=extent.articles,
                chunks=extent.chunks,
                first=extent.first,
                last=extent.last,
                papers=archive.papers(),
                generation=archive.searched_generation,
                model=archive.manifest.model,
                reader=reader.name,
                min_confidence=least_confidence(settings, reader),
            )
        )

    @app.get("/api/examples", summary="Questions to begin with", tags=[ASKING], responses={200: ExamplesOut})
    def _examples() -> Response:
        return reply(ExamplesOut(questions=examples.shown()))


def _add_docs(app: OpenAPI) -> None:
    @app.route("/api/docs")
    def _docs() -> Any:
        return redirect("/api/swagger")
