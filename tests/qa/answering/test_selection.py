"""What is shown beside an answer."""

from __future__ import annotations

from datetime import date

from embeddings.records import Article, Passage
from qa.answering.selection import ALTERNATIVE, ALTERNATIVES, alternatives_to
from qa.reading.reader import Span, printed_span

BODY = "卧虹水库将提起两孔闸门。闸门明日上午九时开启。九时前沿岸居民须撤离。下游渡口停航三日。桥面限速四十。"
PASSAGE = Passage(
    "yxrb-2024-03-12-01-1", "yxrb-2024-03-12-01", "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), 9316,
    Article(title="卧虹水库放水", body=BODY), 0, len(BODY),
)  # fmt: skip


def span(text: str, confidence: float) -> Span:
    start = BODY.index(text)
    return printed_span(PASSAGE, (start, start + len(text)), confidence)


def test_what_else_was_read_stands_beside_the_answer_once_each() -> None:
    shown = [span("明日上午九时", 0.8)]
    spans = [*shown, span("九时", 0.7), span("两孔", 0.4), span("三日", 0.3), span("三日", 0.2), span("四十", ALTERNATIVE / 2)]
    found = alternatives_to(shown, spans)
    assert [other.finding.text for other in found] == ["两孔", "三日"]
    assert [other.citation.id for other in found] == [1, 2]
    assert [other.citation.quote for other in found] == ["卧虹水库将提起两孔闸门。", "下游渡口停航三日。"]


def test_beside_no_answer_nothing_is_offered_and_never_more_than_a_few() -> None:
    spans = [span(text, 0.5) for text in ("两孔", "九时", "三日", "四十", "闸门")]
    assert alternatives_to([], spans) == ()
    assert len(alternatives_to(spans[:1], spans)) == ALTERNATIVES
