"""What decides a training run but its data; apart from the training itself, so that a command line needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Recipe:
    """The settings of one training run."""

    epochs: float = 3.0
    rate: float = 2e-4
    head_rate: float = 1e-3
    rank: int = 0
    batch_tokens: int = 4096
    shortest: int = 96
    longest: int = 384
    wrong: float = 0.3
    folded: float = 0.75
    titled: float = 0.5
    warm_up: float = 0.03
    steady: float = 0.6
    decay: float = 0.01
    average: float = 0.999
    seed: int = 1

    HELP: ClassVar[dict[str, str]] = {
        "epochs": "times that each question is seen",
        "rate": "learning rate of the encoder's layers",
        "head_rate": "learning rate of the head",
        "rank": "of LoRA's matrices on each linear layer; 0 trains the layers themselves",
        "batch_tokens": "tokens of a batch, about",
        "shortest": "tokens of text in the shortest window; lengths are drawn evenly",
        "longest": "tokens of text in the longest window",
        "wrong": "windows without the answer for each window with it",
        "folded": "share of Traditional samples shown in Simplified characters",
        "titled": "share of samples shown behind their title, as headlines stand in front of passages",
        "warm_up": "share of the steps in which the rate rises",
        "steady": "share of the steps after which the rate falls",
        "decay": "weight decay",
        "average": "how much of the averaged weights each step keeps",
        "seed": "of all that is drawn",
    }
