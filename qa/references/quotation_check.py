"""Checking a quotation: where it stands in print, or what the nearest printed wording is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Literal

from embeddings.records import Article, Extent, Passage
from embeddings.store.archive import Archive
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import sentence_spans
from qa.references.alignment import (
    Letters,
    Match,
    Operation,
    difference,
    find_exact,
    find_folded,
    find_nearest,
    split_quotation,
)  # fmt: skip
from qa.references.citation import Citation

SHORTEST, LONGEST = 4, 2_000  # characters of a quotation
NEAR_PLACES = 3
_WORDS = 24  # the rarest of a quotation's words lead to where it stands; more cost time
_CANDIDATES = 100  # chunks
_ALIGNED = 5  # articles, those that share most pairs of characters
_MEANT = 256  # characters whose meaning is searched, about what the encoder reads
_BY_MEANING = 20  # chunks

Field = Literal["body", "title", "kicker", "subtitle"]


class Status(StrEnum):
    """How a quotation stands in print."""

    EXACT = "exact"
    FOLDED = "folded"
    """The same letters; marks, width, case, blanks or Traditional characters differ."""
    NEAR = "near"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a quotation in print; offsets are code points into the field it stands in."""

    start: int
    end: int
    difference: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One article that prints a quotation, or something near it."""

    status: Status
    score: float
    field: Field
    segments: tuple[Segment, ...]
    citation: Citation
    """Where it stands in the body; for a headline, the first sentence under it."""

    @property
    def printed(self) -> str:
        """Return the whole text of the field, as printed."""
        return _fields(self.citation.passage.article)[self.field]


@dataclass(frozen=True, slots=True)
class QuotationCheck:
    """What is known of a quotation."""

    quote: str
    places: tuple[Place, ...]
    """Newest first where it is printed; nearest first where only something near is."""
    more: bool
    """Whether more articles print it than are told."""
    searched: Extent

    @property
    def status(self) -> Status:
        """Return the best status of all places."""
        found = {place.status for place in self.places}
        return next((status for status in Status if status in found), Status.ABSENT)


def check_quotation(archive: Archive, quote: str, limit: int = 10) -> QuotationCheck:
    """Find a quotation of 4 to 2,000 characters; parts around an ellipsis must stand in order in one article.

    Three steps: to the letter, by one pass of SQLite over all bodies; the same
    letters, in the chunks that hold the rarest of its words (FTS5); and, where
    neither finds it, the nearest stretch, also in the chunks nearest in meaning.
    No step goes through the archive in Python: the articles of 100 chunks are
    folded, 5 are aligned. In 20,873 articles that takes some 0.1 s of one core, where
    only something near is found 0.15 s, and up to 0.9 s for a thousand characters.
    """
    quote = quote.strip()
    parts = [part for part in map(Letters, split_quotation(quote)) if part.text]
    places, more = _exact(archive, quote, [part.printed for part in parts], limit)
    if parts and not more:
        seen = {place.citation.passage.article_id for place in places}
        candidates = [_Candidate.of(passage) for passage in _articles(_by_words(archive, quote), seen)]
        places += _folded(archive, parts, candidates)
        places.sort(key=lambda place: place.citation.passage.issue_date, reverse=True)
        if not places:
            seen = {candidate.passage.article_id for candidate in candidates}
            meant = [hit.passage for hit in archive.search(quote[:_MEANT], _BY_MEANING)]
            candidates += [_Candidate.of(passage) for passage in _articles(meant, seen)]
            places = _near(archive, parts, candidates)
    shown = [replace(place, citation=replace(place.citation, id=number)) for number, place in enumerate(places[:limit], 1)]
    return QuotationCheck(quote, tuple(shown), more or len(places) > limit, archive.extent())


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An article that may print the quotation, with what is compared of it."""

    passage: Passage
    fields: dict[Field, Letters]

    @classmethod
    def of(cls, passage: Passage) -> _Candidate:
        return cls(passage, {field: Letters(text) for field, text in _fields(passage.article).items()})

    def shared(self, pairs: frozenset[str]) -> int:
        """Count the pairs of characters that the best field shares with the quotation."""
        return max(len(pairs & text.pairs) for text in self.fields.values())


def _exact(archive: Archive, quote: str, parts: Sequence[str], limit: int) -> tuple[list[Place], bool]:
    """Return up to `limit` articles that print the quotation to the letter, newest first, and whether there are more."""
    # The print may hold the ellipsis itself.
    for reading in dict.fromkeys(((quote,), tuple(parts) or (quote,))):
        places = list(islice(_printing(archive, reading), limit + 1))
        if places:
            return places[:limit], len(places) > limit
    return [], False


def _printing(archive: Archive, parts: Sequence[str]) -> Iterator[Place]:
    for article_id in archive.articles_printing(parts):
        passage = archive.passage_at(article_id)
        if passage is None:  # removed since
            continue
        # What was printed for a corrected article is looked at behind what it says by now.
        for article in (passage.article, *passage.article.printed):
            matches = ((field, find_exact(parts, text)) for field, text in _fields(article).items())
            found = next(((field, match) for field, match in matches if match), None)
            if found:
                if article is not passage.article:
                    passage = replace(passage, article=article, start=0, end=len(article.body))
                yield _place(archive, Status.EXACT, passage, *found, parts)
                break


def _folded(archive: Archive, parts: Sequence[Letters], candidates: Iterable[_Candidate]) -> list[Place]:
    """Return the candidates that print the same letters."""
    places = []
    for candidate in candidates:
        matches = ((field, find_folded(parts, text)) for field, text in candidate.fields.items())
        found = next(((field, match) for field, match in matches if match), None)
        if found:
            places.append(_place(archive, Status.FOLDED, candidate.passage, *found, [part.printed for part in parts]))
    return places


def _near(archive: Archive, parts: Sequence[Letters], candidates: Sequence[_Candidate]) -> list[Place]:
    """Return the nearest wordings above the floor, nearest first; what only their meaning found may have the same letters."""
    pairs = frozenset[str]().union(*(part.pairs for part in parts))
    places = []
    for candidate in sorted(candidates, key=lambda candidate: -candidate.shared(pairs))[:_ALIGNED]:
        matches = ((field, find_nearest(parts, text)) for field, text in candidate.fields.items())
        found = max(((field, match) for field, match in matches if match), key=lambda found: found[1].score, default=None)
        if found:
            status = Status.FOLDED if found[1].score == 1 else Status.NEAR
            places.append(_place(archive, status, candidate.passage, *found, [part.printed for part in parts]))
    places.sort(key=lambda place: (place.score, place.citation.passage.issue_date), reverse=True)
    same = [place for place in places if place.status is Status.FOLDED]
    return same or places[:NEAR_PLACES]


def _by_words(archive: Archive, quote: str) -> list[Passage]:
    """Return the chunks that hold most of the rarest words of a quotation."""
    frequencies = archive.document_frequencies(search_words(quote))
    known = sorted((word for word, count in frequencies.items() if count), key=lambda word: frequencies[word])
    found = archive.lexical_search(known[:_WORDS], _CANDIDATES)
    return list(archive.passages([key for key, _ in found]).values())


def _articles(passages: Iterable[Passage], seen: Iterable[str]) -> list[Passage]:
    """Return one passage of each article that was not seen."""
    first = {passage.article_id: passage for passage in reversed(list(passages))}
    return [passage for article_id, passage in first.items() if article_id not in set(seen)]


def _fields(article: Article) -> dict[Field, str]:
    """Return the texts in which a quotation is looked for, those that are there, the body first."""
    texts: dict[Field, str | None] = {
        "body": article.body, "title": article.title, "kicker": article.kicker, "subtitle": article.subtitle
    }  # fmt: skip
    return {field: text for field, text in texts.items() if text}


def _place(archive: Archive, status: Status, passage: Passage, field: Field, match: Match, parts: Sequence[str]) -> Place:
    """Return a match with its difference and its citation."""
    text = _fields(passage.article)[field]
    segments = tuple(
        Segment(start, end, difference(part, text[start:end])) for part, (start, end) in zip(parts, match.spans, strict=True)
    )
    start, end = match.spans[0][0], match.spans[-1][1]
    if field != "body":
        start, end = sentence_spans(passage.article.body)[0]
    around = archive.passage_at(passage.article_id, start)
    superseded = around is not None and passage.article in around.article.printed
    if around is None or around.article != passage.article:  # replaced since
        around = passage
    citation = Citation(0, around, start, end, None, None, status is Status.NEAR, superseded=superseded)
    return Place(status, match.score, field, segments, citation)
