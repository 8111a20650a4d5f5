"""Figures over questions with known answers: retrieval, words found, abstention, time."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from embeddings.archive import Archive
from embeddings.encoder import load_encoder
from embeddings.errors import WenbaoError
from embeddings.records import Article, Issue, Passage
from embeddings.settings import ArchiveSettings
from embeddings.sync import make_entries
from embeddings.words import fold
from qa.answer import ask
from qa.read import Reader
from qa.retrieve import retrieve

DEPTH = 10  # passages looked at for recall and reciprocal rank
_DAY_ONE = date(2000, 1, 1)  # the issue date of a corpus that has none
_MARKS = re.compile(r"[\W_]+")


class EvaluationError(WenbaoError):
    """A file of questions that cannot be used."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what is known of its answer; `places` is empty where the archive does not say."""

    id: str
    question: str
    places: frozenset[tuple[str, str]]
    """The articles that answer, as (issue date, headline)."""
    answers: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found; shares lie in [0, 1], None where nothing could be counted."""

    questions: int
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    mrr: float | None
    """The mean reciprocal rank of the first right article, 0 beyond the tenth passage."""
    cited_first: float | None = None
    """The share of answerable questions whose first citation is a right article."""
    right_words: float | None = None
    """The share of answerable questions answered with words that hold the short answer, or lie in it."""
    declined: float | None = None
    """The share of unanswerable questions that got no answer."""
    wrongly_declined: float | None = None
    """The share of answerable questions that got none."""
    median_ms: float | None = None

    def rows(self) -> list[tuple[str, str]]:
        """Return the figures as (name, value) for printing; what was not counted is left out."""
        shares = (
            "recall_at_1",
            "recall_at_5",
            "recall_at_10",
            "mrr",
            "cited_first",
            "right_words",
            "declined",
            "wrongly_declined",
        )
        rows = [("questions", str(self.questions))]
        rows += [(name, f"{value:.3f}") for name in shares if (value := getattr(self, name)) is not None]
        if self.median_ms is not None:
            rows.append(("median_ms", f"{self.median_ms:.0f}"))
        return rows


def read_jsonl(path: Path, split: str | None = None) -> list[Example]:
    """Read questions with gold date, title and short answer, one JSON object a line; answer null means none.

    With `split`, only the lines whose field of that name says so.
    """
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if split is not None and entry.get("split") != split:
                continue
            answer = entry["answer"]
            golds = [entry, *entry.get("also", ())] if answer is not None else []
            examples.append(
                Example(
                    id=str(entry.get("id", number)),
                    question=entry["question"],
                    places=frozenset((gold["date"], gold["title"]) for gold in golds),
                    answers=(answer,) if answer is not None else (),
                    kind=entry.get("kind", ""),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(f"{path}:{number}: question, date, title and answer are wanted ({error!r})") from None
    return examples


def read_squad(path: Path) -> tuple[list[Article], list[Example]]:
    """Read a SQuAD-shaped file: each paragraph as an article of its own, and its questions."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        articles: dict[str, Article] = {}
        examples = []
        for entry in data:
            for paragraph in entry["paragraphs"]:
                body = paragraph["context"]
                # The headline only tells paragraphs apart: entry titles would help the search unfairly.
                article = articles.setdefault(body, Article(title=str(len(articles)), body=body))
                for asked in paragraph["qas"]:
                    answers = tuple(dict.fromkeys(str(answer["text"]) for answer in asked["answers"]))
                    place = frozenset({(_DAY_ONE.isoformat(), article.title)}) if answers else frozenset()
                    examples.append(Example(str(asked["id"]), asked["question"], place, answers))
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path}: not a SQuAD-shaped file ({error!r})") from None
    return list(articles.values()), examples


@contextmanager
def corpus_archive(articles: Sequence[Article], settings: ArchiveSettings) -> Iterator[Archive]:
    """Index articles in a temporary archive, whose headlines neither the words nor the encoder see."""
    with TemporaryDirectory(prefix="wenbao-") as folder:
        encoder = load_encoder(settings.model) if settings.model else load_encoder()
        own = settings.model_copy(update={"archive": Path(folder)})
        archive = Archive.open(own, lambda name: encoder, create=True)
        blank = [(Article(title="", body=article.body), archive.manifest.split(article)) for article in articles]
        entries = [
            replace(entry, article=article) for entry, article in zip(make_entries(encoder, blank), articles, strict=True)
        ]
        issue = Issue("corpus-2000-01-01", "corpus", _DAY_ONE, tuple(articles))
        archive.catalog.replace(issue, entries, folder, "")
        yield archive
        archive.catalog.close()


def measure(
    archive: Archive,
    examples: Sequence[Example],
    reader: Reader | None = None,
    min_confidence: float = 0.5,
    progress: Callable[[], object] = lambda: None,
) -> tuple[Figures, dict[str, dict[str, object]]]:
    """Measure retrieval, and with a reader the answers; also returns each question's prediction by its id."""
    ranks: list[int | None] = []
    first, words, declined, wrongly, times = [], [], [], [], []
    predictions: dict[str, dict[str, object]] = {}
    for example in examples:
        if reader is not None:
            # Before the ranking below: whoever searches first pays for encoding the question, and that belongs to the time.
            started = time.perf_counter()
            answer = ask(archive, reader, example.question, min_confidence=min_confidence)
            times.append(1000 * (time.perf_counter() - started))
            best = answer.findings[0] if answer.findings else None
            cited = answer.citations[0] if answer.findings else None
            predictions[example.id] = {
                "answer": best.text if best else "",
                "quote": cited.quote if cited else "",
                "confidence": round(answer.confidence, 4),
                "answered": answer.answered,
            }
            if example.places:
                first.append(cited is not None and _place(cited.passage) in example.places)
                words.append(best is not None and any(_same_words(best.text, gold) for gold in example.answers))
                wrongly.append(not answer.answered)
            else:
                declined.append(not answer.answered)
        if example.places:
            passages = [ranked.passage for ranked in retrieve(archive, example.question, DEPTH * 3)]
            order = list(dict.fromkeys(_place(passage) for passage in passages))[:DEPTH]
            ranks.append(next((rank for rank, place in enumerate(order, start=1) if place in example.places), None))
        progress()
    figures = Figures(
        questions=len(examples),
        recall_at_1=_share([rank == 1 for rank in ranks]),
        recall_at_5=_share([rank is not None and rank <= 5 for rank in ranks]),
        recall_at_10=_share([rank is not None for rank in ranks]),
        mrr=_share([1 / rank if rank else 0.0 for rank in ranks]),
        cited_first=_share(first),
        right_words=_share(words),
        declined=_share(declined),
        wrongly_declined=_share(wrongly),
        median_ms=statistics.median(times) if times else None,
    )
    return figures, predictions


def _same_words(found: str, gold: str) -> bool:
    """Say whether one of two answers holds the other, punctuation, case and width aside."""
    one, other = (_MARKS.sub("", fold(text)) for text in (found, gold))
    return bool(one and other) and (one in other or other in one)


def _place(passage: Passage) -> tuple[str, str]:
    return passage.issue_date.isoformat(), passage.article.title


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
