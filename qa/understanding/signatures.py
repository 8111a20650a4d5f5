"""What print tells by its place: who signed an article or a notice, on which day, and the post that leads a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.text.letters import simplified_in_place
from qa.understanding.analysis import analyse
from qa.understanding.entities import ORGANISATION_END, PLACE_END, TITLE, Offsets

# (记者 王苗 通讯员 祁长锁): a trade, then its names, which blanks part.
_WRITER = re.compile(
    r"(?P<trade>记者|通讯员)[\s:：]*(?P<names>[\u4e00-\u9fff·]{2,4}(?:[\s、,，]+(?!记者|通讯员|实习|文|图|摄)[\u4e00-\u9fff·]{2,4})*)"
)
_CREDIT = re.compile(
    r"[(（【][^()（）【】]{0,40}(?:记者|通讯员)[^()（）【】]{1,60}[)）】]"
    r"|(?m:^)(?:本报)?(?:记者|通讯员)[\s:：]*[\u4e00-\u9fff·\s]{2,40}(?m:$)"
)
_SIGNED_LINE = 30  # characters
_SHORTEST_POST, _LONGEST_POST = 2, 40
_CREDIT_REACH = 160  # characters from either end of an article


def find_signed_reporters(body: str, trade: str | None = None) -> Offsets | None:
    """Find the names of those who signed an article at its beginning or end, those of one trade (记者, 通讯员) if given."""
    plain = simplified_in_place(body)
    for match in _CREDIT.finditer(plain):
        if match.start() > _CREDIT_REACH and match.end() < len(plain) - _CREDIT_REACH:
            continue
        writers = list(_WRITER.finditer(plain, *match.span()))
        chosen = [one for one in writers if trade is None or one["trade"] == trade]
        if chosen:
            return chosen[0].span("names")
    return None


_SIGNED_LINES = 6  # at the end of an article, an editor's note behind the signature and all
_SIGNER = re.compile(r"[^。！？!?；;，,、:：○\n]{2,40}$")


def find_signature(body: str, dates: Sequence[Offsets], *, first: bool = False) -> tuple[Offsets | None, Offsets | None]:
    """Find who signed at the end of an article, and the day beside it, among the `dates` of the article; None for neither.

    The day closes its line; who signed stands before it, or on the lines above it. With `first`, the first of several
    signatures is meant: that of a letter, which an answer follows.
    """
    lines = [match.span() for match in re.finditer(r"[^\n]+", body)]
    places = range(len(lines)) if first else range(len(lines) - 1, max(len(lines) - 1 - _SIGNED_LINES, -1), -1)
    for place in places:
        start, end = lines[place]
        end = start + len(body[start:end].rstrip())
        closing = [span for span in dates if start <= span[0] and span[1] == end]
        if not closing:
            continue
        day = closing[0]
        signer = _SIGNER.search(body[start : day[0]].rstrip())
        if signer:
            return (start + signer.start() + len(signer[0]) - len(signer[0].lstrip()), start + signer.end()), day
        above = place
        while (
            above and len(body[slice(*lines[above - 1])]) <= _SIGNED_LINE and _SIGNER.fullmatch(body[slice(*lines[above - 1])])
        ):
            above -= 1
        if not body[start : day[0]].strip():
            return ((lines[above][0], lines[place - 1][1]) if above < place else None), day
    return None, None


# How offices end that TITLE, which leads a name, does not hold.
_OFFICE_END = re.compile(r"(?:[任记理授官事监总医]|代表|秘书|顾问|参谋|负责人|店主|业主|股东|司令)$")
_POST_TAGS = ("n", "b", "j", "l", "z", "vn", "m", "f", "s", "k", "a", "q", "i", "x", "eng")
_CLAUSE_MARK = re.compile(r"[，,。；;、！？!?:：“”‘’()（）\s]")
# What a name is said to hold: 现任车辆厂首席技师.
_HELD = re.compile(r"(?:，|,)?(?:男|女)?[^。；;\n]{0,6}?(?:现任|时任|担任|任|是|为|系|当上?了?)(?P<post>[^，,。；;、\n]{2,24})")


def find_post(body: str, name: str) -> Offsets | None:
    """Find what post a text gives a person: the nouns right before the name, else what the name is said to hold."""
    body = simplified_in_place(body)
    places = [match.span() for match in re.finditer(re.escape(name), body)]
    for place, _ in places:
        clause = _CLAUSE_MARK.split(body[max(place - _LONGEST_POST, 0) : place])[-1]
        clause = clause.removesuffix("的")  # 首席技师的柴小篱
        end = place - (body[place - 1] == "的")
        start = end - _post_length(clause) if _is_post(clause) else end
        if end - start >= _SHORTEST_POST:
            return start, end
    for _, end in places:
        held = _HELD.match(body, end)
        if held and _is_post(held["post"]):
            return held.span("post")
    return None


def _is_post(words: str) -> bool:
    return bool(TITLE.search(words) or _OFFICE_END.search(words))


def _post_length(clause: str) -> int:
    """Count the characters of the nouns that close a clause; a verb is among them behind an office only: 市法院执行局局长."""
    tokens = analyse(clause).tokens
    length = 0
    for place in range(len(tokens) - 1, -1, -1):
        word, tag, _ = tokens[place]
        before = tokens[place - 1][0] if place else ""
        within = tag == "v" and (before == "副" or ORGANISATION_END.search(before) or PLACE_END.search(before))
        # The last word is known to be a post, whatever its tag (处处长).
        if not (length == 0 or tag.startswith(_POST_TAGS) or within):
            break
        length += len(word)
    return length
