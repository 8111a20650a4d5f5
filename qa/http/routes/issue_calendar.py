"""The route that shows all issues by day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, StringConstraints

from embeddings.text.segmentation import search_words
from qa.http.context import Context
from qa.http.models import DayOut, Strict
from qa.http.replies import ERRORS, READING, reply
from qa.http.validation import check_question


class CalendarIn(Strict):
    """Which issues are listed, and what is counted in each."""

    q: Annotated[str, StringConstraints(strip_whitespace=True)] | None = None
    on: date | None = Field(None, description="only the issues of this day, YYYY-MM-DD")


class CalendarOut(BaseModel):
    """All issues, oldest first."""

    issues: list[DayOut]


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/calendar."""
    archive, settings = context.archive, context.settings

    @app.get(
        "/api/calendar", summary="All issues by day, oldest first", tags=[READING], responses={200: CalendarOut, **ERRORS},
        description="With `q`, each issue tells how many of its passages hold all words of the search.",
    )  # fmt: skip
    def _calendar(query: CalendarIn) -> Response:
        check_question(query.q or "", settings.max_question, "q")
        counts = archive.matching_passages(search_words(query.q)) if query.q else None
        held = archive.issues_of_day(query.on) if query.on else archive.issue_days()
        days = [DayOut.of(day, None if counts is None else counts.get(day.issue_id, 0)) for day in held]
        return reply(CalendarOut(issues=days))
