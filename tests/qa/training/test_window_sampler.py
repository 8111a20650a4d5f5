"""Training windows: the right labels, hard negatives that hold no answer, the same batches from the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from embeddings.models.encoder import SentenceEncoder
from embeddings.text.segmentation import fold
from qa.reading.windows import Windower
from qa.training.squad import HardNegative, Sample
from qa.training.window_sampler import LabelledWindow, WindowSampler, evidence_spans, simplify
from tests.support.villages import QUICK, SAMPLES, TRADITIONAL, village_sample

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    return Windower(tiny.tokenizer)


def printed(item: LabelledWindow, tiny: SentenceEncoder) -> str:
    """Return all that an item shows to the model, its marks half-width as the tokenizer folds them."""
    return str(tiny.tokenizer.decode(item.window.ids.tolist()))


def items(curriculum: WindowSampler, epochs: int = 6) -> list[LabelledWindow]:
    return [item for epoch in range(epochs) for batch in curriculum.batches(epoch) for item in batch]


@pytest.mark.parametrize(
    "sample", [*SAMPLES, village_sample(1, asking="speaker"), TRADITIONAL], ids=lambda sample: str(sample.id)
)
def test_labels_are_the_answers_own_characters(sample: Sample, windower: Windower) -> None:
    # Rooms shorter than the text cut it anywhere around the answer; the folded words stand where the printed ones do.
    recipe = replace(QUICK, shortest=5, longest=30, simplified=0.5)
    shown = [item for item in items(WindowSampler([sample], windower, recipe), 20) if item.first >= 0]
    assert len(shown) == 20
    assert len({item.window.first for item in shown}) > 2
    for item in shown:
        start = item.window.first + item.first
        assert (start, item.window.first + item.last + 1) == sample.spans[0]
        assert item.window.starts[item.first] >= 0
        assert item.window.ends[item.last] >= 0


def test_windows_are_as_long_as_drawn(windower: Windower) -> None:
    long = replace(SAMPLES[1], context=SAMPLES[1].context + "此外无事。" * 100)
    recipe = replace(QUICK, shortest=40, longest=80, titled=0.0, negatives=0.0)
    lengths = {len(item.window.ids) for item in items(WindowSampler([long], windower, recipe), 60)}
    around = 4 + len(windower.tokens(long.question))
    assert around + 40 <= min(lengths) < max(lengths) <= around + 80


def test_what_proves_an_answer_is_marked_in_the_window(windower: Windower) -> None:
    sample = SAMPLES[1]
    for item in items(WindowSampler([sample], windower, replace(QUICK, longest=40))):
        if item.first >= 0:
            assert item.evidence is not None
            ((low, high),) = item.evidence
            assert sample.context[item.window.first + low : item.window.first + high] == "今年西岭村种树3810棵。"


def test_the_sets_own_proof_is_taken_where_it_holds_the_answer() -> None:
    sample = replace(SAMPLES[1], evidences=("西岭村种树3810棵", "明年再种。", "别处的话。"))
    assert [sample.context[slice(*span)] for span in evidence_spans(sample)] == ["西岭村种树3810棵"]
    assert [sample.context[slice(*span)] for span in evidence_spans(replace(sample, evidences=("别处的话。",)))] == [
        "今年西岭村种树3810棵。"
    ]


def test_hard_negatives_never_hold_an_answer(tiny: SentenceEncoder, windower: Windower) -> None:
    # The same number in another village's news, written wide: as an answer to the question it would be right.
    other = replace(SAMPLES[2], context=SAMPLES[2].context.replace("明年", "去年西岭村种树３８１０棵，明年"))
    curriculum = WindowSampler([SAMPLES[1], other, *SAMPLES[3:]], windower, replace(QUICK, negatives=1.0, titled=0.0))
    seen = 0
    for item in items(curriculum, 4):
        text = printed(item, tiny)
        if item.first < 0:
            assert (item.first, item.last, item.evidence) == (-1, -1, ())
            (asked,) = (sample for sample in SAMPLES if text.startswith(fold(sample.question)))
            assert fold(asked.answers[0]) not in fold(text)
            seen += 1
    assert seen == 4 * 7


def test_hard_negatives_that_a_set_brings_are_used(tiny: SentenceEncoder, windower: Windower) -> None:
    sample = replace(SAMPLES[0], hard_negatives=(HardNegative("印章", "印泥村无事。"),))
    shown = [
        item
        for item in items(WindowSampler([sample, *SAMPLES[1:3]], windower, replace(QUICK, negatives=1.0)))
        if item.first < 0
    ]
    texts = [printed(item, tiny) for item in shown]
    own = [text for text in texts if fold(sample.question) in text]
    assert len(own) == 6
    assert all("印泥村无事" in text for text in own)
    assert any("印章" in text for text in own)
    assert any("印章" not in text for text in own)


@pytest.mark.parametrize(("share", "most"), [(0.0, 0), (1.0, 8)])
def test_as_many_windows_lack_the_answer_as_asked(share: float, most: int, windower: Windower) -> None:
    batches = WindowSampler(SAMPLES, windower, replace(QUICK, negatives=share)).batches(0)
    assert sum(item.first < 0 for batch in batches for item in batch) == most
    assert sum(item.first >= 0 for batch in batches for item in batch) == 8


def test_traditional_samples_are_shown_simplified_too(tiny: SentenceEncoder, windower: Windower) -> None:
    for share, shown in ((0.0, {"顧"}), (1.0, {"顾"}), (0.5, {"顧", "顾"})):
        recipe = replace(QUICK, simplified=share, negatives=0.0, shortest=60)
        texts = [printed(item, tiny) for item in items(WindowSampler([TRADITIONAL], windower, recipe), 20)]
        assert {char for text in texts for char in text if char in "顧顾"} == shown


def test_simplifying_keeps_every_place_or_is_left() -> None:
    small = simplify(TRADITIONAL)
    assert small is not None
    assert (small.context, small.question, small.title) == ("砚溪报由顾墨创办，现有读者三千人。", "砚溪报谁办？", "砚溪报")
    assert small.spans == TRADITIONAL.spans
    assert simplify(SAMPLES[0]) is None


def test_samples_without_a_place_are_left_out(windower: Windower) -> None:
    unplaced = Sample("u", "谁？", "无人。", "", ("李砚",), ())
    assert len(items(WindowSampler([unplaced, *SAMPLES], windower, replace(QUICK, negatives=0.0)), 1)) == len(SAMPLES)


def test_a_question_that_its_passage_does_not_answer_teaches_that(tiny: SentenceEncoder, windower: Windower) -> None:
    asked = replace(SAMPLES[0], question="谁种树？", answers=(), spans=())
    shown = items(WindowSampler([asked], windower, replace(QUICK, negatives=0.0)), 3)
    assert [(item.first, item.last) for item in shown] == 3 * [(-1, -1)]
    assert all("谁种树" in printed(item, tiny) and SAMPLES[0].context[:5] in printed(item, tiny) for item in shown)


# Batches


def ids(batches: Sequence[Sequence[LabelledWindow]]) -> list[list[list[int]]]:
    return [[item.window.ids.tolist() for item in batch] for batch in batches]


def test_the_same_seed_gives_the_same_batches(windower: Windower) -> None:
    one, same = (WindowSampler(SAMPLES, windower, QUICK) for _ in range(2))
    other = WindowSampler(SAMPLES, windower, replace(QUICK, seed=2))
    same.batches(5)  # epochs do not depend on those drawn before
    assert ids(one.batches(1)) == ids(same.batches(1))
    assert ids(one.batches(1)) != ids(one.batches(2))
    assert ids(one.batches(1)) != ids(other.batches(1))


def test_batches_hold_about_as_many_tokens_as_said(windower: Windower) -> None:
    batches = WindowSampler(SAMPLES, windower, replace(QUICK, batch_tokens=150)).batches(0)
    assert len(batches) > 2
    for batch in batches:
        assert batch
        assert max(len(item.window.ids) for item in batch) * len(batch) <= 150 or len(batch) == 1
    assert sum(item.first >= 0 for batch in batches for item in batch) == len(SAMPLES)
