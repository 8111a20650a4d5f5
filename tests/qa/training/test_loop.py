"""The training loop: its learning rate, its averaged weights, and runs that were cut off anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from qa.errors import CheckpointError
from qa.training.loop import CHECKPOINT, LOG, Schedule, TrainingLoop, averaged_weights
from qa.training.recipe import Recipe

pytestmark = [pytest.mark.usefixtures("one_thread"), pytest.mark.usefixtures("english")]

FLAT = Schedule(warm_up=0.0, decay_start=1.0)
RECIPE = Recipe(epochs=3.0)


class CutError(Exception):
    """A run is cut off."""


class Run:
    """Four batches an epoch for a layer with dropout; cut off at the step `cut`, before it is learnt from."""

    def __init__(
        self, folder: Path, *, width: int = 3, recipe: Recipe = RECIPE, schedule: Schedule = FLAT, ema: float | None = 0.9
    ) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(1)
            self.model = nn.Sequential(nn.Dropout(0.5), nn.Linear(width, 1, bias=False))
            self.data = torch.randn(8, 2, width)
        self.weight = self.model.get_parameter("1.weight")
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1)
        self.loop = TrainingLoop[Tensor](self.model, self.optimizer, schedule, recipe, folder, ema_decay=ema)
        self.scored: list[int] = []
        self.cut = -1

    def batches(self, epoch: int) -> Sequence[Tensor]:
        return list(self.data[epoch % 5 : epoch % 5 + 4])

    def loss(self, batch: Tensor) -> Tensor:
        if self.loop.step == self.cut:
            raise CutError
        return functional.mse_loss(self.model(batch), batch.sum(1, keepdim=True))

    def train(self, cut: int = -1, **options: Any) -> Run:
        self.cut = cut
        with torch.random.fork_rng():
            torch.manual_seed(2)
            self.loop.run(self.batches, self.loss, lambda: self.scored.append(self.loop.step), **options)
        return self

    def averaged(self) -> Tensor:
        with self.loop.averaged():
            return self.weight.detach().clone()


def log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]


# The learning rate


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(0.1, 0.6, 0.02), {0: 0, 5: 0.5, 10: 1, 60: 1, 80: 0.5, 90: 0.25, 99: 0.025, 100: 0.02}),
        (Schedule(0.05, floor=0.05, first=1), {0: 1 / 6, 4: 5 / 6, 5: 0.95, 50: 0.5, 99: 0.05}),
        (Schedule(0.5, 0.3), {0: 0, 10: 0.2, 49: 51 / 70, 50: 50 / 70}),
        (Schedule(0.0, 1.0), {0: 1, 99: 1}),
    ],
    ids=["warm-up, stable, decay", "decay from the first step", "decay begins in the warm-up", "constant"],
)
def test_the_learning_rate_warms_up_stays_and_decays_to_its_floor(schedule: Schedule, expected: dict[int, float]) -> None:
    assert {step: schedule.factor(step, 100) for step in expected} == pytest.approx(expected)


def test_each_step_has_its_learning_rate(tmp_path: Path) -> None:
    run = Run(tmp_path, schedule=Schedule(0.5, 0.5))
    rates: list[float] = []
    whole = run.loss

    def loss(batch: Tensor) -> Tensor:
        rates.append(run.optimizer.param_groups[0]["lr"])
        return whole(batch)

    run.loop.run(run.batches, loss, lambda: None)
    assert rates == pytest.approx([0.1 * run_rate / 6 for run_rate in (0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1)])


# Averaged weights


def test_the_average_begins_with_the_first_weights_and_forgets_them_fast(tmp_path: Path) -> None:
    run = Run(tmp_path, ema=0.25)
    weights = [run.weight.detach().clone()]
    run.optimizer.register_step_post_hook(lambda *_: weights.append(run.weight.detach().clone()))
    run.train()
    expected = weights[0]
    for number, weight in enumerate(weights[1:]):
        decay = min(0.25, (1 + number) / (10 + number))  # 0.1, 0.18, 0.25, 0.25
        expected = decay * expected + (1 - decay) * weight
    assert torch.allclose(run.averaged(), expected, atol=1e-6)
    assert not torch.allclose(run.averaged(), run.weight, atol=1e-3)


def test_scores_are_of_the_averaged_weights_without_dropout(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.model.train()
    scored: list[tuple[bool, Tensor]] = []

    def score() -> None:
        scored.append((run.model.training, run.weight.detach().clone()))

    run.loop.run(run.batches, run.loss, score)
    assert [training for training, _ in scored] == [False] * 3
    assert torch.equal(scored[-1][1], run.averaged())
    assert not torch.equal(scored[-1][1], run.weight)
    assert run.model.training


def test_a_score_that_fails_gives_the_weights_back(tmp_path: Path) -> None:
    run = Run(tmp_path)
    with pytest.raises(CutError):
        run.loop.run(run.batches, run.loss, lambda: (_ for _ in ()).throw(CutError))
    learned = run.weight.detach().clone()
    assert not torch.equal(run.averaged(), learned)
    assert torch.equal(run.weight, learned)


def test_without_a_decay_the_weights_themselves_are_scored(tmp_path: Path) -> None:
    run = Run(tmp_path, ema=None).train()
    assert torch.equal(run.averaged(), run.weight)


# Checkpoints


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_run_cut_off_at_any_step_ends_as_one_that_was_not(cut: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.training.loop.SAVE_SECONDS", -1.0)
    schedule = Schedule(0.2, 0.5, 0.02)
    whole = Run(tmp_path / "whole", schedule=schedule).train()
    with pytest.raises(CutError):
        Run(tmp_path / "cut", schedule=schedule).train(cut=cut)
    resumed = Run(tmp_path / "cut", schedule=schedule)
    resumed.train()
    assert resumed.loop.step == whole.loop.step == 12
    assert resumed.scored == [step for step in (4, 8, 12) if step > cut]
    assert torch.equal(resumed.weight, whole.weight)
    assert torch.equal(resumed.averaged(), whole.averaged())


def test_a_checkpoint_that_is_cut_off_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.training.loop.SAVE_SECONDS", -1.0)
    save, saved = torch.save, list[int]()

    def cut_save(state: dict[str, Any], path: Path) -> None:
        if len(saved) == 3:
            path.write_bytes(b"cut")
            raise KeyboardInterrupt
        saved.append(state["step"])
        save(state, path)

    monkeypatch.setattr("torch.save", cut_save)
    with pytest.raises(KeyboardInterrupt):
        Run(tmp_path).train()
    assert torch.load(tmp_path / CHECKPOINT, weights_only=True)["step"] == saved[-1] == 3
    monkeypatch.setattr("torch.save", save)
    assert torch.equal(Run(tmp_path).train().weight, Run(tmp_path / "whole").train().weight)


def test_a_finished_run_is_neither_trained_nor_scored_again(tmp_path: Path) -> None:
    done = Run(tmp_path).train()
    again = Run(tmp_path).train(cut=12)
    assert torch.equal(again.weight, done.weight)
    assert again.scored == []


def test_a_checkpoint_of_other_layers_is_refused(tmp_path: Path) -> None:
    Run(tmp_path).train()
    with pytest.raises(CheckpointError, match=r"checkpoint\.pt: other layers were trained there; name another folder"):
        Run(tmp_path, width=4).train()


def test_a_folder_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent: no checkpoint\.pt of an earlier run"):
        averaged_weights(tmp_path / "absent", torch.device("cpu"))


# The log


def test_the_log_has_the_recipe_the_scores_and_the_loss(tmp_path: Path) -> None:
    Run(tmp_path, recipe=Recipe(epochs=13.0)).train(score_every=40, score_first=True)
    lines = log(tmp_path)
    assert [(line["step"], *(key for key in line if key != "step")) for line in lines] == [
        (0, "recipe"), (0, "scores"), (40, "scores"), (50, "loss", "learning_rate"), (52, "scores"), (52, "seconds"),
    ]  # fmt: skip
    assert lines[0]["recipe"] == {"epochs": 13.0, "warm_up": 0.05, "weight_decay": 0.01, "seed": 1}
    assert lines[3]["learning_rate"] == 0.1


def test_a_run_of_no_step_is_scored_and_kept_as_it_is(tmp_path: Path) -> None:
    run = Run(tmp_path, recipe=Recipe(epochs=0.0)).train()
    assert run.scored == [0]
    assert torch.equal(averaged_weights(tmp_path, torch.device("cpu"))["1.weight"], run.weight)
