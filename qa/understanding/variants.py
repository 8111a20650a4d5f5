"""The ways in which one question is put to the archive: as understood, as it stands alone, and with names spelt otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.understanding.date_constraints import DateConstraints
from qa.understanding.question import Question


class VariantRole(StrEnum):
    """Why a variant is asked, which decides when it may answer."""

    MAIN = "main"
    """The question as understood, completed from earlier turns where it leans on them."""
    OTHER_READING = "other_reading"
    """As it may have been meant as well, alone or completed: it answers where that is likelier."""
    EXPANSION = "expansion"
    """Query expansion, a name spelt otherwise: it answers where that is likelier."""
    PART = "part"
    """About one of several things that are compared: the answers to all of them stand side by side."""


@dataclass(frozen=True, slots=True)
class QueryVariant:
    """One way of asking, with the days it names."""

    role: VariantRole
    question: Question
    """As it is searched for, read and shown."""
    days: DateConstraints
    probability: float = 1.0
    """How likely the question was meant so, by its words alone."""
    told: str = ""
    """What the turn before was answered, where something else is asked now."""
    related: tuple[str, ...] = ()
    """Words of print for its everyday words, which are searched for beside its own and weigh less."""
