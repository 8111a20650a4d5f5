"""A question that leans on earlier turns, completed from them so that it can be asked by itself.

What is carried over is put where the earlier question had it (那2025年呢 takes the
place of 2024年), or in place of the word that points back (他, 那里, 这座桥), or in front
of a question that names nothing. Of several ways the archive decides: the one that
comes nearest to something printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from embeddings.dates import mentions
from embeddings.names import tag_words
from qa.finders import ORGANISATION_END, PLACE_END, find_names
from qa.moved import EDITION, YEAR, Moved, moved
from qa.question import ASKED, Kind, understand

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each question and the passage nearest to it."""
CANDIDATES = 6
TURNS = 4
"""Earlier turns that are looked at; each is completed from the one before it."""
_LEAST_NAME, _LONGEST_NAME, _LONGEST_PERSON = 5, 12, 4
_LEAST_TOPIC = 3
_GIVEN = {Kind.PERSON: "person", Kind.PLACE: "place", Kind.ORGANISATION: "organisation", Kind.DATE: "time"}


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


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a question that others may take the place of."""

    start: int
    end: int
    sort: str
    """time, edition, number, person, place, organisation, name or noun."""


_SWAP = re.compile(r"^(?:那么?|换成|至于|再说|还有)?[，,]?(?P<new>.{1,24}?)的?[呢哩][？?。!！\s]*$")
_LEAD = re.compile(r"^(?:那么?|还有|另外|然后|所以)[，,]?(?![里儿边天年次个家位座项场篇届时])")
_PERSON = re.compile(r"(?<![其吉])(?<!马耳)[他她](?![国乡山人处])们?|此人|[这那](?:个人|位|人(?![数口群员民]))|对方")
_PLACE = re.compile(r"[那这](?:里|儿|边|个地方)|当地")
# What stands in something, or is left of it, leaves out of what.
_WITHIN = re.compile(
    r"^(?:那么?)?(?:[这那]?(?:里[头面边]|当中|其中|[机船车场会台队馆店园厂][里上内])|剩(?:下|余)|余下|其余|其他)"
)
_THEN = re.compile(r"[那这]一?(?:天|日|年|个?月)|当[天日时年月]|同[天日年月](?!同期)")
_THING = re.compile(
    r"(?<![其吉应])它们?|(?<![应不])该(?=[\u4e00-\u9fff])"
    r"|[这那]一?[个座条家项届场篇部架艘款种支枚]"
)
# A town that no dictionary knows.
_DIVISION = re.compile(r"[^\W\d_的了在到去来和从及跟这那个我你他们全本哪各每几有是]{2,4}[省市县区镇乡村](?![民委])")
_NUMBERED = re.compile(r"第\d{1,6}\w?")
_QUOTED = re.compile(r"《[^》]{1,40}》|“[^”]{1,40}”")
_SORTS = {"nr": "person", "ns": "place", "nt": "organisation", "nz": "name", "nw": "name", "eng": "name"}
_NAMING = frozenset({"edition", "person", "place", "organisation", "name"})
"""What a question that stands alone names."""
_POINTERS = (
    (_WITHIN, frozenset[str]()),
    (_PERSON, frozenset({"person"})),
    (_PLACE, frozenset({"place", "organisation"})),
    (_THEN, frozenset({"time"})),
    (_THING, _NAMING),
)
# Nouns that many questions have and that name nothing.
_GENERAL = frozenset(
    """
    时候 时间 地方 原因 情况 人数 数量 数字 金额 结果 名字 职务 单位 部门 国家 城市 公司 企业 消息 新闻 报道 文章 内容 意思 问题
    日期 位置 地点 作用 好处 一共 总共
    """.split()
)
_ASKED_TAIL = re.compile(
    r"(?:[是在有为由去到给被把用叫]|一共|总共|大约|大概|到底|究竟|分别|连续|都|又|还|了|占|达到?|共|第)*(?:"
    + ASKED.pattern
    + r").*$"
)
# 多长 asks for the length by itself, so that a new noun has nothing to take the place of.
_MEASURED = re.compile(r"有?多[长高大重远宽深久快厚]")
# What was reported on a day is reported on others as well: 8月28日的报道里.
_DAY_OF_PRINT = re.compile(
    r"(?P<month>(?:\d{4}年)?\d{1,2}月)\d{1,2}[日号](?:[那当]天|当日)?的?(?:新闻联播|新闻|报道|消息|报纸|报上|播[出报])"
    r"(?:[里中上时说称])*的?[，,]?"
)
_TRIM = "的是了在有，,？?。！! 　"
_TRIM_END = _TRIM + "从自到"


def complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness) -> Completed:
    """Return the question with what it leaves to the turns before it, or as it is where it stands alone.

    The turns are completed in order first, so that a chain of fragments keeps its subject.
    """
    context: list[Turn] = []
    for turn in history[-TURNS:]:
        context.append(Turn(_complete(turn.question, context, today, nearness).text, turn.answer))
    return _complete(question, context, today, nearness)


def _complete(question: str, history: Sequence[Turn], today: date, nearness: Nearness) -> Completed:
    if not history:
        return Completed(question)
    leaning = (
        _SWAP.match(question) is not None
        or _at_another(question, history[-1].question, today) is not None
        or _pointer(question, today) is not None
    )
    if not leaning and _names_its_own(question, today):
        return Completed(question)
    found = list(dict.fromkeys(_candidates(question, history, today)))[:CANDIDATES]
    # What leans on nothing for certain is left alone where nothing printed is nearer to the longer question.
    candidates = found if leaning else [Completed(question), *found]
    if len(candidates) < 2:
        best = candidates[0] if candidates else Completed(question)
    else:
        scores = nearness([candidate.text for candidate in candidates])
        best = max(zip(scores, candidates, strict=True), key=lambda pair: pair[0])[1]
    return replace(best, leaning=leaning and bool(best.carried))


def _pointer(question: str, today: date) -> tuple[re.Match[str], frozenset[str]] | None:
    """Return the word of a question that points back, and to what sorts of words; None where the question names them first."""
    parts = _parts(question, today)
    for pattern, sorts in _POINTERS:
        match = pattern.search(question)
        if match and not any(part.sort in sorts and (part.end <= match.start() or pattern is _THING) for part in parts):
            return match, sorts
    return None


def _names_its_own(question: str, today: date) -> bool:
    """Say whether a question names what it asks about."""
    sorts = {part.sort for part in _parts(question, today)}
    return bool(sorts & _NAMING) or {"time", "noun"} <= sorts


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
    for topic in _topics(last.question, bare, today):
        yield Completed(f"{topic}，{bare}", (topic,))


def _swapped(new: str, last: Turn, today: date) -> Iterator[Completed]:
    """Put the new words where the earlier question has words of the same sort."""
    asked = last.question
    other = moved(new, asked, alone=True)
    if other is not None:
        if other.rest:
            yield from _swapped(other.rest, replace(last, question=other.asked), today)
        else:
            yield _made(other.asked, asked, new)
        return
    own = _parts(new, today)
    sort = own[0].sort if own else "noun"
    parts = _parts(asked, today)
    alike = [part for part in parts if part.sort == sort]
    if sort == "noun":
        named = [part for part in parts if part.sort == "name" and asked[part.end - 1] == new[-1]]
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
        for topic in _topics(asked, asked, today):
            yield _made(f"{topic}{new}{_tail(asked)}", asked, new)


def _at_another(question: str, asked: str, today: date) -> Moved | None:
    """Return the question before of the time or edition that a question begins with; None where it goes on to name its own.

    下一届冬奥会在哪里办 stands alone, whatever fair was asked for before.
    """
    other = moved(question, asked)
    return None if other is None or any(part.sort in _NAMING for part in _parts(other.rest, today)) else other


def _at_another_time(other: Moved, last: Turn, today: date) -> Iterator[Completed]:
    """Ask the question before of another time or edition, or what else the follow-up asks of that."""
    asked, rest = other.asked, other.rest
    same = understand(rest).kind in {understand(asked).kind, Kind.OTHER}
    if same and not any(part.sort == "noun" for part in _parts(rest, today)):
        yield _made(asked, last.question, rest)
    else:
        for topic in _topics(asked, rest, today):
            yield Completed(f"{topic}，{rest}", (topic,))


def _asking_for(new: str, asked: str, nouns: Sequence[_Part]) -> Iterator[Completed]:
    """Ask for something else of the same: put a noun in place of the one that was asked for."""
    tail = _asked_tail(asked)
    place = tail.start() if tail else len(asked)
    before = [part for part in nouns if part.end <= place]
    measured = _MEASURED.match(asked, place) is not None
    # 研究生 in place of the 本科生 of 本科生一年最多贷多少; 派送 in place of the 收 of 快递收了多少件.
    alike = [part for part in before if asked[part.end - 1] == new[-1] and asked[part.start : part.end] != new]
    if alike:
        yield from (_made(asked[: part.start] + new + asked[part.end :], asked, new) for part in alike)
        return
    verb = _last_verb(asked[:place])
    if verb is not None and _last_verb(new) == 0:
        yield _made(asked[:verb] + new + asked[place:], asked, new)
        return
    if before and not measured and before[-1].end == len(asked[:place].rstrip(_TRIM)):
        start = before[-1].start
        yield _made(asked[:start] + new + asked[before[-1].end :], asked, new)
        for part in reversed(before[:-1]):
            if part.end != start:
                break
            # What was asked for may be several words: 营业总收入.
            start = part.start
            if start > 0:
                yield _made(asked[:start] + new + asked[before[-1].end :], asked, new)
    yield _made(f"{_topic(asked)}{new}{_tail(asked)}", asked, new)


def _last_verb(text: str) -> int | None:
    """Return where the verb begins that a text ends in; None where it ends in something else."""
    *_, (word, tag, start) = [("", "", 0), *tag_words(text)]
    return start if tag.startswith("v") and tag not in {"vn", "vshi"} and start + len(word) == len(text) else None


def _with_year(new: str, asked: str, alike: Sequence[_Part]) -> str:
    """Give a month the year that the earlier question names."""
    year = YEAR.search(asked[alike[0].start : alike[0].end]) if alike else None
    month = re.search(r"\d{1,2}月|[一二三四五六七八九十]{1,2}月", new)
    if not year or not month or "年" in new:
        return new
    return new[: month.start()] + year[0] + new[month.start() :]


def _pointing(
    question: str, match: re.Match[str], sorts: frozenset[str], history: Sequence[Turn], today: date
) -> Iterator[Completed]:
    """Put what an earlier turn names in place of the word that points back to it."""
    topics = _topics(history[-1].question, question, today)
    if match.re in (_THING, _WITHIN):
        found: tuple[str, ...] = ()  # 这座桥 says what it is, but not which
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
    found = [answer[part.start : part.end] for part in _parts(answer, today) if part.sort in sorts]
    # Whoever was asked for is the answer, whether or not its words are known as a name.
    asked_for = _GIVEN.get(understand(turn.question).kind) in sorts and 1 < len(answer) <= _LONGEST_NAME
    if asked_for or (found and "person" in sorts and len(answer) <= _LONGEST_PERSON):
        found = [answer]
    found += [turn.question[part.start : part.end] for part in _parts(turn.question, today) if part.sort in sorts]
    return tuple(dict.fromkeys(found))


def _asked_tail(question: str) -> re.Match[str] | None:
    """Find what a question asks with: its asking word, with what leads to it, and all behind; a name's own words do not ask."""
    # The 哪 of 《哪吒》 asks nothing; the marks keep the offsets.
    hidden = _QUOTED.sub(lambda match: "《" + "·" * (len(match[0]) - 2) + "》", question)
    return _ASKED_TAIL.search(hidden)


def _tail(question: str) -> str:
    """Return what a question asks with, for something else to be asked the same way."""
    found = _asked_tail(question)
    if found is None or _MEASURED.match(question, found.start()):
        return "是多少？"
    return question[found.start() :]


def _topic(question: str) -> str:
    """Return what a question is about: all that stands before what it asks, or behind it where nothing does."""
    found = _asked_tail(question)
    if found is None:
        return question.strip(_TRIM + "吗呢")
    before = question[: found.start()].rstrip(_TRIM_END).lstrip(_TRIM)
    if len(before) >= _LEAST_TOPIC:
        return before
    asked = ASKED.search(question, found.start())
    behind = question[asked.end() :] if asked else question
    return (before + behind).strip(_TRIM + "吗呢")


def _topics(question: str, following: str, today: date) -> list[str]:
    """Return what a question is about for the one that follows, whole and without the last noun.

    That may be what it asked for: 大桥全长.
    """
    whole = _topic(question)
    parts = _parts(whole, today)
    printed = _DAY_OF_PRINT.search(whole)
    # Another number is wanted of the same day; whoever asks something else of the news means no page of print.
    if printed and understand(following).kind is not understand(question).kind:
        of_month = whole[: printed.end("month")] + whole[printed.end() :]
        others = _parts(of_month, today)
        # Where nothing else is named, the day is what the question is about.
        if any(part.sort != "time" for part in others):
            whole, parts = of_month, others
    found = [whole]
    if len(parts) > 1 and parts[-1].sort == "noun" and parts[-1].end == len(whole):
        found.append(whole[: parts[-1].start].rstrip(_TRIM_END))
    return [topic for topic in found if len(topic) >= _LEAST_TOPIC]


def _parts(text: str, today: date) -> list[_Part]:
    """Return the words of a question that name something, in order and apart from each other."""
    found = [_Part(mention.start, mention.end, "time") for mention in mentions(text, today)]

    def add(start: int, end: int, sort: str) -> None:
        if not any(part.start < end and start < part.end for part in found):
            found.append(_Part(start, end, sort))

    for match in EDITION.finditer(text):
        add(*match.span(), "edition")
    for match in _NUMBERED.finditer(text):
        add(*match.span(), "number")
    for match in _QUOTED.finditer(text):
        add(*match.span(), "name")
    for match in _DIVISION.finditer(text):
        add(*match.span(), "place")
    for start, end in (*find_names(text, "nt", ORGANISATION_END), *find_names(text, "ns", PLACE_END)):
        # 企业 and 大桥 are of a sort and name none.
        if end - start >= _LEAST_NAME:
            add(start, end, "organisation" if ORGANISATION_END.search(text[start:end]) else "place")
    for word, tag, start in tag_words(text):
        sort = next((sort for head, sort in _SORTS.items() if tag.startswith(head)), None)
        if word.startswith("第"):  # 第三产业 names a kind, whatever its tag
            sort = "noun"
        elif sort is None and tag[0] in "nvlji" and (tag[0] != "v" or tag == "vn"):
            sort = "noun" if len(word) > 1 and word not in _GENERAL and not ASKED.search(word) else None
        if sort and (len(word) > 1 or sort == "name"):
            add(start, start + len(word), sort)
    return sorted(found, key=lambda part: part.start)


def _made(text: str, asked: str, new: str) -> Completed:
    """Return a completed question with the pieces of the earlier one that it keeps."""
    place = text.find(new)
    pieces = (text[:place], text[place + len(new) :]) if place >= 0 else (text,)
    return Completed(text, tuple(piece for piece in pieces if piece.strip(_TRIM)) or (asked,))
