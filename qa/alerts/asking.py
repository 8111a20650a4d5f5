"""Saving a question as an alert, and asking all of them again when the archive changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from embeddings.store.archive import Archive
from qa.alerts.book import MAX_ALERTS, MAX_EVIDENCE, PATIENCE, Alert, Book, BookFile, Evidence, digest, now
from qa.answering.answer import Answer
from qa.errors import AlertsError
from qa.references.citation import Citation

Ask = Callable[[str], Answer]
"""Answers a question from the archive; called only where there is one to ask."""


def add_alert(archive: Archive, ask: Ask, question: str, patience: float = PATIENCE) -> Alert:
    """Save a question; what the archive holds by now is no news to it. One that is saved already is returned as it is.

    Raises AlertsError where there are too many, ArchiveError where another process has the book for longer than `patience`.
    """
    with BookFile(archive.folder, patience).changing() as book:
        known = next((one for one in book.alerts if one.question == question), None)
        if known is not None:
            return known
        if len(book.alerts) >= MAX_ALERTS:
            raise AlertsError("alerts_many", most=MAX_ALERTS)
        # The others are asked first: from here on all of them look back to the same state.
        _ask_again(archive, ask, book)
        alert = Alert(secrets.token_hex(6), question, now())
        book.alerts.append(alert)
    return alert


def remove_alert(archive: Archive, alert_id: str, patience: float = PATIENCE) -> bool:
    """Forget an alert and what it found; say whether there was one of this id."""
    with BookFile(archive.folder, patience).changing() as book:
        left = [one for one in book.alerts if one.id != alert_id]
        found = len(left) < len(book.alerts)
        book.alerts = left
        book.evidence = [one for one in book.evidence if one.alert_id != alert_id]
    return found


def mark_seen(archive: Archive, alert_id: str, until: datetime | None = None, patience: float = PATIENCE) -> bool:
    """Note that what an alert found, up to a moment, was looked at; say whether there is an alert of this id."""
    with BookFile(archive.folder, patience).changing() as book:
        book.evidence = [
            replace(one, seen=True)
            if one.alert_id == alert_id and (until is None or datetime.fromisoformat(one.found) <= until)
            else one
            for one in book.evidence
        ]
        return any(one.id == alert_id for one in book.alerts)


def run_alerts(archive: Archive, ask: Ask) -> list[Evidence]:
    """Ask all alerts again if the archive changed since they were last asked; return what is new, newest issue first."""
    file = BookFile(archive.folder)
    # A glance without the lock: most of the time nothing changed.
    glance = file.read()
    if not glance.alerts or glance.generation == archive.stored_generation():
        return []
    with file.changing() as book:
        return _ask_again(archive, ask, book)


def _ask_again(archive: Archive, ask: Ask, book: Book) -> list[Evidence]:
    """Ask the alerts of a book, note what is new in it, and what the archive holds now."""
    archive.refresh()
    generation = archive.searched_generation
    if book.generation == generation:
        return []
    found = [one for alert in book.alerts for one in _new(alert, ask(alert.question), book.held)]
    found.sort(key=lambda one: one.issue_date, reverse=True)
    book.evidence = [*found, *book.evidence][:MAX_EVIDENCE]
    book.alerts = [replace(one, asked=now()) for one in book.alerts]
    book.held = frozenset(digest(one.article_id, one.article) for one in archive.printed_articles())
    book.generation = generation
    return found


def _new(alert: Alert, answer: Answer, held: frozenset[bytes]) -> Iterator[Evidence]:
    """Yield the answers that stand in articles which the archive did not hold before, each article once."""
    seen: set[bytes] = set()
    cited = {citation.id: citation for citation in answer.citations}
    told = [(finding.text, finding.citation) for finding in answer.findings]
    told += [(entry.text, entry.citation) for entry in answer.timeline]
    for text, number in told:
        citation = cited[number]
        mark = digest(citation.passage.article_id, citation.passage.article)
        if mark not in held and mark not in seen:
            seen.add(mark)
            yield _evidence(alert, text, citation, mark)


def _evidence(alert: Alert, text: str, citation: Citation, mark: bytes) -> Evidence:
    passage = citation.passage
    return Evidence(
        alert_id=alert.id,
        question=alert.question,
        found=now(),
        answer=text,
        article_id=passage.article_id,
        issue_id=passage.issue_id,
        paper=passage.paper,
        issue_date=passage.issue_date.isoformat(),
        page=passage.article.page,
        title=passage.article.title,
        quote=citation.quote,
        url=f"/articles/{passage.article_id}#c{citation.quote_start}-{citation.quote_end}",
        digest=mark.hex(),
    )
