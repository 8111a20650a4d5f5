"""What the packages export: it works as the README shows it, and costs no library that is not used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import embeddings
import qa
from embeddings.store.archive import Archive
from qa.reading.reader import Reader
from tests.support.paths import ROOT


@pytest.mark.parametrize("package", [embeddings, qa])
def test_all_that_a_package_names_can_be_had(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert names == sorted(names)
    assert [name for name in names if not hasattr(package, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'answer_all'"):
        _ = package.answer_all  # type: ignore[attr-defined]


def test_a_question_is_asked_in_few_lines(example_archive: Archive, shipped_reader: Reader) -> None:
    answer = qa.ask(example_archive, shipped_reader, "虹渡大桥什么时候能正式通车?")
    assert [finding.text for finding in answer.findings] == ["国庆节前"]
    assert "砚溪日报" in answer.citations[0].gbt7714


@pytest.mark.parametrize(
    "module",
    ["embeddings", "qa", "embeddings.dates.mentions", "embeddings.text.chunks", "qa.understanding.question", "qa.settings"],
)
def test_no_model_library_is_imported_for_what_needs_none(module: str) -> None:
    heavy = "{'torch', 'transformers', 'sentence_transformers', 'faiss', 'flask'}"
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"


def test_a_test_of_a_pattern_loads_no_torch() -> None:
    told = subprocess.run(
        [sys.executable, "-c", (
            "import pytest, sys; pytest.main(['-q', '-p', 'no:cacheprovider', 'tests/embeddings/dates/test_festivals.py']);"
            "print(sorted({'torch', 'transformers', 'playwright', 'flask'} & set(sys.modules)))"
        )],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "passed" in told.stdout
    assert told.stdout.strip().endswith("[]")
