"""Facts that print tells by where words stand: who reported, who signed and on which day, which post a named person holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from embeddings.dates.date_words import find_date_words
from embeddings.records import Passage
from embeddings.text.letters import fold, simplified_in_place
from embeddings.text.segmentation import search_words
from qa.reading.calibration import term_coverage
from qa.reading.matching import holds
from qa.reading.reader import Span, heading, printed_span
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.entities import Offsets
from qa.understanding.printed_roles import AskedRole, Role, asked_role
from qa.understanding.signatures import find_post, find_signature, find_signed_reporters

_FOUND = 0.85
"""How likely what stands in the asked place is what was asked for, in the article that is asked about."""
_ARTICLES = 3
"""The best of the search, among which the article is that holds most of what the question says."""
_ABOUT = 0.6
"""Of the question's words, in an article that it is about; less is a near miss (停气公告 where there is one of 停电)."""


def read_printed_facts(question: str, passages: Sequence[RankedPassage]) -> tuple[Span, ...]:
    """Return the byline, the signature, its day or the post that a question asks for, where print has it in its place."""
    asked = asked_role(question)
    if asked is None:
        return ()
    articles = {ranked.passage.article_id: ranked.passage for ranked in reversed(passages)}
    ordered = [articles[key] for key in dict.fromkeys(ranked.passage.article_id for ranked in passages)]
    if asked.role is Role.POST:
        return next((spans for passage in ordered if (spans := _posts(asked, passage))), ())
    about = [(_coverage(asked.about, passage), passage) for passage in ordered[:_ARTICLES]]
    # Of two that hold the same words (疫情通报 of two days) the one whose headline does.
    words = search_words(asked.about)
    coverage, best = max(
        about,
        key=lambda one: (one[0] >= _ABOUT, one[0] + term_coverage(words, fold(one[1].article.title))),
        default=(0.0, None),
    )
    if best is None or coverage < _ABOUT or not holds(heading(best), asked.headline):
        return ()
    found = _FINDERS[asked.role](asked, best)
    return (printed_span(best, found, _FOUND),) if found else ()


def _coverage(about: str, passage: Passage) -> float:
    """Return the share of a question's words that an article holds; 0 where it lacks a number of them (第31号通告)."""
    text = fold(f"{heading(passage)} {passage.article.body}")
    held = frozenset(search_words(text))
    undated = about
    for words in reversed(find_date_words(about)):
        undated = undated[: words.start] + " " + undated[words.end :]
    if any(word.isdecimal() and word not in held for word in search_words(undated)):
        return 0.0
    return term_coverage(search_words(about), text)


def _posts(asked: AskedRole, passage: Passage) -> tuple[Span, ...]:
    found = next((found for name in asked.names if (found := find_post(passage.article.body, name))), None)
    return (printed_span(passage, found, _FOUND),) if found else ()


def _reporters(asked: AskedRole, passage: Passage) -> Offsets | None:
    article = passage.article
    found = find_signed_reporters(article.body, asked.trade)
    if found is None and article.byline and (start := article.body.rfind(article.byline)) >= 0:
        found = start, start + len(article.byline)
    return found or (_signed(asked, article.body)[0] if asked.trade is None else None)


def _signed(asked: AskedRole, body: str) -> tuple[Offsets | None, Offsets | None]:
    return find_signature(
        body, [(words.start, words.end) for words in find_date_words(simplified_in_place(body))], first=asked.letter
    )


def _both(asked: AskedRole, passage: Passage) -> Offsets | None:
    who, day = _signed(asked, passage.article.body)
    return (min(who[0], day[0]), max(who[1], day[1])) if who and day else who or day


_FINDERS: dict[Role, Callable[[AskedRole, Passage], Offsets | None]] = {
    Role.REPORTER: _reporters,
    Role.SIGNER: lambda asked, passage: _signed(asked, passage.article.body)[0],
    Role.SIGNED_DAY: lambda asked, passage: _signed(asked, passage.article.body)[1],
    Role.SIGNATURE: _both,
}
