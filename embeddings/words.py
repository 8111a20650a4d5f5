"""Text to search words, the same way for chunks and for questions."""

from __future__ import annotations

import logging
import threading
import unicodedata
from functools import cache

import jieba
import opencc

jieba.setLogLevel(logging.WARNING)

# Words that carry no subject. The words that only ask (多少, 哪里) stand in few articles, so their
# rarity would outweigh the names in a question.
_STOP_WORDS = frozenset(
    """
    的 了 和 与 及 在 是 有 对 为 被 把 从 向 由 于 也 都 就 而 并 或 等 其 该 这 那 之 以 上 下 中 里 个
    吗 呢 吧 啊 呀 么 请问 一下 告诉 我 你 您 他 她 它 我们 你们 他们 是不是 有没有 时候
    谁 什么 甚么 多少 几 哪 哪个 哪些 哪里 哪儿 哪位 哪家 哪天 哪年 怎么 怎样 怎么样 如何 为何 为什么
    何 何时 何地 多 多久 多长 多大 多高 什么样
    """.split()
)
_lock = threading.Lock()


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Fold width, case and Traditional characters, so that spellings of one word meet.

    The result may differ in length: use it to search and compare, never to slice a quote.
    """
    folded = unicodedata.normalize("NFKC", _sound(text)).lower()
    return str(_simplifier().convert(folded))


def simplified_in_place(text: str) -> str:
    """Return the text with Simplified characters in place of Traditional ones, line by line where that moves none.

    Offsets into the result are offsets into the text.
    """
    lines = [(line, str(_simplifier().convert(line))) for line in _sound(text).splitlines(keepends=True)]
    return "".join(folded if len(folded) == len(line) else line for line, folded in lines)


def search_words(text: str) -> list[str]:
    """Return the search words of a text in order, long words together with their parts."""
    load_dictionary()
    words = (word.strip() for word in jieba.cut_for_search(fold(text)))
    return [word for word in words if any(map(str.isalnum, word)) and word not in _STOP_WORDS]


def load_dictionary() -> None:
    """Load jieba's dictionary, once; it is not safe to be started from two threads."""
    with _lock:
        jieba.initialize()


def _sound(text: str) -> str:
    """Put a question mark for half of a surrogate pair, which JSON can carry but nothing takes."""
    return text.encode(errors="replace").decode()
