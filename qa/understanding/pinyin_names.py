"""Names in pinyin, and the characters in which the archive prints them: 丁薛祥 for Ding Xuexiang."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from embeddings.store.archive import Archive
from qa.understanding.homophones import homophones_of, printed_counts

_SYLLABLE = 6  # letters of the longest: zhuang
_LONGEST = 3  # syllables
_LEAST_LETTERS = 4  # of a word by itself: Wu and Sui are of many languages
_GIVEN_TRIED = 8  # the most frequent given names, for which a surname is looked for beside them
_OFFERED = 4  # the rest are rare names that sound alike


def people(archive: Archive, surname: str, given: str) -> list[str]:
    """Return the names that the archive prints for a surname and a given name in pinyin, the most frequent first."""
    surname, given = surname.lower(), given.lower().replace("'", "").replace("-", "")
    found: dict[str, int] = {}
    if homophones_of(surname) and given:
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
        if homophones_of(letters[:size]):
            yield from ((letters[:size], *rest) for rest in _syllables(letters[size:], most - 1))


def _printed(archive: Archive, syllables: Sequence[str]) -> dict[str, int]:
    """Return in how many chunks each spelling of these syllables stands, those that stand in none left out."""
    found = _words(archive, syllables)
    if found or len(syllables) < _LONGEST:
        return found
    # jieba cuts some people into surname and given name.
    given = _words(archive, syllables[1:])
    likely = sorted(given, key=lambda name: -given[name])[:_GIVEN_TRIED]
    return printed_counts(archive, [surname + name for name in likely for surname in homophones_of(syllables[0])])


def _words(archive: Archive, syllables: Sequence[str]) -> dict[str, int]:
    """Return the words of the archive that sound so: those of each first character, which are far fewer than all spellings."""
    first, *others = (frozenset(homophones_of(syllable)) for syllable in syllables)
    return {
        word: count
        for start in first
        for word, count in archive.words_beginning(start).items()
        if len(word) == len(syllables) and all(char in chars for char, chars in zip(word[1:], others, strict=True))
    }
