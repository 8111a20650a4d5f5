"""What stands in a sentence: numbers with units, dates, people, places, organisations, causes, quoted names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from embeddings.dates.date_words import DateWords, find_date_words
from embeddings.text.letters import is_han, simplified_in_place
from embeddings.text.names import Token
from embeddings.text.numbers import Number, numbers
from qa.understanding.analysis import analyse

Offsets = tuple[int, int]
"""Where words begin and end in a text, in code points; the end stands behind the last."""

# A bare number of which letters, a clock or a version are a part: A4, 8:30.
_PART_BEFORE = re.compile(r"[\dA-Za-z.]")
# 8点 is an hour.
_PART_BEHIND = re.compile(r"[\dA-Za-z.年月日号时点分路:：]")
# A number that belongs to a name: 36路, 5公里组, 20号线, 12楼.
_NAME_TAIL = re.compile(r"(?:组|路|号|版|楼|室|栋|线|中学|小学|型|城|专区)")
# The day before it is that on which a reporter was told: 昨日，记者.
_TOLD = re.compile(r"[，,]?\s*(?:本报)?记者")
_NEAR_REPORTER = 6  # characters between a reporter and the day, blanks and all
# 《渠水谣》, “先尾后头”.
_QUOTED = re.compile(r"[“《「『]([^“”《》「」『』]{2,60})[”》」』]")
# 原因是降雨偏少, 由于施工, 系超速引起.
_CAUSE = re.compile(
    r"原因(?:之一)?(?:是|为|在于|有)[:：]?(?P<is>[^。；;]{3,80})|(?:由于|因为)(?P<since>[^，,。；;]{2,60})"
    r"|(?:是|系)(?P<by>[^，,。；;]{2,40}?)(?:引起|导致|造成)(?!的\w)"
)
# The Hundred Family Surnames, less those that are far more often plain words.
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳酆鲍史唐费廉"
    "岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季"
    "麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀"
    "羊惠甄曲封芮储靳汲邴糜松井段富巫乌焦巴牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰"
    "从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容古"
    "易慎戈廖庾终暨居衡步都耿满弘匡文寇广禄阙东欧殳沃利蔚越夔隆师巩聂晁勾敖融冷訾辛阚那简饶曾毋沙养鞠须丰巢关蒯相查荆游竺权盖益桓公覃肖闫付佘涂岳鄢"
)
_LONG_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 宇文 长孙 鲜于 闾丘 端木 百里 南宫 夏侯 澹台 呼延".split()
)
_LONGEST_TITLE = 12  # characters, with a bracket and blanks behind it
# What leads a name: 市长, 柜员, 女儿（.
TITLE = re.compile(
    r"(?:[员师长者工手警兵户书]|学生|医生|先生|女士|主任|经理|教授|专家|司机|徒弟|女儿|儿子|孙女|孙子|母亲|父亲|丈夫|妻子|同学"
    r"|前锋|后卫|中锋|门将|总统|总理|首相|主席|书记|博士|院士|作家|导演|演员|青年|老人|村民|居民|市民|农民|同志|得主|冠军|海归|读者)"
    r"的?[（( ]*$"
)
# What stands behind the sign within the brackets: （记者 尉迟安 文/图）.
_BYLINE = re.compile(r"[(（][^()（）]*?(?:记者|通讯员|摄影|文/|图/)(?P<signed>[^()（）]*)")
# How names of places end: 松烟县, 望湖亭广场.
PLACE_END = re.compile(
    r"(?:[省市县区州镇乡村街路巷桥河江湖海岛山岭峰港站场馆园院校楼室寺庙国湾谷沟旗屯庄城址]|社区|广场|中心|大厦|码头|口岸|工厂)$"
)
# How names of organisations end: 水务局, 路桥公司.
ORGANISATION_END = re.compile(
    r"(?:公司|集团|[院所会部局厅处委办队校馆社厂店站台团行]|大学|中学|小学|组织|机构|中心|政府|企业)$"
)
_AND = frozenset({"与", "和", "及", "以及", "、"})
_NO_NAMES = frozenset({"上市", "本市", "我市", "全市", "我国", "全国", "中方"})  # words with a name's tag or ending


def find_numbers(sentence: str, unit: str | None = None) -> list[Offsets]:
    """Find numbers that are no part of a date, nor of a name such as 36路, unless that `unit` is asked for."""
    return [(number.start, number.end) for number in countable_numbers(sentence, unit)]


def countable_numbers(sentence: str, unit: str | None = None) -> list[Number]:
    """Return the numbers of `find_numbers` with their values and units."""
    sentence = simplified_in_place(sentence)
    dates = [day for day in ((words.start, words.end) for words in calendar_words(sentence)) if _is_date(sentence, day)]
    ends, found = [end for _, end in dates], []
    for number in numbers(sentence):
        tail = None if sentence[number.end - 1] in "万亿" else _NAME_TAIL.match(sentence, number.end)
        named = tail is not None and not (unit or "").startswith(tail[0])
        dated = _holds(dates, ends, number.start, number.end)
        if not named and not dated and (number.measure or number.unit or _is_apart(sentence, number)):
            found.append(number)
    return found


def _holds(spans: Sequence[Offsets], ends: Sequence[int], start: int, end: int) -> bool:
    """Say whether one of some spans, in order and apart, shares a character with `[start:end]`; `ends` are theirs."""
    place = bisect_right(ends, start)
    return place < len(spans) and spans[place][0] < end


def _is_apart(sentence: str, number: Number) -> bool:
    """Say whether a number without a unit is written in digits and part of no longer word: 四 of 四川 and 4 of A4 are."""
    before, behind = sentence[number.start - 1 : number.start], sentence[number.end : number.end + 1]
    whole = not sentence[number.end - 1].isdecimal() or not _PART_BEHIND.match(behind)  # 1.27亿65岁以上老人
    return sentence[number.start].isdecimal() and whole and not _PART_BEFORE.match(before)


def _is_date(sentence: str, span: Offsets) -> bool:
    """Tell 14日 and 3月 from what may as well be a number of hours or years."""
    return span[1] - span[0] > 2 or sentence[span[1] - 1] in "日号"


def calendar_words(sentence: str) -> list[DateWords]:
    """Find dates and times of day, less what only tells a distance from the day of print: 近日, 三天前."""
    return [words for words in find_date_words(sentence) if words.grains]


def candidate_dates(sentence: str) -> list[DateWords]:
    """Find dates and times of day, less those that only say when the reporter was told."""
    return [
        words
        for words in calendar_words(sentence)
        if not _TOLD.match(sentence, words.end)
        and not sentence[max(words.start - _NEAR_REPORTER, 0) : words.start].rstrip().endswith("记者")
    ]


def find_dates(sentence: str) -> list[Offsets]:
    """Find the spans of `candidate_dates`."""
    return [(words.start, words.end) for words in candidate_dates(sentence)]


def find_people(sentence: str, *, reporters: bool = False) -> list[Offsets]:
    """Find names of people: by tag and surname, by a title before them, or by the dot of a foreign name.

    Those who signed the article, in brackets, are left out unless `reporters` are asked for.
    """
    found: set[Offsets] = set()

    def add(start: int, end: int) -> None:
        found.add((start, end))
        ending[end] = min(start, ending.get(end, start))

    tokens = analyse(sentence).tokens
    ending: dict[int, int] = {}  # where those found so far begin, by where they end
    for place, (word, tag, start) in enumerate(tokens):
        if word == "·" and 0 < place < len(tokens) - 1:
            before, behind = tokens[place - 1], tokens[place + 1]
            add(ending.get(start, before[2]), behind[2] + len(behind[0]))
        titled = TITLE.search(sentence, max(0, start - _LONGEST_TITLE), start) is not None
        following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        surname = word in _LONG_SURNAMES or (word in _SURNAMES and (tag == "nr" or titled))
        if tag.startswith("nr") and len(word) > 1 and (word[0] in _SURNAMES or titled or tag in ("nrt", "nrfg")):
            add(start, start + len(word))
        elif surname and 1 <= len(following) <= 2 and is_han(following[0]):
            add(start, start + len(word) + len(following))
    whole: list[Offsets] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not whole or span[1] > whole[-1][1]:
            whole.append(span)
    signed = [] if reporters else [match.span("signed") for match in _BYLINE.finditer(sentence)]
    ends = [end for _, end in signed]
    return [span for span in whole if not _holds(signed, ends, span[0], span[0] + 1)]


def find_names(sentence: str, tag: str, ending: re.Pattern[str], *, several: bool = False) -> list[Offsets]:
    """Find runs of nouns that close with a word of this tag or ending; with `several`, those joined by 和 or 、 too."""
    spans: list[Offsets] = []
    run: list[Token] = []

    def close() -> None:
        while run and not (run[-1][1] == tag or ending.search(run[-1][0])):
            run.pop()
        if run:
            start, end = run[0][2], run[-1][2] + len(run[-1][0])
            if end - start > 1 and sentence[start:end] not in _NO_NAMES:
                spans.append((start, end))
        run.clear()

    for word, kind, start in analyse(sentence).tokens:
        # jieba leaves a preposition on names that it does not know: 由砚溪.
        if kind == "nr" and len(word) > 2 and word[0] in "由在从向被对":
            close()
            run.append((word[1:], kind, start + 1))
            continue
        noun = kind[0] in "nzbl" or (run and (kind[0] in "mq" or kind in ("vn", "eng", "s")))
        if (noun and word[0].isalnum()) or (several and run and word in _AND):
            run.append((word, kind, start))
        else:
            close()
    close()
    return spans


def find_causes(sentence: str) -> list[Offsets]:
    """Find what is named as a cause: behind 原因是 or 由于, or before 引起."""
    return [match.span(match.lastgroup or 0) for match in _CAUSE.finditer(sentence)]


def find_quoted(sentence: str) -> list[Offsets]:
    """Find titles and names in quotation marks, without the marks."""
    return [match.span(1) for match in _QUOTED.finditer(sentence)]
