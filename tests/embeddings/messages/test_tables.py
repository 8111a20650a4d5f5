"""The tables say the same in every language, each in its own, and hold just the texts that the code tells."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import embeddings.errors
import qa.errors
from embeddings.errors import WenbaoError
from embeddings.messages import LANGUAGES, MESSAGES
from qa.training.recipe import QueryEncoderRecipe, ReaderRecipe
from qa.understanding.out_of_scope import Notice
from tests.support.languages import chinese_in, english_in
from tests.support.paths import ROOT

ERRORS = {
    error.__name__
    for error in (*vars(embeddings.errors).values(), *vars(qa.errors).values())
    if isinstance(error, type) and issubclass(error, WenbaoError)
}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    told = {key: placeholders(template) for key, template in MESSAGES.tables[language].items()}
    assert told == {key: placeholders(template) for key, template in MESSAGES.tables[LANGUAGES[0]].items()}


def test_no_english_text_holds_chinese() -> None:
    assert {key: text for key, text in MESSAGES.tables["en"].items() if chinese_in(text)} == {}


def test_no_chinese_text_holds_an_english_sentence() -> None:
    assert {key: found for key, text in MESSAGES.tables["zh"].items() if (found := english_in(text))} == {}


def test_only_places_and_settings_have_no_word_of_either_language() -> None:
    bare = {key for key, text in MESSAGES.tables["zh"].items() if not re.search(r"[\u4e00-\u9fff]", text)}
    assert bare == {
        "setting",
        "front_matter_line",
        "list_separator",
        "status_papers",
        "quoted",
        "preview_file",
        "headline_separator",
        "printing",
        "alert_line",
        "alert_found",
    }


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in [*(ROOT / "embeddings").rglob("*.py"), *(ROOT / "qa").rglob("*.py"), ROOT / "serve.py"]:
        # HTTP words its own errors, in qa/http/messages.
        if path.parent.name != "messages" and not path.is_relative_to(ROOT / "qa" / "http"):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield each call that makes a text: where it stands, its key (a pattern where a part is filled in), and the call."""
    for path, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args and (key := pattern_of(node.args[0])):
                name = ast.unparse(node.func)
                if name in ("MESSAGES.text", "MESSAGES.message", "_FaultError") or name in ERRORS:
                    yield f"{path}:{node.lineno}", key, node


def pattern_of(value: ast.expr) -> str | None:
    """Return what a key is written as: a string, or one that begins so and has values in it."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return re.escape(value.value)
    if isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in value.values)
    return None


def test_every_text_that_the_code_tells_stands_in_the_tables_with_its_values() -> None:
    told = list(calls())
    assert len(told) > 100
    for where, pattern, call in told:
        keys = [key for key in MESSAGES.tables["zh"] if re.fullmatch(pattern, key)]
        assert keys, f"{where}: {pattern}"
        given = {keyword.arg for keyword in call.keywords}
        if len(keys) == 1 and None not in given:
            wanted = placeholders(MESSAGES.tables["zh"][keys[0]])
            assert wanted <= given, where
            assert given - {"path", "line"} <= wanted, where


def test_every_text_of_the_tables_is_told_somewhere() -> None:
    written = {key for _, module in sources() for node in ast.walk(module) if (key := pattern_of(node))}  # type: ignore[arg-type]
    keys = {key for key in written if re.match(r"[a-z]+", key)}
    families = ("reader_recipe_", "query_encoder_recipe_")  # named by the fields of a run
    untold = {key for key in MESSAGES.tables["zh"] if not any(re.fullmatch(one, key) for one in keys)}
    assert {key for key in untold if not key.startswith(families)} == set()


def test_the_fields_of_a_training_run_and_the_notices_have_their_texts() -> None:
    wanted = {f"reader_recipe_{field.name}" for field in fields(ReaderRecipe)}
    wanted |= {f"query_encoder_recipe_{field.name}" for field in fields(QueryEncoderRecipe)}
    wanted |= {f"notice_{notice}" for notice in Notice}
    kinds = ("reader_recipe_", "query_encoder_recipe_", "notice_")
    assert {key for key in MESSAGES.tables["zh"] if key.startswith(kinds)} == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_worded(language: str) -> None:
    for key, template in MESSAGES.tables[language].items():
        # Numbers where the template rounds them, an id everywhere else.
        values = {
            name: 7 if spec else "lyrb-2021-01-21"
            for _, name, spec, _ in string.Formatter().parse(template)
            if name is not None
        }
        told = MESSAGES.message(key, **values).told(language)
        assert told
        assert "{" not in told
