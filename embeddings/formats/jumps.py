"""Marks that a text goes on elsewhere (下转第3版, 上接第1版), taken out of it, and which halves belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from embeddings.dates.patterns import readable
from embeddings.formats.page_marks import PAGE_NUMBER, page_keys, page_text, same_page
from embeddings.text.letters import fold, letters_and_digits
from embeddings.text.spans import Span, cut_out

_SIGNS = r"[▲▼△▽►▶◄◀→←↑↓☞☛※◆◇■□●○★☆ \t\u3000]{0,8}"
_ONWARD = r"下转|下接|[图全]?文转|续转|接转|转入|请转|转至|转"
_BACK = r"上接|承接|[图全]?文接|续接|续自|接自|承|续|接"
_PAGE = rf"第?\s*(?:(?P<page>{PAGE_NUMBER}(?:\s*[-—–、至和]\s*{PAGE_NUMBER})?)\s*[版页]|(?P<letter>[A-Z]{{1,2}}\d{{1,3}}))"
_TITLED = r"(?:[\s,，:：]*(?P<title>《[^》\n]{1,40}》|“[^”\n]{1,40}”|「[^」\n]{1,40}」)(?:一文)?)?"
# In brackets 转 and 接 are enough; without, only 下转 and the like say that something goes on.
_MARK = re.compile(
    rf"{_SIGNS}[(（【\[〔]{_SIGNS}(?P<word>{_ONWARD}|{_BACK}|紧接)\s*{_PAGE}{_TITLED}{_SIGNS}[)）】\]〕]{_SIGNS}"
    rf"|{_SIGNS}(?P<bare>下转|下接|上接|文接|文转|承接|紧接)\s*"
    rf"{_PAGE.replace('page', 'bare_page').replace('letter', 'bare_letter')}"
    rf"{_TITLED.replace('title', 'bare_title')}{_SIGNS}"
)
# 详见第3版 at an end: what it names is another text, so nothing is joined.
_SEEN = (
    r"(?:(?:(?:相关|详细|具体)?(?:报道|内容|新闻|全文)?(?:请)?详见)|(?:全文|详细报道|详情)(?:请)?见)(?:今日|本报)?\s*"
    + re.sub(r"\?P<\w+>", "?:", _PAGE)
)
_SEE = re.compile(
    rf"(?:{_SIGNS}[(（【\[〔]\s*{_SEEN}\s*[)）】\]〕]|(?:\A|(?<=[\s。！？!?”』」…])|(?=[▲▼△▽►▶→☞☛※◆◇■□●○★☆])){_SIGNS}{_SEEN})[\s。.]{{0,4}}{_SIGNS}\s*\Z"
)
# Few texts hold a mark, and most can be told at a glance to hold none.
_MAY_BE = re.compile(r"[转轉接见見续續承][至自入到]?(?:今日|本报|本報)?\s*第?\s*[\dA-ZＡ-Ｚ〇零一二两兩三四五六七八九十百廿]")
_BLANKS = re.compile(r"\A\s+|(?<=\n)\n+|\s+\Z")
_CLAUSE = re.compile(r"[，,。；;：:！？!?]")
_LONGEST_TITLE = 40  # characters that stand in for the headline that a second half lacks
_LIKE = 80
"""How alike two headlines are, of 100, of which one may be shortened for the page on which the article goes on."""
_SHORTEST = 4  # letters of a headline that is compared by a part of it


@dataclass(frozen=True, slots=True)
class Jump:
    """A mark that a text goes on (`onward`) or comes from elsewhere, the page that it names, and a headline within it."""

    onward: bool
    page: str
    title: str | None = None


@dataclass(slots=True)
class Half:
    """What is known of an article that goes on or comes from elsewhere; `place` is its place in print."""

    place: int
    title: str
    page: str | None
    jumps: list[Jump]

    @property
    def onward(self) -> Jump | None:
        """Return the mark that it goes on, if it has one."""
        return next((jump for jump in reversed(self.jumps) if jump.onward), None)

    @property
    def back(self) -> Jump | None:
        """Return the mark that it comes from elsewhere, if it has one."""
        return next((jump for jump in self.jumps if not jump.onward), None)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark within a text, at `start` to `end`; `jump` is None where it only points to another text (详见第3版)."""

    start: int
    end: int
    jump: Jump | None


def find_marks(text: str) -> list[Mark]:
    """Find the marks in a text, in order.

    紧接 says both; it comes from elsewhere where a text begins with it.
    """
    if not _MAY_BE.search(text):
        return []
    plain = readable(text)
    marks: list[Mark] = []
    for match in _MARK.finditer(plain):
        bare = match["bare"]
        # Unbracketed words within a sentence tell of jumps: 报纸上写着下转第3版的字样.
        if bare and not (_edge(plain[: match.start()]) or _edge(plain[match.end() :])):
            continue
        word = bare or match["word"]
        page = match["page"] or match["letter"] or match["bare_page"] or match["bare_letter"]
        span = match.span("title") if match["title"] else match.span("bare_title")
        onward = re.fullmatch(_ONWARD, word) is not None or (word == "紧接" and bool(plain[: match.start()].strip()))
        title = text[slice(*span)].strip("《》“”「」") if span[0] >= 0 else None
        marks.append(Mark(*match.span(), Jump(onward, page_text(page) or page, title)))
    see = _SEE.search(plain)
    if see and (not marks or marks[-1].end <= see.start()):
        marks.append(Mark(*see.span(), None))
    return marks


def take_jumps(text: str, doubts: Iterable[Span] = ()) -> tuple[str, list[Jump], tuple[Span, ...]]:
    """Return a text without its marks, the jumps that they tell, and what becomes of doubted stretches of the text."""
    marks = find_marks(text)
    if not marks:
        return text, [], tuple(doubts)
    left, kept = cut_out(text, doubts, [(mark.start, mark.end) for mark in marks])
    left, kept = cut_out(left, kept, [match.span() for match in _BLANKS.finditer(left)])
    return left, [mark.jump for mark in marks if mark.jump is not None], kept


def written(jump: Jump) -> str:
    """Write a jump as print does."""
    return f"（{'下转' if jump.onward else '上接'}第{jump.page}版{f'《{jump.title}》' if jump.title else ''}）"


def headline_of_rest(jumps: Iterable[Jump], body: str) -> str:
    """Return what stands in for the headline of a second half that bears none: that in its mark, or its first words."""
    told = next((jump.title for jump in jumps if jump.title), None)
    return told or _CLAUSE.split(body.strip(), maxsplit=1)[0][:_LONGEST_TITLE]


def _edge(rest: str) -> bool:
    return not rest.strip() or rest.endswith("\n") or rest.startswith("\n")


def pair_halves(halves: Iterable[Half]) -> tuple[dict[int, int], list[Half]]:
    """Pair the halves of jumped articles: the place of each second half to that of the half before it, and those left over.

    A second half follows the first whose marks name both pages, of several the one whose headline is most like its own.
    """
    halves = list(halves)
    waiting = {half.place: half for half in halves if half.onward}
    at_page: dict[str, list[int]] = {}
    for half in waiting.values():
        for key in page_keys(half.onward.page if half.onward else ""):
            at_page.setdefault(key, []).append(half.place)
    pairs: dict[int, int] = {}
    # Those that say where they come from choose before those that only bear the headline again.
    for said in (True, False):
        for half in halves:
            if half.place in pairs or (half.back is not None) != said:
                continue
            if half.page is not None:
                places = [place for key in page_keys(half.page) for place in at_page.get(key, ()) if place in waiting]
            else:
                places = list(waiting) if said else []
            fits = [
                (score, waiting[place]) for place in places if place != half.place and (score := _fit(waiting[place], half))
            ]
            if fits:
                _, first = max(fits, key=lambda fit: (fit[0], -abs(fit[1].place - half.place)))
                pairs[half.place] = first.place
                del waiting[first.place]
    firsts = set(pairs.values())
    lone = [half for half in halves if (half.onward and half.place not in firsts) or (half.back and half.place not in pairs)]
    return pairs, lone


def _fit(first: Half, second: Half) -> float:
    """Say how well one half follows another; 0 where it does not."""
    onward, back = first.onward, second.back
    if onward is None:
        return 0.0
    meets = second.page is not None and same_page(onward.page, second.page)
    if second.page is not None and not meets:
        return 0.0
    if back is None:
        if not meets or second.place < first.place:
            return 0.0
        likeness = _alike(first, second)
        return likeness if likeness >= _LIKE else 0.0
    if first.page is not None and not same_page(back.page, first.page):
        return 0.0
    if meets and first.page is not None:
        return 100.0 + _alike(first, second)  # both pages are named
    if second.place < first.place:
        return 0.0
    likeness = _alike(first, second)
    return likeness + (50.0 if meets or first.page is not None or likeness >= _LIKE else 1.0)


def _alike(first: Half, second: Half) -> float:
    """Return how alike the headlines of two halves are, of 100, those that stand in their marks among them."""
    onward, back = first.onward, second.back
    ours = (first.title, onward.title if onward else None)
    theirs = (second.title, back.title if back else None)
    return max(_likeness(one, other) for one in ours for other in theirs)


def alike(one: str, other: str) -> bool:
    """Say whether two headlines are alike, of which one may be shortened for the page on which the article goes on."""
    return _likeness(one, other) >= _LIKE


def _likeness(one: str | None, other: str | None) -> float:
    if not one or not other:
        return 0.0
    short, long = sorted((_letters(one), _letters(other)), key=len)
    if short == long:
        return 100.0
    return fuzz.partial_ratio(short, long) if len(short) >= _SHORTEST else 0.0


@lru_cache(1024)
def _letters(title: str) -> str:
    return letters_and_digits(fold(title))
