"""Days that programs write are read; what only looks like a stamp is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from embeddings.dates.stamps import stamped_day

DAY = date(2024, 3, 12)


@pytest.mark.parametrize(
    "stamp",
    [
        DAY,
        datetime(2024, 3, 12, 23, 59, tzinfo=UTC),
        "Tue, 12 Mar 2024 08:00:00 +0800",
        "12 Mar 2024 23:00:00 GMT",
        1710201600,
        "1710201600",
        1710172800000,
        1710201600.5,
    ],
)
def test_a_stamp_is_its_day(stamp: object) -> None:
    assert stamped_day(stamp) == DAY


@pytest.mark.parametrize(
    "other", ["2024-03-12", "20240312", 20240312, "", "昨天", "Tue", "99 Mar 2024", "1" * 13 + "9", None, True, 7]
)
def test_what_is_no_stamp_has_no_day(other: object) -> None:
    assert stamped_day(other) is None
