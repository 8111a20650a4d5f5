"""The reader that comes with the package, on the encoder that comes with it: known answers to known questions."""

from __future__ import annotations

import hashlib
import json
import tomllib

import pytest

from embeddings.models.encoder import SentenceEncoder
from qa.reading.adapter import SHIPPED, WEIGHTS_FILE, read_facts
from qa.reading.reader import Reader, Reading, Span
from qa.reading.span_reader import WINDOW_TOKENS, SpanReader
from qa.understanding.question import understand
from tests.support.doubles import ranked
from tests.support.paths import ROOT

BRIDGE = (
    "本报讯（记者 柳宣）砚溪大桥昨日上午正式通车。大桥全长3860米，总投资21.5亿元，由砚溪市交通集团承建。"
    "市长沈砚在通车仪式上说，大桥把东河村到市区的车程从四十分钟缩短到十分钟。由于连日大雨，仪式比原定推迟了两天。"
)
FAIR = "第六届墨池书市将于5月18日在松烟广场开幕，为期九天，共有一百二十家出版社参展。书市期间，凭学生证购书可享八折。"


@pytest.fixture(scope="module")
def reader(shipped_reader: Reader) -> SpanReader:
    assert isinstance(shipped_reader, SpanReader)
    return shipped_reader


def read(reader: SpanReader, question: str, *bodies: str) -> Span:
    return reading(reader, question, *bodies).spans[0]


def reading(reader: SpanReader, question: str, *bodies: str) -> Reading:
    passages = [ranked(body, number, score=-number) for number, body in enumerate(bodies, start=1)]
    return reader.read(understand(question), passages)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("砚溪大桥有多长？", "3860米"),
        ("谁承建了砚溪大桥？", "砚溪市交通集团"),
        ("砚溪市市长是谁？", "沈砚"),
        ("砚溪大桥总投资是多少？", "21.5亿元"),
        ("墨池书市在哪里举办？", "松烟广场"),
        ("有多少家出版社参加墨池书市？", "一百二十家"),
    ],
)
def test_known_questions_have_known_answers(reader: SpanReader, question: str, answer: str) -> None:
    found = read(reader, question, FAIR, BRIDGE)
    assert found.text == answer
    assert answer in found.quote


def test_a_reason_is_what_explains(reader: SpanReader) -> None:
    assert read(reader, "通车仪式为什么推迟？", BRIDGE).text == "由于连日大雨"


def test_an_answer_behind_the_first_window_is_found(reader: SpanReader) -> None:
    body = "市民代表参观了展馆，听取了介绍，并就绿化、停车、供水等问题提了建议。" * 20 + BRIDGE
    assert len(reader.windower.tokens(body)) > WINDOW_TOKENS
    assert read(reader, "砚溪大桥有多长？", body).text == "3860米"


def test_what_a_passage_does_not_say_is_less_likely(reader: SpanReader) -> None:
    told = read(reader, "砚溪大桥总投资是多少？", BRIDGE)
    for question in ("砚溪大桥有几座桥塔？", "墨池书市总投资是多少？", "谁获得了本届砚溪马拉松冠军？"):
        assert reading(reader, question, BRIDGE).likeliest < 0.5 * told.confidence


def test_the_shipped_file_is_the_one_its_facts_name(encoder: SentenceEncoder) -> None:
    facts = read_facts(SHIPPED)
    assert facts is not None
    assert facts.base == encoder.name
    assert "stop.log_odds" in facts.calibration
    data = (SHIPPED / WEIGHTS_FILE).read_bytes()
    assert hashlib.sha256(data).hexdigest() == facts.sha256
    assert len(data) < 16 * 2**20


def test_the_card_names_the_sets_and_their_licences() -> None:
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    facts = json.loads((SHIPPED / "adapter.json").read_text(encoding="utf-8"))
    assert facts["sha256"] in card
    for name in ("CMRC 2018", "DRCD", "CC BY-SA 4.0", "CC BY-SA 3.0", "multilingual-e5-small"):
        assert name in card


def test_the_package_takes_the_adapter_along() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "adapter/*" in project["tool"]["setuptools"]["package-data"]["qa"]
