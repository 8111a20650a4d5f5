"""The archive by its days in a real browser: picking, dragging, searching, checking a quotation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from tests.support.browsing import ask, overflow, violations
from tests.support.doubles import add
from tests.support.served import served

pytestmark = pytest.mark.slow

Open = Callable[..., Page]


@pytest.fixture
def archive_page(open_page: Open, live_server: str) -> Page:
    page = open_page(live_server, "/archive")
    expect(page.locator(".day")).to_have_count(31)
    return page


def day(page: Page, number: int) -> Locator:
    return page.locator(f'[data-day="2024-03-{number:02d}"]')


def picked(page: Page) -> list[str | None]:
    return [cell.get_attribute("data-day") for cell in page.locator('.day[aria-pressed="true"]').all()]


def days(*numbers: int) -> list[str]:
    return [f"2024-03-{number:02d}" for number in numbers]


def centre(cell: Locator) -> tuple[float, float]:
    box = cell.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def search(page: Page, words: str) -> None:
    page.locator("#words").fill(words)
    page.locator("#words").press("Enter")
    expect(page.locator("#search-told")).not_to_have_text("正在检索")


def test_days_with_and_without_an_issue_can_be_told_apart(archive_page: Page) -> None:
    held = [cell.get_attribute("data-day") for cell in archive_page.locator(".day[data-held]").all()]
    assert held == days(12, 13, 14, 18)
    expect(day(archive_page, 12)).to_have_attribute("aria-label", "2024年3月12日，1 期，10 篇")
    expect(day(archive_page, 15)).to_have_attribute("aria-label", "2024年3月15日，没有报")
    borders = [day(archive_page, number).evaluate("node => getComputedStyle(node).borderColor") for number in (12, 15)]
    assert borders[0] != borders[1]


def test_dragging_over_days_picks_the_span(archive_page: Page) -> None:
    archive_page.mouse.move(*centre(day(archive_page, 12)))
    archive_page.mouse.down()
    archive_page.mouse.move(*centre(day(archive_page, 13)))
    archive_page.mouse.move(*centre(day(archive_page, 14)), steps=4)
    assert picked(archive_page) == days(12, 13, 14)
    archive_page.mouse.up()
    archive_page.mouse.move(*centre(day(archive_page, 18)))
    assert picked(archive_page) == days(12, 13, 14)
    expect(archive_page.locator("#from")).to_have_value("2024-03-12")
    expect(archive_page.locator("#to")).to_have_value("2024-03-14")
    expect(archive_page.locator("#span-told")).to_have_text("2024年3月12日至2024年3月14日：3 期，30 篇。")
    expect(archive_page.locator("#span-issues a")).to_have_count(3)
    expect(archive_page.locator("#ask-span")).to_have_attribute("href", "/#/?from=2024-03-12&to=2024-03-14")


def test_dragging_backwards_picks_the_same(archive_page: Page) -> None:
    archive_page.mouse.move(*centre(day(archive_page, 14)))
    archive_page.mouse.down()
    archive_page.mouse.move(*centre(day(archive_page, 12)), steps=4)
    archive_page.mouse.up()
    assert picked(archive_page) == days(12, 13, 14)


def test_a_click_picks_a_day_shift_extends_and_a_month_is_picked_by_its_name(archive_page: Page) -> None:
    expect(archive_page.locator("#ask-span")).to_be_hidden()
    day(archive_page, 13).click()
    assert picked(archive_page) == days(13)
    day(archive_page, 11).click(modifiers=["Shift"])
    assert picked(archive_page) == days(11, 12, 13)
    archive_page.get_by_role("button", name="2024年3月", exact=True).click()
    assert len(picked(archive_page)) == 31
    archive_page.get_by_role("button", name="全部日子").click()
    assert picked(archive_page) == []
    archive_page.locator('[data-month="2024-03"]').click()
    assert len(picked(archive_page)) == 31


def test_the_keyboard_moves_extends_and_picks(archive_page: Page) -> None:
    expect(archive_page.locator('.day[tabindex="0"]')).to_have_count(1)
    archive_page.locator('.day[tabindex="0"]').focus()
    expect(day(archive_page, 18)).to_be_focused()
    for key, number in (("ArrowLeft", 17), ("ArrowUp", 10), ("ArrowRight", 11), ("ArrowDown", 18), ("End", 24), ("Home", 18)):
        archive_page.keyboard.press(key)
        expect(day(archive_page, number)).to_be_focused()
    assert picked(archive_page) == []
    archive_page.keyboard.press("Enter")
    assert picked(archive_page) == days(18)
    archive_page.keyboard.press("Shift+ArrowLeft")
    archive_page.keyboard.press("Shift+ArrowLeft")
    assert picked(archive_page) == days(16, 17, 18)
    archive_page.keyboard.press("ArrowUp")
    archive_page.keyboard.press("Shift+ArrowRight")
    assert picked(archive_page) == days(9, 10)
    outline = archive_page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_search_marks_its_words_and_colours_the_days_that_match(archive_page: Page) -> None:
    search(archive_page, "虹渡大桥")
    first = archive_page.locator(".result").first
    assert "虹渡大桥" in first.locator("mark").all_inner_texts()
    levels = {number: day(archive_page, number).get_attribute("data-level") for number in (12, 13, 14, 18)}
    counted = archive_page.request.get("/api/calendar?q=虹渡大桥").json()["issues"]
    assert {int(issue["date"][-2:]): issue["matches"] > 0 for issue in counted} == {
        number: level != "0" for number, level in levels.items()
    }
    assert "4" in levels.values()
    most = max(counted, key=lambda issue: issue["matches"])
    expect(day(archive_page, int(most["date"][-2:]))).to_have_attribute(
        "title", f"2024年3月{int(most['date'][-2:])}日，1 期，{most['matches']} 段相符"
    )
    first.get_by_role("link").click()
    expect(archive_page.locator(".printed mark").first).to_be_in_viewport()


def test_a_picked_day_narrows_the_search_and_the_address_keeps_both(archive_page: Page) -> None:
    search(archive_page, "水库")
    assert len({line.inner_text() for line in archive_page.locator(".result .meta").all()}) > 1
    day(archive_page, 13).click()
    expect(archive_page.locator(".result .meta").first).to_contain_text("2024年3月13日")
    expect(archive_page.locator(".result .meta", has_not_text="2024年3月13日")).to_have_count(0)
    archive_page.reload()
    expect(archive_page.locator("#words")).to_have_value("水库")
    assert picked(archive_page) == days(13)


def test_results_have_pages(archive_page: Page) -> None:
    search(archive_page, "砚溪")
    expect(archive_page.locator(".result")).to_have_count(10)
    expect(archive_page.locator("#pager")).to_contain_text("第 1 页")
    before = archive_page.locator(".result .text").first.inner_text()
    expect(archive_page.get_by_role("button", name="上一页")).to_be_disabled()
    archive_page.get_by_role("button", name="下一页").click()
    expect(archive_page.locator("#pager")).to_contain_text("第 2 页")
    assert archive_page.locator(".result .text").first.inner_text() != before
    expect(archive_page.locator(".result a").first).to_be_focused()


def test_markup_in_what_is_found_is_shown_as_text(archive_page: Page) -> None:
    passage: dict[str, Any] = {
        "chunk_id": "a-01-1", "article_id": "a-01", "issue_id": "a", "paper": "<i>砚溪</i>", "issue_date": "2024-03-12",
        "issue_number": None, "title": "<b>茶</b><img src=x onerror=alert(1)>", "text": "x", "start": 0, "end": 1, "score": 1,
        "url": "/articles/a-01#c0-1",
        "stretches": [{"text": "<script>", "found": False}, {"text": "<b>春茶</b>", "found": True}],
    }  # fmt: skip
    found = {"query": "茶", "passages": [passage], "searched": {"issues": 1, "articles": 1, "from": None, "to": None}}
    archive_page.route("**/api/search?*", lambda route: route.fulfill(json=found))
    search(archive_page, "茶")
    result = archive_page.locator(".result")
    expect(result.locator("h3")).to_have_text(passage["title"])
    expect(result.locator(".text")).to_have_text("<script><b>春茶</b>")
    expect(result.locator("mark")).to_have_text("<b>春茶</b>")
    expect(result.locator("b, i, img, script")).to_have_count(0)


def test_a_failing_search_is_told(archive_page: Page) -> None:
    archive_page.route("**/api/search?*", lambda route: route.abort())
    search(archive_page, "茶")
    expect(archive_page.locator("#search-told")).to_contain_text("连不上服务")
    expect(archive_page.locator(".result")).to_have_count(0)


TRUE = "项目总工程师岑立桥说,这道缺口就是主桥的合龙段"


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        (TRUE, "一字不差"),
        (TRUE.replace(",", "，"), "文字相同"),
        (TRUE.replace("总工程师", "副总设计师"), "没有这句原话"),
        ("纳斯达克指数昨夜收于一万七千点上方", "没有这句话"),
    ],
)
def test_a_quotation_is_checked_against_the_print(archive_page: Page, quote: str, verdict: str) -> None:
    archive_page.locator("#quote").fill(quote)
    archive_page.get_by_role("button", name="核对").click()
    expect(archive_page.locator(".verdict")).to_contain_text(verdict)
    places = archive_page.locator("#places .result")
    expect(places).to_have_count(0 if verdict == "没有这句话" else 1)


def test_the_difference_is_told_in_strokes_and_in_words(archive_page: Page) -> None:
    archive_page.locator("#quote").fill(TRUE.replace("缺口", "裂缝"))
    archive_page.get_by_role("button", name="核对").click()
    place = archive_page.locator("#places .result")
    expect(place).to_have_count(1)
    assert "".join(place.locator(".text del").all_inner_texts()) == "裂缝"
    assert "".join(place.locator(".text ins").all_inner_texts()) == "缺口"
    assert "line-through" in place.locator(".text del").evaluate("node => getComputedStyle(node).textDecorationLine")
    assert "underline" in place.locator(".text ins").evaluate("node => getComputedStyle(node).textDecorationLine")
    place.locator("summary").click()
    expect(place.locator("li")).to_have_text("引文作 裂缝 报上作 缺口")
    place.get_by_role("link").click()
    expect(archive_page.locator(".printed mark")).to_have_text(TRUE)


def test_a_thousand_issues_come_in_one_request_and_are_picked_without_lag(
    open_page: Open, open_archive: Callable[..., Archive]
) -> None:
    archive = open_archive()
    for number in range(1000):
        printed = date(2021, 1, 1) + timedelta(number + number // 10)
        articles = (Article("放水", f"卧虹水库第{number}次放水。"),)
        add(archive, Issue(f"yxrb-{printed}", "砚溪日报", printed, articles, issue_number=8000 + number))
    with served(archive) as base:
        page = open_page(base, "/issues")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
        page.goto("/archive")
        expect(page.locator("#holdings")).to_contain_text("共 1000 期")
        assert len(asked) == 1
        expect(page.locator(".year-row")).to_have_count(4)
        page.locator('[data-month="2022-05"]').click()
        expect(page.locator('[data-day="2022-05-01"]')).to_have_attribute("aria-pressed", "true")
        assert page.locator(".day").count() == 365
        page.locator('[data-day="2022-01-01"]').focus()
        page.keyboard.press("Shift+ArrowLeft")
        expect(page.locator('[data-day="2021-12-31"]')).to_be_focused()
        expect(page.locator("#from")).to_have_value("2021-12-31")


def test_the_archive_colours_the_days_of_the_question_that_was_asked(page: Page, question: str) -> None:
    ask(page, question).get_by_role("link", name="在报库里看").click()
    expect(page.locator("#words")).to_have_value(question)
    expect(page.locator(".result").first).to_be_visible()
    expect(page.locator('.day[data-level]:not([data-level="0"])').first).to_be_visible()


def test_several_papers_can_be_shown_one_by_one(
    open_page: Open, open_archive: Callable[..., Archive], write_issue: Any
) -> None:
    from embeddings.ingest.sync import sync

    archive = open_archive()
    files = [
        write_issue("a.md", "2024-03-12", "放水\n\n水库放水。"),
        write_issue("b.md", "2024-03-13", "春茶\n\n春茶开园。", paper="松烟晚报"),
    ]
    sync(archive, files)
    with served(archive) as base:
        page = open_page(base, "/archive")
        page.get_by_label("报纸").select_option("松烟晚报")
        expect(page.locator(".day[data-held]")).to_have_count(1)
        day(page, 13).click()
        expect(page.locator("#ask-span")).to_have_attribute(
            "href", "/#/?from=2024-03-13&to=2024-03-13&paper=%E6%9D%BE%E7%83%9F%E6%99%9A%E6%8A%A5"
        )
        search(page, "水库")
        expect(page.locator(".result", has_text="放水")).to_have_count(0)


def test_the_page_speaks_english(archive_page: Page) -> None:
    search(archive_page, "水库")
    archive_page.get_by_role("button", name="English").click()
    expect(archive_page.locator("#when-name")).to_have_text("By day")
    expect(day(archive_page, 15)).to_have_attribute("aria-label", "March 15, 2024, no issue")
    expect(archive_page.locator("#search-told")).to_contain_text("nearest passages")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(open_page: Open, live_server: str, scheme: str) -> None:
    page = open_page(live_server, "/archive", color_scheme=scheme)
    day(page, 12).click()
    day(page, 13).click(modifiers=["Shift"])
    search(page, "水库")
    page.locator("#quote").fill(TRUE.replace("缺口", "裂缝"))
    page.get_by_role("button", name="核对").click()
    page.locator("#places summary").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_needs_no_sideways_scrolling(open_page: Open, live_server: str, width: int) -> None:
    page = open_page(live_server, "/archive", viewport={"width": width, "height": 700})
    day(page, 12).click()
    search(page, "水库")
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert overflow(page) <= 0


def test_nothing_fails_and_nobody_else_is_asked(archive_page: Page, live_server: str) -> None:
    troubles: list[str] = []
    asked: set[str] = set()
    archive_page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    archive_page.on("pageerror", lambda error: troubles.append(str(error)))
    archive_page.on("request", lambda request: asked.add(request.url))
    archive_page.reload()
    day(archive_page, 12).click()
    search(archive_page, "水库")
    assert troubles == []
    assert [url for url in asked if not url.startswith(live_server)] == []
