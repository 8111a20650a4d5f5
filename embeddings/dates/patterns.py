"""The words of time that newspapers use: a pattern for each sort, and the reader that tells what its words mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from embeddings.dates.anchor import ONES, Scene
from embeddings.dates.festivals import FESTIVALS
from embeddings.dates.resolution import (
    read_ago,
    read_bare_day,
    read_day,
    read_festival,
    read_full,
    read_lately,
    read_month,
    read_near_day,
    read_near_month,
    read_same_day,
    read_stretch,
    read_week,
    read_weekend,
    read_year,
    read_year_part,
)
from embeddings.records import Days
from embeddings.text.segmentation import simplified_in_place

Reader = Callable[[re.Match[str], Scene], Days | None]

_WIDE = str.maketrans("０１２３４５６７８９．／－～", "0123456789./-~")

# Pieces of patterns. A number may not be the tail of a longer one, nor of one that is only vague.
_APART = rf"(?<![\d.〇零○{ONES}十百千万几多数每历])"
_TO = r" ?(?:至|到|-|–|—{1,2}|─|~) ?"
_DAY = rf"(?:\d{{1,2}}|[二三]?十[{ONES}]?|廿[{ONES}]?|卅一?|[{ONES}])"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{ONES}])"
_FEW = rf"(?:\d{{1,2}}|[两{ONES}]?十[{ONES}]?|[两{ONES}])"
_COUNT = rf"(?P<count>\d{{1,3}}|[两{ONES}]?十[{ONES}]?|[两{ONES}]|半)"
_REL_YEAR = (
    r"(?P<rel>(?<![过失])去年|(?<!如)今年(?!轻)|本年(?=度|末|底|[初春夏秋冬])|(?<![说证表])明年|(?<![提以之目])前年|(?<![今以之])后年(?![均度])"
    r"|(?<![以晚早])上年(?=末|底|同期|度)|(?<!相)当年(?![轻纪])|同年(?!级|龄)|次年|翌年)的?"
)
_YEAR = rf"(?:{_APART}(?<!公元前)(?P<year>\d{{4}}|[〇零○{ONES}]{{4}}|\d{{2}}(?=年\d{{1,2}}月))年的?|{_REL_YEAR})"
_SURE_YEAR = rf"(?:{_APART}(?<!公元前)(?P<year>1[5-9]\d\d|2[01]\d\d|[一二][〇零○{ONES}]{{3}})年(?!代)|{_REL_YEAR})"
_REL_MONTH = r"(?P<rel>上上个?月|(?<![以晚早])上个?月(?![球亮饼色光])|本月|这个?月|下个?月(?![球亮饼色光])|当月|同月)"
_MONTH_PART = rf"上旬|中旬|下旬|初(?![步{ONES}十])|底|末|中(?=[,，。、;；)）])"
_PART = (
    rf"上半年|下半年|第?[一二三四1-4]季度|首季度?|前[二三两23]个?季度|年?初(?![步中级{ONES}十])|年?[底末]"
    r"|年中(?=[,，。、;；)）])"
)
_FESTIVAL = "|".join(sorted(FESTIVALS, key=len, reverse=True))
# Behind a number and 日 these count days or belong to another word; 内塔尼亚胡 and 记者 do not.
_NO_COUNT = (
    r"(?!内(?![塔政阁地蒙务外部容])|以[内上]|之[内间]|[间龄谈志余]|游(?![客行泳人])|记(?!者)|元(?![首旦])|均线|后(?![方续])|前(?![往来去])"
    r"|左右|本(?![报市省县周月届]))"
)

_NUMERALS = f"0123456789〇零○{ONES}十廿卅两半"
_RELATIVE = "去今本明前后上当同次翌"  # what years and months relative to another begin with

# What the words may begin with, their pattern, their reader. A pattern is tried only where one of its first characters
# stands, and has few ways to try: the time that a text takes stays in step with its length.
_RULES: tuple[tuple[str, str, Reader], ...] = (
    (
        "0123456789",
        r"(?<![\d./-])(?P<year>\d{4})(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d|[-./]\d)",
        read_full,
    ),
    (
        _NUMERALS + _RELATIVE,
        rf"(?<!农历)(?<!阴历)(?:{_YEAR}|{_APART})(?P<month>{_MONTH})月(?P<day>{_DAY})"
        rf"(?:(?:[日号]?{_TO}|[、和])(?P<to>{_DAY}))?[日号]",
        read_day,
    ),
    (
        _NUMERALS + _RELATIVE,
        rf"(?<!农历)(?<!阴历)(?:{_YEAR}|{_APART}(?<![近期]))(?P<month>{_MONTH})(?:月?{_TO}(?P<to>{_MONTH})(?=月(?!\d)))?"
        # 6月三峡, 11月一般贸易; but not 三月三, nor the 廿 of a lunar day.
        rf"月份?(?P<part>{_MONTH_PART})?(?![\d十廿内之余个]|初[{ONES}十])(?:(?<=\d月)(?![{ONES}][十日号])|(?<=[旬底末])|(?![{ONES}]))",
        read_month,
    ),
    (
        "上本这下当同",
        rf"{_REL_MONTH}份?(?:(?P<day>{_DAY})(?:[日号]?{_TO}(?P<to>{_DAY}))?[日号]|(?P<part>{_MONTH_PART}))?",
        read_near_month,
    ),
    (
        "0123456789",
        rf"(?<![\d.月年/:\-第近连续每满共达超约逾几仅为期前])(?<!历时)(?<!过去)(?<!未来)"
        rf"(?P<day>\d{{1,2}})(?:日?{_TO}(?P<to>\d{{1,2}}))?日{_NO_COUNT}",
        read_bare_day,
    ),
    (
        _NUMERALS,
        rf"(?<![\d{ONES}十廿卅月第近前几每满共])(?P<day>{_DAY})(?P<to>(?!))?"
        r"(?:日(?=[电讯晚早夜]|[上中下]午|凌晨|清晨|零时|记者)|号(?=[上下]午|晚|凌晨|那天|当天|的报))",
        read_bare_day,
    ),
    (
        _NUMERALS + _RELATIVE,
        rf"{_SURE_YEAR}(?P<part>{_PART}|[前头]{_FEW}个月|[春夏秋冬][天季]|同期)?(?P<to>(?!))?",
        read_year,
    ),
    (
        "0123456789",
        rf"{_APART}(?P<year>1[5-9]\d\d|2[01]\d\d)(?P<rel>(?!))?(?P<part>(?!))?年?{_TO}(?P<to>1[5-9]\d\d|2[01]\d\d)年(?!代)",
        read_year,
    ),
    (
        "上下第一二三四1234首前年",
        rf"{_APART}(?P<part>上半年|下半年|第?[一二三四1-4]季度|首季度?|前[二三两23]个?季度|(?<!大)年初(?![步中级])|年[底末])",
        read_year_part,
    ),
    (
        "上本这下",
        r"(?P<week>上上|(?<!以)上|本|这|下下|下)一?个?(?:周|星期|礼拜)"
        r"(?:(?P<weekday>[一二三四五六日天末])(?!次)|(?![期年边刊岁围转折密]))",
        read_week,
    ),
    ("周", r"(?<![上本这下一个每逢])周末", read_weekend),
    (
        "大前昨今明后",
        r"(?<![目以之此先日提大])前天(?![气空津])|(?<![目以之此先年提月])前日(?!本)|昨[天日晚夜晨]"
        r"|(?<![如当现至])今[天日晚晨早夜](?!气|本(?![报市省]))|(?<![说证表声文透光指])明[天日晚晨早](?![气本])"
        r"|(?<![今以之然最雨先午此战大])后天(?![气空津])|大[前后]天",
        read_near_day,
    ),
    ("当同次翌", r"(?<![正恰相应])当[日天晚](?!本(?!报))|同日(?!本)|次日|翌日", read_same_day),
    (
        "过最近未今接",
        rf"(?:(?:过去|最近|(?<![附最将接靠])近)的?|(?P<ahead>未来|今后|接下来)的?){_COUNT}"
        r"(?P<unit>个?(?:月|星期|周|季度)|[天日年])(?!代)",
        read_stretch,
    ),
    (_NUMERALS, rf"{_APART}(?<!近){_COUNT}(?P<unit>天|周|个?星期|个月|年)[以之]?前(?![后夕半些])", read_ago),
    (
        _NUMERALS + _RELATIVE + '“"' + "".join(name[0] for name in FESTIVALS),
        rf"(?:{_YEAR})?(?<![第\d{ONES}十〇])(?P<quote>[“\"](?=(?:{_FESTIVAL})[”\"]))?(?P<festival>{_FESTIVAL})(?(quote)[”\"])(?P<feast>节)?"
        r"(?![月日年号\d])(?P<tail>期间|假期|假日|小?长假|黄金周|前夕|前后|当[天日])?"
        rf"(?:的?(?:第(?P<nth>{_FEW})[天日]|(?P<begin>首日|头一?天)|(?P<close>最后一天)))?",
        read_festival,
    ),
    (
        "近日连前不最",
        r"(?<![附最将接靠])近日(?!点)|(?<![今近昨\d十])日前|连日来|近来|(?<![附最将接靠])近期|前不久|不久前|前些天|前几天"
        r"|(?<![离距])最近(?!的(?!一))",
        read_lately,
    ),
)
_TRIED: dict[str, list[tuple[re.Pattern[str], Reader]]] = {}
for _first, _pattern, _reader in _RULES:
    _compiled = re.compile(_pattern, re.ASCII)
    for _character in dict.fromkeys(_first):
        _TRIED.setdefault(_character, []).append((_compiled, _reader))
_BEGINNING = re.compile(f"[{''.join(_TRIED)}]")


def readable(text: str) -> str:
    """Return a text as the patterns read it: Simplified, digits of half width, not a character more or less."""
    return simplified_in_place(text).translate(_WIDE)


def find_words(plain: str) -> Iterator[tuple[re.Match[str], Reader]]:
    """Yield the words of time in a readable text from left to right, each the longest where it begins, and their reader."""
    end = 0
    for beginning in _BEGINNING.finditer(plain):
        start = beginning.start()
        if start < end:
            continue
        found = [(match, reader) for pattern, reader in _TRIED[beginning[0]] if (match := pattern.match(plain, start))]
        if found:
            longest = max(found, key=lambda pair: pair[0].end())
            end = longest[0].end()
            yield longest
