"""The routes that change the archive: issue files sent, issues deleted; both want the admin token."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field, RootModel

from embeddings.command_line import read_field_map
from embeddings.errors import ArchiveError, IssueError, NotUploadedError, SharedFileError
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.plan import FileState
from embeddings.ingest.preview import FilePreview, PreviewedHeadline, PreviewedIssue
from embeddings.ingest.uploads import State, Upload, UploadReport, foresee, take_in, withdraw
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import ApiError, invalid_field, request_language
from qa.http.messages import MESSAGES
from qa.http.models import ErrorBody, ErrorOut, IssuePath, Name, Page, Strict, page_of
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
    paper: Name | None = Field(None, description="the paper of the files, whatever they say")
    encoding: Name | None = Field(None, description="text encoding of the files; without it they are told apart")
    map: str | None = Field(None, max_length=2000, description="the files' own names of fields: title=标题,date=日期")
    dry_run: bool = Field(False, description="tell how each file would be read, and keep nothing")

    def options(self) -> ReadingOptions:
        """Return what is said of how the files are read; raises ApiError."""
        try:
            return ReadingOptions(self.paper, self.encoding, read_field_map(self.map or ""))
        except ValueError as error:
            raise invalid_field("map", "reason.no_field_map", pair=str(error)) from None


class DeleteIn(Strict):
    """How an issue is deleted."""

    together: bool = Field(False, description="delete the other issues of its files too")


class TakenOut(BaseModel):
    """An uploaded file that the archive holds, once for each of its issues."""

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


class HeadlineOut(BaseModel):
    """A headline with what stands by it."""

    title: str
    page: Page
    byline: str | None

    @classmethod
    def of(cls, headline: PreviewedHeadline) -> Self:
        """Write a headline."""
        return cls(title=headline.title, page=page_of(headline.page), byline=headline.byline)


class IssueForeseen(BaseModel):
    """What a file would give to one issue."""

    issue_id: str
    paper: str
    issue_date: date
    last_date: date | None
    edition: str | None
    issue_number: int | None
    pages: list[str]
    articles: int
    indexed: int = Field(description="articles that would be embedded: the rest is held already")
    headlines: list[HeadlineOut] = Field(description="the first ones")
    warnings: list[str]

    @classmethod
    def of(cls, issue: PreviewedIssue) -> Self:
        """Write an issue as it would be."""
        return cls(
            issue_id=issue.issue_id,
            paper=issue.paper,
            issue_date=issue.issue_date,
            last_date=issue.last_date,
            edition=issue.edition,
            issue_number=issue.issue_number,
            pages=list(issue.pages),
            articles=issue.articles,
            indexed=issue.indexed,
            headlines=[HeadlineOut.of(headline) for headline in issue.headlines],
            warnings=list(issue.warnings),
        )


class FileForeseen(BaseModel):
    """What a file is read as."""

    file: str
    state: FileState
    reader: str
    encoding: str | None
    issues: list[IssueForeseen]
    warnings: list[str]

    @classmethod
    def of(cls, file: FilePreview, state: FileState) -> Self:
        """Write a file as it would be read."""
        return cls(
            file=file.path,
            state=state,
            reader=file.reader,
            encoding=file.encoding,
            issues=[IssueForeseen.of(issue) for issue in file.issues],
            warnings=list(file.warnings),
        )


class ForeseenOut(BaseModel):
    """What an upload would do; nothing of it is kept."""

    files: list[FileForeseen]
    failed: list[FailedFileOut]

    @classmethod
    def of(cls, files: Sequence[FilePreview], language: str) -> Self:
        """Write what was foreseen."""
        return cls(
            files=[FileForeseen.of(file, file.state) for file in files if file.state is not None],
            failed=[FailedFileOut.of(file.error, language) for file in files if file.error is not None],
        )


class UploadReply(RootModel[UploadOut | ForeseenOut]):
    """What became of files, or with `dry_run` what would become of them."""


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
        "422: none taken. With dry_run nothing is kept: 200 tells how each file would be read (ForeseenOut).",
        responses={**_DENIED, 200: UploadReply, 201: UploadOut, 207: UploadOut, 422: RefusedOut},
    )  # fmt: skip
    def _upload(query: UploadIn) -> Response:
        context.check_admin()
        request.max_content_length = settings.max_upload
        uploads, options = _sent(query.name), query.options()
        try:
            if query.dry_run:
                return reply(ForeseenOut.of(foresee(archive, uploads, options), request_language()))
            report = take_in(archive, uploads, options)
        except ArchiveError:
            raise _archive_busy() from None
        log.info("upload: %d taken, %d failed", len(report.taken), len(report.failed))
        return _report(report)

    @app.delete(
        f"{PATH}/<issue_id>", summary="Delete an uploaded issue", tags=[OPERATING], security=SECURITY,
        description="409: the issue was read from a folder of the operator's, where its file must be deleted; or its file "
        "holds other issues too, which `together` deletes with it.",
        responses={**_DENIED, 204: None, 409: ErrorOut},
    )  # fmt: skip
    def _delete(path: IssuePath, query: DeleteIn) -> Response:
        context.check_admin()
        try:
            removed = withdraw(archive, path.issue_id, together=query.together)
        except NotUploadedError as error:
            raise ApiError(409, "issue_not_uploaded", "issue_id", issue_id=path.issue_id, source=error.source) from None
        except SharedFileError as error:
            raise ApiError(
                409,
                "issue_shares_file",
                "issue_id",
                issue_id=path.issue_id,
                count=len(error.others),
                others=", ".join(error.others[:5]),
            ) from None
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
