"""Where Chinese sentences end: the one place that chunks, quotes and readers share."""

from __future__ import annotations

from collections.abc import Iterator

import regex

LONGEST = 300
"""Characters: a longer sentence is cut. In print one of two thousand is longer, most of these by a few characters; text
without marks (tables, OCR, old print) would otherwise make one passage, and one quote, of a whole page."""
_SHORTEST = LONGEST // 4  # characters of a piece that is cut off, so that no piece is a word or two
_AHEAD = 32  # characters looked at behind a cut, to see whether it would go through a number

# A sentence ends at 。！？ (with any closing quotes and brackets behind it) or at the end of a line.
# A half-width full stop ends one only behind a Chinese character: 3.5 and E-mail addresses stay whole.
_SENTENCE = regex.compile(
    r"""[^\n]*?(?:[。！？!?]+|(?<=\p{Han})\.(?!\w))[”’」』）)》〉】\]"']*|[^\n]+""",
    regex.VERSION1,
)
# Where a sentence that is too long is cut, the best place first: behind 长江； or 长江，or 长江、or a blank, before the ○ that
# opens an item of a list, and at last between any two characters, but not within 1,250.6万, https://yanxi.example or é.
_NUMERAL = "〇零○一二两三四五六七八九十百千万亿"
_CUTS = tuple(
    regex.compile(pattern, regex.VERSION1)
    for pattern in (
        r"""[；;][”’」』）)》〉】\]"']*""",
        r"""(?:[，：]|[,:](?![\dA-Za-z/]))[”’」』）)》〉】\]"']*""",
        rf"""、[”’」』）)》〉】\]"']*|\s+|(?=[●◆■□◎▲])|(?<![{_NUMERAL}])(?=○(?![{_NUMERAL}]))""",
        rf"(?:[\dA-Za-z.,:/@%_\-{_NUMERAL}]\p{{M}}*)+|\X",
    )
)
# A clause ends at one of these marks, but not within 1,250.6万 or 19:30.
_WITHIN_NUMBER = r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d)[:：](?=\d{2}(?!\d))"
_CLAUSE = regex.compile(
    rf"(?:[^；;，,、：:]|{_WITHIN_NUMBER})*(?:(?!{_WITHIN_NUMBER})[；;，,、：:])+[”’」』）)]*|(?:[^；;，,、：:]|{_WITHIN_NUMBER})+"
)
_CLOSING = "”’」』）)》〉】]\"'%％℃°"
_ENDS = regex.compile(r"""(?:[。！？!?…]|(?<=\p{Han})\.)[”’」』）)》〉】\]"']*\s*$""")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the (start, end) code-point offsets of the sentences of `text[start:end]`, blanks trimmed.

    A sentence of more than LONGEST characters comes in pieces, each as a sentence of its own.
    """
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text, start, len(text) if end is None else end):
        first, last = _trimmed(text, *match.span())
        if last > first:
            spans.extend(_pieces(text, first, last))
    return spans


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """Return a span without the blanks at its ends."""
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return first, last


def _pieces(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces of one sentence, none longer than LONGEST; a sentence that is no longer is its own piece."""
    while last - first > LONGEST:
        cut = _cut(text, first, last)
        yield _trimmed(text, first, cut)
        first, _ = _trimmed(text, cut, last)
    yield first, last


def _cut(text: str, first: int, last: int) -> int:
    """Return where the first piece of a sentence ends: at the last of the best marks in the second half of what it may hold."""
    furthest = min(first + LONGEST, last - _SHORTEST)
    for pattern in _CUTS:
        ends = (int(match.end()) for match in pattern.finditer(text, first + LONGEST // 2, min(last, furthest + _AHEAD)))
        place: int = max((end for end in ends if end <= furthest), default=0)
        if place:
            return place
    return furthest


def clause_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the clauses of one sentence, each with the mark that closes it."""
    return [match.span() for match in _CLAUSE.finditer(text, start, end)]


def whole_clauses(text: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the clause or clauses of a quote that hold `text[start:end]`, with the mark that closes them."""
    touched = [clause for clause in clause_spans(text, *quote) if clause[0] < end and start < clause[1]]
    return (min(touched[0][0], start), max(touched[-1][1], end)) if touched else (start, end)


def printed_clause(text: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the clause or clauses of a quote that hold `text[start:end]`, without the mark that closes them."""
    first, last = whole_clauses(text, quote, start, end)
    first, _ = _trimmed(text, first, last)
    while last > end and not (text[last - 1].isalnum() or text[last - 1] in _CLOSING):
        last -= 1
    return first, last


def ends_a_sentence(text: str) -> bool:
    """Say whether `text` closes with a sentence's end."""
    return _ENDS.search(text) is not None
