"""Figures over questions with known answers: retrieval, words found, abstention, time."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from embeddings.ingest.entries import make_entries
from embeddings.models.encoder import load_encoder
from embeddings.records import Article, Filters, Issue, Passage
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.records import FilePart, SourceFile
from qa.answering.answer import Answer
from qa.errors import DatasetError
from qa.jsonl import JsonLine, read_json_lines
from qa.pipeline import ask
from qa.reading.matching import holds, same_words
from qa.reading.reader import Reader, Span
from qa.references.citation import Citation
from qa.retrieval.hybrid_search import RankedPassage, retrieve_for
from qa.training.scoring import exact_match, f1
from qa.training.squad import read_samples
from qa.understanding.comprehension import comprehend
from qa.understanding.query_rewriting import Turn
from qa.understanding.question import understand

Prediction = dict[str, str | float | bool]
DEPTH = 10  # passages looked at for recall and reciprocal rank
_DAY_ONE = date(2000, 1, 1)  # the issue date of a corpus that has none


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question with what is known of its answer; `places` is empty where the archive does not say."""

    id: str
    question: str
    places: frozenset[tuple[str, str]]
    """The articles that answer, as (issue date, headline)."""
    answers: tuple[str, ...]
    kind: str = ""
    evidences: tuple[str, ...] = ()
    """The sentences that prove the answer, where a set names them."""
    context: str = ""
    """The question's own passage, where a set brings it."""
    history: tuple[Turn, ...] = ()
    today: date | None = None
    """The day it is asked on; None: that of the archive's newest issue."""
    rivals: frozenset[tuple[str, str]] = frozenset()
    """The same news of another day, which does not answer."""
    items: tuple[str, ...] = ()
    """All that belong into the answer of a question for several."""
    moments: frozenset[tuple[str, str]] = frozenset()
    """The articles that tell the same number on several days."""
    split: str = ""
    """What the line may be used for, where it says so: train, dev or test."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found; shares lie in [0, 1], None where nothing could be counted."""

    questions: int
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    mrr: float | None
    """The mean reciprocal rank of the first right article, 0 beyond the tenth passage."""
    em: float | None = None
    """The share of answerable questions whose likeliest span is an answer exactly, as CMRC 2018 compares."""
    f1: float | None = None
    """The mean F1 of these spans, as CMRC 2018 takes it."""
    evidence_f1: float | None = None
    """The mean F1 of the quoted sentences against the proving ones, as ExpMRC takes it."""
    cited_first: float | None = None
    """The share of answerable questions whose first citation is a right article."""
    right_words: float | None = None
    """The share of answerable questions answered with words that hold the short answer, or lie in it."""
    declined: float | None = None
    """The share of unanswerable questions that got no answer."""
    wrongly_declined: float | None = None
    """The share of answerable questions that got none."""
    rival_first: float | None = None
    """The share of questions with a known sister whose first citation is the sister of another day."""
    items: float | None = None
    """The mean share of the items of a list that stand in its answers."""
    moments: float | None = None
    """The mean share of the articles of a timeline that it cites."""
    understood_ms: float | None = None
    median_ms: float | None = None

    def rows(self) -> list[tuple[str, str]]:
        """Return the figures as (name, value) for printing; what was not counted is left out."""
        shares = (
            "recall_at_1",
            "recall_at_5",
            "recall_at_10",
            "mrr",
            "em",
            "f1",
            "evidence_f1",
            "cited_first",
            "right_words",
            "declined",
            "wrongly_declined",
            "rival_first",
            "items",
            "moments",
        )
        rows = [("questions", str(self.questions))]
        rows += [(name, f"{value:.3f}") for name in shares if (value := getattr(self, name)) is not None]
        for name in ("understood_ms", "median_ms"):
            if (milliseconds := getattr(self, name)) is not None:
                rows.append((name, f"{milliseconds:.0f}"))
        return rows


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a set, those of each kind of question in it, and each question's prediction by its id."""

    figures: Figures
    kinds: dict[str, Figures]
    predictions: dict[str, Prediction]


def read_questions(path: Path, split: str | None = None) -> list[EvaluationQuestion]:
    """Read questions with gold date, title and short answer from JSON Lines; answer null means none.

    With `split`, only the lines whose field of that name says so. Raises DatasetError naming a bad line.
    """

    def parse(line: JsonLine) -> EvaluationQuestion | None:
        entry = line.fields
        if split is not None and entry.get("split") != split:
            return None
        answer = entry["answer"]
        # Each article of a timeline tells the number that is asked about.
        golds = [entry, *entry.get("also", ()), *entry.get("timeline", ())] if answer is not None else []
        return EvaluationQuestion(
            id=str(entry.get("id", line.number)),
            question=entry["question"],
            places=frozenset(map(_place, golds)),
            answers=(answer,) if answer is not None else (),
            kind=entry.get("kind", ""),
            history=tuple(Turn(turn["question"], turn.get("answer")) for turn in entry.get("history", ())),
            today=date.fromisoformat(entry["today"]) if "today" in entry else None,
            rivals=frozenset([_place(entry["rival"])] if "rival" in entry else []),
            items=tuple(entry.get("answers", ())),
            moments=frozenset(_place(moment) for moment in entry.get("timeline", ())),
            split=entry.get("split", ""),
        )

    return list(read_json_lines(path, parse, code="questions_line", error=DatasetError))


def _place(entry: Mapping[str, str]) -> tuple[str, str]:
    return entry["date"], entry["title"]


def read_squad(path: Path) -> tuple[list[Article], list[EvaluationQuestion]]:
    """Read a SQuAD-shaped file: each paragraph as an article of its own without a headline, and its questions."""
    articles: dict[str, Article] = {}
    examples = []
    for sample in read_samples(path):
        # Entry titles would help the search unfairly.
        article = articles.setdefault(sample.context, Article(title="", body=sample.context, url=f"#{len(articles)}"))
        places = frozenset({(_DAY_ONE.isoformat(), str(article.url))}) if sample.answers else frozenset()
        examples.append(
            EvaluationQuestion(
                sample.id, sample.question, places, sample.answers, evidences=sample.evidences, context=sample.context
            )
        )
    return list(articles.values()), examples


@contextmanager
def corpus_archive(articles: Sequence[Article], settings: ArchiveSettings) -> Iterator[Archive]:
    """Index articles in a temporary archive."""
    with TemporaryDirectory(prefix="wenbao-") as folder:
        encoder = load_encoder(settings.model) if settings.model else load_encoder()
        own = settings.model_copy(update={"archive": Path(folder)})
        archive = Archive.open(own, lambda name: encoder, create=True)
        entries = make_entries(encoder, [(article, archive.manifest.split(article), _DAY_ONE) for article in articles])
        issue = Issue("corpus-2000-01-01", "corpus", _DAY_ONE, tuple(articles))
        archive.store(SourceFile(folder, ""), [FilePart.new(issue, entries)])
        yield archive
        archive.close()


def measure(
    archive: Archive,
    examples: Sequence[EvaluationQuestion],
    reader: Reader | None,
    min_confidence: float,
    progress: Callable[[], object] = lambda: None,
) -> Measured:
    """Measure retrieval, and with a reader the answers."""
    whole = Tally()
    tallies: dict[str, Tally] = defaultdict(Tally)
    for example in examples:
        counted = whole, tallies[example.kind]
        today = example.today or archive.extent().last
        if reader is None:
            understood = comprehend(archive, example.question, Filters(), example.history, today)
            found = retrieve_for(archive, understood.variants[0], DEPTH * 3, understood.filters)
            for tally in counted:
                tally.add_ranking(example, [ranked.passage for ranked in found])
        else:
            answer = ask(archive, reader, example.question, history=example.history, min_confidence=min_confidence, today=today)
            for tally in counted:
                tally.add(example, answer)
        progress()
    kinds = {kind: tally.figures(tally.questions) for kind, tally in sorted(tallies.items())}
    return Measured(whole.figures(len(examples)), kinds, whole.predictions)


def measure_gold(
    examples: Sequence[EvaluationQuestion],
    reader: Reader,
    min_confidence: float,
    progress: Callable[[], object] = lambda: None,
) -> tuple[Figures, dict[str, Prediction]]:
    """Measure the answers alone: each question is read in its own passage."""
    tally = Tally()
    for example in examples:
        article = Article(title="", body=example.context)
        passage = Passage("gold", "gold", "gold", "gold", _DAY_ONE, None, article, 0, len(example.context))
        started = time.perf_counter()
        spans = reader.read(understand(example.question), [RankedPassage(passage, 0.0, 1.0, 1.0)]).spans
        tally.times.append(1000 * (time.perf_counter() - started))
        tally.add_answer(example, spans, answered=bool(spans) and spans[0].confidence >= min_confidence)
        progress()
    return tally.figures(len(examples)), tally.predictions


class Tally:
    """Counts what was found for one question after the other."""

    def __init__(self) -> None:
        self.questions = 0
        self.times: list[float] = []
        self._understood: list[float] = []
        self.predictions: dict[str, Prediction] = {}
        self._ranks: list[int | None] = []
        self._counts: dict[str, list[float]] = defaultdict(list)

    def add(self, example: EvaluationQuestion, answer: Answer) -> None:
        """Count all that a whole answer tells."""
        self.times.append(answer.timing.total)
        self._understood.append(answer.timing.understand)
        spans = answer.reading.spans
        self.add_answer(example, spans, answered=answer.answered, shown=answer.findings[0].text if answer.answered else None)
        self.add_citation(example, answer.citations if answer.answered else ())
        self.add_ranking(example, [ranked.passage for ranked in answer.reading.passages])
        if example.items:
            told = [finding.text for finding in answer.findings]
            self._counts["items"].append(_mean([any(holds(text, item) for text in told) for item in example.items]))
        if example.moments:
            cited = {answer.citations[moment.citation - 1] for moment in answer.timeline}
            places = {place_of(citation.passage) for citation in cited}
            self._counts["moments"].append(len(places & example.moments) / len(example.moments))

    def add_ranking(self, example: EvaluationQuestion, passages: Sequence[Passage]) -> None:
        """Count the rank of the first right article, articles counted once."""
        self.questions += 1
        if example.places:
            order = list(dict.fromkeys(place_of(passage) for passage in passages))[:DEPTH]
            self._ranks.append(next((rank for rank, place in enumerate(order, start=1) if place in example.places), None))

    def add_answer(
        self, example: EvaluationQuestion, spans: Sequence[Span], *, answered: bool, shown: str | None = None
    ) -> None:
        """Count the words shown first, or those of the likeliest span; one that was held back still counts for EM and F1."""
        best = spans[0] if spans else None
        text, quote = (shown or best.text, best.quote) if best else ("", "")
        confidence = round(best.confidence, 4) if best else 0.0
        self.predictions[example.id] = {"answer": text, "quote": quote, "confidence": confidence, "answered": answered}
        if not example.answers:
            self._counts["declined"].append(not answered)
            return
        self._counts["em"].append(exact_match(text, example.answers))
        self._counts["f1"].append(f1(text, example.answers))
        if example.evidences:
            self._counts["evidence_f1"].append(f1(quote, example.evidences))
        self._counts["wrongly_declined"].append(not answered)
        self._counts["right_words"].append(answered and any(same_words(text, gold) for gold in example.answers))

    def add_citation(self, example: EvaluationQuestion, citations: Sequence[Citation]) -> None:
        """Count whether the first citation is a right article; none is as wrong as another."""
        if example.places:
            self._counts["cited_first"].append(bool(citations) and place_of(citations[0].passage) in example.places)
        # A sister in the same article is another figure of it, which no citation tells apart.
        if example.rivals - example.places:
            self._counts["rival_first"].append(bool(citations) and place_of(citations[0].passage) in example.rivals)

    def figures(self, questions: int) -> Figures:
        """Return the shares."""
        return Figures(
            questions=questions,
            recall_at_1=_share([rank == 1 for rank in self._ranks]),
            recall_at_5=_share([rank is not None and rank <= 5 for rank in self._ranks]),
            recall_at_10=_share([rank is not None for rank in self._ranks]),
            mrr=_share([1 / rank if rank else 0.0 for rank in self._ranks]),
            understood_ms=statistics.median(self._understood) if self._understood else None,
            median_ms=statistics.median(self.times) if self.times else None,
            **{name: _share(values) for name, values in self._counts.items()},
        )


def place_of(passage: Passage) -> tuple[str, str]:
    """Name an article as questions do: by its issue's date and its headline."""
    # The passages of a reading-comprehension set have no headlines.
    return passage.issue_date.isoformat(), passage.article.title or str(passage.article.url)


def _share(values: Sequence[float]) -> float | None:
    return _mean(values) if values else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
