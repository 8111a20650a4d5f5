"""The door for making everything derived anew: beside what searches see, and in its place only at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from embeddings.settings import ArchiveSettings
from embeddings.store.backends import choose_backend
from embeddings.store.records import Entry, Manifest, PrintedArticle


class Rebuild:
    """A rebuild of an archive: `start`, `add` for every article, `finish`.

    Whoever runs one holds the writer lock. Searches go on with the old chunks until
    `finish` has put the new ones in their place at once; a rebuild that is cut off
    before changes nothing, and the next one starts afresh.
    """

    def __init__(self, settings: ArchiveSettings) -> None:
        """Open the archive of the settings, whatever model it was made with; raises ArchiveError where there is none."""
        self._folder, self._backend = settings.archive, choose_backend(settings)
        self._catalogue = self._backend.open_catalogue()
        self.manifest = self._catalogue.manifest()

    def start(self) -> list[str]:
        """Begin, and return the ids of the articles that are to be added, in order."""
        self._catalogue.start_rebuild()
        return self._catalogue.article_ids()

    def articles(self, article_ids: Sequence[str]) -> list[PrintedArticle]:
        """Return stored articles, in this order."""
        return self._catalogue.printed_articles(article_ids)

    def add(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Lay by what was made of some articles, given as (article id, entry)."""
        self._catalogue.add_rebuilt(entries)

    def finish(self, manifest: Manifest) -> None:
        """Put what was laid by in place of the old, note what it was made with, and save an index of it."""
        self._catalogue.finish_rebuild(manifest)
        self._backend.empty_index(manifest.dimension).follow(self._catalogue).save(self._folder, manifest.model)
