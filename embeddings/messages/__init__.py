"""What is told to people: a table of templates a language, and the look-up of a text in the chosen one.

A language is a file with one dict. Whoever raises or returns something to be told
makes a `Message`, a key with its values; it is worded where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from embeddings.messages import en, zh

Value = object
"""What stands for a placeholder; a Message among the values is worded with the rest, in the same language."""


class Messages:
    """The tables of one part of the program, by language; the first language steps in where another lacks a text."""

    def __init__(self, **tables: Mapping[str, str]) -> None:
        self.tables = tables

    def __contains__(self, key: str) -> bool:
        return any(key in table for table in self.tables.values())

    def message(self, key: str, /, **values: Value) -> Message:
        """Return a text that is worded when it is shown; raises KeyError where no table has it."""
        if key not in self:
            raise KeyError(key)
        return Message(self, key, values)

    def text(self, key: str, /, **values: Value) -> str:
        """Word a text in the chosen language; raises KeyError where no table has it."""
        return self.message(key, **values).told()


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be told: its key in a table, and the values of its placeholders."""

    table: Messages
    key: str
    values: Mapping[str, Value]

    def told(self, language: str | None = None) -> str:
        """Word it in a language, by default the chosen one."""
        language = language or chosen_language()
        tables = self.table.tables
        template = next(table[self.key] for table in (tables.get(language, {}), *tables.values()) if self.key in table)
        values = {name: value.told(language) if isinstance(value, Message) else value for name, value in self.values.items()}
        return template.format_map(values)

    def __str__(self) -> str:
        return self.told()


MESSAGES = Messages(zh=zh.TEXTS, en=en.TEXTS)
"""All that the archive, its readers of files and the command lines tell."""
LANGUAGES = tuple(MESSAGES.tables)

# Of the whole process, since a server words its log and its errors in threads of its own.
_chosen = LANGUAGES[0]


def chosen_language() -> str:
    """Return the language that texts are worded in."""
    return _chosen


def use_language(language: str) -> None:
    """Word texts in this language from now on; raises KeyError where there is no table of it."""
    if language not in LANGUAGES:
        raise KeyError(language)
    global _chosen
    _chosen = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Word texts in this language for a while."""
    before = chosen_language()
    use_language(language)
    try:
        yield
    finally:
        use_language(before)
