"""A real server over the example issues, and a real browser."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.reader import Reader
from qa.settings import Settings
from tests.support.paths import EXAMPLES
from tests.support.served import running

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 60_000  # the first answer may wait for a model to load, on a machine that does other work


@pytest.fixture(scope="session")
def live_server(example_archive: Archive, shipped_reader: Reader) -> Iterator[str]:
    """The base URL of a real server over the example issues."""
    settings = Settings.load(archive=example_archive.folder, examples=EXAMPLES / "questions.jsonl")
    shipped_reader.warm_up()
    with running(create_app(example_archive, shipped_reader, settings), settings) as base:
        while not json.load(urlopen(f"{base}/api/examples"))["questions"]:  # they are chosen in the background
            time.sleep(0.2)
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; the test is skipped where there is none, and fails on CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser found: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    flags = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium does not start as root otherwise
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the chat of a server in a fresh browser profile; options go to the profile."""
    expect.set_options(timeout=PATIENCE_MS)
    contexts: list[BrowserContext] = []

    def opened(base_url: str, address: str = "/", **options: object) -> Page:
        context = browser.new_context(**{"base_url": base_url, "viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        tab = context.new_page()
        tab.goto(address)
        return tab

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page], live_server: str) -> Page:
    """The chat of the real server, its welcome shown."""
    tab = open_page(live_server)
    expect(tab.locator(".holdings")).not_to_be_empty()
    return tab


@pytest.fixture
def question(page: Page) -> str:
    """A question that the example issues answer."""
    questions = page.request.get("/api/examples").json()["questions"]
    assert questions, "the example archive offers no question"
    return str(questions[0])
