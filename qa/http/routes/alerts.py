"""The routes of alerts: kept with the admin token, followed as a feed by whoever has its address."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import partial
from typing import Any, Self

from flask import Response, request, url_for
from flask_openapi3 import OpenAPI
from pydantic import AwareDatetime, BaseModel, Field

from embeddings.errors import ArchiveError
from qa.alerts.asking import add_alert, mark_seen, remove_alert
from qa.alerts.atom import MIMETYPE, write_feed
from qa.alerts.book import MAX_ALERTS, Alert, BookFile, Evidence
from qa.errors import AlertsError
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.models import ErrorOut, Name, Page, Strict, Typed, page_of
from qa.http.replies import ERRORS, OPERATING, reply
from qa.http.validation import check_question
from qa.pipeline import ask
from qa.reading.loading import min_confidence_of

FEED = "/api/alerts/feed.atom"
_PATIENCE = 5.0  # seconds that a request waits while the alerts are asked


class AlertIn(Strict):
    """A question to be saved as an alert."""

    question: Typed


class AlertPath(BaseModel):
    """The id of an alert."""

    alert_id: Name


class SeenIn(Strict):
    """Up to when what was found was looked at."""

    until: AwareDatetime | None = Field(None, description="what was found later stays new; left out: all was looked at")


class FeedIn(Strict):
    """What lets a reader of feeds in."""

    key: Name = ""


class AlertOut(BaseModel):
    """A question that is asked again when the archive grew."""

    alert_id: str
    question: str
    added: str
    asked: str | None = Field(description="when it was last asked again; null before the archive first changed")

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """Write an alert."""
        return cls(alert_id=alert.id, question=alert.question, added=alert.added, asked=alert.asked)


class EvidenceOut(BaseModel):
    """What an alert found that was not there before."""

    alert_id: str
    question: str
    found: str
    answer: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: str
    page: Page
    title: str
    quote: str
    url: str
    seen: bool

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Write what was found."""
        return cls(
            alert_id=evidence.alert_id,
            question=evidence.question,
            found=evidence.found,
            answer=evidence.answer,
            article_id=evidence.article_id,
            issue_id=evidence.issue_id,
            paper=evidence.paper,
            issue_date=evidence.issue_date,
            page=page_of(evidence.page),
            title=evidence.title,
            quote=evidence.quote,
            url=evidence.url,
            seen=evidence.seen,
        )


class AlertsOut(BaseModel):
    """All alerts, and what they found."""

    alerts: list[AlertOut]
    evidence: list[EvidenceOut] = Field(description="newest first")
    feed: str | None = Field(description="the address of the Atom feed; who knows it may read it; null before the first alert")


_FEED: dict[str, Any] = {"description": "Atom (RFC 4287)", "content": {MIMETYPE: {"schema": {"type": "string"}}}}
_DENIED: dict[str | int, Any] = {401: ErrorOut, 403: ErrorOut}


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET and POST /api/alerts, DELETE /api/alerts/<alert_id>, POST of what was seen, and GET /api/alerts/feed.atom."""
    archive, reader, settings = context.archive, context.reader, context.settings
    file = BookFile(archive.folder)
    asking = partial(ask, archive, reader, min_confidence=min_confidence_of(settings, reader), queue=context.gate)

    @app.get(
        "/api/alerts", summary="Alerts, and what they found", tags=[OPERATING], security=SECURITY,
        responses={200: AlertsOut, **_DENIED},
    )  # fmt: skip
    def _alerts() -> Response:
        context.check_admin()
        book = file.read()
        response = reply(
            AlertsOut(
                alerts=[AlertOut.of(one) for one in book.alerts],
                evidence=[EvidenceOut.of(one) for one in book.evidence],
                feed=url_for("_alert_feed", key=book.key) if book.alerts else None,
            )
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.post(
        "/api/alerts", summary="Save a question as an alert", tags=[OPERATING], security=SECURITY,
        responses={201: AlertOut, **ERRORS, **_DENIED, 503: ErrorOut},
        description="It is asked again whenever the archive changed. What the archive holds when it is saved is not news.",
    )  # fmt: skip
    def _save_alert(body: AlertIn) -> Response:
        context.check_admin()
        check_question(body.question, settings.max_question, "question")
        try:
            return reply(AlertOut.of(add_alert(archive, asking, body.question, _PATIENCE)), 201)
        except AlertsError as error:
            if error.code != "alerts_many":  # a damaged file is for the server's log
                raise
            raise ApiError(422, "alerts_full", most=MAX_ALERTS) from None
        except ArchiveError:
            raise ApiError(503, "archive_busy") from None

    @app.delete(
        "/api/alerts/<alert_id>", summary="Forget an alert", tags=[OPERATING], security=SECURITY,
        responses={204: None, 404: ErrorOut, **_DENIED, 503: ErrorOut},
    )  # fmt: skip
    def _forget_alert(path: AlertPath) -> Response:
        context.check_admin()
        return _changed(path.alert_id, remove_alert)

    @app.post(
        "/api/alerts/<alert_id>/seen", summary="Mark what an alert found as seen", tags=[OPERATING], security=SECURITY,
        responses={204: None, 404: ErrorOut, **ERRORS, **_DENIED, 503: ErrorOut},
    )  # fmt: skip
    def _mark_seen(path: AlertPath, body: SeenIn) -> Response:
        context.check_admin()
        return _changed(path.alert_id, partial(mark_seen, until=body.until))

    def _changed(alert_id: str, change: Callable[..., bool]) -> Response:
        """Change an alert, and answer that there is none where there is none."""
        try:
            found = change(archive, alert_id, patience=_PATIENCE)
        except ArchiveError:
            raise ApiError(503, "archive_busy") from None
        if not found:
            raise ApiError(404, "alert_not_found", "alert_id", alert_id=alert_id)
        return Response(status=204)

    @app.get(
        FEED, summary="What alerts found, as a feed", tags=[OPERATING],
        responses={200: _FEED, 401: ErrorOut},
        description="Readers of feeds send no token: the address holds a key of its own, told by GET /api/alerts.",
    )  # fmt: skip
    def _alert_feed(query: FeedIn) -> Response:
        book = file.read()
        if not book.alerts or not hmac.compare_digest(query.key.encode(), book.key.encode()):
            raise ApiError(401, "feed_key")
        return Response(write_feed(book, request.url, request.url_root), content_type=f"{MIMETYPE}; charset=utf-8")
