"""FAISS over the catalogue's vectors: a cache that is checked, extended or made anew, never the truth."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from embeddings.errors import ArchiveError, described
from embeddings.store.protocols import Catalogue
from embeddings.store.records import Keys, Matrix

_STAMP = "vectors.json"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a snapshot on disk was made of."""

    file: str
    generation: int
    model: str
    dimension: int
    count: int
    sha256: str


class FaissIndex:
    """Exact inner-product search over the chunks of one generation; never changed once made."""

    def __init__(self, index: Any, generation: int) -> None:
        self._index, self.generation = index, generation
        self.keys: Keys = faiss.vector_to_array(index.id_map).astype(np.int64)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def empty(cls, dimension: int) -> FaissIndex:
        """Return an index that holds nothing."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)), generation=-1)

    @classmethod
    def load(cls, folder: Path, model: str, dimension: int) -> FaissIndex | None:
        """Return the snapshot of a folder, or None where there is none that is whole and of this model."""
        try:
            stamp = Stamp(**json.loads((folder / _STAMP).read_text(encoding="utf-8")))
            file = folder / stamp.file
            if (stamp.model, stamp.dimension) != (model, dimension) or _sha256(file) != stamp.sha256:
                return None
            index = faiss.read_index(str(file))
        except (OSError, ValueError, TypeError, RuntimeError):
            # Missing, cut short, or written by something else: the catalogue has it all.
            return None
        return cls(index, stamp.generation) if (index.ntotal, index.d) == (stamp.count, dimension) else None

    def search(self, query: Matrix, limit: int, among: Keys | None = None) -> list[tuple[int, float]]:
        """Return (chunk key, cosine) of the nearest chunks, nearest first, among these keys if given."""
        if not len(self) or (among is not None and not len(among)):
            return []
        params = None
        if among is not None:
            params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        scores, keys = self._index.search(query.reshape(1, -1), min(limit, len(self)), params=params)
        return [(int(key), float(score)) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0]

    def nearest(self, queries: Matrix) -> list[float]:
        """Return the cosine of each question with the chunk nearest to it; -1 where there is none."""
        if not len(self):
            return [-1.0] * len(queries)
        scores, _ = self._index.search(queries, 1)
        return [float(score) for score in scores[:, 0]]

    def cosines(self, query: Matrix, keys: Sequence[int]) -> dict[int, float]:
        """Return the cosine of a question with each of these chunks; a key unknown here is left out."""
        known = [key for key in keys if key in self._known]
        if not known:
            return {}
        vectors = self._index.reconstruct_batch(np.array(known, dtype=np.int64))
        return dict(zip(known, (vectors @ query.reshape(-1)).tolist(), strict=True))

    @cached_property
    def _known(self) -> frozenset[int]:
        return frozenset(self.keys.tolist())

    def follow(self, catalogue: Catalogue) -> FaissIndex:
        """Return an index of the catalogue's present generation, made from this one by what changed."""
        with catalogue.consistent_view():
            generation, live = catalogue.generation(), catalogue.keys()
            gone, new = np.setdiff1d(self.keys, live), np.setdiff1d(live, self.keys)
            if not len(gone) and not len(new):
                return FaissIndex(self._index, generation)
            index = FaissIndex.empty(self._index.d)._index if len(gone) == len(self) else faiss.clone_index(self._index)
            if len(gone) and len(gone) < len(self):
                index.remove_ids(gone)  # type: ignore[arg-type]
            for keys, vectors in catalogue.vectors(new.tolist(), self._index.d):
                index.add_with_ids(np.ascontiguousarray(vectors), keys)
        return FaissIndex(index, generation)

    def save(self, folder: Path, model: str) -> None:
        """Write a snapshot: the file first, then the stamp that makes it count; raises ArchiveError where it cannot be."""
        file = folder / f"vectors-{self.generation}.faiss"
        partial, partial_stamp = file.with_suffix(".partial"), folder / f"{_STAMP}.partial"
        try:
            faiss.write_index(self._index, str(partial))
            stamp = Stamp(file.name, self.generation, model, self._index.d, len(self), _sha256(partial))
            os.replace(partial, file)
            partial_stamp.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
            os.replace(partial_stamp, folder / _STAMP)
        except (OSError, RuntimeError) as error:  # FAISS raises the latter
            raise ArchiveError("snapshot_not_written", folder, detail=described(error)) from error
        finally:
            for path in (partial, partial_stamp):
                path.unlink(missing_ok=True)
        for old in folder.glob("vectors-*"):
            if old.name != file.name:
                old.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
