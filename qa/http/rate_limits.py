"""How much one client may ask of the server, and what a client that asks more is told."""

from __future__ import annotations

import math
import time
from enum import StrEnum

from flask import request
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from qa.http.errors import ApiError
from qa.http.proxies import client_of
from qa.settings import Settings, rates_of


class Limited(StrEnum):
    """What is counted for each client, each by itself."""

    ASK = "ask"
    VERIFY = "verify"
    FEEDBACK = "feedback"
    TOKENS = "tokens"


class RateLimits:
    """The counts of one application, by client and by what is limited; safe for any number of threads.

    Windows are fixed: they take one number a client, and tell to the second when the next begins.
    """

    def __init__(self, rates: dict[Limited, list[RateLimitItem]]) -> None:
        self._rates, self._limiter = rates, FixedWindowRateLimiter(MemoryStorage())

    @classmethod
    def of(cls, settings: Settings) -> RateLimits:
        """Make the limits of a server."""
        return cls({limited: rates_of(getattr(settings, f"limit_{limited}")) for limited in Limited})

    def count(self, limited: Limited) -> None:
        """Count the present request; raises the error 429 where its client did as much before as it may."""
        self.check(limited)
        for rate in self._rates[limited]:
            self._limiter.hit(rate, limited, client_of(request.remote_addr or ""))

    def check(self, limited: Limited) -> None:
        """Raise the error 429 where the client of the present request may do no more of this for now."""
        client = client_of(request.remote_addr or "")
        over = [rate for rate in self._rates[limited] if not self._limiter.test(rate, limited, client)]
        if over:
            ends = max(self._limiter.get_window_stats(rate, limited, client).reset_time for rate in over)
            seconds = max(1, math.ceil(ends - time.time()))
            headers = {"Retry-After": str(seconds)}
            raise ApiError(429, "too_many_requests", text="too_many_requests.wait", headers=headers, seconds=seconds)
