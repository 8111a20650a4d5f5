"""The reader of saved web pages: an article of an electronic newspaper or news site, a list of articles, a whole issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from embeddings.errors import IssueError
from embeddings.formats.bylines import people
from embeddings.formats.credits import read_credits
from embeddings.formats.file_places import paper_of_folders
from embeddings.formats.imprint import is_newspaper
from embeddings.formats.markup import BLOCKS, decode_markup, lines_of, parse_markup, text_of, walk
from embeddings.formats.masthead import make_issue_id
from embeddings.formats.navigation import is_navigation, is_site_line
from embeddings.formats.page_facts import PageFacts, facts_of_address, find_facts, page_label
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue

# Where the systems of electronic newspapers set an article's text, and then where news sites do.
_EPAPER_TEXT = ("founder-content", "#ozoom", "#articleContent", ".newsdetatext")
_SITE_TEXT = (
    "[itemprop=articleBody]",
    "#rm_txt_zw",
    ".TRS_Editor",
    "#UCAP-CONTENT",
    "#js_content",
    "#artibody",
    "#endText",
    "article",
    ".article-content",
    ".article_content",
    ".article-body",
    ".post-content",
    ".entry-content",
    "#zoom",
)
_ARTICLE_LINK = re.compile(
    r"(?:content|article|detail|news|con|nw\.\w+|c|t)[_/.-]?\w*\d[\w.-]*\.s?html?|/\d{4}-?\d{2}/\d{2}/|[?&](?:id|aid|cid)=\d",
    re.I,
)
_LIST_NAME = re.compile(r"^(?:node|nbs|layout)(?:[_.-]|\d)", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|menu|breadcrumb|crumbs?|footer|foot|copyright|share|bdshare|related|relate|recommend|hot|rank|comments?|sidebar"
    r"|aside|pager|pagination|prevnext|toolbar|tags?|advert|ads?|qrcode|editor|edit|statement)(?:[\s_-]|$)"
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})
_SOURCE_LINE = re.compile(
    r"[（(\[【]?\s*(?:本文|文章|稿件|信息)?(?:来源|转自|摘自)\s*[:：]\s*(?P<source>[^。，！？\s]{2,24}?)\s*[)）\]】]?"
)
_SENTENCE = re.compile(r"[。！？；!?]")
_PERSON = re.compile(r"^[^@：:]*[\u3400-\u9fff\U00020000-\U0003ffff]{2}[^@：:]*$|^[A-Z][a-z]+(?: [A-Z][\w.]*)+$")
_HOUSE = re.compile(r"(?:网|報|报|社|台|新闻|消息|客户端|编辑部|综合|整理|管理员|小编|编辑|记者|不详|未知|佚名)$")
_MARK = re.compile(r"[，。！？；：、,.!?;]")
_PARAGRAPH = 40  # characters of a line outside of links that a mere list of articles has none of
_RUN = 10  # characters of words that count as text where it must be told from the page around it
_LEAST = 60  # characters that such text has at least
_MORE = 3  # so many times as long a text is believed against the marks of a page
_LINKS = 10  # links that a text saved as HTML may have
_SIBLINGS = 200  # list pages looked through in an article's folder


@dataclass(frozen=True, slots=True)
class Document:
    """A page that holds a text to be read as Markdown is."""

    text: str
    encoding: str


def read_web_page(path: Path, raw: bytes, options: ReadingOptions) -> FileReading | Document:
    """Read a saved page; one that lists articles or shows a picture alone holds none, which a warning says."""
    decoded = decode_markup(path, raw, options.encoding)
    encoding = decoded.encoding
    if not decoded.text.strip():
        raise IssueError("empty", path, 1)
    root = parse_markup(decoded.text)
    body, lines = _marked_text(root, _EPAPER_TEXT)
    marked = any(root.css_first(place) is not None for place in _EPAPER_TEXT)
    if body is None and (_LIST_NAME.match(path.name) or not marked) and _is_list(path, root):
        return FileReading("page_list", (), encoding, (MESSAGES.text("page_list"),))
    articles = [] if marked else list(_several(root))
    if articles:
        facts = find_facts(root, None)
        return FileReading("web_page", (_issue(path, facts, articles, options),), encoding)
    reader = "epaper" if marked else "web_page"
    if not marked:
        body, lines = _site_text(root)
    facts = find_facts(root, body)
    if facts.body and (body is None or len(facts.body) > _MORE * sum(map(len, lines))):
        lines = [line.strip() for line in facts.body.split("\n")]
    elif reader == "web_page" and not facts.is_article and _is_document(root):
        return Document(_markdown(root), encoding)
    if not facts.title:
        raise IssueError("page_title", path, 1)
    lines = _article_lines(lines, facts)
    if not lines:
        return FileReading(reader, (), encoding, (MESSAGES.text("page_without_text", title=facts.title),))
    article = _article(facts, lines)
    if article.page is None or article.page_name is None:
        page, page_name = _listed_page(path, article.page)
        article = replace(article, page=article.page or page, page_name=article.page_name or page_name)
    return FileReading(reader, (_issue(path, facts, [article], options),), encoding)


def _issue(path: Path, facts: PageFacts, articles: list[Article], options: ReadingOptions) -> Issue:
    """Make the issue of a page's articles: the day and paper it names, else those of its folders, the latter a guess."""
    day, _ = facts_of_address(path)
    warnings = []
    if facts.day and day and day != facts.day:
        warnings.append(MESSAGES.text("days_disagree", day=facts.day, other=day, place=MESSAGES.message("day_of_path")))
    day = facts.day or day
    if day is None:
        raise IssueError("page_date", path, 1)
    paper = options.paper or facts.paper
    if paper is None:
        paper = paper_of_folders(path)
        warnings.append(MESSAGES.text("paper_of_folder", paper=paper))
    return Issue(make_issue_id(paper, day), paper, day, tuple(articles), warnings=tuple(warnings))


def _article(facts: PageFacts, lines: list[str]) -> Article:
    source_line = _SOURCE_LINE.fullmatch(lines[-1]) if len(lines) > 1 else None
    if source_line is not None:
        facts.tell(source=source_line["source"])
        lines = lines[:-1]
    body = "\n".join(lines)
    byline, source = read_credits(body)
    return Article(
        title=facts.title or "",
        body=body,
        kicker=facts.kicker if facts.kicker != facts.title else None,
        subtitle=facts.subtitle if facts.subtitle != facts.title else None,
        column=facts.column,
        byline=_byline(facts) or byline,
        source=source or facts.source,
        page=facts.page,
        page_name=facts.page_name,
        url=facts.url,
    )


def _byline(facts: PageFacts) -> str | None:
    """Return the people who wrote an article as its page says; a house that it names as author is none: 砚溪日报, 网络整理."""
    name = facts.byline or ""
    if not _PERSON.search(name) or _HOUSE.search(name) or name in (facts.source, facts.paper):
        return None
    return people(name)


def _article_lines(lines: list[str], facts: PageFacts) -> list[str]:
    """Return the lines of a text without buttons and notices, and without the headline where it is printed again above."""
    kept = [line for line in lines if not (is_navigation(line) or is_site_line(line))]
    above = {_letters(text) for text in (facts.title, facts.kicker, facts.subtitle, facts.byline) if text}
    while kept and len(kept) > 1 and _letters(kept[0]) in above:
        kept.pop(0)
    return kept


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def _marked_text(root: LexborNode, places: tuple[str, ...]) -> tuple[LexborNode | None, list[str]]:
    """Return the element that a system marks as an article's text, with its lines; of several the longest."""
    for place in places:
        found = [(node, lines_of(node, _is_beside)) for node in root.css(place)]
        found = [(node, lines) for node, lines in found if any(_MARK.search(line) for line in lines)]
        if found:
            return max(found, key=lambda one: sum(map(len, one[1])))
    return None, []


def _is_beside(node: LexborNode) -> bool:
    """Say whether an element within a text's is none of it: navigation, what to read next, comments."""
    if node.tag in _ASIDE_TAGS:
        return True
    marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(_ASIDE.search(marks)) and len(text_of(node)) < _LEAST * 10


def _several(root: LexborNode) -> Iterator[Article]:
    """Yield the articles of a page that holds several, each an <article> with a headline of its own."""
    nodes = [node for node in root.css("article") if node.css_first("article article") is None]
    if len(nodes) < 2:
        return
    for node in nodes:
        facts = find_facts(node, None)
        headline = node.css_first("h1, h2, h3, h4")
        facts.title = text_of(headline) or None
        if facts.title is None:
            continue
        top = headline.mem_id if headline is not None else None
        lines = lines_of(node, partial(_is_around, top))
        lines = _article_lines(lines, facts)
        if any(_SENTENCE.search(line) for line in lines):
            yield _article(facts, lines)


def _is_around(headline: int | None, node: LexborNode) -> bool:
    """Say whether an element of an article is none of its text: its headline, what stands over it or beside it."""
    return node.mem_id == headline or node.tag in ("header", "time") or _is_beside(node)


def _is_list(path: Path, root: LexborNode) -> bool:
    """Say whether a page only lists articles: most of its letters stand in links, two of which lead to articles."""
    links = [node for node in root.css("a[href], area[href]") if _ARTICLE_LINK.search(node.attributes.get("href") or "")]
    if len(links) < 2 and not (links and _LIST_NAME.match(path.name)):
        return False
    if _LIST_NAME.match(path.name) and root.css_first("article, [itemprop=articleBody]") is None:
        return True
    free = [line for line in lines_of(root, lambda node: node.tag == "a") if not is_navigation(line)]
    return not any(len(line) > _PARAGRAPH and _SENTENCE.search(line) for line in free)


def _is_document(root: LexborNode) -> bool:
    """Say whether a page is a text saved as HTML, with headlines and hardly a link, rather than a page of a site."""
    links = root.css("a[href]")
    if len(links) > _LINKS and not is_newspaper(_markdown(root)):
        return False
    return len(root.css("h1, h2, h3, h4")) > 1 or root.css_first("title") is None


def _site_text(root: LexborNode) -> tuple[LexborNode | None, list[str]]:
    """Return the text of a news site's article: as marked, or what is much more than that."""
    marked, lines = _marked_text(root, _SITE_TEXT)
    dense, others = _densest(root)
    much = sum(map(len, others)) > _MORE * sum(map(len, lines))
    return (dense, others) if much else (marked, lines)


def _densest(root: LexborNode) -> tuple[LexborNode | None, list[str]]:
    """Return the element around most of a page's text, where no mark tells it: each run of words speaks for those above it."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    above: list[LexborNode] = []
    for node, enters in walk(root, lambda one: one.tag == "a" or _is_beside(one)):
        if node.tag == "-text":
            text = (node.text_content or "").strip()
            if len(text) < _RUN or not _MARK.search(text):
                continue
            # A paragraph speaks for what holds it; text that stands in a division itself speaks for that.
            holders = [one for one in reversed(above[-5:]) if one.tag not in ("p", "html", "body")]
            for share, one in zip((1.0, 0.5, 0.25), holders, strict=False):
                scores[one.mem_id] = scores.get(one.mem_id, 0.0) + len(text) * share
                nodes[one.mem_id] = one
        elif node.tag in BLOCKS:
            if enters:
                above.append(node)
            elif above and above[-1].mem_id == node.mem_id:
                above.pop()
    if not scores:
        return None, []
    best = nodes[max(scores, key=lambda one: scores[one])]
    lines = lines_of(best, _is_beside)
    return (best, lines) if sum(map(len, lines)) >= _LEAST else (None, [])


def _markdown(root: LexborNode) -> str:
    """Return a document as Markdown: its headings, and its lines as paragraphs."""
    body = root.css_first("body")
    lines = lines_of(body if body is not None else root, headings=True)
    return "\n\n".join(line for line in lines if not is_navigation(line.lstrip("# ")))


def _listed_page(path: Path, page: str | None) -> tuple[str | None, str | None]:
    """Return the page on which the list pages of an article's folder have it."""
    if not path.is_file():
        return None, None
    for listed, label, names in _lists(path.parent, path.parent.stat().st_mtime_ns):
        if path.name in names and page in (None, listed):
            return listed, label
    return None, None


@lru_cache(maxsize=8)
def _lists(folder: Path, changed: int) -> tuple[tuple[str | None, str | None, frozenset[str]], ...]:
    """Read the list pages of a folder, last changed then: the page each is of, its name, and the files that it leads to."""
    found = []
    for path in sorted(path for path in folder.glob("*.*htm*") if _LIST_NAME.match(path.name))[:_SIBLINGS]:
        try:
            html = decode_markup(path, path.read_bytes()).text
        except (OSError, IssueError):
            continue
        root = parse_markup(html)
        links = (urlsplit(node.attributes.get("href") or "").path for node in root.css("a[href], area[href]"))
        names = frozenset(unquote(link).rpartition("/")[2] for link in links if _ARTICLE_LINK.search(link))
        facts = find_facts(root, None)
        page, page_name = facts.page, facts.page_name
        if page is None:  # the list of the day's pages: the one that leads here
            for node in root.css("a[href]"):
                if (node.attributes.get("href") or "").rpartition("/")[2] == path.name and page is None:
                    page, page_name = page_label(text_of(node))
        found.append((page, page_name, names - {path.name}))
    return tuple(found)
