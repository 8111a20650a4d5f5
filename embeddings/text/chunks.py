"""Article to chunks: runs of whole sentences, cut where sentences end, offsets kept."""

from __future__ import annotations

from embeddings.records import Chunk
from embeddings.text.sentences import LONGEST, clause_spans, sentence_spans


def split_article(body: str, size: int = 260, overlap: int = 1) -> list[Chunk]:
    """Split a body into chunks of about `size` characters that share `overlap` sentences.

    A sentence longer than `size` is cut at its clauses. Every character that is
    not blank lies in at least one chunk. A chunk exceeds `size` by a fifth at
    most, unless a single clause is longer; it never exceeds the larger of `size`
    and the longest sentence by more than a fifth of `size`.
    """
    if size < 1 or overlap < 0:
        raise ValueError(f"size must be positive and overlap not negative, not {size} and {overlap}")
    pieces = [piece for span in sentence_spans(body) for piece in _fit(body, span, size)]
    chunks: list[Chunk] = []
    first = 0
    while first < len(pieces):
        last = first + 1
        while last < len(pieces) and pieces[last][1] - pieces[first][0] <= size:
            last += 1
        # A short rest joins its neighbour: a chunk of one closing line finds nothing by itself.
        rest = pieces[-1][1] - pieces[last][0] if last < len(pieces) else 0
        joined = pieces[-1][1] - pieces[first][0]  # with the blanks between, of which there may be many
        if 0 < rest < size // 5 and joined <= max(size, LONGEST) + size // 5:
            last = len(pieces)
        chunks.append(Chunk(len(chunks) + 1, pieces[first][0], pieces[last - 1][1]))
        if last == len(pieces):
            break
        # The overlap gives way where it would leave no room for anything new.
        first = max(first + 1, last - overlap)
        while first < last and pieces[last][1] - pieces[first][0] > size:
            first += 1
    return chunks


def _fit(body: str, span: tuple[int, int], size: int) -> list[tuple[int, int]]:
    """Cut one sentence into runs of clauses no longer than `size` where it must be."""
    start, end = span
    if end - start <= size:
        return [span]
    runs: list[tuple[int, int]] = []
    for first, last in clause_spans(body, start, end):
        if runs and last - runs[-1][0] <= size:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs
