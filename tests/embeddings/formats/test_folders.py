"""Of the files of a folder some are taken by a reader, some by none, and some are meant to be left."""

from pathlib import Path

import pytest

from embeddings.formats.folders import find_files

NAMES = ("b.txt", "a.md", "sub/c.markdown", "sub/note.xyz", "说明.xyz", ".git/d.md", "sub/.e.md", ".DS_Store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def names(paths: tuple[Path, ...], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_are_found_once_in_a_stable_order_and_hidden_ones_are_left_out(folder: Path) -> None:
    found = find_files([folder, folder / "sub" / ".." / "a.md"])
    assert names(found.readable, folder) == ["a.md", "b.txt", "sub/c.markdown"]
    assert names(found.others, folder) == ["sub/note.xyz", "说明.xyz"]


def test_a_file_named_outright_is_read_whatever_its_suffix(folder: Path) -> None:
    found = find_files([folder, folder / "sub" / "note.xyz", folder / "gone.md"])
    assert names(found.readable, folder) == ["a.md", "b.txt", "sub/c.markdown", "sub/note.xyz", "gone.md"]
    assert names(found.others, folder) == ["说明.xyz"]


@pytest.mark.parametrize(
    ("patterns", "readable", "others"),
    [
        (["*.xyz"], ["a.md", "b.txt", "sub/c.markdown"], []),
        (["sub"], ["a.md", "b.txt"], ["说明.xyz"]),
        (["sub/*.xyz", "b.*"], ["a.md", "sub/c.markdown"], ["说明.xyz"]),
        (["nothing"], ["a.md", "b.txt", "sub/c.markdown"], ["sub/note.xyz", "说明.xyz"]),
    ],
    ids=["a suffix", "a folder", "a path and a name", "none of them"],
)
def test_what_a_pattern_names_is_left_out(folder: Path, patterns: list[str], readable: list[str], others: list[str]) -> None:
    found = find_files([folder], patterns)
    assert (names(found.readable, folder), names(found.others, folder)) == (readable, others)


def test_a_file_that_tells_of_the_folder_is_no_issue(tmp_path: Path) -> None:
    for name in ("README.md", "readme.zh.md", "LICENSE.txt", "2024-05-06.md"):
        (tmp_path / name).write_text("# 说明\n\n2024-05-06 录入。\n")
    found = find_files([tmp_path])
    assert names(found.readable, tmp_path) == ["2024-05-06.md"]
    assert len(found.others) == 3
