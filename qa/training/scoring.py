"""How answers are scored: CMRC 2018's exact match and F1, and the F1 of evidence as ExpMRC takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The marks that CMRC 2018's scoring leaves out (Cui et al., 2019); a half-width bracket or comma is not among them,
# nor is the ellipsis: its script lists …… among single characters, which no character equals.
_MARKS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_HAN = re.compile(r"[\u4e00-\u9fa5]")
# Words and figures between Chinese characters count as one token each, 3D and 1,000 too.
_WORDS = re.compile(r"\w+(?:[.,]\d\w*)*|[^\w\s]")


def exact_match(found: str, answers: Sequence[str]) -> float:
    """Return 1 where the words found are one of the answers, marks, blanks at the ends and case aside, else 0."""
    return float(any(_bare(found) == _bare(answer) for answer in answers))


def f1(found: str, answers: Sequence[str]) -> float:
    """Return the best F1 over the answers, from the longest run of tokens that both share."""
    return max((_overlap(segments(found), segments(answer)) for answer in answers), default=0.0)


def segments(text: str) -> list[str]:
    """Return the tokens that are compared: each Chinese character, and each other word, without marks."""
    tokens: list[str] = []
    rest = ""
    for char in _bare(text):
        if _HAN.match(char):
            tokens += [*_WORDS.findall(rest), char]
            rest = ""
        else:
            rest += char
    return tokens + _WORDS.findall(rest)


def _overlap(found: Sequence[str], answer: Sequence[str]) -> float:
    """Return the F1 of the longest common run of tokens."""
    longest, row = 0, [0] * (len(answer) + 1)
    for token in found:
        row = [0] + [row[place] + 1 if token == other else 0 for place, other in enumerate(answer)]
        longest = max(longest, *row)
    return 2 * longest / (len(found) + len(answer)) if longest else 0.0


def _bare(text: str) -> str:
    """Fold a text as CMRC's script does, which is less than `embeddings.text.letters` folds, so that scores can be compared."""
    return "".join(char for char in text.lower().strip() if char not in _MARKS)
