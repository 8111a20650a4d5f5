"""Corrections of an archive: made, found, kept over a sync, exported, imported, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import CorrectionError
from embeddings.ingest.correcting import Wish, correct, export_lines, import_lines, undo
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.records import Article, CorrectedField, Issue
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder, add

LINES = "\n\n".join(
    f"第{number}个茶园昨日开园，首日收购鲜叶{number}00斤，村民说今年的茶比去年早了{number}天。" for number in range(30, 60)
)
TEA = f"春荼开园\n\n茶臼村春荼昨日开园，首日收购鲜叶1200斤。\n\n{LINES}"
WATER = "水库放水\n\n卧虹水库明日开闸放水。"
REST = "下半篇\n\n流量为每秒12立方米。"
FIRST = "yxrb-2024-03-12-01"
NAME = "2024-03-12.md"

Write = Callable[..., Path]


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Write) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue(NAME, "2024-03-12", TEA, WATER, REST)])
    return opened


def texts(archive: Archive) -> list[tuple[str, str]]:
    issue = archive.issue("yxrb-2024-03-12")
    assert issue is not None
    return [(article.title, article.body) for article in issue.articles]


def found_by(archive: Archive, *words: str) -> set[str]:
    return {archive.passages([key])[key].article_id for key in archive.chunks_holding(words).tolist()}


def test_words_put_right_are_found_and_so_are_those_printed(archive: Archive) -> None:
    done = correct(archive, FIRST, Wish(words=[("村春荼", "村春茶")], note="看过原件"))
    article = archive.article(FIRST)
    assert article
    assert article[0].articles[0].body.startswith("茶臼村春茶昨日开园")
    assert article[0].articles[0].printed[0].body.startswith("茶臼村春荼昨日开园")
    for words in ("村春荼昨日", "村春茶昨日"):
        assert list(archive.articles_printing([words])) == [FIRST]
    assert FIRST in found_by(archive, "荼") | found_by(archive, "春荼")
    assert found_by(archive, "春茶") == {FIRST}
    (one,) = archive.corrections()
    assert done.corrections == (one,)
    assert (one.printed, one.corrected, one.note, one.applied) == ("村春荼", "村春茶", "看过原件", True)
    assert one.made_at is not None
    assert verify(archive) == []


def test_only_touched_chunks_are_encoded_again(archive: Archive, toy: ToyEncoder) -> None:
    chunks, before = len(archive), len(toy.texts)
    assert chunks > 6
    correct(archive, FIRST, Wish(words=[("村春荼", "村春茶")]))
    assert len(toy.texts) - before == 1
    assert "村春茶" in toy.texts[-1]
    correct(archive, FIRST, Wish({CorrectedField.BYLINE: "记者 邬桐"}))
    assert len(toy.texts) - before == 1
    assert len(archive) == chunks


def test_facts_are_put_right_together(archive: Archive) -> None:
    facts = {CorrectedField.TITLE: " 春茶  开园 ", CorrectedField.BYLINE: "记者 邬桐", CorrectedField.PAGE: "第03版"}
    assert len(correct(archive, FIRST, Wish(facts)).corrections) == 3
    issue = archive.issue("yxrb-2024-03-12")
    assert issue
    article = issue.articles[0]
    assert (article.title, article.byline, article.page) == ("春茶 开园", "记者 邬桐", "3")
    assert (article.printed[0].title, article.printed[0].byline) == ("春荼开园", None)
    correct(archive, FIRST, Wish({CorrectedField.BYLINE: ""}))
    issue = archive.issue("yxrb-2024-03-12")
    assert issue
    assert issue.articles[0].byline is None


def test_a_whole_text_is_kept_as_its_changes(archive: Archive) -> None:
    before = texts(archive)[0][1]
    after = before.replace("村春荼", "村春茶").replace("第45个茶园", "第四十五个茶园")
    assert len(correct(archive, FIRST, Wish(body=f"{after}\n".replace("\n", "\r\n"))).corrections) == 2
    assert texts(archive)[0][1] == after
    undo(archive, [archive.corrections()[0].correction_id])
    assert texts(archive)[0][1] == before.replace("第45个茶园", "第四十五个茶园")


def test_a_correction_outlives_syncs_of_the_same_and_of_a_changed_file(archive: Archive, write_issue: Write) -> None:
    correct(archive, FIRST, Wish({CorrectedField.TITLE: "春茶开园"}, [("村春荼", "村春茶")]))
    same = write_issue(NAME, "2024-03-12", TEA, WATER, REST)
    assert sync(archive, [same]).unchanged == [str(same)]
    report = sync(archive, [write_issue(NAME, "2024-03-12", WATER, TEA.replace("1200", "1300"), REST)])
    assert (report.replaced, report.warnings) == (["yxrb-2024-03-12"], [])
    title, body = texts(archive)[1]
    assert title == "春茶开园"
    assert body.startswith("茶臼村春茶昨日开园，首日收购鲜叶1300斤。")
    assert all(one.applied for one in archive.corrections())


def test_a_correction_that_no_longer_fits_is_kept_and_warned_of(archive: Archive, write_issue: Write) -> None:
    correct(archive, FIRST, Wish(words=[("村春荼", "村春茶")]))
    path = write_issue(NAME, "2024-03-12", "春荼开园\n\n茶臼村的茶树发芽了。", WATER)
    (warning,) = sync(archive, [path]).warnings
    assert "更正 1 与现在印出的文字对不上" in warning
    assert [one.applied for one in archive.corrections()] == [False]
    sync(archive, [write_issue(NAME, "2024-03-12", TEA, WATER, REST)])
    assert [one.applied for one in archive.corrections()] == [True]


def test_a_day_is_put_right_and_found_again_by_the_same_file(archive: Archive, write_issue: Write) -> None:
    done = correct(archive, FIRST, Wish(day=date(2024, 3, 13)))
    assert done.issue_id == "yxrb-2024-03-13"
    issue = archive.issue("yxrb-2024-03-13")
    assert issue
    assert (issue.printed_date, archive.issue("yxrb-2024-03-12")) == (date(2024, 3, 12), None)
    passage = archive.passage_at("yxrb-2024-03-13-02")
    assert passage
    assert (passage.printed_date, passage.days[0].first) == (date(2024, 3, 12), date(2024, 3, 14))
    assert sync(archive, [write_issue(NAME, "2024-03-12", WATER)]).replaced == ["yxrb-2024-03-13"]
    assert undo(archive, [1]).issue_id == "yxrb-2024-03-12"
    assert texts(archive) == [("水库放水", "卧虹水库明日开闸放水。")]


def test_a_day_that_another_issue_has_is_refused(archive: Archive, write_issue: Write) -> None:
    sync(archive, [write_issue("2024-03-13.md", "2024-03-13", WATER)])
    with pytest.raises(CorrectionError, match="yxrb-2024-03-13"):
        correct(archive, FIRST, Wish(day=date(2024, 3, 13)))
    assert archive.corrections() == []
    assert archive.issue("yxrb-2024-03-12") is not None


def test_articles_are_joined_and_split_and_all_comes_back(archive: Archive) -> None:
    before = texts(archive)
    correct(archive, "yxrb-2024-03-12-02", Wish(merge=True))
    assert texts(archive)[1:] == [("水库放水", "卧虹水库明日开闸放水。\n下半篇\n流量为每秒12立方米。")]
    correct(archive, "yxrb-2024-03-12-02", Wish(split=12, split_title="流量"))
    assert texts(archive)[1:] == [("水库放水", "卧虹水库明日开闸放水。"), ("流量", "下半篇\n流量为每秒12立方米。")]
    assert verify(archive) == []
    undo(archive, [one.correction_id for one in archive.corrections()])
    assert texts(archive) == before
    assert archive.corrections() == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(), "correction_of_nothing"),
        (Wish({CorrectedField.TITLE: "春荼开园"}), "correction_of_nothing"),
        (Wish({CorrectedField.TITLE: " "}), "correction_no_headline"),
        (Wish(words=[("无此", "字")]), "correction_words"),
        (Wish(words=[("茶园", "园")]), "correction_words"),
        (Wish(words=[("", "字")]), "correction_words"),
        (Wish(body=" \n "), "correction_no_text"),
        (Wish(split=0), "correction_cut"),
        (Wish(split=-3), "correction_cut"),
        (Wish(split=10**6), "correction_cut"),
    ],
)
def test_what_cannot_be_corrected_changes_nothing(archive: Archive, wish: Wish, code: str) -> None:
    before = archive.stored_generation()
    with pytest.raises(CorrectionError) as error:
        correct(archive, FIRST, wish)
    assert error.value.code == code
    assert archive.stored_generation() == before
    assert archive.corrections() == []


def test_what_is_not_there_is_named(archive: Archive) -> None:
    with pytest.raises(CorrectionError, match="yxrb-2024-03-12-09"):
        correct(archive, "yxrb-2024-03-12-09", Wish(merge=True))
    with pytest.raises(CorrectionError, match="最后一篇"):
        correct(archive, "yxrb-2024-03-12-03", Wish(merge=True))
    with pytest.raises(CorrectionError, match="7, 8"):
        undo(archive, [7, 8])


def test_corrections_move_to_another_archive(
    archive: Archive, open_archive: Callable[..., Archive], write_issue: Write, tmp_path: Path
) -> None:
    correct(archive, FIRST, Wish({CorrectedField.TITLE: "春茶开园"}, [("村春荼", "村春茶")], note="看过原件"))
    lines = export_lines(archive)
    assert json.loads(lines[1])["corrected"] == "村春茶"
    settings = ArchiveSettings.load(archive=tmp_path / "other")
    other = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    assert len(import_lines(other, lines).unfit) == 2  # no issue is held yet
    sync(other, [write_issue(NAME, "2024-03-12", TEA, WATER, REST)])
    assert texts(other) == texts(archive)
    done = import_lines(other, lines)
    assert (done.added, done.known, done.unfit) == (0, 2, ())
    undo(other, [2])
    assert texts(other)[0][1].startswith("茶臼村春荼")
    assert import_lines(other, lines).added == 1
    assert texts(other) == texts(archive)


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"paper": "a", "issue_date": "x", "headline": "b", "field": "title"}'])
def test_a_line_that_is_no_correction_is_named(archive: Archive, line: str) -> None:
    with pytest.raises(CorrectionError) as error:
        import_lines(archive, ["", line], "c.jsonl")
    assert (error.value.path, error.value.line) == ("c.jsonl", 2)


def test_a_rebuild_still_finds_what_was_printed(archive: Archive, toy: ToyEncoder) -> None:
    correct(archive, FIRST, Wish(words=[("村春荼", "村春茶")]))
    before = found_by(archive, "春荼")
    rebuild(ArchiveSettings.load(archive=archive.folder), lambda name: toy)
    assert found_by(archive, "春荼") == before != set()


def test_doubts_are_kept_and_cleared_by_a_correction_of_their_place(archive: Archive) -> None:
    body = "卧虹水库明日开闸放水。"
    article = Article("放水", body, doubts=((0, 2), (6, 7)))
    add(archive, Issue("yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14), (article,)))

    def doubted() -> list[str]:
        found = archive.article("yxrb-2024-03-14-01")
        assert found
        held = found[0].articles[0]
        return [held.body[start:end] for start, end in held.doubts]

    assert doubted() == ["卧虹", "开"]
    correct(archive, "yxrb-2024-03-14-01", Wish(words=[("卧虹水", "卧红水")]))
    assert doubted() == ["开"]
    correct(archive, "yxrb-2024-03-14-01", Wish(words=[("开闸", "开闸")]))
    assert doubted() == []
    undo(archive, [1, 2])
    assert doubted() == ["卧虹", "开"]
