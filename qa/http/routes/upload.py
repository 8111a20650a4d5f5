"""The routes that change the archive: issue files sent, issues deleted; both want the admin token."""

from __future__ import annotations

import logging
from typing import Any, Self

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.errors import ArchiveError, IssueError, NotUploadedError
from embeddings.ingest.uploads import State, Upload, UploadReport, take_in, withdraw
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import ApiError, invalid_field, request_language
from qa.http.messages import MESSAGES
from qa.http.models import ErrorBody, ErrorOut, IssuePath, Name, Strict
from qa.http.replies import ERRORS, OPERATING, reply

log = logging.getLogger(__name__)

PATH = "/api/issues"
_RETRY_SECONDS = 30
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
            "text/markdown": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}
_DENIED: dict[str | int, Any] = {**ERRORS, 401: ErrorOut, 403: ErrorOut, 503: ErrorOut}


class UploadIn(Strict):
    """What is said of uploaded files beside their bytes."""

    name: Name | None = Field(None, description="file name, where the body is one file and not multipart/form-data")
    paper: Name | None = Field(None, description="the paper of files that name none")


class TakenOut(BaseModel):
    """An uploaded file that the archive holds."""

    file: str
    issue_id: str
    state: State


class FailedFileOut(BaseModel):
    """An uploaded file that could not be taken."""

    file: str
    line: int | None
    reason: str
    code: str = Field(description="names the reason, for who tells it in another language")
    values: dict[str, str] = Field(description="what the reason says of this file")

    @classmethod
    def of(cls, error: IssueError, language: str) -> Self:
        """Write the error of a file, its reason in a language."""
        reason = error.message.told(language)
        return cls(file=error.path, line=error.line, reason=reason, code=error.code, values=error.values)


class UploadOut(BaseModel):
    """What became of uploaded files."""

    issues: list[TakenOut]
    failed: list[FailedFileOut]
    warnings: list[str]
    articles: int
    chunks: int

    @classmethod
    def of(cls, report: UploadReport, language: str) -> Self:
        """Write the report of an upload."""
        return cls(
            issues=[TakenOut(file=taken.name, issue_id=taken.issue_id, state=taken.state) for taken in report.taken],
            failed=[FailedFileOut.of(error, language) for error in report.failed],
            warnings=report.warnings,
            articles=report.articles,
            chunks=report.chunks,
        )


class RefusedOut(ErrorOut):
    """The error of an upload of which nothing could be taken, and each file's reason."""

    failed: list[FailedFileOut]


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add POST /api/issues and DELETE /api/issues/<issue_id>."""
    archive, settings = context.archive, context.settings

    @app.post(
        PATH, summary="Upload issue files", tags=[OPERATING], security=SECURITY, openapi_extensions=_BODY,
        description="Files as multipart/form-data in the field `files`, or one as the body with its name in `name`. "
        "201: every file taken, one at least new; 200: every file known already; 207: some taken, some failed; "
        "422: none taken.",
        responses={**_DENIED, 200: UploadOut, 201: UploadOut, 207: UploadOut, 422: RefusedOut},
    )  # fmt: skip
    def _upload(query: UploadIn) -> Response:
        context.check_admin()
        request.max_content_length = settings.max_upload
        uploads = _sent(query.name)
        try:
            report = take_in(archive, uploads, query.paper)
        except ArchiveError:
            raise _archive_busy() from None
        log.info("upload: %d taken, %d failed", len(report.taken), len(report.failed))
        return _report(report)

    @app.delete(
        f"{PATH}/<issue_id>", summary="Delete an uploaded issue", tags=[OPERATING], security=SECURITY,
        description="409: the issue was read from a folder of the operator's, where its file must be deleted.",
        responses={**_DENIED, 204: None, 409: ErrorOut},
    )  # fmt: skip
    def _delete(path: IssuePath) -> Response:
        context.check_admin()
        try:
            removed = withdraw(archive, path.issue_id)
        except NotUploadedError as error:
            raise ApiError(409, "issue_not_uploaded", "issue_id", issue_id=path.issue_id, source=error.source) from None
        except ArchiveError:
            raise _archive_busy() from None
        if not removed:
            raise ApiError(404, "issue_not_found", "issue_id", issue_id=path.issue_id)
        return Response(status=204)


def _sent(name: str | None) -> list[Upload]:
    """Return the files of the request; raises the error 415 or 422 where it carries none."""
    if request.mimetype == "multipart/form-data":
        # A field left empty in a page's form comes as a file without a name.
        files = [Upload(file.filename, file.read()) for file in request.files.getlist("files") if file.filename]
        if not files:
            raise ApiError(422, "no_files", "files")
        return files
    if not (request.mimetype.startswith("text/") or request.mimetype == "application/octet-stream"):
        raise ApiError(415, "unsupported_media_type", text="unsupported_media_type.files")
    if not name:
        raise invalid_field("name", "reason.no_file_name")
    return [Upload(name, request.get_data())]


def _report(report: UploadReport) -> Response:
    language = request_language()
    out = UploadOut.of(report, language)
    if not report.taken:
        reasons = (
            MESSAGES.message("upload_refused.between").told(language).join(error.worded(language) for error in report.failed)
        )
        message = MESSAGES.message("upload_refused", reasons=reasons).told(language)
        error = ErrorBody(code="upload_refused", message=message, field="files")
        return reply(RefusedOut(error=error, failed=out.failed), 422)
    if report.failed:
        return reply(out, 207)
    return reply(out, 200 if all(taken.state is State.UNCHANGED for taken in report.taken) else 201)


def _archive_busy() -> ApiError:
    retry = {"Retry-After": str(_RETRY_SECONDS)}
    return ApiError(503, "archive_busy", headers=retry)
