"""One training loop: checkpoints and exact resumption, a log, a learning-rate schedule, averaged weights."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from qa.errors import CheckpointError
from qa.training.recipe import Recipe

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
SAVE_SECONDS = 300.0
"""Seconds between two checkpoints, about."""
_LOG_STEPS = 50
_MAX_NORM = 1.0  # of the gradient, which is clipped there

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A learning rate that warms up, stays and decays linearly (WSD; Hu et al., 2024), as shares of all steps.

    transformers' get_wsd_schedule does not fit: its floor stretches the whole decay instead of cutting it off, and its
    warm-up always reaches the full rate, where one that meets a decay which began at the first step does not.
    """

    warm_up: float
    """The share of the steps in which the rate rises."""
    decay_start: float = 0.0
    """The share of the steps after which it falls."""
    floor: float = 0.0
    """The share of the full rate below which it does not fall."""
    first: int = 0
    """What the first step counts as: at 0 it has no rate yet, at 1 it has that of one step of warm-up."""

    def factor(self, step: int, total: int) -> float:
        """Return the share of the full learning rate at a step, counted from 0, of `total`."""
        falling = (total - step) / max((1 - self.decay_start) * total, 1)
        rate = min(1.0, max(self.floor, falling))
        rising = self.warm_up * total
        return min(rate, (step + self.first) / (rising + self.first)) if step < rising else rate


class TrainingLoop(Generic[B]):
    """One training run in a folder of its own, which goes on from its last checkpoint as if it had not been cut off.

    The order of the batches must follow from the epoch's number alone; torch's random
    state, which dropout draws from, lies in the checkpoint. With an `ema_decay`, scores
    are those of an exponential moving average of the weights.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        schedule: Schedule,
        recipe: Recipe,
        folder: Path,
        *,
        ema_decay: float | None = None,
        frozen: Mapping[str, Tensor] | None = None,
    ) -> None:
        """Prepare a run; `frozen` are weights that do not learn, but are kept beside the averaged ones for later runs."""
        self._model, self._optimizer, self._schedule, self._recipe = model, optimizer, schedule, recipe
        self._folder, self._frozen = folder, frozen or {}
        self._learned = {name: value for name, value in model.named_parameters() if value.requires_grad}
        self._device = next(model.parameters()).device
        # Of what learns alone: a copy of the word vectors would take more memory than all else.
        self._source = nn.ParameterList(self._learned.values())
        self._ema: AveragedModel | None = None
        if ema_decay is not None:

            def average(averaged: Sequence[Tensor], current: Sequence[Tensor], count: Tensor | int) -> None:
                # The first weights of a run are the worst, so the average forgets fast at the beginning.
                warmed = min(ema_decay, (1 + self.step) / (10 + self.step))
                get_ema_multi_avg_fn(warmed)(averaged, current, count)  # type: ignore[no-untyped-call]

            self._ema = AveragedModel(self._source, multi_avg_fn=average)
        self.step = 0
        self.restart_average()

    def restart_average(self) -> None:
        """Begin the average with the weights as they are, which count as its first."""
        if self._ema is not None:
            self._ema.n_averaged.zero_()
            self._ema.update_parameters(self._source)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Let the model hold its averaged weights for a while, where they are averaged."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def run(
        self,
        batches: Callable[[int], Sequence[B]],
        loss: Callable[[B], Tensor],
        score: Callable[[], object],
        *,
        score_every: int | None = None,
        score_first: bool = False,
    ) -> None:
        """Train to the end of the recipe, from the last checkpoint where there is one.

        `batches` returns those of an epoch, about as many for each; `loss` the mean loss of
        one. `score` is called with the model in evaluation mode and its averaged weights, every
        `score_every` steps (None: after each epoch), at the end and, with `score_first`, before a run begins.
        """
        part = batches(0)
        per_epoch = len(part)
        total = math.ceil(per_epoch * self._recipe.epochs)
        schedule = LambdaLR(self._optimizer, lambda step: self._schedule.factor(step, total))
        self._resume(schedule)
        if not self.step:
            self.note(recipe=asdict(self._recipe))
            if score_first or not total:
                self._score(score)
            if not total:  # the weights that the run starts from are wanted as they are
                self._save(schedule)
        epoch, losses = 0, list[Tensor]()
        saved = started = time.monotonic()
        with tqdm(total=total, initial=self.step, unit="batch", mininterval=10) as bar:
            while self.step < total:
                if self.step // per_epoch != epoch:
                    epoch = self.step // per_epoch
                    part = batches(epoch)
                losses.append(self._learn(loss(part[self.step % per_epoch % len(part)])))
                schedule.step()
                self.step += 1
                bar.update()
                if self.step % _LOG_STEPS == 0:
                    mean = float(torch.stack(losses).mean())
                    self.note(loss=round(mean, 4), learning_rate=schedule.get_last_lr()[0])
                    bar.set_postfix(loss=f"{mean:.3f}")
                    losses.clear()
                if self.step % (score_every or per_epoch) == 0 or self.step == total:
                    self._score(score)
                if self.step == total or time.monotonic() - saved > SAVE_SECONDS:
                    saved = time.monotonic()
                    self._save(schedule)
        self.note(seconds=round(time.monotonic() - started))

    def note(self, **values: object) -> None:
        """Append a line to the log, with the step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": self.step, **values}, ensure_ascii=False) + "\n")

    def _learn(self, loss: Tensor) -> Tensor:
        """Take one step down the gradient; returns the loss, which a GPU need not be waited for at each step."""
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._learned.values(), _MAX_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        if self._ema is not None:
            self._ema.update_parameters(self._source)
        return loss.detach()

    def _score(self, score: Callable[[], object]) -> None:
        training = self._model.training
        with self.averaged():
            self._model.eval()
            self.note(scores=score())
        self._model.train(training)

    def _swap(self) -> None:
        for name, averaged in self._average().items():
            value = self._learned[name]
            value.data, averaged.data = averaged.data, value.data

    def _average(self) -> dict[str, nn.Parameter]:
        if self._ema is None:
            return {}
        return dict(zip(self._learned, self._ema.module.parameters(), strict=True))

    def _save(self, schedule: LambdaLR) -> None:
        """Write a checkpoint beside the last one, then put it in its place: a cut between leaves one of them whole."""
        random = [torch.get_rng_state()]
        if self._device.type == "cuda":
            random.append(torch.cuda.get_rng_state(self._device))
        state = {
            "recipe": asdict(self._recipe),
            "step": self.step,
            "learned": {name: value.detach() for name, value in self._learned.items()},
            "average": {name: value.detach() for name, value in {**self._frozen, **self._average()}.items()},
            "optimizer": self._optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "random": random,
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f"{CHECKPOINT}.new"
        torch.save(state, fresh)
        fresh.replace(self._folder / CHECKPOINT)

    def _resume(self, schedule: LambdaLR) -> None:
        path = self._folder / CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, map_location=self._device, weights_only=True)
        shapes, own = ({name: value.shape for name, value in found.items()} for found in (state["learned"], self._learned))
        if shapes != own:
            raise CheckpointError("run_other_layers", path)
        self.step = state["step"]
        average = self._average()
        with torch.no_grad():
            for name, value in self._learned.items():
                value.copy_(state["learned"][name])
                if name in average:
                    average[name].copy_(state["average"][name])
        self._optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        host, *device = state["random"]
        torch.set_rng_state(host.cpu())
        if device and self._device.type == "cuda":
            torch.cuda.set_rng_state(device[0].cpu(), self._device)


def averaged_weights(folder: Path, device: torch.device) -> dict[str, Tensor]:
    """Return the averaged weights of a run's checkpoint; raises CheckpointError where the folder holds none."""
    if not (folder / CHECKPOINT).is_file():
        raise CheckpointError("run_absent", folder, file=CHECKPOINT)
    average: dict[str, Tensor] = torch.load(folder / CHECKPOINT, map_location=device, weights_only=True)["average"]
    return average
