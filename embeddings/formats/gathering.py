"""Articles that each name their own paper and day, gathered into issues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from embeddings.formats.file_places import paper_of_folders
from embeddings.formats.masthead import make_issue_id
from embeddings.formats.reading import ReadingOptions
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue


@dataclass(frozen=True, slots=True)
class Printed:
    """An article and the issue that it was printed in; `paper` is None where it is not named."""

    article: Article
    issue_date: date
    paper: str | None = None
    edition: str | None = None
    issue_number: int | None = None


def gather(path: Path, printed: Iterable[Printed], options: ReadingOptions) -> tuple[Issue, ...]:
    """Gather articles into issues by paper, day and edition, each in the order met.

    The operator's paper wins; where none is named it is the folder's name, which is a warning.
    """
    groups: dict[tuple[str, date, str | None], list[Printed]] = {}
    guessed: set[str] = set()
    for one in printed:
        paper = options.paper or one.paper
        if paper is None:
            paper = paper_of_folders(path)
            guessed.add(paper)
        groups.setdefault((paper, one.issue_date, one.edition), []).append(one)
    return tuple(
        Issue(
            issue_id=make_issue_id(paper, day),
            paper=paper,
            issue_date=day,
            articles=tuple(one.article for one in members),
            issue_number=next((one.issue_number for one in members if one.issue_number is not None), None),
            edition=edition,
            warnings=(MESSAGES.text("paper_of_folder", paper=paper),) if paper in guessed else (),
        )
        for (paper, day, edition), members in groups.items()
    )


def merged(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Make one issue of those of one paper, day and edition, in the order met; a fact is that of the first that has it."""
    groups: dict[tuple[str, date, str | None], Issue] = {}
    for issue in issues:
        key = issue.paper, issue.issue_date, issue.edition
        held = groups.get(key)
        if held is None:
            groups[key] = issue
            continue
        facts = {
            name: getattr(issue, name)
            for name in ("issue_number", "pages", "cn_number", "masthead", "last_date")
            if getattr(held, name) is None
        }
        warnings = tuple(dict.fromkeys(held.warnings + issue.warnings))
        groups[key] = replace(held, articles=held.articles + issue.articles, warnings=warnings, **facts)
    return tuple(groups.values())
