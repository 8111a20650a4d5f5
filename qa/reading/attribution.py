"""Who says what in an article: a question for someone's words is answered where that person speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.understanding.analysis import analyse
from qa.understanding.answer_kinds import Kind
from qa.understanding.asking_words import SAYING
from qa.understanding.entities import find_people
from qa.understanding.question import Question

_LONGEST_LEAD = 40
"""Characters before a verb of saying within which its speaker is named."""
_LONGEST_SAYING = 400
_SHARED = 0.6  # of the words of a saying, in what someone says, for it to be the one asked about
_SPOKEN = re.compile(SAYING + r"(?:了|道|过|本?报?记者|自己)*[，,：:\s]*(?P<open>[“「『\"]?)")
_LEAD = re.compile(r"[^。！？!?；;\n“”「」『』]*$")
_QUOTED_BEFORE = re.compile(r"[“「『](?P<said>[^“”「」『』]+)[”」』][，,]?$")
_PRONOUN = re.compile(r"(?:^|[，,])\s*(?:随后|接着|同时|最后)?[他她]们?(?:还|又|也|同时)?")
_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"'}
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_ASKED_VERB = re.compile(rf"(?:怎么|怎样|如何|咋)?(?:{SAYING}|看)|有(?:什么|何|哪些)|的?(?:看法|评价|回应|说法|意见|原话)")
_ABOUT = re.compile(r"(?:对于?|就|关于|针对|在|向|跟|和).*")
_WHO_SAID = re.compile(
    rf"(?:谁|哪一?[位个]\w{{0,6}}?){SAYING}[了过道]?[：:，,]?(?P<behind>.*)"
    r"|(?m:^)(?P<before>.+?)(?:这[句番]?话?)?是?由?谁(?:说|讲|提出来?)的"
)
_TOLD_QUOTED = re.compile(r"[“「『](?P<said>[^“”「」『』]{2,})[”」』]")


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that someone says: `body[start:end]`."""

    lead: str
    """The words that name the speaker."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AskedSpeech:
    """What a question wants of someone's words: what `speakers` say, or else who said `saying`."""

    speakers: tuple[str, ...]
    saying: str


def asked_speech(question: Question) -> AskedSpeech | None:
    """Return whose words are asked for, or whose speaker; None where neither is asked, or nobody is named."""
    text = question.text
    if question.kind is Kind.SAID:
        verb = next((match for match in _ASKED_VERB.finditer(text) if match.start()), None)
        speakers = _speakers(text[: verb.start()]) if verb else ()
        return AskedSpeech(speakers, "") if speakers else None
    match = _WHO_SAID.search(text) if question.kind is Kind.PERSON else None
    if match is None:
        return None
    quoted = _TOLD_QUOTED.search(text)
    saying = quoted["said"] if quoted else (match["behind"] or match["before"] or "").strip("？?。 ")
    return AskedSpeech((), saying) if saying else None


def _speakers(text: str) -> tuple[str, ...]:
    """Return the people that the beginning of a question names, or else the noun that stands for one."""
    people = tuple(text[start:end] for start, end in find_people(text))
    if people:
        return people[:1]
    before = _ABOUT.sub("", text) or text
    nouns = [word for word, tag, _ in analyse(before).tokens if tag[0] == "n" and len(word) > 1]
    return tuple(nouns[-1:])


def speeches(body: str) -> list[Speech]:
    """Return what is said in an article and by whom, in order; 他 is whoever the sentence before names or quotes."""
    found: list[Speech] = []
    ends = _Ends(body)
    for match in _SPOKEN.finditer(body):
        sentence = _LEAD.search(body, max(0, match.start() - _LONGEST_LEAD), match.start())
        lead = sentence[0] if sentence else ""
        first = match.start() - len(lead)
        said_before = _QUOTED_BEFORE.search(body, max(0, first - _LONGEST_SAYING), first)
        start, end = match.end(), ends.of(match)
        if said_before:
            start = said_before.start("said")
            if end - match.end() <= 1:
                end = said_before.end("said")
        if _PRONOUN.search(lead):
            before = _LEAD.search(body, max(0, first - 1 - _LONGEST_LEAD), max(0, first - 1))
            if found and before and found[-1].end > before.start() + 1:
                lead = f"{found[-1].lead} {lead}"
            lead = f"{before[0] if before else ''} {lead}"
        found.append(Speech(lead, start, end))
    return found


class _Ends:
    """Where the sayings of a text end, asked for in order; a mark that is far away is looked for once."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._stop = -1
        self._closing: dict[str, int] = {}

    def of(self, match: re.Match[str]) -> int:
        """Return where a saying ends: with its closing quotation mark, or else with the sentence."""
        mark = _CLOSING.get(match["open"], "")
        if mark and self._closing.get(mark, -1) < match.end():
            found = self._body.find(mark, match.end())
            self._closing[mark] = len(self._body) if found < 0 else found
        if mark and self._closing[mark] < len(self._body):
            return self._closing[mark]
        if self._stop <= match.end():
            stop = _SENTENCE_END.search(self._body, match.end())
            self._stop = stop.end() if stop else len(self._body)
        return self._stop


def speech_fit(asked: AskedSpeech, body: str, spoken: Sequence[Speech], start: int, end: int) -> float | None:
    """Say how far a span of an article is what is asked: 1 where it is, 0 where someone else is known to be; None: unknown.

    Of a question for someone's words that is a span within them; of one for a speaker,
    a name in front of the words.
    """
    if asked.speakers:
        said = any(
            speech.start < end and start < speech.end and any(name in speech.lead for name in asked.speakers)
            for speech in spoken
        )
        return 1.0 if said else None
    telling = [speech for speech in spoken if _holds(body[speech.start : speech.end], asked.saying)]
    if any(body[start:end] in speech.lead for speech in telling):
        return 1.0
    return 0.0 if telling else None


def _holds(said: str, saying: str) -> bool:
    """Say whether someone says this, to the letter or with most of its words."""
    told, wanted = analyse(said), analyse(saying)
    if wanted.folded in told.folded:
        return True
    words = frozenset(wanted.words)
    return bool(words) and len(words & frozenset(told.words)) >= _SHARED * len(words)
