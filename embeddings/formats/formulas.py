"""Numbers and units that OCR wrote as mathematics, as print has them: $1 8 . 6$ is 18.6."""

from __future__ import annotations

import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text

from embeddings.text.letters import is_chinese

_LONGEST = 300  # characters of a formula in a line of news
# In $…$ nothing but the mark may not stand; \( and \[ may be escapes of printed brackets, which `_is_formula` tells apart.
# A closing $ before a digit is the price of something.
_FORMULA = re.compile(
    rf"(?:(?<![\\$])\$\$?(?P<inline>[^$\n]{{1,{_LONGEST}}})\$\$?(?![\d$])"
    rf"|(?<!\\)\\\((?P<round>[^\n]{{1,{_LONGEST}}}?)\\\)|(?<!\\)\\\[(?P<square>[^\n]{{1,{_LONGEST}}}?)\\\])[ \t]*"
)
_WORDS = re.compile(r"\\(?:text|textbf|mbox|mathrm|hbox)\s*\{[^{}]*\}")
_LATEX = re.compile(r"\\[A-Za-z%&#_,; ]|[\^_{}]")
_FIGURES = re.compile(r"[\d\s.,:：/%‰+\-−—~～×xX*()\[\]°'′<>=≥≤]+[A-Za-z°]{0,4}\s*")
_RAISED = re.compile(r"\^\s*([0-9+\-]+)")
_LOWERED = re.compile(r"(?<=[A-Za-z)])_\s*([0-9]+)")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BEFORE = (("\\yen", "¥"), ("\\textyen", "¥"), ("\\textperthousand", "‰"), ("\\permil", "‰"))
# What LaTeX draws for what newspapers set.
_PRINTED = str.maketrans({"∼": "～", "∘": "°", "⩾": "≥", "⩽": "≤", "−": "-", "′": "′"})
_SPACED = re.compile(r"(?<=\S)[ \t]+(?=\S)")
_WORD_BREAK = re.compile(r"[A-Za-z]{2,}[ \t]+[A-Za-z]{2,}")
_DIGITS = re.compile(r"\d")
_LETTER = re.compile(r"[A-Za-z0-9]")


def without_formulas(text: str) -> str:
    """Write the formulas of a text as print has them; what is no formula, such as the prices $5 and $6, stays.

    OCR sets a blank on both sides of a formula, which print has not between Chinese characters.
    """
    pieces: list[str] = []
    done = 0
    for match in _FORMULA.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        if not _is_formula(inner, sure=match["inline"] is not None):
            continue
        before = text[done : match.start()]
        kept, after = before.rstrip(" \t"), text[match.end() : match.end() + 1]
        # Between Latin words the blank is print's own, and between two formulas it parts them.
        left = " " if kept != before and _LETTER.match(kept[-1:]) else ""
        right = " " if match[0][-1] in " \t" and (_LETTER.match(after) or after in ("$", "\\")) else ""
        pieces += [kept, left, plain_formula(inner), right]
        done = match.end()
    return "".join([*pieces, text[done:]])


def _is_formula(inner: str, sure: bool) -> bool:
    """Say whether what stands between the marks is a formula: LaTeX, or figures alone where the marks are sure."""
    rest = _WORDS.sub("", inner)
    if is_chinese(rest) or not (_DIGITS.search(inner) or "\\" in inner):
        return False
    return _LATEX.search(inner) is not None or (sure and _FIGURES.fullmatch(inner) is not None)


def plain_formula(inner: str) -> str:
    """Return the text of a formula, with its digits and signs together."""
    found = inner
    if _LATEX.search(inner):
        for command, sign in _BEFORE:
            inner = inner.replace(command, sign)
        found = _latex().latex_to_text(inner)
        if _DIGITS.findall(found) != _DIGITS.findall(inner):  # damaged LaTeX: no digit is lost
            found = re.sub(r"\\[A-Za-z]+|[\\{}$]", " ", inner)
    found = found.translate(_PRINTED)
    found = _SPACED.sub(lambda blanks: _gap(found, blanks), found).strip()
    found = _RAISED.sub(lambda raised: raised[1].translate(_SUPERSCRIPTS), found).replace("^", "")
    return _LOWERED.sub(lambda lowered: lowered[1].translate(_SUBSCRIPTS), found)


def _gap(text: str, blanks: re.Match[str]) -> str:
    """Return what blanks within a formula are in print: one between two words, else nothing."""
    around = text[max(blanks.start() - 2, 0) : blanks.end() + 2]
    return " " if _WORD_BREAK.fullmatch(around) else ""


@cache
def _latex() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False)
