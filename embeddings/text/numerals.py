"""Chinese numerals and their Arabic twins, so that a question finds a number however print writes it.

What a numeral is worth is told by `embeddings.text.numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain

from embeddings.text.numbers import DIGITS, numeral_value, whole

Written = tuple[int, int, str, str]
"""Where a numeral begins and ends, the search word of its digits, and its digits with the scale that print keeps: 3.2亿."""

_ONES = "零一二三四五六七八九"
_SCALES = (("亿", 100_000_000), ("万", 10_000))
_PERCENT = re.compile(r"百分之(?P<number>[零〇一二两三四五六七八九十百]{1,6}(?:点[零〇一二三四五六七八九]{1,6})?)")
_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_SPELT = re.compile(r"[一二两三四五六七八九十廿卅卌百千万亿零〇]{2,24}")
_MOST_DIGITS = 9  # a masthead's number of issues or pages has at most five
_SMALL = re.compile(r"(?<![\d.,])[1-9]\d(?![\d.,%年月日号点时])", re.ASCII)


def read_digits(digits: str) -> int | None:
    """Return the whole number that decimal digits of any script write; None for what is none (②) and for ten digits or more."""
    return int(digits) if len(digits) <= _MOST_DIGITS and digits.isdecimal() else None


def twins(text: str) -> Iterator[str]:
    """Yield the other spelling of each number in a text, as a search word: 3.14 for 三亿一千四百万, 5% for 百分之五."""
    for _, _, word, _ in chain(_fixed(text), _spelt(text)):
        yield word
    for match in _SMALL.finditer(text):
        yield below_hundred(int(match[0]))


def below_hundred(number: int) -> str:
    """Write a whole number below 100 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _ONES[tens]) + ("十" if tens else "") + (_ONES[ones] if ones or not tens else "")


def in_digits(text: str, held: Callable[[str], bool]) -> str:
    """Write percentages, years and numbers of 万 and 亿 in digits, those whose digits are `held` in print.

    Other numerals stay: those of 三一重工 and 十一届三中全会 count nothing.
    """
    found = [*_fixed(text), *(one for one in _spelt(text) if not one[3][-1].isdecimal())]
    for start, end, word, digits in sorted(found, reverse=True):
        if held(word):
            text = text[:start] + digits + text[end:]
    return text


def _fixed(text: str) -> Iterator[Written]:
    """Yield percentages and years."""
    for match in _PERCENT.finditer(text):
        value = numeral_value(match["number"])
        if value is not None:
            yield *match.span(), f"{value:f}%", f"{value:f}%"
    for match in _YEAR.finditer(text):
        word = match[0].translate(DIGITS)
        yield *match.span(), word, word


def _spelt(text: str) -> Iterator[Written]:
    """Yield what is left: whole numbers."""
    rest = _PERCENT.sub(lambda match: " " * len(match[0]), text)
    for match in _SPELT.finditer(rest):
        # Print keeps the largest scale as a word: 3.14亿.
        value = whole(match[0])
        if value:
            scale, size = next(((scale, size) for scale, size in _SCALES if value >= size), ("", 1))
            word = f"{Decimal(value) / size:f}"
            yield *match.span(), word, word + scale
