"""The command line of questions: python -m qa ask|evaluate."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.messages import LANGUAGES
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from qa.__main__ import main
from qa.http.routes.ask.models import AskOut
from qa.settings import Settings
from qa.training.recipe import ReaderRecipe
from tests.support.languages import chinese_in, english_in

WHEN = "水库何时开闸放水？"


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive opened by the commands with the toy encoder; any answer is likely enough to be given."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WENBAO_{name.upper()}", raising=False)
    monkeypatch.setenv("WENBAO_MIN_CONFIDENCE", "0")
    opened = open_archive()
    sync(
        opened,
        [
            write_issue("a.md", "2024-03-12", "水库\n\n水库3月13日开闸放水。", "大桥\n\n大桥合龙。"),
            write_issue("b.md", "2024-03-18", "水库\n\n水库3月20日再次开闸放水。"),
        ],
    )

    def open_toy(settings: ArchiveSettings) -> Archive:
        assert settings.archive == opened.folder
        return opened

    monkeypatch.setattr(Archive, "open", open_toy)
    return opened


def run(archive: Archive, *arguments: str) -> int:
    return main([*arguments, "--archive", str(archive.folder)])


def test_json_is_that_of_the_api(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(archive, "ask", WHEN, "--json") == 0
    body = json.loads(capsys.readouterr().out)
    assert set(body) == set(AskOut.model_fields)
    assert (body["question"], body["answered"]) == (WHEN, True)
    assert set(body["searched"]) == {"issues", "articles", "from", "to", "lacking"}
    assert body["citations"][0]["quote"].startswith("水库3月")


def test_an_answer_is_printed_with_its_quote_and_reference(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(archive, "ask", WHEN, "--to", "2024-03-12") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["3月13日", "    “水库3月13日开闸放水。”", "    水库[N]. 砚溪日报, 2024-03-12."]


def test_days_narrow_the_search(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(archive, "ask", WHEN, "--from", "2024-03-18", "--to", "2024-03-18", "--json") == 0
    body = json.loads(capsys.readouterr().out)
    assert body["answer"] == "3月20日"
    assert body["searched"] == {"issues": 1, "articles": 1, "from": "2024-03-18", "to": "2024-03-18", "lacking": []}


def test_no_answer_is_said_with_what_was_searched(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(archive, "ask", "纳斯达克指数？") == 0
    assert capsys.readouterr().out == "所查报纸中没有找到答案（2 期，2024-03-12 至 2024-03-18）。\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_are_in_the_chosen_language_alone(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    files = {
        "none.jsonl": "",
        "bad.jsonl": '{"question": "when", "answer": "7"}',
        "worse.jsonl": "{",
        "bad.json": "[]",
        "good.jsonl": '{"question": "NASDAQ", "answer": null, "kind": "a"}\n{"question": "DAX", "answer": null, "kind": "b"}',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told: list[str] = []

    def tell(code: int, *arguments: object) -> None:
        assert run(archive, *map(str, arguments), "--lang", language) == code
        told.extend("".join(capsys.readouterr()).splitlines())

    for asked in ("你好", "谢谢", "你是谁？", "12", "写首诗", "笨蛋", "纳斯达克指数？"):
        tell(0, "ask", asked)
    tell(0, "evaluate", tmp_path / "none.jsonl")
    tell(0, "evaluate", tmp_path / "none.jsonl", "--split", "dev")
    tell(0, "evaluate", tmp_path / "good.jsonl")
    for name in ("bad.jsonl", "worse.jsonl", "bad.json", "gone.jsonl"):
        tell(1, "evaluate", tmp_path / name)
    monkeypatch.setenv("WENBAO_ADAPTER", str(tmp_path))
    tell(1, "ask", WHEN)
    (tmp_path / "adapter.json").write_text("{}", encoding="utf-8")
    tell(1, "ask", WHEN)
    monkeypatch.delenv("WENBAO_ADAPTER")
    for name, value in {"MIN_CONFIDENCE": "high", "FEEDBACK": "often", "EMBED_ORIGINS": "paper", "PORT": "70000"}.items():
        with monkeypatch.context() as patch:
            patch.setenv(f"WENBAO_{name}", value)
            tell(1, "ask", WHEN)
    assert len(told) > 20
    found = chinese_in if language == "en" else english_in
    assert [line for line in told if found(line.replace(str(tmp_path), ""))] == []


def test_an_option_takes_several_values_as_one_or_repeated(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: list[dict[str, object]] = []
    monkeypatch.setattr("embeddings.models.encoder.load_encoder", lambda name: None)
    monkeypatch.setattr("qa.training.train_reader.train", lambda *_, **settings: trained.append(settings))
    sets = ["a.json", "b.json:0.2", "--work", str(tmp_path)]
    assert run(archive, "train", *sets, "--start", "x", "y", "--teachers", "z", "--rank", "2") == 0
    repeated = ["--start", "x", "--start", "y", "--teachers", "z", "--work", str(tmp_path), "a.json"]
    assert run(archive, "train", *repeated) == 0
    both = [{name: settings[name] for name in ("start", "teachers", "out")} for settings in trained]
    assert both == [{"start": (Path("x"), Path("y")), "teachers": (Path("z"),), "out": tmp_path / "adapter"}] * 2
    capsys.readouterr()
    assert run(archive, "train", *sets, "--start") == 2
    assert capsys.readouterr().err.endswith("--start 后面缺少值\n")
    assert run(archive, "train", "--start", "x", "a.json", "--work", str(tmp_path)) == 2  # all of them are taken for runs


def test_the_recipe_and_the_shares_held_out_are_handed_on(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[tuple[object, ...]] = []
    monkeypatch.setattr("embeddings.models.encoder.load_encoder", lambda name: None)
    monkeypatch.setattr("qa.training.train_reader.train", lambda *given, **_: trained.append(given))
    assert (
        run(archive, "train", "a.json", "b.json:0.2", "--work", str(tmp_path), "--rank", "2", "--head-learning-rate", "0.5")
        == 0
    )
    assert trained == [
        (None, ((Path("a.json"), 0.1), (Path("b.json"), 0.2)), ReaderRecipe(rank=2, head_learning_rate=0.5), tmp_path),
    ]
    assert run(archive, "train", "a.json:many", "--work", str(tmp_path)) == 2


def test_a_missing_archive_ends_with_1_and_the_command_that_makes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", WHEN, "--archive", str(tmp_path / "none")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "python -m embeddings sync DIR" in told.err


def test_a_bad_setting_ends_with_1_and_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WENBAO_MIN_CONFIDENCE", "high")
    assert main(["ask", WHEN]) == 1
    assert "WENBAO_MIN_CONFIDENCE='high'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["ask"], ["ask", "x", "--from", "yesterday"], ["ask", "x", "--nothing"], ["evaluate"], ["sing"],
        ["train", "x.json", "--work", "x", "--decay", "0.01"],
    ],
    ids=["nothing", "no question", "no date", "unknown flag", "no file", "unknown command", "half an option"],
)  # fmt: skip
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "用法：python -m qa" in capsys.readouterr().err


def test_questions_of_a_file_are_measured(archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"question": "水库再次开闸放水是哪天？", "date": "2024-03-18", "title": "水库", "answer": "3月20日"},
        {"question": "纳斯达克指数？", "answer": None},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert run(archive, "evaluate", str(path), "--json") == 0
    figures = json.loads(capsys.readouterr().out)["questions.jsonl"]
    assert (figures["questions"], figures["recall_at_1"], figures["recall_at_5"]) == (2, 1.0, 1.0)
    assert (figures["cited_first"], figures["right_words"], figures["declined"]) == (1.0, 1.0, 1.0)


def test_a_bad_line_of_questions_is_named(archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "何时？", "answer": null}\n{"answer": null}', encoding="utf-8")
    assert run(archive, "evaluate", str(path)) == 1
    assert "questions.jsonl:2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [("qa.__main__", ("torch", "transformers", "sklearn", "flask")), ("qa.http.app", ("qa.training", "sklearn"))],
    ids=["the command line waits for no model", "what serves knows nothing of training"],
)
def test_what_a_module_does_not_import(module: str, kept_out: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sorted({{*{kept_out}}} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == ""
