"""What the chat shows of days, earlier turns and timelines, as the real server understands them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from embeddings.ingest.sync import sync
from embeddings.store.archive import Archive
from tests.support.browsing import STREAM, ask, letters
from tests.support.served import served

pytestmark = pytest.mark.slow

LENGTH = "虹渡大桥全长多少？"
COST = "总投资多少？"
SERIES = "三月里卧虹水库的蓄水量怎么变化？"
NO_PAPER = "3月15日那天的报纸上说了什么？"


def sent(page: Page, act: Callable[[], None]) -> dict[str, Any]:
    """Return what is sent to the server by this act."""
    with page.expect_request(STREAM) as request:
        act()
    body: dict[str, Any] = request.value.post_data_json
    return body


# Earlier turns


@pytest.fixture
def following(page: Page) -> Locator:
    """A turn that leans on the one before."""
    ask(page, LENGTH)
    return ask(page, COST)


def test_a_question_that_leans_on_an_earlier_one_says_how_it_was_completed(following: Locator) -> None:
    expect(following.locator(".fact").first).to_contain_text("虹渡大桥")
    expect(following.locator(".fact").first).to_contain_text("总投资多少")
    expect(following.locator(".chip").first).to_contain_text("虹渡大桥")


def test_the_completion_comes_off_and_the_question_is_asked_alone(page: Page, following: Locator) -> None:
    body = sent(page, following.locator(".fact .remove").first.click)
    assert (body["question"], body["history"]) == (COST, [])
    last = page.locator(".turn").last
    expect(last).not_to_have_attribute("data-state", "asking")
    expect(last.locator(".fact", has_text="虹渡大桥")).to_have_count(0)


def test_the_completion_is_changed_and_asked_alone(page: Page, following: Locator) -> None:
    following.locator(".fact .change").first.click()
    box = following.locator(".fact input")
    expect(box).to_be_focused()
    assert "虹渡大桥" in box.input_value()
    box.fill("虹渡大桥连接哪两个区？")
    body = sent(page, lambda: box.press("Enter"))
    assert (body["question"], body["history"]) == ("虹渡大桥连接哪两个区？", [])


# Other spellings


@pytest.fixture
def spelt(
    open_page: Callable[..., Page], open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> Iterator[Page]:
    archive = open_archive()
    articles = ("环卫工\n\n环卫工敖守义捡到二万元。", "劳模\n\n劳模李丽获奖三次。劳模李莉获奖五次。")
    sync(archive, [write_issue("a.md", "2023-03-12", *articles)])
    with served(archive) as base:
        yield open_page(base)


def test_the_spelling_that_was_asked_beside_the_question_is_shown(spelt: Page) -> None:
    turn = ask(spelt, "环卫工敖首义捡到多少元？")
    expect(turn.locator(".fact", has_text="环卫工敖守义捡到多少元？")).to_have_count(1)


def test_names_that_sound_alike_are_offered_to_choose_from(spelt: Page) -> None:
    turn = ask(spelt, "劳模李力获奖几次？")
    offered = turn.locator(".fact", has_text="想问的是")
    expect(offered).to_have_count(2)
    body = sent(spelt, turn.get_by_role("button", name="想问的是“劳模李莉获奖几次？”吗？").click)
    assert (body["question"], body["history"]) == ("劳模李莉获奖几次？", [])


# A number told on several days


def test_a_number_told_on_several_days_is_drawn_as_a_timeline(page: Page) -> None:
    told = page.request.post("/api/ask", data={"question": SERIES}).json()["timeline"]
    assert len({moment["date"] for moment in told}) > 1
    turn = ask(page, SERIES)
    days = [time.get_attribute("datetime") for time in turn.locator(".timeline time").all()]
    assert days == [moment["date"] for moment in told] == sorted(days)
    values = turn.locator(".timeline a.value > :first-child").all_inner_texts()
    assert values == [moment["answer"] for moment in told]
    # The newest stands large, once, and not a list of them all.
    expect(turn.locator(".words")).to_have_count(1)
    if len(told) > 2:
        expect(turn.get_by_role("img")).to_be_visible()

    turn.locator(".timeline a.value").first.click()
    mark = page.locator("#panel-article mark")
    expect(mark.first).to_be_in_viewport()
    assert letters(values[0]) in letters("".join(mark.all_inner_texts()))


# Days


def test_a_day_without_a_paper_is_told_with_the_issues_around_it(page: Page) -> None:
    turn = ask(page, NO_PAPER)
    expect(turn.locator(".answer")).to_have_text("所查报纸中没有找到答案。")
    told = turn.locator(".lacking")
    expect(told).to_contain_text("报库里没有2024年3月15日的报纸。")
    expect(told).to_contain_text("中间缺 3 期")
    expect(page.locator("#live")).to_contain_text("报库里没有2024年3月15日的报纸。")
    before, after = told.get_by_role("link").all()
    assert [link.inner_text() for link in (before, after)] == ["2024年3月14日", "2024年3月18日"]
    page.get_by_role("button", name="English").click()
    expect(told).to_contain_text("The archive has no paper of March 15, 2024.")
    told.get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(r"/issues/yxrb-2024-03-18$"))
    expect(page).to_have_title("砚溪日报, March 18, 2024 - Wenbao")


def test_a_day_that_only_print_can_mean_is_shown_so(page: Page) -> None:
    turn = ask(page, "3月13日那天的报纸上登了什么招聘？")
    expect(turn.locator(".fact").first).to_contain_text("只查2024年3月13日的报纸")
    expect(turn.locator(".searched")).to_contain_text("2024年3月13日的 1 期")


def test_a_day_without_a_year_may_be_asked_of_another_year(
    open_page: Callable[..., Page], open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    issues = [write_issue(f"{year}.md", f"{year}-03-12", f"放水\n\n卧虹水库3月12日放水{year}立方米。") for year in (2022, 2023)]
    sync(archive, issues)
    with served(archive) as base:
        page = open_page(base)
        turn = ask(page, "3月12日卧虹水库放水多少立方米？")
        expect(turn.locator(".fact").first).to_contain_text("2023年3月12日")
        turn.locator(".fact .change").first.click()
        body = sent(page, turn.get_by_role("button", name="2022年3月12日").click)
        assert body["question"] == "2022年3月12日卧虹水库放水多少立方米？"
        last = page.locator(".turn").last
        expect(last.locator(".fact .change").first).to_have_text("2022年3月12日")  # nothing more to say of it


def test_a_whole_month_is_named_as_one(
    open_page: Callable[..., Page], open_archive: Callable[..., Archive], write_issue: Callable[..., Path]
) -> None:
    archive = open_archive()
    sync(archive, [write_issue("a.md", "2023-03-12", "放水\n\n卧虹水库放水二十天。")])
    with served(archive) as base:
        turn = ask(open_page(base), "3月卧虹水库放水多少天？")
        expect(turn.locator(".fact small").first).to_have_text("2023年3月")
