"""Front matter: the facts that stand in YAML or TOML above a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import yaml

from embeddings.errors import IssueError
from embeddings.formats.cleaning import FRONT_MATTER
from embeddings.formats.field_labels import FIELDS
from embeddings.formats.particulars import Particulars, find_day, read_value
from embeddings.messages import MESSAGES
from embeddings.text.letters import simplified_in_place
from embeddings.text.numerals import read_digits

_MAPPING = re.compile(r"\s*(?:#.*\n\s*)*[^\s:：#-][^:：\n]{0,40}:(?:[ \t]|$)", re.MULTILINE)
_TABLE = re.compile(r"\s*(?:#.*\n\s*)*[\w.\"'-]+\s*=|\s*\[")
# Values of one line of plain words; lists of them would be written out in full.
_PLAIN = ("paper", "day", "number")
_NAMES = 50  # authors that are read of a list
_NAME_KEYS = ("name", "title", "姓名", "作者")
# What somebody typed after such a key is words, whatever YAML would make of a colon or a bracket in them.
_WORDS = re.compile(
    r"(?im)^(?P<key>title|subtitle|description|summary|author|source|column"
    r"|标题|副标题|题名|作者|来源|栏目|摘要)(?P<colon>[ \t]*:[ \t]+)"
    r"(?P<words>(?![\"'|>])\S.*\w.*)$"
)
_LIST = re.compile(r"\[.*\][ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The facts above a text, and the text below them."""

    told: Particulars
    text: str
    lines: int
    """The lines that stand above the text."""
    edited: bool = False
    """The date is that of the last change, for another key says when the page was made, as wikis do."""


def read_front_matter(path: Path, text: str) -> FrontMatter:
    """Return the facts of a file's front matter and the text under it; raises IssueError where it cannot be read."""
    found = FRONT_MATTER.match(text)
    if found is None:
        return FrontMatter(Particulars(), text, 0)
    inner, line = found["facts"], text.count("\n", 0, found.start("facts")) + 1
    toml = found["fence"] == "+++"
    if (_TABLE if toml else _MAPPING).match(inner) is None:  # text between two rules
        return FrontMatter(Particulars(), text, 0)
    facts = _toml(path, inner, line) if toml else _yaml(path, inner, line)
    told = Particulars()
    keys: set[str] = set()
    for key, value in facts.items():
        name = simplified_in_place(str(key)).strip().lower().replace("-", "_")
        keys.add(name)
        field = FIELDS.get(name)
        if field is None or field in ("text", "nothing") or value in (None, ""):
            continue
        told = told.over(_read(path, field, str(key), value))
    body = text[found.end() :]
    edited = bool(keys & {"datecreated", "date_created", "created", "created_at"}) and "date" in keys
    return FrontMatter(told, body, text.count("\n", 0, found.end()), edited)


def _read(path: Path, field: str, key: str, value: object) -> Particulars:
    if field in _PLAIN and isinstance(value, (list, dict, set, tuple, bytes)):
        raise IssueError("front_matter", path, 1, detail=MESSAGES.message("front_matter_value", field=key))
    if isinstance(value, datetime):
        value = value.date()
    if field == "number":
        number = read_digits(str(value).strip())
        if number is None:
            raise IssueError("bad_number", path, 1, number=str(value).strip()[:40])
        return Particulars(number=number)
    if field == "title":  # a day is a title too, which wikis name their pages by
        return (
            Particulars(title=" ".join(str(value).split())[:300])
            if isinstance(value, (str, int, float, date))
            else Particulars()
        )
    words = "、".join(islice(_words(value), _NAMES))
    if field in ("day", "stamp"):
        day = value if isinstance(value, date) else find_day(words)
        return Particulars(stamp=day) if field == "stamp" else Particulars(day=day)
    return read_value(field, words) or Particulars()


def _words(value: object, deeper: int = 2) -> Iterator[str]:
    """Yield the words of a value: of a list each, of an author's own facts the name."""
    if isinstance(value, Mapping):
        yield from (str(value[key]) for key in _NAME_KEYS if isinstance(value.get(key), str))
    elif isinstance(value, (list, tuple, set)):
        for one in islice(value, _NAMES):
            if deeper:
                yield from _words(one, deeper - 1)
    elif value is not None and not isinstance(value, bytes):
        yield " ".join(str(value).split())


def _toml(path: Path, inner: str, line: int) -> dict[str, object]:
    try:
        return tomllib.loads(inner)
    except (ValueError, RecursionError) as error:
        raise IssueError("front_matter", path, line, detail=f"TOML: {type(error).__name__}") from None


def _yaml(path: Path, inner: str, line: int) -> dict[object, object]:
    try:
        facts = _load(inner)
    except MemoryError:
        raise
    # YAML itself makes dates, and date: 2021-13-01 is none; what else its constructors raise is written nowhere: KeyError for
    # !!bool 水, AttributeError for !!timestamp 水, RecursionError where it is nested deeply.
    except Exception as error:
        try:
            facts = _load(_WORDS.sub(_quoted, inner))
        except MemoryError:
            raise
        except Exception:
            raise _refusal(path, inner, line, error) from None
    return facts if isinstance(facts, dict) else {}


def _load(inner: str) -> object:
    # The pure loader would take ten times as long, but tells the same.
    return yaml.load(inner, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _quoted(line: re.Match[str]) -> str:
    words = line["words"].strip()
    if _LIST.fullmatch(words) and line["key"].lower() in ("author", "作者"):
        return line[0]
    return f"{line['key']}{line['colon']}'{words.replace(chr(39), chr(39) * 2)}'"


def _refusal(path: Path, inner: str, line: int, error: Exception) -> IssueError:
    mark = getattr(error, "problem_mark", None)
    # YAML may notice only at the end that something was left open.
    read = [words for words in map(str.strip, inner.split("\n")[: mark.line + 1]) if words not in ("", "---")] if mark else []
    detail = MESSAGES.message("front_matter_line", text=read[-1][:60]) if read else type(error).__name__
    return IssueError("front_matter", path, line + mark.line if mark else 1, detail=detail)
