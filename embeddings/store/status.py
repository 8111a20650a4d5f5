"""What an archive holds, told without opening its index or loading its encoder."""

from __future__ import annotations

from dataclasses import dataclass

from embeddings.records import Extent, Filters
from embeddings.settings import ArchiveSettings
from embeddings.store.backends import choose_backend
from embeddings.store.records import MastheadFacts


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What an archive holds and was made with."""

    papers: list[str]
    extent: Extent
    facts: dict[str, str]
    """Model, dimension, chunk settings, schema and generation, as the catalogue keeps them."""
    issue_ids: list[str]
    files: int
    """Files that its articles came from."""
    masthead_facts: list[MastheadFacts]
    """What the mastheads say, for an audit."""
    size: int
    """Bytes of the files in the archive's folder."""


def require_archive(settings: ArchiveSettings) -> None:
    """Raise ArchiveError where the settings name no archive that this version can read."""
    choose_backend(settings).open_catalogue().close()


def archive_status(settings: ArchiveSettings) -> ArchiveStatus:
    """Return the status of an archive, whatever model it was made with; raises ArchiveError where there is none."""
    catalogue = choose_backend(settings).open_catalogue()
    return ArchiveStatus(
        catalogue.papers(),
        catalogue.extent(Filters()),
        catalogue.facts(),
        catalogue.issue_ids(),
        len(catalogue.stored_files()),
        catalogue.masthead_facts(),
        sum(file.stat().st_size for file in settings.archive.iterdir() if file.is_file()),
    )
