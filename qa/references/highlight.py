"""The words of a search within what was found, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from qa.references.alignment import Letters


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text, and whether it is one of the words searched."""

    text: str
    found: bool


def highlight(text: str, words: Iterable[str]) -> list[Stretch]:
    """Cut a text around the places that hold any of the search words, however they are spelt; joined they are the text."""
    sought = sorted({folded for word in words if (folded := Letters(word).text)}, key=len, reverse=True)
    if not sought:
        return [Stretch(text, False)] if text else []
    letters = Letters(text)
    hit = [False] * len(text)
    for word in sought:
        for match in re.finditer(f"(?={re.escape(word)})", letters.text):
            places = letters.aligned.places[match.start() : match.start() + len(word)]
            # A word that runs over a mark or a line's end is none.
            if not any(text[before[1] : behind[0]].strip(" ") for before, behind in pairwise(places)):
                start, end = places[0][0], places[-1][1]
                hit[start:end] = [True] * (end - start)
    stretches: list[Stretch] = []
    for char, found in zip(text, hit, strict=True):
        if stretches and stretches[-1].found == found:
            stretches[-1] = Stretch(stretches[-1].text + char, found)
        else:
            stretches.append(Stretch(char, found))
    return stretches
