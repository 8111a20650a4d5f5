"""How questions are read: the encoder's layers with low-rank changes for them alone; passages stay as they are encoded."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from embeddings.errors import ModelError, described
from embeddings.models.lora import WORDS, LowRank, fingerprint

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).resolve().parent / "questions.safetensors"
_FINGERPRINT = "fingerprint"


def save_changes(path: Path, backbone: nn.Module, changed: nn.Module) -> None:
    """Write the low-rank changes of a copy of a backbone, in 16 bits, with the fingerprint of what they change."""
    matrices: dict[str, Tensor] = {}
    for name, module in changed.named_modules():
        if isinstance(module, LowRank):
            # The layer's own name: encoder.layer.0.output.dense.
            layer = name.split(".parametrizations.")[0]
            for letter, matrix in zip("ba", module.factors(), strict=True):
                matrices[f"{layer}.{letter}"] = matrix.detach().half().contiguous()
    save_file(matrices, path, metadata={_FINGERPRINT: fingerprint(backbone)})


def asking(model: SentenceTransformer, path: Path = SHIPPED) -> SentenceTransformer | None:
    """Return the model that reads questions, which shares the word vectors with the one that reads passages.

    None where there are no changes, or where they are those of another encoder. Raises
    ModelError where the file cannot be read.
    """
    if not path.is_file():
        return None
    backbone = cast(nn.Module, model[0].auto_model)
    try:
        with safe_open(path, "pt") as file:
            if (file.metadata() or {}).get(_FINGERPRINT) != fingerprint(backbone):
                return None
        matrices = load_file(path)
    except (SafetensorError, OSError) as error:
        raise ModelError("model_changes", path, detail=described(error)) from error
    words = backbone.get_parameter(WORDS)
    own = copy.deepcopy(model, {id(words): words, id(model.tokenizer): model.tokenizer})
    layers = cast(nn.Module, own[0].auto_model)
    with torch.no_grad():
        for name, a in matrices.items():
            if name.endswith(".a"):
                layer = name.removesuffix(".a")
                weight = layers.get_parameter(f"{layer}.weight")
                weight.add_((matrices[f"{layer}.b"].float() @ a.float()).to(weight.dtype))
    return own
