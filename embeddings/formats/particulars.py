"""The lines around a headline that tell of the article: 作者：林知远 时间：2024-03-12, 砚溪日报 2024年3月12日 第2版(要闻)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from embeddings.dates.patterns import FULL_DAYS, WEEKDAY, readable
from embeddings.formats.bylines import agency, is_people, people, sender
from embeddings.formats.field_labels import FIELDS
from embeddings.formats.masthead import NUMERAL, find_date
from embeddings.formats.page_labels import PAGE, page_of, read_page_label
from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole
from embeddings.text.numerals import read_digits

_LONGEST = 160  # characters of a line that tells of an article
_LONGEST_NAME = 16  # characters of a paper's name

_LABELS = "|".join(sorted(map(re.escape, FIELDS), key=len, reverse=True)).replace(r"\(卷期\)", r"[(（]卷期[)）]")
_LABEL = re.compile(rf"(?:(?<=^)|(?<=[\s　|｜;；,，、•·【\[(（]))(?P<label>{_LABELS})\s*[】\]]?\s*[:：]\s*", re.IGNORECASE)
_BRACKETED = re.compile(rf"^[【\[](?P<label>{_LABELS})[】\]]\s*[:：]?\s*", re.IGNORECASE)
_BEFORE = re.compile(
    r"[\s　•·*\-【\[(（|]*(?P<paper>[\u4e00-\u9fff]{1,10}(?:报|刊|闻)(?:[_（(·][\u4e00-\u9fff]{2,4}版[)）]?)?)?[\s　]*"
)
_PAGE_END = re.compile(r"(?<=[\d一二三四五六七八九十])[\s　]*版(?=[\s　])")
# The name of a page where nothing but a blank parts it from the page, where names of people stand too.
_SECTION = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:新闻|要闻|国际|国内|时政|文化|文艺|体育|经济|财经|教育|社会|理论|评论|综合|广告|副刊|专版|专刊|周刊)"
)
_EDGES = " \t\u3000|｜;；,，、•·【】[]()（）"
_SENTENCE_MARK = re.compile(r"[。！？!?]")
_SHORT = {"byline": 60, "source": 40, "paper": 30, "column": 30, "page_name": 20}
_CLOCK = re.compile(r"T?\s*\d{1,2}[:：时]\d{2}(?:[:：分]\d{2}(?:\.\d{1,6})?秒?)?\s*(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})?")
_LUNAR = re.compile(
    r"(?:农历|夏历|阴历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?[闰正冬腊一二三四五六七八九十]{1,3}月[初十廿三二][一二三四五六七八九十]{1,2}日?"
)
_REPUBLIC = re.compile(r"^[\s　（(]*中华(?=\s)")  # 中华民国一百年八月二十日, once its day is taken
_NUMBERED = re.compile(rf"[（(]?(?:总第|第|No\.?)\s*({NUMERAL})\s*[期号][)）]?")
_PAPER = re.compile(r"《(?P<title>[^《》\n]{2,20})》|(?P<plain>[\u4e00-\u9fffA-Za-z\d·]{2,16})")
_PAPER_END = re.compile(
    r"(?:[报刊]|周末|电讯|新闻联播|参考(?:消息|信息)"
    r"|Times|Daily|Post|News|Herald|Gazette|Journal|Weekly|Tribune|Express|Star|Standard)$"
)
_ENGLISH_DAY = re.compile(r"(?:[A-Z][a-z]{2},?\s+)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\b[^\n]{0,30}")
_MARKS = re.compile(r"[\s　|｜,，、;；•·()（）《》【】\[\]—–-]+")
_ADDRESS = re.compile(r"https?://[^\s<>\u3000-\u9fff，。]+|www\.[^\s<>\u3000-\u9fff，。]+")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is told of an article beside its text; None where it is not."""

    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    day: date | None = None
    stamp: date | None = None
    """The day on which somebody saved or changed the file; it dates no issue."""
    page: str | None = None
    page_name: str | None = None
    column: str | None = None
    source: str | None = None
    paper: str | None = None
    url: str | None = None
    number: int | None = None
    text: str | None = None
    """The beginning of the body, which stands behind its label: 正文：…"""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))

    def over(self, other: Particulars) -> Particulars:
        """Return these, filled up with what only the other ones tell; a page and its name stay together."""
        both = {name: mine for name in (field.name for field in fields(self)) if (mine := getattr(self, name)) is not None}
        if self.page is not None and self.page_name is None and other.page != self.page:
            both["page_name"] = None
        return replace(other, **both)


def read_particulars(line: str) -> Particulars | None:
    """Return what a line tells of the article that it stands beside, or None for a line of its text.

    A line that tells nothing kept, such as 责任编辑：何映秋, gives particulars that are all None.
    """
    line = line.strip()
    if not line:
        return None
    labelled = _labelled(line)
    if labelled is not None:
        return labelled
    return None if len(line) > _LONGEST else _dateline(line)


def read_imprint(line: str) -> Particulars:
    """Return what one line tells of where an article was printed: 砚溪日报 日期：1948-03-12 版次/卷期：02 版 林知远.

    Behind the page may stand who sent it; what is neither a person nor an agency there is told nowhere.
    """
    line = line.strip()
    end = _PAGE_END.search(line)
    printed, behind = (line[: end.end()], line[end.end() :].strip()) if end else (line, "")
    told = (read_particulars(printed) if printed else None) or Particulars()
    if told.page and _SECTION.fullmatch(simplified_in_place(behind)):
        return replace(told, page_name=behind)
    writers = people(behind) if is_people(behind) else None
    return told.over(Particulars(byline=writers, source=None if writers else sender(behind)))


def find_day(text: str) -> date | None:
    """Return the day that a text names, also as mail and feeds write it: Tue, 12 Mar 2024 07:49:53 GMT."""
    day = find_date(text)
    if day is None and (english := _ENGLISH_DAY.search(text)):
        try:
            day = parsedate_to_datetime(english[0].strip()).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return day


def is_paper_name(name: str) -> bool:
    """Say whether a name ends as papers' names do: 砚溪日报, 参考消息, 南方周末."""
    return _PAPER_END.search(simplified_in_place(name).strip("《》 ")) is not None


def _labelled(line: str) -> Particulars | None:
    """Read a line that begins with a label; what a value may not be leaves the line to the text."""
    plain = simplified_in_place(line)
    first = _BRACKETED.match(plain)
    marks = [] if first else list(_LABEL.finditer(plain[: _LONGEST * 2]))
    if first is None:
        if not marks:
            return None
        before = _BEFORE.fullmatch(plain, 0, marks[0].start())
        opening = _dateline(line[: marks[0].start()]) if before is None else Particulars()
        if opening is None:
            return None
        paper = (
            re.sub(r"[_（()）·]", "", line[slice(*before.span("paper"))]) if before is not None and before["paper"] else None
        )
    else:
        marks, paper, opening = [first], None, Particulars()
    told = opening.over(Particulars(paper=paper))
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    for mark, end in zip(marks, ends, strict=True):
        field = FIELDS[re.sub(r"[（(]卷期[)）]", "(卷期)", mark["label"]).lower()]
        if field in ("text", "title"):  # takes the rest of the line, whatever stands in it
            end = len(line)
        found = read_value(field, line[mark.end() : end].strip(_EDGES if field not in ("text", "title") else " \t\u3000"))
        if found is None:
            return None
        told = told.over(found)
        if field in ("text", "title"):
            break
    return told


def read_value(field: str, value: str) -> Particulars | None:
    """Return what the value of a label tells, or None where it cannot be that field's; an empty value tells nothing."""
    if field == "text":
        return Particulars(text=value)
    if field == "nothing":
        return None if _SENTENCE_MARK.search(value) or len(value) > _LONGEST else Particulars()
    if not value:
        return Particulars()
    if field == "title":
        return Particulars(title=" ".join(value.split())) if len(value) <= _LONGEST else None
    if field in ("day", "stamp"):
        day = find_day(value)
        if day is None or len(value) > _LONGEST or _SENTENCE_MARK.search(value):
            return None
        return Particulars(stamp=day) if field == "stamp" else (_dateline(value) or Particulars()).over(Particulars(day=day))
    if field == "page":
        return _page_value(value)
    if field == "number":
        digits = re.sub(r"[^\d〇零一二三四五六七八九十百千]", "", value)
        number = read_digits(digits) if digits.isdecimal() else whole(digits) if digits else None
        return Particulars(number=number)
    if field == "url":
        address = _ADDRESS.search(value)
        return Particulars(url=address[0]) if address else None
    if _SENTENCE_MARK.search(value) or len(value) > _SHORT.get(field, _LONGEST):
        return None
    if field == "byline":
        names = people(value)
        return Particulars(byline=names) if names else Particulars(source=agency(value))
    if field == "source":
        return _source_value(value)
    told: dict[str, Any] = {field: value.strip("《》") if field == "paper" else value}
    return Particulars(**told)


def _source_value(value: str) -> Particulars:
    """Read 砚溪日报 2024年3月12日 第2版; any other source is kept as printed, 《砚溪日报》 too, as in a text."""
    line = _dateline(value)
    if line is not None and line.paper and (line.day or line.page):
        return replace(line, source=line.paper, paper=None)
    return Particulars(source=value)


def _page_value(value: str) -> Particulars | None:
    """Read 07, 第2版(要闻), 要闻, 第1版(第1号)."""
    label = read_page_label(value, bare=True)
    if label is not None:
        return Particulars(page=label.page, page_name=label.name)
    line = _dateline(value)
    if line is not None:
        return line
    if len(value) <= _SHORT["page_name"] and not _SENTENCE_MARK.search(value):
        return Particulars(page_name=value)
    return None


def _dateline(line: str) -> Particulars | None:
    """Read a line of nothing but day, weekday, paper, page and number, in any order; a paper alone is none."""
    plain = readable(line)
    rest = plain
    day = find_day(line)
    for pattern in (*FULL_DAYS, _ENGLISH_DAY) if day else ():
        rest, found = _taken(rest, pattern)
        if found is not None:
            break
    if day:
        for pattern in (_CLOCK, WEEKDAY, _LUNAR, _REPUBLIC):
            rest, _ = _taken(rest, pattern)
    rest, numbered = _taken(rest, _NUMBERED)
    rest, page = _taken(rest, PAGE)
    label = page_of(page, line) if page else None
    if label is not None and page is not None and label.name is not None and is_paper_name(label.name):
        label = replace(label, name=None)
        rest = f"{rest} {plain[slice(*page.span('name'))]}"
    rest = rest.strip(_EDGES + "《》—–-")
    paper = None
    words = [word for word in _MARKS.split(rest) if word]
    names = [word for word in words if is_paper_name(word) and len(word) <= _LONGEST_NAME]
    others = [word for word in words if word not in names]
    if label is None and len(names) < 2 and 0 < len(others) < 3 and (lettered := read_page_label(" ".join(others))):
        label, words = replace(lettered, name=_as_printed(lettered.name, plain, line)), names
    if len(words) == 1 and is_paper_name(words[0]) and len(words[0]) <= _LONGEST_NAME:
        paper, words = _as_printed(words[0], plain, line), []
    elif len(words) == 1 and label is not None and label.name is None and re.fullmatch(r"[\u4e00-\u9fff]{2,6}", words[0]):
        label, words = replace(label, name=_as_printed(words[0], plain, line)), []
    if words or not (day or label):
        return None
    number = (
        whole(numbered[1].replace("另", "零"))
        if numbered and not numbered[1].isdecimal()
        else read_digits(numbered[1])
        if numbered
        else None
    )
    return Particulars(
        day=day, page=label.page if label else None, page_name=label.name if label else None, paper=paper, number=number
    )


def _as_printed(word: str | None, plain: str, line: str) -> str | None:
    """Return a word of a line made simplified in place as the line prints it."""
    start = plain.find(word) if word else -1
    return word if start < 0 or word is None else line[start : start + len(word)]


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None]:
    """Return a text with blanks in place of a pattern's first match, and the match."""
    match = pattern.search(text)
    return (text[: match.start()] + " " * len(match[0]) + text[match.end() :] if match else text), match
