"""What is known of a text before anything is asked of it, made once: its words and their tags, its folding, its days.

Whoever needs the words of a question takes them from here, so that no text is cut twice however many steps look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from embeddings.dates.mentions import Mention, mentions
from embeddings.dates.patterns import find_words, readable
from embeddings.text.letters import fold
from embeddings.text.names import Token, tag_words
from embeddings.text.segmentation import search_words

CACHED_QUESTIONS, CACHED_LONGER_TEXTS = 512, 4
LONGEST_QUESTION = 600
"""Characters; hundreds of longer texts would fill the memory, but several steps look at one of them in a row."""

Rest = ParamSpec("Rest")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Analysis:
    """A text, and what is read from it on first use."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Return the tagged words, which together are the text, with where each starts in code points."""
        return tuple(tag_words(self.text))

    @cached_property
    def folded(self) -> str:
        """Return the text as it is searched and compared; its offsets are its own."""
        return fold(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the search words in order."""
        return tuple(search_words(self.text))

    @cached_property
    def time_words(self) -> tuple[int, ...]:
        """Return where words of time begin, whether or not they mean a day of the calendar."""
        return tuple(match.start() for match, _ in find_words(readable(self.text)))

    def days(self, reference: date, year: int | None = None) -> tuple[Mention, ...]:
        """Return the words of time resolved against a day; what names no year lies in `year`, where that is given."""
        key = reference, year
        if key not in self._days:
            self._days[key] = mentions(self.text, reference, year) if self.time_words else ()
        return self._days[key]

    @cached_property
    def _days(self) -> dict[tuple[date, int | None], tuple[Mention, ...]]:
        return {}


_CACHES: list[Callable[[], None]] = []


def clear_caches() -> None:
    """Let go of all that is kept, as tests need that count what is done."""
    for clear in _CACHES:
        clear()


def cached_analysis(read: Callable[Concatenate[str, Rest], Result]) -> Callable[Concatenate[str, Rest], Result]:
    """Let a function of a text keep what it gives, which nobody may change: for many questions, and for a few longer texts."""
    of_questions, of_longer = lru_cache(CACHED_QUESTIONS)(read), lru_cache(CACHED_LONGER_TEXTS)(read)
    _CACHES.extend((of_questions.cache_clear, of_longer.cache_clear))

    def reading(text: str, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        keeping: Callable[..., Result] = of_questions if len(text) <= LONGEST_QUESTION else of_longer
        return keeping(text, *rest, **named)

    return cast("Callable[Concatenate[str, Rest], Result]", wraps(read)(reading))


analyse = cached_analysis(Analysis)
"""Return the analysis of a text, the same one for the same text."""
