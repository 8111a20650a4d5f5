"""The decision to answer, the citations, and the guard that lets no wrong quote out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.records import Article, Extent, Filters, Passage
from embeddings.store.archive import Archive
from qa.answering.selection import ALREADY_TOLD, choose, cite, discount_told, near
from qa.pipeline import ask
from qa.reading.reader import Reading, Span
from qa.references.citation import QuoteError, check_quote
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.query_rewriting import Turn
from qa.understanding.question import Question
from tests.support.doubles import StubReader

BODY = "引桥7例病害已修复。全桥17例病害，昨日修复16例。费用由市里承担。"


def passage(body: str = BODY, article: int = 1, start: int = 0, end: int | None = None) -> Passage:
    article_id = f"yxrb-2024-03-12-{article:02d}"
    end = len(body) if end is None else end
    return Passage(
        f"{article_id}-1", article_id, "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), 9316, Article("大桥", body), start, end
    )


def span(text: str, confidence: float, *, article: int = 1, body: str = BODY, sentences: int = 1) -> Span:
    """Make a span of the first place of `text`, quoted with that many whole sentences."""
    start = body.index(text)
    quote_start = body.rfind("。", 0, start) + 1
    quote_end = quote_start
    for _ in range(sentences):
        quote_end = body.index("。", quote_end) + 1
    return Span(passage(body, article), start, start + len(text), quote_start, quote_end, confidence)


class Fixed(StubReader):
    """A reader that always finds the same."""

    name = "fixed"

    def __init__(self, *spans: Span) -> None:
        self.spans = list(spans)
        self.asked: list[tuple[Question, Sequence[RankedPassage]]] = []

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        self.asked.append((question, passages))
        return Reading(tuple(self.spans), tuple(passages))


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(
        opened,
        [
            write_issue("a.md", "2024-03-12", f"大桥病害修复\n\n{BODY}", "春笋\n\n春笋上市。每斤四元。"),
            write_issue("b.md", "2024-03-13", "候鸟\n\n豆雁北飞。"),
        ],
    )
    return opened


# Choosing


def test_a_near_quote_of_text_without_end_is_bounded() -> None:
    body = "渠水来了田水满了灯亮" * 600
    (cited,) = near([RankedPassage(passage(body), score=1.0, dense=0.9, lexical=1.0)])
    assert (cited.quote_start, len(cited.quote)) == (0, 300)


def test_nothing_found_chooses_nothing() -> None:
    assert choose([], 0.0, 5) == []


def test_an_unlikely_best_span_is_not_given() -> None:
    assert choose([span("17例", 0.49)], 0.5, 5) == []


def test_a_span_as_likely_as_wanted_is_given() -> None:
    assert [found.text for found in choose([span("17例", 0.5)], 0.5, 5)] == ["17例"]


def test_a_threshold_of_zero_gives_whatever_is_found() -> None:
    assert [found.text for found in choose([span("17例", 0.0)], 0.0, 5)] == ["17例"]


def test_a_further_answer_must_be_nearly_as_likely() -> None:
    spans = [span("17例", 1.0), span("16例", 0.8), span("市里", 0.79)]
    assert [found.text for found in choose(spans, 0.5, 5)] == ["17例", "16例"]


def test_a_further_answer_must_be_likely_enough_by_itself() -> None:
    spans = [span("17例", 0.7), span("16例", 0.49)]
    assert [found.text for found in choose(spans, 0.5, 5)] == ["17例"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("昨日修复16例", "16例"), ("16例", "昨日修复16例"), ("16例", "16例")],
    ids=["the shorter comes later", "the longer comes later", "the same words"],
)
def test_answers_that_hold_one_another_are_given_once(first: str, second: str) -> None:
    assert [found.text for found in choose([span(first, 0.9), span(second, 0.9, article=2)], 0.5, 5)] == [first]


def test_a_number_is_not_held_by_a_longer_number() -> None:
    spans = [span("17例", 0.9), span("7例", 0.8)]
    assert [found.text for found in choose(spans, 0.5, 5)] == ["17例", "7例"]


def test_no_more_answers_are_chosen_than_asked() -> None:
    spans = [span("17例", 0.9), span("16例", 0.9), span("市里", 0.9)]
    assert [found.text for found in choose(spans, 0.5, 2)] == ["17例", "16例"]


def test_the_newest_of_those_as_likely_comes_first_where_it_is_asked_for() -> None:
    older, newer, unlikely = span("17例", 0.9), span("16例", 0.8, article=2), span("市里", 0.5, article=3)
    newer = replace(newer, passage=replace(newer.passage, issue_date=date(2024, 3, 14)))
    unlikely = replace(unlikely, passage=replace(unlikely.passage, issue_date=date(2024, 3, 15)))
    spans = [older, newer, unlikely]
    assert [found.text for found in choose(spans, 0.25, 5, newest=True)] == ["16例", "17例"]
    assert [found.text for found in choose(spans, 0.25, 5)] == ["17例", "16例"]


def test_the_newest_print_of_the_same_words_is_shown() -> None:
    newer = span("17例", 0.8, article=2)
    newer = replace(newer, passage=replace(newer.passage, issue_date=date(2024, 3, 14)))
    assert [found.passage for found in choose([span("17例", 0.9), newer], 0.25, 5, newest=True)] == [newer.passage]


# Citing


def test_each_quote_gets_a_number_and_answers_in_it_share_it() -> None:
    findings, citations = cite([span("市里", 0.9), span("17例", 0.8), span("16例", 0.7)])
    assert [(found.text, found.confidence, found.citation) for found in findings] == [
        ("市里", 0.9, 1),
        ("17例", 0.8, 2),
        ("16例", 0.7, 2),
    ]
    assert [(found.id, found.quote) for found in citations] == [
        (1, "费用由市里承担。"),
        (2, "全桥17例病害，昨日修复16例。"),
    ]
    assert BODY[citations[1].answer_start : citations[1].answer_end] == "17例"


def test_quotes_that_begin_together_and_end_apart_are_two() -> None:
    findings, citations = cite([span("17例", 0.9), span("市里", 0.8), span("17例", 0.7, sentences=2)])
    assert [found.citation for found in findings] == [1, 2, 3]
    assert [found.quote for found in citations] == [
        "全桥17例病害，昨日修复16例。",
        "费用由市里承担。",
        "全桥17例病害，昨日修复16例。费用由市里承担。",
    ]


def test_the_same_place_in_two_articles_is_two_citations() -> None:
    _, citations = cite([span("17例", 0.9), span("16例", 0.9, article=2)])
    assert [found.passage.article_id for found in citations] == ["yxrb-2024-03-12-01", "yxrb-2024-03-12-02"]


def test_before_quote_and_after_make_up_the_passage() -> None:
    _, (citation,) = cite([span("17例", 0.9)])
    assert (citation.before, citation.quote, citation.after) == (
        "引桥7例病害已修复。",
        "全桥17例病害，昨日修复16例。",
        "费用由市里承担。",
    )


def test_a_quote_that_leaves_its_passage_has_nothing_around_it() -> None:
    found = Span(passage(start=10, end=20), 12, 15, 5, len(BODY), 0.9)
    _, (citation,) = cite([found])
    assert (citation.before, citation.after) == ("", "")


def test_a_citation_tells_the_days_of_its_quote_only() -> None:
    _, (citation,) = cite([span("17例", 0.9)])
    assert citation.event_dates == (date(2024, 3, 11),)
    _, (citation,) = cite([span("市里", 0.9)])
    assert citation.event_dates == ()


def test_a_quote_that_says_that_day_tells_the_day_named_before_it() -> None:
    _, (citation,) = cite([span("16例", 0.9, body="3月8日大桥封闭。当日修复16例。")])
    assert citation.quote == "当日修复16例。"
    assert citation.event_dates == (date(2024, 3, 8),)


# Near passages


def test_near_passages_cite_their_first_sentence_and_no_answer() -> None:
    ranked = [RankedPassage(passage(start=10), 0.9, 0.5, 1.0), RankedPassage(passage("豆雁北飞", 2), 0.1, 0.2, 0.1)]
    citations = near(ranked)
    assert [(found.id, found.quote, found.near) for found in citations] == [
        (1, "全桥17例病害，昨日修复16例。", True),
        (2, "豆雁北飞", True),
    ]
    assert {(found.answer_start, found.answer_end) for found in citations} == {(None, None)}


def test_a_passage_that_shares_no_word_is_not_near() -> None:
    assert near([RankedPassage(passage(), 0.9, 0.8, 0.0)]) == ()


def test_without_passages_nothing_is_near() -> None:
    assert near([]) == ()


# The guard


@pytest.mark.parametrize(
    ("quote", "answer", "told"),
    [
        ((0, 100), (0, 5), "quote 0:100 is not in a body of 34 characters"),
        ((-3, 5), (0, 5), "quote -3:5"),
        ((5, 5), (5, 5), "quote 5:5"),
        ((9, 2), (3, 4), "quote 9:2"),
        ((0, 10), (5, 11), "answer 5:11 leaves its quote 0:10"),
        ((5, 10), (4, 6), "answer 4:6"),
        ((0, 10), (5, 5), "answer 5:5"),
        ((0, 10), (6, 5), "answer 6:5"),
    ],
)
def test_offsets_that_do_not_fit_are_refused(quote: tuple[int, int], answer: tuple[int, int], told: str) -> None:
    assert len(BODY) == 34
    with pytest.raises(QuoteError, match=told):
        check_quote(passage(), quote, answer)


def test_a_whole_body_may_be_quote_and_answer() -> None:
    check_quote(passage(), (0, len(BODY)), (0, len(BODY)))


# Asking


def test_one_answer_is_given_with_its_citation(archive: Archive) -> None:
    answer = ask(archive, Fixed(span("17例", 0.9)), "全桥有多少例病害？", min_confidence=0.5)
    assert (answer.answered, answer.confidence, answer.reader) == (True, 0.9, "fixed")
    assert (answer.question, answer.understood_as) == ("全桥有多少例病害？", "全桥有多少例病害？")
    assert [(found.text, found.citation) for found in answer.findings] == [("17例", 1)]
    assert [found.quote for found in answer.citations] == ["全桥17例病害，昨日修复16例。"]
    assert answer.searched == Extent(2, 3, 3, date(2024, 3, 12), date(2024, 3, 13))


def test_an_answer_may_reach_over_two_sentences(archive: Archive) -> None:
    words = "昨日修复16例。费用由市里承担"
    answer = ask(archive, Fixed(span(words, 0.9, sentences=2)), "后来呢？", min_confidence=0.5)
    assert answer.findings[0].text == words
    assert answer.citations[0].quote == "全桥17例病害，昨日修复16例。费用由市里承担。"


def test_below_the_threshold_near_passages_are_shown_and_the_confidence_is_told(archive: Archive) -> None:
    answer = ask(archive, Fixed(span("17例", 0.4)), "全桥有多少例病害？", min_confidence=0.5)
    assert (answer.answered, answer.findings, answer.confidence) == (False, (), 0.4)
    assert [(found.quote, found.near) for found in answer.citations] == [("引桥7例病害已修复。", True)]


def test_a_reader_that_finds_nothing_is_believed(archive: Archive) -> None:
    answer = ask(archive, Fixed(), "珠峰多高？", min_confidence=0.0)
    assert (answer.answered, answer.confidence) == (False, 0.0)


def test_an_archive_without_the_filtered_part_cites_nothing(archive: Archive) -> None:
    reader = Fixed()
    answer = ask(archive, reader, "珠峰多高？", filters=Filters(paper="没有的报"), min_confidence=0.5)
    assert answer.citations == ()
    assert answer.searched == Extent(0, 0, 0, None, None)
    assert list(reader.asked[0][1]) == []


def test_the_reader_gets_the_question_understood_and_the_passages_ranked(archive: Archive) -> None:
    reader = Fixed()
    ask(archive, reader, " 豆雁北飞往哪里？ ", min_confidence=0.5)
    question, passages = reader.asked[0]
    assert question.text == "豆雁北飞往哪里？"
    assert passages[0].passage.article.title == "候鸟"
    assert [found.score for found in passages] == sorted((found.score for found in passages), reverse=True)


def test_a_bad_offset_never_leaves(archive: Archive) -> None:
    good = span("17例", 0.9)
    bad = Span(passage(), 30, 60, 0, 60, 0.8)
    with pytest.raises(QuoteError, match="quote 0:60"):
        ask(archive, Fixed(bad), "全桥有多少例病害？", min_confidence=0.5)
    with pytest.raises(QuoteError, match="quote 0:60"):
        ask(archive, Fixed(good, bad), "全桥有多少例病害？", min_confidence=0.5)


def test_the_steps_are_timed(archive: Archive) -> None:
    timing = ask(archive, Fixed(), "豆雁？", min_confidence=0.5).timing
    steps = timing.understand + timing.retrieve + timing.read
    assert 0 < steps <= timing.total


# Understanding


class Knowing(StubReader):
    """Finds the words it is told for a question, in the first passage that prints them; nothing for others."""

    def __init__(self, **told: str) -> None:
        self.told = told
        self.asked: list[str] = []

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        self.asked.append(question.text)
        words = self.told.get(question.text)
        for ranked in passages:
            body = ranked.passage.article.body
            if words and words in body:
                start = body.index(words)
                found = Span(ranked.passage, start, start + len(words), 0, len(body), 0.9)
                return Reading((found,), tuple(passages))
        return Reading((), tuple(passages))


@pytest.fixture
def sisters(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    """The same news on several days of two years, with a gap between."""
    opened = open_archive()
    for day, level in (("2023-03-12", "6米"), ("2024-03-12", "7米"), ("2024-03-13", "8米"), ("2024-03-18", "9米")):
        sync(opened, [write_issue(f"{day}.md", day, f"水情\n\n卧虹水库水位{level}。松烟县放水。")])
    return opened


def test_a_question_that_leans_on_the_turn_before_is_asked_whole(sisters: Archive) -> None:
    reader = Knowing(**{"2023年卧虹水库水位多少？": "6米"})
    history = [Turn("2024年卧虹水库水位多少？", "9米")]
    answer = ask(sisters, reader, "那2023年呢？", history=history, min_confidence=0.5)
    assert (answer.question, answer.understood_as) == ("那2023年呢？", "2023年卧虹水库水位多少？")
    assert answer.findings[0].text == "6米"
    assert reader.asked == ["2023年卧虹水库水位多少？"]


def test_where_the_completed_question_finds_nothing_the_plain_one_counts(
    sisters: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sisters, "nearness", lambda questions: [float(len(question)) for question in questions])
    reader = Knowing(水位多少="6米")
    answer = ask(sisters, reader, "水位多少", history=[Turn("虹渡大桥哪天合龙？", "周三")], min_confidence=0.5)
    assert reader.asked == ["虹渡大桥，水位多少", "水位多少"]
    assert (answer.understood_as, answer.findings[0].text) == ("水位多少", "6米")


def test_history_costs_nothing_where_the_question_stands_alone(sisters: Archive) -> None:
    reader = Knowing()
    answer = ask(sisters, reader, "松烟县水位多少？", history=[Turn("谁来了？", "闻岳舟")], min_confidence=0.5)
    assert (answer.understood_as, reader.asked) == ("松烟县水位多少？", ["松烟县水位多少？"])


def test_only_the_print_of_a_day_is_searched_where_no_other_can_be_meant(sisters: Archive) -> None:
    answer = ask(sisters, Fixed(), "3月12日那天的报纸说水位多少？", min_confidence=0.5)
    assert (answer.searched.issues, answer.searched.first) == (1, date(2024, 3, 12))
    assert {found.passage.issue_date for found in answer.reading.passages} == {date(2024, 3, 12)}
    assert answer.understood.filters == Filters(date(2024, 3, 12), date(2024, 3, 12))


def test_other_days_are_searched_but_rank_behind(sisters: Archive) -> None:
    answer = ask(sisters, Fixed(), "2024年3月13日水位多少？", min_confidence=0.5)
    assert answer.searched.issues == 4
    assert answer.reading.passages[0].passage.issue_date == date(2024, 3, 13)


def test_yesterday_is_read_against_the_day_of_asking(sisters: Archive) -> None:
    answer = ask(sisters, Fixed(), "昨天水位多少？", min_confidence=0.5, today=date(2024, 3, 14))
    assert answer.reading.passages[0].passage.issue_date == date(2024, 3, 13)


def test_words_of_another_day_than_asked_for_are_trusted_less(sisters: Archive) -> None:
    reader = Knowing(**{"2024年3月18日水位多少？": "6米"})
    answer = ask(sisters, reader, "2024年3月18日水位多少？", min_confidence=0.5)
    assert (answer.answered, answer.confidence) == (False, 0.45)


def test_a_day_without_an_issue_is_told_with_its_neighbours(sisters: Archive) -> None:
    answer = ask(sisters, Fixed(), "2024年3月15日水位多少？", min_confidence=0.5)
    (lacking,) = answer.missing_days
    assert lacking.day == date(2024, 3, 15)
    assert lacking.before is not None
    assert lacking.after is not None
    assert (lacking.before.issue_date, lacking.after.issue_date) == (date(2024, 3, 13), date(2024, 3, 18))
    assert ask(sisters, Fixed(), "2024年3月13日水位多少？", min_confidence=0.5).missing_days == ()


def test_the_newest_of_a_timeline_is_the_answer_and_each_moment_is_cited(sisters: Archive) -> None:
    class Levels(StubReader):
        def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
            spans = []
            for place, ranked in enumerate(passages):
                body = ranked.passage.article.body
                start = body.index("水位") + 2
                spans.append(Span(ranked.passage, start, start + 2, 0, body.index("。") + 1, 0.9 - place / 100))
            return Reading(tuple(spans), tuple(passages))

    answer = ask(sisters, Levels(), "卧虹水库水位多少？", min_confidence=0.5, top_k=2)
    assert [found.text for found in answer.findings] == ["9米", "8米"]
    told = [(str(moment.day), moment.text, answer.citations[moment.citation - 1].quote) for moment in answer.timeline]
    assert told == [
        ("2023-03-12", "6米", "卧虹水库水位6米。"),
        ("2024-03-12", "7米", "卧虹水库水位7米。"),
        ("2024-03-13", "8米", "卧虹水库水位8米。"),
        ("2024-03-18", "9米", "卧虹水库水位9米。"),
    ]


def test_a_moment_that_is_hardly_likely_stands_in_the_timeline_but_not_first(sisters: Archive) -> None:
    class Doubtful(StubReader):
        def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
            spans = []
            for ranked in passages:
                body, newest = ranked.passage.article.body, ranked.passage.issue_date == date(2024, 3, 18)
                start = body.index("水位") + 2
                spans.append(Span(ranked.passage, start, start + 2, 0, body.index("。") + 1, 0.6 if newest else 0.9))
            return Reading(tuple(sorted(spans, key=lambda span: -span.confidence)), tuple(passages))

    answer = ask(sisters, Doubtful(), "卧虹水库水位多少？", min_confidence=0.5)
    assert [found.text for found in answer.findings] == ["8米", "7米", "6米", "9米"]
    assert [moment.text for moment in answer.timeline] == ["6米", "7米", "8米", "9米"]


def test_what_was_told_before_is_trusted_less() -> None:
    reading = Reading((span("17例", 0.9), span("7例", 0.8), span("16例", 0.5)), ())
    found = discount_told(reading, "17 例")
    assert [(one.text, one.confidence) for one in found.spans] == [("7例", 0.8), ("16例", 0.5), ("17例", ALREADY_TOLD * 0.9)]


def test_the_other_reading_of_a_question_is_only_read_where_the_first_hardly_answers(archive: Archive) -> None:
    history = [Turn("虹渡大桥的桥面多宽？", "30米")]
    for confidence, readings in ((0.9, 1), (0.01, 2)):
        reader = Fixed(span("17例", confidence))
        ask(archive, reader, "总投资多少？", min_confidence=0.2, history=history)
        assert len(reader.asked) == readings
