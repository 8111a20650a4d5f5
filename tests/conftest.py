"""What tests share: a toy encoder for the rules, and one loaded model, archive and server for the whole path."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from embeddings.ingest.sync import sync
from embeddings.models.encoder import SentenceEncoder, load_encoder
from embeddings.settings import ENV_PREFIX, ArchiveSettings
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.loading import load_reader
from qa.reading.reader import Reader
from qa.settings import Settings
from tests.support.doubles import ToyEncoder, tiny_encoder
from tests.support.paths import EXAMPLES
from tests.support.served import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What the shell sets for a server of its own must not steer the tests.
for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
    del os.environ[name]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000  # the first answer may wait for a model to load


@pytest.fixture
def toy() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def open_archive(tmp_path: Path, toy: ToyEncoder) -> Callable[..., Archive]:
    """Open (and make) an archive under the test's own folder, with the toy encoder unless another is given."""

    def opened(encoder: ToyEncoder = toy, **settings: object) -> Archive:
        chosen = ArchiveSettings.load(archive=tmp_path / "archive", **settings)
        return Archive.open(chosen, lambda name: encoder, create=True)

    return opened


@pytest.fixture
def write_issue(tmp_path: Path) -> Callable[..., Path]:
    """Write an issue file of the given articles, each a headline and its lines, into the folder issues."""

    def written(name: str, day: str, *articles: str, paper: str = "砚溪日报") -> Path:
        path = tmp_path / "issues" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(f"# {article}" for article in articles)
        path.write_text(f"---\npaper: {paper}\ndate: {day}\n---\n{text}\n", encoding="utf-8")
        return path.resolve()

    return written


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    """A real encoder that is tiny and knows nothing; tests must not change it."""
    return tiny_encoder(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """A network so small gains nothing from a second thread, and waits for it where the cores are busy."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real model, loaded once."""
    return load_encoder()


@pytest.fixture(scope="session")
def example_archive(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The example issues, indexed by the real model; tests must not change it."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("examples") / "archive")
    archive = Archive.open(settings, lambda name: encoder, create=True)
    report = sync(archive, [EXAMPLES / "issues"])
    assert not report.failed
    return archive


@pytest.fixture(scope="session")
def shipped_reader(example_archive: Archive) -> Reader:
    """The reader that comes with the package, loaded once."""
    return load_reader(example_archive, Settings.load(archive=example_archive.folder))


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
    from playwright.sync_api import sync_playwright

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
    from playwright.sync_api import BrowserContext, expect

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
    from playwright.sync_api import expect

    tab = open_page(live_server)
    expect(tab.locator(".holdings")).not_to_be_empty()
    return tab


@pytest.fixture
def question(page: Page) -> str:
    """A question that the example issues answer."""
    questions = page.request.get("/api/examples").json()["questions"]
    assert questions, "the example archive offers no question"
    return str(questions[0])
