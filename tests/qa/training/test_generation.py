"""Questions made from news: their answers stand where they say, and what must not hold them does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from embeddings.ingest.sync import sync
from embeddings.records import Passage
from embeddings.store.archive import Archive
from embeddings.text.letters import fold
from qa.answering.cloze import LONGEST, SHORTEST
from qa.reading.reader import heading
from qa.training.generation import generate, hard_negatives
from qa.training.squad import Sample, read_samples, write_samples

NEWS = (
    "水库放水\n\n😀卧虹水库昨日开闸放水，库区蓄水量达到3860万立方米。水库管理所所长沈砚介绍，放水将持续到3月28日。"
    "由于上游连日降雨，水位比去年同期高出二点五米。",
    "大桥通车\n\n砚溪大桥于3月12日上午通车，全桥主跨480米，工程总投资12亿元。大桥由虹渡集团修建，设计师顾墨出席了通车仪式。"
    "当天有5600名市民走上大桥参观。",
    "春茶上市\n\n今年砚溪市春茶产量预计增长12.5%，茶农收入有望继续提高。由于开春气温偏高，首批春茶比往年提前九天上市。"
    "市里还将举办名为“松烟茶会”的展销活动。",
    "植树造林\n\n东河村今年春天在河滩种下柳树8600棵，参加植树的村民超过300人。村主任石青说，树苗由市园林局免费提供。",
    "图书馆开放\n\n砚溪图书馆新馆将于4月23日开放，馆内藏书120万册，阅览座位2400个。馆长白简表示，市民可以凭身份证免费借书。",
    "候鸟北飞\n\n松烟湖湿地近日飞来豆雁1700只，比去年同期多400只。专家方笺介绍，候鸟将在湿地停留到4月上旬。",
)  # fmt: skip
OTHERS = (
    "水库检修\n\n卧虹水库去年检修闸门，库区蓄水量降到2100万立方米。水库管理所组织力量对下游河道进行了清理。",
    "旧桥拆除\n\n砚溪旧桥主跨260米，因年久失修于去年冬天拆除，工程总投资3亿元。",
)


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", *NEWS), write_issue("b.md", "2024-03-13", *OTHERS)])
    return opened


def made(archive: Archive, count: int = 40, seed: int = 1, without: frozenset[tuple[str, str]] = frozenset()) -> list[Sample]:
    return list(generate(archive, count, seed, without))


def passages(archive: Archive) -> list[Passage]:
    return list(archive.passages(archive.keys().tolist()).values())


def test_every_answer_stands_at_its_place(archive: Archive) -> None:
    samples = made(archive)
    assert len(samples) == 40
    for sample in samples:
        ((start, end),) = sample.spans
        assert (sample.context[start:end],) == sample.answers
        assert sample.answers[0].strip() == sample.answers[0] != ""
        assert any(sample.context in article for article in (*NEWS, *OTHERS))


def test_no_question_holds_its_answer(archive: Archive) -> None:
    for sample in made(archive, 100):
        assert fold(sample.answers[0]) not in fold(sample.question)


def test_the_day_of_the_issue_does_not_give_the_answer_away(
    open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    opened = open_archive()
    body = "砚溪日报社于3月12日搬到松烟新城办公，编辑部和印刷厂也将陆续迁往新址。"
    sync(opened, [write_issue("c.md", "2024-03-12", f"报社搬迁\n\n{body}")])
    asked = [sample.question for sample in made(opened, 60) if sample.answers == ("3月12日",)]
    assert asked
    assert not [question for question in asked if "3月12日" in question]


def test_no_wrong_passage_holds_the_answer(archive: Archive) -> None:
    samples = made(archive)
    for sample in samples:
        for wrong in sample.hard_negatives:
            headline = wrong.title.partition(" ")[2]
            assert fold(sample.answers[0]) not in fold(headline + wrong.context)
            assert wrong.context != sample.context
    assert any(sample.hard_negatives for sample in samples)
    assert all(len(sample.hard_negatives) <= 8 for sample in samples)


def test_wrong_passages_are_what_a_search_brings_for_the_question(archive: Archive) -> None:
    (passage,) = [found for found in passages(archive) if found.article.title == "水库放水"]
    wrong = hard_negatives(archive, "卧虹水库库区蓄水量达到多少？", passage, "3860万立方米")
    assert wrong[0].title == "2024年3月13日 水库检修"
    assert "蓄水量降到2100万立方米" in wrong[0].context
    assert "水库检修" not in [other.title for other in hard_negatives(archive, "蓄水量多少？", passage, "2100万立方米")]


def test_questions_read_as_questions(archive: Archive) -> None:
    samples = made(archive, 100)
    asking = re.compile(r"多少|百分之|什么|何时|哪|谁|为什么|原因是")
    for sample in samples:
        assert asking.search(sample.question), sample.question
        assert SHORTEST <= len(sample.question) <= LONGEST + 20
        assert not re.search(r"[“”《》「」『』]|[，。；：]？?$|^[，。；：、]", sample.question), sample.question
    assert len({word for sample in samples for word in asking.findall(sample.question)}) >= 5
    assert len({sample.question for sample in samples}) > 40


def test_some_questions_name_the_day_of_the_issue(archive: Archive) -> None:
    dated = [sample for sample in made(archive, 60) if re.match(r"(?:2024年)?3月1[23]日", sample.question)]
    assert 5 < len(dated) < 40


def test_each_question_knows_its_headline_and_place(archive: Archive) -> None:
    headings = {heading(passage): passage.text for passage in passages(archive)}
    for sample in made(archive):
        assert headings[sample.title] == sample.context
        assert sample.id.endswith(f"-{sample.spans[0][0]}")


def test_articles_to_leave_alone_are_never_asked_about(archive: Archive) -> None:
    without = frozenset({("2024-03-12", title.partition("\n")[0]) for title in NEWS[:3]})
    before, after = (made(archive, without=left) for left in (frozenset[tuple[str, str]](), without))
    named = {f"2024年3月12日 {title}" for _, title in without}
    assert {sample.title for sample in before} & named
    assert len(after) == 40
    assert not {sample.title for sample in after} & named
    # They may deceive a search all the same: nothing is asked of them.
    assert {wrong.title for sample in after for wrong in sample.hard_negatives} & named


def test_the_day_belongs_to_what_is_left_alone(archive: Archive) -> None:
    assert made(archive, 20, without=frozenset({("2024-03-13", "大桥通车")})) == made(archive, 20)


def test_the_same_seed_makes_the_same_questions(archive: Archive) -> None:
    assert made(archive, 15) == made(archive, 15)
    assert made(archive, 15) != made(archive, 15, seed=2)
    assert made(archive, 10) == list(islice(generate(archive, 15, 1), 10))


def test_an_archive_with_nothing_to_ask_for_comes_to_an_end(archive: Archive) -> None:
    everything = frozenset((passage.issue_date.isoformat(), passage.article.title) for passage in passages(archive))
    assert made(archive, without=everything) == []


def test_an_empty_archive_gives_no_questions(open_archive: Callable[..., Archive]) -> None:
    assert made(open_archive()) == []


def test_what_is_written_is_read_back_the_same(archive: Archive, tmp_path: Path) -> None:
    samples = made(archive)
    write_samples(samples, tmp_path / "news.json")
    assert read_samples(tmp_path / "news.json") == samples
