"""What a file changes in an archive: read, its issues named, its articles compared with those held; nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.library_xml import read_along
from embeddings.formats.readers import READER_VERSION, check_name, parse_file, read_bytes
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.ingest.correction_marks import corrections_of
from embeddings.ingest.corrections import corrected
from embeddings.ingest.entries import made_alike
from embeddings.ingest.placing import place_articles
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from embeddings.store.naming import IssueNames
from embeddings.store.records import HeldArticle, SourceFile, StoredFile, same_letters
from embeddings.text.letters import fold, letters_and_digits

_TELLING = 6  # letters of a headline that two articles of one issue do not share by chance, as 简讯 may be


class FileState(StrEnum):
    """What a file is to an archive."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class PlannedIssue:
    """What a file holds of one issue, and which of it the archive has already."""

    issue: Issue
    """Under the id that it has for good, with the articles that are to be stored."""
    ordinals: tuple[int | None, ...]
    kept: tuple[bool, ...]
    """For each article whether all that is made of it is held and stays."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a file."""

    source: SourceFile
    state: FileState
    issues: tuple[PlannedIssue, ...] = ()
    moved_from: str | None = None
    forgotten: bool = False
    """Whether what was read from this place before goes, as the file is now another's copy or came from elsewhere."""
    warnings: tuple[str, ...] = ()


class Planner:
    """Plans the files of one run, one after the other; an archive that is not made yet is None."""

    def __init__(self, archive: Archive | None, options: ReadingOptions = ReadingOptions(), *, anew: bool = False) -> None:
        """Plan for an archive; with `anew` all that a file holds is made anew, and what is damaged is none of another's."""
        self._archive, self._options, self._anew = archive, options, anew
        self.names = archive.issue_names() if archive is not None else IssueNames(None)
        # Articles of this run that are not stored yet, by issue and letters.
        self._waiting: dict[str, dict[str, HeldArticle]] = {}

    def plan(self, path: Path, raw: bytes | None = None) -> Plan:
        """Plan a file, of which only the name need exist where its bytes are given; raises IssueError."""
        check_name(path)  # before the archive is asked for it
        raw = read_bytes(path) if raw is None else raw
        fingerprint = fingerprint_of(path, raw)
        before = next(iter(self._stored(path=str(path))), None)
        same = [one for one in self._stored(fingerprint=fingerprint) if one.path != str(path)]
        options = self._options_for(before, same, fingerprint)
        source = SourceFile(str(path), fingerprint, options=written(options))
        known = before and (before.source.fingerprint, before.source.options) == (fingerprint, source.options)
        if before and known and not self._anew:
            return Plan(before.source, FileState.UNCHANGED)
        reading = parse_file(path, raw, options)
        source = replace(source, reader=reading.reader, encoding=reading.encoding)
        issues = self._named(reading, options)
        # The name may date a file, so the same bytes elsewhere need not be the same issues.
        for one in same:
            if set(one.issue_ids) == {issue.issue_id for issue in issues}:
                if holds(Path(one.path), fingerprint):
                    return Plan(source, FileState.UNCHANGED, forgotten=before is not None)
                return Plan(source, FileState.MOVED, moved_from=one.path, forgotten=before is not None)
        return self._compared(path, source, before, issues, reading)

    def _options_for(self, before: StoredFile | None, same: Sequence[StoredFile], fingerprint: str) -> ReadingOptions:
        """Return what the operator says of a file now, or else what he said when it was read before."""
        if self._options != ReadingOptions():
            return self._options
        known = before or next((one for one in same if not holds(Path(one.path), fingerprint)), None)
        return _read_options(known.source.options) if known else self._options

    def _named(self, reading: FileReading, options: ReadingOptions) -> list[Issue]:
        """Return the issues of a file under their ids, each once."""
        found: dict[str, Issue] = {}
        for issue in reading.issues:
            paper = options.paper or issue.paper
            named = self._corrected(replace(issue, paper=paper))
            named = replace(named, issue_id=self.names.of(named))
            first = found.get(named.issue_id)
            if first is not None:
                warnings = tuple(dict.fromkeys((*first.warnings, *named.warnings)))
                named = replace(first, articles=(*first.articles, *named.articles), warnings=warnings)
            found[named.issue_id] = named
        return list(found.values())

    def _corrected(self, issue: Issue) -> Issue:
        """Return an issue as the operator corrected it; whether a correction fits, only the whole issue tells."""
        if self._archive is None:
            return issue
        return corrected(issue, corrections_of(self._archive, issue))

    def _compared(
        self, path: Path, source: SourceFile, before: StoredFile | None, issues: Sequence[Issue], reading: FileReading
    ) -> Plan:
        own = self._archive.held_articles(path=str(path)) if self._archive is not None else []
        warnings = list(reading.warnings)
        refused: list[tuple[str, HeldArticle]] = []
        planned = []
        for issue in issues:
            others = [one for one in self._held(issue.issue_id) if one.path != str(path)]
            articles, taken_over, left_out = self._new_to(path, issue, others, warnings)
            refused += left_out
            held = [one for one in own if one.issue_id == issue.issue_id]
            kept_warnings = (*issue.warnings, *(_left_out(title, other) for title, other in left_out))
            placed = place_articles(articles, [*held, *taken_over])
            planned.append(
                PlannedIssue(
                    replace(issue, articles=tuple(articles), warnings=kept_warnings),
                    tuple(one.ordinal if one else None for one in placed),
                    tuple(
                        one is not None and not self._anew and made_alike(article, one.article)
                        for article, one in zip(articles, placed, strict=True)
                    ),
                )
            )
        if refused and not any(one.issue.articles for one in planned):
            title, other = refused[0]
            raise IssueError("article_held", path, title=title, other=other.path)
        if refused:
            source = replace(source, fingerprint="")  # read again each time, as the other file may go
        for one in planned:
            self._note(path, one.issue)
        return Plan(source, FileState.CHANGED if before else FileState.NEW, tuple(planned), warnings=tuple(warnings))

    def _new_to(
        self, path: Path, issue: Issue, others: Sequence[HeldArticle], warnings: list[str]
    ) -> tuple[list[Article], list[HeldArticle], list[tuple[str, HeldArticle]]]:
        """Return the articles of an issue that no other file has, those taken over from files that are gone, and the rest."""
        by_letters = {one.letters: one for one in others}
        by_headline = {_headline(one.article): one for one in others}
        articles: list[Article] = []
        taken_over: list[HeldArticle] = []
        left_out: list[tuple[str, HeldArticle]] = []
        seen: set[str] = set()
        for article in issue.articles:
            letters = same_letters(article)
            other = by_letters.get(letters)
            if letters in seen:
                warnings.append(MESSAGES.text("article_twice", title=article.title))
            elif other is None:
                articles.append(article)
                alike = by_headline.get(_headline(article))
                if alike is not None and len(_headline(article)) >= _TELLING:
                    warnings.append(MESSAGES.text("headline_held", title=article.title, other=Path(alike.path).name))
            elif self._is_waiting(other) or (other.path and Path(other.path).exists() and not self._is_damaged(other)):
                left_out.append((article.title, other))
            else:
                articles.append(article)
                taken_over.append(other)
            seen.add(letters)
        return articles, taken_over, left_out

    def _held(self, issue_id: str) -> Iterable[HeldArticle]:
        """Return the articles of an issue that are held or wait to be stored."""
        stored = self._archive.held_articles(issue_id=issue_id) if self._archive is not None else []
        return [*stored, *self._waiting.get(issue_id, {}).values()]

    def _is_damaged(self, article: HeldArticle) -> bool:
        """Say whether an article is damaged, of which it is not known then whose it is."""
        return self._anew and self._archive is not None and bool(self._archive.damaged_articles([article.article_id]))

    def _is_waiting(self, article: HeldArticle) -> bool:
        return article.ordinal < 0

    def _note(self, path: Path, issue: Issue) -> None:
        waiting = self._waiting.setdefault(issue.issue_id, {})
        for article in issue.articles:
            letters = same_letters(article)
            waiting[letters] = HeldArticle(issue.issue_id, -1, str(path), letters, article)

    def _stored(self, *, path: str | None = None, fingerprint: str | None = None) -> list[StoredFile]:
        return self._archive.stored_files(path=path, fingerprint=fingerprint) if self._archive is not None else []


def fingerprint_of(path: Path, raw: bytes) -> str:
    """Return what tells a file's content, with that of the pages read along, as this version reads it, from any other."""
    found = hashlib.sha256(READER_VERSION.encode() + raw)
    for page in read_along(path, raw):
        found.update(hashlib.sha256(page).digest())
    return found.hexdigest()


def holds(path: Path, fingerprint: str) -> bool:
    """Say whether a file is still the one of this fingerprint."""
    try:
        return fingerprint_of(path, path.read_bytes()) == fingerprint
    except OSError:
        return False


def written(options: ReadingOptions) -> str:
    """Write down what the operator says of a file; empty for nothing."""
    said = {"paper": options.paper, "encoding": options.encoding, "fields": dict(options.fields)}
    given = {name: value for name, value in said.items() if value}
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def _read_options(text: str) -> ReadingOptions:
    try:
        return ReadingOptions(**json.loads(text)) if text else ReadingOptions()
    except (ValueError, TypeError):  # damaged on the disk: the operator says it again
        return ReadingOptions()


def _headline(article: Article) -> str:
    return letters_and_digits(fold(article.title))


def _left_out(title: str, other: HeldArticle) -> str:
    return MESSAGES.text("article_left_out", title=title, other=Path(other.path).name)
