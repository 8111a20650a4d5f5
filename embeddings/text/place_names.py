"""Places with and without their ending, as search words: 砚溪 and 砚溪市."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from embeddings.text.letters import is_chinese
from embeddings.text.segmentation import is_known

_ENDINGS = "省市县区州镇乡村"
_SHORTEST, _LONGEST = 2, 6  # characters of a place without its ending
_PART = 3  # characters of the longest part that jieba gives beside a longer word, where its dictionary holds it


def endings(words: Sequence[str]) -> Iterator[str]:
    """Yield the other spellings of words that may name a place, unless a printed word is cut into one of them anyway.

    A word is respelt whether or not it names a place: what is printed nowhere finds nothing.
    """
    for word in filter(is_chinese, words):
        if word[-1] in _ENDINGS and len(word) > _SHORTEST:
            if word[:-1] not in words:
                yield word[:-1]
        elif _SHORTEST <= len(word) <= _LONGEST and not (is_known(word) and len(word) <= _PART):
            yield from (word + ending for ending in _ENDINGS)
