"""All settings of the server in one place; each is read from WENBAO_ and its name in capitals."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from limits import RateLimitItem, parse_many
from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from embeddings.settings import ArchiveSettings

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
Network = IPv4Network | IPv6Network
NO_LIMIT = "off"


class Settings(ArchiveSettings):
    """The settings of the archive and of the server on top of it."""

    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=0, le=65535, description="port the server listens on")
    workers: int = Field(32, ge=1, le=64, description="requests served side by side")
    connections: int = Field(512, ge=8, le=10_000, description="connections open at once; idle ones give way to new ones")
    client_connections: int = Field(64, ge=0, le=10_000, description="the same of one client address; 0: no such limit")
    idle_seconds: float = Field(30, ge=0.1, le=3_600, description="seconds a connection may wait for its next request")
    header_seconds: float = Field(10, ge=0.1, le=3_600, description="seconds in which the headers of a request must come")
    body_seconds: float = Field(120, ge=0.1, le=3_600, description="seconds in which a whole request must come")
    request_seconds: float = Field(
        600, ge=0.1, le=86_400, description="seconds from a request's first byte to its answer's last"
    )
    stop_seconds: float = Field(
        20, ge=0, le=600, description="seconds that a server told to stop takes to answer what is under way"
    )
    readers: int = Field(2, ge=1, le=64, description="questions read side by side; further ones wait")
    max_waiting: int = Field(24, ge=0, le=1_000, description="questions that may wait for it; one more is refused with 503")
    max_wait: float = Field(30, ge=1, le=600, description="seconds a question may wait for the reader; then, or before: 503")
    min_confidence: float | None = Field(None, ge=0, le=1, description="what is less likely is not given; empty: by the reader")
    adapter: Path | None = Field(None, description="folder of a trained reader; empty: the one that comes with the package")
    max_question: int = Field(500, ge=10, le=10_000, description="characters a question may have")
    max_turns: int = Field(12, ge=0, le=12, description="earlier turns of a conversation that are read, the last ones")
    max_told: int = Field(500, ge=0, le=10_000, description="characters of an earlier answer that are read")
    max_body: int = Field(65_536, ge=1_024, description="bytes a request may have")
    examples: Path | None = Field(None, description="JSONL file of questions offered to a first-time visitor")
    admin_token: SecretStr | None = Field(None, description="secret of those who may upload and delete issues; empty: nobody")
    max_upload: int = Field(20_971_520, ge=1_024, description="bytes an upload of issue files may have")
    max_uploads: int = Field(
        8, ge=1, le=1_000, description="uploads that may wait to be taken in; one more is refused with 503"
    )
    embed_origins: str = Field("", description="sites that may show the chat in a frame, comma separated; empty: none")
    feedback: bool = Field(True, description="0: what visitors say of an answer is not kept")
    read_token: SecretStr | None = Field(None, description="secret of those who may read and ask; empty: everybody")
    trusted_proxies: str = Field("", description="addresses or networks whose X-Forwarded-For is believed; empty: none")
    limit_ask: str = Field("600/minute", description="questions and searches of one client; off: any number")
    limit_verify: str = Field("600/minute", description="quotations checked for one client")
    limit_feedback: str = Field("10/minute;100/day", description="what is kept of what one client says of answers")
    limit_tokens: str = Field("10/minute;100/hour", description="wrong tokens of one client; then right ones wait too")
    log_format: Literal["text", "json"] = Field("text", description="lines of the log: text, or a JSON object each")
    log_requests: bool = Field(True, description="0: requests are not logged")
    log_questions: bool = Field(False, description="1: the log tells what was asked")

    @field_validator("embed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        # They go into a header, where a semicolon would begin another rule.
        for origin in _listed(value):
            if not _ORIGIN.fullmatch(origin):
                raise PydanticCustomError("origin", "no origin", {"origin": origin})
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in _listed(value):
            try:
                ip_network(network)
            except ValueError:
                raise PydanticCustomError("network", "no network", {"network": network}) from None
        return value

    @field_validator("limit_ask", "limit_verify", "limit_feedback", "limit_tokens")
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        try:
            rates_of(value)
        except ValueError:
            raise PydanticCustomError("rate", "no rate", {}) from None
        return value

    @property
    def proxies(self) -> list[Network]:
        """Return the networks of the proxies in front of the server."""
        return [ip_network(network) for network in _listed(self.trusted_proxies)]

    @property
    def embedders(self) -> list[str]:
        """Return the sites that may show the chat in a frame."""
        return _listed(self.embed_origins)


def rates_of(value: str) -> list[RateLimitItem]:
    """Return the rates of a setting such as 10/minute;100/day, none of them for `off`; raises ValueError."""
    return [] if value == NO_LIMIT else parse_many(value)


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
