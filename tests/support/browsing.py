"""What the tests of the pages share: a canned answer, and how a page is asked and looked at."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Locator, Page, Route, expect
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("playwright is not installed", allow_module_level=True)

UNANSWERABLE = "今天纳斯达克指数收在多少点？"
STREAM = "**/api/ask/stream"

MARKUP = "<b>开馆</b><img src=x onerror=alert(1)>"
CANNED: dict[str, Any] = {
    "question": "书屋何时开放？",
    "understood_as": "渡口镇书屋何时开放？",
    "answered": True,
    "confidence": 0.6,
    "answer": "5月1日",
    "answers": [
        {"text": "5月1日", "confidence": 0.6, "certainty": "middle", "citation": 1},
        {"text": "5月3日", "confidence": 0.3, "certainty": "low", "citation": 2},
    ],
    "citations": [
        {
            "id": number,
            "chunk_id": f"dkb-2022-04-2{number}-01-01",
            "article_id": f"dkb-2022-04-2{number}-01",
            "issue_id": f"dkb-2022-04-2{number}",
            "paper": "渡口报",
            "issue_date": f"2022-04-2{number}",
            "issue_number": None,
            "page": None,
            "title": MARKUP,
            "kicker": None,
            "byline": None,
            "source": None,
            "before": "",
            "quote": f"渡口镇<i>书屋</i>定于{day}开放。",
            "after": "",
            "quote_start": 0,
            "quote_end": 22,
            "answer_start": 14,
            "answer_end": 18,
            "event_dates": [],
            "url": f"/articles/dkb-2022-04-2{number}-01#c0-22",
            "gbt7714": f"开馆[N]. 渡口报, 2022-04-2{number}.",
        }
        for number, day in ((1, "5月1日"), (2, "5月3日"))
    ],
    "timeline": [],
    "searched": {"issues": 2, "articles": 9, "from": "2022-04-21", "to": "2022-04-22"},
    "took_ms": {"total": 1},
}
UNDERSTOOD: dict[str, Any] = {
    "question": CANNED["question"],
    "understood_as": CANNED["understood_as"],
    "kind": "date",
    "dates": [],
    "parts": [],
    "filters": {"from": None, "to": None, "issue_id": None, "paper": None},
}


def stream_of(
    answer: dict[str, Any], understood: dict[str, Any] = UNDERSTOOD, passages: Sequence[dict[str, Any]] = ()
) -> Callable[[Route], None]:
    """Return a handler that streams this answer, and the passages that were read for it, in place of the server's."""
    read = {"passages": list(passages), "searched": answer["searched"]}
    steps = [("understood", understood), ("passages", read), ("answer", answer), ("done", {"took_ms": answer["took_ms"]})]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in steps)
    return lambda route: route.fulfill(body=body, content_type="text/event-stream")


def send(page: Page, text: str) -> Locator:
    """Send a question and return its turn."""
    page.locator("#question").fill(text)
    page.locator("#question").press("Enter")
    turn = page.locator(".turn").last
    expect(turn.locator(".question")).to_have_text(text)
    return turn


def ask(page: Page, text: str) -> Locator:
    """Send a question and wait until it is no longer running."""
    turn = send(page, text)
    expect(turn).not_to_have_attribute("data-state", "asking")
    return turn


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with what is shown now."""
    page.evaluate("() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))")
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


def overflow(page: Page, selector: str = "html") -> int:
    return int(page.locator(selector).evaluate("node => node.scrollWidth - node.clientWidth"))
