"""Comprehension, the first step to an answer: what is asked, in which ways, and of which part of the archive."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from embeddings.records import Filters
from embeddings.store.archive import Archive
from qa.understanding.comparison import Form, find_comparison
from qa.understanding.constraint_mentions import ConstraintMention, find_constraint_mentions
from qa.understanding.date_constraints import NO_DATES, DateConstraints, Firmness, find_date_constraints, with_absolute_dates
from qa.understanding.out_of_scope import detect_out_of_scope
from qa.understanding.query_expansion import Expansion, expand
from qa.understanding.query_rewriting import Turn, completing
from qa.understanding.question import Question, understand
from qa.understanding.related_words import related_words
from qa.understanding.steps import run_to_end
from qa.understanding.translation import in_chinese
from qa.understanding.variants import QueryVariant, VariantRole

TURNS_READ = 12
"""The last turns of a conversation, of which those that ask something are looked at."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Several things or days that are asked about at once, and the question of each."""

    form: Form
    things: tuple[str, ...]
    """As they are named, in that order."""
    variants: tuple[QueryVariant, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What is asked, and of which part of the archive."""

    text: str
    """The question as it was put."""
    variants: tuple[QueryVariant, ...]
    """The ways in which it is asked, the main one first."""
    filters: Filters
    """What was asked to be searched, less what the wording rules out: 1月19日那天的报纸."""
    parts: tuple[ConstraintMention, ...]
    """The times and places it names, in its own words."""
    suggestions: tuple[str, ...]
    """Spellings of a name to choose from, none of which is asked."""
    started: float = field(compare=False)
    """When the step began, in seconds of the performance counter."""
    took: float = field(compare=False)
    """Milliseconds."""
    compared: Compared | None = None
    """Where several things are asked about at once: each is also asked about by itself."""

    @property
    def question(self) -> Question:
        """Return the question that stands alone."""
        return self.variants[0].question

    @property
    def days(self) -> DateConstraints:
        """Return the days it names."""
        return self.variants[0].days

    @property
    def also_asked(self) -> list[str]:
        """Return the other spellings that are asked beside it, and the Chinese words that are searched for an English one."""
        others = [variant.question.text for variant in self.variants if variant.role is VariantRole.EXPANSION]
        return [self.question.text, *others] if self.question.foreign else others


def comprehend(
    archive: Archive, text: str, filters: Filters, history: Sequence[Turn] = (), today: date | None = None
) -> Understood:
    """Understand a question, completed from the last turns before it; None for `today`: the clock's day."""
    return run_to_end(comprehending(archive, text, filters, history, today))


def comprehending(
    archive: Archive, text: str, filters: Filters, history: Sequence[Turn] = (), today: date | None = None
) -> Generator[None, None, Understood]:
    """Do as `comprehend`, pausing now and then, so that a caller may give up."""
    started = time.perf_counter()
    today = today or date.today()
    asked_before = [turn for turn in history[-TURNS_READ:] if not detect_out_of_scope(turn.question)]
    completed = yield from completing(text.strip(), asked_before, today, archive.nearness)
    variants = []
    ways = [(VariantRole.MAIN, completed.text, completed.probability, completed.told)]
    if completed.also:
        ways.append((VariantRole.OTHER_READING, completed.also, 1 - completed.probability, completed.also_told))
    for role, words, probability, answered in ways:
        told = with_absolute_dates(words, find_date_constraints(archive, words, filters, today))
        yield
        question = understand(archive.as_printed(told))
        if chinese := in_chinese(archive, question.text):
            question = replace(understand(chinese), foreign=question.text)
        days = find_date_constraints(archive, question.text, filters, today)
        yield
        variants.append(QueryVariant(role, question, days, probability, answered, related_words(archive, question.text)))
    question, days = variants[0].question, variants[0].days
    searched = narrow_filters(archive, filters, days)
    # The days of Chinese words do not stand in an English question.
    parts = find_constraint_mentions(question.put, NO_DATES if question.foreign else days)
    expansion = Expansion() if question.foreign else expand(archive, question.text, filters, today)
    variants += expansion.variants
    compared = None if question.series else compare(archive, question.text, days, filters, today)
    return Understood(text, tuple(variants), searched, parts, expansion.suggestions, started, elapsed_ms(started), compared)


def compare(archive: Archive, question: str, asked: DateConstraints, filters: Filters, today: date) -> Compared | None:
    """Return the questions for each of several things or days, or None where a question is about one."""
    found = find_comparison(question, asked)
    if found is None:
        return None
    variants = (
        QueryVariant(VariantRole.PART, understand(text), find_date_constraints(archive, text, filters, today))
        for text in found.questions
    )
    return Compared(found.form, found.things, tuple(variants))


def without_search(text: str, filters: Filters) -> Understood:
    """Return what is understood of words that are no question to an archive."""
    started = time.perf_counter()
    variant = QueryVariant(VariantRole.MAIN, understand(text), NO_DATES)
    return Understood(text, (variant,), filters, (), (), started, elapsed_ms(started))


def narrow_filters(archive: Archive, filters: Filters, asked: DateConstraints) -> Filters:
    """Return the filters with the day whose print is asked for beyond doubt, of several years the newest that has an issue."""
    sure = [days for days in asked.days if days.firmness is Firmness.SURE]
    if len(sure) != 1:
        return filters
    days = [filters.within(span.first, span.last) for span in sure[0].spans]
    return next((one for one in days if archive.extent(one).issues), days[0])


def elapsed_ms(since: float) -> float:
    """Return the milliseconds since a reading of the performance counter."""
    return 1000 * (time.perf_counter() - since)
