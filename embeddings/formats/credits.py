"""Who wrote an article and where it was taken from, as printed at its beginning or end: (记者 王苗), (转自《松烟晚报》)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from embeddings.text.letters import letters_and_digits, simplified_in_place

_HAN = r"\p{Han}"
# A trade with all that leads it: 本报首席记者, 新华社记者, 特约通讯员, 新塘乡通讯员.
_LEADS = (
    r"(?:首席|资深|高级|主任|全媒体|融媒体?|见习|实习|特约|特派|专职|兼职|驻站|文字|摄影|体育|商情|财经|跑线|客座|值班|全媒)"
)
_HOUSE = rf"(?:本(?:报|社|刊|网|台|版|市)|{_HAN}{{2,8}}(?:社|日报|晚报|网|电视台|通讯社))"
_TRADE = rf"(?:{_HOUSE}?{_LEADS}*(?:驻{_HAN}{{2,6}}?)?{_LEADS}*(?:记者|通讯员|实习生|评论员|撰稿人|撰稿|特写员|作者|撰文|编译))"
_ROLE = regex.compile(_TRADE)
_TRADES = regex.compile(
    r"记者|通讯员|实习生|评论员|作者|撰文|撰稿|编译|[文图摄]\s*[/／]|[/／]\s*[文图摄]|摄影|文图|图文"
    r"|(?<=\s)摄(?:\s|$)|文\s*[并、]?摄"
)
# What is done, and no name; 文 and 图 behind a name only where something parts them from it, for 江文 is a name.
_DONE = frozenset(
    "文 图 摄 影 文图 图文 文摄 文并摄 文并图 摄影 摄影报道 摄影报导 图文报道 报道 报导 综合报道 联合报道 集体采访 采访 采写"
    " 整理 整理报道 撰文 供图 供稿 制图 绘图 漫画 编译 编辑 综合 专稿 特稿 电 讯 消息 等 并 及 和 与 本报 本报讯 本社 本刊 记者"
    " 通讯员 作者 实习 见习 特约 首席 约稿 来稿 供稿人 口述 执笔 供图片 图片 资料图 整合".split()
)
_BEHIND = regex.compile(r"(?<=.{2})(?:摄影报[道导]|综合报[道导]|报[道导]|摄影|摄|整理|采写|供图|撰文)$")
_REPORTED = ("报道", "报导")
_APART = regex.compile(r"[\s、，,；;|：:]+")
_NAME = regex.compile(rf"{_HAN}{{2,5}}|{_HAN}{{1,8}}(?:[·•‧・]{_HAN}{{1,10}}){{1,3}}|[A-Z][A-Za-z.'’-]+")
_NO_PERSON = regex.compile(
    r"(?:[社局委办厅署处科院校馆站队团组网所乡镇县区市矿厂]|..会|公司|中心|协会|集团|银行|学校|报讯|日报|晚报|来信|照登|消息|短评"
    r"|公告|同志|编辑部|编辑室|供稿|报告|大队|政府)$"
)
_COMPOUND = frozenset("欧阳 司马 诸葛 上官 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 端木 轩辕 欧陽".split())
"""Surnames of two characters, behind which the given name may be set apart: 欧阳 蔚."""
_SQUARED = regex.compile(rf"[□■◎]\s*(?:{_HAN}{{2,3}}|{_HAN}+[·•]{_HAN}+)(?:[\s、]+(?:{_HAN}{{2,3}}|{_HAN}+[·•]{_HAN}+))*")
_SIGNS = " \t\u3000()（）【】[]〔〕□■◎●◆◇▲△○☆★*—-"
_BRACKETS = regex.compile(r"[(（【\[〔]([^()（）【】\[\]〔〕\n]{2,80})[)）】\]〕]")
_HEAD, _TAIL = 120, 80
"""Characters at the beginning and the end of an article in which its credits stand."""
_MAY_BE = regex.compile(r"[者员員摄攝文图圖编編论論作撰译譯□■◎]")  # most lines hold none of these
_CREDIT_LINE = 40  # letters
_SIGNED = regex.compile(
    r"[(（]\s*(?!待续|未完|完|续完|全文完|见图|左图|右图|上图|下图|下转|上接|节选|有删节|短评|综合|图|附)"
    rf"(本报评论员|本报特约评论员|(?:{_HAN}|·){{2,12}}(?:[\s、]+(?:{_HAN}|·){{1,12}}){{0,5}})\s*[)）]\s*$"
)
_COMMENTATOR = regex.compile(r"本报(?:特约)?评论员")
_LABELLED = regex.compile(r"^(?:作者|记者|撰文|文字|采写|摄影|通讯员)\s*[:：]\s*(.{{2,40}})$")
_FROM = re.compile(r"(?:来源|稿源|文章来源|转自|摘自)\s*[:：]\s*([^\s()（）]{2,24})")
_REPRINT = re.compile(r"[(（]\s*(?:转自|转载自|摘自|来源[:：]|据)\s*([^()（）]{2,30})[)）]")
_WIRE = re.compile(
    r"[(（]?\s*(?:据)?([\u4e00-\u9fff]{2,6}社[\u4e00-\u9fff]{1,10}\d{1,2}月\d{1,2}日(?:专?电|讯|消息))\s*(?:[)）]|(?=[(（]))"
)
_DISPATCH = re.compile(r"^(《[^《》]{2,12}》)\s*讯")


OPENING = re.compile(r"^(?:本报讯|本報訊|《[^《》]{2,12}》\s*讯|【本[报報][讯訊]】)")
"""What a report of the paper's own begins with."""


def read_credits(body: str) -> tuple[str | None, str | None]:
    """Return the names of who wrote an article, parted by blanks, and its source, as printed; None where there is none."""
    plain = simplified_in_place(body)
    reprint = _REPRINT.search(plain, max(len(plain) - 60, 0))
    wire = _WIRE.search(plain[:60]) or _WIRE.search(plain, max(len(plain) - 40, 0))
    dispatch = _DISPATCH.match(plain)
    found = reprint or wire or dispatch
    source = body[slice(*found.span(1))] if found else None
    return _byline(body, plain, plain.removesuffix(plain[reprint.start() :]) if reprint else plain), source


def _byline(body: str, plain: str, unreprinted: str) -> str | None:
    """Return the names in brackets that name a trade, else those that sign the end."""
    tail = max(len(body) - _TAIL, 0)
    for match in _BRACKETS.finditer(plain):
        if match.start() > _HEAD and match.start() < tail:
            continue
        named = _TRADES.search(match[1]) or plain[: match.start()].rstrip().endswith(("讯", "电"))
        if named and (names := people(body[slice(*match.span(1))])):
            return " ".join(names)
    signed = _SIGNED.search(unreprinted)
    if signed is None:
        return None
    printed = body[slice(*signed.span(1))]
    if any(len(word) > 2 and _NO_PERSON.search(word) for word in _APART.split(signed[1])) and not _COMMENTATOR.fullmatch(
        signed[1]
    ):
        return None
    return printed if _COMMENTATOR.fullmatch(signed[1]) else " ".join(people(printed)) or None


def read_credit_lines(lines: list[str]) -> tuple[str | None, str | None]:
    """Return the names and the source of lines that stand by themselves over a text: □本报记者 王苗, 来源：松烟晚报."""
    names: list[str] = []
    source = None
    for line in lines:
        plain = simplified_in_place(line)
        if match := _FROM.search(plain):
            source = source or line[slice(*match.span(1))]
            line, plain = line[: match.start()] + line[match.end() :], plain[: match.start()] + plain[match.end() :]
        names += people(line) or ([line.strip(_SIGNS)] if _COMMENTATOR.fullmatch(plain.strip(_SIGNS)) else [])
    return " ".join(dict.fromkeys(names)) or None, source


def is_credit(line: str) -> bool:
    """Say whether a line by itself names who wrote or took the pictures, and nothing else."""
    if len(line) > _TAIL or "。" in line or not _MAY_BE.search(line):
        return False
    plain = simplified_in_place(line)
    if _COMMENTATOR.fullmatch(plain.strip(_SIGNS)) or _SQUARED.fullmatch(plain.strip()) or _LABELLED.match(plain):
        return True
    return bool(_TRADES.search(plain) and people(line)) and len(letters_and_digits(plain)) <= _CREDIT_LINE


def people(text: str) -> list[str]:
    """Return the persons whom a credit names, as printed and in order; trades, offices and what was done are left out."""
    plain = simplified_in_place(text)
    found: list[str] = []
    singles: list[str] = []

    def close() -> None:
        # 王 苗: a name whose characters are set apart.
        if len(singles) == 1 and found and found[-1] in _COMPOUND:
            found[-1] += singles[0]
        elif len(singles) in (2, 3):
            found.append("".join(singles))
        elif len(singles) % 2 == 0:
            found.extend("".join(pair) for pair in zip(singles[::2], singles[1::2], strict=True))
        singles.clear()

    for start, end, place in _words(plain):
        word = plain[start:end]
        if place and regex.search(r"报[道导]$", word):  # 记者林亦霏／东堤报导
            close()
            continue
        if word not in _DONE and (behind := _BEHIND.search(word)):
            end = start + behind.start()
            # 記者陳怡如東港報導: a name of three characters, of four with such a surname, and the place.
            name = 4 if plain[start : start + 2] in _COMPOUND else 3
            if behind[0] in _REPORTED and end - start >= name + 2:
                end = start + name
            word = plain[start:end]
        if word in _DONE:
            close()
        elif len(word) == 1 and regex.fullmatch(_HAN, word):
            singles.append(text[start:end])
        else:
            close()
            if _NAME.fullmatch(word) and not (len(word) > 2 and _NO_PERSON.search(word)):
                found.append(text[start:end])
    close()
    return list(dict.fromkeys(found))


def _words(plain: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where the words of a credit stand that are no trade, and whether a slash leads each."""
    start = 0
    for role in (*_ROLE.finditer(plain), None):
        end = role.start() if role else len(plain)
        for word in regex.finditer(r"[^\s、，,；;|：:/／()（）【】\[\]〔〕□■◎●◆◇▲△○☆★*—\-]+", plain[start:end]):
            first = start + word.start()
            yield first, start + word.end(), first > 0 and plain[first - 1] in "/／"
        start = role.end() if role else end
