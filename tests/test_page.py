"""The chat page in a real browser, against the real server."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

try:
    from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("playwright is not installed", allow_module_level=True)

UNANSWERABLE = "今天纳斯达克指数收在多少点？"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000  # the first answer may wait for a model to load

MARKUP = "<b>开馆</b><img src=x onerror=alert(1)>"
CANNED: dict[str, Any] = {
    "question": "书屋何时开放？",
    "understood_as": "渡口镇书屋何时开放？",
    "answered": True,
    "confidence": 0.6,
    "answer": "5月1日",
    "answers": [
        {"text": "5月1日", "confidence": 0.6, "citation": 1},
        {"text": "5月3日", "confidence": 0.3, "citation": 2},
    ],
    "citations": [
        {
            "id": number,
            "chunk_id": f"dkb-2022-04-2{number}-01-01",
            "article_id": f"dkb-2022-04-2{number}-01",
            "issue_id": f"dkb-2022-04-2{number}",
            "paper": "渡口报",
            "issue_date": f"2022-04-2{number}",
            "issue_number": None,
            "page": None,
            "title": MARKUP,
            "kicker": None,
            "byline": None,
            "source": None,
            "before": "",
            "quote": f"渡口镇<i>书屋</i>定于{day}开放。",
            "after": "",
            "quote_start": 0,
            "quote_end": 22,
            "answer_start": 14,
            "answer_end": 18,
            "event_dates": [],
            "url": f"/articles/dkb-2022-04-2{number}-01#c0-22",
            "gbt7714": f"开馆[N]. 渡口报, 2022-04-2{number}.",
        }
        for number, day in ((1, "5月1日"), (2, "5月3日"))
    ],
    "timeline": [],
    "searched": {"issues": 2, "articles": 9, "from": "2022-04-21", "to": "2022-04-22"},
    "took_ms": {"total": 1},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser found: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    flags = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium does not start as root otherwise
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(base_url=live_server, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    tab = context.new_page()
    tab.goto("/")
    expect(tab.locator(".holdings")).not_to_be_empty()
    yield tab
    context.close()


@pytest.fixture
def question(page: Page) -> str:
    questions = page.request.get("/api/examples").json()["questions"]
    assert questions, "the example archive offers no question"
    return str(questions[0])


def ask(page: Page, text: str) -> Locator:
    """Asks and waits until the last turn is no longer running."""
    page.locator("#question").fill(text)
    page.locator("#question").press("Enter")
    turn = page.locator(".turn").last
    expect(turn.locator(".question")).to_have_text(text)
    expect(turn).not_to_have_attribute("data-state", "asking")
    return turn


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def overflow(page: Page, selector: str = "html") -> int:
    return int(page.locator(selector).evaluate("node => node.scrollWidth - node.clientWidth"))


def test_an_answer_cites_the_article_at_the_mark(page: Page, question: str) -> None:
    turn = ask(page, question)
    words = turn.locator(".words").first.inner_text()
    quote = turn.locator("blockquote").first.inner_text()
    assert words in quote
    expect(turn.locator("blockquote mark").first).to_have_text(words)
    assert turn.locator(".confidence").first.inner_text() in {"把握大", "较有把握", "供参考"}

    chip = turn.locator(".chip").first
    chip.click()
    marks = page.locator("#panel-article mark")
    expect(marks.first).to_be_in_viewport()
    assert letters("".join(marks.all_inner_texts())) == letters(quote)
    expect(page.locator("#panel-article h3")).not_to_be_empty()

    page.keyboard.press("Escape")
    expect(page.locator("#article-panel")).to_be_hidden()
    expect(chip).to_be_focused()


def test_the_article_page_marks_the_quote(page: Page, question: str) -> None:
    turn = ask(page, question)
    quote = turn.locator("blockquote").first.inner_text()
    url = turn.locator(".chip").first.get_attribute("href")
    assert url
    plain = page.request.get(url.partition("#")[0])
    assert plain.ok
    assert plain.headers["content-type"].startswith("text/html")

    page.goto(url)
    marks = page.locator(".printed mark")
    expect(marks.first).to_be_in_viewport()
    assert letters("".join(marks.all_inner_texts())) == letters(quote)


def test_the_back_button_closes_the_article(page: Page, question: str) -> None:
    ask(page, question).locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()
    page.go_back()
    expect(page.locator("#article-panel")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


def test_copying_takes_the_citation_along(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.route("**/api/ask", lambda route: route.fulfill(json=CANNED))
    turn = ask(page, CANNED["question"])
    turn.get_by_role("button", name="复制引文").first.click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    first = CANNED["citations"][0]
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"{first['quote']}\n{first['gbt7714']}"


def test_several_answers_are_a_list(page: Page) -> None:
    page.route("**/api/ask", lambda route: route.fulfill(json=CANNED))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".answers .words")).to_have_text(["5月1日", "5月3日"])
    expect(turn.locator(".confidence")).to_have_text(["较有把握", "供参考"])
    expect(turn.locator("blockquote mark")).to_have_text(["5月1日", "5月3日"])
    expect(turn).to_contain_text(CANNED["understood_as"])


@pytest.mark.parametrize("signal", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_during_composition_does_not_send(page: Page, signal: dict[str, Any]) -> None:
    box = page.locator("#question")
    box.fill("shuwu")
    enter = {"key": "Enter", "bubbles": True, "cancelable": True}
    box.dispatch_event("keydown", enter | signal)
    expect(box).to_have_value("shuwu")
    expect(page.locator(".turn")).to_have_count(0)

    page.route("**/api/ask", lambda route: route.fulfill(json=CANNED))
    box.dispatch_event("keydown", enter)
    expect(page.locator(".turn")).to_have_count(1)


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


def test_no_answer_says_what_was_searched(page: Page) -> None:
    turn = ask(page, UNANSWERABLE)
    expect(turn.locator(".answer")).to_have_text("所查报纸中没有找到答案。")
    issues = page.request.get("/api/health").json()["issues"]
    expect(turn.locator(".searched")).to_contain_text(f"{issues} 期")
    expect(turn.locator("mark")).to_have_count(0)
    expect(turn.locator(".citation:not(.near .citation)")).to_have_count(0)
    if turn.locator(".citation").count():
        expect(turn.locator(".near h3")).to_have_text("相近的报道，不是答案")


def test_reload_keeps_the_thread(page: Page, question: str) -> None:
    answer = ask(page, question).locator(".reply").inner_text()
    page.reload()
    turn = page.locator(".turn")
    expect(turn).to_have_count(1)
    expect(turn.locator(".question")).to_have_text(question)
    assert turn.locator(".reply").inner_text() == answer
    turn.locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()


def test_a_new_conversation_can_be_taken_back(page: Page, question: str) -> None:
    ask(page, question)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.get_by_role("button", name="恢复刚才的对话").click()
    expect(page.locator(".turn .words").first).to_be_visible()


def test_earlier_turns_go_along(page: Page, question: str) -> None:
    ask(page, question)
    page.locator("#question").fill("那后来呢？")
    with page.expect_request("**/api/ask") as sent:
        page.locator("#question").press("Enter")
    body: Any = sent.value.post_data_json
    assert body["question"] == "那后来呢？"
    assert [turn["question"] for turn in body["history"]] == [question]
    expect(page.locator(".turn").last).to_have_attribute("data-state", "done")


@pytest.mark.parametrize(
    ("status", "message"),
    [(429, "问得太频繁了。"), (503, "档案正在载入。"), (422, "问题太长。")],
)
def test_a_server_error_can_be_retried(page: Page, question: str, status: int, message: str) -> None:
    error = {"error": {"code": "some_code", "message": message, "field": None}}
    page.route("**/api/ask", lambda route: route.fulfill(status=status, json=error))
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_have_text(message)
    expect(page.locator("#live")).to_have_text(message)
    expect(turn.get_by_role("button", name="修改问题")).to_have_count(int(status == 422))

    page.unroute("**/api/ask")
    turn.get_by_role("button", name="再试一次").click()
    expect(turn.locator(".words").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_dead_network_can_be_retried(page: Page, question: str) -> None:
    page.route("**/api/ask", lambda route: route.abort())
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_contain_text("连不上服务")
    page.unroute("**/api/ask")
    turn.get_by_role("button", name="再试一次").click()
    expect(turn.locator(".words").first).to_be_visible()


def test_a_running_question_can_be_stopped(page: Page) -> None:
    page.route("**/api/ask", lambda route: None)
    page.locator("#question").fill("很慢的问题")
    page.locator("#question").press("Enter")
    turn = page.locator(".turn")
    expect(turn.locator(".busy")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(turn).to_contain_text("已停止查找。")
    expect(page.get_by_role("button", name="提问")).to_be_visible()


def test_markup_is_shown_as_text(page: Page) -> None:
    page.route("**/api/ask", lambda route: route.fulfill(json=CANNED))
    turn = ask(page, "<i>书屋</i>何时开放？")
    expect(turn.locator(".headline").first).to_have_text(MARKUP)
    expect(turn.locator("blockquote").first).to_have_text(CANNED["citations"][0]["quote"])
    expect(turn.locator("b, i, img")).to_have_count(0)
    expect(turn).not_to_contain_text("null")


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_needs_no_sideways_scrolling(page: Page, question: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    assert overflow(page) <= 0
    turn = ask(page, question)
    ask(page, UNANSWERABLE)
    assert overflow(page) <= 0
    turn.locator("xpath=../li[1]").locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_in_viewport()
    panel = page.locator("#article-panel").bounding_box()
    assert panel is not None
    assert panel["width"] == width
    assert overflow(page, "#article-panel") <= 0


def test_the_keyboard_is_enough(page: Page, question: str) -> None:
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .words").first).to_be_visible()
    expect(page.locator("#live")).to_contain_text("答：")
    expect(page.locator("#question")).to_be_focused()

    page.keyboard.press("Shift+Tab")  # the button that copies
    page.keyboard.press("Shift+Tab")  # the citation itself
    focused = page.locator("#thread :focus")
    expect(focused).to_have_class("chip")
    page.keyboard.press("Enter")
    expect(page.locator("#article-panel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#panel-close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(focused).to_have_class("chip")


def test_the_language_is_switched_and_remembered(page: Page, question: str) -> None:
    ask(page, question)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#send")).to_have_text("Ask")
    expect(page.locator(".turn .confidence").first).to_have_text(re.compile("confident|for reference"))
    page.reload()
    expect(page.locator("#send")).to_have_text("Ask")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#send")).to_have_text("提问")


def test_nothing_fails_and_nobody_else_is_asked(page: Page, question: str, live_server: str) -> None:
    troubles: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload()
    chip = ask(page, question).locator(".chip").first
    url = chip.get_attribute("href")
    chip.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").click()
    assert url
    page.goto(url)
    expect(page.locator(".printed mark").first).to_be_visible()
    assert troubles == []
    assert hosts == {urlsplit(live_server).netloc}
