"""The JSON that comes in, as pydantic models; OpenAPI is made of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from embeddings.records import Filters
from qa.understanding.comprehension import TURNS_READ
from qa.understanding.query_rewriting import Turn

MAX_LIMIT = 200
ANSWER_READ = 500
"""Characters of an earlier answer: what follows on it leans on a name or a day."""
_Name = Annotated[str, StringConstraints(max_length=200)]


class Strict(BaseModel):
    """A request that refuses fields it does not know, so that a misspelt filter is not lost silently."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FiltersIn(Strict):
    """What part of the archive to search."""

    first: date | None = Field(None, alias="from", description="first issue date, YYYY-MM-DD")
    last: date | None = Field(None, alias="to", description="last issue date, YYYY-MM-DD")
    issue_id: _Name | None = None
    paper: _Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise ValueError("from lies behind to")
        return self

    def filters(self) -> Filters:
        """Return the filters as the archive takes them."""
        return Filters(self.first, self.last, self.issue_id, self.paper)


class TurnIn(BaseModel):
    """An earlier turn of the conversation."""

    question: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        description="no longer than the question itself may be"
    )
    answer: str | None = Field(None, description=f"as it was given; {ANSWER_READ} characters of it are read")

    def read(self) -> Turn:
        """Return what is read of it."""
        return Turn(self.question, self.answer[:ANSWER_READ] if self.answer else self.answer)


class AskIn(Strict):
    """A question."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    history: list[TurnIn] = Field(
        default_factory=list, description=f"earlier turns, oldest first; the last {TURNS_READ} are read"
    )
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn())
    top_k: int = Field(5, ge=1, le=20, description="citations at most")


class SearchIn(FiltersIn):
    """A search without an answer."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    k: int = Field(10, ge=1, le=50)


class FurtherIn(Strict):
    """An article that answered, and the question that it answered."""

    article_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    asked: str = ""


class PageIn(Strict):
    """A page of a list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    after: _Name | None = Field(None, description="the last id of the page before")


class RangeIn(Strict):
    """A quote within an article, in code points; both ends or none."""

    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end belong together")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("end must lie behind start")
        return self


class ArticlePath(BaseModel):
    """The id of an article."""

    article_id: str


class IssuePath(BaseModel):
    """The id of an issue."""

    issue_id: str


class UploadIn(Strict):
    """What is said of uploaded files beside their bytes."""

    name: _Name | None = Field(None, description="file name, where the body is one file and not multipart/form-data")
    paper: _Name | None = Field(None, description="the paper of files that name none")


class FeedbackIn(Strict):
    """What a visitor says of an answer."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    answer: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    article_id: Annotated[str, StringConstraints(max_length=200)] | None = None
    helpful: StrictBool
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] | None = None
