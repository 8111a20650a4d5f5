"""The marks that tell on which page what follows is printed: 第2版 综合新闻, A02版, 版次：07, B04 文化, running heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from embeddings.dates.issue_days import printed_days
from embeddings.dates.patterns import WEEKDAY, readable
from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole

# Patterns read texts as `readable` gives them: simplified, digits of half width.
_NUMERALS = "〇零○一二两三四五六七八九十百廿"
PAGE_NUMBER = rf"(?:[A-Za-zＡ-Ｚ]{{0,2}}\s?\d{{1,3}}|[{_NUMERALS}]{{1,4}})"
"""A page as print numbers it: 2, A02, 三."""
_PAGES = rf"{PAGE_NUMBER}(?:\s*[-—–~～至/、]\s*{PAGE_NUMBER})?"
_NAME = r"[^\s。！？!?；;：:，,、][^。！？!?；;，,]{0,15}"
_GAP = r"(?:\s+|\s*[:：·・|/—\-]\s*)"
_ORNAMENT = r"[\s:：■□●◆★▲△▼◇※【】\[\]()（）<>《》—\-·|]*"
_MARKS = tuple(
    re.compile(f"{_ORNAMENT}{pattern}{_ORNAMENT}")
    for pattern in (
        # 第2版 综合新闻, A02版, 第8-9版, 第二张第三版, 05版
        rf"(?:第[{_NUMERALS}\d]+张\s*)?第?\s*(?P<page>{_PAGES})\s*版(?:面)?(?:{_GAP}(?P<name>{_NAME}))?",
        # 版次：07
        rf"(?:版次|版面|版号|版序|版)\s*[:：]\s*第?\s*(?P<page>{_PAGES})\s*版?(?:{_GAP}(?P<name>{_NAME}))?",
        # B04 文化, A02
        rf"(?P<page>[A-Z]{{1,2}}\d{{1,3}}(?:\s*[-—–/]\s*[A-Z]{{0,2}}\d{{1,3}})?)(?:[\s:：·|]+(?P<name>{_NAME}))?",
        # 要闻 第2版, 要闻·A02
        rf"(?P<name>[\u4e00-\u9fff·]{{2,8}})\s*[·|:：/\s]\s*(?:第\s*(?P<page>{_PAGES})\s*版|(?P<letter>[A-Z]{{1,2}}\d{{1,3}})版?|(?P<plain>\d{{1,3}})版)",
        # 02 要闻
        r"(?P<page>0\d)\s+(?P<name>[\u4e00-\u9fff·]{2,8})",
    )
)
# A page's mark that names no number that can be read: 第□版, 副刊版, 中缝, 封底.
_UNKNOWN = re.compile(
    rf"{_ORNAMENT}(?:第\S{{1,4}}版|(?P<name>[\u4e00-\u9fff]{{2,4}})(?<![出再改新旧绝盗排制])版|头版|中缝|封[面底二三]|报眼|报尾)(?:{_GAP}{_NAME})?{_ORNAMENT}"
)
_NO_NAME = re.compile(r"[报報]$|[周週月旬导導晨晚]刊$|[月日]\S{0,3}日|星期")
_NO_MARK = re.compile(r"[下文接]转|[上承文紧]接|^\W*[转接]|今日|本期|共\S*版$|(?:农村|海外|周末)版$")
_COMMENT = re.compile(r"<!--\s*(?:page|第?\s*\d+\s*页?)\b.*-->", re.IGNORECASE)
# What a running head holds beside the day: 2 2024年3月12日 星期二 要闻 编辑:何映秋 电话:0000-0000000
_STAFF = re.compile(
    r"(?:责任|本版|值班|执行)?(?:编辑|责编|主编|校对|美编|版式|设计|组版|电话|热线|邮箱|E-?mail)\s*[:：/]?\s*(?:[\d\-—]{5,}|[\w.]+@[\w.]+|[\u3400-\u9fff·]{2,4}(?:[\s、][\u3400-\u9fff·]{2,4}(?![:：]))?)",
    re.IGNORECASE,
)
EDITOR = re.compile(r"(?:责任|本版|值班|执行)?(?:编辑|责编|主编|校对|美编)[\s:：/]+[\u3400-\u9fff·]{2,4}")
"""Who edited a page, beside its name; 热线回音 is a page's name."""
_HEAD_PAGE = re.compile(
    rf"第\s*(?P<page>{_PAGES})\s*版|(?P<letter>[A-Z]{{1,2}}\d{{1,3}})版?|(?<!\S)(?P<plain>\d{{1,3}})版?(?!\S)"
)
_MAY_BE = re.compile(r"[版缝縫封眼尾\dA-ZＡ-Ｚ]")  # most lines hold none of these
_LINE = 40
_HEAD = 80
"""Characters of a mark, and of a running head."""


@dataclass(frozen=True, slots=True)
class PageMark:
    """The page that a mark tells (`page_text`) and the name of that page; None for what it does not tell."""

    page: str | None = None
    name: str | None = None


def read_page_mark(line: str) -> PageMark | None:
    """Read a line that tells the page of what follows; None for any other line.

    A mark whose page cannot be read is a mark all the same: what follows is not on the page before it.
    """
    if _COMMENT.fullmatch(line.strip()):
        return PageMark()
    if len(line) > _HEAD or not _MAY_BE.search(line):
        return None
    plain = readable(line).strip()
    if head := _running_head(plain, line.strip()):
        return head
    if len(plain) > _LINE or _NO_MARK.search(plain):
        return None
    for pattern in _MARKS:
        if match := pattern.fullmatch(plain):
            groups = match.groupdict()
            page = groups.get("page") or groups.get("letter") or groups.get("plain")
            name = groups.get("name")
            return PageMark(page_text(page), _printed(line.strip(), match, "name") if name else None)
    if match := _UNKNOWN.fullmatch(plain):
        return PageMark(None, _printed(line.strip(), match, "name") if match["name"] else None)
    return None


def _printed(line: str, match: re.Match[str], group: str) -> str | None:
    name = line[slice(*match.span(group))]
    if staff := EDITOR.search(simplified_in_place(name)):  # 第1版 要闻 责任编辑 何映秋
        name = name[: staff.start()]
    name = name.strip(" \t\u3000】]>》—-·|■□●◆")
    name = name if re.search(r"[(（]", name) else name.rstrip(")）")
    return " ".join(name.split()) if name and not _NO_NAME.search(name) else None


def _running_head(plain: str, line: str) -> PageMark | None:
    """Read the line at the head of a page: its number, the day with its weekday, its name, who edited it."""
    if re.search(r"[。！？；，,]|今日\S+版|总第|刊号|第\S+[期号]", plain):
        return None
    days = next(printed_days(plain), None)
    weekday = WEEKDAY.search(plain)
    if days is None or weekday is None:
        return None
    rest = _STAFF.sub(" ", f"{plain[: days.start]} {plain[days.end :]}")
    rest = re.sub(r"(?:星期|周)\s*[一二三四五六日天]|(?:农历|阴历)\S*|(?<!\S)\S{2}年\S{1,2}月\S{1,3}(?!\S)", " ", rest)
    found = _HEAD_PAGE.search(rest)
    page = found["page"] or found["letter"] or found["plain"] if found else None
    if found:
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    words = [word for word in re.split(r"[\s|·:：/]+", rest) if re.fullmatch(r"[\u3400-\u9fff、]{2,8}", word)]
    words = [word for word in words if not word.endswith(("报", "刊", "版"))]
    if page is None and not words:
        return None
    name = words[0] if words else None
    # Printed characters stand where the simplified ones do.
    if name and len(plain) == len(line):
        name = line[plain.index(name) : plain.index(name) + len(name)]
    return PageMark(page_text(page), name)


def page_text(page: str | None) -> str | None:
    """Write a page as it is kept: 2 for 第02版 and 第二版, A02, 8-9."""
    if page is None:
        return None
    parts = [_one(part) for part in re.split(r"\s*[-—–~～至/、]\s*", readable(page).strip()) if part]
    return "-".join(parts) or None


def _one(part: str) -> str:
    part = re.sub(r"\s+", "", part).upper()
    if part.isdecimal():
        return part.lstrip("0") or "0"
    value = whole(part.replace("廿", "二十")) if not re.search(r"[A-Z\d]", part) else None
    return str(value) if value is not None else part


def same_page(one: str, other: str) -> bool:
    """Say whether two pages are the same as numbers go: A1 and A01; one of a range is of it."""
    return bool(page_keys(one) & page_keys(other))


@lru_cache(1024)
def page_keys(page: str) -> frozenset[str]:
    """Return the pages that a page's text names, as they are compared: 3 and 4 of 3-4, A1 of A01."""
    return frozenset(re.sub(r"(?<![0-9])0+(?=\d)", "", part) for part in page.split("-"))
