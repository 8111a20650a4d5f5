"""A question that leans on earlier turns, completed from them so that it can be asked by itself.

What is carried over is put where the earlier question had it (那2025年呢 takes the
place of 2024年, 西湾大桥 that of 东湾大桥), or in place of the word that points back (他,
那里, 这座桥), or in front of a question that names nothing. Of several ways the archive
decides: the one that comes nearest to something printed. Whether a question leans at
all is told by its words (qa.understanding.leaning); where they leave it open, it is
asked both ways, and the reading decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise

from qa.understanding.answer_kinds import Kind
from qa.understanding.asking_words import INTERROGATIVE
from qa.understanding.date_shift import ShiftedQuestion, shift_dates
from qa.understanding.leaning import leaning_features, leaning_probability
from qa.understanding.openings import Move, Opening, find_opening
from qa.understanding.question import understand
from qa.understanding.replacement import is_measure, replacements
from qa.understanding.steps import run_to_end
from qa.understanding.topics import NAMED_TYPES, TRIM, asking_start, candidate_topics, entity_mentions, is_self_contained

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each question and the passage nearest to it."""
CANDIDATES = 6
TURNS = 4
"""Earlier turns that are completed from those before them."""
ALONE, LEANS = 0.03, 0.9
"""Up to and from these probabilities of leaning a question is asked one way only; chosen by cross-validation on the training
lines of benchmarks/conversations, of which beyond them one in a hundred is decided wrongly."""
_LONGEST_NAME, _LONGEST_PERSON = 24, 4
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
    also: str = ""
    """The other way in which it may have been meant; empty where its words leave no doubt."""
    probability: float = 1.0
    """How likely it was meant so rather than the other way."""
    told: str = ""
    """What the turn before was answered, where something else is asked now: 同比呢 asks for no figure told before."""
    also_told: str = ""
    """The same for the other way."""


# Something else to be put in its place: 那2025年呢？ What asks by itself is none: 那谁来修呢.
_SWAP = re.compile(
    rf"^(?:那么?|换成|至于|再说|还有|其中)?[，,]?(?P<new>(?:(?!{INTERROGATIVE.pattern}).){{1,24}}?)的?[呢哩][？?。!！\s]*$"
)
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
_THEN = re.compile(r"[那这]一?(?:天|日|年|个?月|时候?|会儿|阵子?)|当[天日时年月]|同[天日年月](?!同期)")
# A thing named before: 它, 该厂, 这座 of 这座桥.
_THING = re.compile(
    r"(?<![其吉应])它们?|(?<![应不])该(?=[\u4e00-\u9fff])"
    r"|[这那][一俩两三几]?[个座条家项届场篇部架艘款种支枚口只台辆间所群批俩]"
)
# One of two named before, or both: 前者, 后一个, 他俩.
_OF_TWO = re.compile(r"(?P<first>前者|[前头]一[个位家座条艘])|(?P<second>后者|后一[个位家座条艘])|[他她它]们?俩|[这那]俩")
# The name of someone is asked for, whatever they are: 修表的师傅叫什么.
_CALLED = re.compile(r"叫(?:什么|啥)|是谁")
_AND = re.compile(r"[、，,和与及]")
# A word is to be explained: 什么是灰砖.
_DEFINING = re.compile(r"(?:什么|啥|谁)是|何谓|何为")
# What stands behind words that go back, and is asked of what they name: 总长多少 of 那座桥，总长多少.
_NAMED_BEFORE = re.compile(
    r"(?:[那这][一俩两三几]?(?:[个座条家项届场篇部架艘款种支枚口只台辆间所位名次件]|边的?)?的?)?"
    r"(?:(?P<head>[^，,？?]{1,10}?)(?:那件?事儿?|那边|那儿|那里)?[，,](?P<behind>.+)|(?P<all>.+))"
)
_POINTERS = (
    (_WITHIN, frozenset[str]()),
    (_OF_TWO, NAMED_TYPES),
    (_PERSON, frozenset({"person"})),
    (_PLACE, frozenset({"place", "organisation"})),
    (_THEN, frozenset({"time"})),
    (_LATER, NAMED_TYPES),
    (_THING, NAMED_TYPES),
)
_ANYWHERE = frozenset({_LATER, _THING, _OF_TWO})
"""Of these a question names it wherever its name stands."""
_BARE = frozenset({_WITHIN, _LATER, _THING})
"""These say that something is meant, but not which: 这座桥."""


def complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness) -> Completed:
    """Return the question with what it leaves to the turns before it, or as it is where it stands alone.

    The turns are completed in order first, so that a chain of fragments keeps its subject.
    """
    return run_to_end(completing(question, history, today, nearness))


def completing(question: str, history: Sequence[Turn], today: date, nearness: Nearness) -> Generator[None, None, Completed]:
    """Do as `complete`, pausing behind each turn, so that a caller may give up."""
    # Of those farther back, to which a question may return, the words as they were put are enough.
    context = list(history[:-TURNS])
    for turn in history[-TURNS:]:
        context.append(Turn(_complete(turn.question, context, today, nearness).text, turn.answer))
        yield
    return _complete(question, context, today, nearness)


def _complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness) -> Completed:
    if len(question) > _LONGEST:
        return Completed(question)
    opening = find_opening(question)
    if not history or opening.move is Move.NEW_SUBJECT:
        return Completed(opening.rest if opening.move in {Move.NEW_SUBJECT, Move.FURTHER} else question)
    if opening.move is Move.BACK and (found := _chosen(_returning(opening, history, today), nearness)):
        return found
    if opening.move is Move.CORRECTION and (found := _chosen(_corrected(opening, history, today), nearness)):
        return found
    asked = opening.rest if opening.move in {Move.FURTHER, Move.CORRECTION} else question
    leans = _leaning(asked, opening, history, today)
    best = _chosen(_candidates(asked, history, today), nearness) if leans > ALONE else None
    if best is None:
        return Completed(asked)
    if leans >= LEANS:
        return best
    if leans >= 1 / 2:
        return replace(best, also=asked, probability=leans)
    return Completed(asked, also=best.text, probability=1 - leans, also_told=best.told)


def leaning(question: str, history: Sequence[Turn], today: date) -> float:
    """Return how likely a question leans on the turns before it, by its words alone."""
    opening = find_opening(question)
    if opening.move in {Move.BACK, Move.CORRECTION}:
        return 1.0
    return 0.0 if opening.move is Move.NEW_SUBJECT else _leaning(opening.rest, opening, history, today)


def _leaning(asked: str, opening: Opening, history: Sequence[Turn], today: date) -> float:
    if _SWAP.match(asked) or _at_another(asked, history[-1].question, today) is not None:
        return 1.0
    return leaning_probability(_features(asked, opening, history, today))


def features_of(question: str, history: Sequence[Turn], today: date) -> dict[str, float]:
    """Return what tells whether a question leans, for those who learn how much it counts."""
    opening = find_opening(question)
    return _features(opening.rest, opening, history, today)


def _features(asked: str, opening: Opening, history: Sequence[Turn], today: date) -> dict[str, float]:
    pointer = _pointer(asked, today)
    return leaning_features(
        asked,
        [(turn.question, turn.answer or "") for turn in history],
        today,
        points=None if pointer is None else pointer[0].start(),
        swaps=_SWAP.match(asked) is not None,
        further=opening.move is Move.FURTHER,
    )


def _chosen(offered: Iterator[Completed], nearness: Nearness) -> Completed | None:
    """Return the completed question that print is nearest to; None where none is offered."""
    candidates = list(islice(dict.fromkeys(one for one in offered if len(one.text) <= _LONGEST), CANDIDATES))
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    scores = nearness([candidate.text for candidate in candidates])
    return max(zip(scores, candidates, strict=True), key=lambda pair: pair[0])[1]


def _returning(opening: Opening, history: Sequence[Turn], today: date) -> Iterator[Completed]:
    """Ask of the turn that the words of a question name (那座桥, 那个学校) what stands behind them."""
    match = _NAMED_BEFORE.match(opening.rest)
    if match is None:
        return
    head, behind = match["head"] or match["all"], match["behind"] or ""
    # Words that no dictionary holds are named by pairs of characters, and 大桥 by its last: 那座桥.
    pairs = [*map("".join, pairwise(head))]

    def shared(turn: Turn) -> float:
        told = turn.question + (turn.answer or "")
        return sum(pair in told for pair in pairs) + (0.5 if behind and head[-1] in told else 0.0)

    turns = list(history) if opening.from_the_start else [*reversed(history[:-1]), history[-1]]
    most = max(shared(turn) for turn in turns)
    if not most and opening.whole:
        return  # 江西那边 goes back to nothing
    meant = [turn for turn in turns if shared(turn) == most] if most else turns
    for turn in meant[: None if not most else 1]:
        for topic in candidate_topics(turn.question, behind or opening.rest, today):
            rest = behind if behind and head[-1:] in topic else f"{head}{'，' if behind else ''}{behind}"
            yield Completed(f"{topic}，{rest}", (topic,))


def _corrected(opening: Opening, history: Sequence[Turn], today: date) -> Iterator[Completed]:
    """Ask the question before as it was meant: 不对，我问的是去年的."""
    last, new = history[-1], opening.rest.rstrip("？?。的 ")
    asks = asking_start(new) is not None
    if not asks and understand(new).kind is not Kind.YES_NO:
        for text in replacements(new, last.question, today, opening.instead_of):
            yield _made(text, last.question, new, told=last.answer)  # what was told was not what was meant
        return
    if is_self_contained(new, today):
        yield Completed(opening.rest)
        return
    # What was asked of it was not meant, so that the topic without it comes first.
    for topic in reversed(candidate_topics(last.question, new, today)):
        yield Completed(f"{topic}，{opening.rest}", (topic,), told=last.answer or "")


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
        told = last.answer if is_measure(swap["new"]) else None
        for text in replacements(swap["new"], last.question, today):
            yield _made(text, last.question, swap["new"], told=told)
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
        yield Completed(f"{topic}，{bare}", (topic,), told=last.answer or "")


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


def _pointing(
    question: str, match: re.Match[str], sorts: frozenset[str], history: Sequence[Turn], today: date
) -> Iterator[Completed]:
    """Put what an earlier turn names in place of the word that points back to it."""
    topics = candidate_topics(history[-1].question, question, today)
    if match.re in _BARE:
        found: tuple[str, ...] = ()
    elif match.re is _OF_TWO:
        found = _of_two(match, history[-1])
    else:
        found = next((named for turn in reversed(history) if (named := _named(turn, sorts, today))), ())
    for words in found:
        told = question[: match.start()] + words + question[match.end() :]
        yield Completed(told, (words,))
        if match.re in (_PERSON, _PLACE, _THEN):
            for topic in topics:
                yield Completed(f"{topic}，{told}", (topic, words))
    if not found:
        for topic in topics:
            yield Completed(f"{topic}，{question}", (topic,), told=history[-1].answer or "")


def _of_two(match: re.Match[str], turn: Turn) -> tuple[str, ...]:
    """Return which of two that a turn told is meant, or both."""
    answer = turn.answer or ""
    pieces = [piece for piece in _AND.split(answer) if piece.strip()]
    if not match["first"] and not match["second"]:
        return (answer,) if answer else ()
    if len(pieces) != 2:
        return ()
    return (pieces[0] if match["first"] else pieces[1],)


def _named(turn: Turn, sorts: frozenset[str], today: date) -> tuple[str, ...]:
    """Return the words of a turn that name something of these sorts, those of its answer first."""
    answer = turn.answer or ""
    found = [answer[part.start : part.end] for part in entity_mentions(answer, today) if part.entity_type in sorts]
    # Whoever was asked for is the answer, whether or not its words are known as a name.
    asked_for = understand(turn.question).expects.entity_type in sorts and 1 < len(answer) <= _LONGEST_NAME
    asked_for |= "person" in sorts and _CALLED.search(turn.question) is not None and 1 < len(answer) <= _LONGEST_PERSON
    if asked_for or (found and "person" in sorts and len(answer) <= _LONGEST_PERSON):
        found = [answer]
    found += [
        turn.question[part.start : part.end] for part in entity_mentions(turn.question, today) if part.entity_type in sorts
    ]
    return tuple(dict.fromkeys(found))


def _made(text: str, asked: str, new: str, told: str | None = None) -> Completed:
    """Return a completed question with the pieces of the earlier one that it keeps."""
    place = text.find(new)
    pieces = (text[:place], text[place + len(new) :]) if place >= 0 else (text,)
    return Completed(text, tuple(piece for piece in pieces if piece.strip(TRIM)) or (asked,), told=told or "")
