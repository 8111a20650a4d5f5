"""A question that leans on earlier turns, completed from them so that it can be asked by itself.

What is carried over is put where the earlier question had it (那2025年呢 takes the
place of 2024年), or in place of the word that points back (他, 那里, 这座桥), or in front
of a question that names nothing. Of several ways the archive decides: the one that
comes nearest to something printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from embeddings.dates.date_words import find_written
from qa.understanding.analysis import analyse
from qa.understanding.answer_kinds import ANSWER_KINDS, Kind
from qa.understanding.date_shift import ShiftedQuestion, shift_dates
from qa.understanding.question import understand
from qa.understanding.steps import run_to_end
from qa.understanding.topics import (
    MEASURED,
    NAMED_TYPES,
    TRIM,
    TRIM_END,
    EntityMention,
    asking_start,
    asking_tail,
    candidate_topics,
    entity_mentions,
    find_topic,
    is_self_contained,
)

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each question and the passage nearest to it."""
CANDIDATES = 6
TURNS = 4
"""Earlier turns that are looked at; each is completed from the one before it."""
TUNED_MARGIN = 0.03
"""The margin for cosines of questions that are encoded with changes of their own (embeddings.models.question_adapter);
chosen on the development lines of benchmarks/questions and on written questions behind others."""
_SHORT = 10
"""Characters of a question that seldom stands alone."""
_LONGEST_NAME, _LONGEST_PERSON = 12, 4
_LONGEST = 300
"""Characters of a question that leans on others, and of what it is completed to; whoever writes more says what is meant."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands alone."""

    text: str
    carried: tuple[str, ...] = ()
    """The words taken from earlier turns; none where the question stands alone as it was asked."""
    leaning: bool = False
    """Its own words say that it leans on them (他, 那里, …呢), so that it cannot be asked without."""


# Something else to be put in its place: 那2025年呢？
_SWAP = re.compile(r"^(?:那么?|换成|至于|再说|还有)?[，,]?(?P<new>.{1,24}?)的?[呢哩][？?。!！\s]*$")
# What leads a further question: 那么，谁来修？
_LEAD = re.compile(r"^(?:那么?|还有|另外|然后|所以)[，,]?(?![里儿边天年次个家位座项场篇届时])")
# Someone named before: 他, 此人; not 他国.
_PERSON = re.compile(r"(?<![其吉])(?<!马耳)[他她](?![国乡山人处])们?|此人|[这那](?:个人|位|人(?![数口群员民]))|对方")
# A place named before: 那里.
_PLACE = re.compile(r"[那这](?:里|儿|边|个地方)|当地")
# What stands in something, or is left of it, leaves out of what.
# 剩下的人呢, 车上有谁.
_WITHIN = re.compile(
    r"^(?:那么?)?(?:[这那]?(?:里[头面边]|当中|其中|[机船车场会台队馆店园厂][里上内])|剩(?:下|余)|余下|其余|其他)"
)
# Counted from what was told before, where no day of it can be moved.
# 第二天, 又过了三天.
_LATER = re.compile(
    r"^(?:那么?)?(?:第二[天年]|次[日年]|转[天年]|翌日|[隔下后前]一[天日年]|[又再]?(?:过了?|隔了?)[\d一两二三四五六七八九十几半多来]+(?:天|年|周|个月))"
)
# A time named before: 那年.
_THEN = re.compile(r"[那这]一?(?:天|日|年|个?月)|当[天日时年月]|同[天日年月](?!同期)")
# A thing named before: 它, 该厂, 这座 of 这座桥.
_THING = re.compile(
    r"(?<![其吉应])它们?|(?<![应不])该(?=[\u4e00-\u9fff])"
    r"|[这那]一?[个座条家项届场篇部架艘款种支枚]"
)
# A word is to be explained: 什么是灰砖.
_DEFINING = re.compile(r"(?:什么|啥|谁)是|何谓|何为")
_POINTERS = (
    (_WITHIN, frozenset[str]()),
    (_PERSON, frozenset({"person"})),
    (_PLACE, frozenset({"place", "organisation"})),
    (_THEN, frozenset({"time"})),
    (_LATER, NAMED_TYPES),
    (_THING, NAMED_TYPES),
)
_ANYWHERE = frozenset({_LATER, _THING})
"""Of these a question names it wherever its name stands."""
_BARE = frozenset({_WITHIN, _LATER, _THING})
"""These say that something is meant, but not which: 这座桥."""


def complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness, margin: float = 0.0) -> Completed:
    """Return the question with what it leaves to the turns before it, or as it is where it stands alone.

    The turns are completed in order first, so that a chain of fragments keeps its subject. `margin`: by what cosine print
    must be nearer to a short question for it to stand alone, or to what completes a longer one.
    """
    return run_to_end(completing(question, history, today, nearness, margin))


def completing(
    question: str, history: Sequence[Turn], today: date, nearness: Nearness, margin: float = 0.0
) -> Generator[None, None, Completed]:
    """Do as `complete`, pausing behind each turn, so that a caller may give up."""
    context: list[Turn] = []
    for turn in history[-TURNS:]:
        context.append(Turn(_complete(turn.question, context, today, nearness, margin).text, turn.answer))
        yield
    return _complete(question, context, today, nearness, margin)


def _complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness, margin: float) -> Completed:
    if not history or len(question) > _LONGEST:
        return Completed(question)
    leaning = (
        _SWAP.match(question) is not None
        or _at_another(question, history[-1].question, today) is not None
        or _pointer(question, today) is not None
        # 怎么会停电的 has no noun; 什么是灰砖 has one that no dictionary knows.
        or not (entity_mentions(question, today) or _DEFINING.match(question))
    )
    if not leaning and is_self_contained(question, today):
        return Completed(question)
    offered = (one for one in _candidates(question, history, today) if len(one.text) <= _LONGEST)
    found = list(islice(dict.fromkeys(offered), CANDIDATES))
    # What leans on nothing for certain is left alone where nothing printed is nearer to the longer question.
    candidates = found if leaning else [Completed(question), *found]
    if len(candidates) < 2:
        best = candidates[0] if candidates else Completed(question)
    else:
        scores = list(nearness([candidate.text for candidate in candidates]))
        if not leaning:
            scores[0] += -margin if len(question) <= _SHORT else margin
        best = max(zip(scores, candidates, strict=True), key=lambda pair: pair[0])[1]
    return replace(best, leaning=leaning and bool(best.carried))


def _pointer(question: str, today: date) -> tuple[re.Match[str], frozenset[str]] | None:
    """Return the word of a question that points back, and to what sorts of words; None where the question names them first."""
    parts = entity_mentions(question, today)
    for pattern, sorts in _POINTERS:
        match = pattern.search(question)
        if match and not any(
            part.entity_type in sorts and (part.end <= match.start() or pattern in _ANYWHERE) for part in parts
        ):
            return match, sorts
    return None


def _candidates(question: str, history: Sequence[Turn], today: date) -> Iterator[Completed]:
    """Offer ways to complete a question from the turns before it."""
    last = history[-1]
    swap = _SWAP.match(question)
    if swap:
        yield from _swapped(swap["new"], last, today)
        return
    other = _at_another(question, last.question, today)
    if other is not None:
        yield from _at_another_time(other, last, today)
        return
    pointer = _pointer(question, today)
    if pointer:
        yield from _pointing(question, *pointer, history, today)
        return
    bare = question[match.end() :] if (match := _LEAD.match(question)) else question
    for topic in candidate_topics(last.question, bare, today):
        yield Completed(f"{topic}，{bare}", (topic,))


def _swapped(new: str, last: Turn, today: date) -> Iterator[Completed]:
    """Put the new words where the earlier question has words of the same sort."""
    asked = last.question
    other = shift_dates(new, asked, alone=True)
    if other is not None:
        if other.rest:
            yield from _swapped(other.rest, replace(last, question=other.question), today)
        else:
            yield _made(other.question, asked, new)
        return
    own = entity_mentions(new, today)
    sort = own[0].entity_type if own else "noun"
    parts = entity_mentions(asked, today)
    alike = [part for part in parts if part.entity_type == sort]
    if sort == "noun":
        named = [part for part in parts if part.entity_type == "name" and asked[part.end - 1] == new[-1]]
        yield from _asking_for(new, asked, sorted([*alike, *named], key=lambda part: part.start))
        return
    if sort == "time":
        alike = alike[:1]
        new = _with_year(new, asked, alike)
    for part in reversed(alike):
        before, behind = asked[: part.start], asked[part.end :]
        # 2025年春节档 in place of the 2023年春节 of 2023年春节档; 到3月15日 in place of the 2月18日 of 到2月18日.
        again = next((size for size in range(min(len(new), len(behind)), 0, -1) if new.endswith(behind[:size])), 0)
        twice = next((size for size in range(min(len(new), len(before)), 0, -1) if before.endswith(new[:size])), 0)
        yield _made(before + new[twice:] + behind[again:], asked, new)
    if not alike:
        for topic in candidate_topics(asked, asked, today):
            yield _made(f"{topic}{new}{asking_tail(asked)}", asked, new)


def _at_another(question: str, asked: str, today: date) -> ShiftedQuestion | None:
    """Return the question before of the time or edition that a question begins with; None where it goes on to name its own.

    下一届冬奥会在哪里办 stands alone, whatever fair was asked for before.
    """
    other = shift_dates(question, asked)
    return (
        None if other is None or any(part.entity_type in NAMED_TYPES for part in entity_mentions(other.rest, today)) else other
    )


def _at_another_time(other: ShiftedQuestion, last: Turn, today: date) -> Iterator[Completed]:
    """Ask the question before of another time or edition, or what else the follow-up asks of that."""
    asked, rest = other.question, other.rest
    same = understand(rest).kind in {understand(asked).kind, Kind.OTHER}
    if same and not any(part.entity_type == "noun" for part in entity_mentions(rest, today)):
        yield _made(asked, last.question, rest)
    else:
        for topic in candidate_topics(asked, rest, today):
            yield Completed(f"{topic}，{rest}", (topic,))


def _asking_for(new: str, asked: str, nouns: Sequence[EntityMention]) -> Iterator[Completed]:
    """Ask for something else of the same: put a noun in place of the one that was asked for."""
    tail = asking_start(asked)
    place = len(asked) if tail is None else tail
    own = next((kind for kind in ANSWER_KINDS if kind.nouns and kind.nouns.search(new)), None)
    if own and understand(asked).kind is not own.name:
        topic = find_topic(asked)
        asked = (topic if asked.startswith(topic) else asked[:place].rstrip(TRIM_END)) + own.nouns_ask
        place = len(asked) - len(own.nouns_ask)
    before = [part for part in nouns if part.end <= place]
    measured = MEASURED.match(asked, place) is not None
    # 研究生 in place of the 本科生 of 本科生一年最多贷多少; 派送 in place of the 收 of 快递收了多少件.
    alike = [part for part in before if asked[part.end - 1] == new[-1] and asked[part.start : part.end] != new]
    if alike:
        yield from (_made(asked[: part.start] + new + asked[part.end :], asked, new) for part in alike)
        return
    verb = _last_verb(asked[:place])
    if verb is not None and _last_verb(new) == 0:
        yield _made(asked[:verb] + new + asked[place:], asked, new)
        return
    if before and not measured and before[-1].end == len(asked[:place].rstrip(TRIM)):
        start = before[-1].start
        yield _made(asked[:start] + new + asked[before[-1].end :], asked, new)
        for part in reversed(before[:-1]):
            if part.end != start:
                break
            # What was asked for may be several words: 营业总收入.
            start = part.start
            if start > 0:
                yield _made(asked[:start] + new + asked[before[-1].end :], asked, new)
    yield _made(f"{find_topic(asked)}{new}{asking_tail(asked)}", asked, new)


def _last_verb(text: str) -> int | None:
    """Return where the verb begins that a text ends in; None where it ends in something else."""
    *_, (word, tag, start) = [("", "", 0), *analyse(text).tokens]
    return start if tag.startswith("v") and tag not in {"vn", "vshi"} and start + len(word) == len(text) else None


def _with_year(new: str, asked: str, alike: Sequence[EntityMention]) -> str:
    """Give a month the year that the earlier question names."""
    before = find_written(asked[alike[0].start : alike[0].end]) if alike else ()
    year = next((written.year for written in before if written.year), None)
    month = next((written.month for written in find_written(new) if written.month), None)
    if not year or not month or "年" in new:
        return new
    return f"{new[: month.start]}{year.value}年{new[month.start :]}"


def _pointing(
    question: str, match: re.Match[str], sorts: frozenset[str], history: Sequence[Turn], today: date
) -> Iterator[Completed]:
    """Put what an earlier turn names in place of the word that points back to it."""
    topics = candidate_topics(history[-1].question, question, today)
    if match.re in _BARE:
        found: tuple[str, ...] = ()
    else:
        found = next((named for turn in reversed(history) if (named := _named(turn, sorts, today))), ())
    for words in found:
        told = question[: match.start()] + words + question[match.end() :]
        yield Completed(told, (words,))
        if match.re in (_PERSON, _PLACE):
            for topic in topics:
                yield Completed(f"{topic}，{told}", (topic, words))
    if not found:
        for topic in topics:
            yield Completed(f"{topic}，{question}", (topic,))


def _named(turn: Turn, sorts: frozenset[str], today: date) -> tuple[str, ...]:
    """Return the words of a turn that name something of these sorts, those of its answer first."""
    answer = turn.answer or ""
    found = [answer[part.start : part.end] for part in entity_mentions(answer, today) if part.entity_type in sorts]
    # Whoever was asked for is the answer, whether or not its words are known as a name.
    asked_for = understand(turn.question).expects.entity_type in sorts and 1 < len(answer) <= _LONGEST_NAME
    if asked_for or (found and "person" in sorts and len(answer) <= _LONGEST_PERSON):
        found = [answer]
    found += [
        turn.question[part.start : part.end] for part in entity_mentions(turn.question, today) if part.entity_type in sorts
    ]
    return tuple(dict.fromkeys(found))


def _made(text: str, asked: str, new: str) -> Completed:
    """Return a completed question with the pieces of the earlier one that it keeps."""
    place = text.find(new)
    pieces = (text[:place], text[place + len(new) :]) if place >= 0 else (text,)
    return Completed(text, tuple(piece for piece in pieces if piece.strip(TRIM)) or (asked,))
