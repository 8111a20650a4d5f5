"""The audit of mastheads: day, weekday, lunar day and 总第 number of each issue, checked against each other and the neighbours.

Pure: the facts of issues in, what contradicts itself out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise
from statistics import median, quantiles

from embeddings.dates.anchor import WEEKDAYS
from embeddings.dates.issue_days import printed_days
from embeddings.dates.lunar import find_lunar_day, fits, lunar_day, solar_day
from embeddings.dates.patterns import WEEKDAY, readable
from embeddings.ingest.issue_numbers import check_numbers
from embeddings.messages import MESSAGES, Message
from embeddings.store.records import MastheadFacts

_BESIDE = 24  # characters between the day of a masthead and its weekday
_PAIRS = 4  # neighbours with numbers from which on the pace of a paper is known
_SLOW, _REST = 2, 7  # times the usual days, and days more, between two numbers that follow each other
_DAYS_KNOWN = 10  # issues without numbers from which on a hole between their days is one


class Fault(StrEnum):
    """What an audit finds."""

    WEEKDAY = "weekday"
    LUNAR = "lunar"
    TWICE = "twice"
    """A number that two days bear."""
    ORDER = "order"
    """A number that does not rise with the days."""
    GAP = "gap"
    """Numbers that no issue held bears."""
    FAR = "far"
    """More numbers between two issues than days: one was misread."""
    PACE = "pace"
    """Fewer numbers between two issues than their days let expect: a day or a number was misread, or the paper paused."""
    HOLE = "hole"
    """Days without issues, of a paper that bears no numbers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an audit found, and the issues that it is about."""

    fault: Fault
    paper: str
    issue_ids: tuple[str, ...]
    message: Message


def audit(issues: Iterable[MastheadFacts], about: Collection[str] | None = None) -> list[Finding]:
    """Return what contradicts itself or is missing among issues, paper by paper; with `about` only what concerns these ids."""
    found: list[Finding] = []
    for paper, own in groupby(sorted(issues, key=lambda one: (one.paper, one.issue_date, one.issue_id)), lambda one: one.paper):
        held = list(own)
        for issue in held:
            if about is None or issue.issue_id in about:
                found += _printed_faults(issue)
        if about is None or any(issue.issue_id in about for issue in held):
            between = [*_number_faults(paper, held), *_holes(paper, held)]
            found += [one for one in between if about is None or not set(about).isdisjoint(one.issue_ids)]
    return found


def _printed_faults(issue: MastheadFacts) -> Iterator[Finding]:
    """Compare weekday and lunar day of one masthead with its day; where both are of another day, that is named."""
    weekday, lunar = _weekday(issue.masthead), find_lunar_day(issue.masthead)
    day = issue.issue_date
    odd_lunar = lunar is not None and not fits(lunar, day)
    meant: date | None = None
    if lunar is not None and odd_lunar and weekday is not None:
        meant = solar_day(lunar, day.year)
        meant = meant if meant and WEEKDAYS[meant.weekday()] == weekday else None

    def fault(kind: Fault, key: str, **values: object) -> Finding:
        message = MESSAGES.message(key, issue_id=issue.issue_id, day=day, **values)
        if meant is not None:
            message = MESSAGES.message("audit_meant", fault=message, meant=meant)
        return Finding(kind, issue.paper, (issue.issue_id,), message)

    if weekday is not None and weekday != WEEKDAYS[day.weekday()]:
        printed = MESSAGES.message(f"weekday_{WEEKDAYS.index(weekday)}")
        real = MESSAGES.message(f"weekday_{day.weekday()}")
        yield fault(Fault.WEEKDAY, "audit_weekday", printed=printed, weekday=real)
    if lunar is not None and odd_lunar:
        yield fault(Fault.LUNAR, "audit_lunar", printed=lunar.printed, lunar=lunar_day(day).name)


def _weekday(masthead: str) -> str | None:
    """Return the weekday printed beside a masthead's day; 每周二出版 elsewhere is none."""
    plain = readable(masthead)
    for day in printed_days(masthead):
        found = WEEKDAY.search(plain, day.end, day.end + _BESIDE)
        if found:
            return found["weekday"].replace("天", "日")
    return None


def _number_faults(paper: str, issues: Sequence[MastheadFacts]) -> Iterator[Finding]:
    """Compare the numbers of a paper with each other and with the days between them."""
    numbering = check_numbers(issues)
    bearers: dict[int, list[MastheadFacts]] = {}
    for issue in issues:
        if issue.issue_number is not None:
            bearers.setdefault(issue.issue_number, []).append(issue)
    misplaced = {issue.issue_id for issue in numbering.misplaced}
    for issue in issues:
        if issue.issue_id not in misplaced or issue.issue_number is None:
            continue
        twin = next((one for one in bearers[issue.issue_number] if one.issue_date != issue.issue_date), None)
        ids = (issue.issue_id,) if twin is None else (issue.issue_id, twin.issue_id)
        key, kind = ("audit_order", Fault.ORDER) if twin is None else ("audit_twice", Fault.TWICE)
        values = {"issue_id": issue.issue_id, "number": issue.issue_number, "day": issue.issue_date}
        yield Finding(kind, paper, ids, MESSAGES.message(key, other=twin.issue_id if twin else "", **values))
    for gap in numbering.gaps:
        values = {"paper": paper, "before": gap.before.issue_date, "after": gap.after.issue_date}
        values |= {"first": gap.first, "last": gap.last, "count": gap.last - gap.first + 1}
        values["days"] = (gap.after.issue_date - gap.before.issue_date).days
        key, kind = ("audit_gap", Fault.GAP) if gap.plausible else ("audit_far", Fault.FAR)
        key = "audit_gap_one" if gap.plausible and gap.first == gap.last else key
        yield Finding(kind, paper, (gap.before.issue_id, gap.after.issue_id), MESSAGES.message(key, **values))
    yield from _slow(paper, [issue for issue in issues if issue.issue_id not in misplaced])


def _slow(paper: str, issues: Sequence[MastheadFacts]) -> Iterator[Finding]:
    """Find neighbours whose numbers are nearer to each other than their days let expect."""
    numbered = [(issue.issue_number, issue) for issue in issues if issue.issue_number is not None]
    pairs = [
        (number - held, (after.issue_date - before.issue_date).days, before, after)
        for (held, before), (number, after) in pairwise(numbered)
        if number > held and after.issue_date > before.issue_date
    ]
    if len(pairs) < _PAIRS:
        return
    usual = median(days / steps for steps, days, _, _ in pairs)
    for steps, days, before, after in pairs:
        if days > _SLOW * usual * steps + _REST:
            values = {"before": before.issue_date, "after": after.issue_date, "days": days, "steps": steps, "paper": paper}
            message = MESSAGES.message("audit_pace", **values)
            yield Finding(Fault.PACE, paper, (before.issue_id, after.issue_id), message)


def _holes(paper: str, issues: Sequence[MastheadFacts]) -> Iterator[Finding]:
    """Find days without issues of a paper that bears no numbers, far more of them than it usually leaves out."""
    if len(issues) < _DAYS_KNOWN or any(issue.issue_number is not None for issue in issues):
        return
    steps = [((after.issue_date - before.issue_date).days, before, after) for before, after in pairwise(issues)]
    usual = quantiles([days for days, _, _ in steps], n=10)[-1]
    for days, before, after in steps:
        if days > _SLOW * usual + _REST:
            values = {"paper": paper, "before": before.issue_date, "after": after.issue_date, "days": days}
            yield Finding(Fault.HOLE, paper, (before.issue_id, after.issue_id), MESSAGES.message("audit_hole", **values))
