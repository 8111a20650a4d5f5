"""The documents: links that lead somewhere, files that exist, commands that run, and every route and code told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import embeddings.__main__ as embeddings_cli
import qa.__main__ as qa_cli
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.settings import Settings
from tests.support.doubles import StubReader
from tests.support.paths import ROOT

READMES = (ROOT / "README.md", ROOT / "README.zh.md")
PAGES = (*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
CARDS = (ROOT / "qa/adapter/README.md", ROOT / "embeddings/models/questions.md", *ROOT.glob("[be]*/README.md"))
LONGEST_README = 130  # lines

# [settings](docs/settings.md#names), ![the chat](docs/chat.png), <img src="chat.png">
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|<img src=\"(?P<image>[^\"]+)\"")
# qa/http/app.py, embeddings/dates/, tests/qa; not docs/… of a link, nor the q/a of a text
_PATH = re.compile(r"(?<![\w/.<-])(?:qa|embeddings|tests|benchmarks|examples|web|docs)/[\w./-]*[\w/]")
# ## Put it on your site
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
# A block that is set in by four blanks or fenced; `…` within a line.
_BLOCK = re.compile(r"(?:^ {4}.+\n)+|^```\w*\n[\s\S]*?^```$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
# ```json … ```
_JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# .venv/bin/python -m embeddings sync --prune DIR, up to a comment or another command
_MODULE = re.compile(r"python -m (?P<package>embeddings|qa) (?P<words>[^#\n;&<>]*)")
_BENCHMARK = re.compile(r"python -m benchmarks\.(?P<name>\w+)(?P<words>[^#\n;&<>]*)")
_SERVE = re.compile(r"python serve\.py(?P<words>[^#\n;&<>]*)")
# make serve ISSUES=dir, with one blank between its words: what stands behind more is a remark
_MAKE = re.compile(r"(?:^ *|&& )make(?P<words>(?: [a-z][a-z-]*\b| [A-Z]+=)+)", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")

ids = [str(page.relative_to(ROOT)) for page in (*PAGES, *CARDS)]
every_page = pytest.mark.parametrize("page", PAGES, ids=ids[: len(PAGES)])


def commands(page: Path) -> str:
    """The code of a page, lines that go on joined."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    return "\n".join([*_BLOCK.findall(text), *_INLINE.findall(_BLOCK.sub("", text))])


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    text = re.sub(r"`", "", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", found["text"].lower()).replace(" ", "-") for found in _HEADING.finditer(text)}


def links(page: Path) -> Iterator[str]:
    for found in _LINK.finditer(page.read_text(encoding="utf-8")):
        target = found["target"] or found["image"]
        if not re.match(r"https?:|mailto:", target):
            yield unquote(target)


@pytest.mark.parametrize("page", [*PAGES, *CARDS], ids=ids)
def test_each_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in links(page):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@every_page
def test_each_path_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = _LINK.sub("", text)  # they are relative to the page, and tried above
    named = {found[0] for found in _PATH.finditer(text) if not re.search(r"https?://\S*$", text[: found.start()])}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", READMES, ids=ids[:2])
def test_the_readme_stays_short(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= LONGEST_README


def test_both_readmes_have_the_same_python_example_and_figures() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in READMES)
    code = re.search(r"^```python\n.*?^```$", english, re.MULTILINE | re.DOTALL)
    figures = re.search(r"<!-- figures: begin -->\n(.*?)<!-- figures: end -->", english, re.DOTALL)
    assert code
    assert code[0] in chinese
    assert figures
    # The four shares of questions over an archive; CMRC means nothing to an archivist.
    shares = re.findall(r"\| (\d+%) \|", figures[1])
    assert len(shares) == 4
    assert [share for share in shares if share not in chinese] == []


@every_page
def test_each_make_target_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE)) | set(re.findall(r"\$\(([A-Z]+)\)", makefile))
    for found in _MAKE.finditer(commands(page)):
        words = found["words"].split()
        assert {word for word in words if word.islower()} <= targets, found[0]
        assert {word.removesuffix("=") for word in words if word.endswith("=")} <= variables, found[0]


HELPED: dict[tuple[str, str], str] = {}


def help_of(package: str, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints of itself, each asked once."""
    if (package, command) not in HELPED:
        run = {"embeddings": embeddings_cli.main, "qa": qa_cli.main}[package]
        assert run([command, "--help"]) == 0, f"{package} has no command {command}"
        HELPED[package, command] = capsys.readouterr().out
    return HELPED[package, command]


@pytest.mark.parametrize("page", [*PAGES, *CARDS], ids=ids)
def test_each_command_and_option_exists(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code = commands(page)
    for found in _MODULE.finditer(code):
        command = found["words"].split()[0] if found["words"].split() else "…"
        if not re.fullmatch(r"[a-z]+", command):
            continue  # python -m qa … stands for any
        options = set(_OPTION.findall(found["words"])) - {"--help"}
        known = set(_OPTION.findall(help_of(found["package"], command, capsys)))
        assert options <= known, found[0]
    for found in _BENCHMARK.finditer(code):
        source = (ROOT / "benchmarks" / f"{found['name']}.py").read_text(encoding="utf-8")
        assert {option for option in _OPTION.findall(found["words"]) if f'"{option}"' not in source} == set(), found[0]
    source = (ROOT / "serve.py").read_text(encoding="utf-8")
    for found in _SERVE.finditer(code):
        assert {option for option in _OPTION.findall(found["words"]) if f'"{option}"' not in source} == set(), found[0]


def test_the_commands_of_the_readme_are_found_by_these_tests() -> None:
    code = commands(READMES[0])
    assert {found["words"].split()[0] for found in _MODULE.finditer(code)} == {"ask", "sync", "evaluate"}
    assert {tuple(found["words"].split()) for found in _MAKE.finditer(code)} == {
        ("serve",), ("serve", "ISSUES="), ("test",), ("quick",),
    }  # fmt: skip


@pytest.fixture
def described(open_archive: Callable[..., Archive]) -> dict[str, object]:
    """The server's own description of its routes."""
    archive = open_archive()
    described: dict[str, object] = create_app(archive, StubReader(), Settings.load(archive=archive.folder)).api_doc
    return described


def test_the_api_guide_tells_every_route(described: dict[str, object]) -> None:
    guide = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    paths: dict[str, dict[str, object]] = described["paths"]  # type: ignore[assignment]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    told = {f"{method} {path}" for method, path in re.findall(r"(GET|POST|DELETE) (/[\w/<>{}]+(?:\.\w+)?)", guide)}
    told = {route.replace("<", "{").replace(">", "}") for route in told}
    assert routes - told == set()
    assert {route for route in told if not _is_a_call(route, routes)} == set()


def _is_a_call(route: str, routes: set[str]) -> bool:
    """Say whether this is one of the routes, or a call of one with an id in place."""
    return any(re.fullmatch(re.sub(r"\{\w+\}", r"[^/ ]+", known), route) for known in routes)


def test_replies_of_the_api_guide_are_json_with_fields_that_exist(described: dict[str, object]) -> None:
    schemas: dict[str, dict[str, dict[str, object]]] = described["components"]["schemas"]  # type: ignore[index]
    known = {name for schema in schemas.values() for name in schema.get("properties", {})}
    blocks = _JSON.findall((ROOT / "docs/api.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 15
    for block in blocks:
        assert set(_keys(json.loads(block))) <= known, block


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_every_error_code_is_told() -> None:
    guide = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "qa/http").rglob("*.py")))
    codes = set(re.findall(r"(?:ApiError|error_body)\(\s*\d{3},\s*\"(\w+)\"", source))
    assert {"question_too_long", "busy", "no_files"} <= codes
    assert {code for code in codes if f"`{code}`" not in guide} == set()


def test_every_reason_to_refuse_a_file_is_told_and_no_other() -> None:
    guide = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    section = guide[guide.index("## Why a file is refused") :]
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "embeddings").rglob("*.py")))
    raised = set(re.findall(r"\bIssueError\(\s*\"(\w+)\"", source))
    assert raised
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == raised
