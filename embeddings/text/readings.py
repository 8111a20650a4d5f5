"""A corrected text beside the printed one: which words of each stand for which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from embeddings.records import Article

_NEAR = 3  # characters: changes nearer than this to each other are one
# The comparison takes memory in proportion to both lengths: of texts that differ over more than this, all between the first
# and the last difference is one change.
_COMPARED = 25_000_000
_EDGE = 200  # characters: more printed words than this that lack at an edge are those of another article


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a corrected text, `[start:end]`, and the stretch of the printed one that it stands for."""

    start: int
    end: int
    printed_start: int
    printed_end: int


def printed_text(printed: Sequence[Article]) -> str:
    """Return what was printed as one text: articles that were joined follow each other, each behind its headline."""
    first, *others = printed
    return "\n".join([first.body, *(part for other in others for part in (other.title, other.body))])


@lru_cache(256)
def changes(printed: str, corrected: str) -> tuple[Change, ...]:
    """Return where a corrected text differs from the printed one, in order; neighbouring changes are one."""
    first, end, printed_end = _differing(printed, corrected)
    if (end - first) * (printed_end - first) > _COMPARED:
        return (Change(first, end, first, printed_end),)
    found: list[Change] = []
    for step in Levenshtein.opcodes(printed[first:printed_end], corrected[first:end]):
        if step.tag == "equal":
            continue
        change = Change(first + step.dest_start, first + step.dest_end, first + step.src_start, first + step.src_end)
        if found and change.start - found[-1].end < _NEAR:
            change = Change(found[-1].start, change.end, found[-1].printed_start, change.printed_end)
            found.pop()
        found.append(change)
    return tuple(found)


def _differing(printed: str, corrected: str) -> tuple[int, int, int]:
    """Return where two texts begin to differ, and where in the corrected and the printed one they cease to."""
    shorter = min(len(printed), len(corrected))
    first = next((place for place in range(shorter) if printed[place] != corrected[place]), shorter)
    most = shorter - first
    last = next((place for place in range(most) if printed[-1 - place] != corrected[-1 - place]), most)
    return first, len(corrected) - last, len(printed) - last


def printed_words(article: Article, start: int, end: int, *, wide: bool = False) -> str | None:
    """Return the printed words that `body[start:end]` of a corrected article stands for; None where they are the same.

    Printed words that lack just at an edge are taken in where it is `wide`, unless they are so many that another article
    has them.
    """
    if not article.printed:
        return None
    printed = printed_text(article.printed)
    found = [change for change in changes(printed, article.body) if _touches(change, start, end, wide)]
    if not found:
        return None
    first, last = found[0], found[-1]
    # What lies before and behind a change is the same in both texts, only moved.
    printed_start = first.printed_start if first.start <= start else start + first.printed_start - first.start
    printed_end = last.printed_end if last.end >= end else end + last.printed_end - last.end
    return printed[printed_start:printed_end]


def _touches(change: Change, start: int, end: int, wide: bool) -> bool:
    """Say whether a change lies within a stretch of the corrected text, or at its edge where that counts."""
    if change.start < change.end or start < change.start < end:
        return change.start < end and start < change.end
    at_edge = change.start in (start, end)
    return wide and at_edge and change.printed_end - change.printed_start <= _EDGE
