"""Training windows for the reader: with the answer and, from hard negatives, without it, drawn anew for each epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from embeddings.text.chunks import split_article
from embeddings.text.letters import fold, simplified_in_place
from embeddings.text.sentences import sentence_spans
from qa.reading.matching import holds
from qa.reading.network import MAX_ANSWER, Batch
from qa.reading.windows import Tokens, Window, Windower
from qa.training.recipe import ReaderRecipe
from qa.training.squad import CharSpan, HardNegative, Sample

_POOL = 1000  # windows of which those of like length come together


@dataclass(frozen=True, slots=True)
class LabelledWindow:
    """A window with its label: the first and last characters of the answer in it, or -1 for "not here"."""

    window: Window
    first: int
    last: int
    evidence: tuple[CharSpan, ...] | None
    """The evidence sentences, in characters of the window; None where nothing is known of them."""
    source: Source


@dataclass(frozen=True, slots=True)
class Source:
    """What a window was cut from."""

    question: Tokens
    context: Tokens
    title: Tokens | None
    text: str = ""
    """The context's characters, where it answers."""
    span: CharSpan | None = None
    """Where the answer stands in the context; None where it does not answer."""


@dataclass(frozen=True, slots=True)
class TokenizedSample:
    """A sample cut into tokens once: training looks at it many times."""

    sample: Sample
    question: Tokens
    context: Tokens
    title: Tokens | None
    hard_negatives: tuple[tuple[Tokens | None, Tokens], ...]
    """Titles and contexts."""
    evidence: tuple[CharSpan, ...]


class WindowSampler:
    """Draws the windows of each epoch from the seed and the epoch's number alone."""

    def __init__(self, samples: Sequence[Sample], windower: Windower, recipe: ReaderRecipe) -> None:
        self._recipe, self._windower = recipe, windower
        # Questions that their own passage does not answer teach "not here"; answers that stand nowhere teach nothing.
        usable = [sample for sample in samples if sample.spans or not sample.answers]
        self._printed = tokenize(mine_hard_negatives(usable) if recipe.negatives else usable, windower)
        self._simplified: dict[int, TokenizedSample] = {}
        if recipe.simplified:
            found = {number: small for number, sample in enumerate(usable) if (small := simplify(sample)) is not None}
            self._simplified = dict(zip(found, tokenize(list(found.values()), windower), strict=True))

    def batches(self, epoch: int) -> list[list[LabelledWindow]]:
        """Return the epoch's batches of about `batch_tokens` tokens, windows of like length together."""
        drawn = random.Random(f"{self._recipe.seed}/{epoch}")
        windows = list(self._windows(drawn))
        drawn.shuffle(windows)
        batches: list[list[LabelledWindow]] = []
        for start in range(0, len(windows), _POOL):
            batch: list[LabelledWindow] = []
            for labelled in sorted(windows[start : start + _POOL], key=lambda labelled: len(labelled.window.ids)):
                if batch and len(labelled.window.ids) * (len(batch) + 1) > self._recipe.batch_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(labelled)
            batches.append(batch)
        drawn.shuffle(batches)
        return batches

    def _windows(self, drawn: random.Random) -> Iterator[LabelledWindow]:
        for number, printed in enumerate(self._printed):
            simplified = self._simplified.get(number)
            sample = simplified if simplified is not None and drawn.random() < self._recipe.simplified else printed
            title = sample.title if drawn.random() < self._recipe.titled else None
            room = drawn.randint(self._recipe.shortest, self._recipe.longest)
            if sample.sample.spans:
                positive = self._positive(sample, room, title, drawn)
                if positive is not None:
                    yield positive
            else:
                # Whole, since what deceives in it may stand anywhere.
                yield self._negative(sample.question, sample.context, self._recipe.longest, title)
            if printed.hard_negatives and drawn.random() < self._recipe.negatives:
                other, context = drawn.choice(printed.hard_negatives)
                yield self._negative(printed.question, context, room, other if title is not None else None)

    def _negative(self, question: Tokens, context: Tokens, room: int, title: Tokens | None) -> LabelledWindow:
        """Cut a window of `room` tokens from the beginning of a context that does not answer."""
        window = self._windower.window(question, context, 0, min(len(context), room), title)
        return LabelledWindow(window, -1, -1, (), Source(question, context, title))

    def _positive(
        self, sample: TokenizedSample, room: int, title: Tokens | None, drawn: random.Random
    ) -> LabelledWindow | None:
        """Cut a window of `room` tokens around the answer, which may stand anywhere in it; None where it does not fit."""
        start, end = sample.sample.spans[0]
        context = sample.context
        inside = np.flatnonzero((context.ends > start) & (context.starts < end))
        if not len(inside):
            return None
        first, last = int(inside[0]), int(inside[-1]) + 1
        low = max(0, min(last - room, first))
        high = max(low, min(first, len(context) - room))
        begin = drawn.randint(low, high)
        window = self._windower.window(sample.question, context, begin, min(len(context), max(begin + room, last)), title)
        place = window.place(start, end)
        # A longer answer than the model may give would pull every other score down.
        if place is None or place[1] - place[0] >= MAX_ANSWER:
            return None
        evidence = tuple((low - window.first, high - window.first) for low, high in sample.evidence)
        source = Source(sample.question, context, title, sample.sample.context, (start, end))
        return LabelledWindow(window, *place, evidence or None, source)


def tokenize(samples: Sequence[Sample], windower: Windower) -> list[TokenizedSample]:
    """Cut samples into tokens, each text once."""
    texts = {text for sample in samples for text in (sample.question, sample.context, sample.title) if text}
    texts |= {text for sample in samples for other in sample.hard_negatives for text in (other.title, other.context) if text}
    order = sorted(texts)
    cut = dict(zip(order, windower.batch(order), strict=True))
    return [
        TokenizedSample(
            sample,
            cut[sample.question],
            cut[sample.context],
            cut.get(sample.title),
            tuple((cut.get(other.title), cut[other.context]) for other in sample.hard_negatives),
            evidence_spans(sample),
        )
        for sample in samples
    ]


def evidence_spans(sample: Sample) -> tuple[CharSpan, ...]:
    """Return the sentences that prove a sample's answer: the set's own (ExpMRC) where they hold it, else those it stands in."""
    if not sample.spans:
        return ()
    start, end = sample.spans[0]
    found = []
    for evidence in sample.evidences:
        place = sample.context.find(evidence)
        if place >= 0 and place < end and start < place + len(evidence):
            found.append((place, place + len(evidence)))
    return tuple(found) or tuple(span for span in sentence_spans(sample.context) if span[0] < end and start < span[1])


def simplify(sample: Sample) -> Sample | None:
    """Return a sample in Simplified characters, all places unmoved; None where that is the same."""
    context = simplified_in_place(sample.context)
    if context == sample.context:
        return None
    question, title = simplified_in_place(sample.question), simplified_in_place(sample.title)
    return replace(sample, context=context, question=question, title=title)


def mine_hard_negatives(samples: Sequence[Sample], count: int = 6) -> list[Sample]:
    """Give each sample that brings no hard negatives those chunks of others that share most characters with its question.

    Similarity is TF-IDF over pairs of characters: quick, and as easily deceived
    by shared names as any search. Chunks that hold an answer are left out.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    titles = {sample.context: sample.title for sample in samples if not sample.hard_negatives}
    chunks = [
        HardNegative(title, context[chunk.start : chunk.end])
        for context, title in titles.items()
        for chunk in split_article(context)
    ]
    if not chunks:
        return list(samples)
    folded = [fold(chunk.context) for chunk in chunks]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True, dtype=np.float32)
    table = vectorizer.fit_transform(folded).T.tocsr()
    found: list[Sample] = []
    for start in range(0, len(samples), 256):
        part = samples[start : start + 256]
        similarity = (vectorizer.transform([fold(sample.question) for sample in part]) @ table).toarray()
        best = np.argsort(-similarity, axis=1)[:, : count + 4]
        for sample, places in zip(part, best, strict=True):
            # What else might answer a question without an answer, nobody knows.
            good = [
                chunks[place]
                for place in places
                if sample.answers and not any(holds(folded[place], answer) for answer in sample.answers)
            ]
            found.append(sample if sample.hard_negatives else replace(sample, hard_negatives=tuple(good[:count])))
    return found


def collate(
    windows: Sequence[LabelledWindow], pad: int, device: torch.device | None = None
) -> tuple[Batch, Tensor, Tensor, Tensor]:
    """Return a batch with its labels: the first and last characters of shape (windows,), evidence of (windows, characters)."""
    batch = Batch.of([labelled.window for labelled in windows], pad, device)
    evidence = np.full(batch.starts.shape, -1, dtype=np.float32)
    for row, labelled in zip(evidence, windows, strict=True):
        if labelled.evidence is not None:
            length = len(labelled.window.starts)
            row[:length] = 0
            for low, high in labelled.evidence:
                row[max(low, 0) : max(min(high, length), 0)] = 1
    first, last = (torch.tensor([getattr(labelled, name) for labelled in windows], device=device) for name in ("first", "last"))
    return batch, first, last, torch.from_numpy(evidence).to(device)
