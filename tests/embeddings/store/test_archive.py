"""An archive is searched by meaning and by words, within filters, and follows what another process writes."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import ArchiveError, ModelError
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.records import Extent, Filters
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive, writer_lock
from embeddings.store.faiss_index import FaissIndex
from embeddings.store.records import Manifest
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

OpenArchive = Callable[..., Archive]
WriteIssue = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, write_issue: WriteIssue) -> Path:
    """Three issues of two papers; each speaks of the reservoir and of something of its own."""
    write_issue("a.md", "2024-05-06", "放水\n卧虹水库今日放水。", "修灯\n灯笼巷的路灯亮了。")
    write_issue("b.md", "2024-05-07", "放水\n卧虹水库放水次日。", "通车\n虹渡大桥九月通车。", paper="云河晚报")
    write_issue("c.md", "2024-05-08", "放水\n卧虹水库停止放水。", "春茶\n茶臼村开园采茶。")
    return tmp_path / "issues"


@pytest.fixture
def archive(open_archive: OpenArchive, folder: Path) -> Archive:
    archive = open_archive()
    sync(archive, [folder])
    return archive


def texts(archive: Archive, question: str, filters: Filters = Filters(), limit: int = 50) -> set[str]:
    return {hit.passage.text for hit in archive.search(question, limit, filters)}


# Searching


def test_a_hit_carries_both_scores_and_its_passage(archive: Archive) -> None:
    hits = {hit.passage.text: hit for hit in archive.search("灯笼巷的路灯亮了。")}
    hit = hits["灯笼巷的路灯亮了。"]
    assert (hit.passage.chunk_id, hit.passage.article.title) == ("yxrb-2024-05-06-02-1", "修灯")
    assert hit.dense == max(other.dense for other in hits.values())
    assert hit.lexical > 0
    assert hits["茶臼村开园采茶。"].lexical == 0


def test_a_hit_of_one_search_has_the_score_of_the_other(archive: Archive) -> None:
    everything = {hit.passage.chunk_id: hit for hit in archive.search("水库放水和茶臼村", 50)}
    for limit in (1, 2):
        for hit in archive.search("水库放水和茶臼村", limit):
            other = everything[hit.passage.chunk_id]
            assert (hit.dense, hit.lexical) == pytest.approx((other.dense, other.lexical), abs=1e-6)


def test_a_limit_holds_for_each_search(archive: Archive) -> None:
    assert len(archive.search("卧虹水库今日放水。", 1)) == 1
    assert len(archive.search("卧虹水库", 50)) == 6 == len(archive)


@pytest.mark.parametrize(
    ("filters", "issues"),
    [
        (Filters(), {"yxrb-2024-05-06", "yhwb-2024-05-07", "yxrb-2024-05-08"}),
        (Filters(first=date(2024, 5, 7)), {"yhwb-2024-05-07", "yxrb-2024-05-08"}),
        (Filters(last=date(2024, 5, 6)), {"yxrb-2024-05-06"}),
        (Filters(first=date(2024, 5, 7), last=date(2024, 5, 7)), {"yhwb-2024-05-07"}),
        (Filters(issue_id="yxrb-2024-05-08"), {"yxrb-2024-05-08"}),
        (Filters(paper="云河晚报"), {"yhwb-2024-05-07"}),
        (Filters(paper="云河晚报", first=date(2024, 5, 8)), set()),
    ],
    ids=["none", "from", "to", "one day", "issue", "paper", "nothing left"],
)
def test_filters_hold_in_both_searches(archive: Archive, filters: Filters, issues: set[str]) -> None:
    # Words alone find the reservoir's three passages, so that both searches have to keep to the filters.
    hits = archive.search("水库", 50, filters)
    assert {hit.passage.issue_id for hit in hits} == issues
    assert {hit.passage.issue_id for hit in hits if hit.lexical > 0} == issues
    assert len(hits) == 2 * len(issues)
    only_words = archive.search("水库", 1, filters)
    assert {hit.passage.issue_id for hit in only_words} <= issues


@pytest.mark.parametrize("question", ["", "？", "\x00", "\"'*^:()", "谁", "𫚭", "水" * 2000])
def test_no_question_breaks_a_search(archive: Archive, question: str) -> None:
    assert len(archive.search(question, 50)) == 6


def test_an_empty_archive_finds_nothing(open_archive: OpenArchive) -> None:
    archive = open_archive()
    assert (archive.search("水库"), len(archive), archive.issues()) == ([], 0, [])
    assert archive.extent() == Extent(0, 0, 0, None, None)
    archive.save_index()
    assert verify(archive) == []


def test_issues_articles_and_extent_are_told(archive: Archive) -> None:
    assert archive.extent() == Extent(3, 6, 6, date(2024, 5, 6), date(2024, 5, 8))
    assert archive.extent(Filters(paper="云河晚报")) == Extent(1, 2, 2, date(2024, 5, 7), date(2024, 5, 7))
    assert [line.issue_id for line in archive.issues(2)] == ["yxrb-2024-05-08", "yhwb-2024-05-07"]
    assert [line.issue_id for line in archive.issues(2, "yhwb-2024-05-07")] == ["yxrb-2024-05-06"]
    issue = archive.issue("yxrb-2024-05-06")
    assert issue is not None
    assert [article.title for article in issue.articles] == ["放水", "修灯"]
    assert archive.article("yxrb-2024-05-06-02") == (issue, 1)
    assert (archive.issue("none"), archive.article("none")) == (None, None)


# Removing


def test_a_removed_issue_leaves_no_trace_in_any_search(archive: Archive, open_archive: OpenArchive) -> None:
    archive.remove(["yxrb-2024-05-06"])
    for opened in (archive, open_archive()):
        assert texts(opened, "灯笼巷的路灯亮了。") & {"灯笼巷的路灯亮了。", "卧虹水库今日放水。"} == set()
        assert opened.lexical_search(["灯笼", "路灯"], 50) == []
        assert len(opened) == 4
        assert opened.document_frequencies(["灯笼", "水库"]) == {"灯笼": 0, "水库": 2}
        assert (opened.issue("yxrb-2024-05-06"), opened.article("yxrb-2024-05-06-01")) == (None, None)
    snapshot = FaissIndex.load(archive.folder, "toy", 64)
    assert snapshot is not None
    assert len(snapshot) == 4
    assert verify(archive) == []


def test_removing_what_is_not_there_names_it_and_removes_nothing(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match=r"not in the archive: none-2024-01-01; python -m embeddings status"):
        archive.remove(["yxrb-2024-05-06", "none-2024-01-01"])
    assert archive.extent().issues == 3


# Another process's changes


def test_a_running_server_notices_a_new_generation(
    archive: Archive, open_archive: OpenArchive, folder: Path, write_issue: WriteIssue
) -> None:
    server = open_archive()
    assert len(texts(server, "水库")) == 6
    write_issue("d.md", "2024-05-09", "路\n书院路半幅封闭。")
    write_issue("a.md", "2024-05-06", "放水\n卧虹水库昨日放水。")
    (folder / "b.md").unlink()
    sync(archive, [folder])
    archive.remove(["yhwb-2024-05-07"])
    assert texts(server, "水库") == {"书院路半幅封闭。", "卧虹水库昨日放水。", "卧虹水库停止放水。", "茶臼村开园采茶。"}
    assert server.searched_generation == archive.searched_generation == archive.stored_generation()


def test_an_unchanged_archive_keeps_its_index(archive: Archive) -> None:
    assert archive.refresh() is archive.refresh()


# What the archive was made with


def test_the_manifest_names_model_dimension_and_chunks(open_archive: OpenArchive) -> None:
    archive = open_archive(chunk_size=100, chunk_overlap=0)
    assert archive.manifest == Manifest("toy", 64, 100, 0)
    assert open_archive().manifest == Manifest("toy", 64, 100, 0)


@pytest.mark.parametrize(
    ("settings", "made", "mend"),
    [
        ({"model": "other"}, "made with model='toy', not model='other'", ' --model "other"'),
        ({"chunk_size": 100}, "made with chunk_size=260, not chunk_size=100", ""),
        ({"chunk_overlap": 3, "model": "toy"}, "made with chunk_overlap=1, not chunk_overlap=3", ' --model "toy"'),
    ],
    ids=["model", "chunk size", "overlap"],
)
def test_other_settings_than_it_was_made_with_are_refused_with_the_mending_command(
    archive: Archive, open_archive: OpenArchive, settings: dict[str, object], made: str, mend: str
) -> None:
    with pytest.raises(ModelError) as refused:
        open_archive(**settings)
    assert made in str(refused.value)
    assert str(refused.value).endswith(f"python -m embeddings rebuild --archive {archive.folder}{mend}")


def test_an_overlap_of_none_asked_for_is_refused_too(archive: Archive, open_archive: OpenArchive) -> None:
    with pytest.raises(ModelError, match="chunk_overlap=1, not chunk_overlap=0"):
        open_archive(chunk_overlap=0)


def test_an_encoder_of_another_dimension_is_refused_with_the_mending_command(
    archive: Archive, open_archive: OpenArchive
) -> None:
    wide = open_archive(ToyEncoder(dimension=128))
    with pytest.raises(ModelError) as refused:
        wide.search("水库")
    assert "made with vectors of 64 numbers, but toy gives 128" in str(refused.value)
    assert str(refused.value).endswith(f'python -m embeddings rebuild --archive {archive.folder} --model "toy"')


def test_the_settings_it_was_made_with_are_accepted(archive: Archive, open_archive: OpenArchive) -> None:
    assert len(open_archive(model="toy", chunk_size=260, chunk_overlap=1)) == 6


def test_no_encoder_is_loaded_before_it_is_needed(archive: Archive, folder: Path) -> None:
    def load(name: str) -> ToyEncoder:
        raise AssertionError(f"{name} was loaded")

    opened = Archive.open(ArchiveSettings.load(archive=archive.folder), load)
    assert len(sync(opened, [folder]).unchanged) == 3
    assert opened.extent().issues == 3


def test_an_archive_is_made_only_when_asked(tmp_path: Path, toy: ToyEncoder) -> None:
    settings = ArchiveSettings.load(archive=tmp_path / "none")
    with pytest.raises(ArchiveError, match=r"there is no archive here; make one with: python -m embeddings sync DIR"):
        Archive.open(settings, lambda name: toy)
    assert not settings.archive.exists()


def test_an_archive_whose_making_was_cut_off_is_made_again(open_archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "catalog.sqlite").touch()
    assert len(open_archive()) == 0


# What others do meanwhile, and what fails


def test_a_rebuild_with_another_model_between_two_reads_leaves_no_search_empty(
    folder: Path, tmp_path: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders = {"toy": ToyEncoder("toy"), "wide": ToyEncoder("wide", 128)}
    settings = ArchiveSettings.load(archive=tmp_path / "archive", model="toy")
    sync(Archive.open(settings, encoders.__getitem__, create=True), [folder])
    serving = Archive.open(ArchiveSettings.load(archive=tmp_path / "archive"), encoders.__getitem__)
    write_issue("d.md", "2024-05-09", "采茶\n茶臼村采茶第二天。")
    sync(Archive.open(settings, encoders.__getitem__), [folder])
    catalogue, rebuilt = serving._catalogue, []
    manifest = catalogue.manifest

    def manifest_and_rebuild() -> Manifest:
        found = manifest()
        if not rebuilt:
            rebuilt.append(rebuild(ArchiveSettings.load(archive=tmp_path / "archive", model="wide"), encoders.__getitem__))
        return found

    monkeypatch.setattr(catalogue, "manifest", manifest_and_rebuild)
    for _ in range(2):  # the state before the rebuild, and that behind it
        hits = serving.search("茶臼村采茶")
        assert len(hits) == 7
        assert max(hit.dense for hit in hits) > 0.5
    assert (serving.manifest.model, rebuilt) == ("wide", [7])


def test_a_lost_snapshot_is_written_anew_by_the_next_sync(archive: Archive, folder: Path) -> None:
    stamp = archive.folder / "vectors.json"
    for lose in (stamp.unlink, lambda: stamp.write_text("{")):
        lose()
        assert verify(archive) != []
        assert not sync(archive, [folder]).changed
        assert verify(archive) == []


def test_an_index_that_cannot_be_written_is_told_and_leaves_nothing_behind(
    archive: Archive, folder: Path, write_issue: WriteIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(index: object, name: str) -> None:
        Path(name).write_bytes(b"half of it")
        raise RuntimeError("could not write")

    monkeypatch.setattr("faiss.write_index", fails)
    write_issue("d.md", "2024-05-09", "采茶\n茶臼村采茶第二天。")
    with pytest.raises(ArchiveError, match="the index for the next start cannot be written"):
        sync(archive, [folder])
    assert not list(archive.folder.glob("*.partial"))
    assert "茶臼村采茶第二天。" in texts(archive, "茶臼村采茶")


def test_a_full_disk_is_told_and_nothing_is_stored(archive: Archive, write_issue: WriteIssue) -> None:
    db = archive._catalogue.db  # type: ignore[attr-defined]
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    long = write_issue("d.md", "2024-05-09", "采茶\n" + "茶臼村采茶第二天，人人都来。" * 9000)
    with pytest.raises(ArchiveError, match="the disk is full"):
        sync(archive, [long])
    assert archive.issue_ids() == ["yhwb-2024-05-07", "yxrb-2024-05-06", "yxrb-2024-05-08"]
    assert verify(archive) == []


def test_a_writer_says_that_it_waits_and_then_gives_up(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("embeddings.store.archive._SAY_SECONDS", 0.01)
    monkeypatch.setattr("embeddings.store.archive._LOCK_SECONDS", 0.1)
    with writer_lock(archive.folder), pytest.raises(ArchiveError, match="another"):
        sync(archive, [folder])
    assert "another command is changing this archive" in caplog.text


def test_an_archive_that_is_a_file_is_told(tmp_path: Path, toy: ToyEncoder) -> None:
    (tmp_path / "archive").write_text("no folder", encoding="utf-8")
    for create in (False, True):
        with pytest.raises(ArchiveError, match="this is a file, not the folder of an archive"):
            Archive.open(ArchiveSettings.load(archive=tmp_path / "archive"), lambda name: toy, create=create)


@pytest.mark.parametrize("value", ["", "sixty-four", "-1", None])
def test_a_manifest_that_cannot_be_is_told(archive: Archive, open_archive: OpenArchive, value: str | None) -> None:
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        if value is None:
            db.execute("DELETE FROM meta WHERE key = 'dimension'")
        else:
            db.execute("UPDATE meta SET value = ? WHERE key = 'dimension'", (value,))
    db.close()
    with pytest.raises(ArchiveError, match="for dimension, which cannot be"):
        open_archive()
