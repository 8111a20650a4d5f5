"""A citation: a quote with where it was printed, checked to the letter before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from embeddings.dates.mentions import event_dates
from embeddings.records import Passage
from embeddings.store.records import Printing
from embeddings.text.readings import printed_words
from qa.references.corrections import LaterReport
from qa.references.formats import gbt7714


class QuoteError(RuntimeError):
    """A quote that is not what is printed: never let out."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with where it was printed; offsets are code points into the article's body."""

    id: int
    passage: Passage
    quote_start: int
    quote_end: int
    answer_start: int | None
    answer_end: int | None
    near: bool = False
    later_reports: tuple[LaterReport, ...] = ()
    """Later articles that correct the one it stands in, or report on."""
    reprints: tuple[Printing, ...] = ()
    """Where else the same news was printed, oldest first."""
    superseded: bool = False
    """Whether the quote is of the printed text of an article that the operator has corrected since."""

    @property
    def quote(self) -> str:
        """Return the printed words."""
        return self.passage.article.body[self.quote_start : self.quote_end]

    @property
    def corrected(self) -> bool:
        """Say whether the quote is of a text that the operator corrected."""
        return bool(self.passage.article.printed or self.passage.printed_date) and not self.superseded

    @property
    def printed_quote(self) -> str | None:
        """Return the printed words that the quote of a corrected text stands for; None where they are the same."""
        return printed_words(self.passage.article, self.quote_start, self.quote_end)

    @property
    def before(self) -> str:
        """Return the words of the passage before the quote."""
        return self.passage.article.body[min(self.passage.start, self.quote_start) : self.quote_start]

    @property
    def after(self) -> str:
        """Return the words of the passage behind the quote."""
        return self.passage.article.body[self.quote_end : max(self.passage.end, self.quote_end)]

    @property
    def event_dates(self) -> tuple[date, ...]:
        """Return the days the quote speaks of, read against the issue's date."""
        return event_dates(self.passage.article.body, self.passage.issue_date, self.quote_start, self.quote_end)

    @property
    def gbt7714(self) -> str:
        """Return the reference by GB/T 7714."""
        return gbt7714(self.passage)


def check_quote(passage: Passage, quote: tuple[int, int], answer: tuple[int, int]) -> None:
    """Raise QuoteError unless the quote lies within the printed body and the answer within the quote."""
    length = len(passage.article.body)
    if not 0 <= quote[0] < quote[1] <= length:
        raise QuoteError(f"{passage.chunk_id}: quote {quote[0]}:{quote[1]} is not in a body of {length} characters")
    if not quote[0] <= answer[0] < answer[1] <= quote[1]:
        raise QuoteError(f"{passage.chunk_id}: answer {answer[0]}:{answer[1]} leaves its quote {quote[0]}:{quote[1]}")
