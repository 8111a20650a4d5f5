"""Questions for what stands at the edge of print or beside a name: who reported, who signed and when, who holds what post."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.understanding.analysis import analyse
from qa.understanding.entities import find_people


class Role(StrEnum):
    """What is asked for."""

    REPORTER = "reporter"
    """Who reported or wrote an article: the byline."""
    SIGNER = "signer"
    """Who signed a notice or letter."""
    SIGNED_DAY = "signed_day"
    """On which day it was signed."""
    SIGNATURE = "signature"
    """Both of these."""
    POST = "post"
    """What a named person is."""


@dataclass(frozen=True, slots=True)
class AskedRole:
    """A question for one of these."""

    role: Role
    about: str
    """The question without the words that ask."""
    trade: str | None = None
    """记者 or 通讯员, where one of them is asked for; None: whoever wrote."""
    letter: bool = False
    """A letter is signed before what the paper or an office answers to it."""
    names: tuple[str, ...] = ()
    """What may be the name of the person whose post is asked for, the likeliest first."""
    headline: str = ""
    """What is asked about by its title alone (《…》是谁写的): an article only where that is its headline, else a book."""


# 谁, 叫什么名字; 记者什么时候到 and 记者是哪家报社的 ask for something else.
_WHO = r"(?:是|叫|为|由|的名字|名叫|姓名)*(?:谁|哪[一两几]?[个位名](?:人|本报)?|(?<=[叫是为字])什么(?:名字?|人)?(?!\w))"
_PRINT = r"(?:报[道导]|稿|文章|消息|新闻|评论|社论|特写|通讯(?!员)|见闻|专访|副刊|[这那]篇)"
_ENDED = r"(?=[呢啊呀吗]?(?:$|[\s，,？?]))"
_DOCUMENT = r"(?:通[知告报]|公[告示]|布告|启事|更正|声明|倡议书|公开信|决定|简章|来?信|函|稿件?|意见|预告|广告)"
_DAY = r"(?:哪一?[天日]|什么时[候间]|何时|什么日[期子]|几[月号日])"
_OFFICE = r"(?:单位|部门|机关|机构|公司|局|委|办公室|学校|厂|社)"
_BODY = rf"(?:(?:哪|什么)(?:[一两二几些]?[个家])?{_OFFICE}|哪[一两二几]?家|哪[两二几]个(?!月|日))"
_SIGNING = r"(?:落款|署名|签[发署名]|具名|盖章)"
_ISSUING = rf"(?:{_SIGNING}|发(?:布|出|的)?|登(?:的)?|写(?:的)?|印发|出具|联合)"
# 哪个记者报道的, 记者是谁, 谁采写的; not 哪个记者获奖了, 那个美国记者叫什么.
_REPORTER = re.compile(
    rf"(?:哪[一两几]?[个位名]?|什么|谁是)(?:本报)?(?P<before>记者|通讯员|作者)"
    rf"(?:(?:采写|采访|报道|撰写|写|拍|发)(?:来|出)?的?|的(?={_PRINT})|{_ENDED})"
    rf"|(?:的|(?<![国外女男老名个]))(?P<behind>记者|通讯员|作者|撰稿人){_WHO}"
    rf"|(?:是|由)?(?:谁|哪[个位])(?:采写|采访|报道|撰写|执笔|写)(?:出来)?的(?:{_ENDED}|(?={_PRINT}))"
)
# What only a reporter does; books, songs and letters are written too.
_REPORTING = re.compile(r"记者|通讯员|采写|采访|报道")
_TITLE = re.compile(r"《(?P<title>[^《》]{2,40})》")
# 是什么职务, 做什么工作的; not 检查什么工作, 换了啥职务.
_POST = re.compile(
    # It begins where such words begin, and is not looked for again from within a run of them.
    r"(?<![是任当做的有])(?<!属于)(?:是|任|当|做|担任|现任|属于|的|有)*+(?<![了去过成])(?:个|哪个单位的|哪里的)?"
    r"(?:(?:什么|啥|哪个|何)(?:职[务位称业]|领导|身份|头衔|官职?|单位的)|(?<=[做干当])(?:什么|啥)工作)(?:\w{0,3})?"
    r"|(?:现在|当时|目前|如今)?(?:是)?(?:干|做)(?:什么|啥)(?:工作)?的"
    r"|(?:现在|当时|目前|如今)?担任(?:的是)?(?:什么|啥|何职?)|是(?:个)?(?:什么|啥)(?:人|干部)(?:物)?"
    r"|的(?:职务|职称|身份|头衔)(?:是什么|是啥|叫什么)?|(?:职务|职称|身份|头衔)(?:是什么|是啥|叫什么)"
)
# 哪个单位发的, 落款是谁.
_SIGNER = re.compile(
    rf"(?:是|由|被)?(?:{_BODY}|谁)(?:在|于|、)*(?:{_DAY})?{_ISSUING}+(?:的|出|了)?(?:{_ENDED}|(?=\w{{0,8}}?{_DOCUMENT}))|(?:{_SIGNING}|署)(?:的|单位|部门|机构|者)*(?:是|叫)?(?:{_BODY}|谁)"
)
# 落款是哪天, 哪天签发的.
_SIGNED_DAY = re.compile(
    rf"{_ISSUING}{{1,4}}+(?:的?(?:日期|时间|日子))?(?:是|在|的|于)*{_DAY}|(?:是|在)?{_DAY}{_ISSUING}+(?:的|了)?(?:{_ENDED}|(?={_DOCUMENT}))|{_SIGNING}的?(?:日期|时间)"
)
_END = r"(?:[？?。！!呢啊呀]*)$"
_BETWEEN = re.compile(r"现在|当时|目前|如今|分别|各自|[在于这那当时,，]")
_ASKS_MORE = re.compile(r"谁|什么|啥|哪|为何|怎")  # 秦砚为什么辞去局长的职务
_ERRAND = re.compile(r"[来去到赴][^，,的]{0,8}$")  # 来砚溪是干什么的 asks what for
_PAST = re.compile(r"以前|之前|退休前|原来|原先|过去|从前|早年|曾")  # what someone was before is told elsewhere
_NAME_SIZES = (4, 3, 2)
_LETTER = re.compile(r"来?信|函")


def asked_role(question: str) -> AskedRole | None:
    """Return which of these a question asks for; None for other questions."""
    text = analyse(question).folded.strip("？?。！! ")
    post = _POST.search(text)
    names = _names(text, post.start()) if post and re.match(_END, text[post.end() :]) else ()
    if post and names:
        return AskedRole(Role.POST, text[: post.start()], names=names)
    signer, day = _SIGNER.search(text), _SIGNED_DAY.search(text)
    document = re.search(_DOCUMENT, text) is not None
    signed, letter = document or re.search(_SIGNING, text) is not None, _LETTER.search(text) is not None
    if signed and signer and re.search(_DAY, text):
        return AskedRole(Role.SIGNATURE, _without(text, signer, re.search(_DAY, text)), letter=letter)
    if signed and day:
        return AskedRole(Role.SIGNED_DAY, _without(text, day), letter=letter)
    reporter = _REPORTER.search(text)
    if reporter and not _LETTER.search(text[: reporter.start()][-4:]):
        title = _TITLE.search(text)
        known = _REPORTING.search(reporter[0]) or re.search(_PRINT, text)
        if known or title:
            trade = reporter["before"] or reporter["behind"]
            return AskedRole(
                Role.REPORTER, _without(text, reporter), trade if trade in ("记者", "通讯员") else None,
                headline="" if known or title is None else title["title"],
            )  # fmt: skip
    if signed and (signer or reporter):
        return AskedRole(Role.SIGNER, _without(text, signer or reporter), letter=letter)
    return None


def _without(text: str, *found: re.Match[str] | None) -> str:
    """Return a text without what was found, nor the words that only name the kind of print: 那篇报道."""
    for match in found:
        if match:
            text = text.replace(match[0], " ", 1)
    return re.sub(r"[这那]?[篇条张份封]?的?(?:报道|稿子|稿件|文章|消息|新闻|落款|署名|签发|记者|通讯员|报导)|写", " ", text)


def _names(text: str, end: int) -> tuple[str, ...]:
    """Return what may be a person's name before the asking words: a person found, else the characters at either end.

    Of 芦桂枝的丈夫 that is the husband, who has no name.
    """
    if _PAST.search(text[:end]) or _ASKS_MORE.search(text[:end]):
        return ()
    if _ERRAND.search(text[:end]) and text[end:].lstrip("是").startswith(("干", "做")):
        return ()
    parts = [part.rpartition("的")[2] for part in _BETWEEN.split(text[:end]) if part.rpartition("的")[2]]
    people = [part[slice(*span)] for part in parts for span in find_people(part)]
    # 商卫平在交警支队 begins with the name, 开发布会时乔木川 ends with it.
    starts = [parts[0][:size] for size in _NAME_SIZES if len(parts) > 1 and len(parts[0]) >= size]
    ends = [parts[-1][-size:] for size in _NAME_SIZES if parts and len(parts[-1]) >= size]
    return tuple(name for name in dict.fromkeys([*people, *starts, *ends]) if not _is_noun(name))


def _is_noun(word: str) -> bool:
    """Say whether a word is one of the dictionary's that names no person: 丈夫."""
    tokens = analyse(word).tokens
    return len(tokens) == 1 and tokens[0][1].startswith(("n", "t", "f", "s")) and not tokens[0][1].startswith("nr")
