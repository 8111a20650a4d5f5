"""The ids of issues: a paper's slug, which it keeps for good, the day, and the edition where a day has several."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import count

from pypinyin import Style, lazy_pinyin

from embeddings.records import Issue
from embeddings.store.protocols import Catalogue


class IssueNames:
    """Gives issues their ids for one run: those that are stored keep theirs, and no id is given twice.

    The slug of a paper is chosen when its first issue comes: its initials, its syllables where another paper has these
    (砚溪日报, 烟霞日报), and a number behind them where even the syllables are alike (宜春日报, 伊春日报).
    """

    def __init__(self, catalogue: Catalogue | None) -> None:
        """Name issues of a catalogue, or of an archive that is not made yet."""
        self._catalogue = catalogue
        self._slugs = catalogue.slugs() if catalogue else {}
        self._given: dict[tuple[str, date, str | None], str] = {}
        self._ids: set[str] = set()

    def of(self, issue: Issue) -> str:
        """Return the id of an issue, by its paper, day and edition; nothing is stored."""
        key = issue.paper, issue.issue_date, issue.edition
        found = self._given.get(key) or (self._catalogue.issue_id_of(*key) if self._catalogue else None)
        if found is None:
            found = next(name for name in self._candidates(issue) if not self._taken(name))
        self._given[key] = found
        self._ids.add(found)
        return found

    def slug(self, paper: str) -> str:
        """Return the slug of a paper, the one it has or the one it is to have."""
        if paper not in self._slugs:
            self._slugs[paper] = choose_slug(paper, set(self._slugs.values()))
        return self._slugs[paper]

    def _candidates(self, issue: Issue) -> Iterator[str]:
        name = f"{self.slug(issue.paper)}-{issue.issue_date.isoformat()}"
        if issue.edition is None:
            yield name
            yield from (f"{name}-{number}" for number in count(2))
        else:
            yield from (f"{name}-{edition}" for edition in _spellings(issue.edition, "e"))

    def _taken(self, issue_id: str) -> bool:
        if issue_id in self._ids:
            return True
        # An issue whose paper or day is damaged is found by neither; the file that it came from finds it by its id.
        held = self._catalogue is not None and self._catalogue.stored_files(issue_id=issue_id)
        return bool(held and self._catalogue and not self._catalogue.damaged_issues([issue_id]))


def choose_slug(paper: str, taken: Collection[str]) -> str:
    """Return the first spelling of a paper's name in ASCII letters that no other has."""
    return next(slug for slug in _spellings(paper, "issue") if slug not in taken)


def _spellings(name: str, bare: str) -> Iterable[str]:
    """Yield initials, syllables, and these with a number behind them; `bare` where a name has no letters."""
    initials, syllables = (_ascii(name, style) for style in (Style.FIRST_LETTER, Style.NORMAL))
    yield initials or bare
    yield syllables or bare
    yield from (f"{syllables or bare}{number}" for number in count(2))


def _ascii(name: str, style: Style) -> str:
    spelt = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name, style=style, errors="default")).lower())
    # Behind the day a number alone would read as that of an article.
    return f"n{spelt}" if spelt.isdigit() else spelt
