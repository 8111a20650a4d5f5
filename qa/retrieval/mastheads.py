"""The mastheads that a question is answered from: looked up by paper and day, as all of a paper look alike to a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from embeddings.records import Filters, Passage
from embeddings.store.archive import Archive
from qa.understanding.date_constraints import DateConstraints, Firmness
from qa.understanding.imprint_facts import ImprintFact, asked_fact, find_fact, named_papers

_LOOKED_BACK = 8
"""Issues in which what holds for long (零售价) is looked for, from the newest on."""


def find_mastheads(archive: Archive, question: str, filters: Filters, asked: DateConstraints) -> list[Passage]:
    """Return the mastheads that print the fact asked for; none where a question asks for anything else.

    Those of the days named, else the newest. What lasts is also taken from another day than the one named.
    """
    papers = archive.papers()
    fact = asked_fact(question, tuple(papers))
    if fact is None:
        return []
    found: list[Passage] = []
    # A filter that was set by hand holds, whatever paper or day the question names.
    named: Sequence[str | None] = [filters.paper] if filters.paper else named_papers(question, papers) or [None]
    for paper in named:
        searched = replace(filters, paper=paper)
        of_days = [day for one in _days(searched, asked) for day in _printing(archive, fact, question, one, len(papers))]
        newest = not asked.days or fact.lasting
        found += of_days or (_printing(archive, fact, question, searched, _LOOKED_BACK) if newest else [])
    return list(dict.fromkeys(found))


def _days(filters: Filters, asked: DateConstraints) -> list[Filters]:
    """Narrow the filters to each of the days named, of several meanings the likeliest."""
    spans = [days.spans[0] for days in asked.days if days.firmness is not Firmness.LOOSE]
    return [filters.within(span.first, span.last) for span in spans]


def _printing(archive: Archive, fact: ImprintFact, question: str, filters: Filters, limit: int) -> list[Passage]:
    """Return the mastheads of the newest day that print the fact; of what does not last, only the newest issue is looked at."""
    newest = archive.mastheads(filters, limit)
    if not fact.lasting:
        newest = [one for one in newest if one.issue_date == newest[0].issue_date]
    printing = [one for one in newest if find_fact(fact, one.article.body, question)]
    return [one for one in printing if one.issue_date == printing[0].issue_date]
