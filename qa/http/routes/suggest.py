"""The route that completes what is being typed."""

from __future__ import annotations

from datetime import date

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from qa.http.context import Context
from qa.http.models import Strict, Typed
from qa.http.replies import ASKING, ERRORS, reply
from qa.http.validation import check_question
from qa.references.autocomplete import Kind, Suggester


class SuggestIn(Strict):
    """What is being typed."""

    q: Typed
    limit: int = Field(8, ge=1, le=50, description="completions at most")


class SuggestionOut(BaseModel):
    """A completion; article_id is that of the newest article with this headline, null for a name."""

    kind: Kind
    text: str
    count: int = Field(description="articles with this headline, or with this name in headline or byline")
    article_id: str | None
    date: date


class SuggestOut(BaseModel):
    """Completions, best first."""

    query: str
    suggestions: list[SuggestionOut]


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/suggest."""
    settings, suggester = context.settings, Suggester(context.archive)

    @app.get(
        "/api/suggest", summary="Complete headlines and names", tags=[ASKING], responses={200: SuggestOut, **ERRORS},
        description="Folded as in a search; Latin letters are also taken for the initials of pinyin. Names within headlines "
        "are completed some time after the first request, when the headlines were read.",
    )  # fmt: skip
    def _suggest(query: SuggestIn) -> Response:
        check_question(query.q, settings.max_question, "q")
        found = [
            SuggestionOut(
                kind=suggestion.kind,
                text=suggestion.text,
                count=suggestion.count,
                article_id=suggestion.article_id,
                date=suggestion.date,
            )
            for suggestion in suggester.suggest(query.q, query.limit)
        ]
        return reply(SuggestOut(query=query.q, suggestions=found))
