"""The network: scores of whole spans, the same for a window whatever stands beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from embeddings.models.encoder import SentenceEncoder
from qa.reading.adapter import build
from qa.reading.network import IMPOSSIBLE, MAX_ANSWER, Batch, Scores, SpanHead, SpanModel, loss
from qa.reading.windows import SLOTS, Window, Windower

pytestmark = pytest.mark.usefixtures("one_thread")

TEXTS = ("今天有人看报。", "砚溪市昨日的会上，主持人在台上 说：\n今年种树３８６０棵😀。", "报")


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    return Windower(tiny.tokenizer)


@pytest.fixture(scope="module")
def model(tiny: SentenceEncoder) -> SpanModel:
    torch.manual_seed(1)
    return build(tiny.backbone)


def windows(windower: Windower, *texts: str) -> list[Window]:
    return [windower.window(windower.tokens("谁看报？"), windower.tokens(text)) for text in texts]


def score(model: SpanModel, windower: Windower, *texts: str) -> Scores:
    with torch.inference_mode():
        found: Scores = model(Batch.of(windows(windower, *texts), windower.pad))
    return found


def hand_made(start: Sequence[float], end: Sequence[float], null: float = 0.0) -> Scores:
    """Scores of one window whose pairs add nothing."""
    length = len(start)
    rows = torch.tensor([start, end], dtype=torch.float32)
    return Scores(rows[:1], rows[1:], torch.zeros(1, length, length), torch.tensor([float(null)]), torch.zeros(1, length))


# Spans


@pytest.mark.parametrize("text", [*TEXTS, "砚溪市" * 90, "12345678901234567890看"])
def test_only_spans_that_may_be_marked_are_scored(model: SpanModel, windower: Windower, text: str) -> None:
    scores = score(model, windower, text, "砚溪报今天" * 60)  # beside a longer window, this one is padded
    (window,) = windows(windower, text)
    spans = scores.spans()[0]
    length = len(window.starts)
    first, last = np.mgrid[0 : spans.shape[0], 0 : spans.shape[1]]
    may = (first < length) & (last < length) & (first <= last) & (last - first < MAX_ANSWER)
    may[:length, :length] &= (window.starts >= 0)[:, None] & (window.ends >= 0)[None]
    assert ((spans > IMPOSSIBLE).numpy() == may).all()
    assert may.any()


def test_the_longest_answer_is_as_long_as_said(model: SpanModel, windower: Windower) -> None:
    spans = score(model, windower, "报" * 200).spans()[0]
    first, last = (spans > IMPOSSIBLE).nonzero().T
    assert int((last - first + 1).max()) == MAX_ANSWER == 160


def test_a_span_is_scored_by_its_start_its_end_and_both_together(model: SpanModel, windower: Windower) -> None:
    scores = score(model, windower, TEXTS[0])
    assert float(scores.spans()[0, 1, 3]) == pytest.approx(float(scores.start[0, 1] + scores.end[0, 3] + scores.pair[0, 1, 3]))
    assert float(scores.pair[0, 1, 3]) != 0


def test_a_character_takes_the_score_of_its_token_and_its_place_in_it(windower: Windower) -> None:
    # 日的 is one token: what tells its characters apart is the slot.
    (window,) = windows(windower, "昨日的会")
    batch = Batch.of([window], windower.pad)
    head = SpanHead(8)
    states = torch.randn(1, len(window.ids), 8)
    scores = head(states, batch)
    begin, end, token = 1, 2, int(window.tokens[1])
    assert window.tokens[begin] == window.tokens[end]
    assert scores.start[0, begin : end + 1].tolist() == pytest.approx(head.start(states[0, token])[:2].tolist(), abs=1e-6)
    assert scores.end[0, begin : end + 1].tolist() == pytest.approx(head.end(states[0, token])[:2].flip(0).tolist(), abs=1e-6)
    assert SLOTS >= 2


# Windows side by side


def test_scores_do_not_depend_on_what_a_window_is_batched_with(model: SpanModel, windower: Windower) -> None:
    together = score(model, windower, *TEXTS)
    for row, text in enumerate(TEXTS):
        alone = score(model, windower, text)
        length = alone.start.shape[1]
        assert torch.allclose(together.null[row], alone.null[0], atol=1e-5)
        assert torch.allclose(together.evidence[row, :length], alone.evidence[0], atol=1e-5)
        assert torch.allclose(together.spans()[row, :length, :length], alone.spans()[0], atol=1e-5)
    assert not torch.allclose(together.null[0], together.null[1], atol=1e-5)


def test_an_untrained_body_is_the_encoders(tiny: SentenceEncoder, model: SpanModel, windower: Windower) -> None:
    batch = Batch.of(windows(windower, *TEXTS), windower.pad)
    seen: list[Tensor] = []
    handle = model.head.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    with torch.inference_mode():
        model(batch)
        hidden = tiny.backbone(input_ids=batch.ids, attention_mask=batch.mask.long()).last_hidden_state
    handle.remove()
    assert torch.allclose(seen[0][batch.mask], hidden[batch.mask], atol=1e-5)


def test_a_text_of_blanks_has_no_spans_and_breaks_nothing(model: SpanModel, windower: Windower) -> None:
    scores = score(model, windower, " \n", "报")
    assert not (scores.spans()[0] > IMPOSSIBLE).any()
    assert torch.isfinite(scores.null).all()


# The loss


UNKNOWN = torch.full((1, 2), -1.0)


@pytest.mark.parametrize(("first", "last"), [(0, 1), (-1, -1)], ids=["here", "not here"])
def test_a_network_that_knows_nothing_pays_for_all_it_could_say(first: int, last: int) -> None:
    value = loss(hand_made([0, 0], [0, 0]), torch.tensor([first]), torch.tensor([last]), UNKNOWN)
    # Three spans and "not here"; two starts and two ends, each with "not here".
    assert float(value) == pytest.approx(math.log(4) + 0.5 * 2 * math.log(3), abs=1e-4)


def test_evidence_counts_where_it_is_known() -> None:
    given = hand_made([0, 0], [0, 0]), torch.tensor([0]), torch.tensor([1])
    known = loss(*given, torch.tensor([[1.0, -1.0]]))
    assert float(known - loss(*given, UNKNOWN)) == pytest.approx(0.2 * math.log(2), abs=1e-5)


@pytest.mark.parametrize(
    ("scores", "first", "last"),
    [(hand_made([9, 0], [0, 9]), 0, 1), (hand_made([0, 0], [0, 0], 9), -1, -1), (hand_made([0, 9], [0, 9]), 1, 1)],
)
def test_what_is_right_costs_little_and_what_is_wrong_much(scores: Scores, first: int, last: int) -> None:
    def cost(first: int, last: int) -> float:
        return float(loss(scores, torch.tensor([first]), torch.tensor([last]), UNKNOWN))

    places = [(0, 0), (0, 1), (1, 1), (-1, -1)]
    assert min(places, key=lambda place: cost(*place)) == (first, last)
    assert cost(first, last) < 0.1
    assert all(cost(*place) > 3 for place in places if place != (first, last))


@pytest.mark.parametrize("here", [True, False])
def test_every_part_learns_and_nothing_overflows(tiny: SentenceEncoder, windower: Windower, here: bool) -> None:
    model = build(tiny.backbone)
    model.backbone.requires_grad_(False)
    layers: list[nn.Module] = list(model.backbone.get_submodule("encoder.layer").children())
    for layer in layers:
        layer.requires_grad_(True)
    batch = Batch.of(windows(windower, *TEXTS), windower.pad)
    first = torch.tensor([0, 1, 0]) if here else torch.full((3,), -1)
    evidence = torch.zeros(batch.starts.shape)
    value = loss(model(batch), first, first, evidence)
    value.backward()
    assert torch.isfinite(value)
    gradients = {
        name: weights.grad
        for name, weights in model.named_parameters()
        if weights.requires_grad and not name.startswith("verifier.")  # which judges in a pass of its own
    }
    assert all(gradient is not None and torch.isfinite(gradient).all() for gradient in gradients.values())
    parts = ("head.null.weight", "head.start.weight", "head.pair_start.weight", "head.evidence.weight")
    for name in (*parts, "backbone.encoder.layer.0.attention.self.query.weight"):
        assert gradients[name].abs().max() > 0, name
