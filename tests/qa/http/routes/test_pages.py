"""The pages as the server writes them: whole without a script, with nothing of an article taken for markup."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from embeddings.records import Article, Issue
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from qa.http.app import create_app
from qa.reading.sentence_reader import SentenceReader
from qa.settings import Settings
from tests.support.doubles import ToyEncoder, add

BODY = "本报讯（记者 闵小禾）卧虹水库开闸放水。流量为每秒12立方米。\n头一轮放水二十天。"
ISSUES = (
    Issue(
        "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12),
        (
            Article(
                "卧虹水库开闸", BODY, kicker="一湖春水万家田", subtitle="——头一轮二十天", column="春耕", byline="记者 闵小禾",
                source="《渡口报》", page=2, url="https://yanxi.example/a?b=1&c=2",
            ),
            Article("虹渡大桥合龙", "大桥昨日合龙。", url="javascript:alert(1)"),
            Article("灯笼巷修灯", "路灯全亮了。", source="《砚溪日报》"),
        ),
        issue_number=9316, pages=4, cn_number="CN00-0916",
    ),
    Issue("yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14), (Article("春笋上市", "春笋上市。"),)),
    Issue("yxrb-2023-12-31", "砚溪日报", date(2023, 12, 31), (Article("除夕", "今日除夕。"),)),
    Issue(
        "sywb-2024-03-12", "松烟晚报", date(2024, 3, 12),
        (Article("<b>茶</b> & <script>alert(1)</script>", "<i>首日</i>收茶。", byline='"><img src=x onerror=alert(1)>'),),
    ),
)  # fmt: skip
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("pages") / "archive")
    opened = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(opened, *ISSUES)
    return opened


def serve(archive: Archive, **settings: object) -> FlaskClient:
    return create_app(archive, SentenceReader(archive), Settings.load(archive=archive.folder, **settings)).test_client()


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return serve(archive)


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


# Reading


def test_an_article_shows_all_that_was_printed_with_it(client: FlaskClient) -> None:
    page = client.get("/articles/yxrb-2024-03-12-01").text
    told = ["一湖春水万家田", "卧虹水库开闸", "——头一轮二十天", "春耕", "记者 闵小禾", "《渡口报》", "总第9316期", "第2版"]
    assert [text for text in told if text not in page] == []
    assert "闵小禾. 卧虹水库开闸[N]. 砚溪日报, 2024-03-12(2)." in page
    assert "2024年3月12日" in page


def test_a_paper_is_not_named_as_its_own_source(client: FlaskClient) -> None:
    assert "《砚溪日报》" not in client.get("/articles/yxrb-2024-03-12-03").text


def test_an_article_leads_to_its_neighbours_its_issue_and_the_other_papers_of_the_day(client: FlaskClient) -> None:
    page = client.get("/articles/yxrb-2024-03-12-02").text
    before, after = (re.search(rf'<a rel="{rel}" href="([^"]+)"', page) for rel in ("prev", "next"))
    assert (before and before[1], after and after[1]) == ("/articles/yxrb-2024-03-12-01", "/articles/yxrb-2024-03-12-03")
    assert "/issues/yxrb-2024-03-12" in links(page)
    assert {"/issues/sywb-2024-03-12", "/articles/sywb-2024-03-12-01"} <= set(links(page))
    assert "/issues/yxrb-2024-03-14" not in links(page)
    for style in ("bibtex", "ris", "csl"):
        assert f"/api/cite/yxrb-2024-03-12-02?format={style}" in links(page)


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("?q=11-20", ["卧虹水库开闸放水。"]),
        ("?start=11&end=20", ["卧虹水库开闸放水。"]),
        ("?q=15-33", ["开闸放水。流量为每秒12立方米。", "头"]),
        ("", []),
        ("?q=20-11", []),
        ("?q=0-9999", []),
        ("?q=<script>", []),
        ("?start=1", []),
    ],
)
def test_the_quote_named_in_the_address_is_marked_by_the_server(client: FlaskClient, asked: str, marked: list[str]) -> None:
    response = client.get(f"/articles/yxrb-2024-03-12-01{asked}")
    assert response.status_code == 200
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", response.text) == marked


def test_the_fragment_of_a_citation_is_an_element_of_the_page(client: FlaskClient) -> None:
    start = BODY.index("流量")
    end = BODY.index("\n")
    page = client.get("/articles/yxrb-2024-03-12-01").text
    assert f'<span class="sentence" id="c{start}-{end}">流量为每秒12立方米。</span>' in page


def test_only_an_address_of_the_web_is_linked_as_the_original(client: FlaskClient) -> None:
    assert "https://yanxi.example/a?b=1&amp;c=2" in links(client.get("/articles/yxrb-2024-03-12-01").text)
    assert "javascript:" not in client.get("/articles/yxrb-2024-03-12-02").text


@pytest.mark.parametrize("path", ["/articles/sywb-2024-03-12-01", "/issues/sywb-2024-03-12", "/articles/yxrb-2024-03-12-01"])
def test_markup_in_an_article_is_shown_as_text(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "&lt;b&gt;茶&lt;/b&gt; &amp; &lt;script&gt;" in page
    for tag in ("<b>", "<i>", "<img", "<script>"):
        assert tag not in page


def test_an_issue_lists_its_articles_and_its_neighbours(client: FlaskClient) -> None:
    page = client.get("/issues/yxrb-2024-03-12").text
    assert [link for link in links(page) if link.startswith("/articles/yxrb")] == [
        f"/articles/yxrb-2024-03-12-0{ordinal}" for ordinal in (1, 2, 3)
    ]
    assert {"/issues/yxrb-2023-12-31", "/issues/yxrb-2024-03-14", "/issues/sywb-2024-03-12"} <= set(links(page))


def test_issues_are_listed_by_year_and_month_newest_first(client: FlaskClient) -> None:
    newest = client.get("/issues").text
    issue_links = [link for link in links(newest) if link.startswith("/issues/")]
    assert issue_links == ["/issues/yxrb-2024-03-14", "/issues/yxrb-2024-03-12", "/issues/sywb-2024-03-12"]
    assert {"/issues?year=2024", "/issues?year=2023"} <= set(links(newest))
    assert "/issues/yxrb-2023-12-31" in links(client.get("/issues?year=2023").text)
    assert client.get("/issues?year=1066").text == newest


def test_an_empty_archive_has_pages_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("empty") / "archive")
    client = serve(Archive.open(settings, lambda name: ToyEncoder(), create=True))
    assert "档案里还没有报纸" in client.get("/issues").text
    assert client.get("/archive").status_code == 200


# What is not there


@pytest.mark.parametrize("path", ["/articles/yxrb-2024-03-12-99", "/issues/nothing", "/nowhere"])
def test_a_browser_gets_a_page_of_what_is_missing_and_a_program_gets_json(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "没有这一页" in page.text
    assert "/issues" in links(page.text)
    for accept in ({}, {"Accept": "application/json"}, {"Accept": "*/*"}):
        told = client.get(path, headers=accept)
        assert (told.status_code, told.json["error"]["code"]) == (404, "not_found")


def test_the_api_tells_what_is_missing_in_json_even_to_a_browser(client: FlaskClient) -> None:
    assert client.get("/api/nothing", headers=HTML).json["error"]["code"] == "not_found"


# The operator's page and frames


def test_the_admin_page_holds_no_data_and_says_where_no_token_is_set(archive: Archive) -> None:
    closed, opened = (serve(archive, admin_token=token).get("/admin").text for token in (None, "令牌"))
    assert "服务器没有设置管理口令" in closed
    assert 'id="token"' not in closed
    assert 'id="token"' in opened
    for page in (closed, opened):
        assert "令牌" not in page
        assert "砚溪日报" not in page


PAGES = ("/", "/archive", "/issues", "/issues/yxrb-2024-03-12", "/articles/yxrb-2024-03-12-01")


@pytest.mark.parametrize("path", [*PAGES, "/admin", "/nowhere"])
@pytest.mark.parametrize("origins", [None, "https://yanxi.example, https://www.paper.example:8443"])
def test_only_named_sites_may_frame_the_pages_and_nobody_the_admins(archive: Archive, path: str, origins: str | None) -> None:
    with serve(archive, embed_origins=origins, admin_token="令牌").get(path, headers=HTML) as response:
        policy = response.headers["Content-Security-Policy"]
    named = "https://yanxi.example https://www.paper.example:8443" if origins and path != "/admin" else "'none'"
    assert f"frame-ancestors {named};" in policy
    assert "unsafe-inline" not in policy


def test_no_page_carries_an_inline_script_or_style(archive: Archive) -> None:
    client = serve(archive, admin_token="令牌")
    for path in [*PAGES, "/admin"]:
        with client.get(path) as response:
            page = response.text
        assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
        assert re.findall(r"<style|<[^>]*\s(?:style|on\w+)=", page) == []
        assert [
            link for link in re.findall(r'(?:src|href)="([^"]+)"', page) if "//" in link.replace("https://yanxi.example", "")
        ] == []


def test_the_embed_script_is_served(client: FlaskClient) -> None:
    with client.get("/embed.js") as response:
        assert (response.status_code, response.mimetype) == (200, "text/javascript")


# What is sent of the files


def test_files_travel_compressed_to_whoever_takes_them_so(client: FlaskClient) -> None:
    path = "/static/js/strings/zh.js"
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip, br"}) as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    with client.get(path, headers=known) as kept:
        assert kept.status_code == 304


def test_the_pages_are_served(client: FlaskClient) -> None:
    for path, kind in (("/", "text/html"), ("/static/js/chat/main.js", "text/javascript"), ("/static/style.css", "text/css")):
        with client.get(path) as response:
            assert (response.status_code, response.mimetype) == (200, kind)
