"""An archive that an earlier version made opens and answers as it lies, without a rebuild."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import faiss
import numpy as np
import pytest

from embeddings.ingest.sync import sync
from embeddings.records import Article, Days, Issue, Precision
from embeddings.store.archive import Archive
from embeddings.store.faiss_index import FaissIndex
from embeddings.store.records import SourceFile
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

# Written out, not imported: what lies on disks does not change with the code.
SCHEMA_2 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE issues (
    issue_id TEXT PRIMARY KEY, paper TEXT NOT NULL, issue_date TEXT NOT NULL, issue_number INTEGER,
    pages INTEGER, cn_number TEXT, warnings TEXT NOT NULL DEFAULT '',
    source_path TEXT NOT NULL, fingerprint TEXT NOT NULL
);
CREATE INDEX issues_by_date ON issues (issue_date, issue_id);
CREATE INDEX issues_by_fingerprint ON issues (fingerprint);
CREATE INDEX issues_by_path ON issues (source_path);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, issue_id TEXT NOT NULL REFERENCES issues ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, title TEXT NOT NULL, kicker TEXT, subtitle TEXT, "column" TEXT,
    byline TEXT, source TEXT, page INTEGER, url TEXT, body TEXT NOT NULL
);
CREATE INDEX articles_by_issue ON articles (issue_id, ordinal);
CREATE TABLE chunks (
    chunk_key INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (article_id, ordinal)
);
CREATE TABLE days (
    chunk_key INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, precision TEXT NOT NULL,
    PRIMARY KEY (chunk_key, first, last, precision)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.%'");
"""
FACTS = {"schema": "2", "model": "toy", "dimension": "64", "chunk_size": "260", "chunk_overlap": "1", "generation": "7"}
BODY = "卧虹水库昨日放水。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of one article as version 0.1.0 laid it on the disk, in its seventh generation."""
    folder = tmp_path / "archive"
    folder.mkdir()
    vectors = ToyEncoder().encode_queries([BODY])
    db = sqlite3.connect(folder / "catalog.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(SCHEMA_2)
    db.executemany("INSERT INTO meta VALUES (?, ?)", FACTS.items())
    db.execute(
        "INSERT INTO issues VALUES ('yxrb-2024-05-06', '砚溪日报', '2024-05-06', 9370, 4, NULL, '', '/issues/a.md', 'print')"
    )
    db.execute(
        "INSERT INTO articles VALUES ('yxrb-2024-05-06-01', 'yxrb-2024-05-06', 1, '放水', NULL, NULL, NULL, "
        "'邬桐', NULL, 2, NULL, ?)",
        (BODY,),
    )
    db.execute("INSERT INTO chunks VALUES (12, 'yxrb-2024-05-06-01', 1, 0, 9, ?)", (vectors.astype("<f4").tobytes(),))
    db.execute("INSERT INTO days VALUES (12, '2024-05-05', '2024-05-05', 'day')")
    db.execute("INSERT INTO words (rowid, title, body) VALUES (12, '放水', '卧虹 水库 昨日 放水')")
    db.commit()
    db.close()
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(64))
    index.add_with_ids(vectors, np.array([12]))
    faiss.write_index(index, str(folder / "vectors-7.faiss"))
    digest = hashlib.sha256((folder / "vectors-7.faiss").read_bytes()).hexdigest()
    stamp = {"file": "vectors-7.faiss", "generation": 7, "model": "toy", "dimension": 64, "count": 1, "sha256": digest}
    (folder / "vectors.json").write_text(json.dumps(stamp))
    return folder


def test_it_opens_and_answers_and_nothing_of_it_is_written_anew(folder: Path, open_archive: Callable[..., Archive]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    archive = open_archive()
    (hit,) = archive.search("水库放水")
    assert (hit.passage.text, hit.passage.days) == (BODY, (Days(date(2024, 5, 5), date(2024, 5, 5), Precision.DAY),))
    assert hit.lexical > 0
    article = Article("放水", BODY, byline="邬桐", page="2")
    assert archive.issue("yxrb-2024-05-06") == Issue("yxrb-2024-05-06", "砚溪日报", date(2024, 5, 6), (article,), 9370, 4)
    assert (archive.searched_generation, archive.keys().tolist(), verify(archive)) == (7, [12], [])
    archive.close()
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in before} == before


def test_its_snapshot_is_taken_as_it_lies(folder: Path) -> None:
    snapshot = FaissIndex.load(folder, "toy", 64)
    assert snapshot is not None
    assert (snapshot.generation, snapshot.keys.tolist()) == (7, [12])


def test_the_first_writer_brings_it_up_to_date_and_every_id_and_vector_stays(
    folder: Path, open_archive: Callable[..., Archive], toy: ToyEncoder, tmp_path: Path
) -> None:
    server = open_archive()
    issue = server.issue("yxrb-2024-05-06")
    (stored,) = server.stored_files()
    assert (stored.source, stored.issue_ids) == (SourceFile("/issues/a.md", "print"), ("yxrb-2024-05-06",))
    text = "---\npaper: 砚溪日报\ndate: 2024-05-06\n---\n# 修灯\n\n灯笼巷的路灯亮了。\n"
    (tmp_path / "b.md").write_text(text, encoding="utf-8")
    report = sync(open_archive(), [tmp_path / "b.md"])
    assert (report.replaced, report.failed) == (["yxrb-2024-05-06"], [])
    assert not any(BODY in encoded for encoded in toy.texts)
    # A server that had it open goes on, and sees what is new.
    assert [hit.passage.article_id for hit in server.search("水库放水") if hit.lexical > 0] == ["yxrb-2024-05-06-01"]
    held = server.issue("yxrb-2024-05-06")
    assert issue is not None
    assert held is not None
    assert {held.id_at(place): article.title for place, article in enumerate(held.articles)} == {
        "yxrb-2024-05-06-01": "放水", "yxrb-2024-05-06-02": "修灯",
    }  # fmt: skip
    assert (held.issue_number, held.pages, held.articles[0]) == (9370, 4, issue.articles[0])
    assert server.keys().tolist() == [12, 13]
    assert server.stored_files(path="/issues/a.md") == [stored]
    assert verify(server) == []
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("4",)
        assert db.execute("SELECT paper, slug FROM papers").fetchall() == [("砚溪日报", "yxrb")]
        assert db.execute("SELECT typeof(page), page FROM articles WHERE ordinal = 1").fetchone() == ("text", "2")
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_3'").fetchone() == (0,)
    db.close()


def test_papers_that_shared_their_letters_keep_their_ids_and_never_trade_them(
    folder: Path, open_archive: Callable[..., Archive], tmp_path: Path
) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        for issue_id, paper in (
            ("ycrb-2024-05-06", "宜春日报"), ("ycrb-2024-05-07", "宜春日报"),
            ("yichunribao-2024-05-06", "伊春日报"), ("ycrb-2024-05-08", "伊春日报"),
        ):  # fmt: skip
            facts = (issue_id, paper, issue_id[-10:], f"/issues/{issue_id}.md")
            db.execute("INSERT INTO issues VALUES (?, ?, ?, NULL, NULL, NULL, '', ?, 'print')", facts)
    db.close()
    archive = open_archive()
    archive.remove(["yxrb-2024-05-06"])
    names = archive.issue_names()
    assert (names.slug("宜春日报"), names.slug("伊春日报")) == ("ycrb", "yichunribao")
    held = [Issue("", paper, date(2024, 5, day), ()) for paper, day in (("伊春日报", 8), ("宜春日报", 8), ("伊春日报", 9))]
    assert [names.of(issue) for issue in held] == ["ycrb-2024-05-08", "ycrb-2024-05-08-2", "yichunribao-2024-05-09"]
