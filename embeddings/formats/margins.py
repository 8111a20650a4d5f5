"""What stands around a page's articles: the masthead, running heads, folios and page numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.dates.patterns import WEEKDAY
from embeddings.formats.masthead import find_date
from embeddings.formats.newspaper import is_newspaper
from embeddings.formats.page_marks import EDITOR
from embeddings.formats.text_lines import TextLine

_TOP = 0.40  # of the page's height; a masthead stands above
_EDGE = 0.12  # of the page's height; folios stand so near the top or the bottom
_ROWS = 3  # rows of print at the top, and at the bottom, that may be folios
_ROW_MOST = 70  # characters of such a row
_LABEL = re.compile(
    r"(?:第\s*)?0*(?P<page>[A-Z]?0*\d{1,3}(?:\s*[-—－]\s*0*\d{1,3})?)\s*版|版次\s*[:：]\s*0*(?P<other>[A-Z]?\d{1,3})"
)
_NUMBER = re.compile(r"^[\s·—–\-－]*(?:第\s*)?(?P<page>[A-Z]?\d{1,4})\s*页?(?:\s*[/／]\s*\d{1,4})?[\s·—–\-－]*$")
_LEADING_NOUGHTS = re.compile(r"(?<![\d])0+(?=\d)")
_NAME = re.compile(r"^[\u4e00-\u9fff]{2,6}$")
_NO_NAME = re.compile(r"报$|星期|编|校|农历|[初廿正腊]|年|月|日")
# What a masthead says in lines of its own beside the marks that only it has.
_ABOUT = re.compile(r"[:：]|www\.|主管|主办|出版|报社|\d{4}\s*年|[A-Z]{3,}(?:\s+[A-Z]{2,})+|农历|甲|乙|丙|丁|戊|己|庚|辛|壬|癸")
# What a page's foot says of those who made it.
_MAKERS = re.compile(
    r"(?:责任|本版|值班|执行|见习)?(?:编辑|主编|美编|校对|版式|组版)\s*[:：/]|^责编|本报(?:地址|电话)|承印|印刷"
)
_SENTENCE_MARK = re.compile(r"[。！？；，]")


@dataclass(frozen=True, slots=True)
class Margins:
    """A page without its margins, and what they print."""

    lines: list[TextLine]
    """What is left: articles."""
    printed: str = ""
    """The lines of the masthead or running head, as printed."""
    imprint: str = ""
    """The lines at the page's foot that name its makers."""
    masthead: bool = False
    page: str | None = None
    page_name: str | None = None
    newspaper: bool = False
    """Whether they are a newspaper's: a masthead, or a running head with a day or 版."""


def take_margins(lines: Sequence[TextLine], width: float, height: float, size: float, seen: set[str]) -> Margins:
    """Take masthead, running heads and folios off a page; `seen` keeps the rows met at the edges of pages before."""
    rows = _rows(lines)
    masthead = _masthead(rows, height, size)
    taken = {id(line) for line in masthead}
    page = page_name = None
    newspaper = bool(masthead)
    running: list[str] = []
    imprint: list[str] = []
    edges = [row for row in rows if not any(id(line) in taken for line in row)]
    nearest = [(row, True) for row in edges[:_ROWS]] + [(row, False) for row in edges[-_ROWS:][::-1]]
    blocked = {True: False, False: False}
    for row, above in nearest:
        text = "  ".join(line.text.strip() for line in row)
        near = row[0].top < _EDGE * height or bool(masthead) if above else row[0].bottom > (1 - _EDGE) * height
        if blocked[above] or not near or id(row[0]) in taken or not _is_folio(row, text, size, seen):
            blocked[above] = True
            continue
        taken |= {id(line) for line in row}
        found = _LABEL.search(text) or next(filter(None, (_NUMBER.match(line.text) for line in row)), None)
        if found and page is None:
            page = page_label(next(filter(None, found.groups())))
            page_name = _page_name(row)
        newspaper = newspaper or bool(_LABEL.search(text)) or find_date(text) is not None
        if not above and _MAKERS.search(text):
            imprint.insert(0, "\n".join(line.text.strip() for line in row))
        elif above and find_date(text):
            running += [line.text.strip() for line in row]
        seen.add(_without_digits(text))
    printed = "\n".join([*(line.text.strip() for line in masthead), *running])
    rest = [line for line in lines if id(line) not in taken]
    page = page or ("1" if masthead else None)
    return Margins(rest, printed, "\n".join(imprint), bool(masthead), page, page_name, newspaper)


def page_label(text: str) -> str:
    """Return the label of a page without 第, 版 and leading noughts: 2, A02, 8-9."""
    return _LEADING_NOUGHTS.sub("", re.sub(r"\s*[—－-]\s*", "-", text.strip())) if text[:1].isdigit() else text.strip()


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Group lines that stand beside each other, from above."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if rows and line.top < (rows[-1][0].top + rows[-1][0].bottom) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _masthead(rows: Sequence[Sequence[TextLine]], height: float, size: float) -> list[TextLine]:
    """Return the lines of a masthead: what stands above its last mark, and what it says of the paper right below.

    A story beside it (报眼) is left: only what stands over or under the masthead's own lines is taken.
    """
    upper = [line for row in rows for line in row if line.top < _TOP * height]
    strong = [line for line in upper if not _SENTENCE_MARK.search(line.text) and is_newspaper(line.text)]
    if not strong:
        return []
    dated = [line for line in upper if len(line.text) <= 40 and not _SENTENCE_MARK.search(line.text) and find_date(line.text)]
    own = [*strong, *dated[:1]]
    left, right = min(line.left for line in own), max(line.right for line in own)
    bottom = max(line.bottom for line in own)
    large = [line for line in upper if line.size >= 2 * size and line.bottom <= bottom + line.size / 2 and len(line.text) <= 14]
    for line in large[:1]:
        left, right = min(left, line.left), max(right, line.right)
    found = [
        line
        for line in upper
        if (line.top + line.bottom) / 2 <= bottom and left - size <= (line.left + line.right) / 2 <= right + size
    ]
    for row in rows:
        below = [line for line in row if line.top >= bottom - line.size / 2 and line not in found]
        if not below or min(line.top for line in below) - bottom > 1.6 * size:
            continue
        if any(
            len(line.text) > _ROW_MOST or _SENTENCE_MARK.search(line.text) or not _ABOUT.search(line.text) for line in below
        ):
            break
        found += below
        bottom = max(line.bottom for line in below)
    return found


def _is_folio(row: Sequence[TextLine], text: str, size: float, seen: set[str]) -> bool:
    """Say whether a row at the edge of a page is a running head or a folio."""
    if len(text) > _ROW_MOST or _SENTENCE_MARK.search(text):
        return False
    if len(row) == 1 and _NUMBER.match(text):
        return True
    if max(line.size for line in row) > 1.8 * size and not _LABEL.search(text):
        return False
    said = _LABEL.search(text) or _MAKERS.search(text) or find_date(text)
    return bool(said) or _without_digits(text) in seen


def _page_name(row: Sequence[TextLine]) -> str | None:
    """Return the name that a page bears beside its number: 要闻."""
    words = [word for line in row for word in re.split(r"[\s:：·|()（）]+", _LABEL.sub(" ", EDITOR.sub(" ", line.text)))]
    return next((word for word in words if _NAME.match(word) and not _NO_NAME.search(word) and not WEEKDAY.search(word)), None)


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text))
