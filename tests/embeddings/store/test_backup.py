"""A backup holds all of an archive and comes back whole, while it is served too; whatever is none is refused."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.errors import ArchiveError
from embeddings.ingest.sync import sync
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.backup import back_up, restore
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

OpenArchive = Callable[..., Archive]
WriteIssue = Callable[..., Path]
DAM, TEA = "放水\n卧虹水库今日放水。", "采茶\n茶臼村今日采茶。"


@pytest.fixture
def archive(open_archive: OpenArchive, write_issue: WriteIssue) -> Archive:
    archive = open_archive()
    sync(archive, [write_issue("a.md", "2024-05-06", DAM)])
    (archive.folder / "uploads").mkdir()
    (archive.folder / "uploads" / "b.md").write_text("送来的一期", encoding="utf-8")
    (archive.folder / "alerts.json").write_text("[]", encoding="utf-8")
    (archive.folder / "feedback.jsonl").write_bytes(b'{"a": 1}\n{"b": ')  # the last line is being written
    return archive


@pytest.fixture
def saved(archive: Archive, tmp_path: Path) -> Path:
    target = tmp_path / "kept" / "one.backup"
    target.parent.mkdir()
    done = back_up(settings(archive.folder), target)
    assert (done.problems, done.files) == ([], 4)
    assert [path.name for path in target.parent.iterdir()] == ["one.backup"]
    return target


def settings(folder: Path) -> ArchiveSettings:
    return ArchiveSettings.load(archive=folder)


def opened(folder: Path) -> Archive:
    return Archive.open(settings(folder), lambda name: ToyEncoder())


def found(archive: Archive) -> list[str]:
    return [hit.passage.article_id for hit in archive.search("水库放水和采茶")]


def test_a_backup_comes_back_into_a_new_folder(archive: Archive, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "new" / "other"
    assert restore(settings(other), saved).problems == []
    assert found(opened(other)) == found(archive) == ["yxrb-2024-05-06-01"]
    assert (other / "uploads" / "b.md").read_text(encoding="utf-8") == "送来的一期"
    assert (other / "feedback.jsonl").read_bytes() == b'{"a": 1}\n'
    assert [path.name for path in other.parent.iterdir()] == ["other"]


def test_an_archive_that_is_there_is_replaced_only_when_told(
    archive: Archive, saved: Path, write_issue: WriteIssue, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveError, match="--replace"):
        restore(settings(archive.folder), saved)
    sync(archive, [write_issue("c.md", "2024-05-07", TEA)])
    (archive.folder / "uploads" / "later.md").touch()
    assert len(found(archive)) == 2
    before = archive.searched_generation
    restore(settings(archive.folder), saved, replace=True)
    # This one served all the while.
    assert found(archive) == ["yxrb-2024-05-06-01"]
    assert archive.searched_generation > before
    assert [path.name for path in (archive.folder / "uploads").iterdir()] == ["b.md"]
    assert sync(archive, [tmp_path / "issues"]).added == ["yxrb-2024-05-07"]
    assert (verify(archive), len(found(archive))) == ([], 2)


def test_a_server_goes_on_with_another_archive_in_the_place_of_its_own(
    archive: Archive, saved: Path, tmp_path: Path, write_issue: WriteIssue
) -> None:
    other = Archive.open(settings(tmp_path / "other"), lambda name: ToyEncoder(), create=True)
    sync(other, [write_issue("c.md", "2024-05-07", TEA)])
    assert found(other) == ["yxrb-2024-05-07-01"]  # under the key that the restored chunk has too
    restore(settings(other.folder), saved, replace=True)
    hits = other.search("水库放水")
    assert [hit.passage.article_id for hit in hits] == ["yxrb-2024-05-06-01"]
    assert hits[0].dense == pytest.approx(archive.search("水库放水")[0].dense)


@pytest.mark.parametrize("lost", ["catalog.sqlite", "everything"])
def test_an_archive_that_cannot_be_opened_is_replaced(archive: Archive, saved: Path, lost: str) -> None:
    archive.close()
    (archive.folder / "catalog.sqlite").write_bytes(b"" if lost == "everything" else b"no database at all" * 99)
    restore(settings(archive.folder), saved, replace=True)
    assert (found(opened(archive.folder)), verify(opened(archive.folder))[1:]) == (["yxrb-2024-05-06-01"], [])


def test_a_backup_does_not_write_over_a_file_nor_into_the_archive(archive: Archive, saved: Path) -> None:
    for target, told in ((saved, "file of this name"), (archive.folder / "x.backup", "within the archive")):
        with pytest.raises(ArchiveError, match=told):
            back_up(settings(archive.folder), target)


def test_what_is_damaged_is_told_and_backed_up_as_it_lies(archive: Archive, tmp_path: Path) -> None:
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        db.execute("UPDATE articles SET body = '卧虹水库今日放火。'")
    db.close()
    done = back_up(settings(archive.folder), tmp_path / "b")
    assert any("yxrb-2024-05-06-01" in str(problem) for problem in done.problems)


def _rewritten(saved: Path, change: Callable[[dict[str, object]], None]) -> None:
    with zipfile.ZipFile(saved) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    about = json.loads(held["backup.json"])
    change(about)
    with zipfile.ZipFile(saved, "w") as packed:
        for name, raw in held.items():
            packed.writestr(name, json.dumps(about).encode() if name == "backup.json" else raw)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda about: about.update(format="other"), "no backup"),
        (lambda about: about.update(version=2), "newer version"),
        (lambda about: about.update(schema="99"), r"newer version made this backup \(schema 99\)"),
        (lambda about: about["files"][0].update(sha256="0"), "damaged at catalog.sqlite"),
        (lambda about: about["files"][0].update(bytes=3), "damaged at catalog.sqlite"),
        (lambda about: about["files"][1].update(name="../../evil"), "no backup"),
        (lambda about: about["files"][1].update(name="gone.json"), "damaged at gone.json"),
        (lambda about: about.pop("files"), "no backup"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    saved: Path, tmp_path: Path, change: Callable[[dict[str, object]], None], told: str
) -> None:
    _rewritten(saved, change)
    with pytest.raises(ArchiveError, match=told):
        restore(settings(tmp_path / "new" / "other"), saved)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("raw", [b"", b"SQLite format 3\0", b"PK\x03\x04 cut short"])
def test_a_file_of_another_kind_is_no_backup(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(ArchiveError, match="no backup"):
        restore(settings(tmp_path / "other"), tmp_path / "x")


def test_a_bit_flipped_anywhere_in_a_backup_is_found_or_changes_nothing(saved: Path, tmp_path: Path) -> None:
    raw = bytearray(saved.read_bytes())
    refused = 0
    for place in range(40, len(raw), len(raw) // 25):
        saved.write_bytes(bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]]))
        folder = tmp_path / f"at-{place}"
        try:
            restore(settings(folder), saved)
        except ArchiveError:
            refused += 1
            assert not folder.exists()
        else:
            assert verify(opened(folder))[1:] == []
    assert refused >= 20
