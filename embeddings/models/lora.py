"""An encoder's layers: a copy that shares the word vectors, low-rank changes, and what tells one model's from another's."""

from __future__ import annotations

import copy
import hashlib

import torch
from torch import Tensor, nn

WORDS = "embeddings.word_embeddings.weight"


class LowRank(nn.Module):
    """LoRA as a parametrisation of one weight: W + B A, scaled (Hu et al., 2021)."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.randn(rank, weight.shape[1]) * weight.shape[1] ** -0.5)
        self.b = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def factors(self) -> tuple[Tensor, Tensor]:
        """Return the two matrices whose product is the change."""
        return 2 * self.b, self.a

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight with its change."""
        b, a = self.factors()
        return weight + b @ a


def copy_layers(backbone: nn.Module) -> nn.Module:
    """Return a copy of a backbone that shares the word vectors with it in memory; the rest of it is float32."""
    words = backbone.get_parameter(WORDS)
    own = copy.deepcopy(backbone, {id(words): words})
    for value in own.parameters():
        if value is not words:  # an encoder in bfloat16 keeps its word vectors so
            value.data = value.data.float()
    return own


def fingerprint(backbone: nn.Module) -> str:
    """Return a digest of a backbone's encoder layers, the same wherever it was loaded from."""
    digest = hashlib.sha256()
    for name, value in sorted(backbone.named_parameters()):
        # Biases and norms differ between any two models, and cost a hundredth of all weights to digest.
        if name.startswith("encoder.") and value.ndim == 1:
            digest.update(name.encode())
            # An encoder that computes in bfloat16 holds the same weights, rounded.
            digest.update(value.detach().bfloat16().float().cpu().numpy().tobytes())
    return digest.hexdigest()
