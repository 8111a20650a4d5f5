"""What decides a training run but its data; apart from the training itself, so that a command line needs no torch.

The command line has an option for each field; what its help says stands in `embeddings.messages`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """The settings that every training run has."""

    epochs: float = 1.0
    """Times that each question is seen."""
    warm_up: float = 0.05
    """Share of the steps in which the learning rate rises."""
    weight_decay: float = 0.01
    """Of AdamW."""
    seed: int = 1
    """Of all that is drawn."""


@dataclass(frozen=True)
class ReaderRecipe(Recipe):
    """The settings of one training run of the reader."""

    epochs: float = 3.0
    """Times that each question is seen."""
    warm_up: float = 0.03
    """Share of the steps in which the learning rate rises."""
    learning_rate: float = 2e-4
    """Of the encoder's layers."""
    head_learning_rate: float = 1e-3
    """Of the span head."""
    rank: int = 0
    """Of LoRA's matrices on each linear layer; 0 trains the layers themselves."""
    first_layer: int = 0
    """The first layer that learns; those below stay as they are, which spares a third of the time."""
    batch_tokens: int = 4096
    """Tokens of a batch, about."""
    shortest: int = 96
    """Tokens of text in the shortest window; lengths are drawn evenly."""
    longest: int = 384
    """Tokens of text in the longest window."""
    negatives: float = 0.3
    """Windows of hard negatives for each window with the answer."""
    simplified: float = 0.75
    """Share of Traditional samples shown in Simplified characters."""
    verified: float = 0.0
    """Share of the answers, and of the likeliest wrong spans, that the verifier learns from; 0 trains none."""
    titled: float = 0.5
    """Share of samples shown behind their title, as headlines stand in front of passages."""
    decay_start: float = 0.6
    """Share of the steps after which the learning rate decays."""
    dropout: float = 0.0
    """Of the layers' states; it doubles the time on a CPU, and none on a GPU."""
    distillation: float = 0.5
    """Weight of the loss against the teachers, where there are any."""
    ema_decay: float = 0.999
    """Of the exponential moving average of the weights."""


@dataclass(frozen=True)
class QueryEncoderRecipe(Recipe):
    """The settings of one training run of how questions are encoded."""

    epochs: float = 2.0
    """Times that each question is seen."""
    learning_rate: float = 2.5e-4
    """Of the low-rank changes."""
    rank: int = 16
    """Of LoRA's matrices on each linear layer."""
    batch_size: int = 48
    """Questions of a batch."""
    temperature: float = 0.02
    """What cosines are divided by."""
    interpolation: float = 0.5
    """Share of what was learnt that is kept (WiSE-FT): less forgets less of other questions."""
