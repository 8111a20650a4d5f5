"""The encoder turns texts into unit vectors, near where their meaning is, the same on every call."""

import ast
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import torch
from numpy.typing import NDArray

from embeddings.errors import ModelError
from embeddings.models.encoder import (
    DEFAULT_MODEL,
    SentenceEncoder,
    choose_dtype,
    default_model_dir,
    load_encoder,
    passage_text,
)
from embeddings.records import Article
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("english")

LIBRARIES = {"torch", "sentence_transformers", "transformers", "tokenizers", "faiss", "waitress"}

PASSAGES = ["卧虹水库今日上午开闸放水。", "首届环湖跑报名人数突破六千。", "灯笼巷的二十三盏路灯全亮了。"]


def test_the_default_model_is_named_and_384_wide(encoder: SentenceEncoder) -> None:
    assert (encoder.name, encoder.dimension) == (DEFAULT_MODEL, 384)


@pytest.mark.parametrize("kind", ["passages", "queries"])
def test_vectors_are_unit_float32_one_for_each_text(encoder: SentenceEncoder, kind: str) -> None:
    encode: Callable[[list[str]], NDArray[np.float32]] = getattr(encoder, f"encode_{kind}")
    vectors = encode([*PASSAGES, "", "长" * 3000])
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert encode([]).shape == (0, 384)


def test_questions_and_passages_are_encoded_each_in_their_way(encoder: SentenceEncoder) -> None:
    cosine = float(encoder.encode_queries(PASSAGES[:1])[0] @ encoder.encode_passages(PASSAGES[:1])[0])
    assert 0.5 < cosine < 0.999


def test_a_question_is_nearest_to_the_passage_that_answers_it(encoder: SentenceEncoder) -> None:
    questions = ["水库什么时候放水?", "有多少人报名跑步?", "巷子里的灯修好了吗?"]
    nearest = (encoder.encode_queries(questions) @ encoder.encode_passages(PASSAGES).T).argmax(axis=1)
    assert nearest.tolist() == [0, 1, 2]


def test_traditional_characters_are_encoded_as_simplified_ones(encoder: SentenceEncoder) -> None:
    for encode in (encoder.encode_queries, encoder.encode_passages):
        assert (encode(["臥虹水庫何時開閘？"]) == encode(["卧虹水库何时开闸？"])).all()


def test_a_text_has_one_vector_whatever_stands_beside_it(encoder: SentenceEncoder) -> None:
    alone = encoder.encode_passages(PASSAGES[:1])[0]
    among = encoder.encode_passages(["长长的一段文字。" * 40, *PASSAGES])[1]
    # Padding changes the order of sums; bfloat16, where the processor has it, rounds them coarsely.
    assert float(alone @ among) > 0.999


def test_threads_get_the_vectors_of_their_own_texts(encoder: SentenceEncoder) -> None:
    expected = [encoder.encode_queries([text])[0] for text in PASSAGES]
    found: dict[int, NDArray[np.float32]] = {}

    def encode(row: int) -> None:
        found[row] = encoder.encode_queries([PASSAGES[row]])[0]

    threads = [threading.Thread(target=encode, args=(row,)) for row in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [float(found[row] @ expected[row]) > 0.9999 for row in range(3)] == [True] * 3


@pytest.mark.parametrize("name", ["no-such-model/anywhere", "./empty"], ids=["hub name", "empty folder"])
def test_a_model_that_cannot_be_loaded_is_named_with_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded") as refused:
        load_encoder(name)
    asked = name if "/" in name and not name.startswith(".") else str((tmp_path / "empty").resolve())
    assert str(refused.value).startswith(f"{asked}: cannot be loaded (")
    assert str(refused.value).endswith(f"python -m embeddings setup --model {asked}")


def test_a_folder_is_loaded_by_its_path_and_gives_the_same_vectors(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(default_model_dir().parent)
    other = load_encoder(default_model_dir().name)
    assert (other.name, other.dimension) == (str(default_model_dir().resolve()), 384)
    assert np.allclose(other.encode_passages(PASSAGES), encoder.encode_passages(PASSAGES), atol=1e-3)


def test_the_default_model_lies_in_the_users_cache() -> None:
    assert default_model_dir() == platformdirs.user_cache_path("wenbao") / "multilingual-e5-small"


def test_a_passage_is_encoded_under_its_headline() -> None:
    article = Article(title="放水", body="卧虹水库放水。渠尾先浇。")
    assert passage_text(article, 7, 12) == "放水\n渠尾先浇。"


@pytest.mark.parametrize(("able", "kind"), [(True, torch.bfloat16), (False, torch.float32), (None, torch.float32)])
def test_bfloat16_is_for_processors_that_compute_in_it(
    monkeypatch: pytest.MonkeyPatch, able: bool | None, kind: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {} if able is None else {"amx_bf16": able})
    assert choose_dtype() == kind


def private_names(source: str) -> list[str]:
    """Return what a module's source takes of a library by a private name, as torch.cpu._init_amx."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute() | ast.Import():
                names = [ast.unparse(node)] if isinstance(node, ast.Attribute) else [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(module)):
                names = [f"{module}.{alias.name}" for alias in node.names]
            case _:
                continue
        found += [
            name for name in names if name.split(".")[0] in LIBRARIES and any(_is_private(part) for part in name.split("."))
        ]
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def test_libraries_are_asked_by_their_public_names() -> None:
    assert private_names("import torch\nfrom torch._C import _cpu\ntorch.cpu._init_amx(torch.__version__)") == [
        "torch._C._cpu",
        "torch.cpu._init_amx",
    ]
    modules = [path for folder in ("embeddings", "qa", "benchmarks", "tests") for path in (ROOT / folder).rglob("*.py")]
    assert {
        path.name: names for path in [*modules, ROOT / "serve.py"] if (names := private_names(path.read_text("utf-8")))
    } == {}
