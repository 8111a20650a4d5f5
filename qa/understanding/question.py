"""What is asked: the kind of answer expected, and the words that carry the subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.understanding.analysis import analyse, cached_analysis
from qa.understanding.answer_kinds import ANSWER_KINDS, BY_NAME, AnswerKind, Kind
from qa.understanding.asking_words import HOW_MANY
from qa.understanding.demands import Demand

# How a number goes on, up to the end of the question.
# 人数是怎么一天天上升的？, 票房有什么变化.
_COURSE = re.compile(
    r"(?:一路)?(?:都)?(?:是)?(?:怎么|怎样|如何)(?:一[天日月年步路]\w*地?|逐[渐日月年步]|不断)?(?:往[上下])?"
    r"(?:变化?|增长|增加|上升|下降|减少|涨|跌|走|发展|变动|报)(?:[上下][去来]|起来)?的?(?:过来)?(?:的|了)?[？?。]?$"
    r"|(?:有(?:什么|啥|何|哪些|怎样的|多大的?)?|发生了?(?:什么|怎样的))?(?:的?变化|的?走势|的?变动)(?:情况|趋势|过程)?(?:是?(?:怎么样|怎样|如何|什么))?(?:的|了)?[？?。]?$"
)
# What is counted: 人数, 票房.
_COUNTED = re.compile(r"(?:[数量额率价值比重]|规模|票房|水位|多少|几\w)")
# 每年能省多少钱 asks for a rate, that of each year between two for all of them.
_EACH = r"(?:[到至]|以来)[^，,]{0,12}[，,]?(?<![均人])每(?:一?[天日月年]|个月)"
_STAGES = r"各个?(?:时间?点|阶段|节点)|每个(?:时间?点|阶段)"
# How the numbers are wanted is no part of what is asked: 历次数字, 有报的都列出来.
_WISHED = re.compile(r"(?<![？?，,（(])[？?，,（(]++[^？?，,（(]{0,12}(?:的数字?|次数字|列出来?|列一下|排列)[）)。！!]*$")
# That several are wanted: each passage tells one.
# 先后 of 先后是多少, 几次报告各.
_SEVERALLY = re.compile(
    r"(?:分别|先后|各自?)(?=是|为|有|报|多少|[^，,]{0,3}了?多少)|一步步|一点点|一天天|(?:的|[，,])?[这那历]?几次(?:报[告道]|公布|统计|调查)?(?=各|分别|是|都|[？?]|$)"
    r"|各个?(?:时间?点|阶段|节点)|各[天日月年次期](?=是|为|有|的)|[，,]?每(?:个?月|一?[天日年])(?:的?各?)|报出来的|逐[日天月年]"
)
# What is counted, one by one: 逐日的人数. Each is looked for where it begins, so that of those that overlap none is missed.
_ONE_BY_ONE = re.compile(
    rf"(?=(?P<each>逐[日天月年]|历[次年届]|各[天日月年次期](?!种)|每一?次|[这那历]?几次|{_STAGES}|{_EACH}))"
)
# The same behind it: 人数逐日.
_THEN_ONE_BY_ONE = re.compile(rf"逐[日天月年]|一天天|历[次年届]|各次|{_STAGES}")
# What grew step by step; 先后派出多少人 asks for the sum.
# 一步步涨到了多少, 中间到过多少.
_STEPS = re.compile(
    r"先后(?:是|为|报|达到?)?(?:多少|几)|(?:一步步|一点点|一路)[^，,]{0,6}到了?第?(?:多少|几)|(?:中间|途中|其间)[^，,]{0,4}到过(?:多少|几)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood."""

    text: str
    kind: Kind
    words: tuple[str, ...]
    """The search words that carry the subject, in order, each once."""
    unit: str | None = None
    """Words that begin with what is counted, where its kind counts anything: 户企业 of 多少户企业停水."""
    series: bool = False
    """It asks how a number went on: 人数是怎么一天天上升的."""
    foreign: str = ""
    """The question as it was put, where `text` holds but Chinese words for it: in English, which encoder and reader know."""

    @property
    def put(self) -> str:
        """Return the question as it is shown, its meaning searched for and read: Chinese words for English make no sentence."""
        return self.foreign or self.text

    @property
    def expects(self) -> AnswerKind:
        """Return the table's row of the kind of answer."""
        return BY_NAME[self.kind]

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Return what it plainly demands of its answer, as it was put; nothing where a pattern cannot tell."""
        return _demands(self.put)


@cached_analysis
def _demands(text: str) -> tuple[Demand, ...]:
    """Return what a question demands, of all kinds: 哪天、在哪里 makes two demands, and what meets one is a candidate."""
    folded = analyse(text).folded
    made = tuple(demand for kind in ANSWER_KINDS for demand in kind.demands if demand.is_made(folded))
    return tuple(demand for demand in made if not demand.general) or made


@cached_analysis
def understand(text: str) -> Question:
    """Understand one question that stands alone.

    One that asks how a number went on becomes the question for that number.
    """
    text = text.strip()
    series = _asks_for_series(analyse(text).folded)
    if series:
        text = _number_of(text)
    analysis = analyse(text)
    folded = analysis.folded
    kind = next(kind for kind in ANSWER_KINDS if kind.is_asked(folded))
    counted = kind.counts.search(folded) if kind.counts else None
    return Question(text, kind.name, tuple(dict.fromkeys(analysis.words)), counted["unit"] if counted else None, series)


def _asks_for_series(folded: str) -> bool:
    """Say whether a folded question asks how a number went on."""
    # What comes first is looked for once, and the rest behind it: a pattern with .* between them would go back over the text.
    first = _COUNTED.search(folded)
    if first is None:
        return _STEPS.search(folded) is not None
    rest = folded[first.end() :]
    if _COURSE.search(rest) or _THEN_ONE_BY_ONE.search(rest) or _STEPS.search(folded):
        return True
    begun = min((match.end("each") for match in _ONE_BY_ONE.finditer(folded)), default=len(folded))
    return _COUNTED.search(folded, begun) is not None


def _number_of(text: str) -> str:
    """Return the question for a number of which it was asked how it went on, without what says that several are wanted."""
    return _SEVERALLY.sub("", _counted(_WISHED.sub("？", text)))


def _counted(text: str) -> str:
    """Return the question for a number of which it was asked how it went on, or the text as it is where it counts already."""
    *clauses, last = [clause for clause in re.split("[，,]", text) if clause.strip()]
    if clauses and HOW_MANY.search("，".join(clauses)) and not HOW_MANY.search(last):
        return "，".join(clauses) + "？"
    course = _COURSE.search(text)
    return text[: course.start()] + "是多少？" if course and not HOW_MANY.search(text) else text
