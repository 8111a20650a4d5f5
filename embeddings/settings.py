"""The settings of an archive, read once from the environment (prefix WENBAO_)."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.errors import SettingsError
from embeddings.messages import LANGUAGES, MESSAGES, Message

ENV_PREFIX = "WENBAO_"
CATALOGUE_FILE = "catalog.sqlite"
"""By it a folder is known to be an archive's."""


class LanguageSettings(BaseSettings):
    """The one setting that is needed before any other, and before the options of a command are read."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    lang: str = Field(LANGUAGES[0], description=f"language of reports and errors: {' or '.join(LANGUAGES)}")

    @field_validator("lang")
    @classmethod
    def _has_a_table(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise PydanticCustomError("language", "no table of texts", {"known": ", ".join(LANGUAGES)})
        return value

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Read the environment; an override that is None is left out. Raises SettingsError naming the variable."""
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            name = ENV_PREFIX + str(first["loc"][0]).upper()
            raise SettingsError("setting", name=name, value=repr(first["input"]), reason=_reason(first)) from None


class ArchiveSettings(LanguageSettings):
    """Where the archive lies and how it is made; each field is WENBAO_ and its name in capitals."""

    archive: Path = Field(Path("archive"), description="folder of the archive (catalogue and index)")
    model: str = Field("", description="sentence-transformers folder or hub name; empty: the model unpacked at set-up")
    chunk_size: int = Field(260, ge=40, le=2000, description="characters a chunk holds at most, about")
    chunk_overlap: int = Field(1, ge=0, le=5, description="sentences that neighbouring chunks share")
    names: Path | None = Field(None, description="UTF-8 file of names and their aliases, a line for each; empty: none")
    threads: int = Field(0, ge=0, le=256, description="CPU threads for the models; 0: all cores")


def _reason(fault: ErrorDetails) -> Message:
    """Return in our words what pydantic finds wrong with a value: its kind of fault names the text."""
    key = f"setting_{fault['type']}"
    return MESSAGES.message(key if key in MESSAGES else "setting_invalid", type=fault["type"], **fault.get("ctx", {}))
