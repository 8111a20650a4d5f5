"""What is made of an article before it is stored: its search words, its vectors and the days that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embeddings.dates.mentions import chunk_days
from embeddings.models.encoder import Encoder, passage_text
from embeddings.records import Article, Chunk, Days
from embeddings.store.records import Entry
from embeddings.text.aliases import NO_NAMES, Names
from embeddings.text.segmentation import search_words


@dataclass(frozen=True, slots=True)
class Unencoded:
    """An article with all that is made of it but its vectors; the fields are those of an Entry."""

    article: Article
    chunks: Sequence[Chunk]
    words: list[tuple[str, str]]
    days: list[tuple[Days, ...]]


def make_entries(
    encoder: Encoder, articles: Sequence[tuple[Article, Sequence[Chunk], date]], names: Names = NO_NAMES
) -> list[Entry]:
    """Make the words, vectors and days of articles that are cut into chunks, each with the day it was printed on."""
    return encode(encoder, [unencoded(article, chunks, printed, names) for article, chunks, printed in articles])


def unencoded(article: Article, chunks: Sequence[Chunk], printed: date, names: Names) -> Unencoded:
    """Make the words and days of an article."""

    def words_of(text: str) -> str:
        return " ".join([*search_words(text), *names.words(text)])

    headline = " ".join(filter(None, (article.kicker, article.title, article.subtitle, article.column)))
    title = words_of(headline)
    words = [(title, words_of(article.body[chunk.start : chunk.end])) for chunk in chunks]
    return Unencoded(article, chunks, words, chunk_days(headline, article.body, chunks, printed))


def encode(encoder: Encoder, articles: Sequence[Unencoded]) -> list[Entry]:
    """Make the entries of articles, their chunks encoded together."""
    texts = [passage_text(one.article, chunk.start, chunk.end) for one in articles for chunk in one.chunks]
    vectors = encoder.encode_passages(texts)
    entries, row = [], 0
    for one in articles:
        own = vectors[row : row + len(one.chunks)]
        entries.append(Entry(one.article, one.chunks, one.words, own, one.days))
        row += len(one.chunks)
    return entries


def made_alike(one: Article, other: Article) -> bool:
    """Say whether the same would be made of two articles of one day: only facts that no search reads differ."""
    read = ("title", "body", "kicker", "subtitle", "column")
    return all(getattr(one, name) == getattr(other, name) for name in read)
