"""Words that move the time or the edition of the question before: 上一届, 第二年, 再过一天."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from embeddings.dates.date_words import find_written
from embeddings.text.numbers import whole
from embeddings.text.numerals import below_hundred

_NUMBER = r"[一两二三四五六七八九十]|\d{1,2}"
# One of a row: 第三届.
EDITION = re.compile(r"第(?:\d{1,4}|[一二三四五六七八九十百]{1,5})(?P<unit>[届期次])")
_LAST_DAY, _HUNDRED = 31, 100


@dataclass(frozen=True, slots=True)
class ShiftedQuestion:
    """The question before with its time or edition moved, and what the follow-up says behind the words that move it."""

    question: str
    rest: str


def _editions(asked: str, by: int) -> str | None:
    edition = EDITION.search(asked)
    if edition is None:
        return None
    printed = edition[0][1:-1]
    number = (whole(printed) or 0) + by
    if number < 1:
        return None
    told = str(number) if printed.isdecimal() or number >= _HUNDRED else below_hundred(number)
    asked = f"{asked[: edition.start()]}第{told}{edition['unit']}{asked[edition.end() :]}"
    # What year the other one was is not known.
    for year in reversed([written.year for written in find_written(asked) if written.year]):
        asked = asked[: year.start] + asked[year.end :]
    return asked


def _years(asked: str, by: int) -> str | None:
    year = next((written.year for written in find_written(asked) if written.year), None)
    return f"{asked[: year.start]}{year.value + by}{year.unit}{asked[year.end :]}" if year else None


def _months(asked: str, by: int) -> str | None:
    found = next((written for written in find_written(asked) if written.month and not written.day), None)
    if found is None or found.month is None:
        return None
    years, place = divmod(found.month.value - 1 + by, 12)
    year = f"{found.year.value + years}年" if found.year else ""
    return f"{asked[: (found.year or found.month).start]}{year}{place + 1}月{asked[found.month.end :]}"


def _days(asked: str, by: int) -> str | None:
    *_, found = [None, *(written for written in find_written(asked) if written.day)]
    if found is None or found.day is None:
        return None
    if found.month is None:
        number = found.day.value + by
        told = f"{number}日" if 1 <= number <= _LAST_DAY else None
    else:
        try:
            # A leap year serves where none is named.
            year = found.year.value if found.year else 2024
            moved = date(year, found.month.value, found.day.value) + timedelta(days=by)
            told = f"{f'{moved.year}年' if found.year else ''}{moved.month}月{moved.day}日"
        except (ValueError, OverflowError):
            told = None
    start = (found.year or found.month or found.day).start
    return asked[:start] + told + asked[found.day.end :] if told else None


_Move = Callable[[str, int], str | None]
_WAYS: tuple[tuple[re.Pattern[str], _Move, bool], ...] = tuple(
    (re.compile(pattern), move, only_alone)
    for pattern, move, only_alone in (
        (r"(?:(?P<back>[上前])|[下后])一?[届期次]", _editions, False),
        (r"第二年|次年|转年|隔年|[下后]一年|(?P<back>前一年)", _years, False),
        (rf"(?:[又再]?过了?)?(?P<count>{_NUMBER})年(?:以|之)?后", _years, False),
        (r"第二个月|次月|[下后]一个?月|(?P<back>前一个?月)", _months, False),
        (r"下个?月|(?P<back>上一?个?月)", _months, True),
        (rf"(?:[又再]?过了?)?(?P<count>{_NUMBER})个月(?:以|之)?后", _months, False),
        (r"第二天|次日|转天|翌日|隔一?[天日]|[下后]一[天日]|(?P<back>[前头]一[天日])", _days, False),
        (rf"[又再]?过了?(?P<count>{_NUMBER})天", _days, False),
        (rf"(?P<count>{_NUMBER})天(?:以|之)?后", _days, False),
        # In front of more words these count from the day on which they are said.
        (r"(?P<back>[去上]一?年)(?:同期|同月|同季|这时候?)?", _years, True),
        (rf"(?P<count>{_NUMBER})年(?:以|之)?(?P<back>前)", _years, True),
    )
)
# What leads the words that move: 那到了 of 那到了第二年.
_BEGINNING = re.compile(r"(?:那么?|等?到了?)?")
# What closes them: 的那一届呢.
_BEHIND = re.compile(r"^(?:的?那一?(?:[届年天次场]|个月))?[的时]?[呢，,、]*")


def shift_dates(words: str, asked: str, *, alone: bool = False) -> ShiftedQuestion | None:
    """Return the question before moved as a follow-up's first words say; None where they do not, or it has nothing to move.

    `alone`: the words are all that the follow-up says (…呢), so that 去年 and 两年前 count from what was asked.
    """
    beginning = _BEGINNING.match(words)
    begin = beginning.end() if beginning else 0
    for pattern, move, only_alone in _WAYS:
        match = pattern.match(words, begin)
        if match is None or (only_alone and not (alone and match.end() == len(words))):
            continue
        named = match.groupdict()
        by = (whole(named.get("count") or "一") or 1) * (-1 if named.get("back") else 1)
        told = move(asked, by)
        if told is None and move is _years and by == -1 and "今年" in asked:
            told = asked.replace("今年", "去年", 1)
        if told is not None:
            return ShiftedQuestion(told, _BEHIND.sub("", words[match.end() :]))
    return None
