"""Every error that the archive raises on purpose: a code and values, worded in the chosen language when it is shown."""

from __future__ import annotations

import errno
import json
import os
import socket
import sqlite3
from pathlib import Path

from embeddings.messages import MESSAGES, Message, Value


class WenbaoError(Exception):
    """The parent of all errors with a message meant for the operator.

    `code` names the message in `embeddings.messages`; `path` and `line` say which
    file it is about, where it is about one, and the values are what the message
    says of the case.
    """

    def __init__(self, code: str, /, path: Path | str | None = None, line: int | None = None, **values: Value) -> None:
        super().__init__(code)
        self.code, self.line = code, line
        self.path = "" if path is None else printable(path)
        shown = {name: printable(value) if isinstance(value, (str, Path)) else value for name, value in values.items()}
        self.message = MESSAGES.message(code, **shown)

    @property
    def reason(self) -> str:
        """What is wrong, without the file's name."""
        return self.message.told()

    def worded(self, language: str | None = None) -> str:
        """Say where and what, in a language, by default the chosen one."""
        place = f"{self.path}:{self.line}" if self.line is not None else self.path
        reason = self.message.told(language)
        return f"{place}: {reason}" if place else reason

    def __str__(self) -> str:
        return self.worded()


class IssueError(WenbaoError):
    """An issue file that cannot be read."""

    def __init__(self, code: str, path: Path | str, line: int | None = None, **values: Value) -> None:
        super().__init__(code, path, line, **values)

    @property
    def values(self) -> dict[str, str]:
        """What the reason says of this file, for whoever tells it in other words."""
        return {name: str(value) for name, value in self.message.values.items()}

    def of(self, name: str, folder: str = "") -> IssueError:
        """Return this error as that of a file of another name, with nothing told of the folder it lies in."""
        values = {
            key: value.replace(folder, "") if folder and isinstance(value, str) else value
            for key, value in self.message.values.items()
        }
        return IssueError(self.code, name, self.line, **values)


class NamesError(WenbaoError):
    """A dictionary of names that cannot be used."""


class SettingsError(WenbaoError):
    """A setting with a value that cannot be used."""


class ArchiveError(WenbaoError):
    """An archive that is missing, damaged, busy or of another make."""


class UnreadableError(ArchiveError):
    """A catalogue that SQLite cannot read, for the disk or for damage."""


class DamagedError(ArchiveError):
    """An issue or an article that is not as it was stored, and is shown to nobody until it is mended."""


class UnstorableError(ArchiveError):
    """An issue that no table takes, such as one with a number beyond 64 bits; nothing of it is stored."""


class NotUploadedError(ArchiveError):
    """An issue that was read from a file of the operator's own, which is not deleted from here."""

    def __init__(self, issue_id: str, source: str) -> None:
        super().__init__("not_uploaded", issue_id=issue_id, source=source)
        self.source = source


class SharedFileError(ArchiveError):
    """An issue whose uploaded files hold other issues too, which would be deleted with it."""

    def __init__(self, issue_id: str, others: list[str]) -> None:
        super().__init__("shared_file", issue_id=issue_id, count=len(others), others=", ".join(others[:5]))
        self.others = others


class CorrectionError(WenbaoError):
    """A correction that cannot be made as it is asked for; nothing is changed then."""


class ModelError(WenbaoError):
    """An encoder that cannot be loaded, or that is not the one the archive was made with."""


class ModelFileError(ModelError):
    """A packed model cannot be used; the message names the file, the fault and the remedy."""


def printable(text: Path | str) -> str:
    """Return a path, or any other text, as it can be printed, stored and sent: bytes that are no UTF-8 are escaped."""
    try:
        return os.fsencode(text).decode(errors="backslashreplace")
    except UnicodeEncodeError:  # half of a surrogate pair that stands for no byte
        return str(text).encode(errors="backslashreplace").decode()


def unreadable(error: sqlite3.DatabaseError) -> UnreadableError | None:
    """Return what SQLite says of a file that it cannot read; None for a fault of ours, such as a wrong statement."""
    ours = isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InternalError))
    if ours or getattr(error, "sqlite_errorname", "SQLITE_ERROR") == "SQLITE_ERROR":
        return None
    return UnreadableError("archive_not_read", detail=described(error))


def described(error: BaseException) -> Message | str:
    """Return what an error of Python or of a library says, without a sentence in a language of its own.

    The system's errors are told in our words where we have some; of all others
    only names and places are, such as KeyError: 'title' or SQLITE_NOTADB.
    """
    if isinstance(error, socket.gaierror):
        return MESSAGES.message("os_no_host")
    if isinstance(error, OSError) and error.errno is not None:
        name = errno.errorcode.get(error.errno, f"errno {error.errno}")
        return MESSAGES.message(f"os_{name}") if f"os_{name}" in MESSAGES else name
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        plain = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is an SQLITE_IOERR
        return MESSAGES.message(f"os_{plain}") if f"os_{plain}" in MESSAGES else name
    if isinstance(error, json.JSONDecodeError):
        return f"JSON {error.lineno}:{error.colno}"
    return f"KeyError: {error}" if isinstance(error, KeyError) else type(error).__name__


def told(error: WenbaoError | OSError) -> str:
    """Word an error that ends a command, with the file where it names one."""
    if isinstance(error, WenbaoError):
        return str(error)
    return ": ".join(str(part) for part in (error.filename and printable(error.filename), described(error)) if part)
