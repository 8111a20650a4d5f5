"""The one folding of letters: spellings of a word that print differently become the same characters.

Folded are, in this order: width and compatibility forms (Unicode NFKC, UAX #15, which also turns Kangxi radicals into the
characters they look like), case, two slips of OCR, variant forms and other radicals (variant_forms.txt), and
Traditional characters (OpenCC's t2s). Search words, and through them archives on disk, rest on it: after a change they
have to be built anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise

import opencc
from rapidfuzz.distance import Levenshtein

Span = tuple[int, int]
Edit = tuple[int, int, int]
"""`text[start:end]` and how many characters have come in its place."""

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
"""A Chinese character, as a piece of a pattern."""
_ANY_HAN, _ALL_HAN = re.compile(HAN), re.compile(f"{HAN}+")
BLANKS = r"[ \t\u3000]+"
"""Blanks within a line, as a piece of a pattern."""
_BLANKS = re.compile(BLANKS)
# Where OCR read 和 as an English word: 指挥部 and 卫健局.
_AND = re.compile(rf"(?<={HAN}){BLANKS}and{BLANKS}(?={HAN})", re.IGNORECASE)
# Letters set apart: 王　苗, 辽 源 市.
_SPACED = re.compile(rf"(?<!{HAN}){HAN}(?:{BLANKS}{HAN})+(?!{HAN})")
_KANGXI = range(0x2F00, 0x2FD6)  # Unicode's block of the 214 radicals
_FULL_WIDTH = 0xFEE0  # what sets ！ to ～ apart from ! to ~ in Unicode


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text and where each of its characters stands in print."""

    text: str
    places: tuple[Span, ...]
    """For each character of `text` the stretch of print that it was made of, in code points; starts and ends never fall."""

    def span(self, start: int, end: int) -> Span:
        """Return the stretch of print that `text[start:end]` was made of; it is not empty."""
        return self.places[start][0], self.places[end - 1][1]

    def only(self, pattern: re.Pattern[str]) -> FoldedText:
        """Return what a pattern matches, joined; the rest is left out."""
        kept = [match.span() for match in pattern.finditer(self.text)]
        text = "".join(self.text[start:end] for start, end in kept)
        return FoldedText(text, tuple(place for start, end in kept for place in self.places[start:end]))


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that is folded, and the edits between the texts before and behind it that are not one to one."""

    fold: Callable[[str], str]
    edits: Callable[[str, str], Iterable[Edit]]


def fold(text: str) -> str:
    """Fold width, case, variant forms, Traditional characters and slips of OCR, so that spellings of one word meet.

    The result may differ in length: use it to search and compare. `fold_aligned` leads back to the print.
    """
    for step in _STEPS:
        text = step.fold(text)
    return text


def fold_aligned(text: str) -> FoldedText:
    """Fold a text like `fold`, and tell where each character of the result stands in it.

    Never raises, and takes time in step with the text's length, about three times as much as `fold`.
    """
    places: Sequence[Span] = [(place, place + 1) for place in range(len(text))]
    for step in _STEPS:
        folded = step.fold(text)
        if folded != text:
            places = list(_edited(places, step.edits(text, folded)))
        text = folded
    return FoldedText(text, tuple(places))


def simplified_in_place(text: str) -> str:
    """Return the text with Simplified characters in place of Traditional ones, line by line where that moves none.

    A stray " and " becomes 和 between blanks. Offsets into the result are offsets into the text.
    """
    mended = _standard(_AND.sub(lambda match: "和".center(len(match[0])), _sound(text)))
    lines = [(line, _simplified(line)) for line in mended.splitlines(keepends=True)]
    return "".join(folded if len(folded) == len(line) else line for line, folded in lines)


def narrowing(characters: str) -> dict[int, str]:
    """Return a table for `str.translate` that puts these ASCII characters in place of their full-width forms, and no others."""
    return {ord(char) + _FULL_WIDTH: char for char in characters}


def letters_and_digits(text: str) -> str:
    """Return the letters and digits of a text, of any script; marks and blanks are left out."""
    return "".join(filter(str.isalnum, text))


def is_chinese(text: str) -> bool:
    """Say whether a text holds a Chinese character."""
    return _ANY_HAN.search(text) is not None


def is_han(text: str) -> bool:
    """Say whether a text holds Chinese characters alone."""
    return _ALL_HAN.fullmatch(text) is not None


def _edited(places: Sequence[Span], edits: Iterable[Edit]) -> Iterator[Span]:
    """Yield the places of an edited text, given those of the text before it."""
    done = 0
    for start, end, made in edits:
        yield from places[done:start]
        last = max(end - 1, 0)  # what was put in stands where the character before it does
        whole = places[min(start, last)][0], places[last][1]
        yield from (whole for _ in range(made))
        done = end
    yield from places[done:]


def _sound(text: str) -> str:
    """Put a question mark for half of a surrogate pair, which JSON can carry but nothing takes."""
    return text.encode(errors="replace").decode()


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


class _Compatible(dict[int, str]):
    """A table for str.translate that gives each character its NFKC form, filled as characters come; ㎡ becomes m2."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _compatible(chr(code))
        return folded


_COMPATIBLE = _Compatible()


def _compatible_edits(before: str, after: str) -> Iterator[Edit]:
    if before.translate(_COMPATIBLE) == after:
        if len(before) == len(after):
            return
        lengths = (len(_COMPATIBLE[ord(char)]) for char in before)
        yield from ((place, place + 1, length) for place, length in enumerate(lengths) if length != 1)
        return
    # A letter becomes one with the marks behind it, but never with another letter.
    starts = (place for place, char in enumerate(before) if place == 0 or not _joins(char))
    for start, end in pairwise((*starts, len(before))):
        made = len(_compatible(before[start:end]))
        if end - start > 1 or made != 1:
            yield start, end, made


def _joins(char: str) -> bool:
    """Say whether NFKC may join a character to the one before: a combining mark, or a vowel or final of Hangul."""
    first = _COMPATIBLE[ord(char)][0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _lower_edits(before: str, after: str) -> Iterator[Edit]:
    if len(before) != len(after):  # İ becomes i and a dot
        lengths = (len(char.lower()) for char in before)
        yield from ((place, place + 1, length) for place, length in enumerate(lengths) if length != 1)


def _with_and(text: str) -> str:
    return _AND.sub("和", text)


def _and_edits(before: str, after: str) -> Iterator[Edit]:
    return ((*match.span(), 1) for match in _AND.finditer(before))


def _joined(text: str) -> str:
    return _SPACED.sub(lambda match: _BLANKS.sub("", match[0]), text)


def _joined_edits(before: str, after: str) -> Iterator[Edit]:
    for match in _SPACED.finditer(before):
        yield from ((*blanks.span(), 0) for blanks in _BLANKS.finditer(before, *match.span()))


@cache
def _variant_forms() -> dict[int, str]:
    """Return a table for `str.translate` that puts standard characters in place of their variant forms, read once."""
    lines = (files("embeddings.text") / "variant_forms.txt").read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    # NFKC folds Kangxi radicals too, but not in place: 3⽉12⽇ of a PDF file is a date.
    radicals = {code: _compatible(chr(code)) for code in _KANGXI}
    return radicals | {ord(form): pair[0] for pair in pairs for form in pair[1:]}


def _standard(text: str) -> str:
    return text.translate(_variant_forms())


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    return str(_simplifier().convert(text))


def _simplified_edits(before: str, after: str) -> Iterator[Edit]:
    """Yield the phrases that OpenCC made longer or shorter; the tables of its version 1.4 have none."""
    if len(before) == len(after):
        return
    for same, run in groupby(Levenshtein.opcodes(before, after), key=lambda step: step.tag == "equal"):
        if not same:
            steps = list(run)
            yield steps[0].src_start, steps[-1].src_end, steps[-1].dest_end - steps[0].dest_start


_STEPS = (
    _Step(_sound, lambda before, after: ()),
    _Step(_compatible, _compatible_edits),
    _Step(str.lower, _lower_edits),
    _Step(_with_and, _and_edits),
    _Step(_joined, _joined_edits),
    _Step(_standard, lambda before, after: ()),  # before OpenCC, whose phrases are of standard forms
    _Step(_simplified, _simplified_edits),
)
"""What is folded, in order."""
