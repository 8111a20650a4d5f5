"""The routes that list issues and show the contents of one."""

from __future__ import annotations

from datetime import date
from typing import Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.records import Issue
from qa.http.context import Context
from qa.http.errors import ApiError, invalid_field
from qa.http.models import IssueLine, IssuePath, Name, Page, Strict, page_of
from qa.http.replies import ERRORS, READING, reply

MAX_LIMIT = 200


class PageIn(Strict):
    """A page of a list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    after: Name | None = Field(None, description="the last id of the page before")


class IssuesOut(BaseModel):
    """A page of issues, newest first."""

    issues: list[IssueLine]
    total: int


class ArticleLine(BaseModel):
    """An article in an issue's table of contents."""

    article_id: str
    title: str
    kicker: str | None
    column: str | None
    byline: str | None
    page: Page
    page_name: str | None
    continued: Page = Field(description="the page that the article goes on on")


class IssueOut(BaseModel):
    """An issue with its table of contents."""

    issue_id: str
    paper: str
    issue_date: date
    last_date: date | None = Field(description="the last day of an issue that is dated with several; null for one day")
    edition: str | None = Field(description="what tells it from others of its paper and day: 号外")
    issue_number: int | None
    pages: int | None
    cn_number: str | None
    warnings: list[str]
    articles: list[ArticleLine]

    @classmethod
    def of(cls, issue: Issue) -> Self:
        """Write an issue."""
        return cls(
            issue_id=issue.issue_id,
            paper=issue.paper,
            issue_date=issue.issue_date,
            last_date=issue.last_date,
            edition=issue.edition,
            issue_number=issue.issue_number,
            pages=issue.pages,
            cn_number=issue.cn_number,
            warnings=list(issue.warnings),
            articles=[
                ArticleLine(
                    article_id=issue.id_at(place),
                    title=article.title,
                    kicker=article.kicker,
                    column=article.column,
                    byline=article.byline,
                    page=page_of(article.page),
                    page_name=article.page_name,
                    continued=page_of(article.continued),
                )
                for place, article in enumerate(issue.articles)
            ],
        )


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/issues and GET /api/issues/<issue_id>."""
    archive = context.archive

    @app.get("/api/issues", summary="List issues, newest first", tags=[READING], responses={200: IssuesOut, **ERRORS})
    def _issues(query: PageIn) -> Response:
        if query.after is not None and archive.issue(query.after) is None:
            raise invalid_field("after", "reason.issue_not_found", issue_id=query.after)
        lines = [IssueLine.of(summary) for summary in archive.issues(query.limit, query.after)]
        return reply(IssuesOut(issues=lines, total=archive.extent().issues))

    @app.get("/api/issues/<issue_id>", summary="An issue's contents", tags=[READING], responses={200: IssueOut, **ERRORS})
    def _issue(path: IssuePath) -> Response:
        issue = archive.issue(path.issue_id)
        if issue is None:
            raise ApiError(404, "issue_not_found", "issue_id", issue_id=path.issue_id)
        return reply(IssueOut.of(issue))
