"""What is marked of a list stands for all of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.text.sentences import sentence_spans
from qa.reading.lists import asked_count, asks_for_several, whole_list, whole_quotation


def widened(body: str, marked: str) -> str:
    start = body.index(marked)
    quote = next(span for span in sentence_spans(body) if span[0] <= start < span[1])
    first, last = whole_list(body, quote, start, start + len(marked))
    return body[first:last]


@pytest.mark.parametrize(
    ("body", "marked", "whole"),
    [
        ("结果揭晓。它们分别是：东河、西岭、北山。真多。", "西岭", "东河、西岭、北山"),
        ("一行先后来到税务局门前、半岛广场及南部新城等地，沿途察看。", "半岛广场", "税务局门前、半岛广场及南部新城"),
        ("一行先后来到税务局门前、半岛广场及南部新城等地，沿途察看。", "税务局门前", "税务局门前、半岛广场及南部新城"),
        ("三期分别以“制造”“家居”“生活”为主题，共设九区。", "家居", "“制造”“家居”“生活”"),
        ("园里有桃、李和杏。", "桃、李", "桃、李和杏"),
        ("园里有桃、李。梨在别处、远处。", "桃", "桃、李"),
        ("市长召集水务局、渔政站和码头开会。", "渔政站", "水务局、渔政站和码头"),
        ("沈砚和闻岳舟出席。", "沈砚", "沈砚和闻岳舟"),
        ("沈砚和闻岳舟出席。", "闻岳舟", "沈砚和闻岳舟"),
        ("放映《渠水谣》和《走过大桥》两部。", "《渠水谣》", "《渠水谣》和《走过大桥》"),
        ("大桥昨日通车，市民说好。", "通车", "通车"),
        ("桃、李都开了，大桥通车。", "通车", "通车"),
    ],
)
def test_a_marked_item_is_widened_to_its_list(body: str, marked: str, whole: str) -> None:
    assert widened(body, marked) == whole


def test_a_pair_is_not_what_a_question_for_three_asks_for() -> None:
    body = "沈砚和闻岳舟出席。"
    assert whole_list(body, (0, len(body)), 0, 2, 3) == (0, 2)
    assert [asked_count(asked) for asked in ("哪三位出席？", "哪两家", "有哪些", "谁来")] == [3, 2, None, None]
    assert [asks_for_several(asked) for asked in ("哪三位出席？", "分别是谁", "谁出席？")] == [True, True, False]


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(alphabet="桃李和、，。等“”", min_size=1, max_size=40), st.data())
def test_a_widened_span_holds_what_was_marked_and_stays_in_its_sentence(body: str, data: st.DataObject) -> None:
    for quote in sentence_spans(body):
        start = data.draw(st.integers(quote[0], quote[1] - 1))
        end = data.draw(st.integers(start + 1, quote[1]))
        first, last = whole_list(body, quote, start, end)
        assert quote[0] <= first <= start < end <= last <= quote[1]


@pytest.mark.parametrize(
    ("body", "marked", "words"),
    [
        ("大桥是高台区的“长虹”，今年通车。", "高台区的“长虹", "高台区的“长虹”"),
        ("大桥叫长虹，“今年就通车”。", "长虹，“今年", "长虹"),
        ("大桥是“长虹”，今年通车。", "“长虹”", "“长虹”"),
        ("大桥是“长虹大桥”。", "“长虹", "“长虹"),
    ],
    ids=["closed", "left out", "whole", "nothing before it"],
)
def test_a_quotation_is_whole_or_left_out(body: str, marked: str, words: str) -> None:
    start = body.index(marked)
    assert body[slice(*whole_quotation(body, start, start + len(marked)))] == words
