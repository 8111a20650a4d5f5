"""When two printed texts are one piece of news printed twice: wire copy, a reprint, a shortened one.

The same wording, the same numbers, the same days. Bulletins that come in the same
words every day differ in figures or days and are news each time; two reports of one
event in words of their own are two sources.

MinHash is datasketch's (its one need beside numpy is SciPy, which the encoder brings
along). Its LSH keeps buckets in memory or in Redis; ours are a table of the catalogue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from embeddings.dates.mentions import mentions
from embeddings.records import Precision
from embeddings.text.letters import fold
from embeddings.text.numbers import numbers

if TYPE_CHECKING:
    from datasketch import MinHash

Tokens = tuple[Hashable, ...]
"""Letters, and in their place each number and each day that is told, whatever its spelling."""
Signature = NDArray[np.uint32]

SIZE, BANDS = 60, 20
"""Numbers of a signature, and bands that they are cut into: of texts that share half of their shingles 94 in 100 meet."""
_SHINGLE = 4
_LEAST = 40  # tokens; what is shorter is a formula
_MOST = 20_000  # tokens read of a text
_SAME = 0.9  # of the shorter text that must stand in the other
_HALF = 0.5  # what a shortened reprint keeps at least
_LONG = 8  # tokens that are left out or put in as a sentence; fewer must hold no number
_OTHER_WORDS = 2  # letters on both sides of a change: another word, and not a slip of OCR
_ROOM = 300  # tokens in which one other word may stand
_AGAIN = 3  # how often one change makes another subject of it: 墨池区 for 南渡区

# Who sent it and where it was taken from: what differs from paper to paper in the same news. Looked for in folded text.
_DATELINE = re.compile(
    r"\s*\(?(?:据|综合)?(?:本报|《[^《》\n]{2,12}》|[\u4e00-\u9fff]{2,8}?(?:社|报|网|台))"
    r"[\u4e00-\u9fff\d、,\s]{0,24}?(?:专?电|讯|消息)\)?"
)
_CREDIT = r"\((?:本报|记者|通讯员|据|来源|转自|转载|摘自|原载|[\u4e00-\u9fff]{2,8}(?:社|报|网)\)?$)[^()\n]{0,40}\)"
_LEAD = re.compile(rf"\s*(?:{_CREDIT}|(?:本报|新华社|特约)?(?:记者|通讯员)[\u4e00-\u9fff·、\s]{{2,24}}(?=\n))\s*")
_TAIL = re.compile(rf"\s*{_CREDIT}\s*$")


@dataclass(frozen=True, slots=True)
class _Change:
    """What stands in one text in place of what stands in the other."""

    ours: Tokens
    theirs: Tokens


def tokens(body: str, printed: date) -> Tokens:
    """Return what of a text is compared: folded letters, numbers by their value, days as read against the day of print.

    Dateline and credits are left out; the day of a dateline is the one that 今天 is read against.
    """
    text = fold(body)
    dateline = _DATELINE.match(text)
    if dateline:
        days = [found.days for found in mentions(dateline[0], printed) if found.days.precision is Precision.DAY]
        printed = days[0].first if days else printed
        text = text[dateline.end() :]
    while lead := _LEAD.match(text):
        text = text[lead.end() :]
    while tail := _TAIL.search(text):
        text = text[: tail.start()]
    return tuple(_tokens(text[: 2 * _MOST], printed))[:_MOST]


def _tokens(text: str, printed: date) -> Iterator[Hashable]:
    told: list[tuple[int, int, Hashable]] = [
        (found.start, found.end, (found.days.first, found.days.last))
        for found in mentions(text, printed)
        if found.days.precision is not Precision.LOOSE
    ]
    told += [
        (found.start, found.end, (text[found.start : found.end] if found.value is None else found.value, found.unit))
        for found in numbers(text)
    ]
    behind = 0
    for start, end, token in sorted(told, key=lambda one: (one[0], -one[1])):
        if start < behind:
            continue
        yield from filter(str.isalnum, text[behind:start])
        yield token
        behind = end
    yield from filter(str.isalnum, text[behind:])


def signature(found: Tokens) -> Signature | None:
    """Return the MinHash signature of a text, or None of one too short to be told from others."""
    if len(found) < _LEAST:
        return None
    spelt = [str(token) for token in found]
    sketch = _empty_sketch().copy()
    sketch.update_batch({"\x1f".join(spelt[at : at + _SHINGLE]).encode() for at in range(len(spelt) - _SHINGLE + 1)})
    return np.asarray(sketch.hashvalues, dtype=np.uint32)


@cache
def _empty_sketch() -> MinHash:
    from datasketch import MinHash  # SciPy behind it takes a while to import, which no search should wait for

    return MinHash(num_perm=SIZE, seed=1, scheme="affine32")


def bands(found: Signature) -> list[tuple[int, int]]:
    """Return the bands of a signature as (number, hash); what shares one with another text is compared with it."""
    rows = found.reshape(BANDS, -1).astype(np.uint64)
    # FNV-1a over the numbers of each band, kept within what SQLite takes as an integer.
    hashes = np.full(BANDS, 0xCBF29CE484222325, dtype=np.uint64)
    for column in rows.T:
        hashes = (hashes ^ column) * np.uint64(0x100000001B3)
    return [(band, int(value >> np.uint64(1))) for band, value in enumerate(hashes)]


def same_news(ours: Tokens, theirs: Tokens) -> bool:
    """Say whether two texts are one piece of news printed twice."""
    shorter, longer = sorted((len(ours), len(theirs)))
    if shorter < _LEAST or shorter < _HALF * longer:
        return False
    kept, changes = _compare(ours, theirs)
    if kept < _SAME * shorter:
        return False
    words: Counter[_Change] = Counter()
    for change in changes:
        if not _numbers_agree(change):
            return False
        if change.ours and change.theirs:
            words[change] += 1
    others = sum(count for change, count in words.items() if min(len(change.ours), len(change.theirs)) >= _OTHER_WORDS)
    return others <= shorter // _ROOM and all(count < _AGAIN for count in words.values())


def _compare(ours: Tokens, theirs: Tokens) -> tuple[int, list[_Change]]:
    """Count the tokens that both texts hold in the same order, and return what stands between these."""
    kept = 0
    changes: list[_Change] = []
    for same, run in groupby(Levenshtein.opcodes(_coded(ours), _coded(theirs)), key=lambda step: step.tag == "equal"):
        steps = list(run)
        first, last = steps[0], steps[-1]
        if same:
            kept += last.src_end - first.src_start
        else:
            changes.append(_Change(ours[first.src_start : last.src_end], theirs[first.dest_start : last.dest_end]))
    return kept, changes


def _coded(found: Sequence[Hashable]) -> list[int]:
    """Return numbers for tokens, as rapidfuzz takes no tuples."""
    return [hash(token) for token in found]


def _numbers_agree(change: _Change) -> bool:
    """Say whether no number or day has another in its place, or was lost from its sentence."""
    ours, theirs = (Counter(token for token in side if not isinstance(token, str)) for side in (change.ours, change.theirs))
    if ours == theirs:
        return True
    whole = (not change.ours and len(change.theirs) >= _LONG) or (not change.theirs and len(change.ours) >= _LONG)
    return whole
