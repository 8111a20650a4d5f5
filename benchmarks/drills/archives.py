"""The archives that drills are held on: made of examples/issues with an encoder that costs nothing."""

from __future__ import annotations

from pathlib import Path

from embeddings.ingest.correcting import Wish, correct
from embeddings.ingest.sync import sync
from embeddings.records import CorrectedField
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "issues"
Texts = dict[str, str]


def settings(folder: Path) -> ArchiveSettings:
    """Return the settings of an archive, whatever the environment says."""
    return ArchiveSettings(archive=folder, model="", chunk_size=260, chunk_overlap=1, names=None)


def opened(folder: Path) -> Archive:
    """Open an archive, or make one."""
    return Archive.open(settings(folder), lambda name: ToyEncoder(), create=True)


def make(folder: Path, issues: Path = EXAMPLES) -> Archive:
    """Make an archive of a folder of issues, with something in every table: a corrected headline among it."""
    archive = opened(folder)
    sync(archive, [issues])
    first = next(archive.printed_articles())
    correct(archive, first.article_id, Wish({CorrectedField.TITLE: first.article.title + "（订正）"}))
    return archive


def texts(archive: Archive) -> Texts:
    """Return what an archive tells, headline and text of each article by its id."""
    return {one.article_id: f"{one.article.title}\n{one.article.body}" for one in archive.printed_articles()}


def problems(folder: Path) -> list[str]:
    """Return what verify names, but for a snapshot of the index that is lost."""
    archive = opened(folder)
    try:
        return [str(one) for one in verify(archive) if one.key != "verify_no_snapshot"]
    finally:
        archive.close()
