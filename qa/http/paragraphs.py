"""An article's body as the paragraphs of a page: sentences that a link can point at, and a quote marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from embeddings.text.sentences import sentence_spans

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph; the anchor is the fragment of the links that quote it."""

    text: str
    marked: bool = False
    anchor: str | None = None


def paragraphs(body: str, mark: Span | None = None) -> list[list[Piece]]:
    """Cut a body into its lines, blanks trimmed, and these into sentences; offsets are code points into the body."""
    found, offset = [], 0
    for line in body.split("\n"):
        start = offset + len(line) - len(line.lstrip())
        end = offset + len(line.rstrip())
        if start < end:
            found.append(_pieces(body, (start, end), mark))
        offset += len(line) + 1
    if mark is not None:
        _anchor(found, f"c{mark[0]}-{mark[1]}")
    return found


def _pieces(body: str, line: Span, mark: Span | None) -> list[Piece]:
    """Cut one line at its sentences and around the part of the mark that lies in it."""
    sentences = set(sentence_spans(body, *line))
    marked = (max(line[0], mark[0]), min(line[1], mark[1])) if mark else (0, 0)
    cuts = {*line, *(end for span in sentences for end in span)}
    if marked[0] < marked[1]:
        cuts = {cut for cut in cuts if not marked[0] < cut < marked[1]} | set(marked)
    places = sorted(cuts)
    pieces = []
    for start, end in pairwise(places):
        if (start, end) == marked:
            pieces.append(Piece(body[start:end], marked=True))
        else:
            pieces.append(Piece(body[start:end], anchor=f"c{start}-{end}" if (start, end) in sentences else None))
    return pieces


def _anchor(found: list[list[Piece]], anchor: str) -> None:
    """Give the first marked piece the fragment of its whole quote, so that a browser scrolls to it."""
    for pieces in found:
        for place, piece in enumerate(pieces):
            if piece.marked:
                pieces[place] = Piece(piece.text, marked=True, anchor=anchor)
                return
