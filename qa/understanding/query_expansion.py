"""Other spellings of a question, asked beside it: a name's alias, short or long form, or homophone; Chinese for English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from itertools import islice

from embeddings.records import Filters
from embeddings.store.archive import Archive
from embeddings.text.aliases import Names, read_names
from qa.retrieval.hybrid_search import times_of
from qa.understanding import homophones, translation
from qa.understanding.asked_days import AskedTimes
from qa.understanding.question import Question, understand

ALIASES_ASKED = 2
"""Each costs a search and a reading; the first names of a line of the dictionary are asked."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A question spelt otherwise, and the days it names."""

    question: Question
    """As it is searched for, and shown."""
    times: AskedTimes
    reads: str
    """What the reader is asked: Chinese words for English make no sentence, so there it is the English one."""


@dataclass(frozen=True, slots=True)
class Respelt:
    """What else a question may be spelt as."""

    asked: tuple[Spelling, ...] = ()
    """Asked beside it, and answered from where that is likelier."""
    suggested: tuple[str, ...] = ()
    """Several that are as likely as each other, for whoever asked to choose from."""


def warm_up() -> None:
    """Load what the first question would otherwise wait for: about two seconds."""
    translation.warm_up()
    homophones.warm_up()
    _abbreviations()


def respell(archive: Archive, question: str, filters: Filters, today: date) -> Respelt:
    """Return the other spellings of a question: by the dictionary of names, else in Chinese, else in full, else by sound."""
    texts = list(islice(archive.names.respelt(question), ALIASES_ASKED))
    suggested: tuple[str, ...] = ()
    reads = None
    if not texts and (chinese := translation.in_chinese(archive, question)):
        texts, reads = [chinese], question
    if not texts:
        texts = list(islice(_abbreviations().respelt(question), ALIASES_ASKED))
    if not texts:
        found = homophones.corrections(archive, question)
        texts, suggested = [found.clear] if found.clear else [], found.several
    asked = tuple(Spelling(understand(text), times_of(archive, text, filters, today), reads or text) for text in texts)
    return Respelt(asked, suggested)


@cache
def _abbreviations() -> Names:
    """Return the names that come with the package, read once."""
    with as_file(files("qa.understanding") / "abbreviations.txt") as path:
        return read_names(path)
