"""Every error that the archive raises on purpose; each message says what to do."""

from __future__ import annotations

import os
from pathlib import Path


def printable(text: Path | str) -> str:
    """Return a path, or any other text, as it can be printed, stored and sent: bytes that are no UTF-8 are escaped."""
    try:
        return os.fsencode(text).decode(errors="backslashreplace")
    except UnicodeEncodeError:  # half of a surrogate pair that stands for no byte
        return str(text).encode(errors="backslashreplace").decode()


class WenbaoError(Exception):
    """The parent of all errors with a message meant for the operator."""


class IssueError(WenbaoError):
    """An issue file that cannot be read.

    `code` names the reason for whoever tells it in another language, and `values` hold what the reason says of this file.
    """

    def __init__(
        self, path: Path | str, reason: str, line: int | None = None, *, code: str = "unreadable", **values: str
    ) -> None:
        self.path, self.line, self.reason = printable(path), line, printable(reason)
        self.code, self.values = code, {name: printable(value) for name, value in values.items()}
        place = f"{self.path}:{line}" if line is not None else self.path
        super().__init__(f"{place}: {self.reason}")

    def of(self, name: str, folder: str = "") -> IssueError:
        """Return this error as that of a file of another name, with nothing told of the folder it lies in."""
        values = {key: value.replace(folder, "") for key, value in self.values.items()} if folder else self.values
        reason = self.reason.replace(folder, "") if folder else self.reason
        return IssueError(name, reason, self.line, code=self.code, **values)


class ArchiveError(WenbaoError):
    """An archive that is missing, damaged, busy or of another make."""


class UnstorableError(ArchiveError):
    """An issue that no table takes, such as one with a number beyond 64 bits; nothing of it is stored."""


class ModelError(WenbaoError):
    """An encoder that cannot be loaded, or that is not the one the archive was made with."""
