"""What a web page says of its article: headline, byline, day, page and paper, from the marks of each publishing system."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from embeddings.formats.bylines import agency, is_people
from embeddings.formats.markup import lines_of, text_of, tidy
from embeddings.formats.masthead import find_date
from embeddings.formats.navigation import is_button_row
from embeddings.formats.page_labels import PAGE, page_of, read_page_label
from embeddings.text.letters import simplified_in_place

_PROPERTIES = re.compile(r"enpproperty|founder-")
_NPM = re.compile(r"<(/?)npm:article-(\w+)>")
# What Founder's pages call our fields, with founder- before it or without.
_FOUNDER = {
    "title": "title",
    "introtitle": "kicker",
    "subtitle": "subtitle",
    "author": "byline",
    "date": "day",
    "pubtime": "day",
    "nodename": "page",
    "pagenum": "page",
    "pagename": "page_name",
    "source": "source",
    "column": "column",
}
# The elements in which the templates of people.com.cn and gmw.cn, older Founder sites and most news sites set a fact.
_PLACES = {
    "title": "#NewsArticleTitle, .article h1, .text_c h1, td.font01, .bt1, .newsdetatit h3, [itemprop=headline]",
    "kicker": ".article > h3:first-child, .text_c > h3:first-child, .newsdetatit .yt, .introtitle, .yinti",
    "subtitle": ".article > h2, .text_c > h2, .futi",
    "byline": ".article > h4, .text_c > h4, [itemprop=author], [rel=author], .author, .zuozhe",
    "column": ".column-name, .lanmu",
}
_META = {
    "title": ("og:title", "articletitle", "twitter:title"),
    "byline": ("author", "article:author", "og:article:author", "dc.creator"),
    "day": (
        "article:published_time",
        "pubdate",
        "publishdate",
        "og:published_time",
        "og:release_date",
        "date",
        "dc.date",
        "weibo: article:create_at",
    ),
    "source": ("contentsource", "source", "mediaid", "dc.source"),
    "column": ("article:section", "columnname"),
    "paper": ("og:site_name", "sitename", "application-name"),
    "url": ("og:url",),
}
_ARTICLE_TYPES = ("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BlogPosting")
_ADDRESS_PAGE = re.compile(r"_(?:19|20)\d{6}_\d+-(\w{1,4})\.s?html?$")
_DIGITAL = re.compile(
    r"\s*(?:多媒体)?(?:数字报刊平台|数字报纸|数字报刊|数字报|数字版|电子报刊|电子报|电子版|网络版|手机报|客户端|官方网站|官网)$"
)
_NAME = re.compile(r"[\u4e00-\u9fff\d]{2,16}(?:报|日報|報|刊|周末|消息|电讯|时讯|新闻)")
_CREDIT = re.compile(
    r"(?:^|[\s|｜　（(：:+\d])(?P<label>来源|稿源|出处|作者|记者|文|撰文)\s*[:：]\s*(?P<value>[^\s|｜　）)][^|｜　）)]{0,40}?)"
    r"(?=\s*(?:$|[|｜　）)]|\s(?:来源|稿源|作者|记者|编辑|责编|责任编辑|时间|日期|发布|字号|字体|浏览|点击|\d{4})))"
)
_LABEL = re.compile(r"^(?:来源|稿源|作者|记者)\s*[:：]\s*")  # which some sites write into the value too
_DATED = re.compile(r"[\s(（]*(?=(?:19|20)\d{2}\s*[年./-])")
# 林知远 《砚溪日报》（2024年03月12日 第 01 版）, 砚溪日报 2024年03月12日 01版
_IMPRINT = re.compile(rf"(?:(?P<author>\S[^《]{{0,40}}?)\s*(?=《))?《?(?P<paper>{_NAME.pattern})》?[\s（(]*(?=(?:19|20)\d\d)")
_REPORTERS = re.compile(r"[\u4e00-\u9fff]{2,12}记者\s+(?P<names>\S.{0,40})$")
_OPENS_WITH_DAY = re.compile(r"\s*(?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}")
_SEPARATORS = re.compile(r"\s*(?:[|_｜»]+|-{1,}|—{1,}|–|\s·\s)\s*")
_CREDIT_LINE = 160  # characters
_SHORT = 4  # characters; a heading no longer than this may be a column's


@dataclass(slots=True)
class PageFacts:
    """The facts found so far; the first that tells one is believed."""

    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    source: str | None = None
    column: str | None = None
    paper: str | None = None
    day: date | None = None
    page: str | None = None
    page_name: str | None = None
    url: str | None = None
    body: str | None = None
    """The text, where the page's data hold it apart from its elements."""
    is_article: bool = False
    """The page says of itself that it is one article."""

    def tell(self, **values: str | None) -> None:
        """Fill in what is not known yet."""
        for name, value in values.items():
            value = tidy(value or "")
            if not value:
                continue
            if name == "day":
                self.day = self.day or find_date(value)
            elif name == "page":
                page, page_name = page_label(value, bare=True)
                self.page, self.page_name = self.page or page, self.page_name or page_name
            elif getattr(self, name) is None and (value := _LABEL.sub("", value)):
                setattr(self, name, value)


def page_label(text: str, bare: bool = False) -> tuple[str | None, str | None]:
    """Return the page and its name that a line prints somewhere: 第01版：要闻 上一版 下一版; with `bare`, also 01."""
    plain = simplified_in_place(text)
    match = PAGE.search(plain)
    label = page_of(match, text) if match else read_page_label(text, bare)
    if label is None:
        return None, None
    return label.page, None if label.name is None or is_button_row(label.name) else label.name


def find_facts(root: LexborNode, body: LexborNode | None) -> PageFacts:
    """Gather the facts of a page, the surest marks first; `body` is the element of its text, where it is known."""
    facts = PageFacts()
    for told in (_from_founder(root), _from_data(root)):
        for name, value in told:
            if name == "is_article":
                facts.is_article = True
            elif name == "body":
                facts.body = facts.body or value
            else:
                facts.tell(**{name: value})
    for name, places in _PLACES.items():
        facts.tell(**{name: _placed(root, places, body)})
    metas = _metas(root)
    window = text_of(root.css_first("title"))
    facts.tell(title=_headline(root, f"{window} {metas.get('og:title')}"))
    facts.is_article = facts.is_article or metas.get("og:type") == "article"
    facts.tell(**{"day": next((metas[key] for key in _META["day"] if metas.get(key)), None)})
    _read_credits(facts, _outside(root, body))
    for name, keys in _META.items():
        for key in keys:
            facts.tell(**{name: metas.get(key)})
    link = root.css_first("link[rel=canonical]")
    facts.url = (link.attributes.get("href") if link is not None else None) or facts.url
    _read_page_title(facts, window)
    facts.tell(title=text_of(root.css_first("h1")))
    if facts.url:
        facts.tell(day=_day_of_address(facts.url), page=_page_of_address(facts.url))
    if facts.paper:
        facts.paper = without_digital(facts.paper)
    if facts.page and facts.page_name is None:  # the list of the day's pages names it
        labels = (page_label(text_of(node)) for node in root.css("a"))
        facts.page_name = next((name for page, name in labels if page == facts.page and name), None)
    return facts


def without_digital(name: str) -> str:
    """Return the paper's name in that of its site: 砚溪日报 of 《砚溪日报》数字报刊平台."""
    name = _DATED.split(name)[0]
    ending = _DIGITAL.search(simplified_in_place(name))
    return (name[: ending.start()] if ending else name).strip("《》 ")


def facts_of_address(path: PurePath) -> tuple[date | None, str | None]:
    """Return the day and the page that a file's name and folders tell: 2024-03/12/nw.D110000yxrb_20240312_1-09.htm."""
    address = "/".join(path.parts[-5:])
    return find_date(_day_of_address(address)), page_label(_page_of_address(address) or "", bare=True)[0]


def _from_founder(root: LexborNode) -> Iterator[tuple[str, str]]:
    """Yield what Founder's marks tell: a comment of properties, elements of its own, comments around a text."""
    for node in root.traverse(include_text=False):
        tag = node.tag or ""
        if tag == "-comment":
            comment = node.comment_content or ""
            if _PROPERTIES.search(comment):
                yield from _properties(comment)
        elif tag.startswith("founder-") and (name := _FOUNDER.get(tag.removeprefix("founder-"))):
            # A CDATA section in HTML is a comment.
            yield name, text_of(node) or _cdata(node)


def _cdata(node: LexborNode) -> str:
    comments = (child.comment_content or "" for child in node.iter(include_text=True) if child.tag == "-comment")
    return "".join(comment.removeprefix("[CDATA[").removesuffix("]]") for comment in comments)


def _properties(comment: str) -> Iterator[tuple[str, str]]:
    # <title> would be read as the page's own, which holds no elements.
    inner = re.sub(r"(?i)<(/?)(?:founder-)?(\w+)", r"<\1p-\2", comment.replace("<![CDATA[", "").replace("]]>", ""))
    root = LexborHTMLParser(inner).root
    if root is None:
        return
    for node in root.css("*"):
        if name := _FOUNDER.get((node.tag or "").removeprefix("p-")):
            yield name, tidy(node.text(separator=" "))


def _from_data(root: LexborNode) -> Iterator[tuple[str, str]]:
    """Yield what the page's data for search engines (JSON-LD) tell of an article."""
    for node in root.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text() or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            kind = thing.get("@type")
            if not any(one in _ARTICLE_TYPES for one in (kind if isinstance(kind, list) else [kind])):
                continue
            yield "is_article", "1"
            named = {
                "title": thing.get("headline") or thing.get("name"),
                "subtitle": thing.get("alternativeHeadline"),
                "byline": "、".join(_names(thing.get("author"))),
                "day": thing.get("datePublished"),
                "paper": next(_names(thing.get("publisher")), None),
                "column": thing.get("articleSection"),
                "page": thing.get("printPage") or thing.get("pagination"),
                "url": thing.get("url"),
                "body": thing.get("articleBody"),
            }
            yield from ((name, value) for name, value in named.items() if isinstance(value, str))


def _things(data: Any) -> Iterator[dict[str, Any]]:
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else ()


def _metas(root: LexborNode) -> dict[str, str | None]:
    nodes = ((node.attributes, node.attributes.get("content")) for node in root.css("meta"))
    return {
        (told.get("property") or told.get("name") or told.get("itemprop") or "").lower(): content for told, content in nodes
    }


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name


def _placed(root: LexborNode, places: str, body: LexborNode | None) -> str | None:
    """Return the text of the first element in one of these places that holds any, outside of the article's own text."""
    for place in places.split(", "):
        for node in root.css(place):
            text = text_of(node)
            if text and len(text) <= _CREDIT_LINE and (body is None or not _is_within(node, body)):
                return text
    return None


def _headline(root: LexborNode, named: str) -> str | None:
    """Return the heading that the window's title names too; a site's own name stands in others."""
    letters = re.sub(r"\W", "", named)
    for node in root.css("h1, h2, h3"):
        text = text_of(node)
        if len(text) > _SHORT and re.sub(r"\W", "", text) in letters:
            return text
    return None


def _is_within(node: LexborNode, outer: LexborNode) -> bool:
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id == outer.mem_id:
            return True
        above = above.parent
    return False


def _outside(root: LexborNode, body: LexborNode | None) -> list[str]:
    """Return the lines of a page around its text that are no links."""
    inner = body.mem_id if body is not None else None
    return lines_of(root, lambda node: node.tag == "a" or node.mem_id == inner)


def _read_credits(facts: PageFacts, lines: Iterable[str]) -> None:
    """Read 来源：…, 作者：…, 《砚溪日报》（2024年03月12日 第 01 版） and 第01版：要闻 in the lines around a text."""
    labels: list[tuple[str | None, str | None]] = []
    above = ""
    for line in lines:
        if _OPENS_WITH_DAY.match(line):
            _read_sender(facts, above)
        above = line
        if len(line) > _CREDIT_LINE:
            continue
        for match in _CREDIT.finditer(line):
            facts.tell(**{"source" if match["label"] in ("来源", "稿源", "出处") else "byline": match["value"]})
        day = find_date(line)
        if day is not None and facts.day is None:
            facts.day = day
        label = page_label(line)
        if label[0]:
            if day is not None:
                facts.page = facts.page or label[0]
                if imprint := _IMPRINT.match(line):
                    facts.tell(paper=imprint["paper"], byline=imprint["author"])
            labels.append(label)
    # Several labels are the list of the day's pages.
    if facts.page is None and len({page for page, _ in labels}) == 1:
        facts.page = labels[0][0]
    if facts.page_name is None:
        facts.page_name = next((name for page, name in labels if page == facts.page and name), None)


def _read_sender(facts: PageFacts, line: str) -> None:
    """Read the line above a text's day, as 林知远/松烟晚报, 新华社 or 砚溪新闻记者 林知远 stands there."""
    named = _REPORTERS.match(line)
    if named and is_people(named["names"]):
        facts.tell(byline=named["names"])
    writers, _, house = line.rpartition("/")
    if agency(house) and (not writers or is_people(writers)):
        facts.tell(byline=writers, source=house)


def _read_page_title(facts: PageFacts, title: str) -> None:
    """Read the window's title: 渡口大桥合龙--砚溪日报数字报."""
    pieces = [piece for piece in _SEPARATORS.split(title) if piece]
    names = [without_digital(piece) for piece in pieces]
    for piece, name in zip(pieces, names, strict=True):
        if piece != name or _NAME.fullmatch(name):
            facts.tell(paper=name)
    rest = [piece for piece, name in zip(pieces, names, strict=True) if name != facts.paper and find_date(piece) is None]
    if rest:
        facts.tell(title=max(rest, key=len))
    facts.tell(day=title)


def _day_of_address(address: str) -> str:
    """Return what of an address may be its day, written so that the one grammar of dates reads it."""
    apart = re.search(r"(?<!\d)((?:19|20)\d{2})[-/]?(\d{2})[-/](\d{2})(?!\d)", address)
    return "-".join(apart.groups()) if apart else address


def _page_of_address(address: str) -> str | None:
    match = _ADDRESS_PAGE.search(address)
    return match[1] if match else None
