"""What the server counts of itself, in Prometheus' text format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from embeddings.store.archive import Archive
from qa.answering.answer import Answer
from qa.http.gate import Gate

OUTCOMES = ("answered", "declined", "met", "error", "refused")
STAGES = ("understand", "retrieve", "read")
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one application; each has a registry of its own, so that two in a process do not collide."""

    def __init__(self, archive: Archive, gate: Gate) -> None:
        self.registry = CollectorRegistry()
        self._asks = Counter("wenbao_asks", "Questions by outcome", ["outcome"], registry=self.registry)
        self._stages = Histogram(
            "wenbao_stage_seconds", "Seconds that each step to an answer took", ["stage"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._whole = Histogram(
            "wenbao_ask_seconds", "Seconds from a question to its answer, waiting included", buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._requests = Counter(
            "wenbao_http_requests", "Requests by route and status", ["method", "route", "status"], registry=self.registry
        )
        self._request_seconds = Histogram(
            "wenbao_http_request_seconds", "Seconds until the whole answer was sent", ["route"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        # A series that is there from the start, at zero, can be watched for its first rise.
        for outcome in OUTCOMES:
            self._asks.labels(outcome)
        for stage in STAGES:
            self._stages.labels(stage)
        held: dict[str, tuple[str, Callable[[], float]]] = {
            "wenbao_asks_under_way": ("Questions let in, read or waiting", lambda: gate.inside),
            "wenbao_asks_waiting": ("Questions that wait for a reader", lambda: gate.waiting),
            "wenbao_issues": ("Issues in the archive", lambda: archive.extent().issues),
            "wenbao_articles": ("Articles in the archive", lambda: archive.extent().articles),
            "wenbao_chunks": ("Passages in the archive", lambda: archive.extent().chunks),
            "wenbao_index_generation": ("Generation of the index that searches see", lambda: archive.refresh().generation),
            "wenbao_archive_bytes": ("Bytes of the archive's catalogue and index", lambda: _size_of(archive.folder)),
        }
        for name, (text, value) in held.items():
            Gauge(name, text, registry=self.registry).set_function(value)
        ProcessCollector(registry=self.registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered whole; `route` is the pattern of its address, empty where there is none."""
        self._requests.labels(method if method in METHODS else "other", route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count(self, outcome: str) -> None:
        """Count what got no answer: `error` or `refused`."""
        self._asks.labels(outcome).inc()

    def observe(self, answer: Answer) -> None:
        """Count an answer, given or declined, and the time of its steps; `met` where it was no question to an archive."""
        if answer.notice:
            self.count("met")
            return
        self.count("answered" if answer.answered else "declined")
        for stage in STAGES:
            self._stages.labels(stage).observe(getattr(answer.timing, stage) / 1000)
        self._whole.observe(answer.timing.total / 1000)


def _size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder; those in its folders, such as uploads, are the operator's own."""
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False))
