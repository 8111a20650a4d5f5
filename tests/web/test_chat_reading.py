"""A citation opens its article beside the chat, at the mark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from tests.support.browsing import ask, letters
from tests.support.served import served

pytestmark = pytest.mark.slow


def test_a_citation_opens_the_article_at_the_mark(page: Page, question: str) -> None:
    turn = ask(page, question)
    quote = turn.locator("blockquote").first.inner_text()
    chip = turn.locator(".chip").first
    chip.click()
    marks = page.locator("#panel-article mark")
    expect(marks.first).to_be_in_viewport()
    assert letters("".join(marks.all_inner_texts())) == letters(quote)
    expect(page.locator("#panel-article h3")).not_to_be_empty()
    expect(turn.locator(".words").first).to_be_in_viewport()  # the chat stays beside it

    page.keyboard.press("Escape")
    expect(page.locator("#article-panel")).to_be_hidden()
    expect(chip).to_be_focused()


def test_the_issue_can_be_leafed_through(page: Page, question: str) -> None:
    chip = ask(page, question).locator(".chip").first
    chip.click()
    contents = page.locator("#panel-contents")
    contents.locator("summary").click()
    current = contents.locator("[aria-current]")
    expect(current).to_have_count(1)
    titles = contents.locator("a").all_inner_texts()
    cited = titles.index(current.inner_text())
    assert cited < len(titles) - 1
    expect(page.locator("#panel-before")).to_have_attribute("aria-disabled", str(cited == 0).lower())

    headline = page.locator("#panel-article h3")
    page.locator("#panel-after").click()
    expect(headline).to_have_text(titles[cited + 1])
    expect(page.locator("#live")).to_have_text(titles[cited + 1])
    expect(page.locator("#panel-article mark")).to_have_count(0)
    page.locator("#panel-before").click()
    expect(headline).to_have_text(titles[cited])

    contents.locator("a").last.click()
    expect(headline).to_have_text(titles[-1])
    last = page.locator("#panel-after")
    expect(last).to_have_attribute("aria-disabled", "true")
    last.press("Enter")
    expect(headline).to_have_text(titles[-1])
    href = page.locator("#panel-link").get_attribute("href")
    assert href
    assert page.request.get(href).ok
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_other_papers_of_that_day_stand_below_the_contents(
    open_page: Callable[..., Page], open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    sync(archive, [
        write_issue("a.md", "2024-03-12", "放水\n\n水库放水。"),
        write_issue("b.md", "2024-03-12", "春茶\n\n春茶开园。", paper="松烟晚报"),
        write_issue("c.md", "2024-03-13", "合龙\n\n大桥合龙。", paper="松烟晚报"),
    ])  # fmt: skip
    with served(archive) as base:
        page = open_page(base)
        page.get_by_role("link", name="合龙").click()
        contents = page.locator("#panel-contents")
        contents.locator("summary").click()
        expect(contents.locator("h3")).to_have_count(0)
        page.goto("/#/?q=放水")
        page.locator(".chip", has_text="放水").first.click()
        expect(contents.locator("h3")).to_have_text("同日 《松烟晚报》")
        contents.get_by_role("link", name="春茶").click()
        expect(page.locator("#panel-article .imprint")).to_contain_text("《松烟晚报》")
        expect(page.locator("#panel-before")).to_have_attribute("aria-disabled", "true")


def test_the_back_button_closes_the_article(page: Page, question: str) -> None:
    ask(page, question).locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()
    page.go_back()
    expect(page.locator("#article-panel")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_new_conversation_puts_the_article_away(page: Page, question: str) -> None:
    ask(page, question).locator(".chip").first.click()
    expect(page.locator("#panel-article mark").first).to_be_visible()
    page.get_by_role("button", name="新对话").click()
    expect(page.locator("#article-panel")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_be_focused()
