"""What an issue prints of itself, one table: what asks for each fact of masthead and imprint, and how it is printed.

A question asks for such a fact only where nothing else is left of it: 报社热线是多少, but
not 供热热线是多少, so that no ordinary question is answered from a masthead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.dates.date_words import find_date_words
from embeddings.formats.masthead import NUMERAL
from embeddings.text.letters import fold, simplified_in_place
from qa.understanding.entities import Offsets

_MONEY = rf"(?:人民币|大洋|国币|[¥￥])?\s*(?:\d+(?:\.\d+)?|{NUMERAL})\s*[元角分厘毛块](?:{NUMERAL}[角分厘毛])*"
_TERM = r"(?:每月|全月|每季|全季|半年|全年|一年)"
_NAME = r"[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff·:：])"


@dataclass(frozen=True, slots=True)
class ImprintFact:
    """One fact of a masthead or imprint."""

    name: str
    asks: re.Pattern[str]
    """What in a folded question asks for it: the everyday words and those of print."""
    finds: tuple[re.Pattern[str], ...]
    """How it is printed, in simplified characters, the likeliest way first; group `value` answers, `label` names it."""
    alone: bool = False
    """It is asked for without naming the paper: 今天几版."""
    lasting: bool = True
    """It holds for other days too, unlike the number of an issue."""


def _fact(name: str, asks: str, *finds: str, alone: bool = False, lasting: bool = True) -> ImprintFact:
    return ImprintFact(name, re.compile(asks), tuple(map(re.compile, finds)), alone, lasting)


_ISSUE_NUMBER = (rf"(?P<value>总第\s*{NUMERAL}\s*[期号])", rf"(?<![证字）)\]］])(?P<value>第\s*{NUMERAL}\s*[期号])")

IMPRINT_FACTS: tuple[ImprintFact, ...] = (
    _fact("total number", r"总第(?:几|多少)?[期号]?|总?期[号数]", *_ISSUE_NUMBER, alone=True, lasting=False),
    _fact(
        "telephone", r"(?:新闻|读者|服务|咨询|发行|广告|订报)*(?:热线|电话|投诉|联系方式|怎么联系|[爆报]料|号码)",
        rf"(?P<label>[\u4e00-\u9fff]{{0,20}}(?:热线|电话|投诉))\s*[:：]?\s*(?P<value>\d[\d\-— ]+\d|{NUMERAL}号)",
    ),
    _fact(
        "subscription", r"(?:订阅?|全年|一年|半年|每月|一?个月|包月|一?季度?)(?=.*(?:多少|几|钱|价|费))|[阅报]?费",
        rf"(?P<value>(?:[定订][阅价]\s*)?{_TERM}\s*{_MONEY}(?:[\s,，;；、]*{_TERM}\s*{_MONEY})*)",
    ),
    _fact(
        "price", r"多少钱|几[元块毛角分]钱?|零售价?|(?:售|定|报)价(?:格|钱)?|价[格钱]|什么价|卖多少|多少[元块毛角分]",
        rf"零售(?:价|每份)?\s*[:：]?\s*(?:每份)?\s*(?P<value>{_MONEY})",
        rf"(?:每份|定价|售价)(?:定价|售价)?\s*[:：]?\s*(?P<value>{_MONEY})", r"(?P<value>免费(?:赠阅|赠送|取阅)?)",
    ),
    _fact("number", r"第?(?:几|多少)[期号](?:报纸?)?", *_ISSUE_NUMBER, lasting=False),
    _fact(
        "pages", r"(?<!第)(?:几|多少)(?:个|大)?(?:版面?|张)|版面?数|出纸",
        rf"(?:今日|本期|共|[(（])\s*(?P<value>{NUMERAL}\s*版)", rf"出纸\s*(?P<value>{NUMERAL}大?张)",
        alone=True, lasting=False,
    ),
    _fact(
        "address", r"[社地]址|在?哪(?:条[街路]|里|儿|个地方)|在哪|什么地方|位于|位置|怎么走",
        r"[社地]址\s*[:：]\s*(?P<value>\S+)",
    ),
    _fact(
        "serial number", r"刊号|登记证|准印证|许可证", r"(?P<value>CN\s*\d{2}-\d{4}(?:/\w+)?)",
        r"(?P<value>\S{0,40}(?:登记证|准印证|许可证)\S{0,40}号)", alone=True,
    ),
    _fact("post office code", r"邮(?:发|政|局)代[号码]", r"邮发代号\s*[:：]?\s*(?P<value>\d[\d\-—]*\d)", alone=True),
    _fact(
        "editor", r"责任编辑|责编|编辑(?!部)", rf"(?:编辑|责编)\s*[:：]\s*(?P<value>{_NAME}(?:[\s、]+{_NAME})*)",
        alone=True, lasting=False,
    ),
    _fact(
        "sponsor", r"主[办管]|谁办|哪[个里家]?(?:单位|部门)?办|机关报|谁的报",
        r"(?P<value>[^\s:：]{1,40}?)(?:主管、?主办|主办、?主管|主办|主管|机关报)",
    ),
    _fact(
        "printer", r"(?:印刷|承印|印的|哪[个里家儿]?印)厂?",
        r"(?P<value>[^\s:：]{1,40}?)(?:承印|印刷)(?!\S)", r"(?:承印|印刷)\s*[:：]\s*(?P<value>\S+)",
    ),
    _fact(
        "days of print",
        r"(?:每?(?:星期|周|礼拜)几|(?:几天|多久)|哪几?天|什么时候)(?:出(?:版|报)?(?:一[期份张次回])?|一[期份张次回])",
        r"(?P<value>每?逢?每?(?:星期|周)\S{0,40}(?:出版|出报))",
    ),
    _fact("publisher", r"出版(?:社|公司|单位)?", r"(?P<value>[^\s:：]{0,40}(?:社|公司|集团|中心|馆|局))出版"),
    _fact("mail", r"邮箱|邮件|e-?mail|投稿", r"(?P<value>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
    _fact("web address", r"网[址站]|主页", r"(?P<value>https?://[^\s<>]+)", r"(?P<value>www\.[^\s<>]+)"),
)  # fmt: skip
"""In the order in which they are looked for in a question: the first that it asks for, and nothing else, is meant."""

# What names the paper or an issue of it.
_PAPER = re.compile(
    r"(?:日|晚|早|晨|时|周|商|新|都市|工人|矿工)报(?:社|纸)?|报[社纸头馆]|编辑部|[贵本]报社?|[你我咱][们家]?报社?"
    r"|[这那本当上][一张份期]{1,2}(?:报纸?)?|一[张份](?:报纸?)?|每[张份]|(?:新闻|读者|发行)(?=热线|投诉|电话)"
)
# What is left of a question that asks for nothing but the fact; days are taken out by the grammar of dates.
_BESIDE = re.compile(
    r"请问|我?想?知道|告诉|咱们|一共|总共|国内|统一|全国|单位|部门|哪[个家里儿些位]?|什么|多少|几个?|是谁|谁|怎么|名字?|叫|一下|报纸?"
    r"|[的了是在有个要给想向往到从由打拨发买订卖出共呢吗啊呀吧把去找以张份期钱价第总社号]"
)


_UNTELLING = frozenset("热线电话号码")  # what labels of telephones have in common


@lru_cache(256)
def asked_fact(question: str, papers: tuple[str, ...]) -> ImprintFact | None:
    """Return the fact that a question asks for and nothing beside; None for other questions.

    The names of the `papers` of the archive name the paper as 报社 does.
    """
    folded = fold(question)
    fact = next((fact for fact in IMPRINT_FACTS if fact.asks.search(folded)), None)
    if fact is None:
        return None
    named = False
    for paper in sorted(papers, key=len, reverse=True):
        named, folded = named or fold(paper) in folded, folded.replace(fold(paper), " ")
    rest = fact.asks.sub(" ", folded)
    for words in reversed(find_date_words(rest)):
        rest = f"{rest[: words.start]} {rest[words.end :]}"
    left = "".join(filter(str.isalnum, _BESIDE.sub("", _PAPER.sub(" ", rest))))
    named = named or _PAPER.search(folded) is not None
    return fact if not left and (named or fact.alone) else None


def named_papers(question: str, papers: Sequence[str]) -> list[str]:
    """Return the papers that a question names."""
    folded = fold(question)
    return [paper for paper in papers if fold(paper) in folded]


def find_fact(fact: ImprintFact, printed: str, question: str) -> Offsets | None:
    """Return where a masthead prints a fact, or None; of several the one whose label the question names (发行投诉)."""
    plain, asked = simplified_in_place(printed), frozenset(fold(question)) - _UNTELLING
    for pattern in fact.finds:
        found = list(pattern.finditer(plain))
        if found:
            best = max(found, key=lambda match: len(asked & frozenset(match.groupdict().get("label") or "")))
            return best.span("value")
    return None
