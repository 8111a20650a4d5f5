"""Which weights of an encoder learn: whole layers, or low-rank changes to them (LoRA; Hu et al., 2021)."""

from __future__ import annotations

import re

from torch import Tensor, nn

from embeddings.models.lora import LowRank

_LAYER = re.compile(r"encoder\.layer\.(?P<number>\d+)")  # encoder.layer.0.output.dense


def open_layers(backbone: nn.Module, rank: int, first_layer: int = 0) -> None:
    """Let the encoder layers from `first_layer` on learn: low-rank changes to them, or for rank 0 their own weights.

    Word vectors stay as they are.
    """
    backbone.requires_grad_(False)
    for name, module in backbone.named_modules():
        layer = _LAYER.match(name)
        if layer is None or int(layer["number"]) < first_layer:
            continue
        if rank and isinstance(module, nn.Linear):
            nn.utils.parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank))
        elif not rank:
            module.requires_grad_(True)


def layer_weights(model: nn.Module) -> dict[str, Tensor]:
    """Return the weights of all encoder layers of a model, whether they learn or not."""
    return {name: value for name, value in model.named_parameters() if _LAYER.search(name)}


def merge_low_rank(model: nn.Module) -> None:
    """Write low-rank changes into the layers' own weights."""
    for module in model.modules():
        if nn.utils.parametrize.is_parametrized(module):
            nn.utils.parametrize.remove_parametrizations(module, "weight")
