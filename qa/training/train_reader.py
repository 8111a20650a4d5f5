"""Training of the reader: fine-tuning on SQuAD-shaped sets, distillation from earlier readers, development EM and F1."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from embeddings.messages import MESSAGES
from embeddings.models.encoder import SentenceEncoder
from embeddings.models.lora import fingerprint
from qa.errors import AdapterError, CheckpointError
from qa.reading.adapter import build, load_adapter, read_facts, save_adapter
from qa.reading.calibration import UNCALIBRATED
from qa.reading.network import Batch, SpanModel, distillation_loss, loss
from qa.reading.span_reader import WINDOW_TOKENS, best_spans
from qa.reading.windows import Windower
from qa.training.loop import Schedule, TrainingLoop, averaged_weights
from qa.training.recipe import ReaderRecipe
from qa.training.scoring import exact_match, f1
from qa.training.squad import Sample, hold_out, read_samples, write_samples
from qa.training.trainable_layers import layer_weights, merge_low_rank, open_layers
from qa.training.verification import judged_windows, verification_loss
from qa.training.window_sampler import LabelledWindow, WindowSampler, collate

HEADS = ("head.", "verifier.")
"""What the names of weights that are not the backbone's begin with."""
HELD_OUT = "held"
"""Folder of what was held out, a file for each set, to be evaluated and calibrated on."""
_FLOOR = 0.02
"""The share of the learning rate below which it does not decay."""


class Trainer:
    """One training run of the reader in a folder of its own, which it can take up again."""

    def __init__(
        self, model: SpanModel, sampler: WindowSampler, recipe: ReaderRecipe, folder: Path, windower: Windower,
        base: nn.Module, teachers: Sequence[SpanModel] = (),
    ) -> None:  # fmt: skip
        """Prepare a run; `base` is the encoder's backbone as it was before any training."""
        self.model, self._sampler, self._recipe, self._windower = model, sampler, recipe, windower
        self._base, self._teachers = base, teachers
        self._device = next(model.parameters()).device
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.p = recipe.dropout
        open_layers(model.backbone, recipe.rank, recipe.first_layer)
        body = [value for name, value in model.named_parameters() if value.requires_grad and name.startswith("backbone.")]
        head = [*model.head.parameters(), *model.verifier.parameters()]
        groups = [{"params": body, "lr": recipe.learning_rate}, {"params": head, "lr": recipe.head_learning_rate}]
        optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=self._device.type == "cuda")
        self._loop = TrainingLoop[Sequence[LabelledWindow]](
            model,
            optimizer,
            Schedule(recipe.warm_up, recipe.decay_start, _FLOOR),
            recipe,
            folder,
            ema_decay=recipe.ema_decay,
            # With the layers that stay, so that a run can start from this one or be taught by it.
            frozen=layer_weights(model),
        )

    @property
    def step(self) -> int:
        """Count the steps done."""
        return self._loop.step

    def start_from(self, *folders: Path) -> None:
        """Take the averaged weights of earlier runs or adapters, or their mean (a model soup; Wortsman et al., 2022).

        A run of this folder that is to be taken up again takes its own in `run`.
        """
        averages = [earlier_weights(folder, self._base, self._device) for folder in folders]
        own = self.model.state_dict()
        # A part that an earlier run did not have starts anew.
        for name in set(own).intersection(*averages):
            own[name].copy_(torch.stack([average[name] for average in averages]).mean(0))
        self._loop.restart_average()

    def run(self, score: Callable[[SpanModel], object], *, scored: int = 500) -> None:
        """Train to the end of the recipe; scores every `scored` steps."""
        self.model.train()
        self._loop.run(self._sampler.batches, self._loss, lambda: score(self.model), score_every=scored)
        self.model.eval()

    def averaged(self) -> AbstractContextManager[None]:
        """Return a context in which the model holds its averaged weights."""
        return self._loop.averaged()

    def _loss(self, windows: Sequence[LabelledWindow]) -> Tensor:
        batch, first, last, evidence = collate(windows, self._windower.pad, self._device)
        # On these cores bfloat16 is no faster; on a GPU it is several times so.
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            scores = self.model(batch)
            with torch.no_grad():
                taught = [teacher(batch) for teacher in self._teachers]
        value = loss(scores, first, last, evidence)
        if taught:
            value = torch.lerp(value, distillation_loss(scores, taught), self._recipe.distillation)
        if self._recipe.verified:
            with torch.no_grad():
                # Of the step alone, so that a run that was cut off draws the same.
                drawn = random.Random(f"{self._recipe.seed}/{self.step}")
                judged = judged_windows(windows, scores, self._windower, self._recipe.verified, drawn)
            if judged:
                with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
                    value = value + verification_loss(self.model, judged, self._windower.pad, self._device)
        return value


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
        for (place, window), (top, *_) in zip(part, best_spans(scores), strict=True):
            if place not in best or top.log_odds > best[place][0]:
                best[place] = top.log_odds, samples[place].context[window.first + top.first : window.first + top.last]
    exact = [exact_match(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    overlap = [f1(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    return {"em": round(100 * float(np.mean(exact)), 2), "f1": round(100 * float(np.mean(overlap)), 2), "n": len(samples)}


def train(
    encoder: SentenceEncoder,
    sets: Sequence[tuple[Path, float]],
    recipe: ReaderRecipe,
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

    It begins with the weights of `start`, or their mean, and learns beside the answers how likely
    the `teachers` hold each span (knowledge distillation; Hinton et al., 2015). Both are folders of
    adapters, or work folders of runs that trained the layers themselves.

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
            (work / HELD_OUT).mkdir(parents=True, exist_ok=True)
            write_samples(out_of, work / HELD_OUT / f"{path.stem}.json")
    unseen = {sample.context for samples in held.values() for sample in samples}
    kept = [
        replace(sample, hard_negatives=tuple(other for other in sample.hard_negatives if other.context not in unseen))
        for sample in kept
        if sample.context not in unseen
    ]
    drawn = random.Random(recipe.seed)
    tested = {stem: drawn.sample(samples, min(sampled, len(samples))) for stem, samples in held.items() if samples}
    model = build(encoder.backbone).to(chosen)
    taught = [load_run(build(encoder.backbone), folder, encoder.backbone).to(chosen) for folder in teachers]
    trainer = Trainer(model, WindowSampler(kept, windower, recipe), recipe, work, windower, encoder.backbone, taught)
    if start:
        trainer.start_from(*start)
    trainer.run(
        lambda model: {stem: score_samples(model, samples, windower) for stem, samples in tested.items()}, scored=scored
    )
    with trainer.averaged():
        merge_low_rank(model)
        save_adapter(out, model, encoder.backbone, name=name, base_name=encoder.name, calibration=UNCALIBRATED)


def earlier_weights(folder: Path, base: nn.Module, device: torch.device) -> dict[str, Tensor]:
    """Return the layers and the head of an adapter's folder, or the averaged ones of a run's.

    Raises AdapterError where the adapter is of another backbone than `base`, CheckpointError where there is neither.
    """
    facts = read_facts(folder)
    if facts is None:
        return averaged_weights(folder, device)
    if facts.fingerprint != fingerprint(base):
        raise AdapterError("adapter_unfit", folder, why=MESSAGES.message("adapter_base", base=facts.base, encoder=""))
    model = load_adapter(folder, facts, base)
    kept = {**layer_weights(model), **{name: value for name, value in model.named_parameters() if name.startswith(HEADS)}}
    return {name: value.detach().to(device) for name, value in kept.items()}


def load_run(model: SpanModel, folder: Path, base: nn.Module) -> SpanModel:
    """Put the averaged weights of a run into a reader, for it to teach; raises CheckpointError where it cannot."""
    with torch.no_grad():
        own = model.state_dict()
        for name, value in earlier_weights(folder, base, next(model.parameters()).device).items():
            if name not in own:
                raise CheckpointError("run_low_rank", folder)
            own[name].copy_(value)
    return model.requires_grad_(False)
