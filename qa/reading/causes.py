"""A reason in print: what is marked of it stands with the words that make it one, 因为 or 受…影响."""

from __future__ import annotations

import re

# 由于 of 由于雨大, 受 of 受台风影响; the 原因 of 原因是 is none, nor the 受 of 接受.
_HEAD = re.compile(r"(?:是?因为|由于|(?<![原起诱病成基死])因|(?<![接享感忍遭难承经])受|鉴于|缘于|为了|以便|以免)$")
_INFLUENCE = re.compile(r"[^，,。；;：:！!？?\n]{0,12}?影响")
_LONGEST_HEAD = 3  # characters


def whole_reason(body: str, quote: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen a span within a quoted sentence by the word before it that makes it a reason; behind 受 up to 影响."""
    head = _HEAD.search(body, max(quote[0], start - _LONGEST_HEAD), start)
    if head is None:
        return start, end
    influence = _INFLUENCE.match(body, end, quote[1]) if head[0] == "受" else None
    return head.start(), influence.end() if influence else end
