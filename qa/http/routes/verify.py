"""The route that checks a quotation."""

from __future__ import annotations

import time
from typing import Annotated, Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, StringConstraints

from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.models import CitationOut, SearchedOut, Strict
from qa.http.rate_limits import Limited
from qa.http.replies import ASKING, ERRORS, reply
from qa.references.alignment import OpKind
from qa.references.quotation_check import LONGEST, SHORTEST, Place, QuotationCheck, Status, check_quotation
from qa.references.quotation_check import Field as PrintedField


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
    def of(cls, checked: QuotationCheck, took_ms: float) -> Self:
        """Write what is known of a quotation."""
        return cls(
            quote=checked.quote,
            status=checked.status,
            places=[PlaceOut.of(place) for place in checked.places],
            more=checked.more,
            searched=SearchedOut.of(checked.searched),
            took_ms=round(took_ms, 1),
        )


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add POST /api/verify."""

    @app.post(
        "/api/verify", summary="Check a quotation", tags=[ASKING], responses={200: VerifyOut, **ERRORS},
        description="exact: printed to the letter; folded: the same letters, where marks, width, case or Traditional "
        "characters differ; near: the nearest wording, with the difference; absent: nothing like it is printed.",
    )  # fmt: skip
    def _verify(body: VerifyIn) -> Response:
        context.limits.count(Limited.VERIFY)
        length = len(body.quote)
        if length < SHORTEST:
            raise ApiError(422, "quote_too_short", "quote", shortest=SHORTEST, length=length)
        if length > LONGEST:
            raise ApiError(422, "quote_too_long", "quote", longest=LONGEST, length=length)
        began = time.perf_counter()
        checked = check_quotation(context.archive, body.quote, body.limit)
        return reply(VerifyOut.of(checked, 1000 * (time.perf_counter() - began)))
