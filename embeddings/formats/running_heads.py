"""What a printer sets at the head and foot of each page, and scanning lays into the text: running heads, folios."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from embeddings.dates.patterns import FULL_DAYS, WEEKDAY, readable
from embeddings.formats.masthead import find_date

_LONGEST = 80  # characters of a running head
_OPENING = 2000  # characters within which an issue tells its day
_SENTENCE_END = re.compile(r"[。！？]")
_YEAR = re.compile(r"\d{4}|年")
_EDITOR = re.compile(r"(?:责任?编辑?|编辑|主编|校对|版式|美编|组版|照排|审读|电话|邮箱|E-?mail)\s*[:：]", re.IGNORECASE)
_PAGE = re.compile(
    r"第?\s*(?P<page>[A-Da-d]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版(?:\s*[:：]?\s*(?P<name>[\u4e00-\u9fff]{2,6}))?"
)
_NUMBER = re.compile(r"[A-Da-d]?\d{1,3}")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,5}")
_PAPER = re.compile(r"(?:[报報刊社]|农历|第.*期|初.|廿.|年.*月.*)$")
# A line about one article names its facts: 作者：林知远 时间：2024-03-12.
_FACT = re.compile(r"(?:作者|记者|时间|日期|来源|版次|版面|专栏|栏目|标题)\s*[:：]")
_FOLIO = re.compile(
    r"\s*(?:[—–\-·•~～]+\s*\d{1,4}\s*[—–\-·•~～]+|第\s*\d{1,4}\s*页(?:\s*[/,，]?\s*共?\s*\d{1,4}\s*页)?"
    r"|page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?)\s*",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(\d{1,3})\s*")
_PAGE_BREAK = re.compile(r"\s*<!--[^<>]{0,60}?page[^<>]{0,200}?-->\s*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LEAST_FOLIOS = 3


def without_running_heads(text: str) -> str:
    """Take running heads and folios out of a text, line for line; of a running head with a page's number 第2版 要闻 stays."""
    lines = text.split("\n")
    for place, line in _dated_heads(text, lines).items():
        lines[place] = _page_line(line)
    for place in (*_folios(lines), *_recurring(lines)):
        lines[place] = ""
    return "\n".join(lines)


def _dated_heads(text: str, lines: Sequence[str]) -> dict[int, str]:
    """Return the lines behind the first sentence that repeat the issue's day, with its weekday, a page or an editor.

    Where such lines name several days each belongs to what stands below it.
    """
    issue_date = find_date(text[:_OPENING])
    first = next((place for place, line in enumerate(lines) if _SENTENCE_END.search(line)), len(lines))
    if issue_date is None:
        return {}
    headed = any(line.startswith("#") for line in lines)
    found: dict[int, str] = {}
    for place in range(first + 1, len(lines)):
        line = lines[place].strip()
        if not 8 <= len(line) <= _LONGEST or line.startswith(("#", "<", "|")) or not _YEAR.search(line):
            continue
        if _SENTENCE_END.search(line) or _FACT.search(line) or (day := find_date(line)) is None:
            continue
        edited = _EDITOR.search(line) is not None
        if edited or (headed and (WEEKDAY.search(line) or _PAGE.search(line) or _NUMBER.fullmatch(line.split()[0]))):
            if day != issue_date:
                return {}
            found[place] = line
    return found


def _page_line(line: str) -> str:
    """Return the page that a running head names, as a line of its own, or nothing."""
    plain = readable(line)
    for pattern in FULL_DAYS:
        plain = pattern.sub(" ", plain)
    plain = WEEKDAY.sub(" ", plain)
    printed = _PAGE.search(plain)
    words = [word for word in re.split(r"[\s|｜│·•　]+", plain) if word and ":" not in word and "：" not in word]
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    names = [word for word in words if _NAME.fullmatch(word) and not _PAPER.search(word)]
    page = printed["page"] if printed else numbers[0] if len(numbers) == 1 else None
    if page is None:
        return ""
    name = (printed["name"] if printed else None) or (names[0] if len(names) == 1 else "")
    return f"第{page}版 {name}".rstrip()


def _folios(lines: Sequence[str]) -> list[int]:
    """Return the lines that are a page's number: — 2 —, 第2页 共8页; bare numbers where they count the pages up."""
    marked = [place for place, line in enumerate(lines) if len(line) <= _LONGEST and _FOLIO.fullmatch(line)]
    bare = [(place, int(match[1])) for place, line in enumerate(lines) if (match := _BARE.fullmatch(line))]
    counted = len(bare) >= _LEAST_FOLIOS and all(later[1] == one[1] + 1 for one, later in pairwise(bare))
    return marked + ([place for place, _ in bare] if counted else [])


def _recurring(lines: Sequence[str]) -> list[int]:
    """Return the short lines beside marks of a page's end that recur there, whatever their digits."""
    beside: list[int] = []
    for place, line in enumerate(lines):
        if _PAGE_BREAK.fullmatch(line):
            for step in (-1, 1):
                near = place + step
                while 0 <= near < len(lines) and not lines[near].strip():
                    near += step
                if 0 <= near < len(lines) and len(lines[near]) <= _LONGEST and not _PAGE_BREAK.fullmatch(lines[near]):
                    beside.append(near)
    shapes = {place: _DIGITS.sub("0", "".join(lines[place].split())) for place in beside}
    seen = Counter(shapes.values())
    return [place for place, shape in shapes.items() if seen[shape] > 1 and not _SENTENCE_END.search(lines[place])]
