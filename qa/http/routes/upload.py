"""The routes that change the archive: issue files sent, issues deleted; both want the admin token."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import BaseModel, Field

from embeddings.command_line import read_field_map
from embeddings.errors import ArchiveError, NotUploadedError, SharedFileError
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.uploads import State, Upload, foresee, withdraw
from qa.http.auth import SECURITY
from qa.http.context import Context
from qa.http.errors import INTERNAL, ApiError, invalid_field, request_language
from qa.http.models import ErrorOut, IssuePath, Name, Strict
from qa.http.replies import ERRORS, OPERATING, reply
from qa.http.upload_jobs import BUSY, RETRY_SECONDS, UploadJob, UploadJobs
from qa.http.upload_models import ForeseenOut, RefusedOut, UploadJobOut, UploadJobsOut, UploadOut, UploadReply

log = logging.getLogger(__name__)

PATH = "/api/issues"
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
    wait: bool = Field(False, description="answer when the files are taken in, with the report, instead of at once")

    def options(self) -> ReadingOptions:
        """Return what is said of how the files are read; raises ApiError."""
        try:
            return ReadingOptions(self.paper, self.encoding, read_field_map(self.map or ""))
        except ValueError as error:
            raise invalid_field("map", "reason.no_field_map", pair=str(error)) from None


class UploadPath(BaseModel):
    """Which upload."""

    upload_id: str = Field(max_length=64)


class DeleteIn(Strict):
    """How an issue is deleted."""

    together: bool = Field(False, description="delete the other issues of its files too")


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add POST /api/issues, GET /api/uploads, whole and one by one, and DELETE /api/issues/<issue_id>."""
    archive, settings = context.archive, context.settings
    jobs = UploadJobs(archive, settings.max_uploads)
    if settings.admin_token is not None:
        jobs.resume()

    def told(job: UploadJob, status: int = 200) -> Response:
        response = reply(UploadJobOut.of(job, _url(job), request_language()), status)
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.post(
        PATH, summary="Upload issue files", tags=[OPERATING], security=SECURITY, openapi_extensions=_BODY,
        description="Files as multipart/form-data in the field `files`, or one as the body with its name in `name`. "
        "202: accepted; the address in Location tells how far it is, and the report. With wait the answer is the report: "
        "201: every file taken, one at least new; 200: every file known already; 207: some taken, some failed; "
        "422: none taken. With dry_run nothing is kept: 200 tells how each file would be read (ForeseenOut).",
        responses={
            **_DENIED, 200: UploadReply, 201: UploadOut, 202: UploadJobOut, 207: UploadOut, 422: RefusedOut,
        },
    )  # fmt: skip
    def _upload(query: UploadIn) -> Response:
        context.check_admin()
        request.max_content_length = settings.max_upload
        uploads, options = _sent(query.name), query.options()
        if query.dry_run:
            try:
                return reply(ForeseenOut.of(foresee(archive, uploads, options), request_language()))
            except ArchiveError:
                raise _archive_busy() from None
        # Who waits for the answer is told at once where another command has the archive.
        job = jobs.submit(uploads, options, patient=not query.wait)
        if query.wait:
            return _report(jobs.wait(job.upload_id))
        response = told(job, 202)
        response.headers["Location"] = _url(job)
        return response

    @app.get(
        "/api/uploads", summary="Uploads on their way", tags=[OPERATING], security=SECURITY,
        responses={200: UploadJobsOut, 401: ErrorOut, 403: ErrorOut},
    )  # fmt: skip
    def _uploads() -> Response:
        context.check_admin()
        language = request_language()
        return reply(UploadJobsOut(uploads=[UploadJobOut.of(job, _url(job), language) for job in jobs.all()]))

    @app.get(
        "/api/uploads/<upload_id>", summary="How far an upload is", tags=[OPERATING], security=SECURITY,
        responses={200: UploadJobOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )  # fmt: skip
    def _upload_job(path: UploadPath) -> Response:
        context.check_admin()
        job = jobs.get(path.upload_id)
        if job is None:
            raise ApiError(404, "upload_not_found", "upload_id", upload_id=path.upload_id)
        return told(job)

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
        if removed:
            log.info("deleted issue %s, asked by %s", path.issue_id, request.remote_addr)
        else:
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


def _url(job: UploadJob) -> str:
    return f"/api/uploads/{job.upload_id}"


def _report(job: UploadJob) -> Response:
    if job.report is None:
        raise _archive_busy() if job.fault == BUSY else ApiError(500, INTERNAL)
    report, language = job.report, request_language()
    if not report.taken and report.failed:
        return reply(RefusedOut.refusing(report, language), 422)
    out = UploadOut.of(report, language)
    if report.failed:
        return reply(out, 207)
    return reply(out, 200 if all(taken.state is State.UNCHANGED for taken in report.taken) else 201)


def _archive_busy() -> ApiError:
    retry = {"Retry-After": str(RETRY_SECONDS)}
    return ApiError(503, "archive_busy", headers=retry)
