"""New words put in the place of their kind in an earlier question: 西湾大桥 for 东湾大桥, 男子 for 女子, 2025年 for 2024年."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from embeddings.dates.date_words import find_written
from embeddings.text.letters import is_han
from qa.understanding.analysis import analyse
from qa.understanding.answer_kinds import ANSWER_KINDS
from qa.understanding.date_shift import shift_dates
from qa.understanding.question import understand
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
)

# Words that stand for each other, of which a question holds one: 男子 for 女子.
_SISTERS: tuple[tuple[str, ...], ...] = tuple(
    tuple(row.split())
    for row in (
        "男子 女子",
        "男 女",
        "城镇 农村 城里 乡下 城市 乡村",
        "进出口 进口 出口",
        "国内 国外",
        "境内 境外",
        "本土 境外",
        "本地 外地",
        "同比 环比",
        "新增 累计 现有",
        "确诊 无症状 疑似",
        "全年 上半年 下半年 一季度 二季度 三季度 四季度",
        "冠军 亚军 季军",
        "第一名 第二名 第三名 第四名",
        "第一产业 第二产业 第三产业",
        "小学 初中 高中 大学",
        "专科 本科 硕士 博士",
        "以前 现在 以后",
        "之前 之后",
        "最高 最低",
        "最早 最晚",
        "最多 最少",
        "最大 最小",
        "首班 末班",
        "白天 夜里",
        "成人 儿童",
        "网上 现场",
        "东西 南北",
        "死 伤",
        "卖 买",
    )
)
# How much more than at another time; print says 增长 where it tells of it.
_COMPARED = re.compile(r"同比|环比|[比跟和与](?:[去上前头]|.{1,5}比)")
_LONGEST_HEAD = 8
"""Characters of the end that two names of one build share: 大桥, 农贸市场."""
_NOMINAL = frozenset("nmxbjqfstaz")
"""First letters of the tags of which a name is made, numbers of lines and schools too."""
_NUMERAL = re.compile(r"[\d一二三四五六七八九十百]")


def replacements(new: str, asked: str, today: date, instead_of: str = "") -> Iterator[str]:
    """Offer an earlier question with new words in the place of their kind, the likeliest first.

    `instead_of`: words of it that were said not to be meant.
    """
    if instead_of and instead_of in asked:
        yield asked.replace(instead_of, new, 1)
        return
    other = shift_dates(new, asked, alone=True)
    if other is not None:
        if other.rest:
            yield from replacements(other.rest, other.question, today)
        else:
            yield other.question
        return
    if _COMPARED.match(new):
        for topic in candidate_topics(asked, asked, today):
            yield f"{topic}{new}增长多少？"
        return
    sort = _sort(new, today)
    if sort != "time":
        offered = [*_of_sisters(new, asked), *_of_one_build(new, asked)]
        if offered:
            yield from offered
            return
    parts = entity_mentions(asked, today)
    alike = [part for part in parts if part.entity_type == sort]
    if sort == "noun":
        yield from _asking_for(new, asked, alike, parts)
        return
    if sort == "time":
        alike = alike[:1]
        new = _with_year(new, asked, alike)
    for part in reversed(alike):
        before, behind = asked[: part.start], asked[part.end :]
        # 2025年春节档 in place of the 2023年春节 of 2023年春节档; 到3月15日 in place of the 2月18日 of 到2月18日.
        again = next((size for size in range(min(len(new), len(behind)), 0, -1) if new.endswith(behind[:size])), 0)
        twice = next((size for size in range(min(len(new), len(before)), 0, -1) if before.endswith(new[:size])), 0)
        yield before + new[twice:] + behind[again:]
    if not alike:
        # A name that no dictionary knows takes the place of what is named at all.
        if sort in NAMED_TYPES:
            yield from _in_place_of([part for part in parts if part.entity_type in NAMED_TYPES], new, asked)
        for topic in candidate_topics(asked, asked, today):
            yield f"{topic}{new}{asking_tail(asked)}"


def is_measure(new: str) -> bool:
    """Say whether new words ask for another figure of the same: 同比, 利润; of another bridge the same may be told."""
    return _COMPARED.match(new) is not None or any(kind.nouns and kind.nouns.search(new) for kind in ANSWER_KINDS)


def _sort(new: str, today: date) -> str:
    own = entity_mentions(new, today)
    return own[0].entity_type if own else "noun"


def _of_sisters(new: str, asked: str) -> Iterator[str]:
    """Put one of words that stand for each other in place of its sister."""
    for row in _SISTERS:
        mine = next((word for word in row if word in new), None)
        theirs = next((word for word in row if word in asked), None)
        if mine is None or theirs is None or theirs in new or mine in asked:
            continue
        place = asked.index(theirs)
        # 女子500米 in place of the 男子500米 of 男子500米; what is told anew stands once.
        behind = asked[place + len(theirs) :]
        rest = new[new.index(mine) + len(mine) :]
        again = len(rest) if behind.startswith(rest) else 0
        before = new[: new.index(mine)]
        twice = len(before) if asked[:place].endswith(before) else 0
        yield asked[: place - twice] + new + behind[again:]
        return


def _of_one_build(new: str, asked: str) -> Iterator[str]:
    """Put a name in place of another that ends alike: 西湾大桥 for 东湾大桥, 17路 for 28路, 三中 for 二中."""
    end = _end_of_alike(new, asked)
    if end is None:
        return
    place, shared = end
    start = place - shared
    tokens = [token for token in analyse(asked).tokens if token[2] < place]
    for word, tag, begun in reversed(tokens):
        if begun >= start:
            continue
        inside = begun < start < begun + len(word)
        nominal = tag[0] in _NOMINAL and word.isalnum()
        if not inside and (not nominal or place - begun > max(len(new), shared + 1) + 1):
            break
        start = begun
        if place - start >= len(new):
            break
    if start < place - shared and asked[start:place] != new:
        yield asked[:start] + new + asked[place:]


def _end_of_alike(new: str, asked: str) -> tuple[int, int] | None:
    """Return where words of an earlier question end as the new ones do, and how many characters they share; None: nowhere."""
    tail = asking_start(asked)
    ends = {begun + len(word) for word, tag, begun in analyse(asked).tokens if tag[0] in "nvmqxjb"}
    # 路 of 28路怎么改 is a word by itself behind its number.
    best: tuple[int, int] | None = None
    for size in range(min(_LONGEST_HEAD, len(new) - 1), 0, -1):
        head = new[-size:]
        place = asked.find(head)
        while place >= 0:
            end = place + size
            inside = tail is None or end <= tail or place > tail
            named = size > 1 or not is_han(head) or _NUMERAL.fullmatch(new[-size - 1]) or end in ends
            if inside and named and end in ends and place > 0 and (best is None or size > best[1]):
                best = end, size
            place = asked.find(head, place + 1)
        if best:
            return best
    return None


def _in_place_of(parts: Sequence[EntityMention], new: str, asked: str) -> Iterator[str]:
    for part in reversed(parts):
        if asked[part.start : part.end] != new:
            yield asked[: part.start] + new + asked[part.end :]


def _asking_for(new: str, asked: str, nouns: Sequence[EntityMention], parts: Sequence[EntityMention]) -> Iterator[str]:
    """Ask for something else of the same: put a noun in place of the one that was asked for."""
    tail = asking_start(asked)
    place = len(asked) if tail is None else tail
    own = next((kind for kind in ANSWER_KINDS if kind.nouns and kind.nouns.search(new)), None)
    # 获贷率 behind 有几家企业 is no count of firms.
    if own and (understand(asked).kind is not own.name or understand(asked).unit):
        topic = find_topic(asked)
        asked = (topic if asked.startswith(topic) else asked[:place].rstrip(TRIM_END)) + own.nouns_ask
        place = len(asked) - len(own.nouns_ask)
    before = [part for part in nouns if part.end <= place]
    measured = MEASURED.match(asked, place) is not None
    verb = _last_verb(asked[:place])
    if verb is not None and _last_verb(new) == 0:
        yield asked[:verb] + new + asked[place:]
        return
    if before and not measured and before[-1].end == len(asked[:place].rstrip(TRIM)):
        start = before[-1].start
        yield asked[:start] + new + asked[before[-1].end :]
        for part in reversed(before[:-1]):
            if part.end != start:
                break
            # What was asked for may be several words: 营业总收入.
            start = part.start
            if start > 0:
                yield asked[:start] + new + asked[before[-1].end :]
    elif not measured and own is None:
        # 土豆 in place of the 大白菜 of 大白菜批发多少钱一斤: a thing takes the place of a thing.
        things = [part for part in parts if part.entity_type in NAMED_TYPES | {"noun"} and part.end <= place]
        yield from _in_place_of(things, new, asked)
    yield f"{find_topic(asked)}{new}{asking_tail(asked)}"


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
