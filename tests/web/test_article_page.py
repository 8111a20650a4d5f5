"""Articles and issues in a real browser: read without a script, marked, cited, printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from tests.support.browsing import overflow, violations
from tests.support.doubles import add
from tests.support.served import served

pytestmark = pytest.mark.slow

ARTICLE = "/articles/yxrb-2024-03-12-01"
ISSUE = "/issues/yxrb-2024-03-12"
SENTENCE = "闻岳舟走到田埂上,向种粮大户仰新禾询问种子、化肥和柴油的备货情况。"
Open = Callable[..., Page]


@pytest.fixture
def place(live_server: str, open_page: Open) -> tuple[int, int]:
    """Where the sentence stands in the body, in code points."""
    page = open_page(live_server, "/api" + ARTICLE)
    body = json.loads(page.locator("body").inner_text())["body"]
    start = body.index(SENTENCE)
    return start, start + len(SENTENCE)


def test_without_a_script_the_quote_is_marked_and_in_view(open_page: Open, live_server: str, place: tuple[int, int]) -> None:
    start, end = place
    page = open_page(
        live_server,
        f"{ARTICLE}?q={start}-{end}#c{start}-{end}",
        java_script_enabled=False,
        viewport={"width": 700, "height": 300},
    )
    expect(page.locator(".printed mark")).to_have_text(SENTENCE)
    expect(page.locator(".printed mark")).to_be_in_viewport()
    expect(page.locator(".printed h1")).to_contain_text("算好用水账")
    expect(page.locator("#language")).to_be_hidden()
    page.get_by_role("link", name=re.compile("下一篇")).click()
    expect(page.locator("h1")).to_contain_text("虹渡大桥")
    page.locator(".imprint .paper").click()
    expect(page).to_have_url(re.compile(f"{ISSUE}$"))
    expect(page.locator(".toc a")).to_have_count(10)


def test_without_a_script_the_link_of_a_citation_marks_its_sentence(
    open_page: Open, live_server: str, place: tuple[int, int]
) -> None:
    page = open_page(
        live_server, f"{ARTICLE}#c{place[0]}-{place[1]}", java_script_enabled=False, viewport={"width": 700, "height": 300}
    )
    sentence = page.locator(".sentence:target")
    expect(sentence).to_have_text(SENTENCE)
    expect(sentence).to_be_in_viewport()
    expect(sentence).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_with_a_script_any_stretch_that_a_link_names_is_marked(
    open_page: Open, live_server: str, place: tuple[int, int]
) -> None:
    start, end = place
    page = open_page(live_server, f"{ARTICLE}#c{start + 3}-{end - 2}")
    expect(page.locator(".printed mark")).to_have_text(SENTENCE[3:-2])
    expect(page.locator(".printed mark")).to_be_in_viewport()


def test_the_reference_is_copied_and_downloaded(open_page: Open, live_server: str) -> None:
    page = open_page(live_server, ARTICLE, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制这一条").click()
    expect(page.locator("#live")).to_have_text("已复制")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.locator("#reference").inner_text()
    assert copied.endswith("[N]. 砚溪日报, 2024-03-12.")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "yxrb-2024-03-12-01.bib"
    assert saved.startswith("@article{yxrb-2024-03-12-01,")


def test_markup_in_a_headline_is_shown_as_text(open_page: Open, open_archive: Callable[..., Archive]) -> None:
    archive = open_archive()
    # As it may stand in an archive: readers of files take markup out.
    article = Article("<b>开馆</b><img src=x onerror=alert(1)>", "书屋<i>今日</i>开馆。")
    add(archive, Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (article,)))
    with served(archive) as base:
        page = open_page(base, "/articles/yxrb-2024-03-12-01#c0-4")
        expect(page.locator("h1")).to_contain_text("<b>开馆</b>")
        expect(page.locator(".body mark")).to_have_text("书屋<i")
        expect(page.locator("main img, main b, main i")).to_have_count(0)


def test_the_pages_speak_english_and_remember_it(open_page: Open, live_server: str) -> None:
    page = open_page(live_server, ARTICLE)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#cite-name")).to_have_text("Cite this article")
    expect(page.locator(".imprint time")).to_have_text("March 12, 2024")
    page.goto(ISSUE)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".imprint")).to_contain_text("No. 9316")
    expect(page.locator(".toc")).to_have_attribute("lang", "zh-CN")
    page.goto("/issues")
    expect(page.locator("h2").first).to_have_text("March 2024")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [ARTICLE + "?q=10-40#c10-40", ISSUE, "/issues", "/nowhere"])
def test_axe_finds_no_violation(open_page: Open, live_server: str, path: str, scheme: str) -> None:
    page = open_page(live_server, path, color_scheme=scheme)
    expect(page.locator("#language")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", [ARTICLE, ISSUE, "/issues", "/nowhere"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_page_needs_sideways_scrolling(open_page: Open, live_server: str, path: str, width: int) -> None:
    page = open_page(live_server, path, viewport={"width": width, "height": 700})
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert overflow(page) <= 0


def test_a_printed_article_is_the_article_and_its_reference(open_page: Open, live_server: str) -> None:
    page = open_page(live_server, ARTICLE)
    page.emulate_media(media="print")
    for shown in (".printed h1", ".printed .body", "#reference"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in (".masthead", ".turn-page", ".toc", ".cite .actions"):
        expect(page.locator(hidden)).to_be_hidden()


def test_the_keyboard_reaches_the_text_first(open_page: Open, live_server: str) -> None:
    page = open_page(live_server, ARTICLE)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_nothing_fails_and_nobody_else_is_asked(open_page: Open, live_server: str) -> None:
    page = open_page(live_server, "/issues")
    troubles: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: asked.add(request.url))
    for path in (ARTICLE + "#c0-9", ISSUE, "/issues"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert troubles == []
    assert [url for url in asked if not url.startswith(live_server)] == []
