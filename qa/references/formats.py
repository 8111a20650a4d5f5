"""References to printed articles: GB/T 7714-2015, BibTeX, RIS and CSL-JSON.

Written by hand: each is a dozen lines for one kind of item, and what a writer of
references brings along are other kinds. The tests read them back by its parsers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embeddings.records import Passage

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


@dataclass(frozen=True, slots=True)
class Style:
    """One way to write a reference, and the file it is sent as."""

    write: Callable[[Passage], str]
    mimetype: str
    suffix: str


def authors(byline: str | None) -> list[str]:
    """Return the names in a byline, without 本报记者 and the like."""
    return [name for name in _BETWEEN.split(_ROLE.sub(" ", byline or "")) if name]


def gbt7714(passage: Passage) -> str:
    """Return a newspaper reference: authors. headline[N]. paper, date(page). What is not printed is left out."""
    article = passage.article
    names = authors(article.byline)
    # The standard names three authors, then 等.
    named = ", ".join(names[:3]) + (", 等" if len(names) > 3 else "")
    page = f"({article.page})" if article.page is not None else ""
    prefix = f"{named}. " if named else ""
    return f"{prefix}{article.title}[N]. {passage.paper}, {passage.issue_date.isoformat()}{page}."


def bibtex(passage: Passage) -> str:
    """Return an entry for BibTeX and biblatex, which know a newspaper article as @article; the article's id is its key."""
    article, day = passage.article, passage.issue_date
    fields = {
        # Braces keep a name in one piece, and the capitals of a headline.
        "author": " and ".join(f"{{{_tex(name)}}}" for name in authors(article.byline)),
        "title": f"{{{_tex(article.title)}}}",
        "journal": _tex(passage.paper),
        "entrysubtype": "newspaper",
        "year": str(day.year),
        "date": day.isoformat(),
        "number": _number(passage.issue_number),
        "pages": article.page,
        "url": article.url and article.url.translate({ord("{"): "%7B", ord("}"): "%7D"}),
        "langid": "chinese",
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@article{{{passage.article_id},\n{''.join(lines)}  month = {_MONTHS[day.month - 1]},\n}}\n"


def ris(passage: Passage) -> str:
    """Return a reference in the RIS format, as reference managers read it; its lines end in CR LF."""
    article, day = passage.article, passage.issue_date
    fields = [
        ("TY", "NEWS"),
        ("ID", passage.article_id),
        *(("AU", name) for name in authors(article.byline)),
        ("TI", article.title),
        ("T2", passage.paper),
        ("PY", str(day.year)),
        ("DA", day.strftime("%Y/%m/%d")),
        ("IS", _number(passage.issue_number)),
        ("SP", article.page),
        ("UR", article.url),
        ("LA", "zh"),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value]
    return "".join(lines) + "ER  - \r\n"


def csl(passage: Passage) -> str:
    """Return a CSL-JSON array of one item, schema 1.0.2 of the Citation Style Language."""
    article, day = passage.article, passage.issue_date
    item: dict[str, Any] = {
        "id": passage.article_id,
        "type": "article-newspaper",
        # Bylines do not tell family names from given ones.
        "author": [{"literal": name} for name in authors(article.byline)],
        "title": article.title,
        "container-title": passage.paper,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "issue": _number(passage.issue_number),
        "page": article.page,
        "URL": article.url,
        "language": "zh-CN",
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


STYLES = {
    "gbt7714": Style(lambda passage: gbt7714(passage) + "\n", "text/plain", "txt"),
    "bibtex": Style(bibtex, "application/x-bibtex", "bib"),
    "ris": Style(ris, "application/x-research-info-systems", "ris"),
    "csl": Style(csl, "application/vnd.citationstyles.csl+json", "json"),
}


def _tex(text: str) -> str:
    """Write a text so that TeX prints it as it is, on one line."""
    return " ".join(text.split()).translate(_TEX)


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
