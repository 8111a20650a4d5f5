"""The reader of records: JSON, JSON Lines, CSV and TSV, an article each, gathered into issues."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from embeddings.dates.stamps import stamped_day
from embeddings.errors import IssueError, described
from embeddings.formats.bylines import agency, people
from embeddings.formats.encodings import Decoded, decode
from embeddings.formats.gathering import Printed, gather
from embeddings.formats.masthead import find_date
from embeddings.formats.newspaper import read_credits
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.record_fields import FieldNames, names_issue_fact, names_text, told_names
from embeddings.messages import MESSAGES, Message
from embeddings.records import Article
from embeddings.text.letters import simplified_in_place
from embeddings.text.numbers import whole
from embeddings.text.numerals import read_digits

Record = Mapping[str, object]
Placed = tuple[int, Record | None]
"""A record and its line, or its number where the file has no lines of its own; None where its cells do not fit the header."""

_MOST_RECORDS = 1_000_000
_MOST_TOLD = 20  # records left out that are named one by one
_LONGEST_CELL = 16 << 20  # characters
_DEEPEST = 8  # lists and objects within each other around the records
_DELIMITERS = ",\t;|"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|[a-z]+);")
_BLOCKS = "p, div, br, li, tr, h1, h2, h3, h4, h5, h6"
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TO = re.compile(r"\s*[-—–~至]\s*")
_ONE_PAGE = r"[A-Za-z]{0,2}\d{1,3}"
_PAGE = re.compile(
    rf"第?\s*(?P<page>{_ONE_PAGE}(?:{_TO.pattern}{_ONE_PAGE})?|[一二三四五六七八九十百]{{1,4}})\s*版?(?:[\s:：(（]+(?P<name>\S.*?)[)）]?)?"
)
_NOUGHTS = re.compile(r"(?<![A-Za-z\d])0+(?=\d)")
_LINES = ("byline", "source", "column", "kicker", "subtitle", "url", "paper", "edition", "page_name")
"""The fields that are a line of words."""


def read_json(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read one JSON value: a list of records, or an object with one, such as an issue with pages with articles."""
    decoded = decode(path, raw, options.encoding)
    value = _parsed(path, decoded.text, 1)
    return _read(path, enumerate(_within(value, {}, _DEEPEST), start=1), "record_left_out", decoded, options)


def read_json_lines(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read JSON Lines: a record a line."""
    decoded = decode(path, raw, options.encoding)

    def records() -> Iterator[Placed]:
        for number, line in enumerate(io.StringIO(decoded.text), start=1):
            if line.strip():
                for record in _within(_parsed(path, line, number), {}, _DEEPEST):
                    yield number, record

    return _read(path, records(), "line_left_out", decoded, options)


def read_table(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read CSV or TSV: a record a row under a row of names."""
    decoded = decode(path, raw, options.encoding)
    return _read(path, _rows(path, decoded.text), "line_left_out", decoded, options)


def _rows(path: Path, text: str) -> Iterator[Placed]:
    first = text[: text.find("\n")] if "\n" in text else text
    counts = Counter(letter for letter in first if letter in _DELIMITERS)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else counts.most_common(1)[0][0] if counts else ","
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header: list[str] | None = None
        started = 1
        for row in rows:
            if header is None:
                header = [name.strip() for name in row] if any(row) else None
            elif any(cell.strip() for cell in row):
                yield started, dict(zip(header, row, strict=False)) if len(row) <= len(header) else None
            started = rows.line_num + 1
    except csv.Error as error:
        raise IssueError("csv", path, started, detail=str(error)) from None
    finally:
        csv.field_size_limit(before)


def _parsed(path: Path, text: str, line: int) -> object:
    if not text.strip():
        raise IssueError("empty", path, line)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        at = line + error.lineno - 1 if isinstance(error, json.JSONDecodeError) else line
        raise IssueError("json", path, at, detail=described(error)) from None


def _within(value: object, told: Record, deepest: int) -> Iterator[Record]:
    """Yield the records of a JSON value; what stands around them tells their paper, day and page where they do not."""
    if deepest == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _within(one, told, deepest - 1)
    elif isinstance(value, dict):
        inner = [one for one in value.values() if isinstance(one, dict) or (isinstance(one, list) and _has_objects(one))]
        if not inner or any(
            names_text(name) and isinstance(one, str | list) and not _has_objects(one) for name, one in value.items()
        ):
            yield {**told, **value}
            return
        facts = {name: one for name, one in value.items() if names_issue_fact(name) and not isinstance(one, dict | list)}
        for one in inner:
            yield from _within(one, {**told, **facts}, deepest - 1)


def _has_objects(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _read(path: Path, records: Iterable[Placed], left_out_text: str, decoded: Decoded, options: ReadingOptions) -> FileReading:
    """Make issues of records; those without a day or a text are left out and named."""
    names = FieldNames(path, options.fields)
    left_out: list[str] = []
    count = left = 0

    def printed() -> Iterator[Printed]:
        nonlocal count, left
        for place, record in records:
            count += 1
            if count > _MOST_RECORDS:
                raise IssueError("too_many_records", path, most=_MOST_RECORDS)
            found = MESSAGES.message("record_cells") if record is None else _printed(path, record, names)
            if isinstance(found, Printed):
                yield found
                continue
            left += 1
            if left <= _MOST_TOLD:
                left_out.append(MESSAGES.text(left_out_text, number=place, reason=found))

    issues = gather(path, printed(), options)
    if not decoded.text.strip():
        raise IssueError("empty", path, 1)
    if not count:
        raise IssueError("no_records", path, 1)
    names.check()
    if not issues:
        raise IssueError("no_whole_record", path, count=count, first=left_out[0])
    warnings = [*decoded.warnings]
    if names.guessed:
        warnings.append(MESSAGES.text("fields_guessed", fields=names.guessed))
    warnings += left_out
    if left > _MOST_TOLD:
        warnings.append(MESSAGES.text("records_left_out", count=left - _MOST_TOLD))
    return FileReading("records", issues, decoded.encoding, tuple(warnings))


def _printed(path: Path, record: Record, names: FieldNames) -> Printed | Message:
    """Return the article of a record, or what it lacks."""
    own = names.of(list(record))
    facts = {field: record[name] for field, name in own.items()}
    body, title = _text(facts.get("body")), " ".join(_text(facts.get("title")).split())
    if body.startswith(f"{title}\n"):
        body = body[len(title) + 1 :]
    if not body:
        return MESSAGES.message("record_text")
    day = _day(facts.get("date")) if facts.get("date") not in (None, "") else find_date(path.stem)
    if day is None:
        return MESSAGES.message("record_day", names=told_names(record))
    if not title:
        title, _, rest = body.partition("\n")
        body = rest or body
    told = {field: " ".join(_text(facts.get(field), " ").split()) or None for field in _LINES}
    byline, source = read_credits(body)
    writers = people(told["byline"] or "")
    page, page_name = _page(_text(facts.get("page")))
    number = _text(facts.get("number"))
    article = Article(
        title=title,
        body=body,
        kicker=told["kicker"],
        subtitle=told["subtitle"],
        column=told["column"],
        byline=writers or byline,
        source=told["source"] or (agency(told["byline"] or "") if writers is None else None) or source,
        page=page,
        url=told["url"],
        page_name=told["page_name"] or page_name,
    )
    return Printed(article, day, told["paper"], told["edition"], read_digits(number) if number else None)


def _day(value: object) -> date | None:
    return stamped_day(value) or find_date(str(value))


def _text(value: object, between: str = "\n") -> str:
    """Return a value as text: of a list its parts, of an object its name."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return between.join(filter(None, (_text(one, between) for one in value)))
    if isinstance(value, dict):
        return _text(next((value[key] for key in ("name", "text", "姓名", "名称") if key in value), None), between)
    return _clean(str(value))


def _clean(text: str) -> str:
    """Return the printed lines of a text that may be HTML."""
    if _TAG.search(text):
        root = LexborHTMLParser(text)
        for node in root.css(_BLOCKS):
            node.insert_after("\n")
            node.insert_before("\n")
        root.strip_tags(["script", "style"])
        text = root.body.text() if root.body else ""
    lines = (line.strip(" \t\u3000\xa0\ufeff") for line in _UNPRINTED.sub("", text.replace("\r", "\n")).split("\n"))
    return "\n".join(filter(None, lines))


def _page(printed: str) -> tuple[str | None, str | None]:
    """Return a page as it is told, without 第, 版 and leading noughts, and the name that it bears."""
    printed = printed.strip()
    match = _PAGE.fullmatch(simplified_in_place(printed))
    if match is None:
        return None, printed or None
    name = printed[slice(*match.span("name"))] or None
    if not match["page"][-1].isascii():
        value = whole(match["page"])
        return None if value is None else str(value), name
    return _NOUGHTS.sub("", _TO.sub("-", match["page"])).upper(), name
