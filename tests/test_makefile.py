"""The Makefile: what it runs, and with which settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paths import ROOT

MAKEFILE = ROOT / "Makefile"
SYNC, SERVE, TEST = "-m embeddings sync", "serve.py", "-m pytest"

Made = Callable[..., list[list[str]]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Run a target with a stand-in for Python; gives each call's archive, examples, port and arguments."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "pyproject.toml").touch()
    log = tmp_path / "calls"
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        "#!/bin/sh\n"
        f'printf "%s|%s|%s|%s\\n" "$WENBAO_ARCHIVE" "$WENBAO_EXAMPLES" "$WENBAO_PORT" "$*" >> "{log}"\n'
        'case "$*" in *embeddings*) exit 1;; esac\n'  # as sync ends where a file could not be read
    )
    python.chmod(0o755)
    for age, name in enumerate((".installed", ".model", ".test")):
        (tmp_path / ".venv" / name).touch()
        later = log.parent.stat().st_mtime + 10 + age
        os.utime(tmp_path / ".venv" / name, (later, later))

    def run(*arguments: str, **environment: str) -> list[list[str]]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("WENBAO_", "MAKE"))}
        subprocess.run(["make", *arguments], cwd=tmp_path, env=bare | environment, check=True, capture_output=True)
        return [line.split("|") for line in log.read_text(encoding="utf-8").splitlines()]

    return run


def test_the_demo_has_an_archive_and_questions_of_its_own(made: Made) -> None:
    settings = ["archive-demo", "examples/questions.jsonl", ""]
    assert made("serve") == [[*settings, f"{SYNC} examples/issues"], [*settings, SERVE]]


def test_own_issues_have_no_questions_of_the_demo(made: Made) -> None:
    settings = ["archive", "", ""]
    assert made("serve", "ISSUES=my issues") == [[*settings, f"{SYNC} my issues"], [*settings, SERVE]]


@pytest.mark.parametrize("archive", ["/srv/papers", "my papers", "a$b 'c'"])
def test_the_environment_wins_and_what_is_synced_is_served(made: Made, archive: str) -> None:
    settings = [archive, "my.jsonl", "8123"]
    calls = made("serve", "ISSUES=issues", WENBAO_ARCHIVE=archive, WENBAO_EXAMPLES="my.jsonl", WENBAO_PORT="8123")
    assert calls == [[*settings, f"{SYNC} issues"], [*settings, SERVE]]


def test_a_setting_on_the_command_line_wins(made: Made) -> None:
    calls = made("serve", "WENBAO_ARCHIVE=here", "WENBAO_EXAMPLES=", WENBAO_ARCHIVE="there")
    assert [call[:2] for call in calls] == [["here", ""], ["here", ""]]


def test_quick_leaves_out_what_is_slow(made: Made) -> None:
    assert [call[3] for call in made("quick", "PYTEST=-x")] == [f"{TEST} -m not slow -x"]
