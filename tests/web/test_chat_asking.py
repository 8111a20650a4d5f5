"""Asking in the chat: the box, the steps of an answer, stopping, failing, chips, filters, completions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.reader import Reading
from qa.retrieval.hybrid_search import RankedPassage
from qa.settings import Settings
from qa.understanding.question import Question
from tests.support.browsing import CANNED, STREAM, UNDERSTOOD, ask, send, stream_of
from tests.support.doubles import StubReader
from tests.support.paths import EXAMPLES
from tests.support.served import LIMIT_SECONDS, running

pytestmark = pytest.mark.slow

RESERVOIR = "3月17日早上卧虹水库还有多少水?"


class StalledReader(StubReader):
    """Reads nothing before it may."""

    def __init__(self) -> None:
        self.may = threading.Event()

    def read(self, question: Question, passages: Sequence[RankedPassage]) -> Reading:
        assert self.may.wait(LIMIT_SECONDS)
        return Reading((), tuple(passages))


@pytest.fixture
def reader() -> Iterator[StalledReader]:
    stalled = StalledReader()
    yield stalled
    stalled.may.set()


@pytest.fixture
def stalled_server(example_archive: Archive, reader: StalledReader) -> Iterator[str]:
    """A real server whose reader waits."""
    settings = Settings.load(archive=example_archive.folder, examples=EXAMPLES / "questions.jsonl")
    with running(create_app(example_archive, reader, settings), settings) as base:
        yield base
        reader.may.set()


def asked(page: Page, act: Callable[[], None]) -> dict[str, Any]:
    """Return what is sent to the server by this act."""
    with page.expect_request(STREAM) as sent:
        act()
    request: Request = sent.value
    body: dict[str, Any] = request.post_data_json
    return body


# The box


@pytest.mark.parametrize("signal", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_during_composition_does_not_send(page: Page, signal: dict[str, Any]) -> None:
    box = page.locator("#question")
    box.fill("shuwu")
    enter = {"key": "Enter", "bubbles": True, "cancelable": True}
    box.dispatch_event("keydown", enter | signal)
    expect(box).to_have_value("shuwu")
    expect(page.locator(".turn")).to_have_count(0)

    page.route(STREAM, stream_of(CANNED))
    box.dispatch_event("keydown", enter)
    expect(page.locator(".turn")).to_have_count(1)


def test_an_input_method_composes_its_words_into_the_box(page: Page) -> None:
    page.locator("#question").focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "shui ku", "selectionStart": 7, "selectionEnd": 7})
    session.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    )
    expect(page.locator(".turn")).to_have_count(0)
    session.send("Input.insertText", {"text": "水库"})
    expect(page.locator("#question")).to_have_value("水库")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .question")).to_have_text("水库")


def test_shift_enter_makes_a_new_line(page: Page) -> None:
    box = page.locator("#question")
    box.fill("第一行")
    before = box.bounding_box()
    box.press("End")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    expect(box).to_have_value("第一行\n第二行")
    expect(page.locator(".turn")).to_have_count(0)
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]


# The steps of an answer


def test_what_is_read_shows_before_the_answer_and_can_be_stopped(
    open_page: Callable[..., Page], stalled_server: str, reader: StalledReader
) -> None:
    page = open_page(stalled_server)
    turn = send(page, RESERVOIR)
    expect(turn.locator(".fact")).to_contain_text("3月17日")
    expect(turn.locator(".busy")).to_contain_text("正在读")
    expect(turn.locator(".being-read li")).not_to_have_count(0)
    expect(page.locator("#live")).to_have_text("正在查找。")  # and nothing of what is only being read
    assert not reader.may.is_set()

    page.get_by_role("button", name="停止").click()
    expect(turn).to_contain_text("已停止查找。")
    expect(turn.locator(".being-read")).to_have_count(0)
    expect(page.get_by_role("button", name="提问")).to_be_visible()

    reader.may.set()
    turn.get_by_role("button", name="再试一次").click()
    expect(turn.locator(".answer")).to_have_text("所查报纸中没有找到答案。")


def test_a_question_left_running_is_stopped_after_a_reload(open_page: Callable[..., Page], stalled_server: str) -> None:
    page = open_page(stalled_server)
    expect(send(page, RESERVOIR).locator(".being-read")).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_contain_text("已停止查找。")


def test_a_stream_that_breaks_off_is_a_failure(page: Page) -> None:
    half = 'event: understood\ndata: {"question": "水"}\n\nevent: answer\ndata: {"ques'
    page.route(STREAM, lambda route: route.fulfill(body=half, content_type="text/event-stream"))
    turn = ask(page, "水库？")
    expect(turn.locator(".failure")).to_contain_text("连不上服务")


def test_an_error_within_the_stream_is_shown(page: Page) -> None:
    error = 'event: error\ndata: {"error": {"code": "internal", "message": "服务器出错了。", "field": null}}\n\n'
    page.route(STREAM, lambda route: route.fulfill(body=error, content_type="text/event-stream"))
    expect(ask(page, "水库？").locator(".failure")).to_have_text("服务器出错了。")


def test_errors_are_asked_for_in_the_language_of_the_page(page: Page) -> None:
    languages = []

    def refuse(route: Route) -> None:
        languages.append(route.request.all_headers()["accept-language"])
        route.fulfill(status=422, json={"error": {"code": "some_code", "message": "x", "field": None}})

    page.route(STREAM, refuse)
    ask(page, "水库？")
    page.locator("#language").click()
    ask(page, "大桥？")
    assert languages == ["zh-CN", "en"]


# Failing and coming back


@pytest.mark.parametrize(
    ("status", "message"),
    [(429, "问得太频繁了。"), (503, "档案正在载入。"), (422, "问题太长。")],
)
def test_a_server_error_can_be_retried(page: Page, question: str, status: int, message: str) -> None:
    error = {"error": {"code": "some_code", "message": message, "field": None}}
    page.route(STREAM, lambda route: route.fulfill(status=status, json=error))
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_have_text(message)
    expect(page.locator("#live")).to_have_text(message)
    expect(turn.get_by_role("button", name="修改问题")).to_have_count(int(status == 422))

    page.unroute(STREAM)
    turn.get_by_role("button", name="再试一次").click()
    expect(turn.locator(".words").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_server_that_is_down_is_asked_again_when_it_is_back(page: Page, question: str) -> None:
    page.route("**/api/**", lambda route: route.abort())
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_contain_text("连不上服务")
    page.unroute("**/api/**")
    expect(turn.locator(".words").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_network_that_comes_back_answers_without_waiting(page: Page, question: str) -> None:
    page.clock.install()  # no timer runs: only the browser's own word that it is online again
    page.context.set_offline(True)
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_contain_text("连不上服务")
    page.context.set_offline(False)
    expect(turn.locator(".words").first).to_be_visible()


# What was understood, and what is searched


def test_a_day_taken_away_is_asked_without(page: Page) -> None:
    turn = ask(page, RESERVOIR)
    expect(turn.locator(".fact")).to_contain_text(["3月17日"])
    body = asked(page, turn.get_by_role("button", name="去掉“3月17日”再问").click)
    assert body["question"] == "早上卧虹水库还有多少水?"
    assert body["history"] == []
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last.locator(".fact")).to_have_count(0)


def test_a_day_changed_is_asked_again(page: Page) -> None:
    turn = ask(page, RESERVOIR)
    turn.locator(".fact .change").click()
    box = turn.locator(".fact input")
    expect(box).to_have_value("3月17日")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(turn.locator(".fact .change")).to_be_focused()
    turn.locator(".fact .change").click()
    box.fill("3月11日")
    body = asked(page, lambda: box.press("Enter"))
    assert body["question"] == "3月11日早上卧虹水库还有多少水?"
    expect(page.locator(".turn")).to_have_count(2)


def test_a_completed_question_is_shown_and_can_be_asked_as_it_was_typed(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    ask(page, "书屋是什么？")
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".fact")).to_contain_text([CANNED["understood_as"]])
    body = asked(page, turn.locator(".fact .remove").click)
    assert (body["question"], body["history"]) == (CANNED["question"], [])


def test_filters_narrow_what_is_asked_and_come_off_by_their_chips(page: Page, question: str) -> None:
    page.get_by_role("button", name="范围").click()
    expect(page.locator("#filter-from")).to_be_focused()
    page.locator("#filter-from").fill("2024-03-13")
    page.locator("#filter-to").fill("2024-03-14")
    page.locator("#filter-paper").select_option("砚溪日报")
    page.get_by_role("button", name="好").click()
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#filters-chosen li")).to_have_count(2)

    body = asked(page, lambda: ask(page, question) and None)
    assert body["filters"] == {"from": "2024-03-13", "to": "2024-03-14", "paper": "砚溪日报"}
    turn = page.locator(".turn").last
    expect(turn.locator(".searched")).to_contain_text("2 期")

    body = asked(page, turn.get_by_role("button", name="去掉“2024年3月13日至2024年3月14日”再问").click)
    assert body["filters"] == {"paper": "砚溪日报"}
    expect(page.locator("#filters-chosen li")).to_have_count(1)
    expect(page.locator(".turn").last.locator(".searched")).to_contain_text("4 期")


def test_days_in_the_wrong_order_are_not_taken(page: Page) -> None:
    page.get_by_role("button", name="范围").click()
    page.locator("#filter-to").fill("2024-03-13")
    page.locator("#filter-from").fill("2024-03-14")
    expect(page.locator("#filter-problem")).to_have_text("开始的日子在结束之后。")
    expect(page.locator("#filters-chosen")).to_contain_text("到2024年3月13日为止")


def test_a_link_may_name_days_and_a_question(open_page: Callable[..., Page], live_server: str, question: str) -> None:
    page = open_page(live_server, "/?from=2024-03-13&to=2024-03-13")
    expect(page.locator("#filters-chosen")).to_contain_text("2024年3月13日")
    page = open_page(live_server, f"/?q={question}")
    expect(page.locator(".turn .words").first).to_be_visible()


# Completions


def test_a_completion_is_chosen_by_the_arrow_keys_alone(page: Page) -> None:
    box = page.locator("#question")
    box.press_sequentially("虹渡")
    entries = page.get_by_role("option")
    expect(entries).to_have_count(2)
    expect(page.locator("#live")).to_contain_text("有 2 条提示")
    box.press("ArrowDown")
    expect(entries.first).to_have_attribute("aria-selected", "true")
    first = entries.first.get_attribute("id")
    assert first
    expect(box).to_have_attribute("aria-activedescendant", first)
    headline = entries.first.locator("span").inner_text()
    box.press("Enter")
    expect(box).to_have_value(headline)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#suggestions")).to_be_hidden()


def test_completions_never_take_enter_by_themselves(page: Page) -> None:
    box = page.locator("#question")
    box.press_sequentially("虹渡")
    expect(page.get_by_role("option")).to_have_count(2)
    box.press("Enter")
    expect(page.locator(".turn .question")).to_have_text("虹渡")
    expect(page.locator("#suggestions")).to_be_hidden()


def test_escape_takes_the_completions_away(page: Page) -> None:
    box = page.locator("#question")
    box.press_sequentially("虹渡")
    expect(page.get_by_role("option")).to_have_count(2)
    box.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(box).to_have_value("虹渡")


def test_quick_typing_asks_for_completions_once(page: Page) -> None:
    queries: list[str] = []
    page.on("request", lambda request: queries.append(request.url) if "/api/suggest" in request.url else None)
    page.locator("#question").press_sequentially("虹渡大桥", delay=10)
    expect(page.get_by_role("option")).to_have_count(2)
    assert len(queries) == 1


def test_chips_are_only_what_the_server_understood(page: Page) -> None:
    as_asked = {"understood_as": CANNED["question"]}
    page.route(STREAM, stream_of({**CANNED, **as_asked}, {**UNDERSTOOD, **as_asked}))
    expect(ask(page, CANNED["question"]).locator(".facts")).to_have_count(0)
