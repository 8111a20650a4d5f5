"""Time the chat page in Chromium: the first load, and from Enter to the first passage and to the answer.

    python serve.py &
    python -m benchmarks.page examples/questions.jsonl [--url http://127.0.0.1:8000] [--times 20]

Every load begins with an empty cache, every question in a conversation of its own. All figures are medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, sync_playwright

from qa.jsonl import read_json_lines
from qa.training.squad import DatasetError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 120_000
# All modules have run when the document is loaded, and the box takes questions.
INTERACTIVE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
WATCH = """() => {
  const thread = document.getElementById("thread");
  const times = (window.wenbaoTimes = {});
  document.getElementById("question").addEventListener("keydown", () => (times.enter = performance.now()), { capture: true });
  const look = () => {
    const now = performance.now();
    if (thread.querySelector(".being-read, [data-state='done']")) times.passage ??= now;
    if (thread.querySelector("[data-state='done']")) times.answer ??= now;
  };
  new MutationObserver(look).observe(thread, { childList: true, subtree: true, attributes: true });
}"""
TIMES = "() => [wenbaoTimes.passage - wenbaoTimes.enter, wenbaoTimes.answer - wenbaoTimes.enter]"


def first_load(browser: Browser, url: str) -> tuple[int, int, float]:
    """Return the requests of a first visit, the bytes that came for them (heads too), and the milliseconds to interactive."""
    context = browser.new_context()
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(url)
    page.locator(".holdings:not(:empty)").wait_for(timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes() for request in finished]
    interactive = float(page.evaluate(INTERACTIVE))
    context.close()
    return len(sizes), sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes), interactive


def ask(page: Page, url: str, question: str) -> tuple[float, float]:
    """Return the milliseconds from Enter to the first passage and to the answer."""
    page.goto("about:blank")
    page.goto(url)
    page.locator(".holdings:not(:empty)").wait_for(timeout=PATIENCE_MS)
    page.evaluate(WATCH)
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator("#thread [data-state='done']").wait_for(timeout=PATIENCE_MS)
    passage, answer = page.evaluate(TIMES)
    return float(passage), float(answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="JSONL file of questions")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=20)
    arguments = parser.parse_args()
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise SystemExit(f"no browser found: install one of {', '.join(BROWSERS)}")
    questions = list(
        read_json_lines(arguments.file, lambda line: str(line.fields["question"]), code="examples_line", error=DatasetError)
    )
    flags = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        loads = [first_load(browser, arguments.url) for _ in range(arguments.times)]
        page = browser.new_page()
        asked = [ask(page, arguments.url, question) for question in islice(cycle(questions), arguments.times)]
        browser.close()
    requests, sizes, interactive = (statistics.median(column) for column in zip(*loads, strict=True))
    passage, answer = (statistics.median(column) for column in zip(*asked, strict=True))
    print(f"first load               {sizes / 1000:.1f} kB in {requests:.0f} requests")
    print(f"interactive after        {interactive:.0f} ms")
    print(f"Enter to first passage   {passage:.0f} ms")
    print(f"Enter to answer          {answer:.0f} ms")


if __name__ == "__main__":
    main()
