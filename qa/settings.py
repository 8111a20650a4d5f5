"""All settings of the server in one place; each is read from WENBAO_ and its name in capitals."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from embeddings.settings import ArchiveSettings


class Settings(ArchiveSettings):
    """The settings of the archive and of the server on top of it."""

    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=0, le=65535, description="port the server listens on")
    workers: int = Field(8, ge=1, le=64, description="requests served side by side")
    min_confidence: float = Field(0.25, ge=0, le=1, description="an answer less likely than this is not given")
    adapter: Path | None = Field(None, description="folder of a trained reader; empty: the one that comes with the package")
    max_question: int = Field(500, ge=10, le=10_000, description="characters a question may have")
    max_body: int = Field(65_536, ge=1_024, description="bytes a request may have")
    examples: Path | None = Field(None, description="JSONL file of questions offered to a first-time visitor")
