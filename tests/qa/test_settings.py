"""The settings of the server: each from its own variable, each told in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from embeddings.settings import SettingsError
from qa.settings import Settings
from tests.support.paths import ROOT

TABLE = ROOT / "docs/settings.md"
DOCUMENTS = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
GIVEN = {
    "lang": ("en", "en"),
    "archive": ("/srv/wenbao", Path("/srv/wenbao")),
    "model": ("/srv/model", "/srv/model"),
    "chunk_size": ("120", 120),
    "chunk_overlap": ("0", 0),
    "threads": ("3", 3),
    "names": ("/srv/names.txt", Path("/srv/names.txt")),
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("0", 0),
    "workers": ("2", 2),
    "connections": ("8", 8),
    "client_connections": ("0", 0),
    "idle_seconds": ("5", 5.0),
    "header_seconds": ("5", 5.0),
    "body_seconds": ("5", 5.0),
    "request_seconds": ("5", 5.0),
    "stop_seconds": ("0", 0.0),
    "min_confidence": ("0", 0.0),
    "adapter": ("/srv/reader", Path("/srv/reader")),
    "max_question": ("80", 80),
    "max_turns": ("0", 0),
    "max_told": ("40", 40),
    "max_body": ("2048", 2048),
    "readers": ("4", 4),
    "max_waiting": ("0", 0),
    "max_wait": ("5", 5.0),
    "admin_token": ("砚溪", SecretStr("砚溪")),
    "max_upload": ("4096", 4096),
    "max_uploads": ("1", 1),
    "embed_origins": ("https://yanxi.example", "https://yanxi.example"),
    "feedback": ("0", False),
    "read_token": ("砚溪", SecretStr("砚溪")),
    "trusted_proxies": ("127.0.0.1, 10.0.0.0/8", "127.0.0.1, 10.0.0.0/8"),
    "limit_ask": ("30/minute", "30/minute"),
    "limit_verify": ("off", "off"),
    "limit_feedback": ("5/hour", "5/hour"),
    "limit_tokens": ("3/minute;20/day", "3/minute;20/day"),
    "log_format": ("json", "json"),
    "log_requests": ("0", False),
    "log_questions": ("1", True),
    "examples": ("/srv/questions.jsonl", Path("/srv/questions.jsonl")),
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WENBAO_{name.upper()}", raising=False)


def test_every_setting_is_tried_here() -> None:
    assert set(GIVEN) == set(Settings.model_fields)


@pytest.mark.parametrize("name", GIVEN)
def test_each_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    written, value = GIVEN[name]
    assert getattr(Settings.load(), name) != value
    monkeypatch.setenv(f"WENBAO_{name.upper()}", written)
    settings = Settings.load()
    assert getattr(settings, name) == value
    assert settings.model_fields_set == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lang", "fr"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "http"),
        ("workers", "0"),
        ("workers", "65"),
        ("min_confidence", "1.01"),
        ("min_confidence", "half"),
        ("max_question", "9"),
        ("max_turns", "13"),
        ("max_told", "-1"),
        ("max_body", "1023"),
        ("threads", "-1"),
        ("readers", "0"),
        ("max_waiting", "-1"),
        ("max_upload", "1023"),
        ("feedback", "often"),
        ("embed_origins", "yanxi.example"),
        ("embed_origins", "https://yanxi.example; script-src *"),
        ("embed_origins", "https://yanxi.example/news"),
        ("trusted_proxies", "proxy.example"),
        ("limit_ask", "often"),
        ("limit_tokens", "3/fortnight"),
        ("log_format", "xml"),
        ("chunk_size", "39"),
        ("chunk_overlap", "6"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    variable = f"WENBAO_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=rf"^{variable}='{re.escape(value)}': "):
        Settings.load()


def test_a_given_value_beats_the_environment_and_none_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_PORT", "8100")
    assert Settings.load(port=0).port == 0
    assert Settings.load(port=None).port == 8100


def test_settings_cannot_be_changed_once_read() -> None:
    settings = Settings.load()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_table_tells_each_setting_and_its_default(name: str) -> None:
    rows = dict(re.findall(r"^\| `(WENBAO_\w+)` \| ([^|]+) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    default = Settings.model_fields[name].default
    told = rows[f"WENBAO_{name.upper()}"]
    # A default of nothing is told in words.
    assert told == f"`{default}`" if default not in (None, "") else "`" not in told


@pytest.mark.parametrize("document", DOCUMENTS, ids=[document.name for document in DOCUMENTS])
def test_documents_tell_no_setting_that_is_not_there(document: Path) -> None:
    told = set(re.findall(r"\bWENBAO_(\w+)", document.read_text(encoding="utf-8")))
    assert {name.lower() for name in told} <= set(Settings.model_fields)
