"""Cloze questions: the answer gives way to the word that asks for it, and the rest of the clause stays."""

from __future__ import annotations

import random
import re

import pytest

from embeddings.records import Passage
from qa.answering.cloze import Cloze, clozes, wording
from qa.understanding.asked_units import printed_unit
from tests.support.doubles import ranked

NEWS = {
    title: ranked(body, title=title).passage
    for title, body in {
        "水库放水": "😀卧虹水库昨日开闸放水，库区蓄水量达到3860万立方米。由于上游连日降雨，水位比去年同期高出二点五米。",
        "图书馆开放": "砚溪图书馆新馆将于4月23日开放，馆内藏书120万册，阅览座位2400个。馆长白简表示，市民可以免费借书。",
        "春茶上市": "今年砚溪市春茶产量预计增长12.5%。市里还将举办名为“松烟茶会”的展销活动。",
    }.items()
}


def cloze(passage: Passage, clause: str, answer: str, asking: str) -> Cloze:
    body = passage.article.body
    start, place = body.index(clause), body.index(answer)
    return Cloze((start, start + len(clause)), (place, place + len(answer)), asking)


@pytest.mark.parametrize(
    ("headline", "clause", "answer", "asking", "question"),
    [
        ("水库放水", "库区蓄水量达到3860万立方米。", "3860万立方米", "多少", "库区蓄水量达到多少"),
        ("图书馆开放", "馆内藏书120万册，阅览座位2400个。", "120万册", "多少册", "馆内藏书多少册，阅览座位2400个"),
        ("水库放水", "由于上游连日降雨，水位比去年同期高出", "上游连日降雨", "为什么", "为什么水位比去年同期高出"),
        ("春茶上市", "市里还将举办名为“松烟茶会”的展销活动。", "松烟茶会", "什么", "市里还将举办名为什么的展销活动"),
    ],
)  # fmt: skip
def test_the_answer_gives_way_to_the_word_that_asks(
    headline: str, clause: str, answer: str, asking: str, question: str
) -> None:
    passage = NEWS[headline]
    seen = {wording(passage, cloze(passage, clause, answer, asking), random.Random(seed)) for seed in range(40)}
    # Now and then with the day, without a particle, without the mark.
    bare = {re.sub(r"^(?:2024年)?3月12日，?|？$", "", text) for text in seen}
    assert question in bare
    assert {re.sub("[的了将已也并还都就正]", "", text) for text in bare} == {re.sub("[的了将已也并还都就正]", "", question)}
    assert any(text.endswith("？") for text in seen)
    assert any(not text.endswith("？") for text in seen)


def test_only_what_stands_once_in_its_sentence_is_asked_for() -> None:
    body = "东河村种树8600棵，西岭村也种树8600棵，两村各有村民300人参加了劳动。"
    repeated = ranked(body).passage
    asked = {body[slice(*found.answer)] for seed in range(20) for found in clozes(repeated, random.Random(seed))}
    assert "300人" in asked
    assert "8600棵" not in asked


def test_the_agency_line_is_no_part_of_a_question() -> None:
    body = "本报砚溪3月11日电（记者沈砚）砚溪大桥全桥主跨480米，工程总投资12亿元。"
    signed = ranked(body).passage
    for seed in range(20):
        for found in clozes(signed, random.Random(seed)):
            assert body[slice(*found.clause)].startswith(("砚溪大桥", "工程"))
            assert "沈砚" not in wording(signed, found, random.Random(seed))


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("120万册", "册"),
        ("三十二人", "人"),
        ("百分之三十五", "%"),
        ("0.3个百分点", "个百分点"),
        ("3年多", "年"),
        ("12立方米每秒", "立方米每秒"),
        ("几十户", "户"),
        ("5万", ""),
        ("0460-5550118", ""),
    ],
)
def test_a_number_is_asked_for_by_its_unit_as_printed(number: str, unit: str) -> None:
    assert printed_unit(number) == unit
