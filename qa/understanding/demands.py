"""What a question plainly demands of its answer, finer than its kind: a clock time, a sum of money, a share, a post.

A demand is met or not, with no degrees: words that do not meet it are no candidates for an answer. So its patterns take
only what leaves no doubt, both in what they read out of a question, Chinese or English, and in what they turn away.
They stand in groups, each of which belongs to a kind: its row of qa.understanding.answer_kinds names it. What merely makes
an answer likelier stands there, and in qa.understanding.asked_units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from embeddings.dates.date_words import find_date_words
from embeddings.text.letters import fold
from embeddings.text.numbers import Measure, Number, numbers
from qa.understanding.asking_words import CLOCK_ASKED, PHONE_ASKED
from qa.understanding.entities import Offsets, find_people

_BEFORE, _BEHIND = 12, 8
"""Characters of print around words that say what their numbers count."""
_UNIT_BEHIND = 4
"""Characters behind words in which their unit may stand, where they were marked without it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Words of print with what stands around them, folded."""

    text: str
    before: str
    behind: str

    @classmethod
    def of(cls, body: str, start: int, end: int) -> Told:
        """Take words of a body, with their surroundings up to the ends of their line."""
        before = body[max(0, start - _BEFORE) : start].rpartition("\n")[2]
        return cls(fold(body[start:end]), fold(before), fold(body[end : end + _BEHIND].partition("\n")[0]))

    @property
    def with_unit(self) -> str:
        """Return the words and the few characters behind them in which a unit may stand."""
        return self.text + self.behind[:_UNIT_BEHIND]

    def numbers(self) -> list[Number]:
        """Return the numbers that the words share a character with, those of dates and hours aside; each is read whole."""
        first, last = len(self.before), len(self.before) + len(self.text)
        whole = self.before + self.text + self.behind
        dates = [(words.start, words.end) for words in find_date_words(whole) if words.grains]
        return [
            number
            for number in numbers(whole)
            if number.start < last
            and number.end > first
            and not any(start < number.end and number.start < end and end - start > 2 for start, end in dates)
        ]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a question can demand."""

    name: str
    asks: re.Pattern[str]
    """What in a folded question demands it."""
    met: Callable[[Told], bool]
    """Whether words are of what is demanded."""
    asks_not: re.Pattern[str] | None = None
    """What in a folded question says that it is not demanded, whatever `asks`."""
    explains: bool = False
    """What meets it explains something."""
    general: bool = False
    """It says no more than others do that a question makes beside it."""

    def is_made(self, folded: str) -> bool:
        """Say whether a folded question makes this demand."""
        return self.asks.search(folded) is not None and not (self.asks_not and self.asks_not.search(folded))


_NUMERAL = re.compile(
    r"[\d〇零一二两三四五六七八九十百千万亿半几数双卅廿]|[ivx][级类]|[红橙黄蓝]|无|没|不|未|全|各|都|单独|独自"
)
_FILLING = re.compile(
    r"[\s约近超逾达到至和与、，,。.;；:：()（）“”‘’\-—~～的了共仅只为是在于等从自起止以之前后内左右上下多余许来整间]"
)


def _holds(pattern: str) -> Callable[[Told], bool]:
    """Return the test whether words hold a pattern, or the few characters behind them that may be their unit."""
    sought = re.compile(pattern)
    return lambda told: sought.search(told.with_unit) is not None


def _counts(units: str) -> Callable[[Told], bool]:
    """Return the test whether words tell one of these units, or a number that has none."""
    sought = re.compile(units)
    return lambda told: (
        not is_time(told.text)
        and (
            sought.search(told.with_unit) is not None
            or any(not number.unit and number.measure is None for number in told.numbers())
        )
    )


def is_time(text: str) -> bool:
    """Say whether folded words are a date or an hour, and nothing else: 3月5日上午."""
    spans = [(words.start, words.end) for words in find_date_words(text) if words.grains and _CALENDAR.search(text)]
    return bool(spans) and not _rest(text, spans)


def _rest(text: str, spans: list[Offsets]) -> str:
    """Return what a text tells beside some spans."""
    covered = {place for start, end in spans for place in range(start, end)}
    return _FILLING.sub("", "".join(char for place, char in enumerate(text) if place not in covered))


def is_quantity(text: str) -> bool:
    """Say whether folded words are numbers, dates and hours, and nothing else: 37%, 3月5日上午, 约1286米."""
    spans: list[Offsets] = [(words.start, words.end) for words in find_date_words(text) if words.grains]
    spans += [
        (number.start, number.end)
        for number in numbers(text)
        # 百度 and 三亚 are names.
        if text[number.start].isdecimal() or number.measure not in (None, Measure.DEGREES)
    ]
    return bool(spans) and not _rest(text, spans)


def is_person(text: str) -> bool:
    """Say whether folded words are the name of one person, and nothing else."""
    return 2 <= len(text) <= 4 and find_people(text) == [(0, len(text))]


def _no_quantity(told: Told) -> bool:
    return not is_quantity(told.text)


def _neither(told: Told) -> bool:
    return not is_quantity(told.text) and not is_person(told.text)


def _some_time(told: Told) -> bool:
    return _TIME.search(told.with_unit) is not None or bool(find_date_words(told.text))


def _some_number(told: Told) -> bool:
    return _NUMERAL.search(told.text) is not None and not is_time(told.text)


_CALENDAR = re.compile(r"\d年|月.*[日号]|[今昨明]|[早晚上下]午?.*[时点]")
_TIME = re.compile(r"[年月日号天周时点分秒刻夜晚早晨午季旬前后期初末底世代节假春夏秋冬今昨明旦暑寒]")
_CLOCK = re.compile(r"\d[:：]\d|[\d〇零一二两三四五六七八九十][时点]|天亮|傍黑|时许|[时点]钟|\d秒")
_LENGTH = r"[米里尺丈寸步程层楼]|km|\bm\b"
_DURATION = r"[年月日天周时分秒刻夜旬季]|星期|礼拜|世纪|辈子|一生|世|期|载|长期|永久|钟头|届"

OF_TIMES = (
    Demand(
        "clock",
        # 几点开闸
        re.compile(rf"{CLOCK_ASKED}|几时几分|多早|\b(?:at )?what (?:time|hour)\b(?! of (?:year|day))"),
        lambda told: _CLOCK.search(told.with_unit) is not None,
    ),
    Demand("year", re.compile(r"哪一?年|几几年|哪个年份|\b(?:in )?(?:what|which) year\b"), _holds(r"[年岁届载]|\d{4}")),
    Demand(
        "day",
        re.compile(
            r"哪[一几两]?[天日](?!本)"
            r"|(?<![前后这])几[号日](?!楼|线|台|馆|院|公|厂|井|矿|船|仓|桌|坑|店|门|车|球|桥|机|码|泵|闸|路|地)"
            r"|星期几|周几|礼拜几"
            r"|\b(?:on )?(?:what|which) (?:day|date)\b"
        ),
        _some_time,
    ),
    Demand("month", re.compile(r"哪个月|(?<!好)几月|\b(?:in )?(?:what|which) month\b"), _holds(r"[月号日旬]|今天|昨|明")),
    Demand(
        "when", re.compile(r"(?<!到)(?:什么时[候间]|何时|啥时候|几时|多会儿)|^when\b|\b(?:since|until|from) when\b"), _some_time
    ),
)
OF_NUMBERS = (
    Demand(
        "money",
        # 一共花了多少钱
        re.compile(
            r"多少(?:块?钱|元)|几[元角毛](?!素|旦)"
            r"|(?<!分)(?<!分成)几[十百千万]?[块文](?:钱|一?[斤个张次天]|[呢啊]?[？?]?$)|[啥什][么]?价|价钱"
            r"|票价(?:是)?多少|花费?多[大少]"
            r"|\bhow much (?:money|does .* cost|did .* cost)\b"
        ),
        _counts(r"[元块角毛圆洋钱镑币分文盾铢法郎]|免费|不收|不要|不花|[收退赔补]费|[折价]|工分|[斤升斗担石]"),
    ),
    Demand(
        "share",
        # 涨了几成
        re.compile(
            r"百分之[几多]|(?<!哪)几成(?!功|为|立|员)|占多[大少]|占了?几成|占比(?:是|有|达)?多"
            r"|(?:比例|比重|率)(?:是|有|为|达到?)?多[少大高]|几个百分点|多少个百分点"
            r"|\bwhat (?:percentage|percent|share|proportion)\b"
        ),
        _counts(r"[%‰百成半倍]|分之|全部|都|绝大|多数|过半|[千万]分|之"),
    ),
    Demand(
        "persons",
        # 来了几个人
        re.compile(
            r"多少(?:个|名|位|口)?(?:人(?!次|民币|均|工|事|力|家|气|类|马|份)|名|位)"
            r"|(?<![哪好十])几(?:个|名|位|口)?人(?!次|民|均|大|工)|几口"
            r"|\bhow many (?:people|persons|residents|passengers|workers|students|children|soldiers|delegates|athletes)\b"
        ),
        _counts(r"[人名位口个户例者员生民众童兵工师家对万倍宗起]|无|没有|全"),
    ),
    Demand(
        "length",
        re.compile(
            r"多[长宽高深远厚](?=[？?呢啊]|$)|多少(?:公里|米|千米|厘米|里路|里地)|几(?:公里|米|里[地路])"
            r"|多[宽深厚]"
            r"|\bhow (?:tall|wide|deep|thick|far)\b"
        ),
        _counts(rf"{_LENGTH}|{_DURATION}|[度倍%隔挨邻]"),
    ),
    Demand(
        "area",
        re.compile(
            r"多大面积|面积(?:是|有|达到?|为|共)?(?:了)?多[少大]|多少(?:平方?米|平方公里|平米|亩|公顷)|几亩"
            r"|\bhow (?:many|much) (?:square|hectares|acres|mu)\b"
        ),
        _counts(r"平|[亩顷倍%]|见方|方丈|[足篮排]球场|百分|分之|成"),
    ),
    Demand(
        "weight",
        re.compile(
            r"多重|多少(?:万|亿)?(?:吨|公?斤|克|担)|几(?:万|百|千)?(?:吨|公?斤|克|担)"
            r"|\bhow heavy\b|\bhow many (?:tonnes|tons|kilograms|kilos|jin)\b"
        ),
        _counts(r"[吨斤克担石两包倍袋成]|公担|分之|%"),
    ),
    Demand(
        "duration",
        re.compile(
            r"多久|多长时间|多少时间|(?<![前这近那后头])几个?(?:小时|钟头|分钟|月|星期|礼拜)(?![份])"
            r"|(?<![前这近那后头第哪几])几[天年](?!级|前|来|里|间)|(?:多少|几)个年头"
            r"|多少(?:天(?!然|津)|年(?![轻级货龄代])|个?小时|分钟|个月)"
            r"|\bhow (?:many (?:days|years|months|weeks|hours|minutes)|long (?:did|does|do|will|has|have|had))\b"
        ),
        _counts(_DURATION),
    ),
    Demand("age", re.compile(r"多大(?:岁数|年纪|年龄)|几岁|多少岁|年龄(?:是|有)?多|\bhow old\b"), _counts(r"[岁年旬后龄月天]")),
    Demand(
        "temperature",
        re.compile(r"(?:多少|几)(?:摄氏)?度(?!角|春)|气温(?:是|有|到)?多[少高低]|\bwhat temperature\b"),
        _counts(r"[度℃°c]"),
        asks_not=re.compile("电"),
    ),
    Demand(
        "phone",
        re.compile(rf"{PHONE_ASKED}|\bwhat (?:phone|telephone|number)\b.*\bcall\b"),
        _holds(r"[\d〇零一二三四五六七八九][-\d〇零一二三四五六七八九转、 ]{2,}"),
    ),
    Demand(
        "rank",
        re.compile(
            r"第几|排(?:在)?(?:第)?几|排名(?:是)?多|名次"
            r"|\bwhat (?:place|rank|position) (?:did|does|was|is)\b.*\b(?:finish|rank|place|come)\b"
        ),
        _holds(r"[第首冠亚季末倒最前高低]|[\d一二两三四五六七八九十头]"),
    ),
    Demand(
        "number",
        re.compile(r"多少(?!有|不|年来)|(?<![哪好前近这那后头第十])几(?![乎何经十百千万亿])|\bhow (?:many|much)\b"),
        _some_number,
        asks_not=re.compile("哪|什么|啥|谁|怎|咋|如何|办法"),
        general=True,
    ),
)
OF_PEOPLE = (
    Demand("person", re.compile(r"(?<!归)谁(?!家)|哪[一两二三四五几]?[位名]|哪个人|叫什么名字|姓什么|\bwho\b"), _no_quantity),
)
OF_ORGANISATIONS = (
    Demand(
        "organisation",
        re.compile(
            r"哪[一两几]?家(?!的|人)|归(?:谁|哪)"
            r"|哪(?:一?个|些|几个|两个)?(?:部门|单位|公司|企业|机构|局|厂|学校|医院|大学)"
            r"|什么(?:单位|公司|部门|机构|组织)"
            r"|\b(?:what|which) (?:company|organi[sz]ation|agency|ministry|department|university|institution)\b"
        ),
        _neither,
    ),
)
OF_PLACES = (
    Demand(
        "place",
        re.compile(
            r"哪里|哪儿|何处|何地|在哪(?![两几]?[年天月日些种])|啥地方|什么地[方点]|哪条[街路]"
            r"|哪(?:个|座|一?个)?(?:城市|地方|省|县|区|市|镇|乡|村|国家?|港|山|岛|机场)"
            r"|^where\b|\bwhere (?:is|are|was|were|did|do|does|will)\b"
            r"|\b(?:what|which) (?:city|country|province|county|town|village)\b"
        ),
        _no_quantity,
    ),
)
OF_REASONS = (
    Demand(
        "reason",
        re.compile(r"为什么|为何|为啥|什么(?:原因|缘故)|咋回事|怎么回事|[怎咋]么?会|因何|何以|\bwhy\b"),
        _neither,
        explains=True,
    ),
)
OF_OTHERS = (
    Demand(
        "post",
        re.compile(
            r"干(?:啥|什么)的|(?:什么|啥)(?:职务|头衔|官|职位|身份|职业|岗位|差事)|(?:担任|任)(?:什么|何职|啥)"
            r"|做什么工作"
            r"|\bwhat (?:position|post|office|title|role|job)\b"
        ),
        _neither,
    ),
    Demand(
        "title",
        re.compile(
            r"哪(?:一|两|三|几)?(?:本书|部(?:电影|片|剧|戏|作品|书|纪录片|电视剧)|首歌|出戏|篇(?:文章|报道|社论))"
            r"|(?:片|书|剧|歌|戏)名"
            r"|\bwhat (?:book|film|movie|song|play)\b"
        ),
        _no_quantity,
    ),
    Demand(
        "manner",
        re.compile(
            r"怎么(?!会|回事|样|说|看|这么|那么)|咋(?!回事|会|样|说)|如何|怎样"
            r"|\bhow (?:did|do|does|can|will|is|are|was|were)\b"
        ),
        _no_quantity,
        explains=True,
    ),
)
