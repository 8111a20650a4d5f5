"""A file of another kind than its suffix is told for what it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.signatures import kind_of

pytestmark = pytest.mark.usefixtures("english")


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("a.docx", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        ("a.md", zipped("b.md"), "ZIP"),
        ("a.md", zipped("word/document.xml"), "DOCX"),
        ("a.docx", zipped("b.md"), "ZIP"),
        ("a.docx", zipped("xl/workbook.xml"), "XLSX"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "Office 97"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        ("a.json", b"\x1f\x8b\x08\x00", "GZIP"),
        ("a.md", b"{\\rtf1\\ansi", "RTF"),
    ],
)
def test_another_kind_is_named(name: str, raw: bytes, kind: str) -> None:
    assert kind_of(raw) == kind
    with pytest.raises(IssueError, match=f"its first bytes are those of {kind}, not of a {Path(name).suffix} file") as refused:
        parse_file(Path(name), raw)
    assert refused.value.code == "other_kind"


def test_a_locked_word_document_is_told_as_such() -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(IssueError, match="locked with a password"):
        parse_file(Path("a.docx"), raw)


def test_text_is_of_no_kind() -> None:
    assert kind_of("砚溪日报 2024-05-06".encode()) is None
    assert kind_of(b"") is None
