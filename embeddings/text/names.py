"""Words with their parts of speech, and the names among them, as jieba tags them."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from embeddings.text.letters import simplified_in_place
from embeddings.text.segmentation import load_dictionary
from embeddings.text.viterbi import StatePath

Token = tuple[str, str, int]
"""A word, its tag and where it starts."""

_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt"})
_lock = threading.Lock()  # jieba's tagger keeps its state between words


@cache
def _tagger() -> Any:
    """Return jieba's tagger; it takes a second to load, which nobody pays who asks for no names."""
    load_dictionary()
    import jieba.posseg as tagger

    # The tagger asks for it by this name.
    path = StatePath(tagger.char_state_tab_P, tagger.start_P, tagger.trans_P, tagger.emit_P)
    tagger.viterbi = lambda text, *tables: path(text)
    return tagger


def tag_words(text: str) -> list[Token]:
    """Cut a text into tagged words that together are the text.

    Tags come from jieba's dictionary and, for words it does not hold, from its
    hidden Markov model, which mistakes some words for names.
    """
    tokens, start = [], 0
    with _lock:
        for word, tag in _tagger().cut(text):
            tokens.append((word, tag, start))
            start += len(word)
    return tokens


def names(text: str) -> list[str]:
    """Return the names in a text as printed, in order; single characters are left out."""
    # Offsets into the Simplified text are offsets into the print.
    tokens = tag_words(simplified_in_place(text))
    return [text[start : start + len(word)] for word, tag, start in tokens if tag in _TAGS and len(word) > 1]
