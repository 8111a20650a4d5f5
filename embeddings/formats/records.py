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
from embeddings.formats.particulars import Particulars, read_imprint, read_value
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.record_fields import FieldNames, names_headline, names_issue_fact, names_text, told_names
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
_PARTS_OF_DAY = (("year", "Year", "年", "年份"), ("month", "Month", "月", "月份"), ("day", "Day", "日", "日期"))
_LINES_OF_HEADLINE = 4  # over which a headline that a text repeats may be broken
_LONGEST_HEADLINE = 60  # characters of a first line that stands in for a headline
_LINES = ("byline", "source", "column", "kicker", "subtitle", "url", "paper", "edition", "page_name", "imprint")
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
        headed = any(names_headline(name) and isinstance(one, str) and one.strip() for name, one in value.items())
        if not inner or any(
            (names_text(name) and isinstance(one, str | list) and not _has_objects(one)) or (headed and _are_parts(one))
            for name, one in value.items()
        ):
            yield {**told, **value}
            return
        facts = {name: one for name, one in value.items() if names_issue_fact(name) and not isinstance(one, dict | list)}
        for one in inner:
            yield from _within(one, {**told, **facts}, deepest - 1)


def _are_parts(value: object) -> bool:
    """Say whether a list is of the paragraphs of one article: objects with a text, and none with a headline of its own."""
    return (
        isinstance(value, list)
        and any(isinstance(one, dict) and any(map(names_text, one)) for one in value)
        and all(isinstance(one, dict) and not any(map(names_headline, one)) for one in value)
    )


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
    body = _without_headline(body, title)
    if not body:
        return MESSAGES.message("record_text")
    told = {field: " ".join(_text(facts.get(field), " ").split()) or None for field in _LINES}
    taken = read_value("source", told["source"] or "") or Particulars(source=told["source"])
    line = read_imprint(told["imprint"] or "").over(taken)
    day = _day_apart(record) or _day(facts.get("date")) or line.day
    if day is None and facts.get("date") in (None, "", []):
        day = find_date(path.stem)
    if day is None:
        return MESSAGES.message("record_day", names=told_names(record))
    if not title:
        title, body = _first_words(body)
    byline, source = read_credits(body)
    writers = people(told["byline"] or "")
    # What a line prints as 版次 is the page; a bare page beside it may be that of a list of findings.
    page, page_name = (line.page, line.page_name) if line.page else _page(_text(facts.get("page")))
    number = _text(facts.get("number"))
    article = Article(
        title=title,
        body=body,
        kicker=told["kicker"],
        subtitle=told["subtitle"],
        column=told["column"],
        byline=writers or line.byline or byline,
        source=taken.source or (agency(told["byline"] or "") if writers is None else None) or line.source or source,
        page=page,
        url=told["url"],
        page_name=told["page_name"] or page_name,
    )
    paper = told["paper"] or line.paper
    return Printed(article, day, paper, told["edition"], read_digits(number) if number else line.number)


def _without_headline(body: str, title: str) -> str:
    """Return a body without the headline that it repeats on its first lines, over which it may be broken."""
    whole_title = "".join(title.split())
    lines = body.split("\n")
    first = ""
    for count, line in enumerate(lines[:_LINES_OF_HEADLINE], start=1):
        first += "".join(line.split())
        if first == whole_title:
            return "\n".join(lines[count:])
        if not whole_title.startswith(first):
            break
    return body


def _first_words(body: str) -> tuple[str, str]:
    """Return a headline for a text without one: its first line, or the beginning of its first sentence where that is long."""
    first, _, rest = body.partition("\n")
    if len(first) <= _LONGEST_HEADLINE:
        return first, rest or body
    return re.split(r"[。！？；;!?]", first, maxsplit=1)[0][:_LONGEST_HEADLINE], body


def _day(value: object) -> date | None:
    """Return the day of a value: of a list its first, of an object that of its year, month and day."""
    if isinstance(value, list):
        return _day(value[0]) if value else None
    if isinstance(value, dict):
        return _day_apart(value) or next((_day(value[name]) for name in ("$date", "date", "start") if name in value), None)
    return None if value in (None, "") else stamped_day(value) or find_date(str(value))


def _day_apart(record: Record) -> date | None:
    """Return the day that stands as year, month and day in three fields; None where one lacks or there is no such day."""
    numbers: list[int] = []
    for names in _PARTS_OF_DAY:
        printed = next((str(record[name]).strip() for name in names if name in record), "").rstrip("年月日")
        if not (printed.isascii() and printed.isdecimal() and len(printed) <= 4):
            return None
        numbers.append(int(printed))
    try:
        return date(*numbers)
    except ValueError:
        return None


def _text(value: object, between: str = "\n") -> str:
    """Return a value as text: of a list its parts, of an object its name."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return between.join(filter(None, (_text(one, between) for one in value)))
    if isinstance(value, dict):
        return _text(
            next((value[key] for key in ("name", "text", "content", "姓名", "名称", "正文") if key in value), None), between
        )
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
