"""Answers about several things: one for each, of one sentence where that tells all."""

from __future__ import annotations

from datetime import date

import pytest

from embeddings.records import Article, Passage
from qa.answering.side_by_side import answers_all, read_side_by_side
from qa.reading.reader import Reading, Span
from qa.retrieval.candidates import Candidates
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.comparison import find_comparison
from qa.understanding.comprehension import Compared
from qa.understanding.date_constraints import NO_DATES
from qa.understanding.question import understand
from qa.understanding.variants import QueryVariant, VariantRole

BOTH = "10公里组的起点设在市体育馆，5公里组的起点设在荷风桥。"
LONG, SHORT = "10公里组改在望湖亭起跑。", "5公里组仍在荷风桥起跑。"


def span(body: str, text: str, confidence: float = 0.9) -> Span:
    article_id = f"yxrb-2024-03-12-{len(body)}"
    day = date(2024, 3, 12)
    passage = Passage(article_id, article_id, "yxrb-2024-03-12", "砚溪日报", day, None, Article("环湖跑", body), 0, len(body))
    start = body.index(text)
    return Span(passage, start, start + len(text), 0, len(body), confidence)


def compared(question: str) -> Compared:
    found = find_comparison(question, NO_DATES)
    assert found is not None
    variants = [QueryVariant(VariantRole.PART, understand(text), NO_DATES) for text in found.questions]
    return Compared(found.form, found.things, tuple(variants))


def told(question: str, *read: list[Span], alone: bool = False) -> list[str] | None:
    asked = compared(question)
    found = [Candidates(variant, ()) for variant in asked.variants]
    spans = {variant.question.text: spans for variant, spans in zip(asked.variants, read, strict=True)}

    def reader(candidates: Candidates) -> Reading:
        own = spans[candidates.variant.question.text]
        return Reading(tuple(own), tuple(RankedPassage(one.passage, 1.0, 0.5, 1.0) for one in own))

    side = read_side_by_side(asked, found, reader, 0.2, alone=alone)
    return [one.text for one in side.spans] if side else None


QUESTION = "10公里组和5公里组的起点分别设在哪里？"


def test_each_thing_has_its_answer_in_the_order_of_naming() -> None:
    assert told(QUESTION, [span(LONG, "望湖亭")], [span(SHORT, "荷风桥", 0.95)]) == ["望湖亭", "荷风桥"]


def test_what_a_sentence_tells_of_the_other_thing_is_trusted_less() -> None:
    mistaken = [span(BOTH, "荷风桥", 0.9), span(LONG, "望湖亭", 0.6)]
    assert told(QUESTION, mistaken, [span(SHORT, "荷风桥")]) == ["望湖亭", "荷风桥"]


def test_one_sentence_that_tells_both_goes_before_two() -> None:
    first, second = [span(LONG, "望湖亭", 0.9), span(BOTH, "市体育馆", 0.8)], [span(BOTH, "荷风桥", 0.9)]
    assert told(QUESTION, first, second) == ["市体育馆", "荷风桥"]
    hardly = [first[0], span(BOTH, "市体育馆", 0.3)]
    assert told(QUESTION, hardly, second) == ["望湖亭", "荷风桥"]


def test_one_answer_alone_is_told_only_where_the_whole_question_has_none() -> None:
    assert told(QUESTION, [span(LONG, "望湖亭")], [span(SHORT, "荷风桥", 0.1)]) is None
    assert told(QUESTION, [span(LONG, "望湖亭")], [span(SHORT, "荷风桥", 0.1)], alone=True) == ["望湖亭"]
    which = "石沟矿和东峪矿哪个产煤多？"
    assert told(which, [span("石沟矿产煤9万吨。", "9万吨")], [], alone=True) is None


@pytest.mark.parametrize(
    ("question", "body", "text", "enough"),
    [
        ("石沟矿和东峪矿分别产煤多少吨？", "石沟矿产煤9万吨，东峪矿12万吨。", "9万吨，东峪矿12万吨", True),
        ("石沟矿和东峪矿分别产煤多少吨？", "石沟矿产煤9万吨，东峪矿12万吨。", "9万吨", False),
        ("石沟矿和东峪矿哪个产煤多？", "东峪矿产煤多于石沟矿。", "东峪矿", True),
        ("石沟矿和东峪矿哪个产煤多？", "东峪矿产煤12万吨。", "12万吨", False),
        ("石沟矿比东峪矿多产煤多少吨？", "石沟矿多产3万吨。", "3万吨", True),
    ],
)
def test_an_answer_to_the_whole_question_must_tell_of_all(question: str, body: str, text: str, enough: bool) -> None:
    assert answers_all(compared(question), span(body, text)) is enough
