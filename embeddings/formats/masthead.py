"""What a masthead says: paper, date, number, pages; and the id made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pypinyin import Style, lazy_pinyin

from embeddings.text.numerals import read_digits

_PAPER = re.compile(r"(?P<paper>[\u4e00-\u9fff]{2,12}?(?:日报|晚报|早报|晨报|周报|都市报|时报|商报|新报|报))(?:报?社)")
_PAPER_LINE = re.compile(r"^[《]?(?P<paper>[\u4e00-\u9fff]{2,12}(?:报|新闻联播))[》]?$")
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_NUMBER = re.compile(r"总?第\s*(\d+)\s*期")
_PAGES = re.compile(r"(?:今日|本期|共)\s*(\d+)\s*版")
_CN = re.compile(r"CN\s*(\d{2}-\d{4}(?:/\w+)?)")
_WEEKDAY = re.compile(r"(?:星期|周)\s*([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts printed above the first article; None where one is not printed."""

    paper: str | None
    issue_date: date | None
    issue_number: int | None
    pages: int | None
    cn_number: str | None
    warnings: tuple[str, ...]
    overlong: str | None = None
    """Digits that stand where a number of the issue or of pages should, and are too many for any."""


def read_masthead(text: str) -> Masthead:
    """Read the facts of a masthead, and warn where its weekday does not fit its date."""
    paper = next((m["paper"] for line in text.splitlines() if (m := _PAPER_LINE.match(line.strip()))), None)
    if paper is None and (printed := _PAPER.search(text)):
        paper = printed["paper"]
    issue_date = find_date(text)
    warnings = []
    weekday = _WEEKDAY.search(text)
    if issue_date and weekday:
        real = _WEEKDAYS[issue_date.weekday()]
        if weekday[1].replace("天", "日") != real:
            warnings.append(f"masthead says {weekday[0]}, but {issue_date} was 星期{real}")
    number, pages, cn = _NUMBER.search(text), _PAGES.search(text), _CN.search(text)
    overlong = next((match[1] for match in (number, pages) if match and read_digits(match[1]) is None), None)
    return Masthead(
        paper=paper,
        issue_date=issue_date,
        issue_number=read_digits(number[1]) if number else None,
        pages=read_digits(pages[1]) if pages else None,
        cn_number=f"CN{cn[1]}" if cn else None,
        warnings=tuple(warnings),
        overlong=overlong,
    )


def find_date(text: str) -> date | None:
    """Return the first day written out as 2021年1月21日, 2021-01-21, 2021.1.21 or 20210121."""
    patterns = (
        _DATE,
        re.compile(r"(?<!\d)(\d{4})[-./_](\d{1,2})[-./_](\d{1,2})(?!\d)"),
        re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"),
    )
    for pattern in patterns:
        for match in pattern.finditer(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:  # a number that only looks like a date
                continue
    return None


def make_issue_id(paper: str, issue_date: date, full: bool = False) -> str:
    """Name an issue by its paper's pinyin initials and its date: lyrb-2021-01-21.

    With `full`, whole syllables are used: the way out where two papers share initials.
    """
    style = Style.NORMAL if full else Style.FIRST_LETTER
    letters = "".join(lazy_pinyin(paper, style=style, errors="default"))
    slug = re.sub(r"[^a-z0-9]", "", letters.lower())
    return f"{slug or 'issue'}-{issue_date.isoformat()}"
