"""Bylines, signatures and posts are found where print has them."""

import pytest

from embeddings.dates.date_words import find_date_words
from qa.understanding.signatures import find_post, find_signature, find_signed_reporters


@pytest.mark.parametrize(
    ("body", "trade", "names"),
    [
        ("本报讯(记者 阮知夏 柴小篱 通讯员 祁长河)昨日放水。", "记者", "阮知夏 柴小篱"),
        ("本报讯(记者 阮知夏 柴小篱 通讯员 祁长河)昨日放水。", "通讯员", "祁长河"),
        ("昨日放水。（記者　阮知夏）", None, "阮知夏"),
        ("本报记者 阮知夏\n昨日放水。", None, "阮知夏"),
        ("局长对记者说,昨日放水。", None, None),
        ("本报讯(通讯员 祁长河)昨日放水。", "记者", None),
    ],
)
def test_reporters(body: str, trade: str | None, names: str | None) -> None:
    found = find_signed_reporters(body, trade)
    assert (body[slice(*found)] if found else None) == names


@pytest.mark.parametrize(
    ("body", "first", "who", "day"),
    [
        ("5月8日停水。\n砚溪供水公司 2024年5月6日", False, "砚溪供水公司", "2024年5月6日"),
        ("5月8日停水。\n砚溪供水公司\n砚溪市水务局\n2024年5月6日", False, "砚溪供水公司\n砚溪市水务局", "2024年5月6日"),
        ("路灯坏了。\n灯笼巷 邬桐 5月3日\n已修好。\n市路灯所 5月5日", True, "灯笼巷 邬桐", "5月3日"),
        ("路灯坏了。\n灯笼巷 邬桐 5月3日\n已修好。\n市路灯所 5月5日", False, "市路灯所", "5月5日"),
        ("比赛5月8日开始，一直赛到5月9日。", False, None, None),
    ],
    ids=["one line", "two offices above", "a letter", "its answer", "none"],
)
def test_signatures(body: str, first: bool, who: str | None, day: str | None) -> None:
    dates = [(words.start, words.end) for words in find_date_words(body)]
    found = find_signature(body, dates, first=first)
    assert tuple(body[slice(*span)] if span else None for span in found) == (who, day)


@pytest.mark.parametrize(
    ("body", "post"),
    [
        ("会上，市统计局总统计师邬桐介绍了情况。", "市统计局总统计师"),
        ("昨日，岸线整治指挥部副指挥长邬桐到场。", "岸线整治指挥部副指挥长"),
        ("徒弟、车辆厂首席技师的邬桐回忆往事。", "车辆厂首席技师"),
        ("消防局局長邬桐說，火已撲滅。", "消防局局長"),
        ("邬桐，男，现任市博物馆副馆长。", "市博物馆副馆长"),
        ("记者看到邬桐走来。", None),
    ],
)
def test_posts(body: str, post: str | None) -> None:
    found = find_post(body, "邬桐")
    assert (body[slice(*found)] if found else None) == post
