"""The lines over one article told apart: column, kicker, headline, subtitle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.formats.blocks import Block
from embeddings.text.letters import letters_and_digits, simplified_in_place
from embeddings.text.sentences import LONGEST, ends_a_sentence, sentence_spans

SUBTITLE = re.compile(r"^(?:—{1,2}|-{2}|──|―{1,2})")
"""A line that begins so stands under a headline, wherever OCR has put it."""
SIGNATURE = re.compile(
    r"(?:局|办公室|委员会|公司|中心|学校|小学|中学|医院|政府|编辑部|小组|支队|大队|指挥部|基金会|集团|厂|矿|处|科|站|所|院|社|馆|队|会|[谨敬]?[启叩]|谨白|敬启|[\d一二三四五六七八九十]日[晨早午晚]?|\d号)$"
)
"""How lines end that sign a notice. In simplified characters, as all patterns here."""
_MARKED_COLUMN = re.compile(
    r"^[【\[〔■◆★☆·•]\s*([^【】\[\]〔〕■◆★☆]{2,10}?)\s*[】\]〕■◆★☆·•]?$|^(?:栏目|专栏)\s*[:：]\s*(\S.{0,14})$"
)
_COLUMN = re.compile(r"^[\u3400-\u9fff\d·•.．“”]{2,6}$")
# Ends of headlines short enough to be taken for a column's name: 停水通知, 昨日本城市況; and of what no column is called.
_NOTICE = re.compile(
    r"(?:通告|公告|通知|启事|声明|布告|更正|说明|市况|行情|预告|简章|通报|讣告|日程|名单|时刻表?|须知|办法|价目|回音|开幕|闭幕|落幕|封顶|通车|投产|开工|竣工|合龙|建成|启动|揭晓|罢市|大捷)$"
)
_NAMED_COLUMN = re.compile(
    r"(?:来信|回音|之窗|速递|时评|短评|门诊|善举|直通车|进行时|专栏|论坛|热线|讨论|天地|园地|之花|内外|专题|聚焦|关注|追踪|连载|信箱|与答复|走笔|随笔|札记|见闻录|健康公告|服务台|公告栏|曝光台|大家谈|人物|故事|纪事|广角|视点|视线|快报|短波|集萃|茶座|漫笔)$|^(?:聚焦|关注|直击)"
)
_NO_COLUMN = re.compile(r"[的了着过吗呢谁]|^(?:我|全)[市县省区国]|[一二三四五六七八九十百千万\d]+[人元个吨亩公里]")
# Figures of a whole, as a subtitle gives them under a headline, and no headline begins.
_FIGURES = re.compile(r"^(?:全[市县省区州镇乡][^\s\d]{0,6}\d|同比|环比|恢复到|其中)")
_HEADLINE = 10  # characters; a larger heading that may be a column's name is one over a headline longer than this
_NAMED = 8  # characters of a column's name that ends as such names do
_BLANK = re.compile(r"[\s，,：:！？!?]")
_LEAD = 2  # sentences that tell again what the headline says
_SHORTEST = 3  # characters that headline and lead have in common by more than chance


@dataclass(frozen=True, slots=True)
class Headlines:
    """What stands over an article."""

    title: str
    kicker: str | None
    subtitle: str | None
    column: str | None


def read_headlines(headings: Sequence[Block], body: str) -> Headlines:
    """Tell the lines over an article apart; what its first sentences say again is the headline among lines of one size."""
    plain = [block for block in headings if not SUBTITLE.match(block.text)] or list(headings)
    real = [block for block in plain if block.level] or plain
    named = {block.line: block for block in _columns(plain, real)}  # a line holds one block
    candidates = [block for block in real if block.line not in named] or real
    top = min(block.level for block in candidates)
    chosen = _likeliest([block for block in candidates if block.level == top], body)
    named.pop(chosen.line, None)
    before = [block for block in plain if block.line < chosen.line and block.line not in named]
    told = {chosen.line, *named, *(block.line for block in before)}
    after = [block for block in headings if block.line not in told]
    return Headlines(
        title=chosen.text,
        kicker=_joined(before),
        subtitle=_joined(after),
        column=" ".join(column_name(block.text) or block.text for block in named.values()) or None,
    )


def _columns(plain: Sequence[Block], real: Sequence[Block]) -> list[Block]:
    """Return the lines that name a column, which stand above another line that may be the headline."""
    last = max(real, key=lambda block: block.line)
    return [
        block
        for block in plain
        if block.line < last.line
        and column_name(block.text)
        and not (0 < block.level < last.level and len(last.text) <= _HEADLINE)
    ]


def column_name(line: str) -> str | None:
    """Return the column that a line names (【校园之窗】, 读者来信), or None for one that tells something."""
    plain = simplified_in_place(line).strip()
    if match := _MARKED_COLUMN.match(plain):
        at = 1 if match[1] else 2
        return line.strip()[slice(*match.span(at))]
    if len(plain) <= _NAMED and _NAMED_COLUMN.search(plain) and not _BLANK.search(plain):
        return line.strip()
    if not _COLUMN.match(plain) or _NOTICE.search(plain):
        return None
    return line.strip() if not (_NO_COLUMN.search(plain) or SIGNATURE.search(plain)) else None


def _likeliest(candidates: Sequence[Block], body: str) -> Block:
    """Choose among headings of one size that stand over each other: the last, unless another says what the text opens with."""
    notice = next((block for block in candidates if _NOTICE.search(simplified_in_place(block.text)) and _short(block)), None)
    if notice is not None:
        return notice
    candidates = [
        block for block in candidates if block is candidates[0] or not _FIGURES.search(simplified_in_place(block.text))
    ]
    spans = sentence_spans(body, 0, min(len(body), _LEAD * LONGEST))[:_LEAD]
    lead = letters_and_digits(body[spans[0][0] : spans[-1][1]]) if spans else ""
    scores = [_in_common(letters_and_digits(block.text), lead) for block in candidates]
    best = max(scores)
    return candidates[-1] if best < _SHORTEST or scores[-1] == best else candidates[scores.index(best)]


def _short(block: Block) -> bool:
    return len(block.text) <= 6


def _in_common(heading: str, lead: str) -> int:
    """Return the length of the longest run of characters that a heading and the first sentences share."""
    longest = 0
    for start in range(len(heading)):
        while start + longest < len(heading) and heading[start : start + longest + 1] in lead:
            longest += 1
    return longest


def _joined(blocks: Sequence[Block]) -> str | None:
    return " ".join(block.text for block in blocks) or None


def is_kicker(line: str) -> bool:
    """Say whether a line without a heading's mark may announce the headline under it."""
    plain = simplified_in_place(line)
    return _MARKED_COLUMN.match(plain) is not None or not (
        SUBTITLE.match(line)
        or SIGNATURE.search(plain)
        or ends_a_sentence(line)
        or re.match(r"^[(（□■◎]|^(?:本报|通讯员|记者|文/|图/|文图|摄影|据|转自|编辑|责编|来源|附[:：]|注[:：])", plain)
        or re.match(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（]?[一二三四五六七八九十\d]{1,2}[)）.．、]|【)", plain)
        or re.search(r"[:：,，、○]$|电话|地址", plain)
    )
