"""What passes between whoever wants a file read and the reader of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.records import Issue


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the operator says of files; it wins over what is printed in them, and over every guess."""

    paper: str | None = None
    encoding: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """For records (JSON, CSV): the file's own name of each of our fields, such as {"title": "标题"}."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file holds: articles of one issue or of several, in the order met; an issue may have more in other files."""

    reader: str
    """The name of the reader that took it, for reports."""
    issues: tuple[Issue, ...]
    """Each with the articles of this file alone."""
    encoding: str | None = None
    warnings: tuple[str, ...] = ()
    """Of the file; those of an issue stand with it."""


TextReader = Callable[[Path, str, ReadingOptions], tuple[Issue, ...]]
"""Reads the issues of a text; raises IssueError with the file, the line and the reason."""
FormatReader = Callable[[Path, bytes, ReadingOptions], FileReading]
"""Reads the bytes of a file; raises IssueError."""
