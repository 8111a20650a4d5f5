"""The order of an issue's articles where they come from several files: by the pages they stand on, then as their files go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.records import Article

_PAGE = re.compile(r"([A-Za-z]*)(\d+)")
_UNPAGED = ("\U0010ffff", 0)


@dataclass(frozen=True, slots=True)
class Printed:
    """An article with its number, its file and its place in that file."""

    path: str
    place: int
    ordinal: int
    article: Article


def in_print_order(articles: Sequence[Printed]) -> list[Printed]:
    """Return the articles of one issue in the order of print.

    Those of a single file stand as they do in it. Of several files, an article that tells no page stands with the one
    before it in its file; where a whole file tells none, its articles come last.
    """
    in_files = sorted(articles, key=lambda one: (one.path, one.place, one.ordinal))
    if len({one.path for one in articles}) < 2:
        return in_files
    pages: dict[str, tuple[str, int]] = {}
    keyed = []
    for one in in_files:
        page = pages[one.path] = _page(one.article.page) or pages.get(one.path, _UNPAGED)
        keyed.append((page, one))
    return [one for _, one in sorted(keyed, key=lambda pair: pair[0])]  # a stable sort keeps the order of files


def _page(printed: str | None) -> tuple[str, int] | None:
    """Return a printed page as it sorts: 2 before 10, A02 before B01."""
    match = _PAGE.match(printed or "")
    return (match[1].upper(), int(match[2])) if match else None
