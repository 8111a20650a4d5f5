"""Kill whoever changes an archive at any moment, and see whether it is whole and the same command ends what was begun.

    OMP_NUM_THREADS=1 python -m benchmarks.drills.kill [--kills N] [--seed N]

Syncs of new, changed and deleted files, forced ones, rebuilds, backups and restores are cut off by SIGKILL.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from benchmarks.drills.archives import EXAMPLES, opened, problems, settings, texts
from embeddings.errors import ArchiveError
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.store.backup import back_up, restore
from tests.support.doubles import ToyEncoder


@dataclass(slots=True)
class Figures:
    """What became of the archive."""

    kills: int = 0
    under_way: int = 0
    """Kills that met the command before its end."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.kills} kills, {self.under_way} of them before the end; {len(self.faults)} faults"]
        return "\n".join([*lines, *(f"  {one}" for one in self.faults)])


class Drill:
    """An archive, its files, and the commands that are cut off."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self._chosen, self.figures = random.Random(seed), Figures()
        self._issues, self._archive, self._saved = folder / "issues", folder / "archive", folder / "saved.backup"
        shutil.copytree(EXAMPLES, self._issues)
        self._sync()
        self._expected = self._told()
        self._rounds = 0
        self._longest: dict[str, float] = {}

    def run(self, kills: int) -> Figures:
        """Cut commands off, and after each compare what is there with what a run without a kill leaves."""
        kinds: dict[str, Callable[[], None]] = {
            "sync": self._sync, "prune": self._prune, "force": self._force, "rebuild": self._rebuild,
            "backup": self._back_up, "restore": self._restore,
        }  # fmt: skip
        for _ in tqdm(range(kills), disable=None):
            self._rounds += 1
            name = self._chosen.choice(list(kinds))
            if name == "sync":
                self._change_a_file()
            elif name == "prune":
                self._take_a_file_away()
            elif name == "restore" and not self._saved.exists():
                back_up(settings(self._archive), self._saved)
            elif name == "backup":
                self._saved.unlink(missing_ok=True)
            self._cut_off(name, kinds[name])
        return self.figures

    def _cut_off(self, name: str, command: Callable[[], None]) -> None:
        before = self._told()
        process = multiprocessing.get_context("fork").Process(target=command)
        started = time.monotonic()
        process.start()
        process.join(self._chosen.uniform(0, self._longest.get(name, 1.0)))
        self.figures.kills += 1
        if process.is_alive():
            self.figures.under_way += 1
            process.kill()
            process.join()
        elif process.exitcode:
            self._fault(f"{name}: ended with {process.exitcode}")
        else:
            self._longest[name] = time.monotonic() - started
        for problem in problems(self._archive):
            self._fault(f"{name}: {problem}")
        # Each issue is as it was or as it is to be, and none is gone that stays.
        between = self._told()
        try:
            command()
        except ArchiveError as error:
            self._fault(f"{name}: again: {error}")
        after = self._told()
        allowed = set(before.items()) | set(after.items())
        if name not in ("restore",) and not set(between.items()) <= allowed:
            self._fault(f"{name}: an article is neither the old nor the new one")
        if not (before.keys() & after.keys()) <= between.keys():
            self._fault(f"{name}: an article is gone that stays")
        for problem in problems(self._archive):
            self._fault(f"{name}: again: {problem}")
        left = [path.name for path in self._saved.parent.iterdir() if path.name.startswith(".")]
        if left:
            self._fault(f"{name}: left behind {left}")
        if name == "restore":
            self._prune()
        if sorted(self._told().values()) != self._wanted():
            self._fault(f"{name}: the archive does not hold what its files do")

    def _fault(self, told: str) -> None:
        self.figures.faults.append(f"round {self._rounds}: {told}")

    def _told(self) -> dict[str, str]:
        archive = opened(self._archive)
        try:
            return texts(archive)
        finally:
            archive.close()

    def _wanted(self) -> list[str]:
        """Return the texts that the files hold, by an archive that is made of them at once."""
        folder = self._archive.with_name("fresh")
        shutil.rmtree(folder, ignore_errors=True)
        archive = opened(folder)
        sync(archive, [self._issues])
        try:
            return sorted(texts(archive).values())
        finally:
            archive.close()

    def _change_a_file(self) -> None:
        path = self._chosen.choice(sorted(EXAMPLES.glob("*.md")))
        text = path.read_text(encoding="utf-8").rstrip()
        (self._issues / path.name).write_text(f"{text}第{self._rounds}次刊印。\n", encoding="utf-8")

    def _take_a_file_away(self) -> None:
        files = sorted(self._issues.iterdir())
        if len(files) > 1:
            self._chosen.choice(files).unlink()

    # The commands; each ends what a run of it that was cut off had begun

    def _sync(self) -> None:
        sync(opened(self._archive), [self._issues])

    def _prune(self) -> None:
        sync(opened(self._archive), [self._issues], prune=True)

    def _force(self) -> None:
        sync(opened(self._archive), [self._issues], force=True)

    def _rebuild(self) -> None:
        rebuild(settings(self._archive), lambda name: ToyEncoder())

    def _back_up(self) -> None:
        if not self._saved.exists():
            back_up(settings(self._archive), self._saved)

    def _restore(self) -> None:
        restore(settings(self._archive), self._saved, replace=True)


def main() -> None:
    """Kill and print the figures; ends with 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads do not live on in a fork
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        figures = Drill(Path(folder), given.seed).run(given.kills)
    print(figures)
    raise SystemExit(bool(figures.faults))


if __name__ == "__main__":
    main()
