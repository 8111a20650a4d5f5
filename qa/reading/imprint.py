"""Reading a masthead: it is no prose, so its facts are found by the words printed beside them."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.records import ArticleKind
from qa.reading.reader import Span, printed_span
from qa.retrieval.hybrid_search import RankedPassage
from qa.understanding.imprint_facts import asked_fact, find_fact

PRINTED = 0.95
"""How likely what stands under the asked label is what was asked for."""


def read_imprint(question: str, passages: Sequence[RankedPassage]) -> tuple[Span, ...]:
    """Return the fact that a question asks for in each masthead among the passages, quoted with its line."""
    mastheads = [ranked.passage for ranked in passages if ranked.passage.article.kind is ArticleKind.MASTHEAD]
    fact = asked_fact(question, tuple(passage.paper for passage in mastheads)) if mastheads else None
    if fact is None:
        return ()
    places = ((passage, find_fact(fact, passage.article.body, question)) for passage in mastheads)
    return tuple(printed_span(passage, found, PRINTED) for passage, found in places if found)
