"""Blocks of an issue gathered into articles: headings with the text under them, on the page that a mark names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from embeddings.formats.blocks import Block
from embeddings.formats.credits import OPENING, is_credit
from embeddings.formats.headings import SIGNATURE, SUBTITLE, is_kicker
from embeddings.formats.imprint import names_editors
from embeddings.formats.jumps import Jump, take_jumps
from embeddings.formats.page_marks import PageMark, read_page_mark
from embeddings.text.letters import simplified_in_place
from embeddings.text.sentences import ends_a_sentence

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_SENTENCE_MARK = re.compile(r"[。！？!?；;]")
_LINE = 40  # a line of more characters than this is text, whatever its punctuation
_KICKER_SIGNS = "▲△▼◆◇●○□■"
_KICKERS = 2  # lines at most that announce a headline; more that hold no sentence are a list of the article above


@dataclass(slots=True)
class Draft:
    """An article in the making: its headings and the blocks under them."""

    headings: list[Block]
    blocks: list[Block] = field(default_factory=list)
    page: PageMark = field(default_factory=PageMark)
    jumps: list[Jump] = field(default_factory=list)

    @property
    def has_text(self) -> bool:
        """Say whether it holds more than lines of a headline."""
        return any(is_text(block) for block in self.blocks)


def is_text(block: Block) -> bool:
    """Say whether a block is running text rather than a line of a headline."""
    return len(block.text) > _LINE or bool(_SENTENCE_MARK.search(block.text) or OPENING.match(block.text))


def separate(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks of which none holds a mark of a page, a line of editors or a credit beside other lines.

    A paragraph of several lines is cut behind each line that ends a sentence. Images that stand alone go.
    """
    for block in blocks:
        kept: list[str] = []
        first = block.line
        for number, line in enumerate(block.text.split("\n"), start=block.line):
            if _IMAGE.fullmatch(line.strip()):
                continue
            single = read_page_mark(line) or names_editors(line) or (not kept and (is_credit(line) or SUBTITLE.match(line)))
            if single and kept:
                yield Block(block.level, "\n".join(kept), first)
                kept = []
            first = first if kept else number
            kept.append(line)
            if single or _is_over(line):
                yield Block(block.level, "\n".join(kept), first)
                kept = []
        if kept:
            yield Block(block.level, "\n".join(kept), first)


def gather(blocks: Iterable[Block], page: PageMark) -> list[Draft]:
    """Group headings and text into articles from a page on, and move each kicker to the article it announces.

    Text that comes from another page (上接第1版) begins a draft of its own, whether or not a headline stands over it.
    """
    drafts: list[Draft] = []
    waiting: list[Block] = []  # headings and kickers that have no text of their own yet
    jumps: list[Jump] = []  # marks that stood over or in them
    current: Draft | None = None

    for printed in blocks:
        if mark := read_page_mark(printed.text):
            page = mark
            continue
        text, found, _ = take_jumps(printed.text)
        block = replace(printed, text=text)
        if not block.level:
            back = any(not jump.onward for jump in found)
            if back and current is not None and current.has_text:
                waiting = _close(current, None, drafts)
                current = None
            if current is None and not waiting and not back and not is_text(block) and block.text:
                waiting.append(block)  # a line above the first heading
                jumps += found
                continue
            if current is None:
                current = Draft(waiting, page=page, jumps=jumps)
                waiting, jumps = [], []
            current.jumps += found
            if block.text:
                current.blocks.append(block)
            continue
        if current is not None:
            waiting = _close(current, block, drafts)
            jumps = current.jumps if waiting and not current.has_text else []
            current = None
        jumps += found
        if block.text:
            waiting.append(block)
    if current is not None and current.has_text:
        drafts.append(current)
    return drafts


def _close(draft: Draft, heading: Block | None, drafts: list[Draft]) -> list[Block]:
    """Add a draft to those done where it has a text, and return the headings and lines that announce what follows."""
    kickers = _take_kickers(draft) if heading is not None else []
    if draft.has_text:
        drafts.append(draft)
        return kickers
    top = draft.headings[-1].level if draft.headings else 0
    if heading is not None and heading.level <= top and any(SUBTITLE.match(line.text) for line in draft.blocks):
        # A heading with nothing under it but lines announces what follows; one that
        # carries a subtitle of its own and no text is a slogan, complete in itself,
        # unless the next heading stands below it.
        return kickers
    return [*draft.headings, *draft.blocks, *kickers]


def _take_kickers(draft: Draft) -> list[Block]:
    """Take the lines off the end of an article that announce the next one."""
    place = len(draft.blocks) - _marked(draft.blocks)
    while place and not is_text(draft.blocks[place - 1]) and is_kicker(draft.blocks[place - 1].text):
        last = draft.blocks[place - 1]
        before = draft.blocks[place - 2] if place > 1 else None
        # Behind a sentence that is not over, the line is that sentence's rest.
        if is_credit(last.text) or (before is not None and is_text(before) and not _is_over(before.text)):
            break
        place -= 1
    above = draft.blocks[place - 1] if place else None
    listed = above is not None and not is_text(above) and not is_kicker(above.text) and not _ends_an_article(above.text)
    if draft.has_text and (len(draft.blocks) - place > _KICKERS or listed):
        place = len(draft.blocks) - _marked(draft.blocks)
    kickers = draft.blocks[place:]
    del draft.blocks[place:]
    return kickers


def _is_over(text: str) -> bool:
    """Say whether a text ends with a sentence, or with a credit in brackets behind one."""
    return ends_a_sentence(re.sub(r"[(（][^()（）]*[)）]\s*$", "", text))


def _ends_an_article(line: str) -> bool:
    plain = simplified_in_place(line)
    return SIGNATURE.search(plain) is not None or is_credit(line) or plain[-1:] in ")）"


def _marked(lines: list[Block]) -> int:
    """Count the lines at the end that begin with a sign as kickers of old print do: ▲老母哭暈兩次."""
    count = 0
    for line in reversed(lines):
        if line.text[:1] not in _KICKER_SIGNS or is_text(line) or is_credit(line.text):
            break
        count += 1
    return count
