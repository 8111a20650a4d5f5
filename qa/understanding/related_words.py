"""Related words: what print says for the everyday words of a question, 用电量 for 用了多少电 and 翌晨 for 第二天早上."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from embeddings.store.archive import Archive
from embeddings.text.letters import fold
from qa.understanding.analysis import analyse

Line = tuple[tuple[str, ...], tuple[str, ...]]
"""Everyday words, and what print says for them."""
_APART = r"[^，,。；;？?！!]{0,4}?"  # what may stand between the parts of 用了…电


def related_words(archive: Archive, question: str) -> tuple[str, ...]:
    """Return the words of print for the everyday words of a question that stand in the archive and not in the question."""
    folded = fold(question)
    found = [word for pattern, words in _table() if pattern.search(folded) for word in words if word not in folded]
    own = set(analyse(question).words)
    held = archive.document_frequencies([word for word in dict.fromkeys(found) if word not in own])
    return tuple(word for word, count in held.items() if count)


def read_lines(text: str) -> list[Line]:
    """Read a table of everyday words: 着火 失火 = 火灾 焚毁, a line each; lines that begin with # are remarks."""
    lines = [line.split("=") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(tuple(everyday.split()), tuple(printed.split())) for everyday, printed in lines]


@cache
def _table() -> Sequence[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Return a pattern for each line of the table that comes with the package, and its words of print, read once."""
    text = (files("qa.understanding") / "everyday_words.txt").read_text(encoding="utf-8")
    return [(_pattern(everyday), printed) for everyday, printed in read_lines(text)]


def _pattern(everyday: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a line's everyday words; … in one stands for a few characters between its parts."""
    return re.compile("|".join(_APART.join(map(re.escape, word.split("…"))) for word in everyday))
