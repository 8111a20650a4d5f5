"""JSON Lines: one JSON object a line, with errors that name the file and the line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from embeddings.errors import WenbaoError, described

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One object of a file, and where it stands."""

    fields: dict[str, Any]
    path: Path
    number: int
    """Counted from 1, empty lines too."""


def read_json_lines(path: Path, parse: Callable[[JsonLine], T | None], *, code: str, error: type[WenbaoError]) -> Iterator[T]:
    """Yield what `parse` makes of each line, less those that it returns None for; empty lines are skipped.

    Raises `error` with the file, and with the line and the message of this `code`, which says what is wanted, where
    a line is no JSON object or `parse` raises KeyError, TypeError, ValueError or AttributeError.
    """
    # Read by the file's own lines: str.splitlines would also cut at U+2028 and the like, which JSON strings may hold.
    with path.open(encoding="utf-8") as lines:
        try:
            for number, text in enumerate(lines, start=1):
                if not text.strip():
                    continue
                try:
                    fields = json.loads(text)
                    if not isinstance(fields, dict):
                        raise TypeError(f"{type(fields).__name__}, not an object")
                    found = parse(JsonLine(fields, path, number))
                except (ValueError, KeyError, TypeError, AttributeError) as cause:
                    raise error(code, path, number, detail=described(cause)) from None
                if found is not None:
                    yield found
        except UnicodeDecodeError:
            raise error("text_encoding", path) from None
