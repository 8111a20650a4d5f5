"""The days that programs write: 2024-03-12T08:00:00Z, Tue, 12 Mar 2024 08:00:00 +0800, 1710201600."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_CHINA = timezone(timedelta(hours=8))
_LEAST_SECONDS = 100_000_000  # 1973; a smaller number is no stamp, and one of eight digits is a day (20240312)


def stamped_day(value: object) -> date | None:
    """Return the day of a stamp of RFC 822, or of seconds or milliseconds since 1970 on a clock in China; None for any other.

    A stamp that names its own zone means the day that it writes.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    whole, point, rest = text.partition(".")
    if whole.isascii() and whole.isdecimal() and (not point or rest.isdecimal()) and len(whole) in (9, 10, 12, 13):
        seconds = int(whole) / (1000 if len(whole) > 10 else 1)
        return datetime.fromtimestamp(seconds, _CHINA).date() if seconds >= _LEAST_SECONDS else None
    if not text[:1].isalnum() or not any(letter.isalpha() for letter in text[:8]):
        return None  # the library also takes 2024-03-12 apart, wrongly
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
