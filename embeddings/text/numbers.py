"""The numbers of a text with their values and units: the one grammar of numerals and the one table of units.

Written by hand: the libraries that read Chinese numerals read whole strings, not those within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from enum import StrEnum

from embeddings.text.letters import simplified_in_place


class Measure(StrEnum):
    """What a unit measures."""

    MONEY = "money"
    PERSONS = "persons"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    WEIGHT = "weight"
    TEMPERATURE = "temperature"
    DEGREES = "degrees"
    """度, of temperature, of an angle, or a kilowatt-hour."""
    ENERGY = "energy"
    POWER = "power"
    DURATION = "duration"
    AGE = "age"
    SHARE = "share"
    PHONE = "phone"
    """A telephone number, which counts nothing."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, `text[start:end]`; offsets are code points."""

    start: int
    end: int
    unit_start: int
    """Where the printed unit begins; `end` where none is printed behind the numeral."""
    value: Decimal | None
    """Exact, its scale read: 3.2亿 is 320000000. What 多 or 余 passes; None where it cannot be told (几十, 二三十)."""
    unit: str
    """As the table names it: 人 for 名, 小时 for 个小时, % for 百分之; empty where there is none."""
    measure: Measure | None
    """None for what is merely counted (3艘), and where there is no unit."""
    open: bool = False
    """多 or 余 stands behind the numeral."""
    per: str = ""
    """The unit of which there is so much in each: 斤 of 2元/斤, 秒 of 12立方米每秒."""


# Units as printed; one that stands behind = has another name in print.
_UNITS: dict[Measure | None, str] = {
    Measure.MONEY: "元 圆=元 块 人民币 美元 欧元 卢布 港元 日元",
    Measure.PERSONS: "人 名=人 位",
    Measure.LENGTH: "公里 千米 海里 米 厘米 毫米 丈 尺 寸 里 华里=里 英里 哩=英里 英尺 呎=英尺 英寸 吋=英寸",
    Measure.AREA: "平方公里 平方千米 平方米 亩 公顷",
    Measure.VOLUME: "立方米 升 毫升 斗 石",
    Measure.WEIGHT: "吨 公斤 斤 市斤=斤 克 担 磅",
    Measure.TEMPERATURE: "摄氏度 华氏度 ℃",
    Measure.DEGREES: "度",
    Measure.ENERGY: "千瓦时",
    Measure.POWER: "千瓦 兆瓦",
    Measure.DURATION: (
        "秒 分钟 刻钟 小时 个小时=小时 半小时=小时 多小时=小时 个半小时=小时 个多小时=小时 天 日 个工作日=工作日 周 个星期=星期"
        " 个月=月 个半月=月 年 周年 个世纪=世纪"
    ),
    Measure.AGE: "岁 周岁=岁",
    Measure.SHARE: "% ％=% ‰ 成 个百分点=百分点",
    None: (
        "课时 学时 人次 户 家 例 个 项 件 条 次 届 期 场 辆 架 艘 列 班 趟 座 所 处 台 套 枚 张 份 篇 部 本 册 支 只 头"
        " 匹 株 棵 颗 种 类 批 起 宗 笔 门 间 栋 层 级 倍 票 组 对 双 盏 盘 把 桶 车 孔 道 口 节 步 字"
    ),
}
_NAMED: dict[str, tuple[str, Measure | None]] = {
    printed: (name or printed, measure)
    for measure, units in _UNITS.items()
    for printed, _, name in (unit.partition("=") for unit in units.split())
}
# Characters before which these count nothing: 三里屯, 四担心.
_OF_WORDS = {
    "里": "屯堡店铺桥坪庄村镇街长弄程",
    "担": "心任当保忧负",
    "斗": "争志",
    "石": "头油化像",
    "丈": "夫人量",
    "尺": "度寸",
    "寸": "步土",
}
_UNIT = "(?:" + "|".join(  # 个小时 before 个
    unit + (f"(?![{_OF_WORDS[unit]}])" if unit in _OF_WORDS else "") for unit in sorted(_NAMED, key=len, reverse=True)
) + ")"  # fmt: skip
_LEADING_UNIT = re.compile(_UNIT)  # 小时 in 小时电

_ONES = {char: value for value, chars in enumerate(("零〇○", "一", "二两", *"三四五六七八九")) for char in chars}
_PLACES = {"十": 10, "百": 100, "千": 1_000}
# Tens in one character, 廿四 for 二十四; and what accounts write, as nobody can change it: 伍仟圆.
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_FORMAL_ONES, _FORMAL_PLACES = "壹贰叁肆伍陆柒捌玖", "拾佰仟"
_PLAIN_SPELLING = str.maketrans(_TENS | dict(zip(_FORMAL_ONES + _FORMAL_PLACES, "一二三四五六七八九十百千", strict=True)))
_SCALES = {"万": 10_000, "亿": 100_000_000}
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
DIGITS = str.maketrans("〇○零一二两三四五六七八九", "0001223456789")
"""A table for `str.translate` that writes Chinese digits as Arabic ones; print has the circle ○ for 〇."""
_PLAIN = DIGITS | str.maketrans("．", ".", ",，")
_PLAIN_SCALE = re.compile(r"[十百千]?万?亿?")  # 千万, 万亿
_LONGEST = 28  # digits of a value; a longer numeral counts nothing
_EXACT = Context(prec=_LONGEST, traps=[Inexact])

# Runs are possessive, so that each character is read a bounded number of times: 万万万… is no numeral at any of its places.
# The 千 of 千米 and 千克 may as well be read as a scale, that of 千瓦 may not.
_D, _SCALE = "[0-9０-９]", "(?:[十百万亿]|千(?!瓦))"
_ONE = f"[{''.join(_ONES)}]"
_GROUPED = rf"(?<!{_D}){_D}{{1,3}}(?!{_D})(?:[,，]{_D}{{3}}(?!{_D}))++"  # 1,286
_ARABIC = rf"(?:{_GROUPED}|{_D}++)(?:[.．]{_D}++(?![.．]{_D}))?+"  # 3.2; 3.7.9 is 3 and 7.9
_MIXED = rf"{_ARABIC}(?:{_SCALE}++(?:{_ARABIC}(?={_SCALE}))?+)*+"  # 1亿3千万
_TEN = rf"[{''.join(_TENS)}]{_ONE}?+"
# 伍 and 陆 by themselves are names.
_FORMAL = (
    rf"(?=[{_FORMAL_ONES}][{_FORMAL_PLACES}]|[{_FORMAL_PLACES}][元圆{_FORMAL_ONES}]|[{_FORMAL_ONES}]万?[元圆])"
    rf"[{_FORMAL_ONES}{_FORMAL_PLACES}零万亿]++"
)
# 三百零五, 三点二, 三百廿五; 三点五十 is an hour
_CHINESE = rf"(?:(?:{_ONE}|{_SCALE})++(?:{_TEN}|点{_ONE}++(?!十))?+|{_TEN}|{_FORMAL})"
_NUMERAL = rf"(?>{_MIXED}|{_CHINESE}|半(?={_UNIT}))"
_BEFORE = "人总次指个户件多少半倍参系基级岁分位天票额产计算读代函整实变常负奇偶"  # 总数十万 is no 数十万
# Behind a word a dash is no sign but of degrees and shares: 最低-3℃, but 甲班-3人.
_BELOW = (
    rf"(?:零下|(?<![\w%℃°)）])[-－−](?={_D})"
    rf"|(?<=[\u4e00-\u9fff])(?<![度成点年月日号时])[-－−](?={_D}++(?:[.．]{_D}++)?(?:[℃°度%％]|摄氏度)))"
)
_SINGLE = rf"(?:{_ONE}|{_D})"
# 八元二角五分, 五角; 一角 and 三角 are corners.
_COINS = (
    rf"(?P<yuan>{_NUMERAL})[元圆块](?P<jiao>{_SINGLE})角(?:(?P<fen>{_SINGLE})分)?"
    rf"|(?P<dimes>[二两四五六七八九2-9２-９])角(?:(?P<cents>{_SINGLE})分|(?![星大形度落楼质膜钢铁]))"
)
# 三丈二尺五寸, 二尺八寸
_FEET = (
    rf"(?:(?P<zhang>{_NUMERAL})丈(?P<chi>{_SINGLE})尺(?:(?P<cun>{_SINGLE})寸)?|(?P<feet>{_NUMERAL})尺(?P<inches>{_SINGLE})寸)"
)
_NUMBER = re.compile(
    rf"(?P<phone>{_D}{{3,4}}-{_D}{{7,8}})|{_COINS}|{_FEET}"
    rf"|(?P<base>[百千万])分之(?P<share>{_NUMERAL})(?P<shared>[多余几]?)"  # 百分之三十五
    rf"|(?P<hours>{_D}++)小时(?P<minutes>{_D}++)分钟?|(?P<clock>{_D}++)分(?P<seconds>{_D}++)秒"
    rf"|(?P<sign>{_BELOW})?(?P<ordinal>第)?(?P<vague>(?:几|(?<![{_BEFORE}])数)(?={_SCALE}(?!分之)))?"
    rf"(?P<numeral>{_NUMERAL})"
    rf"(?:(?P<more>[多余几]?{_SCALE}*+[多余]?)(?P<unit>{_UNIT})(?P<over>多(?!位))?(?:[/每](?P<per>{_UNIT}))?"
    rf"|(?P<some>[多余几]{_SCALE}++|几)?)"
)
# What a numeral of two or three units is counted in, and what each part is worth of it.
_PARTED = (
    ("元", Measure.MONEY, {"yuan": "1", "jiao": "0.1", "fen": "0.01"}),
    ("元", Measure.MONEY, {"dimes": "0.1", "cents": "0.01"}),
    ("尺", Measure.LENGTH, {"zhang": "10", "chi": "1", "cun": "0.1"}),
    ("尺", Measure.LENGTH, {"feet": "1", "inches": "0.1"}),
)
_BASES = {"百": "%", "千": "‰", "万": "‱"}


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text in order and apart from each other, in time linear in its length.

    Numerals within names and idioms (三亚, 十分) are among them, those of dates and hours too. Traditional characters are
    read like Simplified ones: 四萬五千餘圓.
    """
    return tuple(map(_number, _NUMBER.finditer(simplified_in_place(text))))


def leading_unit(text: str) -> tuple[str, Measure | None]:
    """Return the name and measure of the unit that words begin with, as 户企业 begins with 户; an empty name for none."""
    match = _LEADING_UNIT.match(simplified_in_place(text))
    return _NAMED[match[0]] if match else ("", None)


def numeral_value(numeral: str) -> Decimal | None:
    """Return the value of a numeral, Chinese or Arabic, 三点二 or 1亿3千万; None where it tells none, as 二三十."""
    if numeral == "半":
        return Decimal("0.5")
    (value, power), *rest = _parts(numeral)
    for part, smaller in rest:
        if value is None or part is None or power is None or smaller is None or smaller >= power:
            return None
        value, power = _sum(value, part, 1), smaller
    return value


def whole(numeral: str) -> int | None:
    """Return the value of a whole numeral; one that is only digits is read as such, 二〇二四 as 2024."""
    value = numeral_value(numeral)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _number(match: re.Match[str]) -> Number:
    """Read one match of the grammar."""
    start, end = match.span()
    if match["phone"]:
        return Number(start, end, end, None, "", Measure.PHONE)
    for unit, measure, worths in _PARTED:
        told = [name for name in worths if match[name]]
        if told:
            parts = [_product(numeral_value(match[name]), Decimal(worths[name])) for name in told]
            unit_start = match.end(told[0]) if len(told) == 1 else match.end(told[-1])
            return Number(start, end, unit_start, _total(parts), unit, measure)
    if match["base"]:
        value = None if match["shared"] == "几" else numeral_value(match["share"])
        return Number(start, end, end, value, _BASES[match["base"]], Measure.SHARE, bool(match["shared"]))
    for large, small, unit in (("hours", "minutes", "分钟"), ("clock", "seconds", "秒")):
        if match[large]:
            value = _sum(numeral_value(match[large]), numeral_value(match[small]), 60)
            return Number(start, end, match.end(small), value, unit, Measure.DURATION)
    more = match["more"] or match["some"] or ""
    value = None if match["vague"] or "几" in more else _scaled(numeral_value(match["numeral"]), more.strip("多余"))
    if match["sign"] and value is not None:
        value = value.copy_negate()
    if match["unit"] is None:
        start = match.start("numeral") if match["ordinal"] and not match["vague"] else start
        phone = re.fullmatch(rf"{_D}{{11}}", match[0]) is not None
        return Number(start, end, end, value, "", Measure.PHONE if phone else None, "多" in more or "余" in more)
    unit, named = _NAMED[match["unit"]]
    if "半" in match["unit"] and match["numeral"] != "半":
        value = _sum(value, Decimal("0.5"), 1)
    is_open = any(char in f"{more}{match['unit']}{match['over'] or ''}" for char in "多余")
    per = _NAMED[match["per"]][0] if match["per"] else ""
    return Number(start, end, match.start("unit"), value, unit, named, is_open, per)


def _sum(large: Decimal | None, small: Decimal | None, times: int) -> Decimal | None:
    """Return large * times + small; None where either is none, or where the sum would be rounded."""
    if large is None or small is None:
        return None
    try:
        return _EXACT.add(_EXACT.multiply(large, Decimal(times)), small)
    except Inexact:
        return None


def _product(value: Decimal | None, worth: Decimal) -> Decimal | None:
    """Return a value times what each of it is worth."""
    return None if value is None else _EXACT.multiply(value, worth).normalize()


def _total(values: list[Decimal | None]) -> Decimal | None:
    """Return the sum of values; None where one is none."""
    total: Decimal | None = Decimal(0)
    for value in values:
        total = _sum(value, total, 1) if total is not None else None
    return total


def _parts(numeral: str) -> Iterator[tuple[Decimal | None, int | None]]:
    """Yield the value of each part of a numeral, with the power of its scale: those of 1亿 and 3千万."""
    if re.match(_D, numeral) is None:
        yield _chinese(numeral), None
        return
    for match in re.finditer(rf"({_ARABIC})({_SCALE}*+)", numeral):
        digits = match[1].translate(_PLAIN)
        value = Decimal(digits) if len(digits) <= _LONGEST else None
        yield _scaled(value, match[2]), _power(match[2])


def _power(scale: str) -> int | None:
    """Return the power of ten of a scale; None of one that is none: 万千."""
    return sum(map(_POWERS.__getitem__, scale)) if _PLAIN_SCALE.fullmatch(scale) else None


def _scaled(value: Decimal | None, scale: str) -> Decimal | None:
    """Return a value times its scale."""
    power = _power(scale)
    return None if value is None or power is None else value.scaleb(power)


def _chinese(numeral: str) -> Decimal | None:
    """Return the value of a Chinese numeral, with or without 点."""
    numeral = numeral.translate(_PLAIN_SPELLING)
    before, _, behind = numeral.partition("点")
    if len(before) + len(behind) > _LONGEST:
        return None
    if all(char in _ONES for char in before):
        number: int | None = int(before.translate(_PLAIN))
    else:
        number = _spelt(before)
    return None if number is None else Decimal(f"{number}.{behind.translate(_PLAIN)}" if behind else number)


def _spelt(numeral: str) -> int | None:
    """Return the value of a numeral that has places or scales; None where they are out of order, as in 二三十."""
    total = group = section = 0  # of 亿, of 万, and what is below
    digit, place = None, 10_000
    after_zero = False
    for char in numeral:
        if char in _SCALES:
            counted = section + (digit or 0)
            if char == "万":
                if group or (not counted and total):
                    return None
                group = (counted or 1) * _SCALES[char]
            elif total:
                return None
            else:
                total = (group + counted or 1) * _SCALES[char]
                group = 0
            section, digit, place, after_zero = 0, None, 10_000, False
        elif char in _PLACES:
            if _PLACES[char] >= place:
                return None
            place = _PLACES[char]
            section += (1 if digit is None else digit) * place
            digit, after_zero = None, False
        elif _ONES[char] == 0:
            if digit is not None:
                return None
            after_zero = True
        elif digit is not None:
            return None
        else:
            digit = _ONES[char]
    last = _PLACES.get(numeral[-2:-1]) or _SCALES.get(numeral[-2:-1]) or 10
    # 三万五 is 35000, but 三万零五 30005.
    return total + group + section + (digit or 0) * (1 if after_zero else last // 10)
