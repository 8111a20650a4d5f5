"""What is made of an article before it is stored: its search words, its vectors and the days that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from embeddings.dates.mentions import chunk_days
from embeddings.models.encoder import Encoder, passage_text
from embeddings.records import Article, Chunk, Days
from embeddings.store.records import Entry, Matrix
from embeddings.text.aliases import NO_NAMES, Names
from embeddings.text.readings import printed_words
from embeddings.text.segmentation import search_words


@dataclass(frozen=True, slots=True)
class Unencoded:
    """An article with all that is made of it but its vectors; the fields are those of an Entry."""

    article: Article
    chunks: Sequence[Chunk]
    words: list[tuple[str, str]]
    days: list[tuple[Days, ...]]


def make_entries(
    encoder: Encoder, articles: Sequence[tuple[Article, Sequence[Chunk], date]], names: Names = NO_NAMES,
    known: Mapping[str, Matrix] | None = None,
) -> list[Entry]:  # fmt: skip
    """Make the words, vectors and days of articles that are cut into chunks, each with the day it was printed on.

    What the encoder sees of a chunk is not encoded again where `known` has its vector.
    """
    return encode(encoder, [unencoded(article, chunks, printed, names) for article, chunks, printed in articles], known)


def unencoded(article: Article, chunks: Sequence[Chunk], printed: date, names: Names) -> Unencoded:
    """Make the words and days of an article; of a corrected one the printed words are found too."""

    def words_of(text: str, printed: str | None = None) -> str:
        words = [*search_words(text), *names.words(text)]
        also = [*search_words(printed), *names.words(printed)] if printed else []
        return " ".join([*words, *(word for word in also if word not in set(words))])

    headline = _headline(article)
    title = words_of(headline, " ".join(map(_headline, article.printed)))
    words = [
        (title, words_of(article.body[chunk.start : chunk.end], printed_words(article, chunk.start, chunk.end, wide=True)))
        for chunk in chunks
    ]
    return Unencoded(article, chunks, words, chunk_days(headline, article.body, chunks, printed))


def _headline(article: Article) -> str:
    return " ".join(filter(None, (article.kicker, article.title, article.subtitle, article.column)))


def encode(encoder: Encoder, articles: Sequence[Unencoded], known: Mapping[str, Matrix] | None = None) -> list[Entry]:
    """Make the entries of articles, their chunks encoded together, but for those whose vector is known."""
    texts = [passage_text(one.article, chunk.start, chunk.end) for one in articles for chunk in one.chunks]
    if known:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        found = {**known, **dict(zip(new, encoder.encode_passages(new), strict=True))} if new else known
        vectors = np.stack([found[text] for text in texts])
    else:
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
    same = all(getattr(one, name) == getattr(other, name) for name in read)
    # What was printed for a corrected article is searched too.
    return same and [made_alike(*pair) for pair in zip(one.printed, other.printed, strict=False)] == [True] * max(
        len(one.printed), len(other.printed)
    )
