"""A reader without training: sentences weighed by meaning and words, and in each the span of the asked kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.models.encoder import Encoder, passage_text
from embeddings.records import Passage
from embeddings.store.archive import Archive
from embeddings.text.sentences import sentence_spans
from qa.reading.answer_types import best_span, shared_words
from qa.reading.attribution import asked_speech, speech_fit, speeches
from qa.reading.reader import Reading, Span
from qa.retrieval.hybrid_search import RankedPassage, retrieve
from qa.understanding.question import Question, understand

PASSAGES_READ = 6
SENTENCES_ENCODED = 12  # those sharing most with the question; encoding is what reading takes its time for
_OPEN_KIND = 0.5  # of a kind that no pattern tells from others


@dataclass(frozen=True, slots=True)
class Features:
    """What the extractor weighs of one sentence."""

    cosine: float
    """Of question and sentence, less that of question and the best passage."""
    passage_cosine: float
    coverage: float
    """The share of the question's words, weighed by rarity, that stand in the sentence."""
    kind_found: float
    """1 where a span of the asked kind stands in the sentence, half for a kind that needs none."""
    rank: float
    """1 for the first passage, 1/2 for the second and so on."""

    def vector(self) -> list[float]:
        """Return the features in the order of the weights."""
        return [self.cosine, self.passage_cosine, self.coverage, self.kind_found, self.rank]


# Logistic regressions fitted by `python -m benchmarks.extractor`; the intercept stands last.
WEIGHTS = (33.67, 12.55, 2.10, 2.43, 2.66, -17.07)
TUNED_WEIGHTS = (18.44, 2.31, 2.26, 1.71, 3.21, -7.58)
"""Where questions are encoded with changes of their own (embeddings.models.question_adapter)."""


def weights_for(encoder: Encoder) -> Sequence[float]:
    """Return the weights that were fitted on cosines such as an encoder's."""
    return TUNED_WEIGHTS if encoder.tuned else WEIGHTS


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage that shares words with the question."""

    ranked: RankedPassage
    place: int
    """Of the passage among those found, from 0."""
    start: int
    end: int
    coverage: float
    context: float
    """The coverage of the sentence together with its headline and passage."""

    @property
    def text(self) -> str:
        return self.ranked.passage.article.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its features, and the span of the asked kind in it, if there is one."""

    passage: Passage
    start: int
    end: int
    span: tuple[int, int] | None
    features: Features


class SentenceReader:
    """Picks the sentence nearest in meaning and words, and in it a span of the asked kind."""

    name = "sentence-extractor"
    depth = 10
    min_confidence = 0.25

    def __init__(self, archive: Archive, weights: Sequence[float] | None = None) -> None:
        self._archive, self._weights = archive, weights

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        """Return the best span of each article, the likeliest first, and the passages as they came."""
        # What the other sentences of an article hold is seldom a second answer.
        best: dict[str, Span] = {}
        for span in self.spans(question, passages):
            best.setdefault(span.passage.article_id, span)
        return Reading(tuple(best.values()), tuple(passages))

    def spans(self, question: Question, passages: Sequence[RankedPassage]) -> list[Span]:
        """Return one span for each likely sentence, the likeliest first, none that shares no word with the question."""
        weights = np.array(weights_for(self._archive.encoder) if self._weights is None else self._weights)
        found = []
        for candidate in self.candidates(question, passages[:PASSAGES_READ]):
            score = float(np.array([*candidate.features.vector(), 1.0]) @ weights)
            start, end = candidate.span or (candidate.start, candidate.end)
            confidence = 1 / (1 + math.exp(-score))
            found.append(Span(candidate.passage, start, end, candidate.start, candidate.end, confidence))
        return sorted(found, key=lambda span: -span.confidence)

    def warm_up(self) -> None:
        """Load all that the first question would otherwise wait for."""
        question = understand("谁在哪里看报？")
        self.read(question, retrieve(self._archive, question.text, PASSAGES_READ))
        best_span("今日张三在某市看报。", question)

    def candidates(self, question: Question, passages: Sequence[RankedPassage]) -> list[Candidate]:
        """Return the sentences of the passages that share most with the question, with their features."""
        sentences = self._sentences(question, passages)
        if not sentences:
            return []
        query = self._archive.question_vector(question.put)[0]
        # With its headline, as passages are: a sentence by itself often leaves out whom it speaks of.
        texts = [passage_text(one.ranked.passage.article, one.start, one.end) for one in sentences]
        cosines = (self._archive.encoder.encode_passages(texts) @ query).tolist()
        nearest = max(ranked.dense for ranked in passages)
        told = asked_speech(question)
        bodies = {sentence.ranked.passage.article.body for sentence in sentences} if told else ()
        spoken = {body: speeches(body) for body in bodies}
        found = []
        for sentence, cosine in zip(sentences, cosines, strict=True):
            span = best_span(sentence.text, question)
            body = sentence.ranked.passage.article.body
            said = told is not None and bool(speech_fit(told, body, spoken[body], sentence.start, sentence.end))
            features = Features(
                cosine=cosine - nearest,
                passage_cosine=sentence.ranked.dense,
                coverage=sentence.coverage,
                kind_found=1.0 if span or said else 0.0 if question.expects.decisive else _OPEN_KIND,
                rank=1 / (1 + sentence.place),
            )
            start = sentence.start
            absolute = (start + span[0], start + span[1]) if span else None
            found.append(Candidate(sentence.ranked.passage, start, sentence.end, absolute, features))
        return found

    def _sentences(self, question: Question, passages: Sequence[RankedPassage]) -> list[_Sentence]:
        """Return the sentences worth encoding; one that shares no word with the question is never among them."""
        weights = self._word_weights(question)
        total = sum(weights.values()) or 1.0
        found: dict[tuple[str, int], _Sentence] = {}  # overlapping chunks bring some sentences twice
        for place, ranked in enumerate(passages):
            passage = ranked.passage
            around = shared_words(question, f"{passage.article.title}\n{passage.article.kicker or ''}\n{passage.text}")
            for start, end in sentence_spans(passage.article.body, passage.start, passage.end):
                own = shared_words(question, passage.article.body[start:end])
                if own and (passage.article_id, start) not in found:
                    coverage, context = (sum(weights[word] for word in words) / total for words in (own, own | around))
                    found[passage.article_id, start] = _Sentence(ranked, place, start, end, coverage, context)
        order = sorted(found.values(), key=lambda one: (-one.coverage - one.context, one.place, one.start))
        return order[:SENTENCES_ENCODED]

    def _word_weights(self, question: Question) -> dict[str, float]:
        """Weigh the question's words by their rarity in the archive (BM25's idf); one that never occurs weighs most."""
        total = len(self._archive)
        frequencies = self._archive.document_frequencies(question.words)
        return {word: math.log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in frequencies.items()}
