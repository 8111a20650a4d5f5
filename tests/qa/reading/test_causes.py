"""A marked reason comes with the words that make it one."""

from __future__ import annotations

import pytest

from qa.reading.causes import whole_reason


@pytest.mark.parametrize(
    ("body", "marked", "whole"),
    [
        ("由于管道破裂，停水一天。", "管道破裂", "由于管道破裂"),
        ("昨日因管道破裂停水。", "管道破裂", "因管道破裂"),
        ("受台风外围影响，停水一天。", "台风", "受台风外围影响"),
        ("停水原因是管道破裂。", "管道破裂", "管道破裂"),
        ("渠水漫过路面。", "渠水", "渠水"),
        ("局长接受采访时说，停水一天。", "采访时说", "采访时说"),
    ],
)
def test_a_reason_keeps_its_head(body: str, marked: str, whole: str) -> None:
    start = body.index(marked)
    first, last = whole_reason(body, (0, len(body)), start, start + len(marked))
    assert body[first:last] == whole
