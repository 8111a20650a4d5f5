"""What the HTTP face tells people: a table of templates a language, and the look-up of a text in one of them.

A language is a file with one dict. Whoever raises an error makes a `Message`, a key
with its values; it is worded in the language of the request, where it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import LanguageAccept

from qa.http.messages import en, zh


class Messages:
    """The tables of one part of the program, by language; the first language steps in where another lacks a text."""

    def __init__(self, **tables: Mapping[str, str]) -> None:
        self.tables = tables

    def __contains__(self, key: str) -> bool:
        return any(key in table for table in self.tables.values())

    def message(self, key: str, /, **values: object) -> Message:
        """Return a text that is worded when it is sent; raises KeyError where no table has it."""
        if key not in self:
            raise KeyError(key)
        return Message(self, key, values)


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be told: its key in a table, and the values of its placeholders."""

    table: Messages
    key: str
    values: Mapping[str, object]
    """A Message among them is worded with the rest, in the same language."""

    def told(self, language: str) -> str:
        """Word it in a language."""
        tables = self.table.tables
        template = next(table[self.key] for table in (tables.get(language, {}), *tables.values()) if self.key in table)
        values = {name: value.told(language) if isinstance(value, Message) else value for name, value in self.values.items()}
        return template.format_map(values)


MESSAGES = Messages(zh=zh.TEXTS, en=en.TEXTS)
"""All that errors over HTTP tell: codes of errors, and under `reason.` what may be wrong with a field."""
LANGUAGES = tuple(MESSAGES.tables)


def preferred_language(accepted: LanguageAccept) -> str:
    """Return the language of ours that Accept-Language weighs highest; the first where it prefers none."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for tag, weight in accepted:
        # en-GB counts as en; Werkzeug's own best match looks at en;q=0.5 before it takes zh-CN for zh.
        primary = tag.lower().replace("_", "-").partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], weight)
    return max(weights, key=weights.__getitem__)
