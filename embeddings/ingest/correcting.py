"""Making, undoing, exporting and importing the operator's corrections; only what they touch is made anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from embeddings.errors import CorrectionError, printable
from embeddings.ingest.correction_marks import corrections_of, mark_corrections
from embeddings.ingest.corrections import CONTEXT, FACTS, apply_corrections, as_printed, headline_of, opening
from embeddings.ingest.entries import made_alike, make_entries
from embeddings.ingest.placing import place_articles
from embeddings.records import Article, CorrectedField, Correction, Issue
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.naming import IssueNames
from embeddings.store.records import FilePart, HeldArticle, Matrix, same_letters
from embeddings.text.readings import changes

_LONGEST = 1_000_000  # characters of a corrected text
_MOST_LINES = 100_000  # of an imported file
_LINE = TypeAdapter(Correction)
# What is of this archive alone, and not of the correction.
_OWN = ("correction_id", "applied")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator wants changed in an article; what is left out stays."""

    facts: Mapping[CorrectedField, str | None] = field(default_factory=dict)
    """Headline, byline and the like, as they should be; None or nothing takes a fact away."""
    words: Sequence[tuple[str, str]] = ()
    """Words of the text that stand there once, each with what is right. The same words twice confirm doubted ones."""
    body: str | None = None
    """The whole text as it should be."""
    day: date | None = None
    """The day of the whole issue."""
    merge: bool = False
    """Whether the next article goes on with this one."""
    split: int | None = None
    """The offset in the text at which another article begins."""
    split_title: str | None = None
    """The headline of that article; without it its first line is."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Corrections that were made or undone, and the id that their article's issue bears by now; None if it is not held."""

    corrections: tuple[Correction, ...]
    issue_id: str | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of imported corrections."""

    added: int
    known: int
    """They were made here before."""
    unfit: tuple[Correction, ...]
    """They fit nothing that is stored by now, and wait for an issue that they fit."""


def correct(archive: Archive, article_id: str, wish: Wish) -> Done:
    """Correct an article; raises CorrectionError, and changes nothing, where that cannot be done as it is asked for."""
    with writer_lock(archive.folder):
        found = archive.article(article_id)
        if found is None:
            raise CorrectionError("correction_no_article", article_id=article_id)
        issue, place = found
        if place < 0:
            raise CorrectionError("correction_of_masthead", article_id=article_id)
        drafts = _drafts(issue, place, wish)
        if not drafts:
            raise CorrectionError("correction_of_nothing")
        with archive.together():
            made = archive.add_corrections(drafts)
            issue_id, applied = _restore(archive, issue.issue_id)
            if not {one.correction_id for one in made} <= applied:
                raise CorrectionError("correction_ambiguous", headline=headline_of(issue.articles[place]))
        archive.save_index()
    return Done(tuple(replace(one, applied=True) for one in made), issue_id)


def undo(archive: Archive, numbers: Sequence[int]) -> Done:
    """Undo corrections by their numbers; raises CorrectionError naming those that are not there, and then undoes none."""
    with writer_lock(archive.folder):
        held = {one.correction_id: one for one in archive.corrections()}
        missing = [number for number in numbers if number not in held]
        if missing:
            raise CorrectionError("correction_unknown", numbers=", ".join(map(str, missing)))
        undone = [held[number] for number in dict.fromkeys(numbers)]
        issue_id = None
        with archive.together():
            archive.delete_corrections([one.correction_id for one in undone])
            for stored in _issues_of(archive, undone):
                issue_id, _ = _restore(archive, stored)
        archive.save_index()
    return Done(tuple(undone), issue_id)


def export_lines(archive: Archive) -> list[str]:
    """Return all corrections as lines of JSON, in the order made."""
    lines = []
    for one in archive.corrections():
        facts = {name: value for name, value in asdict(one).items() if name not in _OWN}
        lines.append(json.dumps(facts, ensure_ascii=False, default=lambda value: value.isoformat()))
    return lines


def import_lines(archive: Archive, lines: Iterable[str], name: Path | str = "") -> Imported:
    """Take in exported corrections, but for those made here before; raises CorrectionError at a line that is none."""
    given = _read(lines, name)
    with writer_lock(archive.folder):
        known = {_content(one) for one in archive.corrections()}
        new = list({_content(one): one for one in given if _content(one) not in known}.values())
        if new:
            with archive.together():
                numbers = {one.correction_id for one in archive.add_corrections(new)}
                for stored in _issues_of(archive, new):
                    _restore(archive, stored)
            archive.save_index()
        unfit = [one for one in archive.corrections() if new and one.correction_id in numbers and not one.applied]
    return Imported(len(new), len(given) - len(new), tuple(unfit))


def _read(lines: Iterable[str], name: Path | str) -> list[Correction]:
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if number > _MOST_LINES:
                raise ValueError
            facts: Any = json.loads(line)
            if not isinstance(facts, dict):
                raise ValueError
            one = _LINE.validate_python({key: value for key, value in facts.items() if key not in _OWN})
            if one.field is CorrectedField.DAY:
                date.fromisoformat(one.corrected or "")
        except (ValueError, ValidationError):
            raise CorrectionError("correction_line", name, number) from None
        found.append(one)
    return found


def _content(one: Correction) -> Correction:
    """Return what makes two corrections the same, whoever made them when."""
    return replace(one, correction_id=0, applied=False, made_at=None, note=None, start=0)


def _issues_of(archive: Archive, corrections: Iterable[Correction]) -> list[str]:
    """Return the ids of the stored issues that corrections are about."""
    keys = dict.fromkeys((one.paper, one.issue_date) for one in corrections)
    return [issue_id for paper, day in keys for issue_id in archive.issues_printed_on(paper, day)]


def _restore(archive: Archive, issue_id: str) -> tuple[str, set[int]]:
    """Store an issue anew as it was printed and is corrected by now; whoever calls holds the lock, inside `together`.

    Returns the id that it bears by now, and the numbers of the corrections that fitted one of its files.
    """
    known = archive.vectors_of_texts(issue_id)
    names, applied = archive.issue_names(), set[int]()
    new_id = _free_id(archive, issue_id, names)
    for file in archive.stored_files(issue_id=issue_id):
        parts = []
        for issue in archive.file_issues(file.path):
            if issue.issue_id != issue_id:  # the file holds it too, and it stays
                parts.append(FilePart(replace(issue, ordinals=()), [None] * len(issue.articles), issue.ordinals))
                continue
            part, fitted = _corrected_part(archive, issue, names, known, file.path)
            applied |= fitted
            parts.append(part)
        archive.store(file.source, parts)
    mark_corrections(archive, [new_id])
    return new_id, applied


def _free_id(archive: Archive, issue_id: str, names: IssueNames) -> str:
    """Return the id that an issue has once it is corrected; raises CorrectionError where another of that day is held."""
    issue = archive.issue(issue_id)
    if issue is None:
        raise CorrectionError("correction_no_article", article_id=issue_id)
    new = apply_corrections(as_printed(issue), corrections_of(archive, issue)).issue
    new_id = names.of(new)
    if new_id != issue_id and archive.issue(new_id) is not None:
        raise CorrectionError("correction_day_held", day=new.issue_date.isoformat(), issue_id=new_id)
    return new_id


def _corrected_part(
    archive: Archive, issue: Issue, names: IssueNames, known: Mapping[str, Matrix], path: str
) -> tuple[FilePart, set[int]]:
    """Return what a file holds of an issue, corrected anew, and the numbers of the corrections that fitted."""
    outcome = apply_corrections(as_printed(replace(issue, ordinals=())), corrections_of(archive, issue))
    new = replace(outcome.issue, issue_id=names.of(outcome.issue))
    stayed = new.issue_id == issue.issue_id
    pairs = zip(issue.ordinals, issue.articles, strict=True)
    held = [HeldArticle(issue.issue_id, ordinal, path, same_letters(one), one) for ordinal, one in pairs]
    placed = place_articles(new.articles, held)
    stays = [
        stayed and one is not None and made_alike(article, one.article)
        for article, one in zip(new.articles, placed, strict=True)
    ]
    cut = [
        (article, archive.manifest.split(article), new.issue_date)
        for article, kept in zip(new.articles, stays, strict=True)
        if not kept
    ]
    entries = iter(make_entries(archive.encoder, cut, archive.names, known) if cut else ())
    # An issue of another day counts its articles anew, so that no number is given twice.
    ordinals = [one.ordinal if one and stayed else None for one in placed]
    part = FilePart(new, [None if kept else next(entries) for kept in stays], ordinals)
    return part, {one.correction_id for one in outcome.applied}


def _drafts(issue: Issue, place: int, wish: Wish) -> list[Correction]:
    """Return a wish as corrections, those of the text before those of where it ends."""
    article = issue.articles[place]
    plain = Correction(
        issue.paper, issue.printed_date or issue.issue_date, issue.edition, headline_of(article), CorrectedField.BODY,
        None, None, after=opening(article.body), note=wish.note or None, made_at=datetime.now(UTC).replace(microsecond=0),
    )  # fmt: skip
    drafts = [
        replace(plain, field=name, printed=old, corrected=new)
        for name, old, new in _changed_facts(article, wish.facts)
    ]  # fmt: skip
    body = article.body
    for start, end, words in _changed_words(article, wish):
        drafts.append(
            replace(
                plain, printed=body[start:end], corrected=words, start=start,
                before=body[max(0, start - CONTEXT) : start], after=body[end : end + CONTEXT],
            )
        )  # fmt: skip
        body = body[:start] + words + body[end:]
    if not body.strip():
        raise CorrectionError("correction_no_text")
    plain = replace(plain, after=opening(body))
    if wish.split is not None:
        cut = wish.split
        if not (body[:cut].strip() and body[cut:].strip()) or cut < 0:
            raise CorrectionError("correction_cut", length=len(body))
        title = (wish.split_title or "").strip() or None
        drafts.append(
            replace(
                plain, field=CorrectedField.SPLIT, corrected=title, start=cut,
                before=body[max(0, cut - CONTEXT) : cut], after=body[cut : cut + CONTEXT],
            )
        )  # fmt: skip
    if wish.merge:
        if place + 1 >= len(issue.articles):
            raise CorrectionError("correction_no_next")
        drafts.append(replace(plain, field=CorrectedField.MERGE, printed=headline_of(issue.articles[place + 1])))
    if wish.day is not None and wish.day != issue.issue_date:
        old, new = issue.issue_date.isoformat(), wish.day.isoformat()
        drafts.append(replace(plain, field=CorrectedField.DAY, printed=old, corrected=new))
    return drafts


def _changed_facts(
    article: Article, facts: Mapping[CorrectedField, str | None]
) -> list[tuple[CorrectedField, str | None, str | None]]:
    """Return the facts that are to be others, each with what it is and should be."""
    found = []
    for name in FACTS:
        if name not in facts:
            continue
        old, new = getattr(article, name.value), " ".join((facts[name] or "").split()) or None
        if name is CorrectedField.PAGE and new is not None:
            new = plain_page(new)
        if name is CorrectedField.TITLE and new is None:
            raise CorrectionError("correction_no_headline")
        if new != old:
            found.append((name, old, new))
    return found


def plain_page(written: str) -> str:
    """Return a page as it is stored, without 第, 版 and leading noughts: 第03版 is 3."""
    bare = written.strip().removeprefix("第").removesuffix("版").strip()
    return bare.lstrip("0") or bare


def _changed_words(article: Article, wish: Wish) -> list[tuple[int, int, str]]:
    """Return the stretches of the text that are to be others, each in the text as those before it leave it."""
    found: list[tuple[int, int, str]] = []
    body = article.body
    if wish.body is not None:
        new = wish.body.replace("\r\n", "\n").strip("\n")
        if len(new) > _LONGEST:
            raise CorrectionError("correction_too_long", most=_LONGEST)
        shift = 0
        for change in changes(body, new):
            start, end = change.printed_start + shift, change.printed_end + shift
            found.append((start, end, new[change.start : change.end]))
            shift += change.end - change.start - (end - start)
        body = new
    for old, new in wish.words:
        count = body.count(old) if old else 0
        if count != 1:
            raise CorrectionError("correction_words", words=printable(old), count=count)
        start = body.index(old)
        if old == new and not any(first < start + len(old) and start < last for first, last in article.doubts):
            continue
        found.append((start, start + len(old), new))
        body = body[:start] + new + body[start + len(old) :]
    return found
