"""References to printed articles: GB/T 7714-2015, BibTeX, RIS and CSL-JSON.

Written by hand: each is a dozen lines for one kind of item, and what a writer of
references brings along are other kinds. The tests read them back by its parsers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.records import Article, Passage
from embeddings.store.records import Printing

_ROLE = re.compile(r"(?:本报)?(?:见习|实习|特约)?(?:记者|通讯员|评论员)")
_BETWEEN = re.compile(r"[\s、，,/]+")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# BibTeX counts braces even behind a backslash, so they need commands of their own.
_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    }
)  # fmt: skip


Reprints = Sequence[Printing]


@dataclass(frozen=True, slots=True)
class Style:
    """One way to write a reference, and the file it is sent as."""

    write: Callable[[Passage, Reprints], str]
    """Takes what is cited, and where else the same news was printed."""
    mimetype: str
    suffix: str


def authors(byline: str | None) -> list[str]:
    """Return the names in a byline, without 本报记者 and the like."""
    return [name for name in _BETWEEN.split(_ROLE.sub(" ", byline or "")) if name]


def pages(article: Article) -> str | None:
    """Return the pages of an article as references name them: 2, A02, or 1, 3 where it goes on on another."""
    return ", ".join(page for page in (article.page, article.continued) if page) or None


def dates(passage: Passage) -> str:
    """Return the days of an issue as ISO 8601 has them: 2024-03-04, or 2024-03-04/2024-03-10 for a weekly."""
    return "/".join(day.isoformat() for day in (passage.issue_date, passage.last_date) if day)


def paper(passage: Passage) -> str:
    """Return the name of the paper, with the edition where it is one: 砚溪日报(号外)."""
    return f"{passage.paper}({passage.edition})" if passage.edition else passage.paper


def gbt7714(passage: Passage) -> str:
    """Return a newspaper reference: authors. headline[N]. paper, date(page). What is not printed is left out."""
    article = passage.article
    names = authors(article.byline)
    # The standard names three authors, then 等.
    named = ", ".join(names[:3]) + (", 等" if len(names) > 3 else "")
    page = f"({pages(article)})" if pages(article) else ""
    prefix = f"{named}. " if named else ""
    return f"{prefix}{article.title}[N]. {paper(passage)}, {dates(passage)}{page}."


def see_also(reprints: Reprints) -> str:
    """Return a note of where else the same news was printed: 另见《松烟晚报》2024-03-14(2)《…》; nothing where nowhere."""
    places = (
        f"《{one.paper}》{one.issue_date.isoformat()}{f'({one.page})' if one.page is not None else ''}《{one.title}》"
        for one in reprints
    )
    return "另见" + "、".join(places) if reprints else ""


def bibtex(passage: Passage, reprints: Reprints = ()) -> str:
    """Return an entry for BibTeX and biblatex, which know a newspaper article as @article; the article's id is its key."""
    article, day = passage.article, passage.issue_date
    fields = {
        # Braces keep a name in one piece, and the capitals of a headline.
        "author": " and ".join(f"{{{_tex(name)}}}" for name in authors(article.byline)),
        "title": f"{{{_tex(article.title)}}}",
        "journal": _tex(paper(passage)),
        "entrysubtype": "newspaper",
        "year": str(day.year),
        "date": dates(passage),
        "number": _number(passage.issue_number),
        "pages": pages(article),
        "url": article.url and article.url.translate({ord("{"): "%7B", ord("}"): "%7D"}),
        "note": _tex(see_also(reprints)),
        "langid": "chinese",
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@article{{{passage.article_id},\n{''.join(lines)}  month = {_MONTHS[day.month - 1]},\n}}\n"


def ris(passage: Passage, reprints: Reprints = ()) -> str:
    """Return a reference in the RIS format, as reference managers read it; its lines end in CR LF."""
    article, day = passage.article, passage.issue_date
    fields = [
        ("TY", "NEWS"),
        ("ID", passage.article_id),
        *(("AU", name) for name in authors(article.byline)),
        ("TI", article.title),
        ("T2", paper(passage)),
        ("PY", str(day.year)),
        ("DA", day.strftime("%Y/%m/%d")),
        ("IS", _number(passage.issue_number)),
        ("SP", pages(article)),
        ("UR", article.url),
        ("N1", see_also(reprints)),
        ("LA", "zh"),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value]
    return "".join(lines) + "ER  - \r\n"


def csl(passage: Passage, reprints: Reprints = ()) -> str:
    """Return a CSL-JSON array of one item, schema 1.0.2 of the Citation Style Language."""
    article, day = passage.article, passage.issue_date
    item: dict[str, Any] = {
        "id": passage.article_id,
        "type": "article-newspaper",
        # Bylines do not tell family names from given ones.
        "author": [{"literal": name} for name in authors(article.byline)],
        "title": article.title,
        "container-title": paper(passage),
        "issued": {"date-parts": [[one.year, one.month, one.day] for one in (day, passage.last_date) if one]},
        "issue": _number(passage.issue_number),
        "page": pages(article),
        "URL": article.url,
        "note": see_also(reprints),
        "language": "zh-CN",
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _as_text(passage: Passage, reprints: Reprints) -> str:
    """Return the line of GB/T 7714, and a line of reprints where there are some; the standard knows no notes."""
    return "".join(f"{line}\n" for line in (gbt7714(passage), see_also(reprints)) if line)


STYLES = {
    "gbt7714": Style(_as_text, "text/plain", "txt"),
    "bibtex": Style(bibtex, "application/x-bibtex", "bib"),
    "ris": Style(ris, "application/x-research-info-systems", "ris"),
    "csl": Style(csl, "application/vnd.citationstyles.csl+json", "json"),
}


def _tex(text: str) -> str:
    """Write a text so that TeX prints it as it is, on one line."""
    return " ".join(text.split()).translate(_TEX)


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
