"""The route that shows what the operator watches over; it wants the admin token."""

from __future__ import annotations

from typing import Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.ingest.audit import Fault, Finding, audit
from embeddings.ingest.issue_numbers import Gap, check_numbers
from embeddings.ingest.uploads import withdrawable
from embeddings.store.records import IssueDay
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import request_language
from qa.http.models import DayOut, ErrorOut, IssueLine
from qa.http.replies import OPERATING, reply


class GapOut(BaseModel):
    """Numbers missing between two issues of a paper."""

    paper: str
    first: int
    last: int
    before: DayOut
    after: DayOut
    plausible: bool = Field(description="false where more numbers are missing than days passed: one was misread")

    @classmethod
    def of(cls, gap: Gap[IssueDay]) -> Self:
        """Write a gap."""
        return cls(
            paper=gap.paper,
            first=gap.first,
            last=gap.last,
            before=DayOut.of(gap.before),
            after=DayOut.of(gap.after),
            plausible=gap.plausible,
        )


class FindingOut(BaseModel):
    """Something odd about the mastheads of a paper."""

    fault: Fault
    paper: str
    issue_ids: list[str]
    text: str

    @classmethod
    def of(cls, finding: Finding, language: str) -> Self:
        """Write what an audit found, in a language."""
        return cls(
            fault=finding.fault,
            paper=finding.paper,
            issue_ids=list(finding.issue_ids),
            text=finding.message.told(language),
        )


class HeldOut(IssueLine):
    """An issue in the operator's list."""

    removable: bool = Field(description="whether DELETE removes it; otherwise its file lies in a folder of the operator's")
    together: int = Field(description="other issues of its files, which DELETE removes only with `together`")


class OverviewOut(BaseModel):
    """What the operator watches over."""

    issues: list[HeldOut] = Field(description="newest first")
    gaps: list[GapOut] = Field(description="of each paper, oldest first")
    misplaced: list[DayOut] = Field(description="issues whose number does not rise with the days")
    audit: list[FindingOut] = Field(
        description="day, weekday, lunar day and number of each masthead, checked against each other and the neighbours"
    )
    max_upload: int = Field(description="bytes an upload may have")
    feedback: bool = Field(description="whether feedback is kept")


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/admin."""
    archive, settings = context.archive, context.settings

    @app.get(
        "/api/admin", summary="What the operator watches over", tags=[OPERATING], security=SECURITY,
        responses={200: OverviewOut, 401: ErrorOut, 403: ErrorOut},
    )  # fmt: skip
    def _overview() -> Response:
        context.check_admin()
        removable = withdrawable(archive)
        numbering = check_numbers(archive.issue_days())
        held = archive.issues(limit=-1)  # SQLite: no limit
        response = reply(
            OverviewOut(
                issues=[
                    HeldOut(
                        **IssueLine.of(line).model_dump(),
                        removable=line.issue_id in removable,
                        together=removable.get(line.issue_id, 0),
                    )
                    for line in held
                ],
                gaps=[GapOut.of(gap) for gap in numbering.gaps],
                misplaced=[DayOut.of(day) for day in numbering.misplaced],
                audit=[FindingOut.of(found, request_language()) for found in audit(archive.masthead_facts())],
                max_upload=settings.max_upload,
                feedback=settings.feedback,
            )
        )
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Accept-Language")
        return response
