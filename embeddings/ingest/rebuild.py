"""Making everything derived anew from the stored articles, beside the live tables, swapped in at the end."""

from __future__ import annotations

from collections.abc import Callable

from embeddings.ingest.sync import make_entries
from embeddings.models.encoder import DEFAULT_MODEL
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import EncoderLoader, Manifest, writer_lock
from embeddings.store.catalogue import CATALOG_FILE, Catalog
from embeddings.store.schema import finish_rebuild, insert_chunks, start_rebuild
from embeddings.store.vector_index import VectorIndex
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
    catalog = Catalog.open(settings.archive / CATALOG_FILE)
    old = Manifest.of(catalog)
    encoder = load(settings.model or old.model or DEFAULT_MODEL)
    asked = settings.model_fields_set
    manifest = Manifest(
        encoder.name,
        encoder.dimension,
        settings.chunk_size if "chunk_size" in asked else old.chunk_size,
        settings.chunk_overlap if "chunk_overlap" in asked else old.chunk_overlap,
    )
    names = read_names(settings.names) if settings.names else NO_NAMES
    with writer_lock(settings.archive):
        with catalog.write() as db:
            start_rebuild(db)
        ids = catalog.article_ids()
        count = 0
        for first in range(0, len(ids), _ARTICLES_TOGETHER):
            done = ids[first : first + _ARTICLES_TOGETHER]
            articles = [(catalog.article(article_id), catalog.issue_date(article_id)) for article_id in done]
            cut = [(article, manifest.split(article), printed) for article, printed in articles]
            entries = make_entries(encoder, cut, names)
            with catalog.write() as db:
                for article_id, entry in zip(done, entries, strict=True):
                    insert_chunks(db, article_id, entry, suffix="_next")
                    count += len(entry.chunks)
            progress(len(done), len(ids))
        with catalog.write() as db:
            finish_rebuild(db, manifest.facts())
        VectorIndex.empty(manifest.dimension).follow(catalog, manifest.dimension).save(settings.archive, manifest.model)
    return count
