"""Feeds with full texts become the issues of their days; teasers are left out and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>砚溪日报数字报</title><link>http://paper.example/</link>
<item><title>虹渡大桥合龙</title><link>http://paper.example/1.html</link><dc:creator>林知远</dc:creator><category>要闻</category>
<pubDate>Tue, 12 Mar 2024 00:10:00 +0800</pubDate><description>虹渡大桥…</description>
<content:encoded><![CDATA[<p>虹渡大桥主桥昨日合龙。</p><p>全长一千二百米。</p>]]></content:encoded></item>
<item><title>图书馆延长开放</title><pubDate>Wed, 13 Mar 2024 07:00:00 +0800</pubDate>
<description>县图书馆自四月一日起延长开放到晚上九时。</description></item>
<item><title>只有标题</title><pubDate>Wed, 13 Mar 2024 07:00:00 +0800</pubDate></item></channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>砚溪日报</title>
<entry><title>虹渡大桥合龙</title><updated>2024-03-12T06:00:00+08:00</updated><author><name>林知远</name></author>
<link href="http://paper.example/1.html"/>
<content type="html">&lt;p&gt;虹渡大桥主桥昨日合龙。&lt;/p&gt;</content></entry></feed>"""


def read(text: str, name: str = "feed.xml") -> FileReading:
    return parse_file(Path(name), text.encode())


def test_the_articles_of_a_feed_stand_in_the_issues_of_their_days() -> None:
    reading = read(RSS)
    assert [(issue.paper, issue.issue_date) for issue in reading.issues] == [
        ("砚溪日报", date(2024, 3, 12)),
        ("砚溪日报", date(2024, 3, 13)),
    ]
    found = reading.issues[0].articles[0]
    assert (found.title, found.byline, found.column, found.url) == (
        "虹渡大桥合龙",
        "林知远",
        "要闻",
        "http://paper.example/1.html",
    )
    assert found.body == "虹渡大桥主桥昨日合龙。\n全长一千二百米。"
    assert "只有标题" in reading.warnings[0]


def test_atom_is_read_too() -> None:
    found = read(ATOM, "feed.atom").issues[0]
    assert (found.issue_date, found.articles[0].body, found.articles[0].byline) == (
        date(2024, 3, 12),
        "虹渡大桥主桥昨日合龙。",
        "林知远",
    )


def test_a_feed_that_names_no_paper_is_of_its_folders_with_a_warning() -> None:
    (issue,) = parse_file(Path("砚溪晚报/2024/feed.atom"), ATOM.replace("<title>砚溪日报</title>", "", 1).encode()).issues
    assert issue.paper == "砚溪晚报"
    assert "砚溪晚报" in issue.warnings[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<catalogue><entry/></catalogue>", "unknown_xml"),
        ("<rss version='2.0'><channel><title>空</title></channel></rss>", "feed_empty"),
        ("<rss version='2.0'><channel><title>断", "feed_broken"),
    ],
)
def test_what_is_no_feed_with_articles_is_refused(text: str, code: str) -> None:
    with pytest.raises(IssueError) as caught:
        read(text)
    assert caught.value.code == code
