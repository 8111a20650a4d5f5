"""The settings of an archive, read once from the environment (prefix WENBAO_)."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.errors import WenbaoError

ENV_PREFIX = "WENBAO_"


class SettingsError(WenbaoError):
    """A setting with a value that cannot be used."""


class ArchiveSettings(BaseSettings):
    """Where the archive lies and how it is made; each field is WENBAO_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    archive: Path = Field(Path("archive"), description="folder of the archive (catalogue and index)")
    model: str = Field("", description="sentence-transformers folder or hub name; empty: the model unpacked at set-up")
    chunk_size: int = Field(260, ge=40, le=2000, description="characters a chunk holds at most, about")
    chunk_overlap: int = Field(1, ge=0, le=5, description="sentences that neighbouring chunks share")
    names: Path | None = Field(None, description="UTF-8 file of names and their aliases, a line for each; empty: none")
    threads: int = Field(0, ge=0, le=256, description="CPU threads for the models; 0: all cores")

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Read the environment; an override that is None is left out. Raises SettingsError naming the variable."""
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            name = ENV_PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(f"{name}={first['input']!r}: {first['msg']}") from None
