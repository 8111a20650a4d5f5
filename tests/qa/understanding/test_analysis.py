"""A text is analysed once, however many steps look at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

import qa.understanding.analysis
from embeddings.dates.mentions import mentions
from embeddings.records import Article, Filters, Issue
from embeddings.store.archive import Archive
from embeddings.text.letters import fold
from embeddings.text.names import tag_words
from embeddings.text.segmentation import search_words
from qa.understanding.analysis import CACHED_LONGER_TEXTS, LONGEST_QUESTION, analyse
from qa.understanding.comprehension import comprehend
from qa.understanding.date_constraints import parse_date_constraints
from qa.understanding.query_rewriting import Turn
from tests.support.doubles import add

TODAY = date(2024, 3, 12)
TURNS = [
    Turn("2023年栗川灯谜会谁拿了冠军？", "尉迟安"),
    Turn("亚军呢？", "闻岳舟"),
    Turn("他来自哪里？", "松烟县"),
]
Counts = Counter[tuple[object, ...]]


@pytest.fixture
def tagged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counts]:
    """The texts that are tagged, with how often."""
    yield from counted(monkeypatch, "tag_words")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counts]:
    """The texts whose days are read, against which day and in which year, with how often."""
    yield from counted(monkeypatch, "mentions")


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[Counts]:
    calls: Counts = Counter()
    own = getattr(qa.understanding.analysis, name)

    def counting(*given: object) -> object:
        calls[given] += 1
        return own(*given)

    monkeypatch.setattr(qa.understanding.analysis, name, counting)
    qa.understanding.analysis.clear_caches()
    yield calls
    qa.understanding.analysis.clear_caches()


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    """Issues of ten years."""
    opened = open_archive()
    for year in range(2015, 2025):
        day = date(year, 3, 1)
        article = Article("灯谜会", f"{year}年栗川灯谜会上尉迟安拿了冠军，闻岳舟是亚军。")
        add(opened, Issue(f"yxrb-{day}", "砚溪日报", day, (article,)))
    return opened


def test_a_text_has_one_analysis() -> None:
    text = "闻岳舟3月9日去了松烟县。"
    assert analyse(text) is analyse(text)
    assert analyse(text).tokens == tuple(tag_words(text))
    assert all(text[start : start + len(word)] == word for word, _, start in analyse(text).tokens)
    assert analyse(text).words == tuple(search_words(text))
    assert analyse("虹渡大橋").folded == fold("虹渡大橋") == "虹渡大桥"
    assert analyse(text).days(TODAY) == mentions(text, TODAY)
    assert analyse(text).days(TODAY, 2019) == mentions(text, TODAY, 2019) != mentions(text, TODAY)


def test_few_texts_are_kept_that_are_too_long_for_a_question() -> None:
    text = "砚" * (LONGEST_QUESTION + 1)
    first = analyse(text)
    assert analyse(text) is first
    for more in range(1, CACHED_LONGER_TEXTS + 1):
        analyse(text + "溪" * more)
    assert analyse(text) is not first
    assert analyse(text) == first


def test_a_follow_up_of_three_turns_tags_each_text_once(archive: Archive, tagged: Counts) -> None:
    understood = comprehend(archive, "他是哪年出生的？", Filters(), TURNS, TODAY)
    assert understood.question.text.endswith("是哪年出生的？")
    assert tagged
    assert set(tagged.values()) == {1}


def test_a_follow_up_asked_again_tags_nothing(archive: Archive, tagged: Counts) -> None:
    first = comprehend(archive, "他是哪年出生的？", Filters(), TURNS, TODAY)
    tagged.clear()
    assert comprehend(archive, "他是哪年出生的？", Filters(), TURNS, TODAY).question == first.question
    assert not tagged


def test_a_text_has_its_days_read_once_for_each_day_and_year(archive: Archive, read: Counts) -> None:
    comprehend(archive, "3月9日栗川有多少人看灯？", Filters(), TURNS, TODAY)
    assert {year for _, _, year in read} >= set(range(2015, 2025))
    assert set(read.values()) == {1}


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("尉迟安是谁？", 0),
        ("2019年3月9日栗川有多少人看灯？", 2),
        ("3月9日栗川有多少人看灯？", 2 + 10),
        # A day of no year that the archive's first and last day know.
        ("2月29日栗川有多少人看灯？", 2 + 10),
    ],
)
def test_the_years_of_the_archive_are_tried_where_no_year_is_named(read: Counts, question: str, times: int) -> None:
    parse_date_constraints(question, date(2023, 3, 12), date(2015, 3, 1), date(2024, 3, 1))
    assert sum(read.values()) == times


def test_a_leap_day_is_found_in_the_years_that_have_it() -> None:
    asked = parse_date_constraints("2月29日栗川有多少人看灯？", date(2023, 3, 12), date(2015, 3, 1), date(2023, 3, 1))
    assert [span.first for span in asked.days[0].spans] == [date(2020, 2, 29), date(2016, 2, 29)]
