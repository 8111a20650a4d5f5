"""What several files tell of one issue, made one: each fact as the first file tells it that does, contradictions noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind

_FACTS = ("last_date", "issue_number", "pages", "cn_number")


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What one file tells of an issue beside its paper, day and edition; or what all of its files tell."""

    path: str
    last_date: date | None = None
    issue_number: int | None = None
    pages: int | None = None
    cn_number: str | None = None
    masthead: Article | None = None
    warnings: tuple[str, ...] = ()


def merge_facts(told: Sequence[IssueFacts]) -> tuple[IssueFacts, tuple[str, ...]]:
    """Return what the files of an issue tell together, the first one's word first, and the warnings of contradictions.

    The warnings of the result are those of the files, then the contradictions. Lines of a masthead that several files
    print stand in it once.
    """
    merged = IssueFacts("")
    contradictions: list[str] = []
    for name in _FACTS:
        telling = [facts for facts in told if getattr(facts, name) is not None]
        if telling:
            merged = replace(merged, **{name: getattr(telling[0], name)})
            contradictions += [_differing(name, telling[0], other) for other in telling[1:] if _differ(name, telling[0], other)]
    warnings = [warning for facts in told for warning in facts.warnings]
    masthead = _masthead([facts.masthead for facts in told if facts.masthead])
    unique = tuple(dict.fromkeys(contradictions))
    return replace(merged, masthead=masthead, warnings=tuple(dict.fromkeys((*warnings, *unique)))), unique


def _differ(name: str, one: IssueFacts, other: IssueFacts) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _differing(name: str, first: IssueFacts, other: IssueFacts) -> str:
    """Word a contradiction between two files."""
    fact = MESSAGES.text(f"fact_{name}")
    told, taken = (str(getattr(one, name)) for one in (other, first))
    return MESSAGES.text(
        "facts_differ", fact=fact, path=Path(other.path).name, told=told, first=Path(first.path).name, taken=taken
    )


def _masthead(told: Sequence[Article]) -> Article | None:
    """Return the lines of all mastheads, each once, under the first one's headline."""
    if not told:
        return None
    lines = dict.fromkeys(line for masthead in told for line in masthead.body.split("\n"))
    body = told[0].body if len(told) == 1 else "\n".join(lines)
    return Article(told[0].title, body, kind=ArticleKind.MASTHEAD)
