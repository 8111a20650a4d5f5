"""Every kind of damage is named; an archive that is whole is not."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import ArchiveError, DamagedError
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

OpenArchive = Callable[..., Archive]
WriteIssue = Callable[..., Path]
SNAPSHOT = "mend with: python -m embeddings rebuild --index-only"
REBUILD = "mend with: python -m embeddings rebuild"


@pytest.fixture
def archive(open_archive: OpenArchive, write_issue: WriteIssue, tmp_path: Path) -> Archive:
    """An archive of two articles: chunk 1 of 9 characters, chunk 2 of 10."""
    write_issue("a.md", "2024-05-06", "放水\n卧虹水库今日放水。", "修灯\n灯笼巷的路灯全亮了。")
    archive = open_archive()
    sync(archive, [tmp_path / "issues"])
    return archive


def damage(archive: Archive, *statements: str) -> None:
    """Change the catalogue as no command would, foreign keys or not."""
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        for statement in statements:
            assert db.execute(statement).rowcount == 1
    db.close()


def told(archive: Archive) -> list[str]:
    return [str(problem) for problem in verify(archive)]


def vector(*values: float) -> str:
    return np.array([*values, *([0.0] * (64 - len(values)))], dtype="<f4").tobytes().hex()


def test_a_whole_archive_has_no_problems(archive: Archive, open_archive: OpenArchive) -> None:
    assert verify(archive) == verify(open_archive()) == []


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ("DELETE FROM words WHERE rowid = 1", [f"catalogue: 1 chunks without search words; {REBUILD}"]),
        (
            "INSERT INTO words (rowid, title, body) VALUES (99, '', '')",
            [f"catalogue: 1 search words without a chunk; {REBUILD}"],
        ),
        ('UPDATE chunks SET "end" = 10 WHERE chunk_key = 1', ["chunk 1: its offsets lie outside article yxrb-2024-05-06-01"]),
        ("UPDATE chunks SET start = -1 WHERE chunk_key = 2", ["chunk 2: its offsets lie outside article yxrb-2024-05-06-02"]),
        (
            'UPDATE chunks SET start = "end" WHERE chunk_key = 2',
            ["chunk 2: its offsets lie outside article yxrb-2024-05-06-02"],
        ),
        (f"UPDATE chunks SET vector = x'{vector(0)}' WHERE chunk_key = 2", ["chunk 2: its vector is not of unit length"]),
        (f"UPDATE chunks SET vector = x'{vector(1.1)}' WHERE chunk_key = 1", ["chunk 1: its vector is not of unit length"]),
        (
            f"UPDATE chunks SET vector = x'{vector(float('nan'))}' WHERE chunk_key = 1",
            ["chunk 1: its vector is not of unit length"],
        ),
        (
            "DELETE FROM articles WHERE article_id = 'yxrb-2024-05-06-01'",
            [
                f"catalogue: 1 chunks without an article; {REBUILD}",
                "issue yxrb-2024-05-06: article yxrb-2024-05-06-01 is not as it was stored; "
                "restore a backup, or sync its files with --force",
            ],
        ),
        (
            "DELETE FROM chunks WHERE chunk_key = 1",
            [
                f"catalogue: 1 search words without a chunk; {REBUILD}",
                f"catalogue: 1 articles without a chunk; {REBUILD}",
                f"catalogue: 1 days without a chunk; {REBUILD}",
                f"vectors: the snapshot holds other chunks than the catalogue; {SNAPSHOT}",
            ],
        ),
        (
            "DELETE FROM issues",
            [
                f"catalogue: 2 articles without an issue; {REBUILD}",
                "issue yxrb-2024-05-06: its facts are not as they were stored; "
                "restore a backup, or sync its files with --force",
            ],
        ),
    ],
    ids=[
        *("words row gone", "words row too many", "end beyond the body", "start before it", "empty chunk", "zero vector"),
        *("long vector", "not a number", "orphaned chunk", "chunk gone", "issue gone"),
    ],
)
def test_each_damage_to_the_catalogue_is_named(archive: Archive, statement: str, problems: list[str]) -> None:
    damage(archive, statement)
    assert told(archive) == problems


def test_several_damages_are_all_named(archive: Archive) -> None:
    damage(archive, "DELETE FROM words WHERE rowid = 2", 'UPDATE chunks SET "end" = 99 WHERE chunk_key = 1')
    assert told(archive) == [
        f"catalogue: 1 chunks without search words; {REBUILD}",
        "chunk 1: its offsets lie outside article yxrb-2024-05-06-01",
    ]


@pytest.mark.parametrize("name", ["vectors.json", "vectors-1.faiss"])
def test_a_snapshot_that_cannot_be_used_is_named_with_the_command_that_mends_it(archive: Archive, name: str) -> None:
    (archive.folder / name).write_bytes(b"damaged")
    assert told(archive) == [f"vectors: no usable snapshot; {SNAPSHOT}"]
    archive.save_index()
    assert verify(archive) == []


def test_a_snapshot_that_is_only_older_is_no_problem(archive: Archive) -> None:
    archive.discard(["yxrb-2024-05-06"])
    assert verify(archive) == []


def test_a_damaged_database_page_is_named(archive: Archive) -> None:
    archive.close()
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'issues_by_date'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    with (archive.folder / "catalog.sqlite").open("r+b") as file:
        file.seek(root * size - 40)  # the end of the page, where the index keeps its rows
        file.write(b"\xff" * 40)
    assert [problem.split(":")[0] for problem in told(archive)] == ["catalogue"]


def test_a_vector_cut_short_is_named(archive: Archive) -> None:
    damage(archive, "UPDATE chunks SET vector = x'00000000' WHERE chunk_key = 2")
    assert told(archive) == ["chunk 2: its vector has 4 bytes, not 256"]


@pytest.mark.parametrize(
    ("statement", "begins"),
    [
        ("UPDATE articles SET byline = '邬桐' WHERE ordinal = 1", "issue yxrb-2024-05-06: article yxrb-2024-05-06-01"),
        ("UPDATE issues SET issue_date = '2024-05-07'", "issue yxrb-2024-05-06: its facts"),
        ("UPDATE days SET first = '2024-05-04'", "issue yxrb-2024-05-06: chunk 1 or its days"),
        ("UPDATE files SET fingerprint = 'x'", "file 1:"),
        ("UPDATE papers SET slug = 'yxrc'", "paper 砚溪日报:"),
        ("UPDATE meta SET value = '261' WHERE key = 'chunk_size'", "catalogue: what the archive was made with"),
        ("UPDATE words SET body = '放水' WHERE rowid = 2", "issue yxrb-2024-05-06: the search words of chunk 2"),
        ("UPDATE words_docsize SET sz = x'0909' WHERE id = 1", "catalogue: the index of words"),
    ],
)
def test_whatever_is_not_as_it_was_stored_is_named_with_its_issue(archive: Archive, statement: str, begins: str) -> None:
    damage(archive, statement)
    assert [problem[: len(begins)] for problem in told(archive)] == [begins]


def test_a_damaged_article_is_refused_and_the_others_are_served(archive: Archive, open_archive: OpenArchive) -> None:
    archive.close()
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    path = archive.folder / "catalog.sqlite"
    raw = path.read_bytes()
    assert raw.count("卧虹水库今日放水".encode()) == 1
    place = raw.index("卧虹水库今日放水".encode())
    path.write_bytes(raw[:place] + bytes([raw[place] ^ 0x40]) + raw[place + 1 :])  # and no UTF-8 any more
    archive = open_archive()
    assert [hit.passage.article_id for hit in archive.search("水库放水")] == ["yxrb-2024-05-06-02"]
    with pytest.raises(DamagedError, match="article yxrb-2024-05-06-01 is damaged on the disk"):
        archive.article("yxrb-2024-05-06-01")
    issue = archive.issue("yxrb-2024-05-06")
    assert issue is not None
    assert [issue.id_at(place) for place in range(len(issue.articles))] == ["yxrb-2024-05-06-02"]
    assert [headline.title for headline in archive.headlines()] == ["修灯"]
    assert any("article yxrb-2024-05-06-01 is not as it was stored" in problem for problem in told(archive))


def test_a_damaged_issue_is_hidden_until_it_is_removed_and_read_again(
    archive: Archive, open_archive: OpenArchive, tmp_path: Path
) -> None:
    damage(archive, "UPDATE issues SET issue_date = '2024-0x-06'")
    archive = open_archive()
    assert (archive.issue_days(), archive.search("水库放水")) == ([], [])
    with pytest.raises(DamagedError, match="issue yxrb-2024-05-06 is damaged"):
        archive.issue("yxrb-2024-05-06")
    archive.discard(["yxrb-2024-05-06"])
    sync(archive, [tmp_path / "issues"])
    archive = open_archive()
    assert (archive.issue_ids(), verify(archive)) == (["yxrb-2024-05-06"], [])


def test_a_catalogue_of_the_schema_before_is_sealed_by_its_first_writer(archive: Archive, open_archive: OpenArchive) -> None:
    damage(archive, "UPDATE meta SET value = '3' WHERE key = 'schema'")
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        db.execute("DROP TABLE seals")
    db.close()
    archive = open_archive()
    assert (verify(archive), len(archive.search("水库放水"))) == ([], 2)
    archive.mark_corrections({})
    damage(archive, "UPDATE articles SET title = '放火' WHERE ordinal = 1")
    assert len(told(archive)) == 1


def test_a_transaction_seals_nothing_that_was_damaged_before(archive: Archive, write_issue: WriteIssue) -> None:
    damage(archive, "UPDATE meta SET value = '261' WHERE key = 'chunk_size'")
    with pytest.raises(ArchiveError, match="nothing is changed"):
        sync(archive, [write_issue("b.md", "2024-05-07", "采茶\n茶臼村今日采茶。")])
    assert len(told(archive)) == 1


FORCED = [
    "UPDATE articles SET body = '卧虹水库今日放火。' WHERE ordinal = 1",
    "UPDATE articles SET ordinal = 7 WHERE ordinal = 1",
    "UPDATE articles SET article_id = 'yxrb-2024-05-06-21' WHERE ordinal = 1",
    "UPDATE articles SET file_id = NULL WHERE ordinal = 1",
    "UPDATE articles SET letters = 'x', title = '放火' WHERE ordinal = 1",
    "DELETE FROM articles WHERE ordinal = 2",
    "UPDATE issues SET paper = '烟溪日报'",
    "UPDATE issues SET issue_date = '2024-05-07'",
    "UPDATE issues SET issue_date = '2024-0x-06'",
    "UPDATE issues SET next_ordinal = 1",
    "DELETE FROM issues",
    "UPDATE issue_files SET warnings = 'x'",
    "UPDATE files SET path = '/nowhere.md'",
    "UPDATE files SET options = '{'",
    "UPDATE files SET fingerprint = 'x'",
    "UPDATE papers SET slug = 'yxrc'",
    "UPDATE papers SET paper = '烟溪日报'",
    "UPDATE chunks SET article_id = 'yxrb-2024-05-06-09' WHERE chunk_key = 1",
    f"UPDATE chunks SET vector = x'{vector(1)}' WHERE chunk_key = 2",
    "UPDATE days SET first = '2024-05-04'",
    "UPDATE words SET body = '放水' WHERE rowid = 2",
    "UPDATE words_docsize SET sz = x'0909' WHERE id = 1",
    "UPDATE sketches SET signature = x'00' WHERE sketch_key = 1",
    "UPDATE seals SET digest = x'00' WHERE kind = 'issues'",
    "UPDATE seals SET name = 'yxrb-2024-05-06-03' WHERE kind = 'articles' AND name LIKE '%02'",
]


@pytest.mark.parametrize("statement", FORCED)
def test_a_forced_sync_mends_each_damage_and_keeps_every_id(
    archive: Archive, open_archive: OpenArchive, tmp_path: Path, statement: str
) -> None:
    if "sketches" in statement:
        archive.discard(["yxrb-2024-05-06"])
        body = "卧虹水库今日开闸放水，灯笼巷的路灯全亮了，茶臼村的春茶开园采摘，首日收购鲜叶一千二百斤。" * 4
        (tmp_path / "issues" / "a.md").write_text(
            f"---\npaper: 砚溪日报\ndate: 2024-05-06\n---\n# 放水\n{body}\n\n# 修灯\n灯笼巷的路灯全亮了。\n", encoding="utf-8"
        )
        sync(archive, [tmp_path / "issues"])
    before = [(one.article_id, one.article) for one in archive.printed_articles()]
    damage(archive, statement)
    archive = open_archive()
    assert told(archive)
    done = sync(archive, [tmp_path / "issues"], force=True)
    assert (done.failed, told(archive)) == ([], [])
    after = [(one.article_id, one.article) for one in archive.printed_articles()]
    if statement.startswith("DELETE FROM articles"):  # of its number nothing is left but the seal
        assert ([one for _, one in after], done.warnings) == (
            [one for _, one in before],
            ["article yxrb-2024-05-06-02 was stored and is gone; where its file was read again it has another number"],
        )
    else:
        assert after == before
    assert len(archive.search("水库放水")) == 2
    # And what is new goes on as if nothing had been.
    (tmp_path / "issues" / "b.md").write_text(
        "---\npaper: 砚溪日报\ndate: 2024-05-07\n---\n# 采茶\n今日采茶。\n", encoding="utf-8"
    )
    assert sync(archive, [tmp_path / "issues"]).added == ["yxrb-2024-05-07"]
    assert told(open_archive()) == []


def test_a_rebuild_leaves_damaged_articles_out(
    archive: Archive, open_archive: OpenArchive, toy: ToyEncoder, tmp_path: Path
) -> None:
    damage(archive, "UPDATE articles SET body = '卧虹水库今日放火。' WHERE ordinal = 1")
    assert rebuild(ArchiveSettings.load(archive=archive.folder), lambda name: toy) == 1
    archive = open_archive()
    assert [hit.passage.article_id for hit in archive.search("水库放水")] == ["yxrb-2024-05-06-02"]
    sync(archive, [tmp_path / "issues"], force=True)
    assert (told(archive), len(archive.search("水库放水"))) == ([], 2)
