"""The routes that check and cite: a quotation, a reference, and what is being typed."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, Any, Literal, Self

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, StringConstraints

from embeddings.store.archive import Archive
from qa.http.errors import ApiError, check_question
from qa.http.replies import ASKING, ERRORS, READING, reply
from qa.http.request_models import ArticlePath, Strict
from qa.http.response_models import CitationOut, SearchedOut
from qa.references.alignment import OpKind
from qa.references.autocomplete import Kind, Suggester
from qa.references.formats import STYLES
from qa.references.quotation_check import LONGEST, SHORTEST, Checked, Place, Status, check_quotation
from qa.references.quotation_check import Field as PrintedField
from qa.settings import Settings


class VerifyIn(Strict):
    """A quotation to be checked."""

    quote: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        description=f"{SHORTEST} to {LONGEST} characters; …… or ... stand for words left out"
    )
    limit: int = Field(10, ge=1, le=50, description="places at most")


class OperationOut(BaseModel):
    """One step from the quotation to the print, with the words of both."""

    op: OpKind
    quoted: str
    printed: str


class SegmentOut(BaseModel):
    """One part of the quotation in print; offsets are code points into the field it stands in."""

    start: int
    end: int
    before: str = Field(description="the words between the part before, or the passage's begin, and this one")
    printed: str
    difference: list[OperationOut]


class PlaceOut(BaseModel):
    """One article that prints the quotation, or something near it."""

    status: Status
    score: float
    field: PrintedField
    segments: list[SegmentOut]
    after: str = Field(description="the words behind the last segment, up to the passage's end")
    citation: CitationOut

    @classmethod
    def of(cls, place: Place) -> Self:
        """Write a place, cut so that a page need not count characters."""
        text, segments = place.printed, place.segments
        around = place.citation.passage
        first, last = (around.start, around.end) if place.field == "body" else (0, len(text))
        starts = [min(first, segments[0].start), *(segment.end for segment in segments[:-1])]
        end = max(last, segments[-1].end)
        return cls(
            status=place.status,
            score=round(place.score, 4),
            field=place.field,
            segments=[
                SegmentOut(
                    start=segment.start,
                    end=segment.end,
                    before=text[start : segment.start],
                    printed=text[segment.start : segment.end],
                    difference=[
                        OperationOut(op=step.kind, quoted=step.quoted, printed=step.printed) for step in segment.difference
                    ],
                )
                for segment, start in zip(segments, starts, strict=True)
            ],
            after=text[segments[-1].end : end],
            citation=CitationOut.of(place.citation),
        )


class VerifyOut(BaseModel):
    """Where a quotation stands in print."""

    quote: str
    status: Status
    places: list[PlaceOut]
    more: bool = Field(description="whether more articles print it than are listed")
    searched: SearchedOut
    took_ms: float

    @classmethod
    def of(cls, checked: Checked, took_ms: float) -> Self:
        """Write what is known of a quotation."""
        return cls(
            quote=checked.quote,
            status=checked.status,
            places=[PlaceOut.of(place) for place in checked.places],
            more=checked.more,
            searched=SearchedOut.of(checked.searched),
            took_ms=round(took_ms, 1),
        )


class CiteIn(Strict):
    """How a reference is written."""

    format: Literal["gbt7714", "bibtex", "ris", "csl"] | None = Field(
        None, description="left out: csl for a client that accepts JSON alone, else gbt7714"
    )


class SuggestIn(Strict):
    """What is being typed."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
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


_REFERENCE: dict[str, Any] = {
    "description": "The reference, as a file to save",
    "content": {style.mimetype: {"schema": {"type": "array" if name == "csl" else "string"}} for name, style in STYLES.items()},
}


def add_checking(app: OpenAPI, archive: Archive, settings: Settings) -> None:
    """Add POST /api/verify, GET /api/cite/<article_id> and GET /api/suggest."""
    suggester = Suggester(archive)

    @app.post(
        "/api/verify", summary="Check a quotation", tags=[ASKING], responses={200: VerifyOut, **ERRORS},
        description="exact: printed to the letter; folded: the same letters, where marks, width, case or Traditional "
        "characters differ; near: the nearest wording, with the difference; absent: nothing like it is printed.",
    )  # fmt: skip
    def _verify(body: VerifyIn) -> Response:
        length = len(body.quote)
        if length < SHORTEST:
            raise ApiError(422, "quote_too_short", f"引文太短：至少 {SHORTEST} 个字，现有 {length} 个", "quote")
        if length > LONGEST:
            raise ApiError(422, "quote_too_long", f"引文太长：最多 {LONGEST} 个字，现有 {length} 个", "quote")
        began = time.perf_counter()
        checked = check_quotation(archive, body.quote, body.limit)
        return reply(VerifyOut.of(checked, 1000 * (time.perf_counter() - began)))

    @app.get(
        "/api/cite/<article_id>", summary="A reference to an article", tags=[READING], responses={**ERRORS, 200: _REFERENCE}
    )
    def _cite(path: ArticlePath, query: CiteIn) -> Response:
        passage = archive.passage_at(path.article_id)
        if passage is None:
            raise ApiError(404, "article_not_found", f"没有 {path.article_id} 这一篇", "article_id")
        json_alone = request.accept_mimetypes.best_match(["text/plain", "application/json"]) == "application/json"
        style = STYLES[query.format or ("csl" if json_alone else "gbt7714")]
        response = Response(style.write(passage).encode(), content_type=f"{style.mimetype}; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename=f"{passage.article_id}.{style.suffix}")
        response.vary.add("Accept")
        return response

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
