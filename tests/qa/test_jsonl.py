"""JSON Lines: what is read line by line, and how a bad line is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from embeddings.errors import WenbaoError
from qa.jsonl import JsonLine, read_json_lines

pytestmark = pytest.mark.usefixtures("english")


class FileError(WenbaoError):
    """The error that this file's reader asks for."""


def read(path: Path) -> list[str]:
    def parse(line: JsonLine) -> str | None:
        return f"{line.number} {line.fields['question']}" if line.fields.get("asked", True) else None

    return list(read_json_lines(path, parse, code="examples_line", error=FileError))


def test_empty_lines_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"question": "甲？"}\r\n\n  \n{"question": "乙？"}'.encode())
    assert read(path) == ["1 甲？", "4 乙？"]


def test_what_the_parser_leaves_out_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "甲？", "asked": false}\n{"question": "乙？"}\n', encoding="utf-8")
    assert read(path) == ["2 乙？"]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085"], ids=["line separator", "next line"])
def test_a_mark_inside_a_text_does_not_end_its_line(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"question": "甲{mark}？"}}\n{{"question": "乙？"}}', encoding="utf-8")
    assert read(path) == [f"1 甲{mark}？", "2 乙？"]


@pytest.mark.parametrize("line", ["{", "[]", "5", "null", '"甲？"', '{"answer": "x"}'])
def test_a_bad_line_is_named_with_what_is_wanted(line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"question": "甲？"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(FileError, match=re.escape(f"{path}:3: a JSON object with a question is wanted (")):
        read(path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"question": "有吗？"}'.encode("gb18030"))
    with pytest.raises(FileError, match=r"a\.jsonl: not UTF-8 text; save it as UTF-8"):
        read(path)
