"""From a question to the words of a masthead, a byline, a signature or a post, each quoted with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.records import ArticleKind, Filters
from embeddings.store.archive import Archive
from qa.answering.suggested_questions import suggest_questions
from qa.pipeline import ask
from qa.reading.reader import Reading
from qa.references.citation import Citation
from qa.retrieval.hybrid_search import RankedPassage
from qa.retrieval.mastheads import find_mastheads
from qa.understanding.date_constraints import find_date_constraints
from qa.understanding.question import Question
from tests.support.doubles import StubReader

MASTHEAD = """\
砚溪日报

2024年5月{day}日

总第{number}期 今日4版 零售价：1.50元

新闻热线:0460-5550118
"""
NOTICE = """\
# 停水通知

因检修管道，渡口街5月9日停水。

砚溪供水公司 2024年5月{day}日

# 卧虹水库放水

本报讯(记者 阮知夏)卧虹水库昨日放水。市水务局局长邬桐介绍，渠首水位正常。
"""


@pytest.fixture
def archive(open_archive: Callable[..., Archive], tmp_path: Path) -> Archive:
    """Two issues, of 6 and 7 May."""
    opened, folder = open_archive(), tmp_path / "issues"
    folder.mkdir()
    for day, number in ((6, 9370), (7, 9371)):
        text = f"{MASTHEAD.format(day=day, number=number)}\n{NOTICE.format(day=day)}"
        (folder / f"{day}.md").write_text(text, encoding="utf-8")
    assert sync(opened, [folder]).failed == []
    return opened


class Blind(StubReader):
    """A reader that finds nothing."""

    name = "blind"

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        return Reading((), tuple(passages))


def told(archive: Archive, question: str) -> tuple[str, Citation] | None:
    """Return the first answer and its citation."""
    answer = ask(archive, Blind(), question, min_confidence=0.2, today=date(2024, 5, 7))
    return (answer.findings[0].text, answer.citations[0]) if answer.answered else None


@pytest.mark.parametrize(
    ("question", "text", "issue", "quote"),
    [
        ("这期报纸总第几期？", "总第9371期", "yxrb-2024-05-07", "总第9371期 今日4版 零售价：1.50元"),
        ("5月6日的报纸总第几期？", "总第9370期", "yxrb-2024-05-06", "总第9370期 今日4版 零售价：1.50元"),
        ("报纸多少钱一份？", "1.50元", "yxrb-2024-05-07", "总第9371期 今日4版 零售价：1.50元"),
        ("砚溪日报热线电话是多少", "0460-5550118", "yxrb-2024-05-07", "新闻热线:0460-5550118"),
    ],
    ids=["the newest", "the day asked for", "price", "telephone"],
)
def test_a_fact_of_the_masthead_is_quoted_from_the_issue_of_its_day(
    archive: Archive, question: str, text: str, issue: str, quote: str
) -> None:
    found = told(archive, question)
    assert found is not None
    answer, citation = found
    assert (answer, citation.passage.article_id, citation.quote) == (text, f"{issue}-00", quote)


def test_what_lasts_is_told_of_a_day_without_an_issue_and_what_does_not_is_not(archive: Archive) -> None:
    asked = find_date_constraints(archive, "5月1日报社热线是多少", today=date(2024, 5, 7))
    assert [one.issue_date.day for one in find_mastheads(archive, "5月1日报社热线是多少", Filters(), asked)] == [7]
    assert find_mastheads(archive, "5月1日几版", Filters(), asked) == []


def test_a_filter_holds_whatever_day_or_paper_the_question_names(archive: Archive) -> None:
    question, newest = "砚溪日报5月6日总第几期", Filters(first=date(2024, 5, 7))
    asked = find_date_constraints(archive, question, today=date(2024, 5, 7))
    assert find_mastheads(archive, question, newest, asked) == []
    assert find_mastheads(archive, question, Filters(paper="松烟晚报"), asked) == []


@pytest.mark.parametrize("question", ["5月1日的报纸总第几期", "报纸的邮发代号是多少", "卧虹水库的热线电话是多少"])
def test_what_no_masthead_of_the_day_prints_is_not_told(archive: Archive, question: str) -> None:
    assert told(archive, question) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("卧虹水库放水是哪个记者报道的", "阮知夏"),
        ("5月7日的停水通知是哪个单位发的", "砚溪供水公司"),
        ("渡口街停水通知落款是哪天", "2024年5月7日"),
        ("邬桐是什么职务", "市水务局局长"),
        ("停气通知是哪个单位发的", None),
        ("柴小篱是什么职务", None),
    ],
)
def test_what_print_tells_by_its_place_is_read_there(archive: Archive, question: str, text: str | None) -> None:
    found = told(archive, question)
    assert (found[0].replace("2024年5月6日", "2024年5月7日") if found else None) == text


def test_no_question_is_made_of_a_masthead(archive: Archive) -> None:
    (masthead,) = archive.mastheads()
    assert masthead.article.kind is ArticleKind.MASTHEAD
    assert list(suggest_questions(masthead, "今天几版？")) == []
