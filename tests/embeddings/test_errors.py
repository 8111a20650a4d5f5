"""An error is told with its file and line, in the chosen language, and says nothing in a language of others."""

from __future__ import annotations

import errno
import json
import os
import socket
import sqlite3
from pathlib import Path

import pytest

import embeddings.errors
from embeddings.errors import ArchiveError, IssueError, NotUploadedError, WenbaoError, described, told, unreadable
from embeddings.messages import speaking
from qa.errors import AdapterError, DatasetError


def test_an_error_is_worded_when_it_is_shown() -> None:
    error = IssueError("no_text", Path("a.md"), 3)
    assert str(error) == "a.md:3: 标题下面没有正文"
    with speaking("en"):
        assert str(error) == "a.md:3: no text found under any heading"
    assert (error.code, error.path, error.line, error.reason) == ("no_text", "a.md", 3, "标题下面没有正文")


def test_an_error_without_line_or_file_has_no_place() -> None:
    assert str(ArchiveError("archive_busy", Path("archive"))).startswith("archive: 另一个命令")
    assert str(ArchiveError("not_in_archive", ids="a, b")).startswith("档案里没有：a, b；")


def test_bytes_that_are_no_utf_8_are_escaped_in_paths_and_values() -> None:
    error = IssueError("article_held", Path(os.fsdecode(b"\xb5.md")), title="x", other=Path(os.fsdecode(b"\xc6.md")))
    assert str(error) == "\\xb5.md: “x”已从 \\xc6.md 读入，两处请只留一处"


def test_an_error_of_another_name_tells_nothing_of_the_folder() -> None:
    error = IssueError("article_held", "/srv/uploads/b.md", title="x", other="/srv/uploads/a.md").of("b.md", "/srv/uploads/")
    assert (error.path, error.values) == ("b.md", {"title": "x", "other": "a.md"})
    assert "/srv" not in str(error)


def test_a_code_without_a_text_is_refused() -> None:
    with pytest.raises(KeyError, match="never_heard"):
        WenbaoError("never_heard")


def test_every_error_derives_from_the_root() -> None:
    found = [value for value in vars(embeddings.errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert {*found, AdapterError, DatasetError} <= {WenbaoError, *_below(WenbaoError)}
    assert NotUploadedError("yxrb-2024-05-06", "/srv/a.md").source == "/srv/a.md"


def _below(parent: type[Exception]) -> set[type[Exception]]:
    return {below for child in parent.__subclasses__() for below in (child, *_below(child))}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file"), "没有这个文件或文件夹"),
        (OSError(errno.EDOM, "Numerical argument out of domain"), "EDOM"),
        (OSError(9999, "Unknown"), "errno 9999"),
        (OSError("no number"), "OSError"),
        (socket.gaierror(-2, "Name or service not known"), "没有这个主机名：请用 --host 另选一个"),
        (KeyError("title"), "KeyError: 'title'"),
        (ValueError("could not convert"), "ValueError"),
        (json.JSONDecodeError("Expecting value", "[\n1,", 3), "JSON 2:2"),
        (sqlite3.DataError("too big"), "DataError"),
    ],
    ids=["file", "no text", "unknown number", "no number", "host", "key", "sentence", "JSON", "SQLite"],
)
def test_what_others_say_is_told_in_our_words_or_by_name(error: Exception, said: str) -> None:
    assert str(described(error)) == said


def test_an_error_of_sqlite_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "no.sqlite"
    path.write_bytes(b"no database" * 100)
    with sqlite3.connect(path) as db, pytest.raises(sqlite3.DatabaseError) as refused:
        db.execute("SELECT * FROM sqlite_schema")
    db.close()
    assert str(described(refused.value)) == "不是 SQLite 数据库"


def test_an_error_of_the_system_is_told_with_its_file() -> None:
    assert told(FileNotFoundError(errno.ENOENT, "No such file", "a.md")) == "a.md: 没有这个文件或文件夹"
    assert told(OSError(errno.EADDRINUSE, "Address already in use")) == "这个端口已被占用：请用 --port 另选一个"


def test_a_file_that_sqlite_cannot_read_is_told_and_a_wrong_statement_is_not(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no database" * 99)
    db = sqlite3.connect(tmp_path / "x")
    with pytest.raises(sqlite3.DatabaseError) as found:
        db.execute("SELECT * FROM sqlite_schema")
    db.close()
    with speaking("en"):
        assert "it is no SQLite database" in str(unreadable(found.value))
    db = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.DatabaseError) as found:
        db.execute("SELECT * FROM nothing")
    db.close()
    assert unreadable(found.value) is None
