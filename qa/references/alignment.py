"""A quotation beside the print: the same letters, the nearest stretch of text, and the difference of both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, cast

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from embeddings.text.letters import FoldedText, Span, fold, fold_aligned

OpKind = Literal["equal", "replace", "delete", "insert"]

# What is compared: letters and digits, and the marks that make another number of a number: 3.8 is not 38, 5 is not -5, and
# 12、13 is not 1213. The comma of thousands is none of these.
_COMPARED = re.compile(r"[^\W_]+|[%‰]|(?<!-)-(?=\d)|(?<=\d)(?!,\d{3}(?!\d))[^\w\s](?=\d)")
_DOTS = r"(?:[…⋯]+|\.{3,}|。{3,}|．{3,}|·{3,})"
_ELLIPSIS = re.compile(rf"[\[［(（〔【]\s*{_DOTS}\s*[\]］)）〕】]|{_DOTS}")
_LEAST_PART = 2  # letters; less than that stands everywhere
# A stretch less similar than this is other news; the tests show slips above it and other words on the same matter below. Of
# less than five letters none may differ, of less than eight one.
_FLOOR, _SHORT_FLOOR, _SHORT = 0.6, 0.8, 8
_EDGE_SHARE, _EDGE_LEAST, _EDGE_MOST = 8, 2, 64  # how far the ends of a stretch are moved to fit: an eighth of its length


# Kinds of dash that print has for a minus sign, which NFKC leaves alone.
_MINUS = str.maketrans("−–", "--")


@dataclass(frozen=True)
class Letters:
    """A text reduced to what is compared: folded as for the search, and no marks."""

    printed: str

    @cached_property
    def text(self) -> str:
        """Return what is compared."""
        return "".join(_COMPARED.findall(_comparable(self.printed)))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Return the pairs of neighbouring characters."""
        return frozenset(map("".join, pairwise(self.text)))

    @cached_property
    def aligned(self) -> FoldedText:
        """Return the same text with where each character stands in `printed`."""
        # Most articles that are looked at do not print the quotation, and need no offsets.
        folded = fold_aligned(self.printed)
        return replace(folded, text=folded.text.translate(_MINUS)).only(_COMPARED)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step from the quotation to the print, with the words of both; one side of a deletion or insertion is empty."""

    kind: OpKind
    quoted: str
    printed: str


@dataclass(frozen=True, slots=True)
class Match:
    """Where the parts of a quotation stand in a text, in order, as offsets in code points."""

    spans: tuple[Span, ...]
    score: float
    """The similarity of the letters, in [0, 1]; 1 where they are the same."""


def split_quotation(quote: str) -> list[str]:
    """Split a quotation where it leaves something out (…… or ...), bare or in brackets; parts of under two letters go."""
    parts = [part.strip() for part in _ELLIPSIS.split(quote)]
    return [part for part in parts if len(Letters(part).text) >= _LEAST_PART] or [quote]


def find_exact(parts: Sequence[str], text: str) -> Match | None:
    """Find the parts to the letter, in order, each where it stands first behind the one before."""
    spans: list[Span] = []
    for part in parts:
        start = text.find(part, spans[-1][1] if spans else 0)
        if start < 0:
            return None
        spans.append((start, start + len(part)))
    return Match(tuple(spans), 1.0)


def find_folded(parts: Sequence[Letters], text: Letters) -> Match | None:
    """Find the letters of the parts, in order; marks, width, case and Traditional characters do not count."""
    found = find_exact([part.text for part in parts], text.text)
    return _printed(parts, text, found) if found else None


def find_nearest(parts: Sequence[Letters], text: Letters) -> Match | None:
    """Find the stretches of text nearest to the parts, in order; None where one of them is less similar than the floor.

    The score is the normalised Levenshtein similarity of each part and its
    stretch, weighted by the parts' lengths.
    """
    spans: list[Span] = []
    score = 0.0
    for part in parts:
        length = len(part.text)
        floor = _SHORT_FLOOR if length < _SHORT else _FLOOR
        after = spans[-1][1] if spans else 0
        # No stretch is more similar than its length is to that of the part.
        if len(text.text) - after < floor * length:
            return None
        start, end, similarity = _nearest(part.text, text.text, after)
        if similarity < floor:
            return None
        spans.append((start, end))
        score += similarity * length
    return _printed(parts, text, Match(tuple(spans), score / sum(len(part.text) for part in parts)))


def difference(quoted: str, printed: str) -> tuple[Operation, ...]:
    """Return the steps from a quotation to the print, to the letter; the words of either side, joined, are that side."""
    return tuple(
        Operation(cast(OpKind, step.tag), quoted[step.src_start : step.src_end], printed[step.dest_start : step.dest_end])
        for step in Levenshtein.opcodes(quoted, printed)
    )


def _nearest(part: str, text: str, after: int) -> tuple[int, int, float]:
    """Return the stretch of `text[after:]` nearest to a part, and how near.

    The window that rapidfuzz finds is as long as the part. Its ends are then moved
    to where the stretch fits best, for the print may hold more or fewer letters.
    """
    window = fuzz.partial_ratio_alignment(part, text[after:])
    if window is None or window.dest_start == window.dest_end:
        return after, after, 0.0
    start, end = after + window.dest_start, after + window.dest_end
    reach = min(_EDGE_MOST, max(_EDGE_LEAST, len(part) // _EDGE_SHARE))
    best = (_similarity(part, text[start:end]), start, end)
    for first in range(max(after, start - reach), min(end - 1, start + reach) + 1):
        best = max(best, (_similarity(part, text[first:end], best[0]), first, end))
    start = best[1]
    for last in range(max(start + 1, end - reach), min(len(text), end + reach) + 1):
        best = max(best, (_similarity(part, text[start:last], best[0]), start, last))
    return best[1], best[2], best[0]


def _similarity(part: str, stretch: str, least: float = 0.0) -> float:
    """Return the normalised Levenshtein similarity; below `least` it may be told as 0, which is faster."""
    return Levenshtein.normalized_similarity(part, stretch, score_cutoff=least)


def _printed(parts: Sequence[Letters], text: Letters, found: Match) -> Match:
    """Return a match among letters as one in the printed text."""
    spans = tuple(_with_marks(part, text, text.aligned.span(*span)) for part, span in zip(parts, found.spans, strict=True))
    return Match(spans, found.score)


def _with_marks(part: Letters, text: Letters, span: Span) -> Span:
    """Take into a stretch the marks around it that the part has in the same place, such as the full stop behind it."""
    start, end = span
    first, last = part.aligned.span(0, len(part.text))
    before, behind = part.printed[:first], part.printed[last:]
    for mark in reversed(before):
        if start == 0 or _comparable(text.printed[start - 1]) != _comparable(mark):
            break
        start -= 1
    for mark in behind:
        if end == len(text.printed) or _comparable(text.printed[end]) != _comparable(mark):
            break
        end += 1
    return start, end


def _comparable(text: str) -> str:
    return fold(text).translate(_MINUS)
