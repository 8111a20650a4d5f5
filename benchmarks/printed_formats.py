"""Printers of an issue: each writes it into a folder in one of the formats in which archives are kept."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from embeddings.records import Article, Issue

_PAGE_ARTICLES = 4
"""How many articles stand on a page of what has pages."""
_DPI, _SKEW, _NOISE = 200, 0.6, 14
"""A scan's dots per inch, its slant in degrees, and the spread of its noise in shades of grey."""
_LINE = 22  # characters of a column's line in ALTO


def day_of(issue: Issue) -> str:
    """Return an issue's day as it is printed: 2024年3月12日."""
    return f"{issue.issue_date.year}年{issue.issue_date.month}月{issue.issue_date.day}日"


def masthead_of(issue: Issue) -> list[str]:
    """Return the lines of an issue's masthead."""
    return [issue.paper, day_of(issue), f"总第{issue.issue_number}期 今日{issue.pages or 4}版 国内统一刊号:{issue.cn_number}"]


def print_pdf(issue: Issue, folder: Path) -> None:
    """Print three columns with a text layer."""
    (folder / f"{issue.issue_id}.pdf").write_bytes(_pdf(issue))


def _pdf(issue: Issue) -> bytes:
    from benchmarks.printing import PrintedArticle, Printer

    facts = (masthead_of(issue)[1] + "  " + masthead_of(issue)[2].replace(" 国内", "  国内"), f"{issue.paper}社出版")
    printer = Printer(paper=issue.paper, day=day_of(issue), facts=facts)
    return printer.print_articles([PrintedArticle(one.title, one.body, one.kicker, one.subtitle) for one in issue.articles])


def print_scan(issue: Issue, folder: Path) -> None:
    """Print the same as a PDF of pictures, slanted and noisy."""
    import pypdfium2
    from PIL import Image, ImageChops

    noise = random.Random(issue.issue_id)
    pictures = []
    for page in pypdfium2.PdfDocument(_pdf(issue)):
        picture = page.render(scale=_DPI / 72).to_pil().convert("L")
        picture = picture.rotate(noise.uniform(-_SKEW, _SKEW), resample=Image.Resampling.BICUBIC, fillcolor=255)
        grain = Image.effect_noise(picture.size, _NOISE).point(lambda shade: abs(shade - 128))
        pictures.append(ImageChops.subtract(picture, grain))
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=_DPI)
    (folder / f"{issue.issue_id}.pdf").write_bytes(out.getvalue())


def print_epaper(issue: Issue, folder: Path) -> None:
    """Print the site of an electronic newspaper: a page an article, and a list for each page of the day."""
    for place, article in enumerate(issue.articles):
        (folder / f"content_{place:04d}.htm").write_text(_content_page(issue, place, article), encoding="gb18030")
    for page in range(-(-len(issue.articles) // _PAGE_ARTICLES)):
        first = page * _PAGE_ARTICLES
        links = "".join(
            f'<li><a href="content_{first + place:04d}.htm">{escape(one.title)}</a></li>'
            for place, one in enumerate(issue.articles[first : first + _PAGE_ARTICLES])
        )
        head = f'<html><head><meta charset="utf-8"><title>{issue.paper}数字报</title></head>'
        html = f"{head}<body>第{page + 1:02d}版<ul>{links}</ul></body></html>"
        (folder / f"node_{page + 2}.htm").write_text(html, encoding="utf-8")


def _content_page(issue: Issue, place: int, article: Article) -> str:
    paragraphs = "".join(f"<P>　　{escape(line)}</P>" for line in article.body.split("\n"))
    facts = {
        "date": f"{issue.issue_date} 00:00:00.0",
        "author": article.byline,
        "title": article.title,
        "subtitle": article.subtitle,
        "introtitle": article.kicker,
        "source": article.source,
        "nodename": f"第{place // _PAGE_ARTICLES + 1:02d}版",
    }
    told = "".join(f"<{name}>{escape(value or '')}</{name}>" for name, value in facts.items())
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(article.title)}--{issue.paper}数字报</title></head><body><!--enpproperty {told}/enpproperty-->
<table><tr><td>{issue.paper} {day_of(issue)} <a href="content_{place - 1:04d}.htm">上一篇</a> 放大 缩小 默认</td></tr>
<tr><td class="font02">{escape(article.kicker or "")}</td></tr><tr><td class="font01">{escape(article.title)}</td></tr>
<tr><td><div id="ozoom"><founder-content>{paragraphs}</founder-content></div></td></tr>
<tr><td>版权所有 未经授权禁止转载</td></tr></table></body></html>"""


def print_docx(issue: Issue, folder: Path) -> None:
    """Print a Word document with headings."""
    from docx import Document

    document = Document()
    for line in masthead_of(issue):
        document.add_paragraph(line)
    for article in issue.articles:
        for text, level in ((article.kicker, 2), (article.title, 1), (article.subtitle, 2)):
            if text:
                document.add_heading(text, level)
        for line in article.body.split("\n"):
            document.add_paragraph(line)
    document.save(str(folder / f"{issue.issue_id}.docx"))


def print_files(issue: Issue, folder: Path) -> None:
    """Print a file an article, its facts as front matter."""
    for place, article in enumerate(issue.articles, start=1):
        facts = {
            "title": article.title,
            "date": issue.issue_date.isoformat(),
            "paper": issue.paper,
            "kicker": article.kicker,
            "subtitle": article.subtitle,
            "author": article.byline,
            "source": article.source,
        }
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items() if value]
        text = "\n".join(["---", *lines, "---", "", article.body.replace("\n", "\n\n"), ""])
        (folder / f"{issue.issue_date}_{place:02d}.md").write_text(text, encoding="utf-8")


def print_jsonl(issue: Issue, folder: Path) -> None:
    """Print a record an article."""
    records = (
        {
            "标题": article.title,
            "引题": article.kicker,
            "副题": article.subtitle,
            "作者": article.byline,
            "来源": article.source,
            "日期": issue.issue_date.isoformat(),
            "报纸": issue.paper,
            "正文": article.body,
        }
        for article in issue.articles
    )
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / f"{issue.issue_id}.jsonl").write_text(text, encoding="utf-8")


_Block = tuple[str, str, str]
"""The text of a block, its style and the part of an article that it is."""


def print_alto(issue: Issue, folder: Path) -> None:
    """Print the pages as ALTO, a block for each headline and each text, its lines as wide as a column."""
    for number, articles in enumerate(_pages_of(issue), start=1):
        blocks = [(line, "small", "") for line in masthead_of(issue)] if number == 1 else []
        blocks += [block for article in articles for block in _blocks_of(article)]
        _write_alto(folder / f"{issue.issue_id}_{number:02d}.xml", number, blocks)


def print_mets(issue: Issue, folder: Path) -> None:
    """Print the pages as ALTO, and METS that tells the issue and the parts of each article by their blocks."""
    (folder / "alto").mkdir(exist_ok=True)
    files, divisions = [], []
    for number, articles in enumerate(_pages_of(issue), start=1):
        name = f"{issue.issue_id}_{number:02d}.xml"
        files.append(f'<file ID="F{number}"><FLocat LOCTYPE="URL" xlink:href="alto/{name}"/></file>')
        blocks: list[_Block] = []
        for article in articles:
            own = _blocks_of(article)
            areas = (
                f'<div TYPE="{part}"><fptr><area FILEID="F{number}" BETYPE="IDREF" BEGIN="B{place}"/></fptr></div>'
                for place, (_, _, part) in enumerate(own, start=len(blocks))
            )
            divisions.append(f'<div TYPE="ARTICLE">{"".join(areas)}</div>')
            blocks += own
        _write_alto(folder / "alto" / name, number, blocks)
    (folder / f"{issue.issue_id}-mets.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><mets xmlns="http://www.loc.gov/METS/" '
        'xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink"><dmdSec ID="D1"><mdWrap><xmlData>'
        f"<mods:mods><mods:titleInfo><mods:title>{escape(issue.paper)}</mods:title></mods:titleInfo><mods:originInfo>"
        f"<mods:dateIssued>{issue.issue_date}</mods:dateIssued></mods:originInfo></mods:mods></xmlData></mdWrap></dmdSec>"
        f'<fileSec><fileGrp>{"".join(files)}</fileGrp></fileSec><structMap TYPE="LOGICAL"><div TYPE="ISSUE">'
        f"{''.join(divisions)}</div></structMap></mets>",
        encoding="utf-8",
    )


def _pages_of(issue: Issue) -> list[tuple[Article, ...]]:
    return [issue.articles[first : first + _PAGE_ARTICLES] for first in range(0, len(issue.articles), _PAGE_ARTICLES)]


def _blocks_of(article: Article) -> list[_Block]:
    """Return the blocks of an article in the order of print."""
    blocks = [
        (article.kicker, "lesser", "OVERLINE"),
        (article.title, "large", "HEADING"),
        (article.subtitle, "lesser", "SUBHEADLINE"),
        (article.body, "small", "BODY"),
    ]
    return [(text, style, part) for text, style, part in blocks if text]


def _write_alto(path: Path, number: int, blocks: list[_Block]) -> None:
    inner = "".join(_alto_blocks([(text, style) for text, style, _ in blocks]))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Styles>'
        '<TextStyle ID="small" FONTSIZE="10"/><TextStyle ID="lesser" FONTSIZE="16"/><TextStyle ID="large" FONTSIZE="22"/>'
        f'</Styles><Layout><Page ID="P{number}" PHYSICAL_IMG_NR="{number}" WIDTH="3000" HEIGHT="40000"><PrintSpace>{inner}'
        "</PrintSpace></Page></Layout></alto>",
        encoding="utf-8",
    )


def _alto_blocks(blocks: list[tuple[str, str]]) -> Iterator[str]:
    top = 100
    for place, (text, style) in enumerate(blocks):
        lines = []
        began = top
        for paragraph in text.split("\n"):
            indented = f"　　{paragraph}" if style == "small" and len(paragraph) > _LINE else paragraph
            width = _LINE if style == "small" else len(indented)
            for first in range(0, len(indented), width):
                words = indented[first : first + width]
                left = 100 + 40 * (len(words) - len(words.lstrip("　")))
                words = words.lstrip("　")
                size = f'HPOS="{left}" VPOS="{top}" WIDTH="{40 * len(words)}" HEIGHT="40"'
                lines.append(f'<TextLine {size}><String CONTENT="{escape(words)}" {size}/></TextLine>')
                top += 50
        size = f'HPOS="100" VPOS="{began}" WIDTH="{40 * _LINE}" HEIGHT="{top - began}"'
        yield f'<TextBlock ID="B{place}" STYLEREFS="{style}" {size}>{"".join(lines)}</TextBlock>'
        top += 40


PRINTERS: dict[str, Callable[[Issue, Path], None]] = {
    "pdf": print_pdf,
    "scan": print_scan,
    "epaper": print_epaper,
    "docx": print_docx,
    "files": print_files,
    "jsonl": print_jsonl,
    "alto": print_alto,
    "mets": print_mets,
}
"""The printer of each format."""
