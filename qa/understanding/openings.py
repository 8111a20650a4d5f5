"""How an asker turns in a conversation: 换个话题, 对了, 不对，我问的是…, 回到前面那座桥.

One table says what each opening means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.understanding.asking_words import INTERROGATIVE


class Move(StrEnum):
    """Where the words that open a question lead from the turns before it."""

    NONE = "none"
    FURTHER = "further"
    """To one more question, of the same or of something else: 对了, 再问一下."""
    NEW_SUBJECT = "new_subject"
    """Away from what was asked before: 换个话题."""
    BACK = "back"
    """To what was asked some turns ago: 回到前面那座桥."""
    CORRECTION = "correction"
    """To the question before, which was misunderstood: 不对，我问的是去年的."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The turn that a question takes, and what it asks behind the words that say so."""

    move: Move
    rest: str
    instead_of: str = ""
    """The words of the question before that were not meant: 夜班车 of 不是夜班车，我问的是21路."""
    from_the_start: bool = False
    """It goes back to the first of the turns: 最早问的那座桥."""
    whole: bool = False
    """No word of the question only opens it, so that it may as well take no turn: 地震那事，死了多少人."""


_MARKS = r"[，,。、：:；;…！!\s]*+"
_A_LITTLE = r"(?:一?[下句声个]|[一这]?件?事儿?|一个问题|问题|问)*+"
_INTO = r"(?:对了|哦对了?|另外|此外|还有|顺便|顺带|还有[个件]事儿?|那|好[的吧]?|嗯|哦)?"
_WRONG = r"(?:不对|不是的?|不|(?:我?说|我?问|你?搞|你?弄|你?听|你?看|你?理解|答)?错了?)"
# 我问的是, 我是说, 我想问, 问的是.
_MEANT = (
    r"(?:我(?:刚才|其实)?(?:是[问说讲指]的?|[问说讲指要]的?(?:其实)?是|想[问说]的?是?|要[问说]的?是?|要的是|[问说])"
    r"|[问说]的(?:其实)?是)"
)
# What is wanted instead asks nothing by itself: 我要去年的, but not 我要怎么报名.
_NO_QUESTION = rf"(?![^？?]*(?:{INTERROGATIVE.pattern}|吗|去))"
_BEFORE = r"(?:刚才|刚刚|方才|[最更]?前[面头]|之前|先前|上面|早先|最[早初先]|最?开始|一开始|最?开头|起初)"
_TOLD = r"(?:(?:我们?|咱们?)?[说问提讲聊](?:到|过|起)?的?|的?(?=[那这]))"
_RETURN = r"(?:[再还]?(?:说回|问回|回到|返回|转回|绕回|回头)(?:[再来去]?[说问讲看])?|[再还][说问讲看](?:[说回起到])?)"
_AN_ASIDE = (
    r"(?:(?:再|想)?换一?个?(?:话题|问题|事儿?|别的|方向)|(?:再|来)?(?:[说问聊讲谈]|来)[点个些]?(?:别的|其[他它]的?|不相干的)(?:事儿?|话题|问题)?"
    r"|先?[不别][说问管聊提](?:这|那)个?事?儿?|(?:新|下一?个?)(?:话题|问题)|题外话)(?:[吧了啊哈]|[说问]?一下)*"
)
# Looked for in this order. What an opening needs behind it stands in a lookahead, so that 不是本地人能报名吗 is none.
_MOVES: tuple[tuple[Move, re.Pattern[str]], ...] = tuple(
    (move, re.compile(pattern))
    for move, pattern in (
        # 换个话题; 不说这个了
        (Move.NEW_SUBJECT, rf"{_INTO}{_MARKS}{_AN_ASIDE}{_MARKS}"),
        # 不是夜班车，我问的是21路
        (
            Move.CORRECTION,
            rf"不[是要](?P<instead>[^，,。？?]{{1,12}}?)[，,。\s]+(?:{_MEANT}|我要{_NO_QUESTION})",
        ),
        # 不对，我问的是去年的
        (Move.CORRECTION, rf"(?:{_WRONG}{_MARKS})+(?:{_MEANT}|我要)"),
        # 不对，东湾大桥限速多少; 说错了，是二中
        (Move.CORRECTION, r"(?:不对|[说问搞弄听看解答]?错了?)[，,。！!\s]++是?"),
        # 我是说去年的; 我要最后的数
        (Move.CORRECTION, rf"我(?:是[说问讲指]的?|[说问讲指要]的是|要问的是)|我(?:要|[说问]的){_NO_QUESTION}"),
        # 再问一下; 还有个事想问
        (
            Move.FURTHER,
            rf"{_INTO}{_MARKS}(?:我|我?想|我?还想?|我?再|顺便)*+(?:问|打听)(?:一[下句声个]|[下句声个问])(?!月|星期|[多少])"
            rf"{_A_LITTLE}{_MARKS}",
        ),
        # 对了; 另外; 还有个事
        (
            Move.FURTHER,
            rf"(?:对了|哦对了?|另外|此外|顺便|还有)(?:[啊呀哦]|[一两]?[个件]事儿?|个?问题)?(?:想问)?[一下]*{_MARKS}"
            r"(?![呢吗么没？?哪谁什啥多几有的两一二三四五六七八九十]|$)",
        ),
        # 回到前面那座桥; 刚才说的学校; 最早问的那条路
        (Move.BACK, rf"{_RETURN}?{_BEFORE}{_TOLD}(?![时会阵段儿个])"),
        (Move.BACK, rf"{_RETURN}(?=[那这]|[^，,？?]{{1,8}}(?:那|[，,]))(?<![再还]看)"),
        # 地震那事，
        (Move.BACK, r"(?=[^，,？?]{1,8}那(?:件?事儿?|儿|边|里)[，,])"),
    )
)  # fmt: skip
_START = re.compile(r"最|一开始|开头|起初")
# What was not meant, told behind what is: 我说3路，不是夜3路.
_NOT_MEANT = re.compile(r"(?<![，,\s])[，,\s]+(?:可?不是|不要|不问)(?P<instead>[^，,。？?]{1,10})(?=[，,。？?]|$)")


def find_opening(question: str) -> Opening:
    """Return the turn that the first words of a question take; what is nothing but an opening takes none."""
    for move, pattern in _MOVES:
        match = pattern.match(question)
        if match is None or not any(map(str.isalnum, question[match.end() :])):
            continue
        rest = question[match.end() :].lstrip("，,。、：:；;…！! ")
        instead = match.groupdict().get("instead") or ""
        if move is Move.CORRECTION and (behind := _NOT_MEANT.search(rest)):
            instead, rest = behind["instead"], rest[: behind.start()] + rest[behind.end() :]
        return Opening(move, rest, instead.rstrip("的"), _START.search(match[0]) is not None, not match[0])
    return Opening(Move.NONE, question)
