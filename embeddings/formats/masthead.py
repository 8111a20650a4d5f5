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
from embeddings.text.numerals import read_digits

_PAPER = re.compile(r"(?P<paper>[\u4e00-\u9fff]{2,12}?(?:日报|晚报|早报|晨报|周报|都市报|时报|商报|新报|报))(?:报?社)")
_PAPER_LINE = re.compile(r"^[《]?(?P<paper>[\u4e00-\u9fff]{2,12}(?:报|新闻联播))[》]?$")
_NUMBER = re.compile(r"总?第\s*(\d+)\s*期")
_PAGES = re.compile(r"(?:今日|本期|共)\s*(\d+)\s*版")
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
    paper = next((m["paper"] for line in text.splitlines() if (m := _PAPER_LINE.match(line.strip()))), None)
    if paper is None and (printed := _PAPER.search(text)):
        paper = printed["paper"]
    issue_date = find_date(text)
    warnings = []
    weekday = WEEKDAY.search(text)
    if issue_date and weekday and weekday["weekday"].replace("天", "日") != WEEKDAYS[issue_date.weekday()]:
        real = MESSAGES.message(f"weekday_{issue_date.weekday()}")
        warnings.append(MESSAGES.text("masthead_weekday", printed=weekday[0], day=issue_date, weekday=real))
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
