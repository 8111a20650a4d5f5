"""Corrections on the operator's page, in a real browser: made, found, quoted, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from tests.support.browsing import overflow, violations
from tests.support.served import served

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
TOKEN = "令牌-3fd2"
ARTICLE = "yxrb-2024-03-12-01"


@pytest.fixture
def base(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Iterator[str]:
    archive = open_archive()
    articles = ("水库放水\n\n卧红水库3月13日开闸放水。", "春茶开园\n\n茶臼村春茶昨日开园。")
    sync(archive, [write_issue("2024-03-12.md", "2024-03-12", *articles)])
    with served(archive, admin_token=TOKEN) as url:
        yield url


@pytest.fixture
def desk(open_page: Open, base: str) -> Page:
    page = open_page(base, "/admin")
    page.locator("#token").fill(TOKEN)
    page.locator("#token").press("Enter")
    expect(page.locator("#corrections")).to_have_text("还没有更正。")
    page.locator("#correct-article").fill(f"{base}/articles/{ARTICLE}#c0-5")
    page.locator("#correct-article").press("Enter")
    expect(page.locator("#correct-title")).to_have_value("水库放水")
    return page


def test_a_correction_is_made_found_quoted_and_undone(desk: Page, base: str) -> None:
    desk.locator("#correct-body").fill("卧虹水库3月13日开闸放水。")
    desk.locator("#correct-byline").fill("记者 邬桐")
    desk.get_by_role("button", name="保存更正").click()
    expect(desk.locator("#correct-told")).to_contain_text("已更正 2 处。")
    expect(desk.locator("#corrections li")).to_have_count(2)

    desk.locator("#try-question").fill("卧红水库哪天放水？")
    desk.locator("#try-question").press("Enter")
    expect(desk.locator(".tried-citations q").first).to_have_text("卧虹水库3月13日开闸放水。")

    article = desk.context.new_page()
    article.goto(f"{base}/articles/{ARTICLE}")
    expect(article.locator("article .body")).to_contain_text("卧虹水库")
    expect(article.locator("#printed")).to_be_hidden()
    article.locator(".as-printed summary").click()
    expect(article.locator("#printed")).to_contain_text("卧红水库3月13日开闸放水。")
    assert violations(article) == []

    checked = desk.request.post(f"{base}/api/verify", data={"quote": "卧红水库3月13日"}).json()
    assert (checked["status"], checked["places"][0]["citation"]["corrected"]) == ("exact", False)

    for number in (1, 2):
        desk.get_by_role("button", name=f"撤销更正 {number}").click()
        expect(desk.locator("#correct-told")).to_contain_text(f"已撤销更正 {number}。")
    expect(desk.locator("#corrections")).to_have_text("还没有更正。")
    article.reload()
    expect(article.locator("article .body")).to_contain_text("卧红水库")
    expect(article.locator(".as-printed")).to_have_count(0)


def test_an_article_is_split_at_the_cursor_and_joined_again(desk: Page) -> None:
    desk.locator("#correct-body").fill("卧红水库3月13日开闸放水。\n😀另一篇\n茶树发芽。")
    desk.get_by_role("button", name="保存更正").click()
    expect(desk.locator("#correct-told")).to_contain_text("已更正 1 处。")
    desk.locator("#correct-body").evaluate("area => area.setSelectionRange(area.value.indexOf('😀'), area.value.indexOf('😀'))")
    desk.get_by_role("button", name="从光标处分成两篇").click()
    expect(desk.locator("#correct-body")).to_have_value("卧红水库3月13日开闸放水。")
    desk.get_by_role("button", name="与下一篇并成一篇").click()
    expect(desk.locator("#correct-body")).to_have_value("卧红水库3月13日开闸放水。\n😀另一篇\n茶树发芽。")
    expect(desk.locator("#corrections li")).to_have_count(3)


def test_what_cannot_be_corrected_is_told(desk: Page) -> None:
    desk.get_by_role("button", name="保存更正").click()
    expect(desk.locator("#correct-told .failure")).to_have_text("没有更正：没有要更正的：写的和现在的一样")
    desk.get_by_role("button", name="English").click()
    desk.get_by_role("button", name="Save corrections").click()
    expect(desk.locator("#correct-told .failure")).to_contain_text("Nothing was corrected")


def test_the_form_fits_and_axe_finds_no_violation(desk: Page) -> None:
    assert violations(desk) == []
    desk.set_viewport_size({"width": 320, "height": 700})
    assert overflow(desk) <= 0
