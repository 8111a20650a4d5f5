"""What visitors say of answers: kept in a file of lines beside the archive, and given back to the operator."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self

import filelock
from flask import Response
from flask_openapi3 import OpenAPI
from pydantic import Field, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.models import ErrorOut, Strict, Typed
from qa.http.rate_limits import Limited
from qa.http.replies import ASKING, ERRORS, OPERATING
from qa.http.validation import check_question

FILE = "feedback.jsonl"
MAX_BYTES = 16 * 2**20
_LOCK_SECONDS = 5


class FeedbackFullError(Exception):
    """A file of feedback that holds all it may."""


class FeedbackFile:
    """The lines of feedback of one archive; threads and processes may add to it side by side."""

    def __init__(self, archive: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path, self._max_bytes = archive / FILE, max_bytes

    def add(self, entry: dict[str, Any]) -> None:
        """Append one line; raises FeedbackFullError where it would pass the limit, and then adds nothing."""
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        with filelock.FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_SECONDS), self._path.open("ab") as file:
            size = file.tell()
            if size + len(line) > self._max_bytes:
                raise FeedbackFullError
            try:
                file.write(line)
                file.flush()
            except OSError:
                # On a full disk half a line would spoil the next one.
                file.truncate(size)
                raise

    def read(self) -> bytes:
        """Return all whole lines; a line that is just being written is not one."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return b""
        return raw[: raw.rfind(b"\n") + 1]


class FeedbackIn(Strict):
    """What a visitor says of an answer."""

    question: Typed
    answer: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    article_id: Annotated[str, StringConstraints(max_length=200)] | None = None
    helpful: StrictBool | None = Field(None, description="null where an answer was only put aside for another")
    rejected: Annotated[str, StringConstraints(max_length=2_000)] | None = Field(
        None, description="the answer that was put aside"
    )
    chosen: Annotated[str, StringConstraints(max_length=2_000)] | None = Field(
        None, description="the alternative that was chosen in its place; null for none of them"
    )
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] | None = Field(None, alias="words")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.helpful is None and self.rejected is None:
            raise PydanticCustomError("nothing_said", "helpful or rejected is wanted")
        return self


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add POST and GET /api/feedback, unless the settings turn feedback off."""
    settings = context.settings
    if not settings.feedback:
        return
    kept = FeedbackFile(settings.archive)

    @app.post(
        "/api/feedback", summary="Say whether an answer helped", tags=[ASKING],
        description="Kept with the time, and with nothing of who sent it.",
        responses={**ERRORS, 204: None, 503: ErrorOut},
    )  # fmt: skip
    def _add(body: FeedbackIn) -> Response:
        check_question(body.question, settings.max_question, "question")
        context.limits.count(Limited.FEEDBACK)
        try:
            kept.add({"at": datetime.now(UTC).isoformat(timespec="seconds"), **body.model_dump(by_alias=True)})
        except (FeedbackFullError, filelock.Timeout):
            raise ApiError(503, "feedback_full") from None
        return Response(status=204)

    lines = {"description": "One JSON object a line", "content": {"application/jsonl": {"schema": {"type": "string"}}}}

    @app.get(
        "/api/feedback", summary="Download the feedback", tags=[OPERATING], security=SECURITY,
        responses={200: lines, 401: ErrorOut, 403: ErrorOut},
    )  # fmt: skip
    def _export() -> Response:
        context.check_admin()
        headers = {"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "no-store"}
        return Response(kept.read(), mimetype="application/jsonl", headers=headers)
