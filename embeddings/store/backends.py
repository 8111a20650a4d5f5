"""Which catalogue and which vector index an archive has: the one place that names the implementations.

FAISS is imported where it is used: the status of an archive should not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embeddings.settings import CATALOGUE_FILE, ArchiveSettings
from embeddings.store.protocols import Backend, Catalogue, VectorIndex
from embeddings.store.records import Manifest
from embeddings.store.sqlite_catalogue import SqliteCatalogue


@dataclass(frozen=True, slots=True)
class FolderBackend:
    """A SQLite catalogue and FAISS snapshots, side by side in one folder."""

    folder: Path

    def has_catalogue(self) -> bool:
        """Say whether a catalogue stands here, be it of another make; a file that holds no table does not count."""
        return SqliteCatalogue.is_made(self._file)

    def create_catalogue(self, manifest: Manifest) -> Catalogue:
        """Make an empty catalogue, and its folder."""
        return SqliteCatalogue.create(self._file, manifest)

    def open_catalogue(self) -> Catalogue:
        """Open the catalogue; raises ArchiveError where it is missing, not ours, or of another schema."""
        return SqliteCatalogue.open(self._file)

    def empty_index(self, dimension: int) -> VectorIndex:
        """Return an index that holds nothing."""
        from embeddings.store.faiss_index import FaissIndex

        return FaissIndex.empty(dimension)

    def saved_index(self, manifest: Manifest) -> VectorIndex | None:
        """Return the snapshot of the folder, or None where there is none that is whole and of this model."""
        from embeddings.store.faiss_index import FaissIndex

        return FaissIndex.load(self.folder, manifest.model, manifest.dimension)

    @property
    def _file(self) -> Path:
        return self.folder / CATALOGUE_FILE


def choose_backend(settings: ArchiveSettings) -> Backend:
    """Return where the archive of these settings is kept."""
    return FolderBackend(settings.archive)
