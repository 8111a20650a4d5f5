"""What is asked: the kind of answer expected, and the words that carry the subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from embeddings.words import fold, search_words


class Kind(StrEnum):
    """The kind of answer that a question expects."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    OTHER = "other"


# The first pattern that fits decides; those that name the kind stand before the open ones.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.REASON, r"为什么|为何|为啥|什么原因|原因是|怎么会|何以"),
        (Kind.DATE, r"什么时候|何时|哪一?[天年日月]|几[月号日]|几点|什么时间|哪个(?:月|年份|日子)|多会儿|什么日[期子]"),
        (Kind.NUMBER, r"多少|几[^乎何经]|第几|多[长高大重远宽深久快]|百分之几|占比|总[额量数](?:是|为)|是多少"),
        (Kind.PERSON, r"谁|哪位|哪个人|何人|哪[一两几]?[位名]|叫什么名字|姓什么|什么人"),
        (
            Kind.ORGANISATION,
            r"哪[一个些几]?[家所支]|什么(?:单位|公司|部门|机构|组织)"
            r"|哪[个些一]?(?:单位|公司|企业|部门|机构|大学|学校|医院|球?队|组织|局|银行)",
        ),
        (Kind.PLACE, r"哪里|哪儿|何处|在哪|什么地[方点]|哪[个些一]?(?:地方|城市|国家|省份?|县|区|市|村|镇|国|州|港口?|机场)"),
    )
)  # fmt: skip
# What is counted stands behind 多少 or 几: 多少户企业 asks for 户.
_UNIT = re.compile(r"(?:多少|几)\s*(?:万|亿|个百分)?(?P<unit>[^\W\d_]{1,4})")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood."""

    text: str
    kind: Kind
    words: tuple[str, ...]
    """The search words that carry the subject, in order, each once."""
    unit: str | None = None
    """What is counted, for a question of the kind NUMBER."""


def understand(text: str) -> Question:
    """Understand one question that stands alone."""
    text = text.strip()
    folded = fold(text)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(folded)), Kind.OTHER)
    unit = _UNIT.search(folded) if kind is Kind.NUMBER else None
    return Question(text, kind, tuple(dict.fromkeys(search_words(text))), unit["unit"] if unit else None)
