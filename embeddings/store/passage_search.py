"""Searching passages by meaning and by words at once, over any catalogue and any vector index."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.records import Days, Filters
from embeddings.store.protocols import Catalogue, VectorIndex
from embeddings.store.records import Hit, Keys, Matrix

RELATED = 0.3
"""What a related word is worth of one of the question's own: a guess, not measured yet."""
_COMMON_SHARE, _COMMON_LEAST = 0.1, 100  # of the chunks; in a small archive every word counts


def search_passages(
    catalogue: Catalogue, index: VectorIndex, query: Matrix, words: Sequence[str], limit: int, filters: Filters,
    related: Sequence[str] = (),
) -> list[Hit]:  # fmt: skip
    """Return the passages nearest to a query vector and those sharing words, up to `limit` of each, unranked.

    Words `related` to the question's own count too, for less.
    """
    words, related = _telling(catalogue, len(index), words), _telling(catalogue, len(index), related)
    dense = dict(index.search(query, limit, _allowed_keys(catalogue, filters)))
    lexical = dict(catalogue.lexical_search(words, limit, filters))
    also = dict(catalogue.lexical_search(related, limit, filters))
    return _hits(catalogue, index, query, words, dense, lexical, related, also)


def search_passages_of_days(
    catalogue: Catalogue, index: VectorIndex, query: Matrix, words: Sequence[str], days: Days, limit: int, filters: Filters,
    related: Sequence[str] = (),
) -> list[Hit]:  # fmt: skip
    """Return the same of the passages that were printed on these days or speak of a day or more within them."""
    words, related = _telling(catalogue, len(index), words), _telling(catalogue, len(index), related)
    keys = catalogue.keys_of_days(days, filters)
    dense = dict(index.search(query, limit, keys))
    scores = catalogue.lexical_scores(words, keys.tolist())
    lexical = dict(sorted(scores.items(), key=lambda scored: -scored[1])[:limit])
    return _hits(catalogue, index, query, words, dense, lexical, related, {})


def _hits(
    catalogue: Catalogue, index: VectorIndex, query: Matrix, words: Sequence[str],
    dense: dict[int, float], lexical: dict[int, float], related: Sequence[str], also: dict[int, float],
) -> list[Hit]:  # fmt: skip
    """Return what any search found, with the scores that it lacks."""
    keys = list(dict.fromkeys([*dense, *lexical, *also]))
    dense |= index.cosines(query, [key for key in keys if key not in dense])
    lexical |= catalogue.lexical_scores(words, [key for key in keys if key not in lexical])
    also |= catalogue.lexical_scores(related, [key for key in keys if key not in also])
    passages = catalogue.passages(keys)
    return [
        Hit(passages[key], dense[key], lexical.get(key, 0.0) + RELATED * also.get(key, 0.0))
        for key in keys
        if key in passages and key in dense
    ]


def _telling(catalogue: Catalogue, chunks: int, words: Sequence[str]) -> list[str]:
    """Leave out words that stand in more than a tenth of the chunks, unless all do: they cost time and tell nothing."""
    frequencies = catalogue.document_frequencies(words)
    common = max(chunks * _COMMON_SHARE, _COMMON_LEAST)
    return [word for word in words if frequencies[word] <= common] or list(words)


def _allowed_keys(catalogue: Catalogue, filters: Filters) -> Keys | None:
    """Return the keys that the filters leave, or None for all."""
    return None if filters.empty else catalogue.keys(filters)
