"""What the tests of the HTTP face share: an archive of three issues, a server of it, and the one body of every error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from embeddings.text.sentences import sentence_spans
from qa.http.app import create_app
from qa.reading.answer_types import best_span, shared_words
from qa.reading.reader import Reader, Reading, Span
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.question import Question
from tests.support.doubles import StubReader

RESERVOIR = (
    "本报讯（记者 闵小禾 邬桐）卧虹水库将于3月13日上午9时开闸放水，流量为每秒12立方米。"
    "水库管理处主任郗春生介绍，截至3月11日8时，水库蓄水量为3860万立方米。\n头一轮放水二十天，由各村管水员开关闸口。"
)
BRIDGE = "虹渡大桥连接墨池区与南渡区，总投资8.9亿元。𠮷祥路引桥😀昨日完工，全长1286米。"
ISSUES = (
    Issue(
        "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12),
        (
            Article(
                "卧虹水库明日开闸放水", RESERVOIR, kicker="一湖春水万家田", subtitle="——头一轮放水二十天", column="春耕",
                byline="记者 闵小禾 邬桐", source="《砚溪日报》", page="2", url="https://yanxi.example/reservoir",
            ),
            Article("虹渡大桥引桥完工", BRIDGE),
        ),
        issue_number=9316, pages=4, cn_number="CN00-0916", warnings=("masthead says 星期一",),
    ),
    Issue(
        "yxrb-2024-03-13", "砚溪日报", date(2024, 3, 13),
        (Article("春笋大量上市", "眼下每天上市春笋约86吨，其中七成来自白芷县。"),), issue_number=9317,
    ),
    Issue(
        "sywb-2024-03-13", "松烟晚报", date(2024, 3, 13),
        (Article("<b>茶</b> & <script>alert(1)</script>", "茶臼村春茶昨日开园，<i>首日</i>收购鲜叶1200斤。"),),
    ),
)  # fmt: skip
WHEN = "卧虹水库什么时候开闸放水？"
DESIGN_CITATION = {
    "id", "chunk_id", "article_id", "issue_id", "paper", "issue_date", "issue_number", "page", "title", "kicker", "byline",
    "source", "before", "quote", "after", "quote_start", "quote_end", "answer_start", "answer_end", "event_dates", "url",
    "gbt7714",
}  # fmt: skip


class WordReader(StubReader):
    """Reads by shared words alone, so that no tuned weight moves what is tested here."""

    name = "words"

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        found: dict[tuple[str, int], Span] = {}
        for ranked in passages:
            passage = ranked.passage
            for start, end in sentence_spans(passage.article.body, passage.start, passage.end):
                text = passage.article.body[start:end]
                shared = shared_words(question, text)
                if not shared:
                    continue
                span = best_span(text, question) or (0, len(text))
                found.setdefault(
                    (passage.article_id, start),
                    Span(passage, start + span[0], start + span[1], start, end, len(shared) / len(question.words)),
                )
        return Reading(tuple(sorted(found.values(), key=lambda span: -span.confidence)), tuple(passages))


def serve(archive: Archive, reader: Reader | None = None, **settings: Any) -> FlaskClient:
    chosen = Settings.load(archive=archive.folder, **settings)
    return create_app(archive, reader or WordReader(), chosen).test_client()


def ask(client: FlaskClient, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json
    return body


def assert_error(response: TestResponse, status: int, code: str, field: str | None = None) -> None:
    """Every error has the one body, a message to show, and nothing of the inside."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    assert list(response.json) == ["error"]
    error = response.json["error"]
    assert set(error) == {"code", "message", "field", "request_id"}
    assert error["request_id"] == response.headers["X-Request-ID"]
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"].strip()
    for inside in ("Traceback", ".py", "sqlite", str(Path.cwd())):
        assert inside not in response.text
