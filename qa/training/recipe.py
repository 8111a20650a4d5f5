"""What decides a training run but its data; apart from the training itself, so that a command line needs no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def _told(default: float, words: str) -> Any:
    """Return a field with the words that the command line explains it by."""
    return field(default=default, metadata={"help": words})


@dataclass(frozen=True)
class Recipe:
    """The settings of one training run."""

    epochs: float = _told(3.0, "times that each question is seen")
    rate: float = _told(2e-4, "learning rate of the encoder's layers")
    head_rate: float = _told(1e-3, "learning rate of the head")
    rank: int = _told(0, "of LoRA's matrices on each linear layer; 0 trains the layers themselves")
    lowest: int = _told(0, "the first layer that learns; those below stay as they are, which spares a third of the time")
    batch_tokens: int = _told(4096, "tokens of a batch, about")
    shortest: int = _told(96, "tokens of text in the shortest window; lengths are drawn evenly")
    longest: int = _told(384, "tokens of text in the longest window")
    wrong: float = _told(0.3, "windows without the answer for each window with it")
    folded: float = _told(0.75, "share of Traditional samples shown in Simplified characters")
    titled: float = _told(0.5, "share of samples shown behind their title, as headlines stand in front of passages")
    warm_up: float = _told(0.03, "share of the steps in which the rate rises")
    steady: float = _told(0.6, "share of the steps after which the rate falls")
    decay: float = _told(0.01, "weight decay")
    dropout: float = _told(0.0, "of the layers' states; it doubles the time on a CPU, and none on a GPU")
    taught: float = _told(0.5, "how much of the goal is what the teachers say, where there are any")
    average: float = _told(0.999, "how much of the averaged weights each step keeps")
    seed: int = _told(1, "of all that is drawn")


@dataclass(frozen=True)
class Tuning:
    """The settings of one training run of how questions are encoded."""

    epochs: float = _told(2.0, "times that each question is seen")
    rate: float = _told(2.5e-4, "learning rate")
    rank: int = _told(16, "of the matrices on each linear layer (LoRA)")
    batch: int = _told(48, "questions of a batch")
    temperature: float = _told(0.02, "what cosines are divided by")
    kept: float = _told(0.5, "how much of what was learnt is kept: less forgets less of other questions")
    warm_up: float = _told(0.05, "share of the steps in which the rate rises")
    decay: float = _told(0.01, "weight decay")
    seed: int = _told(1, "of all that is drawn")
