"""Corrections and follow-up reports: later articles of the same paper that refer to an article.

A reference names the article's headline (本报3月12日1版《…》一文) or the day it was
printed together with words of the headline (本报3月12日曾报道灯笼巷的路灯).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from embeddings.dates.mentions import event_dates
from embeddings.records import Article
from embeddings.store.archive import Archive
from embeddings.text.letters import fold, letters_and_digits
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import sentence_spans

LIMIT = 5
_OWN = re.compile(r"本[报刊台](?!讯|记者|通讯员|评论员)|《[^》]{2,8}[报刊]》")
_REFERRING = re.compile(r"报道|刊[登发载]|见报|一文|一稿|登载|[详参]见|消息|\d版")
_CORRECTION = re.compile(r"更\s*正|勘\s*误|致\s*歉|有误|误[为作写]|应为|系笔误|特此更正")
_TITLED = re.compile(r"《([^》]+)》")
_SHARED = 0.5  # of the headline's words, in a sentence that names the day and no headline


class Relation(StrEnum):
    """What a later article is to the one it refers to."""

    CORRECTION = "correction"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class LaterReport:
    """A later article and the sentence in which it refers: `article.body[start:end]`."""

    relation: Relation
    article_id: str
    issue_date: date
    article: Article
    start: int
    end: int

    @property
    def quote(self) -> str:
        """Return the sentence that refers, as printed."""
        return self.article.body[self.start : self.end]


def find_later_reports(
    archive: Archive, article_id: str, article: Article, day: date, limit: int = LIMIT
) -> tuple[LaterReport, ...]:
    """Return the later articles of the same paper that refer to an article of a day, corrections first, then the earliest."""
    words = tuple(dict.fromkeys(search_words(article.title)))
    found = []
    for printed in archive.later_articles(article_id, words):
        later = printed.article
        place = _reference(article, day, words, later, printed.issue_date)
        if place:
            marked = _CORRECTION.search(later.title) or _CORRECTION.search(later.body, *place)
            relation = Relation.CORRECTION if marked else Relation.FOLLOW_UP
            found.append(LaterReport(relation, printed.article_id, printed.issue_date, later, *place))
    return tuple(
        sorted(found, key=lambda one: (one.relation is not Relation.CORRECTION, one.issue_date, one.article_id))[:limit]
    )


def _reference(article: Article, day: date, words: tuple[str, ...], later: Article, printed: date) -> tuple[int, int] | None:
    """Return the first sentence of a later article that refers to an article printed on a day, or None."""
    if not (_OWN.search(later.body) and _REFERRING.search(later.body)):
        return None
    own = _letters(article.title)
    for start, end in sentence_spans(later.body):
        sentence = later.body[start:end]
        if not (_OWN.search(sentence) and _REFERRING.search(sentence)):
            continue
        titles = [_letters(title) for title in _TITLED.findall(sentence) if not title.endswith(("报", "刊"))]
        shared = len(frozenset(words) & frozenset(search_words(sentence)))
        # A headline that is not this one's is that of another article of the day.
        if own not in titles and (titles or not words or shared < _SHARED * len(words)):
            continue
        days = event_dates(later.body, printed, start, end)
        if day in days or (own in titles and not days):
            return start, end
    return None


def _letters(text: str) -> str:
    """Return the letters of a headline, as marks and blanks in it are printed now so, now so."""
    return letters_and_digits(fold(text))
