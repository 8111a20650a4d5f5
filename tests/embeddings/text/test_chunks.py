"""Chunks are runs of whole sentences that rebuild the article."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.chunks import split_article
from embeddings.text.sentences import LONGEST, clause_spans, sentence_spans

BODIES = st.text(st.sampled_from("今日放水田里3。！？”，；\n "), max_size=300) | st.text(max_size=100)
SIZES, OVERLAPS = st.integers(1, 60), st.integers(0, 3)


def texts(body: str, size: int, overlap: int = 0) -> list[str]:
    return [body[chunk.start : chunk.end] for chunk in split_article(body, size, overlap)]


def test_chunks_are_filled_with_whole_sentences() -> None:
    assert texts("一二三。四五六。七八九。十。", size=8) == ["一二三。四五六。", "七八九。十。"]


def test_neighbours_share_the_overlap() -> None:
    assert texts("一二三。四五六。七八九。", size=8, overlap=1) == ["一二三。四五六。", "四五六。七八九。"]


def test_the_overlap_gives_way_where_it_leaves_no_room() -> None:
    assert texts("一二三四五六。七八九十一。", size=8, overlap=1) == ["一二三四五六。", "七八九十一。"]


def test_a_short_rest_joins_its_neighbour() -> None:
    body = "一二三四五六七八九。" * 2 + "完。"
    assert texts(body, size=20) == [body]
    assert texts(body + "真的完。", size=20) == ["一二三四五六七八九。" * 2, "完。真的完。"]


def test_a_sentence_too_long_is_cut_at_its_clauses() -> None:
    assert texts("一二三，四五六，七八九，十。", size=8) == ["一二三，四五六，", "七八九，十。"]


def test_a_clause_too_long_stays_whole() -> None:
    assert texts("一二三四五六七八九十，一。", size=4) == ["一二三四五六七八九十，", "一。"]


@pytest.mark.parametrize("item", ["渠水", "渠水、", "渠 ", "12", "○渠", "渠水，", "。\u3000", "渠。" + " " * 900])
def test_no_text_makes_a_chunk_beyond_the_hard_bound(item: str) -> None:
    body = "田里" + item * (6_000 // len(item)) + "完"
    for size in (20, 260, 400):
        assert max(map(len, texts(body, size, 1))) <= max(size, LONGEST) + size // 5


def test_a_short_rest_behind_many_blanks_stays_by_itself() -> None:
    assert texts("一二三四五六七八九。" * 26 + " " * 900 + "完。", size=260) == ["一二三四五六七八九。" * 26, "完。"]


def test_paragraphs_lie_in_one_chunk_with_the_break_between() -> None:
    assert texts("一。\n二。", size=40) == ["一。\n二。"]


def test_chunks_are_numbered_from_one() -> None:
    assert [chunk.ordinal for chunk in split_article("一二三。四五六。七八九。", 4, 0)] == [1, 2, 3]


@pytest.mark.parametrize("body", ["", " \n\u3000"])
def test_a_blank_body_gives_no_chunk(body: str) -> None:
    assert split_article(body) == []


@pytest.mark.parametrize(("size", "overlap"), [(0, 1), (-1, 0), (10, -1)])
def test_settings_out_of_range_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(ValueError, match=f"not {size} and {overlap}"):
        split_article("一。", size, overlap)


@given(BODIES, SIZES, OVERLAPS)
def test_chunks_rebuild_the_article(body: str, size: int, overlap: int) -> None:
    chunks = split_article(body, size, overlap)
    covered = {offset for chunk in chunks for offset in range(chunk.start, chunk.end)}
    assert {offset for offset, character in enumerate(body) if not character.isspace()} <= covered


@given(BODIES, SIZES, OVERLAPS)
def test_chunks_begin_and_end_where_sentences_or_clauses_do(body: str, size: int, overlap: int) -> None:
    sentences = sentence_spans(body)
    starts = {start for start, _ in sentences}
    ends = {end for _, end in sentences}
    for start, end in sentences:
        if end - start > size:
            starts |= {first for first, _ in clause_spans(body, start, end)}
            ends |= {last for _, last in clause_spans(body, start, end)}
    for chunk in split_article(body, size, overlap):
        assert chunk.start in starts
        assert chunk.end in ends


@given(BODIES, SIZES, OVERLAPS)
def test_every_chunk_brings_something_new(body: str, size: int, overlap: int) -> None:
    chunks = split_article(body, size, overlap)
    assert all(before.start < chunk.start for before, chunk in pairwise(chunks))
    assert all(before.end < chunk.end for before, chunk in pairwise(chunks))
    assert [chunk.ordinal for chunk in chunks] == list(range(1, len(chunks) + 1))


@given(st.text(st.sampled_from("今日放水田里3。！，"), max_size=300), st.integers(5, 60), OVERLAPS)
def test_a_chunk_exceeds_its_size_by_a_fifth_at_most_unless_a_clause_does(body: str, size: int, overlap: int) -> None:
    clauses = [last - first for start, end in sentence_spans(body) for first, last in clause_spans(body, start, end)]
    longest = max([size, *clauses])
    assert all(chunk.end - chunk.start <= longest + size // 5 for chunk in split_article(body, size, overlap))
