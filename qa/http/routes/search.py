"""The route that only searches: passages, best first, and no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.text.segmentation import search_words
from qa.http.context import Context
from qa.http.models import FiltersIn, SearchedOut, Typed
from qa.http.rate_limits import Limited
from qa.http.replies import ASKING, ERRORS, reply
from qa.http.validation import check_question
from qa.references.highlight import highlight
from qa.retrieval.hybrid_search import RankedPassage, retrieve


class SearchIn(FiltersIn):
    """A search without an answer."""

    q: Typed
    k: int = Field(10, ge=1, le=50)


class StretchOut(BaseModel):
    """A stretch of a passage, and whether it is one of the words searched."""

    text: str
    found: bool


class PassageOut(BaseModel):
    """A passage found by a search."""

    chunk_id: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: date
    issue_number: int | None
    title: str
    text: str
    start: int
    end: int
    score: float
    url: str
    stretches: list[StretchOut] = Field(
        description="the text, cut around the words searched, so that a page need not look for them"
    )

    @classmethod
    def of(cls, ranked: RankedPassage, words: Sequence[str]) -> Self:
        """Write a passage found by these search words."""
        passage = ranked.passage
        return cls(
            chunk_id=passage.chunk_id,
            article_id=passage.article_id,
            issue_id=passage.issue_id,
            paper=passage.paper,
            issue_date=passage.issue_date,
            issue_number=passage.issue_number,
            title=passage.article.title,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=round(ranked.score, 4),
            url=f"/articles/{passage.article_id}#c{passage.start}-{passage.end}",
            stretches=[StretchOut(text=each.text, found=each.found) for each in highlight(passage.text, words)],
        )


class SearchOut(BaseModel):
    """Passages, best first."""

    query: str
    passages: list[PassageOut]
    searched: SearchedOut


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/search."""
    archive, settings = context.archive, context.settings

    @app.get("/api/search", summary="Search passages", tags=[ASKING], responses={200: SearchOut, **ERRORS})
    def _search(query: SearchIn) -> Response:
        context.limits.count(Limited.ASK)
        check_question(query.q, settings.max_question, "q")
        filters = query.filters()
        words = search_words(query.q)
        passages = [PassageOut.of(ranked, words) for ranked in retrieve(archive, query.q, query.k, filters)]
        return reply(SearchOut(query=query.q, passages=passages, searched=SearchedOut.of(archive.extent(filters))))
