"""References to printed articles, by GB/T 7714-2015."""

from __future__ import annotations

import re

from embeddings.records import Passage

_ROLE = re.compile(r"(?:本报)?(?:见习|实习|特约)?(?:记者|通讯员|评论员)")
_BETWEEN = re.compile(r"[\s、，,/]+")


def gbt7714(passage: Passage) -> str:
    """Return a newspaper reference: authors. headline[N]. paper, date(page). What is not printed is left out."""
    article = passage.article
    names = [name for name in _BETWEEN.split(_ROLE.sub(" ", article.byline or "")) if name]
    # The standard names three authors, then 等.
    authors = ", ".join(names[:3]) + (", 等" if len(names) > 3 else "")
    page = f"({article.page})" if article.page is not None else ""
    prefix = f"{authors}. " if authors else ""
    return f"{prefix}{article.title}[N]. {passage.paper}, {passage.issue_date.isoformat()}{page}."
