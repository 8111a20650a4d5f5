"""A sync brings the archive in step with its files, whatever is broken, moved, edited or killed on the way."""

import importlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.errors import ArchiveError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.ingest.preview import preview
from embeddings.ingest.sync import SyncReport, sync
from embeddings.records import Filters
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.verification import verify
from embeddings.text.segmentation import search_words
from tests.support.doubles import ToyEncoder
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("english")

OpenArchive = Callable[..., Archive]
WriteIssue = Callable[..., Path]
WATER, LAMPS, BRIDGE = "放水\n卧虹水库今日开闸放水。", "修灯\n灯笼巷的路灯全亮了。", "通车\n虹渡大桥九月通车。"


@pytest.fixture
def archive(open_archive: OpenArchive) -> Archive:
    return open_archive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "issues"


def ids(archive: Archive) -> list[str]:
    return sorted(summary.issue_id for summary in archive.issues())


def found(archive: Archive, question: str) -> dict[str, tuple[bool, bool]]:
    """Say for each issue found whether words and vector find it, each asked alone."""
    filters = Filters()
    words = archive.passages([key for key, _ in archive.lexical_search(search_words(question), 50, filters)])
    near = archive.refresh().search(archive.encoder.encode_queries([question]), 50)
    close = archive.passages([key for key, cosine in near if cosine > 0.5])
    lexical, dense = ({p.issue_id for p in found.values()} for found in (words, close))
    return {issue_id: (issue_id in lexical, issue_id in dense) for issue_id in sorted(lexical | dense)}


# What a sync adds and leaves alone


def test_new_files_are_added_and_found_by_words_and_by_meaning(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER, LAMPS)
    write_issue("b.md", "2024-05-07", BRIDGE)
    report = sync(archive, [folder])
    assert report == SyncReport(added=["yxrb-2024-05-06", "yxrb-2024-05-07"], articles=3, chunks=3)
    assert found(archive, "卧虹水库今日开闸放水。") == {"yxrb-2024-05-06": (True, True)}
    assert found(archive, "虹渡大桥九月通车。") == {"yxrb-2024-05-07": (True, True)}
    assert verify(archive) == []


def test_the_days_of_a_passage_are_read_against_its_issue(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    for day in ("2024-05-06", "2024-05-07"):
        write_issue(f"{day}.md", day, "放水\n卧虹水库昨日开闸放水。")
    sync(archive, [folder])
    passages = archive.passages(archive.keys().tolist()).values()
    spoken = {
        passage.issue_date.day: [(days.first.isoformat(), days.precision) for days in passage.days] for passage in passages
    }
    assert spoken == {6: [("2024-05-05", "day")], 7: [("2024-05-06", "day")]}


def test_unchanged_files_encode_nothing(archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER, LAMPS)
    sync(archive, [folder])
    assert toy.texts == ["放水\n卧虹水库今日开闸放水。", "修灯\n灯笼巷的路灯全亮了。"]
    generation = archive.searched_generation
    report = sync(archive, [folder])
    assert report == SyncReport(unchanged=[str(folder.resolve() / "a.md")])
    assert (len(toy.texts), archive.searched_generation) == (2, generation)


def test_only_the_changed_file_is_encoded_again(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    write_issue("b.md", "2024-05-07", LAMPS)
    sync(archive, [folder])
    toy.texts.clear()
    write_issue("b.md", "2024-05-07", BRIDGE)
    report = sync(archive, [folder])
    assert (report.replaced, len(report.unchanged)) == (["yxrb-2024-05-07"], 1)
    assert toy.texts == ["通车\n虹渡大桥九月通车。"]


def test_a_changed_file_leaves_nothing_of_its_old_text_to_find(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER, LAMPS)
    sync(archive, [folder])
    write_issue("a.md", "2024-05-06", BRIDGE)
    sync(archive, [folder])
    assert found(archive, "卧虹水库今日开闸放水。") == {}
    assert found(archive, "灯笼巷的路灯全亮了。") == {}
    assert archive.lexical_search(["卧虹", "水库", "灯笼"], 50) == []
    assert archive.refresh().keys.tolist() == archive.keys().tolist() == [3]
    assert found(archive, "虹渡大桥九月通车。") == {"yxrb-2024-05-06": (True, True)}
    assert [hit.passage.text for hit in archive.search("卧虹水库今日开闸放水。")] == ["虹渡大桥九月通车。"]
    assert verify(archive) == []


def test_warnings_of_an_issue_are_reported_with_its_file(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("砚溪日报\n2024年5月6日 星期二 总第8期\n\n# 放水\n\n水来了。\n", encoding="utf-8")
    assert sync(archive, [path]).warnings == [f"{path}: the masthead says 星期二, but 2024-05-06 was a Monday"]


def test_progress_is_told_of_every_file_with_its_chunks(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    done: list[tuple[str, int]] = []

    def progress(path: Path, chunks: int) -> None:
        done.append((path.name, chunks))

    write_issue("a.md", "2024-05-06", WATER, LAMPS)
    sync(archive, [folder])
    write_issue("b.md", "2024-05-07", BRIDGE)
    (folder / "c.md").write_text("", encoding="utf-8")
    sync(archive, [folder], progress=progress)
    assert sorted(done) == [("a.md", 0), ("b.md", 1), ("c.md", 0)]


# Files that fail


def test_a_broken_file_among_good_ones_is_named_and_nothing_of_it_is_stored(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    bad = write_issue("b.md", "2024-05-07", LAMPS)
    bad.write_text(bad.read_text(encoding="utf-8").replace("date: 2024-05-07", "date: [2024"), encoding="utf-8")
    write_issue("c.md", "2024-05-08", BRIDGE)
    (folder / "A.md").write_text("# 说明\n\n这里放每天的报纸。\n", encoding="utf-8")
    report = sync(archive, [folder, folder / "gone.md"])
    assert report.added == ["yxrb-2024-05-06", "yxrb-2024-05-08"] == ids(archive)
    assert [(Path(error.path).name, error.line, error.reason.split(" (")[0]) for error in report.failed] == [
        ("A.md", 1, "no date found; write one in the front matter"),
        ("b.md", 4, "the front matter is not valid YAML"),
        ("gone.md", None, "cannot be opened"),
    ]
    assert found(archive, "灯笼巷的路灯全亮了。") == {}
    assert verify(archive) == []


@pytest.mark.parametrize("place", ["newspaper", "plain", "split", "days", "words"])
@pytest.mark.parametrize(
    "error", [KeyError("水"), RecursionError("too deep"), ValueError(""), OSError("gone"), AssertionError()]
)
def test_whatever_a_file_makes_the_code_stumble_over_is_its_own_failure(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch,
    place: str, error: Exception,
) -> None:  # fmt: skip
    write_issue("a.md", "2024-05-06", WATER)
    bad = write_issue("b.md", "2024-05-07", LAMPS)
    write_issue("c.md", "2024-05-08", BRIDGE)
    if place == "newspaper":
        bad.write_text("砚溪日报\n2024年5月7日 总第8期\n\n# 修灯\n\n灯笼巷的路灯全亮了。\n", encoding="utf-8")
    stumble_over(monkeypatch, place, "路灯", error)
    report = sync(archive, [folder])
    assert report.added == ["yxrb-2024-05-06", "yxrb-2024-05-08"] == ids(archive)
    (failed,) = report.failed
    assert (failed.path, failed.line, failed.code) == (str(bad), None, "stumbled")
    assert failed.reason.startswith(f"cannot be read ({type(error).__name__}")
    assert not any("路灯" in text for text in toy.texts)
    assert verify(archive) == []


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
def test_what_is_no_files_fault_ends_the_sync(
    archive: Archive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    write_issue("b.md", "2024-05-07", LAMPS)
    stumble_over(monkeypatch, "plain", "路灯", error)
    with pytest.raises(type(error)):
        sync(archive, [folder])


def stumble_over(monkeypatch: pytest.MonkeyPatch, place: str, word: str, error: BaseException) -> None:
    """Make one step of a file's way into the archive raise where its text holds a word."""
    owner, name = {
        "newspaper": ("embeddings.formats.newspaper", "split_blocks"),
        "plain": ("embeddings.formats.plain", "split_blocks"),
        "split": ("embeddings.store.records", "split_article"),
        "days": ("embeddings.ingest.entries", "chunk_days"),
        "words": ("embeddings.ingest.entries", "search_words"),
    }[place]
    real = getattr(importlib.import_module(owner), name)

    def stumbling(*values: object) -> object:
        if any(word in str(value) for value in values):
            raise error
        return real(*values)

    monkeypatch.setattr(f"{owner}.{name}", stumbling)


NESTED = "# 《砚溪联播》 (20240507)\n\n## 详细新闻\n\n### 修灯\n\n{}路灯全亮了。\n"
HEADED = "砚溪日报\n2024年5月7日 {}\n\n# 修灯\n\n灯笼巷的路灯全亮了。\n"
NUMBERED = "---\npaper: 砚溪日报\ndate: 2024-05-07\n{}\n---\n# 修灯\n\n灯笼巷的路灯全亮了。\n"
LOVES = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9) if n else '水'}]\n" for n in range(12))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (NUMBERED.format("number: ②"), 1, "bad_number"),
        (NUMBERED.format("number: ⅷ"), 1, "bad_number"),
        (NUMBERED.format(f"number: {10**20}"), 1, "bad_number"),
        (NUMBERED.format(f"number: '{'1' * 5000}'"), 1, "bad_number"),
        (NUMBERED.format("number: -3"), 1, "bad_number"),
        (NUMBERED.format("x: " + "[" * 5000), 4, "front_matter"),
        (NUMBERED.format("x: !!timestamp 水"), 1, "front_matter"),
        (NUMBERED.format("x: !!bool 水"), 1, "front_matter"),
        (NUMBERED.format(f"{LOVES}number: *x11"), 1, "front_matter"),
        (HEADED.format(f"总第{10**20}期"), 2, "masthead_number"),
        (HEADED.format(f"总第8期 今日{'9' * 5000}版"), 2, "masthead_number"),
        (NESTED.format("<div>" * 2000), 5, "too_deep"),
        (NESTED.format("<b><i>" * 2000), 5, "too_deep"),
    ],
    ids=[
        *(
            "circled",
            "small roman",
            "twenty digits",
            "5000 digits",
            "negative",
            "nested list",
            "no time",
            "no truth",
            "aliases",
        ),
        *("issue", "pages", "nested blocks", "unclosed letters"),
    ],
)
def test_a_number_or_a_nesting_beyond_measure_fails_its_file_alone(
    archive: Archive, folder: Path, write_issue: WriteIssue, text: str, line: int, code: str
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    (folder / "b.md").write_text(text, encoding="utf-8")
    write_issue("c.md", "2024-05-08", BRIDGE)
    report = sync(archive, [folder])
    assert report.added == ["yxrb-2024-05-06", "yxrb-2024-05-08"]
    assert [(Path(error.path).name, error.line, error.code) for error in report.failed] == [("b.md", line, code)]
    assert len(str(report.failed[0])) < 400 + len(str(folder))


@pytest.mark.parametrize(
    "text", [NESTED.format("<div>" * 400), NUMBERED.format("x: " + "[" * 500 + "]" * 500)], ids=["HTML", "YAML"]
)
def test_what_is_nested_within_measure_is_read(archive: Archive, folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "b.md").write_text(text, encoding="utf-8")
    assert sync(archive, [folder]).failed == []
    assert found(archive, "路灯")["yxrb-2024-05-07" if "paper" in text else "yxlb-2024-05-07"][0]


def test_a_name_that_is_not_utf_8_is_refused_by_its_bytes(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    for name in ("灯.md", "巷/灯.md"):
        path = os.fsencode(folder) + b"/" + name.encode("gbk")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(os.fsdecode(path)).write_text(NUMBERED.format(""), encoding="utf-8")
    report = sync(archive, [folder], prune=True)
    assert report.added == ["yxrb-2024-05-06"]
    assert [error.path for error in report.failed] == [f"{folder}/\\xb5\\xc6.md", f"{folder}/\\xcf\\xef/\\xb5\\xc6.md"]
    assert {error.code for error in report.failed} == {"name_encoding"}


def test_what_cannot_be_looked_at_is_named(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    (folder / "b.md").symlink_to("c.md")
    (folder / "c.md").symlink_to("b.md")
    long = folder / ("水" * 300 + ".md")
    report = sync(archive, [folder, folder / "b.md", long], prune=True)
    assert report.added == ["yxrb-2024-05-06"]
    assert [(error.path, error.code) for error in report.failed] == [
        (str(folder / "b.md"), "not_opened"), (str(long), "not_opened"),
    ]  # fmt: skip


def test_facts_that_no_table_takes_fail_their_file_alone(
    archive: Archive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    bad = write_issue("b.md", "2024-05-07", LAMPS)
    write_issue("c.md", "2024-05-08", BRIDGE)

    def read(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        reading = parse_file(path, raw, options)
        return replace(reading, issues=(replace(reading.issues[0], issue_number=10**20),)) if path == bad else reading

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", read)
    report = sync(archive, [folder])
    assert report.added == ["yxrb-2024-05-06", "yxrb-2024-05-08"] == ids(archive)
    assert [(error.path, error.code) for error in report.failed] == [(str(bad), "not_stored")]
    assert verify(archive) == []


def test_a_page_without_a_sentence_mark_makes_passages_of_bounded_length(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", "放水\n" + "渠水来了田水满了灯亮" * 600)
    assert sync(archive, [folder]).failed == []
    assert len(toy.texts) == 20
    assert max(map(len, toy.texts)) == len("放水\n") + 300


def test_a_file_that_breaks_leaves_the_issue_it_gave_before(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    path = write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    path.write_bytes(b"\x00")
    report = sync(archive, [folder], prune=True)
    assert [error.reason for error in report.failed] == ["holds NUL bytes, so it is not a text file"]
    assert found(archive, "卧虹水库今日开闸放水。") == {"yxrb-2024-05-06": (True, True)}


class _Breaking(ToyEncoder):
    """An encoder that gives way when it meets the lamps."""

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("路灯" in text for text in texts):
            raise RuntimeError("out of memory")
        return super().encode_passages(texts)


def test_an_encoder_that_fails_keeps_the_issues_before_and_nothing_half(
    open_archive: OpenArchive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.ingest.sync._ENCODE_TOGETHER", 1)
    write_issue("a.md", "2024-05-06", WATER)
    write_issue("b.md", "2024-05-07", BRIDGE, LAMPS)
    write_issue("c.md", "2024-05-08", WATER)
    archive = open_archive(_Breaking())
    with pytest.raises(RuntimeError, match="out of memory"):
        sync(archive, [folder])
    assert ids(archive) == ["yxrb-2024-05-06"]
    assert found(archive, "虹渡大桥九月通车。") == {}
    assert verify(archive) == []
    again = sync(open_archive(), [folder])
    assert (again.added, len(again.unchanged)) == (["yxrb-2024-05-07", "yxrb-2024-05-08"], 1)


def test_an_issue_replaced_by_an_encoder_that_fails_stays_as_it_was(
    open_archive: OpenArchive, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    archive = open_archive(_Breaking())
    sync(archive, [folder])
    write_issue("a.md", "2024-05-06", LAMPS)
    with pytest.raises(RuntimeError, match="out of memory"):
        sync(archive, [folder])
    assert found(archive, "卧虹水库今日开闸放水。") == {"yxrb-2024-05-06": (True, True)}
    assert verify(archive) == []


# A process that is killed

_CHILD = """
    import os, sys, time
    import numpy as np
    from pathlib import Path
    from embeddings.ingest import sync
    from embeddings.store import archive, faiss_index, sqlite_files
    from embeddings.settings import ArchiveSettings

    def stand_still():
        print("here", flush=True)
        time.sleep(60)

    class Slow:
        name, dimension = "toy", 64

        def encode_passages(self, texts):
            if MOMENT == "encoding" and any("路灯" in text for text in texts):
                stand_still()
            return np.full((len(texts), 64), 1 / 8, dtype=np.float32)

    MOMENT = sys.argv[1]
    sync._ENCODE_TOGETHER = 1
    insert, replace = sqlite_files.insert_chunks, os.replace

    def slow_insert(db, article_id, entry, suffix=""):
        insert(db, article_id, entry, suffix)
        if MOMENT == "storing" and article_id == "yxrb-2024-05-07-01":
            stand_still()

    def slow_replace(source, target):
        if MOMENT == "saving" and target.suffix == ".json":  # the snapshot is written, its stamp is not
            stand_still()
        replace(source, target)

    sqlite_files.insert_chunks, faiss_index.os.replace = slow_insert, slow_replace
    settings = ArchiveSettings.load(archive=Path(sys.argv[2]))
    opened = archive.Archive.open(settings, lambda name: Slow(), create=True)
    sync.sync(opened, [Path(sys.argv[3])])
"""


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("encoding", ["yxrb-2024-05-06"]),
        ("storing", ["yxrb-2024-05-06"]),
        ("saving", ["yxrb-2024-05-06", "yxrb-2024-05-07", "yxrb-2024-05-08"]),
    ],
)
def test_a_killed_sync_keeps_what_it_had_done_and_can_be_run_again(
    open_archive: OpenArchive, tmp_path: Path, folder: Path, write_issue: WriteIssue, moment: str, kept: list[str]
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    write_issue("b.md", "2024-05-07", BRIDGE, LAMPS)
    write_issue("c.md", "2024-05-08", WATER)
    script = tmp_path / "child.py"
    script.write_text(textwrap.dedent(_CHILD), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, str(script), moment, str(tmp_path / "archive"), str(folder)],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()

    archive = open_archive()
    assert ids(archive) == kept
    assert len(archive) == archive.extent().chunks
    assert [problem for problem in verify(archive) if problem.key != "verify_no_snapshot"] == []
    report = sync(archive, [folder])
    assert len(report.unchanged) == len(kept)
    assert ids(archive) == ["yxrb-2024-05-06", "yxrb-2024-05-07", "yxrb-2024-05-08"]
    archive.save_index()
    assert verify(archive) == []
    assert [hit.passage.issue_id for hit in archive.search("灯笼巷的路灯") if hit.lexical > 0] == ["yxrb-2024-05-07"]


# Files that move, and issues that meet


def test_a_moved_file_is_followed_and_not_encoded_again(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue
) -> None:
    path = write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    toy.texts.clear()
    moved = path.parent / "2024" / "五月.md"
    moved.parent.mkdir()
    path.rename(moved)
    report = sync(archive, [folder], prune=True)
    assert (report, toy.texts) == (SyncReport(unchanged=[str(moved)]), [])
    assert [stored.path for stored in archive.stored_files(issue_id="yxrb-2024-05-06")] == [str(moved)]
    write_issue("2024/五月.md", "2024-05-06", LAMPS)
    assert sync(archive, [folder]).replaced == ["yxrb-2024-05-06"]


def test_a_copy_is_unchanged_and_becomes_the_source_when_the_original_goes(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    path = write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    copy = write_issue("b.md", "2024-05-06", WATER)
    assert sync(archive, [folder]) == SyncReport(unchanged=[str(path), str(copy)])
    path.unlink()
    assert sync(archive, [folder], prune=True) == SyncReport(unchanged=[str(copy)])
    assert [stored.path for stored in archive.stored_files(issue_id="yxrb-2024-05-06")] == [str(copy)]


def test_two_dated_names_with_the_same_words_are_two_issues(archive: Archive, folder: Path) -> None:
    folder.mkdir()
    for day in ("2024-05-06", "2024-05-07"):
        (folder / f"{day}.md").write_text(f"# {WATER}\n", encoding="utf-8")
        sync(archive, [folder])
    assert [issue_id[-10:] for issue_id in ids(archive)] == ["2024-05-06", "2024-05-07"]


def test_a_file_renamed_to_another_date_is_another_issue(archive: Archive, folder: Path) -> None:
    folder.mkdir()
    path = folder / "2024-05-06.md"
    path.write_text(f"# {WATER}\n", encoding="utf-8")
    sync(archive, [folder])
    path.rename(folder / "2024-05-07.md")
    sync(archive, [folder], prune=True)
    assert [issue_id[-10:] for issue_id in ids(archive)] == ["2024-05-07"]


def test_a_moved_file_survives_a_new_one_at_its_old_place(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    path = write_issue("today.md", "2024-05-06", WATER)
    sync(archive, [folder])
    (folder / "old").mkdir()
    path.rename(folder / "old" / "a.md")
    write_issue("today.md", "2024-05-07", LAMPS)
    sync(archive, [folder])
    assert ids(archive) == ["yxrb-2024-05-06", "yxrb-2024-05-07"]


def test_a_file_whose_date_was_edited_leaves_no_issue_behind(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    write_issue("a.md", "2024-05-07", WATER)
    report = sync(archive, [folder])
    assert (report.added, report.removed) == (["yxrb-2024-05-07"], ["yxrb-2024-05-06"])
    assert ids(archive) == ["yxrb-2024-05-07"]
    assert found(archive, "卧虹水库今日开闸放水。") == {"yxrb-2024-05-07": (True, True)}


@pytest.mark.parametrize("together", [True, False], ids=["in one sync", "in two syncs"])
def test_the_second_file_of_a_day_adds_its_articles(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue, together: bool
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    if not together:
        assert sync(archive, [folder]).added == ["yxrb-2024-05-06"]
    write_issue("b.md", "2024-05-06", LAMPS, BRIDGE)
    report = sync(archive, [folder])
    assert (report.failed, report.warnings, report.articles) == ([], [], 3 if together else 2)
    assert (report.added if together else report.replaced) == ["yxrb-2024-05-06"]
    assert report.replaced == [] or not together
    assert titles(archive, "yxrb-2024-05-06") == {"01": "放水", "02": "修灯", "03": "通车"}
    toy.texts.clear()
    write_issue("b.md", "2024-05-06", BRIDGE)
    assert sync(archive, [folder]).replaced == ["yxrb-2024-05-06"]
    assert (titles(archive, "yxrb-2024-05-06"), toy.texts) == ({"01": "放水", "03": "通车"}, [])
    (folder / "a.md").unlink()
    assert sync(archive, [folder], prune=True).replaced == ["yxrb-2024-05-06"]
    assert titles(archive, "yxrb-2024-05-06") == {"03": "通车"}
    assert verify(archive) == []


def titles(archive: Archive, issue_id: str) -> dict[str, str]:
    """The headlines of an issue by the numbers of their articles."""
    issue = archive.issue(issue_id)
    assert issue is not None
    return {issue.id_at(place)[-2:]: article.title for place, article in enumerate(issue.articles)}


def test_of_a_changed_file_only_the_articles_that_changed_are_encoded(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER, LAMPS, BRIDGE)
    sync(archive, [folder])
    keys = archive.keys().tolist()
    toy.texts.clear()
    mended = LAMPS.replace("全亮", "都亮")
    write_issue("a.md", "2024-05-06", "春茶\n茶臼村开园采茶。", mended, WATER)
    report = sync(archive, [folder])
    assert (report.articles, report.chunks) == (2, 2)
    assert toy.texts == ["春茶\n茶臼村开园采茶。", mended]
    # The mended one keeps its number, and the number of the one that went is given to no other.
    assert titles(archive, "yxrb-2024-05-06") == {"04": "春茶", "02": "修灯", "01": "放水"}
    assert archive.keys().tolist()[0] == keys[0]
    assert archive.passage_at("yxrb-2024-05-06-03") is None
    assert verify(archive) == []


@pytest.mark.parametrize("together", [True, False], ids=["in one sync", "in two syncs"])
def test_the_same_article_of_another_file_is_refused_by_name(
    archive: Archive, folder: Path, write_issue: WriteIssue, together: bool
) -> None:
    first = write_issue("a.md", "2024-05-06", WATER)
    if not together:
        sync(archive, [folder])
    # Set otherwise, yet the same letters.
    second = write_issue("b.md", "2024-05-06", "放 水\n卧虹水库，今日开闸放水！")
    third = write_issue("c.md", "2024-05-06", "放水\n卧虹水库今日開閘放水。", LAMPS)
    report = sync(archive, [folder])
    (error,) = report.failed
    assert (error.path, error.reason) == (str(second), f"“放 水” is already read from {first}; keep one of the two")
    assert report.warnings == [f"{third}: “放水” is already read from a.md, and was left out"]
    assert titles(archive, "yxrb-2024-05-06") == {"01": "放水", "02": "修灯"}
    # Where the other files go, it is taken from the third, as that one prints it.
    first.unlink()
    second.unlink()
    report = sync(archive, [folder], prune=True)
    assert (report.failed, report.warnings, report.articles) == ([], [], 1)
    assert titles(archive, "yxrb-2024-05-06") == {"01": "放水", "02": "修灯"}
    article = archive.article("yxrb-2024-05-06-01")
    assert article is not None
    assert "開閘" in article[0].text_at(article[1]).body
    assert verify(archive) == []


def test_an_article_twice_in_a_file_is_taken_once(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    path = write_issue("a.md", "2024-05-06", WATER, WATER)
    report = sync(archive, [folder])
    assert (report.articles, report.warnings) == (1, [f"{path}: “放水” stands twice in the file, and was taken once"])


def test_another_text_under_the_same_headline_is_taken_and_told(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", "卧虹水库今日开闸\n水来了。")
    second = write_issue("b.md", "2024-05-06", "卧虹水库今日开闸\n渠尾也有水了。")
    report = sync(archive, [folder])
    assert report.warnings == [f"{second}: “卧虹水库今日开闸” stands in a.md too, with another text; both were taken"]
    assert len(titles(archive, "yxrb-2024-05-06")) == 2


def test_a_file_may_hold_many_issues(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_days(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        """Read a file of blocks, each an issue's, as a year in one file is."""
        blocks = raw.decode().split("=====\n")
        issues = tuple(parse_file(path, block.encode(), options).issues[0] for block in blocks)
        return FileReading("year", issues, "UTF-8")

    def block(day: int, article: str) -> str:
        return f"---\npaper: 砚溪日报\ndate: 2024-05-0{day}\n---\n# {article}\n"

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", by_days)
    folder.mkdir()
    year = folder / "2024.md"
    year.write_text("=====\n".join([block(6, WATER), block(7, LAMPS), block(6, BRIDGE)]), encoding="utf-8")
    assert sync(archive, [folder]).added == ["yxrb-2024-05-06", "yxrb-2024-05-07"]
    assert titles(archive, "yxrb-2024-05-06") == {"01": "放水", "02": "通车"}
    toy.texts.clear()
    year.write_text("=====\n".join([block(6, WATER), block(8, LAMPS), block(6, BRIDGE)]), encoding="utf-8")
    report = sync(archive, [folder])
    assert (report.added, report.replaced, report.removed) == (["yxrb-2024-05-08"], ["yxrb-2024-05-06"], ["yxrb-2024-05-07"])
    assert toy.texts == [LAMPS]
    (stored,) = archive.stored_files()
    assert (stored.source.reader, stored.source.encoding) == ("year", "UTF-8")
    archive.remove(["yxrb-2024-05-08"])
    assert sync(archive, [folder]).added == ["yxrb-2024-05-08"]  # its file still holds it
    year.unlink()
    assert sync(archive, [folder], prune=True).removed == ["yxrb-2024-05-06", "yxrb-2024-05-08"]


def test_a_file_that_takes_the_place_of_one_that_is_gone_leaves_what_that_gave_until_it_is_pruned(
    archive: Archive, toy: ToyEncoder, folder: Path, write_issue: WriteIssue
) -> None:
    sync(archive, [write_issue("a.md", "2024-05-06", WATER, LAMPS)])
    (folder / "a.md").unlink()
    write_issue("b.md", "2024-05-06", LAMPS, BRIDGE)
    toy.texts.clear()
    report = sync(archive, [folder])
    assert (report.replaced, report.warnings, toy.texts) == (["yxrb-2024-05-06"], [], [BRIDGE])
    assert titles(archive, "yxrb-2024-05-06") == {"01": "放水", "02": "修灯", "03": "通车"}
    assert sync(archive, [folder], prune=True).replaced == ["yxrb-2024-05-06"]
    assert titles(archive, "yxrb-2024-05-06") == {"02": "修灯", "03": "通车"}
    assert verify(archive) == []


def test_papers_that_sound_alike_never_trade_ids_whatever_goes_and_comes_back(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    papers = {"a.md": ("宜春日报", WATER), "b.md": ("伊春日报", LAMPS), "c.md": ("依春日报", BRIDGE)}

    def write(*names: str) -> None:
        for path in folder.glob("*.md"):
            path.unlink()
        for name in names:
            paper, article = papers[name]
            write_issue(name, "2024-05-06", article, paper=paper)

    def held() -> dict[str, str]:
        return {summary.paper: summary.issue_id for summary in archive.issues()}

    write("a.md", "b.md")
    sync(archive, [folder])
    given = {"宜春日报": "ycrb-2024-05-06", "伊春日报": "yichunribao-2024-05-06"}
    assert held() == given
    write("b.md")
    sync(archive, [folder], prune=True)
    write("c.md")
    sync(archive, [folder], prune=True)
    assert held() == {"依春日报": "yichunribao2-2024-05-06"}
    write("c.md", "b.md", "a.md")
    sync(archive, [folder], prune=True)
    assert held() == given | {"依春日报": "yichunribao2-2024-05-06"}
    assert found(archive, "卧虹水库今日开闸放水。") == {"ycrb-2024-05-06": (True, True)}


def test_an_extra_edition_stands_beside_the_issue_of_its_day(
    archive: Archive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
        reading = parse_file(path, raw, options)
        edition = "号外" if path.name == "extra.md" else None
        return replace(reading, issues=tuple(replace(issue, edition=edition) for issue in reading.issues))

    monkeypatch.setattr("embeddings.ingest.plan.parse_file", read)
    write_issue("extra.md", "2024-05-06", WATER)
    write_issue("plain.md", "2024-05-06", WATER, LAMPS)
    report = sync(archive, [folder])
    assert (report.failed, report.warnings) == ([], [])
    assert ids(archive) == ["yxrb-2024-05-06", "yxrb-2024-05-06-hw"]
    assert archive.article("yxrb-2024-05-06-hw-01") is not None


# What the operator says of files


def test_a_paper_that_the_operator_names_wins_and_holds_until_another_is_named(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    path = write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    assert sync(archive, [folder], options=ReadingOptions(paper="松烟晚报")).added == ["sywb-2024-05-06"]
    assert archive.papers() == ["松烟晚报"]
    assert sync(archive, [folder]).unchanged == [str(path)]
    write_issue("a.md", "2024-05-06", WATER, LAMPS)
    assert sync(archive, [folder]).replaced == ["sywb-2024-05-06"]
    assert archive.papers() == ["松烟晚报"]


def test_files_that_no_reader_takes_are_named_and_those_meant_to_be_left_are_not(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    for name in ("版面.xyz", "sub/备份.bak", ".hidden"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    report = sync(archive, [folder])
    assert (report.added, report.complete) == (["yxrb-2024-05-06"], False)
    assert [Path(path).name for path in report.not_taken] == ["备份.bak", "版面.xyz"]
    report = sync(archive, [folder], ignore=["*.bak", "版面*"])
    assert (report.not_taken, report.complete) == ([], True)


@pytest.mark.parametrize(
    "together",
    [True, False],
    ids=["in one sync", "in two syncs"],
)
def test_of_two_papers_with_the_same_initials_the_later_is_spelt_out(
    archive: Archive, folder: Path, write_issue: WriteIssue, together: bool
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    if not together:
        sync(archive, [folder])
    write_issue("b.md", "2024-05-06", LAMPS, paper="烟霞日报")
    report = sync(archive, [folder])
    assert report.failed == []
    assert ids(archive) == ["yanxiaribao-2024-05-06", "yxrb-2024-05-06"]
    write_issue("b.md", "2024-05-06", BRIDGE, paper="烟霞日报")
    assert sync(archive, [folder]).replaced == ["yanxiaribao-2024-05-06"]
    assert found(archive, "卧虹水库今日开闸放水。") == {"yxrb-2024-05-06": (True, True)}
    assert found(archive, "灯笼巷的路灯全亮了。") == {}


# Pruning


def test_prune_removes_the_issues_whose_file_is_gone_and_no_others(
    archive: Archive, folder: Path, write_issue: WriteIssue
) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    gone = write_issue("b.md", "2024-05-07", LAMPS)
    elsewhere = write_issue("../other/c.md", "2024-05-08", BRIDGE)
    sync(archive, [folder, elsewhere])
    gone.unlink()
    elsewhere.unlink()
    assert sync(archive, [folder]).removed == []
    assert sync(archive, [folder], prune=True).removed == ["yxrb-2024-05-07"]
    assert ids(archive) == ["yxrb-2024-05-06", "yxrb-2024-05-08"]
    assert found(archive, "灯笼巷的路灯全亮了。") == {}
    assert verify(archive) == []


def test_prune_of_a_folder_that_is_missing_removes_nothing(archive: Archive, folder: Path, write_issue: WriteIssue) -> None:
    write_issue("a.md", "2024-05-06", WATER)
    sync(archive, [folder])
    folder.rename(folder.with_name("unplugged"))
    report = sync(archive, [folder], prune=True)
    assert (report.removed, [error.path for error in report.failed]) == ([], [str(folder.resolve())])
    assert ids(archive) == ["yxrb-2024-05-06"]


# Readers beside the writer


def test_readers_during_a_sync_see_only_whole_passages(
    open_archive: OpenArchive, folder: Path, write_issue: WriteIssue
) -> None:
    bodies = [
        "卧虹水库今日放水。水头走了六十八公里。",
        "卧虹水库明日放水。",
        "水库三孔闸门全开，放水十天。渠尾先浇。农户说好。",
    ]
    for day in range(1, 7):
        write_issue(f"{day}.md", f"2024-05-{day:02}", f"放水\n{bodies[0]}")
    writer, reader = open_archive(), open_archive()
    sync(writer, [folder])
    allowed = set(bodies)
    wrong: list[object] = []
    stop, searches = threading.Event(), 0

    def read() -> None:
        nonlocal searches
        while not stop.is_set():
            try:
                hits = reader.search("水库放水")
            except Exception as error:
                wrong.append(error)
                return
            searches += 1
            wrong.extend(
                hit.passage
                for hit in hits
                if hit.passage.article.body not in allowed
                or hit.passage.text != hit.passage.article.body[hit.passage.start : hit.passage.end]
                or not hit.passage.text.endswith("。")
                or not -1 <= hit.dense <= 1.0001
            )

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(1, 9):
            for day in range(1, 7):
                write_issue(f"{day}.md", f"2024-05-{day:02}", f"放水\n{bodies[(turn + day) % 3]}")
            assert sync(writer, [folder]).failed == []
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert searches > 8
    reader.refresh()
    assert reader.searched_generation == writer.searched_generation
    assert verify(reader) == []


def test_a_second_writer_waits_and_then_says_who_is_busy(
    open_archive: OpenArchive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.store.archive._LOCK_SECONDS", 0.05)
    write_issue("a.md", "2024-05-06", WATER)
    archive = open_archive()
    with writer_lock(archive.folder), pytest.raises(ArchiveError, match="another command is changing this archive"):
        sync(archive, [folder])
    assert sync(archive, [folder]).added == ["yxrb-2024-05-06"]


def test_the_archive_is_made_where_the_settings_say(open_archive: OpenArchive, tmp_path: Path) -> None:
    assert open_archive().folder == ArchiveSettings.load(archive=tmp_path / "archive").archive
    assert (tmp_path / "archive" / "catalog.sqlite").is_file()


PAGE = """<alto><Layout><Page PHYSICAL_IMG_NR="1"><PrintSpace><TextBlock ID="B1"><TextLine><String CONTENT="放水"/></TextLine>
</TextBlock><TextBlock ID="B2"><TextLine><String CONTENT="卧虹水库今日开闸放水。"/></TextLine></TextBlock></PrintSpace></Page>
</Layout></alto>"""
METS = """<mets><dmdSec><titleInfo><title>砚溪日报</title></titleInfo><dateIssued>2024-05-06</dateIssued></dmdSec>
<fileSec><file ID="F1">
<FLocat href="page.xml"/></file></fileSec><structMap TYPE="LOGICAL"><div TYPE="ARTICLE"><div TYPE="HEADING"><fptr>
<area FILEID="F1" BEGIN="B1"/></fptr></div><fptr><area FILEID="F1" BEGIN="B2"/></fptr></div></structMap></mets>"""


def test_mets_is_read_again_when_a_page_of_it_changed(archive: Archive, folder: Path) -> None:
    folder.mkdir()
    (folder / "page.xml").write_text(PAGE, encoding="utf-8")
    (folder / "mets.xml").write_text(METS, encoding="utf-8")
    first = sync(archive, [folder])
    assert (first.added, first.articles, len(first.without_articles)) == (["yxrb-2024-05-06"], 1, 1)
    (folder / "page.xml").write_text(PAGE.replace("今日开闸", "明日开闸"), encoding="utf-8")
    again = sync(archive, [folder])
    assert (again.replaced, again.articles) == (["yxrb-2024-05-06"], 1)
    assert [held.article.body for held in archive.held_articles(issue_id="yxrb-2024-05-06")] == ["卧虹水库明日开闸放水。"]
    third = sync(archive, [folder])
    assert (third.changed, len(third.unchanged), third.without_articles) == (False, 2, [])


LIST = """<html><body>第01版<ul><li><a href="content_1.htm">卧虹水库放水</a></li>
<li><a href="content_2.htm">灯笼巷修灯</a></li></ul></body></html>"""


def test_a_list_of_articles_is_read_and_counted_apart(archive: Archive, folder: Path) -> None:
    folder.mkdir()
    (folder / "node_2.htm").write_text(LIST, encoding="utf-8")
    foreseen = preview(archive, [folder])
    assert ([file.issues for file in foreseen.files], foreseen.complete) == ([()], True)
    first = sync(archive, [folder])
    assert (first.unchanged, first.without_articles, first.changed) == ([], [str(folder / "node_2.htm")], False)
    again = sync(archive, [folder])
    assert (again.unchanged, again.without_articles) == ([str(folder / "node_2.htm")], [])
