"""Questions to go on with: what else an article tells, each asked of the archive before it is offered."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from embeddings.records import ArticleKind, Passage
from embeddings.text.letters import fold
from embeddings.text.segmentation import search_words
from qa.answering.answer import Answer
from qa.answering.cloze import LONGEST, SHORTEST, clozes, wording
from qa.reading.calibration import LIKELY
from qa.reading.matching import holds

SUGGESTED = 3
MOST_ASKED = 6
"""Questions asked at most; on two cores one takes some 0.3 s."""
_DRAWS = 40  # of a sentence and of what is asked of it
# Of the questions made by rule those that count something read like a person's.
_COUNTING = re.compile("多少|百分之")
# What points at words that the question does not hold, and numbers that were cut in two: 多少比74.
_LAME = re.compile(
    r"[他她它这该其此]|我[们市省国]|本[届次市报]|上述|(?:^|[，,、；;])(?:称|说|并|而|但|使|由)"
    r"|[·\d]多少|多少[^，,。]{0,3}\d|\s|[:：]"
    # A statement of several clauses, or one that something else is told of (走完多少公里的总干渠), makes no question.
    r"|[，,、；;]|多少[^？]{0,12}[的和]|^[为在从自对据经由向与和及至到把被将其]|^[的了着过]"
)
_SHARED = 0.6  # of the words of one of two questions, in the other, for both to ask the same


def suggest_questions(passage: Passage, asked: str) -> Iterator[tuple[str, str]]:
    """Yield questions that other words of a passage's article answer, with these words; the same ones each time.

    They are made by rule, so that it takes an answer to tell whether one is any good: see `is_answer`.
    """
    if passage.article.kind is ArticleKind.MASTHEAD:
        return
    whole = replace(passage, start=0, end=len(passage.article.body))
    drawn = random.Random(zlib.crc32(passage.article_id.encode()))
    told, given = [asked], set[str]()
    for _ in range(_DRAWS):
        found = clozes(whole, drawn)
        if not found:
            continue
        cloze = drawn.choice(found)
        # 多少 without a unit reads well where it closes the question, and hardly elsewhere.
        closing = cloze.clause[1] - cloze.answer[1] <= 1
        if not _COUNTING.match(cloze.asking) or (cloze.asking == "多少" and not closing):
            continue
        text = wording(whole, cloze, drawn, printed=True).rstrip("？") + "？"
        answer = whole.article.body[slice(*cloze.answer)]
        fits = SHORTEST <= len(text) <= LONGEST and not _LAME.search(text) and fold(answer) not in fold(text)
        if fits and answer not in given and not any(_same(text, other) or fold(answer) in fold(other) for other in told):
            told.append(text)
            given.add(answer)
            yield text, answer


def is_answer(answer: Answer, article_id: str, words: str) -> bool:
    """Say whether an answer is likely, of this article and of these words."""
    if not answer.findings or answer.findings[0].confidence < LIKELY:
        return False
    first = answer.findings[0]
    article = next(citation.passage.article_id for citation in answer.citations if citation.id == first.citation)
    return article == article_id and (holds(first.text, words) or holds(words, first.text))


def worth_asking(passage: Passage, asked: str) -> Iterator[tuple[str, str]]:
    """Yield as many as are worth their time."""
    return islice(suggest_questions(passage, asked), MOST_ASKED)


def _same(one: str, other: str) -> bool:
    """Say whether two questions share most words of the shorter one."""
    words, others = frozenset(search_words(one)), frozenset(search_words(other))
    return bool(words and others) and len(words & others) >= _SHARED * min(len(words), len(others))
