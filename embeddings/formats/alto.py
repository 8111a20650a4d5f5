"""The reader of ALTO pages, versions 2 to 4: the text blocks of a page as paragraphs and headlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from xml.etree.ElementTree import Element

from embeddings.errors import IssueError
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.xml_trees import attribute, children, name_of, named, parse_xml
from embeddings.messages import MESSAGES
from embeddings.records import Issue
from embeddings.text.letters import is_chinese

_HEADINGS = ("heading", "headline", "title", "header1", "标题")
_DOUBTED_WORD = 0.5  # WC, the confidence in a word, goes from 0 to 1
_DOUBTED_CHARACTER = 7  # CC goes from 0, sure, to 9
_LARGER = 1.35  # times the usual size, from which on a short block is a headline
_HEADLINE = 60  # characters
_INDENT = 1.2  # times the thickness of the line
_HYPHENS = "-‐\xad"
_LETTERS_AROUND = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of a page; `doubts` are the stretches of its text that OCR was not sure of."""

    block_id: str
    text: str
    """Its paragraphs, a line each."""
    heading: bool
    doubts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AltoPage:
    """A page in reading order; `number` is as printed, or else counted, None where neither is told."""

    number: str | None
    blocks: tuple[TextBlock, ...]
    within: Mapping[str, tuple[str, ...]]
    """The blocks that lie in each composed block or the page, by id."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    doubts: tuple[tuple[int, int], ...]
    size: float
    """Of its letters, in whatever unit the page has."""
    thickness: float
    start: float
    cut: bool
    """A hyphen cut its last word."""


TextReader = Callable[[Path, str, ReadingOptions], tuple[str, tuple[Issue, ...]]]


def read_alto_file(path: Path, raw: bytes, options: ReadingOptions, read_decoded: TextReader) -> FileReading:
    """Read an ALTO page that stands alone: its blocks are read as a text is, and its articles are of its page."""
    root, encoding = parse_xml(path, raw, options.encoding)
    page = read_alto(root)
    blocks = [f"# {' '.join(block.text.split())}" if block.heading else block.text for block in page.blocks if block.text]
    if not blocks:
        raise IssueError("alto_without_text", path)
    _, issues = read_decoded(path, "\n\n".join(blocks), options)
    paged = (
        replace(issue, articles=tuple(replace(one, page=one.page or page.number) for one in issue.articles)) for issue in issues
    )
    return FileReading("alto", tuple(paged), encoding, doubt_warning(sum(len(block.doubts) for block in page.blocks)))


def doubt_warning(count: int) -> tuple[str, ...]:
    """Warn of words that OCR was not sure of, where there are any."""
    return (MESSAGES.text("doubted_words", count=count),) if count else ()


def read_alto(root: Element) -> AltoPage:
    """Read the blocks of a page, those in its margins left out."""
    page = next(named(root, "Page"), root)
    number = (attribute(page, "PRINTED_IMG_NR") or attribute(page, "PHYSICAL_IMG_NR")).strip().lstrip("0") or None
    space = next(named(page, "PrintSpace"), page)
    labels = {attribute(tag, "ID"): attribute(tag, "LABEL") or attribute(tag, "TYPE") for tag in _tags(root)}
    sizes = {attribute(style, "ID"): _number(attribute(style, "FONTSIZE")) for style in named(root, "TextStyle")}
    elements = _in_order(root, list(named(space, "TextBlock")))
    read = [(element, _lines(element, sizes)) for element in elements]
    usual = median([line.size for _, lines in read for line in lines for _ in line.text] or [0.0])
    blocks = tuple(_block(element, lines, labels, usual) for element, lines in read)
    within = {
        attribute(outer, "ID"): tuple(attribute(one, "ID") for one in named(outer, "TextBlock"))
        for outer in (page, *named(page, "ComposedBlock"))
    }
    return AltoPage(number, blocks, within)


def _tags(root: Element) -> Iterator[Element]:
    return (tag for tags in named(root, "Tags") for tag in tags)


def _in_order(root: Element, blocks: list[Element]) -> list[Element]:
    """Put blocks into the order that the page tells (version 4.3), else leave them in that of the file."""
    order = next(named(root, "ReadingOrder"), None)
    told = [attribute(one, "REF") for one in order.iter() if attribute(one, "REF")] if order is not None else []
    places = {block_id: place for place, block_id in enumerate(told)}
    return sorted(blocks, key=lambda block: places.get(attribute(block, "ID"), len(places)))


def _block(element: Element, lines: list[_Line], labels: Mapping[str, str], usual: float) -> TextBlock:
    told = [labels.get(tag, "") for tag in attribute(element, "TAGREFS").split()]
    told += [attribute(element, "TYPE"), attribute(element, "type")]
    text, doubts = _joined(lines)
    large = bool(lines) and usual > 0 and min(line.size for line in lines) >= _LARGER * usual and len(text) <= _HEADLINE
    heading = any(label.lower() in _HEADINGS for label in told)
    return TextBlock(attribute(element, "ID"), text, heading or (large and not any(told)), tuple(doubts))


def _joined(lines: list[_Line]) -> tuple[str, list[tuple[int, int]]]:
    """Join the lines of a block; an indented one begins a paragraph, and a cut word is made whole."""
    left = min((line.start for line in lines), default=0.0)
    text, cut = "", False
    doubts: list[tuple[int, int]] = []
    for line in lines:
        indented = line.thickness > 0 and line.start - left >= _INDENT * line.thickness
        gap = "" if not text or cut else "\n" if indented else _gap(text, line.text)
        text += gap
        doubts += [(len(text) + start, len(text) + end) for start, end in line.doubts]
        text += line.text
        cut = line.cut
    return text, doubts


def _gap(before: str, behind: str) -> str:
    """Return what stands between two pieces of print: a blank between words of letters, nothing beside Chinese."""
    return " " if _LETTERS_AROUND.match(before[-1:]) and _LETTERS_AROUND.match(behind[:1]) else ""


def _lines(block: Element, sizes: Mapping[str, float]) -> list[_Line]:
    own = next((size for style in attribute(block, "STYLEREFS").split() if (size := sizes.get(style))), 0.0)
    return [line for element in named(block, "TextLine") if (line := _line(element, sizes, own)).text]


def _line(element: Element, sizes: Mapping[str, float], size: float) -> _Line:
    text, apart, cut = "", False, False
    doubts: list[tuple[int, int]] = []
    for piece in element:
        kind = name_of(piece)
        if kind == "SP":
            apart = True
        elif kind == "HYP":
            cut = True
        elif kind == "String":
            word = attribute(piece, "CONTENT").strip()
            # Blanks between Chinese characters are of the page's making; those between words are print.
            gap = " " if apart and text and word and not (is_chinese(text[-1]) and is_chinese(word[0])) else ""
            text += gap if gap and (text[-1:].isalnum() and word[:1].isalnum()) else _gap(text, word) if text else ""
            doubts += [(len(text) + start, len(text) + end) for start, end in _doubts(piece, word)]
            text += word
            apart = False
    styles = [attribute(element, "STYLEREFS"), *(attribute(one, "STYLEREFS") for one in children(element, "String"))]
    told = next((found for refs in styles for ref in refs.split() if (found := sizes.get(ref))), size)
    high, wide = _number(attribute(element, "HEIGHT")), _number(attribute(element, "WIDTH"))
    thickness = min(high, wide)
    start = _number(attribute(element, "HPOS")) if wide >= high else 0.0  # a vertical line is not indented sideways
    if cut or (text[-1:] in _HYPHENS and text[-2:-1].isascii() and text[-2:-1].isalpha()):
        text, cut = text.rstrip(_HYPHENS), True
    # Where the page tells no sizes, a line is as large as it is thick.
    return _Line(text, tuple(doubts), told if any(sizes.values()) else thickness, thickness, start, cut)


def _doubts(piece: Element, word: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a word that OCR was not sure of: by its characters where they are told, else as a whole."""
    by_character = attribute(piece, "CC").replace(" ", "")
    if len(by_character) == len(word) and by_character.isdecimal():
        yield from ((at, at + 1) for at, digit in enumerate(by_character) if int(digit) >= _DOUBTED_CHARACTER)
    elif attribute(piece, "WC") and _number(attribute(piece, "WC")) < _DOUBTED_WORD:
        yield 0, len(word)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
