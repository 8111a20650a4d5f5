"""The book of alerts of one archive: a file beside it, written whole or not at all, by one process at a time.

It also keeps what the archive held when the alerts were last asked, as a digest of
each article's issue and text: what is cited later and was not among it is new. All
alerts are always asked together, so one such list serves them all.
"""

from __future__ import annotations

import json
import os
import secrets
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import filelock

from embeddings.errors import ArchiveError
from embeddings.ingest.afterwards import ALERTS
from embeddings.records import Article
from qa.errors import AlertsError

MAX_ALERTS = 100
MAX_EVIDENCE = 500
"""What is new is kept up to here, the newest first; a feed is no archive."""
PATIENCE = 600.0
"""Seconds that are waited for another process: alerts are asked under the lock."""
_DIGEST = 8  # bytes


@dataclass(frozen=True, slots=True)
class Alert:
    """A question that is asked again when the archive grew."""

    id: str
    question: str
    added: str
    """When it was saved, in UTC by ISO 8601, as all times here."""
    asked: str | None = None
    """When it was last asked again; None before the archive changed for the first time."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an alert found that was not there before: an answer, and where it was printed."""

    alert_id: str
    question: str
    found: str
    """When."""
    answer: str
    article_id: str
    issue_id: str
    paper: str
    issue_date: str
    page: str | None
    title: str
    quote: str
    url: str
    """The path of the page that shows it."""
    digest: str
    """Of the article's id and text."""
    seen: bool = False
    """Whether the operator has looked at it."""


@dataclass(slots=True)
class Book:
    """All that the file holds."""

    alerts: list[Alert] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    """Newest first."""
    generation: int = -1
    """Of the archive, when the alerts were last asked; -1 where they never were."""
    held: frozenset[bytes] = frozenset()
    """The digests of the articles that the archive held then."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What the address of the feed must name: readers of feeds send no token."""
    made: str = field(default_factory=lambda: now())


def now() -> str:
    """Return the time, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digest(article_id: str, article: Article) -> bytes:
    """Return what tells an article, by its issue and text, from any other and from itself before it was changed.

    Its number is left out: what was removed and came again has another, and is no news.
    """
    text = "\0".join((article_id.rpartition("-")[0], article.title, article.body))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=_DIGEST).digest()


class BookFile:
    """The file of one archive's alerts."""

    def __init__(self, archive: Path, patience: float = PATIENCE) -> None:
        self._path, self._patience = archive / ALERTS, patience

    def read(self) -> Book:
        """Return what it holds, an empty book where there is none; raises AlertsError where it is no book."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return Book()
        try:
            facts = json.loads(raw)
            held = b64decode(facts.pop("held"))
            alerts = [Alert(**one) for one in facts.pop("alerts")]
            evidence = [Evidence(**one) for one in facts.pop("evidence")]
            digests = frozenset(held[at : at + _DIGEST] for at in range(0, len(held), _DIGEST))
            return Book(alerts, evidence, held=digests, **facts)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise AlertsError("alerts_unreadable", self._path) from None

    @contextmanager
    def changing(self) -> Iterator[Book]:
        """Give the book to be changed, and keep it where the block raises nothing; raises ArchiveError where another has it."""
        try:
            with filelock.FileLock(self._path.with_suffix(".lock"), timeout=self._patience):
                book = self.read()
                yield book
                self._write(book)
        except filelock.Timeout:
            raise ArchiveError("archive_busy", self._path) from None

    def _write(self, book: Book) -> None:
        facts = asdict(book) | {"held": b64encode(b"".join(sorted(book.held))).decode()}
        partial = self._path.with_name(f".{self._path.name}.part")
        # The key of the feed is nobody else's.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(facts, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._path)
