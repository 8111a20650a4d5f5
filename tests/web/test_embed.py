"""The one line that puts the chat on the paper's own site, in a real browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from embeddings.store.archive import Archive
from tests.support.browsing import violations
from tests.support.served import served

pytestmark = pytest.mark.slow

Open = Callable[..., Page]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def end_headers(self) -> None:
        # A site as strict as it may be while it lets this one in.
        self.send_header("Content-Security-Policy", f"default-src 'self'; script-src {self.wenbao}; frame-src {self.wenbao}")
        super().end_headers()

    wenbao = ""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, type[_Quiet], str]]:
    """A paper's own site on another origin: its folder, its handler, its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = type("Site", (_Quiet,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def front(open_page: Open, open_archive: Callable[..., Archive], site: tuple[Path, type[_Quiet], str]) -> Iterator[Page]:
    """The paper's front page with the one line in it."""
    folder, handler, address = site
    with served(open_archive(), embed_origins=address) as base:
        handler.wenbao = base
        (folder / "index.html").write_text(
            f'<!doctype html><html lang="zh-CN"><title>砚溪日报</title><script src="{base}/embed.js" defer></script>'
            "<main><h1>砚溪日报</h1><a href='#a'>头条</a></main></html>",
            encoding="utf-8",
        )
        yield open_page(address)


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def listens(page: Page) -> None:
    """Wait until the chat in the frame hears keys and clicks: it says what the archive holds by then."""
    expect(chat(page).locator(".holdings")).not_to_be_empty()


def test_the_button_opens_the_chat_without_its_name_and_its_pages(front: Page) -> None:
    asked: list[str] = []
    front.on("request", lambda request: asked.append(request.url))
    expect(front.locator("dialog")).to_be_hidden()
    assert [url for url in asked if "embed=1" in url] == []
    front.get_by_role("button", name="问旧报").click()
    expect(chat(front).locator("#question")).to_be_visible()
    for left_out in ("h1", "nav"):
        expect(chat(front).locator(f".masthead {left_out}")).to_be_hidden()
    expect(front.get_by_role("dialog", name="问报：向旧报提问")).to_be_visible()
    assert front.context.cookies() == []


def test_esc_within_the_chat_closes_it_and_gives_the_focus_back(front: Page) -> None:
    button = front.get_by_role("button", name="问旧报")
    button.focus()
    front.keyboard.press("Enter")
    listens(front)
    chat(front).locator("#question").focus()
    chat(front).locator("#question").press("Escape")
    expect(front.locator("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    front.keyboard.press("Enter")
    front.get_by_role("button", name="关闭").click()
    expect(front.locator("dialog")).to_be_hidden()


def test_esc_closes_the_dialog_though_the_chat_is_not_there_yet(front: Page) -> None:
    front.route("**/?embed=1*", lambda _: None)  # a server that lets it wait
    button = front.get_by_role("button", name="问旧报")
    button.focus()
    front.keyboard.press("Enter")
    expect(front.get_by_role("button", name="关闭")).to_be_focused()
    front.keyboard.press("Escape")
    expect(front.locator("dialog")).to_be_hidden()
    expect(button).to_be_focused()


def test_the_chat_has_the_focus_once_it_is_there(front: Page) -> None:
    front.get_by_role("button", name="问旧报").click()
    expect(front.locator("iframe")).to_be_focused()
    front.get_by_role("button", name="关闭").click()
    front.get_by_role("button", name="问旧报").click()
    expect(front.locator("iframe")).to_be_focused()


def test_the_focus_stays_within_the_open_dialog(front: Page) -> None:
    front.get_by_role("button", name="问旧报").click()
    expect(chat(front).locator("#question")).to_be_visible()
    for _ in range(12):
        front.keyboard.press("Tab")
        inside = front.evaluate("() => document.activeElement === document.body || document.activeElement.shadowRoot !== null")
        assert inside


def test_what_was_asked_is_still_there_when_it_is_opened_again(front: Page) -> None:
    front.get_by_role("button", name="问旧报").click()
    listens(front)
    chat(front).locator("#question").fill("水库")
    front.get_by_role("button", name="关闭").click()
    front.get_by_role("button", name="问旧报").click()
    expect(chat(front).locator("#question")).to_have_value("水库")


def test_the_small_box_begins_anew_and_changes_its_language(front: Page) -> None:
    front.get_by_role("button", name="问旧报").click()
    box = chat(front)
    listens(front)
    box.locator("#question").fill("水库？")
    box.locator("#question").press("Enter")
    expect(box.locator(".turn .answer, .turn .failure")).to_be_visible()
    box.get_by_role("button", name="新对话").click()
    expect(box.locator("#welcome")).to_be_visible()
    frame = front.frames[1]
    assert "embed=1" in frame.url  # and so it stays a small box after a reload
    box.get_by_role("button", name="English").click()
    expect(box.locator("#send")).to_have_text("Ask")


def test_an_english_site_gets_an_english_chat(front: Page, site: tuple[Path, type[_Quiet], str]) -> None:
    folder, _, address = site
    page = (folder / "index.html").read_text(encoding="utf-8").replace('lang="zh-CN"', 'lang="en"')
    (folder / "english.html").write_text(page, encoding="utf-8")
    front.goto(f"{address}/english.html")
    front.get_by_role("button", name="Ask the newspaper archive").click()
    expect(chat(front).locator("#send")).to_have_text("Ask")


def test_other_pages_open_beside_the_site(front: Page) -> None:
    front.get_by_role("button", name="问旧报").click()
    listens(front)
    chat(front).locator("#question").fill("水库？")
    chat(front).locator("#question").press("Enter")
    with front.context.expect_page() as opened:
        chat(front).get_by_role("link", name="在报库里看").click()
    assert "/archive" in opened.value.url
    expect(chat(front).locator(".turn")).to_have_count(1)


def test_a_site_that_is_not_named_gets_no_chat(
    open_page: Open, open_archive: Callable[..., Archive], site: tuple[Path, type[_Quiet], str]
) -> None:
    folder, handler, address = site
    with served(open_archive()) as base:
        handler.wenbao = base
        (folder / "index.html").write_text(f'<!doctype html><script src="{base}/embed.js" defer></script><p>', encoding="utf-8")
        page = open_page(address)
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if "frame-ancestors" in line.text else None)
        page.get_by_role("button", name="问旧报").click()
        expect(page.locator("dialog")).to_be_visible()
        page.wait_for_timeout(500)
        assert refused
        expect(chat(page).locator("#question")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(front: Page, scheme: str) -> None:
    front.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert violations(front) == []
    front.get_by_role("button", name="问旧报").click()
    expect(chat(front).locator("#question")).to_be_visible()
    assert violations(front) == []


def test_a_phone_gives_the_chat_the_whole_screen(front: Page) -> None:
    front.set_viewport_size({"width": 390, "height": 700})
    front.get_by_role("button", name="问旧报").click()
    box = front.locator("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 700)
