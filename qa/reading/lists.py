"""A list in print, 甲、乙和丙: what is marked of it stands for all of it."""

from __future__ import annotations

import re

_JOINT = re.compile(r"、|[”》’」]\s?[“《‘「]")
_STOPS = "，,。；;：:！？!?\n"
# What leads to a list within its clause, and what closes one.
_LEAD = re.compile(r".*(?:包括|分别(?:是|为|有|以|在)?|来到|走进|深入|前往|涵盖|涉及|新设|的是|主要有)")
_AND = re.compile("以及|[和与及]")
_CLOSE = re.compile(r"等|均|在内|为主")


def whole_list(body: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen a span within a quoted sentence to the list that it is an item of; a span beside any list stays.

    A list lies between two stops. An end of the span that lies in the first or the
    last item is kept, as a reader marks it more exactly than a pattern can.
    """
    first = max(quote[0], *(body.rfind(stop, quote[0], start) + 1 for stop in _STOPS))
    last = min([quote[1], *(place for stop in _STOPS if (place := body.find(stop, end, quote[1])) >= 0)])
    joints = [match.span() for match in _JOINT.finditer(body, first, last)]
    if not joints:
        return start, end
    if start > joints[0][0]:
        lead = _LEAD.match(body, first, joints[0][0])
        start = lead.end() if lead else first
    if end <= joints[-1][0] + 1 or _AND.match(body, end):
        close = _CLOSE.search(body, joints[-1][1], last)
        end = max(end, close.start() if close else last)
    return start, end
