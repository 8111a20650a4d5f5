"""Spans of a kind within a sentence: numbers with units, dates, people, places, organisations."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import jieba.posseg

from embeddings.words import search_words
from qa.question import Kind, Question

Span = tuple[int, int]

_UNITS = (
    "个百分点|平方公里|平方千米|平方米|立方米|千瓦时|千米|公里|公斤|公顷|万亩|人次|人民币|美元|欧元|卢布|港元|日元|元|亩|吨|米|厘米|毫米|克|斤|升|度|"
    "分钟|小时|课时|秒|年|个?月|天|日|周|岁|人|名|位|户|家|例|个|项|件|条|次|届|期|场|辆|架|艘|列|班|趟|座|所|处|台|套|枚|块|张|份|篇|部|本|册|"
    "支|只|头|匹|株|棵|颗|种|类|批|起|宗|笔|门|间|栋|层|级|倍|成|点|票|票数|组|对|双|周年|余[户家人名个]|%|％|℃|‰"
)
_NUMERAL = r"(?:\d[\d,，]*(?:[.．]\d+)?|[零〇一二两三四五六七八九十百千]+(?:点[零一二三四五六七八九]+)?)"
_NUMBER = re.compile(
    rf"(?:百分之{_NUMERAL}|(?:第)?{_NUMERAL}(?:多|余|几)?(?:[十百千万亿]+)?(?:多|余)?(?:{_UNITS})(?:[/每](?:{_UNITS}))?|\d[\d,]*(?:\.\d+)?)"
)
_DATE = re.compile(
    r"(?:(?:\d{4}|[二一][〇零一二三四五六七八九]{3})年|去年|今年|明年|前年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|[上中下]旬|底|初)?"
    r"(?:上午|下午|晚上|凌晨|晚|清晨)?(?:\d{1,2}(?:时|点)(?:\d{1,2}分)?)?"
    r"|\d{4}年(?:初|底|末|春|夏|秋|冬)?|[上本下][周个]?(?:周|星期)[一二三四五六日天]|(?:前|昨|今|明|当)[天日晚晨](?:上午|下午|晚上|凌晨)?|\d{1,2}[日号](?:上午|下午|晚上|凌晨)?"
    r"|(?:上午|下午|晚上|凌晨)?\d{1,2}[时点](?:\d{1,2}分)?"
)
_QUOTED = re.compile(r"[“《「『]([^“”《》「」『』]{2,60})[”》」』]")
_TAGS: dict[Kind, tuple[str, ...]] = {
    Kind.PERSON: ("nr", "nrt", "nrfg"),
    Kind.PLACE: ("ns",),
    Kind.ORGANISATION: ("nt",),
}
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:省|市|县|区|州|镇|乡|村|街道|社区|广场|公园|大厦|中心|体育馆|机场|港|站|湖|岛)")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{2,20}?(?:公司|集团|大学|学院|医院|银行|研究院|研究所|委员会|协会|联合会|办公室|指挥部|局|厅|部|委|队|中学|小学|学校|博物馆|图书馆|组织|机构)"
)
_lock = threading.Lock()


def find_spans(sentence: str, question: Question) -> list[Span]:
    """Return the spans of the asked kind, in order; empty for kinds that a pattern cannot tell."""
    match question.kind:
        case Kind.NUMBER:
            dates = [match.span() for match in _DATE.finditer(sentence)]
            numbers = [match.span() for match in _NUMBER.finditer(sentence)]
            return [span for span in numbers if not any(_overlap(span, day) and day[1] - day[0] > 2 for day in dates)]
        case Kind.DATE:
            return [match.span() for match in _DATE.finditer(sentence)]
        case Kind.PERSON:
            return list(_tagged(sentence, _TAGS[Kind.PERSON]))
        case Kind.PLACE:
            return sorted({*_tagged(sentence, _TAGS[Kind.PLACE]), *(match.span() for match in _PLACE.finditer(sentence))})
        case Kind.ORGANISATION:
            return sorted({*_tagged(sentence, _TAGS[Kind.ORGANISATION]), *(m.span() for m in _ORGANISATION.finditer(sentence))})
        case Kind.OTHER:
            return [match.span(1) for match in _QUOTED.finditer(sentence)]
        case Kind.REASON:
            return []


def best_span(sentence: str, question: Question) -> Span | None:
    """Return the span of the asked kind that stands closest behind or before the question's words, or None.

    A span that the question itself holds answers nothing.
    """
    asked = question.text
    spans = [span for span in find_spans(sentence, question) if sentence[span[0] : span[1]] not in asked]
    if not spans:
        return None
    places = [
        (match.start(), match.end())
        for word in question.words
        if len(word) > 1 or word.isdigit()
        for match in re.finditer(re.escape(word), sentence)
    ]
    if question.kind is Kind.OTHER and not any(_distance(span, place) <= 4 for span in spans for place in places):
        return None
    unit = question.unit or ""

    def cost(span: Span) -> tuple[int, float]:
        text = sentence[span[0] : span[1]]
        counted = bool(unit) and any(unit.startswith(tail) for tail in (text[-2:], text[-1:]) if tail)
        near = sorted(_distance(span, place) for place in places)[:3]
        return (not counted, sum(near) / len(near) if near else float(span[0]))

    return min(spans, key=cost)


def _distance(span: Span, place: Span) -> int:
    """Count the characters between a span and a word; what is told follows what it is told of, so behind is nearer."""
    if place[1] <= span[0]:
        return span[0] - place[1]
    if span[1] <= place[0]:
        return 2 * (place[0] - span[1])
    return 0


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _tagged(sentence: str, tags: tuple[str, ...]) -> Iterator[Span]:
    """Yield the words that jieba tags as one of `tags`, two characters or more."""
    position = 0
    with _lock:
        pairs = list(jieba.posseg.cut(sentence))
    for word, tag in pairs:
        if tag in tags and len(word) > 1:
            yield position, position + len(word)
        position += len(word)


def shared_words(question: Question, text: str) -> frozenset[str]:
    """Return the question's search words that also stand in a text."""
    return frozenset(question.words) & frozenset(search_words(text))
