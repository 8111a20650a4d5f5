"""The route that shows an article as printed."""

from __future__ import annotations

from datetime import date
from typing import Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from embeddings.formats.continuations import other_parts
from embeddings.records import Article, ArticleKind, Issue
from embeddings.text.readings import changes, printed_text
from qa.http.context import Context
from qa.http.errors import ApiError, invalid_field
from qa.http.models import ArticlePath, Page, Strict, page_of
from qa.http.replies import ERRORS, READING, reply


class RangeIn(Strict):
    """A quote within an article, in code points; both ends or none."""

    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise PydanticCustomError("one_end", "start and end belong together")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise PydanticCustomError("ends_reversed", "end must lie behind start")
        return self


class MarkOut(BaseModel):
    """A body cut in three around a quote."""

    before: str
    quote: str
    after: str


class DoubtOut(BaseModel):
    """Characters that whoever read the scan was not sure of; offsets are code points into the body."""

    start: int
    end: int
    text: str


class ChangeOut(BaseModel):
    """Words of the body that the operator corrected, and those that are printed."""

    start: int
    end: int
    corrected: str
    printed: str


class OtherPartOut(BaseModel):
    """An article of the issue on whose page this one goes on, or from whose page it comes, as its own does of this one."""

    article_id: str
    title: str
    page: Page


class PrintedArticleOut(BaseModel):
    """What was printed for a corrected article."""

    page: Page
    title: str
    kicker: str | None
    subtitle: str | None
    column: str | None
    byline: str | None
    source: str | None
    body: str

    @classmethod
    def of(cls, printed: Article) -> Self:
        """Write a printed article."""
        return cls(
            page=page_of(printed.page), title=printed.title, kicker=printed.kicker, subtitle=printed.subtitle,
            column=printed.column, byline=printed.byline, source=printed.source, body=printed.body,
        )  # fmt: skip


class ArticleOut(BaseModel):
    """An article, its body as printed, or as the operator corrected it."""

    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    last_date: date | None
    edition: str | None
    issue_number: int | None
    page: Page
    page_name: str | None
    continued: Page
    title: str
    kicker: str | None
    subtitle: str | None
    column: str | None
    byline: str | None
    source: str | None
    kind: ArticleKind
    original_url: str | None
    body: str
    mark: MarkOut | None = None
    corrected: bool = Field(description="whether the operator corrected it, or the day of its issue")
    printed: list[PrintedArticleOut] = Field(
        description="what was printed for a corrected article: it, or all that were joined"
    )
    printed_date: date | None = Field(description="the day that is printed, where it was corrected")
    changes: list[ChangeOut] = Field(description="the words that were corrected")
    doubts: list[DoubtOut] = Field(description="characters that whoever read the scan was not sure of")
    other_parts: list[OtherPartOut] = Field(description="where it goes on, or comes from, in an article of another file")

    @classmethod
    def of(cls, issue: Issue, place: int, mark: tuple[int, int] | None = None) -> Self:
        """Write the article at `place` of an issue, from 0, or its masthead at -1, with a quote marked."""
        article = issue.text_at(place)
        body = article.body
        return cls(
            article_id=issue.id_at(place),
            issue_id=issue.issue_id,
            paper=issue.paper,
            issue_date=issue.issue_date,
            last_date=issue.last_date,
            edition=issue.edition,
            issue_number=issue.issue_number,
            page=page_of(article.page),
            page_name=article.page_name,
            continued=page_of(article.continued),
            title=article.title,
            kicker=article.kicker,
            subtitle=article.subtitle,
            column=article.column,
            byline=article.byline,
            source=article.source,
            kind=article.kind,
            original_url=article.url,
            body=body,
            mark=MarkOut(before=body[: mark[0]], quote=body[mark[0] : mark[1]], after=body[mark[1] :]) if mark else None,
            corrected=bool(article.printed or issue.printed_date),
            printed=[PrintedArticleOut.of(printed) for printed in article.printed],
            printed_date=issue.printed_date,
            changes=_changes(article),
            doubts=[DoubtOut(start=start, end=end, text=body[start:end]) for start, end in article.doubts],
            other_parts=[
                OtherPartOut(article_id=issue.id_at(at), title=issue.articles[at].title, page=page_of(issue.articles[at].page))
                for at in other_parts(issue.articles, place)
            ],
        )


def _changes(article: Article) -> list[ChangeOut]:
    if not article.printed:
        return []
    printed = printed_text(article.printed)
    return [
        ChangeOut(
            start=one.start, end=one.end, corrected=article.body[one.start : one.end],
            printed=printed[one.printed_start : one.printed_end],
        )
        for one in changes(printed, article.body)
    ]  # fmt: skip


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/articles/<article_id>."""
    archive = context.archive

    @app.get("/api/articles/<article_id>", summary="An article", tags=[READING], responses={200: ArticleOut, **ERRORS})
    def _article(path: ArticlePath, query: RangeIn) -> Response:
        found = archive.article(path.article_id)
        if found is None:
            raise ApiError(404, "article_not_found", "article_id", article_id=path.article_id)
        issue, place = found
        mark = None
        if query.start is not None and query.end is not None:
            length = len(issue.text_at(place).body)
            if query.end > length:
                raise invalid_field("end", "reason.behind_the_body", length=length)
            mark = (query.start, query.end)
        return reply(ArticleOut.of(issue, place, mark))
