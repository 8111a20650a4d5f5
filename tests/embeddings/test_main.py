"""python -m embeddings: what it does, what it prints, and how it exits."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from embeddings.__main__ import main
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.messages import LANGUAGES, MESSAGES, chosen_language
from embeddings.models.encoder import DEFAULT_MODEL
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive, EncoderLoader
from tests.support.doubles import ToyEncoder
from tests.support.languages import chinese_in, english_in
from tests.support.paths import ROOT

Run = Callable[..., int]
WriteIssue = Callable[..., Path]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Put toy encoders in the place of the models, by name; return what is loaded and whether it may be fetched."""
    names: list[tuple[str, bool]] = []

    def load(name: str = "toy", *, download: bool = False) -> ToyEncoder:
        names.append((name, download))
        return ToyEncoder(name, 128 if name == "wide" else 64)

    monkeypatch.setattr("embeddings.models.encoder.load_encoder", load)
    # Archive.open took its loader as a default argument when it was defined.
    opened = Archive.open

    def open_with_toys(settings: ArchiveSettings, load: EncoderLoader = load, *, create: bool = False) -> Archive:
        return opened(settings, load, create=create)

    monkeypatch.setattr(Archive, "open", open_with_toys)
    return names


@pytest.fixture
def run(tmp_path: Path, loaded: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on an archive of the test's own."""
    for name in ArchiveSettings.model_fields:
        monkeypatch.delenv(f"WENBAO_{name.upper()}", raising=False)

    def ran(command: str, *arguments: object) -> int:
        return main([command, "--archive", str(tmp_path / "archive"), *map(str, arguments)])

    return ran


@pytest.fixture
def folder(tmp_path: Path, write_issue: WriteIssue) -> Path:
    write_issue("a.md", "2024-05-06", "放水\n卧虹水库今日放水。", "修灯\n灯笼巷的路灯亮了。")
    write_issue("b.md", "2024-05-07", "通车\n虹渡大桥九月通车。")
    return (tmp_path / "issues").resolve()


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capsys.readouterr().out))


# sync


def test_sync_says_what_it_did(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sync", folder) == 0
    out, err = capsys.readouterr()
    assert out.startswith("新增 2 期，更新 0 期，未变 0 个文件，移除 0 期，失败 0 个文件；收入 3 篇 3 段，用时 ")
    assert err == ""


def test_sync_as_json_names_every_issue(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sync", folder, "--json") == 0
    report = printed(capsys)
    assert isinstance(report.pop("seconds"), float)
    assert report == {
        "added": ["yxrb-2024-05-06", "yxrb-2024-05-07"],
        "replaced": [],
        "unchanged": [],
        "removed": [],
        "not_taken": [],
        "without_articles": [],
        "warnings": [],
        "articles": 3,
        "chunks": 3,
        "failed": [],
    }


def test_sync_exits_with_1_where_a_file_failed_and_names_it(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = folder / "c.md"
    readme.write_text("# 说明\n\n这里放报纸。\n", encoding="utf-8")
    assert run("sync", folder, "--json") == 1
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["added"], len(report["failed"])) == (["yxrb-2024-05-06", "yxrb-2024-05-07"], 1)
    assert (report["failed"][0]["path"], report["failed"][0]["line"]) == (str(readme), 1)
    assert report["failed"][0]["reason"].startswith("没有找到日期")
    assert err.startswith(f"失败：{readme}:1: 没有找到日期")


@pytest.mark.parametrize("chosen", [[], ["--json"]], ids=["text", "json"])
def test_a_name_that_is_not_utf_8_is_printed_escaped(
    run: Run, folder: Path, capfdbinary: pytest.CaptureFixture[bytes], chosen: list[str]
) -> None:
    (folder / os.fsdecode("灯.md".encode("gbk"))).write_text("2024-05-08 灯亮了。", encoding="utf-8")
    assert run("sync", folder, *chosen) == 1
    out, err = capfdbinary.readouterr()
    assert f"失败：{folder}/\\xb5\\xc6.md: 文件名或上层文件夹的名字不是 UTF-8" in err.decode()
    if chosen:
        assert [failed["path"] for failed in json.loads(out)["failed"]] == [f"{folder}/\\xb5\\xc6.md"]


def test_a_place_that_is_not_there_is_a_failure(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sync", folder / "gone") == 1
    assert f"失败：{folder / 'gone'}: 打不开文件（没有这个文件或文件夹）" in capsys.readouterr().err


def test_warnings_are_printed_and_do_not_fail(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text("砚溪日报\n2024年5月6日 星期二 总第8期\n\n# 放水\n\n水来了。\n", encoding="utf-8")
    assert run("sync", path) == 0
    assert capsys.readouterr().err == f"注意：{path}: 报头写的是星期二，而 2024-05-06 是星期一\n"


def test_a_dry_run_tells_how_each_file_would_be_read_and_writes_nothing(
    run: Run, folder: Path, tmp_path: Path, loaded: list[tuple[str, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "c.md").write_text("# 说明\n\n这里放报纸。\n", encoding="utf-8")
    (folder / "版面.xyz").write_bytes(b"x")
    assert run("sync", folder, "--dry-run") == 1
    out, err = capsys.readouterr()
    assert out == (
        f"{folder}/a.md：plain、UTF-8、新文件\n  砚溪日报 2024-05-06 2 篇：放水；修灯\n"
        f"{folder}/b.md：plain、UTF-8、新文件\n  砚溪日报 2024-05-07 1 篇：通车\n"
        f"失败：{folder}/c.md:1: 没有找到日期：请在开头的说明里写上（date: 2021-01-21），或写在第一个标题、文件名里\n"
        f"没有收 1 个文件，没有能读它们的读取器：{folder}/版面.xyz；有意不收的，请用 --ignore 指明\n"
        "共 3 个文件，可收 3 篇，1 个文件读不了；什么都没有写入\n"
    )
    assert err == ""
    assert (loaded, (tmp_path / "archive").exists()) == ([], False)
    run("sync", folder)
    (folder / "c.md").unlink()
    capsys.readouterr()
    loaded.clear()
    # A pattern takes one value each time, so that the folder may stand behind it.
    assert run("sync", "--dry-run", "--json", "--paper", "松烟晚报", "--ignore", "*.xyz", "--ignore", "b.*", folder) == 0
    assert printed(capsys) == {
        "files": [
            {
                "path": f"{folder}/a.md", "state": "changed", "reader": "plain", "encoding": "UTF-8",
                "issues": [
                    {
                        "issue_id": "sywb-2024-05-06", "paper": "松烟晚报", "issue_date": "2024-05-06", "last_date": None,
                        "edition": None, "issue_number": None, "pages": [], "articles": 2, "indexed": 2,
                        "headlines": [
                            {"title": "放水", "page": None, "byline": None}, {"title": "修灯", "page": None, "byline": None},
                        ],
                        "warnings": [],
                    }
                ],
                "warnings": [], "error": None,
            }
        ],
        "not_taken": [],
    }  # fmt: skip
    assert loaded == []
    assert run("sync", "--dry-run", "--ignore", "*.xyz", folder) == 0
    assert f"{folder}/a.md：plain、UTF-8、未变\n" in capsys.readouterr().out


def test_files_that_no_reader_takes_are_named_and_exit_with_1(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "版面.xyz").write_bytes(b"x")
    assert run("sync", folder) == 1
    assert capsys.readouterr().err == (
        f"没有收 1 个文件，没有能读它们的读取器：{folder}/版面.xyz；有意不收的，请用 --ignore 指明\n"
    )
    assert run("sync", folder, "--ignore", "*.xyz") == 0


def test_what_the_operator_says_of_files_reaches_the_readers(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def read(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        asked.append(options)
        return parse_file(path, raw)

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", read)
    options = ("--encoding", "big5", "--map", "title=标题，date=日期", "--paper", "松烟晚报")
    assert run("sync", folder / "a.md", *options) == 0
    assert asked == [ReadingOptions("松烟晚报", "big5", {"title": "标题", "date": "日期"})]
    assert run("sync", folder, "--map", "title") == 2
    assert "--map 里的“title”不是 项=名字" in capsys.readouterr().err


def test_sync_prunes_only_when_told(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("sync", folder)
    (folder / "b.md").unlink()
    capsys.readouterr()
    assert run("sync", folder, "--json") == 0
    assert printed(capsys)["removed"] == []
    assert run("sync", folder, "--json", "--prune") == 0
    assert printed(capsys)["removed"] == ["yxrb-2024-05-07"]


def test_an_idle_sync_loads_no_model(run: Run, folder: Path, loaded: list[tuple[str, bool]]) -> None:
    run("sync", folder)
    loaded.clear()
    assert run("sync", folder) == 0
    assert loaded == []


# remove, status, verify, rebuild, setup


def test_remove_removes_and_says_so(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("sync", folder)
    capsys.readouterr()
    assert run("remove", "yxrb-2024-05-06", "--json") == 0
    assert printed(capsys) == {"removed": ["yxrb-2024-05-06"]}
    assert run("remove", "yxrb-2024-05-07") == 0
    assert capsys.readouterr().out == "移除 1 期：yxrb-2024-05-07\n"
    assert run("remove", "yxrb-2024-05-07") == 1
    assert capsys.readouterr().err.startswith("错误：档案里没有：yxrb-2024-05-07；")


def test_status_tells_what_the_archive_holds(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", folder)
    capsys.readouterr()
    assert run("status", "--json") == 0
    status = printed(capsys)
    assert isinstance(status["bytes"], int)
    assert {name: status[name] for name in status if name not in ("bytes", "issue_ids")} == {
        "archive": str(tmp_path / "archive"),
        "papers": ["砚溪日报"],
        "files": 2,
        "issues": 2,
        "articles": 3,
        "chunks": 3,
        "from": "2024-05-06",
        "to": "2024-05-07",
        "schema": "4",
        "model": "intfloat/multilingual-e5-small (4-bit)",
        "dimension": "64",
        "chunk_size": "260",
        "chunk_overlap": "1",
        "generation": "2",
        "audit": [],
    }
    assert run("status") == 0
    assert "2 期，3 篇，3 段；2024-05-06 至 2024-05-07" in capsys.readouterr().out


def test_status_as_json_lists_the_issues(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("sync", folder)
    capsys.readouterr()
    run("status", "--json")
    assert printed(capsys)["issue_ids"] == ["yxrb-2024-05-06", "yxrb-2024-05-07"]


def test_status_tells_contradictions_and_gaps_of_mastheads(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "issues"
    folder.mkdir()
    head = (
        "砚溪日报\n\n2024年3月{day}日 星期{weekday} 农历甲辰年二月{moon}\n\n总第{number}期 今日4版\n\n"
        "# 放水\n\n卧虹水库放水。\n"
    )
    for day, weekday, moon, number in (("12", "二", "初三", 9316), ("15", "五", "初七", 9319)):
        text = head.format(day=day, weekday=weekday, moon=moon, number=number)
        (folder / f"{day}.md").write_text(text, encoding="utf-8")
    assert run("sync", folder) == 0
    odd = ["注意：yxrb-2024-03-15：报头写的是农历甲辰年二月初七，而 2024-03-15 是农历甲辰年二月初六",
           "注意：《砚溪日报》2024-03-12 至 2024-03-15 之间缺 2 期（总第 9317 至 9318 期）"]  # fmt: skip
    assert capsys.readouterr().err.splitlines() == odd
    assert run("status") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == odd
    run("status", "--json")
    audited: list[dict[str, object]] = printed(capsys)["audit"]  # type: ignore[assignment]
    assert [one["fault"] for one in audited] == ["lunar", "gap"]


def test_reprints_are_listed_first_print_first(run: Run, write_issue: WriteIssue, capsys: pytest.CaptureFixture[str]) -> None:
    wire = (
        "春灌\n新华社砚溪3月12日电 卧虹水库12日开闸放水，流量为每秒12立方米，可灌溉农田12.5万亩。"
        "市水利局局长郗春生说，渠道清淤已经完成，各村管水员已经到岗。"
    )
    write_issue("a.md", "2024-03-13", wire, paper="松烟晚报")
    places = write_issue("b.md", "2024-03-14", wire).parent
    run("sync", places)
    capsys.readouterr()
    assert run("reprints") == 0
    assert capsys.readouterr().out.splitlines() == [
        "《松烟晚报》2024-03-13《春灌》（sywb-2024-03-13-01）",
        "    另见：《砚溪日报》2024-03-14《春灌》（yxrb-2024-03-14-01）",
    ]  # fmt: skip
    assert run("reprints", "--json") == 0
    assert [len(group) for group in printed(capsys)["groups"]] == [2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["status", "verify", "rebuild"])
def test_a_missing_archive_is_an_error_with_the_command_that_makes_one(
    run: Run, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("这里没有档案；建立档案请运行：python -m embeddings sync DIR\n")


def test_verify_exits_with_1_where_something_is_wrong(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", folder)
    capsys.readouterr()
    assert run("verify", "--json") == 0
    assert printed(capsys) == {"ok": True, "problems": []}
    assert run("verify") == 0
    assert capsys.readouterr().out == "完好：目录、检索词、向量和快照都相符。\n"
    (tmp_path / "archive" / "vectors.json").unlink()
    problem = "向量：没有可用的快照；修复请运行：python -m embeddings rebuild --index-only"
    assert run("verify", "--json") == 1
    assert printed(capsys) == {"ok": False, "problems": [problem]}
    assert run("verify") == 1
    assert capsys.readouterr().out == f"{problem}\n"


def test_rebuild_of_the_index_alone_mends_the_snapshot_and_loads_no_model(
    run: Run, folder: Path, tmp_path: Path, loaded: list[tuple[str, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", folder)
    (tmp_path / "archive" / "vectors.json").unlink()
    loaded.clear()
    capsys.readouterr()
    assert run("rebuild", "--index-only", "--json") == 0
    assert (printed(capsys), loaded) == ({"chunks": 3}, [])
    assert run("verify") == 0


def test_rebuild_with_a_model_named_may_fetch_it_and_without_may_not(
    run: Run, folder: Path, loaded: list[tuple[str, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", folder)
    made = loaded[0][0]
    loaded.clear()
    assert run("rebuild") == 0
    assert capsys.readouterr().out.endswith("重建完成：3 段\n")
    assert run("rebuild", "--model", "wide", "--json") == 0
    assert printed(capsys) == {"chunks": 3}
    assert loaded == [(made, False), ("wide", True)]
    run("status", "--json")
    status = printed(capsys)
    assert (status["model"], status["dimension"]) == ("wide", "128")


def test_a_sync_with_another_model_is_refused_with_the_mending_command(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", folder)
    monkeypatch.setenv("WENBAO_MODEL", "wide")
    capsys.readouterr()
    assert run("sync", folder) == 1
    assert capsys.readouterr().err.endswith(f'python -m embeddings rebuild --archive {tmp_path / "archive"} --model "wide"\n')


@pytest.mark.parametrize(("asked", "name"), [((), DEFAULT_MODEL), (("--model", "wide"), "wide")], ids=["default", "another"])
def test_setup_may_fetch_the_model(
    run: Run, loaded: list[tuple[str, bool]], capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], name: str
) -> None:
    assert run("setup", "--json", *asked) == 0
    assert printed(capsys)["model"] == name
    assert loaded == [(name, True)]


# watch


def test_watch_takes_what_is_there_and_what_comes_and_tells_each_in_a_line(
    run: Run, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def changes(*places: Path, **settings: object) -> Iterator[set[tuple[int, str]]]:
        assert places == (folder,)
        write_issue("c.md", "2024-05-08", "春茶\n茶臼村开园采茶。")
        (folder / "d.md").write_text("# 没有日期\n没有日期。\n", encoding="utf-8")
        yield {(1, "c.md")}
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", changes)
    assert run("watch", "--settle", "0", "--json", folder) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["event"], one.get("issue_id")) for one in events] == [
        ("watching", None), ("added", "yxrb-2024-05-06"), ("added", "yxrb-2024-05-07"), ("added", "yxrb-2024-05-08"),
        ("failed", None), ("stopped", None),
    ]  # fmt: skip
    assert events[4]["path"] == str(folder / "d.md")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_watch_stops_cleanly_on_a_signal(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    def changes(*places: Path, **settings: object) -> Iterator[set[tuple[int, str]]]:
        signal.raise_signal(getattr(signal, name))
        yield set()

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("watchfiles.watch", changes)
    assert run("watch", folder, "--settle", "0") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[1] for line in lines[1:]] == [
        "收入 yxrb-2024-05-06", "收入 yxrb-2024-05-07", "停止守候；已完成的部分都已保存",
    ]  # fmt: skip
    assert signal.getsignal(signal.SIGTERM) == before


def test_watch_of_what_is_no_folder_is_wrong_usage(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("watch", folder / "a.md") == 2
    assert capsys.readouterr().err == f"错误：{folder / 'a.md'} 不是文件夹\n"


# Languages


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    """A folder with a file for each fault that a reader meets, and two good ones; names and contents are in letters."""
    folder = (tmp_path / "bad").resolve()
    folder.mkdir()
    files: dict[str, str | bytes] = {
        "good.md": "---\npaper: Yanxi\ndate: 2024-05-06\n---\n# Rain\n\nIt rained.\n",
        "same.md": "---\npaper: Yanxi\ndate: 2024-05-06\n---\n# Sun\n\nIt shone.\n",
        "yaml.md": "---\npaper: [\n---\n# Rain\n\nIt rained.\n",
        "field.md": "---\ndate: [1, 2]\n---\n# Rain\n\nIt rained.\n",
        "undated.md": "# Rain\n\nIt rained.\n",
        "untold.md": "# 2024-05-07\n",
        "number.md": "---\npaper: Yanxi\ndate: 2024-05-08\nnumber: twelve\n---\n# Rain\n\nIt rained.\n",
        "empty.md": "",
        "bytes.md": b"2024-05-06 \xff\xff",
        "nul.md": b"2024-05-06\n\n# Rain\n\n\0",
        "day.md": "# 《新闻联播》 (20241301)\n\n## 详细新闻\n\n### Rain\n\nIt rained.\n",
        "silent.md": "# 《新闻联播》 (20240506)\n\n## 详细新闻\n\n### Rain\n",
        "deep.md": f"# 《新闻联播》 (20240507)\n\n## 详细新闻\n\n### Rain\n\n{'<b>' * 600}It rained.\n",
        "left-out.md": "# 《新闻联播》 (20240508)\n\n## 详细新闻\n\n### Rain\n\nIt rained.\n\n### Sun\n",
        "masthead.md": "2024年5月6日 总第8期\n\n# Rain\n\nIt rained.\n",
        "no-day.md": "砚溪日报\n总第8期\n\n# Rain\n\nIt rained.\n",
        "no-article.md": "砚溪日报\n2024年5月9日 总第8期\n",
        "long-number.md": "砚溪日报\n2024年5月9日 总第8888888888期\n\n# Rain\n\nIt rained.\n",
        "page.exe": b"MZ",
        os.fsdecode(b"\xb5\xc6.md"): "2024-05-06 Rain",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "loop.md").symlink_to(folder / "loop.md")
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["setting", "option"])
def test_every_report_is_in_the_chosen_language_alone(
    run: Run, bad_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    language: str, by: str,
) -> None:  # fmt: skip
    chosen = ("--lang", language) if by == "option" else ()
    monkeypatch.setenv("WENBAO_LANG", language if by == "setting" else "zh")
    (tmp_path / "names.txt").write_text("Yanxi,,Yan", encoding="utf-8")
    told: list[str] = []

    def tell(code: int, *arguments: object) -> None:
        assert run(*arguments, *chosen) == code
        told.extend("".join(capfd.readouterr()).splitlines())

    tell(1, "status")
    named = [bad_folder / name for name in ("page.exe", "gone.md", "loop.md", f"{'a' * 300}.md")]
    tell(1, "sync", bad_folder, *named)
    assert len([line for line in told if line.startswith(("失败", "Failed"))]) == 20
    assert len([line for line in told if line.startswith(("注意", "Note"))]) == 1
    tell(0, "status")
    tell(0, "verify")
    tell(0, "rebuild")
    (tmp_path / "archive" / "vectors.json").unlink()
    tell(1, "verify")
    with sqlite3.connect(tmp_path / "archive" / "catalog.sqlite") as db:
        db.execute("UPDATE chunks SET vector = x'00000000', start = -1")
        db.execute("DELETE FROM words")
    db.close()
    tell(1, "verify")
    tell(1, "remove", "none-2024-01-01")
    tell(2, "watch", bad_folder / "good.md")
    monkeypatch.setenv("WENBAO_NAMES", str(tmp_path / "names.txt"))
    tell(1, "verify")
    monkeypatch.setenv("WENBAO_NAMES", str(tmp_path / "none.txt"))
    tell(1, "verify")
    monkeypatch.delenv("WENBAO_NAMES")
    monkeypatch.setenv("WENBAO_CHUNK_SIZE", "100")
    tell(1, "sync", bad_folder)
    for wrong in ("1", "3000", "many"):
        monkeypatch.setenv("WENBAO_CHUNK_SIZE", wrong)
        tell(1, "status")
    monkeypatch.delenv("WENBAO_CHUNK_SIZE")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "catalog.sqlite").write_bytes(b"no catalogue" * 100)
    tell(1, "status", "--archive", tmp_path / "broken")
    assert len(told) > 40
    found = chinese_in if language == "en" else english_in
    # The papers' own names are told as they are printed.
    bare = [line.replace(str(tmp_path), "").replace("新闻联播", "") for line in told]
    assert [line for line in bare if found(line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_does_not_change_what_a_script_reads(
    run: Run, bad_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    run("sync", bad_folder, "--json", "--lang", language)
    report = printed(capsys)
    assert {
        "added",
        "replaced",
        "unchanged",
        "removed",
        "not_taken",
        "without_articles",
        "warnings",
        "articles",
        "chunks",
        "failed",
        "seconds",
    } == set(report)
    assert (report["added"], report["articles"]) == (["yanxi-2024-05-06", "xwlb-2024-05-08"], 3)


@pytest.mark.parametrize(("language", "told"), [("zh", "管理报纸档案"), ("en", "Keep a newspaper archive")])
def test_help_is_in_the_chosen_language(capsys: pytest.CaptureFixture[str], language: str, told: str) -> None:
    assert main(["--lang", language, "--help"]) == 0
    assert told in capsys.readouterr().out
    assert main(["sync", "--lang", language, "-h"]) == 0
    assert MESSAGES.message("help_prune").told(language)[:8] in capsys.readouterr().out
    for arguments in (["--help", "--lang", language], ["sync", "-h", f"--lang={language}"]):
        assert main(arguments) == 0
        told_last = capsys.readouterr().out
        assert (english_in(told_last) == []) if language == "zh" else (chinese_in(told_last) == [])


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["bogus"], "没有 bogus 这个命令"), (["sync"], "缺少 DIR|FILE..."), (["sync", "x", "--jso"], "没有 --jso 这个选项"),
        (["status", "more"], "参数多了或少了"), (["status", "--archive"], "--archive 后面缺少值"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_the_chosen_language(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.endswith(f"错误：{fault}\n")
    assert chosen_language() == "zh"


def test_a_language_without_a_table_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("status", "--lang", "fr") == 2
    monkeypatch.setenv("WENBAO_LANG", "fr")
    capsys.readouterr()
    assert run("status") == 1
    assert capsys.readouterr().err == "错误：WENBAO_LANG='fr': 应是其中之一：zh, en\n"


@pytest.mark.parametrize("arguments", [["--help"], ["sync", "--help"], ["sync"], ["sing"]], ids=" ".join)
@pytest.mark.parametrize("program", [["-m", "embeddings"], ["-m", "qa"], ["serve.py"]], ids=" ".join)
def test_help_and_wrong_usage_import_no_model(program: list[str], arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *program, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == (0 if "--help" in arguments and ("sync" not in arguments or program[-1] != "qa") else 2)
    imported = set(re.findall(r"\|\s+(\w+)$", done.stderr, re.MULTILINE))
    assert "click" in imported
    assert imported & {"torch", "transformers", "numpy", "faiss", "jieba", "flask"} == set()


# Usage


@pytest.mark.parametrize(
    "arguments",
    [["sync"], ["remove"], ["watch"], ["unknown"], ["status", "extra"], ["sync", ".", "--none"], ["rebuild", "--model"]],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(run: Run, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert "用法：python -m embeddings" in capsys.readouterr().err


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "用法：python -m embeddings" in capsys.readouterr().err


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WENBAO_CHUNK_SIZE", "1")
    assert run("status") == 1
    assert capsys.readouterr().err.startswith("错误：WENBAO_CHUNK_SIZE='1': ")


def test_an_interrupted_command_says_that_its_work_is_kept(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object, **settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("embeddings.ingest.sync.sync", interrupted)
    assert run("sync", folder) == 1
    assert capsys.readouterr().err == "已中断；已完成的部分都已保存。\n"


def test_status_of_a_process_of_its_own_imports_no_model(run: Run, folder: Path, tmp_path: Path) -> None:
    run("sync", folder)
    code = (
        "import sys; from embeddings.__main__ import main; code = main(['status']);"
        "sys.exit(code or 3 * any(name in sys.modules for name in ('torch', 'faiss', 'jieba')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"WENBAO_ARCHIVE": str(tmp_path / "archive")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "2 个文件，2 期，3 篇，3 段" in done.stdout.decode()
