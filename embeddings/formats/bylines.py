"""The people in a byline, as they stand beside a headline: 本报记者 林知远 何映秋 文/摄."""

from __future__ import annotations

import re

from embeddings.formats import credits
from embeddings.text.letters import simplified_in_place
from embeddings.text.names import tag_words

_EDGES = " \t\u3000|｜;；,，、•·【】[]〔〕()（）"
_SENTENCE_MARK = re.compile(r"[。！？!?]")
_LETTER = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_PERSON = rf"{_LETTER}{{1,6}}(?:[·•・]{_LETTER}{{1,8}}){{1,3}}|{_LETTER}{{2,4}}"
_PERSONS = re.compile(rf"(?:{_PERSON})(?:(?:[\s　、,，/]+)(?:{_PERSON})){{0,5}}")
_ROLES = re.compile(
    r"(?:本报|本刊|本社|新华社|中新社|人民日报|首席|全媒体|融媒体|见习|实习|特约|驻[\u4e00-\u9fff]{2,4}|特派|资深|主任|视觉)*"
    r"(?:记者|通讯员|实习生|评论员|撰稿人|观察员|编译|摄影|撰文|文字|图片)(?=[\s:：　]|[\u3400-\u9fff])[:：]?"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景"
    "党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝郦蔺郗闻"
)
_SURNAMES_OF_TWO = frozenset(
    "欧阳 司马 上官 诸葛 尉迟 皇甫 慕容 令狐 司徒 夏侯 东方 端木 独孤 南宫 轩辕 公孙 澹台 宇文 长孙 闻人".split()
)
_CREDIT = re.compile(
    r"(?:(?:图文|文图|文|图|摄影?)[/／|]\s*|摄影报道|文[/／、]?[图摄]|图[/／]文|[/／]?(?:文|图|摄|供图|供稿|报道|撰稿|摄影|整合|整理|编译)(?=$|[\s,，、/／]))"
)
_NO_PERSON = re.compile(
    r"(?:[社报網网台院局部处会厅委司校馆]|中心|编辑部|公司|本报讯|全文完|未完|续完|评论员|通讯员|记者|佚名|未知|无|集团|大学|网易|新浪|搜狐|腾讯|凤凰|百度|日報|新闻|频道|客户端)$"
)
_SENT = re.compile(
    r"(?!本[报刊社市])(?:[\u4e00-\u9fff]{1,8}社[\u4e00-\u9fff\d]{0,14}(?:电|讯|消息)"
    r"|[\u4e00-\u9fff\d]{2,12}日[\u4e00-\u9fff\d]{0,10}[电讯])"
)
_REPORTED = re.compile(r"^(?:本报|本刊|本社)?(?:首席|特约|特派|见习|实习|全媒体)*记者.{2,24}报[道导]$")
_BETWEEN_NAMES = re.compile(r"[\s　、,，;；/／&|]+")
_BETWEEN_ENGLISH = re.compile(r"[、,，;；/／&|]+|\sand\s")


def people(text: str) -> str | None:
    """Return the names of the people in a byline, None for none: 林知远 何映秋 of 本报记者 林知远 何映秋/文."""
    if _REPORTED.search(simplified_in_place(text.strip(_EDGES))):  # 記者陳怡如／東港報導
        return " ".join(credits.people(text)) or None
    plain = _CREDIT.sub(" ", _without_roles(text.strip(_EDGES)))
    english = re.search(r"[A-Za-z]", plain)
    plain = re.sub(r"(?i)^by\s+", "", plain) if english else plain
    names = (_BETWEEN_ENGLISH if english else _BETWEEN_NAMES).split(plain)
    kept = [name.strip(_EDGES) for name in names]
    kept = [
        name for name in kept if 1 < len(name) <= 40 and not _NO_PERSON.search(simplified_in_place(name)) and "@" not in name
    ]
    return ("、" if english and len(kept) > 1 else " ").join(dict.fromkeys(kept)) or None


def _without_roles(text: str) -> str:
    """Return a byline with blanks in place of trades, which may be in Traditional characters: 本報記者陳怡如."""
    plain = simplified_in_place(text)
    for match in _ROLES.finditer(plain):
        text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text


def is_people(line: str) -> bool:
    """Say whether a line is names of people alone, as they stand below a headline: 林知远 何映秋, 本报记者 林知远, 文/林知远.

    Without a word that says so, each has to be like a name: 全县动员 is none.
    """
    line = line.strip(_EDGES + "□■◎●")
    if not 2 <= len(line) <= 40 or _SENTENCE_MARK.search(line):
        return False
    if _REPORTED.search(simplified_in_place(line)):
        return people(line) is not None
    bare = _CREDIT.sub(" ", _without_roles(line)).strip(_EDGES)
    if not bare or _PERSONS.fullmatch(bare) is None or people(line) is None:
        return False
    return bare != line or all(map(_is_name, _BETWEEN_NAMES.split(bare)))


def _is_name(word: str) -> bool:
    plain = simplified_in_place(word)
    if re.search(r"[·•・]", word) or (len(word) <= 3 and plain[0] in _SURNAMES) or plain[:2] in _SURNAMES_OF_TWO:
        return True
    return all(tag.startswith("nr") for _, tag, _ in tag_words(word))


def sender(line: str) -> str | None:
    """Return who sent a report, as a line of its own prints it: 中央社南京九日电, 新华社; 本报讯 names nobody."""
    name = line.strip(_EDGES)
    return name if _SENT.fullmatch(simplified_in_place(name)) else agency(name)


def agency(line: str) -> str | None:
    """Return the agency or house that stands where an author does: 新华社, 本报评论员 is none."""
    name = line.strip(_EDGES)
    return name if 2 < len(name) <= 10 and re.search(r"(?:社|报|網|网|台)$", simplified_in_place(name)) else None
