"""The extractor: sentences that share words with the question, and in each the span of the asked kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.reading.reader import Reading, Span
from qa.reading.sentence_reader import PASSAGES_READ, WEIGHTS, Features, SentenceReader
from qa.retrieval.hybrid_search import RankedPassage, retrieve
from qa.understanding.question import Question, understand
from tests.support.doubles import ToyEncoder

RESERVOIR = (
    "😀卧虹水库蓄水量为3860万立方米。水库的水位由专人看守。𠮷祥镇昨日下雨。\n“水库何时放水？”市民问。答：水库3月13日放水。"
)


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    articles = (f"水库\n\n{RESERVOIR}", "春笋\n\n春笋大量上市。每斤四元。", "大桥\n\n虹渡大桥合龙。")
    sync(opened, [write_issue("a.md", "2024-03-12", *articles)])
    return opened


def weighing(**weights: float) -> list[float]:
    """Weigh only the named features."""
    return [*(weights.get(field.name, 0.0) for field in fields(Features)), weights.get("intercept", 0.0)]


def read(archive: Archive, text: str, weights: Sequence[float] = WEIGHTS) -> list[Span]:
    question = understand(text)
    return SentenceReader(archive, weights).spans(question, retrieve(archive, question.text, 10))


def test_the_weights_are_those_of_the_features_and_an_intercept() -> None:
    features = Features(*(float(place) for place in range(len(fields(Features)))))
    assert features.vector() == list(astuple(features))
    assert len(WEIGHTS) == len(features.vector()) + 1


def test_offsets_slice_the_body_as_printed(archive: Archive) -> None:
    spans = {span.quote: span for span in read(archive, "水库的蓄水量是多少？")}
    assert set(spans) == {
        "😀卧虹水库蓄水量为3860万立方米。",
        "水库的水位由专人看守。",
        "“水库何时放水？”",
        "答：水库3月13日放水。",
    }
    for quote, span in spans.items():
        body = span.passage.article.body
        assert body == RESERVOIR
        assert body[span.quote_start : span.quote_end] == quote
        assert body[span.start : span.end] == span.text
        assert span.quote_start <= span.start < span.end <= span.quote_end
    assert spans["😀卧虹水库蓄水量为3860万立方米。"].text == "3860万立方米"


def test_a_sentence_without_the_asked_kind_is_given_whole(archive: Archive) -> None:
    spans = {span.quote: span.text for span in read(archive, "水库的蓄水量是多少？")}
    assert spans["水库的水位由专人看守。"] == "水库的水位由专人看守。"


def test_a_sentence_that_shares_no_word_is_never_read(archive: Archive) -> None:
    spans = read(archive, "水库的蓄水量是多少？")
    assert not {"𠮷祥镇昨日下雨。", "市民问。", "春笋大量上市。"} & {span.quote for span in spans}


@pytest.mark.parametrize("text", ["纳斯达克指数？", "😀", "什么时候？", "?"])
def test_a_question_that_shares_no_word_with_the_archive_finds_nothing(archive: Archive, text: str) -> None:
    assert read(archive, text) == []


def test_no_passages_give_nothing(archive: Archive) -> None:
    assert SentenceReader(archive).read(understand("水库？"), []) == Reading((), ())


def test_a_sentence_with_the_asked_kind_comes_first(archive: Archive) -> None:
    weights = weighing(kind_found=2.0, intercept=-1.0)
    when = read(archive, "水库何时放水？", weights)
    assert when[0].text == "3月13日"
    assert [round(span.confidence, 3) for span in when] == [0.731, 0.269, 0.269, 0.269]
    assert read(archive, "水库有多少水？", weights)[0].text == "3860万立方米"


def test_sentences_are_ordered_by_confidence(archive: Archive) -> None:
    confidences = [span.confidence for span in read(archive, "水库何时放水？")]
    assert len(confidences) == 4
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence < 1 for confidence in confidences)


def test_an_article_gives_its_best_span_once(archive: Archive) -> None:
    question = understand("水库何时放水？")
    passages = retrieve(archive, question.text, 10)
    (best,) = SentenceReader(archive).read(question, passages).spans
    assert best == SentenceReader(archive).spans(question, passages)[0]


def test_a_rare_word_weighs_more_than_a_common_one(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    common = [f"第{number}篇\n\n水库有水。" for number in range(8)]
    sync(archive, [write_issue("a.md", "2024-03-12", *common, "候鸟\n\n候鸟北飞。水库干涸。")])
    spans = read(archive, "候鸟与水库", weighing(coverage=1.0))
    assert spans[0].quote == "候鸟北飞。"
    assert spans[0].confidence > spans[1].confidence


def test_a_sentence_is_read_once_though_two_passages_share_it(archive: Archive) -> None:
    question = understand("水库何时放水？")
    ranked = next(found for found in retrieve(archive, question.text, 10) if found.passage.article.title == "水库")
    again = replace(ranked, passage=replace(ranked.passage, chunk_id="again", start=ranked.passage.start + 0))
    spans = SentenceReader(archive).spans(question, [ranked, again])
    assert len({(span.quote_start, span.quote_end) for span in spans}) == len(spans) == 4


def test_only_the_first_passages_are_read(archive: Archive) -> None:
    question = understand("水库何时放水？")
    ranked = next(found for found in retrieve(archive, question.text, 10) if found.passage.article.title == "水库")
    other = next(found for found in retrieve(archive, question.text, 10) if found.passage.article.title == "大桥")

    def fillers(count: int) -> list[RankedPassage]:
        return [replace(other, passage=replace(other.passage, article_id=f"filler-{number}")) for number in range(count)]

    reader = SentenceReader(archive)
    assert len(reader.spans(question, [*fillers(PASSAGES_READ - 1), ranked])) == 4
    assert reader.spans(question, [*fillers(PASSAGES_READ), ranked]) == []


def test_only_sentences_that_share_a_word_are_encoded(archive: Archive, toy: ToyEncoder) -> None:
    toy.texts.clear()
    read(archive, "豆雁大桥？")
    assert toy.texts == ["大桥\n虹渡大桥合龙。"]


def test_warming_up_needs_no_article(open_archive: Callable[..., Archive]) -> None:
    reader = SentenceReader(open_archive())
    reader.warm_up()
    question: Question = understand("水库？")
    assert reader.read(question, []).spans == ()
