"""Alerts on the operator's page, in a real browser: saved, fired by a new issue, marked as seen, deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from qa.alerts.asking import run_alerts
from qa.pipeline import ask
from tests.support.api import WordReader
from tests.support.browsing import overflow, violations
from tests.support.served import served

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
Arrive = Callable[[], None]
TOKEN = "令牌-3fd2"
ASKED = "虹渡大桥什么时候通车？"


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    opened = open_archive()
    sync(opened, [write_issue("2024-03-12.md", "2024-03-12", "水库放水\n\n卧虹水库3月13日开闸放水。")])
    return opened


@pytest.fixture
def base(archive: Archive) -> Iterator[str]:
    with served(archive, admin_token=TOKEN) as url:
        yield url


@pytest.fixture
def arrive(archive: Archive, write_issue: Callable[..., Path]) -> Arrive:
    """An issue comes in that answers the question, and the alerts are asked, as after each sync."""

    def come() -> None:
        text = "大桥通车在即\n\n虹渡大桥将于3月28日通车。"
        sync(archive, [write_issue("2024-03-14.md", "2024-03-14", text)])
        assert run_alerts(archive, lambda question: ask(archive, WordReader(), question))

    return come


def enter(page: Page) -> Page:
    page.locator("#token").fill(TOKEN)
    page.locator("#token").press("Enter")
    expect(page.locator("#alerts")).not_to_be_empty()
    return page


def save(page: Page) -> None:
    page.locator("#alert-question").fill(ASKED)
    page.locator("#alert-question").press("Enter")
    expect(page.locator("#alerts h3")).to_have_text([ASKED])


def test_an_alert_fires_is_marked_as_seen_and_deleted(open_page: Open, base: str, arrive: Arrive) -> None:
    page = enter(open_page(base, "/admin"))
    expect(page.locator("#alerts")).to_have_text("还没有提醒。")
    expect(page.locator("#alerts-feed")).to_be_hidden()
    save(page)
    expect(page.locator("#alerts-told")).to_have_text(f"已存为提醒：{ASKED}")
    expect(page.locator("#alerts .note")).to_have_text("存下后还没有新的报纸 · 没有新的。")

    arrive()
    page.reload()
    expect(page.locator("#alerts .note")).to_contain_text("1 条新的")
    expect(page.locator("#alerts .note")).to_contain_text("上次问：")
    fresh = page.locator("#alerts .new li")
    expect(fresh.locator("a")).to_have_text("大桥通车在即")
    expect(fresh.locator("q")).to_contain_text("3月28日通车")
    expect(fresh.locator(".meta")).to_contain_text("2024年3月14日")
    feed = page.get_by_role("link", name="Atom 订阅").get_attribute("href")
    assert feed
    assert "3月28日" in page.request.get(feed).text()

    page.get_by_role("button", name=f"把“{ASKED}”的新消息标为看过").click()
    expect(page.locator("#alerts .note")).to_contain_text("没有新的。")
    page.locator("#alerts summary").click()
    page.locator("#alerts .evidence a").click()
    expect(page.locator("h1")).to_have_text("大桥通车在即")
    page.go_back()
    page.get_by_role("button", name=f"删除提醒“{ASKED}”").click()
    expect(page.locator("#alerts")).to_have_text("还没有提醒。")
    expect(page.locator("#alert-question")).to_be_focused()


def test_what_is_found_meanwhile_comes_by_itself(open_page: Open, base: str, arrive: Arrive) -> None:
    page = open_page(base, "about:blank")
    page.clock.install()
    page.goto("/admin")
    save(enter(page))
    arrive()
    page.clock.run_for(20_000)
    expect(page.locator("#alerts .new a")).to_have_text("大桥通车在即")


def test_a_failure_is_told_and_the_page_speaks_english(open_page: Open, base: str) -> None:
    page = enter(open_page(base, "/admin"))
    page.get_by_role("button", name="English").click()
    error = {"error": {"code": "alerts_full", "message": "100 alerts are kept at most", "field": None}}
    page.route(
        "**/api/alerts",
        lambda route: route.fulfill(status=422, json=error) if route.request.method == "POST" else route.continue_(),
    )
    page.locator("#alert-question").fill(ASKED)
    page.get_by_role("button", name="Save as an alert").click()
    expect(page.locator("#alerts-told .failure")).to_have_text("100 alerts are kept at most")
    expect(page.locator("#alert-question")).to_have_value(ASKED)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_finger_and_a_phone_and_axe_finds_no_violation(
    open_page: Open, base: str, arrive: Arrive, scheme: str
) -> None:
    page = enter(open_page(base, "/admin", color_scheme=scheme, has_touch=True, is_mobile=True))
    save(page)
    arrive()
    page.reload()
    expect(page.locator("#alerts .new a")).to_be_visible()
    assert violations(page) == []
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0
    controls = page.locator("#desk :is(button, .button, input:not(.unseen), summary)").all()
    heights = [box["height"] for box in (control.bounding_box() for control in controls if control.is_visible()) if box]
    assert len(heights) > 8
    assert min(heights) >= 44
