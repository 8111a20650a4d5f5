"""What the verifier learns from: the answers themselves, and what the reader wrongly marks."""

from __future__ import annotations

import random

import pytest
import torch

from embeddings.models.encoder import SentenceEncoder
from qa.reading.adapter import build
from qa.reading.network import Batch, MarkedBatch
from qa.reading.windows import Windower
from qa.training.squad import Sample
from qa.training.verification import judged_windows, verification_loss
from qa.training.window_sampler import LabelledWindow, WindowSampler
from tests.support.villages import QUICK

pytestmark = pytest.mark.usefixtures("one_thread")
TEXT = "东村修桥花了三十万元，西村修路花了五十万元。"


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    return Windower(tiny.tokenizer)


def windows(windower: Windower, answer: str) -> list[LabelledWindow]:
    start = TEXT.find(answer) if answer else -1
    spans = ((start, start + len(answer)),) if answer else ()
    sample = Sample("a", "东村修桥花了多少钱？", TEXT, "", (answer,) if answer else (), spans)
    (batch,) = WindowSampler([sample], windower, QUICK).batches(0)
    return batch


def judged(tiny: SentenceEncoder, windower: Windower, answer: str, share: float = 1.0) -> list[tuple[str, bool]]:
    """Return the words marked in each judged window, and whether they count as right."""
    torch.manual_seed(3)
    shown = windows(windower, answer)
    with torch.inference_mode():
        scores = build(tiny.backbone)(Batch.of([one.window for one in shown], windower.pad))
    found = judged_windows(shown, scores, windower, share, random.Random(1))
    return [(tiny.tokenizer.decode(one.window.ids[one.window.first : one.window.last].tolist()), one.right) for one in found]


def test_an_answer_is_right_and_a_span_apart_from_it_wrong(tiny: SentenceEncoder, windower: Windower) -> None:
    right, *wrong = judged(tiny, windower, "三十万元")
    assert right[1]
    assert "三十万元" in right[0]
    assert all(not told for _, told in wrong)
    assert all("三十万元" not in words for words, _ in wrong)


def test_where_nothing_is_told_every_span_is_wrong(tiny: SentenceEncoder, windower: Windower) -> None:
    found = judged(tiny, windower, "")
    assert found
    assert not any(right for _, right in found)


def test_a_share_of_none_judges_none(tiny: SentenceEncoder, windower: Windower) -> None:
    assert judged(tiny, windower, "三十万元", share=0.0) == []


def test_the_loss_falls_where_the_verdict_is_right(tiny: SentenceEncoder, windower: Windower) -> None:
    model, (shown,) = build(tiny.backbone), windows(windower, "三十万元")
    with torch.inference_mode():
        scores = model(Batch.of([shown.window], windower.pad))
    found = judged_windows([shown], scores, windower, 1.0, random.Random(1))[:1]
    losses = []
    for bias in (-2.0, 2.0):
        torch.nn.init.constant_(model.verifier.outer.bias, bias)
        losses.append(verification_loss(model, found, windower.pad, torch.device("cpu")).item())
    assert losses[0] > losses[1]


def test_padding_changes_no_verdict(tiny: SentenceEncoder, windower: Windower) -> None:
    model = build(tiny.backbone)
    question, text = windower.tokens("多少钱？"), windower.tokens(TEXT)
    short, long = windower.marked(question, windower.tokens(TEXT[:10]), 6, 10), windower.marked(question, text, 6, 10)
    assert short is not None
    assert long is not None
    alone = model.verify(MarkedBatch.of([short], windower.pad))
    beside = model.verify(MarkedBatch.of([short, long], windower.pad))
    assert float(alone[0].detach()) == pytest.approx(float(beside[0].detach()), abs=1e-4)
