"""Which number each article of a file bears in its issue: the one it had, however the file was edited, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from embeddings.records import Article
from embeddings.store.records import HeldArticle, same_letters
from embeddings.text.letters import fold, letters_and_digits

_ALIKE = 60  # similarity in hundredths from which on a text is a mended version of another
_COMPARED = 400  # letters of a text that are compared


def place_articles(articles: Sequence[Article], held: Sequence[HeldArticle]) -> list[HeldArticle | None]:
    """Return for each article of an issue the one held that it is a version of, or None where it is new.

    Versions have the same letters, else the same headline, else the same text, else a text much alike; a number is
    never given on to an article that has nothing to do with the one that bore it.
    """
    found: list[HeldArticle | None] = [None] * len(articles)
    left = list(held)
    for key in (same_letters, lambda article: _letters(article.title), lambda article: _letters(article.body)):
        _match(articles, found, left, key)
    for place, article in enumerate(articles):
        if found[place] is None and left:
            likeness = [_likeness(article, one.article) for one in left]
            if max(likeness) >= _ALIKE:
                found[place] = left.pop(likeness.index(max(likeness)))
    return found


def _match(
    articles: Sequence[Article], found: list[HeldArticle | None], left: list[HeldArticle], key: Callable[[Article], str]
) -> None:
    """Match the articles that are not yet found with the first one left that has the same key."""
    bearing: dict[str, list[HeldArticle]] = {}
    for one in left:
        bearing.setdefault(key(one.article), []).append(one)
    for place, article in enumerate(articles):
        if found[place] is None and (alike := bearing.get(key(article))):
            found[place] = alike.pop(0)
            left.remove(found[place])  # type: ignore[arg-type]


def _likeness(one: Article, other: Article) -> float:
    """Return how much of one text stands in another, in hundredths."""
    return fuzz.ratio(_letters(one.body)[:_COMPARED], _letters(other.body)[:_COMPARED], score_cutoff=_ALIKE)


def _letters(text: str) -> str:
    return letters_and_digits(fold(text))
