"""One wrong homophone in a name: what the archive prints in place of a name that it does not hold.

Candidates are made from the characters that sound alike, tones aside, and looked
up among the archive's own search words, so that there is no list to keep in step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from pypinyin import Style, pinyin

from embeddings.store.archive import Archive
from embeddings.text.letters import is_han, simplified_in_place
from embeddings.text.segmentation import is_known
from qa.understanding.analysis import analyse
from qa.understanding.entities import find_people

SUGGESTED = 3
_SHORTEST, _LONGEST = 2, 4  # characters of a name
_CLEAR = 10
"""Times as often as any other that a candidate stands in print, to be meant beyond doubt."""
_TRIED = 6  # names of a question; each costs a hundred look-ups
_NO_NAME = frozenset("各每某该此")  # 各天 and 每月 stand in no dictionary either
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FA5


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a question may have meant: the question with the one clear name, or those with each of several."""

    clear: str | None = None
    several: tuple[str, ...] = ()


def corrections(archive: Archive, question: str) -> Corrections:
    """Return the question with a printed name in place of one that is not, where one character sounds the same."""
    text = simplified_in_place(question)
    for name, start, person in islice(_names(text), _TRIED):
        end = start + len(name)
        if printed_counts(archive, [name]):
            continue
        found = printed_counts(archive, list(_respelt(name)))
        if not found:
            continue
        first, *others = sorted(found, key=lambda candidate: -found[candidate])
        meant = [question[:start] + candidate + question[end:] for candidate in (first, *others)]
        if not others or found[first] >= _CLEAR * found[others[0]]:
            return Corrections(clear=meant[0])
        # A word that no dictionary knows need be no name: 各是.
        if person:
            return Corrections(several=tuple(meant[:SUGGESTED]))
    return Corrections()


def _names(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield the people in a text (True), and the words that no dictionary knows (False), each once, with where they stand."""
    people = [span for span in find_people(text, reporters=True) if _SHORTEST <= span[1] - span[0] <= _LONGEST]
    first = {text[start:end]: start for start, end in reversed(people)}
    yield from ((name, start, True) for name, start in sorted(first.items(), key=lambda found: found[1]))
    within = bytearray(len(text))
    for start, end in people:
        within[start:end] = b"\1" * (end - start)
    for word in dict.fromkeys(analyse(text).words):
        start = text.find(word)
        end = start + len(word)
        if word[0] in _NO_NAME:
            continue
        if (
            start >= 0
            and 1 not in within[start:end]
            and _SHORTEST <= len(word) <= _LONGEST
            and not is_known(word)
            and is_han(word)
        ):
            yield word, start, False


def printed_counts(archive: Archive, names: Sequence[str]) -> dict[str, int]:
    """Return in how many chunks each of these names stands, those that stand in none left out.

    A name is looked for as one word, and as its first character and the rest, as jieba cuts some people.
    """
    frequencies = archive.document_frequencies([*names, *{name[1:] for name in names}])
    found = {}
    for name in names:
        count = frequencies[name]
        if not count and len(name) > _SHORTEST and frequencies[name[1:]]:
            count = archive.count_phrase([name[0], name[1:]], _CLEAR)
        if count:
            found[name] = count
    return found


def _respelt(name: str) -> Iterator[str]:
    """Yield a name with each of its characters replaced by those that sound the same."""
    sounds, _ = _sounds()
    for place, char in enumerate(name):
        others = dict.fromkeys(other for sound in sounds.get(char, ()) for other in homophones_of(sound))
        yield from (name[:place] + other + name[place + 1 :] for other in others if other != char)


def homophones_of(sound: str) -> Sequence[str]:
    """Return the characters of a syllable in pinyin without its tone; none for other letters."""
    return _sounds()[1].get(sound, ())


def warm_up() -> None:
    """Make the table of sounds, once."""
    _sounds()


@cache
def _sounds() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """Return the sounds of each character of GB 2312, without tones, and the characters of each sound."""
    sounds: dict[str, Sequence[str]] = {}
    sounding: dict[str, list[str]] = defaultdict(list)
    for code in range(_FIRST_HAN, _LAST_HAN + 1):
        char = chr(code)
        if char.encode("gb2312", "ignore"):
            sounds[char] = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
            for sound in sounds[char]:
                sounding[sound].append(char)
    return sounds, sounding
