"""What a masthead says: paper, date, number, pages; and the id made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pypinyin import Style, lazy_pinyin

from embeddings.dates.anchor import WEEKDAYS, number, year_number
from embeddings.dates.patterns import FULL_DAYS, WEEKDAY, readable
from embeddings.dates.periods import day_of
from embeddings.messages import MESSAGES
from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole
from embeddings.text.numerals import read_digits

# All but the names are looked for in simplified characters, in which 號 is 号.
_PAPER = re.compile(r"(?P<paper>[\u4e00-\u9fff]{2,12}?(?:日报|晚报|早报|晨报|周报|都市报|时报|商报|新报|报))(?:报?社)")
_PAPER_LINE = re.compile(r"(?m)^[ \t\u3000]*《?(?P<paper>[\u4e00-\u9fff]{2,12}(?:报|新闻联播))》?[ \t\u3000]*$")
NUMERAL = r"[\d〇○零一二两三四五六七八九十百千另]+"
"""Digits or Chinese numerals, as print numbers issues and pages; 第一百另三期."""
# 总第9316期, and else 第1214号, but not the number of a licence: 登记证第037号.
_ISSUE_NUMBER = re.compile(rf"总第\s*({NUMERAL})\s*[期号]")
_NUMBER = re.compile(rf"(?<![证字）)\]］])第\s*({NUMERAL})\s*[期号]")
_PAGES = re.compile(rf"(?:今日|本期|共|[(（])\s*({NUMERAL})\s*版")
_MOST = 10**9
_CN = re.compile(r"CN\s*(\d{2}-\d{4}(?:/\w+)?)")


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts printed above the first article; None where one is not printed."""

    paper: str | None
    issue_date: date | None
    issue_number: int | None
    pages: int | None
    cn_number: str | None
    warnings: tuple[str, ...]
    """In the language chosen when it was read: an archive stores them as texts."""
    overlong: str | None = None
    """Digits that stand where a number of the issue or of pages should, and are too many for any."""


def read_masthead(text: str) -> Masthead:
    """Read the facts of a masthead, and warn where its weekday does not fit its date."""
    plain = simplified_in_place(text)
    named = _PAPER_LINE.search(plain) or _PAPER.search(plain)
    issue_date = find_date(text)
    warnings = []
    weekday = WEEKDAY.search(text)
    if issue_date and weekday and weekday["weekday"].replace("天", "日") != WEEKDAYS[issue_date.weekday()]:
        real = MESSAGES.message(f"weekday_{issue_date.weekday()}")
        warnings.append(MESSAGES.text("masthead_weekday", printed=weekday[0], day=issue_date, weekday=real))
    found = (_ISSUE_NUMBER.search(plain) or _NUMBER.search(plain), _PAGES.search(plain))
    number, pages = (match[1] if match else None for match in found)
    cn = _CN.search(text)
    return Masthead(
        paper=text[slice(*named.span("paper"))] if named else None,
        issue_date=issue_date,
        issue_number=_count(number) if number else None,
        pages=_count(pages) if pages else None,
        cn_number=f"CN{cn[1]}" if cn else None,
        warnings=tuple(warnings),
        overlong=next((digits for digits in (number, pages) if digits and digits.isdecimal() and _count(digits) is None), None),
    )


def _count(numeral: str) -> int | None:
    """Return the value of the number of an issue or of pages; None for one that has more digits than any."""
    value = read_digits(numeral) if numeral.isdecimal() else whole(numeral.replace("另", "零"))
    return value if value is not None and value < _MOST else None


def find_date(text: str) -> date | None:
    """Return the first day written out as 2021年1月21日, 二〇二一年一月二十一日, 2021-01-21, 2021.1.21 or 20210121."""
    plain = readable(text)
    matches = (match for pattern in FULL_DAYS for match in pattern.finditer(plain))
    # A number may only look like a date.
    days = (day_of(year_number(match["year"]), number(match["month"]), number(match["day"])) for match in matches)
    return next((day.first for day in days if day), None)


def make_issue_id(paper: str, issue_date: date, full: bool = False) -> str:
    """Name an issue by its paper's pinyin initials and its date: lyrb-2021-01-21.

    With `full`, whole syllables are used: the way out where two papers share initials.
    """
    style = Style.NORMAL if full else Style.FIRST_LETTER
    letters = "".join(lazy_pinyin(paper, style=style, errors="default"))
    slug = re.sub(r"[^a-z0-9]", "", letters.lower())
    return f"{slug or 'issue'}-{issue_date.isoformat()}"
