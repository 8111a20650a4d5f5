"""Reading-comprehension sets: answers stand where they say, and no passage lies on both sides of a split."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.training.squad import DatasetError, HardNegative, Sample, hold_out, locate, read_samples, write_samples

pytestmark = pytest.mark.usefixtures("english")

BODY = "😀砚溪大桥全长１２００米，主跨 ４８０ 米。大桥由ＷＢ集团修建。"


def write(path: Path, *asked: dict[str, Any], context: str = BODY, title: str | None = "大桥") -> Path:
    entry: dict[str, Any] = {"paragraphs": [{"context": context, "qas": list(asked)}]}
    path.write_text(json.dumps({"data": [entry if title is None else {**entry, "title": title}]}), encoding="utf-8")
    return path


def asking(*answers: tuple[object, int], **more: Any) -> dict[str, Any]:
    given_answers = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": "q1", "question": "大桥全长多少米？", "answers": given_answers, **more}


def sample(context: str, title: str = "", **more: Any) -> Sample:
    return Sample("1", "问？", context, title, ("答",), ((0, 1),), **more)


# Where answers stand


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("大桥", 3, "大桥"),
        ("１２００米", 7, "１２００米"),
        ("大桥", 4, "大桥"),  # a character beside its mark
        ("大桥", -1, "大桥"),
        ("大桥", 10_000, "大桥"),
        ("1200米", 7, "１２００米"),
        ("主跨480米", 0, "主跨 ４８０ 米"),
        ("wb集团", 0, "ＷＢ集团"),
    ],
)
def test_an_answer_is_found_at_its_mark_or_near_it(text: str, start: int, found: str) -> None:
    place = locate(BODY, text, start)
    assert place is not None
    assert BODY[slice(*place)] == found


def test_an_answer_in_other_characters_is_found_where_letters_move() -> None:
    assert locate("㎡½：砚溪大橋", "大桥", 0) == (5, 7)
    assert locate("Cafe\u0301 開館", "Café开", 0) == (0, 7)


def test_of_several_places_the_nearest_is_taken() -> None:
    first, second = 3, BODY.index("大桥", 5)
    assert locate(BODY, "大桥", first + 1) == (first, first + 2)
    assert locate(BODY, "大桥", second - 1) == (second, second + 2)


@pytest.mark.parametrize("text", ["铁路", " ", "大桥大桥"])
def test_an_answer_that_does_not_stand_there_has_no_place(text: str) -> None:
    assert locate(BODY, text, 0) is None


@given(st.text(alphabet="砚溪😀𠮷ﬁ㎏１1aＡ 　\n。", max_size=20), st.data())
def test_whatever_is_cut_out_is_found_again(context: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(context)))
    end = data.draw(st.integers(start, len(context)))
    assert locate(context, context[start:end], start) == (start, end)


# Reading and writing


def test_a_question_is_read_with_its_places(tmp_path: Path) -> None:
    wrong = {"title": "铁路", "context": "砚溪铁路通车。"}
    asked = asking(("１２００米", 7), ("1200米", 7), evidences=[BODY[:24]], wrong=[wrong])
    (found,) = read_samples(write(tmp_path / "a.json", asked))
    assert found == Sample(
        "q1", "大桥全长多少米？", BODY, "大桥", ("１２００米", "1200米"), ((7, 12),), (BODY[:24],), (HardNegative(**wrong),)
    )
    assert BODY[7:12] == "１２００米"


def test_numbers_as_answers_and_ids_are_read_as_words(tmp_path: Path) -> None:
    (found,) = read_samples(write(tmp_path / "a.json", asking((1200, 7), id=7), title=None))
    assert (found.id, found.answers, found.title) == ("7", ("1200",), "")
    assert BODY[slice(*found.spans[0])] == "１２００"


def test_a_question_without_answer_is_kept(tmp_path: Path) -> None:
    asked = {"id": "q1", "question": "谁？", "answers": []}
    without = {"id": "q2", "question": "谁？"}
    assert [(found.id, found.answers, found.spans) for found in read_samples(write(tmp_path / "a.json", asked, without))] == [
        ("q1", (), ()),
        ("q2", (), ()),
    ]


def test_an_answer_beyond_mending_keeps_its_words_without_a_place(tmp_path: Path) -> None:
    (found,) = read_samples(write(tmp_path / "a.json", asking(("铁路", 0), ("", 0))))
    assert (found.answers, found.spans) == (("铁路", ""), ())


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"data": 3}', '{"data": [{}]}', '{"data": [{"paragraphs": [{"qas": []}]}]}', '{"data": ["a"]}']
)
def test_a_file_of_another_shape_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"odd\.json: not a SQuAD-shaped file"):
        read_samples(path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes("砚溪".encode("gb18030"))
    with pytest.raises(DatasetError, match=r"odd\.json"):
        read_samples(path)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    samples = [
        Sample(
            "1",
            "全长？",
            BODY,
            "大桥",
            ("１２００米",),
            ((7, 12),),
            hard_negatives=(HardNegative("", "铁路通车。"), HardNegative("题", "\n")),
        ),
        Sample("2", "谁修建？", BODY, "", ("ＷＢ集团",), ((BODY.index("Ｗ"), BODY.index("修")),), ("大桥由ＷＢ集团修建。",)),
        Sample("3", "何时？", BODY, "大桥", (), ()),
    ]
    write_samples(iter(samples), tmp_path / "a.json")
    assert read_samples(tmp_path / "a.json") == samples


# Holding out


def test_about_the_share_asked_for_is_held_out() -> None:
    kept, held = hold_out([sample(f"第{number}篇") for number in range(1000)], 0.2)
    assert 150 < len(held) < 250
    assert len(kept) + len(held) == 1000


@pytest.mark.parametrize(("share", "counts"), [(0.0, (9, 0)), (1.0, (0, 9))])
def test_none_or_all_can_be_held_out(share: float, counts: tuple[int, int]) -> None:
    kept, held = hold_out([sample(f"第{number}篇") for number in range(9)], share)
    assert (len(kept), len(held)) == counts


def test_passages_of_one_title_stay_together() -> None:
    samples = [sample(f"第{number}段", f"题{number % 20}") for number in range(200)]
    kept, held = hold_out(samples, 0.4)
    assert kept
    assert held
    assert not {found.title for found in kept} & {found.title for found in held}


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from("子丑寅卯")), max_size=12), st.floats(0, 1))
def test_no_passage_lies_on_both_sides(pairs: Sequence[tuple[str, str]], share: float) -> None:
    kept, held = hold_out([sample(context, title) for title, context in pairs], share)
    assert not {found.context for found in kept} & {found.context for found in held}


def test_the_split_does_not_depend_on_the_order_nor_on_what_else_is_there() -> None:
    samples = [sample(f"第{number}篇") for number in range(100)]
    _, held = hold_out(samples, 0.3)
    _, again = hold_out([sample("别的"), *reversed(samples)], 0.3)
    assert {found.context for found in held} == {found.context for found in again} - {"别的"}


def test_another_seed_holds_out_others() -> None:
    samples = [sample(f"第{number}篇") for number in range(100)]
    assert hold_out(samples, 0.3)[1] != hold_out(samples, 0.3, "other")[1]
    assert hold_out([replace(found, question="换个问法？") for found in samples], 0.3)[1] != []
