"""The texts of the page: every language has the same, none is missing, none is left over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qa.http.routes.pages import WEB
from tests.support.paths import ROOT

STRINGS = WEB / "js" / "strings"
# The whole file: a line of comment, then one object of plain strings, which are written as in JSON.
FILE = re.compile(
    r'// .+\n\nexport const texts = \{\n(?P<entries>(?:\n|  // .+\n|  \w+:(?: |\n    )"(?:[^"\\\n]|\\.)*",\n)+)\};\n'
)
ENTRY = re.compile(r'^  (\w+):\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
LANGUAGES = sorted(path.stem for path in STRINGS.glob("*.js"))

# A key is named by t("key"), also as one of two in t(day ? "one" : "two"); by a template; or by its stem alone.
CALL = re.compile(r"(?<![\w.])t\(")
LITERAL = re.compile(r'"(\w+)"')
NAMED = re.compile(
    r'data-t(?:-label|-placeholder)?="(\w+)"|title_key %\}(\w+)\{%|show\.count\("(\w+)"|copyButton\("(\w+)"'
    r'|\("/\w*", "(\w+)"'  # the links at the head of each page
)
TAG = re.compile(r"<(\w[^<>]*)>([^<]*)")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
STEM = re.compile(r"`(\w+_)\$\{|data-t=\"(\w+_)\{\{")


def read(language: str) -> dict[str, str]:
    """Return the texts of a language by their keys, each of which stands once."""
    found = FILE.fullmatch((STRINGS / f"{language}.js").read_text(encoding="utf-8"))
    assert found, f"{language}.js is no plain table of texts"
    pairs = [(key, json.loads(text)) for key, text in ENTRY.findall(found["entries"])]
    assert len(pairs) == len(dict(pairs)), f"{language}.js has a key twice"
    return dict(pairs)


def modules() -> list[str]:
    """Return the modules that show texts."""
    return [path.read_text(encoding="utf-8") for path in sorted((WEB / "js").rglob("*.js")) if path.parent != STRINGS]


def templates() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.html"))]


def first_argument(source: str, start: int) -> str:
    """Return what stands from here to the first comma or bracket that closes no bracket opened since."""
    depth = 0
    for at in range(start, len(source)):
        if depth == 0 and source[at] in ",)":
            return source[start:at]
        depth += (source[at] in "([{") - (source[at] in ")]}")
    raise AssertionError("a call that does not end")


def keys_asked(source: str) -> set[str]:
    """Return the keys that a module or template names where a text is meant and nothing else."""
    asked = {key for found in NAMED.findall(source) for key in found if key}
    for call in CALL.finditer(source):
        argument = first_argument(source, call.end())
        # Of `day === "x" ? "one" : "two"` only what follows the question mark is a key.
        asked |= set(LITERAL.findall(argument.rpartition("? ")[2]))
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_blanks(language: str) -> None:
    def blanks(texts: dict[str, str]) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in texts.items()}

    assert blanks(read(language)) == blanks(read("zh"))
    assert list(read(language)) == list(read("zh"))  # in one order, so that a translator can go down the list


def test_every_text_that_a_page_asks_for_is_there() -> None:
    asked = set().union(*map(keys_asked, [*modules(), *templates()]))
    assert {"title", "navAsk", "gapMany", "copyLink", "issuesInAll", "articleTitle", "noAnswer"} <= asked
    assert asked - set(read("zh")) == set()


def test_the_templates_write_what_the_page_says_in_chinese() -> None:
    said: set[tuple[str, str | None]] = set()
    texts = read("zh")
    for tag, words in TAG.findall("".join(templates())):
        if "data-t-values" in tag or 'data-t="{{' in tag or "{{" in words:
            continue  # its blanks are filled in by the server
        attributes = dict(ATTRIBUTE.findall(tag))
        shown = {
            "data-t": words,
            "data-t-label": attributes.get("aria-label"),
            "data-t-placeholder": attributes.get("placeholder"),
        }
        said |= {(attributes[name], text) for name, text in shown.items() if name in attributes}
    assert len(said) > 80
    assert said == {(key, texts[key]) for key, _ in said}


def test_no_text_is_left_over() -> None:
    stems = tuple(stem for source in [*modules(), *templates()] for found in STEM.findall(source) for stem in found if stem)
    assert set(stems) >= {"refused_", "verdict_", "status_", "related_"}
    named = {key for source in modules() for key in LITERAL.findall(source)}
    named = named.union(*map(keys_asked, templates()))
    assert [key for key in read("zh") if key not in named and not key.startswith(stems)] == []


def test_every_reason_to_refuse_a_file_is_told() -> None:
    modules = [*(ROOT / "embeddings").rglob("*.py"), *(WEB / "js" / "admin").glob("*.js")]
    named = re.compile(r'\b(?:IssueError\(\s*|code: )"(\w+)"')
    codes = {code for path in modules for code in named.findall(path.read_text(encoding="utf-8"))}
    assert {"no_date", "encoding", "article_held", "too_large"} <= codes
    assert {key.removeprefix("refused_") for key in read("zh") if key.startswith("refused_")} == codes


def test_a_language_is_its_file_and_one_line_in_the_page_and_one_in_the_script_for_other_sites() -> None:
    offered = (WEB / "js" / "shared" / "language.js").read_text(encoding="utf-8")
    table = re.search(r"^const LANGUAGES = \[\n(.+?)^\];", offered, re.MULTILINE | re.DOTALL)
    assert table
    assert re.findall(r'import\("\.\./strings/(\w+)\.js"\)', table[1]) == [name for name in LANGUAGES if name != "zh"]
    embedded = (WEB / "js" / "chat" / "embed.js").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^    (\w+): \{ open:", embedded, re.MULTILINE)) == LANGUAGES


@pytest.mark.parametrize("path", sorted((WEB / "js").rglob("*.js")), ids=lambda path: path.relative_to(WEB).as_posix())
def test_every_module_begins_with_a_line_that_says_what_it_holds(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").split("\n", 2)[:2]
    assert re.fullmatch(r"// [A-Z`].{8,}\.", first)
    assert second == ""
