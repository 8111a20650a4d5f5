"""The blocks of a Markdown or plain text file, each with the line it starts on."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$|^[ \t]*([=—－━─～~#*])\2{3,}[ \t]*$|^[ \t]*={3}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph; `level` is 0 for a paragraph and 1 to 6 for a heading."""

    level: int
    text: str
    line: int
    ruled: bool = False
    """A rule (---, ====) stands between it and the block before."""


def split_blocks(text: str) -> list[Block]:
    """Split a file at its headings and blank lines, with Markdown's escapes and rules taken out.

    By hand, because a Markdown parser gives no line for a paragraph's parts and
    takes a printed “1.” or “*” for a list.
    """
    blocks: list[Block] = []
    lines: list[str] = []
    started = 0
    ruled = False

    def add(level: int, text: str, line: int) -> None:
        nonlocal ruled
        blocks.append(Block(level, text, line, ruled and bool(blocks)))
        ruled = False

    def close() -> None:
        if lines:
            add(0, "\n".join(lines), started)
            lines.clear()

    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip("\ufeff \t\u3000")
        heading = _HEADING.match(raw)
        rule = _RULE.match(raw)
        if heading or not line or rule:
            close()
            if heading and heading[2].strip():
                add(len(heading[1]), _unescape(heading[2].strip()), number)
            elif rule:
                ruled = True
            continue
        if not lines:
            started = number
        lines.append(_unescape(line))
    close()
    return blocks


def _unescape(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)
