"""Checking that an archive is whole: a catalogue without contradictions, and a snapshot of its chunks."""

from __future__ import annotations

import numpy as np

from embeddings.errors import ArchiveError
from embeddings.store.archive import Archive

_MEND_INDEX = "mend with: python -m embeddings rebuild --index-only"


def verify(archive: Archive) -> list[str]:
    """Return what is wrong with an archive, an empty list where nothing is; writes nothing."""
    catalogue, manifest = archive._catalogue, archive.manifest
    try:
        with catalogue.consistent_view():
            problems = catalogue.problems(manifest.dimension)
            saved = archive._backend.saved_index(manifest)
            if saved is None:
                problems.append(f"vectors: no usable snapshot; {_MEND_INDEX}")
            elif saved.generation == catalogue.generation() and not np.array_equal(np.sort(saved.keys), catalogue.keys()):
                problems.append(f"vectors: the snapshot holds other chunks than the catalogue; {_MEND_INDEX}")
    except ArchiveError as error:  # too damaged for the check to go on
        return [f"catalogue: {error}"]
    return problems
