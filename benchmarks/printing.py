"""Print articles as the pages of a newspaper: three columns, headlines over them, a masthead, folios.

STSong-Light needs no font file for the text layer; where one is to be seen, as in scans, a font of the system is
drawn, such as that of the Debian package fonts-noto-cjk.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0  # A4, in points
_MARGIN, _GUTTER = 40.0, 16.0
_SIZE, _LEADING = 10.0, 15.0
_HEADLINE, _LESSER = 20.0, 16.0
_NO_START = "，。！？；：、”’）》"  # a line begins with none of these


@dataclass(frozen=True, slots=True)
class PrintedArticle:
    """An article to be printed; the paragraphs of its body stand on lines of their own."""

    title: str
    body: str
    kicker: str | None = None
    subtitle: str | None = None


@dataclass(slots=True)
class Printer:
    """Prints articles on pages of so many columns, whole articles under headlines over all of them or side by side."""

    paper: str = "砚溪日报"
    day: str = "2024年3月12日"
    facts: Sequence[str] = ("2024年3月12日 星期二  总第9316期  今日4版", "国内统一刊号:CN00-0916  砚溪日报社出版")
    columns: int = 3
    flowing: bool = False
    """Headlines within the columns, and text that runs on from each column to the next."""
    names: Sequence[str] = ("要闻", "民生", "文化", "综合")
    _out: io.BytesIO = field(default_factory=io.BytesIO)
    _page: int = 0
    _top: float = 0.0

    def print_articles(self, articles: Sequence[PrintedArticle]) -> bytes:
        """Return a PDF of the articles."""
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        canvas = Canvas(self._out, pagesize=(WIDTH, HEIGHT))
        self._begin(canvas)
        if self.flowing:
            self._flow(canvas, articles)
        else:
            for row in self._rows(articles):
                self._print_row(canvas, row)
        canvas.save()
        return self._out.getvalue()

    @property
    def _column(self) -> float:
        return (WIDTH - 2 * _MARGIN - (self.columns - 1) * _GUTTER) / self.columns

    def _rows(self, articles: Sequence[PrintedArticle]) -> Iterator[list[PrintedArticle]]:
        """Group articles: long ones stand over all columns, short ones beside each other."""
        short: list[PrintedArticle] = []
        for article in articles:
            if len(article.body) > 260:
                yield [article]
                continue
            short.append(article)
            if len(short) == self.columns:
                yield short
                short = []
        if short:
            yield short

    def _begin(self, canvas: Canvas) -> None:
        """Begin a page: the masthead on the first, a running head on all others."""
        if self._page:
            canvas.showPage()
        self._page += 1
        self._top = HEIGHT - _MARGIN
        if self._page == 1:
            self._centred(canvas, self.paper, 42)
            for line in self.facts:
                self._centred(canvas, line, _SIZE)
            self._top -= 14
            return
        canvas.setFont(FONT, _SIZE)
        name = self.names[(self._page - 1) % len(self.names)]
        canvas.drawString(_MARGIN, self._top, f"第{self._page:02d}版 {name}")
        canvas.drawRightString(WIDTH - _MARGIN, self._top, f"{self.paper}  {self.day}")
        self._top -= 30

    def _centred(self, canvas: Canvas, text: str, size: float) -> None:
        canvas.setFont(FONT, size)
        self._top -= size * 1.25
        canvas.drawCentredString(WIDTH / 2, self._top, text)

    def _print_row(self, canvas: Canvas, row: Sequence[PrintedArticle]) -> None:
        if len(row) == 1:
            (article,) = row
            lines = list(wrapped(article.body, self._column))
            depth = -(-len(lines) // self.columns)
            self._room(canvas, depth * _LEADING + 70)
            for text, size in self._heads(article):
                for line in wrapped(text, WIDTH - 2 * _MARGIN, size, indent=False):
                    self._centred(canvas, line, size)
            self._top -= 6
            for column in range(self.columns):
                self._set(canvas, lines[column * depth : (column + 1) * depth], column, self._top)
            self._top -= depth * _LEADING + 10
            return
        stacks = [list(self._stack(article)) for article in row]
        tallest = max(sum(size * 1.5 for _, size in stack) for stack in stacks)
        self._room(canvas, tallest)
        for column, stack in enumerate(stacks):
            top = self._top
            for line, size in stack:
                top -= size * 1.5
                self._draw(canvas, line, column, top, size)
        self._top -= tallest + 12

    def _flow(self, canvas: Canvas, articles: Sequence[PrintedArticle]) -> None:
        column, top = 0, self._top
        for article in articles:
            for line, size in self._stack(article):
                if top - size * 1.5 < _MARGIN:
                    column, top = column + 1, self._top
                    if column == self.columns:
                        self._begin(canvas)
                        column, top = 0, self._top
                top -= size * 1.5
                self._draw(canvas, line, column, top, size)
            top -= 8

    def _heads(self, article: PrintedArticle) -> Iterator[tuple[str, float]]:
        if article.kicker:
            yield article.kicker, _LESSER
        yield article.title, _HEADLINE
        if article.subtitle:
            yield article.subtitle, _LESSER

    def _stack(self, article: PrintedArticle) -> Iterator[tuple[str, float]]:
        """Yield the lines of an article within one column, with their sizes."""
        for text, size in self._heads(article):
            lesser = size * 0.8
            yield from ((line, lesser) for line in wrapped(text, self._column, lesser, indent=False))
        yield from ((line, _SIZE) for line in wrapped(article.body, self._column))

    def _room(self, canvas: Canvas, depth: float) -> None:
        if self._top - depth < _MARGIN:
            self._begin(canvas)

    def _set(self, canvas: Canvas, lines: Sequence[str], column: int, top: float) -> None:
        for place, line in enumerate(lines, start=1):
            self._draw(canvas, line, column, top - place * _LEADING, _SIZE)

    def _draw(self, canvas: Canvas, line: str, column: int, baseline: float, size: float) -> None:
        canvas.setFont(FONT, size)
        left = _MARGIN + column * (self._column + _GUTTER)
        indent = len(line) - len(line.lstrip("\u3000"))
        canvas.drawString(left + indent * size, baseline, line.lstrip("\u3000"))


def wrapped(text: str, width: float, size: float = _SIZE, indent: bool = True) -> Iterator[str]:
    """Yield the lines of a text, its paragraphs indented by two letters."""
    for paragraph in text.split("\n"):
        line, reach = ("\u3000\u3000", 2 * size) if indent else ("", 0.0)
        for letter in paragraph:
            step = _width(letter) * size
            if reach + step > width and letter not in _NO_START:
                yield line
                line, reach = "", 0.0
            line, reach = line + letter, reach + step
        yield line


@cache
def _width(letter: str) -> float:
    return float(pdfmetrics.stringWidth(letter, FONT, 1))
