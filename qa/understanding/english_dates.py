"""Dates, large numbers and editions of an English question, written as Chinese prints them.

Written by hand: the libraries that read English dates return days, and here the words are wanted, in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from embeddings.text.numerals import below_hundred

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_OF = {name[:3].lower(): place for place, name in enumerate(_MONTHS, start=1)}
_NAME = "(?:" + "|".join(sorted({*_MONTHS, *(name[:3] for name in _MONTHS), "Sept"}, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d))"
_MONTH = rf"(?P<month>{_NAME})"
_ORDINALS = {
    word: place
    for place, word in enumerate(
        """
        first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
        sixteenth seventeenth eighteenth nineteenth twentieth
        """.split(),
        start=1,
    )
}
_COUNTS = dict(zip("two three four five six seven eight nine ten eleven".split(), range(2, 12), strict=True))
_PARTS = {"early": "上旬", "mid": "中旬", "late": "下旬"}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000}
_PRINTED = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"))


def _date(match: re.Match[str]) -> str:
    named = match.groupdict()
    told = f"{year}年" if (year := named.get("year")) else ""
    if named.get("until"):
        return f"{told}{_month(named['month'])}至{_month(named['until'])}月"
    told += f"{_month(named['month'])}月" if named.get("month") else ""
    told += f"{int(day)}日" if (day := named.get("day")) else ""
    told += _PARTS[part.lower()] if (part := named.get("part")) else ""
    told += f"第{below_hundred(_place(quarter))}季度" if (quarter := named.get("quarter")) else ""
    told += f"前{below_hundred(_place(quarters))}季度" if (quarters := named.get("quarters")) else ""
    told += ("上半年", "下半年")[_place(half) - 1] if (half := named.get("half")) else ""
    told += f"1至{_place(months)}月" if (months := named.get("months")) else ""
    return told


def _month(name: str) -> int:
    return _MONTH_OF[name[:3].lower()]


def _place(word: str) -> int:
    word = word.lower()
    return _ORDINALS.get(word) or _COUNTS.get(word) or int(word)


def _edition(match: re.Match[str]) -> str:
    return f"第{match['number'] or below_hundred(_place(match['word']))}届"


def _number(match: re.Match[str]) -> str:
    value = Decimal(match["number"].replace(",", "")) * _SCALES[match["scale"].lower()]
    size, word = next(((size, word) for size, word in _PRINTED if value >= size), (1, ""))
    return f"{(value / size).normalize():f}{word}"


_ORDINAL = "|".join(_ORDINALS)
_COUNT = "|".join(_COUNTS) + r"|\d{1,2}"
# The longest forms first. May and March are months only where a day, a year or one of these words stands beside them.
_WRITTEN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), write)
    for pattern, write in (
        (rf"\b{_MONTH}\s?[-–]\s?(?P<until>{_NAME}){_YEAR}?", _date),
        (rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}?", _date),
        (rf"\b{_MONTH}\s+{_DAY}(?!\d|,\d){_YEAR}?", _date),
        (rf"\b(?P<part>(?i:early|mid|late))[\s-]{_MONTH}{_YEAR}?", _date),
        (rf"\b(?i:{_MONTH}){_YEAR}", _date),
        (
            r"(?:(?<=\b[Ii]n )|(?<=\b[Bb]y )|(?<=\bof )|(?<=\b[Ss]ince )|(?<=\buntil )|(?<=\bfrom )|(?<=\bto )|(?<=\b[Ff]or )"
            rf"|(?<=\b[Dd]uring )|(?<=\blast )|(?<=\bthis )){_MONTH}",
            _date,
        ),
        (rf"\b(?i:(?:the\s)?first (?P<months>{_COUNT}) months)(?:(?:\s+of)?{_YEAR})?", _date),
        (rf"\b(?i:(?:the\s)?first (?P<quarters>two|three) quarters)(?:(?:\s+of)?{_YEAR})?", _date),
        (rf"\b(?i:(?P<quarter>first|second|third|fourth) quarter)(?:(?:\s+of)?{_YEAR})?", _date),
        (rf"\bQ1\s?[-–]\s?Q?(?P<quarters>[23]){_YEAR}?", _date),
        (rf"\bQ(?P<quarter>[1-4])\b{_YEAR}?", _date),
        (rf"\b(?i:(?P<half>first|second) half)(?:(?:\s+of)?{_YEAR})?", _date),
        (rf"\bH(?P<half>[12])\b{_YEAR}?", _date),
        # Of what has a name, editions are counted: the 20th China-ASEAN Expo.
        (rf"\b(?P<number>\d{{1,3}})(?:st|nd|rd|th)\b(?=\s+[A-Z])|\b(?P<word>(?i:{_ORDINAL}))\b(?=\s+[A-Z])", _edition),
        (r"(?<![\d.,])(?P<number>\d[\d,]*(?:\.\d+)?)[\s-]?(?P<scale>(?i:thousand|million|billion|trillion))\b", _number),
    )
)


def in_chinese_form(question: str) -> str:
    """Return an English question with its dates, editions and large numbers as Chinese prints them, set apart by spaces.

    7 August 2024 becomes 2024年8月7日, Q1 2024 2024年第一季度, the third Expo 第三届 Expo, 1.3 million 130万.
    """
    for pattern, write in _WRITTEN:
        question = pattern.sub(lambda match, write=write: f" {write(match)} ", question)  # type: ignore[misc]
    return question
