"""A list in print, 甲、乙和丙, and a quotation: what is marked of it stands for all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.text.numbers import whole
from qa.understanding.analysis import analyse

_JOINT = re.compile(r"、|[”》’」]\s?[“《‘「]")
_STOPS = "，,。；;：:！？!?\n"
# What leads to a list within its clause, and what closes one.
_LEAD = re.compile(r".*(?:包括|分别(?:是|为|有|以|在)?|来到|走进|深入|前往|涵盖|涉及|新设|的是|主要有)")
_AND = re.compile("以及|[和与及跟]")
_AND_BEFORE = re.compile("(?:以及|[和与及跟])$")
_CLOSE = re.compile(r"等|均|在内|为主")
# 哪三位, 哪几个: several things, and how many.
_SEVERAL = re.compile(r"哪(?P<count>[两二三四五六七八九十])|哪[些几]|分别|有哪|都[有是]谁|各[是为有](?:哪|什么|谁)")
_CLOSING = {"《": "》", "“": "”", "「": "」", "『": "』"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SHORTEST = 2  # characters of an item
_NOUNS = "nzbjlmqxi"  # the first letters of the tags of words that an item is made of
_LEADS = "vpdru"  # those of words that lead to one
_VERBAL_NOUNS = ("vn", "eng", "s", "an")

_Placed = tuple[int, int, str]
"""Where a word begins and ends in a body, and its tag."""


def asks_for_several(text: str) -> bool:
    """Say whether a question asks for more than one thing by its words: 哪三位, 有哪些, 分别."""
    return _SEVERAL.search(text) is not None


def asked_count(text: str) -> int | None:
    """Return how many things a question says it asks for, three in 哪三位; None where it does not say."""
    found = _SEVERAL.search(text)
    return whole(found["count"]) if found and found["count"] else None


def whole_list(body: str, quote: tuple[int, int], start: int, end: int, count: int | None = None) -> tuple[int, int]:
    """Widen a span within a quoted sentence to the list that it is an item of; a span beside any list stays.

    A list lies between two stops. An end of the span that lies in the first or the
    last item is kept, as a reader marks it more exactly than a pattern can. Two things
    that 和 joins are a list too, unless the question's `count` says that there are more.
    """
    first = max(quote[0], *(body.rfind(stop, quote[0], start) + 1 for stop in _STOPS))
    last = min([quote[1], *(place for stop in _STOPS if (place := body.find(stop, end, quote[1])) >= 0)])
    joints = [match.span() for match in _JOINT.finditer(body, first, last)]
    if not joints:
        return _pair(body, first, last, start, end) if count in (None, 2) else (start, end)
    tokens = [(first + at, first + at + len(word), tag) for word, tag, at in analyse(body[first:last]).tokens]
    if start > joints[0][0]:
        lead = _LEAD.match(body, first, joints[0][0])
        start = lead.end() if lead else _item_start(tokens, first, joints[0][0])
    if end <= joints[-1][0] + 1 or _AND.match(body, end):
        close = _CLOSE.search(body, joints[-1][1], last)
        end = max(end, close.start() if close else _item_end(tokens, joints[-1][1], last))
    return start, end


def whole_quotation(body: str, start: int, end: int) -> tuple[int, int]:
    """Close a quotation that ends right behind a span, and leave out one that only begins in it: 早饭，“鸡蛋牛奶."""
    opened = body.rfind("“", start, end)
    if opened < 0 or body.find("”", opened, end) >= 0:
        return start, end
    if body.startswith("”", end):
        return start, end + 1
    last = opened
    while last > start and not body[last - 1].isalnum():
        last -= 1
    return (start, last) if last > start else (start, end)


def _item_start(tokens: Sequence[_Placed], first: int, end: int) -> int:
    """Return where the first item of a list begins that ends at a joint: behind the verb or preposition that leads to it."""
    leads = [high for _, high, tag in tokens if first <= high < end - 1 and tag[0] in _LEADS and tag not in _VERBAL_NOUNS]
    return max(leads, default=first)


def _item_end(tokens: Sequence[_Placed], start: int, last: int) -> int:
    """Return where the last item of a list ends that begins behind a joint: before the verb that goes on."""
    end = start
    for (low, high, tag), (_, _, following) in zip(tokens, [*tokens[1:], (last, last, "")], strict=True):
        if low < start or high > last:
            continue
        # The 站 of 渔政站和码头 is no verb, as 和 joins it.
        if not (_in_item(tag) or tag in ("c", "x", "uj") or following == "c"):
            break
        end = high
    dangling = not tokens or any(high == end and tag in ("c", "uj") for _, high, tag in tokens)  # 及 of 广场及南部
    return last if dangling or end - start < _SHORTEST else end


def _pair(body: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Widen the one of two coordinated things of a clause to both: 甲 or 乙 to 甲和乙."""
    if _AND.search(body, start, end):
        return start, end
    behind, before = _AND.match(body, end, last - 1), _AND_BEFORE.search(body, first + 1, start)
    tokens = [(first + at, first + at + len(word), tag) for word, tag, at in analyse(body[first:last]).tokens]
    if behind and body[behind.end()] in _CLOSING:
        end = max(end, body.find(_CLOSING[body[behind.end()]], end, last) + 1)
    elif behind:
        for low, high, tag in tokens:
            if low >= behind.end():
                if not _in_item(tag):
                    break
                end = high
    elif before and body[before.start() - 1] in _OPENING:
        opens = body.rfind(_OPENING[body[before.start() - 1]], first, start)
        start = opens if opens >= 0 else start
    elif before:
        for low, high, tag in reversed(tokens):
            if high <= before.start():
                if not _in_item(tag):
                    break
                start = low
    return start, end


def _in_item(tag: str) -> bool:
    """Say whether a word of this tag can be part of the name of a thing."""
    return tag[0] in _NOUNS or tag in _VERBAL_NOUNS
