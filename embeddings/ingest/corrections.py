"""Applying the operator's corrections to what was read of an issue; the printed reading stays beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from embeddings.records import Article, CorrectedField, Correction, Issue
from embeddings.text.letters import fold, letters_and_digits
from embeddings.text.spans import behind, moved

CONTEXT = 16
"""Characters on each side of a place that are kept, so that it is found again."""
# How much of the context must stand before and behind a place; the first that fits one place is taken.
_CONTEXTS = ((CONTEXT, CONTEXT), (8, 8), (CONTEXT, 0), (0, CONTEXT))
_LEAST_WORDS = 4  # characters: fewer, with all around them changed, might stand anywhere
FACTS = (
    CorrectedField.TITLE, CorrectedField.KICKER, CorrectedField.SUBTITLE, CorrectedField.BYLINE, CorrectedField.SOURCE,
    CorrectedField.COLUMN, CorrectedField.PAGE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """An issue with corrections applied, and which of them fitted it."""

    issue: Issue
    applied: tuple[Correction, ...]
    unfit: tuple[Correction, ...]


def corrected(issue: Issue, corrections: Iterable[Correction]) -> Issue:
    """Return an issue as the operator corrected it; a correction that does not fit is passed over."""
    return apply_corrections(issue, corrections).issue


def apply_corrections(issue: Issue, corrections: Iterable[Correction]) -> Outcome:
    """Apply corrections to an issue as printed, each to what those before it made."""
    applied: list[Correction] = []
    unfit: list[Correction] = []
    for correction in corrections:
        changed = _applied(issue, correction)
        (unfit if changed is None else applied).append(correction)
        issue = issue if changed is None else changed
    return Outcome(issue, tuple(applied), tuple(unfit))


def as_printed(issue: Issue) -> Issue:
    """Return a corrected issue as it was printed."""
    articles: list[Article] = []
    before: tuple[Article, ...] = ()
    for article in issue.articles:
        # Articles that were printed as one all bring what was printed.
        counts = range(min(len(before), len(article.printed)), -1, -1)
        shared = next(count for count in counts if before[len(before) - count :] == article.printed[:count])
        articles += article.printed[shared:] if article.printed else (article,)
        before = article.printed
    day = issue.printed_date or issue.issue_date
    return replace(
        issue, articles=tuple(articles), issue_id=id_of_day(issue, day), issue_date=day, printed_date=None
    )  # fmt: skip


def id_of_day(issue: Issue, day: date) -> str:
    """Return the id that an issue has when it is of another day."""
    return issue.issue_id.replace(issue.issue_date.isoformat(), day.isoformat())


def readings(article: Article) -> tuple[Article, ...]:
    """Return what was printed for an article: itself, where nothing was corrected."""
    return article.printed or (article,)


def headline_of(article: Article) -> str:
    """Return the printed headline, by which a correction finds its article again."""
    return readings(article)[0].title


def opening(body: str) -> str:
    """Return the first words of a text, which tell articles of the same headline apart."""
    return body[:CONTEXT]


def _applied(issue: Issue, correction: Correction) -> Issue | None:
    """Return an issue with one correction applied, or None where it does not fit."""
    if correction.field is CorrectedField.DAY:
        return _with_day(issue, correction)
    places = [place for place, article in enumerate(issue.articles) if _bears(article, correction.headline)]
    articles: Sequence[Article] | None
    match correction.field:
        case CorrectedField.BODY:
            articles = _with_words(issue.articles, places, correction)
        case CorrectedField.MERGE:
            articles = _merged(issue.articles, places, correction)
        case CorrectedField.SPLIT:
            articles = _split(issue.articles, places, correction)
        case _:
            articles = _with_fact(issue.articles, places, correction)
    return None if articles is None else replace(issue, articles=tuple(articles))


def _bears(article: Article, headline: str) -> bool:
    """Say whether an article was printed under a headline, whatever the marks and blanks in it."""
    return any(_letters(printed.title) == _letters(headline) for printed in readings(article))


def _letters(text: str) -> str:
    return letters_and_digits(fold(text)) or text


def _with_day(issue: Issue, correction: Correction) -> Issue | None:
    if issue.issue_date.isoformat() != correction.printed or correction.corrected is None:
        return None
    day = date.fromisoformat(correction.corrected)
    printed = issue.printed_date or issue.issue_date
    return replace(
        issue, issue_id=id_of_day(issue, day), issue_date=day, printed_date=printed if printed != day else None
    )  # fmt: skip


def _with_fact(articles: Sequence[Article], places: list[int], correction: Correction) -> Sequence[Article] | None:
    """Change a fact of the article; of several of one headline, of the one whose text begins as it did."""
    name = correction.field.value
    fitting = [place for place in places if getattr(articles[place], name) == correction.printed]
    if len(fitting) > 1:
        fitting = [place for place in fitting if opening(articles[place].body) == correction.after]
    if len(fitting) != 1:
        return None
    article = articles[fitting[0]]
    changed: dict[str, Any] = {name: correction.corrected or ("" if name == "title" else None)}
    return _in_place(articles, fitting[0], replace(article, **changed, printed=readings(article)))


def _with_words(articles: Sequence[Article], places: list[int], correction: Correction) -> Sequence[Article] | None:
    found = _found(articles, places, correction)
    if found is None:
        return None
    place, start = found
    article, words = articles[place], correction.corrected or ""
    end = start + len(correction.printed or "")
    body = article.body[:start] + words + article.body[end:]
    if not body.strip():
        return None
    doubts = tuple(moved(article.doubts, start, end, len(words)))
    printed = readings(article) if body != article.body else article.printed
    return _in_place(articles, place, replace(article, body=body, doubts=doubts, printed=printed))


def _merged(articles: Sequence[Article], places: list[int], correction: Correction) -> Sequence[Article] | None:
    """Join the article and another of the issue, by preference the next; its headline stays as a line of the text."""
    place = _one(articles, places, correction)
    if place is None:
        return None
    others = [other for other in range(len(articles)) if other != place and _bears(articles[other], correction.printed or "")]
    other = place + 1 if place + 1 in others else others[0] if len(others) == 1 else None
    if other is None:
        return None
    first, second = articles[place], articles[other]
    shift = len(first.body) + len(second.title) + 2
    joined = replace(
        first,
        body="\n".join((first.body, second.title, second.body)),
        continued=first.continued or (second.page if second.page != first.page else None),
        doubts=(*first.doubts, *behind(second.doubts, shift)),
        printed=readings(first) if readings(first) == readings(second) else (*readings(first), *readings(second)),
    )
    rest = _in_place(articles, place, joined)
    return [article for at, article in enumerate(rest) if at != other]


def _split(articles: Sequence[Article], places: list[int], correction: Correction) -> Sequence[Article] | None:
    """Make two articles of one; the second is headed by what the correction says, or by its first line."""
    found = _found(articles, places, correction)
    if found is None:
        return None
    place, cut = found
    article = articles[place]
    text = article.body
    start = cut + len(text[cut:]) - len(text[cut:].lstrip())
    line, _, rest = text[start:].partition("\n")
    title = correction.corrected or line.strip()
    if line.strip() == title:
        start = len(text) - len(rest.lstrip())
    first, second = text[:cut].rstrip(), text[start:]
    if not (first.strip() and second.strip()):
        return None
    kept = tuple(span for span in article.doubts if span[1] <= len(first))
    pieces = [
        replace(article, body=first, doubts=kept, printed=readings(article)),
        Article(
            title, second, column=article.column, page=article.page, url=article.url, page_name=article.page_name,
            doubts=behind((span for span in article.doubts if span[0] >= start), -start),
            printed=readings(article),
        ),
    ]  # fmt: skip
    return [*articles[:place], *pieces, *articles[place + 1 :]]


def _in_place(articles: Sequence[Article], place: int, article: Article) -> list[Article]:
    return [*articles[:place], article, *articles[place + 1 :]]


def _one(articles: Sequence[Article], places: list[int], correction: Correction) -> int | None:
    """Return the only article meant, of several of one headline the one whose text begins as it did."""
    fitting = places if len(places) == 1 else [at for at in places if opening(articles[at].body) == correction.after]
    return fitting[0] if len(fitting) == 1 else None


def _found(articles: Sequence[Article], places: list[int], correction: Correction) -> tuple[int, int] | None:
    """Return the article and the offset at which the words of a correction stand among those around them, or None."""
    # Where the headline is read otherwise by now, only the whole context tells the article.
    contexts = _CONTEXTS if places else _CONTEXTS[:1]
    words = correction.printed or ""
    for before, after in contexts:
        left, right = correction.before[-before:] if before else "", correction.after[:after]
        sought = left + words + right
        # A short text has little around a place, and that is all that there is to find it by.
        if not sought or (len(sought) < _LEAST_WORDS and (before, after) != contexts[0]):
            continue
        pattern = re.compile(f"(?={re.escape(sought)})")
        found = [
            (place, match.start() + len(left))
            for place in places or range(len(articles))
            for match in pattern.finditer(articles[place].body)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            equal = places and (before, after) == contexts[0]
            return min(found, key=lambda one: abs(one[1] - correction.start)) if equal else None
    return None
