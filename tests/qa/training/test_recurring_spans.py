"""Questions for words that recur: asked in one sentence, found in another."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.training.recurring_spans import Text, ask, recurring, texts_of_archive, texts_of_set
from qa.training.squad import Sample, hold_out, read_samples, write_samples

BODY = (
    "😀砚溪市水务集团昨日在卧虹水库举行开工仪式，宣布扩建工程正式开始施工。库区的蓄水量在去年冬天曾一度降到历史最低的水平。"
    "据了解，这座水库由砚溪市水务集团负责日常的运行和管理工作。工程总投资预计为3.86亿元，将分三年完成。"
    "市财政已经为此安排了3.86亿元的专项资金，并将接受审计部门的监督。今年春天举办的“松烟茶会”吸引了八方来客。"
    "茶农们说，他们从“松烟茶会”上带回了不少订单。"
)
TEXT = Text("a", "水库扩建", BODY)


def asked(text: Text = TEXT, most: int = 9, seeds: int = 20) -> list[Sample]:
    return [sample for seed in range(seeds) for sample in ask(text, most, random.Random(seed))]


def test_an_answer_stands_in_its_context_and_not_in_its_question() -> None:
    samples = asked()
    assert {sample.answers[0] for sample in samples} >= {"3.86亿元", "松烟茶会"}
    for sample in samples:
        ((start, end),) = sample.spans
        assert sample.context[start:end] == sample.answers[0]
        assert sample.context in BODY
        assert sample.answers[0] not in sample.question


def test_the_sentence_that_asks_is_not_shown() -> None:
    for sample in asked():
        shared = sample.question[:4]
        assert shared in BODY
        assert shared not in sample.context


def test_a_number_is_asked_for_by_its_unit_and_a_name_by_its_sort() -> None:
    questions = {sample.question for sample in asked()}
    assert "工程总投资预计为多少元？" in questions
    assert questions & {f"茶农们说，他们从{asking}上带回了不少订单？" for asking in ("什么", "哪个")}


def test_no_more_are_asked_than_wanted() -> None:
    assert len(list(ask(TEXT, 1, random.Random(1)))) == 1


def test_what_stands_in_one_sentence_alone_is_not_asked() -> None:
    assert not asked(Text("b", "", "卧虹水库昨日开闸放水，下游的水位上涨。砚溪大桥今日通车，市民们纷纷上桥参观留影。"))


def test_words_that_answer_too_often_are_left_out() -> None:
    texts = [Text(str(number), "", BODY.replace("3.86亿", f"{number + 10}.5亿")) for number in range(12)]
    answers = [sample.answers[0] for sample in recurring(texts, 9, 1)]
    assert "松烟茶会" not in answers  # in twelve texts
    assert "10.5亿元" in answers


def test_the_same_seed_asks_the_same() -> None:
    assert recurring([TEXT], 3, 5) == recurring([TEXT], 3, 5)


def test_articles_that_answer_a_benchmark_are_left_alone(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    sync(archive, [write_issue("a.md", "2024-03-12", f"水库扩建\n\n{BODY}", "植树\n\n东河村今年春天在河滩种下柳树8600棵。")])
    assert [text.title for text in texts_of_archive(archive)] == [
        "2024年3月12日 水库扩建", "2024年3月12日 植树"
    ]  # fmt: skip
    left = texts_of_archive(archive, frozenset({("2024-03-12", "水库扩建")}))
    assert [text.body for text in left] == ["东河村今年春天在河滩种下柳树8600棵。"]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_passages_that_training_holds_out_are_not_asked(share: float, tmp_path: Path) -> None:
    samples = [
        Sample(str(number), "何人？", f"第{number}篇硯溪報。", f"題{number}", ("硯溪",), ((3, 5),)) for number in range(12)
    ]
    path = tmp_path / "set.json"
    write_samples(samples, path)
    kept, held = hold_out(read_samples(path), share)
    assert [text.body for text in texts_of_set(path, share)] == [sample.context.replace("硯溪報", "砚溪报") for sample in kept]
    assert bool(held) == bool(share)
