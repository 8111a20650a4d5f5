"""The members of a zip file are read as files of their own; what is dangerous is refused by name, with nothing read."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.zips import Budget

pytestmark = pytest.mark.usefixtures("english")

WATER = "# 放水 2024-05-06\n\n渠水来了，农户笑了。\n"
LAMPS = "# 灯会 2024-05-06\n\n灯会今晚开，人都来了。\n"


def packed(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(raw: bytes, **options: str) -> FileReading:
    return parse_file(Path("文库/砚溪日报.zip"), raw, ReadingOptions(**options))  # type: ignore[arg-type]


def test_members_of_one_issue_become_one_in_the_order_of_their_names() -> None:
    reading = read(packed({"b.md": LAMPS, "a.md": WATER, "砚溪晚报/2024/c.md": WATER}))
    assert reading.reader == "zip"
    assert [(issue.paper, [article.body for article in issue.articles]) for issue in reading.issues] == [
        ("砚溪日报", ["渠水来了，农户笑了。", "灯会今晚开，人都来了。"]),
        ("砚溪晚报", ["渠水来了，农户笑了。"]),
    ]


def test_a_member_that_cannot_be_read_is_a_warning_with_its_name_and_line() -> None:
    reading = read(packed({"a.md": WATER, "b.md": "# 说明\n\n怎样用。\n", "c.xyz": "x", "__MACOSX/._a.md": "x", ".d.md": "x"}))
    assert len(reading.issues) == 1
    assert reading.warnings == (
        "b.md:1: no date found; write one in the front matter (date: 2021-01-21), the first heading or the file name",
        "1 files in it are of no format read here: c.xyz",
    )


def test_encodings_and_formats_may_differ() -> None:
    record = '[{"title": "大桥合龙", "date": "2024-05-06", "content": "大桥合龙了。", "paper": "砚溪日报"}]'
    reading = read(packed({"a.md": WATER.encode("gb18030"), "b.json": record, "c.zip": packed({"c.md": LAMPS})}))
    assert reading.encoding == "GB 18030, UTF-8"
    by_paper = {issue.paper: [article.title for article in issue.articles] for issue in reading.issues}
    assert by_paper["砚溪日报"][-1] == "大桥合龙"
    assert len(by_paper["c"]) == 1


@pytest.mark.parametrize("codec", ["gbk", "utf-8", "big5"])
def test_names_of_chinese_windows_are_read(codec: str) -> None:
    name = "砚溪日报/二〇二四年五月六日第一版新闻 放水.md" if codec != "big5" else "時報/大橋合龍的新聞 2024-05-06.md"
    raw = packed({"x" * len(name.encode(codec)): "渠水来了，农户笑了。\n" * 2})
    raw = raw.replace(b"x" * len(name.encode(codec)), name.encode(codec))
    reading = parse_file(Path("文库/a.zip"), raw)
    assert [issue.paper for issue in reading.issues] == [name.split("/")[0]]


@pytest.mark.parametrize("name", ["../a.md", "/etc/a.md", "b/../../a.md", "C:\\a.md", "..\\a.md"])
def test_paths_that_lead_out_are_refused_by_name(name: str) -> None:
    with pytest.raises(IssueError, match="would lie outside") as refused:
        read(packed({"b.md": WATER, name: WATER}))
    assert refused.value.code == "zip_outside"


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_picture_cut_off_is_named_with_its_member(share: float) -> None:
    pytest.importorskip("rapidocr")
    image = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    image.effect_noise((64, 64), 60).save(out, "JPEG")
    whole = out.getvalue()
    reading = read(packed({"b.md": WATER, "c.jpg": whole[: int(len(whole) * share)]}))
    assert len(reading.issues) == 1
    assert [warning for warning in reading.warnings if "c.jpg" in warning and "page 1 is damaged" in warning] != []


def test_links_are_refused() -> None:
    link = zipfile.ZipInfo("a.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(IssueError) as refused:
        read(out.getvalue())
    assert refused.value.code == "zip_outside"


def test_bombs_are_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(IssueError) as refused:
        read(packed({"a.md": WATER, "b.md": b"\n" * (3 << 20)}))
    assert (refused.value.code, refused.value.values["name"]) == ("zip_bomb", "b.md")
    nested = packed({"z.zip": packed({"y.zip": packed({"a.md": WATER})})})
    with pytest.raises(IssueError) as refused:
        read(nested)
    assert refused.value.code == "zip_nested"


@pytest.mark.parametrize(("most_bytes", "members", "code"), [(1 << 20, 1, "zip_too_many"), (10, 5, "zip_bomb")])
def test_too_many_members_and_too_many_bytes_are_refused(
    monkeypatch: pytest.MonkeyPatch, most_bytes: int, members: int, code: str
) -> None:
    monkeypatch.setattr("embeddings.formats.zips.Budget", lambda: Budget(most_bytes, members))
    with pytest.raises(IssueError) as refused:
        read(packed({"a.md": WATER, "b.md": LAMPS}))
    assert refused.value.code == code


def test_a_locked_a_damaged_and_an_empty_one_are_named() -> None:
    raw = packed({"a.md": WATER})
    locked = bytearray(raw)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[raw.index(mark) + at] |= 1
    for content, code in (
        (bytes(locked), "protected"),
        (raw[:-30], "zip_damaged"),
        (b"", "empty"),
        (packed({}), "zip_nothing"),
        (packed({"a.xyz": "x"}), "zip_nothing"),
        (WATER.encode(), "not_as_named"),
        (b"%PDF-1.7\n", "other_kind"),
    ):
        with pytest.raises(IssueError) as refused:
            read(content)
        assert refused.value.code == code


def test_a_damaged_member_is_named_and_the_others_go_in() -> None:
    raw = packed({"a.md": WATER, "b.md": LAMPS, "c.zip": b"PK\x03\x04 cut off"})
    at = raw.index(b"b.md") + 6
    reading = read(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
    assert [article.body for article in reading.issues[0].articles] == ["渠水来了，农户笑了。"]
    assert [warning.split(":")[0] for warning in reading.warnings] == ["b.md", "c.zip"]
