"""The trained reader around its network: a made-up one marks what stands in brackets, so that every path can be foretold."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from embeddings.ingest.sync import sync
from embeddings.models.encoder import SentenceEncoder
from embeddings.store.archive import Archive
from qa.pipeline import ask
from qa.reading.calibration import UNCALIBRATED
from qa.reading.network import Batch, MarkedBatch, Scores, SpanModel
from qa.reading.reader import Reading, Span
from qa.reading.span_reader import (
    LISTED,
    STEPS,
    STRETCH_CHARACTERS,
    VERIFIED,
    VERIFIED_LISTED,
    WINDOW_TOKENS,
    SpanReader,
    merge,
    merge_adjacent,
)  # fmt: skip
from qa.reading.windows import Windower
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.question import understand
from tests.support.doubles import ranked

pytestmark = pytest.mark.usefixtures("one_thread")

BRIDGE = "😀砚溪大桥昨日通车。全桥长【【３８６０米】】，由沈砚设计。市民𠮷某说好。"


class Brackets(SpanModel):
    """Marks what stands between brackets, more surely the more there are."""

    def __init__(self, windower: Windower) -> None:
        super().__init__(nn.Identity(), 1)
        self._open, self._close = (windower.tokens(f"报{mark}").ids[-1] for mark in "【】")
        self._printed = windower._tokenizer.id_to_token
        self.passes: list[int] = []
        """How many windows each pass read."""
        self.judged = 0
        """How many spans were verified."""

    def forward(self, batch: Batch) -> Scores:
        self.passes.append(len(batch.ids))
        letters = batch.ids.gather(1, batch.tokens)
        rows, length = batch.starts.shape
        pair = torch.full((rows, length, length), -30.0)
        for row, ids in enumerate(letters.tolist()):
            depth, first = 0, 0
            for place, letter in enumerate(ids):
                if letter == self._open:
                    depth, first = depth + 1, place + 1
                elif letter == self._close and depth:
                    pair[row, first, place - 1] = 2.0 * depth
                    depth = 0
        nothing = torch.zeros(rows)
        start, end = (torch.where(places >= 0, 0.0, -1e4) for places in (batch.starts, batch.ends))
        return Scores(start, end, pair, nothing, torch.zeros(rows, length))

    def verify(self, batch: MarkedBatch) -> torch.Tensor:
        """Hold words with 九 in them for what was asked, and no others."""
        self.judged += len(batch.ids)
        rows = zip(batch.ids, batch.marked, strict=True)
        words = ("".join(map(self._printed, ids[marked].tolist())) for ids, marked in rows)
        return torch.tensor([4.0 if "九" in text else -4.0 for text in words])


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    return Windower(tiny.tokenizer)


@pytest.fixture
def model(windower: Windower) -> Brackets:
    return Brackets(windower)


@pytest.fixture
def reader(model: Brackets, windower: Windower) -> SpanReader:
    return SpanReader(model, windower, "brackets", UNCALIBRATED)


def read(reader: SpanReader, question: str, *passages: RankedPassage) -> Reading:
    return reader.read(understand(question), passages)


def likely(reading: Reading) -> list[str]:
    """Return the words that were marked, without those that the network thought impossible."""
    return [span.text for span in reading.spans if span.confidence > 0.5]


def sure(depth: int) -> float:
    return 1 / (1 + math.exp(-2 * depth))


# What is marked


def test_one_answer_is_marked_with_its_sentence(reader: SpanReader) -> None:
    (span,) = read(reader, "大桥多长？", ranked(BRIDGE)).spans
    assert (span.text, span.quote) == ("３８６０米", "全桥长【【３８６０米】】，由沈砚设计。")
    assert span.confidence == pytest.approx(sure(2), abs=1e-4)


def test_offsets_count_printed_characters_from_the_body(reader: SpanReader) -> None:
    body = f"𠮷😀报。\n{BRIDGE}"
    start = body.index("😀砚溪")
    (span,) = read(reader, "大桥多长？", ranked(body, start=start)).spans
    assert body[span.start : span.end] == "３８６０米"
    assert (span.start, span.end) == (body.index("３"), body.index("米") + 1)
    assert body[span.quote_start : span.quote_end] == span.quote == "全桥长【【３８６０米】】，由沈砚设计。"


def test_nothing_marked_is_not_likely(reader: SpanReader) -> None:
    reading = read(reader, "大桥多长？", ranked("砚溪大桥昨日通车。"))
    assert likely(reading) == []
    assert all(span.confidence < 1e-3 for span in reading.spans)
    assert len(reading.passages) == 1


def test_no_passages_give_nothing(reader: SpanReader) -> None:
    assert read(reader, "大桥多长？") == Reading((), ())


def test_a_headline_is_read_and_never_marked(reader: SpanReader) -> None:
    reading = read(reader, "大桥多长？", ranked("大桥通车。", title="【【快讯】】大桥"))
    assert likely(reading) == []
    reading = read(reader, "大桥多长？", ranked("大桥长【九里】。", title="【【快讯】】大桥"))
    assert likely(reading) == ["九里"]


def test_each_article_gives_its_likeliest_span(reader: SpanReader) -> None:
    bodies = ("大桥长【九里】，又说【【十里】】。", "大桥长【【【八里】】】。", "大桥通车。", "大桥长【七里】。")
    reading = read(reader, "大桥多长？", *(ranked(body, number) for number, body in enumerate(bodies)))
    assert likely(reading) == ["八里", "十里", "七里"]
    assert [round(span.confidence, 3) for span in reading.spans[:3]] == [round(sure(depth), 3) for depth in (3, 2, 1)]


@pytest.mark.parametrize("question", ["哪些村种树？", "种树的是哪几个村？", "分别是谁？", "哪三个村种树？"])
def test_a_question_for_several_gets_all_of_one_article(reader: SpanReader, question: str) -> None:
    body = "种树的有【【【东河村】】】，【【西岭村】】。又有【北山村】。"
    assert likely(read(reader, question, ranked(body))) == ["东河村", "西岭村", "北山村"]
    assert likely(read(reader, "哪个村种树？", ranked(body))) == ["东河村"]


def test_an_answer_over_two_sentences_is_quoted_with_both(reader: SpanReader) -> None:
    body = "大桥通车。引桥【【修好了。费用由市里】】承担。市民说好。"
    (span,) = read(reader, "后来呢？", ranked(body)).spans
    assert (span.text, span.quote) == ("修好了。费用由市里", "引桥【【修好了。费用由市里】】承担。")


def test_blanks_and_line_breaks_inside_a_span_are_kept_as_printed(reader: SpanReader) -> None:
    body = "大桥 通车。\n　　引桥【【修 好\n　　了】】。市民说好。"
    (span,) = read(reader, "后来呢？", ranked(body)).spans
    assert (span.text, span.quote) == ("修 好\n　　了", "引桥【【修 好\n　　了】】。")


@pytest.mark.parametrize("question", ["道路为什么封闭？", "路基下沉的原因是什么？", "事情怎么发生的？", "道路如何修复？"])
def test_a_fragment_that_should_explain_is_widened_to_its_clause(reader: SpanReader, question: str) -> None:
    body = "大桥通车。因连日【暴雨】，路基下沉，道路封闭。"
    assert likely(read(reader, question, ranked(body))) == ["因连日【暴雨"]
    assert likely(read(reader, "什么使道路封闭？", ranked(body))) == ["暴雨"]
    body = "大桥通车。因连日【暴雨，路基】下沉，道路封闭。"
    assert likely(read(reader, question, ranked(body))) == ["暴雨，路基"]


@pytest.mark.parametrize("question", ["大桥通车了吗？", "大桥是否通车？", "大桥有没有通车？", "大桥通不通车？"])
def test_yes_or_no_is_answered_by_the_clause_that_settles_it(reader: SpanReader, question: str) -> None:
    body = "春笋上市。大桥昨日【通车】，市民说好。天晴。"
    assert likely(read(reader, question, ranked(body))) == ["大桥昨日【通车"]


def test_whose_words_are_asked_for_is_heard_before_others(reader: SpanReader) -> None:
    body = "沈砚说，水是【命脉】。闻岳舟说，路要【先修】，灯要亮。"
    assert likely(read(reader, "闻岳舟说了什么？", ranked(body))) == ["路要【先修"]
    assert likely(read(reader, "沈砚怎么说？", ranked(body))) == ["水是【命脉"]


def test_who_said_something_is_the_one_in_front_of_the_words(reader: SpanReader) -> None:
    body = "【沈砚】说，水是命脉。【闻岳舟】说，路要先修。"
    assert likely(read(reader, "谁说“路要先修”？", ranked(body))) == ["闻岳舟"]
    assert likely(read(reader, "谁说“水是命脉”？", ranked(body))) == ["沈砚"]


def test_an_item_stands_for_its_whole_list(reader: SpanReader) -> None:
    body = "种树的有【东河村】、西岭村和北山村，共三个。"
    assert likely(read(reader, "有哪些村种树？", ranked(body))) == ["东河村】、西岭村和北山村"]
    assert likely(read(reader, "哪个村种树？", ranked(body))) == ["东河村"]


# Long texts and many


def test_an_answer_in_a_second_window_is_found_at_its_place(reader: SpanReader, model: Brackets, windower: Windower) -> None:
    body = "今天无事可说。" * 80 + "😀大桥长【九里】。"
    assert WINDOW_TOKENS < len(windower.tokens(body)) < 2 * WINDOW_TOKENS
    (span,) = read(reader, "大桥多长？", ranked(body)).spans
    assert (span.text, span.quote, span.start) == ("九里", "😀大桥长【九里】。", len(body) - 4)
    assert sum(model.passes) == 2


def test_an_answer_in_the_overlap_of_two_windows_is_given_once(reader: SpanReader) -> None:
    body = "今天无事可说。" * 40 + "大桥长【九里】。" + "今天无事可说。" * 40
    reading = read(reader, "哪些桥长？", ranked(body))
    assert likely(reading) == ["九里"]


@pytest.mark.parametrize("question", ["大桥多长？", "哪些桥长？"])
def test_overlapping_passages_of_one_article_give_a_span_once(reader: SpanReader, question: str) -> None:
    body = "大桥昨日通车。全桥长【九里】。市民说好。"
    first, second = ranked(body, end=body.index("市")), ranked(body, start=body.index("全"))
    reading = read(reader, question, first, second)
    assert likely(reading) == ["九里"]
    assert reading.spans[0].start == body.index("九")
    assert len(reading.passages) == 2


def test_only_as_many_passages_are_read_as_the_reader_wants(reader: SpanReader) -> None:
    fillers = [ranked("大桥通车。", number) for number in range(reader.depth)]
    answer = ranked("大桥长【九里】。", 99)
    assert likely(read(reader, "大桥多长？", *fillers, answer)) == []
    assert likely(read(reader, "大桥多长？", *fillers[1:], answer)) == ["九里"]


def test_windows_of_all_lengths_are_read_each_by_its_own_states(reader: SpanReader) -> None:
    bodies = [f"{'无事。' * (7 * number % 19 * 5)}第{number}桥长【{'里' * (1 + number)}】。" for number in range(20)]
    reading = read(reader, "大桥多长？", *(ranked(body, number) for number, body in enumerate(bodies)))
    found = {span.passage.article_id: span.text for span in reading.spans if span.confidence > 0.5}
    assert found == {f"yxrb-2024-03-12-{number:02d}": "里" * (1 + number) for number in range(20)}


# Passages side by side


def test_passages_that_touch_are_read_in_one_window_and_cited_apart(reader: SpanReader, model: Brackets) -> None:
    body = "今天无事可说。" * 20 + "\n\n" + "大桥长【九里】。"
    edge = body.index("大")
    first, second = ranked(body, end=edge - 2, score=1.0), ranked(body, start=edge, score=2.0)
    reading = read(reader, "大桥多长？", second, ranked("大桥通车。", 2), first)
    assert sum(model.passes) == 2
    assert reading.spans[0].text == "九里"
    assert reading.spans[0].passage == second.passage
    assert (reading.spans[0].start, reading.spans[0].end) == (body.index("九"), body.index("里") + 1)


def test_passages_apart_or_too_long_for_a_window_are_read_apart() -> None:
    body = "今天无事可说。" * 100
    edges = [0, 200, 400, STRETCH_CHARACTERS, 600, 650, 700]
    parts = [ranked(body, start=start, end=end) for start, end in pairwise(edges)]
    found = merge_adjacent([parts[5], parts[1], *(part for part in parts if part not in (parts[5], parts[1], parts[4]))])
    assert [(stretch.start, stretch.end) for stretch in found] == [(650, 700), (0, STRETCH_CHARACTERS), (560, 600)]


def test_a_stretch_ranks_as_its_best_passage(reader: SpanReader) -> None:
    body = "今天无事可说。大桥长【九里】。"
    near, far = ranked(body, end=7, score=2.0), ranked(body, start=7, score=0.5)
    ((evidence, span),) = reader.score_spans(understand("大桥多长？"), [near, far])[:1]
    assert (span.text, evidence.score_gap) == ("九里", 0.0)


def test_within_a_passage_the_network_decides_unless_it_hardly_can(reader: SpanReader) -> None:
    heavy = calibrated(reader, **{"rank.type_match": 9.0})
    for body, words in (("来的是【【【大家】】】，有【沈砚】。", "大家"), ("来的是【大家】，有【沈砚】。", "沈砚")):
        assert [span.text for span in read(heavy, "谁来了？", ranked(body)).spans] == [words]


def test_words_of_another_kind_are_no_candidates_however_sure_the_network_is(reader: SpanReader) -> None:
    assert likely(read(reader, "闸门几点开启？", ranked("闸门【【【两孔】】】，【上午9时】开启。"))) == ["上午9时"]
    assert "两孔" not in [span.text for span in read(reader, "闸门几点开启？", ranked("闸门【【【两孔】】】，开启。")).spans]


# Stopping early


def calibrated(reader: SpanReader, **weights: float) -> SpanReader:
    return SpanReader(reader.model, reader.windower, reader.name, {**UNCALIBRATED, **weights})


def test_passages_are_read_in_the_order_of_the_search_until_nothing_likelier_is_to_be_hoped_for(
    reader: SpanReader, model: Brackets
) -> None:
    passages = [ranked("大桥长【【九里】】。", 1), *(ranked("大桥长【八里】。", number) for number in range(2, 9))]
    reading = read(calibrated(reader, **{"stop.log_odds": 3.0}), "大桥多长？", *passages)
    assert likely(reading) == ["九里"]
    assert sum(model.passes) == STEPS[0]
    assert [found.passage.article_id for found in reading.passages] == [found.passage.article_id for found in passages]


def test_more_is_read_while_something_likelier_may_come(reader: SpanReader, model: Brackets) -> None:
    lengths = ["【八里】", "【八里】", "【【九里】】", *["【【【七里】】】"] * 5]
    passages = [ranked(f"大桥长{length}。", number) for number, length in enumerate(lengths, start=1)]
    reading = read(calibrated(reader, **{"stop.log_odds": 3.0}), "大桥多长？", *passages)
    assert likely(reading) == ["九里", "八里", "八里"]
    assert sum(model.passes) == STEPS[0] + STEPS[1] == 3


def test_the_farther_behind_the_rest_lies_the_sooner_reading_stops(reader: SpanReader, model: Brackets) -> None:
    weights = {"stop.log_odds": 3.0, "rank.score_gap": -1.0}
    for score, read_in_all in ((2.0, 5), (0.5, 3)):
        model.passes.clear()
        passages = [ranked("大桥长【八里】。", number, score=2.0) for number in (1, 2, 3)]
        read(calibrated(reader, **weights), "大桥多长？", *passages, *(ranked("大桥。", n, score=score) for n in (4, 5)))
        assert sum(model.passes) == read_in_all


def test_a_list_is_gathered_from_several_passages(reader: SpanReader, model: Brackets) -> None:
    passages = [ranked(f"【【第{number}桥】】通车。", number) for number in range(7)]
    reading = read(calibrated(reader, **{"stop.log_odds": 3.0}), "哪些桥通车？", *passages)
    assert sum(model.passes) == len(likely(reading)) == LISTED


def test_how_a_number_went_on_is_gathered_from_all_passages(reader: SpanReader, model: Brackets) -> None:
    passages = [ranked(f"水位【【{number}米】】。", number) for number in range(7)]
    reading = read(calibrated(reader, **{"stop.log_odds": 3.0}), "水位是怎么变化的？", *passages)
    assert sum(model.passes) == len(likely(reading)) == 7


def test_without_a_stop_everything_is_read(reader: SpanReader, model: Brackets) -> None:
    read(reader, "大桥多长？", *(ranked("大桥通车。", number) for number in range(7)))
    assert sum(model.passes) == 7


# Verifying

VERIFIES = {"verified.value": 1.0, "verified.verdict": 1.0, "chance.verdict": 0.5}


def test_the_likeliest_are_verified_and_ordered_anew(reader: SpanReader, model: Brackets) -> None:
    lengths = ["【【【【八里】】】】", "【【【九里】】】", "【【七里】】", *["【六里】"] * 3]
    passages = [ranked(f"大桥长{length}。", number) for number, length in enumerate(lengths, start=1)]
    model.judged = 0
    spans = read(calibrated(reader, **VERIFIES), "大桥多长？", *passages).spans
    assert [span.text for span in spans][:2] == ["九里", "八里"]
    assert model.judged == VERIFIED
    assert spans[0].confidence > 0.5 > spans[-1].confidence


def test_what_nobody_looked_at_counts_as_the_worst_of_those_looked_at(reader: SpanReader) -> None:
    lengths = ["【【【八里】】】", "【【七里】】", "【【六里】】", "【【九里】】"]
    passages = [ranked(f"大桥长{length}。", number) for number, length in enumerate(lengths, start=1)]
    assert read(calibrated(reader, **VERIFIES), "大桥多长？", *passages).spans[-1].text == "九里"


def test_where_several_are_asked_for_more_are_verified(reader: SpanReader, model: Brackets) -> None:
    model.judged = 0
    read(calibrated(reader, **VERIFIES), "哪些桥通车？", *(ranked(f"【第{number}桥】通车。", number) for number in range(9)))
    assert model.judged == VERIFIED_LISTED


def test_an_adapter_without_a_fitted_verifier_asks_none(reader: SpanReader, model: Brackets) -> None:
    model.judged = 0
    read(reader, "大桥多长？", ranked("大桥长【八里】。"))
    assert model.judged == 0


# The order of passages


def test_passages_are_ordered_by_what_was_found_in_them(reader: SpanReader) -> None:
    passages = [
        ranked("大桥通车。", 1),
        ranked("大桥长【九里】。", 2),
        ranked("大桥长【【【八里】】】。", 3),
        ranked("大桥长【【七里】】。", 4),
    ]
    reading = read(reader, "大桥多长？", *passages)
    assert [found.passage.article_id[-2:] for found in reading.passages] == ["03", "04", "02", "01"]


def test_passages_not_read_follow_in_the_order_of_the_search(reader: SpanReader) -> None:
    passages = [ranked("大桥。", 1), ranked("大桥长【【九里】】。", 2), *(ranked("大桥。", number) for number in (4, 3, 5))]
    reading = read(calibrated(reader, **{"stop.log_odds": 3.0}), "大桥多长？", *passages)
    assert [found.passage.article_id[-2:] for found in reading.passages] == ["02", "01", "04", "03", "05"]


def test_passages_that_are_alike_keep_the_order_of_the_search(reader: SpanReader) -> None:
    passages = [ranked("大桥长【九里】。", number) for number in (5, 3, 4)]
    reading = read(reader, "大桥多长？", *passages)
    assert reading.passages == tuple(passages)


# One confidence


def test_what_the_search_says_counts_beside_the_network(reader: SpanReader) -> None:
    passages = [ranked("大桥长【九里】。", 1, score=2.0), ranked("大桥长【八里】。", 2, score=0.5)]
    reading = read(calibrated(reader, **{"rank.score_gap": -1.0}), "大桥多长？", *passages)
    assert likely(reading) == ["九里", "八里"]
    assert reading.spans[0].confidence == pytest.approx(sure(1), abs=1e-4)
    assert reading.spans[1].confidence == pytest.approx(1 / (1 + math.exp(-(2 - 1.5))), abs=1e-4)


def test_evidence_says_how_a_span_stands_among_the_others(reader: SpanReader) -> None:
    first = replace(ranked("大桥长【九里】，又说【【十里】】。", 1, score=1.5), date_match=0.5)
    passages = [first, ranked("大桥宽。", 2, score=2.0)]
    weighed = reader.score_spans(understand("哪些桥长？"), passages)
    evidence = {span.text: found for found, span in weighed}
    total = math.exp(2) + math.exp(4) + 1
    assert evidence["十里"].share == pytest.approx(math.exp(4) / total, abs=1e-4)
    assert evidence["九里"].share == pytest.approx(math.exp(2) / total, abs=1e-4)
    assert (evidence["十里"].log_odds, evidence["九里"].log_odds) == (4, 2)
    assert (evidence["九里"].score_gap, evidence["九里"].date_match) == (0.5, 0.5)
    assert evidence["九里"].max_cosine == max(found.dense for found in passages)


def test_warming_up_needs_no_article(reader: SpanReader, model: Brackets) -> None:
    reader.warm_up()
    assert model.passes == [1]


# Merging


def span(start: int, end: int, confidence: float, article: int = 1) -> Span:
    return Span(ranked(BRIDGE, article).passage, start, end, 0, len(BRIDGE), confidence)


def words(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in spans]


def test_of_spans_that_overlap_the_likelier_stays() -> None:
    spans = [span(0, 4, 0.5), span(3, 6, 0.9), span(6, 8, 0.4), span(3, 6, 0.3, article=2)]
    assert words(merge(spans, several=True)) == [(3, 6), (6, 8), (3, 6)]
    assert words(merge(spans, several=False)) == [(3, 6), (3, 6)]


def test_merged_spans_are_ordered_by_confidence() -> None:
    spans = [span(number, number + 1, chance, number) for number, chance in enumerate((0.2, 0.9, 0.5))]
    assert [found.confidence for found in merge(spans, several=False)] == [0.9, 0.5, 0.2]
    assert merge([], several=True) == []


# Through the whole path


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(
        opened,
        [
            write_issue("a.md", "2024-03-12", f"大桥通车\n\n{BRIDGE}", "春笋\n\n春笋上市，每斤【四元】。"),
            write_issue(
                "b.md", "2024-03-13", "大桥\n\n😀大桥全长【【４千米】】。", "种树\n\n种树的有【【东河村】】和【【西岭村】】。"
            ),
        ],
    )
    return opened


def test_answers_of_several_articles_are_given_beside_each_other(archive: Archive, reader: SpanReader) -> None:
    answer = ask(archive, reader, "砚溪大桥有多长？", min_confidence=0.9)
    assert answer.reader == "brackets"
    assert {found.text for found in answer.findings} >= {"３８６０米", "４千米"}
    for citation in answer.citations:
        body = citation.passage.article.body
        assert body[citation.quote_start : citation.quote_end] == citation.quote
    marked = {found.quote: found.passage.article.body[found.answer_start : found.answer_end] for found in answer.citations}
    assert (
        marked.items()
        >= {"全桥长【【３８６０米】】，由沈砚设计。": "３８６０米", "😀大桥全长【【４千米】】。": "４千米"}.items()
    )
    assert all(found.text == marked[answer.citations[found.citation - 1].quote] for found in answer.findings)


def test_a_list_is_answered_from_one_quote(archive: Archive, reader: SpanReader) -> None:
    answer = ask(archive, reader, "种树的有哪些村？", min_confidence=0.9)
    trees = [found for found in answer.findings if found.text.endswith("村")]
    assert {found.text for found in trees} == {"东河村", "西岭村"}
    assert len({found.citation for found in trees}) == 1


def test_what_the_network_does_not_see_is_declined_with_near_passages(
    archive: Archive, model: Brackets, windower: Windower
) -> None:
    doubting = SpanReader(model, windower, "brackets", {**UNCALIBRATED, "chance.intercept": -9.0})
    answer = ask(archive, doubting, "大桥有多长？", min_confidence=0.3)
    assert not answer.answered
    assert answer.confidence == pytest.approx(1 / (1 + math.exp(5)), abs=1e-4)
    assert answer.citations
    assert all(found.near for found in answer.citations)
    # The nearest are those where the reader found most, not those that the search brought first.
    assert answer.citations[0].passage.chunk_id == answer.reading.passages[0].passage.chunk_id


def test_an_empty_archive_is_read_without_a_window(open_archive: Callable[..., Archive], reader: SpanReader) -> None:
    answer = ask(open_archive(), reader, "大桥有多长？", min_confidence=0.3)
    assert (answer.answered, answer.citations, answer.reading) == (False, (), Reading((), ()))


def test_the_same_question_gets_the_same_answer(archive: Archive, reader: SpanReader) -> None:
    first, again = (ask(archive, reader, "大桥有多长？", min_confidence=0.3) for _ in range(2))
    assert replace(first, timing=again.timing) == again
