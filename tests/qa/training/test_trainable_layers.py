"""Which layers learn: from the first one asked for on, whole or as low-rank changes."""

from __future__ import annotations

import pytest
import torch

from embeddings.models.encoder import SentenceEncoder
from qa.reading.adapter import build
from qa.reading.windows import Windower
from qa.training.train_reader import score_samples
from qa.training.trainable_layers import layer_weights, merge_low_rank, open_layers
from tests.support.villages import SAMPLES

pytestmark = pytest.mark.usefixtures("one_thread")


def test_whole_layers_learn_from_the_first_one_asked_for(tiny: SentenceEncoder) -> None:
    model = build(tiny.backbone)
    open_layers(model.backbone, rank=0, first_layer=4)
    learning = {name for name, value in model.backbone.named_parameters() if value.requires_grad}
    layers = {name.removeprefix("backbone.") for name in layer_weights(model)}
    assert len(layers) == 6 * 16
    assert learning == {name for name in layers if name.startswith(("encoder.layer.4.", "encoder.layer.5."))}


def test_low_rank_changes_begin_at_nothing(tiny: SentenceEncoder) -> None:
    model, windower = build(tiny.backbone), Windower(tiny.tokenizer)
    before = score_samples(model, SAMPLES, windower)
    open_layers(model.backbone, 4)
    assert score_samples(model, SAMPLES, windower) == before
    merge_low_rank(model)
    for name, value in tiny.backbone.state_dict().items():
        assert torch.equal(model.backbone.state_dict()[name], value)
