"""What a text costs grows with its length and not with its square, whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from embeddings.dates.mentions import mentions
from embeddings.errors import IssueError
from embeddings.formats.bylines import is_people, people
from embeddings.formats.cleaning import clean
from embeddings.formats.particulars import read_particulars
from embeddings.formats.plain import read_plain
from embeddings.text.letters import fold, fold_aligned, simplified_in_place
from embeddings.text.names import names, tag_words
from embeddings.text.numerals import in_digits, twins
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import sentence_spans
from qa.reading.attribution import asked_speech, speeches
from qa.references.alignment import Letters, find_folded, split_quotation
from qa.references.autocomplete import _initials
from qa.understanding import analysis, date_shift, english_dates, homophones, topics
from qa.understanding.answer_kinds import Kind
from qa.understanding.date_constraints import parse_date_constraints, with_absolute_dates
from qa.understanding.entities import PLACE_END, find_causes, find_names, find_people, find_quoted
from qa.understanding.out_of_scope import detect_out_of_scope
from qa.understanding.query_rewriting import Turn, complete
from qa.understanding.question import Question, understand

TODAY, FIRST = date(2024, 3, 12), date(2020, 1, 1)
SHORT, TIMES = 700, 4
CHEAP_SECONDS = 0.05
"""Below it nothing is to be told apart from the noise of a busy machine."""
MOST = 8
"""Times as much for a text four times as long: what is linear costs 4, what is quadratic 16."""
ROUNDS = 5
PATTERNS = (
    "年", "一", "1", "说", "万", "，", "的", "a", "(", "第", "市", "零", " ", "·", "几", "。", "“", "《", "龘",
    "年 ", "第1", "1,", "1月", "年月", "张说", "a ", "尉·", "是谁", "多少", "怎么一天", "去年", "（记者", "龘靐",
    "2024年", "砚溪市",
    "<", "<b ", "<table>", "<td>", "<!--", "<script>", "![", "[a](", "**", "$1 ", "\\(1", "```\n", "|1", "| - |\n", "作者：",
    "2024-03-12\n", "1\n", "# 1\n", "---\n", "标题：\n", "上一篇", "&a", "甲  1\n", "> ", "第1版\n", "林知远 ", "一、",
)  # fmt: skip


def _days(text: str) -> object:
    return parse_date_constraints(text, TODAY, FIRST, TODAY)


def _follow(text: str) -> object:
    third = text[: len(text) // 3]
    return complete(f"那{third}呢", [Turn(f"{third}是多少？", third)], TODAY, lambda asked: [0.0] * len(asked))


def _read_plain(text: str) -> None:
    with suppress(IssueError):
        read_plain(Path("2024-03-12.md"), text)


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "read_plain": _read_plain,
    "read_particulars": read_particulars,
    "people": lambda text: (people(text), is_people(text)),
    "fold": fold,
    "fold_aligned": fold_aligned,
    "simplified_in_place": simplified_in_place,
    "search_words": search_words,
    "tag_words": tag_words,
    "names": names,
    "twins": lambda text: list(twins(text)),
    "in_digits": lambda text: in_digits(text, lambda word: True),
    "mentions": lambda text: mentions(text, TODAY),
    "sentence_spans": lambda text: list(sentence_spans(text)),
    "detect_out_of_scope": detect_out_of_scope,
    "understand": understand,
    "find_people": find_people,
    "find_names": lambda text: find_names(text, "ns", PLACE_END),
    "find_causes": find_causes,
    "find_quoted": find_quoted,
    "speeches": speeches,
    "asked_speech": lambda text: [asked_speech(Question(text, kind, ())) for kind in (Kind.SAID, Kind.PERSON)],
    "entity_mentions": lambda text: topics.entity_mentions(text, TODAY),
    "candidate_topics": lambda text: topics.candidate_topics(text, text, TODAY),
    "asking_tail": topics.asking_tail,
    "moved": lambda text: date_shift.shift_dates(text, text, alone=True),
    "parse_date_constraints": _days,
    "with_absolute_dates": lambda text: with_absolute_dates(text, parse_date_constraints(text, TODAY, FIRST, TODAY)),
    "complete": _follow,
    "unknown names": lambda text: list(homophones._names(text)),  # of a question, of which a few are looked up
    "in_chinese_form": english_dates.in_chinese_form,
    "split_quotation": split_quotation,
    "find_folded": lambda text: find_folded([Letters(f"{text}砚溪")], Letters(f"虹渡{text}砚溪")),
    "initials": _initials.__wrapped__,
}


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    for function in FUNCTIONS.values():
        function("2024年3月12日砚溪市的尉迟安说了什么？")


def seconds(function: Callable[[str], object], text: str) -> float:
    """Return the seconds of this thread that a text takes at the least, with nothing kept from before."""
    taken = []
    for _ in range(3):
        analysis.clear_caches()
        began = time.thread_time()
        function(text)
        taken.append(time.thread_time() - began)
        if taken[-1] < CHEAP_SECONDS:
            break
    return min(taken)


def grows_mildly(function: Callable[[str], object], pattern: str) -> bool:
    short, long = ((pattern * size)[:size] for size in (SHORT, TIMES * SHORT))
    taken = seconds(function, long)
    return taken < CHEAP_SECONDS or taken < MOST * seconds(function, short)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_cost_of_a_text_grows_with_its_length(name: str) -> None:
    steep = [
        pattern
        for pattern in PATTERNS
        if not any(grows_mildly(FUNCTIONS[name], pattern) for _ in range(ROUNDS))
    ]  # fmt: skip
    assert steep == []


def test_what_grows_with_the_square_is_found_out() -> None:
    def squared(text: str) -> object:
        return sum(1 for _ in text for _ in text)

    assert not grows_mildly(squared, "年")
