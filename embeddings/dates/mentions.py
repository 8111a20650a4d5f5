"""The days that a text speaks of, read against the day its issue was printed.

Written by hand: of the parsers tried (jionlp, dateparser, ChineseTimeNLP, recognizers-text) none read more than half of
thirty expressions as a newspaper means them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.dates.anchor import Anchor
from embeddings.dates.patterns import find_words, readable
from embeddings.records import Chunk, Days, Precision

_BETWEEN = re.compile(r"(?:\d{1,2}[时点](?:\d{1,2}分)?|[上下]午|晚)?(?P<to> ?(?:至|到|-|–|—{1,2}|─|~) ?)|[、和与及]", re.ASCII)
_BESIDE = re.compile(r"[()（）,，]{1,2}")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_RANGED = frozenset({Precision.DAY, Precision.TEN_DAYS, Precision.MONTH, Precision.YEAR, Precision.QUARTER})


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of time in a text, `text[start:end]`, and the days they mean."""

    start: int
    end: int
    days: Days
    open_year: bool
    """No year is named, so that another year's days may be meant."""


def mentions(text: str, reference: date, year: int | None = None) -> tuple[Mention, ...]:
    """Return the words of time in a text, in order and apart from each other, resolved against a day.

    What names no year lies nearest to the reference day, or in `year` where that is
    given: 12月30日 in an issue of 2 January is of the year before. Words that mean no
    day of the calendar (2月30日) are left out. Offsets are code points into the text.
    """
    plain = readable(text)
    found: list[Mention] = []
    scene, behind = Anchor(reference, year), 0  # where the words read last end
    for match, reader in find_words(plain):
        gap = plain[behind : match.start()]
        if _SENTENCE_END.search(gap):
            scene.told = None
        link = _BETWEEN.fullmatch(gap) if found and found[-1].end == behind else None
        beside = found and found[-1].days.precision is Precision.YEAR and found[-1].end == behind and _BESIDE.fullmatch(gap)
        scene.beside = found[-1].days.last.year if beside else None
        scene.ranged, scene.listed = bool(link and link["to"]), bool(link and not link["to"])
        scene.open_year, behind = False, match.end()
        days = reader(match, scene)
        if days is None:
            continue
        mention = Mention(match.start(), match.end(), days, scene.open_year)
        if scene.ranged and _ranges(found[-1].days, days):
            before = found.pop()
            days = Days(before.days.first, days.last, days.precision)
            mention = Mention(before.start, match.end(), days, before.open_year)
        found.append(mention)
        if days.precision is Precision.LOOSE:
            continue
        scene.last = days
        if days.precision is Precision.DAY:
            scene.day = days
        if not mention.open_year and days.precision in (Precision.DAY, Precision.MONTH):
            scene.told = days
    return tuple(found)


def event_dates(text: str, issue_date: date, start: int = 0, end: int | None = None) -> tuple[date, ...]:
    """Return the days named in `text[start:end]`, in order of mention, each once; of several days in a row both ends.

    What stands before `start` is read too: it tells which day 当日 is. Longer and
    looser spans, such as 上周 and 近日, name no day.
    """
    days = [mention.days for mention in mentions(text[:end], issue_date) if mention.start >= start]
    ends = (day for named in days if named.precision is Precision.DAY for day in (named.first, named.last))
    return tuple(dict.fromkeys(ends))


def chunk_days(headline: str, body: str, chunks: Sequence[Chunk], issue_date: date) -> list[tuple[Days, ...]]:
    """Return for each chunk the days that it and the headline speak of, earliest first, each once."""
    told = {mention.days for mention in mentions(headline, issue_date)}
    spoken = mentions(body, issue_date)
    return [
        tuple(sorted(told | {mention.days for mention in spoken if chunk.start <= mention.start < chunk.end}))
        for chunk in chunks
    ]


def _ranges(first: Days, last: Days) -> bool:
    """Say whether a span can run from one to the other."""
    return first.precision in _RANGED and last.precision in _RANGED and first.first <= last.last
