"""The operator's dictionary: names with their aliases, read from a plain file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from embeddings.errors import NamesError, described
from embeddings.text.letters import fold, fold_aligned, letters_and_digits

_BETWEEN = re.compile(r"[,，、]")
_LEAST = 2  # characters; one alone stands in too many words
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name of the dictionary in a text: `text[start:end]`, and all names of what it names."""

    start: int
    end: int
    names: tuple[str, ...]
    """As the dictionary has them, the one that leads its line first."""


@dataclass(frozen=True)
class Names:
    """Groups of names for the same, each led by the one that the operator wrote first."""

    groups: tuple[tuple[str, ...], ...] = field(default=())

    @cached_property
    def _by_head(self) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """The folded names with their groups, by their first character, longest first."""
        found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for group in self.groups:
            for name in group:
                found[fold(name)[0]][fold(name)] = group
        return {head: tuple(sorted(names.items(), key=lambda item: -len(item[0]))) for head, names in found.items()}

    def mentions(self, text: str) -> Iterator[NameMention]:
        """Yield the names in a folded text, the longest at each place, apart from each other."""
        place = 0
        while place < len(text):
            found = self._at(text, place)
            if found:
                yield found
            place = found.end if found else place + 1

    def words(self, text: str) -> list[str]:
        """Return one word for each mention in a text, the same for all names of what is named."""
        if not self.groups:
            return []
        return [letters_and_digits(fold(mention.names[0])) for mention in self.mentions(fold(text))]

    def respelt(self, question: str) -> Iterator[str]:
        """Yield a question with its first name that has others replaced by each of them, in the order of the dictionary."""
        folded = fold_aligned(question)
        for mention in self.mentions(folded.text):
            start, end = folded.span(mention.start, mention.end)
            others = [name for name in mention.names if fold(name) != folded.text[mention.start : mention.end]]
            yield from (question[:start] + name + question[end:] for name in others)
            if others:
                return

    def _at(self, text: str, place: int) -> NameMention | None:
        for name, group in self._by_head.get(text[place], ()):
            end = place + len(name)
            # WHO is not in whole.
            inside = _LATIN.match(name) and place and _LATIN.match(text[place - 1])
            goes_on = _LATIN.match(name[-1]) and _LATIN.match(text[end : end + 1])
            if text.startswith(name, place) and not inside and not goes_on:
                return NameMention(place, end, group)
        return None


NO_NAMES = Names()


def read_names(path: Path) -> Names:
    """Read a UTF-8 file of names, each line one thing: its name, then its aliases behind commas; # begins a remark.

    Raises NamesError naming the file, and the line where one is bad.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NamesError("text_encoding", path) from None
    except OSError as error:
        raise NamesError("names_not_opened", path, detail=described(error)) from None
    groups = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        group = tuple(name.strip() for name in _BETWEEN.split(line))
        for name in group:
            folded = fold(name)
            if not name:
                raise NamesError("names_gap", path, number)
            if len(letters_and_digits(folded)) < _LEAST:
                raise NamesError("names_short", path, number, name=name, least=_LEAST)
            if folded in lines:
                raise NamesError("names_twice", path, number, name=name, first=lines[folded])
            lines[folded] = number
        groups.append(group)
    return Names(tuple(groups))
