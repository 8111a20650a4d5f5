"""Reading a masthead: it is no prose, so its facts are found by the words printed beside them."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.records import ArticleKind
from embeddings.text.sentences import sentence_spans
from qa.reading.reader import Span
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
    spans = []
    for passage in mastheads:
        body = passage.article.body
        found = find_fact(fact, body, question)
        if found:
            touched = [line for line in sentence_spans(body) if line[0] < found[1] and found[0] < line[1]]
            spans.append(Span(passage, *found, touched[0][0], touched[-1][1], PRINTED))
    return tuple(spans)
