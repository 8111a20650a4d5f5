"""Training of the reader: batches of windows, the loop with its checkpoints, and development scores."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from embeddings.chunks import split_article
from embeddings.encoder import SentenceEncoder
from embeddings.sentences import sentence_spans
from embeddings.words import fold, simplified_in_place
from qa.adapter import build, save_adapter
from qa.confidence import UNCALIBRATED
from qa.model import MAX_ANSWER, Batch, SpanModel, loss
from qa.mrc import Sample, Wrong, hold_out, read_samples
from qa.recipe import Recipe
from qa.scoring import exact_match, f1
from qa.trained import WINDOW_TOKENS, mark
from qa.windows import Tokens, Window, Windower

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"


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
        usable = [sample for sample in samples if sample.spans]
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
            item = self._holding(material, room, lead, drawn)
            if item is not None:
                yield item
            if plain.wrong and drawn.random() < self._recipe.wrong:
                other, text = drawn.choice(plain.wrong)
                yield Item(
                    self._windower.window(plain.question, text, 0, min(len(text), room), other if lead is not None else None),
                    -1, -1, (),
                )  # fmt: skip

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
            answers = [fold(answer) for answer in sample.answers]
            good = [chunks[place] for place in places if not any(answer in folded[place] for answer in answers)]
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


class LowRank(nn.Module):
    """LoRA as a parametrisation of one weight: W + B A, scaled (Hu et al., 2021)."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.randn(rank, weight.shape[1]) * weight.shape[1] ** -0.5)
        self.b = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight with its change."""
        return weight + 2 * self.b @ self.a


def open_layers(model: SpanModel, rank: int) -> None:
    """Let the encoder layers learn: their own weights, or low-rank changes to them; word vectors stay as they are."""
    model.backbone.requires_grad_(False)
    layers = [module for name, module in model.backbone.named_modules() if name.startswith("encoder.")]
    for module in layers:
        if rank and isinstance(module, nn.Linear):
            nn.utils.parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank))
        elif not rank:
            module.requires_grad_(True)


class Trainer:
    """One training run in a folder of its own, which it can take up again."""

    def __init__(self, model: SpanModel, curriculum: Curriculum, recipe: Recipe, folder: Path, pad: int) -> None:
        self.model, self._curriculum, self._recipe, self._folder, self._pad = model, curriculum, recipe, folder, pad
        self._device = next(model.parameters()).device
        open_layers(model, recipe.rank)
        body = [value for name, value in model.named_parameters() if value.requires_grad and name.startswith("backbone.")]
        head = list(model.head.parameters())
        groups = [{"params": body, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay)
        self._learned = {name: value for name, value in model.named_parameters() if value.requires_grad}
        self._average = {name: value.detach().clone() for name, value in self._learned.items()}
        self.step = 0

    def start_from(self, folder: Path) -> None:
        """Take the averaged weights of an earlier run, where no run of this folder is to be taken up again."""
        state = torch.load(folder / CHECKPOINT, map_location=self._device, weights_only=True)
        with torch.no_grad():
            for name, value in self._learned.items():
                if name in state["average"]:  # a part that the earlier run did not have starts anew
                    value.copy_(state["average"][name])
                    self._average[name].copy_(value)

    def run(self, score: Callable[[SpanModel], object], *, every: float = 300.0, scored: int = 500) -> None:
        """Train to the end of the recipe; saves every `every` seconds, scores every `scored` steps."""
        self._folder.mkdir(parents=True, exist_ok=True)
        batches = self._curriculum.batches(0)
        per_epoch = len(batches)
        total = math.ceil(per_epoch * self._recipe.epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, lambda step: self._rate(step / total), last_epoch=-1)
        self._resume(schedule)
        saved, started, seen = time.monotonic(), time.monotonic(), []
        epoch = 0
        with tqdm(total=total, initial=self.step, unit="batch", mininterval=10) as bar:
            while self.step < total:
                if self.step // per_epoch != epoch:
                    epoch = self.step // per_epoch
                    batches = self._curriculum.batches(epoch)
                batch = batches[self.step % per_epoch % len(batches)]
                value = self._learn(batch)
                schedule.step()
                self.step += 1
                seen.append(value)
                bar.update()
                if self.step % 50 == 0:
                    self._note(loss=round(float(np.mean(seen)), 4), rate=schedule.get_last_lr()[0])
                    bar.set_postfix(loss=f"{np.mean(seen):.3f}")
                    seen.clear()
                if self.step % scored == 0 or self.step == total:
                    with self.averaged():
                        self._note(scores=score(self.model))
                if time.monotonic() - saved > every or self.step == total:
                    saved = time.monotonic()
                    self._save(schedule)
        self._note(seconds=round(time.monotonic() - started))

    def averaged(self) -> _Averaged:
        """Return a context in which the model holds its averaged weights."""
        return _Averaged(self._learned, self._average)

    def _learn(self, items: Sequence[Item]) -> float:
        batch, first, last, evidence = collate(items, self._pad, self._device)
        value = loss(self.model(batch), first, last, evidence)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._learned.values(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        keep = min(self._recipe.average, (1 + self.step) / (10 + self.step))
        names = list(self._average)
        torch._foreach_lerp_([self._average[name] for name in names], [self._learned[name].data for name in names], 1 - keep)
        return float(value.detach())

    def _rate(self, done: float) -> float:
        recipe = self._recipe
        if done < recipe.warm_up:
            return done / recipe.warm_up
        return min(1.0, max(0.02, (1 - done) / (1 - recipe.steady)))

    def _save(self, schedule: torch.optim.lr_scheduler.LambdaLR) -> None:
        state = {
            "recipe": asdict(self._recipe),
            "step": self.step,
            "learned": {name: value.detach() for name, value in self._learned.items()},
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        }
        fresh = self._folder / f"{CHECKPOINT}.new"
        torch.save(state, fresh)
        fresh.replace(self._folder / CHECKPOINT)

    def _resume(self, schedule: torch.optim.lr_scheduler.LambdaLR) -> None:
        path = self._folder / CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, map_location=self._device, weights_only=True)
        self.step = state["step"]
        with torch.no_grad():
            for name, value in self._learned.items():
                value.copy_(state["learned"][name])
                self._average[name].copy_(state["average"][name])
        self._optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])

    def _note(self, **values: object) -> None:
        with (self._folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": self.step, **values}, ensure_ascii=False) + "\n")


class _Averaged:
    """Puts averaged weights in place of the learned ones for a while."""

    def __init__(self, learned: dict[str, nn.Parameter], average: dict[str, Tensor]) -> None:
        self._learned, self._average = learned, average

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_: object) -> None:
        self._swap()

    def _swap(self) -> None:
        for name, value in self._learned.items():
            value.data, self._average[name] = self._average[name], value.data


@torch.inference_mode()
def score_samples(
    model: SpanModel, samples: Sequence[Sample], windower: Windower, size: int = WINDOW_TOKENS
) -> dict[str, float]:
    """Return EM and F1 of whole passages read in windows of `size` tokens, each sample's best span taken."""
    device = next(model.parameters()).device
    jobs = [
        (place, window)
        for place, sample in enumerate(samples)
        for window in windower.cover(windower.tokens(sample.question), windower.tokens(sample.context), size, size // 2)
    ]
    jobs.sort(key=lambda job: len(job[1].ids))
    best: dict[int, tuple[float, str]] = {}
    for start in range(0, len(jobs), 12):
        part = jobs[start : start + 12]
        scores = model(Batch.of([window for _, window in part], windower.pad, device))
        for (place, window), (top, *_) in zip(part, mark(scores), strict=True):
            if place not in best or top.odds > best[place][0]:
                best[place] = top.odds, samples[place].context[window.first + top.first : window.first + top.last]
    exact = [exact_match(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    overlap = [f1(best[place][1], sample.answers) for place, sample in enumerate(samples)]
    return {"em": round(100 * float(np.mean(exact)), 2), "f1": round(100 * float(np.mean(overlap)), 2), "n": len(samples)}


def train(
    encoder: SentenceEncoder,
    sets: Sequence[tuple[Path, float]],
    recipe: Recipe,
    work: Path,
    *,
    out: Path,
    start: Path | None = None,
    name: str,
    device: str = "",
    scored: int = 400,
    sampled: int = 150,
) -> None:
    """Train a reader on SQuAD-shaped files, a share of each held out whole, and write its adapter to `out`.

    A run that was cut off in the folder `work` is taken up again at its last
    checkpoint. The log there holds the loss and the scores on held-out questions.
    """
    chosen = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    torch.manual_seed(recipe.seed)
    windower = Windower(encoder.tokenizer)
    kept: list[Sample] = []
    held: dict[str, list[Sample]] = {}
    for path, share in sets:
        rest, out_of = hold_out(read_samples(path), share)
        kept += rest
        held[path.stem] = [sample for sample in out_of if sample.answers]
    unseen = {sample.context for samples in held.values() for sample in samples}
    kept = [
        replace(sample, wrong=tuple(other for other in sample.wrong if other.context not in unseen))
        for sample in kept
        if sample.context not in unseen
    ]
    drawn = random.Random(recipe.seed)
    tested = {stem: drawn.sample(samples, min(sampled, len(samples))) for stem, samples in held.items() if samples}
    model = build(encoder.backbone).to(chosen)
    trainer = Trainer(model, Curriculum(kept, windower, recipe), recipe, work, windower.pad)
    if start is not None:
        trainer.start_from(start)
    trainer.run(
        lambda model: {stem: score_samples(model, samples, windower) for stem, samples in tested.items()}, scored=scored
    )
    with trainer.averaged():
        merge_low_rank(model)
        save_adapter(out, model, encoder.backbone, name=name, base_name=encoder.name, calibration=UNCALIBRATED)


def merge_low_rank(model: SpanModel) -> None:
    """Write low-rank changes into the layers' own weights."""
    for module in model.modules():
        if nn.utils.parametrize.is_parametrized(module):
            nn.utils.parametrize.remove_parametrizations(module, "weight")
