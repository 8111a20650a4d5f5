"""The questions offered to a first-time visitor: those of a file that the archive answers, shortly, surely and rightly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from embeddings.errors import SettingsError
from embeddings.store.archive import Archive
from qa.answering.answer import Answer
from qa.jsonl import JsonLine, read_json_lines
from qa.reading.calibration import LIKELY
from qa.reading.matching import holds

SHOWN = 4
_TRIED = 5 * SHOWN  # questions asked at most; on two cores one takes some 0.2 s
_SHORT = 24  # characters that stand large in one line


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question, and its answer where the file tells one."""

    question: str
    answer: str | None


class ExampleChooser:
    """Chooses examples by asking them, in the background: at the start, and anew for each generation of the archive."""

    def __init__(self, archive: Archive, ask: Callable[[str], Answer], examples: Sequence[ExampleQuestion]) -> None:
        self._archive, self._ask, self._examples = archive, ask, examples[:_TRIED]
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._generation = -1
        self._shown: list[str] = []
        self.shown()

    def shown(self) -> list[str]:
        """Return up to four questions, in the order of the file; none until the first choice is made."""
        with self._lock:
            if self._examples and self._thread is None and self._generation != self._archive.stored_generation():
                self._thread = threading.Thread(target=self._choose, daemon=True)
                self._thread.start()
            return self._shown

    def settle(self) -> None:
        """Wait until the choice that is under way is made."""
        thread = self._thread
        if thread:
            thread.join()

    def _choose(self) -> None:
        generation = self._archive.stored_generation()
        answered = (example.question for example in self._examples if self._is_answered(example))
        try:
            shown = list(islice(answered, SHOWN))
            with self._lock:
                self._shown, self._generation = shown, generation
        finally:
            self._thread = None

    def _is_answered(self, example: ExampleQuestion) -> bool:
        """Say whether the first answer is likely and short, and the one that the file tells."""
        answer = self._ask(example.question)
        if not answer.answered or answer.findings[0].confidence < LIKELY:
            return False
        text = answer.findings[0].text
        right = example.answer is None or holds(text, example.answer)
        return right and len(text) <= _SHORT


def load_example_questions(path: Path) -> list[ExampleQuestion]:
    """Return the answerable questions of a file of JSON Lines; raises SettingsError naming a bad line."""

    def parse(line: JsonLine) -> ExampleQuestion | None:
        answer = line.fields.get("answer", "")
        return None if answer is None else ExampleQuestion(str(line.fields["question"]), line.fields.get("answer"))

    return list(read_json_lines(path, parse, code="examples_line", error=SettingsError))
