"""The reader of any other Markdown or text file that has a date: an article, the articles of a day, or those of a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.blocks import Block, split_blocks
from embeddings.formats.bylines import agency, is_people, people
from embeddings.formats.file_places import ToldDays, day_of_folders, headline_of_name, page_of_name, paper_of_folders
from embeddings.formats.front_matter import FrontMatter, read_front_matter
from embeddings.formats.headlines import may_be_headline, split_day, with_headlines
from embeddings.formats.masthead import find_date, make_issue_id
from embeddings.formats.navigation import is_navigation
from embeddings.formats.newspaper import read_credits
from embeddings.formats.outline import Draft, heading_particulars, outline
from embeddings.formats.particulars import Particulars, is_paper_name, read_particulars
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue
from embeddings.text.letters import letters_and_digits

_OPENING = 300  # characters within which a day may stand in the text itself
_REPEATED = 6  # lines on which a headline may be printed again
_TAIL = 4  # lines at an article's end that may tell of it
_ZONE = timedelta(days=1)
"""What a time of publication may be off the day that stands over it: one is of Greenwich, or of the evening before."""
_SUBTITLE = re.compile(r"^(?:—{1,2}|-{2}|──)")
_DAY_BEHIND = re.compile(r"[\s　（(【\[|｜_—–-]+(?P<day>\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)\s*[)）】\]]?$")
_LONGEST_DAY = 24  # characters, with the marks around it


@dataclass(frozen=True, slots=True)
class _Found:
    """An article, what is told of it beside its text, and the line of its headline."""

    article: Article
    told: Particulars
    line: int


def read_plain(path: Path, text: str, paper: str | None = None) -> tuple[Issue, ...]:
    """Read a dated file; raises IssueError where no day or no text is found.

    The paper is `paper`, or the one that front matter or print names, else the folder's name, with a warning.
    """
    front = read_front_matter(path, text)
    blocks = [
        replace(block, line=block.line + front.lines)
        for block in split_blocks(front.text)
        if block.level or not is_navigation(block.text)
    ]
    blocks = with_headlines(blocks)
    if front.told.title and any(block.level and block.ruled for block in blocks):  # other articles stand below the first's text
        first = sum(1 for _ in takewhile(lambda block: not block.level, blocks))
        drafts = [*outline(blocks[:first], front.told.title), *outline(blocks[first:])]
        drafts[0].around = replace(front.told, title=None).over(drafts[0].around)
        front = replace(front, told=Particulars(paper=front.told.paper))
    else:
        drafts = outline(blocks, _whole_title(front))
    found = [one for draft in drafts if (one := _finished(draft, path)) is not None]
    if not found:
        raise IssueError("no_text", path, 1)
    return tuple(_issues(path, front, blocks, found, paper))


def _whole_title(front: FrontMatter) -> str | None:
    """Return the headline in the front matter, where it is one and no day's or paper's name."""
    title = front.told.title
    return title if title and not heading_particulars(title) and find_date(title) is None else None


def _finished(draft: Draft, path: Path) -> _Found | None:
    """Make the article of a draft: what tells of it, and a headline printed again, taken off its text."""
    lines = [line for block in draft.blocks for line in block.text.split("\n")]
    title, day = draft.title, None
    if title is None:
        title, lines = _first_headline(lines, path)
    elif (parts := _without_day(title)) is not None:
        day, title = parts
    told, lines, subtitles = _head(lines, title)
    below, lines = _tail(lines)
    told = told.over(below).over(Particulars(day=day))
    if told.day and draft.group_day and abs(told.day - draft.group_day) <= _ZONE:
        told = replace(told, day=draft.group_day)
    told = told.over(draft.around)
    brief = [text for text in draft.briefs if not _repeats("".join(lines), text)]
    body = "\n".join([*brief, *lines])
    if not body:
        return None
    byline, source = read_credits(body)
    article = Article(
        title=told.title or title,
        body=body,
        kicker=" ".join([*draft.kickers, *([told.kicker] if told.kicker else [])]) or None,
        subtitle=" ".join([*draft.subtitles, *subtitles]) or told.subtitle,
        column=told.column,
        byline=told.byline or byline,
        source=told.source or source,
        page=told.page,
        page_name=told.page_name,
        url=told.url,
    )
    return _Found(article, told, draft.line)


def _first_headline(lines: Sequence[str], path: Path) -> tuple[str, list[str]]:
    """Return the headline of a text that marks none, and the lines below it."""
    first, *rest = lines
    if not may_be_headline(first) and (named := headline_of_name(path.stem)):
        return named, list(lines)
    return first, rest or [first]


def _without_day(title: str) -> tuple[date, str] | None:
    """Return the day that opens or closes a headline, set apart, and the headline without one that opens it."""
    parts = split_day(title)
    if parts is not None:
        day = find_date(parts[0])
        return (day, parts[1].strip(" 　】）)]")) if day is not None else None
    tail = _DAY_BEHIND.search(title, max(len(title) - _LONGEST_DAY, 1))
    day = find_date(tail["day"]) if tail else None
    return (day, title) if day is not None else None


def _head(lines: Sequence[str], title: str) -> tuple[Particulars, list[str], list[str]]:
    """Read the lines between a headline and its text; return what they tell, the text, and the subtitles among them."""
    told = Particulars()
    subtitles: list[str] = []
    dated = any(read_particulars(line) is not None for line in lines[:_REPEATED])
    place = 0
    while place < len(lines):
        line = lines[place]
        if repeated := _repeated(lines, place, (title, *subtitles)):
            place += repeated
            continue
        found = read_particulars(line)
        if found is not None:
            told = told.over(replace(found, text=None))
            if found.text is not None:
                rest = [found.text] if found.text else []
                return told, [*rest, *lines[place + 1 :]], subtitles
        elif is_people(line) and len(lines) > place + 1:
            told = told.over(Particulars(byline=people(line)))
        elif dated and (name := agency(line)) and not is_paper_name(line) and len(lines) > place + 1:
            told = told.over(Particulars(source=name))
        elif _SUBTITLE.match(line) and may_be_headline(line.lstrip("—-─ ")):
            subtitles.append(line)
        else:
            break
        place += 1
    return told, list(lines[place:]), subtitles


def _repeated(lines: Sequence[str], place: int, printed: Sequence[str]) -> int:
    """Count the lines from a place on that only print a headline again."""
    wanted = {letters_and_digits(text) for text in printed}
    joined = ""
    longest = max(map(len, wanted))
    for count, line in enumerate(lines[place : place + _REPEATED], start=1):
        joined += letters_and_digits(line)
        if len(joined) > longest:
            return 0
        if joined in wanted and place + count < len(lines):
            return count
    return 0


def _tail(lines: Sequence[str]) -> tuple[Particulars, list[str]]:
    """Take the labelled lines at an article's end off: 来源：砚溪日报, 责任编辑：何映秋."""
    told = Particulars()
    kept = list(lines)
    for _ in range(_TAIL):
        if len(kept) < 2:
            break
        found = read_particulars(kept[-1]) if re.search(r"[:：]", kept[-1]) else None
        if found is None or found.title or found.text is not None:
            break
        told = told.over(found)
        kept.pop()
    return replace(told, paper=None), kept


def _repeats(body: str, brief: str) -> bool:
    """Say whether a text has its own summary in it, word for word."""
    return letters_and_digits(brief) in letters_and_digits(body)


def _issues(path: Path, front: FrontMatter, blocks: Sequence[Block], found: Sequence[_Found], paper: str | None) -> list[Issue]:
    """Group articles into issues, each with the day and paper told of it."""
    days = {one.told.day for one in found if one.told.day is not None}
    told = _told_days(path, front, blocks, days)
    default = told.day or (min(days) if len(days) == 1 else None) or day_of_folders(path)
    default = default or (None if days else find_date(front.text[:_OPENING])) or front.told.stamp
    guessed = _guess_paper(path, front, found)
    page = page_of_name(path.stem)
    issues: dict[tuple[str, date], list[_Found]] = {}
    before = default
    for one in found:
        day = one.told.day or default or before
        if day is None:
            raise IssueError("no_date", path, one.line)
        before = day
        if len(days) == 1:  # of the file's one day another telling may be believed
            day = default or day
        name = paper or front.told.paper or one.told.paper or guessed
        issues.setdefault((name, day), []).append(one)
    warnings = told.disagreements() if len(issues) == 1 else []
    made = []
    for (name, day), ones in issues.items():
        guess = not (paper or front.told.paper or ones[0].told.paper) and guessed == paper_of_folders(path)
        more = [MESSAGES.text("paper_of_folder", paper=name)] if guess else []
        articles = tuple(_with_facts(one.article, front, page, len(found) == 1) for one in ones)
        number = front.told.number or next((one.told.number for one in ones if one.told.number is not None), None)
        made.append(Issue(make_issue_id(name, day), name, day, articles, issue_number=number, warnings=(*warnings, *more)))
    return made


def _told_days(path: Path, front: FrontMatter, blocks: Sequence[Block], days: set[date]) -> ToldDays:
    """Gather the days of front matter, headline and file name; those of many articles are their own."""
    title = _day_of_title(front.told.title) if front.told.title else None
    heading = next((block.text for block in blocks if block.level), None)
    first = heading_particulars(heading).day if heading else None
    headline = title or first or (next(iter(days)) if len(days) == 1 else None)
    return ToldDays(front.told.day, headline, find_date(path.stem), front.edited)


def _day_of_title(title: str) -> date | None:
    return heading_particulars(title).day or (_without_day(title) or (None,))[0]


def _guess_paper(path: Path, front: FrontMatter, found: Sequence[_Found]) -> str:
    """Return the paper where none is named: the folder's name, unless all articles have one source that is rather one."""
    folder = paper_of_folders(path)
    sources = {front.told.source} if front.told.source else {one.told.source for one in found}
    source = next(iter(sources)) if len(sources) == 1 else None
    return source.strip("《》") if source and is_paper_name(source) and not is_paper_name(folder) else folder


def _with_facts(article: Article, front: FrontMatter, page: str | None, alone: bool) -> Article:
    """Fill in what front matter and file name tell; beside several articles they only tell what these do not."""
    told = front.told
    named = article.page or told.page
    return replace(
        article,
        byline=told.byline or article.byline if alone else article.byline or told.byline,
        source=told.source or article.source if alone else article.source or told.source,
        column=told.column or article.column if alone else article.column or told.column,
        page=(told.page or article.page if alone else named) or page,
        page_name=told.page_name or article.page_name,
        subtitle=article.subtitle or (told.subtitle if alone else None),
        kicker=article.kicker or (told.kicker if alone else None),
        url=told.url or article.url if alone else article.url,
    )
