"""Completing what is being typed: headlines of the archive, and names that stand in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from pypinyin import Style, lazy_pinyin

from embeddings.store.archive import Archive
from embeddings.store.records import Headline
from embeddings.text.letters import fold, letters_and_digits
from embeddings.text.names import names
from qa.references.formats import authors

_INITIALS_OF = 12  # characters of a headline that can be typed by the initials of their pinyin
_INITIALS_LEAST = 2  # letters; one alone completes to anything
_ROUND, _BATCH = 1_000, 50  # headlines between two states that are shown, and between two pauses

Kind = Literal["headline", "name"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion, and what of the archive it leads to."""

    kind: Kind
    text: str
    count: int
    """How many articles bear the headline, or the name in headline or byline."""
    article_id: str | None
    """The newest article of a headline; None for a name."""
    date: date
    """The issue date of the newest of these articles."""


@dataclass(frozen=True, slots=True)
class _Entry:
    suggestion: Suggestion
    folded: str
    initials: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What takes too long to find in a headline while somebody waits."""

    names: tuple[str, ...] = ()
    initials: str = ""


@dataclass(frozen=True, slots=True)
class _Lists:
    """What can be completed of one generation of the archive: headlines newest first, names most frequent first."""

    generation: int
    headlines: tuple[_Entry, ...]
    names: tuple[_Entry, ...]


class Suggester:
    """Completions over an archive, held in memory and made anew for each generation; nothing is written.

    Headlines and the names in bylines are there at once; names within headlines
    and the initials of headlines are found by a thread in the background, which
    starts with the first request (half a minute of one core for 20,873 articles)
    and later reads only headlines that are new. What was removed from the archive
    is never suggested.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._printed: list[Headline] = []
        self._read: dict[str, _Read] = {}
        self._lists: _Lists | None = None
        self._thread: threading.Thread | None = None

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return completions of a text: those that begin with it first, names before headlines, half of either.

        Spellings are folded as for the search; Latin letters are also taken for the
        initials of pinyin. A pass over 20,873 headlines takes about 5 ms; the first
        request of a process makes the lists, in 0.3 s.
        """
        typed = fold(text.strip())
        lists = self._current()
        found_names, found_headlines = _matching(lists.names, typed), _matching(lists.headlines, typed)
        of_names = max(limit // 2, limit - len(found_headlines))
        chosen = [*found_names[:of_names], *found_headlines[: limit - min(of_names, len(found_names))]]
        return [suggestion for _, suggestion in sorted(chosen, key=lambda found: found[0])]

    def settle(self) -> None:
        """Wait until every headline of the present generation was read for names."""
        self._current()
        thread = self._thread
        if thread:
            thread.join()

    def _current(self) -> _Lists:
        generation = self._archive.stored_generation()
        if self._lists and self._lists.generation == generation:
            return self._lists
        with self._lock:
            if self._lists is None or self._lists.generation != generation:
                self._printed = self._archive.headlines()
                titles = {printed.title for printed in self._printed}
                self._read = {title: read for title, read in self._read.items() if title in titles}
                self._lists = _lists(generation, self._printed, self._read)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._read_all, daemon=True)
                    self._thread.start()
            return self._lists

    def _read_all(self) -> None:
        while True:
            with self._lock:
                left = list(dict.fromkeys(printed.title for printed in self._printed if printed.title not in self._read))
                if not left:
                    self._thread = None
                    return
            read: dict[str, _Read] = {}
            for start in range(0, min(len(left), _ROUND), _BATCH):
                began = time.perf_counter()
                read |= {title: _read(title) for title in left[start : start + _BATCH]}
                # Questions go first: Python runs one thread at a time.
                time.sleep(time.perf_counter() - began)
            with self._lock:
                self._read |= read
                if self._lists:
                    self._lists = _lists(self._lists.generation, self._printed, self._read)


def _read(title: str) -> _Read:
    return _Read(tuple(names(title)), _initials(fold(title)[:_INITIALS_OF]))


def _lists(generation: int, printed: Sequence[Headline], read: Mapping[str, _Read]) -> _Lists:
    return _Lists(generation, _headline_entries(printed, read), _name_entries(printed, read))


def _matching(entries: Sequence[_Entry], typed: str) -> list[tuple[int, Suggestion]]:
    """Return the entries that hold what is typed, those that begin with it (rank 0) before the others (1 more)."""
    by_initials = len(typed) >= _INITIALS_LEAST and typed.isascii() and typed.isalpha()
    first, inside = [], []
    for entry in entries:
        if entry.folded.startswith(typed) or (by_initials and entry.initials.startswith(typed)):
            first.append(entry.suggestion)
        elif typed in entry.folded:
            inside.append(entry.suggestion)
    return [(0, suggestion) for suggestion in first] + [(1, suggestion) for suggestion in inside]


def _headline_entries(printed: Iterable[Headline], read: Mapping[str, _Read]) -> tuple[_Entry, ...]:
    """List each headline once, by its newest article; `printed` is newest first."""
    found: dict[str, list[Headline]] = {}
    for headline in printed:
        found.setdefault(fold(headline.title), []).append(headline)
    return tuple(
        _Entry(
            Suggestion("headline", same[0].title, len(same), same[0].article_id, same[0].issue_date),
            folded,
            read.get(same[0].title, _Read()).initials,
        )
        for folded, same in found.items()
    )


def _name_entries(printed: Iterable[Headline], read: Mapping[str, _Read]) -> tuple[_Entry, ...]:
    """List the names in bylines and in the headlines that were read, most frequent first, then newest first."""
    bearing: dict[str, list[tuple[str, date]]] = {}
    for headline in printed:
        spelt = {fold(name): name for name in (*read.get(headline.title, _Read()).names, *authors(headline.byline))}
        for folded, name in spelt.items():
            bearing.setdefault(folded, []).append((name, headline.issue_date))
    ranked = sorted(bearing.items(), key=lambda item: -len(item[1]))
    return tuple(
        _Entry(Suggestion("name", where[0][0], len(where), None, where[0][1]), folded, _initials(folded))
        for folded, where in ranked
    )


@lru_cache(65_536)
def _initials(text: str) -> str:
    """Return the first letters of the pinyin of a text; letters stay, and marks are left out."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=letters_and_digits)
    return "".join(letters)
