"""Checking that an archive is whole: a catalogue without contradictions, and a snapshot of its chunks."""

from __future__ import annotations

import numpy as np

from embeddings.errors import ArchiveError
from embeddings.messages import MESSAGES, Message
from embeddings.store.archive import Archive


def verify(archive: Archive) -> list[Message]:
    """Return what is wrong with an archive, an empty list where nothing is; writes nothing."""
    catalogue, manifest = archive._catalogue, archive.manifest
    try:
        words = catalogue.full_text_problems()
        with catalogue.consistent_view():
            problems = [*catalogue.problems(manifest.dimension), *words]
            saved = archive._backend.saved_index(manifest)
            if saved is None:
                problems.append(MESSAGES.message("verify_no_snapshot"))
            elif saved.generation == catalogue.generation() and not np.array_equal(np.sort(saved.keys), catalogue.keys()):
                problems.append(MESSAGES.message("verify_other_chunks"))
    except ArchiveError as error:  # too damaged for the check to go on
        return [error.message]
    return problems
