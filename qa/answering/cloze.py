"""Cloze questions: a clause of the news with the number, day, name or cause in it replaced by the word that asks for it.

Questions made from statements by rule, as in cloze translation (Lewis et al., 2019).
Training learns from them, and a reader's follow-up questions are chosen from them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from embeddings.records import Passage
from embeddings.text.segmentation import search_words
from embeddings.text.sentences import clause_spans, sentence_spans
from qa.understanding.answer_kinds import BY_NAME, Kind
from qa.understanding.entities import Offsets
from qa.understanding.question import Question

SHORTEST, LONGEST = 8, 45  # characters of a question, about
_DATED = 0.3  # the share of questions that name the day of the issue
_DROPPED = 0.5  # the share of particles left out, so that a question is not a copy
_PARTICLE = re.compile(r"[的了将已也并还都就正]")  # 大桥将[通车]
# 记者从市水务局获悉，[水库开闸]
_TOLD = re.compile(r"^.{0,12}(?:获悉|了解到|报道|消息|介绍|表示|指出|强调|认为|说)[，,：:]?")
# 据悉，[大桥通车]
_LEADING = re.compile(
    r"^(?:据悉|目前|其中|此外|另外|同时|为此|而且|并且|但是|不过|因此|今天|昨天|今日|昨日|近日|日前|本台消息)[，,]?"
)
# Answers that say little: 两次, 1个, 昨天, 半年
_DULL = re.compile(r"^[一二两三][^百千万亿]{0,2}$|^[12]?[个位名人次种些天年日月项件条]$|^[今昨明近日当目同][天日前年时]$|^半")
# 本报砚溪3月11日电（记者沈砚）
_AGENCY = re.compile(r"^.{0,30}(?:消息|讯|电)?\s*[（(][^（()）]{0,20}[）)][：:]?\s*")
_MARKS = re.compile(r"[“”《》「」『』‘’]")  # “松烟茶会”


@dataclass(frozen=True, slots=True)
class Cloze:
    """A clause with the words that answer, both in code points of the body."""

    clause: Offsets
    answer: Offsets
    asking: str
    """The words that stand in the answer's place."""


def clozes(passage: Passage, drawn: random.Random) -> list[Cloze]:
    """Return what can be asked of one sentence of a passage, chosen at random."""
    body = passage.article.body
    sentences = [span for span in sentence_spans(body, passage.start, passage.end) if 14 <= span[1] - span[0] <= 160]
    if not sentences:
        return []
    start, end = drawn.choice(sentences)
    if (agency := _AGENCY.match(body[start:end])) is not None:
        start += agency.end()
    sentence = body[start:end]
    found: list[Cloze] = []
    for answer, asking in _asked(sentence, drawn):
        words = sentence[slice(*answer)]
        bracketed = sentence[: answer[0]].count("（") > sentence[: answer[0]].count("）")
        if _DULL.match(words) or sentence.count(words) > 1 or len(words) > 40 or bracketed:
            continue
        clause = clause_around(sentence, answer)
        rest = sentence[clause[0] : answer[0]] + sentence[answer[1] : clause[1]]
        if len(search_words(rest)) >= 3:
            found.append(Cloze((start + clause[0], start + clause[1]), (start + answer[0], start + answer[1]), asking))
    return found


def wording(passage: Passage, cloze: Cloze, drawn: random.Random, *, printed: bool = False) -> str:
    """Put a clause as a question: without its marks and a few of its words, now and then with the day of the issue.

    With `printed`, no word of it is left out and no day added.
    """
    body = passage.article.body
    before = _LEADING.sub("", _TOLD.sub("", body[cloze.clause[0] : cloze.answer[0]]))
    behind = body[cloze.answer[1] : cloze.clause[1]]
    before, behind = (_MARKS.sub("", part) if printed else _thin(_MARKS.sub("", part), drawn) for part in (before, behind))
    behind = re.sub(r"[，,、；;：:。！？!?\s]+$", "", behind)
    if cloze.asking.startswith("为什么"):
        text = f"为什么{behind.lstrip('，,、 的')}" if behind.strip("，,、 ") else f"{before.strip('，, ')}的原因是什么"
    else:
        text = f"{before}{cloze.asking}{behind}"
    text = text.lstrip("，,、；;：: ")
    if not printed and drawn.random() < _DATED:
        day = passage.issue_date
        text = f"{drawn.choice((f'{day.year}年', ''))}{day.month}月{day.day}日{drawn.choice(('', '，'))}{text}"
    return text + ("？" if drawn.random() < 0.8 else "")


def _asked(sentence: str, drawn: random.Random) -> Iterator[tuple[Offsets, str]]:
    """Yield spans that can be asked for, with the words that ask."""
    for kind in map(BY_NAME.__getitem__, Kind):
        for span in kind.finds(sentence, Question("", kind.name, ())) if kind.finds and kind.blank else ():
            asking = kind.blank(sentence, span, drawn) if kind.blank else None
            if asking:
                yield span, asking


def bare(text: str) -> str:
    """Return a clause without quotation marks and without the words that only lead it in."""
    return _LEADING.sub("", _MARKS.sub("", text))


def clause_around(sentence: str, answer: Offsets) -> Offsets:
    """Return the clause of an answer, with clauses before and behind it while it is short."""
    clauses = clause_spans(sentence, 0, len(sentence))
    holding = [place for place, span in enumerate(clauses) if span[0] < answer[1] and answer[0] < span[1]]
    first, last = holding[0], holding[-1]
    while first > 0 and clauses[last][1] - clauses[first - 1][0] <= LONGEST and clauses[last][1] - clauses[first][0] < 22:
        first -= 1
    while last < len(clauses) - 1 and clauses[last][1] - clauses[first][0] < 14:
        last += 1
    return clauses[first][0], clauses[last][1]


def _thin(text: str, drawn: random.Random) -> str:
    """Drop some of the particles, which a question could do without."""
    return _PARTICLE.sub(lambda match: "" if drawn.random() < _DROPPED else match[0], text)
