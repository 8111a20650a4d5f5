"""The settings of an archive come from the environment; a bad one is named."""

from pathlib import Path

import pydantic
import pytest

from embeddings.settings import ArchiveSettings, SettingsError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ArchiveSettings.model_fields:
        monkeypatch.delenv(f"WENBAO_{name.upper()}", raising=False)


def test_nothing_need_be_set() -> None:
    settings = ArchiveSettings.load()
    assert (settings.archive, settings.model) == (Path("archive"), "")
    assert (settings.chunk_size, settings.chunk_overlap, settings.threads) == (260, 1, 0)
    assert settings.model_fields_set == set()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_ARCHIVE", "/srv/wenbao")
    monkeypatch.setenv("WENBAO_CHUNK_SIZE", "120")
    settings = ArchiveSettings.load()
    assert (settings.archive, settings.chunk_size) == (Path("/srv/wenbao"), 120)
    assert settings.model_fields_set == {"archive", "chunk_size"}


def test_an_override_beats_the_environment_and_none_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_MODEL", "from-environment")
    assert ArchiveSettings.load(model="given").model == "given"
    assert ArchiveSettings.load(model=None).model == "from-environment"


def test_an_override_of_zero_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_CHUNK_OVERLAP", "3")
    assert ArchiveSettings.load(chunk_overlap=0).chunk_overlap == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENBAO_CHUNK_SIZE", "39"),
        ("WENBAO_CHUNK_SIZE", "2001"),
        ("WENBAO_CHUNK_SIZE", "many"),
        ("WENBAO_CHUNK_OVERLAP", "-1"),
        ("WENBAO_CHUNK_OVERLAP", "6"),
        ("WENBAO_THREADS", "257"),
    ],
)
def test_a_bad_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}='{value}': "):
        ArchiveSettings.load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        ArchiveSettings.load().chunk_size = 100  # type: ignore[misc]
