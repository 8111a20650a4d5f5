"""Query expansion: a question asked in other spellings too: by a name's alias, its short form or a homophone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from itertools import islice

from embeddings.records import Filters
from embeddings.store.archive import Archive
from embeddings.text.aliases import Names, read_names
from qa.understanding import homophones, translation
from qa.understanding.date_constraints import find_date_constraints
from qa.understanding.question import understand
from qa.understanding.variants import QueryVariant, VariantRole

ALIASES_ASKED = 2
"""Each costs a search and a reading; the first names of a line of the dictionary are asked."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What else a question may be spelt as."""

    variants: tuple[QueryVariant, ...] = ()
    """Asked beside it, and answered from where that is likelier."""
    suggestions: tuple[str, ...] = ()
    """Several that are as likely as each other, for whoever asked to choose from."""


def warm_up() -> None:
    """Load what the first question would otherwise wait for: about two seconds."""
    translation.warm_up()
    homophones.warm_up()
    _abbreviations()


def expand(archive: Archive, question: str, filters: Filters, today: date) -> Expansion:
    """Return the other spellings of a question: by the dictionary of names, else in full, else by sound."""
    texts = list(islice(archive.names.respelt(question), ALIASES_ASKED))
    suggestions: tuple[str, ...] = ()
    if not texts:
        texts = list(islice(_abbreviations().respelt(question), ALIASES_ASKED))
    if not texts:
        found = homophones.corrections(archive, question)
        texts, suggestions = [found.clear] if found.clear else [], found.several
    variants = (
        QueryVariant(VariantRole.EXPANSION, understand(text), find_date_constraints(archive, text, filters, today))
        for text in texts
    )
    return Expansion(tuple(variants), suggestions)


@cache
def _abbreviations() -> Names:
    """Return the names that come with the package, read once."""
    with as_file(files("qa.understanding") / "abbreviations.txt") as path:
        return read_names(path)
