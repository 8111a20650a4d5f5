"""Words reach FTS5 as words, whatever they are made of."""

import sqlite3
from collections.abc import Iterator

import pytest

from embeddings.store.full_text import all_of, any_of, both, phrase, within

PRINTED = {
    1: ("水库", "水库 今日 放水 near and or not"),
    2: ("灯笼", "王 小明 修 灯笼 水库"),
    3: ("", "小明 王 a b 3.5% c\0d"),
}


@pytest.fixture(scope="module")
def words() -> Iterator[sqlite3.Connection]:
    """A table as the catalogue has it, of three chunks."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = \"unicode61 tokenchars '.%'\")")
    db.executemany("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", [(key, *texts) for key, texts in PRINTED.items()])
    yield db
    db.close()


def found(words: sqlite3.Connection, expression: str) -> list[int]:
    return [row[0] for row in words.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (expression,))]


@pytest.mark.parametrize(
    ("expression", "written", "keys"),
    [
        (any_of(["放水", "小明"]), '"放水" OR "小明"', [1, 2, 3]),
        (all_of(["水库", "灯笼"]), '"水库" AND "灯笼"', [2]),
        (phrase(["王", "小明"]), '"王 小明"', [2]),
        (within("title", any_of(["水库", "王"])), 'title : ("水库" OR "王")', [1]),
        (both(within("body", any_of(["水库"])), any_of(["王"])), '(body : ("水库")) AND ("王")', [2]),
        (any_of(["水库", "水库"]), '"水库"', [1, 2]),
    ],
    ids=["any of", "all of", "phrase", "within a column", "both", "a word twice"],
)
def test_an_expression_finds_what_its_name_says(
    words: sqlite3.Connection, expression: str, written: str, keys: list[int]
) -> None:
    assert expression == written
    assert found(words, expression) == keys


@pytest.mark.parametrize(
    ("word", "written", "keys"),
    [
        ('a"b', '"a""b"', [3]),
        ('"水库"', '"""水库"""', [1, 2]),
        ("c\0d", '"c d"', [3]),
        ("水库\0", '"水库"', [1, 2]),
        ("AND", '"AND"', [1]),
        ("NEAR", '"NEAR"', [1]),
        ("NOT 水库", '"NOT 水库"', []),
        ("水*", '"水*"', []),
        ("title:灯笼", '"title:灯笼"', []),
        ("^水库", '"^水库"', [1, 2]),
        ("+(水库)", '"+(水库)"', [1, 2]),
        ("3.5%", '"3.5%"', [3]),
        ("，", '"，"', []),
    ],
)
def test_no_letter_of_a_word_is_an_operator(words: sqlite3.Connection, word: str, written: str, keys: list[int]) -> None:
    assert any_of([word]) == all_of([word]) == phrase([word]) == written
    assert found(words, written) == keys


@pytest.mark.parametrize("empty", [[], [""], ["", '"', " ", "\0", '"\0"']], ids=["none", "empty word", "nothing but marks"])
def test_where_there_is_no_word_there_is_no_expression(empty: list[str]) -> None:
    assert any_of(empty) == all_of(empty) == phrase(empty) == within("body", any_of(empty)) == ""
    assert both(any_of(empty), any_of(["水库"])) == both(any_of(["水库"]), any_of(empty)) == ""


def test_an_empty_word_among_others_is_passed_over(words: sqlite3.Connection) -> None:
    assert any_of(["", "水库"]) == all_of(["水库", '"']) == '"水库"'
    assert all_of(["", "水库", "灯笼"]) == '"水库" AND "灯笼"'
