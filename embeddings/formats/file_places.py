"""What a file's name and folders tell of its issue (day, paper, page, headline), and which of several days is its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from embeddings.formats.masthead import find_date
from embeddings.formats.page_labels import read_page_label
from embeddings.messages import MESSAGES

_MOST_FOLDERS = 3
_DIGITS = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"(?:1[6-9]|20)\d{2}(?:[-_.年]?\d{1,2})?")
_HEADLESS = re.compile(r"^[\s_\-.·]*(?:\d{1,4}[a-z]?[\s_\-.·]+)*|[\s_\-.·]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ToldDays:
    """The days that a file tells, each None where it does not."""

    front_matter: date | None = None
    headline: date | None = None
    """Of headings, titles and the lines beside them."""
    file_name: date | None = None
    edited: bool = False
    """That of the front matter is of the last change."""

    @property
    def day(self) -> date | None:
        """The day to believe: front matter, headline, file name, in this order; but the day of a change is the last resort."""
        others = [day for day in (self.headline, self.file_name) if day is not None]
        if self.front_matter is None or (others and len(set(others)) == 1 and self._outvoted(others[0], len(others))):
            return others[0] if others else None
        return self.front_matter

    def _outvoted(self, day: date, votes: int) -> bool:
        """Say whether the front matter's is plainly the day of a later change."""
        assert self.front_matter is not None
        return self.edited or (votes > 1 and self.front_matter > day)

    def disagreements(self) -> list[str]:
        """Word what does not agree with the day believed."""
        told = (
            ("day_of_front_matter", self.front_matter),
            ("day_of_headline", self.headline),
            ("day_of_name", self.file_name),
        )
        return [
            MESSAGES.text("days_disagree", day=self.day, other=day, place=MESSAGES.message(place))
            for place, day in told
            if self.day is not None and day not in (None, self.day)
        ]


def day_of_folders(path: Path) -> date | None:
    """Return the day that folders name: 2024-03-12/, 2024/03/12/, 2024-03/12/."""
    names: list[str] = []
    for folder in path.parts[-2 : -2 - _MOST_FOLDERS : -1]:
        names.insert(0, folder)
        day = find_date("-".join(names))
        if day is not None:
            return day
        if not _is_of_a_day(folder):
            return None
    return None


def paper_of_folders(path: Path) -> str:
    """Return the name of the nearest folder that is none of a day's; a zip file is one, by its name without the suffix."""
    names = [_without_zip(folder.name) for folder in path.resolve().parents]
    return next((name for name in names if name and not _is_of_a_day(name)), names[0])


def _without_zip(name: str) -> str:
    """Return a folder's name; members of a zip file lie in one that is named a.zip!."""
    return Path(name.removesuffix("!")).stem if name.lower().endswith(".zip!") else name


def _is_of_a_day(name: str) -> bool:
    return bool(_DIGITS.fullmatch(name.rstrip("年月日")) or _YEAR.fullmatch(name.rstrip("年月日")) or find_date(name))


def page_of_name(stem: str) -> str | None:
    """Return the page that a file's name tells: 01版, A02, 2024-03-12_第3版_标题."""
    for part in re.split(r"[_\s]+|(?<=\d)-(?=[第A-Z])|-(?=第|[A-Z]\d\d$)", stem):
        label = read_page_label(part)
        if label is not None and find_date(part) is None:
            return label.page
    return None


def headline_of_name(stem: str) -> str | None:
    """Return the headline that a file's name has beside day and number: 2024-03-12_渡口大桥合龙, or None."""
    rest = re.sub(r"\d{4}[-_.年]?\d{1,2}[-_.月]?\d{1,2}日?", " ", stem)
    rest = _HEADLESS.sub("", rest).strip(" _-.")
    chinese = len(re.findall(r"[\u3400-\u9fff]", rest))
    return rest.replace("_", " ") if chinese > 3 and read_page_label(rest) is None else None
