"""An article's body as the paragraphs of a page: sentences that a link can point at, and a quote marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from embeddings.text.sentences import sentence_spans

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a piece whose characters are all doubted, or none."""

    text: str
    doubted: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph; the anchor is the fragment of the links that quote it."""

    text: str
    marked: bool = False
    anchor: str | None = None
    parts: tuple[Part, ...] = ()
    """The text cut around the doubted characters; () where none is."""


def paragraphs(body: str, mark: Span | None = None, doubts: Sequence[Span] = ()) -> list[list[Piece]]:
    """Cut a body into its lines, blanks trimmed, and these into sentences; offsets are code points into the body."""
    found, offset = [], 0
    for line in body.split("\n"):
        start = offset + len(line) - len(line.lstrip())
        end = offset + len(line.rstrip())
        if start < end:
            found.append(_pieces(body, (start, end), mark, doubts))
        offset += len(line) + 1
    if mark is not None:
        _anchor(found, f"c{mark[0]}-{mark[1]}")
    return found


def _pieces(body: str, line: Span, mark: Span | None, doubts: Sequence[Span]) -> list[Piece]:
    """Cut one line at its sentences and around the part of the mark that lies in it."""
    sentences = set(sentence_spans(body, *line))
    marked = (max(line[0], mark[0]), min(line[1], mark[1])) if mark else (0, 0)
    cuts = {*line, *(end for span in sentences for end in span)}
    if marked[0] < marked[1]:
        cuts = {cut for cut in cuts if not marked[0] < cut < marked[1]} | set(marked)
    places = sorted(cuts)
    pieces = []
    for start, end in pairwise(places):
        parts = _parts(body, (start, end), doubts)
        if (start, end) == marked:
            pieces.append(Piece(body[start:end], marked=True, parts=parts))
        else:
            anchor = f"c{start}-{end}" if (start, end) in sentences else None
            pieces.append(Piece(body[start:end], anchor=anchor, parts=parts))
    return pieces


def _parts(body: str, piece: Span, doubts: Sequence[Span]) -> tuple[Part, ...]:
    """Cut a piece around the doubted characters that lie in it."""
    within = [(max(piece[0], start), min(piece[1], end)) for start, end in doubts if start < piece[1] and piece[0] < end]
    if not within:
        return ()
    cuts = sorted({*piece, *(cut for span in within for cut in span)})
    return tuple(Part(body[start:end], (start, end) in within) for start, end in pairwise(cuts))


def _anchor(found: list[list[Piece]], anchor: str) -> None:
    """Give the first marked piece the fragment of its whole quote, so that a browser scrolls to it."""
    for pieces in found:
        for place, piece in enumerate(pieces):
            if piece.marked:
                pieces[place] = replace(piece, anchor=anchor)
                return
