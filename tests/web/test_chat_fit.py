"""The chat fits its reader: accessible, on any width, by keyboard alone, in two languages, light and dark, in print."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import CANNED, STREAM, UNANSWERABLE, ask, overflow, stream_of, violations

pytestmark = pytest.mark.slow

SERIES: dict[str, Any] = {
    **copy.deepcopy(CANNED),
    "timeline": [
        {"date": f"2022-04-2{day}", "answer": f"{day}00人", "citation": number, "value": day * 100, "unit": "人"}
        for day, number in ((1, 1), (2, 1), (5, 2))
    ],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_any_state(open_page: Callable[..., Page], live_server: str, scheme: str) -> None:
    page = open_page(live_server, color_scheme=scheme)
    found: dict[str, list[str]] = {}
    expect(page.locator(".examples button")).to_have_count(4)
    found["welcome"] = violations(page)
    ask(page, UNANSWERABLE)
    ask(page, "3月17日早上卧虹水库还有多少水?")
    page.locator(".turn").last.locator(".menu summary").first.click()
    found["answers"] = violations(page)
    page.locator(".turn").last.get_by_role("button", name="没用").click()
    found["feedback"] = violations(page)
    page.locator(".turn").last.locator(".fact .change").click()
    found["chip"] = violations(page)
    page.route(STREAM, stream_of(SERIES))
    ask(page, "书屋？")
    found["timeline"] = violations(page)
    page.locator(".turn").nth(1).locator(".chip").first.click()
    page.locator("#panel-contents summary").click()
    found["article"] = violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="范围").click()
    page.locator("#filter-from").fill("2024-03-13")
    found["filters"] = violations(page)
    page.get_by_role("button", name="好").click()
    page.locator("#question").press_sequentially("虹渡")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    found["suggestions"] = violations(page)
    page.keyboard.press("Escape")
    page.unroute(STREAM)
    page.route("**/api/**", lambda route: route.abort())
    ask(page, "水库？")
    found["failure"] = violations(page)
    page.locator("#conversations-open").click()
    found["conversations"] = violations(page)
    assert {state: rules for state, rules in found.items() if rules} == {}


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_needs_no_sideways_scrolling(page: Page, question: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    assert overflow(page) <= 0
    turn = ask(page, question)
    ask(page, UNANSWERABLE)
    page.route(STREAM, stream_of(SERIES))
    ask(page, "书屋？")
    page.get_by_role("button", name="范围").click()
    assert overflow(page) <= 0
    page.keyboard.press("Escape")
    turn.locator("xpath=../li[1]").locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_in_viewport()
    panel = page.locator("#article-panel").bounding_box()
    assert panel is not None
    assert panel["width"] == width
    assert overflow(page, "#article-panel") <= 0
    page.keyboard.press("Escape")
    page.locator("#conversations-open").click()
    assert overflow(page, "#conversations") <= 0


def test_text_at_twice_its_size_still_fits(page: Page, question: str) -> None:
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    turn = ask(page, question)
    assert overflow(page) <= 0
    expect(turn.locator(".words").first).to_be_visible()
    expect(page.locator("#send")).to_be_in_viewport()


def test_the_keyboard_is_enough(page: Page, question: str) -> None:
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .words").first).to_be_visible()
    expect(page.locator("#live")).to_contain_text("答：")
    expect(page.locator("#question")).to_be_focused()

    turn = page.locator(".turn")
    expect(turn.locator(".further button").first).to_be_visible()
    offered = turn.locator(".further button").all_inner_texts()
    beside = [text.split("\n")[0] for text in turn.locator(".alternatives button, details.read > summary").all_inner_texts()]
    # Backwards, from the footer over the questions to go on with and what else was read to the citation itself.
    expected = ["没用", "有用", "在报库里看", "复制链接", *reversed(offered), *reversed(beside), "引用格式", "复制引文"]
    seen = []
    for _ in range(len(expected) + 1):
        page.keyboard.press("Shift+Tab")
        focused = page.locator("#thread :focus")
        seen.append(focused.inner_text().split("\n")[0])
        assert focused.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    assert seen[:-1] == expected
    expect(page.locator("#thread :focus")).to_have_class("chip")
    page.keyboard.press("Enter")
    expect(page.locator("#article-panel")).to_be_focused()
    for button in ("#panel-before", "#panel-after", "#panel-link", "#panel-close"):
        page.keyboard.press("Tab")
        expect(page.locator(button)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#thread :focus")).to_have_class("chip")


def test_the_language_is_switched_and_remembered(page: Page, question: str) -> None:
    ask(page, question)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#send")).to_have_text("Ask")
    expect(page.locator(".turn .confidence").first).to_have_text(re.compile("confident|not sure"))
    expect(page.locator(".turn .words").first).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.locator("#send")).to_have_text("Ask")
    expect(page.locator("#conversations-open")).to_have_text("Conversations")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#send")).to_have_text("提问")


def test_the_dark_follows_the_system(open_page: Callable[..., Page], live_server: str) -> None:
    shades = []
    for scheme in ("light", "dark"):
        page = open_page(live_server, color_scheme=scheme)
        colours = page.evaluate(
            "() => { const { color, backgroundColor } = getComputedStyle(document.body); return [color, backgroundColor]; }"
        )
        shades.append([sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours])
    (light_ink, light_paper), (dark_ink, dark_paper) = shades
    assert light_paper > 650 > 150 > light_ink
    assert dark_ink > 600 > 120 > dark_paper


def test_whoever_wants_no_motion_sees_none(open_page: Callable[..., Page], live_server: str) -> None:
    page = open_page(live_server, reduced_motion="reduce")
    page.route(STREAM, lambda route: None)
    page.locator("#question").fill("很慢的问题")
    page.locator("#question").press("Enter")
    expect(page.locator(".busy")).to_be_visible()
    assert page.evaluate("() => document.getAnimations().length") == 0


def test_print_leaves_the_controls_out_and_names_the_reference(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    turn = ask(page, CANNED["question"])
    reference = turn.locator(".reference").first
    expect(reference).to_be_hidden()
    page.emulate_media(media="print")
    expect(reference).to_have_text(CANNED["citations"][0]["gbt7714"])
    expect(reference).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    expect(turn.get_by_role("button", name="复制引文").first).to_be_hidden()
