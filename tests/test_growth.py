"""What a text costs grows with its length and not with its square, whatever stands in it.

A new function of a text that a stranger sends gets a line in FUNCTIONS, and its name in OF_BODIES where it reads articles too;
each word that its regular expressions repeat or look back from gets one in PATTERNS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from embeddings.dates.date_words import find_written
from embeddings.dates.mentions import mentions
from embeddings.errors import IssueError
from embeddings.formats.bylines import is_people, people
from embeddings.formats.cleaning import clean
from embeddings.formats.particulars import read_particulars
from embeddings.formats.plain import read_plain
from embeddings.text.chunks import split_article
from embeddings.text.letters import fold, fold_aligned, simplified_in_place
from embeddings.text.names import names, tag_words
from embeddings.text.numbers import numbers
from embeddings.text.numerals import in_digits, twins
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import ends_a_sentence, sentence_spans
from qa.reading.answer_types import is_candidate
from qa.reading.attribution import asked_speech, speeches
from qa.reading.causes import whole_reason
from qa.reading.lists import whole_list
from qa.references.alignment import Letters, find_folded, find_nearest, split_quotation
from qa.references.autocomplete import _initials
from qa.references.highlight import highlight
from qa.understanding import analysis, date_shift, english_dates, homophones, topics
from qa.understanding.answer_kinds import ANSWER_KINDS, Kind
from qa.understanding.comparison import find_comparison
from qa.understanding.constraint_mentions import find_constraint_mentions
from qa.understanding.date_constraints import NO_DATES, parse_date_constraints, with_absolute_dates
from qa.understanding.entities import (
    PLACE_END,
    find_causes,
    find_dates,
    find_names,
    find_numbers,
    find_people,
    find_quoted,
)
from qa.understanding.imprint_facts import asked_fact
from qa.understanding.openings import find_opening
from qa.understanding.out_of_scope import detect_out_of_scope
from qa.understanding.printed_roles import asked_role
from qa.understanding.query_rewriting import Turn, complete
from qa.understanding.question import Question, understand
from qa.understanding.replacement import replacements

TODAY, FIRST = date(2024, 3, 12), date(2020, 1, 1)
SHORT, TIMES = 700, 4
CHEAP_SECONDS = 0.05
"""Below it nothing is to be told apart from the noise of a busy machine."""
MOST = 8
"""Times as much for a text four times as long: what is linear costs 4, what is quadratic 16."""
ROUNDS = 5
SENTENCE = "卧虹水库将于3月13日上午9时开闸放水，流量为每秒12立方米。"
PATTERNS = (
    "年", "一", "1", "说", "万", "，", "的", "a", "(", "第", "市", "零", " ", "·", "几", "。", "“", "《", "龘",
    "年 ", "第1", "1,", "1月", "年月", "张说", "a ", "尉·", "是谁", "多少", "怎么一天", "去年", "（记者", "龘靐",
    "2024年", "砚溪市",
    "<", "<b ", "<table>", "<td>", "<!--", "<script>", "![", "[a](", "**", "$1 ", "\\(1", "```\n", "|1", "| - |\n", "作者：",
    "2024-03-12\n", "1\n", "# 1\n", "---\n", "标题：\n", "上一篇", "&a", "甲  1\n", "> ", "第1版\n", "林知远 ", "一、",
)  # fmt: skip
MORE_PATTERNS = (
    "亿", "万亿", "日", "月", "半", "、", "？", "-", "他", "和", "是", "不", "\n", "\u3000", "0-", "1日1", "1月2日", "说“",
    "由于", "百分之", "两角", "我要", "甲和乙", "王　", "水 and ", "the ", "[ ", "今日…", "😀", "e\u0301", "国庆", "第1届",
    "发", "写", "落款", "的是",
)  # fmt: skip
"""Those that are tried only where there is time."""


def _days(text: str) -> object:
    return parse_date_constraints(text, TODAY, FIRST, TODAY)


def _follow(text: str) -> object:
    third = text[: len(text) // 3]
    return complete(f"那{third}呢", [Turn(f"{third}是多少？", third)], TODAY, lambda asked: [0.0] * len(asked))


def _kinds(text: str) -> object:
    asked = {kind: Question(text[:40], kind.name, ()) for kind in ANSWER_KINDS}
    return [kind.finds(text, question) for kind, question in asked.items() if kind.finds]


def _widened(text: str) -> object:
    middle, quote = len(text) // 2, (0, len(text))
    return whole_list(text, quote, middle, middle + 2), whole_reason(text, quote, middle, middle + 2)


def _told(text: str) -> object:
    question = Question(text, Kind.NUMBER, (text[:2],))
    return is_candidate(text, len(text) // 2, len(text) // 2 + 2, question)


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
    "numbers": numbers,
    "find_numbers": find_numbers,
    "find_dates": find_dates,
    "find_written": find_written,
    "find_opening": find_opening,
    "demands": lambda text: Question(text, Kind.OTHER, ()).demands,
    "kinds": _kinds,
    "asked_role": asked_role,
    "asked_fact": lambda text: asked_fact(text, ()),
    "find_comparison": lambda text: find_comparison(text, NO_DATES),
    "find_constraint_mentions": lambda text: find_constraint_mentions(text, NO_DATES),
    "replacements": lambda text: list(replacements(text[:24], text, TODAY)),
    "whole_list": _widened,
    "is_candidate": _told,  # best_span reads one sentence, of which the length is bounded
    "highlight": lambda text: highlight(text, [text[:2]]),
    "find_nearest": lambda text: find_nearest([Letters(part) for part in split_quotation(text)], Letters(SENTENCE)),
    "split_article": split_article,
    "ends_a_sentence": ends_a_sentence,
}
OF_BODIES = (
    "numbers", "find_numbers", "find_dates", "find_people", "mentions", "sentence_spans", "split_article", "speeches",
    "fold_aligned", "whole_list", "find_causes", "find_quoted",
)  # fmt: skip
"""Those that also read whole articles, which may be long."""
BODY, BODY_PATTERNS = 4_000, ("万", "1日1", "2024年3月", "（记者张三", "说“", "说，", "、", "王　", "第1", "《", "。", "一")


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


def grows_mildly(function: Callable[[str], object], pattern: str, size: int = SHORT) -> bool:
    short, long = ((pattern * most)[:most] for most in (size, TIMES * size))
    taken = seconds(function, long)
    return taken < CHEAP_SECONDS or taken < MOST * seconds(function, short)


@pytest.mark.parametrize("patterns", [PATTERNS, pytest.param(MORE_PATTERNS, marks=pytest.mark.slow)], ids=["some", "more"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_cost_of_a_text_grows_with_its_length(name: str, patterns: Sequence[str]) -> None:
    steep = [
        pattern
        for pattern in patterns
        if not any(grows_mildly(FUNCTIONS[name], pattern) for _ in range(ROUNDS))
    ]  # fmt: skip
    assert steep == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_BODIES)
def test_the_cost_of_an_article_grows_with_its_length(name: str) -> None:
    steep = [
        pattern
        for pattern in BODY_PATTERNS
        if not any(grows_mildly(FUNCTIONS[name], pattern, BODY) for _ in range(ROUNDS))
    ]  # fmt: skip
    assert steep == []


def test_what_grows_with_the_square_is_found_out() -> None:
    def squared(text: str) -> object:
        return sum(1 for _ in text for _ in text)

    assert not grows_mildly(squared, "年")
