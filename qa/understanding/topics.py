"""What a question names, what it asks with, and what it is about: what a follow-up takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from embeddings.dates.date_words import find_written
from qa.understanding.analysis import analyse, cached_analysis
from qa.understanding.asking_words import INTERROGATIVE, SIZE
from qa.understanding.date_constraints import news_phrase_end
from qa.understanding.date_shift import EDITION
from qa.understanding.entities import ORGANISATION_END, PLACE_END, find_names
from qa.understanding.question import understand

_LEAST_NAME, _LEAST_TOPIC = 5, 3
# A town that no dictionary knows.
# As 松烟 is: 松烟县.
_DIVISION = re.compile(r"[^\W\d_的了在到去来和从及跟这那个我你他们全本哪各每几有是]{2,4}[省市县区镇乡村](?![民委])")
# What has a number: 第3名.
_NUMBERED = re.compile(r"第\d{1,6}\w?")
# What has a title or is called so: 《渠水谣》.
_QUOTED = re.compile(r"《[^》]{1,40}》|“[^”]{1,40}”")
_ENTITY_TYPES = {"nr": "person", "ns": "place", "nt": "organisation", "nz": "name", "nw": "name", "eng": "name"}
NAMED_TYPES = frozenset({"edition", "person", "place", "organisation", "name"})
"""What a question that stands alone names."""
# Nouns that many questions have and that name nothing.
_GENERAL = frozenset(
    """
    时候 时间 地方 原因 情况 人数 数量 数字 金额 结果 名字 职务 单位 部门 国家 城市 公司 企业 消息 新闻 报道 文章 内容 意思 问题
    日期 位置 地点 作用 好处 一共 总共
    """.split()
)
_RANKS = frozenset("冠军 亚军 季军 殿军".split())
"""Tagged as names of people."""
# What leads to an asking word, written backwards, for it is read from there: 共一有 before 多少.
_LEADING_BACK = re.compile(r"(?:共[一总]|约大|概大|底到|竟究|别分|续连|到达|[是在有为由去到给被把用叫都又还了占达共第])*+")
# 多长 asks for the length by itself, so that a new noun has nothing to take the place of.
MEASURED = re.compile(rf"有?多{SIZE}")
_GATHERING = frozenset("赛会战展演")
"""Tagged as verbs behind the names that they end."""
# Something of a kind that is named behind it.
# 那架 before 飞机.
_COUNTED = re.compile(r"[这那]一?[个座条家项届场篇部架艘款种支枚位辆列]$")
TRIM = "的是了在有，,？?。！! 　"
TRIM_END = TRIM + "从自到"


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Words of a question that others may take the place of."""

    start: int
    end: int
    entity_type: str
    """time, edition, number, person, place, organisation, name or noun."""


def is_self_contained(question: str, today: date) -> bool:
    """Say whether a question names what it asks about."""
    sorts = {part.entity_type for part in entity_mentions(question, today)}
    return bool(sorts & NAMED_TYPES) or {"time", "noun"} <= sorts


def asking_start(question: str) -> int | None:
    """Return where that begins with which a question asks: its asking word and what leads to it, but no words of a name."""
    # The 哪 of 《哪吒》 asks nothing; the marks keep the offsets.
    hidden = _QUOTED.sub(lambda match: "《" + "·" * (len(match[0]) - 2) + "》", question)
    asked = INTERROGATIVE.search(hidden)
    if asked is None:
        return None
    leading = _LEADING_BACK.match(hidden[: asked.start()][::-1])
    return asked.start() - (leading.end() if leading else 0)


def asking_tail(question: str) -> str:
    """Return what a question asks with, for something else to be asked the same way."""
    found = asking_start(question)
    if found is None or MEASURED.match(question, found):
        return "是多少？"
    return question[found:]


def find_topic(question: str) -> str:
    """Return what a question is about: all that stands before what it asks, or behind it where nothing does."""
    found = end = asking_start(question)
    if found is None or end is None:
        return question.strip(TRIM + "吗呢")
    # In the whole question words are told apart more surely: 拿 stands before 了第几名. The verb that leads to what
    # was asked is no part of what it is about: 那次喷发死 before 了几个人.
    for word, tag, start in reversed([token for token in analyse(question).tokens if token[2] < end]):
        if len(word) > 1 or word in _GATHERING or not tag.startswith("v") or len(question[:start].strip(TRIM)) < _LEAST_TOPIC:
            break
        end = start
    before = question[:end].rstrip(TRIM_END).lstrip(TRIM)
    asked = INTERROGATIVE.search(question, found)
    # 掉下来的那架是什么飞机 is about 那架飞机.
    if asked and _COUNTED.search(before):
        word, tag, _ = next(iter(analyse(question[asked.end() :]).tokens), ("", "x", 0))
        before += word if tag[0] in "nz" and word not in _GENERAL else ""
    if len(before) >= _LEAST_TOPIC:
        return before
    behind = question[asked.end() :] if asked else question
    return (before + behind).strip(TRIM + "吗呢")


def candidate_topics(question: str, following: str, today: date) -> list[str]:
    """Return what a question is about for the one that follows, whole and without the last noun.

    That may be what it asked for: 大桥全长.
    """
    # A fragment that was asked of the same, and names nothing, is no part of it: 那架飞机，机上.
    whole = find_topic(question)
    first, *others = whole.split("，")
    if others and is_self_contained(first, today):
        whole = "，".join([first, *(piece for piece in others if is_self_contained(piece, today))])
    parts = entity_mentions(whole, today)
    of_month = _less_the_day_of_print(whole)
    # Another number is wanted of the same day; whoever asks something else of the news means no page of print.
    if of_month is not None and understand(following).kind is not understand(question).kind:
        remaining = entity_mentions(of_month, today)
        # Where nothing else is named, the day is what the question is about.
        if any(part.entity_type != "time" for part in remaining):
            whole, parts = of_month, remaining
    found = [whole]
    if len(parts) > 1 and parts[-1].entity_type == "noun" and parts[-1].end == len(whole):
        found.append(whole[: parts[-1].start].rstrip(TRIM_END))
    return [topic for topic in found if len(topic) >= _LEAST_TOPIC]


def _less_the_day_of_print(topic: str) -> str | None:
    """Return a topic with only the month of its day of print: what 8月28日的报道 tells, others do too; or None."""
    for written in find_written(topic):
        if written.month and written.day and (end := news_phrase_end(topic, written.day.end)):
            return topic[: written.month.end] + topic[end:]
    return None


@cached_analysis
def entity_mentions(text: str, today: date) -> tuple[EntityMention, ...]:
    """Return the words of a question that name something, in order and apart from each other."""
    analysis, taken = analyse(text), bytearray(len(text))
    found: list[EntityMention] = []

    def add(start: int, end: int, sort: str) -> None:
        if 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            found.append(EntityMention(start, end, sort))

    for mention in analysis.days(today):
        add(mention.start, mention.end, "time")

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
    for word, tag, start in analysis.tokens:
        sort = next((sort for head, sort in _ENTITY_TYPES.items() if tag.startswith(head)), None)
        if word.startswith("第"):  # 第三产业 names a kind, whatever its tag
            sort = "noun"
        elif sort is None and tag[0] in "nvlji" and (tag[0] != "v" or tag == "vn"):
            sort = "noun" if len(word) > 1 and word not in _GENERAL and not INTERROGATIVE.search(word) else None
        if sort and (len(word) > 1 or sort == "name") and not (sort == "person" and word in _RANKS):
            add(start, start + len(word), sort)
    return tuple(sorted(found, key=lambda part: part.start))
