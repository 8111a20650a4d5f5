"""Print what is answered over the invented papers of benchmarks/papers, each an archive of its own.

    python -m benchmarks.papers [FOLDER...] [--split dev] [--archives DIR] [--adapter DIR]

A question's article is the right one when the day and the letters of a headline are those of its gold; its words are
right by `qa.reading.matching`, exact when they are the gold's letter for letter, blanks and punctuation aside.
Archives are made in a temporary folder, or kept in `--archives` for the next time.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm

from embeddings.ingest.sync import sync
from embeddings.records import Passage
from embeddings.store.archive import Archive
from qa.pipeline import ask
from qa.reading.loading import load_reader, min_confidence_of
from qa.reading.matching import same_words, tokens
from qa.settings import Settings
from qa.training.evaluation import EvaluationQuestion, read_questions
from qa.training.written_questions import headline_key, headline_keys

FOLDER = Path(__file__).parent / "papers"
QUESTIONS = "questions.jsonl"


@dataclass(slots=True)
class Counted:
    """What came of some questions."""

    first: list[bool] = field(default_factory=list)
    """Whether the right article was cited first, of the answerable."""
    answered: list[bool] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    declined: list[bool] = field(default_factory=list)
    """Of those that are not told."""

    def row(self) -> str:
        """Return the shares in hundredths, as the cells of a row of a Markdown table."""
        columns = self.first, self.answered, self.right, self.exact, self.declined
        cells = [f"{100 * sum(values) / len(values):.0f}" if values else "–" for values in columns]
        return " | ".join([f"{len(self.right)} + {len(self.declined)}", *cells])


@contextmanager
def paper_archive(folder: Path, settings: Settings, kept: Path | None = None) -> Iterator[Archive]:
    """Open the archive of one paper's issues, made anew where it is not kept."""
    with TemporaryDirectory(prefix="wenbao-") as temporary:
        place = kept / folder.name if kept else Path(temporary)
        archive = Archive.open(settings.model_copy(update={"archive": place}), create=True)
        try:
            sync(archive, sorted(folder.glob("*.md")))
            yield archive
        finally:
            archive.close()


def count(archive: Archive, settings: Settings, questions: Sequence[EvaluationQuestion]) -> dict[str, Counted]:
    """Ask questions of one archive; returns what came of all of them under "", and of those of each kind."""
    reader = load_reader(archive, settings)
    least = min_confidence_of(settings, reader)
    found: dict[str, Counted] = defaultdict(Counted)
    for question in tqdm(questions, leave=False):
        answer = ask(archive, reader, question.question, min_confidence=least, today=question.today or archive.extent().last)
        for counted in (found[""], found[question.kind]):
            if not question.places:
                counted.declined.append(not answer.answered)
                continue
            text = answer.findings[0].text if answer.answered else ""
            counted.answered.append(answer.answered)
            counted.first.append(answer.answered and is_of(answer.citations[0].passage, question))
            counted.right.append(answer.answered and any(same_words(text, gold) for gold in question.answers))
            counted.exact.append(answer.answered and any(tokens(text) == tokens(gold) for gold in question.answers))
    return found


def is_of(passage: Passage, question: EvaluationQuestion) -> bool:
    """Say whether a passage's article answers a question, whichever of the lines above it the gold calls its headline."""
    golds = {(day, headline_key(title)) for day, title in question.places}
    return any((passage.issue_date.isoformat(), key) in golds for key in headline_keys(passage.article))


def main() -> None:
    """Print a table of the papers and one of the kinds of question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="a paper each; all of benchmarks/papers where none is named")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--archives", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    folders = arguments.folders or sorted(path.parent for path in FOLDER.glob(f"*/{QUESTIONS}"))
    settings = Settings.load(**({"adapter": arguments.adapter} if arguments.adapter else {}))
    header = "asked | right article first | answered | right words | exact | untold declined |\n" + "|---" * 7 + "|"
    kinds: dict[str, Counted] = defaultdict(Counted)
    print(f"| paper | {header}")
    for folder in folders:
        questions = read_questions(folder / QUESTIONS, arguments.split)[: arguments.limit]
        with paper_archive(folder, settings, arguments.archives) as archive:
            counted = count(archive, settings, questions)
        print(f"| {folder.name} | {counted[''].row()} |", flush=True)
        for kind, one in counted.items():
            for name in Counted.__slots__:
                getattr(kinds[kind], name).extend(getattr(one, name))
    print(f"| all | {kinds.pop('').row()} |\n\n| kind | {header}")
    for kind, one in sorted(kinds.items()):
        print(f"| {kind} | {one.row()} |")


if __name__ == "__main__":
    main()
