"""Questions in the manner of news, made from an archive by rule, with hard negatives from the search.

What a cloze question finds in the archive, without holding its answer, is what a
reader must learn to decline: the same column on another day, the same story told
elsewhere (hard negatives, as in Karpukhin et al., 2020).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from embeddings.records import Passage
from embeddings.store.archive import Archive
from embeddings.text.letters import fold
from qa.answering.cloze import LONGEST, SHORTEST, clozes, wording
from qa.reading.reader import heading
from qa.retrieval.hybrid_search import retrieve
from qa.training.squad import HardNegative, Sample

_SEARCHED = 16  # passages of a search, of which some are hard negatives
_PATIENCE = 500  # draws in a row that give no question, before an archive counts as used up


def generate(archive: Archive, count: int, seed: int, without: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Sample]:
    """Yield `count` questions on chunks drawn from the archive; `without` names articles, as (date, headline), to leave alone.

    Each has the headline that leads its chunk as title, and up to eight hard negatives. Fewer come from an archive
    where there is nothing to ask for.
    """
    drawn = random.Random(seed)
    keys = archive.keys().tolist()
    made = missed = 0
    while made < count and keys and missed < _PATIENCE:
        missed += 1
        (passage,) = archive.passages([drawn.choice(keys)]).values()
        if (passage.issue_date.isoformat(), passage.article.title) in without:
            continue
        found = clozes(passage, drawn)
        if not found:
            continue
        cloze = drawn.choice(found)
        text = wording(passage, cloze, drawn)
        if not SHORTEST <= len(text) <= LONGEST + 20:
            continue
        answer = passage.article.body[slice(*cloze.answer)]
        if fold(answer) in fold(text):  # the day of the issue, put in front of a question for that day
            continue
        start = cloze.answer[0] - passage.start
        yield Sample(
            id=f"{passage.chunk_id}-{start}",
            question=text,
            context=passage.text,
            title=heading(passage),
            answers=(answer,),
            spans=((start, start + len(answer)),),
            hard_negatives=hard_negatives(archive, text, passage, answer),
        )
        made, missed = made + 1, 0


def hard_negatives(
    archive: Archive, question: str, passage: Passage, answer: str | None, *, kept: int = 8, beside: bool = True
) -> tuple[HardNegative, ...]:
    """Return what the search brings for a question without holding the answer's words, the most deceptive first.

    An answer of None is held by nothing. Without `beside`, other passages of the
    same article do not count: who wrote the question saw only one of them.
    """
    found = [ranked.passage for ranked in retrieve(archive, question, _SEARCHED)]
    own = [other.chunk_id == passage.chunk_id if beside else other.article_id == passage.article_id for other in found]
    return tuple(
        HardNegative(heading(other), other.text)
        for other, skipped in zip(found, own, strict=True)
        if not skipped and (answer is None or fold(answer) not in fold(other.article.title + other.text))
    )[:kept]
