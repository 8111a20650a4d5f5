"""The same news in several papers is one source: the first print is cited, the others are listed beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from embeddings.records import Filters
from embeddings.store.archive import Archive
from embeddings.store.records import Printing
from embeddings.text.letters import Span
from qa.answering.answer import Answer, Finding, TimelineEntry
from qa.references.alignment import Letters, find_exact, find_folded
from qa.references.citation import Citation, check_quote


def group_reprints(archive: Archive, answer: Answer) -> Answer:
    """Return an answer that cites reprints of one another once, by the first print that holds the words quoted.

    Only prints within the filters of the question lead; all others are listed.
    """
    cited = [_led_by_first_print(archive, citation, answer.understood.filters) for citation in answer.citations]
    if not any(citation.reprints for citation in cited):
        return answer
    kept: dict[tuple[str, int, int], Citation] = {}
    now: dict[int, Citation] = {}
    for citation in cited:
        place = (citation.passage.article_id, citation.quote_start, citation.quote_end)
        now[citation.id] = kept.setdefault(place, replace(citation, id=len(kept) + 1))
    led = {citation.id: (before, citation) for before, citation in zip(answer.citations, cited, strict=True)}
    return replace(
        answer,
        citations=tuple(kept.values()),
        findings=tuple(_once(_found(finding, *led[finding.citation], now[finding.citation].id) for finding in answer.findings)),
        timeline=tuple(_moments(answer.timeline, now)),
    )


def _led_by_first_print(archive: Archive, citation: Citation, filters: Filters) -> Citation:
    """Return a citation of the first print of its news that holds its words, with the other prints beside it."""
    printings = archive.printings(citation.passage.article_id)
    for printing in printings:
        moved = _moved(archive, citation, printing) if _within(printing, filters) else None
        if moved is not None:
            others = (one for one in printings if one.article_id != moved.passage.article_id)
            return replace(moved, reprints=tuple(others))
    return citation


def _within(printing: Printing, filters: Filters) -> bool:
    """Say whether the question may be answered from this print."""
    return (
        (filters.first is None or filters.first <= printing.issue_date)
        and (filters.last is None or printing.issue_date <= filters.last)
        and filters.issue_id in (None, printing.issue_id)
        and filters.paper in (None, printing.paper)
    )


def _moved(archive: Archive, citation: Citation, printing: Printing) -> Citation | None:
    """Return a citation as one of another print, or None where that has other words."""
    if printing.article_id == citation.passage.article_id:
        return citation
    first = archive.passage_at(printing.article_id)
    if first is None:
        return None
    body = first.article.body
    quote = _find(citation.quote, body)
    if quote is None:
        return None
    answer: Span | None = None
    if citation.answer_start is not None and citation.answer_end is not None:
        printed = citation.passage.article.body[citation.answer_start : citation.answer_end]
        found = _find(printed, body[slice(*quote)])
        if found is None:
            return None
        answer = quote[0] + found[0], quote[0] + found[1]
    passage = archive.passage_at(printing.article_id, quote[0]) or first
    check_quote(passage, quote, answer or quote)
    start, end = answer or (None, None)
    return replace(citation, passage=passage, quote_start=quote[0], quote_end=quote[1], answer_start=start, answer_end=end)


def _find(words: str, body: str) -> Span | None:
    """Return where words stand in a text, in whatever spelling."""
    match = find_exact([words], body) or find_folded([Letters(words)], Letters(body))
    return match.spans[0] if match else None


def _found(finding: Finding, before: Citation, led: Citation, number: int) -> Finding:
    """Return a finding as one of the print that is cited for it: its place there, in the spelling of that print."""
    if led.passage.article_id == before.passage.article_id:
        return replace(finding, citation=number)
    body = led.passage.article.body
    start, end = led.quote_start, led.quote_end
    if led.answer_start is not None and led.answer_end is not None and finding.text == _answer(before):
        start, end = led.answer_start, led.answer_end
    elif found := _find(finding.text, led.quote):
        start, end = led.quote_start + found[0], led.quote_start + found[1]
    return replace(finding, text=body[start:end], citation=number, start=start, end=end)


def _answer(citation: Citation) -> str:
    """Return the words of a citation that answer."""
    return citation.passage.article.body[citation.answer_start : citation.answer_end]


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Leave out what was said of the same citation before."""
    seen: set[tuple[str, int]] = set()
    for finding in findings:
        if (finding.text, finding.citation) not in seen:
            seen.add((finding.text, finding.citation))
            yield finding


def _moments(timeline: Iterable[TimelineEntry], now: dict[int, Citation]) -> Iterable[TimelineEntry]:
    """Put a timeline on the citations that are left; a number that was only printed again is told once, of its first day."""
    seen: set[tuple[str, int]] = set()
    for entry in timeline:  # oldest first
        key = entry.text, now[entry.citation].id
        if key not in seen:
            seen.add(key)
            yield replace(entry, citation=now[entry.citation].id)
