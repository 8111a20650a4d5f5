"""Training of how questions are encoded: low-rank changes for questions alone, against passages as they are encoded already.

A question's vector is drawn to those of the passages that answer it, among all passages of
its corpus: a softmax over all of them costs little, as their vectors stay. What stands
beside the answer, and what holds its words elsewhere, counts neither way.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from embeddings.models.encoder import SentenceEncoder, passage_text
from embeddings.models.lora import LowRank, copy_layers
from embeddings.models.question_adapter import save_changes
from embeddings.records import Article, Chunk
from embeddings.store.archive import Archive
from embeddings.text.segmentation import fold, simplified_in_place
from qa.reading.matching import holds
from qa.training.evaluation import place_of, read_jsonl
from qa.training.recipe import Tuning
from qa.training.squad import DatasetError, hold_out, read_samples
from qa.training.train_reader import CHECKPOINT, LOG, open_layers

LONGEST = 128
"""Tokens of a question, at most."""
SAVED_EVERY = 120.0
"""Seconds between two checkpoints, about."""
_TELLING = 3
"""Characters: shorter answers stand in many passages that do not answer."""
_ALSO = 200
"""Passages elsewhere that hold the answer's words and count neither way, at most."""
_DEPTHS = (1, 10)
Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the rows of its corpus that answer it, and those that count neither way."""

    text: str
    right: tuple[int, ...]
    aside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages as the encoder reads them, and questions asked of them."""

    vectors: Tensor
    """Unit vectors of shape (passages, dimension)."""
    articles: tuple[int, ...]
    """The article that each passage stands in."""
    asked: tuple[Asked, ...]
    held: tuple[Asked, ...]
    """Questions held out, for development scores."""


def of_archive(archive: Archive, files: Iterable[Path], share: float) -> Corpus:
    """Return an archive with the answerable questions of JSONL files; those of a `share` of its articles are held out."""
    stored = list(archive.vectors(archive.keys().tolist()))
    order = [key for keys, _ in stored for key in keys.tolist()]
    passages = archive.passages(order)
    places = [place_of(passages[key]) for key in order]
    texts = [fold(f"{passages[key].article.title} {passages[key].text}") for key in order]
    asked: list[Asked] = []
    held: list[Asked] = []
    by_place = _rows(places)
    for example in (example for path in files for example in read_jsonl(path)):
        standing = [row for place in sorted(example.places) for row in by_place.get(place, ())]
        if standing and not example.history:
            out = random.Random("".join(min(example.places))).random() < share
            (held if out else asked).append(_asked(example.question, example.answers, standing, texts))
    numbers = {place: number for number, place in enumerate(by_place)}
    vectors = torch.from_numpy(np.concatenate([vectors for _, vectors in stored]))
    return Corpus(vectors, tuple(numbers[place] for place in places), tuple(asked), tuple(held))


def of_set(
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
    asked, held = (
        tuple(
            _asked(sample.question, sample.answers, rows[numbers[sample.context]], texts)
            for sample in samples
            if sample.context in numbers
        )
        for samples in (kept, out)
    )
    return Corpus(torch.from_numpy(encoder.encode_passages(seen)), tuple(articles), asked, held)


def _rows(places: Sequence[Place]) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = defaultdict(list)
    for row, place in enumerate(places):
        found[place].append(row)
    return found


def _asked(question: str, answers: Sequence[str], standing: Sequence[int], texts: Sequence[str]) -> Asked:
    """Tell the passages of the answering article that hold the answer from those that do not, and find it elsewhere."""
    answer = fold(answers[0]) if answers else ""
    right = [row for row in standing if answer and holds(texts[row], answer)] or list(standing)
    own = set(standing)
    elsewhere: list[int] = []
    if len(answer) >= _TELLING:
        elsewhere = [row for row, text in enumerate(texts) if row not in own and answer in text and holds(text, answer)][:_ALSO]
    return Asked(question, tuple(right), tuple(own.difference(right)) + tuple(elsewhere))


class QuestionEncoder(nn.Module):
    """A copy of the encoder's layers with low-rank changes that learn."""

    def __init__(self, encoder: SentenceEncoder, rank: int) -> None:
        super().__init__()
        self._tokenizer, self._prompt = encoder.tokenizer, encoder.asked_with
        self.backbone = copy_layers(encoder.backbone).eval()
        open_layers(self.backbone, rank)

    def forward(self, questions: Sequence[str]) -> Tensor:
        """Return unit vectors of shape (questions, dimension): the mean of the tokens' states, as the encoder takes it."""
        rows = [self._tokenizer.encode(self._prompt + simplified_in_place(question)).ids[:LONGEST] for question in questions]
        ids = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=1)
        mask = (torch.arange(ids.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]).float()
        states = self.backbone(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return functional.normalize((states * mask[:, :, None]).sum(1), dim=1)


def loss(vectors: Tensor, corpus: Corpus, asked: Sequence[Asked], temperature: float) -> Tensor:
    """Return the summed negative log-probability that a passage drawn by nearness is one that answers."""
    total = vectors.new_zeros(())
    for scores, one in zip(vectors @ corpus.vectors.T / temperature, asked, strict=True):
        counted = scores.index_fill(0, torch.tensor(one.aside, dtype=torch.long), -torch.inf)
        total = total + counted.logsumexp(0) - counted[list(one.right)].logsumexp(0)
    return total


@torch.inference_mode()
def recall(model: QuestionEncoder, corpus: Corpus, size: int = 64) -> dict[str, float]:
    """Return the share of held-out questions whose article is among the first, by meaning alone."""
    ranks = []
    for start in range(0, len(corpus.held), size):
        part = corpus.held[start : start + size]
        for scores, one in zip(model([asked.text for asked in part]) @ corpus.vectors.T, part, strict=True):
            near = scores.topk(min(len(scores), 100)).indices.tolist()
            order = list(dict.fromkeys(corpus.articles[row] for row in near))
            wanted = corpus.articles[one.right[0]]
            ranks.append(order.index(wanted) if wanted in order else len(order))
    return {f"recall@{depth}": round(float(np.mean([rank < depth for rank in ranks])), 3) for depth in _DEPTHS} if ranks else {}


def tune(encoder: SentenceEncoder, corpora: Mapping[str, Corpus], recipe: Tuning, work: Path, out: Path) -> None:
    """Train the changes on the questions of several corpora and write them to `out`; what was cut off is taken up again.

    The log in the folder `work` holds the loss and the recall on held-out questions.
    """
    torch.manual_seed(recipe.seed)
    model = QuestionEncoder(encoder, recipe.rank)
    learned = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=recipe.decay)
    drawn = [(name, one) for name, corpus in corpora.items() for one in corpus.asked]
    if not drawn:
        raise DatasetError("no question to learn from: none of the files has an answer in an article of the archive")
    per_epoch = max(1, len(drawn) // recipe.batch)
    total = math.ceil(per_epoch * recipe.epochs)
    step = _resume(work, model, optimizer)
    work.mkdir(parents=True, exist_ok=True)

    def note(**values: object) -> None:
        with (work / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": step, **values}) + "\n")

    if not step:
        note(recipe=asdict(recipe), scores={name: recall(model, corpus) for name, corpus in corpora.items()})
    order: list[tuple[str, Asked]] = []
    seen: list[float] = []
    saved = time.monotonic()
    with tqdm(total=total, initial=step, unit="batch", mininterval=10) as bar:
        while step < total:
            epoch, place = divmod(step, per_epoch)
            if not order or not place:
                order = random.Random(f"{recipe.seed} {epoch}").sample(drawn, len(drawn))
            batch = order[place * recipe.batch : (place + 1) * recipe.batch]
            rate = min((step + 1) / (recipe.warm_up * total + 1), max(0.05, 1 - step / total))
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate * rate
            vectors = model([one.text for _, one in batch])
            value = vectors.new_zeros(())
            for name in sorted({name for name, _ in batch}):
                rows = [row for row, (own, _) in enumerate(batch) if own == name]
                value = value + loss(vectors[rows], corpora[name], [batch[row][1] for row in rows], recipe.temperature)
            value = value / len(batch)
            optimizer.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            seen.append(value.item())
            step += 1
            bar.update()
            if step % 50 == 0:
                note(loss=round(float(np.mean(seen)), 4))
                bar.set_postfix(loss=f"{np.mean(seen):.3f}")
                seen.clear()
            if step % per_epoch == 0 or step == total:
                note(scores={name: recall(model, corpus) for name, corpus in corpora.items()})
            if step == total or time.monotonic() - saved > SAVED_EVERY:
                saved = time.monotonic()
                _save(work, model, optimizer, step)
    with torch.no_grad():
        # Between the weights of before and those learnt lie some that have both skills (WiSE-FT; Wortsman et al., 2022).
        for module in model.modules():
            if isinstance(module, LowRank):
                module.b.mul_(recipe.kept)
    note(kept=recipe.kept, scores={name: recall(model, corpus) for name, corpus in corpora.items()})
    save_changes(out, encoder.backbone, model.backbone)


def _save(work: Path, model: QuestionEncoder, optimizer: torch.optim.Optimizer, step: int) -> None:
    learned = {name: value.detach() for name, value in model.named_parameters() if value.requires_grad}
    fresh = work / f"{CHECKPOINT}.new"
    torch.save({"step": step, "learned": learned, "optimizer": optimizer.state_dict()}, fresh)
    fresh.replace(work / CHECKPOINT)


def _resume(work: Path, model: QuestionEncoder, optimizer: torch.optim.Optimizer) -> int:
    """Take up a run at its last checkpoint; returns the steps done."""
    path = work / CHECKPOINT
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    with torch.no_grad():
        for name, value in model.named_parameters():
            if value.requires_grad:
                value.copy_(state["learned"][name])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
