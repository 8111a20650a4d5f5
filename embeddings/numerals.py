"""Chinese numerals and their Arabic twins, so that a question finds a number however print writes it.

Written by hand: the libraries that read Chinese numerals read whole strings, not those within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_ONES = "零一二三四五六七八九"
_DIGITS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_PLACES = {"十": 10, "百": 100, "千": 1_000}
_SCALES = (("亿", 100_000_000), ("万", 10_000))
_PERCENT = re.compile(r"百分之(?P<number>[零〇一二两三四五六七八九十百]{1,6}(?:点[零〇一二三四五六七八九]{1,6})?)")
_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_SPELT = re.compile(r"[一二两三四五六七八九十百千万亿零〇]{2,24}")
_SMALL = re.compile(r"(?<![\d.,])[1-9]\d(?![\d.,%年月日号点时])", re.ASCII)


def twins(text: str) -> Iterator[str]:
    """Yield the other spelling of each number in a text, as a search word: 3.14 for 三亿一千四百万, 5% for 百分之五."""
    for match in _PERCENT.finditer(text):
        yield f"{_decimal(match['number'])}%"
    for match in _YEAR.finditer(text):
        yield match[0].translate(_DIGITS)
    for match in _SPELT.finditer(_PERCENT.sub(" ", text)):
        # Print keeps the largest scale as a word: 3.14亿.
        value = _whole(match[0])
        size = next((size for _, size in _SCALES if value >= size), 1)
        if value:
            yield f"{Decimal(value) / size:f}"
    for match in _SMALL.finditer(text):
        tens, ones = divmod(int(match[0]), 10)
        yield ("" if tens == 1 else _ONES[tens]) + "十" + (_ONES[ones] if ones else "")


def _decimal(numeral: str) -> str:
    """Write a numeral of at most hundreds, with or without 点, in digits."""
    whole, _, rest = numeral.partition("点")
    return f"{_whole(whole)}.{rest.translate(_DIGITS)}" if rest else str(_whole(whole))


def _whole(numeral: str) -> int:
    """Return the value of a numeral; one that is only digits is read as such."""
    for word, size in _SCALES:
        before, found, behind = numeral.rpartition(word)
        if found:
            return (_whole(before) or 1) * size + _whole(behind)
    total, digit = 0, 0
    if not any(char in _PLACES for char in numeral):
        return int(numeral.translate(_DIGITS) or 0)
    for char in numeral:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = int(char.translate(_DIGITS))
    return total + digit
