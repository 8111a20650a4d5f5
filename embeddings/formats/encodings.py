"""The encoding of a text file, told by its first bytes, by how common its characters then are, and by a detector."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from embeddings.errors import IssueError
from embeddings.messages import MESSAGES
from embeddings.text.letters import simplified_in_place

# The longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
    ("\ufeff".encode("gb18030"), "gb18030"),
)
_NAMES = {
    "utf_8": "UTF-8",
    "utf_16_le": "UTF-16LE",
    "utf_16_be": "UTF-16BE",
    "utf_32_le": "UTF-32LE",
    "utf_32_be": "UTF-32BE",
    "gb18030": "GB 18030",
    "big5hkscs": "Big5",
    "hz": "HZ",
}
"""How an encoding is told; any other has the name that Python gives it."""
_KIN = {"big5": "big5hkscs", "cp950": "big5hkscs", "gb2312": "gb18030", "gbk": "gb18030"}
"""By what a lesser encoding is read: the one that has all its characters, for files say the name and use the other."""
_CANDIDATES = ("gb18030", "big5hkscs", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be", "utf_8")
_WIDTHS = {"utf_16_le": 2, "utf_16_be": 2, "utf_32_le": 4, "utf_32_be": 4}
"""Bytes that an encoding counts in, where they are more than one."""
_HZ = b"~{"
"""Where Chinese begins in HZ."""
_SAMPLE = 1 << 16  # bytes from the first that is no ASCII on
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# What Chinese print of any year has by the dozen, marks among it: more than half of a text's characters, and of a text that is
# read in a wrong encoding one of twenty, for those are strewn over all that a code holds. The detector alone does not say how
# sure it is, and takes Japanese and Korean for Chinese.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全"
    "表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员"
    "革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队"
    "南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务"
    "具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复"
    "容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查"
    "江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严，。、：；“”（）《》！？"
)


_LEAST_SHARE = 0.35
_LEAST_FOUND = 4  # of the common characters; fewer may be chance

_MARKS_OF_BIG5 = {
    ord(told): usual
    for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    if (told := bytes((0xA1, trail)).decode("big5hkscs")) != (usual := bytes((0xA1, trail)).decode("cp950"))
}
"""The signs that Python's Big5-HKSCS has otherwise than all that write it: ‧ in 馬可‧波羅, ～."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and how it was read."""

    text: str
    encoding: str
    """As it is told: UTF-8, GB 18030, Big5."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """What the beginning of a file looks like in an encoding."""

    codec: str
    fits: bool
    share: float
    """What share of its characters beyond ASCII are common ones; 0 where they are too few to tell anything."""


def decode(path: Path, raw: bytes, encoding: str | None = None) -> Decoded:
    """Decode a text file, in the encoding named or else the one that it is surely in; raises IssueError, and never guesses."""
    codec = _codec(path, encoding) if encoding is not None else _marked(raw)
    if codec is not None:
        return _decoded(path, raw, codec)
    line = 1
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    else:
        if _is_hz(raw):
            return _decoded(path, raw, "hz")
        if "\x00" not in text:
            return Decoded(text, _NAMES["utf_8"])
    return _detected(path, raw, line)


def _codec(path: Path, encoding: str) -> str:
    """Return the codec of an encoding that the operator, or a file, names."""
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)  # refused for what is no encoding of text, such as base64
    except (LookupError, ValueError):
        raise IssueError("encoding_unknown", path, encoding=encoding[:40]) from None
    # Python writes utf-16-le, and gives utf_16_le for some; of UTF-16 without its order the mark tells.
    name = codec.name.replace("-", "_")
    return _KIN.get(name, {"utf_8_sig": "utf_8"}.get(name, name))


def _marked(raw: bytes) -> str | None:
    """Return the codec whose byte order mark the bytes begin with."""
    return next((codec for mark, codec in _MARKS if raw.startswith(mark)), None)


def _decoded(path: Path, raw: bytes, codec: str, warnings: tuple[str, ...] = ()) -> Decoded:
    """Decode in one encoding; raises IssueError with the line where the bytes do not fit it."""
    name = _NAMES.get(codec, codec)
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "big5hkscs" and (euro := _or_none(raw, "cp950")) is not None:
            return Decoded(_whole(path, euro), "Big5", warnings)
        line = raw[: error.start].decode(codec, "ignore").count("\n") + 1
        raise IssueError("encoding_misfit", path, line, encoding=name) from None
    if codec == "big5hkscs":
        text = text.translate(_MARKS_OF_BIG5)
        name = "Big5-HKSCS" if _or_none(raw, "big5") is None else name
    return Decoded(_whole(path, text), name, warnings)


def _or_none(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _whole(path: Path, text: str) -> str:
    """Take the byte order mark off a text; raises IssueError for one that is none."""
    if "\x00" in text:
        raise IssueError("not_text", path, text.count("\n", 0, text.index("\x00")) + 1)
    return text.removeprefix("\ufeff")


def _is_hz(raw: bytes) -> bool:
    """Say whether a text of ASCII alone is HZ, in which Chinese stands as ~{VPND~}: of its characters most are common ones."""
    start = raw.find(_HZ)
    if start < 0 or not raw.isascii():
        return False
    look = _look(raw[start : start + _SAMPLE], "hz", len(raw))
    return look.fits and look.share >= _LEAST_SHARE


def _detected(path: Path, raw: bytes, line: int) -> Decoded:
    """Decode bytes that are no UTF-8; `line` is where they are none."""
    start = _NOT_ASCII.search(raw)
    # Lines of ASCII say nothing; a line feed is never part of a longer character but in UTF-16 and UTF-32.
    narrow = raw[raw.rfind(b"\n", 0, start.start()) + 1 if start else 0 :][:_SAMPLE]
    looks = [_look(raw[:_SAMPLE] if codec in _WIDTHS else narrow, codec, len(raw)) for codec in _CANDIDATES]
    best, second, *_ = sorted(looks, key=lambda look: -look.share)
    if best.share >= _LEAST_SHARE and second.share * 2 <= best.share:
        return _decoded(path, raw, best.codec, _doubts(narrow, best.codec))
    if b"\x00" in raw:
        raise IssueError("not_text", path, raw.count(b"\n", 0, raw.index(b"\x00")) + 1)
    fitting = [_NAMES[look.codec] for look in looks if look.fits and look.codec not in _WIDTHS]
    if fitting:
        raise IssueError("encoding_unsure", path, line, candidates=", ".join(fitting))
    raise IssueError("encoding", path, line)


def _doubts(sample: bytes, codec: str) -> tuple[str, ...]:
    """Warn where the detector names another encoding than the one whose characters are common."""
    detected = from_bytes(sample, cp_isolation=["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be"]).best()
    said = _KIN.get(detected.encoding, detected.encoding) if detected else codec
    if said == codec:
        return ()
    return (MESSAGES.text("encoding_doubted", encoding=_NAMES[codec], other=_NAMES.get(said, said)),)


def _look(sample: bytes, codec: str, length: int) -> _Look:
    """Look at the beginning of a file of this length as text in an encoding."""
    fits = length % _WIDTHS.get(codec, 1) == 0
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample, final=False)  # its last character may be cut
    except UnicodeDecodeError:
        fits, text = False, sample.decode(codec, "ignore")
    letters = [letter for letter in simplified_in_place(text) if letter > "\x7f"]
    found = sum(letter in _COMMON for letter in letters)
    # What is no text gives NUL characters where it is read as such.
    return _Look(codec, fits, found / len(letters) if found >= _LEAST_FOUND and "\x00" not in text else 0.0)
