"""Training of the reader: runs that build on each other, what learns, and a reader that has learnt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from embeddings.models.encoder import SentenceEncoder
from embeddings.text.letters import fold
from qa.errors import AdapterError, CheckpointError
from qa.reading.adapter import build, load_adapter, read_facts, save_adapter
from qa.reading.network import Batch, SpanModel, distillation_loss
from qa.reading.windows import Windower
from qa.training.loop import CHECKPOINT, LOG
from qa.training.recipe import ReaderRecipe
from qa.training.squad import HardNegative, Sample, hold_out, read_samples, write_samples
from qa.training.train_reader import HELD_OUT, Trainer, load_run, score_samples, train
from qa.training.trainable_layers import merge_low_rank
from qa.training.window_sampler import WindowSampler
from tests.support.villages import QUICK, SAMPLES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread", "english")]


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    return Windower(tiny.tokenizer)


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        yield


def read_log(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]


def trainer(
    tiny: SentenceEncoder, windower: Windower, folder: Path, recipe: ReaderRecipe = QUICK, teachers: Sequence[SpanModel] = ()
) -> Trainer:
    torch.manual_seed(7)
    sampler = WindowSampler(SAMPLES, windower, recipe)
    return Trainer(build(tiny.backbone), sampler, recipe, folder, windower, tiny.backbone, teachers)


def batch_of(sample: Sample, windower: Windower) -> Batch:
    return Batch.of([windower.window(windower.tokens(sample.question), windower.tokens(sample.context))], windower.pad)


# Runs


class CutError(Exception):
    """A run is cut off."""


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_run_cut_off_goes_on_from_its_last_checkpoint(
    dropout: float, tiny: SentenceEncoder, windower: Windower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(QUICK, epochs=4.0, batch_tokens=200, dropout=dropout)

    def weights(run: Trainer) -> dict[str, Tensor]:
        with run.averaged():
            return {name: value.clone() for name, value in run.model.state_dict().items()}

    whole = trainer(tiny, windower, tmp_path / "whole", recipe)
    whole.run(lambda model: None)

    def cut(model: SpanModel) -> None:
        raise CutError

    folder = tmp_path / "cut"
    monkeypatch.setattr("qa.training.loop.SAVE_SECONDS", 0.0)
    with pytest.raises(CutError):
        trainer(tiny, windower, folder, recipe).run(cut, scored=5)
    assert torch.load(folder / CHECKPOINT, weights_only=True)["step"] == 4  # the fifth was scored before it was saved
    resumed = trainer(tiny, windower, folder, recipe)
    scored: list[int] = []
    resumed.run(lambda model: scored.append(resumed.step), scored=5)
    assert resumed.step == whole.step > 10
    assert scored == [*range(5, whole.step, 5), whole.step]
    expected = weights(whole)
    for name, value in weights(resumed).items():
        assert torch.allclose(value, expected[name], atol=1e-6), name


def test_a_finished_run_is_not_trained_again(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    trainer(tiny, windower, tmp_path).run(lambda model: None)
    before = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    again = trainer(tiny, windower, tmp_path)
    again.run(lambda model: pytest.fail("scored again"))
    assert again.step == before["step"]
    for name, value in again.model.state_dict().items():
        if name in before["learned"]:
            assert torch.equal(value, before["learned"][name])


def test_a_run_may_start_from_an_earlier_one(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    trainer(tiny, windower, tmp_path / "first").run(lambda model: None)
    average = torch.load(tmp_path / "first" / CHECKPOINT, weights_only=True)["average"]
    second = trainer(tiny, windower, tmp_path / "second")
    second.start_from(tmp_path / "first")
    state = second.model.state_dict()
    fresh = build(tiny.backbone).state_dict()
    assert second.step == 0
    for name, value in average.items():
        assert torch.equal(state[name], value)
    assert not torch.equal(state["head.start.weight"], fresh["head.start.weight"])
    with second.averaged():  # the average begins there too
        assert all(torch.equal(second.model.state_dict()[name], value) for name, value in average.items())


def test_a_part_that_the_earlier_run_lacked_starts_anew(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    run = trainer(tiny, windower, tmp_path)
    own = run.model.head.null.weight.detach().clone()
    name, start = "head.start.weight", torch.full_like(run.model.head.start.weight, 0.5)
    torch.save({"average": {name: start}}, tmp_path / CHECKPOINT)
    run.start_from(tmp_path)
    assert torch.equal(run.model.head.start.weight, start)
    assert torch.equal(run.model.head.null.weight, own)


def test_a_run_may_start_from_the_mean_of_several(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    for number, seed in enumerate((1, 2)):
        trainer(tiny, windower, tmp_path / str(number), replace(QUICK, seed=seed)).run(lambda model: None)
    one, other = (torch.load(tmp_path / name / CHECKPOINT, weights_only=True)["average"] for name in "01")
    run = trainer(tiny, windower, tmp_path / "mean")
    run.start_from(tmp_path / "0", tmp_path / "1")
    assert not torch.equal(one["head.start.weight"], other["head.start.weight"])
    for name, value in run.model.state_dict().items():
        if name in one:
            assert torch.allclose(value, (one[name] + other[name]) / 2, atol=1e-7), name


def test_without_an_epoch_the_mean_itself_is_scored_and_kept(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    for number in (1, 2):
        trainer(tiny, windower, tmp_path / str(number), replace(QUICK, seed=number)).run(lambda model: None)
    mean = trainer(tiny, windower, tmp_path / "mean", replace(QUICK, epochs=0.0))
    mean.start_from(tmp_path / "1", tmp_path / "2")
    scored: list[SpanModel] = []
    mean.run(scored.append)
    assert scored == [mean.model]
    one, other, kept = (torch.load(tmp_path / name / CHECKPOINT, weights_only=True)["average"] for name in ("1", "2", "mean"))
    for name, value in kept.items():
        assert torch.allclose(value, (one[name] + other[name]) / 2, atol=1e-7), name


def test_an_earlier_run_that_is_none_is_named(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent: no checkpoint\.pt"):
        trainer(tiny, windower, tmp_path).start_from(tmp_path / "absent")


def test_who_is_taught_comes_nearer_to_the_teacher(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=30.0)
    trainer(tiny, windower, tmp_path / "teacher", replace(recipe, epochs=60.0, seed=3)).run(lambda model: None)
    teacher = load_run(build(tiny.backbone), tmp_path / "teacher", tiny.backbone)
    batch = batch_of(SAMPLES[0], windower)
    goal = teacher(batch)
    distances = []
    for taught in (0.0, 1.0):
        student = trainer(tiny, windower, tmp_path / str(taught), replace(recipe, distillation=taught), [teacher])
        student.run(lambda model: None)
        with student.averaged():
            distances.append(float(distillation_loss(student.model(batch), [goal]).detach()))
    least = float(distillation_loss(goal, [goal]))
    assert least < distances[1] < distances[0]


def test_a_run_with_low_rank_matrices_does_not_teach(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    trainer(tiny, windower, tmp_path, replace(QUICK, rank=2)).run(lambda model: None)
    with pytest.raises(CheckpointError, match="only runs with --rank 0 teach"):
        load_run(build(tiny.backbone), tmp_path, tiny.backbone)


def test_states_are_dropped_in_training_and_not_in_scoring(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    run = trainer(tiny, windower, tmp_path, replace(QUICK, dropout=0.5))
    batch = batch_of(SAMPLES[0], windower)
    scored: list[bool] = []
    run.run(lambda model: scored.append(torch.equal(model(batch).null, model(batch).null)), scored=1)
    assert scored
    assert all(scored)
    assert not run.model.training
    run.model.train()
    assert not torch.equal(run.model(batch).null, run.model(batch).null)


def test_averaged_weights_are_taken_back(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    run = trainer(tiny, windower, tmp_path)
    run.run(lambda model: None)
    learned = run.model.head.start.weight.detach().clone()
    with run.averaged():
        assert not torch.equal(run.model.head.start.weight, learned)
    assert torch.equal(run.model.head.start.weight, learned)


# What learns


def test_layers_learn_and_word_vectors_do_not(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    before = {name: value.clone() for name, value in tiny.backbone.state_dict().items()}
    run = trainer(tiny, windower, tmp_path)
    run.run(lambda model: None)
    for name, value in run.model.backbone.state_dict().items():
        learns = name.startswith("encoder.") and not name.endswith("key.bias")  # attention does not feel a key's bias
        if learns or not name.startswith("encoder."):
            assert torch.equal(value, before[name]) != learns, name
    assert all(torch.equal(value, before[name]) for name, value in tiny.backbone.state_dict().items())


def test_the_lowest_layers_may_stay(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    before = {name: value.clone() for name, value in tiny.backbone.state_dict().items()}
    trainer(tiny, windower, tmp_path / "whole").run(lambda model: None)
    run = trainer(tiny, windower, tmp_path / "top", replace(QUICK, first_layer=1))
    run.start_from(tmp_path / "whole")
    started = {name: value.clone() for name, value in run.model.backbone.state_dict().items()}
    run.run(lambda model: None)
    place = "encoder.layer.{}.output.dense.weight"
    assert not torch.equal(started[place.format(0)], before[place.format(0)])  # layers that stay are started from too
    assert torch.equal(run.model.backbone.state_dict()[place.format(0)], started[place.format(0)])
    assert not torch.equal(run.model.backbone.state_dict()[place.format(1)], started[place.format(1)])
    again = load_run(build(tiny.backbone), tmp_path / "top", tiny.backbone).backbone.state_dict()
    assert torch.equal(again[place.format(0)], started[place.format(0)])


def test_low_rank_training_changes_only_low_rank_matrices(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    run = trainer(tiny, windower, tmp_path, replace(QUICK, rank=2))
    learning = {name for name, value in run.model.named_parameters() if value.requires_grad and name.startswith("backbone.")}
    linear = [name for name, module in tiny.backbone.named_modules() if isinstance(module, nn.Linear) and "encoder." in name]
    assert len(learning) == 2 * len(linear) == 2 * 6 * 6
    assert all(name.endswith(("parametrizations.weight.0.a", "parametrizations.weight.0.b")) for name in learning)
    run.run(lambda model: None)
    batch = batch_of(SAMPLES[0], windower)
    with run.averaged():
        scores = run.model(batch).spans()
        changes = {
            name: run.model.backbone.get_submodule(f"{name}.parametrizations.weight").get_submodule("0") for name in linear
        }
        low = {name: 2 * (change.b @ change.a).detach().clone() for name, change in changes.items()}
        merge_low_rank(run.model)
        assert torch.allclose(run.model(batch).spans(), scores, atol=1e-3)
    own = run.model.backbone.state_dict()
    assert own.keys() == tiny.backbone.state_dict().keys()
    for name, value in tiny.backbone.state_dict().items():
        module = name.removesuffix(".weight")
        expected = value + low[module] if name.endswith(".weight") and module in low else value
        assert torch.allclose(own[name], expected, atol=1e-6), name
    assert all(int(torch.linalg.matrix_rank(change)) <= 2 for change in low.values())
    assert any(change.abs().max() > 1e-3 for change in low.values())


# From files to a reader


@pytest.fixture(scope="module")
def trained(tiny: SentenceEncoder, one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run on the samples above, a third of them held out."""
    folder = tmp_path_factory.mktemp("trained")
    write_samples(SAMPLES, folder / "villages.json")
    recipe = replace(QUICK, epochs=150.0, ema_decay=0.95, batch_tokens=4096, titled=0.3)
    sets = [(folder / "villages.json", 0.34)]
    train(tiny, sets, recipe, folder / "work", out=folder / "out", name="tiny-reader", device="cpu", scored=75)
    return folder


def test_the_right_spans_are_learnt(trained: Path, tiny: SentenceEncoder, windower: Windower) -> None:
    kept, _ = hold_out(SAMPLES, 0.34)
    facts = read_facts(trained / "out")
    assert facts is not None
    assert (facts.name, facts.base) == ("tiny-reader", tiny.name)
    before = score_samples(build(tiny.backbone), kept, windower)
    after = score_samples(load_adapter(trained / "out", facts, tiny.backbone), kept, windower)
    assert before["em"] < 30
    assert after["em"] > 80
    assert after["f1"] >= after["em"]
    assert before["n"] == after["n"] == len(kept)


def test_the_log_tells_the_loss_and_the_scores_of_held_out_questions(trained: Path) -> None:
    log = read_log(trained / "work")
    losses = [float(str(line["loss"])) for line in log if "loss" in line]
    assert losses[-1] < losses[0] / 2
    _, held = hold_out(SAMPLES, 0.34)
    assert 0 < len(held) < len(SAMPLES)
    scored = [line["scores"] for line in log if "scores" in line]
    assert len(scored) == 2
    for scores in scored:
        assert isinstance(scores, dict)
        assert scores["villages"]["n"] == len(held)
        assert set(scores["villages"]) == {"em", "f1", "n"}
    assert log[-1].keys() == {"step", "seconds"}


def test_what_was_held_out_is_written_beside_the_run(trained: Path) -> None:
    _, held = hold_out(read_samples(trained / "villages.json"), 0.34)
    assert read_samples(trained / "work" / HELD_OUT / "villages.json") == held


def test_a_finished_run_writes_its_adapter_anew(trained: Path, tiny: SentenceEncoder, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=150.0, ema_decay=0.95, batch_tokens=4096, titled=0.3)
    sets = [(trained / "villages.json", 0.34)]
    train(tiny, sets, recipe, trained / "work", out=tmp_path, name="tiny-reader", device="cpu")
    assert read_facts(tmp_path) == read_facts(trained / "out")


def test_held_out_passages_are_never_shown(
    tiny: SentenceEncoder, windower: Windower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, held = hold_out(SAMPLES, 0.34)
    secret = {fold(sample.context) for sample in held}
    # As hard negatives of other questions, and in another file that holds out nothing, they could come back.
    negatives = (*(HardNegative(sample.title, sample.context) for sample in held), HardNegative("", "无事。"))
    write_samples(
        [replace(sample, hard_negatives=negatives) for sample in kept] + held,
        tmp_path / "one.json",
    )
    write_samples([replace(sample, id="again", title="别处") for sample in held], tmp_path / "two.json")
    shown: list[str] = []

    class Shown(Trainer):
        """Shows what it would learn from."""

        def __init__(self, model: SpanModel, sampler: WindowSampler, *rest: Any) -> None:
            super().__init__(model, sampler, *rest)
            shown.extend(
                tiny.tokenizer.decode(labelled.window.ids.tolist())
                for epoch in range(4)
                for batch in sampler.batches(epoch)
                for labelled in batch
            )

        def run(self, score: object, **_: object) -> None:
            pass

    monkeypatch.setattr("qa.training.train_reader.Trainer", Shown)
    recipe = replace(QUICK, negatives=1.0, titled=0.0, longest=96, shortest=96)
    sets = [(tmp_path / "one.json", 0.34), (tmp_path / "two.json", 0.0)]
    train(tiny, sets, recipe, tmp_path / "work", out=tmp_path / "out", name="x", device="cpu")
    assert len(shown) == 4 * 2 * len(kept)
    assert any(fold(kept[0].context) in text for text in shown)
    assert not [text for text in shown if any(context in text for context in secret)]


def test_scores_are_those_of_the_best_span_in_the_whole_text(tiny: SentenceEncoder, windower: Windower) -> None:
    long = replace(SAMPLES[0], context="无事。" * 200, answers=("无事",), spans=((0, 2),))
    scores = score_samples(build(tiny.backbone), [long, SAMPLES[1]], windower, size=128)
    assert scores["n"] == 2
    assert 0 <= scores["em"] <= scores["f1"] <= 100


def test_a_run_starts_from_an_adapter(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    earlier = build(tiny.backbone)
    with torch.no_grad():
        earlier.get_parameter("backbone.encoder.layer.0.output.dense.bias").add_(0.25)
        earlier.get_parameter("verifier.outer.bias").fill_(0.5)
    save_adapter(tmp_path / "adapter", earlier, tiny.backbone, name="earlier", base_name="tiny", calibration={})
    run = trainer(tiny, windower, tmp_path / "run")
    run.start_from(tmp_path / "adapter")
    for name in ("backbone.encoder.layer.0.output.dense.bias", "verifier.outer.bias"):
        assert torch.allclose(run.model.get_parameter(name), earlier.get_parameter(name), atol=1e-3)


def test_an_adapter_of_another_encoder_is_refused(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    save_adapter(tmp_path / "adapter", build(tiny.backbone), tiny.backbone, name="a", base_name="other", calibration={})
    facts = tmp_path / "adapter" / "adapter.json"
    entry = json.loads(facts.read_text(encoding="utf-8"))
    facts.write_text(json.dumps(entry | {"fingerprint": "0" * 64}), encoding="utf-8")
    with pytest.raises(AdapterError, match="other"):
        trainer(tiny, windower, tmp_path / "run").start_from(tmp_path / "adapter")


def test_the_verifier_learns_beside_the_reader(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    recipe = replace(QUICK, verified=1.0)
    run = trainer(tiny, windower, tmp_path, recipe)
    before = run.model.verifier.outer.weight.clone()
    run.run(lambda model: {})
    assert not torch.equal(run.model.verifier.outer.weight, before)
