"""Which numbers of several days are of the same thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from embeddings.records import Article, Days, Passage, Precision
from qa.answering.timeline import find_timeline
from qa.reading.reader import Span
from qa.understanding.date_constraints import NO_DATES, DateConstraints, parse_date_constraints
from qa.understanding.question import understand

JANUARY = date(2024, 1, 1)
ASKED = "山火致多少人受伤？"
HEADLINE, SENTENCE = "砚溪山火致{}受伤", "山火已致{}受伤。"


def span(day: int, text: str, confidence: float = 0.8, *, title: str = HEADLINE, body: str = SENTENCE) -> Span:
    told = body.format(text)
    article = Article(title.format(text), told)
    printed = date(2024, 3, day)
    article_id = f"yxrb-2024-03-{day:02}-{title[:1]}"
    passage = Passage(article_id, article_id, f"yxrb-{day}", "砚溪日报", printed, None, article, 0, len(told))
    start = told.index(text)
    return Span(passage, start, start + len(text), 0, len(told), confidence)


def told(question: str, *spans: Span, asked: DateConstraints = NO_DATES) -> list[tuple[int, str]]:
    found = find_timeline(understand(question), asked, spans, 0.2, put=question)
    return [(moment.day.day, moment.span.text) for moment in found]


def test_a_number_told_on_several_days_is_put_in_order() -> None:
    assert told(ASKED, span(13, "5人", 0.9), span(14, "8人"), span(12, "3人")) == [(12, "3人"), (13, "5人"), (14, "8人")]


def test_of_numbers_of_one_day_that_differ_the_likeliest_is_told() -> None:
    both = span(13, "5人", 0.9), span(13, "6人", title="再报：砚溪山火致{}受伤"), span(14, "8人")
    assert told(ASKED, *both) == [(13, "5人"), (14, "8人")]


def test_the_day_is_the_one_that_the_sentence_names() -> None:
    spans = span(13, "5人", 0.9, body="截至11日，山火已致{}受伤。"), span(14, "8人")
    assert told(ASKED, *spans) == [(11, "5人"), (14, "8人")]


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("山火10日烧起，截至11日，已致{}受伤，12日扑灭。", 11),
        ("山火致{}受伤，11日烧起，12日扑灭。", 13),
    ],
)
def test_of_several_days_named_it_is_the_last_before_the_number(body: str, day: int) -> None:
    assert told(ASKED, span(13, "5人", 0.9, body=body), span(14, "8人")) == [(day, "5人"), (14, "8人")]


@pytest.mark.parametrize(
    "other",
    [
        span(14, "8亩"),
        span(14, "8人", 0.4),
        span(14, "8人", title="{}受邀参加灯会"),
        span(13, "6人", title="砚溪山火最新伤亡数字：{}受伤"),
    ],
    ids=["another unit", "hardly likely", "other news", "the same day alone"],
)
def test_other_numbers_make_no_timeline(other: Span) -> None:
    assert told(ASKED, span(13, "5人", 0.9), other) == []


def test_who_asks_how_it_went_on_is_told_of_other_headlines_too() -> None:
    other = span(14, "8人", 0.4, title="消防员连夜扑救")
    assert told("山火的受伤人数是怎么上升的？", span(13, "5人", 0.9), other) == [(13, "5人"), (14, "8人")]


def test_who_asks_how_it_went_on_is_told_numbers_though_other_words_are_likelier() -> None:
    spans = span(14, "消防员", 0.9, title="消防员连夜扑救"), span(13, "5人"), span(14, "8人")
    assert told("山火的受伤人数是怎么上升的？", *spans) == [(13, "5人"), (14, "8人")]


def test_where_all_reports_name_the_day_of_the_event_the_days_of_print_part_them() -> None:
    spans = [span(day, text, 0.8, body="3月9日的山火已致{}受伤。") for day, text in ((12, "3人"), (13, "5人"), (14, "8人"))]
    assert told("山火的受伤人数是怎么上升的？", *spans) == [(12, "3人"), (13, "5人"), (14, "8人")]
    assert told(ASKED, *spans) == []  # who does not ask how it went on gets the figures of that day side by side


def test_numbers_are_of_one_unit_whatever_their_scale_is_written_in() -> None:
    spans = span(12, "9800人", 0.9), span(13, "1.2万人"), span(14, "1.3万"), span(15, "1.4万亩")
    assert told(ASKED, *spans) == [(12, "9800人"), (13, "1.2万人"), (14, "1.3万")]


@pytest.mark.parametrize(
    "told_as",
    [
        ("二十八人", "三十二人", "四十人"),
        ("百分之二十八", "35%", "百分之四十"),
        ("28名", "三十二人", "40多人"),
        ("28万千瓦", "三十二万千瓦", "40万千瓦"),
        ("2小时8分", "150分钟", "2小时40分钟"),
        ("一个半小时", "2个小时", "3个多小时"),
        ("28国", "三十二国", "40余国"),
    ],
)
def test_numbers_are_of_one_unit_in_whatever_numerals_they_are_written(told_as: tuple[str, str, str]) -> None:
    days = tuple(enumerate(told_as, start=12))
    assert told(ASKED, *(span(day, text, 0.9) for day, text in days), span(15, "四十亩")) == list(days)


def test_a_rate_is_of_another_unit_than_what_it_is_a_rate_of() -> None:
    assert told(ASKED, span(13, "5元/斤", 0.9), span(14, "8元")) == []


def test_headlines_are_of_the_same_news_in_whatever_numerals_they_are_written() -> None:
    assert told(ASKED, span(13, "二十八人", 0.9), span(14, "1286人")) == [(13, "二十八人"), (14, "1286人")]


def test_how_it_went_on_in_a_month_is_told_of_that_month_and_soon_behind_it() -> None:
    question = "1月山火的受伤人数是怎么上升的？"
    asked = parse_date_constraints(question, date(2024, 3, 20), date(2024, 1, 1), date(2024, 6, 20))
    spans = [
        replace(one, passage=replace(one.passage, issue_date=day, days=(Days(JANUARY, date(2024, 1, 31), Precision.MONTH),)))
        for one, day in ((span(1, "5人"), JANUARY), (span(2, "8人"), date(2024, 2, 2)), (span(3, "9人"), date(2024, 6, 9)))
    ]
    assert [moment.span.text for moment in find_timeline(understand(question), asked, spans, 0.2)] == ["5人", "8人"]


def test_a_question_that_names_a_day_is_answered_on_it() -> None:
    asked = parse_date_constraints("3月13日山火致多少人受伤？", date(2024, 3, 20), date(2024, 3, 1), date(2024, 3, 20))
    assert told("3月13日山火致多少人受伤？", span(13, "5人", 0.9), span(14, "8人"), asked=asked) == []


def test_only_numbers_have_a_timeline() -> None:
    assert told("山火烧伤了谁？", span(13, "5人", 0.9), span(14, "8人")) == []
    assert told(ASKED) == []


def test_a_series_is_told_of_what_most_reports_count() -> None:
    spans = span(11, "22年", 0.3, title="老消防员说{}"), span(12, "3人", 0.25), span(13, "5人", 0.25), span(14, "8人", 0.25)
    assert told("山火的受伤人数是怎么上升的？", *spans) == [(12, "3人"), (13, "5人"), (14, "8人")]


def test_under_the_headline_of_the_likeliest_a_series_takes_what_is_less_likely() -> None:
    spans = span(13, "5人", 0.9), span(14, "8人", 0.12)
    assert told("山火的受伤人数是怎么上升的？", *spans) == [(13, "5人"), (14, "8人")]
    other = span(14, "8人", 0.12, title="消防员连夜扑救", body="下山的{}都是消防员。")
    assert told("山火的受伤人数是怎么上升的？", span(13, "5人", 0.9), other) == []


def test_three_numbers_of_a_series_bear_each_other_out() -> None:
    question = "山火的受伤人数是怎么上升的？"
    three = [span(day, text, 0.15) for day, text in ((12, "3人"), (13, "5人"), (14, "8人"))]
    assert told(question, *three) == [(12, "3人"), (13, "5人"), (14, "8人")]
    assert told(question, *three[:2]) == []
    assert told(question, *(replace(one, confidence=0.05) for one in three)) == []


# What belongs to a series

RISE = "山火的受伤人数是怎么一天天上升的？"


def test_by_how_much_a_number_rose_is_no_number_of_the_series() -> None:
    day = "截至当日，受伤人数升至8人，比前一天增加{}。"
    spans = span(12, "5人", 0.9), span(13, "3人", 0.8, body=day)
    assert [text for _, text in told(RISE, *spans)] == ["5人", "8人"]


def test_who_asks_for_the_rise_of_each_day_is_told_it() -> None:
    day = "截至当日，新增受伤{}，累计受伤80人。"
    spans = [span(at, text, 0.8, body=day) for at, text in ((12, "3人"), (13, "7人"))]
    assert told("山火每天新增受伤多少人？逐日列出", *spans) == [(12, "3人"), (13, "7人")]


def test_numbers_of_another_thing_in_the_same_unit_are_none_of_the_series() -> None:
    spans = span(12, "3人", 0.9), span(13, "5人", 0.9), span(14, "90人", 0.6, body="山火已有{}撤离。")
    assert told("山火的受伤人数有什么变化？", *spans) == [(12, "3人"), (13, "5人")]


def test_what_rises_is_told_as_the_chain_that_does() -> None:
    spans = span(12, "50人", 0.5), span(13, "5人", 0.9), span(14, "8人"), span(15, "9人")
    assert told(RISE, *spans) == [(13, "5人"), (14, "8人"), (15, "9人")]
    assert told("山火的受伤人数有什么变化？", *spans) == [(12, "50人"), (13, "5人"), (14, "8人"), (15, "9人")]


def test_other_days_are_found_in_the_words_in_which_the_first_are_told() -> None:
    searched: list[str] = []
    more = [
        span(15, "13人"),
        span(16, "200人", title="市区车流", body="车站有{}受伤。"),
        span(17, "14人", body="山火已致{}撤离。"),
        span(18, "9000人"),
    ]

    def again(printed: str) -> list[Passage]:
        searched.append(printed)
        return [one.passage for one in more]

    read = span(12, "5人", 0.9), span(13, "8人")
    found = find_timeline(understand(RISE), NO_DATES, read, 0.2, put=RISE, search_again=again)
    assert [(moment.day.day, moment.span.text) for moment in found] == [(12, "5人"), (13, "8人"), (15, "13人")]
    assert searched == ["砚溪山火致人受伤 山火已致人受伤。"]
    assert all(moment.span.confidence < 0.9 for moment in found[2:])


def test_only_a_series_is_searched_again() -> None:
    def again(printed: str) -> list[Passage]:
        raise AssertionError(printed)

    read = span(12, "5人", 0.9), span(13, "8人")
    assert len(find_timeline(understand(ASKED), NO_DATES, read, 0.2, put=ASKED, search_again=again)) == 2
