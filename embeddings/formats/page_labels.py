"""What a page is called in print: 第2版(要闻), A02版, 第三版, B04 文化, 第8-9版, 版次：07."""

from __future__ import annotations

import re
from dataclasses import dataclass

from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole

_NUMERAL = r"[〇零一二三四五六七八九十百]{1,4}"
_ONE = rf"(?:[A-Za-z]{{0,2}}\d{{1,3}}|{_NUMERAL})"
_PAGES = rf"(?P<page>{_ONE}(?:\s*[-—–~～至到、,，]\s*[A-Za-z]{{0,2}}{_ONE})?)"
_NAME = r"(?P<name>[\u4e00-\u9fffA-Za-z·/、&]{2,14})"
_NAMED = rf"(?:\s*[:：|·\s]?\s*[（(【\[《]?\s*{_NAME}\s*[)）】\]》]?)?"
PAGE = re.compile(rf"(?:第\s*)?{_PAGES}\s*版{_NAMED}|第\s*(?P<leaf>{_ONE})\s*[页面]")
"""A label that says 版 of itself."""
_LETTERED = re.compile(rf"(?P<page>[A-Z]\d{{1,2}})(?:(?:\s*[:：|·\s]\s*|\s*[（(【\[])\s*{_NAME}\s*[)）】\]]?)?")
_BARE = re.compile(
    rf"(?:第\s*)?{_PAGES}(?:\s*[版面页])?(?:\s*/\s*\d{{1,3}})?(?:(?:\s*[:：|·\s]\s*|\s*[（(【\[])\s*{_NAME}\s*[)）】\]]?)?"
)
_TO = re.compile(r"\s*[-—–~～至到]\s*")
_AND = re.compile(r"\s*[、,，]\s*")
_NOUGHTS = re.compile(r"(?<![A-Z\d])0+(?=\d)")
_SPELT = re.compile(_NUMERAL)


@dataclass(frozen=True, slots=True)
class PageLabel:
    """A page and the name that it bears (要闻), None where it bears none."""

    page: str
    name: str | None = None


def read_page_label(text: str, bare: bool = False) -> PageLabel | None:
    """Return the page that a whole text names, or None; with `bare` also 07 and 第三, which need 版次： before them."""
    text = text.strip(" \t\u3000（()）【】[]《》—-·")
    plain = simplified_in_place(text)
    match = PAGE.fullmatch(plain) or _LETTERED.fullmatch(plain) or (_BARE.fullmatch(plain) if bare else None)
    return page_of(match, text) if match else None


def page_of(match: re.Match[str], text: str) -> PageLabel:
    """Return the page of a match of `PAGE` in a text made simplified in place."""
    groups = match.groupdict()
    name = text[slice(*match.span("name"))] if groups.get("name") else None
    return PageLabel(plain_page(groups.get("page") or groups["leaf"]), name)


def plain_page(printed: str) -> str:
    """Return a page without leading noughts, with digits for numerals: 02 is 2, 三 is 3, 08—09 is 8-9."""
    page = _AND.sub(",", _TO.sub("-", printed.strip())).upper()
    page = _SPELT.sub(lambda numeral: str(whole(numeral[0].replace("〇", "零")) or numeral[0]), page)
    return _NOUGHTS.sub("", page)
