"""The routes of the operator's corrections: listed, made, undone, taken along; all want the admin token."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Self

from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.errors import ArchiveError, CorrectionError
from embeddings.ingest.correcting import Done, Imported, Wish, correct, export_lines, import_lines, undo
from embeddings.ingest.corrections import FACTS
from embeddings.records import CorrectedField, Correction
from embeddings.store.archive import Archive
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import ApiError, invalid_field
from qa.http.models import ErrorOut, Name, Strict
from qa.http.replies import ERRORS, OPERATING, reply

PATH = "/api/corrections"
_RETRY_SECONDS = 30
_MOST = 10_000  # corrections in one request
_DENIED: dict[str | int, Any] = {**ERRORS, 401: ErrorOut, 403: ErrorOut, 503: ErrorOut}
_ABSENT = ("correction_no_article", "correction_unknown")


class ReplaceIn(Strict):
    """Words of the text that stand there once, and what is right."""

    old: str
    new: str


class SplitIn(Strict):
    """Where another article begins within one: at an offset in code points, or behind the text that is given."""

    at: int | None = Field(None, ge=1)
    after: str | None = Field(None, description="the text up to the place, so that a page need not count characters")
    title: str | None = Field(None, description="the headline of that article; without it its first line is")


class CorrectIn(Strict):
    """What should be otherwise; what is left out stays, and a fact that is null or empty is taken away."""

    article_id: Name
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    source: str | None = None
    column: str | None = None
    page: str | None = None
    replace: list[ReplaceIn] = Field([], max_length=100)
    body: str | None = Field(None, description="the whole text as it should be")
    day: date | None = Field(None, description="the day of the whole issue")
    merge_next: bool = Field(False, description="whether the next article goes on with this one")
    split: SplitIn | None = None
    note: str | None = Field(None, max_length=1000)

    def wish(self, archive: Archive) -> Wish:
        """Return what is wished for."""
        facts = {name: getattr(self, name.value) for name in FACTS if name.value in self.model_fields_set}
        words = [(pair.old, pair.new) for pair in self.replace]
        split = None if self.split is None else self._cut(archive, self.split)
        title = self.split.title if self.split else None
        return Wish(facts, words, self.body, self.day, self.merge_next, split, title, self.note)

    def _cut(self, archive: Archive, split: SplitIn) -> int:
        if split.at is not None:
            return split.at
        found = archive.article(self.article_id)
        body = found[0].text_at(found[1]).body if found else ""
        if found and (not split.after or not body.startswith(split.after)):
            raise invalid_field("split.after", "reason.not_the_begin")
        return len(split.after or "")


class CorrectionOut(BaseModel):
    """One correction: where it belongs, what was printed, what is right."""

    correction_id: int
    paper: str
    issue_date: date = Field(description="the day as printed")
    edition: str | None
    headline: str = Field(description="the headline as printed")
    field: CorrectedField
    printed: str | None
    corrected: str | None
    before: str
    after: str
    note: str | None
    made_at: datetime | None
    applied: bool = Field(description="whether it fits what is held; one that does not is kept")

    @classmethod
    def of(cls, one: Correction) -> Self:
        """Write a correction."""
        return cls(
            correction_id=one.correction_id, paper=one.paper, issue_date=one.issue_date, edition=one.edition,
            headline=one.headline, field=one.field, printed=one.printed, corrected=one.corrected, before=one.before,
            after=one.after, note=one.note, made_at=one.made_at, applied=one.applied,
        )  # fmt: skip


class CorrectionsOut(BaseModel):
    """All corrections, in the order made."""

    corrections: list[CorrectionOut]


class CorrectedOut(BaseModel):
    """The corrections that were made, and the id that the issue bears by now."""

    issue_id: str | None
    corrections: list[CorrectionOut]

    @classmethod
    def of(cls, done: Done) -> Self:
        """Write what was done."""
        return cls(issue_id=done.issue_id, corrections=[CorrectionOut.of(one) for one in done.corrections])


class ImportIn(Strict):
    """Corrections as the export wrote them."""

    corrections: list[dict[str, Any]] = Field(max_length=_MOST)


class ImportedOut(BaseModel):
    """What became of imported corrections."""

    added: int
    known: int = Field(description="made here before")
    unfit: list[CorrectionOut] = Field(description="they fit nothing that is held by now, and wait")

    @classmethod
    def of(cls, done: Imported) -> Self:
        """Write what became of them."""
        return cls(added=done.added, known=done.known, unfit=[CorrectionOut.of(one) for one in done.unfit])


class CorrectionPath(BaseModel):
    """The number of a correction."""

    correction_id: int


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET and POST /api/corrections, DELETE of one, and the export and import of all."""
    archive = context.archive

    @app.get(
        PATH, summary="List corrections", tags=[OPERATING], security=SECURITY, responses={**_DENIED, 200: CorrectionsOut}
    )  # fmt: skip
    def _list_corrections() -> Response:
        context.check_admin()
        return reply(CorrectionsOut(corrections=[CorrectionOut.of(one) for one in archive.corrections()]))

    @app.post(
        PATH, summary="Correct an article", tags=[OPERATING], security=SECURITY, responses={**_DENIED, 201: CorrectedOut},
        description="The printed reading stays beside the corrected one, and both are searched. Nothing is changed where "
        "any of it cannot be done.",
    )  # fmt: skip
    def _correct_article(body: CorrectIn) -> Response:
        context.check_admin()
        try:
            return reply(CorrectedOut.of(correct(archive, body.article_id, body.wish(archive))), 201)
        except (CorrectionError, ArchiveError) as error:
            raise _refused(error) from None

    @app.delete(
        f"{PATH}/<int:correction_id>", summary="Undo a correction", tags=[OPERATING], security=SECURITY,
        responses={**_DENIED, 200: CorrectedOut},
    )  # fmt: skip
    def _undo_correction(path: CorrectionPath) -> Response:
        context.check_admin()
        try:
            return reply(CorrectedOut.of(undo(archive, [path.correction_id])))
        except (CorrectionError, ArchiveError) as error:
            raise _refused(error) from None

    @app.get(
        f"{PATH}/export", summary="Export corrections", tags=[OPERATING], security=SECURITY,
        description="A JSON object a line (application/jsonl).", responses={**_DENIED, 200: None},
    )  # fmt: skip
    def _export_corrections() -> Response:
        context.check_admin()
        return Response("".join(f"{line}\n" for line in export_lines(archive)), mimetype="application/jsonl")

    @app.post(
        f"{PATH}/import", summary="Import corrections", tags=[OPERATING], security=SECURITY,
        responses={**_DENIED, 200: ImportedOut},
    )  # fmt: skip
    def _import_corrections(body: ImportIn) -> Response:
        context.check_admin()
        try:
            return reply(ImportedOut.of(import_lines(archive, [json.dumps(one) for one in body.corrections])))
        except (CorrectionError, ArchiveError) as error:
            raise _refused(error) from None


def _refused(error: CorrectionError | ArchiveError) -> ApiError:
    """Return the error of the API for one of the archive."""
    if not isinstance(error, CorrectionError):
        return ApiError(503, "archive_busy", headers={"Retry-After": str(_RETRY_SECONDS)})
    return ApiError(404 if error.code in _ABSENT else 422, "correction_refused", reason=error.message)
