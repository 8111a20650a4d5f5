"""Questions over several things or days (甲和乙分别…, 哪个更…, 甲比乙多多少), and the question of each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from embeddings.records import Days, Precision
from qa.understanding.analysis import analyse, cached_analysis
from qa.understanding.date_constraints import DateConstraint, DateConstraints

MOST = 4
"""Things compared at most: each costs a search and a reading."""
_LONGEST = 12  # characters of the name of a thing
# What joins two things; 、 joins more.
_AND = re.compile(
    r"以及|[和](?![谐平解睦气约])|(?<![参给赠])与(?![会其时])|(?<![高])跟(?![踪进着])|(?<![以普涉])及(?![时其格])|(?<!不)同(?![比时期意])|、"
)
_OR = re.compile(r"还是")
# That one answer for each is wanted.
_SEVERALLY = re.compile(
    r"(?:各自?|分别)(?:都|又)?(?=[^种类界项国级]).*(?:多少|几|什么|啥|哪|谁|怎[么样]|何|多[长高大重远宽深久快])"
)
_SIZES = {
    "多": "多少", "少": "多少", "高": "多高", "低": "多高", "长": "多长", "短": "多长", "大": "多大",
    "小": "多大", "重": "多重", "轻": "多重", "贵": "多少钱", "便宜": "多少钱", "远": "多远", "近": "多远",
    "早": "什么时候", "晚": "什么时候", "久": "多久", "冷": "多少度", "热": "多少度", "快": "多快", "慢": "多快",
    "深": "多深", "宽": "多宽",
}  # fmt: skip
_SIZE = "|".join(_SIZES)
# 哪个产煤多, 谁更高; 哪个区 names what they are.
_WHICH = re.compile(
    rf"(?:相?比较?|比起来|相比之下|当中|之中|里面?|中)?[，,]?(?:哪(?:一?[个座家所边年天队条种支里方期届区县市月组路](?:的)?|儿)|谁)"
    rf"(?P<verb>[^，,？?]{{0,8}}?)(?:更|比较|最)?(?P<size>{_SIZE})(?:一?些|一?点儿?)?(?:呢|啊|呀)?[？?。]?$"
)
_OR_WHICH = re.compile(rf"(?P<verb>[^，,？?]{{0,8}}?)(?:更|比较)?(?P<size>{_SIZE})(?:一?些|一?点儿?)?(?:呢|啊|呀)?[？?。]?$")
_THAN = re.compile(
    rf"比(?![赛例分重价])(?P<other>[^，,？?]{{2,{_LONGEST}}}?)的?(?:要|还)?(?P<size>{_SIZE}|[增减]加?)(?:出|了)?(?P<asks>[^，,]{{0,8}}?(?:多少|几)[^，,]{{0,6}})$"
)
# What print compares with by itself, so that no second figure is looked for.
_GENERAL = re.compile(
    r"同期|上年|往年|常年|往[日常]|平[时常]|原[来先]|以前|之前|过去|计划|预[期计]|前[一两]?[天日周月]|上[一个]?[周月次届期]|[其别]他?的?人"
)
# Nouns whose amount is asked for as it is: 接种率是多少.
_AMOUNT = re.compile(r"[量数额率值价温资入重比]$|价格|面积|投资|温度|气温|票房|人数|成绩|分数|里程|水位|高度|长度")
# What ends the names of things of one sort: 墨池区 and 白芷县.
_ENDS = ("省市区县镇乡村州盟旗国", "厂矿社店场馆院校园站局所行", "组队班", "路街巷桥线", "年月日")
_QUOTED = re.compile(r"《[^》]{1,30}》|“[^”]{1,30}”")
_GROUP = re.compile(r"^[两三四五六七八九十几\d]+个")


class Form(StrEnum):
    """How several things are asked for."""

    EACH = "each"
    """分别, 各: one answer for each is wanted."""
    WHICH = "which"
    """哪个更多: both figures answer, or the words of print that compare them."""
    DIFFERENCE = "difference"
    """甲比乙多多少: print often tells it; only where it does not, both figures answer."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question over several things, as one question for each, in the order in which they are named."""

    form: Form
    things: tuple[str, ...]
    questions: tuple[str, ...]


@cached_analysis
def find_comparison(question: str, asked: DateConstraints) -> Comparison | None:
    """Return the questions that one over several things or days is made of; None where it names no two."""
    if than := _THAN.search(question):
        return _difference(question, than, asked)
    if severally := _SEVERALLY.search(question):
        return _of_each(question, severally.start(), asked)
    return _which(question, asked)


def _of_each(question: str, marker: int, asked: DateConstraints) -> Comparison | None:
    found = _things(question, marker, asked, _AND)
    if found is None:
        return None
    start, end, things = found
    rest = question[end:marker] + re.sub(r"^(?:各自?|分别)(?:都|又)?", "", question[marker:])
    return Comparison(Form.EACH, things, tuple(question[:start] + thing + rest for thing in things))


def _which(question: str, asked: DateConstraints) -> Comparison | None:
    which, joined = _WHICH.search(question), _AND
    if which is None and (either := _OR.search(question)):
        which, joined = _OR_WHICH.search(question, either.end() + 1), _OR
    if which is None:
        return None
    # Of 甲还是乙产煤多 the last thing ends where its verb begins.
    found = _things(question, which.start() if joined is _AND else len(question), asked, joined)
    if found is None:
        return None
    start, end, things = found
    what = question[end : which.start("size")] if joined is _OR else question[end : which.start()] + which["verb"]
    what = re.sub(r"(?:更|比较|最)$", "", what).lstrip("，,")
    size = which["size"]
    if all(thing.endswith(size) for thing in things):  # 大桥长还是引桥长
        things = tuple(thing.removesuffix(size) for thing in things)
    rest = what + ("是多少" if _AMOUNT.search(what) else "有多少" if what.endswith("人") else _SIZES[size])
    before = re.sub(r"是$", "", question[:start])
    return Comparison(Form.WHICH, things, tuple(f"{before}{thing}{rest}？" for thing in things))


def _difference(question: str, than: re.Match[str], asked: DateConstraints) -> Comparison | None:
    other, before = than["other"], question[: than.start()]
    if _GENERAL.search(other) or "百分" in than["asks"] or "成" in than["asks"] or "倍" in than["asks"]:
        return None
    start, end = _counterpart(before, other, asked, than.start("other")) or (-1, -1)
    if start < 0:
        return None
    asks = than["asks"]
    asks = f"是{asks}" if re.match("多少|几", asks) and _AMOUNT.search(before) else asks
    thing, rest = before[start:end], before[end:] + asks
    return Comparison(Form.DIFFERENCE, (thing, other), (before[:start] + thing + rest, before[:start] + other + rest))


def _counterpart(before: str, other: str, asked: DateConstraints, place: int) -> tuple[int, int] | None:
    """Return where that stands with which a thing behind 比 is compared: words of its sort, or all where there is no more."""
    times = {days.start: days.end for days in asked.days}
    if place in times:
        return next(((days.start, _bare(before, days)) for days in asked.days if days.end <= len(before)), None)
    ends = next((ends for ends in _ENDS if other[-1] in ends), other[-1])
    end = next((at + 1 for at in range(len(before) - 1, 0, -1) if before[at] in ends), None)
    if end is not None:
        return _left_edge(before, end, other), end
    return (0, len(before)) if len(before) <= len(other) + 2 else None


def _bare(text: str, days: DateConstraint) -> int:
    """Return where words of time end, without the 的 that is read with them."""
    return days.end - text[days.start : days.end].endswith("的")


def _things(
    question: str, marker: int, asked: DateConstraints, joined: re.Pattern[str]
) -> tuple[int, int, tuple[str, ...]] | None:
    """Return where the things begin and end that are named before a marker, and what they are; None for fewer than two."""
    joints = list(joined.finditer(question, 1, marker))[-MOST + 1 :]
    if not joints:
        return None
    first, last = joints[0], joints[-1]
    times = {days.start: days for days in asked.days}
    by_end = {_bare(question, days): days for days in asked.days}
    if first.start() in by_end and last.end() in times:
        start, end = by_end[first.start()].start, _bare(question, times[last.end()])
        cut = [start, *(edge for joint in joints for edge in joint.span()), end]
        things = [question[one:two] for one, two in zip(cut[::2], cut[1::2], strict=True)]
        return start, end, tuple(_whole_times(things, [times[one].spans[0] for one in cut[::2] if one in times]))
    # Of several joints those that stand near each other join one row of things.
    while len(joints) > 1 and joints[1].start() - joints[0].end() > _LONGEST:
        joints = joints[1:]
    first, last = joints[0], joints[-1]
    end = _right_edge(question, first.start(), last.end(), marker)
    begun = question[last.end() : end]
    start = _left_edge(question, first.start(), begun)
    cut = [start, *(edge for joint in joints for edge in joint.span()), end]
    things = [question[one:two].strip() for one, two in zip(cut[::2], cut[1::2], strict=True)]
    if len(set(things)) < len(things) or not all(
        1 < len(thing) <= _LONGEST + 8 and not _GROUP.match(thing) for thing in things
    ):
        return None
    return start, end, tuple(things)


def _right_edge(question: str, left_end: int, start: int, marker: int) -> int:
    """Return where the last of joined things ends: with the mark, the character or the sort of end that the first ends with."""
    if quoted := _QUOTED.match(question, start):
        return quoted.end()
    last = question[left_end - 1]
    for ends in (last, next((ends for ends in _ENDS if last in ends), "")):
        for place in range(start + 1, min(marker, start + _LONGEST)):
            if question[place] in ends:
                return place + 1
    whose = question.find("的", start, marker)
    end = whose if whose > 0 else marker
    if end - start <= 4:
        return end
    # A longer stretch says what is asked of them: 豆角最低价.
    tokens = [(at, at + len(word)) for word, _, at in analyse(question).tokens]
    return next((stop for _, stop in tokens if start + 1 < stop <= end), end)


def _left_edge(question: str, end: int, other: str) -> int:
    """Return where a thing begins that ends there: at a word, about as long as another is, and in digits where that is."""
    if (quoted := list(_QUOTED.finditer(question, 0, end))) and quoted[-1].end() == end:
        return quoted[-1].start()
    starts = [start for _, _, start in analyse(question).tokens if start < end]
    if other[0].isdigit() and (numbered := [start for start in starts if question[start].isdigit()]):
        return numbered[-1]
    return max((start for start in starts if start <= max(end - len(other), 0)), default=0)


def _whole_times(things: Sequence[str], days: Sequence[Days]) -> list[str]:
    """Return days with the month or year that the first of them alone is told with: 13日 of 3月12日和13日."""
    whole = []
    for thing, span in zip(things, days, strict=False):
        if span.precision is Precision.DAY and "月" not in thing and "日" in thing:
            thing = f"{span.first.month}月{thing}"
        if "年" in things[0] and "年" not in thing and thing[0].isdigit():
            thing = f"{span.first.year}年{thing}"
        whole.append(thing)
    return whole
