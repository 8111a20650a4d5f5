"""Training: the right windows with the right labels, a run that can be taken up again, and a reader that has learnt."""

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
from embeddings.text.segmentation import fold
from qa.reading.adapter import build, load_adapter, read_facts
from qa.reading.network import Batch, SpanModel, taught_loss
from qa.reading.windows import Windower
from qa.training.curriculum import Curriculum, Item, proof, simplify
from qa.training.recipe import Recipe
from qa.training.squad import DatasetError, Sample, Wrong, hold_out, read_samples, write_samples
from qa.training.train_reader import CHECKPOINT, HELD, LOG, Trainer, load_run, merge_low_rank, open_layers, score_samples, train

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]

VILLAGES = ("东河村", "西岭村", "南浦村", "北山村", "松烟镇", "墨池镇", "竹简镇", "纸坊镇", "笔架村", "印泥村")
SPEAKERS = ("沈砚", "顾墨", "柳宣", "石青", "白简", "方笺", "古印", "秦毫", "陆楮", "温砚")


def told(number: int, *, asking: str = "trees") -> Sample:
    """A piece of invented news, with a question for how much or for whom."""
    village, speaker = VILLAGES[number], SPEAKERS[number]
    trees = f"{number + 2}8{number}0棵"
    context = f"{village}昨日的会上，{speaker}人在台前说话。今年{village}种树{trees}。明年再种。"
    question, answer = (f"{village}种树多少？", trees) if asking == "trees" else (f"{village}的会上谁说话？", speaker)
    start = context.index(answer)
    return Sample(f"{number}-{asking}", question, context, village, (answer,), ((start, start + len(answer)),))


SAMPLES = [told(number, asking="trees" if number % 2 else "speaker") for number in range(8)]
TRADITIONAL = Sample(
    "t", "硯溪報誰辦？", "硯溪報由顧墨創辦，現有讀者三千人。", "硯溪報", ("顧墨",), ((4, 6),), evidences=("硯溪報由顧墨創辦",)
)
QUICK = Recipe(
    epochs=1.0, rate=3e-3, head_rate=1e-2, shortest=20, longest=64, wrong=0.3, warm_up=0.1, average=0.9, batch_tokens=400
)


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


def printed(item: Item, tiny: SentenceEncoder) -> str:
    """Return all that an item shows to the model, its marks half-width as the tokenizer folds them."""
    return str(tiny.tokenizer.decode(item.window.ids.tolist()))


def items(curriculum: Curriculum, epochs: int = 6) -> list[Item]:
    return [item for epoch in range(epochs) for batch in curriculum.batches(epoch) for item in batch]


def trainer(
    tiny: SentenceEncoder, windower: Windower, folder: Path, recipe: Recipe = QUICK, teachers: Sequence[SpanModel] = ()
) -> Trainer:
    torch.manual_seed(7)
    return Trainer(build(tiny.backbone), Curriculum(SAMPLES, windower, recipe), recipe, folder, windower.pad, teachers)


def batch_of(sample: Sample, windower: Windower) -> Batch:
    return Batch.of([windower.window(windower.tokens(sample.question), windower.tokens(sample.context))], windower.pad)


# What is shown


@pytest.mark.parametrize("sample", [*SAMPLES, told(1, asking="speaker"), TRADITIONAL], ids=lambda sample: str(sample.id))
def test_labels_are_the_answers_own_characters(sample: Sample, windower: Windower) -> None:
    # Rooms shorter than the text cut it anywhere around the answer; the folded words stand where the printed ones do.
    recipe = replace(QUICK, shortest=5, longest=30, folded=0.5)
    shown = [item for item in items(Curriculum([sample], windower, recipe), 20) if item.first >= 0]
    assert len(shown) == 20
    assert len({item.window.first for item in shown}) > 2
    for item in shown:
        start = item.window.first + item.first
        assert (start, item.window.first + item.last + 1) == sample.spans[0]
        assert item.window.starts[item.first] >= 0
        assert item.window.ends[item.last] >= 0


def test_windows_are_as_long_as_drawn(windower: Windower) -> None:
    long = replace(SAMPLES[1], context=SAMPLES[1].context + "此外无事。" * 100)
    recipe = replace(QUICK, shortest=40, longest=80, titled=0.0, wrong=0.0)
    lengths = {len(item.window.ids) for item in items(Curriculum([long], windower, recipe), 60)}
    around = 4 + len(windower.tokens(long.question))
    assert around + 40 <= min(lengths) < max(lengths) <= around + 80


def test_what_proves_an_answer_is_marked_in_the_window(windower: Windower) -> None:
    sample = SAMPLES[1]
    for item in items(Curriculum([sample], windower, replace(QUICK, longest=40))):
        if item.first >= 0:
            assert item.evidence is not None
            ((low, high),) = item.evidence
            assert sample.context[item.window.first + low : item.window.first + high] == "今年西岭村种树3810棵。"


def test_the_sets_own_proof_is_taken_where_it_holds_the_answer() -> None:
    sample = replace(SAMPLES[1], evidences=("西岭村种树3810棵", "明年再种。", "别处的话。"))
    assert [sample.context[slice(*span)] for span in proof(sample)] == ["西岭村种树3810棵"]
    assert [sample.context[slice(*span)] for span in proof(replace(sample, evidences=("别处的话。",)))] == [
        "今年西岭村种树3810棵。"
    ]


def test_wrong_passages_never_hold_an_answer(tiny: SentenceEncoder, windower: Windower) -> None:
    # The same number in another village's news, written wide: as an answer to the question it would be right.
    other = replace(SAMPLES[2], context=SAMPLES[2].context.replace("明年", "去年西岭村种树３８１０棵，明年"))
    curriculum = Curriculum([SAMPLES[1], other, *SAMPLES[3:]], windower, replace(QUICK, wrong=1.0, titled=0.0))
    seen = 0
    for item in items(curriculum, 4):
        text = printed(item, tiny)
        if item.first < 0:
            assert (item.first, item.last, item.evidence) == (-1, -1, ())
            (asked,) = (sample for sample in SAMPLES if text.startswith(fold(sample.question)))
            assert fold(asked.answers[0]) not in fold(text)
            seen += 1
    assert seen == 4 * 7


def test_wrong_passages_that_a_set_brings_are_used(tiny: SentenceEncoder, windower: Windower) -> None:
    sample = replace(SAMPLES[0], wrong=(Wrong("印章", "印泥村无事。"),))
    shown = [item for item in items(Curriculum([sample, *SAMPLES[1:3]], windower, replace(QUICK, wrong=1.0))) if item.first < 0]
    texts = [printed(item, tiny) for item in shown]
    own = [text for text in texts if fold(sample.question) in text]
    assert len(own) == 6
    assert all("印泥村无事" in text for text in own)
    assert any("印章" in text for text in own)
    assert any("印章" not in text for text in own)


@pytest.mark.parametrize(("share", "most"), [(0.0, 0), (1.0, 8)])
def test_as_many_windows_lack_the_answer_as_asked(share: float, most: int, windower: Windower) -> None:
    batches = Curriculum(SAMPLES, windower, replace(QUICK, wrong=share)).batches(0)
    assert sum(item.first < 0 for batch in batches for item in batch) == most
    assert sum(item.first >= 0 for batch in batches for item in batch) == 8


def test_traditional_samples_are_shown_simplified_too(tiny: SentenceEncoder, windower: Windower) -> None:
    for share, shown in ((0.0, {"顧"}), (1.0, {"顾"}), (0.5, {"顧", "顾"})):
        recipe = replace(QUICK, folded=share, wrong=0.0, shortest=60)
        texts = [printed(item, tiny) for item in items(Curriculum([TRADITIONAL], windower, recipe), 20)]
        assert {char for text in texts for char in text if char in "顧顾"} == shown


def test_simplifying_keeps_every_place_or_is_left() -> None:
    small = simplify(TRADITIONAL)
    assert small is not None
    assert (small.context, small.question, small.title) == ("砚溪报由顾墨创办，现有读者三千人。", "砚溪报谁办？", "砚溪报")
    assert small.spans == TRADITIONAL.spans
    assert simplify(SAMPLES[0]) is None


def test_samples_without_a_place_are_left_out(windower: Windower) -> None:
    unplaced = Sample("u", "谁？", "无人。", "", ("李砚",), ())
    assert len(items(Curriculum([unplaced, *SAMPLES], windower, replace(QUICK, wrong=0.0)), 1)) == len(SAMPLES)


def test_a_question_that_its_passage_does_not_answer_teaches_that(tiny: SentenceEncoder, windower: Windower) -> None:
    asked = replace(SAMPLES[0], question="谁种树？", answers=(), spans=())
    shown = items(Curriculum([asked], windower, replace(QUICK, wrong=0.0)), 3)
    assert [(item.first, item.last) for item in shown] == 3 * [(-1, -1)]
    assert all("谁种树" in printed(item, tiny) and SAMPLES[0].context[:5] in printed(item, tiny) for item in shown)


# Batches


def ids(batches: Sequence[Sequence[Item]]) -> list[list[list[int]]]:
    return [[item.window.ids.tolist() for item in batch] for batch in batches]


def test_the_same_seed_gives_the_same_batches(windower: Windower) -> None:
    one, same = (Curriculum(SAMPLES, windower, QUICK) for _ in range(2))
    other = Curriculum(SAMPLES, windower, replace(QUICK, seed=2))
    same.batches(5)  # epochs do not depend on those drawn before
    assert ids(one.batches(1)) == ids(same.batches(1))
    assert ids(one.batches(1)) != ids(one.batches(2))
    assert ids(one.batches(1)) != ids(other.batches(1))


def test_batches_hold_about_as_many_tokens_as_said(windower: Windower) -> None:
    batches = Curriculum(SAMPLES, windower, replace(QUICK, batch_tokens=150)).batches(0)
    assert len(batches) > 2
    for batch in batches:
        assert batch
        assert max(len(item.window.ids) for item in batch) * len(batch) <= 150 or len(batch) == 1
    assert sum(item.first >= 0 for batch in batches for item in batch) == len(SAMPLES)


# Runs


class CutError(Exception):
    """A run is cut off."""


def test_a_run_cut_off_goes_on_from_its_last_checkpoint(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=4.0, batch_tokens=200)

    def weights(run: Trainer) -> dict[str, Tensor]:
        with run.averaged():
            return {name: value.clone() for name, value in run.model.state_dict().items()}

    whole = trainer(tiny, windower, tmp_path / "whole", recipe)
    whole.run(lambda model: None)

    def cut(model: SpanModel) -> None:
        raise CutError

    folder = tmp_path / "cut"
    with pytest.raises(CutError):
        trainer(tiny, windower, folder, recipe).run(cut, every=0.0, scored=5)
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
    with pytest.raises(DatasetError, match=r"absent: no checkpoint\.pt"):
        trainer(tiny, windower, tmp_path).start_from(tmp_path / "absent")


def test_who_is_taught_comes_nearer_to_the_teacher(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=30.0)
    trainer(tiny, windower, tmp_path / "teacher", replace(recipe, epochs=60.0, seed=3)).run(lambda model: None)
    teacher = load_run(build(tiny.backbone), tmp_path / "teacher")
    batch = batch_of(SAMPLES[0], windower)
    goal = teacher(batch)
    distances = []
    for taught in (0.0, 1.0):
        student = trainer(tiny, windower, tmp_path / str(taught), replace(recipe, taught=taught), [teacher])
        student.run(lambda model: None)
        with student.averaged():
            distances.append(float(taught_loss(student.model(batch), [goal]).detach()))
    least = float(taught_loss(goal, [goal]))
    assert least < distances[1] < distances[0]


def test_a_run_with_low_rank_matrices_does_not_teach(tiny: SentenceEncoder, windower: Windower, tmp_path: Path) -> None:
    trainer(tiny, windower, tmp_path, replace(QUICK, rank=2)).run(lambda model: None)
    with pytest.raises(DatasetError, match="only runs with --rank 0 teach"):
        load_run(build(tiny.backbone), tmp_path)


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
    run = trainer(tiny, windower, tmp_path / "top", replace(QUICK, lowest=1))
    run.start_from(tmp_path / "whole")
    started = {name: value.clone() for name, value in run.model.backbone.state_dict().items()}
    run.run(lambda model: None)
    place = "encoder.layer.{}.output.dense.weight"
    assert not torch.equal(started[place.format(0)], before[place.format(0)])  # layers that stay are started from too
    assert torch.equal(run.model.backbone.state_dict()[place.format(0)], started[place.format(0)])
    assert not torch.equal(run.model.backbone.state_dict()[place.format(1)], started[place.format(1)])
    again = load_run(build(tiny.backbone), tmp_path / "top").backbone.state_dict()
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


def test_low_rank_changes_begin_at_nothing(tiny: SentenceEncoder, windower: Windower) -> None:
    model = build(tiny.backbone)
    before = score_samples(model, SAMPLES, windower)
    open_layers(model.backbone, 4)
    assert score_samples(model, SAMPLES, windower) == before
    merge_low_rank(model)
    for name, value in tiny.backbone.state_dict().items():
        assert torch.equal(model.backbone.state_dict()[name], value)


# From files to a reader


@pytest.fixture(scope="module")
def trained(tiny: SentenceEncoder, one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run on the samples above, a third of them held out."""
    folder = tmp_path_factory.mktemp("trained")
    write_samples(SAMPLES, folder / "villages.json")
    recipe = replace(QUICK, epochs=150.0, average=0.95, batch_tokens=4096, titled=0.3)
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
    assert read_samples(trained / "work" / HELD / "villages.json") == held


def test_a_finished_run_writes_its_adapter_anew(trained: Path, tiny: SentenceEncoder, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=150.0, average=0.95, batch_tokens=4096, titled=0.3)
    sets = [(trained / "villages.json", 0.34)]
    train(tiny, sets, recipe, trained / "work", out=tmp_path, name="tiny-reader", device="cpu")
    assert read_facts(tmp_path) == read_facts(trained / "out")


def test_held_out_passages_are_never_shown(
    tiny: SentenceEncoder, windower: Windower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, held = hold_out(SAMPLES, 0.34)
    secret = {fold(sample.context) for sample in held}
    # As wrong passages of other questions, and in another file that holds out nothing, they could come back.
    wrong = tuple(Wrong(sample.title, sample.context) for sample in held)
    write_samples([replace(sample, wrong=(*wrong, Wrong("", "无事。"))) for sample in kept] + held, tmp_path / "one.json")
    write_samples([replace(sample, id="again", title="别处") for sample in held], tmp_path / "two.json")
    shown: list[str] = []

    class Shown(Trainer):
        """Shows what it would learn from."""

        def __init__(self, model: SpanModel, curriculum: Curriculum, *rest: Any) -> None:
            super().__init__(model, curriculum, *rest)
            shown.extend(printed(item, tiny) for item in items(curriculum, 4))

        def run(self, score: object, **_: object) -> None:
            pass

    monkeypatch.setattr("qa.training.train_reader.Trainer", Shown)
    recipe = replace(QUICK, wrong=1.0, titled=0.0, longest=96, shortest=96)
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
