"""Where Chinese sentences end: the one place that chunks, quotes and readers share."""

from __future__ import annotations

import regex

# A sentence ends at 。！？ (with any closing quotes and brackets behind it) or at the end of a line.
# A half-width full stop ends one only behind a Chinese character: 3.5 and E-mail addresses stay whole.
_SENTENCE = regex.compile(
    r"""[^\n]*?(?:[。！？!?]+|(?<=\p{Han})\.(?!\w))[”’」』）)》〉】\]"']*|[^\n]+""",
    regex.VERSION1,
)
_CLAUSE = regex.compile(r"[^；;，,、：:]*[；;，,、：:]+[”’」』）)]*|[^；;，,、：:]+")
_ENDS = regex.compile(r"""(?:[。！？!?…]|(?<=\p{Han})\.)[”’」』）)》〉】\]"']*\s*$""")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the (start, end) code-point offsets of the sentences of `text[start:end]`, blanks trimmed."""
    spans = []
    for match in _SENTENCE.finditer(text, start, len(text) if end is None else end):
        first, last = match.span()
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if last > first:
            spans.append((first, last))
    return spans


def clause_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the clauses of one sentence, each with the mark that closes it."""
    return [match.span() for match in _CLAUSE.finditer(text, start, end)]


def ends_a_sentence(text: str) -> bool:
    """Say whether `text` closes with a sentence's end."""
    return _ENDS.search(text) is not None
