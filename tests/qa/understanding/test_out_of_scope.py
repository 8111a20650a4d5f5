"""Who greets, thanks, jests or types at random is met without a search; who asks about the news never is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.ingest.sync import sync
from embeddings.messages import MESSAGES
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.http.routes.pages import WEB
from qa.pipeline import ask
from qa.reading.reader import Reading
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.out_of_scope import Notice, detect_out_of_scope
from qa.understanding.query_rewriting import Turn
from qa.understanding.question import Question
from tests.support.doubles import StubReader
from tests.support.paths import ROOT

MET = {
    Notice.GREETING: ("你好", "您好！", "你好啊，问报", "早上好", "在吗？", "Hello!", "晚安", "您好您好"),
    Notice.THANKS: ("谢谢", "好的，谢谢你", "太感谢了！", "知道了", "辛苦了", "Thanks"),
    Notice.ABOUT: (
        "你是谁？",
        "你会什么？",
        "问报是什么",
        "你能做什么？",
        "怎么用？",
        "你是机器人吗",
        "你是谁开发的",
        "您是哪家公司做的？",
        "问报是谁开发的",
        "你的开发者是谁",
        "你是什么模型",
        "你用的是什么大模型？",
        "你是ChatGPT吗",
        "你能干嘛",
        "你会啥",
        "你的资料从哪里来的",
    ),
    Notice.NO_QUESTION: ("？？？", "。", "😀😀", "asdfgh", "qwerty", "asdasd", "12345", "哈哈哈哈", "aaaa", "……！"),
    Notice.NOT_FOR_AN_ARCHIVE: (
        "写首诗",
        "请帮我写一首关于春天的诗吧",
        "讲个笑话",
        "讲个故事给我听",
        "帮我写作业",
        "帮我写一篇关于环保的作文",
        "翻译成英文：大桥通车",
        "请翻译这句话",
        "1+1等于几",
        "3*5=?",
        "三加五等于几？",
        "现在几点了",
        "今天星期几",
        "陪我聊聊天",
    ),
    Notice.ABUSE: ("傻逼", "你真是个笨蛋", "你太垃圾了", "去死吧", "真笨", "什么傻逼网站"),
}
ASKED = (
    "这个软件是谁开发的？",
    "观澜台是谁开发的",
    "问报亭是谁开的？",
    "什么模型拿了第一？",
    "你们村的桥是谁修的？",
    "谁写了诗《春江砚影》？",
    "笨蛋餐厅在哪里开业？",
    "119接到多少报警？",
    "翻译大赛谁获奖？",
    "垃圾分类从哪天开始？",
    "垃圾",
    "写信的人是谁？",
    "谢谢你的信是谁写的？",
    "《你好，砚溪》什么时候上映？",
    "CCTV",
    "C919",
    "5G",
    "2024-03-12",
    "2024年3月12日",
    "12345热线接到多少来电？",
    "画一幅画卖了多少钱？",
    "讲一个故事的老人叫什么？",
    "写一首诗要多少钱？",
    "作报告的是谁？",
    "唱首歌的是谁",
    "1+1工程等于几个项目？",
    "3+2",
    "再见砚溪",
    "好人榜",
    "早餐店",
    "傻瓜相机展在哪里？",
    "where is the bridge",
    "翻译",
    "《论语》翻译成了多少种文字？",
    "有人吗啡中毒吗？",
    "你好咖啡馆在哪里？",
    "大桥怎么用了九年？",
    "今天几点开闸？",
)


def questions() -> list[str]:
    """Return every question of the benchmarks and the examples, those of earlier turns too."""
    found: dict[str, None] = {}
    for path in (*sorted((ROOT / "benchmarks" / "questions").glob("*.jsonl")), ROOT / "examples" / "questions.jsonl"):
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            found |= dict.fromkeys([line["question"], *(turn["question"] for turn in line.get("history", ()))])
    return list(found)


QUESTIONS = questions()


@pytest.mark.parametrize(("notice", "text"), [(notice, text) for notice, texts in MET.items() for text in texts])
def test_what_is_no_question_is_met(notice: Notice, text: str) -> None:
    assert detect_out_of_scope(text) is notice


@pytest.mark.parametrize("text", ASKED)
def test_a_question_with_such_words_in_it_goes_to_the_archive(text: str) -> None:
    assert detect_out_of_scope(text) is None


def test_no_real_question_is_turned_away() -> None:
    assert len(QUESTIONS) > 400
    assert [text for text in QUESTIONS if detect_out_of_scope(text)] == []


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.sampled_from(QUESTIONS),
    st.sampled_from(["", "你好，", "请问", "您好！", "麻烦", "谢谢，"]),
    st.sampled_from(["", "？？", "谢谢！", "😀", "！"]),
)
def test_a_question_in_polite_words_stays_a_question(question: str, before: str, after: str) -> None:
    assert detect_out_of_scope(before + question + after) is None


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(alphabet="你好的谢是真太一个傻逼写首诗加二等于几请帮我哈a1+，？", max_size=500))
def test_any_input_is_weighed(text: str) -> None:
    assert detect_out_of_scope(text) in (None, *Notice)


@pytest.mark.parametrize("text", ["2023", "怎么用？", "有什么可以问"])
def test_what_may_go_on_from_an_earlier_question_does(text: str) -> None:
    assert detect_out_of_scope(text, first=False) is None


class NoReader(StubReader):
    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        raise AssertionError(f"{question.text} was read")


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("a.md", "2024-03-12", "水库\n\n卧虹水库开闸放水。")])
    return opened


@pytest.fixture
def client(archive: Archive) -> Iterator[FlaskClient]:
    with create_app(archive, NoReader(), Settings.load(archive=archive.folder)).test_client() as client:
        yield client


@pytest.fixture
def _unsearched(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def searched(*given: object) -> None:
        raise AssertionError(f"searched: {given}")

    monkeypatch.setattr(archive, "search", searched)
    monkeypatch.setattr(archive, "nearness", searched)


@pytest.mark.usefixtures("_unsearched")
def test_a_greeting_is_met_without_a_search(client: FlaskClient) -> None:
    reply = client.post("/api/ask", json={"question": "你好！"}).json
    assert (reply["answered"], reply["answer"], reply["notice"]) == (False, None, "greeting")
    assert (reply["answers"], reply["citations"], reply["searched"]["issues"]) == ([], [], 0)


@pytest.mark.usefixtures("_unsearched")
def test_the_stream_tells_the_same(client: FlaskClient) -> None:
    body = {"question": "讲个笑话", "history": [{"question": "水库放水了吗？"}]}
    events = dict(re.findall(r"^event: (\w+)\ndata: (.+)$", client.post("/api/ask/stream", json=body).text, re.MULTILINE))
    assert list(events) == ["understood", "answer", "done"]
    streamed, whole = json.loads(events["answer"]), client.post("/api/ask", json=body).json
    assert streamed.pop("took_ms").keys() == whole.pop("took_ms").keys()
    assert streamed == whole
    assert streamed["notice"] == "not_for_an_archive"


def test_thanks_between_two_questions_do_not_break_their_thread(archive: Archive) -> None:
    class Silent(StubReader):
        def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
            return Reading((), ())

    history = [Turn("卧虹水库2023年放水多少？", None), Turn("谢谢", None)]
    assert (
        ask(archive, Silent(), "那2024年呢？", history=history, min_confidence=0.5).understood_as == "卧虹水库2024年放水多少？"
    )


def test_a_question_that_is_searched_has_no_notice(archive: Archive) -> None:
    with pytest.raises(AssertionError, match="水库放水了吗"):
        ask(archive, NoReader(), "水库放水了吗？", min_confidence=0.5)


def test_the_page_says_what_the_command_line_says() -> None:
    texts = [(WEB / "js" / "strings" / f"{language}.js").read_text(encoding="utf-8") for language in ("zh", "en")]
    for notice in Notice:
        name = "".join(part.title() for part in notice.value.split("_"))
        told = [MESSAGES.message(f"notice_{notice}").told(language) for language in ("zh", "en")]
        assert [re.findall(rf'\bnotice{name}:\s*"([^"]*)"', text) for text in texts] == [[one] for one in told]
