"""Stretches of a text, as offsets, and what becomes of them when the text around them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]


def moved(spans: Iterable[Span], start: int, end: int, length: int) -> Iterator[Span]:
    """Yield what becomes of spans of a text when `[start:end]` of it gives way to `length` characters; those in it are gone."""
    shift = length - (end - start)
    for first, last in spans:
        if last <= start:
            yield first, last
        elif first >= end:
            yield first + shift, last + shift


def cut_out(text: str, spans: Iterable[Span], cuts: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Cut stretches, given in order, out of a text, and return what is left of it and of its spans."""
    kept = tuple(spans)
    for start, end in reversed(cuts):
        text = text[:start] + text[end:]
        kept = tuple(moved(kept, start, end, 0))
    return text, kept


def behind(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Return the spans of a text that comes to stand behind `length` characters."""
    return tuple((start + length, end + length) for start, end in spans)
