"""What the server counts of itself, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from embeddings.store.archive import Archive
from qa.answering.answer import Answer

OUTCOMES = ("answered", "declined", "met", "error", "refused")
STAGES = ("understand", "retrieve", "read")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one application; each has a registry of its own, so that two in a process do not collide."""

    def __init__(self, archive: Archive) -> None:
        self.registry = CollectorRegistry()
        self._asks = Counter("wenbao_asks", "Questions by outcome", ["outcome"], registry=self.registry)
        self._stages = Histogram(
            "wenbao_stage_seconds", "Seconds that each step to an answer took", ["stage"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        # A series that is there from the start, at zero, can be watched for its first rise.
        for outcome in OUTCOMES:
            self._asks.labels(outcome)
        for stage in STAGES:
            self._stages.labels(stage)
        held = {
            "wenbao_issues": ("Issues in the archive", lambda: archive.extent().issues),
            "wenbao_articles": ("Articles in the archive", lambda: archive.extent().articles),
            "wenbao_chunks": ("Passages in the archive", lambda: archive.extent().chunks),
            "wenbao_index_generation": ("Generation of the index that searches see", lambda: archive.refresh().generation),
        }
        for name, (text, value) in held.items():
            Gauge(name, text, registry=self.registry).set_function(value)
        ProcessCollector(registry=self.registry)

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
