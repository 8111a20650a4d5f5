"""Conversations are kept in the browser: they outlive a reload, have names and addresses, and leave as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import CANNED, MARKUP, STREAM, ask, stream_of

pytestmark = pytest.mark.slow


def test_reload_keeps_the_conversation_with_its_citations(page: Page, question: str) -> None:
    answer = ask(page, question).locator(".reply").inner_text()
    page.reload()
    turn = page.locator(".turn")
    expect(turn).to_have_count(1)
    expect(turn.locator(".question")).to_have_text(question)
    expect(turn.get_by_role("button", name="有用")).to_be_visible()
    assert turn.locator(".reply").inner_text() == answer
    turn.locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()


def test_earlier_turns_go_along_six_at_most(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    for number in range(7):
        ask(page, f"书屋{number}？")
    with page.expect_request(STREAM) as sent:
        ask(page, "那后来呢？")
    body: Any = sent.value.post_data_json
    assert body["question"] == "那后来呢？"
    assert body["history"] == [{"question": f"书屋{number}？", "answer": "5月1日"} for number in range(1, 7)]


def test_a_new_conversation_leaves_the_old_one_in_the_list(page: Page, question: str) -> None:
    ask(page, question)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.locator(".last a").click()
    expect(page.locator(".turn .words").first).to_be_visible()
    page.go_back()
    expect(page.locator(".turn")).to_have_count(0)
    page.locator("#conversations-open").click()
    page.locator("#conversations-list a").click()
    expect(page.locator("#conversations")).to_be_hidden()
    expect(page.locator(".turn .question")).to_have_text(question)


def test_a_conversation_is_renamed_deleted_and_brought_back(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    ask(page, "第一段的问题？")
    page.get_by_role("button", name="新对话").click()
    ask(page, "第二段的问题？")
    opener = page.locator("#conversations-open")
    opener.click()
    names = page.locator("#conversations-list a[href^='#']")
    expect(names).to_have_text(["第二段的问题？", "第一段的问题？"])

    page.get_by_role("button", name="给“第一段的问题？”改名").click()
    box = page.get_by_role("textbox", name="对话的名字")
    box.fill("渡口镇书屋")
    box.press("Escape")
    expect(names).to_have_text(["第二段的问题？", "第一段的问题？"])
    page.get_by_role("button", name="给“第一段的问题？”改名").click()
    box.fill("渡口镇书屋")
    box.press("Enter")
    expect(names).to_have_text(["第二段的问题？", "渡口镇书屋"])

    page.get_by_role("button", name="删除“第二段的问题？”").click()
    expect(names).to_have_text(["渡口镇书屋"])
    expect(page.locator(".turn")).to_have_count(0)
    undo = page.get_by_role("button", name="撤销")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(names).to_have_text(["第二段的问题？", "渡口镇书屋"])
    names.first.click()
    expect(page.locator(".turn .question")).to_have_text("第二段的问题？")

    opener.click()
    page.get_by_role("button", name="删除“第二段的问题？”").click()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.reload()
    opener.click()
    expect(names).to_have_text(["渡口镇书屋"])


def test_a_conversation_leaves_as_json_and_as_markdown(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    ask(page, CANNED["question"])
    page.locator("#conversations-open").click()
    opener = page.locator("#conversations-list summary")
    opener.click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    assert saved.value.suggested_filename.endswith(".json")
    kept = json.loads(saved.value.path().read_text(encoding="utf-8"))["conversations"]
    assert [turn["response"] for turn in kept[0]["turns"]] == [CANNED]

    opener.click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Markdown").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert f"## {CANNED['question']}" in text
    assert "**5月1日**、**5月3日**" in text
    assert "> 渡口镇\\<i\\>书屋\\</i\\>定于5月1日开放。" in text
    assert MARKUP not in text
    address = urlsplit(page.url)
    assert f"<{address.scheme}://{address.netloc}{CANNED['citations'][0]['url']}>" in text


def test_the_link_of_an_answer_reopens_it(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.route(STREAM, stream_of(CANNED))
    ask(page, "第一问？")
    ask(page, "第二问？")
    first = page.locator(".turn").first
    first.get_by_role("button", name="复制链接").click()
    expect(first.get_by_role("button", name="已复制")).to_be_visible()
    link = str(page.evaluate("() => navigator.clipboard.readText()"))
    page.get_by_role("button", name="新对话").click()
    page.goto(link)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .question").first).to_be_focused()
    expect(page.locator(".turn .question").first).to_be_in_viewport()


def test_the_link_of_an_answer_asks_again_in_another_browser(
    page: Page, open_page: Callable[..., Page], live_server: str, question: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = ask(page, question)
    words = turn.locator(".words").first.inner_text()
    turn.get_by_role("button", name="复制链接").click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    link = str(page.evaluate("() => navigator.clipboard.readText()"))
    other = open_page(live_server, link)
    expect(other.locator(".turn .question")).to_have_text(question)
    expect(other.locator(".turn .words").first).to_have_text(words)
    assert urlsplit(other.url).fragment != urlsplit(link).fragment


def test_two_tabs_see_the_same_conversation(page: Page) -> None:
    page.context.route(STREAM, stream_of(CANNED))
    ask(page, "第一问？")
    other = page.context.new_page()
    other.goto(page.url)
    ask(other, "第二问？")
    expect(page.locator(".turn .question")).to_have_text(["第一问？", "第二问？"])


def test_a_damaged_store_does_no_harm(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    ask(page, "第一问？")
    page.evaluate("() => { for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{\"id\": 1'); }")
    page.reload()
    expect(page.locator(".holdings")).not_to_be_empty()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_full_browser_is_told(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".words").first).to_be_visible()
    expect(page.locator("#storage-full")).to_contain_text("浏览器存不下更多对话了")


def test_without_examples_the_newest_headlines_are_offered(page: Page) -> None:
    page.route("**/api/examples", lambda route: route.fulfill(json={"questions": []}))
    page.reload()
    expect(page.locator(".examples h3")).to_have_text("2024年3月18日的报上")
    expect(page.locator(".examples a")).to_have_count(4)
    headline = page.locator(".examples a").first
    headline.click()
    expect(page.locator("#panel-article h3")).to_have_text(headline.inner_text().removesuffix(" →"))


def test_a_first_visitor_sees_what_the_archive_holds(page: Page) -> None:
    expect(page.locator(".holdings")).to_have_text("可查《砚溪日报》，共 4 期、41 篇，2024年3月12日至2024年3月18日。")
    example = page.locator(".examples button").first
    text = example.inner_text().removesuffix(" →")
    example.click()
    expect(page.locator(".turn .question")).to_have_text(text)
    expect(page.locator(".turn .question")).to_be_focused()
