"""The routes that change the archive: issue files sent, issues deleted; both want the admin token."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, request
from flask_openapi3 import OpenAPI

from embeddings.errors import ArchiveError
from embeddings.ingest.uploads import NotUploadedError, State, Upload, UploadReport, take_in, withdraw
from embeddings.store.archive import Archive
from qa.http.auth import SECURITY, Check
from qa.http.errors import ApiError
from qa.http.replies import ERRORS, OPERATING, reply
from qa.http.request_models import IssuePath, UploadIn
from qa.http.response_models import ErrorBody, ErrorOut, RefusedOut, UploadOut
from qa.settings import Settings

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


def add_uploads(app: OpenAPI, archive: Archive, check: Check, settings: Settings) -> None:
    """Add POST /api/issues and DELETE /api/issues/<issue_id>."""

    @app.post(
        PATH, summary="Upload issue files", tags=[OPERATING], security=SECURITY, openapi_extensions=_BODY,
        description="Files as multipart/form-data in the field `files`, or one as the body with its name in `name`. "
        "201: every file taken, one at least new; 200: every file known already; 207: some taken, some failed; "
        "422: none taken.",
        responses={**_DENIED, 200: UploadOut, 201: UploadOut, 207: UploadOut, 422: RefusedOut},
    )  # fmt: skip
    def _upload(query: UploadIn) -> Response:
        check()
        request.max_content_length = settings.max_upload
        uploads = _sent(query.name)
        try:
            report = take_in(archive, uploads, query.paper)
        except ArchiveError:
            raise _changing() from None
        log.info("upload: %d taken, %d failed", len(report.taken), len(report.failed))
        return _told(report)

    @app.delete(
        f"{PATH}/<issue_id>", summary="Delete an uploaded issue", tags=[OPERATING], security=SECURITY,
        description="409: the issue was read from a folder of the operator's, where its file must be deleted.",
        responses={**_DENIED, 204: None, 409: ErrorOut},
    )  # fmt: skip
    def _delete(path: IssuePath) -> Response:
        check()
        try:
            removed = withdraw(archive, path.issue_id)
        except NotUploadedError as error:
            raise ApiError(
                409,
                "issue_not_uploaded",
                f"{path.issue_id} 不是上传的，而是从 {error.source} 读入的：请先删除这个文件，"
                "再对它所在的文件夹运行 python -m embeddings sync --prune DIR",
                "issue_id",
            ) from None
        except ArchiveError:
            raise _changing() from None
        if not removed:
            raise ApiError(404, "issue_not_found", f"没有 {path.issue_id} 这一期", "issue_id")
        return Response(status=204)


def _sent(name: str | None) -> list[Upload]:
    """Return the files of the request; raises the error 415 or 422 where it carries none."""
    if request.mimetype == "multipart/form-data":
        # A field left empty in a page's form comes as a file without a name.
        files = [Upload(file.filename, file.read()) for file in request.files.getlist("files") if file.filename]
        if not files:
            raise ApiError(422, "no_files", "没有收到文件：请放在 files 一栏里", "files")
        return files
    if not (request.mimetype.startswith("text/") or request.mimetype == "application/octet-stream"):
        raise ApiError(415, "unsupported_media_type", "请用 multipart/form-data 或 text/markdown 发送文件")
    if not name:
        raise ApiError(422, "invalid_field", "name：请在地址里写明文件名，如 ?name=2024-03-12.md", "name")
    return [Upload(name, request.get_data())]


def _told(report: UploadReport) -> Response:
    out = UploadOut.of(report)
    if not report.taken:
        reasons = "；".join(str(error) for error in report.failed)
        error = ErrorBody(code="upload_refused", message=f"没有收入任何文件：{reasons}", field="files")
        return reply(RefusedOut(error=error, failed=out.failed), 422)
    if report.failed:
        return reply(out, 207)
    return reply(out, 200 if all(taken.state is State.UNCHANGED for taken in report.taken) else 201)


def _changing() -> ApiError:
    retry = {"Retry-After": str(_RETRY_SECONDS)}
    return ApiError(503, "archive_busy", "另一个命令正在改动档案，请稍后再试", headers=retry)
