"""What an issue prints of itself: where its masthead ends and its imprint begins, and the lines that name a page's editors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.formats.blocks import Block
from embeddings.formats.masthead import NUMERAL
from embeddings.formats.page_marks import read_page_mark
from embeddings.formats.paper_names import read_paper_name
from embeddings.text.letters import simplified_in_place

# Looked for in simplified characters: 今日出紙一大張 and 零售每份二分 are of old papers.
_MARK = re.compile(
    rf"总第\s*{NUMERAL}\s*[期号]|国内统一(?:连续出版物号|刊号)|今日\s*{NUMERAL}\s*版|今日出纸|零售(?:每份|价)[:：\s]*{NUMERAL}"
)
# What may stand right behind the number of an issue; 第12号台风登陆 and 第3号告示 are headlines.
_BEHIND_NUMBER = r"(?![\u4e00-\u9fff])|(?=星期|今日|本[期日]|民国|公元|中华|农历|零售|[〇零一二三四五六七八九十])"
# Marks of a masthead only in a short line, for sentences may hold them too.
_SHORT_MARK = re.compile(
    rf"\bCN\s*\d{{2}}-\d{{4}}|\bISSN\b|本期\s*{NUMERAL}\s*版|邮发代号|^[^:：]{{0,6}}第\s*{NUMERAL}\s*[期号](?:{_BEHIND_NUMBER})|准印证|总期[号数]"
)
_SHORT = 60
# A line with one of these, or with a colon, belongs to the masthead: publisher, hotline, web address, weather, weekday.
_LINE = re.compile(
    rf"{_MARK.pattern}|{_SHORT_MARK.pattern}|[:：]|www\.|主管|主办|出版|报社|\d{{4}}\s*年|机关报|星期[一二三四五六日天]|农历|℃|最[高低]气?温|[偏转][东南西北]+风|创刊"
    r"|^[A-Z][A-Z\s]+$|ISSN|Vol\.|No\.\s*\d|[二一][〇零○一二三四五六七八九]{3}年|民国\S{1,4}年"
)
# What only an imprint says, at the end of an issue, and what may stand beside it.
_IMPRINT = re.compile(
    r"(?:责任|本版|值班)(?:编辑|责编)|^责编|编委|总编|本报?社?(?:地址|电话|热线)|社址|编辑部(?:电话|地址|热线|[:：])|新闻热线|国内统一|邮发代号|承印|印刷|零售|定价|订价|广告经营许可|发行(?:部|热线|电话|投诉)"
)
_IMPRINT_BESIDE = re.compile(
    r"^(?:地址|电话|传真|邮编|邮政编码|邮箱|网址|E-?mail|https?://|www\.|校对|版式|美编|组版|照排)", re.IGNORECASE
)
_EDITORS = re.compile(r"^(?:(?:责任|本版|值班|执行)(?:编辑|责编|主编)|责编|编辑)\s*[:：\s]\s*\S{2,}")
_SENTENCE = re.compile(r"[。！？!?；;]")
_IMPRINT_LINE = 120  # characters
_EDITORS_LINE = 60
_LOOKED = 30  # blocks, and lines
_OPENING = 40


def is_newspaper(text: str) -> bool:
    """Say whether a file opens with a newspaper's masthead."""
    opening = simplified_in_place("\n".join(text.split("\n", _OPENING)[:_OPENING]))
    return _MARK.search(opening) is not None or any(
        len(line) <= _SHORT and not _SENTENCE.search(line) and _SHORT_MARK.search(line) for line in opening.split("\n")
    )


def masthead_length(blocks: Sequence[Block]) -> int:
    """Count the blocks of the masthead: up to its last line before the first headline or sentence.

    The paper's name may be a heading. A line between the masthead and the first headline is that headline's kicker.
    """
    told = next((i for i, block in enumerate(blocks) if _SENTENCE.search(block.text) and not _is_line(block)), len(blocks))
    # Marks behind the first text are the imprint's.
    marks = [i for i, block in enumerate(blocks[: min(_LOOKED, told)]) if _has_mark(block)]
    length = start = marks[0] if marks else 0
    for index in range(start, len(blocks)):
        block = blocks[index]
        if _SENTENCE.search(block.text) and not _has_mark(block):
            break
        if block.level and not (read_paper_name(block.text) and index < told):
            break
        if block.level or _is_line(block) or read_page_mark(block.text) or (index == length and read_paper_name(block.text)):
            length = index + 1
    return length


def _has_mark(block: Block) -> bool:
    lines = simplified_in_place(block.text).split("\n")
    return any(_MARK.search(line) or (len(line) <= _SHORT and _SHORT_MARK.search(line)) for line in lines)


def _is_line(block: Block) -> bool:
    return not block.level and _LINE.search(simplified_in_place(block.text)) is not None


def imprint_length(blocks: Sequence[Block]) -> int:
    """Count the blocks at the end of an issue that are its imprint: 责任编辑:柴小篱 电话:5550120, 本报地址:书院路8号.

    An address or a telephone number alone closes a notice; it is of the imprint only beside a line that is.
    What alone stands under a headline is its article.
    """
    length = 0
    for count, block in enumerate(reversed(blocks), start=1):
        if block.level:
            return length - 1 if 0 < length == count - 1 else length
        lines = simplified_in_place(block.text).split("\n")
        if not all(len(line) <= _IMPRINT_LINE and _is_imprint(line) for line in lines):
            break
        if any(_IMPRINT.search(line) for line in lines):
            length = count
    return length


def _is_imprint(line: str) -> bool:
    return not _SENTENCE.search(line) and bool(_IMPRINT.search(line) or _IMPRINT_BESIDE.match(line))


def names_editors(line: str) -> bool:
    """Say whether a line within an issue names who edited the page: 本版责编 葛青 版式 小暑 校对 文竹."""
    if len(line) > _EDITORS_LINE:
        return False
    plain = simplified_in_place(line)
    return not re.search(r"[。！？，；]", plain) and _EDITORS.match(plain) is not None
