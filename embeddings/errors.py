"""Every error that the archive raises on purpose; each message says what to do."""

from __future__ import annotations

from pathlib import Path


class WenbaoError(Exception):
    """The parent of all errors with a message meant for the operator."""


class IssueError(WenbaoError):
    """An issue file that cannot be read."""

    def __init__(self, path: Path | str, reason: str, line: int | None = None) -> None:
        place = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{place}: {reason}")
        self.path, self.line, self.reason = str(path), line, reason


class ArchiveError(WenbaoError):
    """An archive that is missing, damaged, busy or of another make."""


class ModelError(WenbaoError):
    """An encoder that cannot be loaded, or that is not the one the archive was made with."""
