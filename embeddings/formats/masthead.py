"""What a masthead says: paper, day, number, pages; and the id made of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pypinyin import Style, lazy_pinyin

from embeddings.dates.anchor import WEEKDAYS
from embeddings.dates.issue_days import PrintedDays, printed_days
from embeddings.dates.patterns import WEEKDAY
from embeddings.formats.paper_names import find_paper
from embeddings.messages import MESSAGES
from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole
from embeddings.text.numerals import read_digits

NUMERAL = r"[\d〇零○一二两三四五六七八九十百千另]+"
"""Digits or Chinese numerals, as print numbers issues and pages; 第一百另三期."""
# All are looked for in simplified characters, in which 號 is 号.
# 总第9316期, and else 第1214号, but not the number of a licence: 登记证第037号.
_ISSUE_NUMBER = re.compile(rf"总第\s*({NUMERAL})\s*[期号]|总期[号数]\s*[:：]?\s*({NUMERAL})")
_NUMBER = re.compile(rf"(?<![证字）)\]］])第\s*({NUMERAL})\s*[期号]|(?i:\bNo\.?\s*)(\d+)|[期卷]号?[:：]\s*({NUMERAL})(?!卷)")
_PAGES = re.compile(rf"(?:今日|本期|共|[(（])\s*({NUMERAL})\s*版")
_MOST = 10**9
_CN = re.compile(r"(?:CN|刊号[:：]?\s*(?:CN)?)\s*(\d{2})\s*[-—–]\s*(\d{4}(?:/\w+)?)")
_ISSN = re.compile(r"ISSN[\s:：]*(\d{4})\s*[-—–]\s*(\d{3}[\dXx])")
_OWN_LINE = re.compile(
    r"星期|周[一二三四五六日]|礼拜|农历|阴历|夏历|今日|总第|第\s*\S{1,9}\s*[期号]|出版日期|日期[:：]|年[正冬腊闰一二三四五六七八九十]+月"
)


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts printed above the first article; None where one is not printed."""

    paper: str | None
    issue_date: date | None
    issue_number: int | None
    pages: int | None
    cn_number: str | None
    """The national serial number; the international one (ISSN) where it stands alone."""
    warnings: tuple[str, ...]
    """In the language chosen when it was read: an archive stores them as texts."""
    overlong: str | None = None
    """Digits that stand where a number of the issue or of pages should, and are too many for any."""
    last_date: date | None = None
    """The last of the days that it is dated with, such as a weekly's; None for one day."""
    edition: str | None = None
    """What tells it from others of its day: 号外."""


def read_masthead(text: str) -> Masthead:
    """Read the facts of a masthead, and warn where its weekday does not fit its day."""
    plain = simplified_in_place(text)
    named = find_paper(text)
    days = _own_days(text)
    issue_date = days.first if days else None
    last_date = days.last if days and days.last != days.first else None
    warnings = []
    weekday = WEEKDAY.search(text, days.start if days else 0) or WEEKDAY.search(text)
    if issue_date and not last_date and weekday and weekday["weekday"].replace("天", "日") != WEEKDAYS[issue_date.weekday()]:
        real = MESSAGES.message(f"weekday_{issue_date.weekday()}")
        warnings.append(MESSAGES.text("masthead_weekday", printed=weekday[0], day=issue_date, weekday=real))
    found = (_ISSUE_NUMBER.search(plain) or _NUMBER.search(plain), _PAGES.search(plain))
    number, pages = (next(filter(None, match.groups())) if match else None for match in found)
    narrow = unicodedata.normalize("NFKC", plain)
    cn, issn = _CN.search(narrow), _ISSN.search(narrow)
    return Masthead(
        paper=named.paper if named else None,
        issue_date=issue_date,
        issue_number=_count(number) if number else None,
        pages=_count(pages) if pages else None,
        cn_number=f"CN{cn[1]}-{cn[2]}" if cn else f"ISSN {issn[1]}-{issn[2]}" if issn else None,
        warnings=tuple(warnings),
        overlong=next((digits for digits in (number, pages) if digits and digits.isdecimal() and _count(digits) is None), None),
        last_date=last_date,
        edition=named.edition if named else None,
    )


def _own_days(text: str) -> PrintedDays | None:
    """Return the day or days that the issue is of: those on a line with a weekday, a lunar day or a number come first."""
    found: list[PrintedDays] = []
    for days in printed_days(text):
        if not any(days.start < other.end and other.start < days.end for other in found):
            found.append(days)

    def told_apart(days: PrintedDays) -> bool:
        end = text.find("\n", days.end)
        line = text[text.rfind("\n", 0, days.start) + 1 : end if end >= 0 else len(text)]
        rest = line[: days.start - text.rfind("\n", 0, days.start) - 1] + " " + text[days.end : end if end >= 0 else len(text)]
        return _OWN_LINE.search(simplified_in_place(rest)) is not None

    return next((days for days in found if told_apart(days)), found[0] if found else None)


def _count(numeral: str) -> int | None:
    """Return the value of the number of an issue or of pages; None for one that has more digits than any."""
    value = read_digits(numeral) if numeral.isdecimal() else whole(numeral.replace("另", "零"))
    return value if value is not None and value < _MOST else None


def find_date(text: str) -> date | None:
    """Return the first day written out as 2021年1月21日, 二〇二一年一月二十一日, 2021-01-21, 2021.1.21 or 20210121."""
    return next((days.first for days in printed_days(text)), None)


def make_issue_id(paper: str, issue_date: date, full: bool = False) -> str:
    """Name an issue by its paper's pinyin initials and its date: lyrb-2021-01-21.

    With `full`, whole syllables are used: the way out where two papers share initials.
    """
    style = Style.NORMAL if full else Style.FIRST_LETTER
    letters = "".join(lazy_pinyin(paper, style=style, errors="default"))
    slug = re.sub(r"[^a-z0-9]", "", letters.lower())
    return f"{slug or 'issue'}-{issue_date.isoformat()}"
