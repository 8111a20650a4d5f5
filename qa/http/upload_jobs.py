"""Uploads as jobs: accepted at once, taken in one after the other beside the questions, asked after by their id."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from embeddings.errors import ArchiveError
from embeddings.formats.reading import ReadingOptions
from embeddings.ingest import waiting_uploads
from embeddings.ingest.uploads import Upload, UploadReport, take_in
from embeddings.store.archive import Archive
from qa.http.errors import INTERNAL, ApiError

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
BUSY = "archive_busy"
_PATIENCE_SECONDS = 600
"""How long a job waits for another writer of the archive, such as a long sync, before it fails."""
_AGAIN_SECONDS = 1.0
_REMEMBERED = 100
"""Jobs that ended and can still be asked after."""


class JobState(StrEnum):
    """How far an upload is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UploadJob:
    """An upload on its way; of one that failed with a report nothing could be taken."""

    upload_id: str
    files: int
    state: JobState = JobState.QUEUED
    files_done: int = 0
    chunks: int = 0
    report: UploadReport | None = None
    fault: str = ""
    """The code of what kept it from a report."""

    @property
    def ended(self) -> bool:
        """Say whether nothing more will become of it."""
        return self.state in (JobState.DONE, JobState.FAILED)


class UploadJobs:
    """Takes uploads in, one at a time, in a thread that lives while there are any."""

    def __init__(self, archive: Archive, most: int) -> None:
        self._archive, self._most = archive, most
        self._changed = threading.Condition()
        self._jobs: dict[str, UploadJob] = {}
        self._line: deque[tuple[str, bool]] = deque()
        self._working = False

    def resume(self) -> None:
        """Go on with what a stop left waiting."""
        for upload_id, files in waiting_uploads.waiting(self._archive).items():
            with self._changed:
                self._add(UploadJob(upload_id, files), patient=True)

    def submit(self, uploads: Sequence[Upload], options: ReadingOptions, *, patient: bool = True) -> UploadJob:
        """Accept an upload; a `patient` one waits where another writer has the archive.

        Raises the error 503 where as many wait as may.
        """
        self._check_room()
        upload_id = waiting_uploads.lay_by(self._archive, uploads, options)
        job = UploadJob(upload_id, len(uploads))
        with self._changed:
            try:
                self._check_room()
            except ApiError:
                waiting_uploads.drop(self._archive, upload_id)
                raise
            self._add(job, patient)
        return job

    def _check_room(self) -> None:
        if len(self._line) >= self._most:
            raise ApiError(503, "uploads_full", headers={"Retry-After": str(RETRY_SECONDS)}, most=self._most)

    def get(self, upload_id: str) -> UploadJob | None:
        """Return a job as it is now, or None where none of this id is remembered."""
        return self._jobs.get(upload_id)

    def all(self) -> list[UploadJob]:
        """Return the jobs that are remembered, newest first."""
        with self._changed:
            return list(self._jobs.values())[::-1]

    def wait(self, upload_id: str) -> UploadJob:
        """Wait until a job has ended, and return it."""
        with self._changed:
            job = self._jobs[upload_id]
            while not job.ended:
                self._changed.wait()
                job = self._jobs.get(upload_id, job)
            return job

    def _add(self, job: UploadJob, patient: bool) -> None:
        self._jobs[job.upload_id] = job
        ended = [one.upload_id for one in self._jobs.values() if one.ended]
        for upload_id in ended[:-_REMEMBERED]:
            del self._jobs[upload_id]
        self._line.append((job.upload_id, patient))
        if not self._working:
            self._working = True
            threading.Thread(target=self._work, name="uploads", daemon=True).start()

    def _change(self, upload_id: str, **facts: Any) -> None:
        with self._changed:
            self._jobs[upload_id] = replace(self._jobs[upload_id], **facts)
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._line:
                    self._working = False
                    return
                upload_id, patient = self._line.popleft()
            self._change(upload_id, state=JobState.RUNNING)
            facts: dict[str, Any]
            try:
                report = self._take_in(upload_id, patient)
                state = JobState.DONE if report.taken or not report.failed else JobState.FAILED
                facts = {"state": state, "report": report, "files_done": self._jobs[upload_id].files}
                log.info("upload %s: %d taken, %d failed", upload_id, len(report.taken), len(report.failed))
            except ArchiveError:
                facts = {"state": JobState.FAILED, "fault": BUSY}
            except Exception:
                log.exception("upload %s failed", upload_id)
                facts = {"state": JobState.FAILED, "fault": INTERNAL}
            # The files go before the end is told: who asks then finds nothing left over.
            waiting_uploads.drop(self._archive, upload_id)
            self._archive.close()
            self._change(upload_id, **facts)

    def _take_in(self, upload_id: str, patient: bool) -> UploadReport:
        uploads, options = waiting_uploads.laid_by(self._archive, upload_id)

        def advance(chunks: int) -> None:
            job = self._jobs[upload_id]
            self._change(upload_id, files_done=min(job.files_done + 1, job.files), chunks=job.chunks + chunks)

        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return take_in(self._archive, uploads, options, advance)
            except ArchiveError:
                if not patient or time.monotonic() > until:
                    raise
            self._change(upload_id, files_done=0, chunks=0)
            time.sleep(_AGAIN_SECONDS)
