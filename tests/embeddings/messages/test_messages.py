"""Texts are looked up by key and worded in the chosen language when they are shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from embeddings.messages import Messages, chosen_language, speaking, use_language

TABLE = Messages(
    zh={"rain": "{day}有雨", "file": "{path}：{reason}", "sun": "晴"}, en={"rain": "rain on {day}", "file": "{path}: {reason}"}
)


def test_a_text_is_worded_when_it_is_shown() -> None:
    rain = TABLE.message("rain", day="5月6日")
    assert str(rain) == "5月6日有雨"
    with speaking("en"):
        assert str(rain) == "rain on 5月6日"
    assert (rain.told("en"), f"{rain}") == ("rain on 5月6日", "5月6日有雨")


def test_a_message_within_another_is_worded_in_its_language() -> None:
    told = TABLE.message("file", path="a.md", reason=TABLE.message("rain", day="{3}"))
    assert (told.told("zh"), told.told("en")) == ("a.md：{3}有雨", "a.md: rain on {3}")


def test_a_text_that_a_language_lacks_is_that_of_the_first() -> None:
    with speaking("en"):
        assert TABLE.text("sun") == "晴"


def test_a_text_that_no_table_has_is_refused_where_it_is_made() -> None:
    with pytest.raises(KeyError, match="snow"):
        TABLE.message("snow")


def test_a_language_without_a_table_is_refused() -> None:
    with pytest.raises(KeyError, match="fr"):
        use_language("fr")
    assert chosen_language() == "zh"


def test_the_language_is_given_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), speaking("en"):
        raise ZeroDivisionError
    assert chosen_language() == "zh"


def test_messages_need_no_model() -> None:
    code = "import sys, embeddings.messages; print({'torch', 'numpy', 'click', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
