"""The pages as a whole, in a real browser: what they load, and the page of an article."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.browsing import ask, letters

pytestmark = pytest.mark.slow

FIRST_LOAD_BYTES = 150_000


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


def test_the_first_load_is_light(open_page: Callable[..., Page], live_server: str) -> None:
    page = open_page(live_server, "/api/health")  # so that nothing of the chat is in the cache
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto("/")
    expect(page.locator(".examples button")).to_have_count(4)
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes() for request in finished]
    assert min(size["responseBodySize"] for size in sizes) > 0  # a whole load, nothing of it kept from before
    assert sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes) < FIRST_LOAD_BYTES


def test_every_module_is_named_ahead(page: Page) -> None:
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    links = page.evaluate(
        "() => [...document.querySelectorAll('[rel=modulepreload], script')].map((one) => one.href || one.src)"
    )
    named = [urlsplit(address).path for address in links]
    assert sorted(named) == sorted({urlsplit(address).path for address in loaded if address.endswith(".js")})


@pytest.mark.parametrize("address", ["/", "/archive", "/admin"])
@pytest.mark.parametrize(("query", "languages"), [("", ["zh"]), ("?lang=en", ["en", "zh"]), ("?lang=xx", ["zh"])])
def test_beside_chinese_only_the_language_in_use_is_loaded(
    open_page: Callable[..., Page], live_server: str, address: str, query: str, languages: list[str]
) -> None:
    page = open_page(live_server, address + query)
    expect(page.locator("#language")).to_have_text("中文" if "en" in languages else "English")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    assert sorted(Path(urlsplit(name).path).stem for name in loaded if "/strings/" in name) == languages


def test_the_language_stays_where_the_other_one_cannot_be_had(page: Page) -> None:
    page.route("**/strings/en.js", lambda route: route.abort())
    page.get_by_role("button", name="English").click()
    expect(page.locator("#live")).to_have_text("连不上服务，请检查网络后再试。")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.locator("#send")).to_have_text("提问")


def test_nothing_fails_and_nobody_else_is_asked(page: Page, question: str, live_server: str) -> None:
    troubles: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload()
    turn = ask(page, question)
    expect(turn.get_by_role("button", name="有用")).to_be_visible()
    chip = turn.locator(".chip").first
    url = chip.get_attribute("href")
    chip.click()
    expect(page.locator("#panel-contents")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").click()
    assert url
    page.goto(url)
    expect(page.locator(".printed mark").first).to_be_visible()
    assert troubles == []
    assert hosts == {urlsplit(live_server).netloc}
