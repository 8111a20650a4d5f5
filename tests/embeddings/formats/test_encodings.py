"""Bytes are read in the encoding they are surely in, or refused: never taken for another."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import IssueError
from embeddings.formats.encodings import decode

pytestmark = pytest.mark.usefixtures("english")

PATH = Path("a.txt")
SIMPLE = """# 砚溪日报 2024-05-06

昨天上午，砚溪县举行放水仪式，全县三十二个村的农户都用上了渠水。
记者从水利局了解到，工程总投资五千万元。
"""
OLD = """雲澤時報 2024年3月12日

渡口大橋本月底合龍，全長一千二百米。工程處表示，大橋通車後兩岸往來只要十分鐘。
"""
HONG_KONG = OLD + "記者昨日喺旺角睇到，佢哋嘅舖頭已經開門，啲街坊話唔該晒。粧嫺、栢麗、埗頭。\n"


@pytest.mark.parametrize(
    ("text", "codec", "told"),
    [
        (SIMPLE, "utf-8", "UTF-8"),
        (SIMPLE, "utf-8-sig", "UTF-8"),
        (SIMPLE, "gb18030", "GB 18030"),
        (SIMPLE, "gb2312", "GB 18030"),
        (OLD, "gbk", "GB 18030"),
        (OLD, "big5", "Big5"),
        (OLD, "cp950", "Big5"),
        (OLD + "票價€20，馬可‧波羅，九時～十時\n", "cp950", "Big5"),
        (HONG_KONG, "big5hkscs", "Big5-HKSCS"),
        (SIMPLE, "utf-16-le", "UTF-16LE"),
        (OLD, "utf-16-be", "UTF-16BE"),
        (SIMPLE, "utf-32-le", "UTF-32LE"),
        (SIMPLE, "hz", "HZ"),
        ("The road ~{ is ~} open.\n", "ascii", "UTF-8"),
    ],
)
def test_each_encoding_is_told_by_itself(text: str, codec: str, told: str) -> None:
    decoded = decode(PATH, text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, told, ())


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"])
def test_a_byte_order_mark_is_taken_off(codec: str) -> None:
    decoded = decode(PATH, ("\ufeff" + SIMPLE).encode(codec))
    assert decoded.text == SIMPLE


def test_signs_of_big5_are_those_that_are_written() -> None:
    text = HONG_KONG + "馬可‧波羅，九時～十時\n"
    raw = HONG_KONG.encode("big5hkscs") + "馬可‧波羅，九時～十時\n".encode("cp950")
    assert decode(PATH, raw).text == text


@pytest.mark.parametrize(("codec", "candidates"), [("gb18030", "GB 18030"), ("big5", "GB 18030, Big5")])
def test_what_is_too_short_to_be_sure_is_refused_with_its_candidates(codec: str, candidates: str) -> None:
    with pytest.raises(IssueError, match=rf"not sure: {candidates} would fit; name it with --encoding") as refused:
        decode(PATH, b"# 2024-05-06\n\n" + "陳潤".encode(codec))
    assert (refused.value.code, refused.value.line) == ("encoding_unsure", 3)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("昨日、県知事は記者会見で新しい橋の工事が三月に終わると発表した。地元の住民は喜んでいる。", "euc_jp"),
        ("昨日、県知事は記者会見で新しい橋の工事が三月に終わると発表した。地元の住民は喜んでいる。", "shift_jis"),
        ("어제 도지사는 기자회견에서 새 다리 공사가 삼월에 끝난다고 발표했다. 지역 주민들은 기뻐하고 있다.", "euc_kr"),
        ("Le préfet a annoncé hier que le pont s'achèvera à la fin du mois, déjà.", "cp1252"),
        ("Вчера губернатор сообщил, что строительство нового моста закончится в марте.", "cp1251"),
    ],
)
def test_other_languages_in_their_own_encodings_are_refused_not_read_as_chinese(text: str, codec: str) -> None:
    with pytest.raises(IssueError) as refused:
        decode(PATH, text.encode(codec))
    assert refused.value.code in ("encoding", "encoding_unsure")


def test_one_bad_byte_is_named_with_its_line_and_encoding() -> None:
    for codec, told in (("gb18030", "GB 18030"), ("big5", "Big5"), ("utf-8", "UTF-8")):
        raw = (OLD * 3).encode(codec)
        end = raw.index(b"\n", len(raw) // 2)
        with pytest.raises(IssueError, match=f"holds bytes that {told} does not have") as refused:
            decode(PATH, raw[:end] + b"\xff" + raw[end:])
        assert (refused.value.code, refused.value.line) == ("encoding_misfit", raw.count(b"\n", 0, end) + 1)


def test_characters_that_only_uao_adds_to_big5_are_refused_with_their_line() -> None:
    with pytest.raises(IssueError, match="holds bytes that Big5 does not have") as refused:
        decode(PATH, OLD.encode("big5") + b"\x81\x40\x92\x70\n")
    assert (refused.value.code, refused.value.line) == ("encoding_misfit", OLD.count("\n") + 1)


def test_the_encoding_named_wins() -> None:
    raw = "陳潤".encode("big5")
    assert decode(PATH, raw, "big5").text == "陳潤"
    assert decode(PATH, raw, "Big5-HKSCS").text == "陳潤"
    assert decode(PATH, raw, "gbk").text == raw.decode("gbk")
    assert decode(PATH, "渠水".encode("utf-16"), "UTF-16").text == "渠水"
    assert decode(PATH, codecs.BOM_UTF8 + "渠水".encode(), "utf-8").text == "渠水"


def test_an_encoding_named_that_does_not_fit_is_an_error_with_its_line() -> None:
    with pytest.raises(IssueError, match="UTF-8 does not have") as refused:
        decode(PATH, b"2024-05-06\n\n" + SIMPLE.encode("gb18030"), "utf-8")
    assert refused.value.line == 3


@pytest.mark.parametrize("name", ["big6", "base64", "rot13", "", "x" * 500])
def test_an_encoding_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(IssueError) as refused:
        decode(PATH, SIMPLE.encode(), name)
    assert refused.value.code == "encoding_unknown"


def test_a_long_file_is_judged_where_its_chinese_begins() -> None:
    ascii_lines = "<!-- page -->\n" * 20000
    assert decode(PATH, (ascii_lines + OLD).encode("big5")).text == ascii_lines + OLD


@pytest.mark.parametrize("raw", [b"2024-05-06 \x00\x01", bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(IssueError) as refused:
        decode(PATH, raw)
    assert refused.value.code in ("not_text", "encoding")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        decoded = decode(PATH, raw)
    except IssueError:
        return
    assert "\x00" not in decoded.text
