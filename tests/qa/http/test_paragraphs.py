"""A body as paragraphs, with its sentences to link to and a quote marked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from qa.http.paragraphs import Piece, paragraphs

BODY = "　　砚溪开闸。水流湍急。\n\n三鹤村放水。"


def test_each_sentence_can_be_linked_to() -> None:
    assert paragraphs(BODY) == [
        [Piece("砚溪开闸。", anchor="c2-7"), Piece("水流湍急。", anchor="c7-12")],
        [Piece("三鹤村放水。", anchor="c14-20")],
    ]


def test_a_quote_is_marked_even_across_paragraphs() -> None:
    start, end = BODY.index("流湍"), BODY.index("村")
    assert paragraphs(BODY, (start, end)) == [
        [Piece("砚溪开闸。", anchor="c2-7"), Piece("水"), Piece("流湍急。", marked=True, anchor=f"c{start}-{end}")],
        [Piece("三鹤", marked=True), Piece("村放水。")],
    ]


def test_a_quote_of_a_whole_sentence_takes_its_anchor() -> None:
    assert paragraphs(BODY, (7, 12))[0] == [
        Piece("砚溪开闸。", anchor="c2-7"),
        Piece("水流湍急。", marked=True, anchor="c7-12"),
    ]


def test_a_quote_of_blanks_alone_marks_nothing() -> None:
    assert paragraphs(BODY, (0, 2)) == paragraphs(BODY)


@given(st.text("砚溪。！”3. \n　", max_size=40), st.data())
def test_what_is_marked_is_the_quote_and_nothing_is_lost(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    pieces = [piece for line in paragraphs(body, (start, end) if start < end else None) for piece in line]
    assert re.sub(r"\s", "", "".join(piece.text for piece in pieces)) == re.sub(r"\s", "", body)
    marked = "".join(piece.text for piece in pieces if piece.marked)
    assert re.sub(r"\s", "", marked) == re.sub(r"\s", "", body[start:end])
    anchors = [piece.anchor for piece in pieces if piece.anchor]
    assert len(anchors) == len(set(anchors))
    for piece in pieces:
        if piece.anchor and not piece.marked:
            first, last = map(int, piece.anchor[1:].split("-"))
            assert body[first:last] == piece.text
