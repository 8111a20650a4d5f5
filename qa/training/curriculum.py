"""What training shows the reader: windows with the answer and without it, drawn anew for each epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from embeddings.text.chunks import split_article
from embeddings.text.segmentation import fold, simplified_in_place
from embeddings.text.sentences import sentence_spans
from qa.reading.matching import holds
from qa.reading.network import MAX_ANSWER, Batch
from qa.reading.windows import Tokens, Window, Windower
from qa.training.recipe import Recipe
from qa.training.squad import Sample, Wrong


@dataclass(frozen=True, slots=True)
class Item:
    """A window with what is to be found in it: characters of the window, or -1 for "not here"."""

    window: Window
    first: int
    last: int
    evidence: tuple[tuple[int, int], ...] | None
    """The proving sentences, in characters of the window; None where nothing is known of them."""


@dataclass(frozen=True, slots=True)
class Material:
    """A sample cut into tokens once: training looks at it many times."""

    sample: Sample
    question: Tokens
    text: Tokens
    lead: Tokens | None
    wrong: tuple[tuple[Tokens | None, Tokens], ...]
    """Headlines and chunks that look like the question's but do not hold its answer."""
    proof: tuple[tuple[int, int], ...]


class Curriculum:
    """The items of each epoch, drawn anew from the seed and the epoch's number."""

    def __init__(self, samples: Sequence[Sample], windower: Windower, recipe: Recipe) -> None:
        self._recipe, self._windower = recipe, windower
        # Questions that their own passage does not answer teach "not here"; answers that stand nowhere teach nothing.
        usable = [sample for sample in samples if sample.spans or not sample.answers]
        self._plain = prepare(add_wrong(usable) if recipe.wrong else usable, windower)
        folded = {place: small for place, sample in enumerate(usable) if (small := simplify(sample)) is not None}
        known = prepare(list(folded.values()), windower) if recipe.folded else []
        self._folded = dict(zip(folded, known, strict=False))

    def batches(self, epoch: int) -> list[list[Item]]:
        """Return the epoch's batches of about `batch_tokens` tokens, windows of like length together."""
        drawn = random.Random(f"{self._recipe.seed}/{epoch}")
        items = list(self._items(drawn))
        drawn.shuffle(items)
        batches: list[list[Item]] = []
        for start in range(0, len(items), 1000):
            batch: list[Item] = []
            for item in sorted(items[start : start + 1000], key=lambda item: len(item.window.ids)):
                if batch and len(item.window.ids) * (len(batch) + 1) > self._recipe.batch_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(item)
            batches.append(batch)
        drawn.shuffle(batches)
        return batches

    def _items(self, drawn: random.Random) -> Iterator[Item]:
        for place, plain in enumerate(self._plain):
            folded = self._folded.get(place)
            material = folded if folded is not None and drawn.random() < self._recipe.folded else plain
            lead = material.lead if drawn.random() < self._recipe.titled else None
            room = drawn.randint(self._recipe.shortest, self._recipe.longest)
            if material.sample.spans:
                item = self._holding(material, room, lead, drawn)
                if item is not None:
                    yield item
            else:
                yield self._lacking(material.question, material.text, room, lead)
            if plain.wrong and drawn.random() < self._recipe.wrong:
                other, text = drawn.choice(plain.wrong)
                yield self._lacking(plain.question, text, room, other if lead is not None else None)

    def _lacking(self, question: Tokens, text: Tokens, room: int, lead: Tokens | None) -> Item:
        """Show the beginning of a text that does not answer."""
        return Item(self._windower.window(question, text, 0, min(len(text), room), lead), -1, -1, ())

    def _holding(self, material: Material, room: int, lead: Tokens | None, drawn: random.Random) -> Item | None:
        """Cut a window of `room` tokens around the answer, which may stand anywhere in it."""
        start, end = material.sample.spans[0]
        text = material.text
        inside = np.flatnonzero((text.ends > start) & (text.starts < end))
        if not len(inside):
            return None
        first, last = int(inside[0]), int(inside[-1]) + 1
        low = max(0, min(last - room, first))
        high = max(low, min(first, len(text) - room))
        begin = drawn.randint(low, high)
        window = self._windower.window(material.question, text, begin, min(len(text), max(begin + room, last)), lead)
        place = window.place(start, end)
        # A longer answer than the model may give would pull every other score down.
        if place is None or place[1] - place[0] >= MAX_ANSWER:
            return None
        proof = tuple((low - window.first, high - window.first) for low, high in material.proof)
        return Item(window, *place, proof or None)


def prepare(samples: Sequence[Sample], windower: Windower) -> list[Material]:
    """Cut samples into tokens, each text once."""
    texts = {text for sample in samples for text in (sample.question, sample.context, sample.title) if text}
    texts |= {text for sample in samples for other in sample.wrong for text in (other.title, other.context) if text}
    order = sorted(texts)
    cut = dict(zip(order, windower.batch(order), strict=True))
    return [
        Material(
            sample,
            cut[sample.question],
            cut[sample.context],
            cut.get(sample.title),
            tuple((cut.get(other.title), cut[other.context]) for other in sample.wrong),
            proof(sample),
        )
        for sample in samples
    ]


def proof(sample: Sample) -> tuple[tuple[int, int], ...]:
    """Return the sentences that prove a sample's answer: the set's own where they hold it, else those it stands in."""
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


def add_wrong(samples: Sequence[Sample], count: int = 6) -> list[Sample]:
    """Give each sample that brings no wrong passages those chunks of others that share most letters with its question.

    Likeness is TF-IDF over pairs of characters: quick, and as easily deceived
    by shared names as any search. Chunks that hold an answer are left out.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    titles = {sample.context: sample.title for sample in samples if not sample.wrong}
    chunks = [
        Wrong(title, context[chunk.start : chunk.end]) for context, title in titles.items() for chunk in split_article(context)
    ]
    if not chunks:
        return list(samples)
    folded = [fold(chunk.context) for chunk in chunks]
    measure = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True, dtype=np.float32)
    table = measure.fit_transform(folded).T.tocsr()
    found: list[Sample] = []
    for start in range(0, len(samples), 256):
        part = samples[start : start + 256]
        likeness = (measure.transform([fold(sample.question) for sample in part]) @ table).toarray()
        best = np.argsort(-likeness, axis=1)[:, : count + 4]
        for sample, places in zip(part, best, strict=True):
            good = [chunks[place] for place in places if not any(holds(folded[place], answer) for answer in sample.answers)]
            found.append(sample if sample.wrong else replace(sample, wrong=tuple(good[:count])))
    return found


def collate(items: Sequence[Item], pad: int, device: torch.device | None = None) -> tuple[Batch, Tensor, Tensor, Tensor]:
    """Return a batch with the first and last characters and the evidence to be found in it."""
    batch = Batch.of([item.window for item in items], pad, device)
    evidence = np.full(batch.starts.shape, -1, dtype=np.float32)
    for row, item in zip(evidence, items, strict=True):
        if item.evidence is not None:
            length = len(item.window.starts)
            row[:length] = 0
            for low, high in item.evidence:
                row[max(low, 0) : max(min(high, length), 0)] = 1
    first, last = (torch.tensor([getattr(item, name) for item in items], device=device) for name in ("first", "last"))
    return batch, first, last, torch.from_numpy(evidence).to(device)
