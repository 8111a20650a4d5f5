"""Pre-training questions from plain text by recurring span selection (Ram et al., 2021).

Words that recur in a text are asked for in one sentence, with the word that asks in
their place, and are to be found in another. What is asked need not be what the other
sentence tells, so no reader should end with these questions; but to find again
whatever recurs is most of what reading wants, and any text gives such questions.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.store.archive import Archive
from embeddings.text.letters import simplified_in_place
from embeddings.text.names import tag_words
from embeddings.text.sentences import sentence_spans
from qa.answering.cloze import bare, clause_around
from qa.reading.reader import heading
from qa.training.squad import CharSpan, Sample, hold_out, read_samples
from qa.understanding.asked_units import printed_unit
from qa.understanding.entities import ORGANISATION_END, find_dates, find_numbers, find_quoted

_SENTENCE = (10, 220)  # characters of a sentence that asks or answers
_WORDS = (2, 24)
_QUESTION = (10, 70)
_CLAUSE = (14, 60)
_AROUND = (60, 420)  # characters of text shown on either side of the answer
_MOST_SENTENCES = 4  # words of more sentences are what the text is about, and not an answer
_DULL_SHARE = 0.0015  # of all answers; words that answer more often say nothing, such as 同比
_TOGETHER = 500  # passages fetched at once
_ASKING = {
    "person": ("谁", "谁", "哪位", "什么人"),
    "place": ("哪里", "什么地方", "哪个地方", "哪"),
    "organisation": ("什么单位", "哪个机构", "哪个组织", "什么"),
    "time": ("什么时候", "何时", "哪天"),
    "": ("什么", "什么", "哪个", "什么"),
}
_SORTS = {"nr": "person", "nrt": "person", "nrfg": "person", "ns": "place", "nt": "organisation"}
_PLAIN = frozenset({"nz", "eng", "j", "vn", "l", "i"})
"""Tags of words that stand in a run of nouns, beside the nouns themselves."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to ask of."""

    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """Where words stand: the number of their sentence, and their start and end in code points of the text."""

    sentence: int
    start: int
    end: int
    sort: str
    """person, place, organisation, number, time, or nothing of these."""


def texts_of_archive(archive: Archive, without: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Text]:
    """Yield the articles of an archive, less those that `without` names by date and headline."""
    seen: set[str] = set()
    keys = archive.keys().tolist()
    for start in range(0, len(keys), _TOGETHER):
        for passage in archive.passages(keys[start : start + _TOGETHER]).values():
            article = passage.article
            if passage.article_id not in seen and (passage.issue_date.isoformat(), article.title) not in without:
                seen.add(passage.article_id)
                yield Text(passage.article_id, heading(passage), article.body)


def texts_of_set(path: Path, share: float) -> list[Text]:
    """Return the passages of a SQuAD-shaped set in Simplified characters, without the share that training holds out."""
    kept, _ = hold_out(read_samples(path), share)
    contexts = dict.fromkeys(sample.context for sample in kept)
    return [Text(f"{path.stem}-{number}", "", simplified_in_place(context)) for number, context in enumerate(contexts)]


def recurring(texts: Iterable[Text], most: int, seed: int) -> list[Sample]:
    """Return up to `most` questions on each text, in its order; words that answer too often are left out."""
    drawn = random.Random(seed)
    samples = [sample for text in texts for sample in ask(text, most, drawn)]
    counts = Counter(sample.answers[0] for sample in samples)
    return [sample for sample in samples if counts[sample.answers[0]] <= max(1, _DULL_SHARE * len(samples))]


def ask(text: Text, most: int, drawn: random.Random) -> Iterator[Sample]:
    """Yield up to `most` questions on one text, whose contexts lack the sentence that asks."""
    body, sentences = text.body, sentence_spans(text.body)
    made = 0
    for places in _recurring(body, sentences, drawn):
        if made == most:
            break
        asking = drawn.choice(places)
        low, high = sentences[asking.sentence]
        words = body[asking.start : asking.end]
        if body[low:high].count(words) > 1:
            continue
        question = _worded(body, (low, high), asking, drawn)
        if not _QUESTION[0] <= len(question) <= _QUESTION[1]:
            continue
        pairs = _pairs(question)
        others = [place for place in places if place.sentence != asking.sentence]
        answer = max(others, key=lambda place: len(pairs & _pairs(body[slice(*sentences[place.sentence])])))
        start = max(answer.start - drawn.randint(*_AROUND), 0 if low >= answer.end else high)
        end = min(answer.end + drawn.randint(*_AROUND), low if low >= answer.end else len(body))
        made += 1
        place = answer.start - start, answer.end - start
        question += "？" if drawn.random() < 0.8 else ""
        yield Sample(f"{text.id}-{made}", question, body[start:end], text.title, (words,), (place,))


def _recurring(body: str, sentences: list[CharSpan], drawn: random.Random) -> list[list[_Occurrence]]:
    """Return the occurrences of all words that stand in a few sentences, in an order drawn with longer words in front."""
    found: dict[str, list[_Occurrence]] = defaultdict(list)
    for number, (low, high) in enumerate(sentences):
        if _SENTENCE[0] <= high - low <= _SENTENCE[1]:
            for (start, end), sort in _candidates(body[low:high]):
                if _WORDS[0] <= end - start <= _WORDS[1]:
                    found[body[low + start : low + end]].append(_Occurrence(number, low + start, low + end, sort))
    recurring = []
    for words, places in found.items():
        if 2 <= len({place.sentence for place in places}) <= _MOST_SENTENCES:
            weight = 3 if places[0].sort in ("number", "time") else len(words)
            recurring.append((weight * drawn.random(), places))
    return [places for _, places in sorted(recurring, key=lambda pair: -pair[0])]


def _candidates(sentence: str) -> Iterator[tuple[CharSpan, str]]:
    """Yield runs of nouns, numbers, dates and what stands in quotation marks, each with its sort."""
    start = end = 0
    last = ""
    for word, tag, place in [*tag_words(sentence), ("", "x", len(sentence))]:
        if word[:1].isalnum() and (tag[0] == "n" or tag in _PLAIN):
            start, end, last = (start if end == place and last else place), place + len(word), tag
        elif last:
            sort = _SORTS.get(last, "")
            named = not sort and end - start > 3 and ORGANISATION_END.search(sentence[start:end])
            yield (start, end), "organisation" if named else sort
            last = ""
    for sort, find in (("number", find_numbers), ("time", find_dates), ("", find_quoted)):
        yield from ((span, sort) for span in find(sentence))


def _worded(body: str, sentence: CharSpan, asking: _Occurrence, drawn: random.Random) -> str:
    """Put the clause of some words as a question for them; nothing where it is too long for one."""
    low, high = sentence
    clause = clause_around(body[low:high], (asking.start - low, asking.end - low))
    if clause[1] - clause[0] < _CLAUSE[0]:
        clause = 0, high - low
    if clause[1] - clause[0] > _CLAUSE[1]:
        return ""
    words = body[asking.start : asking.end]
    if asking.sort == "number":
        asked = f"多少{printed_unit(words)}" if drawn.random() < 0.8 else "多少"
    else:
        asked = drawn.choice(_ASKING[asking.sort])
    text = bare(body[low + clause[0] : asking.start] + asked + body[asking.end : low + clause[1]])
    return re.sub(r"^[\s，,、；;：:。！？!?]+|[\s，,、；;：:。！？!?]+$", "", text)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
