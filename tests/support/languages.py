"""Which language a text is in: a Chinese one may spell commands, settings and names in Latin letters, no sentence."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_CODES = (
    r"\{\w+[^}]*\}",  # {path}
    r"python -m (?:embeddings|qa)(?: [\w-]+)*(?: DIR| --\w+[-\w]*)*",
    r"pip install [\w.=-]+(?: --[\w-]+)?",
    r"--[a-z-]+",
    r"WENBAO_\w+",
    r"PRAGMA integrity_check",
    r"https?://[\w.]+",
    r"(?:FILE|OUT|WORK|DIR)[\w./]*",
    r"(?:paper|date): ",
    r"KeyError: \w+",
    r"YYYY-MM-DD|JSON API|front matter|SHA-256|SQuAD|GB 18030|sentence-transformers",
)
_CODE = re.compile("|".join(_CODES))
# One word may be a field or a name; several in a row are a sentence.
_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")


def chinese_in(text: str) -> list[str]:
    """Return the Chinese characters and marks of a text."""
    return _CHINESE.findall(text)


def english_in(text: str) -> list[str]:
    """Return the runs of English words of a text, but for commands and the like."""
    return _WORDS.findall(_CODE.sub("·", text))
