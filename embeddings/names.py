"""Names of people, places and organisations in a text, as jieba tags them."""

from __future__ import annotations

from functools import cache
from typing import Any

from embeddings.words import load_dictionary, simplified_in_place

_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt"})


@cache
def _tagger() -> Any:
    """Return jieba's tagger; it takes a second to load, which nobody pays who asks for no names."""
    load_dictionary()
    import jieba.posseg

    return jieba.posseg


def names(text: str) -> list[str]:
    """Return the names in a text as printed, in order; single characters are left out.

    Tags come from jieba's dictionary and, for words it does not hold, from its
    hidden Markov model, which mistakes some words for names.
    """
    found, start = [], 0
    # Offsets into the Simplified text are offsets into the print.
    for word, tag in _tagger().cut(simplified_in_place(text)):
        end = start + len(word)
        if tag in _TAGS and len(word) > 1:
            found.append(text[start:end])
        start = end
    return found
