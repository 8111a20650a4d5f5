"""What is asked: the kind of answer expected, and the words that carry the subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.understanding.analysis import analyse, kept


class Kind(StrEnum):
    """The kind of answer that a question expects."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    SAID = "said"
    """What someone said."""
    YES_NO = "yes_no"
    OTHER = "other"


# The first pattern that fits decides; those that name the kind stand before the open ones.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.REASON, r"为什么|为何|为啥|什么原因|原因是|起因|怎么会|何以|因何|因为什么|怎么回事"),
        (
            Kind.DATE,
            r"什么时[候间]|何时|啥时候|几时|多会儿|哪[一几]?[天年日月]|哪个(?:月|年份|日子|星期)|几[月号日]|几点|什么日[期子]|(?:星期|周)几",
        ),
        (Kind.NUMBER, r"多少|(?<!哪)几[^乎何经十]|多[长高大重远宽深久快厚](?!的)|占比|总[额量数](?:是|为)"),
        (
            Kind.PERSON,
            r"谁(?!家)|哪[一两几]?[位名]|哪个人|何人|什么人|姓什么|叫什么名字|[人员工者师长生民书手警兵童]名?叫(?:什么|啥)",
        ),
        (
            Kind.ORGANISATION,
            r"谁家|哪[一两几]?[家所支]|什么(?:单位|公司|部门|机构|组织)"
            r"|哪(?:[些一]|[一两二三几]?个)?(?:单位|公司|企业|部门|机构|大学|学校|医院|球?队|组织|局|银行)",
        ),
        (
            Kind.PLACE,
            r"哪里|哪儿|何处|何地|在哪(?![些种])|[去到从往]哪(?![些种])|什么(?:地[方点]|位置)|地址是|哪[一两几]?[座处条]"
            r"|哪(?:[些一]|[一两二三几]?个)?(?:地方|地区|城市|国家|省份?|县|区|市|乡?镇|乡|村|国|州|港口?|机场|街道|社区|小区|公园|码头|站)",
        ),
    )
)  # fmt: skip
# What someone said is asked by a verb of saying (SAYING); 谁说 asks for the person.
SAYING = (
    r"(?:(?<![小据传听学])说(?![明法服])|表示|介绍|告诉|认为|指出|透露|强调|回应|坦言|呼吁|解释|建议|补充|评价|看待|回忆|感慨|谈到|提到|宣布|答复|提醒"
    r"|(?<![名职人堪统简号对])称(?![为号职赞呼霸]))"
)
_SAID = re.compile(
    rf"{SAYING}(?:[了过道]|记者)*的?(?:是)?(?:些?什么|啥|哪些|哪几)|(?:怎么|怎样|如何|咋){SAYING}|怎么看(?!病|到|见|书)"
    r"|有(?:什么|何|哪些)(?:看法|评价|回应|说法|意见)|(?:看法|评价|回应|说法|意见|原话)是(?:什么|啥|怎样)"
)
_YES_NO = re.compile(
    r"[吗嘛么][？?！!。]*$|了没有?[？?]*$|[^有]没有?[？?]+$|是否|能否|可否|会否|有无|(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)|可不可以|愿不愿意"
)
# A question with one of these asks for more than yes or no; 几十人 does not ask.
_OPEN = re.compile(r"谁|哪|什么|啥|怎[么样]|如何|[为何]何|何[时地人处]|多少|几[个位名家人天年月号点次]|多久")
# Where a question asks: what stands before these words in it tends to stand before the answer.
ASKED = re.compile(r"谁|哪|何|什么|啥|几|多(?:少|[长高大重远宽深久快厚])|怎[么样]|为啥")
# What is counted stands behind 多少 or 几: 多少户企业 asks for 户.
_UNIT = re.compile(r"(?:多少|(?<!哪)几)\s*[十百千万亿]*(?P<unit>[^\W\d_]{1,4})")

_COUNTING = re.compile(r"多少|(?<![这近那前后好])几")  # 这几年 does not count
# How a number goes on, up to the end of the question.
_COURSE = re.compile(
    r"(?:一路)?(?:都)?(?:是)?(?:怎么|怎样|如何)(?:一[天日月年步路]\w*地?|逐[渐日月年步]|不断)?(?:往[上下])?"
    r"(?:变化?|增长|增加|上升|下降|减少|涨|跌|走|发展|变动|报)(?:[上下][去来]|起来)?的?(?:过来)?(?:的|了)?[？?。]?$"
    r"|(?:有(?:什么|啥|何|哪些|怎样的|多大的?)?|发生了?(?:什么|怎样的))?(?:的?变化|的?走势|的?变动)(?:情况|趋势|过程)?(?:是?(?:怎么样|怎样|如何|什么))?(?:的|了)?[？?。]?$"
)
_COUNTED = re.compile(r"(?:[数量额率价值比重]|规模|票房|水位|多少|几\w)")
# 每年能省多少钱 asks for a rate, that of each year between two for all of them.
_EACH = r"(?:[到至]|以来)[^，,]{0,12}[，,]?(?<![均人])每(?:一?[天日月年]|个月)"
_STAGES = r"各个?(?:时间?点|阶段|节点)|每个(?:时间?点|阶段)"
# How the numbers are wanted is no part of what is asked: 历次数字, 有报的都列出来.
_WISHED = re.compile(r"[？?，,（(]+[^？?，,（(]{0,12}(?:的数字?|次数字|列出来?|列一下|排列)[）)。！!]*$")
# That several are wanted: each passage tells one.
_SEVERALLY = re.compile(
    r"(?:分别|先后|各自?)(?=是|为|有|报|多少|[^，,]{0,3}了?多少)|一步步|一点点|一天天|(?:的|[，,])?[这那历]?几次(?:报[告道]|公布|统计|调查)?(?=各|分别|是|都|[？?]|$)"
    r"|各个?(?:时间?点|阶段|节点)|各[天日月年次期](?=是|为|有|的)|[，,]?每(?:个?月|一?[天日年])(?:的?各?)|报出来的|逐[日天月年]"
)
# What is counted, one by one: 逐日的人数. Each is looked for where it begins, so that of those that overlap none is missed.
_ONE_BY_ONE = re.compile(
    rf"(?=(?P<each>逐[日天月年]|历[次年届]|各[天日月年次期](?!种)|每一?次|[这那历]?几次|{_STAGES}|{_EACH}))"
)
_THEN_ONE_BY_ONE = re.compile(rf"逐[日天月年]|一天天|历[次年届]|各次|{_STAGES}")
# What grew step by step; 先后派出多少人 asks for the sum.
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
    """What is counted, for a question of the kind NUMBER."""
    series: bool = False
    """It asks how a number went on: 人数是怎么一天天上升的."""


@kept
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
    kind = next((kind for kind, pattern in _KINDS if pattern.search(folded)), _open_kind(folded))
    unit = _UNIT.search(folded) if kind is Kind.NUMBER else None
    return Question(text, kind, tuple(dict.fromkeys(analysis.words)), unit["unit"] if unit else None, series)


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


def _open_kind(text: str) -> Kind:
    """Tell apart the questions that name no kind of words."""
    if _SAID.search(text):
        return Kind.SAID
    return Kind.YES_NO if _YES_NO.search(text) and not _OPEN.search(text) else Kind.OTHER


def _number_of(text: str) -> str:
    """Return the question for a number of which it was asked how it went on, without what says that several are wanted."""
    return _SEVERALLY.sub("", _counted(_WISHED.sub("？", text)))


def _counted(text: str) -> str:
    """Return the question for a number of which it was asked how it went on, or the text as it is where it counts already."""
    *clauses, last = [clause for clause in re.split("[，,]", text) if clause.strip()]
    if clauses and _COUNTING.search("，".join(clauses)) and not _COUNTING.search(last):
        return "，".join(clauses) + "？"
    course = _COURSE.search(text)
    return text[: course.start()] + "是多少？" if course and not _COUNTING.search(text) else text
