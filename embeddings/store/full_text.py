"""The full-text queries: every FTS5 MATCH expression, and all quoting of the words in it, is written here.

A word stands in an expression only as an FTS5 string, so that operators (AND,
NEAR), marks (* : ^ + -) and brackets mean nothing in it. What the tokenizer
parts (`a"b`, a blank) is then looked for as a phrase. An expression that is
empty finds nothing and must not be given to FTS5, which takes it for an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Column = Literal["title", "body"]


def any_of(words: Iterable[str]) -> str:
    """Return the expression for what holds at least one of these words; empty where there is none."""
    return " OR ".join(_strings(words))


def all_of(words: Iterable[str]) -> str:
    """Return the expression for what holds each of these words, wherever they stand; empty where there is none."""
    return " AND ".join(_strings(words))


def phrase(words: Iterable[str]) -> str:
    """Return the expression for what holds these words side by side and in this order; empty where there is none."""
    return "".join(_strings([" ".join(words)]))


def within(column: Column, expression: str) -> str:
    """Return an expression that holds in one column; empty where it is empty."""
    return f"{column} : ({expression})" if expression else ""


def both(first: str, second: str) -> str:
    """Return the expression for what two expressions find; empty where either is, as that one finds nothing."""
    return f"({first}) AND ({second})" if first and second else ""


def _strings(words: Iterable[str]) -> list[str]:
    """Write words as FTS5 strings, each once (BM25 would count it twice), without those that hold nothing to look for.

    NUL would end the whole expression; the tokenizer takes it for a blank in print, so a blank it is.
    """
    plain = (word.replace("\0", " ").strip() for word in words)
    return list(dict.fromkeys('"' + word.replace('"', '""') + '"' for word in plain if word.strip('" ')))
