"""Training of how questions are encoded: low-rank changes (LoRA) for questions alone, against passages as they are.

A dual encoder whose passage side stays: a question's vector is drawn to those of the
passages that answer it, among all passages of its corpus (a contrastive loss with every
passage as a negative, where dense passage retrieval takes those of the batch; Karpukhin
et al., 2020). That costs little, as their vectors stay. Passages that stand beside the
answer, and those that hold its words elsewhere, are neither positive nor negative.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.models.encoder import SentenceEncoder, passage_text
from embeddings.models.lora import LowRank, copy_layers
from embeddings.models.question_adapter import save_changes
from embeddings.records import Article, Chunk
from embeddings.store.archive import Archive
from embeddings.text.letters import fold, simplified_in_place
from qa.errors import DatasetError
from qa.reading.matching import holds
from qa.training.evaluation import place_of, read_questions
from qa.training.loop import Schedule, TrainingLoop
from qa.training.recipe import QueryEncoderRecipe
from qa.training.squad import hold_out, read_samples
from qa.training.trainable_layers import open_layers

LONGEST = 128
"""Tokens of a question, at most."""
_FLOOR = 0.05
"""The share of the learning rate below which it does not decay."""
_SHORTEST_ANSWER = 3
"""Characters: shorter answers stand in many passages that do not answer."""
_MOST_IGNORED = 200
"""Passages elsewhere that hold the answer's words and are ignored, at most."""
_DEPTHS = (1, 10)  # of recall@k
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question with the passages of its corpus that answer it and those to ignore, by their rows."""

    text: str
    positives: tuple[int, ...]
    ignored: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages as the encoder reads them, and questions asked of them."""

    vectors: Tensor
    """Unit vectors of shape (passages, dimension)."""
    articles: tuple[int, ...]
    """The article that each passage stands in."""
    questions: tuple[TrainingQuestion, ...]
    held_out: tuple[TrainingQuestion, ...]
    """Questions held out, for development scores."""


Batch = Sequence[tuple[str, TrainingQuestion]]
"""Questions, each with the name of its corpus."""


def corpus_of_archive(archive: Archive, files: Iterable[Path], share: float) -> Corpus:
    """Return an archive with the answerable questions of JSONL files that stand on its articles.

    Held out are lines whose split is `dev`, and of those without one the lines of a `share` of the articles. Lines whose
    split is `test` are left out.
    """
    stored = list(archive.vectors(archive.keys().tolist()))
    order = [key for keys, _ in stored for key in keys.tolist()]
    passages = archive.passages(order)
    places = [place_of(passages[key]) for key in order]
    texts = [fold(f"{passages[key].article.title} {passages[key].text}") for key in order]
    questions: list[TrainingQuestion] = []
    held_out: list[TrainingQuestion] = []
    by_place = _rows(places)
    for example in (example for path in files for example in read_questions(path)):
        standing = [row for place in sorted(example.places) for row in by_place.get(place, ())]
        if standing and not example.history and example.split != "test":
            drawn = not example.split and random.Random("".join(min(example.places))).random() < share
            out = drawn or example.split == "dev"
            (held_out if out else questions).append(_question(example.question, example.answers, standing, texts))
    numbers = {place: number for number, place in enumerate(by_place)}
    vectors = torch.from_numpy(np.concatenate([vectors for _, vectors in stored]))
    return Corpus(vectors, tuple(numbers[place] for place in places), tuple(questions), tuple(held_out))


def corpus_of_set(
    path: Path, share: float, encoder: SentenceEncoder, split: Callable[[Article], list[Chunk]], contexts: int, seed: int
) -> Corpus:
    """Return up to so many passages of a SQuAD-shaped file, cut as an archive cuts articles, with their questions."""
    kept, out = hold_out([sample for sample in read_samples(path) if sample.answers], share)
    drawn: list[str] = []
    for samples, count in ((kept, contexts), (out, math.ceil(contexts * share * 2))):
        own = list(dict.fromkeys(sample.context for sample in samples))
        drawn += random.Random(seed).sample(own, min(count, len(own)))
    articles, texts, seen = [], [], []
    for number, context in enumerate(drawn):
        article = Article(title="", body=context)
        for chunk in split(article):
            articles.append(number)
            seen.append(passage_text(article, chunk.start, chunk.end))
            texts.append(fold(context[chunk.start : chunk.end]))
    rows = _rows(articles)
    numbers = {context: number for number, context in enumerate(drawn)}
    questions, held_out = (
        tuple(
            _question(sample.question, sample.answers, rows[numbers[sample.context]], texts)
            for sample in samples
            if sample.context in numbers
        )
        for samples in (kept, out)
    )
    return Corpus(torch.from_numpy(encoder.encode_passages(seen)), tuple(articles), questions, held_out)


def _rows(keys: Sequence[Key]) -> dict[Key, list[int]]:
    """Return the rows of each key."""
    found: dict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        found[key].append(row)
    return found


def _question(question: str, answers: Sequence[str], standing: Sequence[int], texts: Sequence[str]) -> TrainingQuestion:
    """Take the answering article's passages that hold the answer as positives; ignore its others, and the answer elsewhere."""
    answer = fold(answers[0]) if answers else ""
    positives = [row for row in standing if answer and holds(texts[row], answer)] or list(standing)
    own = set(standing)
    elsewhere: list[int] = []
    if len(answer) >= _SHORTEST_ANSWER:
        elsewhere = [row for row, text in enumerate(texts) if row not in own and answer in text and holds(text, answer)]
    return TrainingQuestion(question, tuple(positives), tuple(own.difference(positives)) + tuple(elsewhere[:_MOST_IGNORED]))


class QueryEncoder(nn.Module):
    """A copy of the encoder's layers with low-rank changes that learn."""

    def __init__(self, encoder: SentenceEncoder, rank: int) -> None:
        super().__init__()
        self._tokenizer, self._prompt = encoder.tokenizer, encoder.asked_with
        self.backbone = copy_layers(encoder.backbone)
        open_layers(self.backbone, rank)
        self.eval()  # it learns without dropout

    def forward(self, questions: Sequence[str]) -> Tensor:
        """Return unit vectors of shape (questions, dimension): the mean of the tokens' states, as the encoder takes it."""
        rows = [self._tokenizer.encode(self._prompt + simplified_in_place(question)).ids[:LONGEST] for question in questions]
        ids = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=1)
        mask = (torch.arange(ids.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]).float()
        states = self.backbone(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return functional.normalize((states * mask[:, :, None]).sum(1), dim=1)


def contrastive_loss(vectors: Tensor, corpus: Corpus, questions: Sequence[TrainingQuestion], temperature: float) -> Tensor:
    """Return the summed negative log-likelihood of the positives under a softmax over all passages but the ignored.

    `vectors` are the questions' unit vectors, of shape (questions, dimension).
    """
    total = vectors.new_zeros(())
    for scores, question in zip(vectors @ corpus.vectors.T / temperature, questions, strict=True):
        counted = scores.index_fill(0, torch.tensor(question.ignored, dtype=torch.long), -torch.inf)
        total = total + counted.logsumexp(0) - counted[list(question.positives)].logsumexp(0)
    return total


@torch.inference_mode()
def recall(model: QueryEncoder, corpus: Corpus, size: int = 64) -> dict[str, float]:
    """Return recall@1 and @10 of the held-out questions' articles, by meaning alone."""
    ranks = []
    for start in range(0, len(corpus.held_out), size):
        part = corpus.held_out[start : start + size]
        for scores, question in zip(model([question.text for question in part]) @ corpus.vectors.T, part, strict=True):
            near = scores.topk(min(len(scores), 100)).indices.tolist()
            order = list(dict.fromkeys(corpus.articles[row] for row in near))
            wanted = corpus.articles[question.positives[0]]
            ranks.append(order.index(wanted) if wanted in order else len(order))
    return {f"recall@{depth}": round(float(np.mean([rank < depth for rank in ranks])), 3) for depth in _DEPTHS} if ranks else {}


def train(encoder: SentenceEncoder, corpora: Mapping[str, Corpus], recipe: QueryEncoderRecipe, work: Path, out: Path) -> None:
    """Train the changes on the questions of several corpora and write them to `out`; what was cut off is taken up again.

    The log in the folder `work` holds the loss and the recall on held-out questions.
    """
    torch.manual_seed(recipe.seed)
    model = QueryEncoder(encoder, recipe.rank)
    learned = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    questions = [(name, question) for name, corpus in corpora.items() for question in corpus.questions]
    if not questions:
        raise DatasetError("questions_unanswered")
    # What is left over after whole batches is another part of the questions in each epoch.
    starts = [place * recipe.batch_size for place in range(max(1, len(questions) // recipe.batch_size))]

    def batches(epoch: int) -> list[Batch]:
        order = random.Random(f"{recipe.seed} {epoch}").sample(questions, len(questions))
        return [order[start : start + recipe.batch_size] for start in starts]

    def loss(batch: Batch) -> Tensor:
        vectors = model([question.text for _, question in batch])
        value: Tensor = vectors.new_zeros(())
        for name in sorted({name for name, _ in batch}):
            rows = [row for row, (own, _) in enumerate(batch) if own == name]
            part = [batch[row][1] for row in rows]
            value = value + contrastive_loss(vectors[rows], corpora[name], part, recipe.temperature)
        return value / len(batch)

    def score() -> dict[str, dict[str, float]]:
        return {name: recall(model, corpus) for name, corpus in corpora.items()}

    loop = TrainingLoop[Batch](model, optimizer, Schedule(recipe.warm_up, floor=_FLOOR, first=1), recipe, work)
    loop.run(batches, loss, score, score_first=True)
    with torch.no_grad():
        # Between the weights of before and those learnt lie some that have both skills (WiSE-FT; Wortsman et al., 2022).
        for module in model.modules():
            if isinstance(module, LowRank):
                module.b.mul_(recipe.interpolation)
    loop.note(interpolation=recipe.interpolation, scores=score())
    save_changes(out, encoder.backbone, model.backbone)
