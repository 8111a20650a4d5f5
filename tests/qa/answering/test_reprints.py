"""The same news in several papers: one citation, led by the first print, the others beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Filters, Issue
from embeddings.store.archive import Archive
from qa.pipeline import ask
from tests.support.api import WordReader, serve
from tests.support.doubles import add

WIRE = (
    "新华社砚溪3月12日电（记者 闵小禾）卧虹水库春灌工作座谈会12日在墨池区举行。市水利局局长郗春生介绍，"
    "卧虹水库目前蓄水量为3860万立方米，可灌溉农田12.5万亩。会议要求，各区县要在3月20日前完成渠道清淤。"
)
COPY = "据新华社砚溪3月12日电 " + WIRE[WIRE.index("卧虹") :].replace("3860万立方米", "３８６０万立方米")
OWN = "本报讯 水库管理处说，卧虹水库蓄水量昨天又涨了，到了3860万立方米，够浇十二万多亩地，各地渠道清淤也在抓紧赶工。"
BULLETIN = (
    "本报讯 {day}0时至24时，全市新增确诊病例{new}例，均为集中隔离点发现；全市累计治愈出院260例，均在定点医院隔离治疗，"
    "市民出行请佩戴口罩。"
)
ASKED = "卧虹水库目前蓄水量是多少？"


def issue(paper: str, name: str, day: int, *articles: Article) -> Issue:
    return Issue(f"{name}-2024-03-{day}", paper, date(2024, 3, day), articles)


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    opened = open_archive()
    add(
        opened,
        issue("松烟晚报", "sywb", 14, Article("春灌开始了", COPY, page="3")),
        issue("砚溪日报", "yxrb", 13, Article("春灌座谈会在墨池区举行", WIRE, page="2"), Article("水库水位又涨", OWN)),
        issue("灯笼早报", "dlzb", 15, Article("水库蓄水3860万立方米", COPY)),
    )
    return opened


def test_reprints_are_one_citation_that_the_first_print_leads(archive: Archive) -> None:
    answer = ask(archive, WordReader(), ASKED)
    led = next(citation for citation in answer.citations if citation.reprints)
    assert led.passage.article_id == "yxrb-2024-03-13-01"
    assert [one.article_id for one in led.reprints] == ["sywb-2024-03-14-01", "dlzb-2024-03-15-01"]
    cited = [citation.passage.article_id for citation in answer.citations]
    assert not {"sywb-2024-03-14-01", "dlzb-2024-03-15-01"} & set(cited)
    assert led.answer_start is not None
    assert led.passage.article.body[led.answer_start : led.answer_end] == "3860万立方米"
    assert {finding.citation for finding in answer.findings} <= {citation.id for citation in answer.citations}


def test_only_a_print_within_the_filters_leads(archive: Archive) -> None:
    answer = ask(archive, WordReader(), ASKED, filters=Filters(first=date(2024, 3, 14)))
    assert [citation.passage.article_id for citation in answer.citations] == ["sywb-2024-03-14-01"]
    assert answer.findings[0].text == "３８６０万立方米"
    assert [one.paper for one in answer.citations[0].reprints] == ["砚溪日报", "灯笼早报"]


def test_a_reprint_goes_with_its_issue(archive: Archive) -> None:
    assert [len(group) for group in archive.reprint_groups()] == [3]
    archive.remove(["sywb-2024-03-14"])
    assert [one.article_id for one in archive.printings("yxrb-2024-03-13-01")] == ["yxrb-2024-03-13-01", "dlzb-2024-03-15-01"]
    archive.remove(["dlzb-2024-03-15"])
    assert archive.printings("yxrb-2024-03-13-01") == []


def test_a_report_in_its_own_words_stays_a_source_of_its_own(archive: Archive) -> None:
    assert archive.printings("yxrb-2024-03-13-02") == []


def test_daily_bulletins_are_never_grouped(open_archive: Callable[..., Archive]) -> None:
    opened = open_archive()
    for day in range(10, 20):
        told = Article("每日通报", BULLETIN.format(day=f"3月{day - 1}日", new=day))
        add(opened, issue("砚溪日报", "yxrb", day, told), issue("松烟晚报", "sywb", day, told))
    groups = opened.reprint_groups()
    assert [[one.issue_date.day for one in group] for group in groups] == [[day, day] for day in range(10, 20)]


def test_the_api_the_exports_and_the_page_list_the_others(archive: Archive) -> None:
    client = serve(archive)
    answer = client.post("/api/ask", json={"question": ASKED}).json
    (led,) = [citation for citation in answer["citations"] if citation["reprints"]]
    assert led["reprints"][0] == {
        "article_id": "sywb-2024-03-14-01", "issue_id": "sywb-2024-03-14", "paper": "松烟晚报", "issue_date": "2024-03-14",
        "page": 3, "title": "春灌开始了", "url": "/articles/sywb-2024-03-14-01",
    }  # fmt: skip
    note = "另见《松烟晚报》2024-03-14(3)《春灌开始了》、《灯笼早报》2024-03-15《水库蓄水3860万立方米》"
    for style in ("gbt7714", "bibtex", "ris", "csl"):
        assert note in client.get(f"/api/cite/yxrb-2024-03-13-01?format={style}").text
        assert "另见" not in client.get(f"/api/cite/yxrb-2024-03-13-02?format={style}").text
    page = client.get("/articles/yxrb-2024-03-13-01").text
    assert "另见" in page
    assert 'href="/articles/sywb-2024-03-14-01"' in page
