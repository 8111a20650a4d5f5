"""Which corrections are those of an issue, and whether they fit what is held of it by now."""

from __future__ import annotations

from collections.abc import Iterable

from embeddings.ingest.corrections import apply_corrections, as_printed
from embeddings.messages import MESSAGES
from embeddings.records import Correction, Issue
from embeddings.store.archive import Archive


def corrections_of(archive: Archive, issue: Issue) -> list[Correction]:
    """Return the corrections of an issue, by its paper, printed day and edition, in the order made."""
    day = issue.printed_date or issue.issue_date
    return [one for one in archive.corrections(issue.paper, day) if one.edition == issue.edition]


def mark_corrections(archive: Archive, issue_ids: Iterable[str]) -> list[str]:
    """Note of each correction of some issues whether it fits what they print by now; return warnings of those that do not."""
    warnings = []
    for issue_id in issue_ids:
        issue = archive.issue(issue_id)
        found = corrections_of(archive, issue) if issue else []
        if issue is None or not found:
            continue
        outcome = apply_corrections(as_printed(issue), found)
        fits = {one.correction_id: True for one in outcome.applied if not one.applied}
        fits |= {one.correction_id: False for one in outcome.unfit if one.applied}
        if fits:
            archive.mark_corrections(fits)
        warnings += [
            MESSAGES.text(
                "correction_unfit", number=one.correction_id, headline=one.headline, printed=one.printed or "",
                corrected=one.corrected or "",
            )
            for one in outcome.unfit
        ]  # fmt: skip
    return warnings
