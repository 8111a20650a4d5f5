"""Questions written by hand or by a language model on articles of issues, found by the place where each stands in its article.

A line names its article by day and headline, and where the passage began that its writer saw, so that
neither another chunking nor another reader of issues breaks it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from embeddings.formats.folders import find_files
from embeddings.formats.readers import read_file
from embeddings.records import Article, Issue, Passage
from embeddings.text.letters import fold
from embeddings.text.sentences import sentence_spans
from qa.errors import DatasetError
from qa.jsonl import JsonLine, read_json_lines
from qa.reading.reader import heading
from qa.reading.span_reader import STRETCH_CHARACTERS
from qa.training.squad import CharSpan, Sample

_NO_DAY = date(2000, 1, 1)
_SEEN = 300
"""Characters of a passage that a writer saw, about (`embeddings.text.chunks`)."""

PrintedArticles = Mapping[tuple[str, str], Sequence[Passage]]
"""Whole articles by day and headline key, several where a day prints one headline twice; other texts by "" and digest."""


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A line of a file: a question, and the article that it was written on."""

    line: JsonLine
    question: str
    answer: str | None
    """None where what its writer saw does not say."""
    start: int | None
    """Where the passage that its writer saw begins in the article's body, in code points; None: the whole article."""
    place: tuple[str, str]
    """The key of its article (`PrintedArticles`)."""
    kind: str
    split: str | None

    @classmethod
    def parse(cls, line: JsonLine) -> WrittenQuestion:
        """Read one line; raises KeyError or TypeError where a field is missing or of another type."""
        entry = line.fields
        place = ("", entry["passage"]) if "passage" in entry else (entry["date"], headline_key(entry["title"]))
        start = entry.get("from")
        if start is not None and (not isinstance(start, int) or start < 0):
            raise TypeError(f"from: {start!r}")
        return cls(line, entry["question"], entry["answer"] or None, start, place, entry.get("kind", ""), entry.get("split"))


@dataclass(slots=True)
class WrittenSet:
    """What came of a file of written questions."""

    samples: list[Sample] = field(default_factory=list)
    missed: list[JsonLine] = field(default_factory=list)
    """Lines whose article, or whose answer in it, no issue prints."""


def headline_key(title: str) -> str:
    """Return a headline by its letters and digits alone: readers of issues differ in marks and blanks."""
    return "".join(letter for letter in fold(title) if letter.isalnum())


def headline_keys(article: Article) -> set[str]:
    """Return the keys of all lines that stand above an article: readers also differ in which of them is the headline."""
    return {headline_key(line) for line in (article.title, article.kicker, article.subtitle) if line}


def index_articles(issues: Iterable[Issue]) -> PrintedArticles:
    """Return the articles of issues by day and headline, each as a passage that holds its whole body."""
    found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for issue in issues:
        for place, article in enumerate(issue.articles):
            name = issue.id_at(place)
            whole = Passage(
                name, name, issue.issue_id, issue.paper, issue.issue_date, issue.issue_number, article, 0, len(article.body)
            )
            for headline in headline_keys(article):
                found[issue.issue_date.isoformat(), headline].append(whole)
    return found


def index_texts(texts: Iterable[str]) -> PrintedArticles:
    """Return texts that stand in no issue, such as those of a reading-comprehension set, by the digest of each."""
    found = {}
    for text in texts:
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        whole = Passage(digest, digest, "", "", _NO_DAY, None, Article(title="", body=text), 0, len(text))
        found["", digest] = [whole]
    return found


def read_issues(folders: Sequence[Path]) -> Iterator[Issue]:
    """Read every issue file of some folders."""
    return (issue for path in find_files(folders).readable for issue in read_file(path).issues)


def read_written_questions(articles: PrintedArticles, path: Path, split: str | None = None) -> WrittenSet:
    """Return the questions of a file of JSON Lines as samples on the articles that print them.

    A line has question, answer (null: not told), date, title and, where its writer saw
    one passage only, from (where that began in the article's body); or passage, the digest of a text, in place of
    date and title. With `split`, only lines of
    that split are taken. A question that is not answered gets the stretch of text it is
    likeliest to be mistaken on. Raises DatasetError with the line where one is malformed.
    """
    made = WrittenSet()
    for written in read_json_lines(path, WrittenQuestion.parse, code="written_line", error=DatasetError):
        if split is not None and written.split != split:
            continue
        sample = next(filter(None, (_sample(written, whole) for whole in articles.get(written.place, ()))), None)
        if sample is None:
            made.missed.append(written.line)
        else:
            made.samples.append(sample)
    return made


def _sample(written: WrittenQuestion, whole: Passage) -> Sample | None:
    """Return a question as a sample on its article; None where the article does not hold the answer."""
    body, answer = whole.article.body, written.answer
    spans: tuple[CharSpan, ...] = ()
    if answer is None:
        context = _told_nearest(written, body)
    else:
        start = _answer_place(written, body, answer)
        if start < 0:
            return None
        context, spans = body, ((start, start + len(answer)),)
    return Sample(
        id=f"{whole.article_id}-{written.line.number}",
        question=written.question,
        context=context,
        title=heading(whole),
        answers=(answer,) if answer else (),
        spans=spans,
    )


def _answer_place(written: WrittenQuestion, body: str, answer: str) -> int:
    """Return where the answer meant begins: the first that the writer saw, else that of the sentence most like the question."""
    if written.start is not None:
        return body.find(answer, written.start)
    asked = _pairs(written.question)
    places = [place for place in range(len(body)) if body.startswith(answer, place)]

    def likeness(place: int) -> int:
        sentence = next((body[low:high] for low, high in sentence_spans(body) if low <= place < high), "")
        return len(asked & _pairs(sentence))

    return max(places, key=likeness, default=-1)


def _told_nearest(written: WrittenQuestion, body: str) -> str:
    """Return the passage that the writer saw, or the stretch of whole sentences that shares most letters with the question."""
    spans = sentence_spans(body)
    if written.start is not None:
        seen = [span for span in spans if span[1] > written.start and span[0] < written.start + _SEEN]
        return body[written.start : seen[-1][1]] if seen else body[written.start :]
    asked = _pairs(written.question)
    best, most = (0, len(body)), -1
    for first, (low, _) in enumerate(spans):
        high = max((end for start, end in spans[first:] if end <= low + STRETCH_CHARACTERS), default=spans[first][1])
        shared = len(asked & _pairs(body[low:high]))
        if shared > most:
            best, most = (low, high), shared
    return body[slice(*best)]


def _pairs(text: str) -> set[str]:
    folded = fold(text)
    return {folded[place : place + 2] for place in range(len(folded) - 1)}
