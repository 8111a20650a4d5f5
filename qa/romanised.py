"""Names in pinyin, and the characters in which the archive prints them: 丁薛祥 for Ding Xuexiang."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from embeddings.archive import Archive
from embeddings.records import Filters
from qa.homophones import alike

_SYLLABLE = 6  # letters of the longest: zhuang
_LONGEST = 3  # syllables; of four there are more spellings than a search is worth
_LEAST_LETTERS = 4  # of a word by itself: Wu and Sui are of many languages
_GIVEN_TRIED = 8  # the most frequent given names, for which a surname is looked for beside them
_COUNTED = 10
_OFFERED = 4  # the rest are rare names that sound alike
_AT_ONCE = 5000


def people(archive: Archive, surname: str, given: str) -> list[str]:
    """Return the names that the archive prints for a surname and a given name in pinyin, the most frequent first."""
    surname, given = surname.lower(), given.lower().replace("'", "").replace("-", "")
    found: dict[str, int] = {}
    if alike(surname) and given:
        for syllables in _syllables(given, _LONGEST - 1):
            found |= _printed(archive, (surname, *syllables))
    return sorted(found, key=lambda name: -found[name])[:_OFFERED]


def words(archive: Archive, letters: str) -> list[str]:
    """Return the words that the archive prints for one in pinyin, the most frequent first."""
    letters = letters.lower().replace("'", "")
    if len(letters) < _LEAST_LETTERS:
        return []
    found: dict[str, int] = {}
    for syllables in _syllables(letters, _LONGEST):
        if len(syllables) > 1:
            found |= _printed(archive, syllables)
    return sorted(found, key=lambda name: -found[name])[:_OFFERED]


def _syllables(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    """Yield every way to cut letters into so many syllables at most."""
    if not letters:
        yield ()
    for size in range(1, min(_SYLLABLE, len(letters)) + 1 if most else 0):
        if alike(letters[:size]):
            yield from ((letters[:size], *rest) for rest in _syllables(letters[size:], most - 1))


def _printed(archive: Archive, syllables: Sequence[str]) -> dict[str, int]:
    """Return in how many chunks each spelling of these syllables stands, those that stand in none left out."""
    found = _frequencies(archive, ["".join(chars) for chars in product(*map(alike, syllables))])
    if found or len(syllables) < _LONGEST:
        return found
    # jieba cuts some people into surname and given name.
    given = _frequencies(archive, ["".join(chars) for chars in product(*map(alike, syllables[1:]))])
    for name in sorted(given, key=lambda name: -given[name])[:_GIVEN_TRIED]:
        for surname in alike(syllables[0]):
            if count := len(archive.catalog.match([f"{surname} {name}"], _COUNTED, Filters())):
                found[surname + name] = count
    return found


def _frequencies(archive: Archive, words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(words), _AT_ONCE):
        counted = archive.catalog.document_frequencies(words[start : start + _AT_ONCE])
        found |= {word: count for word, count in counted.items() if count}
    return found
