"""The operator's dictionary: names and their aliases from a plain file, in index and question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from embeddings.text.aliases import Names, NamesError, read_names
from embeddings.text.letters import fold

pytestmark = pytest.mark.usefixtures("english")

HOSPITAL = ("砚溪市第一人民医院", "市一院", "First Hospital")


@pytest.fixture
def names_file(tmp_path: Path) -> Path:
    path = tmp_path / "names.txt"
    path.write_text("# 医院\n砚溪市第一人民医院, 市一院、First Hospital  # 在东街\n\n虹渡大桥\n", encoding="utf-8")
    return path


def test_each_line_is_one_thing_with_its_aliases(names_file: Path) -> None:
    assert read_names(names_file) == Names((HOSPITAL, ("虹渡大桥",)))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("虹渡大桥\n市一院,,一院", 2, "nothing between two commas"),
        ("市一院,", 1, "nothing between two commas"),
        ("# 医院\n\n砚溪市第一人民医院,院", 3, "too short"),
        ("市一院\n虹渡大桥\n一院，市一院", 3, "stands in line 1 already"),
        ("ＷＨＯ\nwho", 2, "stands in line 1 already"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(tmp_path: Path, text: str, line: int, reason: str) -> None:
    path = tmp_path / "names.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NamesError, match=rf"names\.txt:{line}: .*{reason}"):
        read_names(path)


def test_a_file_that_is_missing_or_no_utf8_is_named(tmp_path: Path, open_archive: Callable[..., Archive]) -> None:
    path = tmp_path / "names.txt"
    with pytest.raises(NamesError, match=r"names\.txt: cannot be opened"):
        open_archive(names=path)
    path.write_bytes("市一院".encode("gbk"))
    with pytest.raises(NamesError, match=r"names\.txt: not UTF-8"):
        open_archive(names=path)


def test_all_names_of_a_thing_are_one_word() -> None:
    names = Names((HOSPITAL,))
    assert names.words("他在巿一院") == []  # 巿 is not 市
    assert names.words("他在市一院") == names.words("the First　Hospital") == names.words("在砚溪市第一人民醫院") != []


def test_a_latin_name_is_no_part_of_a_word() -> None:
    names = Names((("世界卫生组织", "WHO"),))
    assert names.words("the whole whoops 2who") == []
    assert len(names.words("据WHO通报，WHO称")) == 2


def test_a_question_is_respelt_with_the_other_names_in_their_order() -> None:
    names = Names((HOSPITAL,))
    assert list(names.respelt("ＡＢ：市一院在哪条街？")) == [
        "ＡＢ：砚溪市第一人民医院在哪条街？",
        "ＡＢ：First Hospital在哪条街？",
    ]
    assert list(names.respelt("大桥在哪里？")) == []


def test_a_respelt_question_keeps_its_spelling_where_folding_moves_letters() -> None:
    names = Names((("砚溪市第一人民医院", "市一院"),))
    assert list(names.respelt("㎡計：第一人民醫院與市一院相距½里？")) == ["㎡計：第一人民醫院與砚溪市第一人民医院相距½里？"]


@given(st.text(st.sampled_from("市一院虹渡大桥 whoＷ，臺"), max_size=30))
def test_mentions_lie_apart_and_are_the_names(text: str) -> None:
    folded, end = fold(text), 0
    for mention in Names((HOSPITAL, ("虹渡大桥", "大桥"), ("who", "世卫"))).mentions(folded):
        assert end <= mention.start < mention.end
        assert folded[mention.start : mention.end] in map(fold, mention.names)
        end = mention.end


def test_an_alias_finds_the_text_that_prints_another_name(
    names_file: Path, open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    path = write_issue("a.md", "2024-03-12", "体检\n\n砚溪市第一人民医院开放体检。", "春笋\n\n春笋上市。")
    archive = open_archive(names=names_file)
    sync(archive, [path])
    found = {hit.passage.article.title: hit.lexical for hit in archive.search("市一院")}
    assert found["体检"] > 0 == found["春笋"]


def test_the_dictionary_may_change_without_a_new_index(
    names_file: Path, open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    sync(open_archive(), [write_issue("a.md", "2024-03-12", "体检\n\n砚溪市第一人民医院开放体检。")])
    for archive in (open_archive(names=names_file), open_archive()):
        assert archive.search("砚溪市第一人民医院何时开放体检？")[0].lexical > 0
