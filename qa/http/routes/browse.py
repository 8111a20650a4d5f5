"""The routes that show an archive as a whole: its days, and what its operator watches over."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, StringConstraints

from embeddings.ingest.uploads import withdrawable
from embeddings.store.archive import Archive
from embeddings.store.records import IssueDay
from embeddings.text.segmentation import search_words
from qa.http.auth import SECURITY, Check
from qa.http.errors import check_question
from qa.http.replies import ERRORS, OPERATING, READING, reply
from qa.http.request_models import Strict
from qa.http.response_models import ErrorOut, IssueLine
from qa.references.issue_numbers import Gap, check_numbers
from qa.settings import Settings


class CalendarIn(Strict):
    """Which issues are listed, and what is counted in each."""

    q: Annotated[str, StringConstraints(strip_whitespace=True)] | None = None
    on: date | None = Field(None, description="only the issues of this day, YYYY-MM-DD")


class DayOut(BaseModel):
    """One issue in the calendar."""

    date: date
    issue_id: str
    paper: str
    issue_number: int | None
    articles: int
    matches: int | None = Field(description="passages that hold all words of the search; null where none was asked for")

    @classmethod
    def of(cls, day: IssueDay, matches: int | None = None) -> Self:
        """Write an issue of the calendar."""
        return cls(
            date=day.issue_date,
            issue_id=day.issue_id,
            paper=day.paper,
            issue_number=day.issue_number,
            articles=day.articles,
            matches=matches,
        )


class CalendarOut(BaseModel):
    """All issues, oldest first."""

    issues: list[DayOut]


class GapOut(BaseModel):
    """Numbers missing between two issues of a paper."""

    paper: str
    first: int
    last: int
    before: DayOut
    after: DayOut
    plausible: bool = Field(description="false where more numbers are missing than days passed: one was misread")

    @classmethod
    def of(cls, gap: Gap) -> Self:
        """Write a gap."""
        return cls(
            paper=gap.paper,
            first=gap.first,
            last=gap.last,
            before=DayOut.of(gap.before),
            after=DayOut.of(gap.after),
            plausible=gap.plausible,
        )


class HeldOut(IssueLine):
    """An issue in the operator's list."""

    removable: bool = Field(description="whether DELETE removes it; otherwise its file lies in a folder of the operator's")


class OverviewOut(BaseModel):
    """What the operator watches over."""

    issues: list[HeldOut] = Field(description="newest first")
    gaps: list[GapOut] = Field(description="of each paper, oldest first")
    misplaced: list[DayOut] = Field(description="issues whose number does not rise with the days")
    max_upload: int = Field(description="bytes an upload may have")
    feedback: bool = Field(description="whether feedback is kept")


def add_browsing(app: OpenAPI, archive: Archive, check: Check, settings: Settings) -> None:
    """Add GET /api/calendar and GET /api/admin."""

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

    @app.get(
        "/api/admin", summary="What the operator watches over", tags=[OPERATING], security=SECURITY,
        responses={200: OverviewOut, 401: ErrorOut, 403: ErrorOut},
    )  # fmt: skip
    def _overview() -> Response:
        check()
        removable = withdrawable(archive)
        numbering = check_numbers(archive.issue_days())
        held = archive.issues(limit=-1)  # SQLite: no limit
        response = reply(
            OverviewOut(
                issues=[HeldOut(**IssueLine.of(line).model_dump(), removable=line.issue_id in removable) for line in held],
                gaps=[GapOut.of(gap) for gap in numbering.gaps],
                misplaced=[DayOut.of(day) for day in numbering.misplaced],
                max_upload=settings.max_upload,
                feedback=settings.feedback,
            )
        )
        response.headers["Cache-Control"] = "no-store"
        return response
