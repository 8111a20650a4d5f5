"""A paper's name as its masthead prints it, told from slogans, pinyin, weather and publishers; and the edition beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from embeddings.dates.patterns import FULL_DAYS, readable
from embeddings.text.letters import simplified_in_place

# Patterns read simplified characters, in which 日報 is 日报; a name is given as printed.
_HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
_CHARS = rf"(?:{_HAN}|[0-9０-９·])"
_ENDS = (
    r"(?:报|周刊|周末|导刊|晨刊|晚刊|画刊|月刊|旬刊|电讯|快讯|时讯|简讯|消息|信息|新闻联播|新闻|报道|通讯|参考|文摘|观察|导读)"
)
_SISTER = r"(?:农村|海外|周末|城乡|社区|校园|市区|县区|农业|少年|学生|乡村|都市|藏文|汉文|维文|蒙文|中文|英文)(?:版|刊)"
"""A sister edition, which is a paper of its own: 农村版."""
_EXTRA = r"(?:号外|增刊|特刊|专刊|副刊|第[二三四]次(?:印刷|出版)|[早午晚]版)"
_NAME = re.compile(rf"(?P<paper>{_CHARS}{{1,14}}?{_ENDS})(?P<sister>[ \t\u3000]*[·(（]?{_SISTER}[)）]?)?")
_EDITION = re.compile(rf"[ \t\u3000·(（【\[]*(?P<edition>{_EXTRA}(?:第?[{'一二三四五六七八九十'}\d]+[号期])?)[)）】\]]*")
_PLAIN_NAME = re.compile(rf"{_CHARS}{{2,10}}")
_ENGLISH = re.compile(
    r"(?i)(?:the\s+)?(?:[a-z][a-z'’.&-]*\s+){1,5}?(?:daily|news|times|post|herald|gazette|journal|weekly|star|sun|mail|standard|tribune|express|mirror|observer)"
    r"(?:\s+(?:news|weekly|post|times))?"
)
# 中共葭州市委机关报 is what the paper is, 每周二出报 when it is printed.
_NO_NAME = re.compile(
    r"机关报|主办|主管|协办|出版|承印|代理|欢迎|订阅|党报$|本报|[电数]子?字?报$|海报$|日期|星期|今[日天]|明[日天]|出报$|[请敬]|预报$|天气|气温|微风|多云"
    r"|^(?:晴|阴|[小中大暴]雨|雷阵?雨|[小中大]雪)(?:[转间到有或A-Za-z\s]|$)|第.{1,4}版|头版|简报[:：]"
)
_PUBLISHED = re.compile(
    rf"(?P<paper>{_HAN}{{2,12}}?(?:日报|晚报|早报|晨报|周报|都市报|时报|商报|新报|导报|报))报?社(?P<role>[^\s]*)"
)
_MARKS = '《》〈〉「」『』【】[]〔〕"“”|* \t\u3000'
_SPACED = re.compile(rf"(?<!{_HAN}){_HAN}(?:[ \t\u3000]+{_HAN})+(?!{_HAN})")


@dataclass(frozen=True, slots=True)
class PaperName:
    """The name of a paper as printed, and what tells one issue of a day from others (号外)."""

    paper: str
    edition: str | None = None


def find_paper(text: str) -> PaperName | None:
    """Return the name in the lines of a masthead, the likeliest line first; None where none is printed.

    A line that ends as names do comes before the publisher's line (砚溪日报社出版), that before a plain first line
    (参考要览) and an English name, and a sponsor's line (砚溪日报社主办) comes last.
    """
    lines = [line for raw in text.split("\n") if (line := _joined(raw.strip(_MARKS)))]
    named = next((name for line in lines if (name := read_paper_name(line))), None)
    alone = next((found["edition"] for line in lines if (found := _EDITION.fullmatch(simplified_in_place(line)))), None)
    if named is not None:
        return replace(named, edition=named.edition or alone)
    printed = [(found, line) for line in lines for found in _PUBLISHED.finditer(simplified_in_place(line))]
    for found, line in printed:
        if "办" not in found["role"]:
            return PaperName(line[slice(*found.span("paper"))], alone)
    plain = next(_plain_names(lines), None)
    if plain is not None:
        return PaperName(plain, alone)
    english = next((match[0] for line in lines if (match := _ENGLISH.fullmatch(line))), None)
    if english is not None:
        return PaperName(english)
    return PaperName(printed[0][1][slice(*printed[0][0].span("paper"))]) if printed else None


def read_paper_name(line: str) -> PaperName | None:
    """Read a line as a paper's name; a day, a page or the number of the issue may stand behind it, and an edition."""
    line = _joined(line.strip(_MARKS))
    plain = simplified_in_place(line)
    match = _NAME.match(plain)
    while match:
        rest = plain[match.end() :]
        edition = _EDITION.match(rest)
        behind = rest[edition.end() :] if edition else rest
        if not behind.strip(_MARKS) or _dated(behind):
            break
        if match["sister"] is None and (longer := _NAME.fullmatch(plain)):
            match, edition = longer, None
            break
        return None
    if match is None or _NO_NAME.search(match[0]):
        return None
    sister = (match["sister"] or "").strip(_MARKS + "·()（）")
    paper = line[slice(*match.span("paper"))] + (
        line[match.start("sister") : match.end("sister")].strip(_MARKS + "·()（）") if sister else ""
    )
    return PaperName(paper, edition["edition"] if edition else None)


def _dated(rest: str) -> bool:
    """Say whether what stands behind a name on its line is a day, a page or a number, and not more of a sentence."""
    rest = rest.lstrip("》〉」』】| \t\u3000,，·")
    readably = readable(rest)
    return any(pattern.match(readably) for pattern in FULL_DAYS) or bool(
        re.match(
            r"(?:日期[:：]|中华民国|民国|公元|总?第\s*[\d〇零○一二三四五六七八九十百千]+\s*[期号版]|[A-Z]\d{2}版?|\d{1,2}版|电子版|数字报)",
            rest,
        )
    )


def _plain_names(lines: list[str]) -> Iterator[str]:
    """Yield the lines that may be a name which does not end like one, up to the first line with a day."""
    for line in lines:
        plain = readable(line)
        if any(pattern.search(plain) for pattern in FULL_DAYS):
            return
        if _PLAIN_NAME.fullmatch(plain) and not (_NO_NAME.search(plain) or _EDITION.fullmatch(plain) or plain.isdecimal()):
            yield line


def _joined(line: str) -> str:
    """Join a name whose characters are set apart: 砚 溪 日 报."""
    return _SPACED.sub(lambda match: re.sub(r"[ \t\u3000]+", "", match[0]), line)
