"""Print the example issues in each format, read them back and compare: the same articles, their words, their facts.

    python -m benchmarks.formats [ISSUE...] [--only pdf,epaper] [--keep DIR] [--ask]

The printers need the extra `benchmarks`, a scan also the fonts of fonts-noto-cjk. A body is compared by letters, blanks aside.
With --ask an archive is made of each format, and the ten questions of benchmarks/questions/formats.jsonl are asked of it:
they ask the issue of 12 March 2024, an article each, what the issue's own file answers, so that a miss is the format's.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

from benchmarks.printed_formats import PRINTERS
from embeddings.errors import WenbaoError
from embeddings.formats.readers import read_file
from embeddings.ingest.sync import sync
from embeddings.records import Article, Issue
from embeddings.store.archive import Archive

if TYPE_CHECKING:
    from benchmarks.papers import Counted

EXAMPLES = Path(__file__).parents[1] / "examples" / "issues"
QUESTIONS = Path(__file__).parent / "questions" / "formats.jsonl"
FACTS = ("kicker", "subtitle", "byline", "source")
LEAST = 0.5
"""How alike two bodies are at least that are taken for the same article."""


@dataclass(slots=True)
class Compared:
    """What came back of the articles that were printed in a format."""

    printed: int = 0
    read: int = 0
    titles: int = 0
    alike: list[float] = field(default_factory=list)
    """The similarity of each body that came back."""
    facts: list[bool] = field(default_factory=list)
    dated: bool = True
    """Every issue came back with its paper and day."""
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    def row(self) -> str:
        """Return it as the cells of a row of a Markdown table."""
        bodies = f"{100 * sum(self.alike) / len(self.alike):.1f} | {100 * min(self.alike):.1f}" if self.alike else "– | –"
        facts = f"{100 * sum(self.facts) / len(self.facts):.0f}" if self.facts else "–"
        right = "yes" if self.dated and self.read else "no"
        counts = f"{len(self.alike)} of {self.printed} | {self.read - len(self.alike)} | {self.titles}"
        return f"{counts} | {bodies} | {facts} | {right} | {self.seconds:.1f}"


def compare(issue: Issue, folder: Path, compared: Compared) -> None:
    """Read the files of a folder and add to what is compared."""
    began = time.perf_counter()
    found: dict[tuple[str, date], list[Article]] = defaultdict(list)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            reading = read_file(path)
        except WenbaoError as error:
            compared.errors.append(error.worded("en").removeprefix(f"{folder}/"))
            continue
        for one in reading.issues:
            found[one.paper, one.issue_date] += one.articles
    compared.seconds += time.perf_counter() - began
    compared.printed += len(issue.articles)
    compared.read += sum(map(len, found.values()))
    compared.dated &= set(found) == {(issue.paper, issue.issue_date)}
    rest = [article for articles in found.values() for article in articles]
    for article in issue.articles:
        same = max(rest, key=lambda one: (likeness(one.body, article.body), one.title == article.title), default=None)
        if same is None or likeness(same.body, article.body) < LEAST:
            continue
        rest.remove(same)
        compared.alike.append(likeness(same.body, article.body))
        compared.titles += letters(same.title) == letters(article.title)
        for name in FACTS:
            if getattr(article, name):
                compared.facts.append(letters(getattr(same, name) or "") == letters(getattr(article, name)))


def letters(text: str) -> str:
    """Return a text without its blanks."""
    return "".join(text.split())


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    return Indel.normalized_similarity(letters(one), letters(other))


def ask_all(folders: Sequence[Path]) -> Counted:
    """Ask the questions of an archive of all files of some folders; returns what came of them."""
    # Only here, for readers and training are loaded with them.
    from benchmarks.papers import count
    from qa.settings import Settings
    from qa.training.evaluation import read_questions

    with TemporaryDirectory(prefix="wenbao-") as temporary:
        settings = Settings.load(archive=Path(temporary))
        archive = Archive.open(settings, create=True)
        try:
            sync(archive, folders)
            return count(archive, settings, read_questions(QUESTIONS))[""]
        finally:
            archive.close()


def main() -> None:
    """Print a table of the formats."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("issues", type=Path, nargs="*", help="issue files; those of examples/issues where none is named")
    parser.add_argument("--only", help="formats, with commas between")
    parser.add_argument("--keep", type=Path, help="where the printed files are left")
    parser.add_argument("--ask", action="store_true")
    arguments = parser.parse_args()
    paths = arguments.issues or sorted(EXAMPLES.glob("*.md"))
    issues = [issue for path in paths for issue in read_file(path).issues]
    chosen = arguments.only.split(",") if arguments.only else list(PRINTERS)
    columns = "format, articles back, others, titles exact, bodies alike, the least alike, facts, paper and day, seconds"
    columns += ", right words, right article cited"
    print(f"| {columns.replace(', ', ' | ')} |")
    print("|---" * (columns.count(",") + 1) + "|")
    errors: dict[str, list[str]] = {}
    with TemporaryDirectory(prefix="wenbao-") as temporary:
        for name in chosen:
            compared, folders = Compared(), []
            for issue in issues:
                folder = (arguments.keep or Path(temporary)) / name / issue.paper / issue.issue_id
                folder.mkdir(parents=True, exist_ok=True)
                PRINTERS[name](issue, folder)
                folders.append(folder)
                compare(issue, folder, compared)
            asked = ask_all(folders) if arguments.ask and compared.read else None
            answers = (
                f"{sum(asked.right)} of {len(asked.right)} | {sum(asked.first)} of {len(asked.first)}" if asked else "– | –"
            )
            print(f"| {name} | {compared.row()} | {answers} |", flush=True)
            errors[name] = compared.errors
    for name, told in errors.items():
        if told:
            print(json.dumps({"format": name, "not read": len(told), "first": told[0]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
