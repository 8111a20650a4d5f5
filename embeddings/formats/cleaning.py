"""The text of a file without what no reader ever saw in print: tags, images, code, formulas, buttons, running heads.

Line ends stay where they were as far as possible, so that errors name the lines of the file. By hand and not by a parser of
HTML or Markdown, which knows nothing of the lines that it read, and takes < and * of print for its own; what lies between
the tags of a table, and formulas, are read by libraries.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from embeddings.formats.formulas import without_formulas
from embeddings.formats.navigation import is_button_row
from embeddings.formats.particulars import read_particulars
from embeddings.formats.running_heads import without_running_heads
from embeddings.formats.tables import without_drawn_tables, without_html_tables

FRONT_MATTER = re.compile(
    r"\A\ufeff?\s*^(?P<fence>---|\+\+\+)[ \t]*$\n(?P<facts>.*?)^(?P=fence)[ \t]*$\n?", re.MULTILINE | re.DOTALL
)
"""The facts of a file above its text, in YAML or TOML."""

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^`]*")
_TEXT_FENCES = ("markdown", "md", "text", "txt")
_UNPRINTED = "script style noscript template iframe svg video audio object select textarea head title".split()
_ADVERTISED = "center aside figure div p".split()
_INVITES = re.compile(r"群|二维码|扫码|公众号|关注|订阅|赞助|会员|客户端|APP|下载", re.IGNORECASE)
_ADVERTISEMENT = 120  # characters of words; an element of more is no badge
_BREAKING = (
    "p div br li tr ul ol dl dt dd table tbody thead tfoot section article header footer main aside center blockquote pre"
    " figure figcaption hr h1 h2 h3 h4 h5 h6 form nav body html details summary caption address"
)
_INLINE = (
    "a b i u s em strong span font img sub sup small big code kbd del ins mark td th col colgroup input button label meta link"
    " base o ruby rt rp abbr cite q strike tt var wbr picture source iframe svg path video audio object param embed map area"
)
_TAG = re.compile(
    rf"</?(?P<name>{'|'.join(sorted({*_BREAKING.split(), *_INLINE.split()}, key=len, reverse=True))})(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAKS = frozenset(_BREAKING.split())
_BREAK = "\x00"  # which no text holds
_HEADING = re.compile(r"<h([1-6])\b[^<>]*>(?P<text>[^\n]{1,300}?)</h\1\s*>", re.IGNORECASE)
_RAISED = re.compile(r"<sup\b[^<>]*>\s*(\d{1,3})\s*</sup\s*>", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ODD_BLANKS = re.compile(r"[\xa0\u2002-\u200a]")

_TARGET = r"\(\s*<?(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)?)>?(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
_IMAGE = re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])|!\[\[[^\[\]\n]*\]\]")
_LINK = re.compile(rf"(?<!\\)\[(?P<words>[^\[\]\n]*)\]{_TARGET}")
_LINKED_HEADING = re.compile(
    rf"(?m)^(?P<mark> {{0,3}}#{{1,6}}[ \t]+)(?P<before>[^\[\]\n]{{0,20}})\[(?P<words>[^\[\]\n]+)\]{_TARGET}[ \t]*$"
)
_LINK_TARGET = re.compile(r"[a-z]+:|[./#?]", re.IGNORECASE)
_ADDRESS = r"<?(?:https?://|www\.)[^\s<>\u3000-\u9fff，。]+>?"
_LINK_LINE = re.compile(rf"[ \t\u3000>*-]*(?:{_ADDRESS}[ \t|,，、]*)+")
_ORIGINAL = re.compile(
    rf"[ \t>*-]*\[(?P<words>[^\[\]\n]{{0,12}}(?:原文|全文|来源|链接|source|original|link)[^\[\]\n]{{0,12}})\]{_TARGET}[ \t*]*",
    re.IGNORECASE,
)
_URL_WORDS = re.compile(_ADDRESS)
_DEFINITION = re.compile(r" {0,3}\[\^?[^\[\]\n]{1,40}\]:[ \t]+\S+.*")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[.#][\w\s.#=\"-]*\}[ \t]*|\s*\[\[?_?toc_?\]?\]\s*", re.IGNORECASE)
_SHORTCODE = re.compile(r"\{\{[<%][^{}\n]{0,500}[>%]\}\}")
_FOOTNOTE = re.compile(r"\[\^[\w-]{1,20}\]")
_QUOTED = re.compile(r"(?m)^ {0,3}(?:>[ \t]?)+")
_BOLD = re.compile(r"(?<!\\)(?P<mark>\*{2,3})(?=\S)(?P<words>[^*\n]+?)(?<=[^\s\\])(?P=mark)")
_UNDERLINED = re.compile(r"(?<![\w\\])__(?=\S)([^_\n]+?)(?<=[^\s\\])__(?!\w)")
_BOLD_LINE = re.compile(r"[ \t\u3000]*\*\*(?P<words>[^*\n。！？：:；;]{2,40})\*\*[ \t\u3000]*")
_MARKED_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]")


def clean(text: str) -> str:
    """Return what is printed of a text; front matter stays as it is.

    Never raises, and takes time in step with the text's length.
    """
    facts = FRONT_MATTER.match(text)
    end = facts.end() if facts else 0
    body = text[end:]
    for step in _STEPS:
        body = step(body)
    return text[:end] + body


def _newlines(text: str) -> str:
    return "\n" * text.count("\n")


def _without_fences(text: str) -> str:
    """Leave out fenced code; what a model of OCR fenced as Markdown stays, and what is all that a file holds."""
    lines = text.split("\n")
    kept = list(lines)
    opened: tuple[int, str, str] | None = None
    for place, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        if opened is None:
            opened = place, fence["mark"], fence["language"].lower()
        elif fence["mark"].startswith(opened[1]) and not fence["language"]:
            kept[opened[0]] = kept[place] = ""
            if opened[2] not in _TEXT_FENCES:
                kept[opened[0] : place] = [""] * (place - opened[0])
            opened = None
    if opened is not None:  # never closed, it is no code's
        kept[opened[0]] = ""
    if not any(line.strip() for line in kept):
        kept = ["" if _FENCE.fullmatch(line) else line for line in lines]
    return "\n".join(kept)


def _cut_out(
    text: str, opening: re.Pattern[str], closing: re.Pattern[str], leave: Callable[[str], bool] = lambda cut: False
) -> str:
    """Take out what stands between two marks, with them, but for what is to be left; what is not closed stays."""
    pieces: list[str] = []
    done = 0
    for start in opening.finditer(text):
        if start.start() < done:
            continue
        end = closing.search(text, start.end())
        if end is None:
            break
        cut = text[start.start() : end.end()]
        if not leave(cut):
            pieces += [text[done : start.start()], _newlines(cut)]
            done = end.end()
    return "".join([*pieces, text[done:]])


def _marks(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE)


_COMMENT = re.compile("<!--"), re.compile("-->")
_UNPRINTED_MARKS = tuple(map(_marks, _UNPRINTED))
_ADVERTISED_MARKS = tuple(map(_marks, _ADVERTISED))
_LONGEST_BADGE = 4000  # characters with its markup
_DECLARATION = re.compile(r"<[!?](?:doctype|xml)\b[^<>]*>", re.IGNORECASE)


def _without_unprinted(text: str) -> str:
    """Leave out scripts, styles and the like, and the badges of a site: a picture that invites to a readers' club."""
    if "<" not in text:
        return text
    for marks in _UNPRINTED_MARKS:
        text = _cut_out(text, *marks)
    for marks in _ADVERTISED_MARKS:
        text = _cut_out(text, *marks, leave=lambda cut: not _is_badge(cut))
    return _DECLARATION.sub(lambda tag: _newlines(tag[0]), text)


def _is_badge(markup: str) -> bool:
    if len(markup) > _LONGEST_BADGE or "<img" not in markup.lower():
        return False
    words = " ".join(_TAG.sub(" ", markup).split())
    return len(words) <= _ADVERTISEMENT and _INVITES.search(words) is not None


def _without_comments(text: str) -> str:
    return _cut_out(text, *_COMMENT)


def _without_tags(text: str) -> str:
    """Take tags off; headings become Markdown's, and a line breaks where an element begins or ends in it."""
    if "<" in text:
        text = _RAISED.sub(lambda raised: raised[1].translate(_SUPERSCRIPTS), text)
        text = _HEADING.sub(lambda found: f"{_BREAK}{'#' * int(found[1])} {found['text'].strip()}{_BREAK}", text)
        text = _TAG.sub(_tag_in_print, text)
        text = "\n".join(_broken(line) if _BREAK in line else line for line in text.split("\n"))
    text = _ENTITY.sub(lambda entity: _UNSEEN.sub(" ", html.unescape(entity[0])).replace("\n", " "), text)
    return _ODD_BLANKS.sub(" ", text)


def _tag_in_print(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    return (_BREAK if name in _BREAKS else " " if name in ("td", "th") else "") + _newlines(tag[0])


def _broken(line: str) -> str:
    return "\n".join(piece for piece in line.split(_BREAK) if piece.strip())


def _without_links(text: str) -> str:
    """Leave out images and lines that are links alone; of other links the words stay, of a headline's the address below it."""
    text = _SHORTCODE.sub("", text)
    if "[" in text:
        text = _FOOTNOTE.sub("", _IMAGE.sub("", text))
        text = _LINKED_HEADING.sub(r"\g<mark>\g<before>\g<words>" + "\n原文链接：" + r"\g<target>", text)
    lines = text.split("\n")
    for place, line in enumerate(lines):
        original = _ORIGINAL.fullmatch(line) if "[" in line else None
        if original:
            lines[place] = f"原文链接：{original['target']}"
        elif _LINK_LINE.fullmatch(line) or _DEFINITION.fullmatch(line) or _ATTRIBUTES.fullmatch(line):
            lines[place] = ""
        elif "](" in line:
            lines[place] = _LINK.sub(_words_of_link, line)
    return "\n".join(lines)


def _words_of_link(link: re.Match[str]) -> str:
    if link["target"] and not _LINK_TARGET.search(link["target"]):
        return link[0]  # brackets as print has them
    return "" if _URL_WORDS.fullmatch(link["words"]) else link["words"]


def _without_buttons(text: str) -> str:
    return "\n".join("" if is_button_row(line) else line for line in text.split("\n"))


def _without_emphasis(text: str) -> str:
    """Take bold and quote marks off; in a text without headings a bold line that opens it or that particulars follow is one."""
    text = _QUOTED.sub("", text)
    if "**" in text and not _MARKED_HEADING.search(text):
        lines = text.split("\n")
        printed = [place for place, line in enumerate(lines) if line.strip()]
        for place, below in zip(printed, [*printed[1:], None], strict=True):
            bold = _BOLD_LINE.fullmatch(lines[place])
            apart = place == 0 or not lines[place - 1].strip()
            if bold and apart and (place == printed[0] or (below is not None and read_particulars(lines[below]) is not None)):
                lines[place] = f"## {bold['words'].strip()}"
        text = "\n".join(lines)
    return _UNDERLINED.sub(r"\1", _BOLD.sub(r"\g<words>", text))


_STEPS: tuple[Callable[[str], str], ...] = (
    _without_fences,
    _without_unprinted,
    without_running_heads,  # which page comments set apart
    _without_comments,
    without_html_tables,
    _without_links,  # before tags, for <https://…> is no tag and an address may stand in one
    _without_tags,
    without_formulas,
    without_drawn_tables,
    _without_emphasis,
    _without_buttons,
)
"""What is taken out, in order."""
