"""The headlines of a text that marks none: of one article, or of many that rules, days or labels set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from embeddings.dates.patterns import FULL_DAYS, readable
from embeddings.formats.blocks import Block
from embeddings.formats.bylines import is_people
from embeddings.formats.credits import OPENING, is_credit, read_credits
from embeddings.formats.particulars import Particulars, find_day, is_paper_name, read_particulars
from embeddings.text.sentences import ends_a_sentence

_LONGEST = 60  # characters of a headline
_HEAD = 5  # lines above and below a headline among which its day stands
_SENTENCE_MARK = re.compile(r"[。！？!?；;]$|[。；]")
_DAY_FIRST = re.compile(r"[\s　：:】\]）)|｜—–\-]+")
_OPENERS = "【[（( \t\u3000"
_MOST_DATES = 2  # so many days that open lines are no accident


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text, and what it tells of an article if it does."""

    text: str
    number: int
    opens: bool
    """It begins a block."""
    ruled: bool
    told: Particulars | None

    @property
    def headline(self) -> bool:
        """Say whether it may be a headline."""
        return self.told is None and may_be_headline(self.text)


def may_be_headline(text: str) -> bool:
    """Say whether a line is as short and open as a headline."""
    return 1 < len(text) <= _LONGEST and not _SENTENCE_MARK.search(text) and not text.startswith(("（", "(", "——"))


def with_headlines(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a text with headings where its headlines are; blocks that have headings are returned as they are.

    What tells of an article stands behind its headline, wherever it was printed.
    """
    if any(block.level for block in blocks):
        return list(blocks)
    lines = [line for block in blocks for line in _lines(block)]
    starts = _labelled(lines) or _dated(lines) or _ruled(lines) or _credited(lines)
    return list(_headed(lines, starts)) if starts else list(blocks)


def split_day(text: str) -> tuple[str, str] | None:
    """Part a line that a day opens and a headline follows: 2024-03-12 渡口大桥合龙, 【2024年3月12日】渡口大桥合龙."""
    inner = text.lstrip(_OPENERS)
    plain = readable(inner)
    for pattern in FULL_DAYS:
        day = pattern.match(plain)
        if day is None:
            continue
        gap = _DAY_FIRST.match(plain, day.end())
        if gap and gap.end() < len(plain) and find_day(day[0]):
            return inner[: day.end()], inner[gap.end() :].strip()
    return None


def _lines(block: Block) -> Iterator[_Line]:
    for place, text in enumerate(block.text.split("\n")):
        yield _Line(text, block.line + place, place == 0, block.ruled and place == 0, read_particulars(text))


def _labelled(lines: Sequence[_Line]) -> dict[int, tuple[int, int, str]]:
    """Return the records that 标题：… opens, or that the particulars above it open."""
    titles = [place for place, line in enumerate(lines) if line.told is not None and line.told.title]
    if not titles:
        return {}
    above = titles[0] > 0 and all(line.told is not None for line in lines[: titles[0]])
    starts: dict[int, tuple[int, int, str]] = {}
    for title in titles:
        first = title
        while above and first > 0 and lines[first - 1].told is not None and not lines[first].ruled and title - first < _HEAD:
            if lines[first].opens and first != title and lines[first - 1].opens is False:
                break
            first -= 1
        told = lines[title].told
        starts[first] = title, title + 1, told.title if told is not None and told.title else ""
    return starts


def _dated(lines: Sequence[_Line]) -> dict[int, tuple[int, int, str]]:
    """Return the articles that a day opens, or whose headline one follows, in a text of several."""
    # Records without a blank line between them: a sentence ends before each, and text stands below it.
    closed = {
        place
        for place in range(len(lines) - 1)
        if (place == 0 or ends_a_sentence(lines[place - 1].text)) and lines[place + 1].text.strip()
    }
    glued = {
        place: (place, place, parts[1])
        for place, line in enumerate(lines)
        if (line.opens or place in closed) and line.headline and (parts := split_day(line.text))
    }
    if len(glued) >= _MOST_DATES:
        return glued
    days = [place for place, line in enumerate(lines) if line.told is not None and line.told.day and not line.told.title]
    if len(days) < _MOST_DATES:
        return {}
    day_first = not any(line.headline and not is_paper_name(line.text) for line in lines[: days[0]])
    starts = _beside(lines, days, day_first)
    if len(starts) < _MOST_DATES:  # what stands above the first day is a title of the whole: 1978年合订本
        starts = _beside(lines, days, not day_first)
    return starts if len(starts) >= _MOST_DATES else {}


def _beside(lines: Sequence[_Line], days: Sequence[int], day_first: bool) -> dict[int, tuple[int, int, str]]:
    """Return the articles whose headlines stand below days, or above them."""
    starts: dict[int, tuple[int, int, str]] = {}
    for place in days:
        found = _headline_below(lines, place) if day_first else _headline_above(lines, place)
        if found is not None:
            first = min(place, found)
            starts.setdefault(first, (found, found + 1, lines[found].text))
    return starts


def _credited(lines: Sequence[_Line]) -> dict[int, tuple[int, int, str]]:
    """Return the articles of a page whose headlines stand between a sentence's end and a line that opens a report."""
    starts = {
        place: (place, place + 1, line.text)
        for place, line in enumerate(lines[:-1])
        if line.opens
        and line.headline
        and not is_paper_name(line.text)
        and not _opens_report(line.text)
        and (place == 0 or lines[place - 1].told is not None or not may_be_headline(lines[place - 1].text))
        and _opens_report(lines[place + 1].text)
    }
    return starts if len(starts) >= _MOST_DATES else {}


def _opens_report(text: str) -> bool:
    """Say whether a line is one with which a report begins: 本报讯…, （记者 林知远）…, 本报记者 林知远."""
    bracketed = text.startswith(("（", "(", "〔", "【", "[")) and read_credits(text)[0] is not None
    return OPENING.match(text) is not None or bracketed or is_credit(text)


def _headline_below(lines: Sequence[_Line], day: int) -> int | None:
    for place in range(day + 1, min(day + _HEAD, len(lines))):
        if lines[place].told is None:
            return place if lines[place].headline and place + 1 < len(lines) else None
        if lines[place].told.day and lines[place].opens:  # type: ignore[union-attr]
            return None
    return None


def _headline_above(lines: Sequence[_Line], day: int) -> int | None:
    """Return the first of the short lines right above a day, up to the end of a sentence or a rule."""
    found = None
    place = day
    while place > 0 and day - place < _HEAD and not lines[place].ruled:
        place -= 1
        line = lines[place]
        if line.told is not None and not line.told.day:
            continue
        if not line.headline:
            break
        if (
            found is not None
            and lines[found].opens
            and not (is_people(lines[found].text) or lines[found].text.startswith("——"))
        ):
            break  # a blank line parts a headline from what stands above it
        found = place
    return found if found is not None and not is_people(lines[found].text) else None


def _ruled(lines: Sequence[_Line]) -> dict[int, tuple[int, int, str]]:
    """Return the articles that rules part, where each begins with a headline and goes on with text."""
    starts = [0, *(place for place, line in enumerate(lines) if line.ruled)]
    if len(starts) < _MOST_DATES:
        return {}
    found: dict[int, tuple[int, int, str]] = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        title = next((place for place in range(start, min(start + _HEAD, end)) if lines[place].told is None), None)
        if title is None or not lines[title].headline or title + 1 >= end:
            return {}
        found[start] = title, title + 1, lines[title].text
    return found


def _headed(lines: Sequence[_Line], starts: dict[int, tuple[int, int, str]]) -> Iterator[Block]:
    """Yield the blocks of a text with the headline of each record first."""
    ends = [*sorted(starts)[1:], len(lines)]
    order = sorted(starts)
    yield from _joined(lines[: order[0]])
    for start, end in zip(order, ends, strict=True):
        title, after, text = starts[start]
        yield Block(1, " ".join(text.split()), lines[title].number, True)
        told = lines[title].told
        if told is not None and told.title and (more := _without_title(lines[title])):
            yield more
        if title == after:  # the day stands in the headline's own line
            parts = split_day(lines[title].text)
            yield Block(0, parts[0] if parts else "", lines[title].number)
        yield from _joined([*lines[start:title], *lines[max(after, title + 1) : end]])


def _without_title(line: _Line) -> Block | None:
    """Return the part of a record's line that stands before 标题：."""
    before = re.split(r"(?i)[【\[]?(?:标题|標題|题名|題名|题目|題目|篇名|title|headline)", line.text, maxsplit=1)[0].strip()
    return Block(0, before, line.number) if before and read_particulars(before) is not None else None


def _joined(lines: Sequence[_Line]) -> Iterator[Block]:
    """Yield lines as the blocks that they were."""
    block: Block | None = None
    for line in lines:
        if block is None or line.opens:
            if block is not None:
                yield block
            block = Block(0, line.text, line.number, line.ruled)
        else:
            block = replace(block, text=f"{block.text}\n{line.text}")
    if block is not None:
        yield block
