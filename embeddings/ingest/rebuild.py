"""Making everything derived anew from the stored articles, beside the live tables, swapped in at the end."""

from __future__ import annotations

from collections.abc import Callable

from embeddings.ingest.entries import make_entries
from embeddings.models.encoder import DEFAULT_MODEL
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import EncoderLoader, writer_lock
from embeddings.store.rebuilding import Rebuild
from embeddings.store.records import Manifest
from embeddings.text.aliases import NO_NAMES, read_names

_ARTICLES_TOGETHER = 64


def rebuild(
    settings: ArchiveSettings, load: EncoderLoader, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Cut, encode and index all stored articles again with the model and chunk settings asked for.

    What is not asked for stays as the archive has it. Searches go on with the old
    tables until the new ones take their place in one transaction; a run that is
    cut off changes nothing. Returns the number of chunks.
    """
    tables = Rebuild(settings)
    old = tables.manifest
    encoder = load(settings.model or old.model or DEFAULT_MODEL)
    asked = settings.model_fields_set
    manifest = Manifest(
        encoder.name,
        encoder.dimension,
        settings.chunk_size if "chunk_size" in asked else old.chunk_size,
        settings.chunk_overlap if "chunk_overlap" in asked else old.chunk_overlap,
        old.lineage,
    )
    names = read_names(settings.names) if settings.names else NO_NAMES
    with writer_lock(settings.archive):
        ids = tables.start()
        count = 0
        for first in range(0, len(ids), _ARTICLES_TOGETHER):
            done = ids[first : first + _ARTICLES_TOGETHER]
            stored = tables.articles(done)  # without those that are damaged, of which no more is made
            articles = [(one.article, manifest.split(one.article), one.issue_date) for one in stored]
            entries = make_entries(encoder, articles, names)
            tables.add(zip((one.article_id for one in stored), entries, strict=True))
            count += sum(len(entry.chunks) for entry in entries)
            progress(len(done), len(ids))
        tables.finish(manifest)
    return count
