"""Training of the reader: the loop with its checkpoints, and development scores."""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from embeddings.models.encoder import SentenceEncoder
from embeddings.models.lora import LowRank
from qa.reading.adapter import build, save_adapter
from qa.reading.calibration import UNCALIBRATED
from qa.reading.network import Batch, SpanModel, loss, taught_loss
from qa.reading.span_reader import WINDOW_TOKENS, mark
from qa.reading.windows import Windower
from qa.training.curriculum import Curriculum, Item, collate
from qa.training.recipe import Recipe
from qa.training.scoring import exact_match, f1
from qa.training.squad import DatasetError, Sample, hold_out, read_samples, write_samples

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
HELD = "held"
"""Folder of what was held out, a file for each set, to be evaluated and calibrated on."""
_LAYER = re.compile(r"encoder\.layer\.(?P<number>\d+)")


def open_layers(backbone: nn.Module, rank: int, lowest: int = 0) -> None:
    """Let the encoder layers from `lowest` on learn: their own weights, or low-rank changes to them.

    Word vectors stay as they are.
    """
    backbone.requires_grad_(False)
    for name, module in backbone.named_modules():
        layer = _LAYER.match(name)
        if layer is None or int(layer["number"]) < lowest:
            continue
        if rank and isinstance(module, nn.Linear):
            nn.utils.parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank))
        elif not rank:
            module.requires_grad_(True)


class Trainer:
    """One training run in a folder of its own, which it can take up again."""

    def __init__(
        self, model: SpanModel, curriculum: Curriculum, recipe: Recipe, folder: Path, pad: int,
        teachers: Sequence[SpanModel] = (),
    ) -> None:  # fmt: skip
        self.model, self._curriculum, self._recipe, self._folder, self._pad = model, curriculum, recipe, folder, pad
        self._teachers = teachers
        self._device = next(model.parameters()).device
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.p = recipe.dropout
        open_layers(model.backbone, recipe.rank, recipe.lowest)
        body = [value for name, value in model.named_parameters() if value.requires_grad and name.startswith("backbone.")]
        head = list(model.head.parameters())
        groups = [{"params": body, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay, fused=self._device.type == "cuda")
        self._learned = {name: value for name, value in model.named_parameters() if value.requires_grad}
        self._average = {name: value.detach().clone() for name, value in self._learned.items()}
        self.step = 0

    def start_from(self, *folders: Path) -> None:
        """Take the averaged weights of earlier runs, or their mean (a soup; Wortsman et al., 2022).

        A run of this folder that is to be taken up again takes its own in `run`.
        """
        averages = [average_of(folder, self._device) for folder in folders]
        own = self.model.state_dict()
        # A part that an earlier run did not have starts anew.
        for name in set(own).intersection(*averages):
            own[name].copy_(torch.stack([average[name] for average in averages]).mean(0))
            if name in self._average:
                self._average[name].copy_(own[name])

    def run(self, score: Callable[[SpanModel], object], *, every: float = 300.0, scored: int = 500) -> None:
        """Train to the end of the recipe; saves every `every` seconds, scores every `scored` steps."""
        self._folder.mkdir(parents=True, exist_ok=True)
        batches = self._curriculum.batches(0)
        per_epoch = len(batches)
        total = math.ceil(per_epoch * self._recipe.epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, lambda step: self._rate(step / max(total, 1)))
        self._resume(schedule)
        saved, started = time.monotonic(), time.monotonic()
        seen: list[Tensor] = []
        epoch = 0
        self.model.train()
        with tqdm(total=total, initial=self.step, unit="batch", mininterval=10) as bar:
            while self.step < total:
                if self.step // per_epoch != epoch:
                    epoch = self.step // per_epoch
                    batches = self._curriculum.batches(epoch)
                batch = batches[self.step % per_epoch % len(batches)]
                seen.append(self._learn(batch))
                schedule.step()
                self.step += 1
                bar.update()
                if self.step % 50 == 0:
                    mean = float(torch.stack(seen).mean())
                    self._note(loss=round(mean, 4), rate=schedule.get_last_lr()[0])
                    bar.set_postfix(loss=f"{mean:.3f}")
                    seen.clear()
                if self.step % scored == 0 or self.step == total:
                    with self.averaged():
                        self._note(scores=score(self.model.eval()))
                    self.model.train()
                if time.monotonic() - saved > every or self.step == total:
                    saved = time.monotonic()
                    self._save(schedule)
        if not total:  # the mean of the runs it starts from is wanted as it is
            with self.averaged():
                self._note(scores=score(self.model.eval()))
            self._save(schedule)
        self.model.eval()
        self._note(seconds=round(time.monotonic() - started))

    def averaged(self) -> _Averaged:
        """Return a context in which the model holds its averaged weights."""
        return _Averaged(self._learned, self._average)

    def _learn(self, items: Sequence[Item]) -> Tensor:
        batch, first, last, evidence = collate(items, self._pad, self._device)
        # On these cores bfloat16 is no faster; on a GPU it is several times so.
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            scores = self.model(batch)
            with torch.no_grad():
                taught = [teacher(batch) for teacher in self._teachers]
        value = loss(scores, first, last, evidence)
        if taught:
            value = torch.lerp(value, taught_loss(scores, taught), self._recipe.taught)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._learned.values(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        keep = min(self._recipe.average, (1 + self.step) / (10 + self.step))
        for name, average in self._average.items():
            average.lerp_(self._learned[name].data, 1 - keep)
        return value.detach()  # read later: a GPU need not be waited for at each step

    def _rate(self, done: float) -> float:
        recipe = self._recipe
        if done < recipe.warm_up:
            return done / recipe.warm_up
        return min(1.0, max(0.02, (1 - done) / (1 - recipe.steady)))

    def _save(self, schedule: torch.optim.lr_scheduler.LambdaLR) -> None:
        # With the layers that stay, so that a run can start from this one or be taught by it.
        still = {name: value for name, value in self.model.named_parameters() if _LAYER.search(name)}
        state = {
            "recipe": asdict(self._recipe),
            "step": self.step,
            "learned": {name: value.detach() for name, value in self._learned.items()},
            "average": {name: value.detach() for name, value in still.items()} | self._average,
            "optimizer": self._optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        }
        fresh = self._folder / f"{CHECKPOINT}.new"
        torch.save(state, fresh)
        fresh.replace(self._folder / CHECKPOINT)

    def _resume(self, schedule: torch.optim.lr_scheduler.LambdaLR) -> None:
        path = self._folder / CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, map_location=self._device, weights_only=True)
        self.step = state["step"]
        with torch.no_grad():
            for name, value in self._learned.items():
                value.copy_(state["learned"][name])
                self._average[name].copy_(state["average"][name])
        self._optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])

    def _note(self, **values: object) -> None:
        with (self._folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": self.step, **values}, ensure_ascii=False) + "\n")


def average_of(folder: Path, device: torch.device) -> dict[str, Tensor]:
    """Return the averaged weights of a run's checkpoint; raises DatasetError where the folder holds none."""
    if not (folder / CHECKPOINT).is_file():
        raise DatasetError(f"{folder}: no {CHECKPOINT} of an earlier run; name the folder that was its --work")
    average: dict[str, Tensor] = torch.load(folder / CHECKPOINT, map_location=device, weights_only=True)["average"]
    return average


class _Averaged:
    """Puts averaged weights in place of the learned ones for a while."""

    def __init__(self, learned: dict[str, nn.Parameter], average: dict[str, Tensor]) -> None:
        self._learned, self._average = learned, average

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_: object) -> None:
        self._swap()

    def _swap(self) -> None:
        for name, value in self._learned.items():
            value.data, self._average[name] = self._average[name], value.data


@torch.inference_mode()
def score_samples(
    model: SpanModel, samples: Sequence[Sample], windower: Windower, size: int = WINDOW_TOKENS
) -> dict[str, float]:
    """Return EM and F1 of whole passages read in windows of `size` tokens, each sample's best span taken."""
    device = next(model.parameters()).device
    jobs = [
        (place, window)
        for place, sample in enumerate(samples)
        for window in windower.cover(windower.tokens(sample.question), windower.tokens(sample.context), size, size // 2)
    ]
    jobs.sort(key=lambda job: len(job[1].ids))
    best: dict[int, tuple[float, str]] = {}
    for start in range(0, len(jobs), 12):
        part = jobs[start : start + 12]
        scores = model(Batch.of([window for _, window in part], windower.pad, device))
        for (place, window), (top, *_) in zip(part, mark(scores), strict=True):
            if place not in best or top.odds > best[place][0]:
                best[place] = top.odds, samples[place].context[window.first + top.first : window.first + top.last]
    exact = [exact_match(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    overlap = [f1(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    return {"em": round(100 * float(np.mean(exact)), 2), "f1": round(100 * float(np.mean(overlap)), 2), "n": len(samples)}


def train(
    encoder: SentenceEncoder,
    sets: Sequence[tuple[Path, float]],
    recipe: Recipe,
    work: Path,
    *,
    out: Path,
    start: Sequence[Path] = (),
    teachers: Sequence[Path] = (),
    name: str,
    device: str = "",
    scored: int = 400,
    sampled: int = 150,
) -> None:
    """Train a reader on SQuAD-shaped files, a share of each held out whole, and write its adapter to `out`.

    It begins with the weights of the earlier runs `start`, or their mean, and
    learns beside the answers what the runs `teachers` hold of each span. Both are
    work folders of runs that trained the layers themselves.

    A run that was cut off in the folder `work` is taken up again at its last
    checkpoint. The log there holds the loss and the scores on held-out questions,
    the folder `held` these questions themselves.
    """
    chosen = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    torch.manual_seed(recipe.seed)
    windower = Windower(encoder.tokenizer)
    kept: list[Sample] = []
    held: dict[str, list[Sample]] = {}
    for path, share in sets:
        rest, out_of = hold_out(read_samples(path), share)
        kept += rest
        held[path.stem] = [sample for sample in out_of if sample.answers]
        if out_of:
            (work / HELD).mkdir(parents=True, exist_ok=True)
            write_samples(out_of, work / HELD / f"{path.stem}.json")
    unseen = {sample.context for samples in held.values() for sample in samples}
    kept = [
        replace(sample, wrong=tuple(other for other in sample.wrong if other.context not in unseen))
        for sample in kept
        if sample.context not in unseen
    ]
    drawn = random.Random(recipe.seed)
    tested = {stem: drawn.sample(samples, min(sampled, len(samples))) for stem, samples in held.items() if samples}
    model = build(encoder.backbone).to(chosen)
    taught = [load_run(build(encoder.backbone), folder).to(chosen) for folder in teachers]
    trainer = Trainer(model, Curriculum(kept, windower, recipe), recipe, work, windower.pad, taught)
    if start:
        trainer.start_from(*start)
    trainer.run(
        lambda model: {stem: score_samples(model, samples, windower) for stem, samples in tested.items()}, scored=scored
    )
    with trainer.averaged():
        merge_low_rank(model)
        save_adapter(out, model, encoder.backbone, name=name, base_name=encoder.name, calibration=UNCALIBRATED)


def load_run(model: SpanModel, folder: Path) -> SpanModel:
    """Put the averaged weights of a run into a reader, for it to teach."""
    with torch.no_grad():
        own = model.state_dict()
        for name, value in average_of(folder, next(model.parameters()).device).items():
            if name not in own:
                raise DatasetError(f"{folder}: was trained with low-rank matrices; only runs with --rank 0 teach")
            own[name].copy_(value)
    return model.requires_grad_(False)


def merge_low_rank(model: SpanModel) -> None:
    """Write low-rank changes into the layers' own weights."""
    for module in model.modules():
        if nn.utils.parametrize.is_parametrized(module):
            nn.utils.parametrize.remove_parametrizations(module, "weight")
