"""The HTTP face: create_app, the headers of every answer, and the groups of routes."""

from __future__ import annotations

from flask import Response, request
from flask_openapi3 import Info, OpenAPI, SecurityScheme

from embeddings.store.archive import Archive
from qa.http import errors
from qa.http.auth import SCHEME, add_reading_check
from qa.http.context import Context
from qa.http.models import ErrorOut
from qa.http.proxies import TrustedProxies
from qa.http.request_log import add_request_log
from qa.http.routes import (
    admin,
    alerts,
    articles,
    cite,
    corrections,
    feedback,
    issue_calendar,
    issues,
    operating,
    pages,
    search,
    suggest,
    upload,
    verify,
)  # fmt: skip
from qa.http.routes.ask import routes as ask
from qa.http.validation import add_address_check, add_json_check, validation_error
from qa.reading.reader import Reader
from qa.settings import Settings

GROUPS = (
    ask, search, issues, articles, upload, corrections, feedback, verify, cite, suggest, operating, issue_calendar, admin,
    alerts, pages,
)  # fmt: skip
"""In the order of the description."""
_CSP = "default-src 'self'; base-uri 'none'; frame-ancestors {framers}; object-src 'none'; form-action 'self'"
# The documentation page of Swagger UI starts itself with an inline script and draws with data: images.
_DOCS_CSP = f"{_CSP}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
# What a visitor may be lured to click in a frame must not be the operator's.
_NEVER_FRAMED = ("/admin", "/api/")
_OPEN_TO_ALL = ("/api/health/live", "/api/health/ready", "/embed.js", alerts.FEED)
"""What no reading token is asked for: it tells nothing of the archive, or has a key of its own."""


def create_app(archive: Archive, reader: Reader, settings: Settings) -> OpenAPI:
    """Return the WSGI application over an open archive and a loaded reader."""
    app = OpenAPI(
        "wenbao",
        info=Info(title="Wenbao 问报", version="0.1.0", description="Cited, verbatim answers from a newspaper archive."),
        doc_prefix="/api",
        doc_url="/openapi.json",
        validation_error_callback=validation_error,
        validation_error_model=ErrorOut,
        security_schemes={SCHEME: SecurityScheme(type="http", scheme="bearer", description="WENBAO_ADMIN_TOKEN")},
        static_folder=None,
        template_folder=str(pages.WEB),
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    context = Context.of(archive, reader, settings)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.proxies)  # type: ignore[method-assign]
    errors.register(app)
    # The first: what is refused is logged as well.
    add_request_log(app, settings, context.metrics.observe_request)
    add_reading_check(app, settings, context.limits, but=_OPEN_TO_ALL)
    add_address_check(app)
    add_json_check(app, but=(upload.PATH,))
    _add_headers(app, settings)
    for group in GROUPS:
        group.add_routes(app, context)
    return app


def _add_headers(app: OpenAPI, settings: Settings) -> None:
    """Send the headers that keep a browser safe."""
    framers = " ".join(settings.embedders) or "'none'"

    @app.after_request
    def _headers(response: Response) -> Response:
        docs = request.path.startswith(("/api/swagger", "/api/docs"))
        allowed = "'none'" if request.path.startswith(_NEVER_FRAMED) else framers
        response.headers.setdefault("Content-Security-Policy", (_DOCS_CSP if docs else _CSP).format(framers=allowed))
        if allowed == "'none'":
            response.headers.setdefault("X-Frame-Options", "DENY")  # for browsers that do not know frame-ancestors
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response
