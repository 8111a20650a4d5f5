"""Chunks and questions give the same search words, however they are spelt."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.segmentation import search_words


def test_long_words_stand_with_their_parts() -> None:
    assert search_words("中华人民共和国") == ["中华", "华人", "人民", "共和", "共和国", "中华人民共和国"]


def test_words_that_only_ask_and_marks_are_left_out() -> None:
    assert search_words("请问水库的蓄水量是多少？") == search_words("水库 蓄水量")
    assert search_words("多少？！……（）") == []


@pytest.mark.parametrize("number", ["3.8", "28.4%", "12", "0460"])
def test_numbers_stay_whole(number: str) -> None:
    assert number in search_words(f"为{number}元")


def test_traditional_full_width_questions_find_simplified_text() -> None:
    assert search_words("３６路公車延長線") == search_words("36路公车延长线")


def test_words_come_in_order_and_as_often_as_they_stand() -> None:
    assert search_words("放水、修灯、放水") == ["放水", "修灯", "放水"]


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_search(text: str) -> None:
    words = search_words(text)
    assert all(any(map(str.isalnum, word)) and word == word.strip() for word in words)


def test_a_lone_surrogate_is_no_word_and_no_error() -> None:
    assert search_words("水库\ud800放水") == ["水库", "放水"]


def test_threads_may_start_the_dictionary_together() -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(search_words("卧虹水库今日放水"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [search_words("卧虹水库今日放水")] * 8


def test_a_word_that_a_blank_breaks_is_found() -> None:
    assert "水库" in search_words("卧虹水 库今日放水")
    assert search_words("渠水进田 心里踏实") == search_words("渠水进田，心里踏实")


def test_english_questions_lose_their_small_words_and_chinese_ones_keep_latin_names() -> None:
    assert search_words("Who is the mayor of Yanxi?") == ["mayor", "yanxi"]
    assert "who" in search_words("WHO发布了什么？")
    assert search_words("WHO") == ["who"]


def test_words_of_a_long_run_are_cut_piece_by_piece() -> None:
    # Longer than any sentence between two marks.
    assert search_words("虹渡大桥" * 1_000).count("大桥") > 990


def test_a_word_is_mended_over_a_blank_however_much_stands_around_it() -> None:
    assert "水库" in search_words("砚" * 5_000 + "卧虹水 库" + "溪" * 5_000)
