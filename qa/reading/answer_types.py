"""The span that answers within a sentence: of the asked kind, unit and sort, nearest to the question's words."""

from __future__ import annotations

import re

from embeddings.text.letters import fold, fold_aligned
from embeddings.text.segmentation import search_words
from qa.reading.matching import holds
from qa.understanding.asking_words import INTERROGATIVE
from qa.understanding.entities import Offsets
from qa.understanding.question import Question

_BONUS = 4  # characters that a lead makes a span nearer
_FAR = 24  # characters beyond which a word says nothing of a span
_ASKED_SORT = re.compile(r"哪[一二两三几些]?[个座条家处支所片]?([\u4e00-\u9fff]{1,2})")


def find_spans(sentence: str, question: Question) -> list[Offsets]:
    """Return the spans of the asked kind, in order; empty for kinds that a pattern cannot tell."""
    finds = question.expects.finds
    return finds(sentence, question) if finds else []


def type_match(text: str, question: Question) -> float:
    """Say whether words hold what the question asks for: 1 or -1, and 0 where its kind cannot be told by a pattern."""
    kind = question.expects
    if not kind.decisive:
        return 0.0
    spans = find_spans(text, question)
    return 1.0 if (kind.of_unit(text, spans, question) if kind.of_unit else spans) else -1.0


def best_span(sentence: str, question: Question) -> Offsets | None:
    """Return the span of the asked kind that stands closest to the question's words, or None.

    A span that the question itself holds answers nothing, and neither does a
    number of another unit than the one asked.
    """
    kind = question.expects
    spans = [span for span in find_spans(sentence, question) if not holds(question.text, sentence[slice(*span)])]
    for keeps in (kind.of_unit, kind.of_grain):
        spans = keeps(sentence, spans, question) if keeps else spans
    if not spans:
        return None
    places = _word_places(sentence, question)
    if kind.farthest is not None and not any(
        max(span[0] - place[1], place[0] - span[1]) <= kind.farthest for span in spans for _, found in places for place in found
    ):
        return None
    sort = _ASKED_SORT.search(question.text)
    vague = kind.vague(sentence) if kind.vague else frozenset()

    def cost(span: Offsets) -> float:
        nearest = [min(_distance(sentence, span, place, after) for place in found) for after, found in places]
        distance = sum(min(found, _FAR) for found in nearest) / len(nearest) if nearest else float(span[0])
        before = sentence[: span[0]]
        led = kind.lead is not None and kind.lead.search(before) is not None
        misled = kind.misleads is not None and kind.misleads.search(before) is not None
        sorts = sort is not None and sentence[slice(*span)].endswith(sort[1])
        return distance - _BONUS * (led + sorts) + 2 * _BONUS * misled + _FAR * (span in vague)

    return min(spans, key=cost)


def shared_words(question: Question, text: str) -> frozenset[str]:
    """Return the question's search words that also stand in a text."""
    return frozenset(question.words) & frozenset(search_words(text))


def _word_places(sentence: str, question: Question) -> list[tuple[bool, list[Offsets]]]:
    """Find the question's words in a sentence: for each, whether it stands behind the asking word, and its places."""
    folded, asked = fold_aligned(sentence), fold(question.text)
    turn = INTERROGATIVE.search(asked)
    found = []
    for word in question.words:
        if len(word) < 2 and not word.isdigit():
            continue
        places = [folded.span(*match.span()) for match in re.finditer(re.escape(word), folded.text)]
        if places:
            found.append((turn is not None and asked.find(word) >= turn.start(), places))
    return found


def _distance(sentence: str, span: Offsets, place: Offsets, after: bool = False) -> float:
    """Count the characters between a span and a word, more for each comma.

    Answers keep the order of the question more often than not, so a word on the other side than asked is farther.
    """
    if span[0] < place[1] and place[0] < span[1]:
        return 0
    before = place[1] <= span[0]
    between = sentence[place[1] : span[0]] if before else sentence[span[1] : place[0]]
    stops = sum(map(between.count, "，,、")) + 4 * sum(map(between.count, "；;"))
    return (1.5 if after is before else 1) * (len(between) + 3 * stops)
