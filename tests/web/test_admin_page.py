"""The operator's page in a real browser: behind the token, with upload, removal, gaps and a test question."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from embeddings.ingest.sync import sync
from embeddings.ingest.uploads import Upload, take_in
from embeddings.store.archive import Archive
from tests.support.browsing import overflow, violations
from tests.support.served import served

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
TOKEN = "令牌-3fd2"
BROKEN = "---\npaper: [砚溪日报\n---\n# 放水\n\n开闸。\n"


def issue_text(day: str, number: int | None = None, paper: str | None = "砚溪日报", title: str = "放水") -> str:
    named = f"paper: {paper}\n" if paper else ""
    numbered = f"number: {number}\n" if number else ""
    return f"---\n{named}{numbered}date: {day}\n---\n# {title}\n\n卧虹水库{day}开闸放水。\n"


def payload(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}


@pytest.fixture
def archive(open_archive: Callable[..., Archive], write_issue: Callable[..., Path]) -> Archive:
    """One issue from the operator's folder, one uploaded."""
    opened = open_archive()
    sync(opened, [write_issue("2024-03-12.md", "2024-03-12", "春茶\n\n春茶开园。")])
    take_in(opened, [Upload("2024-03-13.md", issue_text("2024-03-13").encode())])
    return opened


@pytest.fixture
def base(archive: Archive) -> Iterator[str]:
    with served(archive, admin_token=TOKEN) as url:
        yield url


def enter(page: Page, token: str = TOKEN) -> None:
    page.locator("#token").fill(token)
    page.locator("#token").press("Enter")
    if token == TOKEN:
        expect(page.locator("#held table")).to_be_visible()


@pytest.fixture
def desk(open_page: Open, base: str) -> Page:
    page = open_page(base, "/admin")
    enter(page)
    return page


def send(page: Page, *files: FilePayload, take: bool = True) -> None:
    """Choose files, see what they are read as, and have them taken."""
    page.locator("#files").set_input_files(list(files))
    leave = page.get_by_role("button", name="不收")
    expect(leave).to_be_visible()
    if take:
        page.get_by_role("button", name="收入这").click()
        expect(leave).to_have_count(0)


def held(page: Page) -> list[str]:
    return page.locator("#held tbody th").all_inner_texts()


# The door


def test_a_wrong_token_is_told_and_shows_nothing(open_page: Open, base: str) -> None:
    page = open_page(base, "/admin")
    expect(page.locator("#token")).to_be_focused()
    enter(page, "wrong")
    expect(page.locator("#enter-told")).to_have_text("口令不对，请再输一次。")
    expect(page.locator("#desk")).to_be_hidden()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_the_token_stays_in_this_tab_alone_and_goes_on_leaving(desk: Page) -> None:
    assert desk.evaluate("() => Object.values(sessionStorage)") == [TOKEN]
    assert TOKEN not in str(desk.evaluate("() => Object.values(localStorage)"))
    assert desk.context.cookies() == []
    desk.reload()
    expect(desk.locator("#held table")).to_be_visible()
    other = desk.context.new_page()
    other.goto(desk.url)
    expect(other.locator("#token")).to_be_visible()
    desk.get_by_role("button", name="退出").click()
    expect(desk.locator("#token")).to_be_focused()
    assert desk.evaluate("() => sessionStorage.length") == 0


def test_where_no_token_is_set_the_page_says_how(open_page: Open, archive: Archive) -> None:
    with served(archive) as base:
        page = open_page(base, "/admin")
        expect(page.locator(".failure")).to_contain_text("WENBAO_ADMIN_TOKEN")
        expect(page.locator("#token")).to_have_count(0)


# Uploading


def test_an_upload_reports_each_failed_file_with_line_and_reason(desk: Page) -> None:
    files = [
        payload("2024-03-14.md", issue_text("2024-03-14")),
        payload("<b>坏.md", BROKEN),
        payload("无日期.md", "# 放水\n\n开闸。\n"),
    ]
    send(desk, *files)
    expect(desk.locator("#upload-told")).to_contain_text("收入 1 期，更新 0 期，0 期已有，2 个文件没有收入。")
    rows = [row.locator("th, td").all_inner_texts() for row in desk.locator(".failed tbody tr").all()]
    assert sorted(name for name, _, _ in rows) == ["<b>坏.md", "无日期.md"]
    broken = next(row for row in rows if row[0] == "<b>坏.md")
    assert broken[1] == "3"
    assert broken[2].startswith("开头的说明（front matter）不是有效的 YAML")
    undated = next(row for row in rows if row[0] == "无日期.md")
    assert undated[2].startswith("没有找到日期")
    desk.get_by_role("button", name="English").click()
    expect(desk.locator(".failed tbody")).to_contain_text("The front matter is not valid YAML")
    expect(desk.locator(".failed tbody")).to_contain_text("No date found")
    desk.get_by_role("button", name="中文").click()
    assert held(desk) == ["2024年3月14日", "2024年3月13日", "2024年3月12日"]
    expect(desk.locator("#progress")).to_be_hidden()


def test_files_can_be_dropped_and_the_progress_is_shown(desk: Page) -> None:
    seen: list[str] = []
    desk.expose_function("told", lambda text: seen.append(text))
    desk.evaluate(
        "() => new MutationObserver(() => told(document.querySelector('#progress-told').textContent))"
        ".observe(document.querySelector('#progress-told'), { childList: true })"
    )
    texts = [issue_text(f"2024-04-{day:02d}") for day in range(1, 11)]
    transfer = desk.evaluate_handle(
        "texts => { const data = new DataTransfer();"
        " texts.forEach((text, at) => data.items.add(new File([text], `${at}.md`))); return data; }",
        texts,
    )
    desk.locator("#drop").dispatch_event("dragover", {"dataTransfer": transfer})
    expect(desk.locator("#drop")).to_have_class("drop over")
    desk.locator("#drop").dispatch_event("drop", {"dataTransfer": transfer})
    desk.get_by_role("button", name="收入这 10 个文件").click()
    expect(desk.locator("#upload-told")).to_contain_text("收入 10 期")
    assert "正在传第 1–8 个，共 10 个文件" in seen
    assert any(line.startswith("正在看第 9–10 个") for line in seen)
    assert any(line.startswith("正在读入第 9–10 个") for line in seen)
    expect(desk.locator("#held tbody th")).to_have_count(12)


def test_a_file_over_the_limit_is_refused_here(open_page: Open, archive: Archive) -> None:
    with served(archive, admin_token=TOKEN, max_upload=2048) as base:
        page = open_page(base, "/admin")
        enter(page)
        send(page, payload("大.md", "字" * 1000), payload("小.md", issue_text("2024-03-15")))
        expect(page.locator("#upload-told")).to_contain_text("收入 1 期")
        expect(page.locator(".failed tbody")).to_contain_text("WENBAO_MAX_UPLOAD")


def test_a_file_without_a_paper_gets_the_one_written_beside_it(desk: Page) -> None:
    desk.locator("#upload-paper").fill("松烟晚报")
    send(desk, payload("a.md", issue_text("2024-03-15", paper=None)))
    expect(desk.locator("#held tbody tr").first).to_contain_text("松烟晚报")


def test_what_files_are_read_as_is_shown_and_nothing_is_kept_unless_it_is_confirmed(desk: Page, archive: Archive) -> None:
    send(desk, payload("a.md", issue_text("2024-03-15", 9319, title="修灯")), payload("坏.md", BROKEN), take=False)
    (row,) = desk.locator(".preview tbody tr").all()
    assert row.locator("th").inner_text() == "a.md"
    assert row.locator("td").all_inner_texts()[:2] == ["plain · UTF-8 · 新文件", "砚溪日报 2024年3月15日 总第9319期"]
    expect(row).to_contain_text("1 篇")
    expect(row.locator("li")).to_have_text(["修灯"])
    expect(desk.locator(".failed tbody th")).to_have_text(["坏.md"])
    expect(desk.get_by_role("button", name="收入这 1 个文件")).to_be_focused()
    desk.get_by_role("button", name="不收").click()
    expect(desk.locator("#upload-told")).to_be_empty()
    assert archive.issue("yxrb-2024-03-15") is None
    assert len(held(desk)) == 2


# What is held


def test_only_an_uploaded_issue_can_be_removed_and_only_when_confirmed(desk: Page) -> None:
    expect(desk.locator("#held tbody tr", has_text="3月12日")).to_contain_text("文件夹中的文件")
    remove = desk.get_by_role("button", name="删除 2024年3月13日 砚溪日报")
    remove.click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("删除2024年3月13日的《砚溪日报》？")
    expect(dialog.get_by_role("button", name="不删")).to_be_focused()
    desk.keyboard.press("Escape")
    assert len(held(desk)) == 2
    remove.click()
    dialog.get_by_role("button", name="不删").click()
    assert len(held(desk)) == 2
    remove.click()
    dialog.get_by_role("button", name="删除").click()
    expect(desk.locator("#held")).to_contain_text("已删除 yxrb-2024-03-13。")
    assert held(desk) == ["2024年3月12日"]


def test_a_failed_removal_is_told(desk: Page) -> None:
    error = {"error": {"code": "archive_busy", "message": "另一个命令正在改动档案，请稍后再试", "field": None}}
    desk.route("**/api/issues/*", lambda route: route.fulfill(status=503, json=error))
    desk.get_by_role("button", name="删除 2024年3月13日 砚溪日报").click()
    desk.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(desk.locator("#held .failure")).to_have_text("另一个命令正在改动档案，请稍后再试")
    assert len(held(desk)) == 2


def test_gaps_in_the_numbers_are_listed(open_page: Open, example_archive: Archive) -> None:
    with served(example_archive, admin_token=TOKEN) as base:
        page = open_page(base, "/admin")
        enter(page)
        expect(page.locator("#gaps li")).to_have_text("《砚溪日报》缺总第9319–9321期（2024年3月14日与2024年3月18日之间，3 期）")


def test_no_gap_is_told_too(desk: Page) -> None:
    expect(desk.locator("#gaps")).to_have_text("各报的总第期数没有缺口。")


# Trying and feedback


def test_a_test_question_tells_its_answer_and_its_times(desk: Page) -> None:
    desk.locator("#try-question").fill("卧虹水库哪天放水？")
    desk.locator("#try-question").press("Enter")
    expect(desk.locator(".tried")).to_contain_text("把握 0.")
    expect(desk.locator("#try-told .note")).to_contain_text("毫秒")
    expect(desk.locator("#try-told .note")).to_contain_text("sentence-extractor")
    expect(desk.locator(".tried-citations a").first).to_have_text("放水")


def test_feedback_is_downloaded_with_the_token(desk: Page) -> None:
    desk.get_by_role("button", name="下载反馈").click()
    expect(desk.locator("#feedback")).to_have_text("还没有人留下反馈。")
    sent = desk.request.post("/api/feedback", data={"question": "水库？", "helpful": True})
    assert sent.status == 204
    with desk.expect_download() as download:
        desk.locator("#feedback").click()
    assert download.value.suggested_filename == "feedback.jsonl"
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["question"] == "水库？"


# Fit


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(open_page: Open, base: str, scheme: str) -> None:
    page = open_page(base, "/admin", color_scheme=scheme)
    enter(page, "wrong")
    expect(page.locator("#enter-told")).to_be_visible()
    assert violations(page) == []
    enter(page)
    page.locator("#files").set_input_files([payload("坏.md", BROKEN)])
    expect(page.locator(".failed")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="删除 2024年3月13日 砚溪日报").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_needs_no_sideways_scrolling(open_page: Open, base: str, width: int) -> None:
    page = open_page(base, "/admin", viewport={"width": width, "height": 700})
    enter(page)
    page.locator("#files").set_input_files([payload("坏.md", BROKEN)])
    expect(page.locator(".failed")).to_be_visible()
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert overflow(page) <= 0


def test_the_page_speaks_english(desk: Page) -> None:
    desk.get_by_role("button", name="English").click()
    expect(desk.locator("#gaps")).to_have_text("No paper’s numbers have a gap.")
    expect(desk.locator("#held tbody th").first).to_have_text("March 13, 2024")
    expect(desk).to_have_title("Administration - Wenbao")
