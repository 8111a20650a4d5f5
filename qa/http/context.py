"""What every group of routes is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from embeddings.store.archive import Archive
from qa.http.auth import Check, admin_check
from qa.http.gate import Gate
from qa.http.metrics import Metrics
from qa.http.rate_limits import RateLimits
from qa.reading.reader import Reader
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """The open archive and the loaded reader of one application, and what its routes share."""

    archive: Archive
    reader: Reader
    settings: Settings
    metrics: Metrics
    gate: Gate
    limits: RateLimits
    """What each client may ask; a route that costs something counts itself first."""
    check_admin: Check
    """Each route of the admin calls it first; it raises the errors 401 and 403."""

    @classmethod
    def of(cls, archive: Archive, reader: Reader, settings: Settings) -> Self:
        """Make what the routes of a new application share."""
        limits = RateLimits.of(settings)
        gate = Gate.of(settings)
        return cls(archive, reader, settings, Metrics(archive, gate), gate, limits, admin_check(settings, limits))
