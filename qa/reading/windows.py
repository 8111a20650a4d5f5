"""Question and text to windows of tokens, with the characters where an answer may begin or end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

SLOTS = 4
"""Characters of a token, from either end, at which an answer may begin or end: pieces such as 日的 hold more than a word."""
QUESTION_TOKENS = 64  # a longer question loses its middle: names stand in front, what is asked at the end
LEAD_TOKENS = 64
BEFORE_MARKED, BEHIND_MARKED = 64, 32
"""Tokens of text on either side of words that are judged: some sentences, mostly those that lead up to them."""

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into tokens; blanks at their ends do not count as theirs."""

    ids: Ints
    starts: Ints
    """The first character of each token."""
    ends: Ints
    """The one behind its last."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """What the model sees at once: `<s> question </s></s> lead, text </s>`, and the characters of the text in it."""

    ids: Ints
    first: int
    """The character of the text that the arrays below begin with."""
    starts: Ints
    """For each character, its place among the start scores (token * SLOTS + slot), or -1 where no answer may begin."""
    ends: Ints
    """For each character, its place among the end scores, or -1 where no answer may end with it."""
    tokens: Ints
    """For each character, the token it lies in; 0 for none."""

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the characters (first, last) of a span of the text, from the window's own start; None if outside it."""
        first, last = start - self.first, end - 1 - self.first
        if first < 0 or last >= len(self.starts):
            return None
        # The middle of a long number or a Latin word: the token's own edge is the nearest that can be said.
        while first > 0 and self.starts[first] < 0:
            first -= 1
        while last < len(self.ends) - 1 and self.ends[last] < 0:
            last += 1
        return (first, last) if self.starts[first] >= 0 and self.ends[last] >= 0 else None


@dataclass(frozen=True, slots=True)
class MarkedWindow:
    """What the verifier sees at once: `<s> question </s></s> lead, text </s> the words that are judged </s> text </s>`."""

    ids: Ints
    first: int
    """The first token of these words."""
    last: int
    """The one behind their last."""


class Windower:
    """Cuts texts with the encoder's own tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        # A copy: the encoder's own sets truncation and padding, which would move offsets.
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._open = self._special("<s>")
        self._close = self._special("</s>")
        self.pad = self._special("<pad>")

    def tokens(self, text: str) -> Tokens:
        """Cut one text."""
        return self.batch([text])[0]

    def batch(self, texts: Sequence[str]) -> list[Tokens]:
        """Cut several texts."""
        found = []
        for text, encoding in zip(texts, self._tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True):
            starts, ends = [], []
            for start, end in encoding.offsets:
                while start < end and text[start].isspace():
                    start += 1
                starts.append(start)
                ends.append(end)
            found.append(Tokens(*(np.array(values, dtype=np.int32) for values in (encoding.ids, starts, ends))))
        return found

    def window(
        self, question: Tokens, text: Tokens, first: int = 0, last: int | None = None, lead: Tokens | None = None
    ) -> Window:
        """Frame the text's tokens from `first` up to `last` with the question, and what leads the text."""
        last = len(text) if last is None else last
        head = self._head(question, lead)
        ids = np.array([*head, *text.ids[first:last], self._close], dtype=np.int32)
        begin = int(text.starts[first]) if last > first else 0
        length = int(text.ends[last - 1]) - begin if last > first else 0
        starts, ends, tokens = np.full(length, -1, np.int32), np.full(length, -1, np.int32), np.zeros(length, np.int32)
        held = text.ends[first:last] - text.starts[first:last]
        owners = np.repeat(np.arange(len(held), dtype=np.int32), held)
        # Each character's place within its token, from either end.
        ahead = np.arange(len(owners), dtype=np.int32) - np.repeat(np.cumsum(held, dtype=np.int32) - held, held)
        behind = held[owners] - 1 - ahead
        chars = text.starts[first:last][owners] - begin + ahead
        owners += len(head)
        # Two tokens may claim one character, such as the halves of a folded ligature: the later says so.
        tokens[chars] = owners
        for places, slots in ((starts, ahead), (ends, behind)):
            near = slots < SLOTS
            places[chars[near]] = owners[near] * SLOTS + slots[near]
        return Window(ids, begin, starts, ends, tokens)

    def marked(self, question: Tokens, text: Tokens, start: int, end: int, lead: Tokens | None = None) -> MarkedWindow | None:
        """Frame words of a text, characters `start` to `end`, marked among those around them; None where they are no token."""
        inside = np.flatnonzero((text.ends > start) & (text.starts < end))
        if not len(inside):
            return None
        first, last = int(inside[0]), int(inside[-1]) + 1
        before, behind = text.ids[max(0, first - BEFORE_MARKED) : first], text.ids[last : last + BEHIND_MARKED]
        head = [*self._head(question, lead), *before, self._close]
        ids = np.array([*head, *text.ids[first:last], self._close, *behind, self._close], dtype=np.int32)
        return MarkedWindow(ids, len(head), len(head) + last - first)

    def _head(self, question: Tokens, lead: Tokens | None) -> list[int]:
        """Return the tokens in front of a text."""
        asked = question.ids
        if len(asked) > QUESTION_TOKENS:
            asked = np.concatenate([asked[: QUESTION_TOKENS // 2], asked[-QUESTION_TOKENS // 2 :]])
        return [self._open, *asked, self._close, self._close, *(lead.ids[:LEAD_TOKENS] if lead is not None else ())]

    def cover(self, question: Tokens, text: Tokens, size: int, stride: int, lead: Tokens | None = None) -> list[Window]:
        """Return the overlapping windows of at most `size` tokens that hold the whole text, `stride` tokens apart or less."""
        around = 4 + min(len(question), QUESTION_TOKENS) + min(len(lead) if lead is not None else 0, LEAD_TOKENS)
        room = max(size - around, 1)
        if len(text) <= room:
            return [self.window(question, text, lead=lead)]
        count = 1 + -(-(len(text) - room) // min(stride, room))
        # Even steps: a last window of a few tokens would show the model a text without its beginning.
        firsts = [round(step * (len(text) - room) / (count - 1)) for step in range(count)]
        return [self.window(question, text, first, first + room, lead) for first in firsts]

    def _special(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no {token}: the reader's windows are framed with it")
        return int(found)
