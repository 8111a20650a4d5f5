"""The trained reader's file: what is saved is what is read, and no other encoder reads it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from embeddings.models.encoder import SentenceEncoder
from embeddings.models.lora import fingerprint
from qa.reading.adapter import (
    FACTS_FILE,
    FORMAT,
    GROUP,
    WEIGHTS_FILE,
    AdapterError,
    AdapterFacts,
    build,
    load_adapter,
    pack,
    read_facts,
    save_adapter,
    unpack,
)
from qa.reading.network import Batch, SpanModel
from qa.reading.windows import Windower
from tests.support.doubles import tiny_encoder

pytestmark = pytest.mark.usefixtures("one_thread", "english")

CALIBRATION = {"rank.log_odds": 0.8, "chance.value": 1.0, "chance.intercept": -1.5}


def retrained(tiny: SentenceEncoder) -> SpanModel:
    """A reader whose layers were changed a little, as training does."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(3)
        model = build(tiny.backbone)
        for name, value in model.named_parameters():
            if not name.startswith("backbone.embeddings."):
                value.add_(torch.randn_like(value) * 0.05)
    return model


@pytest.fixture
def folder(tiny: SentenceEncoder, tmp_path: Path) -> Path:
    save(tmp_path / "adapter", retrained(tiny), tiny)
    return tmp_path / "adapter"


def save(folder: Path, model: SpanModel, tiny: SentenceEncoder) -> None:
    save_adapter(folder, model, tiny.backbone, name="tiny-reader", base_name="tiny", calibration=CALIBRATION)


def facts_of(folder: Path) -> AdapterFacts:
    facts = read_facts(folder)
    assert facts is not None
    return facts


def scores(model: SpanModel, tiny: SentenceEncoder) -> list[Tensor]:
    windower = Windower(tiny.tokenizer)
    windows = [windower.window(windower.tokens("谁看报？"), windower.tokens(text)) for text in ("今天有人看报。", "砚溪市的报")]
    with torch.inference_mode():
        found = model(Batch.of(windows, windower.pad))
    return [found.start, found.end, found.pair, found.null, found.evidence]


def rewrite(folder: Path, **changes: Any) -> None:
    facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    (folder / FACTS_FILE).write_text(json.dumps({**facts, **changes}), encoding="utf-8")


# Saving and loading


def test_what_is_saved_is_read_back_nearly_the_same(tiny: SentenceEncoder, folder: Path) -> None:
    loaded = load_adapter(folder, facts_of(folder), tiny.backbone)
    with torch.random.fork_rng():
        torch.manual_seed(4)
        fresh = build(tiny.backbone)
    for one, other, untrained in zip(scores(loaded, tiny), scores(retrained(tiny), tiny), scores(fresh, tiny), strict=True):
        told = other > -1e3  # where no answer may begin or end, every reader says so
        assert (one - other)[told].norm() < 0.2 * (other - untrained)[told].norm()
    assert not loaded.training


def test_changes_are_kept_in_four_bits(tiny: SentenceEncoder, folder: Path) -> None:
    model, loaded = retrained(tiny), load_adapter(folder, facts_of(folder), tiny.backbone)
    layers = sum(value.numel() for name, value in model.named_parameters() if name.startswith("backbone.encoder."))
    assert (folder / WEIGHTS_FILE).stat().st_size < 1.5 * layers  # of 4 bytes each; most of it is the head and names
    base, kept = tiny.backbone.state_dict(), loaded.backbone.state_dict()
    for name, value in model.backbone.state_dict().items():
        if name.startswith("encoder.") and value.ndim == 2:
            change = (value - base[name]).reshape(-1, GROUP)
            error = (kept[name] - value).reshape(-1, GROUP)
            # No group is worse off than if its largest change set the scale.
            step = change.abs().amax(1) / 7
            assert (error.square().mean(1) <= (0.51 * step).square() + 1e-9).all(), name
            assert error.norm() < 0.12 * change.norm(), name


@pytest.mark.parametrize("width", [24, 312, 6], ids=["gcd 8", "a small BERT's", "gcd 2"])
def test_encoders_of_any_even_width_are_packed(width: int) -> None:
    def model() -> SpanModel:
        return SpanModel(nn.ModuleDict({"encoder": nn.Linear(width, 5)}), width)

    with torch.random.fork_rng():
        torch.manual_seed(5)
        trained, base, empty = model(), model(), model()
    empty.load_state_dict(base.state_dict())
    unpack(pack(trained, base.backbone), empty)
    wanted, kept, start = (one.state_dict()["backbone.encoder.weight"] for one in (trained, empty, base))
    assert (kept - wanted).norm() < 0.12 * (wanted - start).norm()


def test_layers_that_were_not_changed_stay_as_they_are(tiny: SentenceEncoder, tmp_path: Path) -> None:
    model = build(tiny.backbone)
    save(tmp_path, model, tiny)
    loaded = load_adapter(tmp_path, facts_of(tmp_path), tiny.backbone)
    for name, value in tiny.backbone.state_dict().items():
        assert torch.equal(loaded.backbone.state_dict()[name], value), name


def test_the_facts_are_those_given(tiny: SentenceEncoder, folder: Path) -> None:
    facts = facts_of(folder)
    assert (facts.name, facts.base, facts.calibration, facts.format) == ("tiny-reader", "tiny", CALIBRATION, FORMAT)
    assert facts.fingerprint == fingerprint(tiny.backbone)


def test_word_vectors_are_shared_and_layers_are_not(tiny: SentenceEncoder, folder: Path) -> None:
    before = {name: value.clone() for name, value in tiny.backbone.state_dict().items()}
    loaded = load_adapter(folder, facts_of(folder), tiny.backbone)
    own = dict(loaded.backbone.named_parameters())
    for name, value in tiny.backbone.named_parameters():
        shared = name == "embeddings.word_embeddings.weight"
        assert (own[name].data_ptr() == value.data_ptr()) == shared, name
        assert torch.equal(value, before[name]), name
    assert any(not torch.equal(own[name], before[name]) for name in own)


def test_an_encoder_in_half_precision_stays_so_and_the_reader_is_exact(tiny: SentenceEncoder) -> None:
    half = copy.deepcopy(tiny.backbone).bfloat16()
    model = build(half)
    assert {value.dtype for value in half.parameters()} == {torch.bfloat16}
    own = dict(model.backbone.named_parameters())
    words = own.pop("embeddings.word_embeddings.weight")
    assert words.data_ptr() == half.get_parameter("embeddings.word_embeddings.weight").data_ptr()
    assert {value.dtype for value in own.values()} == {torch.float32}
    assert all(torch.isfinite(found).all() for found in scores(model, tiny))
    ids = torch.tensor([[0, 5, 6, 2]])
    assert torch.isfinite(half(input_ids=ids).last_hidden_state).all()  # the encoder still works


# What is refused


def test_a_folder_without_facts_holds_no_adapter(folder: Path, tmp_path: Path) -> None:
    (folder / FACTS_FILE).unlink()
    assert read_facts(folder) is None
    assert read_facts(tmp_path / "none") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "x"}', '"words"'])
def test_facts_that_are_none_are_refused(text: str, folder: Path) -> None:
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(AdapterError, match=r"adapter\.json: not the facts of an adapter .*train it anew, or name another"):
        read_facts(folder)


def test_the_weights_of_the_first_format_get_the_names_they_have_now(folder: Path) -> None:
    former = {"rank.odds": 1.0, "rank.share": 2.0, "chance.closest": 3.0, "chance.intercept": 4.0, "stop.odds": 5.0}
    rewrite(folder, format=1, calibration=former)
    facts = read_facts(folder)
    assert facts is not None
    assert (facts.format, facts.calibration) == (
        FORMAT,
        {"rank.log_odds": 1.0, "rank.share": 2.0, "chance.max_cosine": 3.0, "chance.intercept": 4.0, "stop.log_odds": 5.0},
    )


def test_facts_of_another_version_are_refused(folder: Path) -> None:
    rewrite(folder, format=FORMAT + 1)
    with pytest.raises(AdapterError, match=rf"adapter\.json: format {FORMAT + 1}, .* reads {FORMAT}; train it anew, or update"):
        read_facts(folder)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("spoil", [Path.unlink, cut, flip], ids=["missing", "cut", "changed"])
def test_weights_that_are_not_those_of_the_facts_are_refused(
    spoil: Callable[[Path], object], tiny: SentenceEncoder, folder: Path
) -> None:
    facts = facts_of(folder)
    spoil(folder / WEIGHTS_FILE)
    with pytest.raises(AdapterError, match=r"adapter\.safetensors: missing, or not .* adapter\.json names; fetch or train"):
        load_adapter(folder, facts, tiny.backbone)


@pytest.mark.parametrize(("hidden", "layers"), [(16, 6), (32, 2)], ids=["narrower", "flatter"])
def test_an_encoder_of_another_shape_is_refused(hidden: int, layers: int, folder: Path) -> None:
    config = BertConfig(
        vocab_size=64, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=2, intermediate_size=64
    )
    with pytest.raises(AdapterError, match=r"adapter\.safetensors: .*has no such weights; it was trained on tiny"):
        load_adapter(folder, facts_of(folder), BertModel(config))


# Which encoder


def test_one_encoder_has_one_fingerprint_and_another_has_another(tiny: SentenceEncoder, tmp_path: Path) -> None:
    again = tiny_encoder(tmp_path / "again")
    assert fingerprint(again.backbone) == fingerprint(tiny.backbone)
    changed = copy.deepcopy(tiny.backbone)
    with torch.no_grad():
        changed.get_parameter("encoder.layer.5.output.LayerNorm.weight")[3] += 0.01
    assert fingerprint(changed) != fingerprint(tiny.backbone)


def test_a_reader_on_an_encoder_leaves_its_fingerprint(tiny: SentenceEncoder, folder: Path) -> None:
    before = fingerprint(tiny.backbone)
    load_adapter(folder, facts_of(folder), tiny.backbone)
    assert fingerprint(tiny.backbone) == before


# Cut off while saving


def test_a_folder_cut_off_while_saving_holds_no_adapter(
    tiny: SentenceEncoder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        path.open("wb").close()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            save(folder, retrained(tiny), tiny)
    assert read_facts(folder) is None
    save(folder, retrained(tiny), tiny)
    load_adapter(folder, facts_of(folder), tiny.backbone)
