"""The trained reader's file: changes to the encoder's layers in 4 bits, the head, and what they were trained for."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from embeddings.errors import described
from embeddings.models.lora import WORDS, copy_layers, fingerprint
from qa.errors import AdapterError
from qa.reading.network import SpanModel

SHIPPED = Path(__file__).resolve().parent.parent / "adapter"
WEIGHTS_FILE = "adapter.safetensors"
FACTS_FILE = "adapter.json"
FORMAT = 3
GROUP = 32
"""Neighbours in a row of a matrix that share a scale, at most."""
_SCALE = ".scale"
# What format 1 called the evidence of a span.
_FORMER_NAMES = {
    "odds": "log_odds", "behind": "score_gap", "fits": "type_match", "closest": "max_cosine", "near": "cosine",
    "covered": "term_coverage", "timely": "date_match",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdapterFacts:
    """What must be known of an adapter to use it."""

    name: str
    """What the API calls the reader."""
    base: str
    """The encoder that it was trained on, as a person names it."""
    fingerprint: str
    """Of that encoder's layers: an adapter on others would read nonsense."""
    sha256: str
    """Of the file of weights."""
    calibration: dict[str, float]
    """Weights of the evidence that an answer is right; see qa.reading.calibration."""
    format: int = FORMAT


def read_facts(folder: Path) -> AdapterFacts | None:
    """Return an adapter's facts, None where the folder holds none; raises AdapterError where they cannot be read."""
    path = folder / FACTS_FILE
    if not path.is_file():
        return None
    try:
        facts = AdapterFacts(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise AdapterError("adapter_facts", path, detail=described(error)) from None
    if facts.format == 1:
        facts = replace(facts, format=2, calibration=dict(map(_renamed, facts.calibration.items())))
    if facts.format == 2:  # without a verifier, which nothing asks for where no weight of it was fitted
        facts = replace(facts, format=FORMAT)
    if facts.format != FORMAT:
        raise AdapterError("adapter_format", path, format=facts.format, known=FORMAT)
    return facts


def _renamed(weight: tuple[str, float]) -> tuple[str, float]:
    """Give a weight of format 1 the name that it has now: rank.odds is rank.log_odds."""
    kind, _, name = weight[0].partition(".")
    return f"{kind}.{_FORMER_NAMES.get(name, name)}", weight[1]


def build(backbone: nn.Module) -> SpanModel:
    """Return an untrained reader on a copy of a backbone, which shares the word vectors with it in memory."""
    return SpanModel(copy_layers(backbone), backbone.get_parameter(WORDS).shape[1]).eval()


def pack(model: SpanModel, base: nn.Module) -> dict[str, Tensor]:
    """Return the head, and what was changed of the base: matrices in 4 bits with a scale for each group, the rest in 16."""
    originals = dict(base.named_parameters())
    packed: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        kept = value.detach().float().cpu()
        if not name.startswith("backbone."):
            packed[name] = kept.half()
        elif name.startswith("backbone.encoder."):
            change = kept - originals[name.removeprefix("backbone.")].detach().float().cpu()
            if change.ndim == 1:
                packed[name] = change.half()
            else:
                packed[name], packed[name + _SCALE] = _to_nibbles(change)
    return {name: value.contiguous() for name, value in packed.items()}


def _to_nibbles(change: Tensor) -> tuple[Tensor, Tensor]:
    """Return a matrix in 4 bits, two to a byte, and the scales (rows, groups); its rows must be of even length."""
    # Not every encoder is a multiple of GROUP wide.
    groups = change.reshape(len(change), -1, math.gcd(change.shape[1], GROUP))
    largest = groups.abs().amax(2, keepdim=True)
    best, least = torch.zeros_like(groups), torch.full_like(largest, torch.inf)
    chosen = torch.zeros_like(largest)
    # Where a group has one large change, to cut it serves the others; each group takes the scale that errs least.
    for share in (1.0, 0.9, 0.8, 0.7):
        scale = (largest * share / 7).clamp(min=1e-7).half().float()
        steps = (groups / scale).round().clamp(-8, 7)
        error = (steps * scale - groups).square().sum(2, keepdim=True)
        better = error < least
        best, chosen, least = (torch.where(better, new, old) for new, old in ((steps, best), (scale, chosen), (error, least)))
    nibbles = (best.reshape(len(change), -1) + 8).to(torch.uint8)
    return nibbles[:, ::2] | nibbles[:, 1::2] << 4, chosen.squeeze(2).half()


def _from_nibbles(packed: Tensor, scales: Tensor) -> Tensor:
    """Return the matrix that `_to_nibbles` packed."""
    steps = torch.stack([packed & 15, packed >> 4], dim=2).flatten(1).float() - 8
    return (steps.reshape(*scales.shape, -1) * scales.float()[:, :, None]).flatten(1)


@torch.no_grad()
def unpack(packed: dict[str, Tensor], model: SpanModel) -> None:
    """Apply packed changes to a reader that `build` returned."""
    own = model.state_dict()
    for name, value in packed.items():
        if name.endswith(_SCALE):
            continue
        shape = (value.shape[0], 2 * value.shape[1]) if value.dtype == torch.uint8 else value.shape
        if name not in own or own[name].shape != shape:
            raise AdapterError("adapter_no_such_weights", name=name)
        if not name.startswith("backbone."):
            own[name].copy_(value)
        elif value.dtype == torch.uint8:
            own[name].add_(_from_nibbles(value, packed[name + _SCALE]))
        else:
            own[name].add_(value.float())


def save_adapter(
    folder: Path, model: SpanModel, base: nn.Module, *, name: str, base_name: str, calibration: dict[str, float]
) -> None:
    """Write an adapter; the facts come last, so that a folder cut off in between holds no adapter."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FACTS_FILE).unlink(missing_ok=True)
    data = save(pack(model, base))
    (folder / WEIGHTS_FILE).write_bytes(data)
    facts = AdapterFacts(name, base_name, fingerprint(base), hashlib.sha256(data).hexdigest(), calibration)
    text = json.dumps(asdict(facts), ensure_ascii=False, indent=2) + "\n"
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")


def load_adapter(folder: Path, facts: AdapterFacts, backbone: nn.Module) -> SpanModel:
    """Return the reader of a folder on this backbone; raises AdapterError where the weights are not those of the facts."""
    path = folder / WEIGHTS_FILE
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise AdapterError("adapter_weights", path, facts=FACTS_FILE)
    model = build(backbone)
    try:
        unpack(load(data), model)
    except AdapterError as error:
        raise AdapterError("adapter_layers", path, why=error.message, base=facts.base) from None
    return model
