"""Lines of a page come in the order in which they are read: by columns, under the headlines over them."""

from collections.abc import Iterator

import pytest

from embeddings.formats.layout import reading_order
from embeddings.formats.text_lines import TextLine, joined_headlines, text_size, turned

SIZE = 10.0
LEAST = 12.0
COLUMN, GUTTER = 160.0, 16.0


def text(column: int, top: float, *words: str) -> Iterator[TextLine]:
    """Yield lines of a column's whole width, one below the other."""
    left = column * (COLUMN + GUTTER)
    for place, line in enumerate(words):
        yield TextLine(line, left, top + 15 * place, left + COLUMN, top + 15 * place + 10, SIZE)


def headline(words: str, first: int, last: int, top: float, width: float = 1.0) -> TextLine:
    """Return a headline centred over some columns, filling so much of their width."""
    left, right = first * (COLUMN + GUTTER), last * (COLUMN + GUTTER) + COLUMN
    spare = (right - left) * (1 - width) / 2
    return TextLine(words, left + spare, top, right - spare, top + 20, 20)


def order(*lines: TextLine) -> str:
    return " ".join(one.line.text for one in reading_order(lines, SIZE, LEAST))


def test_columns_are_read_one_after_the_other() -> None:
    assert order(*text(1, 0, "c", "d"), *text(0, 0, "a", "b"), *text(2, 0, "e")) == "a b c d e"


@pytest.mark.parametrize("width", [1.0, 0.2], ids=["as wide as its columns", "narrower than one column"])
def test_a_headline_over_columns_comes_before_all_of_them(width: float) -> None:
    lines = [*text(0, 40, "a", "b"), *text(1, 40, "c", "d"), *text(2, 40, "e", "f")]
    assert order(*lines, headline("甲", 0, 2, 0, width)) == "甲 a b c d e f"


def test_articles_below_each_other_are_read_whole() -> None:
    above = [headline("甲", 0, 2, 0), *text(0, 40, "a"), *text(1, 40, "b"), *text(2, 40, "c")]
    below = [headline("乙", 0, 2, 80), *text(0, 120, "d"), *text(1, 120, "e"), *text(2, 120, "f")]
    assert order(*above, *below) == "甲 a b c 乙 d e f"


def test_an_article_beside_another_keeps_its_own_columns() -> None:
    left = [headline("甲", 0, 1, 0), *text(0, 40, "a", "b"), *text(1, 40, "c", "d")]
    right = text(2, 0, "e", "f", "g", "h")
    assert order(*left, headline("乙", 2, 2, -30, 0.9), *right) == "甲 a b c d 乙 e f g h"


def test_what_stands_above_lower_headlines_is_of_the_article_over_all_columns() -> None:
    above = [headline("甲", 0, 2, 0), *text(0, 40, "a"), *text(1, 40, "b"), *text(2, 40, "c", "d")]
    below = [headline("乙", 0, 1, 60), *text(0, 100, "e", "f"), *text(1, 100, "g", "h")]
    beside = [headline("丙", 2, 2, 75, 0.9), *text(2, 115, "i")]
    assert order(*above, *below, *beside) == "甲 a b c d 乙 e f g h 丙 i"


def test_text_that_breaks_off_at_the_foot_of_a_column_goes_on_in_the_next() -> None:
    first = [headline("甲", 0, 2, 0), *text(0, 40, "甲完。"), headline("乙", 0, 0, 60, 0.9), *text(0, 100, "乙未完")]
    assert (
        order(*first, *text(1, 40, "乙完。"), headline("丙", 1, 1, 62, 0.9), *text(1, 100, "丙"))
        == "甲 甲完。 乙 乙未完 乙完。 丙 丙"
    )


def test_the_kicker_above_a_headline_stays_with_it() -> None:
    kicker = TextLine("引题", 100, 0, 180, 14, 14)
    lines = [*text(0, 60, "a"), *text(1, 60, "b")]
    assert order(kicker, headline("甲", 0, 1, 20), *lines) == "引题 甲 a b"


def test_a_line_tells_whether_it_begins_a_paragraph_and_whether_it_is_full() -> None:
    lines = [TextLine("a", 20, 0, 160, 10, SIZE), TextLine("b", 0, 15, 160, 25, SIZE), TextLine("c", 0, 30, 90, 40, SIZE)]
    placed = reading_order(lines, SIZE, LEAST)
    assert [(one.indented, one.full) for one in placed] == [(True, True), (False, True), (False, False)]


def test_vertical_columns_are_read_from_the_right() -> None:
    lines = [TextLine("二", 460, 100, 470, 300, SIZE), TextLine("一", 480, 100, 490, 300, SIZE)]
    assert order(*turned(lines, 600)) == "一 二"


def test_a_headline_with_a_wide_blank_is_one() -> None:
    halves = [TextLine("打好春灌仗", 0, 0, 100, 20, 20), TextLine("喝上放心水", 130, 0, 230, 20, 20)]
    assert [line.text for line in joined_headlines(halves, LEAST)] == ["打好春灌仗 喝上放心水"]
    assert len(joined_headlines(list(text(0, 0, "甲")) + list(text(1, 0, "乙")), LEAST)) == 2


def test_the_texts_size_is_that_of_most_letters() -> None:
    assert text_size([(20, 30), (9.9, 200), (10.1, 300), (8, 100)]) == pytest.approx(10, rel=0.03)
    assert text_size([]) == 0


def test_a_line_drawn_too_long_into_a_gap_does_not_join_two_columns() -> None:
    first = list(text(0, 0, "a", "b", "c", "d"))
    long = first[1]
    first[1] = TextLine(long.text, long.left, long.top, long.right + 9.5, long.bottom, long.size)
    assert order(*first, *text(1, 0, "e", "f", "g", "h")) == "a b c d e f g h"
