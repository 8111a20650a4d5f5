"""Whether texts tell the same words: letters however they are spelt, and numbers whole."""

from __future__ import annotations

from embeddings.text.letters import fold, letters_and_digits
from embeddings.text.numbers import Measure, Number, numbers

_SHARES = {"%": 0, "‰": -1, "‱": -2, "成": 1}
"""The powers of ten that make a share one in a hundred: 七成 is 70%."""


def same_words(found: str, gold: str) -> bool:
    """Say whether one of two answers holds the other; neither is empty but for punctuation."""
    one, other = tokens(found), tokens(gold)
    return bool(one and other) and (_contains(one, other) or _contains(other, one))


def holds(text: str, part: str) -> bool:
    """Say whether a text holds a part, punctuation, case, width and Traditional characters aside.

    A number stands in no other number, however it is written: 7例 is not in 17例, 三亿二千万 is 3.2亿.
    """
    return _contains(tokens(text), tokens(part))


def tokens(text: str) -> tuple[str, ...]:
    """Return what is compared: each number by its value, each other letter or digit by itself, no punctuation."""
    text = fold(text)
    found: list[str] = []
    end = 0
    for number in numbers(text):
        found += letters_and_digits(text[end : number.start])
        found += _numeral(text, number)
        end = number.end
    return (*found, *letters_and_digits(text[end:]))


def _numeral(text: str, number: Number) -> list[str]:
    """Return the tokens of a number: its value, whether it is passed, and the characters of its unit."""
    printed, unit = text[number.start : number.unit_start], text[number.unit_start : number.end]
    share = _SHARES.get(number.unit)
    if number.value is None or number.measure is Measure.PHONE:
        value = letters_and_digits(printed)
    else:
        value = f"{number.value.scaleb(share or 0).normalize():f}"
    # A share is another number than its numeral: 7% is not 7, nor 100% 1.
    value = f"={value}" if share is None else f"={value}%"
    ordinal = ["第"] if printed.startswith("第") else []
    return [*ordinal, value, *(["多"] if number.open else []), *letters_and_digits(unit if share is None else "")]


def _contains(tokens: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Say whether tokens hold others, one behind the other."""
    places = range(len(tokens) - len(part) + 1)
    return any(tokens[place : place + len(part)] == part for place in places)
