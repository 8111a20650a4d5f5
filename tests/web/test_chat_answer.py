"""What the chat shows of an answer: words, confidence, sources, days, near passages, and what can be taken along."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browsing import CANNED, MARKUP, STREAM, UNANSWERABLE, ask, letters, stream_of

pytestmark = pytest.mark.slow

VALUES = (
    ("2022-04-19", "几百人", 1, None, "人"),
    ("2022-04-20", "1,200人", 1, 1200, "人"),
    ("2022-04-21", "1500人", 1, 1500, "人"),
    ("2022-04-29", "1.2万人", 2, 12000, "人"),
)


def answer(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CANNED), **changes}


def timeline(*entries: tuple[str, str, int, int | None, str]) -> dict[str, Any]:
    fields = ("date", "answer", "citation", "value", "unit")
    return answer(timeline=[dict(zip(fields, entry, strict=True)) for entry in entries])


def test_an_answer_stands_large_above_its_sentence(page: Page, question: str) -> None:
    turn = ask(page, question)
    words = turn.locator(".words").first
    quote = turn.locator("blockquote").first
    assert words.inner_text() in quote.inner_text()
    expect(quote.locator("mark").first).to_have_text(words.locator("strong").inner_text())
    sizes = [float(node.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) for node in (words, quote)]
    assert sizes[0] > 1.1 * sizes[1]
    expect(turn.locator(".chip").first).to_contain_text("《砚溪日报》")
    expect(turn.locator(".chip").first).to_contain_text("总第")
    expect(page.locator("#live")).to_contain_text("答：")


def test_questions_to_go_on_with_are_offered_and_asked(page: Page, question: str) -> None:
    turn = ask(page, question)
    offered = turn.locator(".further button")
    expect(offered.first).to_be_visible(timeout=60_000)
    text = offered.first.inner_text()
    offered.first.click()
    expect(page.locator(".turn").last.locator(".question")).to_have_text(text)
    expect(page.locator(".turn").last.locator(".words").first).to_be_visible()
    page.reload()
    expect(page.locator(".turn").first.locator(".further button").first).to_have_text(text)


def test_questions_to_go_on_with_disturb_nothing_that_is_being_read(page: Page) -> None:
    waiting: list[Route] = []
    page.route(STREAM, stream_of(answer()))
    page.route("**/api/further*", lambda route: waiting.append(route))  # Playwright marks the function it is given
    with page.expect_request("**/api/further*"):
        turn = ask(page, CANNED["question"])
    chip = turn.locator(".chip").first
    chip.focus()
    chip.evaluate("node => { window.read = node; }")
    waiting[0].fulfill(json={"questions": ["书屋有多少册书？"]})
    expect(turn.locator(".further button")).to_have_text("书屋有多少册书？")
    assert page.evaluate("document.activeElement === window.read")


@pytest.mark.parametrize(("certainty", "word"), [("high", "很有把握"), ("middle", "较有把握"), ("low", "不太确定")])
def test_confidence_is_the_word_that_the_server_chose(page: Page, certainty: str, word: str) -> None:
    confidence = 0.6543
    said = {"text": "5月1日", "confidence": confidence, "certainty": certainty, "citation": 1}
    page.route(STREAM, stream_of(answer(answers=[said])))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".confidence")).to_have_text(word)
    expect(turn).not_to_contain_text(str(confidence))


def parted(before: str, words: str, after: str) -> dict[str, Any]:
    return {"clause_start": 0, "clause_end": 9, "clause_parts": {"before": before, "answer": words, "after": after}}


def test_what_is_not_likely_stands_small_behind_perhaps(page: Page) -> None:
    said = {"text": "两孔", "confidence": 0.4, "certainty": "low", "citation": 1, **parted("将提起", "两孔", "闸门")}
    page.route(STREAM, stream_of(answer(answers=[said])))
    turn = ask(page, CANNED["question"])
    words = turn.locator(".words")
    expect(words).to_have_text("将提起两孔闸门")
    expect(words.locator("strong")).to_have_text("两孔")
    expect(turn.locator(".answer")).to_contain_text("可能是")
    sizes = [
        float(node.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))
        for node in (words, turn.locator("blockquote").first)
    ]
    assert sizes[0] <= sizes[1]


OTHERS = [
    {
        "text": text,
        "confidence": 0.2,
        "certainty": "low",
        **parted("定于", text, "开放"),
        "citation": CANNED["citations"][1] | {"id": 1},
    }
    for text in ("5月3日", "5月9日")
]


def test_another_candidate_takes_the_place_of_the_answer(page: Page) -> None:
    first = CANNED["answers"][0] | parted("定于", "5月1日", "开放")
    page.route(STREAM, stream_of(answer(answers=[first], citations=CANNED["citations"][:1], alternatives=OTHERS)))
    page.route("**/api/further*", lambda route: route.fulfill(json={"questions": []}))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".alternatives li")).to_have_count(2)
    with page.expect_request(lambda request: request.url.endswith("/api/feedback") and request.method == "POST") as sent:
        turn.locator(".alternatives li button").nth(1).click()
    assert sent.value.post_data_json == {"question": CANNED["question"], "rejected": "5月1日", "chosen": "5月9日"}
    expect(turn.locator(".words strong")).to_have_text("5月9日")
    expect(turn.locator(".answer")).to_contain_text("您选的")
    expect(turn.locator(".alternatives strong")).to_have_text(["5月1日", "5月3日"])
    page.reload()
    expect(page.locator(".turn .words strong")).to_have_text("5月9日")
    page.locator(".turn .alternatives li button").first.click()
    expect(page.locator(".turn .words strong")).to_have_text("5月1日")
    expect(page.locator(".turn .chip")).to_contain_text("4月21日")


def test_none_of_them_opens_what_else_was_read(page: Page) -> None:
    first = CANNED["answers"][0] | parted("定于", "5月1日", "开放")
    said = answer(answers=[first], citations=CANNED["citations"][:1], alternatives=OTHERS[:1])
    page.route(STREAM, stream_of(said, passages=[CANNED["citations"][1] | {"near": True}]))
    turn = ask(page, CANNED["question"])
    read = turn.locator("details.read")
    expect(read).not_to_have_attribute("open", "")
    expect(turn.locator(".alternatives")).to_be_visible()
    turn.get_by_role("button", name="都不是").click()
    expect(read).to_have_attribute("open", "")
    expect(read.locator("blockquote").first).to_be_visible()
    expect(read.locator("> summary")).to_be_focused()


def test_several_answers_are_a_list(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".answers .words")).to_have_text(["5月1日", "5月3日"])
    expect(turn.locator(".answers a.number")).to_have_text(["1", "2"])
    expect(turn.locator("blockquote mark")).to_have_text(["5月1日", "5月3日"])


def test_numbers_of_one_unit_are_drawn_as_a_line(page: Page) -> None:
    page.route(STREAM, stream_of(timeline(*VALUES[1:])))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".timeline time")).to_have_text(["2022年4月20日", "2022年4月21日", "2022年4月29日"])
    expect(turn.locator(".timeline .value .number")).to_have_text(["1", "1", "2"])
    chart = turn.get_by_role("img")
    expect(chart).to_have_accessible_name("折线图：2022年4月20日1,200人，2022年4月29日1.2万人，共 3 个数")
    points = [
        (float(dot.get_attribute("cx") or 0), float(dot.get_attribute("cy") or 0)) for dot in chart.locator("circle").all()
    ]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert (points[1][0] - points[0][0]) * 7 < points[2][0] - points[1][0]  # a day, and eight
    assert points[0][1] > points[1][1] > points[2][1]  # 1.2万 stands highest


def test_the_axis_keeps_the_order_and_the_distance_of_the_days(page: Page) -> None:
    page.route(STREAM, stream_of(timeline(*reversed(VALUES))))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".timeline time")).to_have_text(["2022年4月19日", "2022年4月20日", "2022年4月21日", "2022年4月29日"])
    expect(turn.get_by_role("img")).to_have_count(0)  # what 几百人 is worth cannot be told
    tops = [float(node.evaluate("node => node.getBoundingClientRect().top")) for node in turn.locator(".timeline li").all()]
    assert tops[3] - tops[2] > tops[2] - tops[1]
    turn.locator(".timeline a.value").last.click()
    expect(page.locator("#article-panel")).to_be_visible()


def test_numbers_of_different_units_are_not_drawn(page: Page) -> None:
    entries = (
        ("2022-04-20", "12人", 1, 12, "人"), ("2022-04-21", "15户", 1, 15, "户"), ("2022-04-22", "18人", 2, 18, "人"),
    )  # fmt: skip
    page.route(STREAM, stream_of(timeline(*entries)))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".timeline .value")).to_have_count(3)
    expect(turn.get_by_role("img")).to_have_count(0)


def test_no_answer_says_what_was_searched(page: Page) -> None:
    turn = ask(page, UNANSWERABLE)
    expect(turn.locator(".answer")).to_have_text("所查报纸中没有找到答案。")
    issues = page.request.get("/api/health").json()["issues"]
    expect(turn.locator(".searched")).to_contain_text(f"{issues} 期")
    expect(turn.locator("mark")).to_have_count(0)
    expect(turn.locator(".citation:not(.near .citation)")).to_have_count(0)


def test_near_passages_are_clearly_no_answers(page: Page) -> None:
    near = [{**citation, "near": True} for citation in CANNED["citations"]]
    page.route(STREAM, stream_of(answer(answered=False, answer=None, answers=[], citations=near)))
    turn = ask(page, CANNED["question"])
    expect(turn.locator(".answer")).to_have_text("所查报纸中没有找到答案。")
    expect(turn.locator(".near h3")).to_have_text("相近的报道，不是答案")
    expect(turn.locator(".near .citation")).to_have_count(2)
    expect(turn.locator("mark, .confidence, .words")).to_have_count(0)


def test_copying_takes_the_citation_along(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.route(STREAM, stream_of(CANNED))
    turn = ask(page, CANNED["question"])
    turn.get_by_role("button", name="复制引文").first.click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    first = CANNED["citations"][0]
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"{first['quote']}\n{first['gbt7714']}"


def test_references_are_saved_as_files(page: Page, question: str) -> None:
    turn = ask(page, question)
    opener = turn.locator(".menu summary").first
    starts = {"BibTeX": "@", "RIS": "TY  - ", "CSL-JSON": "["}
    for name, start in starts.items():
        opener.click()
        with page.expect_download() as saved:
            turn.get_by_role("link", name=name).first.click()
        assert saved.value.path().read_text(encoding="utf-8").startswith(start)
        expect(turn.get_by_role("link", name=name)).to_be_hidden()
    opener.click()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(turn.get_by_role("link", name="RIS")).to_be_hidden()


def test_markup_is_shown_as_text(page: Page) -> None:
    page.route(STREAM, stream_of(CANNED))
    turn = ask(page, "<i>书屋</i>何时开放？")
    expect(turn.locator(".headline").first).to_have_text(MARKUP)
    expect(turn.locator("blockquote").first).to_have_text(CANNED["citations"][0]["quote"])
    expect(turn.locator("b, i, img")).to_have_count(0)
    expect(turn).not_to_contain_text("null")
    page.locator("#conversations-open").click()
    expect(page.locator("#conversations-list a")).to_have_text("<i>书屋</i>何时开放？")


def test_a_saved_address_that_is_no_article_is_no_link(page: Page) -> None:
    wrong = [{**citation, "url": "javascript:alert(1)"} for citation in CANNED["citations"]]
    page.route(STREAM, stream_of(answer(citations=wrong)))
    assert ask(page, CANNED["question"]).locator(".chip").first.get_attribute("href") is None


def test_what_a_reader_says_of_an_answer_is_sent(page: Page, question: str) -> None:
    turn = ask(page, question)
    turn.get_by_role("button", name="没用").click()
    words = turn.get_by_role("textbox", name="可以补充几句")
    expect(words).to_be_focused()
    words.fill("问的是人行道")
    with page.expect_response("**/api/feedback") as sent:
        words.press("Enter")
    assert sent.value.status == 204
    body: Any = sent.value.request.post_data_json
    assert (body["question"], body["helpful"], body["words"]) == (question, False, "问的是人行道")
    assert letters(body["answer"]) == letters(turn.locator(".words strong").first.inner_text())
    expect(turn.locator(".feedback")).to_have_text("谢谢，已记下。")
    page.reload()
    expect(page.locator(".turn .feedback")).to_have_text("谢谢，已记下。")


def test_a_server_that_takes_no_feedback_is_not_offered_any(page: Page) -> None:
    page.route("**/api/feedback", lambda route: route.fulfill(status=404, json={"error": {"code": "not_found"}}))
    page.route(STREAM, stream_of(CANNED))
    with page.expect_response("**/api/feedback"):
        turn = ask(page, CANNED["question"])
    expect(turn.get_by_role("button", name="有用")).to_be_hidden()
    expect(turn.get_by_role("button", name="复制链接")).to_be_visible()
