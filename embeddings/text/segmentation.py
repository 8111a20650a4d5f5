"""Text to search words, the same way for chunks and for questions."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator

import jieba

from embeddings.text.letters import BLANKS, HAN, fold, is_chinese

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
# Dropped from English questions alone: WHO and IT are names in Chinese ones.
ENGLISH_STOP_WORDS = frozenset(
    """
    a an the of in on at to for from by with and or as is are was were be been did do does has have had it its s that this
    who whom whose what which when where why how many much there into
    win wins won make makes made hold holds held take takes took get gets got because about than
    """.split()
)
_BROKEN = re.compile(rf"(?<={HAN}){BLANKS}(?={HAN})")  # between 水 and 库 of 卧虹水 库
_REACH = 4  # characters on either side of a blank that a word may run over
_BEFORE, _BEHIND = re.compile(rf"{HAN}{{1,{_REACH}}}$"), re.compile(rf"{HAN}{{1,{_REACH}}}")
# What jieba cuts at a time, less than that between marks: it copies the whole way so far at each character (民民民…).
_LONGEST_RUN = 512
_PIECE = re.compile(rf"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]{{1,{_LONGEST_RUN}}}|[^\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")
_lock = threading.Lock()


def search_words(text: str) -> list[str]:
    """Return the search words of a text in order, long words together with their parts.

    Words that a blank breaks follow at the end: 水库 of 卧虹水 库.
    """
    load_dictionary()
    folded = fold(text)
    words = (word.strip() for word in (*_cut(folded), *_broken_words(folded)))
    found = [word for word in words if any(map(str.isalnum, word)) and word not in _STOP_WORDS]
    if is_chinese(folded):
        return found
    return [word for word in found if word not in ENGLISH_STOP_WORDS] or found


def is_known(word: str) -> bool:
    """Say whether jieba's dictionary holds a word."""
    return word_frequency(word) > 0


def word_frequency(word: str) -> int:
    """Return how often jieba's dictionary counted a word; 0 where it does not hold it."""
    load_dictionary()
    return int(jieba.dt.FREQ.get(word) or 0)


def _cut(folded: str) -> Iterator[str]:
    for piece in _PIECE.findall(folded):
        yield from jieba.cut_for_search(piece)


def _broken_words(folded: str) -> Iterator[str]:
    """Yield the words of the dictionary that run over a blank, where none would cut them otherwise."""
    for blank in _BROKEN.finditer(folded):
        before = _BEFORE.search(folded, max(0, blank.start() - _REACH), blank.start())
        behind = _BEHIND.match(folded, blank.end())
        if before is None or behind is None:
            continue
        place = 0
        for word in jieba.cut(before[0] + behind[0], HMM=False):
            if place < len(before[0]) < place + len(word):
                yield word
            place += len(word)


def load_dictionary() -> None:
    """Load jieba's dictionary, once; it is not safe to be started from two threads."""
    with _lock:
        jieba.initialize()
