"""What decides a training run but its data; apart from the training itself, so that a command line needs no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def _option(default: float, words: str) -> Any:
    """Return a field with the words that the command line explains it by."""
    return field(default=default, metadata={"help": words})


_EPOCHS = "times that each question is seen"
_WARM_UP = "share of the steps in which the learning rate rises"


@dataclass(frozen=True)
class Recipe:
    """The settings that every training run has."""

    epochs: float = _option(1.0, _EPOCHS)
    warm_up: float = _option(0.05, _WARM_UP)
    weight_decay: float = _option(0.01, "of AdamW")
    seed: int = _option(1, "of all that is drawn")


@dataclass(frozen=True)
class ReaderRecipe(Recipe):
    """The settings of one training run of the reader."""

    epochs: float = _option(3.0, _EPOCHS)
    warm_up: float = _option(0.03, _WARM_UP)
    learning_rate: float = _option(2e-4, "of the encoder's layers")
    head_learning_rate: float = _option(1e-3, "of the span head")
    rank: int = _option(0, "of LoRA's matrices on each linear layer; 0 trains the layers themselves")
    first_layer: int = _option(0, "the first layer that learns; those below stay as they are, which spares a third of the time")
    batch_tokens: int = _option(4096, "tokens of a batch, about")
    shortest: int = _option(96, "tokens of text in the shortest window; lengths are drawn evenly")
    longest: int = _option(384, "tokens of text in the longest window")
    negatives: float = _option(0.3, "windows of hard negatives for each window with the answer")
    simplified: float = _option(0.75, "share of Traditional samples shown in Simplified characters")
    titled: float = _option(0.5, "share of samples shown behind their title, as headlines stand in front of passages")
    decay_start: float = _option(0.6, "share of the steps after which the learning rate decays")
    dropout: float = _option(0.0, "of the layers' states; it doubles the time on a CPU, and none on a GPU")
    distillation: float = _option(0.5, "weight of the loss against the teachers, where there are any")
    ema_decay: float = _option(0.999, "of the exponential moving average of the weights")


@dataclass(frozen=True)
class QueryEncoderRecipe(Recipe):
    """The settings of one training run of how questions are encoded."""

    epochs: float = _option(2.0, _EPOCHS)
    learning_rate: float = _option(2.5e-4, "of the low-rank changes")
    rank: int = _option(16, "of LoRA's matrices on each linear layer")
    batch_size: int = _option(48, "questions of a batch")
    temperature: float = _option(0.02, "what cosines are divided by")
    interpolation: float = _option(0.5, "share of what was learnt that is kept (WiSE-FT): less forgets less of other questions")
