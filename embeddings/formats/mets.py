"""The reader of METS, in which libraries deliver an issue: its articles, each with the blocks of its ALTO pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from embeddings.errors import IssueError
from embeddings.formats.alto import AltoPage, TextBlock, doubt_warning, read_alto
from embeddings.formats.gathering import Printed, gather
from embeddings.formats.masthead import find_date
from embeddings.formats.newspaper import join_columns, read_credits
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.xml_trees import attribute, children, name_of, named, parse_xml, root_name, words
from embeddings.messages import MESSAGES
from embeddings.records import Article
from embeddings.text.numerals import read_digits

Fetch = Callable[[str], bytes | None]
"""Returns the bytes of a file by its path from the METS file's folder, or None where there is none."""

_MOST_PAGES = 2000
_ARTICLES = ("article", "news", "advertisement", "obituary", "editorial", "letter", "notice", "feuilleton", "文章", "广告")
_TITLES = ("title", "heading", "headline", "main_title", "标题")
_PARTS = {
    **dict.fromkeys(_TITLES, "title"),
    **dict.fromkeys(("overline", "kicker", "引题", "肩题"), "kicker"),
    **dict.fromkeys(("subheadline", "subtitle", "副题"), "subtitle"),
    **dict.fromkeys(("author", "byline", "作者"), "byline"),
}
_NO_TEXT = ("illustration", "image", "caption_image")


@dataclass(frozen=True, slots=True)
class _Area:
    """A block of a page that is part of an article, and what part."""

    part: str
    file_id: str
    block_id: str


class _Pages:
    """The ALTO pages that a METS file lists, each read when it is first asked for."""

    def __init__(self, path: Path, root: Element, fetch: Fetch, encoding: str | None) -> None:
        self._path, self._fetch, self._encoding = path, fetch, encoding
        self._places = {
            attribute(file, "ID"): attribute(place, "href")
            for file in named(root, "file")
            for place in children(file, "FLocat")
        }
        self._labels = {
            attribute(pointer, "FILEID"): attribute(div, "ORDERLABEL")
            for tree in children(root, "structMap")
            if attribute(tree, "TYPE").upper() == "PHYSICAL"
            for div in named(tree, "div")
            for pointer in named(div, "fptr")
            if attribute(div, "ORDERLABEL")
        }
        self._read: dict[str, AltoPage | None] = {}
        self.missing: list[str] = []
        self.encodings: list[str] = []

    def all(self) -> Iterator[str]:
        """Yield the ids of the files that are pages of text."""
        return (file_id for file_id, place in self._places.items() if place.lower().endswith(".xml"))

    def page(self, file_id: str) -> AltoPage | None:
        """Return a page, or None where its file is not there."""
        if file_id not in self._read:
            if len(self._read) >= _MOST_PAGES:
                raise IssueError("mets_too_long", self._path, most=_MOST_PAGES)
            place = self._places.get(file_id, "")
            raw = self._fetch(own_place(place)) if place else None
            if raw is None:
                self.missing.append(place or file_id)
                self._read[file_id] = None
            else:
                root, encoding = parse_xml(self._path.parent / own_place(place), raw, self._encoding)
                self.encodings.append(encoding)
                self._read[file_id] = read_alto(root)
        return self._read[file_id]

    def number(self, file_id: str) -> str | None:
        """Return the page as printed, or else as counted."""
        page = self.page(file_id)
        label = self._labels.get(file_id, "").strip().lstrip("0")
        return label or (page.number if page else None)

    def blocks(self, area: _Area) -> list[TextBlock]:
        """Return the blocks of an area, which may be one, a composed one, or the page."""
        page = self.page(area.file_id)
        if page is None:
            return []
        inner = page.within.get(area.block_id, (area.block_id,))
        return [block for block in page.blocks if not area.block_id or block.block_id in inner]


def is_mets(raw: bytes) -> bool:
    """Say whether a file is METS."""
    return root_name(raw).lower() == "mets"


def listed_pages(path: Path, raw: bytes, encoding: str | None = None) -> list[str]:
    """Return the places of the pages of text that a METS file lists, none where it cannot be read."""
    try:
        root, _ = parse_xml(path, raw, encoding)
    except IssueError:
        return []
    hrefs = (attribute(place, "href") for place in named(root, "FLocat"))
    return [own_place(href) for href in hrefs if href.lower().endswith(".xml")]


def own_place(href: str) -> str:
    """Return the path of a listed file from the METS file's folder; one that leads outside it is that of its name alone."""
    parts = [part for part in href.removeprefix("file:").replace("\\", "/").split("/") if part not in ("", ".")]
    outside = ".." in parts or "://" in href.removeprefix("file://")
    return PurePosixPath(*(parts[-1:] if outside else parts)).as_posix() if parts else ""


def read_mets(path: Path, raw: bytes, options: ReadingOptions, fetch: Fetch) -> FileReading:
    """Read the articles of an issue that METS describes; raises IssueError where it or its pages cannot be read."""
    root, encoding = parse_xml(path, raw, options.encoding)
    pages = _Pages(path, root, fetch, options.encoding)
    day = _day(root) or find_date(_title(root)) or find_date(path.stem) or find_date(path.parent.name)
    if day is None:
        raise IssueError("mets_date", path)
    number = next((words(one) for one in _details(root, "issue", "number")), "")
    titles = {attribute(section, "ID"): _mods_title(section) for section in children(root, "dmdSec")}
    doubts = empty = 0
    printed: list[Printed] = []
    for div in _articles(root):
        article, count = _article(div, pages, titles)
        doubts += count
        if article is None:
            empty += 1
            continue
        printed.append(Printed(article, day, _paper(root), None, read_digits(number) if number else None))
    if not printed:  # described by its pages alone
        paper = _paper(root)
        printed = [Printed(article, day, paper) for file_id in pages.all() for article in _page_articles(pages, file_id)]
    if not printed:
        if pages.missing:
            raise IssueError("mets_pages", path, names=", ".join(pages.missing[:5]))
        raise IssueError("mets_articles", path)
    warnings = (
        [MESSAGES.text("mets_missing", names=", ".join(pages.missing[:5]), count=len(pages.missing))] if pages.missing else []
    )
    warnings += [MESSAGES.text("mets_empty", count=empty)] if empty else []
    return FileReading("mets", gather(path, printed, options), encoding, (*warnings, *doubt_warning(doubts)))


def _articles(root: Element) -> Iterator[Element]:
    """Yield the outermost divisions that are articles, in the order of the logical tree."""
    trees = [tree for tree in children(root, "structMap") if attribute(tree, "TYPE").upper() != "PHYSICAL"]
    waiting = [div for tree in trees for div in children(tree, "div")][::-1]
    while waiting:
        div = waiting.pop()
        if attribute(div, "TYPE").lower() in _ARTICLES:
            yield div
        else:
            waiting += list(children(div, "div"))[::-1]


def _areas(div: Element, part: str) -> Iterator[_Area]:
    """Yield the areas of an article's division, in order."""
    for child in div:
        kind = name_of(child)
        if kind == "div":
            told = attribute(child, "TYPE").lower()
            if told not in _NO_TEXT:
                yield from _areas(child, _PARTS.get(told, part))
        elif kind == "fptr":
            areas = list(named(child, "area"))
            for area in areas:
                yield _Area(part, attribute(area, "FILEID"), attribute(area, "BEGIN"))
            if not areas and attribute(child, "FILEID"):
                yield _Area(part, attribute(child, "FILEID"), "")


def _article(div: Element, pages: _Pages, titles: dict[str, str]) -> tuple[Article | None, int]:
    """Return an article, None where no text of it is there, and how many stretches of it OCR doubted."""
    parts: dict[str, list[str]] = {}
    numbers: Counter[str] = Counter()
    doubts = 0
    for area in _areas(div, "body"):
        for block in pages.blocks(area):
            parts.setdefault(area.part, []).append(block.text)
            doubts += len(block.doubts)
            if number := pages.number(area.file_id):
                numbers[number] += 1
    told = attribute(div, "LABEL") or next((titles[one] for one in attribute(div, "DMDID").split() if titles.get(one)), "")
    lines = [line for text in parts.get("body", []) for line in text.split("\n") if line]
    title = _line(parts.get("title")) or " ".join(told.split())
    if not title and lines:
        title, *lines = lines if len(lines) > 1 else lines * 2
    body = join_columns(lines)
    if not body:
        return None, 0
    byline, source = read_credits(body)
    first, *others = [*numbers, None]
    return (
        Article(
            title=title,
            body=body,
            kicker=_line(parts.get("kicker")),
            subtitle=_line(parts.get("subtitle")),
            byline=_line(parts.get("byline")) or byline,
            source=source,
            page=first,
            continued=others[0] if others else None,
        ),
        doubts,
    )


def _page_articles(pages: _Pages, file_id: str) -> Iterator[Article]:
    """Yield the articles of a page that nobody has told apart: one begins at each headline."""
    page = pages.page(file_id)
    title: str | None = None
    lines: list[str] = []
    for block in (*(page.blocks if page else ()), None):
        if block is not None and not block.heading:
            lines += filter(None, block.text.split("\n"))
            continue
        if lines:
            body = join_columns(lines)
            byline, source = read_credits(body)
            yield Article(title or lines[0], body, byline=byline, source=source, page=pages.number(file_id))
            title, lines = None, []
        if block is not None:
            title = " ".join(filter(None, (title, *block.text.split())))


def _line(texts: Sequence[str] | None) -> str | None:
    return " ".join(" ".join(texts or ()).split()) or None


def _day(root: Element) -> date | None:
    """Return the day of issue that MODS, or Dublin Core, tells."""
    for name in ("dateIssued", "issued", "date"):
        for element in named(root, name):
            if (day := find_date(words(element))) is not None:
                return day
    return None


def _details(root: Element, kind: str, name: str) -> Iterator[Element]:
    return (one for detail in named(root, "detail") if attribute(detail, "type") == kind for one in named(detail, name))


def _paper(root: Element) -> str | None:
    """Return the paper that MODS names: the host of the issue, else the title that stands first."""
    hosts = [host for host in named(root, "relatedItem") if attribute(host, "type") == "host"]
    for place in (*hosts, *list(children(root, "dmdSec"))[:1]):
        if found := _mods_title(place):
            return found
    return None


def _title(root: Element) -> str:
    return attribute(root, "LABEL")


def _mods_title(section: Element) -> str:
    info = next(named(section, "titleInfo"), None)
    return words(next(named(info, "title"), None)) if info is not None else words(next(named(section, "title"), None))
