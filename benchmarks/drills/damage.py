"""Flip bits in the catalogue of an archive, one at a time, and see whether each is found, mended, and never served.

    python -m benchmarks.drills.damage [--flips N] [--seed N] [--no-mending]

Which flips change data is told by comparing all rows, the words in their places and the order of indexes with those before.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import random
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from benchmarks.drills.archives import EXAMPLES, Texts, make, opened, problems, settings, texts
from embeddings.errors import ArchiveError, unreadable
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.settings import CATALOGUE_FILE
from tests.support.doubles import ToyEncoder


@dataclass(slots=True)
class Figures:
    """What became of the flips."""

    flips: int = 0
    changing: int = 0
    """Those after which a row, or what an index finds, is another one than before, or cannot be read."""
    found: int = 0
    mended: int = 0
    missed: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    """Where an article was served that is not as it was stored."""
    failed: list[str] = field(default_factory=list)
    """Where something else than an error with a message came up."""
    unmended: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.flips} bits flipped, {self.changing} of them change data; {self.found} of these found, "
            f"{self.mended} mended by sync --force and rebuild, {len(self.unmended)} need a backup",
            f"{len(self.missed)} missed, {len(self.served)} served wrongly, {len(self.failed)} tracebacks",
        ]
        for name in ("missed", "served", "failed", "unmended"):
            lines += [f"  {name}: {one}" for one in getattr(self, name)]
        return "\n".join(lines)


def drill(folder: Path, flips: int, seed: int = 1, *, mending: bool = True) -> Figures:
    """Flip bits of a catalogue in a folder of its own, each in a fresh copy."""
    archive = make(folder / "whole")
    before = texts(archive)
    archive.close()
    path = folder / "whole" / CATALOGUE_FILE
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw, rows = path.read_bytes(), _rows(path)
    chosen, figures = random.Random(seed), Figures()
    for _ in tqdm(range(flips), disable=None):
        place, bit = chosen.randrange(len(raw)), chosen.randrange(8)
        damaged = folder / "damaged"
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(folder / "whole", damaged)
        changed = bytearray(raw)
        changed[place] ^= 1 << bit
        (damaged / CATALOGUE_FILE).write_bytes(changed)
        figures.flips += 1
        _try(damaged, f"byte {place} bit {bit}", before, rows, figures, mending=mending)
    return figures


def _try(folder: Path, name: str, before: Texts, rows: dict[str, object], figures: Figures, *, mending: bool) -> None:
    differing = _differing(_rows(folder / CATALOGUE_FILE), rows)
    where = f"{name} ({', '.join(differing)})"
    try:
        told = _told(folder)
    except Exception as error:
        figures.failed.append(f"{where}: verify: {error!r}")
        told = ["a traceback"]
    try:
        served = _wrongly_served(folder, before)
        figures.served += [f"{where}: {one}" for one in served]
    except ArchiveError:
        pass
    except Exception as error:
        if not (isinstance(error, sqlite3.DatabaseError) and unreadable(error)):  # which is told in a line
            figures.failed.append(f"{where}: serving: {error!r}")
    if not differing:
        return
    figures.changing += 1
    if not told:
        figures.missed.append(where)
        return
    figures.found += 1
    if not mending:
        return
    try:
        left = _mended(folder, before)
    except ArchiveError as error:
        left = [str(error)]
    except Exception as error:
        left = [repr(error)]
        if not (isinstance(error, sqlite3.DatabaseError) and unreadable(error)):
            figures.failed.append(f"{where}: mending: {error!r}")
    if left:
        figures.unmended.append(f"{where}: {left[0]}")
    else:
        figures.mended += 1


def _told(folder: Path) -> list[str]:
    try:
        return problems(folder)
    except ArchiveError as error:
        return [str(error)]


def _wrongly_served(folder: Path, before: Texts) -> list[str]:
    """Return the ids of articles that are served with other words than were stored."""
    archive = opened(folder)
    try:
        found = texts(archive)
        for hit in archive.search("大桥通车和水库放水"):
            found[hit.passage.article_id] = f"{hit.passage.article.title}\n{hit.passage.article.body}"
        return [article_id for article_id, text in found.items() if before.get(article_id) != text]
    finally:
        archive.close()


def _mended(folder: Path, before: Texts) -> list[str]:
    """Mend as the messages say, and return what is still wrong."""
    with contextlib.suppress(ArchiveError):  # where the manifest is damaged, only a rebuild goes on
        sync(opened(folder), [EXAMPLES], force=True)
    if _told(folder):
        rebuild(settings(folder), lambda name: ToyEncoder())
        sync(opened(folder), [EXAMPLES], force=True)
    left = _told(folder)
    return left or [one for one, text in texts(opened(folder)).items() if before.get(one) != text]


def _rows(path: Path) -> dict[str, object]:
    """Return all that a catalogue holds by table, what cannot be read as an error; and what its indexes are found to be."""
    found: dict[str, object] = {}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        db.text_factory = bytes
        try:
            schema = db.execute("SELECT name, type, sql FROM sqlite_schema ORDER BY name").fetchall()
        except sqlite3.DatabaseError as error:
            return {"schema": str(error)}
        found["schema"] = schema
        for raw, kind, sql in schema:
            name = raw.decode(errors="replace")
            if kind == b"table" and b"VIRTUAL" not in (sql or b""):
                try:
                    found[name] = db.execute(f'SELECT * FROM "{name}" NOT INDEXED').fetchall()
                except sqlite3.Error as error:
                    found[name] = str(error)
        # Of the index of words counts what is found by it; its pages hold marks besides.
        found.pop("words_data", None)
        db.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
        try:
            found["words"] = db.execute("SELECT * FROM temp.instances").fetchall()
        except sqlite3.DatabaseError as error:
            found["words"] = str(error)
        try:
            found["indexes"] = db.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.DatabaseError as error:
            found["indexes"] = str(error)
    return found


def _differing(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def main() -> None:
    """Flip bits and print the figures; ends with 1 where one that changes data was missed or served."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-mending", dest="mending", action="store_false")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        figures = drill(Path(folder), given.flips, given.seed, mending=given.mending)
    print(figures)
    raise SystemExit(bool(figures.missed or figures.served or figures.failed))


if __name__ == "__main__":
    main()
