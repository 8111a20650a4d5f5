"""The words of time that newspapers use: a pattern for each sort, and the reader that tells what its words mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from embeddings.dates.anchor import ERAS, ONES, WEEKDAYS, Anchor
from embeddings.dates.clock_times import BEGINNINGS, CLOCK, TO
from embeddings.dates.festivals import COUNTED, FESTIVALS, MARKED
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
    says_festival,
)
from embeddings.records import Days
from embeddings.text.letters import narrowing, simplified_in_place

Reader = Callable[[re.Match[str], Anchor], Days | None]

# Other marks stay wide, for a colon of full width ends a clause (时间：3日) and one of half width is within a time (8:30).
_NARROW = narrowing("0123456789./-~")

# Pieces of patterns. A number may not be the tail of a longer one, nor of one that is only vague.
_NO_NUMBER = rf"(?<![\d.〇零○{ONES}十百千万])"
_APART = rf"{_NO_NUMBER}(?<![几多数每历])"
_DAY = rf"(?:\d{{1,2}}|[二三]?十[{ONES}]?|廿[{ONES}]?|卅一?|[{ONES}])"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{ONES}])"
_FEW = rf"(?:\d{{1,2}}|[两{ONES}]?十[{ONES}]?|[两{ONES}])"
_COUNT = rf"(?P<count>\d{{1,3}}|[两{ONES}]?十[{ONES}]?|[两{ONES}]|半)"
_REL_YEAR = (
    r"(?P<rel>(?<!失)(?<!(?<!超)过)去年|(?<!如)今年(?!轻)|本年(?=度|末|底|[初春夏秋冬])|(?<![说证表])明年|(?<![提以之目])前年|(?<![今以之产成工])后年(?![均度])"
    r"|(?<![以晚早])上年(?=末|底|同期|度)|(?<!相)当年(?![轻纪])|(?<!不)同年(?!级|龄)|次年(?!会)|翌年|[去客今]岁)的?"
)
# 民國二十四年, 光绪三十四年
_ERA_YEAR = (
    rf"(?:{'|'.join(ERAS)})(?:元|\d{{1,3}}|[二三四五六七八九]?十[{ONES}]?|[廿卅][{ONES}]?|一百[零一]?[{ONES}]?|[{ONES}]{{1,2}})"
)
_YEAR = rf"(?:{_APART}(?<!公元前)(?P<year>\d{{4}}|[〇零○{ONES}]{{4}}|\d{{2}}(?=年\d{{1,2}}月)|{_ERA_YEAR})年的?|{_REL_YEAR})"
_SURE_YEAR = rf"(?:{_APART}(?<!公元前)(?P<year>1[5-9]\d\d|2[01]\d\d|[一二][〇零○{ONES}]{{3}}|{_ERA_YEAR})年(?!代)|{_REL_YEAR})"
_REL_MONTH = r"(?P<rel>上上个?月|(?<![以晚早])上个?月(?![球亮饼色光])|本月|这个?月|下个?月(?![球亮饼色光])|当月|同月)"
_MONTH_PART = rf"上旬|中旬|下旬|初(?![步{ONES}十])|底|末|中(?=[,，。、;；)）])"
_PART = (
    rf"上半年|下半年|第?[一二三四1-4]季度|首季度?|前[二三两23]个?季度|年?初(?![步中级{ONES}十])|年?[底末]"
    r"|年中(?=[,，。、;；)）])"
)
_FESTIVAL = "|".join(sorted(FESTIVALS, key=len, reverse=True))
_FESTIVAL_TAIL = r"期间|假期|假日|小?长假|黄金周|前夕|前后|当[天日]"
# Behind a number and 日 these count days or belong to another word; 内塔尼亚胡 and 记者 do not.
_NO_COUNT = (
    r"(?!内(?![塔政阁地蒙务外部容])|以[内上]|之[内间]|[间龄谈志余]|游(?![客行泳人])|记(?!者)|元(?![首旦])|均线|后(?![方续])|前(?![往来去后])"
    r"|左右|本(?![报市省县周月届]))"
)

# 二OO三年 is what OCR makes of 二〇〇三年; 西历一千九百零六年 stands beside an era's year.
_PRINTED_YEAR = rf"(?:[\d〇零○◯OoＯ{ONES}]{{4}}|一千[七八九]百[零〇]?[{ONES}十]{{0,3}}|{_ERA_YEAR})"
_MOON_MONTH = rf"(?:闰?(?:{_MONTH}|[正冬腊]))"
_MOON_DAY = rf"(?:初[{ONES}十]|{_DAY})"
_ENGLISH_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

FULL_DAYS = (
    # 2021 年 1 月 21 日, 二〇二四年九月六日, 民国三十五年五月十五号
    re.compile(rf"(?P<year>{_PRINTED_YEAR})\s*年\s*(?P<month>{_MONTH})\s*月\s*(?P<day>{_DAY})\s*[日号]"),
    # 2021-01-21, lyrb_2021_01_21
    re.compile(r"(?<!\d)(?P<year>\d{4})[-./_](?P<month>\d{1,2})[-./_](?P<day>\d{1,2})(?!\d)"),
    # 20210121
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)"),
    # Friday, September 6, 2024; 6 Sept. 2024
    re.compile(rf"(?i)\b{_ENGLISH_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s*(?P<year>\d{{4}})\b"),
    re.compile(rf"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_ENGLISH_MONTH},?[\s-]+(?P<year>\d{{4}})\b"),
)
"""A day with its year as mastheads, headings and file names have it, the surest form first."""
MOON_DAY = re.compile(rf"(?P<year>{_ERA_YEAR})\s*年\s*(?P<month>{_MOON_MONTH})\s*月\s*(?P<day>{_MOON_DAY})\s*日?")
"""A day of an era that counts by the moon: 光绪三十二年闰四月初八日."""
LAST_DAY = re.compile(
    rf"(?:\s*[(（]?(?:星期|周)[{WEEKDAYS}][)）]?)?\s*(?:{TO}|[～―－])\s*"
    rf"(?:(?P<year>\d{{4}}|[〇零○{ONES}]{{4}})\s*[年./-])?\s*(?:(?P<month>{_MONTH})\s*[月./-])?\s*(?P<day>{_DAY})(?:\s*[日号]|(?!\s*[\d月年版期]))"
)
"""What may stand behind such a day: the last day of the days that an issue is dated with."""
WEEKDAY = re.compile(rf"(?:星期|周)\s*(?P<weekday>[{WEEKDAYS}])")
"""The weekday beside it."""

_NUMERALS = f"0123456789〇零○{ONES}十廿卅两半"
# What years and months relative to another begin with, and those of an era.
_RELATIVE = "去客今本明前后上当同次翌" + "".join(dict.fromkeys(era[0] for era in ERAS))

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
        rf"(?<!农历)(?<!阴历)(?:{_YEAR}|{_NO_NUMBER})(?P<month>{_MONTH})月(?P<day>{_DAY})"
        rf"(?:(?:[日号]?{TO}|[、和])(?P<to>{_DAY}))?[日号]",
        read_day,
    ),
    (
        _NUMERALS + _RELATIVE,
        rf"(?<!农历)(?<!阴历)(?:{_YEAR}|{_APART}(?<![近期]))(?P<month>{_MONTH})(?:月?{TO}(?P<to>{_MONTH})(?=月(?!\d)))?"
        # 6月三峡, 11月一般贸易, 3月十届; but not 三月三, nor the 廿 of a lunar day.
        rf"月份?(?:(?P<part>{_MONTH_PART})(?:(?<=[旬底末])|(?![{ONES}]))"
        rf"|(?![\d廿内余个]|之(?![前后])|十[日号{ONES}]|初[{ONES}十])(?:(?<=\d月)(?![{ONES}][日号]|[{ONES}]十(?![{ONES}]?届))|(?![{ONES}])))",
        read_month,
    ),
    (
        "上本这下当同",
        rf"{_REL_MONTH}份?(?:(?P<day>{_DAY})(?:[日号]?{TO}(?P<to>{_DAY}))?[日号]|(?P<part>{_MONTH_PART}))?",
        read_near_month,
    ),
    (
        "0123456789",
        rf"(?<![\d.月年/:\-第连续每满共达超约逾几仅为期前])(?<!(?<!附)近)(?<!历时)(?<!过去)(?<!未来)"
        rf"(?P<day>\d{{1,2}})(?:日?{TO}(?P<to>\d{{1,2}}))?日{_NO_COUNT}",
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
        rf"{_APART}(?P<year>1[5-9]\d\d|2[01]\d\d)(?P<rel>(?!))?(?P<part>(?!))?年?{TO}(?P<to>1[5-9]\d\d|2[01]\d\d)年(?!代)",
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
        rf"(?:(?P<weekday>[{WEEKDAYS}末])(?!次)|(?![期年边刊岁围转折密]))",
        read_week,
    ),
    ("周", r"(?<![上本这下一个每逢])(?P<week>周末)", read_weekend),
    (
        "大前昨今明后",
        r"(?P<near>(?<![目以之此先日提大])前天(?![气空津])|(?<![目以之此先年提月])前[日晚](?!本)|昨[天日晚夜晨]"
        r"|(?<![如当现])今(?:[天日晚晨夜](?!气|然气|津|均|本(?![报市省]))|早(?!已|就))|(?<![说证表声文透光指])明[天日晚晨早](?![气本])"
        r"|(?<![今以之然最雨先午此战大])后天(?![气空津])|大[前后]天)",
        read_near_day,
    ),
    (
        "当同次翌",
        r"(?P<near>(?<![正恰相应])当[日天晚](?!本(?!报))|同日(?!本)|(?<![一二两三四五六七八九十几多每数首\d])次[日晨晚]|翌[日晨晚朝])",
        read_same_day,
    ),
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
        rf"(?![月日号\d]|年(?![俗味货夜画糕]))(?P<tail>{_FESTIVAL_TAIL})?"
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
# Words that need no day to be found, and are not read against one: what they may begin with, and their pattern.
_FOUND_ONLY: tuple[tuple[str, str], ...] = (
    (BEGINNINGS, rf"(?P<hour>{CLOCK})"),
    # 周三, 星期天; but not 一周三次 or 周一围.
    ("周星礼", rf"(?<![{ONES}十两几半\d全])(?:周|星期|礼拜)(?P<weekday>[{WEEKDAYS}])(?![次年期届回遍围子])"),
    ("当", r"(?P<near>当[晨夜])"),
    # 27日前公布: the bare day; 20日前 may as well be twenty days ago.
    ("0123456789", r"(?<=[于在至到])(?P<day>0?[1-9]|[12]\d|3[01])日(?=前(?![后往来去]))"),
    # 2024春节
    (
        "12",
        rf"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<festival>{_FESTIVAL})节?(?:{_FESTIVAL_TAIL})?",
    ),
    ("月", r"(?<!个)(?P<part>月[底初末])"),  # 月底前
    ("年", r"(?P<part>年[底初末])"),  # 每年底
    # 15号; 神舟15号, 5号楼 and 5号线 are names.
    (
        "0123456789",
        r"(?<![\d.:：第A-Za-z-])(?:(?<![\u4e00-\u9fff])|(?<=[在到从自于至和与及是天月今每定前约]))"
        r"(?P<day>0?[1-9]|[12]\d|3[01])号(?![\dA-Za-z线楼机院馆门店桌台井坑库车船舱房仓路厂桥煤墙柱炉堆球选令案文])",
    ),
    # 1368年: a year too old to be read against a day without doubt.
    (_NUMERALS, rf"{_APART}(?<!公元前)(?P<year>1[0-4]\d\d|[一二三][〇零○{ONES}]{{3}})年(?![前来多间代])"),
    ("寒暑" + _NUMERALS + _RELATIVE, rf"(?:{_YEAR})?(?P<part>[寒暑]假)(?:期间)?"),
    # 2022年春; 今年春晚 and 今年春节 are no spring.
    (
        _NUMERALS + _RELATIVE,
        rf"{_SURE_YEAR}(?P<part>[春夏秋冬]{{2}}(?:之交|[两之]?季)|[春夏秋冬](?=[，,。、；;)）至到以前后]|$))",
    ),
    # 农历三月初五, 正月十五, 腊月.
    (
        "农阴旧正冬腊" + _NUMERALS + _RELATIVE,
        rf"(?:{_YEAR})?(?P<moon>(?:农历|阴历|旧历)闰?{_MONTH}月|(?:农历|阴历|旧历)?[正冬腊]月)"
        rf"(?P<lunar>初[{ONES}十]|[十廿][{ONES}]|二十[{ONES}]?|三十|廿|卅)?日?",
    ),
    ("三" + _NUMERALS + _RELATIVE, rf"(?:{_YEAR})?(?P<festival>三月三)(?![十日号\d])"),
    # 国庆开馆 means the festival, 国庆街 does not.
    (
        "".join(sorted({name[0] for name in MARKED - COUNTED})),
        rf"(?P<festival>{'|'.join(sorted(MARKED - COUNTED))})(?![路街道村镇乡桥河山寺县区市上粥蒜老树帽卡歌装礼贺])",
    ),
    (
        "".join(sorted({name[0] for name in COUNTED})),
        rf"(?:(?<![\w\u4e00-\u9fff])|(?<=[在到从自于过迎逢每至和与及度庆]))(?P<festival>{'|'.join(sorted(COUNTED))})"
        r"(?=[前后起至到期假那去来回开放出办]|[^\w\u4e00-\u9fff、]|$)",
    ),
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Patterns and their readers by the characters that their words may begin with, and a pattern for these characters."""

    tried: dict[str, list[tuple[re.Pattern[str], Reader | None]]]
    beginning: re.Pattern[str]


def _table(rules: Iterable[tuple[str, str, Reader | None]]) -> _Table:
    """Compile rules."""
    tried: dict[str, list[tuple[re.Pattern[str], Reader | None]]] = {}
    for first, pattern, reader in rules:
        compiled = re.compile(pattern, re.ASCII)
        for character in dict.fromkeys(first):
            tried.setdefault(character, []).append((compiled, reader))
    return _Table(tried, re.compile(f"[{''.join(tried)}]"))


_READ = _table(_RULES)
_ALL = _table((*_RULES, *((first, pattern, None) for first, pattern in _FOUND_ONLY)))


def readable(text: str) -> str:
    """Return a text as the patterns read it: Simplified, digits of half width, not a character more or less."""
    return simplified_in_place(text).translate(_NARROW)


def find_words(plain: str) -> Iterator[tuple[re.Match[str], Reader]]:
    """Yield the words of time in a readable text from left to right, each the longest where it begins, and their reader."""
    return ((match, reader) for match, reader in _find(plain, _READ) if reader)


def find_printed(plain: str) -> Iterator[re.Match[str]]:
    """Yield the words of time in a readable text like `find_words`, with those that no day is needed for: 星期三, 8:30."""
    return (match for match, _ in _find(plain, _ALL))


def _find(plain: str, table: _Table) -> Iterator[tuple[re.Match[str], Reader | None]]:
    end = 0
    for beginning in table.beginning.finditer(plain):
        start = beginning.start()
        if start < end:
            continue
        found = [
            (match, reader)
            for pattern, reader in table.tried[beginning[0]]
            if (match := pattern.match(plain, start)) and (reader is not read_festival or says_festival(match))
        ]
        if found:
            longest = max(found, key=lambda pair: pair[0].end())
            end = longest[0].end()
            yield longest
