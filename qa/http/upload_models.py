"""What the routes of uploads answer: reports, previews, and jobs on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, Field, RootModel

from embeddings.errors import IssueError
from embeddings.ingest.plan import FileState
from embeddings.ingest.preview import FilePreview, PreviewedHeadline, PreviewedIssue
from embeddings.ingest.uploads import State, UploadReport
from qa.http.messages import MESSAGES
from qa.http.models import ErrorBody, ErrorOut, Page, page_of
from qa.http.request_log import request_id
from qa.http.upload_jobs import JobState, UploadJob


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

    @classmethod
    def refusing(cls, report: UploadReport, language: str) -> Self:
        """Write why nothing of a report's files could be taken."""
        between = MESSAGES.message("upload_refused.between").told(language)
        reasons = between.join(error.worded(language) for error in report.failed)
        message = MESSAGES.message("upload_refused", reasons=reasons).told(language)
        error = ErrorBody(code="upload_refused", message=message, field="files", request_id=request_id())
        return cls(error=error, failed=[FailedFileOut.of(one, language) for one in report.failed])


class UploadJobOut(BaseModel):
    """An upload on its way."""

    upload_id: str
    state: JobState
    files: int
    files_done: int
    chunks: int = Field(description="chunks of the files done")
    url: str = Field(description="where to ask how far it is")
    report: UploadOut | None = Field(description="when it has ended, unless a fault kept it from one")
    error: ErrorBody | None = Field(description="why it failed")

    @classmethod
    def of(cls, job: UploadJob, url: str, language: str) -> Self:
        """Write a job as it is now."""
        error = None
        if job.fault:
            error = ErrorBody(code=job.fault, message=MESSAGES.message(job.fault).told(language), field=None)
        elif job.state is JobState.FAILED and job.report is not None:
            error = RefusedOut.refusing(job.report, language).error
        report = UploadOut.of(job.report, language) if job.report is not None else None
        return cls(
            upload_id=job.upload_id, state=job.state, files=job.files, files_done=job.files_done, chunks=job.chunks,
            url=url, report=report, error=error,
        )  # fmt: skip


class UploadJobsOut(BaseModel):
    """The uploads that wait, the one that is taken in, and the last that were, newest first."""

    uploads: list[UploadJobOut]
