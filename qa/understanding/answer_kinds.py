"""The kinds of answers, one table: what asks for each, what it demands, what finds it, and how it is asked for in turn.

A new kind is a member of Kind and a row of ANSWER_KINDS, with a finder in
qa.understanding.entities where none of those there finds it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from embeddings.dates.date_words import Grain
from qa.understanding.asked_units import Asked, of_asked_grain, of_asked_unit, printed_unit
from qa.understanding.asking_words import CLOCK_ASKED, OPEN_INTERROGATIVE, PHONE_ASKED, SAYING, SIZE
from qa.understanding.demands import (
    OF_NUMBERS,
    OF_ORGANISATIONS,
    OF_OTHERS,
    OF_PEOPLE,
    OF_PLACES,
    OF_REASONS,
    OF_TIMES,
    Demand,
)
from qa.understanding.entities import (
    ORGANISATION_END,
    PLACE_END,
    TITLE,
    Offsets,
    candidate_dates,
    find_causes,
    find_dates,
    find_names,
    find_numbers,
    find_people,
    find_quoted,
)  # fmt: skip


class Kind(StrEnum):
    """The kind of answer that a question expects, in the order in which questions made by rule are drawn."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    OTHER = "other"
    REASON = "reason"
    SAID = "said"
    """What someone said."""
    YES_NO = "yes_no"


class Extent(Enum):
    """How much of print is shown as an answer around the span that a reader marks."""

    SPAN = auto()
    EXPLANATION = auto()
    """The whole clause where the span is too short to explain anything."""
    CLAUSE = auto()


Finder = Callable[[str, Asked], list[Offsets]]
"""Spans of a sentence that may answer a question, in order."""
Filter = Callable[[str, list[Offsets], Asked], list[Offsets]]
"""Those of the spans found in a sentence that a question can mean."""
Blank = Callable[[str, Offsets, random.Random], str | None]
"""The words that ask, put in place of a span of a sentence; None where they would make no question."""


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """One kind of answer; None says that there is no such thing for it."""

    name: Kind
    asks: re.Pattern[str]
    """What in a folded question asks for it."""
    asks_not: re.Pattern[str] | None = None
    """What in a folded question says that it is not asked for, whatever `asks`."""
    counts: re.Pattern[str] | None = None
    """What in a folded question names what is counted, as its group `unit`."""

    finds: Finder | None = None
    """None: the sentence itself answers."""
    demands: tuple[Demand, ...] = ()
    """What a question can plainly demand that is of this kind, finer than it; whatever else may be asked, it may demand it."""
    decisive: bool = False
    """Where `finds` finds nothing, a text is not of this kind (a type mismatch)."""
    of_unit: Filter | None = None
    """Spans of another unit are of another kind, so that they count as a type mismatch too."""
    of_grain: Filter | None = None
    """Spans that are too coarse do not answer, but are of the kind."""
    lead: re.Pattern[str] | None = None
    """What stands right before an answer more often than before other spans."""
    misleads: re.Pattern[str] | None = None
    """What stands right before a span that is like the answer and is none."""
    vague: Callable[[str], frozenset[Offsets]] | None = None
    """The spans of a sentence beside which any other is the likelier answer."""
    farthest: int | None = None
    """Characters between an answer and a word of the question, at most."""
    extent: Extent = Extent.SPAN

    entity_type: str | None = None
    """The type of the words that answer (qa.understanding.topics), as a follow-up points back to them."""
    nouns: re.Pattern[str] | None = None
    """Nouns at the end of a follow-up that ask for it, whatever was asked before: 比分呢 behind 谁赢了."""
    nouns_ask: str = ""
    """What these nouns are completed with: 比分是多少？."""
    blank: Blank | None = None
    """None: no question is made for it by rule."""

    def is_asked(self, folded: str) -> bool:
        """Say whether a folded question asks for it, those before it in the table aside."""
        return self.asks.search(folded) is not None and not (self.asks_not and self.asks_not.search(folded))


_SEVERAL = re.compile(r"哪(?:些|[两二三四五六几]|里些)")  # 哪两个区
_REPORTERS = re.compile(r"记者|作者|采写|通讯员|摄影")  # 这篇是哪位记者写的
# Whether it is known why is no question for the reason: 起因查清了吗.
_SETTLED = r"(?:[弄查搞]清|[查弄]?明白?|清楚|公布|知道|谈妥)[^？?，,]{0,4}(?:吗|没有?)[？?]*$"
_TO = re.compile(r"[在于从到自至抵往赴]$")  # 设在 before a place
_BY = re.compile(r"(?:^|[由被向从据，；：])$")  # 由 before an organisation
_GRAIN_ASKED: dict[Grain | None, str] = {Grain.DAY: "哪天", Grain.MONTH: "哪个月", Grain.YEAR: "哪一年"}
_UNIT_SHARE = 0.8  # of the questions made for a number that name its unit


def _numbers(sentence: str, asked: Asked) -> list[Offsets]:
    return find_numbers(sentence, asked.unit)


def _people(sentence: str, asked: Asked) -> list[Offsets]:
    return find_people(sentence, reporters=_REPORTERS.search(asked.text) is not None)


def _places(sentence: str, asked: Asked) -> list[Offsets]:
    return find_names(sentence, "ns", PLACE_END, several=_SEVERAL.search(asked.text) is not None)


def _organisations(sentence: str, asked: Asked) -> list[Offsets]:
    return find_names(sentence, "nt", ORGANISATION_END, several=_SEVERAL.search(asked.text) is not None)


def _vague_dates(sentence: str) -> frozenset[Offsets]:
    return frozenset((words.start, words.end) for words in candidate_dates(sentence) if words.vague)


def _number_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    unit = printed_unit(sentence[slice(*span)])
    if unit in ("%", "％", "个百分点"):
        return drawn.choice(("百分之几", "多少", "多少个百分点" if unit == "个百分点" else "百分之多少"))
    if sentence[span[0]] == "第":
        return None
    return f"多少{unit}" if drawn.random() < _UNIT_SHARE else "多少"


def _date_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    words = next(words for words in candidate_dates(sentence) if (words.start, words.end) == span)
    return drawn.choice(("什么时候", "何时", _GRAIN_ASKED.get(words.finest, "何时")))


def _person_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    # Words that are mistaken for names seldom stand behind a title, as others seldom do behind a preposition.
    named = TITLE.search(sentence[: span[0]]) or "·" in sentence[slice(*span)]
    return drawn.choice(("谁", "谁", "哪位")) if named else None


def _place_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    return drawn.choice(("哪里", "什么地方", "哪个地方")) if _TO.search(sentence[: span[0]]) else None


def _organisation_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    return drawn.choice(("哪家单位", "哪个机构", "什么单位", "谁")) if _BY.search(sentence[: span[0]]) else None


def _quoted_blank(sentence: str, span: Offsets, drawn: random.Random) -> str | None:
    return drawn.choice(("什么", "什么", "哪个"))


ANSWER_KINDS: tuple[AnswerKind, ...] = (
    AnswerKind(
        Kind.REASON,
        # 为什么停水
        asks=re.compile(
            r"为什么|为何|为啥|(?:什么|啥|何种?)(?:原因|缘故|缘由)|原因是|起因|[怎咋]么?(?:会|突然|忽然|没|还|反而|又)|何以|因何|因为[什啥]|[怎咋]么?回事"
            r"|图(?:的)?(?:是)?(?:个)?(?:啥|什么)"
        ),
        asks_not=re.compile(_SETTLED),
        finds=lambda sentence, asked: find_causes(sentence),
        demands=OF_REASONS,
        extent=Extent.EXPLANATION,
        blank=lambda sentence, span, drawn: "为什么",
    ),
    AnswerKind(
        Kind.DATE,
        # 大桥哪天通车
        asks=re.compile(
            rf"什么时[候间]|何时|啥时候|几时|多会儿|哪[一几]?[天年日月]|哪个(?:月|年份|日子|星期)|几[月号日]|{CLOCK_ASKED}|什么日[期子]|(?:星期|周)几"
        ),
        finds=lambda sentence, asked: find_dates(sentence),
        demands=OF_TIMES,
        decisive=True,
        of_grain=of_asked_grain,
        vague=_vague_dates,
        entity_type="time",
        nouns=re.compile(r"(?:时间|日期|日子)$"),  # 开馆时间
        nouns_ask="是什么时候？",
        blank=_date_blank,
    ),
    AnswerKind(
        Kind.NUMBER,
        # 来了多少人
        asks=re.compile(rf"多少|(?<!哪)几[^乎何经十]|多{SIZE}(?!的)|占比|总[额量数](?:是|为)|[啥什][么]?价|价钱|{PHONE_ASKED}"),
        # What is counted stands behind 多少 or 几: 户 of 多少户企业.
        counts=re.compile(r"(?:多少|(?<!哪)几)\s*[十百千万亿]*(?P<unit>[^\W\d_]{1,4})"),
        finds=_numbers,
        demands=OF_NUMBERS,
        decisive=True,
        of_unit=of_asked_unit,
        lead=re.compile(r"[到为达约至]$"),  # 达到 before 6218人
        misleads=re.compile(r"(?:[由从比]|原[来先]的?)$"),  # 由 before the 78班 of 由78班增加到96班
        # 门票收入
        nouns=re.compile(
            r"(?:[人件次台套户车总票指系分]数|[产销流总含雨]量|[^效]率|[金总数税]额|比分|价格?|费用?|[利营]收|收入|成本|奖金|票房"
            r"|面积|全长|人口|比重|占比)$"
        ),
        nouns_ask="是多少？",
        blank=_number_blank,
    ),
    AnswerKind(
        Kind.PERSON,
        # 哪位球员投中的
        asks=re.compile(
            r"谁(?!家)|哪[一两几]?[位名]|哪个人|何人|什么人|姓什么|叫什么名字|[人员工者师长生民书手警兵童]名?叫(?:什么|啥)"
        ),
        asks_not=re.compile(r"归谁|[书片剧歌曲刊文件站船星桥会展目队店]的?叫什么名字"),  # 归谁管 asks for a body
        finds=_people,
        demands=OF_PEOPLE,
        decisive=True,
        lead=TITLE,
        entity_type="person",
        blank=_person_blank,
    ),
    AnswerKind(
        Kind.ORGANISATION,
        # 由哪家公司承建
        asks=re.compile(
            r"谁家|归[谁哪]|哪[一两几]?[家所支]|什么(?:单位|公司|部门|机构|组织)"
            r"|哪(?:[些一]|[一两二三几]?个)?(?:单位|公司|企业|部门|机构|大学|学校|医院|球?队|组织|局|银行|厂)"
        ),
        finds=_organisations,
        demands=OF_ORGANISATIONS,
        decisive=True,
        lead=re.compile(r"[由被向是为]$"),  # 由 before 砚溪路桥公司
        entity_type="organisation",
        blank=_organisation_blank,
    ),
    AnswerKind(
        Kind.PLACE,
        # 起点设在哪里
        asks=re.compile(
            r"哪里|哪儿|何处|何地|啥地[方点]|在哪(?![些种])|[去到从往]哪(?![些种])|什么(?:地[方点]|位置)|地址是|哪[一两几]?[座处条]"
            r"|哪(?:[些一]|[一两二三几]?个)?(?:地方|地区|城市|国家|省份?|县|区|市|乡?镇|乡|村|国|州|港口?|机场|街道|社区|小区|公园|码头|站)"
        ),
        finds=_places,
        demands=OF_PLACES,
        decisive=True,
        lead=re.compile(r"[在于到从自至抵往为]$"),  # 设在 before 望湖亭广场
        entity_type="place",
        nouns=re.compile(r"(?:地点|地址|位置)$"),  # 集合地点
        nouns_ask="是哪里？",
        blank=_place_blank,
    ),
    AnswerKind(
        Kind.SAID,
        # 局长怎么说; 谁说 asks for the person
        asks=re.compile(
            rf"{SAYING}(?:[了过道]|记者)*的?(?:是)?(?:些?什么|啥|哪些|哪几)|(?:怎么|怎样|如何|咋){SAYING}|怎么看(?!病|到|见|书)"
            r"|有(?:什么|何|哪些)(?:看法|评价|回应|说法|意见)|(?:看法|评价|回应|说法|意见|原话)是(?:什么|啥|怎样)"
        ),
        extent=Extent.CLAUSE,
    ),
    AnswerKind(
        Kind.YES_NO,
        # 大桥通车了吗
        asks=re.compile(
            r"[吗嘛么][？?！!。]*$|[^有]没有?[？?]*$|[^不]不[？?]*$|[吧了][？?]+$|是否|能否|可否|会否|有无|(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)|可不可以|愿不愿意"
        ),
        asks_not=re.compile(rf"^(?!.*{_SETTLED}).*(?:{OPEN_INTERROGATIVE.pattern})"),
        extent=Extent.CLAUSE,
    ),
    AnswerKind(
        Kind.OTHER,
        asks=re.compile(""),
        finds=lambda sentence, asked: find_quoted(sentence),
        demands=OF_OTHERS,
        farthest=4,
        blank=_quoted_blank,
    ),
)  # fmt: skip
"""In the order in which they are looked for in a question: the first that it asks for is meant."""
BY_NAME: Mapping[Kind, AnswerKind] = {kind.name: kind for kind in ANSWER_KINDS}
